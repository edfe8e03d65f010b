"""Other right ways to write RNNModel."""

import torch
from torch import nn


class AsTheBookHasIt(nn.Module):
    """With a branch for two directions, and dtypes that follow the parameters."""

    def __init__(self, rnn_layer, vocab_size, **kwargs):
        super().__init__(**kwargs)
        self.rnn = rnn_layer
        self.vocab_size = vocab_size
        self.num_hiddens = self.rnn.hidden_size
        if not self.rnn.bidirectional:
            self.num_directions = 1
            self.linear = nn.Linear(self.num_hiddens, self.vocab_size)
        else:
            self.num_directions = 2
            self.linear = nn.Linear(self.num_hiddens * 2, self.vocab_size)

    def forward(self, inputs, state):
        X = nn.functional.one_hot(inputs.T.long(), self.vocab_size).to(self.linear.weight)
        Y, state = self.rnn(X, state)
        return self.linear(Y.reshape((-1, Y.shape[-1]))), state

    def begin_state(self, device, batch_size=1):
        size = (self.num_directions * self.rnn.num_layers, batch_size, self.num_hiddens)
        zeros = [torch.zeros(size, device=device, dtype=self.linear.weight.dtype) for _ in range(2)]
        return tuple(zeros) if isinstance(self.rnn, nn.LSTM) else zeros[0]


class Scattered(nn.Module):
    """One-hot vectors by scatter; scores first, rows afterwards."""

    def __init__(self, rnn_layer, vocab_size):
        super().__init__()
        self.rnn = rnn_layer
        self.linear = nn.Linear((2 if rnn_layer.bidirectional else 1) * rnn_layer.hidden_size, vocab_size)

    def forward(self, inputs, state):
        batch, steps = inputs.shape
        places = inputs.transpose(0, 1).to(torch.int64).unsqueeze(-1)
        weight = self.linear.weight
        X = torch.zeros(steps, batch, self.linear.out_features, dtype=weight.dtype, device=weight.device)
        outputs, state = self.rnn(X.scatter(2, places, 1.0), state)
        return self.linear(outputs).flatten(0, 1), state

    def begin_state(self, device, batch_size=1):
        layer = self.rnn
        rows = layer.num_layers * 2 if layer.bidirectional else layer.num_layers
        zero = lambda: next(self.parameters()).new_zeros(rows, batch_size, layer.hidden_size, device=device)
        return (zero(), zero()) if layer.mode == "LSTM" else zero()


class StepByStep(nn.Module):
    """Calls a layer of one direction once for each step, and one of two directions once."""

    def __init__(self, rnn_layer, vocab_size):
        super().__init__()
        self.rnn = rnn_layer
        directions = 2 if rnn_layer.bidirectional else 1
        self.shape = (directions * rnn_layer.num_layers, rnn_layer.hidden_size)
        self.linear = nn.Linear(directions * rnn_layer.hidden_size, vocab_size)

    def forward(self, inputs, state):
        eye = torch.eye(self.linear.weight.shape[0]).to(self.linear.weight)
        X = eye[inputs.long()].permute(1, 0, 2)
        if self.rnn.bidirectional:
            Y, state = self.rnn(X, state)
            return torch.cat([self.linear(y) for y in Y], 0), state
        rows = []
        for x in X:
            y, state = self.rnn(x[None], state)
            rows.append(self.linear(y[0]))
        return torch.cat(rows, 0), state

    def begin_state(self, device, batch_size=1):
        rows, hiddens = self.shape
        h = torch.zeros(rows, batch_size, hiddens).to(device, self.linear.bias.dtype)
        if isinstance(self.rnn, nn.LSTM):
            return h, torch.zeros_like(h)
        return h
