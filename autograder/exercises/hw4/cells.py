"""rnn.py, recurrent cells from their formulas: rnn_forward, gru_forward, lstm_forward."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw4._gates import BY_HAND, PLAIN, WHOLE, Cell

RNN = Cell("rnn_forward", ("H",), "", "h")
GRU = Cell("gru_forward", ("H",), "zr", "h")
LSTM = Cell("lstm_forward", ("H", "C"), "ifo", "c")


def _cases(draw: Draw, cell: Cell, first: str) -> Iterable[Case]:
    """What is asked of all three. `first` is the state that a step makes first, and that tells whether it is right."""
    case = partial(cell.case, draw)
    everything: dict[str, Any] = {"general": cell.gates, "started": "".join(cell.states), "biased": True}
    states = cell.states
    yield case("one step of one sequence", "basic", (1, 1, 2, 1, 1), parts=[first], runs=WHOLE)
    yield case("one step of three sequences", "basic", (1, 3, 4, 2, 3), parts=[first])
    yield case("a one-hot row for each sequence", "basic", (1, 2, 5, 3, 5), parts=[first], one_hot=True)
    yield case("a bias", "bias", (1, 2, 3, 2, 2), parts=[first], biased=True)
    yield case("the outputs of one step", "outputs", (1, 3, 2, 3, 4), parts=["outputs"], biased=True)
    yield case("as many outputs as hidden units", "outputs", (1, 1, 2, 3, 3), parts=["outputs"], biased=True)
    yield case("two steps of one sequence", "steps", (2, 1, 3, 2, 2), parts=[first])
    yield case("four steps of three sequences", "steps", (4, 3, 2, 3, 2), parts=[first], runs=WHOLE)
    yield case("as many steps as sequences", "steps", (3, 3, 3, 3, 3), parts=[first])
    yield case("the outputs of two steps", "rows", (2, 3, 2, 3, 4), parts=["outputs"])
    yield case("as many of everything", "rows", (3, 3, 3, 3, 3), parts=["outputs"], runs=PLAIN)
    yield case("all of the answer", "form", (2, 2, 3, 4, 3), runs=WHOLE, **everything)
    yield case("params in a tuple", "form", (3, 2, 3, 2, 2), runs=PLAIN, options={"tuple": True}, **everything)
    yield case("large numbers", "large", (1, 3, 2, 2, 2), parts=states, large=True, **everything)
    yield case("float64", "float64", (3, 2, 3, 2, 2), dtype="float64", parts=["outputs", *states])
    yield case("no sequence", "empty", (2, 0, 3, 2, 4), parts=["outputs", *states], runs=PLAIN)
    yield case("the list of params", "list", (2, 1, 2, 2, 2), runs=PLAIN, options={"list": True})
    for size in (4, 16, 64):
        yield case(f"batch of {size}", "batch", (3, size, 2, 3, 2), runs=("counted",), grows="batch", size=size)


def _rnn_cases(draw: Draw) -> Iterable[Case]:
    yield from _cases(draw, RNN, "H")
    case = partial(RNN.case, draw, started="H", parts=["H"])
    yield case("a state of one unit", "state", (1, 1, 2, 1, 2))
    yield case("a state of three units", "state", (1, 2, 3, 3, 2))
    yield case("a state and three steps", "state", (3, 2, 2, 3, 2), runs=WHOLE)


_ALIKE = (
    Check("value", 0.25, "A tuple (outputs, state)", aspect="form"),
    Check("value", 0.125, "neither it nor its gradient becomes NaN", aspect="large"),
    Check("value", 0.125, "the dtype of the arguments", aspect="float64"),
    Check("value", 0.125, "the batch may be empty", aspect="empty"),
    Check("gradient", 0.375, "Gradients flow through all steps to the inputs, the given state and the params"),
    Check("purity", 0.125, "No argument is changed"),
    Check("value", 0.125, "neither a tensor nor the list", aspect="list", title="the list untouched"),
    Check("device", 0.125, "Works on the device of the arguments"),
    Check("operations", 0.125, "Calls none of torch's own recurrent layers and cells"),
    Check("scaling", 0.125, "The number of torch operations does not grow with the batch", aspect="batch"),
)


rnn_forward = Exercise(
    homework="hw4",
    name="rnn_forward",
    difficulty=1,
    file="rnn.py",
    points=5,
    kind="probe",
    probe=RNN.probe(),
    arguments=RNN.arguments,
    differentiable=True,
    operations=BY_HAND,
    cases=_rnn_cases,
    checks=(
        Check("value", 1, "H = tanh(X @ W_xh + H @ W_hh + b_h)", aspect="basic"),
        Check("value", 0.25, "b_h (num_hiddens,)", aspect="bias"),
        Check("value", 0.375, "the given\nstate", aspect="state"),
        Check("value", 0.5, "Y = H @ W_hq + b_q", aspect="outputs"),
        Check("value", 0.75, "the hidden state before it", aspect="steps"),
        Check("value", 0.5, "first those of all sequences at the first step", aspect="rows"),
        *_ALIKE,
    ),
    hints=(
        "Do two steps of the example with a pocket calculator. Which number of the first step does the second need?",
        "A loop over a tensor goes through its first axis, and gives here the inputs of the whole batch at one step. "
        "One name for the state, which the loop gives a new value.",
        "The formulas are the two lines inside the loop; the outputs are kept in a list. How do tensors of shape "
        "(batch, outputs) become one whose rows are all of theirs?",
    ),
)


def _gru_cases(draw: Draw) -> Iterable[Case]:
    yield from _cases(draw, GRU, "H")
    case = partial(GRU.case, draw, parts=["H"])
    yield case("one unit, the old state 0", "update", (1, 1, 2, 1, 2), general="z")
    yield case("three units, the old state 0", "update", (1, 3, 2, 3, 2), general="z")
    yield case("one unit, an old state", "update", (1, 2, 2, 1, 2), general="z", started="H")
    yield case("one unit", "reset", (1, 1, 2, 1, 2), general="r", started="H")
    yield case("one unit, two steps", "reset", (2, 3, 2, 1, 2), general="r", started="H", runs=WHOLE)
    yield case("two units", "units", (1, 1, 2, 2, 2), general="r", started="H")
    yield case("three units, a batch", "units", (1, 4, 2, 3, 2), general="r", started="H", biased=True)
    yield case("gates at rest, one unit", "state", (1, 1, 2, 1, 2), started="H")
    yield case("gates at rest, three units", "state", (1, 2, 3, 3, 2), started="H")


gru_forward = Exercise(
    homework="hw4",
    name="gru_forward",
    difficulty=2,
    file="rnn.py",
    points=6,
    kind="probe",
    probe=GRU.probe(),
    arguments=GRU.arguments,
    differentiable=True,
    operations=BY_HAND,
    cases=_gru_cases,
    checks=(
        Check("value", 0.75, "H_tilde = tanh(X @ W_xh + (R * H) @ W_hh + b_h)", aspect="basic"),
        Check("value", 0.25, "b_z, b_r and b_h have (num_hiddens,)", aspect="bias"),
        Check("value", 0.25, "The state before the first step is the one that is given", aspect="state"),
        Check("value", 1, "H = Z * H + (1 - Z) * H_tilde", aspect="update"),
        Check("value", 0.5, "R = sigmoid(X @ W_xr + H @ W_hr + b_r)", aspect="reset"),
        Check("value", 0.5, "applied to the hidden state before its product with W_hh", aspect="units",
              title="reset before the product"),
        Check("value", 0.25, "Y = H @ W_hq + b_q", aspect="outputs"),
        Check("value", 0.625, "the hidden state before it", aspect="steps"),
        Check("value", 0.25, "first those of all sequences at the first step", aspect="rows"),
        *_ALIKE,
    ),
    hints=(
        "Let each gate be 0 or 1 in the formulas: four cases. In which of them does the old state stay, in which is it "
        "forgotten, and which is the plain recurrent layer?",
        "The loop is that of rnn_forward with more lines in it. The order of the params is not that of the alphabet: "
        "give every one its name first.",
        "All of Z, R and the candidate are made of the same old state; only the last formula gives it a new value. `*` "
        "multiplies entry by entry, `@` is the product of matrices, and which one comes first matters for R.",
    ),
)  # fmt: skip


def _lstm_cases(draw: Draw) -> Iterable[Case]:
    yield from _cases(draw, LSTM, "C")
    case = partial(LSTM.case, draw)
    yield case("one unit", "hidden", (1, 1, 2, 1, 2), parts=["H"])
    yield case("three units, an old cell", "hidden", (1, 2, 3, 3, 2), parts=["H"], started="C")
    yield case("one unit", "input gate", (1, 1, 2, 1, 2), parts=["C"], general="i", started="C")
    yield case("three units", "input gate", (1, 2, 2, 3, 2), parts=["C"], general="i")
    yield case("one unit", "forget gate", (1, 1, 2, 1, 2), parts=["C"], general="f", started="C")
    yield case("three units", "forget gate", (1, 2, 2, 3, 2), parts=["C"], general="f", started="C")
    yield case("one unit", "output gate", (1, 1, 2, 1, 2), parts=["H"], general="o", started="C")
    yield case("three units", "output gate", (1, 2, 2, 3, 2), parts=["H"], general="o")
    yield case("gates at rest, an old cell", "state", (1, 1, 2, 1, 2), parts=["C"], started="C")
    yield case("gates at rest, an old hidden state", "state", (1, 2, 3, 3, 2), parts=["C"], started="H")
    yield case("all gates, old states", "state", (2, 2, 3, 2, 2), parts=["H", "C"], general="ifo", started="HC",
               runs=WHOLE)  # fmt: skip


lstm_forward = Exercise(
    homework="hw4",
    name="lstm_forward",
    difficulty=2,
    file="rnn.py",
    points=6,
    kind="probe",
    probe=LSTM.probe(),
    arguments=LSTM.arguments,
    differentiable=True,
    operations=BY_HAND,
    cases=_lstm_cases,
    checks=(
        Check("value", 0.75, "C_tilde = tanh(X @ W_xc + H @ W_hc + b_c)", aspect="basic"),
        Check("value", 0.25, "b_i, b_f, b_o and b_c have (num_hiddens,)", aspect="bias"),
        Check("value", 0.5, "H = O * tanh(C)", aspect="hidden"),
        Check("value", 0.5, "I = sigmoid(X @ W_xi + H @ W_hi + b_i)", aspect="input gate"),
        Check("value", 0.75, "C = F * C + I * C_tilde", aspect="forget gate"),
        Check("value", 0.5, "O = sigmoid(X @ W_xo + H @ W_ho + b_o)", aspect="output gate"),
        Check("value", 0.25, "The state before the first step is the one that is given", aspect="state"),
        Check("value", 0.25, "Y = H @ W_hq + b_q", aspect="outputs"),
        Check("value", 0.375, "the hidden state before it", aspect="steps"),
        Check("value", 0.25, "first those of all sequences at the first step", aspect="rows"),
        *_ALIKE,
    ),
    hints=(
        "Let F be 1 and I be 0 in the formulas: what becomes of the cell in a hundred steps? And what does the output "
        "gate change, the cell or what is seen of it?",
        "Four of the lines have one form; only the names differ, and tanh for sigmoid in one of them. All four read "
        "the hidden state before the step.",
        "Give all fourteen params their names first, in the order of the stub, which is not that of torch.nn.LSTM. "
        "Then the cell, then of the new cell the hidden state, and both are carried to the next step.",
    ),
)  # fmt: skip

EXERCISES = (rnn_forward, gru_forward, lstm_forward)
