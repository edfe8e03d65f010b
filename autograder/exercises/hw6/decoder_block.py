"""DecoderBlock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.fitting import fit, loaded
from autograder.exercises.hw6._dropping import WIDTH, P, base_row, dropping
from autograder.exercises.hw6._modules import DEEP
from autograder.exercises.hw6._weights import Weights, decoder_block, silent
from autograder.exercises.slopes import SLOPES, asked_for, slopes, slopes_law

PLAIN: dict[str, Any] = {"runs": ("plain",)}


def _decode(student: Any, call: Any) -> Any:
    """Builds the block and has it answer X, in pieces of `pieces` steps where the options say so. What is compared is
    the answer, where the options ask for `cache` the caches too. `before` has it answer another sequence first, with a
    state of that sequence's own."""
    import torch

    from autograder.worker import probes

    block = student.DecoderBlock(**call.init)
    if call.options.get("state"):
        fit(call, block)
        block = call.load(block)
        return {"output": None, "state": probes.describe_state(block)}
    block = loaded(call, block)
    X, enc_outputs, enc_valid_lens, cache = call.args
    i = call.init["i"]

    def state() -> list[Any]:
        return [enc_outputs, enc_valid_lens, [cache if number == i else None for number in range(i + 2)]]

    if call.options.get("falls"):
        return {"draws": [block(X, state())[0] for _ in range(2)]}
    if asked_for(call):
        return slopes(block, call, lambda X, enc, lengths, _: block(X, [enc, lengths, [None]])[0])
    if call.options.get("before"):
        block(-X[:, :2], state())
    held, answers = state(), []
    for piece in X.split(call.options.get("pieces", X.shape[1]), dim=1):
        answer, held = block(piece, held)
        answers.append(answer)
    found: dict[str, Any] = {"output": torch.cat(answers, dim=1)}
    if call.options.get("cache"):
        found["caches"] = [one if one is None else one.detach() for one in held[2]]
    return found


def _cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, batch: int, steps: int, d: int, heads: int, **rest: Any) -> Case:
        hiddens, i, cached = 2 * d + 1, rest.pop("i", 0), rest.pop("cached", 0)
        init = {"num_hiddens": d, "ffn_num_hiddens": hiddens, "num_heads": heads, "i": i}
        init["dropout"] = rest.pop("dropout", 0.0)
        lengths = rest.pop("lengths", None)
        X, enc = (draw.floats((batch, size, d), requires_grad=True) for size in (steps, rest.pop("enc", 3)))
        cache = draw.floats((batch, cached, d)) if cached else None
        args = (X, enc, None if lengths is None else tensor(lengths), cache)
        return Case(name, aspect, args, init=init, weights=decoder_block(draw, d, hiddens), **rest)

    yield case("one step", "basic", 1, 1, 4, 1)
    yield case("one step of two sequences", "basic", 2, 1, 4, 2, enc=4)
    yield case("one step of three sequences, in training mode", "basic", 3, 1, 8, 2, enc=2, training=True)
    yield case("two steps", "causal", 1, 2, 4, 1, training=True)
    yield case("two sequences of four steps", "causal", 2, 4, 8, 2, training=True)
    yield case("as many sequences as steps", "causal", 3, 3, 4, 2, enc=3, training=True)
    yield case("four steps", "causal in evaluation", 1, 4, 4, 1)
    yield case("three sequences of five steps", "causal in evaluation", 3, 5, 8, 2, enc=2)
    yield case("encoder outputs of unequal lengths", "lengths", 3, 4, 8, 2, lengths=[1, 3, 2], training=True)
    yield case("no valid encoder output", "lengths", 2, 2, 4, 1, lengths=[0, 2], training=True)
    yield case("two steps, one at a time", "steps", 1, 2, 4, 1, options={"pieces": 1}, **PLAIN)
    yield case("five steps, one at a time", "steps", 2, 5, 8, 2, lengths=[3, 1], options={"pieces": 1}, **PLAIN)
    yield case("five steps, two at a time", "pieces", 2, 5, 8, 2, options={"pieces": 2}, **PLAIN)
    yield case("three steps after two", "pieces", 1, 3, 4, 1, cached=2)
    yield case("two steps after four, in training mode", "pieces", 2, 2, 8, 2, cached=4, training=True)
    cached = {"cache": True}
    yield case("the cache after three steps", "cache", 2, 3, 4, 1, options=cached, training=True, **PLAIN)
    yield case("the cache after one step and two", "cache", 2, 1, 4, 1, cached=2, options=cached, **PLAIN)
    yield case("the cache after four steps, one at a time", "cache", 2, 4, 8, 2, options={**cached, "pieces": 1},
               **PLAIN)  # fmt: skip
    yield case("block 1 of three", "i", 2, 3, 4, 1, i=1, training=True, options=cached, **PLAIN)
    yield case("block 2 of four, one step at a time", "i", 1, 3, 4, 1, i=2, options={**cached, "pieces": 1}, **PLAIN)
    yield case("after another sequence", "calls", 2, 4, 4, 2, training=True, options={"before": True}, **PLAIN)
    yield case("after another sequence, one step at a time", "calls", 2, 3, 4, 2,
               options={"before": True, "pieces": 1}, **PLAIN)  # fmt: skip
    yield case("evaluation", "evaluation", 2, 1, 8, 2, dropout=0.5, **PLAIN)
    yield case("what is registered", "state", 1, 1, 4, 2, options={"state": True}, **PLAIN)
    weights = decoder_block(draw, WIDTH, 4)
    yield _training("training, attention1 answers", silent(weights, "attention1"), "on weights")
    yield _training("training, attention2 answers", silent(weights, "attention2"), "on weights", normalised=True)
    yield _training("training, the network answers", silent(weights, "ffn"), "on a branch", normalised=True)
    yield case("two sequences, in training mode", "dropout", 2, 3, 8, 2, lengths=[1, 3], dropout=0.25, **SLOPES)


def _training(name: str, weights: Weights, falls: str, **more: Any) -> Case:
    """Many sequences of a single step, alike."""
    X, enc_outputs = (tensor([[base_row()]] * 128) for _ in range(2))
    init = {"num_hiddens": WIDTH, "ffn_num_hiddens": 4, "num_heads": 1, "dropout": P, "i": 0}
    options = {"laws": True, "falls": falls, **more}
    return Case(name, "dropout", (X, enc_outputs, None, None), init=init, weights=weights, training=True,
                options=options, **PLAIN)  # fmt: skip


DecoderBlock = Exercise(
    homework="hw6",
    name="DecoderBlock",
    uses=("MultiHeadAttention", "PositionWiseFFN", "AddNorm"),
    file="blocks.py",
    points=7,
    difficulty=3,
    arguments=("X", "enc_outputs", "enc_valid_lens", "cache"),
    kind="module",
    probe=_decode,
    differentiable=True,
    tolerance=DEEP,
    laws=(dropping, slopes_law),
    cases=_cases,
    checks=(
        Check("value", 0.75, "Y = addnorm1(X, attention1(X, K, K)), then Z = addnorm2(Y, attention2(Y, enc, enc))",
              aspect="basic"),
        Check("value", 0.75, "a step looks at itself and at all steps\nbefore it", aspect="causal"),
        Check("value", 0.5, "The self-attention is causal, in training and in evaluation mode alike",
              aspect="causal in evaluation"),
        Check("value", 0.5, "The valid lengths hold for the encoder's outputs\nalone", aspect="lengths"),
        Check("value", 1, "Answering a sequence step by step, or some steps at a time, gives the same answers as all "
              "at once", aspect="steps", title="step by step"),
        Check("value", 0.5, "those in the cache included, and at no later one", aspect="pieces",
              title="some steps at a time"),
        Check("value", 0.5, "holds the inputs X of all calls so far, joined along the steps", aspect="cache"),
        Check("value", 0.25, "the caches of other blocks stay as they are", aspect="i", title="other blocks"),
        Check("value", 0.25, "All that is kept from call to call is in `state`, nothing in the module", aspect="calls",
              title="another sequence"),
        Check("randomness", 0.5, "`dropout` is at work in the weights of both attentions and in the three AddNorms",
              aspect="dropout", title="dropout in training"),
        Check("value", 0.25, "In evaluation\nmode nothing is dropped", aspect="evaluation"),
        Check("state", 0.25, "There are no other parameters and no buffers"),
        Check("gradient", 0.5, "Gradients flow to X, to the encoder's outputs and to the parameters"),
        Check("purity", 0.25, "No tensor that is given is changed"),
        Check("device", 0.25, "Works on\nthe device of the arguments"),
    ),
    hints=(
        "Start with a single step and an empty cache: then nothing has to be masked, and the block is an EncoderBlock "
        "with one more part in the middle. Whose outputs are the keys and values of that part?",
        "Write the table of who may look at whom for three steps, then for two steps behind a cache of two. Each row "
        "is a run of keys from the first on: a length says it all.",
        "Join the cache and X before the self-attention; the result is both its keys and what goes into the state. The "
        "length of row t is the number of steps in the cache, plus t, plus one, whatever the mode.",
    ),
)  # fmt: skip
