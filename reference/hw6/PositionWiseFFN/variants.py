"""Correct implementations of PositionWiseFFN."""

import torch
from torch import nn


class Textbook(nn.Module):
    """The activation is a layer of its own."""

    def __init__(self, ffn_num_input, ffn_num_hiddens, ffn_num_outputs, **kwargs):
        super().__init__(**kwargs)
        self.dense1 = nn.Linear(ffn_num_input, ffn_num_hiddens)
        self.relu = nn.ReLU()
        self.dense2 = nn.Linear(ffn_num_hiddens, ffn_num_outputs)

    def forward(self, X):
        return self.dense2(self.relu(self.dense1(X)))


class Flat(nn.Module):
    """All steps in one table, and back."""

    def __init__(self, ffn_num_input, ffn_num_hiddens, ffn_num_outputs):
        super().__init__()
        self.dense1 = nn.Linear(ffn_num_input, ffn_num_hiddens, bias=True)
        self.dense2 = nn.Linear(ffn_num_hiddens, ffn_num_outputs, bias=True)

    def forward(self, X):
        table = X.reshape(-1, X.shape[-1]) if X.dim() > 1 else X[None]
        out = self.dense2(self.dense1(table).clamp(min=0))
        return out.reshape(*X.shape[:-1], out.shape[-1])


class Einsum(nn.Module):
    """Products by einsum; the ReLU in place on the hidden features."""

    def __init__(self, ffn_num_input, ffn_num_hiddens, ffn_num_outputs):
        super().__init__()
        for name, sizes in {
            "dense1": (ffn_num_input, ffn_num_hiddens),
            "dense2": (ffn_num_hiddens, ffn_num_outputs),
        }.items():
            self.add_module(name, nn.Linear(*sizes))

    def forward(self, X):
        hidden = torch.einsum("...i,hi->...h", X, self.dense1.weight) + self.dense1.bias
        hidden.relu_()
        return torch.einsum("...h,oh->...o", hidden, self.dense2.weight) + self.dense2.bias
