"""Ways in which a dropout of AdditiveAttention that is written by hand goes wrong."""

import torch
from attentions import Right as _Right
from common.masks import behind_the_back as _behind_the_back
from common.masks import detached as _detached
from common.masks import straight_through as _straight_through
from common.masks import without_gradients as _without_gradients


class Detached(_Right):
    """No gradient goes through the dropout.

    `.detach()`, `.data` and `torch.no_grad()` cut the graph: in training nothing that comes before the dropout learns.
    Multiply by the mask and leave the rest to autograd; the mask itself has no gradient.
    """

    def answer(self, weights, values):
        return torch.bmm(_detached(weights, self.rate) if self.training else weights, values)


class Detached__rewrite(_Right):
    def answer(self, weights, values):
        if self.training:
            weights = _without_gradients(weights, self.dropout.p)
        return weights @ values


class BehindTheBack(_Right):
    """The gradients do not know of the mask.

    Autograd does not see what changes `.data`, nor what is added behind `.detach()`: elements that were dropped get
    gradients, and those of the others are not divided by 1 - dropout. Multiply by the mask.
    """

    def answer(self, weights, values):
        return torch.bmm(_behind_the_back(weights, self.rate) if self.training else weights, values)


class BehindTheBack__rewrite(_Right):
    def answer(self, weights, values):
        if self.training:
            weights = _straight_through(weights, self.dropout.p)
        return weights @ values
