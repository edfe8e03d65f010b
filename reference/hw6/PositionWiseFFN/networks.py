"""Two correct modules that the mistakes change: `Right`, whose steps are methods, and `Again`, in another style."""

import torch
from torch import nn


class Right(nn.Module):
    def __init__(self, ffn_num_input, ffn_num_hiddens, ffn_num_outputs):
        super().__init__()
        self.make(ffn_num_input, ffn_num_hiddens, ffn_num_outputs)

    def make(self, inputs, hiddens, outputs):
        self.dense1 = nn.Linear(inputs, hiddens)
        self.dense2 = nn.Linear(hiddens, outputs)

    def forward(self, X):
        return self.second(self.activation(self.first(X)))

    def first(self, X):
        return self.dense1(X)

    def activation(self, X):
        return X.relu()

    def second(self, X):
        return self.dense2(X)


class Again(nn.Module):
    def __init__(self, ffn_num_input, ffn_num_hiddens, ffn_num_outputs):
        nn.Module.__init__(self)
        self.dense1, self.dense2 = (
            nn.Linear(i, o) for i, o in ((ffn_num_input, ffn_num_hiddens), (ffn_num_hiddens, ffn_num_outputs))
        )

    def forward(self, X):
        return self.out(self.hidden(X))

    def hidden(self, X):
        return torch.maximum(X @ self.dense1.weight.T + self.dense1.bias, torch.zeros((), device=X.device))

    def out(self, H):
        return H @ self.dense2.weight.T + self.dense2.bias
