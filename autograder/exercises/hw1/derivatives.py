"""autograd.py: nth_derivative, vjp and detach_product."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Layout, Tensor, Tolerance

PRELOAD = ("torch.fx.experimental.symbolic_shapes",)  # which torch.autograd.grad imports when it is given a vector


def _run_nth(student: Any, call: Any) -> Any:
    from autograder.exercises.hw1 import _derivatives

    return _derivatives.of(student.nth_derivative, call)


def _nth_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        n: int,
        shape: tuple[int, ...] = (3,),
        *,
        dtype: str = "float32",
        layout: Layout = "contiguous",
        **options: Any,
    ) -> Case:
        x = draw.floats(shape, dtype=dtype, layout=layout, requires_grad=0 not in shape)
        return Case(f"{name}, n = {n}", aspect, (x, n), options={"f": name, **options})

    yield case("x squared", "basic", 1, (2,))
    yield case("x cubed", "basic", 1)
    yield case("x cubed", "basic", 2, (2, 3))
    yield case("x sin x", "basic", 2, (4,))
    yield case("x to the fourth, minus x", "higher", 3, (2, 2))
    yield case("exp x", "higher", 4)
    yield case("x sin x", "higher", 5, (2,))
    yield case("1 / (1 + x squared)", "higher", 3, (3,), dtype="float64")
    yield case("x cubed where x > 0, else x squared", "higher", 2, (6,))
    yield case("sin x", "none", 0, (2, 3))
    yield case("x cubed", "shapes", 2, ())
    yield case("x cubed", "shapes", 1, (2, 3, 2))
    yield replace(case("exp x", "shapes", 2, (0, 3)), runs=("plain",))
    yield case("x cubed", "layout", 2, (3, 4), layout="transposed")
    yield case("x sin x", "layout", 1, (2, 4), layout="strided")
    flat = (("x squared", 3), ("3 x - 2", 2), ("x", 2), ("x cubed", 6), ("a constant", 1), ("a constant", 2))
    for name, n in (*flat, ("a parameter", 1), ("a parameter", 3)):
        yield replace(case(name, "vanishing", n, (2, 2)), runs=("plain",))
    yield case("x sin x", "float64", 3, (4,), dtype="float64")
    left = ("x requires a gradient", "x.grad")
    yield replace(case("x cubed", "left alone", 2, facts=list(left)), runs=("plain",))
    yield replace(case("x cubed", "left alone", 2, leaf=True, facts=["answer", *left]), runs=("plain",))
    yield replace(case("x cubed", "errors", -1), runs=("plain",))


nth_derivative = Exercise(
    homework="hw1",
    name="nth_derivative",
    file="autograd.py",
    points=4,
    kind="probe",
    probe=_run_nth,
    preload=PRELOAD,
    arguments=("x", "n"),
    differentiable=True,
    tolerance=Tolerance(rtol=4e-6, atol=1e-5),
    cases=_nth_cases,
    checks=(
        Check("value", 1, "The n-th derivative of a function, at every element of x", aspect="basic"),
        Check("value", 0.5, "how often f is differentiated", aspect="higher", title="values: higher derivatives"),
        Check("value", 0.25, "With n = 0 it is f(x)", aspect="none", title="values: n = 0"),
        Check("value", 0.125, "a floating-point tensor of any shape", aspect="shapes"),
        Check("layout", 0.125, "a floating-point tensor of any shape", aspect="layout"),
        Check("value", 0.625, "A derivative that vanishes is a tensor of zeros", aspect="vanishing",
              title="values: derivatives that vanish"),
        Check("value", 0.125, "with the shape and dtype of x", aspect="float64"),
        Check("value", 0.25, "whether it requires a gradient, and its `.grad`", aspect="left alone",
              title="x is left alone"),
        Check("errors", 0.125, "when n is negative"),
        Check("gradient", 0.5, "Gradients flow to x where it requires one"),
        Check("purity", 0.125, "x stays as it is: its values"),
        Check("device", 0.25, "Works on whatever device x is on"),
    ),
    hints=(
        "What is the gradient of y.sum() with respect to x when each y[i] depends on x[i] only? And what must a "
        "gradient have so that it can be differentiated again?",
        "`torch.autograd.grad` takes `create_graph=True`. Which tensor has to require a gradient, and how do you get "
        "such a one without changing the caller's?",
        "Begin with y = f(x). Put the gradient of its sum in the place of y, n times. Before each time ask whether y "
        "requires a gradient at all, and look up what `materialize_grads` does for one that does not depend on x.",
    ),
)  # fmt: skip


def _run_vjp(student: Any, call: Any) -> Any:
    from autograder.exercises.hw1 import _derivatives

    return _derivatives.of(student.vjp, call)


def _vjp_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        x: tuple[int, ...],
        v: tuple[int, ...],
        *,
        of_x: str = "",
        dtype: str = "float32",
        layout: Layout = "contiguous",
        grows: tuple[str, int] | None = None,
        **options: Any,
    ) -> Case:
        args = (draw.floats(x, dtype=dtype, layout=layout), draw.floats(v, dtype=dtype, layout=layout))
        scaling: dict[str, Any] = {} if grows is None else {"grows": grows[0], "size": grows[1], "runs": ("counted",)}
        return Case(f"{name}{of_x}", aspect, args, options={"f": name, **options}, **scaling)

    yield case("x squared", "basic", (2,), (2,))
    yield case("a matrix times x", "basic", (2,), (3,))
    yield case("a matrix times x", "basic", (4,), (3,), of_x=" of four elements")
    yield case("products of all pairs", "basic", (3,), (3, 3))
    yield case("the sum of squares", "shapes", (4,), ())
    yield case("the first two elements squared", "shapes", (4,), (2,))
    yield case("x transposed, cubed", "shapes", (2, 3), (3, 2))
    yield case("exp x", "shapes", (), ())
    yield case("x cubed", "shapes", (0,), (0,))
    yield case("x transposed, cubed", "layout", (3, 4), (4, 3), of_x=", transposed", layout="transposed")
    yield case("x cubed", "layout", (2, 4), (2, 4), of_x=", strided", layout="strided")
    yield case("a constant", "vanishing", (3,), (3,))
    yield case("a parameter", "vanishing", (2, 2), (2, 2))
    yield case("products of all pairs", "float64", (3,), (3, 3), dtype="float64")
    left = ["answer", "x requires a gradient", "x.grad"]
    yield case("x cubed", "left alone", (3,), (3,), facts=left)
    yield case("x cubed", "left alone", (3,), (3,), of_x=", where x requires a gradient", facts=left, leaf=True)
    parameter = ["answer", "flag “a parameter of f has got a gradient”"]
    yield case("a parameter times x cubed", "parameters", (3,), (3,), facts=parameter)
    graph = ["flag “the answer requires a gradient”"]
    yield case("x cubed", "graph", (3,), (3,), facts=graph)
    yield case("x cubed", "graph", (3,), (3,), of_x=", where x requires a gradient", facts=graph, leaf=True)
    for v in ((3,), (1, 4), (4, 1), (1,), ()):
        yield case("x squared", "errors", (4,), v, of_x=f", v of shape {v}")
    for size in (16, 64, 256):
        yield case(f"x squared, {size} times", "outputs", (4,), (4 * size,), grows=("outputs", size))


vjp = Exercise(
    homework="hw1",
    name="vjp",
    file="autograd.py",
    points=4,
    kind="probe",
    probe=_run_vjp,
    preload=PRELOAD,
    arguments=("x", "v"),
    cases=_vjp_cases,
    max_growth=0.2,
    checks=(
        Check("value", 1.25, "the sum over all i of v[i] times the derivative of f(x)[i]", aspect="basic"),
        Check("value", 0.5, "gives a tensor of any shape", aspect="shapes"),
        Check("layout", 0.125, "a floating-point tensor of any shape", aspect="layout"),
        Check("value", 0.25, "Where f does not depend on x, it is a tensor of zeros", aspect="vanishing",
              title="values: f does not depend on x"),
        Check("value", 0.125, "with the shape and dtype of x", aspect="float64"),
        Check("value", 0.25, "nor whether x requires a gradient, nor any `.grad`", aspect="left alone",
              title="x is left alone"),
        Check("value", 0.25, "not those of parameters that f may hold", aspect="parameters",
              title="parameters are left alone"),
        Check("value", 0.125, "It requires no gradient", aspect="graph", title="no graph is left"),
        Check("errors", 0.25, "when v does not have the shape of f(x), even if it could be broadcast to it"),
        Check("scaling", 0.25, "neither the number of torch operations", aspect="outputs"),
        Check("memory", 0.25, "nor the memory grows with the number of outputs", aspect="outputs",
              title="no Jacobian is formed"),
        Check("purity", 0.125, "neither the values of x and v"),
        Check("device", 0.25, "Works on whatever device x is on"),
    ),
    hints=(
        "For which v is v times the Jacobian the gradient of f(x).sum()? And for any v, of which sum is it one?",
        "`torch.autograd.grad` takes the vector as `grad_outputs` and gives the gradient back instead of adding it to "
        "`.grad`. What does it need of x?",
        "Take a detached x that requires a gradient, call f once, compare shapes, and ask `torch.autograd.grad` for "
        "the gradient. An answer of f that requires none does not depend on x.",
    ),
)  # fmt: skip


def _run_product(student: Any, call: Any) -> Any:
    from autograder.exercises.hw1 import _derivatives

    return _derivatives.product(student.detach_product, call)


def _product_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, x: Tensor, *report: str, **options: Any) -> Case:
        return Case(name, aspect, (x,), options={"report": list(report), **options})

    of_z = ("z", "gradient of z")
    yield case("two numbers", "basic", tensor([2.0, -3.0]), *of_z)
    yield case("three numbers", "basic", draw.floats((3,)), *of_z)
    yield case("a matrix", "basic", draw.floats((2, 4)), *of_z)
    yield case("large numbers", "basic", draw.floats((2, 3), 2.0**10), *of_z)
    yield case("three numbers", "y", draw.floats((3,)), "gradient of y")
    yield case("a matrix", "y", draw.floats((3, 2)), "gradient of y")
    yield case("three numbers", "values of y", draw.floats((3,)), "y")
    yield case("a matrix", "values of y", draw.floats((3, 2)), "y")
    yield case("three numbers", "both", draw.floats((3,)), "gradient of a loss of both")
    yield case("a matrix", "both", draw.floats((2, 3)), "gradient of a loss of both")
    everything = ("y", "z", "gradient of y", "gradient of z")
    yield case("one number, without axes", "shapes", draw.floats(()), *everything)
    yield case("no numbers", "shapes", draw.floats((0, 2)), "y", "z")
    yield case("x without a gradient", "shapes", draw.floats((3,)), "y", "z", leaf=False)
    yield case("float64", "float64", draw.floats((2, 3), dtype="float64"), *everything)
    yield case("transposed x", "layout", draw.floats((3, 4), layout="transposed"), *everything)
    yield case("strided x", "layout", draw.floats((3, 4), layout="strided"), *everything)


detach_product = Exercise(
    homework="hw1",
    name="detach_product",
    file="autograd.py",
    difficulty=1,
    points=4,
    kind="probe",
    probe=_run_product,
    arguments=("x",),
    cases=_product_cases,
    checks=(
        Check("value", 1.5, "its gradient with respect to x is u, that is x squared", aspect="basic",
              title="z and its gradient"),
        Check("value", 0.75, "its gradient with respect to x is 2 x", aspect="y", title="gradient of y"),
        Check("value", 0.5, "y keeps its values", aspect="values of y", title="values of y"),
        Check("value", 0.5, "a loss that is made of y and z gets both", aspect="both", title="a loss of both"),
        Check("value", 0.125, "a floating-point tensor of any shape", aspect="shapes"),
        Check("value", 0.125, "with the shape and dtype of x", aspect="float64"),
        Check("layout", 0.125, "a floating-point tensor of any shape", aspect="layout"),
        Check("purity", 0.125, "x is not changed"),
        Check("device", 0.25, "Works on whatever device x is on"),
    ),
    hints=(
        "Write the gradient of z = u x down, once with u = x squared, once with u a number that does not change.",
        "`detach` is a method that gives another tensor and leaves its own as it is. Which of the two has to go into "
        "the product, and which is returned?",
        "Three lines: y, then u as y without its history, then their product, as a new tensor.",
    ),
)  # fmt: skip

EXERCISES = (nth_derivative, vjp, detach_product)
