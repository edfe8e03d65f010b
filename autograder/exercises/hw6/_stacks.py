"""Cases of whole stacks in which what dropout does can be seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Tensor
from autograder.exercises.hw6._dropping import LARGE, WIDTH, P
from autograder.exercises.hw6._weights import Weights, decoder_block, encoder_block, silent, stack

VOCAB = 7
PLAIN: dict[str, Any] = {"runs": ("plain",)}


def init(d: int, hiddens: int, heads: int, layers: int, dropout: float, vocab: int = VOCAB) -> dict[str, Any]:
    return {
        "vocab_size": vocab, "num_hiddens": d, "ffn_num_hiddens": hiddens, "num_heads": heads, "num_layers": layers,
        "dropout": dropout,
    }  # fmt: skip


def tokens(draw: Draw, batch: int, steps: int) -> Tensor:
    return draw.integers((batch, steps), 0, VOCAB - 1)


def training_cases(draw: Draw, decoder: bool, dense: bool, *more: Any) -> Iterable[Case]:
    """Sequences of one step, all of the same token: dropout on embedding and position, then in each of two blocks."""
    block = (decoder_block if decoder else encoder_block)(draw, WIDTH, 4)
    quiet, before = silent(block), "addnorm2" if decoder else "addnorm1"
    loud = silent(block, "ffn", before)
    for name, blocks, falls in (
        ("training, the embedding is large", [quiet, quiet], "before norms"),
        ("training, the network of block 0 answers", [loud, quiet], "on a branch"),
        ("training, the network of block 1 answers", [quiet, loud], "on a branch"),
    ):
        weights = stack(draw, blocks, WIDTH, WIDTH, dense) | _embedding() | (_identity() if dense else {})
        args = (tensor([[0]] * 128), *more)
        yield Case(name, "dropout", args, init=init(WIDTH, 4, 1, 2, P, WIDTH), weights=weights, training=True,
                   options={"laws": True, "falls": falls}, **PLAIN)  # fmt: skip


def _embedding() -> Weights:
    """Times the root of WIDTH, LARGE and -LARGE in turn."""
    size = LARGE / WIDTH**0.5
    return {"embedding.weight": tensor([[size if i % 2 else -size for i in range(WIDTH)]] * WIDTH)}


def _identity() -> Weights:
    rows = [[float(i == j) for j in range(WIDTH)] for i in range(WIDTH)]
    return {"dense.weight": tensor(rows), "dense.bias": tensor([0.0] * WIDTH)}
