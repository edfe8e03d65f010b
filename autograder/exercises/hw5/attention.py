"""models.py: AttnDecoderRNN."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Run
from autograder.exercises.hw5._recurrent import decode, gru, learned
from autograder.exercises.slopes import SLOPES, slopes_law

PLAIN: tuple[Run, ...] = ("plain",)


def _attention_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, shape: tuple[int, int], sizes: tuple[int, int, int], layers: int = 1,
        *, source: int = 3, dropout: float = 0.0, lengths: list[int] | None = None, **rest: Any,
    ) -> Case:  # fmt: skip
        vocab, embed, hiddens = sizes
        dtype = "float64" if rest.get("options", {}).get("double") else "float32"
        weights = learned(
            draw, dtype, embedding__weight=(vocab, embed), dense__weight=(vocab, hiddens), dense__bias=(vocab,),
            W_q__weight=(hiddens, hiddens), W_k__weight=(hiddens, hiddens), w_v__weight=(1, hiddens),
        )  # fmt: skip
        weights["w_v.weight"].data[:] *= 4
        weights |= gru(draw, embed + hiddens, hiddens, layers, dtype)
        init = {"vocab_size": vocab, "embed_size": embed, "num_hiddens": hiddens, "num_layers": layers}
        args: list[Any] = [
            draw.integers(shape, 0, vocab - 1),
            draw.floats((source, shape[0], hiddens), dtype=dtype, requires_grad=True),
            draw.floats((layers, shape[0], hiddens), dtype=dtype, requires_grad=True),
            None if lengths is None else tensor(lengths),
        ]
        return Case(name, aspect, tuple(args), init=init | {"dropout": dropout}, weights=weights, **rest)

    yield case("one token, two steps of the source", "basic", (1, 1), (3, 2, 2), source=2)
    yield case("two sentences, one step", "basic", (2, 1), (4, 2, 3), source=4)
    yield case("as many of everything", "basic", (3, 1), (3, 3, 3))
    yield case("two layers", "layers", (2, 1), (4, 3, 2), 2)
    yield case("three layers", "layers", (3, 1), (5, 2, 3), 3, source=2)
    yield case("two steps", "steps", (1, 2), (4, 2, 3))
    yield case("four steps, two layers", "steps", (2, 4), (5, 3, 2), 2)
    yield case("as many steps as sentences", "steps", (3, 3), (4, 3, 3))
    yield case("after other numbers", "steps", (2, 3), (4, 2, 3), options={"again": True})
    yield case("lengths 1 and 3", "lengths", (2, 1), (4, 2, 3), lengths=[1, 3])
    yield case("three lengths", "lengths", (3, 2), (4, 3, 2), source=5, lengths=[4, 1, 2])
    yield case("as many steps of the source as sentences", "lengths", (3, 2), (4, 3, 3), lengths=[2, 3, 1])
    yield case("all steps are valid", "lengths", (2, 2), (4, 2, 3), lengths=[3, 3])
    yield case("one call for each of two tokens", "each", (1, 2), (4, 2, 3), options={"each": True})
    yield case("one call for each of three tokens", "each", (2, 3), (5, 3, 2), 2, lengths=[1, 3],
               options={"each": True})  # fmt: skip
    weights: dict[str, Any] = {"options": {"weights": True}, "runs": PLAIN}
    yield case("the weights of one step", "weights", (1, 1), (4, 2, 3), **weights)
    yield case("the weights of three steps", "weights", (2, 3), (4, 3, 2), lengths=[3, 2], **weights)
    twice: dict[str, Any] = {"options": {"weights": True, "again": True}, "runs": PLAIN}
    yield case("the weights of the second call", "weights", (2, 2), (4, 3, 2), lengths=[1, 3], **twice)
    first: dict[str, Any] = {"options": {"initial": True}, "runs": ("plain", "phantom")}
    yield case("the first state", "first state", (2, 3), (4, 3, 2), lengths=[2, 3], **first)
    yield case("the first state, no lengths", "first state", (2, 3), (4, 2, 3), 2, source=4, **first)
    yield case("the state afterwards", "new state", (2, 3), (4, 3, 2), 2, lengths=[2, 3], options={"new": True},
               runs=("plain", "phantom"))  # fmt: skip
    yield case("two layers, a dropout of 1", "dropout", (2, 3), (5, 3, 2), 2, dropout=1.0, training=True, runs=PLAIN)
    yield case("training without dropout", "dropout", (2, 3), (4, 2, 3), 2, training=True, runs=PLAIN)
    yield case("two layers, a dropout of 0.5", "dropout", (2, 3), (5, 3, 2), 2, dropout=0.5, **SLOPES)
    yield case("one layer, a dropout of 1", "one layer", (2, 3), (5, 3, 2), dropout=1.0, training=True, runs=PLAIN)
    yield case("evaluation", "evaluation", (2, 3), (5, 3, 2), 2, dropout=0.5, runs=PLAIN)
    yield case("float64", "float64", (2, 2), (4, 3, 2), lengths=[1, 3], options={"double": True}, runs=PLAIN)
    yield case("registered parameters", "state", (2, 2), (4, 2, 3), 2, options={"state": True}, runs=PLAIN)


AttnDecoderRNN = Exercise(
    homework="hw5",
    name="AttnDecoderRNN",
    difficulty=3,
    file="models.py",
    points=6,
    arguments=("X", "enc_output", "enc_state", "enc_valid_lens"),
    kind="module",
    probe=partial(decode, "AttnDecoderRNN"),
    differentiable=True,
    laws=(slopes_law,),
    cases=_attention_cases,
    checks=(
        Check("value", 1.125, "The context is\n        the sum of the encoder's outputs, each times its weight",
              aspect="basic"),
        Check("value", 0.25, "the query is the\n        last layer of the hidden state", aspect="layers"),
        Check("value", 0.75, "as it is before the step", aspect="steps"),
        Check("value", 0.875, "a step at or beyond the valid length gets weight 0", aspect="lengths"),
        Check("value", 0.5, "One call with\n        all tokens and one call for each token", aspect="each",
              title="values: a call for each token"),
        Check("value", 0.5, "holds the weights of the last call", aspect="weights"),
        Check("value", 0.25, "the encoder's outputs with the batch first", aspect="first state"),
        Check("value", 0.25, "every layer of the GRU at the last step, the same valid lengths", aspect="new state"),
        Check("value", 0.125, "Attention weights are not", aspect="one layer"),
        Check("value", 0.125, "as those of `Seq2SeqDecoder`", aspect="dropout"),
        Check("value", 0.125, "In evaluation mode nothing is dropped", aspect="evaluation"),
        Check("value", 0.125, "In a float64 model everything is computed in float64", aspect="float64"),
        Check("state", 0.25, "These layers are registered under these names, and nothing else is"),
        Check("gradient", 0.375, "flow to the encoder's outputs and state and to all parameters"),
        Check("purity", 0.125, "No argument is changed"),
        Check("device", 0.25, "Works on whatever device the arguments and"),
    ),
    hints=(
        "Do one step by hand, for one sentence: a query, a score for every step of the source, weights, one vector. "
        "Why can the steps of the decoder not all be computed at once?",
        "The query of shape (batch, 1, num_hiddens) and the keys of shape (batch, steps, num_hiddens) add up by "
        "broadcasting. What has to happen to the scores of padding before the softmax, so that their weights are 0?",
        "A loop over the tokens: weights from the hidden state, the weighted sum of the encoder's outputs, one step of "
        "the GRU on context and embedding, whose new hidden state is the next query. Collect outputs and weights, and "
        "put each into one tensor at the end.",
    ),
)  # fmt: skip

EXERCISES = (AttnDecoderRNN,)
