"""init_weights from torch's uniform and normal numbers alone."""

import math

import torch
from torch import nn


@torch.no_grad()
def init_weights(module):
    match module:
        case nn.Linear():
            bound = math.sqrt(6 / (module.in_features + module.out_features))
            module.weight.uniform_(-bound, bound)
            if module.bias is not None:
                module.bias.zero_()
        case nn.Embedding():
            module.weight.normal_(0.0, 0.02)
            if module.padding_idx is not None:
                module.weight[module.padding_idx].zero_()
