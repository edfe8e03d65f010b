"""Of optim.py: sgd, momentum, rmsprop and adam."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Run, Tensor

PLAIN: tuple[Run, ...] = ("plain",)
ON_DEVICE: tuple[Run, ...] = ("plain", "phantom")
OWN_WORK = ("parameters", "flag “torch.optim did it”")
PATH = ("parameters",)


def _with_batch_size(name: str) -> Any:
    def probe(student: Any, call: Any) -> Any:
        from autograder.exercises.hw2 import _stepping

        function = student.find(name)
        return _stepping.steps(lambda params, state, settings: function(params, **settings), call)

    return probe


def _with_state(name: str) -> Any:
    def probe(student: Any, call: Any) -> Any:
        from autograder.exercises.hw2 import _stepping

        function = student.find(name)
        return _stepping.steps(lambda params, state, settings: function(params, state, **settings), call)

    return probe


class Cases:
    """Makes cases of some steps. `settings` are those of every step, or a list with those of each."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def __call__(
        self,
        name: str,
        aspect: str,
        present: Sequence[str],
        settings: dict[str, Any] | list[dict[str, Any]],
        *,
        shapes: tuple[tuple[int, ...], ...] = ((2,), (2, 3), ()),
        report: tuple[str, ...] = PATH,
        dtype: str = "float32",
        scale: float = 4.0,
        zeros: bool = False,
        frozen: tuple[int, ...] = (),
        iterator: bool = False,
        rival: bool = False,
        restart: int = 0,
        accumulates: bool = False,
        device: bool = False,
    ) -> Case:
        """`present` says for each step which parameters have a gradient: `x` yes, `.` no. With `zeros` every other
        number in a gradient is 0. A `rival` is another training that takes its steps by turns; before the step with
        the number `restart` the state is emptied."""
        draw = self._draw
        shapes = shapes[: len(present[0])]
        starts = [draw.floats(shape, 2.0, dtype=dtype) for shape in shapes]
        gradients = [
            [
                self._gradient(shape, scale, dtype, zeros) if mark == "x" else None
                for mark, shape in zip(marks, shapes, strict=True)
            ]
            for marks in present
        ]
        return Case(
            name,
            aspect,
            (starts, gradients),
            options={
                "settings": settings if isinstance(settings, list) else [settings] * len(present),
                "report": list(report),
                "frozen": list(frozen),
                "iterator": iterator,
                "rival": rival,
                "restart": restart,
                "accumulates": accumulates,
            },
            runs=ON_DEVICE if device else PLAIN,
        )

    def _gradient(self, shape: tuple[int, ...], scale: float, dtype: str, zeros: bool) -> Tensor:
        drawn = self._draw.floats(shape, scale, dtype=dtype)
        if not zeros:
            return drawn
        data = drawn.data.copy()
        data.reshape(-1)[::2] = 0
        return tensor(data, dtype)


def _shared(case: Cases, usual: dict[str, Any], *, stateful: bool) -> Iterable[Case]:
    """What is asked of every optimizer."""
    yield case("one has none", "none", ["x.x"], usual)
    yield case("the first has none", "none", [".xx"], usual, device=True)
    yield case("none has one", "none", ["..."], usual)
    yield case("a frozen parameter", "none", ["x.x"], usual, frozen=(1,))
    yield case("is zero or None", "used up", ["xx"], usual, report=("flag “a gradient is left”",))
    yield case("two steps, gradients add up", "used up", ["xx", "xx"], usual, accumulates=True)
    memory = ("flag “a parameter lies in other memory”",)
    yield case("the same memory", "in place", ["xx"], usual, report=memory)
    kept = ("requires a gradient", "flag “gradients are recorded as before”")
    yield case("what they are", "still learning", ["xx"], usual, report=kept)
    through = ("parameters", "flag “a gradient is left”")
    yield case("an iterator", "iterator", ["xxx"], usual, iterator=True, report=through)
    yield case("double precision", "dtype", ["xx", "xx"], usual, dtype="float64")
    if stateful:
        yield case("an iterator, twice", "iterator", ["xxx", "x.x"], usual, iterator=True)
        yield case("two trainings by turns", "state", ["xx", "xx"], usual, rival=True)
        yield case("two trainings, three parameters", "state", ["xxx", "x.x", "xxx"], usual, rival=True)
        yield case("the same parameters, a new state", "state", ["xx"] * 3, usual, restart=2)
        yield case("none in the first step", "missing for a while", [".x", "xx", "xx"], usual)
        yield case("none in the second step", "missing for a while", ["xx", ".x", "xx"], usual, device=True)
        shapes = ((2,), (2,), (2,))
        yield case("here and there", "missing for a while", ["x.x", ".xx", "xx."], usual, shapes=shapes)
        yield case("alike in shape", "steps", ["xxx", "xxx"], usual, shapes=shapes)


def _sgd_cases(draw: Draw) -> Iterable[Case]:
    case = Cases(draw)
    usual = {"lr": 0.5, "batch_size": 4}
    own: dict[str, Any] = {"report": OWN_WORK}
    yield case("one parameter", "basic", ["x"], {"lr": 0.5, "batch_size": 1}, device=True, **own)
    yield case("two parameters", "basic", ["xx"], {"lr": 0.25, "batch_size": 1}, device=True, **own)
    yield case("of four", "batch size", ["x"], usual, device=True)
    yield case("of three", "batch size", ["xxx"], {"lr": 0.25, "batch_size": 3})
    yield case("two steps", "batch size", ["xx", "xx"], [usual, {"lr": 0.125, "batch_size": 2}])
    yield from _shared(case, usual, stateful=False)


sgd = Exercise(
    homework="hw2",
    name="sgd",
    difficulty=1,
    file="optim.py",
    points=4,
    kind="probe",
    probe=_with_batch_size("sgd"),
    arguments=("params", "gradients of each step"),
    cases=_sgd_cases,
    checks=(
        Check("value", 1, "The step is written into the parameters", aspect="basic"),
        Check("value", 0.75, "the *sum* of the losses of a batch; the step follows the mean", aspect="batch size"),
        Check("value", 0.75, "A parameter whose `grad` is None is left as it is", aspect="none"),
        Check("value", 0.5, "Afterwards the gradients are used up", aspect="used up"),
        Check("value", 0.25, "stay the same tensors in the same memory", aspect="in place"),
        Check("value", 0.25, "and still require a gradient", aspect="still learning"),
        Check("value", 0.25, "one that can be gone through only once", aspect="iterator"),
        Check("value", 0.125, "leaf tensors of any shape and floating dtype", aspect="dtype"),
        Check("device", 0.125, "any shape and floating dtype, on any device"),
    ),
    hints=(
        "For each parameter: is there a gradient, what is the step, where is it written to, what is left of the"
        " gradient?",
        "`param = param - …` gives the name to a new tensor, and the model keeps the old one. Which operators write"
        " into a tensor?",
        "Autograd refuses to have a leaf written into while it records. In which block does it not record, and what"
        " does `zero_` do?",
    ),
)

STATE = "The function keeps in it, and nowhere else, what it needs for the next step"
DOES_NOT_WAIT = "never waits for the device: no number is read from a tensor"


def _momentum_cases(draw: Draw) -> Iterable[Case]:
    case = Cases(draw)
    usual = {"lr": 0.5, "momentum": 0.5}
    own: dict[str, Any] = {"report": OWN_WORK}
    yield case("one step", "basic", ["x"], usual, device=True, **own)
    yield case("one step, two parameters", "basic", ["xx"], {"lr": 0.25, "momentum": 0.75}, device=True, **own)
    yield case("two steps", "steps", ["x", "x"], usual, device=True)
    yield case("four steps, three parameters", "steps", ["xxx"] * 4, {"lr": 0.25, "momentum": 0.75})
    yield case("the default", "steps", ["xx"] * 3, {"lr": 0.25})
    yield case("two learning rates", "learning rate", ["x", "x"], [usual, {"lr": 0.125, "momentum": 0.5}])
    rates = [{"lr": lr, "momentum": 0.75} for lr in (0.5, 0.0, 0.25)]
    yield case("three learning rates, one of them 0", "learning rate", ["xx"] * 3, rates)
    yield case("none", "momentum", ["xx"] * 3, {"lr": 0.25, "momentum": 0.0})
    yield case("all of it", "momentum", ["xx"] * 3, {"lr": 0.25, "momentum": 1.0})
    yield from _shared(case, usual, stateful=True)
    yield case("two steps", "transfers", ["xx", "xx"], usual, device=True)


momentum = Exercise(
    homework="hw2",
    name="momentum",
    file="optim.py",
    points=5,
    kind="probe",
    probe=_with_state("momentum"),
    arguments=("params", "gradients of each step"),
    cases=_momentum_cases,
    checks=(
        Check("value", 1, "The step is written into the parameters", aspect="basic"),
        Check("value", 1, "takes the new gradient g in, and the step follows it", aspect="steps"),
        Check("value", 0.5, "The learning rate is no part of the velocity", aspect="learning rate"),
        Check("value", 0.25, "how much of the velocity stays, a float from 0 to 1", aspect="momentum"),
        Check("value", 0.25, "A parameter whose `grad` is None is left as it is", aspect="none"),
        Check("value", 0.5, "is left as it is, and so is its velocity", aspect="missing for a while"),
        Check("value", 0.375, STATE, aspect="state"),
        Check("value", 0.25, "Afterwards the gradients are used up", aspect="used up"),
        Check("value", 0.125, "stay the same tensors in the same memory", aspect="in place"),
        Check("value", 0.125, "and still require a gradient", aspect="still learning"),
        Check("value", 0.25, "one that can be gone through only once", aspect="iterator"),
        Check("value", 0.125, "leaf tensors of any shape and floating dtype", aspect="dtype"),
        Check("device", 0.125, "any shape and floating dtype, on any device"),
        Check("transfers", 0.125, DOES_NOT_WAIT, aspect="transfers", title="no waiting"),
    ),
    hints=(
        "Write it for one parameter first, with a velocity that you keep yourself. What is the velocity before the"
        " first step?",
        "Where does the velocity of the second parameter live until the next call? The parameters come in the same"
        " order every time, also those without a gradient.",
        "A velocity that *is* the gradient's tensor is zeroed together with it. Make a tensor of its own for it, in the"
        " dict.",
    ),
)


def _rmsprop_cases(draw: Draw) -> Iterable[Case]:
    case = Cases(draw)
    usual = {"lr": 0.25, "alpha": 0.75}
    own: dict[str, Any] = {"report": OWN_WORK}
    yield case("one step", "basic", ["x"], {"lr": 0.25, "alpha": 0.75}, device=True, **own)
    yield case("one step, two parameters", "basic", ["xx"], {"lr": 0.5, "alpha": 0.5}, device=True, **own)
    yield case("two steps", "steps", ["x", "x"], usual, device=True)
    yield case("four steps, three parameters", "steps", ["xxx"] * 4, {"lr": 0.25, "alpha": 0.5})
    yield case("two learning rates", "steps", ["xx", "xx"], [usual, {"lr": 0.125, "alpha": 0.75}])
    large = {"lr": 0.25, "alpha": 0.75, "eps": 2.0}
    yield case("as large as the gradient", "eps", ["x"], large)
    yield case("as large as the gradient, three steps", "eps", ["xx"] * 3, large)
    yield case("zeros in the gradient", "zeros", ["xx"], usual, zeros=True)
    yield case("zeros in the gradient, twice", "zeros", ["xx", "xx"], usual, zeros=True)
    yield case("alpha", "defaults", ["xx"] * 3, {"lr": 2**-5})
    yield case("eps", "defaults", ["x"], usual, scale=2**-26)
    yield from _shared(case, usual, stateful=True)
    yield case("two steps", "transfers", ["xx", "xx"], usual, device=True)


rmsprop = Exercise(
    homework="hw2",
    name="rmsprop",
    file="optim.py",
    points=4.5,
    kind="probe",
    probe=_with_state("rmsprop"),
    arguments=("params", "gradients of each step"),
    cases=_rmsprop_cases,
    checks=(
        Check("value", 1, "All of it is done entry by entry", aspect="basic"),
        Check("value", 0.75, "a running mean s of the squared gradient", aspect="steps"),
        Check("value", 0.5, "`eps` is added to the root, not to s", aspect="eps"),
        Check("value", 0.25, "it keeps the step finite where the gradient has always been zero", aspect="zeros"),
        Check("value", 0.125, "a small number, a float", aspect="defaults"),
        Check("value", 0.25, "A parameter whose `grad` is None is left as it is", aspect="none"),
        Check("value", 0.375, "is left as it is, and so is its running mean", aspect="missing for a while"),
        Check("value", 0.375, STATE, aspect="state"),
        Check("value", 0.25, "Afterwards the gradients are used up", aspect="used up"),
        Check("value", 0.125, "stay the same tensors in the same memory", aspect="in place"),
        Check("value", 0.125, "and still require a gradient", aspect="still learning"),
        Check("value", 0.125, "one that can be gone through only once", aspect="iterator"),
        Check("value", 0.125, "leaf tensors of any shape and floating dtype", aspect="dtype"),
        Check("device", 0.0625, "any shape and floating dtype, on any device"),
        Check("transfers", 0.0625, DOES_NOT_WAIT, aspect="transfers", title="no waiting"),
    ),
    hints=(
        "It is momentum with two differences: what is averaged, and what is done with it.",
        "A running mean of weight `alpha` gives the new value the rest of the weight. What is the mean after one step?",
        "Where the gradient has always been 0 the step is 0 / (0 + eps), which is 0. What is it when eps is forgotten,"
        " and how large when eps stands under the root?",
    ),
)


def _adam_cases(draw: Draw) -> Iterable[Case]:
    case = Cases(draw)
    usual = {"lr": 0.25, "betas": (0.5, 0.75)}
    own: dict[str, Any] = {"report": OWN_WORK}
    yield case("one step", "basic", ["x"], {**usual, "eps": 1.0}, device=True, **own)
    other = {"lr": 0.5, "betas": (0.75, 0.5), "eps": 0.5}
    yield case("one step, two parameters", "basic", ["xx"], other, device=True, **own)
    yield case("two steps", "steps", ["x", "x"], usual, device=True)
    yield case("four steps, three parameters", "steps", ["xxx"] * 4, {"lr": 0.25, "betas": (0.75, 0.5)})
    yield case("two learning rates", "steps", ["xx", "xx"], [usual, {"lr": 0.0625, "betas": (0.5, 0.75)}])
    yield case("as large as the gradient", "eps", ["x"] * 2, {**usual, "eps": 2.0})
    yield case("as large as the gradient, three steps", "eps", ["xx"] * 3, {**usual, "eps": 4.0})
    yield case("zeros in the gradient", "zeros", ["xx"], usual, zeros=True)
    yield case("zeros in the gradient, twice", "zeros", ["xx", "xx"], usual, zeros=True)
    yield case("betas", "defaults", ["xx"] * 3, {"lr": 2**-5})
    yield case("eps", "defaults", ["x"], usual, scale=2**-26)
    yield from _shared(case, usual, stateful=True)
    yield case("two steps", "transfers", ["xx", "xx"], usual, device=True)


adam = Exercise(
    homework="hw2",
    name="adam",
    file="optim.py",
    points=6.5,
    kind="probe",
    probe=_with_state("adam"),
    arguments=("params", "gradients of each step"),
    cases=_adam_cases,
    checks=(
        Check("value", 1.25, "in step t, counted from 1, they are divided by what is missing", aspect="basic"),
        Check("value", 1.25, "two running means, zero before the first step", aspect="steps"),
        Check("value", 0.75, "`eps` is added to the root of the corrected mean", aspect="eps"),
        Check("value", 0.25, "All of it is done entry by entry", aspect="zeros"),
        Check("value", 0.25, "how much of the two running means stays", aspect="defaults"),
        Check("value", 0.25, "A parameter whose `grad` is None is left as it is", aspect="none"),
        Check("value", 0.75, "Its t counts the steps in which it had one", aspect="missing for a while"),
        Check("value", 0.5, STATE, aspect="state"),
        Check("value", 0.25, "Afterwards the gradients are used up", aspect="used up"),
        Check("value", 0.125, "stay the same tensors in the same memory", aspect="in place"),
        Check("value", 0.125, "and still require a gradient", aspect="still learning"),
        Check("value", 0.25, "one that can be gone through only once", aspect="iterator"),
        Check("value", 0.125, "leaf tensors of any shape and floating dtype", aspect="dtype"),
        Check("device", 0.25, "any shape and floating dtype, on any device"),
        Check("transfers", 0.125, DOES_NOT_WAIT, aspect="transfers", title="no waiting"),
    ),
    hints=(
        "It is momentum and RMSprop at once: two running means, each with a beta of its own. Write it without the"
        " correction first, then add the correction.",
        "After the first step m is (1 - beta1) g. By what must it be divided to be g? That, with t in the exponent, is"
        " the correction; the running mean itself stays as it is.",
        "Two parameters share neither their means nor their t. What belongs to one of them can be one entry of the"
        " dict, such as a tuple.",
    ),
)

EXERCISES = (sgd, momentum, rmsprop, adam)
