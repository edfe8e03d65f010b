"""conv.py, how large the answer is: conv_output_size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise


def _size_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, *args: int, **rest: Any) -> Case:
        return Case(name, aspect, args, rest)

    yield case("a kernel of 1", "basic", 4, 1)
    yield case("a kernel of 2 on 5", "basic", 5, 2)
    yield case("random sizes", "basic", draw.integer(20, 40), draw.integer(3, 9))
    yield case("a kernel as large as the input", "basic", 6, 6)
    yield case("stride 2 that ends at the edge", "stride", 7, 3, stride=2)
    yield case("stride 3 that ends at the edge", "stride", 10, 4, stride=3)
    yield case("stride as large as the kernel", "stride", 12, 3, 3)
    yield case("stride 2 that does not end at the edge", "floor", 8, 3, stride=2)
    yield case("stride 3 that does not end at the edge", "floor", 9, 2, stride=3)
    yield case("a stride larger than what is left", "floor", 5, 4, stride=7)
    yield case("stride 4 with a remainder of 3", "floor", 227, 12, stride=4)
    yield case("padding 1", "padding", 5, 3, padding=1)
    yield case("padding 2 for a kernel of 5", "padding", 28, 5, 1, 2)
    yield case("more padding than half of the kernel", "padding", 28, 5, padding=4)
    yield case("as much padding as the kernel has entries", "padding", 28, 1, padding=1)
    yield case("padding and stride", "padding", 8, 3, 2, 1)
    yield case("padding makes room for the kernel", "padding", 2, 5, padding=2)
    yield case("dilation 2", "dilation", 9, 3, dilation=2)
    yield case("dilation 3 of a kernel of 2", "dilation", 9, 2, dilation=3)
    yield case("dilation of a kernel of 1", "dilation", 5, 1, dilation=4)
    yield case("dilation as large as there is room", "dilation", 9, 5, dilation=2)
    yield case("all of them", "all", 31, 4, 3, 2, 2)
    yield case("all of them, random", "all", draw.integer(40, 90), draw.integer(2, 6), draw.integer(2, 5),
               draw.integer(1, 4), draw.integer(2, 4))  # fmt: skip
    yield case("all of them, even", "all", 64, 7, 2, 3, 3)
    yield case("a huge input", "large", 10**17 + 6, 3, stride=2)
    yield case("a kernel larger than the input", "errors", 3, 4)
    yield case("a kernel larger than the padded input", "errors", 2, 7, padding=2)
    yield case("a dilated kernel larger than the input", "errors", 4, 3, dilation=2)
    yield case("a kernel one larger, stride 2", "errors", 3, 4, stride=2)
    yield case("a kernel three larger, stride 5", "errors", 3, 6, stride=5)


conv_output_size = Exercise(
    homework="hw3",
    name="conv_output_size",
    difficulty=1,
    file="conv.py",
    points=4,
    arguments=("n", "kernel_size", "stride", "padding", "dilation"),
    cases=_size_cases,
    checks=(
        Check("value", 0.75, "The number of places of the kernel that fit into the padded input", aspect="basic"),
        Check("value", 0.5, "places by which the kernel moves on", aspect="stride"),
        Check("value", 0.75, "A last step that would", aspect="floor", title="a last step that does not fit"),
        Check("value", 0.5, "places that are added at *both* ends", aspect="padding"),
        Check("value", 0.5, "With dilation d a kernel of k entries", aspect="dilation"),
        Check("value", 0.25, "The size of what a convolution or pooling makes of an axis", aspect="all",
              title="everything at once"),
        Check("value", 0.25, "an int of at least 1", aspect="large", title="large inputs"),
        Check("errors", 0.5, "when the kernel spans more than the padded input"),
    ),
    hints=(
        "Draw seven boxes and slide a kernel of three over them, by one and then by two. Where does it start the "
        "last time?",
        "The first place is there without moving. How far can the kernel still move, and how many steps is that?",
        "How far it can move: the padded size less what the kernel spans. Divide by the stride, rounding down, and "
        "count the first place too. In Python // rounds down and gives an int, also for a negative number: is there "
        "one?",
    ),
)  # fmt: skip

EXERCISES = (conv_output_size,)
