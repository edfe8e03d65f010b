"""EncoderBlock."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw6._dropping import WIDTH, P, base_row, dropping
from autograder.exercises.hw6._modules import DEEP, try_module
from autograder.exercises.hw6._weights import Weights, encoder_block, silent
from autograder.exercises.slopes import SLOPES, slopes_law

PLAIN: dict[str, Any] = {"runs": ("plain",)}


def _cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, batch: int, steps: int, d: int, heads: int, lengths: Any = None, **rest: Any
    ) -> Case:
        hiddens = rest.pop("hiddens", 2 * d + 1)
        init = {"num_hiddens": d, "ffn_num_hiddens": hiddens, "num_heads": heads, "dropout": rest.pop("dropout", 0.0)}
        layout = rest.pop("layout", "contiguous")
        X = draw.floats((batch, steps, d), layout=layout, requires_grad=True)
        args = (X,) if lengths is None else (X, tensor(lengths))
        return Case(name, aspect, args, init=init, weights=encoder_block(draw, d, hiddens), **rest)

    yield case("one step, one head", "basic", 1, 1, 4, 1)
    yield case("three steps, one head", "basic", 1, 3, 4, 1)
    yield case("two sequences, one head", "basic", 2, 4, 4, 1)
    yield case("two heads", "heads", 1, 3, 8, 2)
    yield case("two sequences, four heads", "heads", 2, 4, 8, 4)
    yield case("everything is four", "heads", 4, 4, 4, 4, hiddens=4)
    yield case("a length for every sequence", "lengths", 2, 4, 8, 2, [2, 4])
    yield case("a length for every sequence, one head", "lengths", 3, 3, 4, 1, [1, 3, 2])
    yield case("a length for every step", "lengths", 2, 3, 8, 2, [[1, 3, 2], [3, 1, 1]])
    yield case("no valid step", "lengths", 2, 3, 4, 2, [0, 2])
    yield case("after a shorter batch", "calls", 3, 4, 8, 2, options={"shorter": True}, **PLAIN)
    yield case("other numbers in the same tensors", "calls", 2, 3, 8, 2, options={"again": True}, **PLAIN)
    yield case("transposed X", "calls", 2, 4, 4, 2, layout="transposed", **PLAIN)
    yield case("evaluation", "evaluation", 2, 3, 8, 2, dropout=0.5, **PLAIN)
    yield case("no dropout in training", "evaluation", 2, 3, 8, 2, [1, 3], training=True, **PLAIN)
    yield case("what is registered", "state", 1, 3, 8, 2, options={"state": True}, **PLAIN)
    weights = encoder_block(draw, WIDTH, 4)
    yield _training("training, the attention answers", silent(weights, "attention"), "on weights")
    yield _training("training, the network answers", silent(weights, "ffn"), "on a branch", normalised=True)
    yield case("two sequences, in training mode", "dropout", 2, 3, 8, 2, [1, 3], dropout=0.25, **SLOPES)


def _training(name: str, weights: Weights, falls: str, **more: Any) -> Case:
    """Each step may look at one step, and all are alike."""
    X, lengths = tensor([[base_row()] * 16] * 8), tensor([1] * 8)
    init = {"num_hiddens": WIDTH, "ffn_num_hiddens": 4, "num_heads": 1, "dropout": P}
    options = {"laws": True, "falls": falls, **more}
    return Case(name, "dropout", (X, lengths), init=init, weights=weights, training=True, options=options, **PLAIN)


EncoderBlock = Exercise(
    homework="hw6",
    name="EncoderBlock",
    uses=("MultiHeadAttention", "PositionWiseFFN", "AddNorm"),
    file="blocks.py",
    points=5,
    difficulty=2,
    arguments=("X", "valid_lens"),
    kind="module",
    probe=partial(try_module, "EncoderBlock"),
    differentiable=True,
    tolerance=DEEP,
    laws=(dropping, slopes_law),
    cases=_cases,
    checks=(
        Check("value", 1.25, "First Y = addnorm1(X, attention(X, X, X)), then the answer\naddnorm2(Y, ffn(Y))",
              aspect="basic"),
        Check("value", 0.5, "num_heads: number of heads", aspect="heads"),
        Check("value", 0.75, "None, or integers of shape (batch,) or (batch, steps)", aspect="lengths"),
        Check("value", 0.25, "Nothing is kept from one call to the next that changes an answer", aspect="calls",
              title="several calls"),
        Check("randomness", 0.5, "In training mode `dropout` is at work in the attention weights and in both AddNorms",
              aspect="dropout", title="dropout in training"),
        Check("value", 0.25, "In evaluation mode nothing is\ndropped", aspect="evaluation"),
        Check("state", 0.5, "There are\nno others and no buffers, and the state dict restores the module"),
        Check("gradient", 0.5, "Gradients flow to X and to the parameters"),
        Check("purity", 0.25, "No argument is changed"),
        Check("device", 0.25, "Works on the device of X and of the parameters"),
    ),
    hints=(
        "Draw the block as a road from X to the answer, with two detours. Where does each detour leave the road, and "
        "where does it come back?",
        "In self-attention queries, keys and values are the same tensor. What the attention answers and what went into "
        "it are the two arguments of the first AddNorm.",
        "The result of the first AddNorm is used twice: it goes into the network, and it is what the answer of the "
        "network is added to. The valid lengths concern only the attention.",
    ),
)  # fmt: skip
