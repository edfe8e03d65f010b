"""Weights of a Transformer's parts by name, drawn for cases or such that what dropout does can be seen."""

from __future__ import annotations

from dataclasses import replace

from autograder.draw import Draw, tensor
from autograder.exercise import Tensor
from autograder.exercises.hw6._dropping import WIDTH, base_row, branch_row

Weights = dict[str, Tensor]


def linear(draw: Draw, name: str, inputs: int, outputs: int, frozen_bias: bool = False) -> Weights:
    return {
        f"{name}.weight": draw.floats((outputs, inputs), 1.0, requires_grad=True),
        f"{name}.bias": draw.floats((outputs,), 1.0, requires_grad=not frozen_bias),
    }


def norm(draw: Draw, name: str, d: int) -> Weights:
    return {
        f"{name}.ln.weight": draw.floats((d,), 2.0, requires_grad=True),
        f"{name}.ln.bias": draw.floats((d,), 1.0, requires_grad=True),
    }


def network(draw: Draw, name: str, inputs: int, hiddens: int, outputs: int) -> Weights:
    prefix = f"{name}." if name else ""
    return linear(draw, f"{prefix}dense1", inputs, hiddens) | linear(draw, f"{prefix}dense2", hiddens, outputs)


def attention(draw: Draw, name: str, d: int) -> Weights:
    """The bias of the keys moves all scores of a query alike: it stays frozen, for its gradient is rounding."""
    weights: Weights = {}
    for part in ("W_q", "W_k", "W_v", "W_o"):
        weights |= linear(draw, f"{name}.{part}", d, d, frozen_bias=part == "W_k")
    return weights


def encoder_block(draw: Draw, d: int, hiddens: int) -> Weights:
    weights = attention(draw, "attention", d) | norm(draw, "addnorm1", d)
    return weights | network(draw, "ffn", d, hiddens, d) | norm(draw, "addnorm2", d)


def decoder_block(draw: Draw, d: int, hiddens: int) -> Weights:
    weights: Weights = {}
    for number in "12":
        weights |= attention(draw, f"attention{number}", d) | norm(draw, f"addnorm{number}", d)
    return weights | network(draw, "ffn", d, hiddens, d) | norm(draw, "addnorm3", d)


def stack(draw: Draw, blocks: list[Weights], vocab: int, d: int, dense: bool) -> Weights:
    weights = {"embedding.weight": draw.floats((vocab, d), 1.0, requires_grad=True)}
    for number, block in enumerate(blocks):
        weights |= {f"blks.block{number}.{name}": weight for name, weight in block.items()}
    return weights | (linear(draw, "dense", d, vocab) if dense else {})


def silent(weights: Weights, branch: str = "", at: str = "") -> Weights:
    """The weights of a block of WIDTH features whose parts all answer zeros, but for one: the `branch`, an attention
    or the network, which answers branch_row. Norms change nothing but mean and spread. The norm called `at` gives
    base_row, whatever comes in."""
    found = {}
    for name, weight in weights.items():
        data = weight.data * 0
        if name.endswith("ln.weight") and not (at and name.startswith(f"{at}.")):
            data = data + 1
        elif at and name == f"{at}.ln.bias":
            data = data + tensor(base_row()).data
        elif branch and name in (f"{branch}.W_v.bias", f"{branch}.dense2.bias"):
            data = data + tensor(branch_row()).data
        elif branch and name == f"{branch}.W_o.weight":
            data = data + tensor([[float(i == j) for j in range(WIDTH)] for i in range(WIDTH)]).data
        found[name] = replace(weight, data=data.astype("float32"))
    return found
