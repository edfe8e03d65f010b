"""replace_mlm_tokens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw7._probes import probe_replace_mlm_tokens
from autograder.exercises.hw7._replacing_laws import replace_mlm_tokens_law
from autograder.exercises.hw7._words import WORDS, bert_input, generator, random_vocabulary


def _replace_cases(draw: Draw) -> Iterable[Case]:
    vocabulary = random_vocabulary(draw)

    def case(name: str, aspect: str, tokens: Any, candidates: Any, count: int, repeats: int, **options: Any) -> Case:
        words = options.pop("words", vocabulary)
        options |= {"repeats": repeats, "laws": True}
        return Case(name, aspect, (tokens, candidates, count, words, generator(draw)), options=options)

    def some(length: int, count: int) -> tuple[list[str], list[int]]:
        tokens = bert_input(draw, length, 8, (length // 2,))
        inside = [i for i, token in enumerate(tokens) if token in WORDS]
        return tokens, draw.permutation(inside)[:count]

    few, one = random_vocabulary(draw, 3), ["<unk>", "<cls>", "<mask>", "quokka", "<sep>", "<pad>"]
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
    difficulty=3,
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
