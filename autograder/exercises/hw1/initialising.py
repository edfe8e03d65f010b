"""init_weights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw1._starting import drawn_as_asked, probe_starting


def _init_weights_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, net: str, sizes: tuple[int, int] = (3, 2), **options: Any) -> Case:
        return Case(name, aspect, options={"net": net, "sizes": list(sizes), **options}, runs=("plain",))

    law = {"draws": True, "laws": True}
    yield case("a linear layer", "basic", "linear", (60, 100), **law)
    yield case("a layer by itself", "basic", "alone", (50, 120), **law)
    yield case("many inputs, few outputs", "basic", "linear", (300, 20), **law)
    yield case("few inputs, many outputs", "basic", "linear", (20, 300), **law)
    yield case("layers inside a layer", "basic", "nested", (60, 100), **law)
    yield case("a bias", "bias", "linear", (3, 4))
    yield case("two biases", "bias", "nested", (3, 4))
    yield case("no bias", "no bias", "no bias", (3, 4))
    yield case("no bias, many weights", "no bias", "no bias", (60, 100), **law)
    yield case("a layer derived from nn.Linear", "derived", "derived", (60, 100), **law)
    yield case("a layer derived from nn.Embedding", "derived", "derived embedding", (200, 30), **law)
    yield case("an embedding", "embedding", "embedding", (200, 30), **law)
    yield case("an embedding of other sizes", "embedding", "embedding", (400, 150), **law)
    for number in (0, draw.integer(1, 3), 4):
        yield case(f"padding row {number}", "padding", "padding", (5, 3), padding=number)
    yield case("other modules", "others", "others")
    for net in ("nested", "padding"):
        yield case(f"the parameters of {net}", "kept", net, (5, 4), parameters=True, padding=1)


init_weights = Exercise(
    homework="hw1",
    name="init_weights",
    file="layers.py",
    points=5,
    kind="probe",
    probe=probe_starting,
    arguments=("module",),
    laws=(drawn_as_asked,),
    cases=_init_weights_cases,
    checks=(
        Check("randomness", 1.25, "the weight is uniform between -a and a, where a is the square root of",
              aspect="basic"),
        Check("value", 0.5, "The bias becomes 0", aspect="bias"),
        Check("value", 0.5, "a layer may have been made without one", aspect="no bias"),
        Check("value", 0.25, "and what derives from it", aspect="derived"),
        Check("randomness", 0.75, "the weight is normal with mean 0 and standard deviation 0.02", aspect="embedding"),
        Check("value", 0.5, "The row of its `padding_idx`, where there is one, is 0, as it was", aspect="padding"),
        Check("value", 0.75, "Every other module is left as it is", aspect="others"),
        Check("value", 0.5, "The parameters are filled in place", aspect="kept"),
    ),
    hints=(
        "The function sees one module at a time. What kinds of modules does it have to tell apart?",
        "The functions in `nn.init` whose names end in an underscore fill a tensor in place. One of them has Xavier's "
        "name and the word uniform in it.",
        "A linear layer made with bias=False has None there. And an embedding that is filled as a whole needs its "
        "padding row put back to 0 afterwards, in a block in which nothing is recorded for the gradient.",
    ),
)  # fmt: skip
