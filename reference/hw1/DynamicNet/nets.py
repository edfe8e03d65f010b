"""Two correct DynamicNets in parts, for mistakes to change one part of."""

import torch
from torch import nn


class Right(nn.Module):
    def __init__(self, D_in, H, D_out):
        super().__init__()
        self.input_linear = nn.Linear(D_in, H)
        self.middle_linear = nn.Linear(H, H)
        self.output_linear = nn.Linear(H, D_out)

    def forward(self, x, rng):
        hidden = self.first(x)
        for _ in range(self.repeats(rng)):
            hidden = self.middle(hidden)
        return self.last(hidden)

    def repeats(self, rng):
        return rng.randint(0, 3)

    def first(self, x):
        return torch.relu(self.input_linear(x))

    def middle(self, hidden):
        return torch.relu(self.middle_linear(hidden))

    def last(self, hidden):
        return self.output_linear(hidden)


class Again(nn.Module):
    """The same by recursion and clamp."""

    def __init__(self, D_in, H, D_out):
        super().__init__()
        self.input_linear = nn.Linear(D_in, H)
        self.middle_linear = nn.Linear(H, H)
        self.output_linear = nn.Linear(H, D_out)

    def through(self, hidden, times):
        return hidden if times <= 0 else self.through(self.middle_linear(hidden).clamp(min=0), times - 1)

    def forward(self, x, rng):
        return self.output_linear(self.through(self.input_linear(x).clamp(min=0), rng.randrange(4)))
