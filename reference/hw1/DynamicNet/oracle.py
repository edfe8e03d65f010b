"""DynamicNet as a list of layers, in which the middle one stands as often as it is drawn."""

from torch import nn


class DynamicNet(nn.Module):
    def __init__(self, D_in, H, D_out):
        super().__init__()
        self.input_linear = nn.Linear(D_in, H)
        self.middle_linear = nn.Linear(H, H)
        self.output_linear = nn.Linear(H, D_out)

    def forward(self, x, rng):
        repeats = rng.randint(0, 3)
        for layer in [self.input_linear] + [self.middle_linear] * repeats:
            x = nn.functional.relu(layer(x))
        return self.output_linear(x)
