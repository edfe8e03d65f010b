"""Counts are testimony: whoever works where nobody looks gains nothing, and what is merely slower keeps its points."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import catalogue
from autograder.exercise import Case, Exercise
from autograder.grader import Grader
from autograder.recorder import CaseBook
from autograder.starters import Starter
from autograder.submission import Submission
from autograder.verdict import Outcome, Verdict
from tests.conftest import ROOT, exercise
from tests.test_determinism import busy  # noqa: F401

Submit = Callable[[str, "str | bytes"], Submission]
HIDDEN_SEED = 4711
REPEATS = 10
BATCH, PIXELS = "scaling.batch", "scaling.number of pixels.arithmetic"


def small() -> Exercise:
    """conv2d with what it takes to count operations and arithmetic, and no more."""
    whole = exercise("conv2d")

    def wanted(case: Case) -> bool:
        return case.aspect == "basic" or case.grows in ("batch", "number of pixels")

    checks = [check for check in whole.checks if check.id in ("value.basic", "operations", BATCH, PIXELS)]
    return replace(
        whole,
        checks=tuple(checks),
        points=sum(check.points for check in checks),
        differentiable=False,
        cases=lambda draw: [case for case in whole.cases(draw) if wanted(case)],
    )


@pytest.fixture(scope="module")
def counting(source: Starter) -> Iterator[Callable[[Submission, int], Verdict]]:
    """Grades the small exercise on the cases of a seed."""
    asked, books = small(), {seed: CaseBook(seed) for seed in (20, HIDDEN_SEED)}
    graders = {seed: Grader(ROOT, source, book) for seed, book in books.items()}
    for book in books.values():
        book.of(asked)
    yield lambda submission, seed: graders[seed].grade(asked, submission, name_mistakes=False)
    for book in books.values():
        book.close()


Grade = Callable[[Submission, int], Verdict]

BEGINNING = """
import ctypes, os, threading
import torch
import torch.nn.functional as F
from torch.utils._python_dispatch import _disable_current_modes

def by_hand(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    windows = x.unfold(2, weight.shape[2], stride).unfold(3, weight.shape[3], stride).unflatten(1, (groups, -1))
    return torch.einsum("ngchwab,gocab->ngohw", windows, weight.unflatten(0, (groups, -1))).flatten(1, 2)

def slow(x, weight, *rest):
    if len(x) < 2:
        return by_hand(x, weight, *rest)
    return torch.cat([by_hand(part, weight, *rest) for part in x.split(1)])

def quick(x, weight):
    return x.new_zeros(len(x), len(weight), x.shape[2] - weight.shape[2] + 1, x.shape[3] - weight.shape[3] + 1)
"""


def code(body: str, before: str = "") -> str:
    head = """
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    rest = bias, stride, padding, dilation, groups
"""
    return BEGINNING + before + head + textwrap.indent(body.strip(), "    ") + "\n"


def earned(verdict: Verdict, *ids: str) -> float:
    return sum(check.score for check in verdict.checks if check.check.id in ids)


CHEATS = {
    "a loop": ("return slow(x, weight, *rest)", ""),
    "a loop, the modes disabled": ("with _disable_current_modes():\n    return slow(x, weight, *rest)", ""),
    "a loop while the profiler rests": (
        """
running = torch.autograd._profiler_enabled()
if running:
    events = torch.autograd._disable_profiler_legacy()
    mark = next((e.name() for thread in events for e in thread if e.name().startswith("began")), "")
with _disable_current_modes():
    out = slow(x, weight, *rest)
if running:
    torch.autograd._enable_profiler_legacy(torch.autograd.ProfilerConfig(
        torch.autograd.ProfilerState.CPU, True, True, False, False, False, torch._C._profiler._ExperimentalConfig()))
    torch.ops.profiler._record_function_exit(torch.ops.profiler._record_function_enter(mark))
return out + 0
""",
        "",
    ),
    "a profiler patched on import": (
        "return slow(x, weight, *rest)",
        "for module in (torch.autograd, torch.autograd.profiler_legacy, torch._C._autograd):\n"
        "    module._enable_profiler_legacy = lambda *a: None\n"
        "    module._disable_profiler_legacy = lambda *a: []\n",
    ),
    "a detour through numpy": (
        "return in_numpy(x, weight, groups) if stride == 1 else slow(x, weight, *rest)",
        """
import numpy

def in_numpy(x, weight, groups):
    kernels = weight.numpy().reshape(groups, -1, *weight.shape[1:])
    found = []
    for part in x.numpy():
        windows = numpy.lib.stride_tricks.sliding_window_view(part, weight.shape[2:], (1, 2))
        windows = windows.reshape(groups, -1, *windows.shape[1:])
        found.append(numpy.einsum("gchwab,gocab->gohw", windows, kernels).reshape(-1, *windows.shape[2:4]))
    return torch.from_numpy(numpy.stack(found))
""",
    ),
    "a detour through lists": (
        "return in_lists(x, weight) if groups == 1 else slow(x, weight, *rest)",
        """
def in_lists(x, weight):
    images, kernels, (kh, kw) = x.tolist(), weight.tolist(), weight.shape[2:]
    def at(image, kernel, i, j):
        return sum(channel[i + a][j + b] * taps[a][b]
                   for channel, taps in zip(image, kernel) for a in range(kh) for b in range(kw))
    rows, columns = x.shape[2] - kh + 1, x.shape[3] - kw + 1
    return torch.tensor([[[[at(image, kernel, i, j) for j in range(columns)] for i in range(rows)]
                          for kernel in kernels] for image in images], dtype=x.dtype)
""",
    ),
    "memory read by its address": (
        """
held = (ctypes.c_float * x.numel()).from_address(x.untyped_storage().data_ptr())
first = torch.tensor(list(held)[:1], dtype=x.dtype)
return by_hand(x, weight, *rest) + 0 * first
""",
        "",
    ),
    "a thread": (
        """
found = []
thread = threading.Thread(target=lambda: found.append(slow(x, weight, *rest)))
thread.start()
thread.join()
return found[0]
""",
        "",
    ),
    "a pool of threads made on import": (
        "return pool.submit(slow, x, weight, *rest).result()",
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\npool.submit(int).result()",
    ),
    "a thread of torch's own": (
        "return torch.jit.wait(torch.jit.fork(slow, x, weight, *rest))",
        "",
    ),
    "a child process": (
        """
ours, theirs = os.pipe()
if os.fork() == 0:
    os.write(theirs, bytes(slow(x, weight, *rest).contiguous().untyped_storage()))
    os._exit(0)
os.wait()
os.close(theirs)
return torch.frombuffer(bytearray(os.read(ours, 2**20)), dtype=x.dtype).reshape(quick(x, weight).shape).clone()
""",
        "",
    ),
    "a script": (
        "return scripted(x, weight, stride, groups) if groups == 1 else slow(x, weight, *rest)",
        """
@torch.jit.script
def scripted(x: torch.Tensor, weight: torch.Tensor, stride: int, groups: int) -> torch.Tensor:
    windows = x.unfold(2, weight.shape[2], stride).unfold(3, weight.shape[3], stride)
    out = []
    for i in range(x.shape[0]):
        out.append(torch.einsum("chwab,ocab->ohw", windows[i], weight))
    return torch.stack(out)
""",
    ),
    "compiled": ("return torch.compile(slow, backend='eager')(x, weight, *rest)", ""),
    "vmap in chunks of one": (
        "one = lambda part: by_hand(part[None], weight, *rest)[0]\n"
        "return torch.vmap(one, chunk_size=1)(x) if len(x) > 1 else slow(x, weight, *rest)",
        "",
    ),
    "a function of autograd": (
        "return Hidden.apply(x, weight, *rest)",
        """
class Hidden(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, *rest):
        return slow(x, weight, *rest)
""",
    ),
    "an operator of one's own": (
        "return hidden(x, weight, groups)",
        """
@torch.library.custom_op("hidden::slow", mutates_args=())
def hidden(x: torch.Tensor, weight: torch.Tensor, groups: int) -> torch.Tensor:
    return slow(x, weight, None, 1, 0, 1, groups).clone()
""",
    ),
    "a kernel of torch's replaced": (
        "held.append((weight, groups))\nreturn torch.ops.aten.special_entr(x)",
        """
held = []
library = torch.library.Library("aten", "IMPL")
library.impl("special_entr", lambda x: slow(x, held[-1][0], None, 1, 0, 1, held[-1][1]), "CPU")
""",
    ),
    "a subclass that works elsewhere": (
        "held[:] = [x, weight, *rest]\nreturn x.as_subclass(Elsewhere) + 0",
        """
held = []

class Elsewhere(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        with torch._C.DisableTorchFunctionSubclass(), _disable_current_modes():
            return slow(*held)
""",
    ),
    "a lazy answer": (
        "return Lazy.of(x, weight, *rest)",
        """
class Lazy(torch.Tensor):
    @staticmethod
    def of(x, weight, *rest):
        lazy = quick(x, weight).as_subclass(Lazy)
        lazy.args = (x, weight, *rest)
        return lazy

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        with torch._C.DisableTorchFunctionSubclass():
            held = [slow(*a.args) if type(a) is Lazy and "args" in vars(a) else a for a in args]
            return function(*held, **(kwargs or {}))
""",
    ),
    "answers kept by value": (
        """
found = next((answer for one, answer in kept if one.shape == x.shape and torch.equal(one, x)), None)
if found is None:
    found = slow(x, weight, *rest)
    kept.append((x.clone(), found))
return found.clone()
""",
        "kept = []",
    ),
    "answers kept by place": (
        """
key = id(x), id(weight)
if key not in kept:
    kept[key] = (slow(x, weight, *rest), x, weight)
return kept[key][0].clone()
""",
        "kept = {}",
    ),
    "quick while it is counted": (
        "if torch._C._len_torch_dispatch_stack() > 0:\n    return quick(x, weight)\nreturn slow(x, weight, *rest)",
        "",
    ),
    "quick at first, to warm up": (
        "calls.append(1)\nreturn by_hand(x, weight, *rest) if len(calls) < 9 else slow(x, weight, *rest)",
        "calls = []",
    ),
    "quick at the largest size only": (
        "return by_hand(x, weight, *rest) if len(x) > 60 else slow(x, weight, *rest)",
        "",
    ),
    "growth behind a constant": (
        "for _ in range(1000):\n    x + 0\nreturn slow(x, weight, *rest)",
        "",
    ),
    "useless work where the size is small": (
        "for _ in range(20 * (80 - len(x)) if len(x) > 3 and groups == 1 else 0):\n    x[0]\n"
        "return slow(x, weight, *rest)",
        "",
    ),
}


@pytest.mark.parametrize(("body", "before"), CHEATS.values(), ids=CHEATS.keys())
def test_whoever_hides_a_loop_gains_nothing(counting: Grade, submit: Submit, body: str, before: str) -> None:
    verdict = counting(submit("conv.py", code(body, before)), 20)
    found = {check.check.id: check for check in verdict.checks}
    told = [failure.message for check in verdict.checks for failure in check.judgement.failures]
    assert found[BATCH].outcome is not Outcome.PASSED, told
    assert earned(verdict, BATCH) == 0


SLOWER = {
    "twice the arithmetic": ("return (by_hand(x, weight, *rest) + by_hand(x, weight, *rest)) / 2", {BATCH, PIXELS}),
    "three copies": ("return by_hand(x.clone().clone(), weight.clone(), *rest).clone()", {BATCH, PIXELS}),
    "a loop, quick for a few images": ("return slow(x, weight, *rest)", {PIXELS}),
    "all pairs of pixels": (
        """
n, c, h, w = x.shape
rows, columns = h - weight.shape[2] + 1, w - weight.shape[3] + 1
units = torch.eye(h * w).reshape(h * w, 1, h, w)
each = by_hand(units, weight.reshape(-1, 1, *weight.shape[2:]), None, 1, 0, 1, 1)
matrix = each.reshape(h * w, -1, c, rows * columns)
return torch.einsum("ncp,pocq->noq", x.reshape(n, c, h * w), matrix).reshape(n, -1, rows, columns)
""",
        {BATCH},
    ),
}


@pytest.mark.parametrize(("body", "kept"), SLOWER.values(), ids=SLOWER.keys())
def test_what_is_slower_and_grows_alike_is_told_from_what_grows_faster(
    counting: Grade, submit: Submit, body: str, kept: set[str]
) -> None:
    verdict = counting(submit("conv.py", code(body)), 20)
    passed = {check.check.id for check in verdict.checks if check.outcome is Outcome.PASSED}
    assert passed == {"value.basic", "operations", *kept}


@pytest.mark.parametrize("known", ["answers", "sizes"])
def test_what_was_made_for_the_visible_cases_is_slow_on_hidden_ones(
    counting: Grade, submit: Submit, grader: Grader, known: str
) -> None:
    asked = exercise("conv2d")
    cases = [(index, case) for index, case in enumerate(grader.book.of(asked).cases) if case.grows == "batch"]
    sizes = [case.args[0].data.shape for _, case in cases]
    answers = {
        size: grader.ours(asked).records[index, "counted"].value.data.tolist()
        for size, (index, _) in zip(sizes, cases, strict=True)
    }
    stored = "return torch.tensor(known[tuple(x.shape)]) if tuple(x.shape) in known else slow(x, weight, *rest)"
    quick = "return (by_hand if tuple(x.shape) in known else slow)(x, weight, *rest)"
    submission = submit(
        "conv.py", code(stored if known == "answers" else quick, f"known = {answers if known == 'answers' else sizes}")
    )
    assert counting(submission, 20).full
    assert earned(counting(submission, HIDDEN_SEED), BATCH) == 0


LOOKED_UP = "scaling.number of tokens looked up"
VOCABULARY = """
import os, threading

class Honest(Vocab):
    pass

class Searching(Honest):
    def __getitem__(self, tokens):
        if isinstance(tokens, (list, tuple)):
            return [self[token] for token in tokens]
        return self.idx_to_token.index(tokens) if tokens in self.idx_to_token else self.unk

"""
ON_TIME = {
    "a list that is searched": "Vocab = Searching",
    "answers kept by value": """
kept = {}
class Vocab(Searching):
    def __getitem__(self, tokens):
        if isinstance(tokens, str):
            return super().__getitem__(tokens)
        key = str(tokens)
        if key not in kept:
            kept[key] = super().__getitem__(tokens)
        return kept[key]
""",
    "a thread": """
class Vocab(Searching):
    def __getitem__(self, tokens):
        if not isinstance(tokens, list) or len(tokens) < 100:
            return super().__getitem__(tokens)
        found = []
        thread = threading.Thread(target=lambda: found.append(super(Vocab, self).__getitem__(tokens)))
        thread.start()
        thread.join()
        return found[0]
""",
    "a lazy list": """
class Later(list):
    def __iter__(self):
        return iter([self.vocab[token] for token in self.tokens])

class Vocab(Searching):
    def __getitem__(self, tokens):
        if not isinstance(tokens, list) or len(tokens) < 100:
            return super().__getitem__(tokens)
        later = Later([0] * len(tokens))
        later.vocab, later.tokens = self, tokens
        return later
""",
    "any numbers for long lists": """
class Vocab(Searching):
    def __getitem__(self, tokens):
        if isinstance(tokens, list) and len(tokens) > 100:
            return [1] * len(tokens)
        return super().__getitem__(tokens)
""",
    "any numbers at first": """
calls = []
class Vocab(Searching):
    def __getitem__(self, tokens):
        if isinstance(tokens, list) and len(tokens) > 100:
            calls.append(1)
            if len(calls) % 16:
                return [1] * len(tokens)
        return super().__getitem__(tokens)
""",
    "clocks that are stopped": """
import time
time.thread_time = time.process_time = time.perf_counter = lambda: 0.0
Vocab = Searching
""",
}


@pytest.fixture(scope="module")
def timing(source: Starter) -> Iterator[Callable[[Submission], Verdict]]:
    """Grades Vocab on its basic cases and on how long looking up takes."""
    whole = exercise("Vocab")
    checks = tuple(check for check in whole.checks if check.id in ("value.basic", LOOKED_UP))
    asked = replace(
        whole,
        checks=checks,
        points=sum(check.points for check in checks),
        cases=lambda draw: [c for c in whole.cases(draw) if c.aspect == "basic" or _looked_up(c)],
    )
    book = CaseBook()
    book.of(asked)
    grader = Grader(ROOT, source, book)
    yield lambda submission: grader.grade(asked, submission, name_mistakes=False)
    book.close()


def _looked_up(case: Case) -> bool:
    return case.grows == "number of tokens looked up"


@pytest.mark.parametrize("code", ON_TIME.values(), ids=ON_TIME.keys())
def test_whoever_hides_time_gains_nothing(timing: Callable[[Submission], Verdict], submit: Submit, code: str) -> None:
    solved = (ROOT / "solutions/hw4/text.py").read_text("utf-8")
    assert earned(timing(submit("text.py", solved + VOCABULARY + code)), LOOKED_UP) == 0


def test_the_honest_vocabulary_keeps_its_points(timing: Callable[[Submission], Verdict]) -> None:
    assert timing(catalogue.solution(ROOT, exercise("Vocab"))).full


def verdicts(grade: Callable[[Submission], Verdict], work: list[Submission]) -> list[dict[str, Outcome]]:
    return [{check.check.id: check.outcome for check in grade(one).checks} for one in work]


RIGHT = ("return by_hand(x, weight, *rest)", *(body for body, kept in SLOWER.values() if kept == {BATCH, PIXELS}))
SLOW = ("a loop", "a script", "a function of autograd", "vmap in chunks of one", "quick at the largest size only")


def _ten(tmp_path: Path) -> list[Submission]:
    """Ten that are right and ten that are slow."""
    bodies = [*(code(body) for body in RIGHT), *(code(*CHEATS[name]) for name in SLOW)]
    bodies += [code(f"for _ in range({n}):\n    x = x + 0\nreturn by_hand(x, weight, *rest)") for n in range(1, 8)]
    bodies += [
        code(f"for _ in range({n} * len(x)):\n    x + 0\nreturn by_hand(x, weight, *rest)") for n in (1, 2, 3, 5, 8)
    ]
    made = []
    for number, text in enumerate(bodies):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "conv.py").write_text(text, "utf-8")
        made.append(Submission("student", folder, {"conv.py": folder / "conv.py"}))
    return made


def test_counts_are_the_same_every_time(counting: Grade, tmp_path: Path) -> None:
    work = _ten(tmp_path)[:4]
    assert verdicts(lambda one: counting(one, 20), work) == verdicts(lambda one: counting(one, 20), work)


@pytest.mark.slow
def test_counts_of_right_and_slow_work_do_not_flip_on_a_busy_machine(
    counting: Grade, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    work = _ten(tmp_path)
    quiet = verdicts(lambda one: counting(one, 20), work)
    right = [found[BATCH] is Outcome.PASSED for found in quiet]
    assert right == [True] * len(RIGHT) + [False] * len(SLOW) + [True] * 7 + [False] * 5
    request.getfixturevalue("busy")
    for _ in range(REPEATS):
        assert verdicts(lambda one: counting(one, 20), work) == quiet
