"""text.py, what comes of tokens: load_corpus, bow_vector."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise, Operations
from autograder.exercises.hw4._vocab import plain

WORDS = ("time", "machine", "traveller", "the", "of", "was", "space", "in", "one", "hill", "moon", "me")


def _load_corpus_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, lines: Sequence[str], *rest: Any) -> Case:
        return Case(name, aspect, (list(lines), *rest))

    def line(count: int) -> str:
        return " ".join(draw.words(count, WORDS))

    yield case("one line of characters", "basic", ["abba"])
    yield case("two lines of characters", "basic", ["so it", "is so"])
    yield case("random lines", "basic", [line(3), line(2), line(4)])
    yield case("words", "words", ["so it", "so"], "word")
    yield case("random lines of words", "words", [line(4), line(1), line(5)], "word")
    yield case("two tokens", "max_tokens", ["so it", "is so"], "char", 2)
    yield case("one token of three lines", "max_tokens", ["so it", "is so", "it"], "word", 1)
    yield case("a cut within a line", "max_tokens", [line(2), line(3), line(2)], "word", 4)
    yield case("as many as there are", "max_tokens", ["so it"], "word", 2)
    yield case("more than there are", "max_tokens", ["so it", "is"], "word", 50)
    yield case("rare tokens behind the cut", "vocabulary", ["a a b", "c c c d"], "word", 3)
    yield case("characters behind the cut", "vocabulary", ["ab", "zzzy"], "char", 2)
    yield case("max_tokens 0", "all", ["so it", "is so"], "word", 0)
    yield case("max_tokens -1", "all", ["so it", "is so"], "word", -1)
    yield case("max_tokens -3", "all", ["so it", "is so"], "word", -3)
    yield case("an empty line between", "empty", ["ab", "", "b"])
    yield case("a blank line of words", "empty", ["so", "   ", "it so"], "word")
    yield case("no lines", "empty", [])
    yield case("another type of token", "errors", ["so it"], "subword")


def _call_load_corpus(student: Any, call: Any) -> Any:
    corpus, vocab = student.find("load_corpus")(*call.args, **call.kwargs)
    return {"corpus": plain(corpus), "vocab.idx_to_token": plain(vocab.idx_to_token)}


load_corpus = Exercise(
    homework="hw4",
    name="load_corpus",
    difficulty=1,
    file="text.py",
    points=5,
    arguments=("lines", "token", "max_tokens"),
    uses=("tokenize", "Vocab"),
    probe=_call_load_corpus,
    cases=_load_corpus_cases,
    checks=(
        Check("value", 1.5, "the corpus is the ids of", aspect="basic"),
        Check("value", 0.75, 'token: the type of the tokens, "word" or "char"', aspect="words"),
        Check("value", 0.75, "the corpus is cut to its first `max_tokens`", aspect="max_tokens"),
        Check("value", 0.5, "the vocabulary is that of the whole text all the same", aspect="vocabulary"),
        Check("value", 0.5, "With `max_tokens` 0 or below nothing is cut", aspect="all"),
        Check("value", 0.5, "the tokens of all lines, one after the other", aspect="empty", title="empty lines"),
        Check("errors", 0.25, "for any other type of token, as `tokenize` does"),
        Check("purity", 0.25, "The list `lines` is not changed"),
    ),
    hints=(
        "Three steps that you have written before, and one new one: the lists of ids become one list.",
        "A Vocab can be built from lists of tokens, and gives the ids of a whole list of them. Two loops in one "
        "comprehension flatten what is left.",
        "Build the vocabulary before anything is cut. And what is corpus[:-1]?",
    ),
)


def _numbered(words: Sequence[str]) -> dict[str, int]:
    return {word: i for i, word in enumerate(words)}


STRANGE = (" so", "so ", "so.", "so\n", "New York", "don't", ".", "-", "a", "é", "", "<pad>", "<unk>", "10")


def _bow_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, sentence: Sequence[str], words: Sequence[str], **options: Any) -> Case:
        return Case(name, aspect, (list(sentence), _numbered(words)), options=options)

    some = draw.permutation(WORDS)
    yield case("one word of two", "basic", ["so"], ["it", "so"])
    yield case("three words, each once", "basic", ["so", "it", "goes"], ["goes", "so", "it", "is"])
    yield case("a word twice", "counts", ["so", "it", "so"], ["it", "so"])
    yield case("random words", "counts", draw.words(20, some[:6]), some[:6])
    yield case("one word many times", "counts", ["so"] * 300, ["it", "so", "is"])
    yield case("one word 33,000 times", "counts", ["so"] * 33_000 + ["is"], ["it", "so", "is"])
    yield case("after an answer that was changed", "counts", ["so", "it"], ["it", "so", "is"], changed=True)
    before = [["so", "so", "is"], _numbered(["is", "it", "so"])]
    yield case("after another dict of three words", "counts", ["so", "so", "is"], ["it", "so", "is"], before=before)
    yield case("strings that are no words", "strings", STRANGE, draw.permutation(STRANGE))
    yield case("words within words", "strings", ["its", "item", "it", "so"], ["it", "s", "its own", "so", "item"])
    last = [f"w{299 - i}" for i in range(300)]
    yield case("three hundred words", "order", ["w0", "w43", "w0"], last)
    mixed = {"so": 2, "it": 0, "is": 1}
    yield Case("indices in another order", "order", (["so", "is", "so"], mixed))
    yield Case("indices backwards", "order", (draw.words(9, some[:5]), {w: 4 - i for i, w in enumerate(some[:5])}))
    yield case("a word that is not in the dict", "unknown", ["so", "far", "it"], ["it", "so"])
    yield case("only such words", "unknown", ["far", "away"], ["it", "so", "is"])
    yield case("capitals", "unknown", ["So", "so", "IT"], ["it", "so"])
    yield case("a capital in the dict", "unknown", ["so", "SO", "it"], ["So", "it"])
    yield case("a word of the dict is <unk>", "unknown", ["far", "so"], ["<unk>", "so"])
    yield case("an empty sentence", "empty", [], ["it", "so"])
    yield case("one word known", "empty", ["it", "it"], ["it"])


bow_vector = Exercise(
    homework="hw4",
    name="bow_vector",
    difficulty=1,
    file="text.py",
    points=4,
    arguments=("sentence", "word_to_ix"),
    cases=_bow_cases,
    checks=(
        Check("value", 1, "The answer holds at `[0, word_to_ix[word]]`", aspect="basic"),
        Check("value", 0.75, "how often `word` occurs in the sentence", aspect="counts"),
        Check("value", 0.125, "0 to V - 1 in any order", aspect="order"),
        Check("value", 0.125, "how often `word` occurs", aspect="strings", title="strings of any kind"),
        Check("value", 0.5, "Words that `word_to_ix` lacks are passed over", aspect="unknown"),
        Check("value", 0.25, "list of str, also empty", aspect="empty", title="an empty sentence"),
        Check("shape", 0.5, "shape (1, V): a batch of one row"),
        Check("dtype", 0.5, "A float32 tensor"),
        Check("purity", 0.25, "It is not changed"),
    ),
    operations=Operations(stay_in_torch=False),
    hints=(
        "Write the vector for “so it goes so” by hand, with the words so, it, goes, is at the places 0 to 3.",
        "Begin with zeros, one for each word that the dict knows, and go through the sentence.",
        "The dict tells the place of a word, and whether it has one. At its place one more is counted.",
    ),
)

EXERCISES = (load_corpus, bow_vector)
