"""Ways in which a dropout of PositionalEncoding that is written by hand goes wrong."""

from common.masks import behind_the_back as _behind_the_back
from common.masks import detached as _detached
from common.masks import drawn_on_the_cpu as _drawn_on_the_cpu
from common.masks import masked_on_the_cpu as _masked_on_the_cpu
from common.masks import straight_through as _straight_through
from common.masks import without_gradients as _without_gradients
from positions_again import Again as _Again
from positions_again import Right as _Right


class Detached(_Right):
    """No gradient goes through the dropout.

    `.detach()`, `.data` and `torch.no_grad()` cut the graph: in training nothing that comes before the dropout learns.
    Multiply by the mask and leave the rest to autograd; the mask itself has no gradient.
    """

    def forward(self, X, offset=0):
        self.check(offset + X.shape[1])
        total = self.add(X, offset)
        return _detached(total, self.dropout.p) if self.training else total


class Detached__rewrite(_Again):
    def drop(self, X):
        if self.training:
            return _without_gradients(X, self.p)
        return X


class BehindTheBack(_Right):
    """The gradients do not know of the mask.

    Autograd does not see what changes `.data`, nor what is added behind `.detach()`: elements that were dropped get
    gradients, and those of the others are not divided by 1 - dropout. Multiply by the mask.
    """

    def forward(self, X, offset=0):
        self.check(offset + X.shape[1])
        total = self.add(X, offset)
        return _behind_the_back(total, self.dropout.p) if self.training else total


class BehindTheBack__rewrite(_Again):
    def drop(self, X):
        if self.training:
            return _straight_through(X, self.p)
        return X


class MaskOnTheCpu(_Right):
    """The mask is drawn on the CPU.

    `torch.rand(x.shape)` makes its numbers there unless it is told `device=x.device`. `torch.rand_like(x)` and
    nn.Dropout draw where x is.
    """

    def forward(self, X, offset=0):
        self.check(offset + X.shape[1])
        total = self.add(X, offset)
        return _masked_on_the_cpu(total, self.dropout.p) if self.training else total


class MaskOnTheCpu__rewrite(_Again):
    def drop(self, X):
        if self.training:
            return _drawn_on_the_cpu(X, self.p)
        return X
