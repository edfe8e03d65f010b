"""Ways in which a call of PositionalEncoding goes wrong."""

import torch
import torch.nn.functional as F
from positions_again import Again as _Again
from positions_again import Right as _Right


class SlicedByBatch(_Right):
    """The table is cut by the size of the batch, not by the number of steps.

    Which axis the steps are on depends on the layout: here X is (batch, steps, num_hiddens), so that the steps are
    axis 1.
    """

    def add(self, X, offset):
        return X + self.P[:, offset : offset + X.shape[0]].transpose(0, 1)


class SlicedByBatch__rewrite(_Again):
    def forward(self, X, offset=0):
        if offset + X.size(1) > self.most:
            raise ValueError(f"position {offset + X.size(1)} is beyond {self.most}")
        return self.drop(X + self.P[0].unsqueeze(1)[offset : offset + X.size(0), :])


class OffsetIgnored(_Right):
    """The offset is not used.

    A decoder that writes word by word calls with one step at a time. Without the offset each of its words stands at
    position 0.
    """

    def add(self, X, offset):
        return super().add(X, 0)


class OffsetIgnored__rewrite(_Again):
    def forward(self, X, offset=0):
        if offset + X.size(1) > self.most:
            raise ValueError(f"position {offset + X.size(1)} is beyond {self.most}")
        return self.drop(X + self.P[:, : X.size(1)])


class KeptOffset(_Right):
    """The position goes on where the last call stopped.

    Whoever calls says where a sequence begins, by `offset`. A module that counts for itself gives the next batch the
    positions behind this one.
    """

    def add(self, X, offset):
        begin = offset + getattr(self, "seen", 0)
        self.seen = getattr(self, "seen", 0) + X.shape[1]
        return X + self.P[:, begin : begin + X.shape[1]]


class KeptOffset__rewrite(_Again):
    count = 0

    def forward(self, X, offset=0):
        answer = super().forward(X, self.count + offset)
        self.count += X.size(1)
        return answer


class NoCheck(_Right):
    """Sequences that are too long are not refused with a ValueError.

    The slice of the table is shorter than X then, and adding them fails with a message about shapes; where a single
    position is left, it even broadcasts to all steps.
    """

    def check(self, end):
        pass


class NoCheck__rewrite(_Again):
    def forward(self, X, offset=0):
        return self.drop(X + self.P[:, offset : offset + X.size(1)])


class OffsetNotChecked(_Right):
    """Only the number of steps is checked, not where they begin.

    What has to fit into the table is offset + steps.
    """

    def forward(self, X, offset=0):
        self.check(X.shape[1])
        return self.dropout(self.add(X, offset))


class OffsetNotChecked__rewrite(_Again):
    def forward(self, X, offset=0):
        if X.size(1) > self.most:
            raise ValueError(f"{X.size(1)} steps, but {self.most} positions")
        return self.drop(X + self.P[:, offset : offset + X.size(1)])


class LastRefused(_Right):
    """A sequence that just fits is refused.

    offset + steps may be as large as max_len: the last position is max_len - 1.
    """

    def check(self, end):
        super().check(end + 1)


class LastRefused__rewrite(_Again):
    def forward(self, X, offset=0):
        if not offset + X.size(1) < self.most:
            raise ValueError(f"position {offset + X.size(1)} is beyond {self.most}")
        return super().forward(X, offset)


class ThousandPositions(_Right):
    """`max_len` is not used.

    The table always has 1000 positions, whatever the constructor is asked for.
    """

    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__(num_hiddens, dropout)


class ThousandPositions__rewrite(_Again):
    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__(num_hiddens, dropout, 1000)


class InPlace(_Right):
    """The positions are added to X itself.

    The caller's tensor is changed, and autograd refuses where it is a leaf. Make a new tensor: `X + …`, not `X += …`.
    """

    def add(self, X, offset):
        X.data += self.P[:, offset : offset + X.shape[1]]
        return X * 1


class InPlace__rewrite(_Again):
    def forward(self, X, offset=0):
        if offset + X.size(1) > self.most:
            raise ValueError(f"position {offset + X.size(1)} is beyond {self.most}")
        with torch.no_grad():
            X.add_(self.P[:, offset : offset + X.size(1)])
        return self.drop(X + 0)


class ScaledInput(_Right):
    """X is multiplied with the square root of num_hiddens here.

    That belongs to the embedding, in the encoder and decoder. Done in both, it is done twice.
    """

    def add(self, X, offset):
        return super().add(X * X.shape[-1] ** 0.5, offset)


class ScaledInput__rewrite(_Again):
    def forward(self, X, offset=0):
        return super().forward(X.mul(X.size(2) ** 0.5), offset)


class PositionsAlone(_Right):
    """The positions are returned without X.

    They are added to what came in.
    """

    def add(self, X, offset):
        return super().add(X, offset) - X


class PositionsAlone__rewrite(_Again):
    def forward(self, X, offset=0):
        if offset + X.size(1) > self.most:
            raise ValueError(f"position {offset + X.size(1)} is beyond {self.most}")
        return self.drop(self.P[:, offset : offset + X.size(1)].expand_as(X) + 0 * X)


class Detached(_Right):
    """The sum is detached, and no gradient reaches X.

    The table carries no graph by itself. Leave X in its graph.
    """

    def add(self, X, offset):
        return super().add(X.detach(), offset)


class Detached__rewrite(_Again):
    def drop(self, X):
        return super().drop(X.data)


class NoDropout(_Right):
    """Nothing is dropped in training mode.

    The dropout layer has to be called, on the sum of X and the positions.
    """

    def forward(self, X, offset=0):
        self.check(offset + X.shape[1])
        return self.add(X, offset)


class NoDropout__rewrite(_Again):
    def drop(self, X):
        return F.dropout(X, self.p, False)


class DropoutInEvaluation(_Right):
    """Elements are dropped in evaluation mode too.

    `torch.nn.functional.dropout` drops unless it is told otherwise. Give it `self.training`, or use an `nn.Dropout`.
    """

    def forward(self, X, offset=0):
        self.check(offset + X.shape[1])
        return F.dropout(self.add(X, offset), self.dropout.p)


class DropoutInEvaluation__rewrite(_Right):
    def forward(self, X, offset=0):
        self.check(offset + X.shape[1])
        return F.dropout(super().add(X, offset), p=self.dropout.p, training=True)


class DropoutBeforeTheSum(_Right):
    """Dropout falls on X or on the positions alone, not on the sum.

    What is dropped should be 0, the position with it.
    """

    def forward(self, X, offset=0):
        self.check(offset + X.shape[1])
        return self.add(self.dropout(X), offset)


class DropoutBeforeTheSum__rewrite(_Again):
    def forward(self, X, offset=0):
        if offset + X.size(1) > self.most:
            raise ValueError(f"position {offset + X.size(1)} is beyond {self.most}")
        return self.drop(X) + self.P[:, offset : offset + X.size(1)]


class DropoutNotRescaled(_Right):
    """The elements that stay are not divided by 1 - p.

    The sum is smaller in training than in evaluation then. `nn.Dropout` divides by itself.
    """

    def forward(self, X, offset=0):
        self.check(offset + X.shape[1])
        X = self.add(X, offset)
        return X * (torch.rand_like(X) >= self.dropout.p) if self.training else X


class DropoutNotRescaled__rewrite(_Again):
    def drop(self, X):
        return X.masked_fill(torch.rand_like(X) < self.p, 0.0) if self.training else X


class DropoutKeeps(_Right):
    """The dropout probability is taken for the probability to stay.

    With 0.25 three elements of four stay, and are divided by 0.75.
    """

    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__(num_hiddens, 1 - dropout if dropout else 0.0, max_len)


class DropoutKeeps__rewrite(_Again):
    def drop(self, X):
        if not self.training or not self.p:
            return X
        return X * torch.bernoulli(torch.full_like(X, self.p)) / self.p


class DropsWholeSteps(_Right):
    """Whole steps are dropped, or the same features at every step.

    Each element is dropped on its own: use `nn.Dropout`, not `nn.Dropout1d`, on the whole sum.
    """

    def forward(self, X, offset=0):
        self.check(offset + X.shape[1])
        X = self.add(X, offset)
        return X * self.dropout(torch.ones_like(X[:, :, :1]))


class DropsWholeSteps__rewrite(_Again):
    def drop(self, X):
        return F.dropout1d(X, self.p, self.training)
