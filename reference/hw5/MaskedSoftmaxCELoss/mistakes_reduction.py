"""Ways in which MaskedSoftmaxCELoss goes wrong where the losses of the tokens become one of the sample."""

import torch
import torch.nn.functional as F
from losses import cleaned as _cleaned
from losses import masked_losses as _masked_losses
from losses import right as _right
from losses import token_losses as _token_losses
from losses import valid as _valid
from torch import nn


class AveragedOverPadding(nn.Module):
    """The sum is divided by the number of steps, padding included.

    The loss of a sentence then shrinks with the padding that its batch happens to need. Divide by its valid length.
    """

    def forward(self, pred, label, valid_len):
        return _masked_losses(pred, label, valid_len).mean(dim=1)


class AveragedOverPadding__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        kept = _valid(label, valid_len)
        logits, ids = _cleaned(pred, label, valid_len)
        picked = logits.log_softmax(-1).gather(-1, ids[..., None])[..., 0]
        return -torch.where(kept, picked, 0.0).sum(1) / pred.shape[1]


class MultipliedAndAveraged(nn.Module):
    """Padding is multiplied by 0 after the loss was computed on it, and counted in the mean.

    Three things at once: the mean divides by the number of steps, labels at padding must be valid ids for the loss
    to be computed, and infinity times 0 is NaN. Clean logits and labels first and divide by the valid length.
    """

    def forward(self, pred, label, valid_len):
        weights = _valid(label, valid_len).float()
        losses = F.cross_entropy(pred.permute(0, 2, 1), label, reduction="none")
        return (losses * weights).mean(dim=1)


class MultipliedAndAveraged__rewrite(nn.Module):
    def __init__(self):
        super().__init__()
        self.loss = nn.CrossEntropyLoss(reduction="none")

    def forward(self, pred, label, valid_len):
        losses = self.loss(pred.reshape(-1, pred.shape[2]), label.flatten()).reshape(label.shape)
        losses = torch.einsum("nt,nt->n", losses, _valid(label, valid_len).to(losses.dtype))
        return losses / label.shape[1]


class TaughtVersion(nn.CrossEntropyLoss):
    """The widely taught version: the mean counts padding, and forward sets self.reduction.

    Divide by the valid length, clean logits and labels before the loss (infinity times 0 is NaN, and a label that is
    no id is an error), and choose the reduction in the constructor or in the call.
    """

    def forward(self, pred, label, valid_len):
        weights = torch.ones_like(label)
        weights[~_valid(label, valid_len)] = 0
        self.reduction = "none"
        unweighted_loss = super().forward(pred.permute(0, 2, 1), label)
        return (unweighted_loss * weights).mean(dim=1)


class TaughtVersion__rewrite(nn.Module):
    def __init__(self):
        super().__init__()
        self.loss = nn.CrossEntropyLoss()

    def forward(self, pred, label, valid_len):
        self.loss.reduction = "none"
        losses = self.loss(pred.transpose(2, 1), label)
        return torch.mean(_valid(label, valid_len) * losses, 1)


class NanHidden(nn.Module):
    """The division by a valid length of 0 is hidden afterwards, but not from the gradient.

    The backward pass still divides by 0, and one NaN ruins all parameters. Make the divisor harmless before dividing.
    """

    def forward(self, pred, label, valid_len):
        _, ids = _cleaned(pred, label, valid_len)
        losses = _token_losses(pred.nan_to_num(0, 0, 0), ids) * _valid(label, valid_len)
        return torch.where(valid_len > 0, losses.sum(1) / valid_len, 0.0)


class NanHidden__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        weights = _valid(label, valid_len).to(pred.dtype)
        finite = pred.nan_to_num(nan=0.0, posinf=0.0, neginf=0.0)
        losses = _token_losses(finite, label * weights.long())
        return (weights * losses).sum(dim=1).div(valid_len).nan_to_num()


class LengthZeroNan(nn.Module):
    """A sample of valid length 0 gives NaN.

    Its sum is 0, and 0 divided by 0 is not a number. Divide by at least 1.
    """

    def forward(self, pred, label, valid_len):
        return _masked_losses(pred, label, valid_len).sum(dim=1) / valid_len


class LengthZeroNan__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        losses, kept = _masked_losses(pred, label, valid_len), _valid(label, valid_len)
        return losses.sum(1).div(kept.sum(1))


class Summed(nn.Module):
    """The losses of the tokens are summed and not divided.

    Long sentences then weigh more than short ones. Divide by the valid length.
    """

    def forward(self, pred, label, valid_len):
        return _masked_losses(pred, label, valid_len).sum(dim=1)


class Summed__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        logits, ids = _cleaned(pred, label, valid_len)
        target = torch.eye(pred.shape[2], device=pred.device)[ids] * _valid(label, valid_len).unsqueeze(2)
        return -(target * logits.log_softmax(dim=2)).sum(dim=(1, 2))


class DividedByAllTokens(nn.Module):
    """The sum of each sample is divided by the valid tokens of the whole batch.

    Then the loss of a sample depends on which others are in its batch. Divide by its own valid length.
    """

    def forward(self, pred, label, valid_len):
        return _masked_losses(pred, label, valid_len).sum(dim=1) / valid_len.sum().clamp(min=1)


class DividedByAllTokens__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        share = valid_len / valid_len.sum().clamp(min=1)
        return _right(pred, label, valid_len) * share.to(pred.dtype)


class OneNumber(nn.Module):
    """The losses of the samples are averaged to one number.

    The stub asks for a loss for each sample; whoever trains decides how to combine them.
    """

    def forward(self, pred, label, valid_len):
        return _right(pred, label, valid_len).mean()


class OneNumber__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        losses = _right(pred, label, valid_len)
        return losses.sum() / losses.shape[0]


class SmallNumberInTheDivisor(nn.Module):
    """A small number is added to the valid length before the division.

    It avoids 0 / 0, but makes every other loss a little too small. Raise a length of 0 to 1 and leave the others.
    """

    def forward(self, pred, label, valid_len):
        return _masked_losses(pred, label, valid_len).sum(dim=1) / (valid_len + 1e-6)


class SmallNumberInTheDivisor__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        weights = _valid(label, valid_len).to(pred.dtype)
        return _masked_losses(pred, label, valid_len).sum(1) / (1e-6 + weights.sum(1))
