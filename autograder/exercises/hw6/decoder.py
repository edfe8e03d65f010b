"""TransformerDecoder."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.fitting import fit, loaded
from autograder.exercises.hw6._dropping import WIDTH, dropping
from autograder.exercises.hw6._modules import DEEP
from autograder.exercises.hw6._stacks import PLAIN, VOCAB, init, tokens, training_cases
from autograder.exercises.hw6._weights import decoder_block, stack
from autograder.exercises.slopes import SLOPES, asked_for, slopes, slopes_law


def _decode(student: Any, call: Any) -> Any:
    """Builds the decoder and has it answer X, in pieces of `pieces` steps where the options say so; `before` has it
    answer another sequence first. `start` reports what init_state returns."""
    import torch

    from autograder.worker import probes

    decoder = student.TransformerDecoder(**call.init)
    if call.options.get("state"):
        fit(call, decoder)
        decoder = call.load(decoder)
        return {"output": None, "state": probes.describe_state(decoder)}
    decoder = loaded(call, decoder)
    X, *read = call.args
    if call.options.get("start"):
        return list(decoder.init_state(*read))
    if call.options.get("falls"):
        return {"draws": [decoder(X, decoder.init_state(*read))[0] for _ in range(2)]}
    if asked_for(call):
        return slopes(decoder, call, lambda X, *read: decoder(X, decoder.init_state(*read))[0])
    if call.options.get("before"):
        decoder(X[:, :2], decoder.init_state(*read))
    state, answers = decoder.init_state(*read), []
    for piece in X.split(call.options.get("pieces", X.shape[1]), dim=1):
        answer, state = decoder(piece, state)
        answers.append(answer)
    return torch.cat(answers, dim=1)


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
        weights = stack(draw, [decoder_block(draw, d, hiddens) for _ in range(layers)], VOCAB, d, True)
        enc = draw.floats((batch, rest.pop("enc", 3), d), requires_grad=True)
        args = (tokens(draw, batch, steps), enc, None if lengths is None else tensor(lengths))
        return Case(name, aspect, args, init=init(d, hiddens, heads, layers, dropout), weights=weights, **rest)

    yield case("one step", "basic", 1, 1, 4, 1, 1)
    yield case("three steps", "basic", 1, 3, 4, 1, 1)
    yield case("two sequences of four steps", "basic", 2, 4, 8, 2, 1, enc=2)
    yield case("two sequences of three steps, in training mode", "basic", 2, 3, 4, 2, 1, training=True)
    yield case("two blocks", "blocks", 2, 3, 4, 2, 2)
    yield case("three blocks, in training mode", "blocks", 1, 4, 8, 2, 3, training=True)
    yield case("a length for every sequence", "lengths", 3, 4, 4, 2, 2, [1, 3, 2])
    yield case("two steps, one at a time", "steps", 1, 2, 4, 1, 1, options={"pieces": 1}, **PLAIN)
    yield case("five steps, one at a time", "steps", 2, 5, 4, 2, 2, [3, 1], options={"pieces": 1}, **PLAIN)
    yield case("five steps, two at a time", "steps", 2, 5, 8, 2, 2, options={"pieces": 2}, **PLAIN)
    yield case("one at a time, after another sequence", "steps", 2, 4, 4, 2, 2,
               options={"pieces": 1, "before": True}, **PLAIN)  # fmt: skip
    yield case("the state of a decoder of one block", "start", 2, 1, 4, 2, 1, [1, 2], options={"start": True}, **PLAIN)
    yield case("the state of a decoder of three blocks", "start", 1, 1, 4, 1, 3, options={"start": True}, **PLAIN)
    yield case("evaluation", "evaluation", 2, 3, 8, 2, 2, dropout=0.5, **PLAIN)
    yield case("after another sequence", "evaluation", 2, 3, 4, 2, 2, options={"before": True}, **PLAIN)
    yield case("what is registered", "state", 1, 1, 4, 2, 2, options={"state": True}, **PLAIN)
    yield from training_cases(draw, True, True, tensor([[[1.0] * WIDTH]] * 128), None)
    yield case("two sequences, in training mode", "dropout", 2, 3, 4, 2, 2, [1, 3], dropout=0.25, **SLOPES)


TransformerDecoder = Exercise(
    homework="hw6",
    name="TransformerDecoder",
    uses=("PositionalEncoding", "DecoderBlock"),
    file="transformer.py",
    points=4,
    difficulty=3,
    arguments=("X", "enc_outputs", "enc_valid_lens"),
    kind="module",
    probe=_decode,
    differentiable=True,
    tolerance=DEEP,
    laws=(dropping, slopes_law),
    cases=_cases,
    checks=(
        Check("value", 0.75, "The embeddings are\nmultiplied with the square root of `num_hiddens`, get their "
              "positions",
              aspect="basic"),
        Check("value", 0.5, "go through the blocks one after the\nother, each with the state that the one before "
              "returned", aspect="blocks"),
        Check("value", 0.25, "what `init_state` or an earlier call returned", aspect="lengths", title="valid lengths"),
        Check("value", 1, "Answering a sequence step by step gives the same scores as all at once", aspect="steps",
              title="step by step"),
        Check("value", 0.25, "a list of `enc_outputs`, `enc_valid_lens` and a list of num_layers times None",
              aspect="start", title="init_state"),
        Check("randomness", 0.25, "In training mode `dropout` is at work in `pos_encoding` and in every block",
              aspect="dropout", title="dropout in training"),
        Check("value", 0.25, "In evaluation mode nothing is dropped", aspect="evaluation"),
        Check("state", 0.25, "Each block has parameters of its own, there are no others"),
        Check("gradient", 0.25, "Gradients flow to the encoder's outputs and to the parameters"),
        Check("device", 0.25, "Works on the\ndevice of the arguments"),
    ),
    hints=(
        "Begin as in the encoder. What do the blocks of a decoder need that those of an encoder do not?",
        "Each block takes a state and returns one: the next block gets it, and the last one's is returned. A block "
        "finds "
        "its cache by its number.",
        "Step by step, the word that comes after three others stands at position 3. The caches know how many came "
        "before: "
        "that number is the `offset` of the positions.",
    ),
)  # fmt: skip
