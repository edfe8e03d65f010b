"""text.py, minibatches of a corpus: seq_data_iter_random, seq_data_iter_sequential."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise, Generator, Run
from autograder.exercises.hw4._sequences import random_law, read_corpus, sequential_law

PLAIN: tuple[Run, ...] = ("plain",)


def _case(
    draw: Draw, name: str, aspect: str, count: int, batch_size: int, num_steps: int, *, seeded: bool = True, **rest: Any
) -> Case:
    """A corpus of `count` different tokens in no order, or of few that repeat."""
    corpus = draw.permutation(range(3, 3 + count))
    if rest.pop("large", False):
        corpus = [2**33 + token for token in corpus]
    if rest.pop("few", False):
        corpus = [draw.integer(1, 3) for _ in range(count)]
    rng = Generator("python", draw.integer(1, 10**6)) if seeded else None
    options = {"laws": aspect != "errors", "repeats": 1, **rest}
    return Case(name, aspect, (corpus, batch_size, num_steps, rng), options=options, runs=PLAIN)


def _shared_cases(draw: Draw) -> Iterable[Case]:
    case = partial(_case, draw)
    yield case("three tokens", "basic", 3, 1, 1, repeats=3, touch=True)
    yield case("two rows of three tokens", "basic", 16, 2, 3, repeats=24, touch=True)
    yield case("three rows of four, of the global generator", "basic", 40, 3, 4, repeats=24, seeded=False)
    yield case("three tokens that repeat", "repeated", 60, 2, 4, repeats=8, few=True)
    yield case("large ids", "repeated", 30, 2, 3, repeats=8, large=True)
    yield case("three rows of three tokens", "cut", 31, 3, 3, repeats=24)
    yield case("two rows of five tokens", "cut", 47, 2, 5, repeats=24)
    yield case("three rows of two tokens", "full", 23, 3, 2, repeats=24)
    yield case("two rows of three tokens", "full", 31, 2, 3, repeats=24)
    yield case("one row of four tokens", "full", 25, 1, 4, repeats=24)
    yield case("one row of five tokens", "full", 22, 1, 5, repeats=48)
    yield case("no token", "short", 0, 2, 3, repeats=12)
    yield case("one token", "short", 1, 1, 1, repeats=3)
    yield case("one token, rows of eight", "short", 1, 2, 8, repeats=24)
    yield case("four tokens, a row of four", "short", 4, 1, 4, repeats=12)
    yield case("eight tokens, two rows of four", "short", 8, 2, 4, repeats=24)
    yield case("seven tokens, a row of five", "offset", 7, 1, 5, repeats=3000, starts="first", share=2 / 5)
    twice = [seed for seed in range(5, 19) for _ in range(2)]
    yield case("a generator", "seed", 60, 2, 5, seeds=twice, starts="first")
    yield case("the global generator", "seed", 60, 2, 5, seeds=twice, starts="first", seeded=False)
    for batch_size, num_steps in ((0, 3), (-1, 3), (2, 0), (2, -2)):
        yield case(f"batch_size {batch_size}, num_steps {num_steps}", "errors", 20, batch_size, num_steps)
    yield case("batch_size 0 and no token", "errors", 0, 0, 3)
    yield case("num_steps 0 and no token", "errors", 0, 2, 0)


def _random_cases(draw: Draw) -> Iterable[Case]:
    yield from _shared_cases(draw)
    case = partial(_case, draw)
    yield case("four steps", "offset", 24, 2, 4, repeats=800, starts="any")
    yield case("three steps, of the global generator", "offset", 12, 1, 3, repeats=400, starts="any", seeded=False)
    yield case("twenty steps", "offset", 70, 1, 20, repeats=1200, starts="any")
    yield case("forty subsequences in batches of eight", "order", 41, 8, 1, repeats=200, starts="any")
    yield case("four subsequences in batches of two", "order", 10, 2, 2, repeats=4000, starts="any")
    yield case("three subsequences in batches of one", "order", 8, 1, 2, repeats=600, starts="any", seeded=False)
    yield case("five subsequences in batches of two", "order", 6, 2, 1, repeats=600, starts="any")


def _sequential_cases(draw: Draw) -> Iterable[Case]:
    yield from _shared_cases(draw)
    case = partial(_case, draw)
    yield case("one row", "continues", 20, 1, 3, repeats=12)
    yield case("three rows", "continues", 60, 3, 4, repeats=24)
    yield case("as many rows as steps", "continues", 50, 4, 4, repeats=24)
    yield case("four steps", "offset", 30, 2, 4, repeats=800, starts="first")
    yield case("three steps, of the global generator", "offset", 15, 1, 3, repeats=400, starts="first", seeded=False)
    yield case("twenty steps", "offset", 50, 1, 20, repeats=1200, starts="first")


def _iterator(name: str, law: Any, **rest: Any) -> Exercise:
    return Exercise(
        homework="hw4",
        name=name,
        difficulty=2,
        file="text.py",
        points=4,
        kind="probe",
        probe=partial(read_corpus, name),
        laws=(law,),
        arguments=("corpus", "batch_size", "num_steps", "rng"),
        **rest,
    )


seq_data_iter_random = _iterator(
    "seq_data_iter_random",
    random_law,
    cases=_random_cases,
    checks=(
        Check("value", 1, "Y[i, t] is the token that follows X[i, t] in the corpus", aspect="basic"),
        Check("value", 0.125, "An id may occur many times", aspect="repeated"),
        Check("value", 0.5, "cut into subsequences of num_steps tokens, one behind the other", aspect="cut"),
        Check("value", 0.5, "Every batch is full", aspect="full"),
        Check("value", 0.25, "Where the corpus is too short for a batch, there is none", aspect="short"),
        Check("randomness", 0.5, "each number from 0 to num_steps - 1 with the same probability", aspect="offset",
              title="every offset"),
        Check("randomness", 0.5, "every order of them is equally likely", aspect="order", title="every order"),
        Check("randomness", 0.25, "the same state of `rng` gives the same batches", aspect="seed", title="same again"),
        Check("purity", 0.25, "The corpus is not changed", title="no side effects",
              instead={"purity:rng": "Global generators, Python's and torch's, are neither read nor"}),
        Check("errors", 0.125, "`batch_size` or `num_steps` is less than 1"),
    ),
    hints=(
        "Cut ten tokens into pieces of three by hand, for each offset that there can be. Which pieces have a label for "
        "every token?",
        "Shuffle the places where the pieces begin, not the pieces. How many are there? The last token of all is a "
        "label and nothing else.",
        "`range` with a step gives the places, rng.shuffle shuffles a list of them, and a batch is the next batch_size "
        "of them, as long as there are that many. The labels are a slice that begins one later.",
    ),
)  # fmt: skip

seq_data_iter_sequential = _iterator(
    "seq_data_iter_sequential",
    sequential_law,
    cases=_sequential_cases,
    checks=(
        Check("value", 1, "Y[i, t] is the token that follows X[i, t] in the corpus", aspect="basic"),
        Check("value", 1, "in the next batch every row goes on with the tokens that follow", aspect="continues"),
        Check("value", 0.125, "An id may occur many times", aspect="repeated"),
        Check("value", 0.25, "cut into batch_size parts of equal length", aspect="cut"),
        Check("value", 0.25, "Every batch is full", aspect="full"),
        Check("value", 0.25, "Where the corpus is too short for a batch, there is none", aspect="short"),
        Check("randomness", 0.5, "each number from 0 to num_steps - 1 with the same probability", aspect="offset",
              title="every offset"),
        Check("randomness", 0.25, "the same state of `rng` gives the same batches", aspect="seed", title="same again"),
        Check("purity", 0.25, "The corpus is not changed", title="no side effects",
              instead={"purity:rng": "Global generators, Python's and torch's, are neither read nor"}),
        Check("errors", 0.125, "`batch_size` or `num_steps` is less than 1"),
    ),
    hints=(
        "Write the tokens 0 to 11 in two rows, the first half above the second. Where does the first batch of three "
        "steps lie in this table, and where the next one?",
        "A list of batch_size times length tokens is a table after one reshape. Inputs and labels are two such tables, "
        "of which the second begins one token later.",
        "The length of a part is what is left behind the offset, without the last token, divided by batch_size. A "
        "batch is a slice of columns. What does the slice at the end have, if num_steps does not divide the length?",
    ),
)  # fmt: skip

EXERCISES = (seq_data_iter_random, seq_data_iter_sequential)
