"""GPTBlock."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw7._blocks import WHOLE, block_weights
from autograder.exercises.hw7._reading import read

VALUES = frozenset({"values"})
SCORES, MLP = VALUES | {"scores"}, VALUES | {"mlp"}


def _block_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, shape: tuple[int, int, int], ffn: int, heads: int, parts: frozenset[str],
        past: int = 0, other: int = 0, biased: bool = False, **rest: Any,
    ) -> Case:  # fmt: skip
        batch, n, d = shape
        args = [draw.floats((batch, n, d), requires_grad=True, layout=rest.pop("layout", "contiguous"))]
        old = (batch, heads, past, d // heads)
        cache = {f"cached {part}": draw.floats(old, requires_grad=True) for part in ("keys", "values") if past}
        if other:
            args.append(draw.floats((batch, other, d), requires_grad=True))
        init = {"num_hiddens": d, "ffn_num_hiddens": ffn, "num_heads": heads}
        return Case(name, aspect, tuple(args), cache, init, weights=block_weights(draw, d, ffn, parts, biased=biased),
                    **rest)  # fmt: skip

    first: dict[str, Any] = {"options": {"report": "first"}}
    yield case("one position, the MLP adds nothing", "basic", (1, 1, 3), 2, 1, VALUES, **first)
    yield case("three texts of one position, the MLP adds nothing", "basic", (3, 1, 4), 5, 1, VALUES, **first)
    yield case("after other numbers in the same tensors", "basic", (2, 1, 3), 4, 1, VALUES,
               options={"report": "first", "again": True})  # fmt: skip
    yield case("one position, with the MLP", "MLP", (1, 1, 3), 2, 1, MLP, **first)
    yield case("two texts of one position, with the MLP", "MLP", (2, 1, 4), 7, 1, MLP, **first)
    yield case("two positions, equal scores", "causal", (1, 2, 3), 2, 1, VALUES, **first)
    yield case("four positions, equal scores", "causal", (2, 4, 3), 2, 1, VALUES, **first)
    yield case("three positions", "scores", (1, 3, 3), 2, 1, SCORES, **first)
    yield case("two texts of five positions", "scores", (2, 5, 5), 3, 1, SCORES, **first)
    yield case("as many positions as features and texts", "scores", (4, 4, 4), 4, 1, WHOLE, **first)
    yield case("three heads", "heads", (1, 3, 6), 2, 3, SCORES, **first)
    yield case("two heads, three texts", "heads", (3, 4, 6), 5, 2, WHOLE, **first)
    yield case("as many heads as features", "heads", (2, 3, 4), 5, 4, WHOLE, **first)
    yield case("biases", "biases", (2, 3, 4), 5, 2, WHOLE, biased=True, **first)
    yield case("a cache of two positions, equal scores", "continued", (1, 1, 3), 2, 1, VALUES, past=2, **first)
    yield case("a cache of two positions, two new ones", "continued", (2, 2, 3), 2, 1, VALUES, past=2, **first)
    yield case("a cache of three positions, two new ones", "continued", (2, 2, 6), 5, 2, WHOLE, past=3, **first)
    yield case("a cache of one position, three new ones", "continued", (3, 3, 4), 5, 2, WHOLE, past=1, **first)
    yield case("the cache of a beginning", "cache", (1, 2, 3), 2, 1, SCORES)
    yield case("the cache of a beginning, two heads", "cache", (2, 3, 6), 5, 2, WHOLE)
    yield case("a cache that grows", "cache", (2, 2, 6), 5, 3, WHOLE, past=3)
    yield case("a text in three parts", "in parts", (2, 5, 4), 3, 2, WHOLE, options={"parts": [2, 1, 2]})
    yield case("a position at a time", "in parts", (1, 4, 4), 3, 2, WHOLE, options={"parts": [1, 1, 1, 1]})
    yield case("one cache, continued in two ways", "twice", (2, 3, 4), 3, 2, WHOLE, other=2, options={"twice": 2})
    yield case("empty batch", "empty", (0, 3, 4), 3, 2, WHOLE, runs=("plain",), **first)
    yield case("transposed", "layout", (2, 3, 4), 3, 2, WHOLE, layout="transposed", runs=("plain",), **first)
    yield case("registered parameters", "state", (1, 3, 4), 5, 2, WHOLE, options={"state": True}, runs=("plain",))


GPTBlock = Exercise(
    homework="hw7",
    name="GPTBlock",
    difficulty=3,
    file="gpt.py",
    points=3,
    arguments=("X", "cache"),
    kind="module",
    probe=partial(read, "GPTBlock"),
    differentiable=True,
    cases=_block_cases,
    checks=(
        Check("value", 0.5, "First H = X + W_o(attention(ln_1(X)))", aspect="basic"),
        Check("value", 0.25, "then Y = H + fc_2(GELU(fc_1(ln_2(H))))", aspect="MLP"),
        Check("value", 0.25, "A position attends to itself and to all positions before it", aspect="causal"),
        Check("value", 0.25, "divided by the square root of the size of a head, and the softmax is taken over the keys",
              aspect="scores"),
        Check("value", 0.25, "The heads are consecutive blocks of features", aspect="heads"),
        Check("value", 0.125, "each with a bias", aspect="biases"),
        Check("value", 0.375, "those in the cache too, and never to one that comes after it", aspect="continued",
              title="values: with a cache"),
        Check("value", 0.25, "a tuple (keys, values) of all p + n positions", aspect="cache",
              title="values: the new cache"),
        Check("value", 0.125, "A text that is read in parts, each with the cache of the part before, gives what it "
              "gives in one", aspect="in parts"),
        Check("value", 0.125, "so that a text can be continued in two ways from one cache", aspect="twice",
              title="values: one cache twice"),
        Check("value", 0.0625, "An empty batch gives an empty answer", aspect="empty"),
        Check("layout", 0.0625, "with any memory layout", aspect="layout"),
        Check("state", 0.125, "there are no other parameters and no buffers"),
        Check("gradient", 0.125, "Gradients flow to X, to the cache and to all parameters"),
        Check("purity", 0.0625, "neither X nor the tensors of the cache that is passed"),
        Check("device", 0.0625, "Works on whatever device X is on"),
    ),
    hints=(
        "Which positions may the last of three new ones see when there are two in the cache? Draw the mask for p = 2 "
        "and n = 3 before you program it.",
        "Project the new positions only, split them into heads, and then put the keys and values of the cache in front "
        "of the new ones, along the axis of the positions. There are as many queries as new positions, and p "
        "more keys.",
        "The lower triangle of a matrix with n rows and p + n columns begins at a diagonal that p shifts: `tril` takes "
        "the number of that diagonal.",
    ),
)  # fmt: skip
