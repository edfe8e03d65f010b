"""Ways in which MaskedSoftmaxCELoss goes wrong."""

import torch
import torch.nn.functional as F
from oracle import MaskedSoftmaxCELoss as _Oracle
from torch import nn


def _valid(label, valid_len):
    return torch.arange(label.shape[1], device=label.device) < valid_len[:, None]


def _cleaned(pred, label, valid_len):
    """Logits and labels with zeros at padding."""
    padding = ~_valid(label, valid_len)
    return pred.masked_fill(padding.unsqueeze(-1), 0), label.masked_fill(padding, 0)


def _token_losses(pred, label):
    return F.cross_entropy(pred.transpose(1, 2), label, reduction="none")


def _masked_losses(pred, label, valid_len):
    """What is right up to the division: the losses of valid tokens, 0 at padding."""
    losses = _token_losses(*_cleaned(pred, label, valid_len))
    return losses.masked_fill(~_valid(label, valid_len), 0)


def _right(pred, label, valid_len):
    return _masked_losses(pred, label, valid_len).sum(1) / valid_len.clamp(min=1)


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


class AttributeSet(nn.CrossEntropyLoss):
    """The forward pass changes the module.

    A call should leave no trace: choose the reduction in the constructor or in the call, and keep results out of
    self.
    """

    def forward(self, pred, label, valid_len):
        self.reduction = "none"
        logits, ids = _cleaned(pred, label, valid_len)
        losses = super().forward(logits.transpose(1, 2), ids)
        return losses.masked_fill(~_valid(label, valid_len), 0).sum(1) / valid_len.clamp(min=1)


class AttributeSet__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        self.weights = _valid(label, valid_len)
        return _right(pred, label, valid_len)


class CallsCounted(nn.Module):
    """The forward pass changes the class of the module.

    An attribute of the class is shared by all modules of it, and lives as long as the program. Keep counts outside.
    """

    calls = 0

    def forward(self, pred, label, valid_len):
        type(self).calls += 1
        return _right(pred, label, valid_len)


class CallsCounted__rewrite(nn.Module):
    seen: list = []

    def forward(self, pred, label, valid_len):
        self.seen.append(len(pred))
        return _right(pred, label, valid_len)


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


class SinglePrecision(nn.Module):
    """The loss is always computed in single precision.

    The loss has the dtype of the logits; whoever needs double precision, to check gradients for instance, must keep
    it.
    """

    def forward(self, pred, label, valid_len):
        return _right(pred.float(), label, valid_len)


class SinglePrecision__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        return _right(pred, label, valid_len).to(torch.float32)


class LabelsOverwritten(nn.Module):
    """The labels at padding are overwritten in the caller's tensor.

    The labels are needed again, for a metric or the next epoch. Mask a copy.
    """

    def forward(self, pred, label, valid_len):
        label[~_valid(label, valid_len)] = 0
        return _right(pred, label, valid_len)


class LabelsOverwritten__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        losses = _right(pred, label, valid_len)
        label.masked_fill_(~_valid(label, valid_len), 0)
        return losses


class LogitsOverwritten(nn.Module):
    """The logits at padding are overwritten in the caller's tensor.

    Autograd refuses to change a leaf in place, and whoever looks at the predictions afterwards finds others. Mask a
    copy.
    """

    def forward(self, pred, label, valid_len):
        pred[~_valid(label, valid_len)] = 0
        return _right(pred, label, valid_len)


class LogitsOverwritten__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        return _right(pred.masked_fill_(~_valid(label, valid_len).unsqueeze(-1), 0), label, valid_len)


class StepsOnTheCpu(nn.Module):
    """The steps are created on the CPU.

    They cannot be compared with valid lengths on an accelerator. Create them on the device of the arguments.
    """

    def forward(self, pred, label, valid_len):
        padding = torch.arange(label.shape[1]) >= valid_len[:, None]
        return _right(pred, label.masked_fill(padding, 0), valid_len)


class StepsOnTheCpu__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        weights = (torch.ones(label.shape[1]).cumsum(0) <= valid_len.unsqueeze(1)).long()
        losses = _masked_losses(pred, label, valid_len) * weights
        return losses.sum(1) / valid_len.clamp(min=1)


class LoopOverTheBatch(_Oracle):
    """The samples are handled one after another in a loop.

    Every sample costs calls of its own, and every length must be fetched from the device. Mask the whole batch.
    """


class LoopOverTheBatch__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        loss = torch.zeros(pred.shape[0], dtype=pred.dtype, device=pred.device)
        for i, n in enumerate(valid_len.tolist()):
            if n > 0:
                loss[i] = F.cross_entropy(pred[i, :n], label[i, :n])
        return loss + 0 * pred[:, :0].sum((1, 2))


class NumberReadByTheHost(nn.Module):
    """A number is read out of a tensor.

    `.item()`, `int()` and a tensor in an `if`, a slice or a loop make Python wait until the device has finished.
    Often the longest length is looked up to cut the batch: the mask does without.
    """

    def forward(self, pred, label, valid_len):
        longest = int(valid_len.max()) if len(valid_len) else pred.shape[1]
        return _right(pred[:, :longest], label[:, :longest], valid_len)


class NumberReadByTheHost__rewrite(nn.Module):
    def forward(self, pred, label, valid_len):
        if bool((valid_len == 0).all()):
            return 0 * pred.nan_to_num(0, 0, 0).sum((1, 2))
        return _right(pred, label, valid_len)


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


class Detached(nn.Module):
    """The loss is cut off from the graph.

    Nothing learns from a loss without a gradient. Compute with the logits themselves, not with their data.
    """

    def forward(self, pred, label, valid_len):
        return _right(pred.detach(), label, valid_len)


class Detached__rewrite(nn.Module):
    @torch.no_grad()
    def forward(self, pred, label, valid_len):
        return _right(pred, label, valid_len)
