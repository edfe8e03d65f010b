"""Weights of GPT blocks for cases that ask for one thing at a time."""

from __future__ import annotations

from dataclasses import replace

from autograder.draw import Draw, tensor
from autograder.exercise import Tensor

WHOLE = frozenset({"scores", "values", "mlp"})
"""The parts of a block that do something: without `scores` every query is zero, so that the weights are uniform over
what a position sees; without `values` the attention adds nothing, and without `mlp` the MLP does not."""


def block_weights(
    draw: Draw, d: int, ffn: int, parts: frozenset[str] = WHOLE, *, biased: bool = False, prefix: str = ""
) -> dict[str, Tensor]:
    """Weights by name. Biases are zero but where the case is about them; that of the keys moves all scores of a query
    alike and stays frozen."""

    def zeros(*shape: int) -> Tensor:
        import numpy as np

        return Tensor(np.zeros(shape, dtype="float32"), "float32", requires_grad=True)

    weights = {}
    for name, size, out, used in (
        ("W_q", d, d, "scores" in parts),
        ("W_k", d, d, True),
        ("W_v", d, d, True),
        ("W_o", d, d, "values" in parts),
        ("fc_1", d, ffn, True),
        ("fc_2", ffn, d, "mlp" in parts),
    ):
        weights[f"{name}.weight"] = draw.floats((out, size), 1.0, requires_grad=True) if used else zeros(out, size)
        bias = draw.floats((out,), 1.0, requires_grad=name != "W_k") if biased else zeros(out)
        weights[f"{name}.bias"] = replace(bias, requires_grad=biased and name != "W_k")
    for name in ("ln_1", "ln_2"):
        weights |= norm_weights(draw, name, d)
    return {prefix + name: value for name, value in weights.items()}


def norm_weights(draw: Draw, name: str, d: int) -> dict[str, Tensor]:
    weight = draw.integers((d,), 2, 6, "float32")
    return {
        f"{name}.weight": tensor(weight.data / 4, "float32", requires_grad=True),
        f"{name}.bias": draw.floats((d,), 1.0, requires_grad=True),
    }
