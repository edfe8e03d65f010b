"""What the cases of the BERT data exercises share: words, vocabularies, sentences and generators."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.draw import Draw
from autograder.exercise import Generator
from autograder.exercises.hw7._probes import SPECIAL

WORDS = (
    "ant", "bee", "cat", "cow", "dog", "eel", "elk", "emu", "fox", "gnu", "hen", "jay", "koi", "owl", "pig", "ram",
    "rat", "yak", "ash", "bay", "elm", "fig", "fir", "oak", "yew", "dew", "fog", "ice", "mud", "sea", "sky", "sun",
    "air", "day", "dot", "egg", "ink", "jar", "key", "map",
)  # fmt: skip


def random_vocabulary(draw: Draw, size: int = len(WORDS)) -> list[str]:
    """Words in random order, with the special tokens scattered among them."""
    tokens = draw.permutation(WORDS[:size])
    for token, place in zip(SPECIAL, (0, size // 3, size // 2, size // 2 + 3, size + 4), strict=True):
        tokens.insert(place, token)
    return tokens


def generator(draw: Draw) -> Generator:
    return Generator("python", draw.integer(0, 2**31 - 1))


def bert_input(draw: Draw, length: int, kinds: int, seps: Sequence[int] = ()) -> list[str]:
    """Tokens of a BERT input of this length, from few kinds of words so that some come twice."""
    tokens = draw.words(length, draw.permutation(WORDS)[:kinds])
    tokens[0] = "<cls>"
    for place in (*seps, length - 1):
        tokens[place] = "<sep>"
    return tokens
