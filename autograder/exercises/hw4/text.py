"""text.py: tokenize, Vocab."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise, Run
from autograder.exercises.hw4._vocab import use_vocab

WORDS = ("time", "machine", "traveller", "the", "of", "was", "space", "in", "one", "hill", "moon", "I", "Filby", "me.")
SIZES = {
    "corpus": (512, 2048, 8192),
    "number of lines": (1024, 4096, 16384),
    "number of tokens looked up": (1000, 4000, 16000),
    "number of short lists": (250, 1000, 4000),
    "number of ids": (1024, 4096, 16384),
}


def _tokenize_cases(draw: Draw) -> Iterable[Case]:
    def line(count: int) -> str:
        return " ".join(draw.words(count, WORDS))

    yield Case("one word", "basic", (["time"],))
    yield Case("two lines", "basic", (["the time machine", "by h g wells"],))
    yield Case("random lines", "basic", ([line(count) for count in (3, 1, 5)], "word"))
    yield Case("capitals and punctuation", "content", (["I don't, said Filby.", "It's  well-known: 4-D!"], "word"))
    foreign = ["naïve Ærøskøbing, ﬁn?", "e\u0301te\u0301 ¡Größe! 中文 字"]
    yield Case("letters of other languages", "content", (foreign, "word"))
    yield Case("characters of other languages", "char", (foreign, "char"))
    again = {"changed": True}
    yield Case("words, changed afterwards", "new lists", (["so it", "is", "so it"], "word"), options=again)
    yield Case("characters, changed afterwards", "new lists", (["so", "", "so"], "char"), options=again)
    yield Case("two spaces", "white space", (["so  it"], "word"))
    yield Case("spaces at the ends", "white space", (["  will be ", "was "], "word"))
    yield Case("tabs and line ends", "white space", (["the\ttime\n", "\r\nmachine \t by\n"], "word"))
    yield Case("a blank line between", "empty", (["i", "", "see"], "word"))
    yield Case("lines of white space", "empty", ([" ", "\t\n", "a b"], "word"))
    yield Case("no lines", "empty", ([], "word"))
    yield Case("characters", "char", (["time", "by"],), {"token": "char"})
    yield Case("characters and spaces", "char", ([" so  it ", "I\tam.\n", line(3)], "char"))
    yield Case("characters of an empty line", "char", (["a", "", " "], "char"))
    yield Case("characters of no lines", "char", ([], "char"))
    for token in ("subword", "Word", "characters", "CHAR", "Char", "WORD", "words", "chars"):
        yield Case(f"type {token}", "errors", (["the time machine"], token), options={"names": token})
    yield Case("type of no name", "errors", (["time"], ""))
    yield Case("unknown type and no lines", "errors", ([], "byte"), options={"names": "byte"})


def _call_tokenize(student: Any, call: Any) -> Any:
    """One call; where the case asks for it, two, with every list of the first answer changed before the second."""
    from autograder.worker.probes import call_function

    if not call.options.get("changed"):
        return call_function("tokenize", student, call)
    first = student.tokenize(*call.args)
    for tokens in first:
        if isinstance(tokens, list):
            tokens.append("!")
    return [first, student.tokenize(*call.args)]


tokenize = Exercise(
    homework="hw4",
    name="tokenize",
    difficulty=1,
    file="text.py",
    points=6,
    arguments=("lines", "token"),
    probe=_call_tokenize,
    cases=_tokenize_cases,
    checks=(
        Check("value", 1.25, "one list of tokens for each line, in the order of the lines", aspect="basic"),
        Check("value", 0.5, "Letters and punctuation stay as they are", aspect="content"),
        Check("value", 1, "any run of spaces, tabs or line ends separates two words", aspect="white space"),
        Check("value", 0.5, "A blank line gives an empty list of words", aspect="empty"),
        Check("value", 0.25, "Every line has a list of its own, made anew in every call", aspect="new lists"),
        Check("value", 1, "the tokens are all characters of the line, spaces included", aspect="char"),
        Check("errors", 1, "any other type of token, with a message that names the type, even when `lines` is empty"),
        Check("purity", 0.5, "The list `lines` is not changed"),
    ),
    hints=(
        "The answer is a list of lists. Write down what it must be for two lines, one of them blank, then find the "
        "method of str that gives one of the inner lists.",
        "`str.split` with an argument and without one treat two spaces in a row differently. And what does `list` make "
        "of a string?",
        "Decide what to do from `token` first, before the lines are touched: one case for each type, and when none "
        "fits, an exception that shows the value of `token`.",
    ),
)  # fmt: skip

BUILT = ["vocab.idx_to_token", "vocab.token_to_idx", "len(vocab)"]


def _shuffled(draw: Draw, counts: dict[str, int]) -> list[str]:
    return draw.permutation([token for token, count in counts.items() for _ in range(count)])


def _in_lines(draw: Draw, tokens: Sequence[str]) -> list[list[str]]:
    """The tokens in lines of 0 to 4."""
    lines, start = [], 0
    while start < len(tokens):
        stop = start + draw.integer(0, 4)
        lines.append(list(tokens[start:stop]))
        start = stop
    return lines


def _vocab_cases(draw: Draw) -> Iterable[Case]:
    def built(name: str, aspect: str, tokens: Any, min_freq: int = 0, reserved: Sequence[str] = ()) -> Case:
        runs: tuple[Run, ...] | None = ("plain", "counted") if aspect == "basic" else None
        return Case(name, aspect, (tokens, min_freq, list(reserved)), runs=runs, options={"read": BUILT})

    def asked(name: str, aspect: str, tokens: Any, **rest: Any) -> Case:
        return Case(name, aspect, (tokens, rest.pop("min_freq", 0), rest.pop("reserved", [])), options=rest)

    pool = draw.permutation(WORDS)
    clear = dict(zip(pool, (9, 7, 4, 2, 1), strict=False))  # no two alike
    equal = dict(zip(pool, (3, 1, 3, 2, 1, 3, 2, 1, 1), strict=False))

    yield built("one token", "basic", ["time"])
    yield built("two tokens", "basic", ["cat", "the", "the"])
    yield built("five tokens, all frequencies different", "basic", _shuffled(draw, clear))
    yield built("ten, nine and two times", "basic", _shuffled(draw, {"hill": 9, "moon": 2, "sun": 10}))

    yield built("two tokens once each", "ties", ["sun", "moon"])
    yield built("ties behind a frequent token", "ties", ["of", "the", "was", "in", "of"])
    yield built("capitals, digits and lengths", "ties", [*"bBa9éz", "10", "Bc", "aa", "Aa", *"bB", "aa"])
    yield built("ties at three frequencies", "ties", _shuffled(draw, equal))
    yield built("the same corpus in another order", "ties", _shuffled(draw, equal))
    yield asked("token_freqs with ties", "ties", ["sun", "moon", "hill", "sun", "hill"], read=["vocab.token_freqs"])

    yield built("one token at the bound, one below", "min_freq", ["cat", "the", "the"], 2)
    yield built("rare tokens first", "min_freq", ["was", "of", "the", "of", "the", "the"], 2)
    yield built("min_freq 1", "min_freq", ["cat", "the", "the"], 1)
    yield built("min_freq 3", "min_freq", _shuffled(draw, {"a": 5, "b": 3, "c": 2, "d": 1}), 3)
    yield built("min_freq above every frequency", "min_freq", ["cat", "the", "the"], 4)

    marks = ["<pad>", "<bos>", "<eos>"]
    yield built("three reserved tokens", "reserved", ["cat", "the", "the"], 0, marks)
    yield built("reserved tokens alone", "reserved", [], 0, marks)
    yield built("rare reserved tokens", "reserved", ["the", "the", "the", "<bos>", "cat"], 2, marks)
    yield built("reserved token in the corpus", "reserved", ["<pad>", "the", "<pad>", "the", "the", "a"], 0, ["<pad>"])
    yield built("reserved token most frequent", "reserved", ["<eos>", "a", "<eos>"], 0, ["<bos>", "<eos>"])
    yield built("<unk> in the corpus", "reserved", ["<unk>", "a", "<unk>"])
    yield built("reserved token twice", "reserved", ["a"], 0, ["<pad>", "<bos>", "<pad>"])
    yield built("<unk> among the reserved tokens", "reserved", ["a"], 0, ["<pad>", "<unk>"])
    yield built("<unk> as the first reserved token", "reserved", ["a", "<unk>"], 0, ["<unk>", "<pad>"])

    yield built("two lines", "lines", [["the", "cat", "the"], ["the", "cat", "sat"]])
    yield built("one line", "lines", [["the", "cat", "the"]])
    yield built("first line empty", "lines", [[], ["time"]])
    yield built("last line empty", "lines", [["time"], []])
    yield built("nothing but empty lines", "lines", [[], []])
    yield built("empty corpus", "lines", [])
    yield built("characters, spaces among them", "lines", [[*"a  a"], [], [*" aab"]])
    yield built("spaces and empty strings", "lines", ["", " ", "a", "", "  ", " ", "", "a", "a", "a"])
    yield built("tokens with spaces inside", "lines", ["New York", " a", "a", " a", *["New York"] * 2])
    yield built("random lines", "lines", _in_lines(draw, _shuffled(draw, clear)))

    three = ["the", "cat", "the", "sat", "the", "cat"]
    yield asked("one token at a time", "lookup", three, look_up=["the", "sat"])
    yield asked("a list", "lookup", three, look_up=[["sat", "the", "sat"], ["cat"], []])
    yield asked("a tuple", "lookup", three, look_up=[("cat", "the"), ()])
    yield asked("lists in a list", "lookup", three, look_up=[[["the", "cat"], [], ["sat"]]])
    yield asked("lists in lists in tuples", "lookup", three, look_up=[([["the"], [("cat", "sat")]], "the")])
    yield asked("spaces", "lookup", [*"a a  "], look_up=[" ", ["a", " "]])
    yield asked("reserved tokens", "lookup", three, reserved=["<pad>"], look_up=["<pad>", ["the", "<pad>"]])

    yield asked("a token that the corpus lacks", "unknown", three, look_up=["dog"], read=["vocab.unk"])
    yield asked("unknown tokens in a list", "unknown", three, look_up=[["dog", "the", "ca"], [["cow"], ["cat"]]])
    yield asked("a token below min_freq", "unknown", three, min_freq=2, look_up=["sat", ["the", "sat"]])
    yield asked("almost a known token", "unknown", three, look_up=["The", ["ca", " cat", "the "], ""])
    yield asked("<unk> itself", "unknown", three, look_up=["<unk>", ["<unk>", "sat"]])
    yield asked("an empty vocabulary", "unknown", [], look_up=["the", ["the", "cat"]], read=["vocab.unk"])
    yield asked("the vocabulary after an unknown token", "unknown", three, look_up=["dog", ["cow"]], read=BUILT)

    yield asked("an int that is an id", "numbers", three, no_tokens=[2])
    yield asked("an int that is no id", "numbers", three, no_tokens=[40, -1])
    yield asked("an int in a list", "numbers", three, no_tokens=[[3], ["the", 2], [["sat"], [1]]])
    yield asked("digits in the corpus", "numbers", ["2", "the", "2", "10"], no_tokens=[2, [10, "the"]])

    yield asked("one index at a time", "to_tokens", three, to_tokens=[1, 3, 0])
    yield asked("a list of indices", "to_tokens", three, to_tokens=[[2, 0, 2], [1], []])
    yield asked("a tuple of indices", "to_tokens", three, to_tokens=[(3, 1), ()])

    freqs = ["vocab.token_freqs"]
    yield asked("three frequencies", "token_freqs", three, read=freqs)
    yield asked("frequencies below min_freq", "token_freqs", three, min_freq=3, read=freqs)
    yield asked("reserved token, counted", "token_freqs", [three, ["<pad>"] * 4], reserved=marks, read=freqs)
    yield asked("<unk> in the corpus, counted", "token_freqs", [three, ["<unk>"] * 4], read=freqs)
    yield asked("frequencies of an empty corpus", "token_freqs", [], reserved=["<pad>"], read=freqs)

    second = {"read": [*BUILT, *freqs]}
    yield Case("nothing given", "instances", options={**second, "other": []})
    yield Case("only a corpus, then another", "instances", (three,), options={**second, "other": [["dog"]]})
    yield Case("only a corpus, then nothing", "instances", (["the", "cat", "the", "the"],), {"min_freq": 2},
               options={**second, "other": []})  # fmt: skip
    yield Case("only reserved tokens, then a corpus", "instances", (), {"reserved_tokens": marks},
               options={**second, "other": [["cat"], 0, ["<sep>", "<pad>"]]})  # fmt: skip
    yield Case("None", "instances", (None, 0, None), options={**second, "other": [["cat"], 0, None]})

    for index in (4, 40):
        yield asked(f"index {index} of 4 tokens", "errors", three, to_tokens=[index])
    yield asked("a bad index in a list", "errors", three, to_tokens=[[0, 4]])
    yield asked("index 1 of an empty corpus", "errors", [], to_tokens=[1])
    yield asked("index -1", "errors", three, to_tokens=[-1])
    yield asked("a negative index in a list", "errors", three, to_tokens=[[1, -4]])

    for grows, sizes in SIZES.items():
        for size in sizes:
            yield Case(f"{grows}: {size}", "time", runs=("timed",), grows=grows, size=size,
                       options={"grows": grows, "size": size})  # fmt: skip


Vocab = Exercise(
    homework="hw4",
    name="Vocab",
    file="text.py",
    points=20,
    kind="probe",
    probe=use_vocab,
    arguments=("tokens", "min_freq", "reserved_tokens"),
    max_growth=1.6,
    cases=_vocab_cases,
    checks=(
        Check("value", 3, "then the tokens of the corpus by decreasing frequency", aspect="basic"),
        Check("value", 2, "Tokens of equal frequency are in alphabetical order", aspect="ties"),
        Check("value", 2, "that occurs fewer than `min_freq` times gets no id", aspect="min_freq"),
        Check("value", 2, "No token has two ids", aspect="reserved"),
        Check("value", 1.5, "either a flat list of str or a list of lists of str", aspect="lines"),
        Check("value", 1.5, "A list or tuple gives a list of the ids of its items", aspect="lookup"),
        Check("value", 0.75, 'A token that has no id gives the index of "<unk>"', aspect="unknown"),
        Check("value", 0.25, "a number is none, and is never taken for an id or for its digits", aspect="numbers"),
        Check("value", 1, "a list or tuple of int gives a list of str", aspect="to_tokens"),
        Check("value", 1, "List of pairs (token, count) of all tokens of the corpus", aspect="token_freqs"),
        Check("value", 0.5, "Two vocabularies share nothing", aspect="instances"),
        Check("errors", 1, "An index that no token has raises IndexError, alone or in a list"),
        Check("purity", 0.5, "No argument is changed"),
        Check("determinism", 0.5, "The same arguments give the same vocabulary every time", aspect="basic"),
        Check("scaling", 0.5, "building a vocabulary takes at most O(n log n) time for a corpus of n tokens",
              aspect="corpus", title="time to build"),
        Check("scaling", 0.5, "also when every line holds a single token",
              aspect="number of lines", title="time to read lines"),
        Check("scaling", 0.5, "The time for a list is proportional to its length, however large the vocabulary",
              aspect="number of tokens looked up", title="time to look up"),
        Check("scaling", 0.5, "Many short lists, or single tokens, take no longer than one long list",
              aspect="number of short lists", title="time to look up short lists"),
        Check("scaling", 0.5, "The time for n indices is proportional to n, however large the vocabulary",
              aspect="number of ids", title="time of to_tokens"),
    ),
    hints=(
        "Do it in steps: one flat list of tokens, their counts, the sorted counts, and only then the ids. Work out all "
        "four by hand for a corpus of five tokens in which two occur equally often.",
        "`sorted` takes a key, and a key may be a tuple: its second part decides where the first is equal. Decreasing "
        "in one part and increasing in the other is possible if one of them is a number.",
        "Keep both directions, a list for ids to tokens and a dict for tokens to ids, and fill them in one loop over "
        "everything that wants an id, in order; who is in the dict already is passed over. Looking up is then one "
        "question to the dict, which can give a default.",
    ),
)  # fmt: skip

EXERCISES = (tokenize, Vocab)
