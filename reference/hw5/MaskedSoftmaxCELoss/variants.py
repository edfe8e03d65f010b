"""Correct ways to write MaskedSoftmaxCELoss."""

import torch
import torch.nn.functional as F
from torch import nn


def _sequence_mask(X, valid_len, value=0):
    mask = torch.arange(X.size(1), device=X.device)[None, :] < valid_len[:, None]
    out = X.clone()
    out[~mask] = value
    return out


class CrossEntropyInherited(nn.CrossEntropyLoss):
    """Inherits from torch's loss, whose reduction the constructor turns off, and weighs the tokens."""

    def __init__(self):
        super().__init__(reduction="none")

    def forward(self, pred, label, valid_len):
        weights = _sequence_mask(torch.ones_like(label), valid_len)
        pred, label = _sequence_mask(pred, valid_len), _sequence_mask(label, valid_len)
        token_loss = super().forward(pred.permute(0, 2, 1), label)
        lengths = torch.where(valid_len == 0, torch.ones_like(valid_len), valid_len)
        return (token_loss * weights).sum(dim=1) / lengths


class ValidTokensOnly(nn.Module):
    """Picks the valid tokens of the whole batch and adds their losses up by sample."""

    def forward(self, pred, label, valid_len):
        batch, steps, _ = pred.shape
        valid = torch.arange(steps, device=pred.device) < valid_len.unsqueeze(1)
        sample = torch.arange(batch, device=pred.device).unsqueeze(1).expand(batch, steps)[valid]
        token_loss = F.cross_entropy(pred[valid], label[valid], reduction="none")
        total = torch.zeros(batch, dtype=pred.dtype, device=pred.device).index_add(0, sample, token_loss)
        return total / torch.clamp(valid_len, min=1)


class LogSumExp(nn.Module):
    """From the definition: the logarithm of the sum of exponentials less the logit of the label."""

    def __init__(self):
        super().__init__()

    def forward(self, pred, label, valid_len):
        steps = torch.arange(pred.shape[1], device=pred.device)
        mask = steps.unsqueeze(0) < valid_len.unsqueeze(1)
        logits = pred.masked_fill(~mask.unsqueeze(-1), 0.0)
        ids = label.masked_fill(~mask, 0)
        picked = logits.gather(2, ids.unsqueeze(2)).squeeze(2)
        token_loss = torch.where(mask, torch.logsumexp(logits, dim=2) - picked, 0.0)
        count = mask.sum(dim=1)
        return token_loss.sum(dim=1) / torch.maximum(count, torch.ones_like(count))


class OneHotLabels(nn.Module):
    """Multiplies the log probabilities with one-hot labels that carry the weight of their token."""

    def forward(self, pred, label, valid_len):
        pred, label = _sequence_mask(pred, valid_len), _sequence_mask(label, valid_len)
        weight = _sequence_mask(torch.ones_like(pred[..., 0]), valid_len)
        weight = weight / valid_len.clamp(min=1).unsqueeze(1)
        ids = torch.arange(pred.shape[2], device=pred.device)
        target = (label.unsqueeze(2) == ids).to(pred.dtype) * weight.unsqueeze(2)
        return -(target * pred.log_softmax(dim=-1)).sum(dim=(1, 2))
