"""Two correct TiedMLPs in parts, for mistakes to change one part of."""

import torch
from torch import nn


class Right(nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        self.input = nn.Linear(num_inputs, num_hiddens)
        self.hidden1 = nn.Linear(num_hiddens, num_hiddens)
        self.hidden2 = nn.Linear(num_hiddens, num_hiddens)
        self.output = nn.Linear(num_hiddens, num_outputs)
        self.tie()

    def tie(self):
        self.hidden2.weight = self.hidden1.weight

    def forward(self, x):
        return self.last(self.second(self.first(torch.relu(self.input(x)))))

    def first(self, hidden):
        return torch.relu(self.hidden1(hidden))

    def second(self, hidden):
        return torch.relu(self.hidden2(hidden))

    def last(self, hidden):
        return self.output(hidden)


class Again(nn.Module):
    """The same by a loop and clamp."""

    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        sizes = {"input": (num_inputs, num_hiddens), "hidden1": (num_hiddens, num_hiddens)}
        sizes |= {"hidden2": (num_hiddens, num_hiddens), "output": (num_hiddens, num_outputs)}
        for name, (inputs, outputs) in sizes.items():
            self.add_module(name, nn.Linear(inputs, outputs))
        self.bind()

    def bind(self):
        self.hidden1.weight = self.hidden2.weight

    def forward(self, x):
        for layer in (self.input, self.hidden1, self.hidden2):
            x = layer(x).clamp(min=0)
        return self.output(x)
