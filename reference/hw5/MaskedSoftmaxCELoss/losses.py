"""The steps of a right loss, for the mistakes to change."""

import torch
import torch.nn.functional as F


def valid(label, valid_len):
    return torch.arange(label.shape[1], device=label.device) < valid_len[:, None]


def cleaned(pred, label, valid_len):
    """Logits and labels with zeros at padding."""
    padding = ~valid(label, valid_len)
    return pred.masked_fill(padding.unsqueeze(-1), 0), label.masked_fill(padding, 0)


def token_losses(pred, label):
    return F.cross_entropy(pred.transpose(1, 2), label, reduction="none")


def masked_losses(pred, label, valid_len):
    """What is right up to the division: the losses of valid tokens, 0 at padding."""
    losses = token_losses(*cleaned(pred, label, valid_len))
    return losses.masked_fill(~valid(label, valid_len), 0)


def right(pred, label, valid_len):
    return masked_losses(pred, label, valid_len).sum(1) / valid_len.clamp(min=1)
