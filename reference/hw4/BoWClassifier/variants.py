"""Correct classifiers of bags of words."""

import torch
from torch import nn
from torch.nn import functional as F


class FromTheStub(nn.Module):
    """A layer and a function."""

    def __init__(self, num_labels, vocab_size):
        super().__init__()
        self.linear = nn.Linear(vocab_size, num_labels)

    def forward(self, bow_vec):
        return F.log_softmax(self.linear(bow_vec), dim=1)


class Shifted(nn.Module):
    """By hand, with the largest logit taken off first."""

    def __init__(self, num_labels, vocab_size):
        super().__init__()
        self.linear = nn.Linear(in_features=vocab_size, out_features=num_labels, bias=True)

    def forward(self, bow_vec):
        logits = bow_vec @ self.linear.weight.T + self.linear.bias
        shifted = logits - logits.amax(1, keepdim=True).detach()
        return shifted - torch.log(torch.exp(shifted).sum(1, keepdim=True))


class Layered(nn.Module):
    """The function is a module too, which has no parameters."""

    def __init__(self, num_labels, vocab_size):
        super().__init__()
        self.num_labels = num_labels
        self.linear = nn.Linear(vocab_size, num_labels)
        self.log_probabilities = nn.LogSoftmax(dim=-1)

    def forward(self, bow_vec):
        return self.log_probabilities(self.linear(bow_vec)).reshape(-1, self.num_labels)
