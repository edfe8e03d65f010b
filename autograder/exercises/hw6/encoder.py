"""TransformerEncoder."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw6._dropping import dropping
from autograder.exercises.hw6._modules import DEEP, try_module
from autograder.exercises.hw6._stacks import PLAIN, VOCAB, init, tokens, training_cases
from autograder.exercises.hw6._weights import encoder_block, stack
from autograder.exercises.slopes import SLOPES, slopes_law


def _cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        batch: int,
        steps: int,
        d: int,
        heads: int,
        layers: int,
        lengths: Any = None,
        **rest: Any,
    ) -> Case:
        hiddens, dropout = d + 3, rest.pop("dropout", 0.0)
        weights = stack(draw, [encoder_block(draw, d, hiddens) for _ in range(layers)], VOCAB, d, False)
        X = tokens(draw, batch, steps)
        args = (X,) if lengths is None else (X, tensor(lengths))
        return Case(name, aspect, args, init=init(d, hiddens, heads, layers, dropout), weights=weights, **rest)

    yield case("one step", "basic", 1, 1, 4, 1, 1)
    yield case("three steps", "basic", 1, 3, 4, 1, 1)
    yield case("two sequences of four steps", "basic", 2, 4, 8, 2, 1)
    yield case("four sequences of two steps, three features", "basic", 4, 2, 3, 1, 1)
    yield case("two blocks", "blocks", 2, 3, 4, 2, 2)
    yield case("three blocks", "blocks", 1, 4, 8, 2, 3)
    yield case("a length for every sequence", "lengths", 3, 4, 4, 2, 1, [1, 4, 2])
    yield case("a length for every sequence, two blocks", "lengths", 2, 3, 8, 2, 2, [2, 1])
    yield case("after a shorter batch", "evaluation", 3, 4, 4, 2, 2, options={"shorter": True}, **PLAIN)
    yield case("evaluation", "evaluation", 2, 3, 8, 2, 2, dropout=0.5, **PLAIN)
    yield case("no dropout in training", "evaluation", 2, 3, 4, 2, 1, training=True, **PLAIN)
    yield case("what is registered", "state", 1, 3, 4, 2, 2, options={"state": True}, **PLAIN)
    yield from training_cases(draw, False, False)
    yield case("two sequences, in training mode", "dropout", 2, 3, 4, 2, 2, [1, 3], dropout=0.25, **SLOPES)


TransformerEncoder = Exercise(
    homework="hw6",
    name="TransformerEncoder",
    uses=("PositionalEncoding", "EncoderBlock"),
    file="transformer.py",
    points=3,
    difficulty=2,
    arguments=("X", "valid_lens"),
    kind="module",
    probe=partial(try_module, "TransformerEncoder"),
    differentiable=True,
    tolerance=DEEP,
    laws=(dropping, slopes_law),
    cases=_cases,
    checks=(
        Check("value", 0.75, "The embeddings are multiplied with the square root of\n`num_hiddens`, then get their "
              "positions", aspect="basic"),
        Check("value", 0.5, "go through the blocks one after the other", aspect="blocks"),
        Check("value", 0.5, "Every block is given\nthe valid lengths", aspect="lengths"),
        Check("randomness", 0.25, "In training mode `dropout` is at work in `pos_encoding` and in every block",
              aspect="dropout", title="dropout in training"),
        Check("value", 0.25, "In evaluation mode nothing is dropped", aspect="evaluation"),
        Check("state", 0.25, "Each block has\nparameters of its own, there are no others"),
        Check("gradient", 0.25, "Gradients flow to the parameters"),
        Check("device", 0.25, "Works on the device of X and of the parameters"),
    ),
    hints=(
        "Which of the modules that you have written are needed here, and how many of each?",
        "`add_module` puts a block into an `nn.Sequential` under a name. Calling the Sequential would give each "
        "block one "
        "argument: a loop over it gives them two.",
        "Look the tokens up, multiply with the root of `num_hiddens`, add the positions, then one block after the "
        "other, "
        "each with the lengths.",
    ),
)  # fmt: skip
