"""Other right ways to classify names."""

import torch
from torch import nn


class StepAndLoop(nn.Module):
    """A method for one step, as the notes have it, and a loop around it."""

    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.i2o = nn.Linear(input_size + hidden_size, output_size)
        self.i2h = nn.Linear(input_size + hidden_size, hidden_size)

    def step(self, letter, hidden):
        combined = torch.cat((letter, hidden), 1)
        return self.i2o(combined), torch.tanh(self.i2h(combined))

    def forward(self, name):
        output = None
        hidden = torch.zeros(name.size(1), self.hidden_size, dtype=name.dtype, device=name.device)
        for i in range(name.size(0)):
            output, hidden = self.step(name[i], hidden)
        if output is None:
            raise ValueError("the name is empty")
        return nn.functional.log_softmax(output, dim=-1)


class FunctionalCell(nn.Module):
    """torch's own cell, fed with parts of the weight; the output layer once at the end."""

    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.sizes = input_size, hidden_size
        self.i2h = nn.Linear(sum(self.sizes), hidden_size)
        self.i2o = nn.Linear(sum(self.sizes), output_size)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, name):
        if not name.shape[0]:
            raise ValueError("no letters")
        w_x, w_h = self.i2h.weight.split(self.sizes, dim=1)
        hidden = name[0] @ w_x.T * 0
        nothing = torch.zeros_like(self.i2h.bias)
        for letter in name[:-1]:
            hidden = torch.rnn_tanh_cell(letter, hidden, w_x, w_h, self.i2h.bias, nothing)
        return self.softmax(self.i2o(torch.hstack([name[-1], hidden])))


class Recursive(nn.Module):
    """The hidden state after some letters, by recursion."""

    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.i2h, self.i2o = (nn.Linear(input_size + hidden_size, size) for size in (hidden_size, output_size))

    def hidden(self, letters):
        if len(letters) == 0:
            return letters.new_zeros(letters.shape[1], self.i2h.out_features)
        return self.i2h(self.combined(letters)).tanh()

    def combined(self, letters):
        return torch.concat([letters[-1], self.hidden(letters[:-1])], dim=-1)

    def forward(self, name):
        if name.shape[0] < 1:
            raise ValueError("a name has letters")
        return torch.log_softmax(self.i2o(self.combined(name)), -1)
