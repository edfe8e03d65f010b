"""Ways in which the table of PositionalEncoding goes wrong."""

import torch
from positions_again import Again as _Again
from positions_again import Right as _Right
from torch import nn


class NotABuffer(_Right):
    """The table is a plain tensor, not a buffer.

    As an attribute it is neither saved with the module nor moved by `.to(device)`. Register it with `register_buffer`.
    """

    def keep(self, P):
        self.P = P

    def add(self, X, offset):
        return X + self.P[:, offset : offset + X.shape[1], :].to(X.device)


class NotABuffer__rewrite(_Again):
    def made(self, P):
        self.table = [P[None]]

    def forward(self, X, offset=0):
        self.P = self.table[0].to(X.device)
        return super().forward(X, offset)


class LeftOnTheCpu(_Right):
    """The table stays on the CPU when the module moves.

    A plain tensor as an attribute is not moved by `.to(device)`, and X is on another device then. Register the table
    with `register_buffer`: it moves along and is saved.
    """

    def keep(self, P):
        self.P = P


class LeftOnTheCpu__rewrite(_Again):
    def made(self, P):
        object.__setattr__(self, "P", P[None])


class AParameter(_Right):
    """The table is a parameter, so that it is learned.

    These positions are fixed. What belongs to a module and is not learned is a buffer.
    """

    def keep(self, P):
        self.P = nn.Parameter(P)


class AParameter__rewrite(_Again):
    def made(self, P):
        self.register_parameter("P", nn.Parameter(P[None], requires_grad=False))


class NotSaved(_Right):
    """The table is not in the state dict.

    It is registered with persistent=False. The stub asks for a buffer that is saved.
    """

    def keep(self, P):
        self.register_buffer("P", P, persistent=False)


class NotSaved__rewrite(_Again):
    def made(self, P):
        self.register_buffer("P", P[None], False)


class OtherShape(_Right):
    """The table is registered under another name or in another shape.

    It is called `P` and has the shape (1, max_len, num_hiddens), so that it broadcasts over the batch.
    """

    def keep(self, P):
        self.register_buffer("P", P[0])

    def add(self, X, offset):
        return X + self.P[offset : offset + X.shape[1]]


class OtherShape__rewrite(_Again):
    def made(self, P):
        self.register_buffer("P", P[:, None])

    def forward(self, X, offset=0):
        if offset + X.size(1) > self.most:
            raise ValueError(f"position {offset + X.size(1)} is beyond {self.most}")
        return self.drop(X + self.P[offset : offset + X.size(1), 0])


class Concatenated(_Right):
    """All sines come first, then all cosines.

    A sine and the cosine of the same angle are neighbours: sines in the features 0, 2, 4, …, cosines in 1, 3, 5, …
    """

    def table(self, max_len, d):
        angles = self.angles(max_len, d)
        return torch.cat((angles.sin(), angles.cos()), dim=1)[:, :d]


class Concatenated__rewrite(_Again):
    def waves(self, t, i, d):
        half = (d + 1) // 2
        angles = torch.outer(t, torch.pow(10000.0, -2 * (i % half) / d))
        return torch.where(i < half, torch.sin(angles), torch.cos(angles))


class Swapped(_Right):
    """Sines and cosines have changed places.

    The even features, 0 among them, are sines: at position 0 they are 0, and the odd ones 1.
    """

    def table(self, max_len, d):
        angles = self.angles(max_len, d)
        P = torch.zeros(max_len, d)
        P[:, 0::2] = angles.cos()
        P[:, 1::2] = angles.sin()[:, : d // 2]
        return P


class Swapped__rewrite(_Again):
    def waves(self, t, i, d):
        angles = t[:, None] * 10000.0 ** (-(i - i % 2) / d)
        return torch.where(i % 2 == 1, torch.sin(angles), torch.cos(angles))


class ExponentDoubled(_Right):
    """The exponent is doubled.

    `torch.arange(0, d, 2)` already holds the numbers 2j: multiplied with 2 once more, the waves get too long.
    """

    def angles(self, max_len, d):
        return self.places(max_len)[:, None] / 10000 ** (2 * torch.arange(0, d, 2) / d)


class ExponentDoubled__rewrite(_Again):
    def waves(self, t, i, d):
        angles = torch.outer(t, torch.pow(10000.0, -2 * (i - i % 2) / d))
        return torch.where(i % 2 == 0, torch.sin(angles), torch.cos(angles))


class ExponentHalved(_Right):
    """The exponent is j / d where 2j / d is asked for.

    The waves of the features 2j and 2j + 1 have the exponent 2j / d: the number of the pair, times two.
    """

    def angles(self, max_len, d):
        return self.places(max_len)[:, None] / 10000 ** (torch.arange((d + 1) // 2) / d)


class ExponentHalved__rewrite(_Again):
    def waves(self, t, i, d):
        angles = torch.outer(t, torch.pow(10000.0, -(i // 2) / d))
        return torch.where(i % 2 == 0, torch.sin(angles), torch.cos(angles))


class CosineOfItsOwn(_Right):
    """The cosines have an exponent of their own.

    A cosine shares the angle of the sine before it, with the exponent 2j / d and not (2j + 1) / d. Only then is a
    shift of the position a rotation of each pair, which is what makes distances easy to learn.
    """

    def table(self, max_len, d):
        P = super().table(max_len, d)
        odd = torch.arange(1, d, 2)
        P[:, 1::2] = torch.cos(self.places(max_len)[:, None] / 10000 ** (odd / d))
        return P


class CosineOfItsOwn__rewrite(_Again):
    def waves(self, t, i, d):
        angles = torch.outer(t, torch.pow(10000.0, -i / d))
        return torch.where(i % 2 == 0, torch.sin(angles), torch.cos(angles))


class FromOne(_Right):
    """Positions are counted from 1.

    The first step has position 0: its sines are 0 and its cosines 1.
    """

    def places(self, max_len):
        return torch.arange(1, max_len + 1)


class FromOne__rewrite(_Again):
    def waves(self, t, i, d):
        return super().waves(t + 1, i, d)


class AnotherBase(_Right):
    """The base is not 10000.

    Often it is 1000, or e by `torch.exp` without the logarithm of 10000.
    """

    def angles(self, max_len, d):
        return self.places(max_len)[:, None] / 1000 ** (torch.arange(0, d, 2) / d)


class AnotherBase__rewrite(_Again):
    def waves(self, t, i, d):
        angles = torch.outer(t, torch.pow(1000.0, -(i - i % 2) / d))
        return torch.where(i % 2 == 0, torch.sin(angles), torch.cos(angles))


class OnlyEvenSizes(_Right):
    """An odd number of features fails.

    There is then one sine more than there are cosines: the columns for the cosines, `1::2`, are fewer than the angles.
    """

    def table(self, max_len, d):
        angles = self.angles(max_len, d)
        P = torch.zeros(max_len, d)
        P[:, 0::2] = angles.sin()
        P[:, 1::2] = angles.cos()
        return P


class OnlyEvenSizes__rewrite(_Right):
    def table(self, max_len, d):
        angles = self.angles(max_len, d)
        P = torch.empty(max_len, d)
        P[:, range(0, d, 2)] = torch.sin(angles)
        P[:, range(1, d, 2)] = torch.cos(angles)
        return P


class LastLeftOut(_Right):
    """With an odd number of features the last one is not the sine it should be.

    There are (d + 1) // 2 sines. Counted as d // 2, one is missing.
    """

    def table(self, max_len, d):
        P = super().table(max_len, d)
        if d % 2:
            P[:, -1] = 0.0
        return P


class LastLeftOut__rewrite(_Again):
    def waves(self, t, i, d):
        return super().waves(t, i, d) * (i < d - d % 2)


class LoopOverPositions(_Right):
    """A loop fills the table position by position.

    A column of positions divided by a row of wave lengths broadcasts to the whole table at once.
    """

    def table(self, max_len, d):
        P = torch.zeros(max_len, d)
        waves = 10000 ** (torch.arange(0, d, 2) / d)
        for t in range(max_len):
            P[t, 0::2] = torch.sin(t / waves)
            P[t, 1::2] = torch.cos(t / waves)[: d // 2]
        return P


class LoopOverPositions__rewrite(_Again):
    def waves(self, t, i, d):
        return torch.cat([super(LoopOverPositions__rewrite, self).waves(one, i, d) for one in t.split(1)])
