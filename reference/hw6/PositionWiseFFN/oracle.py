"""PositionWiseFFN by torch.nn.functional."""

import torch.nn.functional as F
from torch import nn


class PositionWiseFFN(nn.Module):
    def __init__(self, ffn_num_input, ffn_num_hiddens, ffn_num_outputs):
        super().__init__()
        self.dense1 = nn.Linear(ffn_num_input, ffn_num_hiddens)
        self.dense2 = nn.Linear(ffn_num_hiddens, ffn_num_outputs)

    def forward(self, X):
        hidden = F.relu(F.linear(X, self.dense1.weight, self.dense1.bias))
        return F.linear(hidden, self.dense2.weight, self.dense2.bias)
