"""pad_bert_inputs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw7._probes import probe_pad_bert_inputs
from autograder.exercises.hw7._words import WORDS


def _pad_cases(draw: Draw) -> Iterable[Case]:
    usual = ["<pad>", *WORDS[:20]]
    scattered = [*WORDS[:3], "<pad>", *WORDS[3:20]]

    def example(length: int, predictions: int, is_next: bool = True, low: int = 1) -> tuple[Any, ...]:
        positions = sorted(draw.permutation(range(length))[:predictions])
        ids = [draw.integer(max(low, 4), 20) for _ in range(length)]
        labels = [draw.integer(1, 20) for _ in range(predictions)]
        first = max(1, length // 2)
        return ids, positions, labels, [0] * first + [1] * (length - first), is_next

    def case(name: str, aspect: str, parts: Any, examples: list[Any], max_len: int, words: list[str] = usual) -> Case:
        options = {"parts": list(parts)} if parts else {"form": aspect == "form"}
        return Case(name, aspect, (examples, max_len, words), options=options, runs=("plain", "counted"))

    three = [example(6, 1), example(12, 2, False), example(9, 0)]
    yield case("one example", "basic", (0,), [example(4, 1)], 8)
    yield case("unequal lengths", "basic", (0,), three, 20)
    yield case("one example", "segments", (1,), [example(4, 1)], 8)
    yield case("unequal lengths", "segments", (1,), three, 20)
    yield case("one example", "lengths", (2,), [example(4, 1)], 8)
    yield case("unequal lengths", "lengths", (2,), three, 20)
    for name, part in (("positions", 3), ("weights", 4), ("labels", 5)):
        yield case("one prediction of three", name, (part,), [example(8, 1), example(5, 0, False)], 20)
        yield case("one, two and none of three", name, (part,), three, 20, scattered)
        yield case("three of three", name, (part,), [example(17, 3), example(15, 1)], 20)
        yield case("position 0", name, (part,), [([4, 7, 5], [0, 2], [8, 9], [0, 0, 1], False)], 20)
        yield case("position 0 and label 0", name, (part,), [([4, 7, 5], [0, 2], [0, 9], [0, 0, 1], False)], 20)
    yield case("true and false", "next", (6,), [example(4, 1), example(4, 1, False), example(5, 0, False)], 8)
    yield case("<pad> is not the first word", "padding", (0,), [example(4, 1), example(7, 1)], 8, scattered)
    special = [([3, 0, 5, 3], [1], [0], [0, 0, 1, 1], True), ([0, 0], [], [], [0, 1], False)]
    yield case("ids 0 and 3 among the tokens", "padding", (0,), special, 8, scattered)
    yield case("ids 0 and 3 among the tokens", "lengths", (2,), special, 8, scattered)
    yield case("one example", "form", None, [example(4, 1)], 8)
    yield case("no examples", "form", None, [], 8)
    yield case("every example of full length", "full", (0,), [example(20, 1), example(20, 2)], 20)
    yield case("one example of full length", "full", (0,), [example(7, 1), example(6, 1)], 7)
    predictions = (3, 4, 5)
    yield case("three of four, half rounded to even", "rounding", predictions, [example(20, 3), example(29, 1)], 30)
    yield case("fractions above one half", "rounding", predictions, [example(11, 1), example(9, 2)], 12)
    yield case("two of two", "rounding", predictions, [example(12, 2), example(9, 0)], 13)
    yield case("fractions below one half", "rounding", predictions, [example(12, 2), example(9, 1)], 16)
    yield case("room for no prediction", "rounding", predictions, [example(2, 0)], 3)
    yield case("one token too many", "errors", None, [example(4, 0), example(9, 1)], 8)
    yield case("one prediction too many", "errors", None, [example(6, 1), example(15, 4)], 20)
    parts = [([4, 7, 5, 6, 9], [1], [8], [0, 0, 1, 2, 2], True), ([5, 4, 4], [], [], [3, 1, 0], False)]
    yield case("four segments", "segments", (1,), parts, 8)
    alike = [example(8, 1), example(8, 1), example(9, 1, False), example(10, 2), example(6, 0), example(5, 0)]
    yield Case("written into", "own tensors", (alike, 10, usual), options={"write": True})


pad_bert_inputs = Exercise(
    homework="hw7",
    name="pad_bert_inputs",
    file="bert_data.py",
    points=10,
    kind="probe",
    probe=probe_pad_bert_inputs,
    arguments=("examples", "max_len", "vocab"),
    cases=_pad_cases,
    checks=(
        Check("value", 1, "token ids, shape (max_len,), int64", aspect="basic", title="token ids"),
        Check("value", 0.5, "segments, shape (max_len,), int64, filled up with 0", aspect="segments", title="segments"),
        Check("value", 1, "the valid length, shape (), float32: the number of token ids before padding",
              aspect="lengths", title="valid lengths"),
        Check("value", 1, "predicted positions, shape (M,), int64, filled up with 0", aspect="positions",
              title="positions"),
        Check("value", 1, "weights, shape (M,), float32: 1 for each prediction, 0 for padding", aspect="weights",
              title="weights"),
        Check("value", 1, "label ids, shape (M,), int64, filled up with 0", aspect="labels", title="labels"),
        Check("value", 0.5, "is_next, shape (), int64: 1 for true, 0 for false", aspect="next", title="is_next"),
        Check("value", 0.5, 'filled up with the id of "<pad>"', aspect="padding", title="padding id"),
        Check("value", 0.5, "A tuple of seven lists, each with one tensor for each example", aspect="form",
              title="seven lists"),
        Check("value", 0.5, "An example that fills max_len or M exactly gets no padding", aspect="full",
              title="nothing to pad"),
        Check("value", 0.5, "With M = round(max_len * 0.15), by Python's own round", aspect="rounding",
              title="how many predictions"),
        Check("dtype", 0.5, "with the dtype that is given here"),
        Check("purity", 0.5, "No argument is changed"),
        Check("value", 0.25, "what is written into one shows in no other", aspect="own tensors",
              title="tensors of their own"),
        Check("determinism", 0.25, "The same examples give the same answer every time"),
        Check("errors", 0.5, "for an example with more than max_len token ids or more than M predictions"),
    ),
    hints=(
        "Two lengths are padded: max_len for what belongs to tokens, and M for what belongs to predictions.",
        "How many paddings does each of the seven get? Count from the example before anything is padded; a negative "
        "count means an example that does not fit.",
        "For each example, append to each of seven lists one tensor with the dtype that the docstring gives.",
    ),
)  # fmt: skip
