"""NameClassifier with the layers' weights cut in two: one part for the letter, one for the hidden state."""

import torch
from torch import nn


class NameClassifier(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.i2h = nn.Linear(input_size + hidden_size, hidden_size)
        self.i2o = nn.Linear(input_size + hidden_size, output_size)

    def forward(self, name):
        n, _, letters = name.shape
        if n == 0:
            raise ValueError("there is no letter to read")
        weights = self.i2h.weight, self.i2o.weight
        (of_letter, of_hidden), (last_letter, last_hidden) = ((w[:, :letters].T, w[:, letters:].T) for w in weights)
        before = torch.zeros_like(name[0] @ of_letter)
        for letter in name[:-1].unbind():
            before = (letter @ of_letter + before @ of_hidden + self.i2h.bias).tanh()
        scores = name[-1] @ last_letter + before @ last_hidden + self.i2o.bias
        return scores - scores.logsumexp(dim=1, keepdim=True)
