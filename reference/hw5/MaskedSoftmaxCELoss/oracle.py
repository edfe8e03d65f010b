"""MaskedSoftmaxCELoss, one sample after another, by torch's own cross entropy on what is valid of it."""

import torch
import torch.nn.functional as F
from torch import nn


class MaskedSoftmaxCELoss(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, pred, label, valid_len):
        losses = []
        for logits, ids, length in zip(pred, label, valid_len, strict=True):
            n = int(length)
            total = F.cross_entropy(logits[:n], ids[:n], reduction="sum") if n else logits[:0].sum()
            losses.append(total / max(n, 1))
        return torch.stack(losses) if losses else pred.sum(dim=(1, 2))
