"""What rnn_forward, gru_forward and lstm_forward share: their arguments, a case with some gates at rest, the probe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Operations, Run, Tensor

BY_HAND = Operations(
    forbidden=("rnn_tanh*", "rnn_relu*", "gru*", "lstm*", "_thnn_fused*", "*rnn_layer*", "*cudnn_rnn*", "quantized_*"),
)
WHOLE: tuple[Run, ...] = ("plain", "gradient", "counted", "phantom")
LEARNT: tuple[Run, ...] = ("plain", "gradient")
PLAIN: tuple[Run, ...] = ("plain",)

Sizes = tuple[int, int, int, int, int]
"""Steps, batch, inputs, hidden units, outputs."""


@dataclass(frozen=True)
class Cell:
    """A recurrent cell: its function, the names of its states, the letters of its gates and of its candidate."""

    function: str
    states: tuple[str, ...]
    gates: str
    candidate: str

    @property
    def params(self) -> tuple[str, ...]:
        return (*(f"{name}{g}" for g in self.gates + self.candidate for name in ("W_x", "W_h", "b_")), "W_hq", "b_q")

    @property
    def arguments(self) -> tuple[str, ...]:
        return ("inputs", *self.states, *self.params)

    def case(
        self,
        draw: Draw,
        name: str,
        aspect: str,
        sizes: Sizes,
        *,
        parts: Sequence[str] | None = None,
        general: str = "",
        started: str = "",
        biased: bool = False,
        dtype: str = "float32",
        large: bool = False,
        one_hot: bool = False,
        runs: tuple[Run, ...] = LEARNT,
        options: dict[str, Any] | None = None,
        **rest: Any,
    ) -> Case:
        """A case whose gates are at rest (0 before the sigmoid, and frozen) but for the `general` ones, whose states
        are zero but for those that have `started`, and whose biases are zero unless it is `biased`; gates that are
        general have a bias in any case. Only the `parts` of the answer are compared, all of it where they are None.
        Numbers that are `large` are whole, so that sums are exact."""
        steps, batch, inputs, hiddens, outputs = sizes
        shapes = {"inputs": (steps, batch, inputs), "W_hq": (hiddens, outputs), "b_q": (outputs,)}
        shapes |= dict.fromkeys(self.states, (batch, hiddens))
        for letter in self.gates + self.candidate:
            shapes |= {f"W_x{letter}": (inputs, hiddens), f"W_h{letter}": (hiddens, hiddens), f"b_{letter}": (hiddens,)}
        resting = {f"{kind}{gate}" for gate in self.gates if gate not in general for kind in ("W_x", "W_h", "b_")}
        zero = resting | {state for state in self.states if state not in started}
        if not biased:
            zero |= {f"b_{self.candidate}", "b_q"}
        args = []
        for argument in self.arguments:
            shape = shapes[argument]
            scale = 2.0 if argument == "inputs" else 1.0
            held = _large(draw, shape) if large else draw.floats(shape, scale, dtype=dtype)
            if argument in zero:
                held = replace(held, data=held.data * 0)
            args.append(replace(held, requires_grad=argument not in resting and batch > 0))
        if one_hot:
            args[0] = _one_hot(draw, steps, batch, inputs)
        told = {**(options or {}), **({} if parts is None else {"parts": list(parts)})}
        return Case(name, aspect, tuple(args), runs=runs, options=told, **rest)

    def probe(self) -> Callable[[Any, Any], Any]:
        return _Probe(self)


def _large(draw: Draw, shape: Sequence[int]) -> Tensor:
    drawn = draw.integers(shape, 5, 9, "float32")
    signs = draw.integers(shape, 0, 1, "float32").data * 2 - 1
    return replace(drawn, data=drawn.data * signs * 4)


def _one_hot(draw: Draw, steps: int, batch: int, size: int) -> Tensor:
    import numpy as np

    chosen = draw.integers((steps, batch), 0, size - 1).data
    return Tensor(np.eye(size, dtype=np.float32)[chosen], "float32", requires_grad=True)


@dataclass(frozen=True)
class _Probe:
    """Calls the function with its state in a tuple and its parameters in a list. Of an answer that has the form which
    the stub describes, or nearly, it reports the parts that the case asks for."""

    cell: Cell

    def __call__(self, student: Any, call: Any) -> Any:
        inputs, *rest = call.args
        number = len(self.cell.states)
        state, params = tuple(rest[:number]), list(rest[number:])
        kept = list(params)
        answer = student.find(self.cell.function)(inputs, state, tuple(params) if call.options.get("tuple") else params)
        if call.options.get("list"):
            same = len(params) == len(kept) and all(one is other for one, other in zip(params, kept, strict=True))
            return {"flag “the list of params was changed”": not same}
        parts = call.options.get("parts")
        found = None if parts is None else self._parts(answer)
        return answer if found is None else {name: found[name] for name in parts if name in found}

    def _parts(self, answer: Any) -> dict[str, Any] | None:
        import torch

        if not isinstance(answer, (tuple, list)) or len(answer) != 2:
            return None
        outputs, state = answer
        if isinstance(state, torch.Tensor):
            state = (state,)
        if not isinstance(state, (tuple, list)):
            return None
        return {"outputs": outputs, **dict(zip(self.cell.states, state, strict=False))}
