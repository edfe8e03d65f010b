"""The recurrent cells which the device's composite operators ask for and the host has no kernel for."""

from __future__ import annotations

from typing import Any

import torch

_Args = tuple[Any, ...]
_Kwargs = dict[str, Any]


def lstm_forward(operator: Any, func: Any, args: _Args, kwargs: _Kwargs) -> Any:
    """(hidden, cell, activated gates) of one step."""
    from_input, from_hidden, cell, *biases = args
    gates = from_input + from_hidden
    for bias in biases:
        if bias is not None:
            gates = gates + bias
    i, f, g, o = gates.chunk(4, 1)
    i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
    after = f * cell + i * g
    return o * after.tanh(), after, torch.cat((i, f, g, o), 1)


def lstm_backward(operator: Any, func: Any, args: _Args, kwargs: _Kwargs) -> Any:
    """(gate gradients, cell gradient, bias gradient) of one step."""
    grad_hidden, grad_cell, before, after, workspace, has_bias = args
    i, f, g, o = workspace.chunk(4, 1)
    squashed = after.tanh()
    total = torch.zeros_like(after) if grad_cell is None else grad_cell
    if grad_hidden is None:
        grad_o = torch.zeros_like(o)
    else:
        total = total + grad_hidden * o * (1 - squashed * squashed)
        grad_o = grad_hidden * squashed * o * (1 - o)
    gates = torch.cat((total * g * i * (1 - i), total * before * f * (1 - f), total * i * (1 - g * g), grad_o), 1)
    return gates, total * f, gates.sum(0) if has_bias else None


def gru_forward(operator: Any, func: Any, args: _Args, kwargs: _Kwargs) -> Any:
    """(hidden, workspace) of one step."""
    from_input, from_hidden, hidden, *biases = args
    if biases and biases[0] is not None:
        from_input = from_input + biases[0]
        from_hidden = from_hidden + biases[1]
    input_r, input_z, input_n = from_input.chunk(3, 1)
    hidden_r, hidden_z, hidden_n = from_hidden.chunk(3, 1)
    r, z = (input_r + hidden_r).sigmoid(), (input_z + hidden_z).sigmoid()
    n = (input_n + r * hidden_n).tanh()
    return n + z * (hidden - n), torch.cat((r, z, n, hidden, hidden_n), 1)


def gru_backward(operator: Any, func: Any, args: _Args, kwargs: _Kwargs) -> Any:
    """Gradients of (input gates, hidden gates, hidden, input bias, hidden bias) of one step."""
    grad, workspace, has_bias = args
    r, z, n, hidden, hidden_n = workspace.chunk(5, 1)
    pre_n = grad * (1 - z) * (1 - n * n)
    pre_z = grad * (hidden - n) * z * (1 - z)
    pre_r = pre_n * hidden_n * r * (1 - r)
    to_input = torch.cat((pre_r, pre_z, pre_n), 1)
    to_hidden = torch.cat((pre_r, pre_z, pre_n * r), 1)
    biases = (to_input.sum(0), to_hidden.sum(0)) if has_bias else (None, None)
    return (to_input, to_hidden, grad * z, *biases)
