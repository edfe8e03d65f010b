"""models.py: Seq2SeqEncoder, Seq2SeqDecoder, EncoderDecoder."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Run
from autograder.exercises.hw5._recurrent import decode, encode, gru, learned
from autograder.exercises.slopes import SLOPES, slopes_law

PLAIN: tuple[Run, ...] = ("plain",)


def _encoder_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, shape: tuple[int, int], sizes: tuple[int, int, int], layers: int = 1,
        *, dropout: float = 0.0, lengths: list[int] | None = None, **rest: Any,
    ) -> Case:  # fmt: skip
        vocab, embed, hiddens = sizes
        weights = learned(draw, embedding__weight=(vocab, embed)) | gru(draw, embed, hiddens, layers)
        init = {"vocab_size": vocab, "embed_size": embed, "num_hiddens": hiddens, "num_layers": layers}
        args = [draw.integers(shape, 0, vocab - 1)] + ([tensor(lengths)] if lengths is not None else [])
        return Case(name, aspect, tuple(args), init=init | {"dropout": dropout}, weights=weights, **rest)

    both: dict[str, Any] = {"options": {"both": True}}
    yield case("one token", "basic", (1, 1), (3, 2, 1))
    yield case("three steps", "basic", (1, 3), (4, 2, 3))
    yield case("two sentences", "basic", (2, 4), (5, 3, 2))
    yield case("as many sentences as steps", "basic", (3, 3), (5, 3, 3))
    yield case("after other weights", "basic", (2, 3), (4, 2, 3), options={"again": True})
    yield case("the state of one layer", "layers", (3, 2), (4, 2, 3), **both)
    yield case("the state of two layers", "layers", (2, 3), (5, 3, 2), 2, **both)
    yield case("the state of three layers", "layers", (3, 3), (4, 3, 3), 3, **both)
    yield case("valid lengths", "lengths", (3, 4), (6, 2, 3), lengths=[4, 1, 2], **both)
    yield case("two layers, a dropout of 1", "dropout", (2, 3), (5, 3, 2), 2, dropout=1.0, training=True, runs=PLAIN)
    yield case("training without dropout", "dropout", (2, 3), (4, 2, 3), 2, training=True, runs=PLAIN)
    yield case("two layers, a dropout of 0.5", "dropout", (2, 3), (5, 3, 2), 2, dropout=0.5, **SLOPES)
    yield case("one layer, a dropout of 1", "one layer", (2, 3), (5, 3, 2), dropout=1.0, training=True, runs=PLAIN,
               **both)  # fmt: skip
    yield case("evaluation", "evaluation", (2, 3), (5, 3, 2), 2, dropout=0.5, runs=PLAIN)
    yield case("registered parameters", "state", (2, 2), (4, 2, 3), 2, options={"state": True}, runs=PLAIN)


Seq2SeqEncoder = Exercise(
    homework="hw5",
    name="Seq2SeqEncoder",
    difficulty=1,
    file="models.py",
    points=5,
    arguments=("X", "valid_lens"),
    kind="module",
    probe=encode,
    differentiable=True,
    laws=(slopes_law,),
    cases=_encoder_cases,
    checks=(
        Check("value", 1.5, "Embeds the tokens and runs the GRU over them, from a state of zeros", aspect="basic"),
        Check("value", 0.75, "is every layer at the last step", aspect="layers"),
        Check("value", 0.25, "They are accepted and not used", aspect="lengths"),
        Check("value", 0.5, "an output of a layer is dropped on its way to the next layer", aspect="dropout"),
        Check("value", 0.25, "neither embeddings nor what the last layer gives", aspect="one layer"),
        Check("value", 0.25, "In evaluation mode nothing is dropped", aspect="evaluation"),
        Check("state", 0.5, "are registered under these names, and nothing else is"),
        Check("gradient", 0.5, "Gradients flow to all parameters"),
        Check("purity", 0.125, "No argument is changed"),
        Check("device", 0.375, "Works on whatever device the arguments and parameters are on"),
    ),
    hints=(
        "Which axis holds the sentences in X, and which one does an nn.GRU take for the steps unless told otherwise?",
        "Swapping two axes is a transpose. A reshape to the same sizes mixes the tokens of different sentences.",
        "An nn.GRU of several layers, given its dropout, drops what it should, starts from zeros by itself, and "
        "returns outputs and state in the order that is asked for.",
    ),
)


def _decoder_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, shape: tuple[int, int], sizes: tuple[int, int, int], layers: int = 1,
        *, source: int = 2, dropout: float = 0.0, lengths: list[int] | None = None, **rest: Any,
    ) -> Case:  # fmt: skip
        vocab, embed, hiddens = sizes
        dtype = "float64" if rest.get("options", {}).get("double") else "float32"
        weights = learned(
            draw, dtype, embedding__weight=(vocab, embed), dense__weight=(vocab, hiddens), dense__bias=(vocab,)
        )
        weights |= gru(draw, embed + hiddens, hiddens, layers, dtype)
        init = {"vocab_size": vocab, "embed_size": embed, "num_hiddens": hiddens, "num_layers": layers}
        args = [
            draw.integers(shape, 0, vocab - 1),
            draw.floats((source, shape[0], hiddens), 1.0, dtype=dtype),
            draw.floats((layers, shape[0], hiddens), 1.0, dtype=dtype, requires_grad=True),
        ] + ([tensor(lengths)] if lengths is not None else [])
        return Case(name, aspect, tuple(args), init=init | {"dropout": dropout}, weights=weights, **rest)

    yield case("one token", "basic", (1, 1), (3, 2, 1))
    yield case("two sentences, one step", "basic", (2, 1), (4, 3, 2), 2)
    yield case("as many of everything", "basic", (3, 1), (3, 3, 3), 3)
    yield case("three steps", "context", (1, 3), (4, 2, 3))
    yield case("two layers", "context", (3, 2), (5, 3, 2), 2, source=4)
    yield case("as many sentences as steps and layers", "context", (2, 2), (4, 2, 2), 2)
    yield case("after other numbers", "context", (2, 3), (4, 3, 2), 2, options={"again": True})
    yield case("one call for each of two tokens", "each", (1, 2), (4, 2, 3), options={"each": True})
    yield case("one call for each of four tokens", "each", (3, 4), (5, 3, 2), 2, options={"each": True})
    first: dict[str, Any] = {"options": {"initial": True}, "runs": ("plain", "phantom")}
    yield case("the first state", "first state", (2, 3), (4, 3, 2), **first)
    yield case("the first state of three layers", "first state", (3, 3), (4, 2, 3), 3, source=3, **first)
    yield case("the state afterwards", "new state", (2, 3), (4, 3, 2), options={"new": True})
    yield case("the state of two layers", "new state", (3, 2), (4, 2, 3), 2, options={"new": True})
    yield case("valid lengths", "lengths", (3, 2), (4, 2, 3), source=4, lengths=[4, 1, 2])
    yield case("two layers, a dropout of 1", "dropout", (2, 3), (5, 3, 2), 2, dropout=1.0, training=True, runs=PLAIN)
    yield case("training without dropout", "dropout", (2, 3), (4, 2, 3), 2, training=True, runs=PLAIN)
    yield case("two layers, a dropout of 0.5", "dropout", (2, 3), (5, 3, 2), 2, dropout=0.5, **SLOPES)
    yield case("one layer, a dropout of 1", "one layer", (2, 3), (5, 3, 2), dropout=1.0, training=True, runs=PLAIN)
    yield case("evaluation", "evaluation", (2, 3), (5, 3, 2), 2, dropout=0.5, runs=PLAIN)
    yield case("registered parameters", "state", (2, 2), (4, 2, 3), 2, options={"state": True}, runs=PLAIN)


Seq2SeqDecoder = Exercise(
    homework="hw5",
    name="Seq2SeqDecoder",
    file="models.py",
    points=6,
    arguments=("X", "enc_output", "enc_state", "enc_valid_lens"),
    kind="module",
    probe=partial(decode, "Seq2SeqDecoder"),
    differentiable=True,
    laws=(slopes_law,),
    cases=_decoder_cases,
    checks=(
        Check("value", 1, "`dense` makes the scores of what its last layer gives", aspect="basic"),
        Check("value", 1, "followed by the context, which is the same at every\nstep", aspect="context"),
        Check("value", 1, "One call with all\ntokens and one call for each token", aspect="each",
              title="values: a call for each token"),
        Check("value", 0.5, "the encoder's last layer at its last step", aspect="first state"),
        Check("value", 0.5, "the same context, and every layer of the GRU at the last step", aspect="new state"),
        Check("value", 0.125, "They are accepted and not used", aspect="lengths"),
        Check("value", 0.375, "an output of a layer is dropped on its way to the next layer", aspect="dropout"),
        Check("value", 0.125, "Nothing else is dropped", aspect="one layer"),
        Check("value", 0.125, "In evaluation mode nothing is dropped", aspect="evaluation"),
        Check("state", 0.375, "are registered under these names, and\nnothing else is"),
        Check("gradient", 0.5, "Gradients flow\nto the encoder's state and to all parameters"),
        Check("purity", 0.125, "No argument is changed"),
        Check("device", 0.25, "Works on whatever device the arguments and parameters are on"),
    ),
    hints=(
        "What does the GRU read at one step? Two vectors side by side. Which of them changes from step to step?",
        "The context has no axis for the steps: give it one and let it be as long as the embeddings'. Which part of "
        "the encoder's state is it?",
        "Keep the context in the state that you return, beside the hidden state of the GRU: a later call that goes on "
        "from there then finds the encoder's context, and not what the decoder has made of its own state.",
    ),
)  # fmt: skip


def _joined(student: Any, call: Any) -> Any:
    from autograder.exercises.hw5 import _joining

    return _joining.joined(student.EncoderDecoder, call)


def _joint_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, report: str, further: int = 0) -> Case:
        args = (draw.floats((2, 3)), draw.floats((2, 2)), *(draw.floats((2,)) for _ in range(further)))
        weights = {"encoder": draw.floats((3, 2)), "decoder": draw.floats((2, 2))}
        return Case(name, aspect, args, weights=weights, runs=PLAIN, options={"report": report})

    yield case("scores", "basic", "scores")
    yield case("other scores", "basic", "scores")
    yield case("scores and state", "both", "answer")
    yield case("valid lengths, seen by the encoder", "encoder", "encoder", 1)
    yield case("two further arguments, seen by the encoder", "encoder", "encoder", 2)
    yield case("valid lengths, seen by init_state", "init_state", "init_state", 1)
    yield case("two further arguments, seen by init_state", "init_state", "init_state", 2)
    yield case("no further argument, seen by both", "init_state", "init_state")
    yield case("two calls", "once", "calls", 1)
    yield case("two calls, other sentences in the second", "once", "again", 1)
    yield case("names of the parameters", "registered", "names")
    yield case("the modules themselves", "registered", "flag “these are other modules”")
    yield case("gradients", "gradients", "gradients", 1)


EncoderDecoder = Exercise(
    homework="hw5",
    name="EncoderDecoder",
    difficulty=1,
    file="models.py",
    points=3,
    arguments=("enc_X", "dec_X", "valid_lens", "further"),
    kind="probe",
    probe=_joined,
    cases=_joint_cases,
    checks=(
        Check("value", 0.75, "makes the decoder's first state of it, and decodes `dec_X` from there", aspect="basic"),
        Check("value", 0.25, "What the decoder returns, as it is: scores and state", aspect="both"),
        Check("value", 0.375, "They are given to the encoder and to", aspect="encoder"),
        Check("value", 0.375, "They are given to the encoder and to\n`init_state`, to both", aspect="init_state"),
        Check("value", 0.25, "Encoder, `init_state` and decoder are called once each", aspect="once"),
        Check("value", 0.5, "Both are registered, as `encoder` and `decoder`", aspect="registered"),
        Check("value", 0.5, "Gradients flow through\nall of it", aspect="gradients"),
    ),
    hints=(
        "Three calls, each of which needs what the one before gave.",
        "`*args` in a definition collects what else is given; `*args` in a call hands it on. Who needs the lengths?",
        "What makes a module's attribute one of its children? Nothing but that it is a module, and that the "
        "constructor of nn.Module has run before.",
    ),
)

EXERCISES = (Seq2SeqEncoder, Seq2SeqDecoder, EncoderDecoder)
