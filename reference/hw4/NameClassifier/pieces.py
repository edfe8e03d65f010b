"""NameClassifier in parts that can be exchanged, twice."""

import torch
from torch import nn


class Right(nn.Module):
    """Right as it stands; a mistake gives another part."""

    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.i2h = nn.Linear(input_size + hidden_size, hidden_size)
        self.i2o = nn.Linear(input_size + hidden_size, output_size)

    def check(self, name):
        if len(name) == 0:
            raise ValueError("no letters")

    def first(self, name):
        return name.new_zeros(name.shape[1], self.hidden_size)

    def combine(self, letter, hidden):
        return torch.cat([letter, hidden], dim=1)

    def activation(self, value):
        return value.tanh()

    def keep(self, hidden):
        return hidden

    def letters(self, name):
        return name

    def probable(self, scores):
        return scores.log_softmax(dim=1)

    def output(self, outputs, hidden):
        return outputs[-1]

    def forward(self, name):
        self.check(name)
        hidden, outputs = self.first(name), []
        for letter in self.letters(name):
            combined = self.combine(letter, hidden)
            outputs.append(self.i2o(combined))
            hidden = self.keep(self.activation(self.i2h(combined)))
        return self.probable(self.output(outputs, hidden))


class Again(nn.Module):
    """The same, with the parts of its weights, and one thing wrong."""

    wrong = ""

    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        both = input_size + hidden_size
        self.i2h = nn.Linear(both, hidden_size)
        self.i2o = nn.Linear(both, output_size)
        self.cut = hidden_size if self.wrong == "hidden first" else input_size

    def layer(self, layer, letter, hidden):
        w = layer.weight
        if self.wrong == "hidden first":
            letter, hidden = hidden, letter
        return letter @ w[:, : self.cut].T + hidden @ w[:, self.cut :].T + layer.bias

    def zeros(self, name):
        return torch.zeros(name.shape[1], self.i2h.out_features, dtype=name.dtype, device=name.device)

    def next(self, letter, hidden):
        value = self.layer(self.i2h, letter, hidden)
        if self.wrong == "linear":
            return value
        return torch.relu(value) if self.wrong == "relu" else torch.tanh(value)

    def last(self, scores):
        return scores - torch.logsumexp(scores, 1, keepdim=True)

    def forward(self, name):
        if name.shape[0] == 0 and self.wrong != "unchecked":
            raise ValueError("no letters")
        hidden = self.zeros(name)
        for letter in name[:-1]:
            hidden = self.next(letter, hidden)
            if self.wrong == "detached":
                hidden = hidden.detach()
        if self.wrong == "after":
            hidden = self.next(name[-1], hidden)
        return self.last(self.layer(self.i2o, name[-1], hidden))
