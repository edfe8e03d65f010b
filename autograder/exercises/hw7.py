"""hw7, BERT: get_tokens_and_segments, next_sentence, replace_mlm_tokens, mlm_example, pad_bert_inputs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise, Generator
from autograder.exercises.bert_laws import mlm_example_law, next_sentence_law
from autograder.exercises.bert_probes import (
    SPECIAL,
    probe_mlm_example,
    probe_next_sentence,
    probe_pad_bert_inputs,
    probe_replace_mlm_tokens,
)
from autograder.exercises.mlm_laws import replace_mlm_tokens_law

WORDS = (
    "ant", "bee", "cat", "cow", "dog", "eel", "elk", "emu", "fox", "gnu", "hen", "jay", "koi", "owl", "pig", "ram",
    "rat", "yak", "ash", "bay", "elm", "fig", "fir", "oak", "yew", "dew", "fog", "ice", "mud", "sea", "sky", "sun",
    "air", "day", "dot", "egg", "ink", "jar", "key", "map",
)  # fmt: skip


def _vocabulary(draw: Draw, size: int = len(WORDS)) -> list[str]:
    """Words in random order, with the special tokens scattered among them."""
    tokens = draw.permutation(WORDS[:size])
    for token, place in zip(SPECIAL, (0, size // 3, size // 2, size // 2 + 3, size + 4), strict=True):
        tokens.insert(place, token)
    return tokens


def _rng(draw: Draw) -> Generator:
    return Generator("python", draw.integer(0, 2**31 - 1))


def _tokens_cases(draw: Draw) -> Iterable[Case]:
    def some(count: int) -> list[str]:
        return draw.words(count, WORDS)

    def case(name: str, aspect: str, *args: Any) -> Case:
        return Case(name, aspect, args, runs=("plain", "counted"))

    yield case("one token", "basic", some(1))
    yield case("one sentence", "basic", some(4))
    yield case("None for the second sentence", "basic", some(3), None)
    yield case("two sentences of one token", "pair", some(1), some(1))
    yield case("a longer second sentence", "pair", some(2), some(5))
    yield case("a longer first sentence", "pair", some(6), some(3))
    yield case("the same sentence twice", "pair", ["map", "key", "map"], ["map", "key", "map"])
    yield case("capitals, blank and empty tokens", "any tokens", ["It", "", "RAINS"], ["<unk>", " ", "", "Ärger"])
    yield case("600 tokens", "any tokens", some(250), some(350))
    yield case("an empty second sentence", "empty", some(3), [])
    yield case("an empty first sentence", "empty", [], some(2))
    yield case("an empty sentence alone", "empty", [])


get_tokens_and_segments = Exercise(
    homework="hw7",
    name="get_tokens_and_segments",
    file="bert_data.py",
    points=6,
    arguments=("tokens_a", "tokens_b"),
    cases=_tokens_cases,
    checks=(
        Check("value", 1.5, 'The input is "<cls>", the first sentence, "<sep>"', aspect="basic"),
        Check("value", 0.25, "Tokens are taken as they are, and as many as there are", aspect="any tokens"),
        Check("value", 2.25, 'and when there is a second sentence, that sentence and another "<sep>"', aspect="pair",
              title="two sentences"),
        Check("value", 1, "An empty list is a second sentence too", aspect="empty", title="empty sentences"),
        Check("purity", 0.5, "No argument is changed"),
        Check("determinism", 0.5, "The same sentences give the same answer every time"),
    ),
    hints=(
        "Write down by hand what comes out for ['a', 'b'] alone and for the pair ['a', 'b'] and ['c'].",
        "How many tokens have segment 0, and how many have segment 1? Mind the separators.",
        "Make a new list of tokens and a list of zeros as long as it; when there is a second sentence (even an empty "
        "one), extend both.",
    ),
)  # fmt: skip


def _next_cases(draw: Draw) -> Iterable[Case]:
    def sentences(count: int) -> list[list[str]]:
        words = iter(draw.permutation(WORDS))
        return [[next(words) for _ in range(1 + i % 2)] for i in range(count)]

    def case(name: str, aspect: str, repeats: int, first: Any, second: Any, text: Any, **options: Any) -> Case:
        options |= {"repeats": repeats, "laws": aspect != "errors"}
        return Case(name, aspect, (first, second, text, _rng(draw)), options=options)

    a, b, c, d, e, f, g, h = sentences(8)
    yield case("two paragraphs", "basic", 200, a, b, [[a, b], [c, d]], touch=True)
    yield case("the first sentence in the middle", "basic", 200, d, e, [[a, b], [c, d, e, f], [g]], touch=True)
    yield case("a small text", "coin", 10000, a, b, [[a, b], [c, d]])
    yield case("a larger text", "coin", 4000, [WORDS[0]], [WORDS[1]], [[[word] for word in WORDS]])
    yield case("a small text", "negative", 400, a, b, [[a, b], [c, d]])
    yield case("one paragraph", "negative", 400, b, c, [[a, b, c, d]])
    yield case("the next sentence again elsewhere", "copies", 400, a, b, [[a, b, c], [d, b], *[[b]] * 40])
    yield case("paragraphs of unequal lengths", "reach", 800, b, c, [[a, b, c, d], [e, f, g], [h]])
    yield case("one generator, two times the same state", "seed", 41, a, b, [[a, b, c], [d, e, f], [g, h]], again=True)
    yield case("nothing but the true next sentence", "errors", 64, a, b, [[b], [b]])
    yield case("two other sentences, two thousand copies", "copies", 60, a, b, [[a, b, c], *[[b]] * 2000])
    p, q, r, s = (f"{word}s" for word in draw.permutation(WORDS)[:4])
    alike = [[p, r, s], [r, s, q], [q, p, q], [p, q], [p + q, q], [p, q, q, r], [p.upper(), q, q]]
    yield case("sentences that are almost the next", "alike", 800, a, [p, q, q], [[a, [p, q, q], c], alike, [d, f]])
    yield case("nothing but the true next sentence, many times", "needless", 64, a, b, [[b], [b]], raises=True)
    yield case("an empty sentence elsewhere", "reach", 400, a, b, [[a, b, c], [e, [], f], [h]])
    yield case("an empty sentence is the next", "reach", 400, a, [], [[a, [], c], [e, f], [h]])


next_sentence = Exercise(
    homework="hw7",
    name="next_sentence",
    file="bert_data.py",
    points=10,
    kind="probe",
    probe=probe_next_sentence,
    laws=(next_sentence_law,),
    arguments=("sentence", "true_next", "paragraphs", "rng"),
    cases=_next_cases,
    checks=(
        Check("value", 2, "A tuple of sentence, its partner and is_next, where is_next is True when the partner is "
              "`true_next` and False when it was drawn from the paragraphs", aspect="basic"),
        Check("randomness", 2, "true or false with equal chances", aspect="coin", title="half are true"),
        Check("value", 1.5, "which is never the true next one", aspect="negative", title="negatives are false"),
        Check("value", 1, "a copy of `true_next` elsewhere in the paragraphs is the true next sentence too",
              aspect="copies", title="copies"),
        Check("randomness", 0.5, "Every other sentence of the paragraphs can be drawn", aspect="reach",
              title="every sentence"),
        Check("randomness", 0.5, "Sentences are compared by their tokens", aspect="alike", title="compared as a whole"),
        Check("randomness", 1, "the same state of `rng` gives the same answer", aspect="seed", title="same again"),
        Check("purity", 0.5, "Python's global generator is neither read nor changed", title="no side effects"),
        Check("errors", 0.5, "when a sentence has to be drawn and the paragraphs hold none but `true_next`"),
        Check("value", 0.5, "a call that gives a true pair raises nothing", aspect="needless",
              title="no needless errors"),
    ),
    hints=(
        "Two things are random: whether the pair is true, and which sentence stands in when it is not.",
        "What comes out when the sentence that you draw happens to be the true next one? In a text of four sentences "
        "that is one draw in four.",
        "Either draw again until the sentence differs (and make sure that this ends), or draw from a list that "
        "holds only the others.",
    ),
)  # fmt: skip


def _sentence(draw: Draw, length: int, kinds: int, seps: Sequence[int] = ()) -> list[str]:
    """Tokens of a BERT input of this length, from few kinds of words so that some come twice."""
    tokens = draw.words(length, draw.permutation(WORDS)[:kinds])
    tokens[0] = "<cls>"
    for place in (*seps, length - 1):
        tokens[place] = "<sep>"
    return tokens


def _replace_cases(draw: Draw) -> Iterable[Case]:
    vocabulary = _vocabulary(draw)

    def case(name: str, aspect: str, tokens: Any, candidates: Any, count: int, repeats: int, **options: Any) -> Case:
        words = options.pop("words", vocabulary)
        options |= {"repeats": repeats, "laws": True}
        return Case(name, aspect, (tokens, candidates, count, words, _rng(draw)), options=options)

    def some(length: int, count: int) -> tuple[list[str], list[int]]:
        tokens = _sentence(draw, length, 8, (length // 2,))
        inside = [i for i, token in enumerate(tokens) if token in WORDS]
        return tokens, draw.permutation(inside)[:count]

    few, one = _vocabulary(draw, 3), ["<unk>", "<cls>", "<mask>", "quokka", "<sep>", "<pad>"]
    rare = [*(token for token in few if token in WORDS), "quokka", "<unk>", "axolotl", "<sep>"]
    yield case("three of six", "basic", *some(12, 6), 3, 100, touch=True)
    yield case("a token at a time", "basic", *some(9, 5), 1, 100, touch=True)
    yield case("all candidates", "number", *some(8, 4), 4, 40)
    yield case("more than there are candidates", "number", *some(8, 3), 5, 40)
    yield case("the first token and <unk> among the candidates", "number", rare, [4, 0, 5], 3, 40, words=few)
    yield case("none asked for", "number", *some(8, 3), 0, 40)
    yield case("no candidates", "number", some(8, 3)[0], [], 2, 40)
    yield case("eight of nine", "distinct", *some(14, 9), 8, 60)
    yield case("four of eight", "labels", *some(12, 8), 4, 100)
    yield case("words that the vocabulary lacks", "labels", rare, [4, 0, 3, 5], 3, 100, words=few)
    yield case("five of ten, many times", "choice", *some(14, 10), 5, 5000, show="positions")
    yield case("forty of fifty, many times", "rates", *some(60, 50), 40, 2000, show="marks")
    yield case("six of nine, many times", "independent", *some(14, 9), 6, 1000, show="marks")
    yield case("a vocabulary of one word", "special", *some(14, 10), 1, 15000, show="marks", words=one,
               beside=vocabulary)  # fmt: skip
    brackets = [*vocabulary[:9], "<num>", *vocabulary[9:]]
    yield case("twenty of fifty, many times", "words", *some(60, 50), 20, 800, show="marks", words=brackets)
    yield case("one generator, two times the same state", "seed", *some(14, 10), 4, 30, again=True)
    yield case("three of ten", "number", *some(14, 10), 3, 40)
    yield case("one of eight", "number", *some(12, 8), 1, 40)
    yield case("two of nine, many times", "independent", *some(14, 9), 2, 4000, show="marks")
    yield case("two of ten, many times", "choice", *some(14, 10), 2, 5000, show="positions")
    distinct = draw.permutation(WORDS)[:10]
    pair = ["<cls>", *distinct[:5], "<sep>", *distinct[5:], "<sep>"]
    inside = draw.permutation([*range(1, 6), *range(7, 12)])
    yield case("ten of ten, many times", "independent", pair, inside, 10, 3000, show="kinds")


replace_mlm_tokens = Exercise(
    homework="hw7",
    name="replace_mlm_tokens",
    file="bert_data.py",
    points=18,
    kind="probe",
    probe=probe_replace_mlm_tokens,
    laws=(replace_mlm_tokens_law,),
    arguments=("tokens", "candidate_pred_positions", "num_mlm_preds", "vocab", "rng"),
    cases=_replace_cases,
    checks=(
        Check("value", 2.5, "where only predicted positions may differ from `tokens`", aspect="basic"),
        Check("value", 2, "Exactly min(num_mlm_preds, number of candidates) positions are predicted",
              aspect="number", title="how many"),
        Check("value", 1, "no position is predicted twice", aspect="distinct", title="no position twice"),
        Check("value", 2, "where the label is the original token at that position", aspect="labels", title="labels"),
        Check("randomness", 2, "each candidate is equally likely and so is every pair of them", aspect="choice",
              title="fair choice"),
        Check("randomness", 2.5, 'with probability 0.8 it is replaced by "<mask>"', aspect="rates", title="80/10/10"),
        Check("randomness", 1, "drawn for each position independently of the others", aspect="independent",
              title="independent positions"),
        Check("value", 2, "A random word is never one of the special tokens", aspect="special",
              title="no special tokens"),
        Check("randomness", 1, "drawn anew for each position, each word equally likely", aspect="words",
              title="random words"),
        Check("randomness", 0.5, "the same state of `rng` gives the same answer", aspect="seed", title="same again"),
        Check("purity", 1.5, "No argument is changed, not even the order of the candidates", title="no side effects"),
    ),
    hints=(
        "Two decisions: which positions are predicted, and what becomes of the token at each of them.",
        "One random number between 0 and 1 for each position is enough to decide between the three things that may "
        "happen to its token. Which parts of the interval stand for them?",
        "Draw the positions without replacement, at most as many as there are candidates. Write the changes into a "
        "copy, read the labels from the original, and take random words from a list without special tokens.",
    ),
)  # fmt: skip


def _example_cases(draw: Draw) -> Iterable[Case]:
    vocabulary = _vocabulary(draw)

    def case(name: str, aspect: str, tokens: list[str], repeats: int, **options: Any) -> Case:
        options |= {"repeats": repeats, "laws": True}
        return Case(name, aspect, (tokens, vocabulary, _rng(draw)), options=options)

    def lengthy(length: int, *seps: int) -> Case:
        name = f"{length} tokens, {1 + len(seps)} of them separators"
        return case(name, "number", _sentence(draw, length, 8, seps), 20)

    plain = _sentence(draw, 12, 8, (6,))
    plain[8], plain[9] = "<unk>", plain[1]
    distinct = ["<cls>", *draw.permutation(WORDS)[:30], "<sep>"]
    yield case("one sentence", "basic", _sentence(draw, 9, 6), 100, touch=True)
    yield case("two sentences", "basic", _sentence(draw, 24, 8, (10,)), 100, touch=True)
    yield case("special tokens inside", "candidates", plain, 300)
    yield lengthy(3)
    yield lengthy(6)
    yield lengthy(13)
    yield lengthy(14, 3, 5, 8)
    yield lengthy(16, 7)
    yield lengthy(30, 12)
    yield case("nothing to predict", "number", ["<cls>", "<sep>"], 5)
    yield case("thirty different words", "sorted", distinct, 60)
    yield case("thirty different words", "labels", distinct, 60)
    yield case("words that the vocabulary lacks", "unknown", ["<cls>", "quokka", "axolotl", "<sep>"], 40)
    yield case("one generator, two times the same state", "seed", _sentence(draw, 24, 8, (10,)), 30, again=True)
    yield lengthy(200, 90)
    yield lengthy(600, 250)


mlm_example = Exercise(
    homework="hw7",
    name="mlm_example",
    file="bert_data.py",
    points=10,
    kind="probe",
    probe=probe_mlm_example,
    laws=(mlm_example_law,),
    arguments=("tokens", "vocab", "rng"),
    cases=_example_cases,
    checks=(
        Check("value", 2, "the ids of the tokens after the replacement, as many as there are tokens", aspect="basic"),
        Check("value", 1.5, 'The candidates are all positions whose token is neither "<cls>" nor "<sep>"',
              aspect="candidates", title="candidates"),
        Check("value", 1.5, "The number of predictions asked for is max(1, round(0.15 * len(tokens)))",
              aspect="number", title="how many"),
        Check("value", 1, "The predicted positions, in ascending order", aspect="sorted", title="sorted positions"),
        Check("value", 2, "the id of the original token at each of these positions, in the order of the positions",
              aspect="labels", title="labels"),
        Check("value", 0.5, "a token that it does not know has the id that `vocab[token]` gives", aspect="unknown",
              title="unknown tokens"),
        Check("randomness", 0.5, "the same state of `rng` gives the same answer", aspect="seed", title="same again"),
        Check("purity", 1, "Python's global generator is neither read nor changed", title="no side effects"),
    ),
    hints=(
        "Which positions may be predicted, and how many of them? Answer both before you call `replace_mlm_tokens`.",
        "The predictions come as pairs. A pair keeps its position and its label together while the pairs are sorted.",
        "Collect the candidates by their tokens, get the pairs, sort the pairs by position, and only then take "
        "positions and labels apart and look the ids up.",
    ),
)  # fmt: skip


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


EXERCISES = (get_tokens_and_segments, next_sentence, replace_mlm_tokens, mlm_example, pad_bert_inputs)
