"""Other correct DynamicNets."""

import torch
from torch import nn
from torch.nn import functional as F


class Recursive(nn.Module):
    """The repeats by recursion, the relu by clamp, the number drawn by randrange."""

    def __init__(self, D_in, H, D_out):
        super().__init__()
        self.input_linear = nn.Linear(D_in, H)
        self.middle_linear = nn.Linear(H, H)
        self.output_linear = nn.Linear(H, D_out)

    def middle(self, hidden, times):
        if times == 0:
            return hidden
        return self.middle(self.middle_linear(hidden).clamp(min=0), times - 1)

    def forward(self, x, rng):
        hidden = self.middle(self.input_linear(x).clamp(min=0), rng.randrange(4))
        return self.output_linear(hidden)


class ByFunctions(nn.Module):
    """A while loop, and the layers' weights in F.linear."""

    def __init__(self, D_in, H, D_out):
        super().__init__()
        for name, sizes in {"input": (D_in, H), "middle": (H, H), "output": (H, D_out)}.items():
            self.add_module(f"{name}_linear", nn.Linear(*sizes))

    def forward(self, x, rng):
        left = rng.choice([0, 1, 2, 3])
        h = torch.relu(F.linear(x, self.input_linear.weight, self.input_linear.bias))
        while left > 0:
            h = torch.relu(h @ self.middle_linear.weight.T + self.middle_linear.bias)
            left -= 1
        return F.linear(h, self.output_linear.weight, self.output_linear.bias)
