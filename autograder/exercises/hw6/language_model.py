"""TransformerLM."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw6._dropping import dropping
from autograder.exercises.hw6._modules import DEEP, try_module
from autograder.exercises.hw6._stacks import PLAIN, VOCAB, init, tokens, training_cases
from autograder.exercises.hw6._weights import encoder_block, stack
from autograder.exercises.slopes import SLOPES, slopes_law


def _cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, batch: int, steps: int, d: int, heads: int, layers: int, **rest: Any) -> Case:
        hiddens, dropout = d + 3, rest.pop("dropout", 0.0)
        weights = stack(draw, [encoder_block(draw, d, hiddens) for _ in range(layers)], VOCAB, d, True)
        args = (tokens(draw, batch, steps),)
        return Case(name, aspect, args, init=init(d, hiddens, heads, layers, dropout), weights=weights, **rest)

    yield case("one step", "basic", 1, 1, 4, 1, 1)
    yield case("one step of three sequences", "basic", 3, 1, 8, 2, 1)
    yield case("one step, three features", "basic", 2, 1, 3, 1, 1)
    yield case("two steps", "causal", 1, 2, 4, 1, 1)
    yield case("three sequences of four steps", "causal", 3, 4, 8, 2, 1)
    yield case("as many sequences as steps, in training mode", "causal", 3, 3, 4, 2, 1, training=True)
    yield case("two blocks", "blocks", 2, 4, 4, 2, 2)
    yield case("three blocks, in training mode", "blocks", 1, 3, 8, 2, 3, training=True)
    yield case("after a shorter batch", "evaluation", 3, 4, 4, 2, 2, options={"shorter": True}, **PLAIN)
    yield case("evaluation", "evaluation", 2, 3, 8, 2, 2, dropout=0.5, **PLAIN)
    yield case("what is registered", "state", 1, 1, 4, 2, 2, options={"state": True}, **PLAIN)
    yield from training_cases(draw, False, True)
    yield case("two sequences, in training mode", "dropout", 2, 3, 4, 2, 2, dropout=0.25, **SLOPES)


TransformerLM = Exercise(
    homework="hw6",
    name="TransformerLM",
    uses=("PositionalEncoding", "EncoderBlock"),
    file="transformer.py",
    points=3,
    difficulty=2,
    arguments=("X",),
    kind="module",
    probe=partial(try_module, "TransformerLM"),
    differentiable=True,
    tolerance=DEEP,
    laws=(dropping, slopes_law),
    cases=_cases,
    checks=(
        Check("value", 0.75, "The embeddings are multiplied with the square\nroot of `num_hiddens`, get their "
              "positions",
              aspect="basic"),
        Check("value", 0.75, "In every block a step looks at itself and at the steps before it, and at no later one",
              aspect="causal"),
        Check("value", 0.25, "go through the blocks one after the other and through `dense`", aspect="blocks"),
        Check("randomness", 0.25, "In training mode `dropout` is at work in `pos_encoding` and in every block",
              aspect="dropout", title="dropout in training"),
        Check("value", 0.25, "In evaluation mode nothing is dropped", aspect="evaluation"),
        Check("state", 0.25, "Each block has parameters of its\nown, there are no others"),
        Check("gradient", 0.25, "Gradients flow to the parameters"),
        Check("device", 0.25, "Works on the device of X and of the parameters"),
    ),
    hints=(
        "It is your TransformerEncoder with another mask and an output layer.",
        "An EncoderBlock takes a length for every step of every sequence. What is the length of step t, if it may look "
        "at itself and at what stands before it?",
        "The rows of the lengths are all the same, 1, 2, 3, …, on the device of X. Every block gets them.",
    ),
)  # fmt: skip
