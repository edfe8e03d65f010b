"""Other correct ways to pick and score."""

import torch
from pieces import Right as _Right
from torch import nn


class Flat(_Right):
    """One index into all steps of all sequences."""

    def pick(self, X, pred_positions):
        starts = torch.arange(len(X), device=X.device).unsqueeze(1) * X.shape[1]
        picked = X.flatten(0, 1).index_select(0, (starts + pred_positions).flatten())
        return picked.view(*pred_positions.shape, X.shape[2])


class TakeAlong(_Right):
    """take_along_dim, and the layers one by one."""

    def forward(self, X, pred_positions):
        picked = torch.take_along_dim(X, pred_positions[..., None], dim=1)
        for layer in self.mlp:
            picked = layer(picked)
        return picked


class Mapped(nn.Module):
    """One sequence, for all of them at once."""

    def __init__(self, vocab_size, num_hiddens, num_inputs=768):
        super().__init__()
        self.mlp = nn.Sequential()
        for layer in (nn.Linear(num_inputs, num_hiddens), nn.ReLU(), nn.LayerNorm(num_hiddens)):
            self.mlp.append(layer)
        self.mlp.append(nn.Linear(num_hiddens, vocab_size))

    def forward(self, X, pred_positions):
        rows = torch.ones_like(pred_positions).cumsum(0) - 1
        return self.mlp(X[rows, pred_positions])
