"""rnn.py: name_to_tensor, perplexity."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_letters
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise

NAMES = ("Jones", "Satoshi", "Nguyen", "Abdallah", "Zoe", "OConnor")


def _many(count: int) -> str:
    """An alphabet of so many characters, from the space on."""
    return "".join(map(chr, range(32, 32 + count)))


def _name_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, text: str, alphabet: str, **options: Any) -> Case:
        return Case(name, aspect, (text, alphabet), options=options)

    yield case("one letter", "basic", "b", "abc")
    yield case("two letters", "basic", "ca", "abc")
    yield case("a name", "basic", draw.choice(NAMES), ascii_letters)
    yield case("another order of the alphabet", "basic", "abcd", "dbca")
    yield case("a letter twice", "again", "abba", "ab")
    yield case("the last letter of the alphabet", "again", "zzy", "xyz")
    yield case("a long name", "again", "ab" * 600 + "b", "ab")
    yield case("after an answer that was changed", "again", "abcb", "abc", changed=True)
    yield case("one letter, after an answer that was changed", "again", "b", "abc", changed=True)
    yield case("after another alphabet of three letters", "again", "abc", "cab", before=["abc", "abc"])
    yield case("a character that the alphabet lacks", "unknown", "a?b", "abc")
    yield case("an accent", "unknown", "Zoë", ascii_letters)
    yield case("only such characters", "unknown", "123", "abc")
    yield case("capitals", "capitals", "Aa", "abA")
    yield case("a capital that the alphabet lacks", "capitals", "Ab", "abc")
    yield case("a small letter that the alphabet lacks", "capitals", "aB", "ABC")
    yield case("the empty name", "empty", "", "abc")
    yield case("as many letters as the alphabet has", "square", "cab", "abc")
    yield case("a space and an apostrophe", "square", "O' a", "aO '")
    yield case("spaces at the ends", "characters", " a ", "ab ")
    yield case("digits, marks and a line end", "characters", "\0a1?-1\n", "-1?\na\0")
    yield case("letters of other languages", "characters", "жéa字😀b", "é😀bжa字")
    yield case("three hundred characters", "characters", f"{chr(299 + 32)}!{chr(256 + 32)}", _many(300))


name_to_tensor = Exercise(
    homework="hw4",
    name="name_to_tensor",
    difficulty=1,
    file="rnn.py",
    points=4,
    arguments=("name", "alphabet"),
    cases=_name_cases,
    checks=(
        Check("value", 1, "has a 1 at the place of the character `name[t]` in the alphabet", aspect="basic"),
        Check("value", 0.375, "and zeros elsewhere", aspect="again"),
        Check("value", 0.125, "of V different characters", aspect="characters"),
        Check("value", 0.75, "that is not in the alphabet gives a row of zeros", aspect="unknown"),
        Check("value", 0.25, "Capitals and small letters are different characters", aspect="capitals"),
        Check("value", 0.25, "str of n characters, also the empty string", aspect="empty"),
        Check("value", 0.25, "str of V different characters", aspect="square"),
        Check("shape", 0.5, "shape (n, 1, V): steps, batch of one, alphabet"),
        Check("dtype", 0.5, "A float32 tensor"),
    ),
    hints=(
        "Draw the rows for “cab” and the alphabet “abc”. How many numbers is that, and how many are not 0?",
        "Begin with zeros of the right shape; enumerate gives you steps and characters. Where is a character in a "
        "string?",
        "str.find says -1 for what it does not find, and -1 is a place in a tensor: the last one. Ask whether the "
        "character is in the alphabet first.",
    ),
)


def _perplexity_cases(draw: Draw) -> Iterable[Case]:
    def losses(count: int) -> list[float]:
        return [draw.integer(1, 4095) / 1024 for _ in range(count)]

    def counts(count: int) -> list[int]:
        return [draw.integer(1, 200) for _ in range(count)]

    def case(name: str, aspect: str, told: list[float], tokens: list[int]) -> Case:
        return Case(name, aspect, (told, tokens))

    yield case("one minibatch", "basic", [1.5], [8])
    yield case("two equal minibatches", "basic", [1.0, 1.0], [4, 4])
    yield case("equal counts", "basic", losses(3), [16, 16, 16])
    yield case("a small last minibatch", "weights", [1.0, 3.0], [30, 10])
    yield case("random minibatches", "weights", losses(6), counts(6))
    yield case("one token and a thousand", "weights", [0.5, 4.0], [1000, 1])
    yield case("loss 0", "ends", [0.0, 0.0], [3, 5])
    yield case("as undecided as among 28", "ends", [3.332204510175204] * 3, [35, 35, 7])
    yield case("a minibatch without tokens", "zero", [1.0, 9.0, 2.0], [4, 0, 12])
    yield case("NaN for a minibatch without tokens", "zero", [1.0, float("nan")], [4, 0])
    yield case("infinity for a minibatch without tokens", "zero", [float("inf"), 2.0], [0, 6])
    yield case("too large for a float", "large", [800.0, 900.0], [5, 5])
    yield case("one loss that is large, a mean that is not", "large", [1000.0, 1.0], [1, 999])
    yield case("an infinite loss", "large", [float("inf"), 1.0], [2, 2])
    yield case("no minibatches", "errors", [], [])
    yield case("minibatches without tokens", "errors", [1.0, 2.0], [0, 0])


perplexity = Exercise(
    homework="hw4",
    name="perplexity",
    difficulty=1,
    file="rnn.py",
    points=4,
    arguments=("losses", "counts"),
    cases=_perplexity_cases,
    checks=(
        Check("value", 1, "The perplexity is the\nexponential of the mean", aspect="basic"),
        Check("value", 1.25, "minibatches with more tokens weigh more", aspect="weights"),
        Check("value", 0.25, "the mean cross-entropy of each minibatch", aspect="ends"),
        Check("value", 0.5, "without tokens is, NaN even, does not matter", aspect="zero"),
        Check("value", 0.5, "Where the perplexity is too large for a float it is `math.inf`", aspect="large"),
        Check("errors", 0.5, "when there is no token at all"),
    ),
    hints=(
        "Two minibatches, of 30 tokens with the mean loss 1 and of 10 with the mean loss 3: what is the mean over "
        "all 40 tokens?",
        "A mean loss times its count is a sum over tokens. Add these sums, add the counts, divide once, and take the "
        "exponential once, at the very end.",
        "NaN times 0 is NaN, so leave out what has no tokens instead of multiplying. math.exp raises OverflowError "
        "above 709.",
    ),
)

EXERCISES = (name_to_tensor, perplexity)
