"""What CUDA refuses, the phantom refuses, in CUDA's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cases_refused
import pytest
from phantom_client import Bench

CASES = (cases_refused,)
TELLTALE = ("phantom", "privateuse", "wrapper subclass", "devicetensor", "simcuda")


def test_refused(bench: Bench, case: Callable[[str], Any]) -> None:
    reply = bench.run("refused", case)
    assert reply["error"] in ("RuntimeError", "TypeError", "NotImplementedError"), reply
    assert not [word for word in TELLTALE if word in reply["text"].lower()], reply["text"]


@pytest.mark.parametrize(
    ("mistake", "text"),
    [
        (
            cases_refused.masked_fill,
            "different from other tensors on cuda:0 (when checking argument in method wrapper_CUDA__masked_fill",
        ),
        (cases_refused.add_vector, "Expected all tensors to be on the same device, but got other is on cpu"),
        (
            cases_refused.embedding,
            "got indices is on cpu, different from other tensors on cuda:0",
        ),
        (
            cases_refused.cross_entropy_labels,
            "got target is on cpu, different from other tensors on cuda:0",
        ),
        (cases_refused.device_index_of_host, "indices should be either on cpu or on the same device"),
        (cases_refused.numpy_of_device, "can't convert cuda:0 device type tensor to numpy"),
        (cases_refused.cotangent_on_host, "expected device cuda:0 but got cpu"),
        (
            cases_refused.host_generator_for_device,
            "Expected a 'cuda' device type for generator but found 'cpu'",
        ),
    ],
)
def test_words(bench: Bench, mistake: Callable[[str], Any], text: str) -> None:
    assert text in bench.run("refused", mistake)["text"]
