"""bert.py, for the use of a trained model: truncate_pair, encode_text, BERTClassifier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Run
from autograder.exercises.hw7._building import Weights
from autograder.exercises.hw7._words import WORDS, random_vocabulary


def _truncate_cases(draw: Draw) -> Iterable[Case]:
    def text(count: int) -> list[str]:
        return draw.words(count, WORDS)

    def case(name: str, aspect: str, p: Sequence[str], h: Sequence[str], max_len: int) -> Case:
        return Case(name, aspect, (list(p), list(h), max_len))

    yield case("the first is longer by two", "longer", text(4), text(2), 7)
    yield case("the second is longer by two", "longer", text(2), text(4), 7)
    yield case("the first is much longer", "longer", text(12), text(3), 11)
    yield case("the second is much longer", "longer", text(3), text(15), 12)
    yield case("the longer one becomes as long, then both are cut", "both", text(6), text(3), 8)
    yield case("the second becomes as long, then both are cut", "both", text(4), text(9), 9)
    yield case("equally long, one too many", "ties", text(2), text(2), 6)
    yield case("equally long, two too many", "ties", text(4), text(4), 9)
    yield case("equally long, three too many", "ties", text(4), text(4), 8)
    yield case("both fit", "whole", text(3), text(4), 20)
    yield case("both fit exactly", "whole", text(3), text(4), 10)
    yield case("one token too many", "whole", text(3), text(4), 9)
    yield case("one token each", "whole", text(1), text(1), 5)
    yield case("the first is empty", "empty", [], text(5), 6)
    yield case("the second is empty", "empty", text(5), [], 6)
    yield case("both are empty", "empty", [], [], 6)
    yield case("room for one token", "none", text(3), text(3), 4)
    yield case("room for the special tokens only", "none", text(2), text(3), 3)
    yield case("no room at all", "none", text(2), text(1), 1)
    yield case("max_len 0", "none", text(1), text(2), 0)
    yield Case("two pairs, the first list changed in between", "new", (text(3), text(2), 9), options={"again": True})


def _call_truncate(student: Any, call: Any) -> Any:
    """One call; where the case asks for it, two, with the first answer's lists changed before the second."""
    from autograder.worker.probes import call_function

    if not call.options.get("again"):
        return call_function("truncate_pair", student, call)
    function = student.find("truncate_pair")
    for tokens in function(*call.args):
        if isinstance(tokens, list):
            tokens.append("!")
    return function(*call.args)


truncate_pair = Exercise(
    homework="hw7",
    name="truncate_pair",
    difficulty=1,
    file="bert.py",
    points=4,
    arguments=("p_tokens", "h_tokens", "max_len"),
    probe=_call_truncate,
    cases=_truncate_cases,
    checks=(
        Check("value", 1, "the longer one loses its last token", aspect="longer"),
        Check("value", 0.5, "While the two have more than `max_len - 3` tokens together", aspect="both"),
        Check("value", 0.5, "when they are equally\nlong, the second one does", aspect="ties"),
        Check("value", 0.75, "Texts that fit stay whole", aspect="whole"),
        Check("value", 0.25, "two new lists, the beginnings of the two texts", aspect="empty", title="an empty text"),
        Check("value", 0.25, "Below 4 nothing is left of either text", aspect="none", title="no room"),
        Check("value", 0.25, "two new lists", aspect="new", title="new lists"),
        Check("purity", 0.5, "The arguments are not changed"),
    ),
    hints=(
        "Do it with your fingers: four tokens and two, and room for four. Who loses, and how often?",
        "A loop that runs while there are too many, and takes from the longer one. What ends it when both are empty "
        "and there is still no room?",
        "Nothing has to be taken away to know how many stay: count two lengths down, and slice once at the end. A "
        "slice is a new list.",
    ),
)  # fmt: skip

PARTS = {"ids": 0, "segments": 1, "length": 2}


def _encode(student: Any, call: Any) -> Any:
    """The answer, or the part of it that the case is about."""
    from autograder.exercises.hw7._probes import _Words

    first, second, words, max_len = call.args
    answer = student.encode_text(first, second, _Words(words), max_len)
    part = call.options.get("part")
    return answer[PARTS[part]] if part and isinstance(answer, (tuple, list)) and len(answer) == 3 else answer


def _encode_cases(draw: Draw) -> Iterable[Case]:
    vocabulary = random_vocabulary(draw)

    def case(name: str, aspect: str, part: str | None, first: int, second: int | None, max_len: int) -> Case:
        texts = [None if count is None else draw.words(count, WORDS) for count in (first, second)]
        return Case(name, aspect, (*texts, vocabulary, max_len), options={"part": part} if part else {},
                    runs=("plain",))  # fmt: skip

    for part in PARTS:
        yield case("one token", part, part, 1, None, 3)
        yield case("one text", part, part, 2, None, 7)
        yield case("two texts", part, part, 2, 3, 10)
        yield case("two texts that fit exactly", part, part, 3, 1, 7)
    yield case("an empty second text", "empty", None, 2, 0, 8)
    yield case("two empty texts", "empty", None, 0, 0, 5)
    yield case("an empty text", "empty", None, 0, None, 4)
    yield case("one text, a token too long", "too long", None, 4, None, 5)
    yield case("one text, much too long", "too long", None, 12, None, 6)
    yield case("the first of two too long", "too long", None, 7, 1, 9)
    yield case("the second of two too long", "too long", None, 2, 8, 9)
    yield case("both too long", "too long", None, 5, 6, 9)
    yield case("no room for texts", "too long", None, 2, 3, 3)
    yield case("two texts", "form", None, 3, 2, 9)


encode_text = Exercise(
    homework="hw7",
    name="encode_text",
    uses=("truncate_pair",),
    difficulty=1,
    file="bert.py",
    points=2,
    probe=_encode,
    arguments=("tokens_a", "tokens_b", "vocab", "max_len"),
    cases=_encode_cases,
    checks=(
        Check("value", 0.5, 'filled up with the id of "<pad>"', aspect="ids", title="ids"),
        Check("value", 0.375, '0 up to and including the first "<sep>", 1 for the second text and its "<sep>"',
              aspect="segments", title="segments"),
        Check("value", 0.25, "the number of tokens before padding", aspect="length", title="valid length"),
        Check("value", 0.1875, "An empty list is a second text too", aspect="empty", title="empty texts"),
        Check("value", 0.375, "Special tokens are never cut off", aspect="too long"),
        Check("value", 0.1875, "A tuple of three tensors, all int64", aspect="form", title="three tensors"),
        Check("purity", 0.125, "No argument is changed"),
    ),
    hints=(
        "Write the tokens down as a list of strings first, special tokens included. What is their number called?",
        "How many special tokens has one text, and how many have two? The room that they need is there before "
        "anything is cut.",
        "Shorten, build the list, count it, make the segments as long, fill both lists up to max_len, and only then "
        "make tensors.",
    ),
)  # fmt: skip


def _classify(student: Any, call: Any) -> Any:
    from autograder.exercises.hw7 import _classifying

    return _classifying.classify(student.BERTClassifier, call)


def _classifier_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, shape: tuple[int, int], classes: int, *, lengths: Any = None, hiddens: int = 3,
        hidden: int = 3, **options: Any,
    ) -> Case:  # fmt: skip
        vocab, make = 6, Weights(draw)
        weights = {"encoder.words": make.floats(vocab, hiddens), "encoder.sides": make.floats(2, hiddens)}
        weights |= make.linear("hidden.0", hiddens, hidden) | make.linear("output", hidden, classes)
        ids = draw.integers(shape, 0, vocab - 1), draw.integers(shape, 0, 1)
        inputs = (*ids, None if lengths is None else tensor(lengths))
        runs: tuple[Run, ...] | None = ("plain",) if options else None
        return Case(name, aspect, (inputs,), init={"num_classes": classes}, weights=weights, options=options, runs=runs)

    yield case("one text", "basic", (1, 2), 3)
    yield case("three texts", "basic", (3, 4), 3)
    yield case("as many texts as steps", "basic", (3, 3), 3)
    yield case("valid lengths", "lengths", (3, 4), 3, lengths=[2, 4, 1])
    yield case("valid lengths in float32", "lengths", (2, 3), 3, lengths=[3.0, 2.0])
    yield case("two classes", "classes", (2, 3), 2)
    yield case("five classes, a wider hidden layer", "classes", (2, 3), 5, hidden=4)
    yield case("what bert has", "taken over", (2, 3), 3, shared=True)
    yield case("in training mode, what bert has", "taken over", (2, 3), 2, hidden=5, shared=True)
    yield case("registered parameters", "state", (2, 3), 3, hidden=4, state=True)


BERTClassifier = Exercise(
    homework="hw7",
    name="BERTClassifier",
    file="bert.py",
    points=3,
    kind="module",
    probe=_classify,
    arguments=("inputs",),
    differentiable=True,
    cases=_classifier_cases,
    checks=(
        Check("value", 0.75, "sends the first token of each, `<cls>`, through `hidden` and `output`", aspect="basic"),
        Check("value", 0.375, "a tuple (tokens, segments, valid_lens), as for `BERTEncoder`", aspect="lengths"),
        Check("value", 0.25, "however many these\n                  are, to num_classes", aspect="classes"),
        Check("value", 0.5, "Encoder and hidden layer are taken over, not copied", aspect="taken over"),
        Check("state", 0.375, "Registered are, under these names and nothing else"),
        Check("gradient", 0.375, "Gradients flow to all parameters"),
        Check("purity", 0.125, "No argument is changed"),
        Check("device", 0.25, "Works on whatever device the arguments and the\n        parameters are on"),
    ),
    hints=(
        "What did `BERTModel` do to get from a sequence to the scores of a pair? All of it but the last layer is what "
        "you need.",
        "Assigning a module to an attribute registers it; it does not copy anything. How does a linear layer tell how "
        "many outputs it has?",
        "Encode with all three inputs, take the first step of each sequence, and send it through the two layers. The "
        "cross entropy wants the scores as they are.",
    ),
)  # fmt: skip
