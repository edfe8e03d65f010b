"""RNNModel in parts that can be exchanged, twice."""

import torch
from torch import nn
from torch.nn import functional as F


class Right(nn.Module):
    """Right as it stands; a mistake gives another part."""

    def __init__(self, rnn_layer, vocab_size):
        super().__init__()
        self.rnn = self.layer(rnn_layer)
        self.vocab_size = vocab_size
        self.linear = nn.Linear(self.width(), vocab_size)

    def layer(self, rnn_layer):
        return rnn_layer

    def width(self):
        return self.directions() * self.rnn.hidden_size

    def directions(self):
        return 2 if self.rnn.bidirectional else 1

    def read(self, inputs):
        return F.one_hot(inputs.T.long(), self.vocab_size).to(self.linear.weight.dtype)

    def scores(self, Y):
        return self.linear(Y.reshape(-1, Y.shape[-1]))

    def forward(self, inputs, state):
        Y, state = self.rnn(self.read(inputs), state)
        return self.scores(Y), state

    def rows(self):
        return self.directions() * self.rnn.num_layers

    def zeros(self, device, batch_size):
        return torch.zeros(self.rows(), batch_size, self.rnn.hidden_size, dtype=self.linear.weight.dtype, device=device)

    def begin_state(self, device, batch_size=1):
        if isinstance(self.rnn, nn.LSTM):
            return self.zeros(device, batch_size), self.zeros(device, batch_size)
        return self.zeros(device, batch_size)


class Again(nn.Module):
    """The same, with one thing wrong."""

    wrong = ""

    def __init__(self, rnn_layer, vocab_size):
        super().__init__()
        self.rnn = rnn_layer
        self.D = 1 + int(rnn_layer.bidirectional)
        width = rnn_layer.hidden_size
        self.linear = nn.Linear(width if self.wrong == "width" else self.D * width, vocab_size)

    def vectors(self, inputs):
        if self.wrong != "not transposed":
            inputs = inputs.permute(1, 0)
        eye = torch.eye(self.linear.out_features, device=inputs.device)
        return eye.to(self.linear.weight.dtype if self.wrong != "float32" else torch.float32)[inputs.long()]

    def forward(self, inputs, state):
        outputs, last = self.rnn(self.vectors(inputs), state)
        return torch.cat(list(self.linear(outputs))), last

    def begin_state(self, device, batch_size=1):
        layers = 1 if self.wrong == "layers" else self.rnn.num_layers
        rows = layers * (1 if self.wrong == "directions" else self.D)
        kind = torch.float32 if self.wrong == "float32 state" else self.rnn.weight_hh_l0.dtype
        first = torch.zeros((rows, batch_size, self.rnn.hidden_size), dtype=kind, device=device)
        return (first, first.clone()) if self.rnn.mode == "LSTM" else first
