"""nmt.py, lines of one length: truncate_pad, build_array_nmt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise

WORDS = ("go", "run", "fire", "jump", "wait", "hello", "stop", "attack")


def _line(draw: Draw, count: int) -> list[int]:
    return [int(token) for token in draw.integers((count,), 10, 99).data]


def _truncate_pad_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, line: Sequence[Any], num_steps: int, padding_token: Any = 1) -> Case:
        return Case(name, aspect, (list(line), num_steps, padding_token))

    yield case("two tokens to one", "basic", _line(draw, 2), 1)
    yield case("seven tokens to four", "basic", _line(draw, 7), 4)
    yield case("five words to two", "basic", draw.words(5, WORDS), 2, "<pad>")
    yield case("one token to two", "padding", _line(draw, 1), 2)
    yield case("three tokens to eight", "padding", _line(draw, 3), 8, 2)
    yield case("two words to five", "padding", draw.words(2, WORDS), 5, "<pad>")
    yield case("two tokens to 5000", "padding", _line(draw, 2), 5000)
    yield case("one token to one", "exact", _line(draw, 1), 1)
    yield case("four tokens to four", "exact", _line(draw, 4), 4)
    yield case("padding tokens in a short line", "content", [1, *_line(draw, 2), 1, *_line(draw, 1), 1], 9)
    yield case("padding tokens in a long line", "content", [1, *_line(draw, 1), 1, *_line(draw, 4)], 5)
    yield case("tokens with id 0", "content", [0, *_line(draw, 2), 0], 6)
    yield case("padding token 0", "content", [*_line(draw, 1), 0], 4, 0)
    yield case("words written in digits", "words", ["7", "run", "", "012"], 6, "0")
    yield case("as many words, one written in digits", "words", ["go", "1e3"], 2, "<pad>")
    yield case("an empty line", "empty", [], 3)
    yield case("no steps", "empty", _line(draw, 3), 0)
    yield case("an empty line and no steps", "empty", [], 0)
    rows = {"then": _line(draw, 5)}
    yield Case("two lines of one minibatch", "rows", (_line(draw, 2), 3, 1), options=rows, says="both answers")
    kind = {"type": True}
    yield Case("what the answer is", "list", (_line(draw, 4), 3, 1), options=kind, says="a list or not")


def _call_truncate_pad(student: Any, call: Any) -> Any:
    """One call; where the case names a second line, the answers to both, read after the second call. A tuple or an
    array counts as a list, but for the case that asks for the type: what is in it and what holds it are two questions.
    """
    first = student.truncate_pad(*call.args)
    if "type" in call.options:
        return {"it is a list": isinstance(first, list)}
    if "then" not in call.options:
        return _as_list(first)
    second = student.truncate_pad(call.options["then"], *call.args[1:])
    return [_as_list(first), _as_list(second)]


def _as_list(answer: Any) -> Any:
    if isinstance(answer, tuple):
        return list(answer)
    return answer.tolist() if hasattr(answer, "tolist") else answer


truncate_pad = Exercise(
    homework="hw5",
    name="truncate_pad",
    difficulty=1,
    file="nmt.py",
    points=6,
    arguments=("line", "num_steps", "padding_token"),
    probe=_call_truncate_pad,
    cases=_truncate_pad_cases,
    checks=(
        Check("value", 1.5, "is cut to its first `num_steps` tokens, whatever they are", aspect="basic"),
        Check("value", 1.25, "is followed by as many copies of `padding_token` as it lacks", aspect="padding"),
        Check("value", 0.5, "A line of exactly `num_steps` tokens keeps them all", aspect="exact"),
        Check("value", 0.25, "A word stays as it is", aspect="words"),
        Check("value", 0.5, "Padding tokens that already stand in the line are tokens like any", aspect="content"),
        Check("value", 0.5, "An empty line becomes padding only, and `num_steps` 0 gives", aspect="empty"),
        Check("value", 0.25, "It is always a new list", aspect="rows", title="a list for each call"),
        Check("value", 0.25, "A list of `num_steps` tokens", aspect="list", title="type of the answer"),
        Check("purity", 1, "It is always a new list, also when there is nothing to cut or to pad, and `line` is left"),
    ),
    hints=(
        "Three things can happen: the line is too long, too short, or fits. Write down the answer for each by hand.",
        "A slice that ends behind the end of a list is no error, and a list times 0 is empty.",
        "Glue two new lists: what is kept of the line, and the padding token repeated as often as tokens are missing.",
    ),
)  # fmt: skip


IDS = {"<unk>": 0, "<pad>": 1, "<bos>": 2, "<eos>": 3, **{word: 4 + i for i, word in enumerate(WORDS)}}
OTHERS = {"<eos>": 0, **{word: 1 + i for i, word in enumerate(WORDS)}, "<unk>": 9, "<pad>": 12}


def _build_array_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, lines: list[list[str]], num_steps: int, ids: dict[str, int] | None = None, **rest: Any
    ) -> Case:
        return Case(name, aspect, (lines, ids or IDS, num_steps), options=rest)

    def line(count: int) -> list[str]:
        return draw.words(count, WORDS)

    yield case("one word and its end", "basic", [line(1)], 2)
    yield case("two lines that fit", "basic", [line(2), line(2)], 3)
    yield case("three lines that fit", "basic", [line(4), line(4), line(4)], 5)
    yield case("one word in four columns", "padding", [line(1)], 4)
    yield case("lines of unequal length", "padding", [line(1), line(4), line(2)], 6)
    yield case("two words in two columns", "cut", [line(2)], 2)
    yield case("long lines between short ones", "cut", [line(1), line(7), line(4), line(3)], 4)
    yield case("one column", "cut", [line(1), line(3)], 1)
    yield case("<pad> in a short line", "content", [["go", "<pad>", "run"], line(2)], 6)
    yield case("<pad> at the end of a line", "content", [["go", "<pad>"], ["<pad>", "<pad>"]], 5)
    yield case("<eos> in a line", "content", [["go", "<eos>", "run"], ["<eos>"]], 6)
    yield case("unknown words", "content", [["go", "sesquipedalian"], ["perhaps"]], 4)
    yield case("other ids", "ids", [line(2), line(5), line(3)], 5, OTHERS)
    yield case("other ids, lines of one length", "ids", [line(3), line(3)], 6, OTHERS)
    yield case("an empty line between others", "empty", [line(2), [], line(1)], 4)
    yield case("only an empty line", "empty", [[]], 2)
    yield case("no lines", "none", [], 3)


class _Vocabulary:
    """The ids of tokens, asked for as those of a `Vocab` are: one token, or a list or tuple of them."""

    def __init__(self, ids: dict[str, int]) -> None:
        self._ids = ids
        self.token_to_idx = dict(ids)
        self.idx_to_token = sorted(ids, key=lambda token: ids[token])

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, tokens: Any) -> Any:
        unknown = self._ids["<unk>"]
        if isinstance(tokens, str):
            return self._ids.get(tokens, unknown)
        return [self._ids.get(token, unknown) for token in tokens]


def _call_build_array(student: Any, call: Any) -> Any:
    lines, ids, num_steps = call.args
    array, valid_len = student.find("build_array_nmt")(lines, _Vocabulary(ids), num_steps)
    return {"array": array, "valid_len": valid_len}


build_array_nmt = Exercise(
    homework="hw5",
    name="build_array_nmt",
    difficulty=2,
    file="nmt.py",
    points=7,
    arguments=("lines", "vocab", "num_steps"),
    uses=("truncate_pad",),
    probe=_call_build_array,
    cases=_build_array_cases,
    checks=(
        Check("value", 1.5, 'The id of `"<eos>"` is appended to each line', aspect="basic"),
        Check("value", 1, "brought to `num_steps` with `truncate_pad` and the", aspect="padding"),
        Check("value", 1, "A line that does not fit is cut, so that its `<eos>` is lost", aspect="cut"),
        Check("value", 1, 'Tokens `"<pad>"` that already stand in a', aspect="content"),
        Check("value", 0.5, '`"<pad>"` and `"<eos>"` are among its tokens, with any ids', aspect="ids"),
        Check("value", 0.5, "a line may be empty, and then its row begins with `<eos>`", aspect="empty"),
        Check("value", 0.25, "Without lines the shapes are", aspect="none", title="no lines"),
        Check("dtype", 0.5, "int64 tensors of shapes (n, num_steps) and (n,)"),
        Check("purity", 0.75, "Neither `lines` nor what is in it is changed"),
    ),
    hints=(
        "Follow one line by hand: its tokens, its ids with the end, the row of `num_steps` ids, and how many of these "
        "are no padding.",
        "How long a row's content is, you know before it is padded. Counting afterwards what differs from padding is a "
        "guess: the text may contain the padding token itself.",
        "For each line make a new list of its ids with the id of <eos> behind it. The rows are these lists after "
        "truncate_pad, the lengths are theirs, but at most num_steps. What does torch.tensor make of an empty list?",
    ),
)  # fmt: skip

EXERCISES = (truncate_pad, build_array_nmt)
