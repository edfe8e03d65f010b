"""char_rnn.py: RNNModel, predict, train_char_rnn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise, Layout, Run, Tensor

PLAIN: tuple[Run, ...] = ("plain",)
ON_DEVICE: tuple[Run, ...] = ("plain", "phantom")
GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


def _call_model(student: Any, call: Any) -> Any:
    from autograder.exercises.hw4 import _recurrent

    return _recurrent.modelled(student.RNNModel, student, call)


def _weights(draw: Draw, init: dict[str, Any], dtype: str, frozen: Sequence[str]) -> dict[str, Tensor]:
    """Weights by name, as torch's recurrent layers call them."""
    hiddens, directions = init["num_hiddens"], 1 + init["bidirectional"]
    weights = {}

    def add(name: str, *shape: int) -> None:
        weights[name] = draw.floats(shape, 1.0, dtype=dtype, requires_grad=name not in frozen)

    rows = GATES[init["kind"]] * hiddens
    for layer in range(init["num_layers"]):
        for suffix in ("", "_reverse")[:directions]:
            add(f"rnn.weight_ih_l{layer}{suffix}", rows, directions * hiddens if layer else init["vocab_size"])
            add(f"rnn.weight_hh_l{layer}{suffix}", rows, hiddens)
            add(f"rnn.bias_ih_l{layer}{suffix}", rows)
            add(f"rnn.bias_hh_l{layer}{suffix}", rows)
    add("linear.weight", init["vocab_size"], directions * hiddens)
    add("linear.bias", init["vocab_size"])
    return weights


def _model_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, shape: tuple[int, int], sizes: tuple[int, int] = (4, 3), kind: str = "RNN",
        layers: int = 1, both: bool = False, *, dtype: str = "float32", ids: str = "int64",
        layout: Layout = "contiguous", began: bool = True, frozen: Sequence[str] = (), **rest: Any,
    ) -> Case:  # fmt: skip
        """`shape` is (batch, num_steps), `sizes` (vocab_size, num_hiddens). With `began` the state is that of
        begin_state, all zeros."""
        vocab_size, hiddens = sizes
        init = {
            "kind": kind, "vocab_size": vocab_size, "num_hiddens": hiddens, "num_layers": layers, "bidirectional": both,
        }  # fmt: skip
        inputs = replace(draw.integers(shape, 0, vocab_size - 1, ids), layout=layout)
        held = (layers * (1 + both), shape[0], hiddens)
        states = [draw.floats(held, 1.0, dtype=dtype, requires_grad=True) for _ in range(1 + (kind == "LSTM"))]
        if began:
            states = [replace(state, data=state.data * 0) for state in states]
        args = () if "begin" in rest.get("options", {}) else (inputs, *states)
        return Case(name, aspect, args, init=init, weights=_weights(draw, init, dtype, frozen), **rest)

    def begun(name: str, aspect: str, sizes: Sequence[int], *rest: Any, **more: Any) -> Case:
        options = {"begin": list(sizes), **more.pop("options", {})}
        return case(name, aspect, (1, 1), (4, 3), *rest, runs=ON_DEVICE, options=options, **more)

    yield case("one sequence, one step", "basic", (1, 1), (2, 1))
    yield case("one sequence of three", "basic", (1, 3))
    yield case("one sequence of five", "basic", (1, 5), (3, 2))
    yield case("two sequences of three", "order", (2, 3))
    yield case("three sequences of three", "order", (3, 3), (5, 2))
    yield case("three sequences of two, transposed in memory", "order", (3, 2), (5, 4), layout="transposed")
    yield case("four sequences of one step", "order", (4, 1), (3, 2))
    yield case("a state that has read something", "given state", (2, 3), began=False)
    yield case("a state that has read something, two layers", "given state", (3, 2), (4, 2), "GRU", 2, began=False)
    yield case("two layers", "layers", (2, 3), (4, 3), "RNN", 2)
    yield case("three layers, frozen output layer", "layers", (3, 2), (3, 4), "RNN", 3, frozen=("linear.weight",))
    yield case("both directions, one sequence", "directions", (1, 3), (4, 2), both=True)
    yield case("both directions, two sequences", "directions", (2, 3), (5, 3), both=True)
    yield case("both directions, two layers", "directions", (3, 3), (4, 2), "GRU", 2, True, began=False)
    yield case("a GRU", "GRU and LSTM", (2, 3), (4, 3), "GRU")
    yield case("an LSTM", "GRU and LSTM", (2, 3), (4, 3), "LSTM")
    yield case("an LSTM that has read something", "GRU and LSTM", (3, 2), (5, 2), "LSTM", began=False)
    yield case("an LSTM, two layers, both directions", "GRU and LSTM", (2, 2), (3, 2), "LSTM", 2, True, began=False)
    yield begun("one layer", "begin_state", (1, 3))
    yield begun("a GRU", "begin_state", (2,), "GRU")
    yield begun("batch_size left out", "begin_state", (0,))
    yield begun("two layers", "begin_state of layers", (3,), "GRU", 2)
    yield begun("both directions", "begin_state of layers", (2,), "RNN", 1, True)
    yield begun("three layers, both directions", "begin_state of layers", (4,), "RNN", 3, True)
    yield begun("an LSTM", "begin_state of an LSTM", (2,), "LSTM")
    yield begun("an LSTM, two layers, both directions", "begin_state of an LSTM", (3, 0), "LSTM", 2, True)
    yield begun("filled with ones and begun again", "anew", (2, 2), options={"anew": True})
    yield begun("an LSTM, filled with ones and begun again", "anew", (2, 2), "LSTM", options={"anew": True})
    yield case("float64", "float64", (2, 3), dtype="float64", options={"double": True}, began=False)
    yield case("float64, an LSTM", "float64", (3, 2), (4, 3), "LSTM", dtype="float64", options={"double": True})
    yield begun("float64, the first state", "float64", (2,), dtype="float64", options={"double": True})
    yield case("ids of dtype int32", "int32", (2, 3), ids="int32")
    yield case("no sequences", "empty", (0, 3), (4, 3), "GRU")
    yield case("whose layer it is", "itself", (2, 2), runs=PLAIN, options={"itself": True})
    yield case("registered parameters", "state", (2, 3), (4, 2), "GRU", 1, True, runs=PLAIN, options={"state": True})


RNNModel = Exercise(
    homework="hw4",
    name="RNNModel",
    difficulty=2,
    file="char_rnn.py",
    points=7,
    arguments=("inputs", "state", "cell state"),
    kind="module",
    probe=_call_model,
    differentiable=True,
    cases=_model_cases,
    checks=(
        Check("value", 1.125, "Every id becomes a one-hot vector as long as the vocabulary", aspect="basic"),
        Check("value", 1, "row t * batch + b belongs to step t of sequence b", aspect="order",
              title="several sequences"),
        Check("value", 0.5, "step\nby step, starting from the given state", aspect="given state"),
        Check("value", 0.375, "It may have several layers", aspect="layers"),
        Check("value", 0.75, "A bidirectional layer has outputs of twice its `hidden_size`", aspect="directions"),
        Check("value", 0.5, "an nn.RNN, nn.GRU or nn.LSTM", aspect="GRU and LSTM"),
        Check("value", 0.375, "For nn.RNN and nn.GRU it is one such tensor", aspect="begin_state"),
        Check("value", 0.375, "the shape (layers * directions, batch_size, hidden_size)",
              aspect="begin_state of layers"),
        Check("value", 0.375, "for nn.LSTM it is a tuple of two", aspect="begin_state of an LSTM"),
        Check("value", 0.125, "zeros, made anew in every call", aspect="anew", title="new states"),
        Check("value", 0.25, "Everything is computed in the dtype of the parameters", aspect="float64"),
        Check("value", 0.125, "dtype int64 or int32", aspect="int32"),
        Check("value", 0.125, "The batch may be\nempty", aspect="empty"),
        Check("value", 0.125, "The model uses the layer\nthat is given, not a copy of it", aspect="itself"),
        Check("state", 0.25, "there are no other parameters\nand no buffers, and the state dict restores the model"),
        Check("gradient", 0.25, "Gradients flow to the state and to all parameters"),
        Check("purity", 0.125, "They are not changed, and neither is the state"),
        Check("device", 0.25, "Works on whatever device the\nparameters and the arguments are on"),
    ),
    hints=(
        "Write the shapes along the way for a batch of 2, 5 steps, 28 characters and 16 hidden units: of the inputs, "
        "of what the layer reads, of what it says, of the scores.",
        "The layer wants the steps on the first axis. Exchange the axes before the ids become vectors: a reshape would "
        "mix the sequences. After the layer a reshape is right, for nothing has to move.",
        "`rnn_layer` knows all sizes: hidden_size, num_layers, bidirectional. The linear layer reads as many numbers "
        "as the recurrent one writes in a step; the first state has a row for each layer and direction.",
    ),
)  # fmt: skip


def _call_predict(student: Any, call: Any) -> Any:
    from autograder.exercises.hw4 import _recurrent

    return _recurrent.continued(student.predict, call)


ALPHABET = ("<unk>", *" etainosr")
STATES = 23


def _predict_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, prefix: str, num_preds: int, report: str = "text", **options: Any) -> Case:
        """The table never expects `<unk>`, nor the same token everywhere, unless the case has one of its own."""
        table = [draw.integer(1, len(ALPHABET) - 1) for _ in range(STATES)]
        usual = {"tokens": list(ALPHABET), "table": table, "pair": False, "training": True, "report": [report]}
        runs = PLAIN if report != "text" else ON_DEVICE
        return Case(name, aspect, (prefix, num_preds), options={**usual, **options}, runs=runs)

    def text(count: int) -> str:
        return "".join(draw.words(count, ALPHABET[1:]))

    yield case("one character, one more", "basic", "e", 1)
    yield case("one character, four more", "basic", "t", 4)
    yield case("one character, thirty more", "basic", "s", 30)
    yield case("two characters, one more", "warm-up", "te", 1)
    yield case("a blank, five more", "warm-up", " ", 5)
    yield case("a prefix, many more", "warm-up", text(7), 25)
    yield case("a character many times", "warm-up", "ooooo", 6)
    yield case("a tuple for a state", "tuple", "net", 12, pair=True)
    yield case("an unknown character", "unknown", "a#t", 5)
    yield case("a capital", "unknown", "Notes", 8)
    yield case("nothing but unknown characters", "unknown", "#!", 6)
    yield case("the net expects <unk>", "unknown predicted", "e", 2, table=[0] * STATES)
    yield case("the net expects <unk> now and then", "unknown predicted", "on", 12, table=[0, 2, 5] * 7 + [0, 1])
    yield case("none more", "none", "rose", 0)
    yield case("with and without gradients", "no gradients", "stone", 3, "flag “gradients are recorded”")
    yield case("what is read", "once", "noise", 9, "flag “tokens are read twice”")
    yield case("training", "mode", "rain", 2, "flag “the mode of the net is another one”")
    yield case("evaluation", "mode", "rain", 2, "flag “the mode of the net is another one”", training=False)
    yield case("no prefix", "errors", "", 3)


predict = Exercise(
    homework="hw4",
    name="predict",
    difficulty=1,
    file="char_rnn.py",
    points=3,
    arguments=("prefix", "num_preds"),
    kind="probe",
    probe=_call_predict,
    cases=_predict_cases,
    checks=(
        Check("value", 0.75, "the one\nwith the largest score. That token is read in turn", aspect="basic"),
        Check("value", 0.75, "It reads the characters of the prefix one after the other", aspect="warm-up"),
        Check("value", 0.25, "a tensor or a tuple, is the net's own business", aspect="tuple"),
        Check("value", 0.25, "also where it has unknown characters", aspect="unknown"),
        Check("value", 0.125, 'is written as "<unk>"', aspect="unknown predicted"),
        Check("value", 0.125, "with 0 the answer is the prefix", aspect="none"),
        Check("value", 0.125, "No gradients are recorded", aspect="no gradients"),
        Check("value", 0.125, "is read a second time", aspect="once", title="each token once"),
        Check("value", 0.125, "The mode of the net, training or evaluation, is the same afterwards", aspect="mode"),
        Check("errors", 0.125, "when the prefix is empty"),
        Check("device", 0.25, "the torch.device on which the net is"),
    ),
    hints=(
        "Play it by hand for the prefix “ti” and two more characters: what is given to the net, in which order, and "
        "which of its answers are used?",
        "Two loops: one over the prefix, which only moves the state on, and one that writes. The last character of "
        "the prefix is the first input of the second loop.",
        "The inputs are tensors of ids of shape (1, 1). Whatever the net gave as a state goes into the next call as it "
        "is. At the end the vocabulary makes tokens of the new ids, and the prefix stands before them as it came.",
    ),
)


def _call_train(student: Any, call: Any) -> Any:
    from autograder.exercises.hw4 import _recurrent

    return _recurrent.trained(student.train_char_rnn, call)


def _train_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, rows: int, steps: int, batch_size: int, report: Sequence[str] = ("weights",), *,
        scale: float = 1.0, device: bool = False, random: bool | None = None, max_norm: float | None = 64.0,
        **options: Any,
    ) -> Case:  # fmt: skip
        """`rows` sequences in minibatches of `batch_size`. But for the cases about that it does not matter in which
        order tokens are made flat: there is one sequence, or one step. Without a `max_norm` the default is used."""
        vocabulary, hiddens = 4, 3
        weights = {
            "embedded": draw.floats((vocabulary, hiddens), 1.0),
            "hidden": draw.floats((hiddens, hiddens), 1.0),
            "output": draw.floats((hiddens, vocabulary), scale),
        }
        kwargs: dict[str, Any] = {} if random is None else {"use_random_iter": random}
        if max_norm is not None:
            kwargs["max_norm"] = max_norm
        usual = {
            "batch_size": batch_size, "num_epochs": 1, "lr": 0.5, "momentum": 0.0, "pair": False, "stale": False,
            "training": True, "frozen": [], "report": list(report),
        }  # fmt: skip
        args = tuple(draw.integers((rows, steps), 0, vocabulary - 1) for _ in range(2))
        runs = ON_DEVICE if device else PLAIN
        return Case(name, aspect, args, kwargs, weights=weights, options={**usual, **options}, runs=runs)

    still: dict[str, Any] = {"report": ("perplexity",), "lr": 0.0}
    yield case("one sequence", "basic", 1, 3, 1, device=True)
    yield case("one longer sequence", "basic", 1, 5, 1)
    yield case("one sequence, its perplexity", "basic", 1, 4, 1, **still)
    yield case("two sequences of three", "targets", 2, 3, 2, device=True)
    yield case("three sequences of three", "targets", 3, 3, 3)
    yield case("three sequences of two, their perplexity", "targets", 3, 2, 3, **still)
    yield case("two minibatches, the perplexity", "carried", 2, 3, 1, **still)
    yield case("two minibatches", "carried", 2, 3, 1, device=True)
    yield case("four minibatches, momentum", "carried", 4, 3, 1, momentum=0.5)
    yield case("three minibatches, use_random_iter=False", "carried", 6, 1, 2, random=False)
    yield case("two epochs", "epochs", 2, 4, 1, num_epochs=2)
    yield case("three epochs, the perplexities", "epochs", 2, 3, 1, num_epochs=3, **still)
    yield case("two epochs of random minibatches", "epochs", 4, 1, 2, num_epochs=2, random=True)
    yield case("two minibatches, the perplexity", "random", 2, 3, 1, random=True, **still)
    yield case("three minibatches", "random", 3, 2, 1, random=True, device=True)
    yield case("a smaller last minibatch", "random", 5, 1, 2, random=True)
    yield case("first states", "random", 5, 2, 2, ("first states",), random=True, num_epochs=2)
    yield case("a pair for a state", "tuple", 3, 3, 1, pair=True, device=True)
    yield case("a pair for a state, two epochs", "tuple", 4, 1, 2, pair=True, num_epochs=2)
    yield case("a pair for a state, random minibatches", "tuple", 5, 1, 2, pair=True, random=True)
    yield case("a long gradient", "clipping", 1, 4, 1, max_norm=2**-4)
    yield case("a long gradient, two minibatches", "clipping", 2, 4, 1, max_norm=2**-5, device=True)
    yield case("the norm that is allowed by default", "clipping", 1, 12, 1, max_norm=None, scale=16.0)
    yield case("a short gradient", "clipping", 1, 5, 1, max_norm=512.0)
    yield case("gradients from before", "left over", 1, 4, 1, stale=True)
    yield case("gradients from before, two epochs", "left over", 4, 1, 2, stale=True, num_epochs=2)
    yield case("a last minibatch of one sequence", "perplexity", 4, 1, 3, random=True, **still)
    yield case("equal minibatches", "perplexity", 3, 4, 1, scale=4.0, **still)
    yield case("before each step", "perplexity", 2, 5, 1, ("perplexity",), num_epochs=2, device=True)
    yield case("two epochs", "form", 2, 3, 2, ("form",), num_epochs=2)
    yield case("no epochs", "form", 2, 3, 2, ("form", "passes"), num_epochs=0)
    yield case("comes in evaluation mode", "training mode", 4, 2, 2, ("training mode",), training=False)
    yield case("six minibatches", "memory", 6, 2, 1, ("flag “a graph is kept alive”",))
    yield case("six random minibatches", "memory", 6, 2, 1, ("flag “a graph is kept alive”",), random=True)
    yield case("two epochs of two minibatches", "once", 4, 2, 2, ("calls", "passes"), num_epochs=2)
    yield case("frozen weights", "frozen", 1, 5, 1, frozen=["embedded"], max_norm=2**-4)


train_char_rnn = Exercise(
    homework="hw4",
    name="train_char_rnn",
    difficulty=3,
    file="char_rnn.py",
    points=5,
    arguments=("X", "Y"),
    kind="probe",
    probe=_call_train,
    mixed_precision=True,
    cases=_train_cases,
    checks=(
        Check("value", 0.75, "step of the updater is taken along the gradient of this minibatch alone", aspect="basic"),
        Check("value", 0.5, "whose row t * batch + b belongs to step t of sequence b", aspect="targets"),
        Check("value", 0.75, "detached: its numbers stay, and no gradient flows back into earlier minibatches",
              aspect="carried", title="the state goes on"),
        Check("value", 0.25, "In every epoch the first minibatch starts from `net.begin_state`", aspect="epochs"),
        Check("value", 0.5, "With\n`use_random_iter` every minibatch does", aspect="random"),
        Check("value", 0.25, "A state is a tensor or a tuple of tensors", aspect="tuple"),
        Check("value", 0.5, "all of them\nare multiplied by `max_norm` / norm before the step", aspect="clipping"),
        Check("value", 0.25, "Gradients that the parameters have when the\nfunction is called are not used",
              aspect="left over"),
        Check("value", 0.375, "A minibatch counts as often as it has tokens", aspect="perplexity"),
        Check("value", 0.125, "A list with one float for every epoch (Python floats, not tensors)", aspect="form"),
        Check("value", 0.125, "The net\nis in training mode for all minibatches", aspect="training mode"),
        Check("value", 0.125, "No graph of an earlier minibatch is kept alive", aspect="memory"),
        Check("value", 0.125, "For every minibatch (X, Y) the net is called once", aspect="once"),
        Check("value", 0.125, "some of which may be frozen", aspect="frozen"),
        Check("device", 0.25, "X and Y are moved to `device`"),
    ),
    hints=(
        "Without the state it is the loop that you know: scores, loss, zeros, backward, clip, step. Write that first. "
        "Then ask before each minibatch: where does its state come from?",
        "There are two answers: the net begins one, or it is what the minibatch before left behind, without its graph. "
        "Which of the two depends on whether this is the first minibatch of its epoch, and on use_random_iter. A tuple "
        "is detached part by part.",
        "Scores are ordered by steps, Y by sequences: transpose before you make it flat. For the perplexity add up "
        "losses times tokens as plain numbers, divide once, and take the exponential once.",
    ),
)  # fmt: skip

EXERCISES = (RNNModel, predict, train_char_rnn)
