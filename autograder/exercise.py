"""The declaration of an exercise: what is asked, on which inputs it is tried, what each check is worth.

A declaration holds no answer; it is shipped to students. Numbers are numpy arrays here, so that neither the
declaration nor the judge needs torch; the worker turns them into tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np

    from autograder.draw import Draw

Run = Literal["plain", "gradient", "counted", "timed", "phantom", "host", "half", "bfloat16", "double"]
THERE = ("phantom", "half", "bfloat16")
"""The runs with their arguments on a device: as they are, and with their floating-point numbers in half precision."""
BESIDE_DEVICE = (*THERE, "host")
"""The runs in which there is a device."""
Layout = Literal["contiguous", "transposed", "strided", "expanded"]
Count = Literal["operators", "kernels", "synchronisations", "arithmetic", "allocated", "held", "seconds"]

FAMILIES = (
    "value",
    "shape",
    "dtype",
    "layout",
    "gradient",
    "purity",
    "state",
    "device",
    "transfers",
    "copies",
    "operations",
    "scaling",
    "memory",
    "time",
    "randomness",
    "determinism",
    "errors",
)


@dataclass(frozen=True)
class Tensor:
    """A tensor argument of a case.

    `layout` says how the same values lie in memory: `transposed` (the two last axes swapped), `strided` (every
    second element of a larger buffer) or `expanded` (the first axis has stride 0; its rows must be equal).
    `requires_grad` only matters in the gradient run; a tensor without it is frozen there.
    """

    data: np.ndarray
    dtype: str = "float32"
    layout: Layout = "contiguous"
    requires_grad: bool = False


@dataclass(frozen=True)
class Generator:
    """A random generator argument: `random.Random`, `numpy.random.Generator` or `torch.Generator`, seeded."""

    kind: Literal["python", "numpy", "torch"]
    seed: int


@dataclass(frozen=True)
class Device:
    """Stands for the device of the run: the CPU, or `cuda` where the code runs on an accelerator."""


@dataclass(frozen=True)
class Case:
    """One input on which an exercise is tried.

    `aspect` names the group that the case belongs to; a check of that aspect passes when all its cases do.
    `args` are given by position, `kwargs` by name. For a module `init` are the constructor's keyword arguments
    and `weights` the parameters and buffers, by name. `size` and `grows` are set on the cases of a scaling
    check: one case a size, and the name of the quantity that grows. `says` describes the case in a few words.
    `options` are for probes; on a case of the aspect errors, `names` is what the exception's message must name, and
    where memory counts, `whole` is the size in bytes of what must never be held: nothing counts where it is.
    """

    name: str
    aspect: str = "basic"
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    init: dict[str, Any] = field(default_factory=dict)
    weights: dict[str, Tensor] = field(default_factory=dict)
    runs: tuple[Run, ...] | None = None
    size: int | None = None
    grows: str = ""
    says: str = ""
    training: bool = False
    options: dict[str, Any] = field(default_factory=dict)


_LEFT_ALONE = ("chang", "left", "leaves", "as it is", "as they", "written", "new ", "calls neither")
_SPEAKS = {
    "purity:rng": ("random", "generator", "as before"),
    "purity:global": ("global", "setting", "as before"),
    "purity:": _LEFT_ALONE,
    "operations:left": ("value", ".item()", "computed by torch"),
}
"""By the beginning of a failure's code: words of which the sentence of a check has one if it speaks of such a failure.
What a check of these families finds may be of several kinds."""


@dataclass(frozen=True)
class Check:
    """Something that can earn or cost points.

    `family` chooses the comparison, `aspect` the cases (for value, gradient, scaling, ... all of them when
    None), `cites` is the sentence of the stub's docstring that the check holds the student to. A scaling check bounds
    the exponent with which `count` grows by `growth` (the exercise's `max_growth` where it is None), and the count at
    every size by `times` the reference's. `instead` are sentences for failures whose code begins with its key, where
    the check holds the student to more than one.
    """

    family: str
    points: float
    cites: str
    aspect: str | None = None
    title: str = ""
    count: Count = "operators"
    growth: float | None = None
    times: float | None = None
    instead: Mapping[str, str] = field(default_factory=dict, hash=False)

    def cited(self, code: str) -> str:
        """The sentence that a failure with this code breaks; none where that of the check speaks of something else."""
        for beginning, sentence in self.instead.items():
            if code.startswith(beginning):
                return sentence
        words = next((words for beginning, words in _SPEAKS.items() if code.startswith(beginning)), None)
        return self.cites if words is None or any(word in self.cites for word in words) else ""

    @property
    def id(self) -> str:
        parts = [self.family, self.aspect, None if self.count == "operators" else self.count]
        return ".".join(part for part in parts if part is not None)


@dataclass(frozen=True)
class Tolerance:
    """How far a floating-point answer may be from the reference: `atol * max(1, scale) + rtol * |expected|`,
    where scale is the largest finite magnitude in the expected tensor. Starts from `torch.testing`'s bounds."""

    rtol: float = 1.3e-6
    atol: float = 1e-5


READS = frozenset({"item", "is_nonzero", "_local_scalar_dense"})  # operators that take a value out of torch


@dataclass(frozen=True)
class Operations:
    """Which torch operators may be called. `allowed` and `forbidden` are `fnmatch` patterns over `aten::` names
    without the prefix; an empty `allowed` allows everything. A forbidden one does the exercise's work: where it is
    called nothing counts. Leaving torch (`.numpy()`, `.tolist()`, `.item()`) breaks the rule where `stay_in_torch`."""

    allowed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    stay_in_torch: bool = True


@dataclass(frozen=True)
class Finding:
    """A broken law: a stable `code` for the kind of mistake and a sentence that shows it. One that `defeats` the
    exercise leaves nothing that counts."""

    code: str
    message: str
    defeats: bool = False


Law = Callable[[Case, Any], Iterable[Finding]]
"""A pure function of the judge over one case and the answer to it (plain data; tensors are arrays)."""

Probe = Callable[..., Any]
"""Runs beside the student's code: `probe(student, call)` performs the calls of a case and returns what is
compared. See `autograder.worker.probes`."""


@dataclass(frozen=True)
class Timing:
    """On which inputs an exercise's time is measured.

    `case(draw, size)` draws an input; those of one size have the same shapes. `sizes`, the smallest first, are those of
    what `grows`; the largest decides where time counts, and together they tell a loop from code that is slower all
    the same. The reference's time is the oracle's, or that of the variant of the catalogue which `against` names, where
    the oracle takes the long way round. `naive` names the mistake whose time is shown beside.
    """

    case: Callable[[Draw, int], Case]
    sizes: tuple[int, ...]
    grows: str
    against: str = ""
    naive: str = ""


@dataclass(frozen=True)
class Exercise:
    """One exercise of a homework.

    `laws` judge random exercises, whose answers cannot be compared with the reference one by one.
    `max_growth` bounds the exponent with which the operations of the counted run (or the seconds of the timed
    run) may grow, and `max_memory` the peak of the bytes allocated, as a multiple of
    the reference's. `timing` says on what time is measured, and `max_time` how many times the reference's it may be
    where a course lets it count. `hidden` is how many of the points hang on hidden cases where there are any (None:
    all of them). `hints` go from a nudge to the idea of the solution. `few_mistakes` says why there are not
    eight ways to be wrong, where there are not. `uses` are exercises of the same homework that code for this one is
    meant to call. `difficulty` is 1 for what takes minutes, 2, or 3 for what takes an evening.
    """

    homework: str
    name: str
    file: str
    points: float
    checks: tuple[Check, ...]
    cases: Callable[[Draw], Iterable[Case]]
    arguments: tuple[str, ...] = ()
    kind: Literal["function", "module", "probe"] = "function"
    probe: Probe | None = None
    differentiable: bool = False
    tolerance: Tolerance = Tolerance()
    operations: Operations | None = None
    laws: Sequence[Law] = ()
    max_growth: float = 0.5
    max_memory: float = 4.0
    timing: Timing | None = None
    max_time: float | None = None
    mixed_precision: bool = False
    hidden: float | None = None
    hints: tuple[str, ...] = ()
    few_mistakes: str = ""
    preload: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    difficulty: Literal[1, 2, 3] = 2

    @property
    def at_stake(self) -> float:
        """The points that hidden cases can cost."""
        return self.points if self.hidden is None else min(self.hidden, self.points)

    def check(self, id: str) -> Check | None:
        return next((check for check in self.checks if check.id == id), None)

    def number(self, check: Check) -> str:
        """What names the check among those of all exercises."""
        return f"{self.name}.{check.id}"

    def judged(self, case: Case) -> Run:
        """The run whose answer is judged: the plain one, but for cases that are tried on the device alone."""
        return "phantom" if case.runs and "phantom" in case.runs and "plain" not in case.runs else "plain"

    def runs(self, case: Case) -> tuple[Run, ...]:
        """The runs that a case takes: those it asks for, else those that some check reads."""
        if case.runs is not None:
            return case.runs
        families = {check.family for check in self.checks}
        runs: list[Run] = ["plain"]
        if self.differentiable and case.aspect != "errors":
            runs.append("gradient")
        if families & {"operations", "memory"}:
            runs.append("counted")
        if families & {"device", "transfers", "copies"}:
            runs.append("phantom")
        return tuple(runs)
