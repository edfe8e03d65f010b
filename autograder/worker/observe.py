"""Witnesses of what a call did beside its answer: arguments changed, random numbers drawn, operators dispatched."""

from __future__ import annotations

import copy
import itertools
import os
import random
import sys
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import numpy as np
import torch
from torch._C._autograd import ProfilerEvent
from torch._C._profiler import _ExperimentalConfig
from torch.autograd import ProfilerConfig, ProfilerState
from torch.autograd.profiler_legacy import _disable_profiler_legacy as _stop_profiler
from torch.autograd.profiler_legacy import _enable_profiler_legacy as _start_profiler
from torch.utils._python_dispatch import TorchDispatchMode

from autograder.exercise import READS
from autograder.worker import costs, exits
from autograder.worker.values import ATOMS, tensors

_name_of, _kind_of = ProfilerEvent.name, ProfilerEvent.kind
SEED = 20_261  # not one that student code is likely to set
_torch_state = torch.default_generator.get_state  # taken before student code could put another in its place


def reset() -> None:
    """Puts every global that student code may have changed back to its start: the same before each run."""
    if torch.get_default_dtype() is not torch.float32:  # to set it takes longer than many an exercise
        torch.set_default_dtype(torch.float32)
    torch.set_default_device(None)
    torch.set_grad_enabled(True)
    torch._C._set_deterministic_algorithms(False)  # the public setter imports the compiler: a second and a half
    random.seed(SEED)
    np.random.seed(SEED)
    torch.default_generator.manual_seed(SEED)
    torch.set_float32_matmul_precision("highest")
    torch.backends.cudnn.benchmark = False
    sys.setrecursionlimit(1000)


# What the global generators give next while nothing has been drawn since `reset`: quicker to read than their states.
_FIRST: dict[str, tuple[Callable[[], Any], Any]] = {
    "python": (random.random, random.Random(SEED).random()),
    "numpy": (np.random.random_sample, np.random.RandomState(SEED).random_sample()),
    "torch": (lambda: bytes(_torch_state().numpy()), bytes(torch.Generator().manual_seed(SEED).get_state().numpy())),
}


def _drawn() -> list[str]:
    """Which of the global generators have been drawn from, or set, since `reset`."""
    return [kind for kind, (following, first) in _FIRST.items() if following() != first]


class Snapshot:
    """The arguments before a call, to be compared with what they are after it. The globals are as `reset` left them."""

    def __init__(self, named: dict[str, Any]) -> None:
        self._named = named
        self._before = {name: _frozen(value) for name, value in named.items()}

    def facts(self, answer: Any) -> dict[str, Any]:
        return {
            "mutated": [name for name, value in self._named.items() if not _same(self._before[name], _frozen(value))],
            "rng": _drawn(),
            "globals": _changed_globals(),
            "aliases": self._aliases(answer),
        }

    def _aliases(self, answer: Any) -> list[str]:
        outputs = {_storage(t) for t in tensors(answer) if t.numel()}
        return [
            name
            for name, value in self._named.items()
            if (answer is value and isinstance(value, (torch.Tensor, list, dict, set, bytearray)))
            or any(_storage(t) in outputs for t in tensors(value) if t.numel())
        ]


def _storage(tensor: torch.Tensor) -> int:
    try:
        return tensor.untyped_storage()._cdata
    except (RuntimeError, NotImplementedError):
        return id(tensor)


def _frozen(value: Any) -> Any:
    """A copy that later changes to the value do not reach. Objects of the kit's own are copied deeply."""
    if type(value) in ATOMS:
        return value
    if isinstance(value, torch.Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_frozen(item) for item in value) if type(value) in (list, tuple) else list(value)
    if isinstance(value, (random.Random, torch.Generator, np.random.Generator, torch.nn.Module)):
        return None
    try:
        return copy.deepcopy(value)
    except Exception:
        return None


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, torch.Tensor) and isinstance(after, torch.Tensor):
        return (
            before.shape == after.shape
            and before.dtype == after.dtype
            and before.requires_grad == after.requires_grad
            and (torch.equal(before, after) or torch.equal(torch.nan_to_num(before), torch.nan_to_num(after)))
        )
    if isinstance(before, (list, tuple)) and isinstance(after, (list, tuple)):
        return len(before) == len(after) and all(_same(b, a) for b, a in zip(before, after, strict=True))
    if isinstance(before, dict) and isinstance(after, dict):
        return list(before) == list(after) and all(_same(before[key], after[key]) for key in before)
    return type(before) is type(after) and (before is after or _equal(before, after))


def _equal(before: Any, after: Any) -> bool:
    if type(before).__eq__ is object.__eq__:
        return bool(vars(before) == vars(after)) if hasattr(before, "__dict__") else True
    try:
        return bool(before == after)
    except Exception:
        return True


@contextmanager
def uninitialised_is_nan(wanted: bool) -> Iterator[None]:
    """Where `wanted`, fills memory that nothing was written to with NaN, so that `torch.empty` never passes for zeros
    by luck."""
    if not wanted:
        yield
        return
    torch._C._set_deterministic_algorithms(True, warn_only=True)
    try:
        yield
    finally:
        torch._C._set_deterministic_algorithms(False)


def _changed_globals() -> list[str]:
    changed = []
    if torch.get_default_dtype() != torch.float32:
        changed.append("default dtype")
    if not torch.is_grad_enabled():
        changed.append("gradient mode")
    if torch.get_float32_matmul_precision() != "highest" or torch.backends.cuda.matmul.allow_tf32:
        changed.append("precision of products")
    if getattr(torch._GLOBAL_DEVICE_CONTEXT, "device_context", None) is not None:
        changed.append("default device")
    if torch.backends.cudnn.benchmark:
        changed.append("cudnn.benchmark")
    return changed


class Dispatched(TorchDispatchMode):
    """Counts the operators that reach the dispatcher, what they cost and the bytes that they hold."""

    def __init__(self) -> None:
        super().__init__()
        self.names: Counter[str] = Counter()
        self.bytes_now = 0
        self.bytes_peak = 0
        self._allocated = 0
        self._arithmetic = 0
        self._live: set[int] = set()
        self._there: set[int] = set()

    def counts(self) -> dict[str, int]:
        """The counts, bytes included: `allocated` in all, and `held` at one time."""
        sums = {"arithmetic": self._arithmetic, "allocated": self._allocated, "held": self.bytes_peak}
        return {**costs.counts(self.names), **sums}

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # else torch wraps the mode in a call that imports the compiler: a second a worker

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func._schema.name.split("::")[-1]
        self.names[name] += 1
        taken = _given(args, kwargs)
        self._recognise(taken)
        shapes = [tensor.shape for tensor in taken] if costs.kind(name) == "computing" else []
        result = func(*args, **(kwargs or {}))
        made = tensors(result if isinstance(result, (list, tuple)) else [result])
        if shapes:
            self._arithmetic += costs.arithmetic(name, shapes, made[0].shape if made else ())
        for tensor in made:
            self._follow(tensor)
        return result

    def _recognise(self, taken: list[torch.Tensor]) -> None:
        """Memory that was there before is nothing that the call holds."""
        for tensor in taken:
            if tensor.layout != torch.strided:
                continue
            storage = tensor.untyped_storage()
            key = storage._cdata
            if key not in self._live and key not in self._there:
                self._there.add(key)
                weakref.finalize(storage, self._there.discard, key)

    def _follow(self, tensor: torch.Tensor) -> None:
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key in self._live or key in self._there:
            return
        size = storage.nbytes()
        self._live.add(key)
        self._allocated += size
        self.bytes_now += size
        self.bytes_peak = max(self.bytes_peak, self.bytes_now)
        weakref.finalize(storage, self._release, key, size)

    def _release(self, key: int, size: int) -> None:
        self._live.discard(key)
        self.bytes_now -= size


def _given(args: Any, kwargs: Any) -> list[torch.Tensor]:
    """The tensors that an operator is given, those in lists included."""
    found = [value for value in args if isinstance(value, torch.Tensor)]
    for value in args:
        if isinstance(value, (list, tuple)):
            found += [item for item in value if isinstance(item, torch.Tensor)]
    return found + tensors(kwargs) if kwargs else found


class Earlier:
    """Keeps the last answer's tensors, to see whether the next call writes into them."""

    def __init__(self) -> None:
        self._kept: list[tuple[torch.Tensor, torch.Tensor]] = []

    def rewritten(self) -> bool:
        return any(not _same(before, now.detach()) for now, before in self._kept)

    def keep(self, answer: Any) -> None:
        self._kept = [(t, t.detach().clone()) for t in tensors(answer) if t.layout == torch.strided]


@contextmanager
def watching(operators: bool) -> Iterator[dict[str, Any]]:
    """Facts of the calls inside: exits from torch, and where they are asked for operators by the profiler."""
    witness: AbstractContextManager[dict[str, Any]] = profiled() if operators else nullcontext({})
    with witness as facts, exits.noted(facts):
        yield facts


@contextmanager
def counting() -> Iterator[dict[str, Any]]:
    """Facts of the calls inside: operators by dispatch and by the profiler, exits from torch, peak of bytes."""
    facts: dict[str, Any] = {}
    dispatched = Dispatched()
    try:
        with profiled(costly=True) as seen, exits.noted(facts), dispatched:
            yield facts
    finally:
        facts["recorded"] = seen.get("recorded")
        facts["whole"] = seen.get("whole")
        facts["dispatched"] = dict(dispatched.names)
        facts["counts"] = dispatched.counts()


@contextmanager
def profiled(costly: bool = False) -> Iterator[dict[str, Any]]:
    """The second witness: operators as the profiler's record functions saw them, nested calls included, and where it is
    asked for what they cost. `own`, told when values were read, leaves nested calls out: torch reads for itself there.
    `whole` says that nobody has stopped the profiler between and started it again."""
    facts: dict[str, Any] = {}
    mark = f"began {os.urandom(8).hex()}"
    _start_profiler(ProfilerConfig(ProfilerState.CPU, costly, costly, False, False, False, _ExperimentalConfig()))
    torch.ops.profiler._record_function_exit(torch.ops.profiler._record_function_enter(mark))
    try:
        yield facts
    finally:
        threads = _stop_profiler()
        names = set(map(_name_of, itertools.chain.from_iterable(threads)))
        facts["whole"] = mark in names
        facts["profiled"] = sorted(name[6:] for name in names if name[:6] == "aten::")
        read = not READS.isdisjoint(facts["profiled"])
        facts["own"] = dict(sum((_own(thread) for thread in threads), Counter())) if read else {}
        if costly:
            facts["recorded"] = costs.recorded(threads)


def _own(events: list[Any]) -> Counter[str]:
    """The operators of one thread that ran inside no other."""
    own: Counter[str] = Counter()
    depth = 0
    operators: list[bool] = []
    for kind, name in zip(map(_kind_of, events), map(_name_of, events), strict=True):
        if kind == "push":
            operator = name[:6] == "aten::"
            operators.append(operator)
            if operator:
                if not depth:
                    own[name[6:]] += 1
                depth += 1
        elif kind == "pop" and operators:
            depth -= operators.pop()
    return own
