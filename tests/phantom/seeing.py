"""What a way of the table did on a device, and how its mistake shows beside the right ways of its topic."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import torch

from autograder.worker import phantom
from autograder.worker.phantom import errors
from tests.phantom.ways import Caught, Way, ways

NEAR = 1e-2  # some ways of a topic compute in half precision, others do not
TOO_MUCH = 1.5  # times the peak of memory of any right way


@dataclass(frozen=True)
class Seen:
    """An answer, flattened: devices, dtypes and values of its parts. `waits` are transfers to the host and
    synchronisations that the way asked for, `peak` the bytes of device memory that it held at most."""

    error: str = ""
    text: str = ""
    places: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ()
    values: tuple[tuple[float, ...], ...] = ()
    waits: int = 0
    peak: int = 0
    missing: str = ""  # what the machine lacks, where the way was not tried

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Seen:
        """What `as_data` made, as it comes from JSON."""
        lists = {name: tuple(told[name]) for name in ("places", "dtypes")}
        return cls(**{**told, **lists, "values": tuple(tuple(part) for part in told["values"])})

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def found(seen: Seen, rights: Sequence[Seen]) -> Caught | None:
    """How what was seen differs from what was seen of the topic's right ways; None where it does not."""
    first = rights[0]
    if seen.error:
        return Caught.REFUSED
    if seen.places != first.places:
        return Caught.PLACE
    if seen.dtypes != first.dtypes:
        return Caught.DTYPE
    if not _near(seen.values, first.values):
        return Caught.VALUES
    if seen.waits > max(right.waits for right in rights):
        return Caught.WAITS
    if seen.waits < min(right.waits for right in rights):
        return Caught.HURRIES
    if seen.peak > TOO_MUCH * max(right.peak for right in rights):
        return Caught.MEMORY
    return None


def _near(ours: Sequence[Sequence[float]], theirs: Sequence[Sequence[float]]) -> bool:
    return [len(part) for part in ours] == [len(part) for part in theirs] and all(
        a == b or (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=NEAR, abs_tol=NEAR)
        for one, other in zip(ours, theirs, strict=True)
        for a, b in zip(one, other, strict=True)
    )


def on_phantom(name: str) -> Seen:
    """One way on the simulated device, in a process where that is installed."""
    way = ways()[name]
    with phantom.active(way.gpus):
        with phantom.recording() as events:
            peak = _peak_of(_try, way)
        return _seen(way, *peak, sum(1 for e in events if e.from_student and e.kind in ("sync", "to_host")))


def on_cuda(name: str) -> Seen:
    """One way on a real GPU. CUDA errors that nothing in the process survives come out as SystemExit."""
    way = ways()[name]
    have = torch.cuda.device_count()
    if have < way.gpus:
        return Seen(missing=f"{way.gpus} GPUs")
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    with _counting() as waits:
        peak = _peak_of(_try, way)
    return _seen(way, *peak, len(waits))


def on_cpu(name: str) -> Seen:
    """A right way on the CPU."""
    way = ways()[name]
    torch.manual_seed(0)
    return _seen(way, way.run("cpu"), 0, 0)


def _try(way: Way) -> Any:
    torch.manual_seed(0)
    try:
        return way.run("cuda")
    except RuntimeError as error:
        errors.reword(error)
        return error
    except Exception as error:
        return error


def _peak_of(attempt: Any, way: Way) -> tuple[Any, int]:
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    answer = attempt(way)
    return answer, torch.cuda.max_memory_allocated() - before


@contextmanager
def _counting() -> Iterator[list[str]]:
    """Collects what makes the host wait for a real GPU: what torch warns of, and what is asked for."""
    waits: list[str] = []
    kept = [(place, name, getattr(place, name)) for place, name in _WAITING]
    for place, name, original in kept:
        setattr(place, name, _noting(waits, name, original))
    torch.cuda.set_sync_debug_mode("warn")
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            yield waits
        waits += [str(w.message) for w in told if "synchronizing CUDA operation" in str(w.message)]
    finally:
        torch.cuda.set_sync_debug_mode("default")
        for place, name, original in kept:
            setattr(place, name, original)


_WAITING = (
    (torch.cuda, "synchronize"),
    (torch.accelerator, "synchronize"),
    (torch.cuda.Event, "synchronize"),
    (torch.cuda.Stream, "synchronize"),
)


def _noting(waits: list[str], name: str, original: Any) -> Any:
    def wait(*args: Any, **kwargs: Any) -> Any:
        waits.append(name)
        return original(*args, **kwargs)

    return wait


def _seen(way: Way, answer: Any, peak: int, waits: int) -> Seen:
    if isinstance(answer, Exception):
        return Seen(type(answer).__name__, str(answer), waits=waits, peak=peak)
    parts = list(_parts(answer))
    return Seen(
        places=tuple(place for place, _, _ in parts),
        dtypes=tuple(dtype for _, dtype, _ in parts),
        values=tuple(values for _, _, values in parts),
        waits=waits,
        peak=peak,
    )


def _parts(value: Any) -> Iterator[tuple[str, str, tuple[float, ...]]]:
    if isinstance(value, torch.Tensor):
        host = value.detach().cpu().double().flatten().tolist()
        yield str(value.device), str(value.dtype), tuple(host)
    elif isinstance(value, (list, tuple, torch.Size)):
        for item in value:
            yield from _parts(item)
    else:
        yield "", type(value).__name__, () if value is None else (float(value),)
