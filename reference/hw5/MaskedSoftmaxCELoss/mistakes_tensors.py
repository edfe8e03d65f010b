"""Ways in which MaskedSoftmaxCELoss goes wrong with tensors: what it changes, dtype, device, gradient, loops."""

import torch
import torch.nn.functional as F
from losses import cleaned as _cleaned
from losses import masked_losses as _masked_losses
from losses import right as _right
from losses import valid as _valid
from oracle import MaskedSoftmaxCELoss as _Oracle
from torch import nn


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
        for i, length in enumerate(valid_len):
            if (n := int(length)) > 0:
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
