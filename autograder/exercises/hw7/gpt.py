"""GPT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Finding
from autograder.exercises.hw7._blocks import WHOLE, block_weights, norm_weights
from autograder.exercises.hw7._reading import read

FFN = 3
STD, SPREAD = 0.02, 0.2
"""Of 8192 numbers the standard deviation is off by a fifth less than once in 10**100."""


def _gpt_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, tokens: Any, vocab: int, d: int, heads: int, blocks: int, max_len: int, *more: Any,
        parts: frozenset[str] = WHOLE, placed: bool = True, **rest: Any,
    ) -> Case:  # fmt: skip
        init = {"vocab_size": vocab, "num_hiddens": d, "ffn_num_hiddens": FFN, "num_heads": heads, "num_blks": blocks,
                "max_len": max_len}  # fmt: skip
        weights = {"token_embedding.weight": draw.floats((vocab, d), requires_grad=True)}
        positions = draw.floats((max_len, d), requires_grad=True)
        weights["pos_embedding.weight"] = positions if placed else tensor(positions.data * 0, requires_grad=True)
        for i in range(blocks):
            weights |= block_weights(draw, d, FFN, parts, prefix=f"blocks.{i}.")
        return Case(name, aspect, (tensor(tokens), *map(tensor, more)), init=init,
                    weights=weights | norm_weights(draw, "ln_f", d), **rest)  # fmt: skip

    def texts(batch: int, n: int, vocab: int) -> Any:
        return draw.integers((batch, n), 0, vocab - 1).data

    silent = frozenset[str]()
    first: dict[str, Any] = {"options": {"report": "first"}}
    yield case("one token, blocks that add nothing", "basic", [[1]], 2, 3, 1, 1, 2, parts=silent, placed=False, **first)
    yield case("two texts, blocks that add nothing", "basic", [[0, 2, 2], [1, 3, 0]], 4, 5, 1, 1, 4, parts=silent,
               placed=False, **first)  # fmt: skip
    yield case("positions", "positions", [[1, 1]], 2, 3, 1, 1, 4, parts=silent, **first)
    yield case("positions, as many as max_len", "positions", texts(3, 4, 5), 5, 4, 1, 1, 4, parts=silent, **first)
    yield case("one block", "blocks", texts(1, 3, 4), 4, 3, 1, 1, 5, **first)
    yield case("three blocks", "blocks", texts(2, 3, 5), 5, 4, 2, 3, 6, **first)
    yield case("blocks of six heads", "blocks", texts(2, 2, 5), 5, 6, 6, 2, 6, **first)
    yield case("no block", "blocks", texts(2, 2, 5), 5, 4, 2, 0, 6, **first)
    yield case("two parts, blocks that add nothing", "in parts", [[1, 0, 1]], 2, 3, 1, 1, 4, parts=silent,
               options={"report": "first", "parts": [2, 1]})  # fmt: skip
    yield case("a text in three parts", "in parts", texts(2, 5, 5), 5, 4, 2, 2, 5,
               options={"report": "first", "parts": [2, 1, 2]})  # fmt: skip
    yield case("a token at a time", "in parts", texts(1, 4, 5), 5, 4, 2, 3, 7,
               options={"report": "first", "parts": [1, 1, 1, 1]})  # fmt: skip
    yield case("the cache of two blocks", "cache", texts(2, 3, 5), 5, 4, 2, 2, 6)
    yield case("caches that grow", "cache", texts(2, 4, 5), 5, 4, 2, 2, 6, options={"parts": [3, 1]})
    yield case("one cache, continued in two ways", "twice", texts(2, 4, 5), 5, 4, 2, 2, 6, texts(2, 2, 5),
               options={"twice": 3})  # fmt: skip
    yield case("registered parameters", "state", texts(1, 3, 5), 5, 4, 2, 2, 6, options={"state": True},
               runs=("plain",))  # fmt: skip
    yield case("new embeddings", "start", [[0]], 256, 32, 1, 1, 256, options={"laws": True, "start": True},
               runs=("plain",))  # fmt: skip
    yield case("what the model tells of its length", "max_len", [[0]], 2, 3, 1, 1, 5, runs=("plain",),
               options={"attribute": "max_len"})  # fmt: skip
    yield case("longer than max_len", "errors", texts(1, 4, 5), 5, 4, 2, 1, 3, runs=("plain",))
    yield case("longer than max_len in parts", "errors", texts(1, 5, 5), 5, 4, 2, 1, 4, options={"parts": [3, 2]},
               runs=("plain",))  # fmt: skip


def embeddings_law(case: Case, value: Any) -> Iterator[Finding]:
    """New embeddings are random, from torch's global generator, and as small as the stub says."""
    import numpy as np

    one, again, other = ([np.asarray(weight.data) for weight in weights] for weights in value)
    for name, first, second, different in zip(("token", "position"), one, again, other, strict=True):
        mean, std = float(first.mean()), float(first.std())
        if not np.array_equal(first, second):
            yield Finding("unseeded", "two models made after the same torch.manual_seed start differently")
        elif np.array_equal(first, different):
            yield Finding("fixed", "models made after different torch.manual_seed start with the same embeddings")
        elif abs(std / STD - 1) > SPREAD or abs(mean) > STD * SPREAD:
            message = f"the {name} embedding starts with mean {mean:.3g} and standard deviation {std:.3g}"
            yield Finding(f"start:{name}", f"{message}, expected 0 and {STD:g}")


GPT = Exercise(
    homework="hw7",
    name="GPT",
    file="gpt.py",
    points=3,
    uses=("GPTBlock",),
    arguments=("tokens",),
    kind="module",
    probe=partial(read, "GPT"),
    differentiable=True,
    laws=(embeddings_law,),
    cases=_gpt_cases,
    checks=(
        Check("value", 0.75, "the logits are the dot products of its output with the embedding of every token",
              aspect="basic"),
        Check("value", 0.25, "The embedding of every token and that of its position are added", aspect="positions"),
        Check("value", 0.3125, "the blocks follow one after another in their order", aspect="blocks"),
        Check("value", 0.5, "with a cache of p positions the new tokens are at the positions p to p + n - 1",
              aspect="in parts"),
        Check("value", 0.25, "a list with the cache of every block, in their order", aspect="cache",
              title="values: the caches"),
        Check("value", 0.125, "nor the cache that is passed are changed, the list itself included", aspect="twice",
              title="values: one cache twice"),
        Check("value", 0.0625, "kept as the attribute `max_len`", aspect="max_len"),
        Check("errors", 0.125, "ValueError: with a message that says what is wrong, when p + n is larger than "
              "`max_len`"),
        Check("randomness", 0.125, "start as random normal numbers of mean 0 and standard deviation 0.02",
              aspect="start", title="initialisation"),
        Check("state", 0.125, "The head has no parameters of its own"),
        Check("gradient", 0.25, "to `token_embedding` by both of its uses"),
        Check("purity", 0.0625, "Neither the tokens nor the cache that is passed are changed"),
        Check("device", 0.0625, "Works on whatever device the tokens and parameters are on"),
    ),
    hints=(
        "What does the model have to know about the cache before it can embed a single new token?",
        "The number of positions that were read is the third size of the keys in the cache of any block. The positions "
        "of the new tokens begin there.",
        "Go through the blocks with the caches beside them (None for each when there is none), and collect what they "
        "return in a new list. The head needs no layer: it is a product with the transposed matrix of the tokens.",
    ),
)  # fmt: skip
