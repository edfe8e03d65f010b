"""The table of ways to write device code: mistakes are caught as a GPU catches them, right ways are accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import torch
from phantom_client import Bench

from tests.phantom.seeing import Seen, found
from tests.phantom.table import rows
from tests.phantom.ways import Caught, right_ways, ways

TOPICS = list(dict.fromkeys(way.topic for way in ways().values()))
TELLTALE = ("phantom", "privateuse", "wrapper subclass", "devicetensor", "simcuda")


@pytest.mark.parametrize("topic", TOPICS)
def test_caught(bench: Bench, topic: str) -> None:
    chosen = [way for way in ways().values() if way.topic == topic]
    for row in rows(bench, "phantom", chosen):
        assert row.caught is row.way.caught, (row.way.name, row.seen)
        assert row.way.words in row.seen.text, row.way.name
        told = re.sub(r'File "[^"]*/ways/', "", row.seen.text).lower()
        assert not [word for word in TELLTALE if word in told], told


@pytest.mark.parametrize("topic", TOPICS)
def test_right_on_the_cpu_too(bench: Bench, topic: str) -> None:
    def everywhere(seen: Seen) -> Seen:
        return Seen(seen.error, seen.text, tuple("" for _ in seen.places), seen.dtypes, seen.values)

    for way in right_ways(topic):
        one, two = (Seen.of(bench.run(device, way.run)["seen"]) for device in ("cpu", "phantom"))
        assert found(everywhere(one), [everywhere(two)]) is None, (way.name, one, two)


def test_many() -> None:
    mistakes = [way for way in ways().values() if way.caught is not None]
    assert len(mistakes) >= 40 and len(ways()) - len(mistakes) >= 40
    assert {way.caught for way in mistakes} == set(Caught)
    assert all(len(right_ways(topic)) >= 2 for topic in TOPICS)


@pytest.fixture(scope="module")
def gpu() -> Iterator[Bench]:
    if not torch.cuda.is_available():
        pytest.skip("no GPU here")
    served = Bench("cuda")
    yield served
    served.close()


@pytest.mark.gpu
@pytest.mark.parametrize("topic", TOPICS)
def test_real_gpu_agrees(bench: Bench, gpu: Bench, topic: str) -> None:
    chosen = [way for way in ways().values() if way.topic == topic]
    for real, simulated in zip(rows(gpu, "cuda", chosen), rows(bench, "phantom", chosen), strict=True):
        if not real.seen.missing:
            assert real.caught is simulated.caught, (real.way.name, real.seen, simulated.seen)
