"""Ways in which Inception goes wrong when it is called. The mistakes change `Right`, the rewrites `Again`."""

import torch
import torch.nn.functional as F
from pieces import Again as _Again
from pieces import Right as _Right


class OnTheBatchAxis(_Right):
    """The paths are concatenated along the batch, not along the channels.

    Side by side, as channels of the same image, is the axis 1 of (N, C, H, W).
    """

    def join(self, paths):
        return torch.cat(paths, dim=0)


class OnTheBatchAxis__rewrite(_Again):
    def forward(self, X):
        return torch.vstack([self.chain(X, names) for names in self.chains])


class OnTheRows(_Right):
    """The paths are concatenated along the rows or columns, not along the channels.

    That puts the images below or beside each other. The channels are the axis 1 of (N, C, H, W); counted from the end
    they are -3.
    """

    def join(self, paths):
        return torch.cat(paths, dim=2)


class OnTheRows__rewrite(_Again):
    def forward(self, X):
        return torch.cat([self.chain(X, names) for names in self.chains], dim=-2)


class Added(_Right):
    """The paths are added up, not concatenated.

    The sum cannot tell the paths apart any more, and needs equal numbers of channels. Concatenate along the channels.
    """

    def join(self, paths):
        return sum(paths)


class Added__rewrite(_Again):
    def forward(self, X):
        one, two, three, four = (self.chain(X, names) for names in self.chains)
        return one + two + three + four


class AnotherOrder(_Right):
    """The paths are concatenated in another order.

    The next layer knows each channel by its place: path 1, then 2, 3 and 4.
    """

    def join(self, paths):
        return super().join(paths[::-1])


class AnotherOrder__rewrite(_Again):
    chains = _Again.chains[::-1]


class TwoPathsSwapped(_Right):
    """Paths 2 and 3 are swapped.

    The channels of the 3 × 3 convolution come before those of the 5 × 5 one.
    """

    def join(self, paths):
        one, two, three, four = paths
        return super().join([one, three, two, four])


class TwoPathsSwapped__rewrite(_Again):
    chains = tuple(_Again.chains[number] for number in (0, 2, 1, 3))


class NoReluInside(_Right):
    """There is no ReLU inside a path.

    Two convolutions without anything between them are one. A ReLU stands behind each convolution.
    """

    def inner(self, X):
        return X


class NoReluInside__rewrite(_Again):
    chains = (("p1_1", "relu"), ("p2_1", "p2_2", "relu"), ("p3_1", "p3_2", "relu"), ("pool", "p4_2", "relu"))


class NoReluAtTheEnd(_Right):
    """There is no ReLU behind the last convolution of a path.

    A ReLU stands behind each convolution, also in front of the concatenation.
    """

    def outer(self, X):
        return X


class NoReluAtTheEnd__rewrite(_Again):
    chains = (("p1_1",), ("p2_1", "relu", "p2_2"), ("p3_1", "relu", "p3_2"), ("pool", "p4_2"))


class NoReluInPathOne(_Right):
    """There is no ReLU in path 1.

    Its single convolution has one behind it like all others.
    """

    def path1(self, X):
        return self.p1_1(X)


class NoReluInPathOne__rewrite(_Again):
    chains = (("p1_1",), *_Again.chains[1:])


class NoReluInPathFour(_Right):
    """There is no ReLU in path 4.

    The pooling needs none, but the convolution behind it does.
    """

    def path4(self, X):
        return self.p4_2(self.pool(X))


class NoReluInPathFour__rewrite(_Again):
    chains = (*_Again.chains[:3], ("pool", "p4_2"))


class NoReluAtAll(_Right):
    """There is no ReLU at all.

    Behind each convolution there is one. Without, the paths are linear.
    """

    def forward(self, X):
        X2, X3 = self.p2_2(self.p2_1(X)), self.p3_2(self.p3_1(X))
        return self.join([self.p1_1(X), X2, X3, self.p4_2(self.pool(X))])


class NoReluAtAll__rewrite(_Again):
    def relu(self, X):
        return X


class ReluOfX(_Right):
    """ReLU is taken of X itself.

    All paths begin at X as it is. What is negative in it would be lost for all of them.
    """

    def forward(self, X):
        return super().forward(F.relu(X))


class ReluOfX__rewrite(_Again):
    def chain(self, X, names):
        return super().chain(X, ("relu", *names))


class MeanPooling(_Right):
    """Path 4 takes the mean of each window, not the largest number.

    It is a max pooling.
    """

    def pool(self, X):
        return F.avg_pool2d(X, 3, 1, 1)


class MeanPooling__rewrite(_Again):
    def pool(self, X):
        return F.pad(X, (1, 1, 1, 1)).unfold(2, 3, 1).unfold(3, 3, 1).mean((4, 5))


class PaddedWithZeros(_Right):
    """The padding of the pooling is zeros, which win where all entries are negative.

    `F.max_pool2d` and `nn.MaxPool2d` pad with minus infinity when they are given `padding=1`.
    """

    def pool(self, X):
        return F.max_pool2d(F.pad(X, (1, 1, 1, 1)), 3, stride=1)


class PaddedWithZeros__rewrite(_Again):
    def pool(self, X):
        return torch.nn.ZeroPad2d(1)(X).unfold(2, 3, 1).unfold(3, 3, 1).amax((4, 5))


class NoPooling(_Right):
    """Path 4 does not pool.

    A window of 3 × 3 comes before its 1 × 1 convolution. Without it paths 1 and 4 see the same.
    """

    def pool(self, X):
        return X


class NoPooling__rewrite(_Again):
    chains = (*_Again.chains[:3], ("p4_2", "relu"))


class PooledBehindTheConvolution(_Right):
    """In path 4 the convolution comes before the pooling.

    X is pooled first, and the convolution takes what came of that.
    """

    def path4(self, X):
        return self.pool(self.outer(self.p4_2(X)))


class PooledBehindTheConvolution__rewrite(_Again):
    chains = (*_Again.chains[:3], ("p4_2", "relu", "pool"))


class LargerPooling(_Right):
    """The pooling has another window than 3 × 3.

    The window is 3 × 3, the stride 1, the padding 1.
    """

    def pool(self, X):
        return F.max_pool2d(X, 5, stride=1, padding=2)


class LargerPooling__rewrite(_Again):
    def pool(self, X):
        return super().pool(super().pool(X))


class PoolingWithSteps(_Right):
    """The pooling has no stride of 1.

    When nothing is said, the stride of a pooling is its window: the image gets smaller, and the paths do not fit.
    """

    def pool(self, X):
        return F.max_pool2d(X, 3, padding=1)


class PoolingWithSteps__rewrite(_Again):
    def pool(self, X):
        return super().pool(X)[:, :, ::3, ::3]


class PathsInARow(_Right):
    """A path begins at what another one has made.

    All four begin at X. (Often X was overwritten: `X = F.relu(self.p2_1(X))`.)
    """

    def forward(self, X):
        paths = [self.path1(X), self.path2(X), self.path3(X)]
        X = self.pool(X)
        return self.join([self.outer(self.p1_1(X)), *paths[1:], self.path4(X)])


class PathsInARow__rewrite(_Again):
    chains = (("pool", "p1_1", "relu"), *_Again.chains[1:3], ("pool", "pool", "p4_2", "relu"))


class EditsX(_Right):
    """The caller's X is changed.

    `F.relu_`, `nn.ReLU(inplace=True)` and other things that end in `_` write into the tensor that they are given: they
    are fine behind a convolution, but not on X.
    """

    def forward(self, X):
        answer = super().forward(X)
        X.data.relu_()
        return answer


class EditsX__rewrite(_Again):
    def forward(self, X):
        answer = super().forward(X)
        X.data.copy_(X.data.clamp(min=0))
        return answer


class PathDetached(_Right):
    """A path is cut off from the graph.

    `.detach()`, `.data` and `torch.no_grad()` end it there: the path gets no gradient and is never learned.
    """

    def path4(self, X):
        return super().path4(X).detach()


class PathDetached__rewrite(_Again):
    def chain(self, X, names):
        with torch.set_grad_enabled(torch.is_grad_enabled() and names[0] != "pool"):
            return super().chain(X, names)


class SinglePrecision(_Right):
    """The answer is computed in float32, whatever X is.

    A float64 block is to compute in float64. Leave the dtype to X and the parameters.
    """

    def join(self, paths):
        return super().join([path.float() for path in paths])


class SinglePrecision__rewrite(_Again):
    def forward(self, X):
        return super().forward(X).to(torch.float32)


class PlaceOnTheCpu(_Right):
    """After `.to("cuda")`, tensors on two devices meet.

    Often the answer is written into one that `torch.zeros` makes on the CPU. Make it like X (`X.new_zeros`), or
    concatenate.
    """

    def join(self, paths):
        joined = super().join(paths)
        return torch.zeros(joined.shape, dtype=joined.dtype) + joined


class PlaceOnTheCpu__rewrite(_Again):
    def forward(self, X):
        joined = super().forward(X)
        return joined * torch.ones(joined.size(), dtype=X.dtype)


class BiasForgotten(_Right):
    """A convolution is computed without its bias.

    Call the layer, or give `F.conv2d` its bias too.
    """

    def path1(self, X):
        return self.outer(F.conv2d(X, self.p1_1.weight))


class BiasForgotten__rewrite(_Again):
    def forward(self, X):
        paths = [self.chain(X, names) for names in self.chains]
        paths[0] = torch.einsum("nchw,ocij->nohw", X, self.p1_1.weight).relu()
        return torch.hstack(paths)
