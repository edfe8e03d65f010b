"""names.py: NameClassifier, sample_name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Layout, Run, Tensor

PLAIN: tuple[Run, ...] = ("plain",)
COUNTED: tuple[Run, ...] = ("counted",)
ON_DEVICE: tuple[Run, ...] = ("plain", "phantom")


def _classify(student: Any, call: Any) -> Any:
    """A call of NameClassifier. Options: `state` reports what is registered, `double` makes it a float64 one, `twice`
    reads another name before."""
    from autograder.exercises.fitting import fit, loaded
    from autograder.worker import probes

    model = student.NameClassifier(**call.init)
    if call.options.get("state"):
        fit(call, model)
        return probes.call_module("NameClassifier", student, call)
    model = loaded(call, model.double() if call.options.get("double") else model)
    if call.options.get("twice"):
        model(-call.args[0])
    return model(*call.args)


def _classifier_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, shape: tuple[int, int], sizes: tuple[int, int, int] = (4, 3, 2), *,
        dtype: str = "float32", layout: Layout = "contiguous", scale: float = 1.0, frozen: Sequence[str] = (),
        **rest: Any,
    ) -> Case:  # fmt: skip
        """`shape` is (letters, names), `sizes` are those of alphabet, hidden state and countries."""
        letters, hiddens, countries = sizes
        weights: dict[str, Tensor] = {}
        for layer, rows in (("i2h", hiddens), ("i2o", countries)):
            for part, size in (("weight", (rows, letters + hiddens)), ("bias", (rows,))):
                learned = f"{layer}.{part}" not in frozen
                weights[f"{layer}.{part}"] = draw.floats(size, scale, dtype=dtype, requires_grad=learned)
        given = draw.floats((*shape, letters), 1.0, dtype=dtype, layout=layout, requires_grad=True)
        init = {"input_size": letters, "hidden_size": hiddens, "output_size": countries}
        return Case(name, aspect, (given,), init=init, weights=weights, **rest)

    yield case("one letter", "basic", (1, 1), (2, 1, 2))
    yield case("one letter of three names", "basic", (1, 3), (3, 4, 5))
    yield case("two letters", "letters", (2, 1), (2, 1, 2))
    yield case("two letters of two names", "letters", (2, 2), (3, 2, 4))
    yield case("five letters", "letters", (5, 1), (4, 3, 3))
    yield case("five letters of three names", "letters", (5, 3), (4, 2, 3))
    yield case("as many of everything", "letters", (3, 3), (3, 3, 3), frozen=("i2o.bias",))
    yield case("large weights", "tanh", (3, 2), (3, 4, 3), scale=8.0)
    yield case("small weights", "tanh", (6, 1), (3, 2, 2), scale=0.5)
    yield case("scores far apart", "far apart", (2, 2), (3, 2, 4), scale=256.0)
    yield case("after another name", "anew", (3, 2), (4, 3, 2), runs=PLAIN, options={"twice": True})
    yield case("no names", "empty", (3, 0))
    yield case("float64", "float64", (3, 2), dtype="float64", options={"double": True})
    yield case("transposed letters", "layout", (3, 2), layout="transposed")
    yield case("strided letters", "layout", (2, 3), layout="strided")
    yield case("registered parameters", "state", (2, 2), (4, 3, 2), runs=PLAIN, options={"state": True})
    yield case("no letters", "errors", (0, 2))
    for size in (4, 64):
        yield case(f"{size} names", "many names", (3, size), runs=COUNTED, grows="number of names", size=size)


NameClassifier = Exercise(
    homework="hw4",
    name="NameClassifier",
    difficulty=1,
    file="names.py",
    points=3,
    arguments=("name",),
    kind="module",
    probe=_classify,
    differentiable=True,
    cases=_classifier_cases,
    max_growth=0.1,
    checks=(
        Check("value", 0.5, "The logarithm of the softmax over the countries", aspect="basic"),
        Check("value", 0.75, "the next hidden state of that,\nthrough tanh", aspect="letters", title="several letters"),
        Check("value", 0.25, "through tanh", aspect="tanh"),
        Check("value", 0.125, "The logarithm of the softmax over the countries", aspect="far apart"),
        Check("value", 0.125, "Every\ncall starts anew", aspect="anew", title="every call anew"),
        Check("value", 0.125, "a batch without names gives an empty answer", aspect="empty"),
        Check("value", 0.125, "in the dtype and on the device of the name", aspect="float64"),
        Check("layout", 0.125, "in any\nmemory layout", aspect="layout"),
        Check("state", 0.25, "they are registered under these\nnames, and nothing else is"),
        Check("errors", 0.125, "for a name without letters"),
        Check("gradient", 0.125, "Gradients flow to the name and to all parameters"),
        Check("purity", 0.125, "It is not changed"),
        Check("device", 0.125, "in the dtype and on the device of the name"),
        Check("scaling", 0.125, "torch operations does not grow with the number of names", aspect="number of names"),
    ),
    hints=(
        "Two letters, by hand: what is concatenated first, what becomes of it, what is concatenated then, and which of "
        "the two layers reads it?",
        "A loop over the first axis gives one letter of all names at a time. The hidden state starts as zeros and is "
        "replaced in every round; both layers read the same concatenation.",
        "Only the last concatenation goes through i2o. Countries are on the last axis, so that is where the "
        "probabilities add up to 1.",
    ),
)  # fmt: skip


def _sample(student: Any, call: Any) -> Any:
    from autograder.exercises.hw4 import _recurrent

    return _recurrent.sampled(student.sample_name, call)


LETTERS = "abcdehilnor'"


def _sample_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, start: str | None, category: int = 0, *, alphabet: str = LETTERS,
        table: Sequence[int] | None = None, report: str = "name", **rest: Any,
    ) -> Case:  # fmt: skip
        """The table says which output follows each state; unless the case has its own, EOS comes seldom."""
        drawn = [draw.integer(0, len(alphabet) - 1) for _ in range(STATES)]
        options = {"table": list(table) if table else drawn, "report": [report]}
        given = tensor([[float(i == category) for i in range(3)]])
        runs = ON_DEVICE if report == "name" else PLAIN
        kwargs = ({} if start is None else {"start_letter": start}) | rest
        return Case(name, aspect, (given, alphabet), kwargs, options=options, runs=runs)

    end = len(LETTERS)
    yield case("three letters at most", "basic", "a", max_length=3)
    yield case("eight letters at most", "basic", "n", 1, max_length=8)
    yield case("over at once", "end", "e", table=[end] * STATES)
    yield case("over after a while", "end", "o", 2, table=_over(end))
    yield case("over after a while, another letter", "end", "h", 1, table=_over(end))
    yield case("another category", "category", "c", 1, max_length=7)
    yield case("a third category", "category", "c", 2, max_length=7)
    yield case("the last letter of the alphabet", "last letter", "o", table=[end - 1] * STATES, max_length=5)
    yield case("a name that is over after an apostrophe", "last letter", "o", table=[end - 1, end] * 11 + [end - 1])
    yield case("one letter at most", "length", "r", max_length=1)
    yield case("two letters at most", "length", "r", max_length=2)
    yield case("as long as is allowed by default", "length", "l", 1)
    yield case("start_letter left out", "start", None, alphabet="xyzABC", max_length=6)
    yield case("an alphabet of two", "start", "y", alphabet="xy", max_length=9)
    yield case("with and without gradients", "no gradients", "d", report="flag “gradients are recorded”", max_length=4)
    yield case("what is given to the network", "given", "a", report="given", max_length=4)
    yield case("a letter that the alphabet lacks", "errors", "ß")
    yield case("a capital that the alphabet lacks", "errors", "A")
    yield case("two letters", "errors", "ab")
    yield case("no letter", "errors", "")


STATES = 23


def _over(end: int) -> list[int]:
    """A table in which every third state is the end of the name."""
    return [end if state % 3 == 1 else (5 * state) % end for state in range(STATES)]


sample_name = Exercise(
    homework="hw4",
    name="sample_name",
    difficulty=1,
    file="names.py",
    points=3,
    arguments=("category", "alphabet", "start_letter", "max_length"),
    kind="probe",
    probe=_sample,
    cases=_sample_cases,
    checks=(
        Check("value", 0.75, "which is added to the name and given to the network in turn", aspect="basic"),
        Check("value", 0.5, "The name ends\nbefore EOS", aspect="end"),
        Check("value", 0.25, "It is given to the network as it is, every time", aspect="category"),
        Check("value", 0.25, "which is none of the characters", aspect="last letter"),
        Check("value", 0.375, "or when it has `max_length` letters, the first one included", aspect="length"),
        Check("value", 0.125, "The name begins with `start_letter`", aspect="start"),
        Check("value", 0.125, "No gradients are recorded", aspect="no gradients"),
        Check("value", 0.125, "a one-hot row of shape (1, V + 1)", aspect="given"),
        Check("errors", 0.25, "when `start_letter` is not one character of the alphabet"),
        Check("device", 0.25, "with the dtype and on the device of\n`category`"),
    ),
    hints=(
        "How long is the one-hot row for an alphabet of 26 letters, and which of its places is never 1?",
        "Each round of the loop makes a row of the last letter, asks the network, and looks at the place of the "
        "largest score. Two things end the loop.",
        "Compare the place with len(alphabet) before you look a letter up. str.find says -1 for what it does not find, "
        "and -1 is the place of EOS: ask first whether the letter is in the alphabet.",
    ),
)  # fmt: skip

EXERCISES = (NameClassifier, sample_name)
