"""BERTClassifier by products of matrices."""

import torch
from torch import nn


class BERTClassifier(nn.Module):
    def __init__(self, bert, num_classes):
        super().__init__()
        self.take(bert)
        self.output = nn.Linear(len(self.hidden[0].weight), num_classes)

    def take(self, bert):
        self.add_module("encoder", bert.encoder)
        self.add_module("hidden", bert.hidden)

    def encoded(self, inputs):
        return self.encoder(inputs[0], inputs[1], valid_lens=inputs[2])

    def first(self, encoded):
        return encoded.unbind(1)[0]

    def pooled(self, features):
        return torch.tanh(features @ self.hidden[0].weight.T + self.hidden[0].bias)

    def scores(self, pooled):
        return pooled @ self.output.weight.T + self.output.bias

    def forward(self, inputs):
        return self.scores(self.pooled(self.first(self.encoded(inputs))))
