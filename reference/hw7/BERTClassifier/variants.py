"""Other correct classifiers."""

import torch.nn.functional as F
from torch import nn


class AsTheNotes(nn.Module):
    """As the notes write it, with the size looked up in the weight."""

    def __init__(self, bert, num_classes):
        super().__init__()
        self.encoder = bert.encoder
        self.hidden = bert.hidden
        self.output = nn.Linear(bert.hidden[0].weight.shape[0], num_classes)

    def forward(self, inputs):
        tokens_X, segments_X, valid_lens_x = inputs
        encoded_X = self.encoder(tokens_X, segments_X, valid_lens_x)
        return self.output(self.hidden(encoded_X[:, 0, :]))


class EveryStep(nn.Module):
    """All steps through the layers, and the first of each."""

    def __init__(self, bert, num_classes):
        super().__init__()
        self.output = nn.Linear(bert.hidden[0].out_features, num_classes)
        self.hidden, self.encoder = bert.hidden, bert.encoder

    def forward(self, inputs):
        encoded = self.encoder(*inputs)
        for layer in (*self.hidden, self.output):
            encoded = layer(encoded)
        return encoded.select(1, 0)


class Functional(nn.Module):
    """torch.nn.functional."""

    def __init__(self, bert, num_classes):
        super().__init__()
        self.encoder = bert.get_submodule("encoder")
        self.hidden = bert.get_submodule("hidden")
        self.output = nn.Linear(self.hidden[0].out_features, num_classes)

    def forward(self, inputs):
        cls = self.encoder(*inputs)[:, :1].squeeze(1)
        dense = F.linear(cls, self.hidden[0].weight, self.hidden[0].bias).tanh()
        return F.linear(dense, self.output.weight, self.output.bias)
