"""Ways in which AddNorm goes wrong."""

import torch
import torch.nn.functional as F
from norms import Again as _Again
from norms import Right as _Right
from torch import nn


class OverTheSteps(_Right):
    """The norm runs over the steps too, not only over the features.

    Then every step changes the others, padding included, and a decoder sees the future. `nn.LayerNorm(d)` looks at the
    last axis; a list of sizes such as [steps, d] makes it look at both.
    """

    def norm(self, Z):
        return F.layer_norm(Z, Z.shape[1:]) * self.ln.weight + self.ln.bias


class OverTheSteps__rewrite(_Again):
    def statistics(self, Z):
        return Z.mean((1, 2), keepdim=True), Z.var((1, 2), correction=0, keepdim=True)


class OverTheBatch(_Right):
    """The norm takes mean and variance of each feature over batch and steps.

    That is a batch norm. A layer norm looks at the features of one step.
    """

    def norm(self, Z):
        flat = Z.flatten(0, 1)
        var, mean = torch.var_mean(flat, 0, correction=0)
        return (Z - mean) / (var + 1e-5).sqrt() * self.ln.weight + self.ln.bias


class OverTheBatch__rewrite(_Again):
    def statistics(self, Z):
        return Z.mean((0, 1), keepdim=True), Z.var((0, 1), correction=0, keepdim=True)


class NormBeforeTheSum(_Right):
    """Y is normalised before it is added.

    Here the sum is normalised, “post-norm”: what goes on has mean and variance under control.
    """

    def forward(self, X, Y):
        self.check(X, Y)
        return X + self.norm(self.drop(Y))


class NormBeforeTheSum__rewrite(_Again):
    def forward(self, X, Y):
        if X.size() != Y.size():
            raise ValueError(f"X is {list(X.shape)}, Y is {list(Y.shape)}")
        return self.normalise(self.dropped(Y)).add(X)


class NormOfX(_Right):
    """X is normalised before Y is added.

    That is another design, “pre-norm”. Here the sum is normalised.
    """

    def forward(self, X, Y):
        self.check(X, Y)
        return self.norm(X) + self.drop(Y)


class NormOfX__rewrite(_Again):
    def forward(self, X, Y):
        if X.size() != Y.size():
            raise ValueError(f"X is {list(X.shape)}, Y is {list(Y.shape)}")
        return self.sum(self.normalise(X), self.dropped(Y))


class NoResidual(_Right):
    """X is not added.

    Without the residual connection deep stacks hardly learn. The norm is that of X + Y.
    """

    def add(self, X, Y):
        return self.drop(Y)


class NoResidual__rewrite(_Again):
    def sum(self, X, Y):
        return Y + 0 * X


class NoNorm(_Right):
    """The sum is not normalised.

    The layer norm is made and has to be called too.
    """

    def norm(self, Z):
        return Z


class NoNorm__rewrite(_Again):
    def normalise(self, Z):
        return Z * 1


class WeightsUnused(_Right):
    """`ln.weight` and `ln.bias` are not used.

    After mean and variance are taken off and divided by, each feature gets its own scale and shift.
    """

    def norm(self, Z):
        return F.layer_norm(Z, Z.shape[-1:])


class WeightsUnused__rewrite(_Again):
    def normalise(self, Z):
        mean, var = self.statistics(Z)
        return (Z - mean) / torch.sqrt(var + 1e-5)


class UnbiasedVariance(_Right):
    """The variance is the unbiased one.

    `var` and `std` divide by d - 1 unless told otherwise. The layer norm divides by d.
    """

    def norm(self, Z):
        return (Z - Z.mean(-1, keepdim=True)) / (Z.var(-1, keepdim=True) + 1e-5).sqrt() * self.ln.weight + self.ln.bias


class UnbiasedVariance__rewrite(_Again):
    def statistics(self, Z):
        return Z.mean(-1, keepdim=True), Z.std(-1, keepdim=True) ** 2


class EpsOutside(_Right):
    """The 1e-5 is added to the standard deviation, not to the variance.

    Where the features hardly differ, the answer is another one. It is added before the root is taken.
    """

    def norm(self, Z):
        var, mean = torch.var_mean(Z, -1, correction=0, keepdim=True)
        return (Z - mean) / (torch.sqrt(var + 1e-20) + 1e-5) * self.ln.weight + self.ln.bias


class EpsOutside__rewrite(_Again):
    def normalise(self, Z):
        mean, var = self.statistics(Z)
        return (Z - mean).div((var + 1e-20) ** 0.5 + 1e-5).mul(self.ln.weight).add(self.ln.bias)


class AnotherEps(_Right):
    """The number that is added to the variance is not 1e-5.

    It decides what happens where the features hardly differ. 1e-5 is what `nn.LayerNorm` has by itself.
    """

    def norm(self, Z):
        return F.layer_norm(Z, Z.shape[-1:], self.ln.weight, self.ln.bias, 1e-6)


class AnotherEps__rewrite(_Again):
    def normalise(self, Z):
        mean, var = self.statistics(Z)
        return (Z - mean) / torch.sqrt(var + 1e-6) * self.ln.weight + self.ln.bias


class NoDropout(_Right):
    """Nothing is dropped in training mode.

    The dropout layer has to be called, on Y.
    """

    def drop(self, Y):
        return Y


class NoDropout__rewrite(_Again):
    def dropped(self, Y):
        return F.dropout(Y, self.p, training=False)


class DropoutElsewhere(_Right):
    """Dropout falls on X, on the sum or on the answer, not on Y alone.

    What the residual connection carries on should reach the next part unharmed. Drop elements of Y, then add.
    """

    def forward(self, X, Y):
        self.check(X, Y)
        return self.norm(self.drop(X + Y))


class DropoutElsewhere__rewrite(_Again):
    def forward(self, X, Y):
        if X.size() != Y.size():
            raise ValueError(f"X is {list(X.shape)}, Y is {list(Y.shape)}")
        return self.dropped(self.normalise(X + Y))


class DropoutInEvaluation(_Right):
    """Elements are dropped in evaluation mode too.

    `torch.nn.functional.dropout` drops unless it is told otherwise. Give it `self.training`, or use an `nn.Dropout`.
    """

    def drop(self, Y):
        return F.dropout(Y, self.dropout.p)


class DropoutInEvaluation__rewrite(_Right):
    def add(self, X, Y):
        return F.dropout(Y, self.dropout.p, True) + X


class DropoutNotRescaled(_Right):
    """The elements that stay are not divided by 1 - p.

    Y is smaller in training than in evaluation then. `nn.Dropout` divides by itself.
    """

    def drop(self, Y):
        return Y * (torch.rand_like(Y) >= self.dropout.p) if self.training else Y


class DropoutNotRescaled__rewrite(_Again):
    def dropped(self, Y):
        return Y.masked_fill(torch.rand_like(Y) < self.p, 0.0) if self.training else Y


class DropoutKeeps(_Right):
    """The dropout probability is taken for the probability to stay.

    With 0.25 three elements of four stay, and are divided by 0.75.
    """

    def __init__(self, normalized_shape, dropout):
        super().__init__(normalized_shape, 1 - dropout if dropout else 0.0)


class DropoutKeeps__rewrite(_Again):
    def dropped(self, Y):
        return Y * torch.bernoulli(torch.full_like(Y, self.p)) / self.p if self.training and self.p else Y


class DropsWholeSteps(_Right):
    """Whole steps of Y are dropped.

    Each element is dropped on its own: use `nn.Dropout`, not `nn.Dropout1d`.
    """

    def drop(self, Y):
        return Y * self.dropout(torch.ones_like(Y[..., :1]))


class DropsWholeSteps__rewrite(_Again):
    def dropped(self, Y):
        return F.dropout1d(Y, self.p, self.training)


class Broadcast(_Right):
    """Shapes that differ are not refused.

    A Y with a single step, or without a batch, broadcasts to all of X and nobody notices. Compare the shapes and raise
    a ValueError.
    """

    def check(self, X, Y):
        pass


class Broadcast__rewrite(_Again):
    def forward(self, X, Y):
        return self.normalise(self.sum(X, self.dropped(Y)))


class AssertedShapes(_Right):
    """Shapes that differ are refused with an assertion.

    `python -O` removes assertions. For an argument of the caller raise a ValueError.
    """

    def check(self, X, Y):
        assert X.shape == Y.shape, f"{X.shape} and {Y.shape}"


class AssertedShapes__rewrite(_Again):
    def forward(self, X, Y):
        if X.size() != Y.size():
            raise AssertionError(f"X is {list(X.shape)}, Y is {list(Y.shape)}")
        return self.normalise(self.sum(X, self.dropped(Y)))


class OtherNames(_Right):
    """The layer norm has another name.

    The state dict does not load by other names: it is called `ln`.
    """

    def __init__(self, normalized_shape, dropout):
        super().__init__(normalized_shape, dropout)
        self.norm1 = self.ln
        del self.ln

    def norm(self, Z):
        return self.norm1(Z)


class OtherNames__rewrite(_Again):
    def __init__(self, normalized_shape, dropout):
        super().__init__(normalized_shape, dropout)
        self.layer_norm = self.ln
        del self.ln

    def normalise(self, Z):
        return self.layer_norm(Z)


class NoParameters(_Right):
    """The layer norm has no parameters.

    With elementwise_affine=False there is no `ln.weight` and no `ln.bias`.
    """

    def __init__(self, normalized_shape, dropout):
        super().__init__(normalized_shape, dropout)
        self.ln = nn.LayerNorm(normalized_shape, elementwise_affine=False)


class NoParameters__rewrite(_Again):
    def __init__(self, normalized_shape, dropout):
        super().__init__(normalized_shape, dropout)
        self.ln.weight = self.ln.bias = None

    def normalise(self, Z):
        return F.layer_norm(Z, Z.shape[-1:])


class ChangesX(_Right):
    """Y is added to X itself.

    The caller's tensor is changed, and autograd refuses where it is a leaf. Make a new tensor: `X + …`, not `X += …`.
    """

    def add(self, X, Y):
        answer = super().add(X, Y)
        X.data += Y
        return answer


class ChangesX__rewrite(_Again):
    def sum(self, X, Y):
        total = X + Y
        with torch.no_grad():
            X.copy_(total)
        return total


class DetachedResidual(_Right):
    """X is detached before it is added.

    The residual connection is the road on which gradients travel through a deep stack. Leave it in the graph.
    """

    def add(self, X, Y):
        return super().add(X.detach(), Y)


class DetachedResidual__rewrite(_Again):
    def sum(self, X, Y):
        return Y + X.data
