"""MaskLM by gather, with its layers written out."""

import torch
import torch.nn.functional as F
from torch import nn


class MaskLM(nn.Module):
    def __init__(self, vocab_size, num_hiddens, num_inputs=768):
        super().__init__()
        self.mlp = nn.Sequential(
            nn.Linear(num_inputs, num_hiddens), nn.ReLU(), nn.LayerNorm(num_hiddens), nn.Linear(num_hiddens, vocab_size)
        )

    def pick(self, X, pred_positions):
        return torch.gather(X, 1, pred_positions.unsqueeze(-1).expand(-1, -1, X.shape[-1]))

    def hidden(self, X):
        return F.relu(F.linear(X, self.mlp[0].weight, self.mlp[0].bias))

    def normed(self, X):
        centred = X - X.mean(-1, keepdim=True)
        scale = (centred.square().mean(-1, keepdim=True) + 1e-5).rsqrt()
        return centred * scale * self.mlp[2].weight + self.mlp[2].bias

    def scores(self, X):
        return F.linear(X, self.mlp[3].weight, self.mlp[3].bias)

    def forward(self, X, pred_positions):
        return self.scores(self.normed(self.hidden(self.pick(X, pred_positions))))
