"""autograd.py: ReLU, Exp, GradScale and Linear, operators with a backward pass of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Finding, Layout, Operations, Run, Tensor, Tolerance

INF, NAN = float("inf"), float("nan")
LARGE = 2.0**14


def whose(case: Case, value: Any) -> Iterable[Finding]:
    """The class is a Function, and the way back is its own."""
    if case.options.get("way") != "whose":
        return
    if not value["a Function"]:
        message = "this is not a subclass of torch.autograd.Function, and nothing counts until it is"
        yield Finding("no_function", message, defeats=True)
    elif not value["its own way back"]:
        message = "the way back from the answer is not your backward, and nothing counts until it is"
        yield Finding("not_own", message, defeats=True)


def asked(case: Case, value: Any) -> Iterable[Finding]:
    """Gradients that nobody asked for are None, and no product is computed for them. The others have their shapes."""
    if case.options.get("way") != "asked":
        return
    wanted = case.options["of"]
    for name, held, shape in zip(("x", "weight", "bias"), case.args, value["returned"], strict=False):
        if shape is not None and name not in wanted:
            yield Finding("needless", f"backward returns a gradient of {name}, which nobody asked for, expected None")
        elif name in wanted and shape is None:
            yield Finding("lacking", f"backward returns None for {name}, whose gradient was asked for")
        elif name in wanted and tuple(shape) != held.data.shape:
            message = f"backward returns a gradient of {name} with shape {tuple(shape)}, expected {held.data.shape}"
            yield Finding(f"shape_{name}", message)
    needed = len(wanted)  # a sum over the batch can be written as a product too
    if value["products"] > needed:
        message = f"{value['products']} products are computed on the way back, where {needed} would do"
        yield Finding("products", message)


def again(case: Case, value: Any) -> Iterable[Finding]:
    """What was computed on the way forward is not computed again."""
    if case.options.get("way") == "computed again" and value["computed on the way back"]:
        name = value["computed on the way back"][0]
        yield Finding("again", f"the operator {name} is called on the way back, where the output is the derivative")


def _case(
    name: str,
    aspect: str,
    args: tuple[Any, ...],
    way: str | None = None,
    runs: tuple[Run, ...] | None = None,
    **more: Any,
) -> Case:
    """A case of an operator. Where it is tried in a `way`, arguments require their gradients in every run."""
    options: dict[str, Any] = dict(more)
    if way is not None:
        names = ("x", "weight", "bias")
        wanted = [names[i] for i, t in enumerate(args) if isinstance(t, Tensor) and t.requires_grad]
        options |= {"way": way, "of": wanted}
    return Case(name, aspect, args, runs=runs, options=options)


def _on_one(draw: Draw, scale: float = 2.0) -> Iterable[Case]:
    """What ReLU and Exp have in common: one tensor of any shape."""

    def x(shape: tuple[int, ...], dtype: str = "float32", layout: Layout = "contiguous") -> Tensor:
        return draw.floats(shape, scale, dtype=dtype, layout=layout, requires_grad=0 not in shape)

    yield _case("three numbers", "basic", (x((3,)),))
    yield _case("a matrix", "basic", (x((2, 5)),))
    yield _case("large", "basic", (x((4, 6)),))
    yield _case("one number, without axes", "shapes", (x(()),))
    yield _case("three axes", "shapes", (x((2, 3, 4)),))
    yield _case("no numbers", "shapes", (x((0, 3)),))
    yield _case("float64", "float64", (x((3, 4), "float64"),))
    for layout in ("transposed", "strided", "expanded"):
        yield _case(f"{layout} x", "layout", (x((3, 4), layout=layout),))
    yield _case("a matrix", "second", (x((3, 4)),), "twice")
    yield _case("four numbers", "grad_output", (x((4,)),), "grad_output", ("plain",))
    yield _case("a matrix", "whose", (x((2, 3)),), "whose", ("plain",), laws=True)


def _run_relu(student: Any, call: Any) -> Any:
    from autograder.exercises.hw1 import _operators

    return _operators.run(student.ReLU, call)


def _relu_cases(draw: Draw) -> Iterable[Case]:
    yield from _on_one(draw)
    yield _case("large numbers", "basic", (draw.floats((2, 3), LARGE, requires_grad=True),))
    yield _case("zeros", "zero", (tensor([0.0, -1.0, 0.0, 2.0], requires_grad=True),), "with gradients", ("plain",))
    yield _case("nothing but zeros", "zero", (tensor([[0.0, 0.0]], requires_grad=True),), "with gradients", ("plain",))
    tiny = tensor([1e-30, -1e-30, 1e-5, -1e-5], requires_grad=True)
    yield _case("very small numbers", "zero", (tiny,), "with gradients", ("plain",))
    yield _case("infinities", "infinite", (tensor([-INF, 1.0, INF, -2.0]),), runs=("plain",))
    yield _case("a NaN", "NaN", (tensor([NAN, -1.0, 2.0]),), runs=("plain",))
    x = draw.floats((5,), requires_grad=True)
    yield _case("x times -3", "overwritten", (x,), "overwritten argument", ("plain",), overwritten="x")
    yield _case("the answer times -3", "overwritten", (x,), "overwritten output", ("plain",))


ReLU = Exercise(
    homework="hw1",
    name="ReLU",
    file="autograd.py",
    difficulty=1,
    points=4,
    kind="probe",
    probe=_run_relu,
    arguments=("x",),
    differentiable=True,
    operations=Operations(forbidden=("relu*", "threshold*", "leaky_relu*", "prelu*", "rrelu*", "hardtanh*")),
    laws=(whose,),
    cases=_relu_cases,
    checks=(
        Check("value", 0.625, "keeps what is positive and puts 0 in the place of what is negative", aspect="basic"),
        Check("value", 0.125, "of any shape and layout", aspect="shapes"),
        Check("gradient", 0.75, "that of the output where x is positive, and 0 elsewhere", aspect="basic",
              title="gradients"),
        Check("value", 0.5, "The gradient at exactly 0 is 0", aspect="zero", title="gradient at zero"),
        Check("value", 0.125, "with the shape and dtype of x", aspect="float64"),
        Check("layout", 0.125, "of any shape and layout", aspect="layout"),
        Check("value", 0.125, "minus infinity becomes 0, infinity stays", aspect="infinite", title="infinities"),
        Check("value", 0.125, "A NaN stays a NaN", aspect="NaN"),
        Check("value", 0.25, "grad_output is not changed", aspect="grad_output", title="grad_output untouched"),
        Check("value", 0.25, "it is never a wrong one", aspect="overwritten", title="when x is overwritten"),
        Check("gradient", 0.25, "The backward pass can itself be differentiated", aspect="second",
              title="second derivatives"),
        Check("value", 0.25, "whose `forward` and `backward` are your own", aspect="whose", title="your own Function"),
        Check("purity", 0.125, "x is not changed"),
        Check("device", 0.25, "Works on whatever device x is on"),
        Check("operations", 0.125, "keeps every value in a tensor", aspect="basic"),
    ),
    hints=(
        "For x = (-1, 2), which of the two numbers can change the output by changing a little? What does that say of "
        "the gradient of each?",
        "The backward pass needs to know where x was positive. What can be saved on the way forward to know it? And "
        "what does it do at exactly 0?",
        "Save x (or the output) with `ctx.save_for_backward`, compare it with 0 in `backward`, and let the gradient "
        "through where the comparison holds, in a new tensor.",
    ),
)  # fmt: skip


def _run_exp(student: Any, call: Any) -> Any:
    from autograder.exercises.hw1 import _operators

    return _operators.run(student.Exp, call)


def _exp_cases(draw: Draw) -> Iterable[Case]:
    yield from _on_one(draw)
    for name, numbers in (("large numbers", [20.0, 30.5, 60.25]), ("small numbers", [-20.0, -3.5, -40.25])):
        yield _case(name, "range", (tensor(numbers, requires_grad=True),))
    yield _case("too large and too small numbers", "range", (tensor([100.0, -200.0]),), runs=("plain",))
    x = draw.floats((5,), requires_grad=True)
    yield _case("the answer times -3", "overwritten", (x,), "overwritten output", ("plain",))
    yield _case("five numbers", "saved", (x,), "computed again", ("plain",), laws=True)
    yield _case("five numbers", "forgotten", (x,), "forgotten", ("plain",))


Exp = Exercise(
    homework="hw1",
    name="Exp",
    file="autograd.py",
    difficulty=1,
    points=4,
    kind="probe",
    probe=_run_exp,
    arguments=("x",),
    differentiable=True,
    operations=Operations(),
    tolerance=Tolerance(rtol=4e-6, atol=1e-5),
    laws=(whose, again),
    cases=_exp_cases,
    checks=(
        Check("value", 0.625, "e to the power of x, elementwise", aspect="basic"),
        Check("value", 0.125, "of any shape and layout", aspect="shapes"),
        Check("gradient", 0.75, "that of the output times e to the power of x", aspect="basic", title="gradients"),
        Check("value", 0.125, "computed in its full precision", aspect="float64"),
        Check("value", 0.125, "infinity where that is too large for the dtype", aspect="range",
              title="large and small numbers"),
        Check("layout", 0.125, "of any shape and layout", aspect="layout"),
        Check("value", 0.5, "no exponential is computed on the way back", aspect="saved", title="the output is saved"),
        Check("value", 0.25, "its memory is freed at once", aspect="forgotten", title="nothing is kept alive"),
        Check("value", 0.125, "grad_output is not changed", aspect="grad_output", title="grad_output untouched"),
        Check("value", 0.25, "a wrong gradient never comes out", aspect="overwritten",
              title="when the output is overwritten"),
        Check("gradient", 0.25, "The backward pass can itself be differentiated", aspect="second",
              title="second derivatives"),
        Check("value", 0.25, "whose `forward` and `backward` are your own", aspect="whose", title="your own Function"),
        Check("purity", 0.125, "x is not changed"),
        Check("device", 0.25, "Works on whatever device x is on"),
        Check("operations", 0.125, "keeps every value in a tensor", aspect="basic"),
    ),
    hints=(
        "What is the derivative of e to the power of x? Which number of the forward pass is that?",
        "A tensor that the way back needs is handed to `ctx`. There is a method for it, and a property from which it "
        "comes back, as a tuple.",
        "Save the output, not x. In `backward` unpack the tuple, which has one element, and multiply with the gradient "
        "that comes in.",
    ),
)  # fmt: skip


def _run_grad_scale(student: Any, call: Any) -> Any:
    from autograder.exercises.hw1 import _operators

    return _operators.run(student.GradScale, call)


def _grad_scale_cases(draw: Draw) -> Iterable[Case]:
    def x(shape: tuple[int, ...], scale: float = 2.0, dtype: str = "float32", layout: Layout = "contiguous") -> Tensor:
        return draw.floats(shape, scale, dtype=dtype, layout=layout, requires_grad=True)

    def case(name: str, aspect: str, held: Tensor, scale: float, way: str = "with gradients", **more: Any) -> Case:
        return _case(name, aspect, (held, scale), way, **more)

    yield case("three numbers, halved", "basic", x((3,)), 0.5)
    yield case("a matrix, times 3", "basic", x((2, 4)), 3)
    yield case("one number, without axes", "basic", x(()), 0.25)
    yield case("large numbers", "basic", x((2, 3), LARGE), 1.5)
    yield case("times -1", "negative", x((4,)), -1)
    yield case("times -0.75", "negative", x((2, 3)), -0.75)
    yield case("times 0", "zero", x((2, 3)), 0)
    yield case("times 0.0", "zero", x((2,)), 0.0)
    yield case("float64", "float64", x((2, 3), dtype="float64"), 0.1)
    yield case("transposed x", "layout", x((3, 4), layout="transposed"), 2)
    yield case("strided x", "layout", x((3, 4), layout="strided"), 0.5)
    yield case("a matrix", "second", x((2, 3)), 0.5, "twice, as values")
    yield case("four numbers", "grad_output", x((4,)), 0.5, "grad_output", runs=("plain",))
    yield case("halved, and times -2", "two at once", x((3,)), 0.5, "two at once", runs=("plain",), other=-2.0)
    yield case("a matrix", "whose", x((2, 3)), 0.5, "whose", runs=("plain",), laws=True)


GradScale = Exercise(
    homework="hw1",
    name="GradScale",
    file="autograd.py",
    difficulty=1,
    points=4,
    kind="probe",
    probe=_run_grad_scale,
    arguments=("x", "scale"),
    operations=Operations(),
    laws=(whose,),
    cases=_grad_scale_cases,
    checks=(
        Check("value", 1.5, "that of the output multiplied with `scale`", aspect="basic", title="values and gradients"),
        Check("value", 0.5, "a Python number of either sign", aspect="negative", title="a negative scale"),
        Check("value", 0.25, "With scale 0 the gradient is a tensor of zeros", aspect="zero", title="scale 0"),
        Check("value", 0.125, "It has the dtype of x", aspect="float64"),
        Check("layout", 0.125, "has the values, shape and dtype of x", aspect="layout"),
        Check("value", 0.25, "grad_output is not changed", aspect="grad_output", title="grad_output untouched"),
        Check("value", 0.25, "The backward pass can itself be differentiated", aspect="second",
              title="second derivatives"),
        Check("value", 0.25, "do not disturb each other", aspect="two at once", title="two scales"),
        Check("value", 0.25, "whose `forward` and `backward` are your own", aspect="whose", title="your own Function"),
        Check("purity", 0.125, "x is not changed"),
        Check("device", 0.25, "Works on whatever device x is on"),
        Check("operations", 0.125, "keeps every value in a tensor", aspect="basic"),
    ),
    hints=(
        "How many arguments does `forward` have besides `ctx`, and so how many gradients does `backward` return?",
        "A number is no tensor: it cannot go into `ctx.save_for_backward`. Where else can it stay until the way back?",
        "Make it an attribute of `ctx`. `backward` returns the scaled gradient and, for the number, None.",
    ),
)  # fmt: skip


def _run_linear(student: Any, call: Any) -> Any:
    from autograder.exercises.hw1 import _operators

    return _operators.run(student.Linear, call)


def _linear_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        sizes: tuple[int, int, int],
        way: str | None = None,
        *,
        bias: Any = True,
        frozen: str = "",
        scale: float = 2.0,
        dtype: str = "float32",
        layout: Layout = "contiguous",
        **more: Any,
    ) -> Case:
        samples, inputs, outputs = sizes
        held = [
            draw.floats(
                shape, scale, dtype=dtype, layout=layout, requires_grad=samples > 0 and of not in frozen.split()
            )
            for of, shape in (("x", (samples, inputs)), ("weight", (outputs, inputs)), ("bias", (outputs,)))
        ]
        args = tuple(held) if bias is True else (*held[:2], *bias)
        return _case(name, aspect, args, way, **more)

    yield case("one sample", "basic", (1, 2, 3))
    yield case("several samples", "basic", (4, 3, 2))
    yield case("as many of everything", "basic", (3, 3, 3))
    yield case("one output", "basic", (3, 2, 1))
    yield case("large numbers", "basic", (2, 3, 4), scale=LARGE)
    yield case("left out", "no bias", (2, 3, 4), bias=())
    yield case("None", "no bias", (3, 2, 2), bias=(None,))
    yield case("the input", "frozen", (2, 3, 4), frozen="x")
    yield case("the weight", "frozen", (3, 2, 4), frozen="weight")
    yield case("the bias", "frozen", (3, 4, 2), frozen="bias")
    yield case("float64", "float64", (3, 4, 2), dtype="float64")
    yield case("an empty batch", "empty", (0, 3, 2))
    yield case("transposed arguments", "layout", (3, 4, 2), layout="transposed")
    yield case("strided arguments", "layout", (2, 4, 3), layout="strided")
    yield case("with a bias", "second", (3, 2, 4), "twice")
    yield case("without a bias", "second", (2, 3, 2), "twice", bias=())
    plain: tuple[Run, ...] = ("plain",)
    for frozen in ("x", "weight", "bias", "x weight", "x bias", "weight bias", ""):
        name = f"{' and '.join(frozen.split())} frozen" if frozen else "nothing frozen"
        yield case(name, "asked", (3, 2, 4), "asked", frozen=frozen, runs=plain, laws=True)
    yield case("no bias, x frozen", "asked", (3, 2, 4), "asked", bias=(), frozen="x", runs=plain, laws=True)
    yield case("with a bias", "grad_output", (3, 2, 4), "grad_output", runs=plain)
    yield case("x times -3", "overwritten", (3, 2, 4), "overwritten argument", overwritten="x", runs=plain)
    yield case("weight times -3", "overwritten", (3, 2, 4), "overwritten argument", overwritten="weight", runs=plain)
    yield case("with a bias", "whose", (3, 2, 4), "whose", runs=plain, laws=True)


Linear = Exercise(
    homework="hw1",
    name="Linear",
    file="autograd.py",
    points=8,
    kind="probe",
    probe=_run_linear,
    arguments=("x", "weight", "bias"),
    differentiable=True,
    operations=Operations(forbidden=("linear*",)),
    laws=(whose, asked),
    cases=_linear_cases,
    checks=(
        Check("value", 1, "A fully connected layer, `x @ weight.T + bias`", aspect="basic"),
        Check("gradient", 1.75, "The gradients with respect to x, weight and bias", aspect="basic", title="gradients"),
        Check("value", 0.5, "with None for a layer without a bias", aspect="no bias"),
        Check("gradient", 0.5, "with None for a layer without a bias", aspect="no bias",
              title="gradients: no bias"),
        Check("gradient", 0.5, "A gradient that `ctx.needs_input_grad` does not ask for is None", aspect="frozen",
              title="gradients: frozen arguments"),
        Check("value", 1, "is None, and no product is computed for it", aspect="asked",
              title="nothing that nobody asked for"),
        Check("value", 0.25, "in the dtype of x and computed in its full precision", aspect="float64"),
        Check("value", 0.25, "An empty batch gives an empty output", aspect="empty"),
        Check("layout", 0.25, "The arguments may have any memory layout", aspect="layout"),
        Check("value", 0.25, "grad_output is not changed", aspect="grad_output", title="grad_output untouched"),
        Check("value", 0.25, "a wrong gradient never comes out", aspect="overwritten",
              title="when an argument is overwritten"),
        Check("gradient", 0.5, "The backward pass can itself be differentiated", aspect="second",
              title="second derivatives"),
        Check("value", 0.25, "whose `forward` and `backward` are your own", aspect="whose", title="your own Function"),
        Check("purity", 0.25, "and are not changed"),
        Check("device", 0.25, "Works on whatever device the arguments are on"),
        Check("operations", 0.25, "keeps every value in a tensor", aspect="basic"),
    ),
    hints=(
        "Write down the shapes of x, weight, bias and grad_output. What shape must each of the three gradients have, "
        "and which product of two of the others gives it?",
        "`backward` returns as many gradients as `forward` got arguments. `ctx.needs_input_grad` has an entry for "
        "each of them: none for a bias that was left out.",
        "Begin with three gradients that are None, and compute each under an `if`. The bias was added to every row, so "
        "its gradient is the sum of all of them. Returning a None too many at the end is allowed.",
    ),
)  # fmt: skip

EXERCISES = (ReLU, Exp, GradScale, Linear)
