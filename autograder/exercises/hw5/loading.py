"""nmt.py, from a text to minibatches: load_data_nmt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.vocabularies import Counted

ENGLISH = ("go", "he", "is", "calm", "home")
FRENCH = ("va", "il", "est", "calme", "chez moi")


def _text(draw: Draw, pairs: int, extra: tuple[str, ...] = ()) -> str:
    """Sentences no two of which are equal: the marks at their ends count them."""
    lines = []
    for number in range(pairs):
        end = ("." * (number // 3 + 1)) + "!?,"[number % 3]
        length = draw.integer(1, 3)
        source, target = draw.words(length, ENGLISH), draw.words(length, FRENCH)
        lines.append(f"{' '.join(source)}{end}\t{' '.join(target)}{end}".capitalize())
    return "\n".join([*lines, *extra])


def _loading_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, pairs: int, report: str, batch_size: int = 4, num_steps: int = 6,
        *more: Any, extra: tuple[str, ...] = (),
    ) -> Case:  # fmt: skip
        args = (_text(draw, pairs, extra), batch_size, num_steps, *more)
        return Case(name, aspect, args, options={"report": report})

    yield case("four pairs", "basic", 4, "pairs")
    yield case("ten pairs, longer rows", "basic", 10, "pairs", 5, 9)
    yield case("hard spaces and capitals", "basic", 3, "pairs", extra=("VA\u202f! Wow\tJ'ai\xa0perdu!",))
    yield case("a line that holds no pair", "basic", 3, "pairs", extra=("go", "go .\tva ."))
    yield case("what vocabularies are made with", "vocabularies", 5, "asked")
    yield case("what is returned behind the minibatches", "vocabularies", 4, "order")
    yield case("the first three of six", "number", 6, "pairs", 3, 6, 3)
    yield case("the words of the first three of six", "number", 6, "asked", 3, 6, 3)
    yield case("more than there are", "number", 3, "pairs", 3, 6, 10)
    yield case("all", "number", 6, "pairs", 3, 6, None)
    yield case("601 pairs", "number", 601, "number", 601, 4)
    yield case("batches of four of eight pairs", "batches", 8, "sizes")
    yield case("a last batch of two", "batches", 10, "sizes")
    yield case("a batch larger than all", "batches", 3, "sizes", 64)
    yield case("shapes and dtypes", "batches", 5, "shapes", 3, 7)
    yield case("forty pairs, several times", "order", 40, "flag “always in the same order”", 8)
    yield case("forty pairs, a second time", "again", 40, "again", 8)


def _load(student: Any, call: Any) -> Any:
    text, *rest = call.args
    loaded, *vocabs = student.find("load_data_nmt")(text, Counted, *rest)
    report = call.options["report"]
    if report == "asked":
        return {report: [vocab.asked for vocab in vocabs]}
    if report == "order":
        return {report: [vocab.idx_to_token for vocab in vocabs]}
    if student.transformed:  # a loader is no part of the answer that was changed
        loaded = ()
    batches = [list(batch) for batch in loaded]
    if report == "again":
        batches = [list(batch) for batch in loaded]
    if report == "sizes":
        return {report: [len(batch[0]) for batch in batches]}
    if report == "shapes":
        return {report: [[tuple(part.shape), str(part.dtype)] for batch in batches for part in batch]}
    if report.startswith("flag"):
        orders = [_rows([list(batch) for batch in loaded]) for _ in range(3)]
        return {report: all(order == _rows(batches) for order in orders)}
    rows = sorted(_rows(batches))
    return {report: len(rows) if report == "number" else rows}


def _rows(batches: list[list[Any]]) -> list[list[Any]]:
    """Source, length, target and length of every pair."""
    return [[part.tolist() for part in pair] for batch in batches for pair in zip(*batch, strict=True)]


load_data_nmt = Exercise(
    homework="hw5",
    name="load_data_nmt",
    difficulty=1,
    file="nmt.py",
    points=3,
    kind="probe",
    probe=_load,
    arguments=("text", "batch_size", "num_steps", "num_examples"),
    uses=("preprocess_nmt", "tokenize_nmt", "build_array_nmt"),
    cases=_loading_cases,
    checks=(
        Check("value", 1, "The text goes through `preprocess_nmt`, `tokenize_nmt` and", aspect="basic"),
        Check("value", 0.625, "Source and target have a vocabulary\neach", aspect="vocabularies"),
        Check("value", 0.5, "how many pairs to read, or None for all", aspect="number"),
        Check("value", 0.375, "The last\n    minibatch is smaller where the pairs do not fill it", aspect="batches"),
        Check("value", 0.25, "in a new random order", aspect="order"),
        Check("value", 0.25, "it gives each pair once", aspect="again"),
    ),
    hints=(
        "Write down what each of the three functions of this file takes and gives. Which one needs a vocabulary?",
        "The four arrays belong together, row by row: shuffling one of them alone would marry strangers.",
        "torch.utils.data has a data set made of tensors, and a loader that shuffles it and makes batches of it.",
    ),
)

EXERCISES = (load_data_nmt,)
