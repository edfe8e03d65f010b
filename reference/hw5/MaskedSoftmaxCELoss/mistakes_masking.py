"""Ways in which MaskedSoftmaxCELoss goes wrong with padding: which tokens count, and how the others are kept out."""

import torch
import torch.nn.functional as F
from losses import cleaned as _cleaned
from losses import masked_losses as _masked_losses
from losses import token_losses as _token_losses
from losses import valid as _valid
from torch import nn


class Multiplied(nn.Module):
    """The loss is multiplied by 0 at padding.

    Infinity or NaN times 0 is NaN, so what the padding holds reaches the loss. Clean the logits before the softmax.
    """

    def forward(self, pred, label, valid_len):
        _, ids = _cleaned(pred, label, valid_len)
        losses = _token_losses(pred, ids) * _valid(label, valid_len)
        return losses.sum(dim=1) / valid_len.clamp(min=1)


class Multiplied__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        weights = _valid(label, valid_len).to(pred.dtype)
        ids = label.masked_fill(weights == 0, 0)
        picked = pred.log_softmax(2).gather(2, ids.unsqueeze(2)).squeeze(2)
        return -(weights * picked).sum(1) / torch.clamp(weights.sum(1), min=1)


class CleanedTooLate(nn.Module):
    """The loss at padding is replaced, but its gradient still passes the softmax.

    Where the logits at padding are infinite or NaN, the derivative of the softmax is NaN, and NaN times 0 is NaN.
    Clean the logits too, before the softmax.
    """

    def forward(self, pred, label, valid_len):
        kept = _valid(label, valid_len)
        losses = _token_losses(pred, label.masked_fill(~kept, 0))
        return losses.masked_fill(~kept, 0).sum(dim=1) / valid_len.clamp(min=1)


class CleanedTooLate__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        ids = torch.where(_valid(label, valid_len), label, -100)
        losses = F.nll_loss(pred.log_softmax(-1).movedim(-1, 1), ids, ignore_index=-100, reduction="none")
        return losses.sum(dim=1) / valid_len.clamp(min=1)


class MaskedBehindTheBackOfAutograd(nn.Module):
    """The losses at padding are replaced through .data or without gradients, so autograd does not know of the mask.

    The gradient then flows to padding as if it had been valid. Let autograd see how the losses are replaced.
    """

    def forward(self, pred, label, valid_len):
        kept = _valid(label, valid_len)
        losses = _token_losses(pred, label.masked_fill(~kept, 0))
        losses.data = losses.data.masked_fill(~kept, 0)
        return losses.sum(dim=1) / valid_len.clamp(min=1)


class MaskedBehindTheBackOfAutograd__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        kept = _valid(label, valid_len)
        losses = F.nll_loss(pred.log_softmax(2).permute(0, 2, 1), torch.where(kept, label, 0), reduction="none")
        with torch.no_grad():
            losses[~kept] = 0
        return losses.sum(dim=1) / kept.sum(1).clamp(min=1)


class LabelsAtPaddingRead(nn.Module):
    """The loss is computed with the labels at padding.

    A label that is no id of the vocabulary is an error, though padding should not matter. Replace the labels at
    padding by any valid id first.
    """

    def forward(self, pred, label, valid_len):
        padding = ~_valid(label, valid_len)
        losses = _token_losses(pred.masked_fill(padding[..., None], 0), label)
        return losses.masked_fill(padding, 0).sum(dim=1) / valid_len.clamp(min=1)


class LabelsAtPaddingRead__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        kept = _valid(label, valid_len)
        logits = torch.where(kept.unsqueeze(2), pred, 0.0)
        losses = F.nll_loss(logits.log_softmax(2).permute(0, 2, 1), label, reduction="none")
        return torch.where(kept, losses, 0.0).sum(1) / kept.sum(1).clamp(min=1)


class OneTokenTooMany(nn.Module):
    """The first token of the padding counts too.

    Steps are counted from 0: the valid ones are those smaller than the valid length.
    """

    def forward(self, pred, label, valid_len):
        return _masked_losses(pred, label, valid_len + 1).sum(dim=1) / valid_len.clamp(min=1)


class OneTokenTooMany__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        kept = torch.arange(label.shape[1], device=label.device) <= valid_len.unsqueeze(1)
        logits, ids = torch.where(kept.unsqueeze(2), pred, 0.0), torch.where(kept, label, 0)
        losses = F.nll_loss(logits.log_softmax(2).transpose(1, 2), ids, reduction="none")
        return torch.where(kept, losses, 0.0).sum(1) / valid_len.clamp(min=1)


class LengthsIgnored(nn.Module):
    """Padding counts like text.

    The valid lengths are not used. Mask the losses and divide by the valid length.
    """

    def forward(self, pred, label, valid_len):
        return _token_losses(pred, label).mean(dim=1)


class LengthsIgnored__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        log_probs = pred.log_softmax(dim=-1)
        losses = F.nll_loss(log_probs.flatten(0, 1), label.reshape(-1), reduction="none")
        return losses.view(label.shape).sum(1) / label.shape[1]


class LogitsMaskedOnly(nn.Module):
    """The logits at padding are masked, the losses are not.

    Equal logits are a uniform distribution, whose loss is the logarithm of the vocabulary's size, not 0. Mask the
    losses as well.
    """

    def forward(self, pred, label, valid_len):
        return _token_losses(*_cleaned(pred, label, valid_len)).sum(dim=1) / valid_len.clamp(min=1)


class LogitsMaskedOnly__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        kept = _valid(label, valid_len)
        logits = torch.where(kept.unsqueeze(2), pred, 0.0)
        picked = logits.gather(2, torch.where(kept, label, 0).unsqueeze(2)).squeeze(2)
        return (logits.logsumexp(2) - picked).sum(1) / torch.clamp(kept.sum(1), min=1)


class IdZeroIgnored(nn.Module):
    """Tokens whose id is 0 are ignored.

    Padding is known by the valid length, not by an id: 0 is a token like any other. Mask the losses by the lengths.
    """

    def forward(self, pred, label, valid_len):
        logits, ids = _cleaned(pred, label, valid_len)
        losses = F.cross_entropy(logits.transpose(1, 2), ids, ignore_index=0, reduction="none")
        return losses.sum(dim=1) / valid_len.clamp(min=1)


class IdZeroIgnored__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        losses = _masked_losses(pred, label, valid_len)
        return torch.where(label == 0, 0.0, losses).sum(1) / valid_len.clamp(min=1)
