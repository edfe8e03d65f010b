"""Ways in which MaskedSoftmaxCELoss goes wrong with the softmax, its logarithm and the axis of the classes."""

import torch
import torch.nn.functional as F
from losses import cleaned as _cleaned
from losses import right as _right
from losses import token_losses as _token_losses
from losses import valid as _valid
from torch import nn


class AnswerCleanedOfNan(nn.Module):
    """NaN in the logits of valid tokens does not show in the loss.

    A model whose logits are NaN is broken, and a loss of 0 hides it. Replace what stands at padding, by its place, and
    nothing else.
    """

    def forward(self, pred, label, valid_len):
        return _right(pred, label, valid_len).nan_to_num()


class AnswerCleanedOfNan__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        losses = _right(pred, label, valid_len)
        return torch.where(losses.isnan(), 0.0, losses)


class SoftmaxTwice(nn.Module):
    """Softmax is applied before the cross entropy, which applies it again.

    Torch's cross entropy takes logits. Probabilities between 0 and 1 used as logits give a flat distribution, and
    training hardly moves.
    """

    def forward(self, pred, label, valid_len):
        return _right(pred.softmax(dim=-1), label, valid_len)


class SoftmaxTwice__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        logits, ids = _cleaned(pred, label, valid_len)
        picked = logits.softmax(2).log_softmax(2).gather(2, ids.unsqueeze(2)).squeeze(2)
        return -picked.masked_fill(~_valid(label, valid_len), 0).sum(1) / valid_len.clamp(min=1)


def _from_probabilities(probabilities, label, valid_len):
    """The loss from the logarithm of probabilities."""
    _, ids = _cleaned(probabilities, label, valid_len)
    picked = probabilities.gather(2, ids.unsqueeze(2)).squeeze(2).log()
    return -picked.masked_fill(~_valid(label, valid_len), 0).sum(1) / valid_len.clamp(min=1)


class LogOfSoftmax(nn.Module):
    """The logarithm is taken of the softmax.

    Where a probability is rounded to 0, its logarithm is minus infinity. Torch has both steps in one, which stays
    exact.
    """

    def forward(self, pred, label, valid_len):
        logits, _ = _cleaned(pred, label, valid_len)
        return _from_probabilities(logits.softmax(dim=-1), label, valid_len)


class LogOfSoftmax__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        logits, ids = _cleaned(pred, label, valid_len)
        losses = F.nll_loss(torch.log(F.softmax(logits, 2)).transpose(1, 2), ids, reduction="none")
        return losses.masked_fill(~_valid(label, valid_len), 0).sum(1) / valid_len.clamp(min=1)


class LogWithEpsilon(nn.Module):
    """A small number is added to the softmax before the logarithm.

    It hides the overflow by giving every improbable token the same loss, and no gradient. Torch has softmax and
    logarithm in one, which needs no such number.
    """

    def forward(self, pred, label, valid_len):
        logits, _ = _cleaned(pred, label, valid_len)
        return _from_probabilities(logits.softmax(dim=-1) + 1e-9, label, valid_len)


class LogWithEpsilon__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        logits, ids = _cleaned(pred, label, valid_len)
        target = torch.eye(pred.shape[2], device=pred.device)[ids] * _valid(label, valid_len).unsqueeze(2)
        return (target * -torch.log(1e-9 + F.softmax(logits, 2))).sum((1, 2)) / valid_len.clamp(min=1)


class ExponentialsOverflow(nn.Module):
    """The softmax is computed from the exponentials of the logits as they are.

    The exponential of 100 is more than single precision holds, and infinity divided by infinity is NaN. Use torch's
    log_softmax, or subtract the largest logit first.
    """

    def forward(self, pred, label, valid_len):
        logits, _ = _cleaned(pred, label, valid_len)
        powers = logits.exp()
        return _from_probabilities(powers / powers.sum(dim=-1, keepdim=True), label, valid_len)


class ExponentialsOverflow__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        logits, ids = _cleaned(pred, label, valid_len)
        powers = torch.e**logits
        picked = powers.gather(2, ids[:, :, None]) / torch.sum(powers, 2, keepdim=True)
        losses = -picked[:, :, 0].log()
        return torch.where(_valid(label, valid_len), losses, 0.0).sum(1) / valid_len.clamp(min=1)


class ReshapedInsteadOfTransposed(nn.Module):
    """The classes are brought to axis 1 by a reshape.

    A reshape keeps the order of the numbers and mixes steps with classes. Exchange the axes.
    """

    def forward(self, pred, label, valid_len):
        batch, steps, classes = pred.shape
        logits, ids = _cleaned(pred, label, valid_len)
        losses = F.cross_entropy(logits.reshape(batch, classes, steps), ids, reduction="none")
        return losses.masked_fill(~_valid(label, valid_len), 0).sum(1) / valid_len.clamp(min=1)


class ReshapedInsteadOfTransposed__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        logits, _ = _cleaned(pred, label, valid_len)
        mixed = logits.contiguous().view(pred.shape[0], pred.shape[2], pred.shape[1])
        return _right(mixed.transpose(1, 2), label, valid_len)


class StepsTakenForClasses(nn.Module):
    """The cross entropy takes the steps for classes.

    Torch expects the classes on axis 1, where pred has its steps. Exchange the two axes.
    """

    def forward(self, pred, label, valid_len):
        logits, ids = _cleaned(pred, label, valid_len)
        losses = F.cross_entropy(logits, ids, reduction="none")
        return losses.masked_fill(~_valid(label, valid_len), 0).sum(1) / valid_len.clamp(min=1)


class StepsTakenForClasses__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        kept = _valid(label, valid_len)
        logits, ids = torch.where(kept.unsqueeze(2), pred, 0.0), torch.where(kept, label, 0)
        losses = nn.CrossEntropyLoss(reduction="none")(logits, ids)
        return torch.where(kept, losses, 0.0).sum(1) / torch.clamp(kept.sum(1), min=1)


class EveryAxisSqueezed(nn.Module):
    """Every axis of size 1 is squeezed away.

    A squeeze without an axis also removes the batch or the steps when there is only one of them. Name the axis.
    """

    def forward(self, pred, label, valid_len):
        logits, ids = _cleaned(pred, label, valid_len)
        losses = -logits.log_softmax(2).gather(2, ids.unsqueeze(2)).squeeze()
        return torch.where(_valid(label, valid_len), losses, 0.0).sum(dim=1) / valid_len.clamp(min=1)


class EveryAxisSqueezed__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        losses = torch.squeeze(_token_losses(*_cleaned(pred, label, valid_len)))
        kept = _valid(label, valid_len)
        return torch.where(kept, losses, torch.zeros_like(losses)).sum(1) / kept.sum(1).clamp(min=1)
