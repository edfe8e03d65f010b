"""Ways in which a dropout of AlexNet that is written by hand goes wrong."""

from common.masks import behind_the_back as _behind_the_back
from common.masks import detached as _detached
from common.masks import drawn_on_the_cpu as _drawn_on_the_cpu
from common.masks import masked_on_the_cpu as _masked_on_the_cpu
from common.masks import straight_through as _straight_through
from common.masks import without_gradients as _without_gradients
from parts import Again as _Again
from parts import Right as _Right


class Detached(_Right):
    """No gradient goes through the dropout.

    `.detach()`, `.data` and `torch.no_grad()` cut the graph: in training nothing that comes before the dropout learns.
    Multiply by the mask and leave the rest to autograd; the mask itself has no gradient.
    """

    def drop(self, x):
        return _detached(x, self.p) if self.training else x


class Detached__rewrite(_Again):
    def last(self):
        for step in super().last():
            yield (lambda x: _without_gradients(x, self.lose.p)) if step is self.lose and self.training else step


class BehindTheBack(_Right):
    """The gradients do not know of the mask.

    Autograd does not see what changes `.data`, nor what is added behind `.detach()`: elements that were dropped get
    gradients, and those of the others are not divided by 1 - dropout. Multiply by the mask.
    """

    def drop(self, x):
        return _behind_the_back(x, self.p) if self.training else x


class BehindTheBack__rewrite(_Again):
    def last(self):
        for step in super().last():
            yield (lambda x: _straight_through(x, self.lose.p)) if step is self.lose and self.training else step


class MaskOnTheCpu(_Right):
    """The mask is drawn on the CPU.

    `torch.rand(x.shape)` makes its numbers there unless it is told `device=x.device`. `torch.rand_like(x)` and
    nn.Dropout draw where x is.
    """

    def drop(self, x):
        return _masked_on_the_cpu(x, self.p) if self.training else x


class MaskOnTheCpu__rewrite(_Again):
    def last(self):
        for step in super().last():
            yield (lambda x: _drawn_on_the_cpu(x, self.lose.p)) if step is self.lose and self.training else step
