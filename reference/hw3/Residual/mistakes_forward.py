"""Ways in which Residual goes wrong when it is called. The mistakes change `Right`, the rewrites `Again`."""

import torch
import torch.nn.functional as F
from pieces import Again as _Again
from pieces import Right as _Right


class NoReluBehindTheSum(_Right):
    """There is no ReLU behind the sum.

    The answer is ReLU of both ways together. The next block counts on it.
    """

    def join(self, Y, X):
        return Y + X


class NoReluBehindTheSum__rewrite(_Again):
    def forward(self, X):
        return self.beside(X) + self.through(X, "conv1", "bn1", "relu", "conv2", "bn2")


class ReluBeforeTheSum(_Right):
    """The ReLU comes before the sum, not behind it.

    Then the layers can only add to X, and never take anything away. First add the way around, then apply ReLU.
    """

    def join(self, Y, X):
        return F.relu(Y) + X


class ReluBeforeTheSum__rewrite(_Again):
    def forward(self, X):
        Y = self.through(X, "conv1", "bn1", "relu", "conv2", "bn2", "relu")
        Y += self.beside(X)
        return Y


class ReluTwice(_Right):
    """There is a ReLU before the sum and another one behind it.

    Behind bn2 there is none: the layers have to be able to take something away from X.
    """

    def join(self, Y, X):
        return F.relu(F.relu(Y) + X)


class ReluTwice__rewrite(_Again):
    def forward(self, X):
        Y = self.through(X, "conv1", "bn1", "relu", "conv2", "bn2", "relu")
        return self.beside(X).add(Y).relu()


class NoReluBetween(_Right):
    """There is no ReLU behind bn1.

    Two convolutions without anything between them are one convolution with a larger window.
    """

    def first(self, X):
        return self.bn1(self.conv1(X))


class NoReluBetween__rewrite(_Again):
    def forward(self, X):
        Y = self.through(X, "conv1", "bn1", "conv2", "bn2")
        return self.through(Y + self.beside(X), "relu")


class ReluOnTheWayAround(_Right):
    """There is a ReLU on the way around.

    X, or what conv3 makes of it, is added as it is. ReLU comes behind the sum alone.
    """

    def around(self, X):
        return F.relu(super().around(X))


class ReluOnTheWayAround__rewrite(_Again):
    def beside(self, X):
        return super().beside(X).clamp(min=0)


class ReluOfX(_Right):
    """ReLU is taken of X before anything else.

    Both ways begin at X as it is. What is negative in it would be lost for both of them.
    """

    def forward(self, X):
        return super().forward(F.relu(X))


class ReluOfX__rewrite(_Again):
    def through(self, X, *names):
        return super().through(X, "relu", *names) if names[0] in ("conv1", "conv3") else super().through(X, *names)

    def beside(self, X):
        return super().beside(X if hasattr(self, "conv3") else X.clamp(min=0))


class NoWayAround(_Right):
    """Nothing is added to what the layers make.

    The sum with X is what makes the block a residual one. Without it a deep network is hard to train.
    """

    def join(self, Y, X):
        return F.relu(Y)


class NoWayAround__rewrite(_Again):
    def forward(self, X):
        return self.through(X, "conv1", "bn1", "relu", "conv2", "bn2", "relu")


class AroundTheSecondAlone(_Right):
    """The way around begins behind the first convolution.

    What is added is X, the input of the block, and not what conv1 and bn1 have made of it. (Often X was overwritten by
    `X = F.relu(self.bn1(self.conv1(X)))`.)
    """

    def forward(self, X):
        Y = self.first(X)
        return self.join(self.second(Y), Y)


class AroundTheSecondAlone__rewrite(_Again):
    def forward(self, X):
        X = self.through(X, "conv1", "bn1", "relu")
        return (self.through(X, "conv2", "bn2") + X).clamp(min=0)


class ProjectionForgotten(_Right):
    """The 1 × 1 convolution is not used.

    It is made in the constructor, and `forward` adds X itself. With use_1x1conv X goes through conv3 first, also where
    the shapes would fit without.
    """

    def around(self, X):
        return X


class ProjectionForgotten__rewrite(_Again):
    def forward(self, X):
        return (X + self.through(X, "conv1", "bn1", "relu", "conv2", "bn2")).relu()


class ProjectionOnlyWhereNeeded(_Right):
    """The 1 × 1 convolution is not used where X would fit without it.

    `use_1x1conv` alone decides, not whether the shapes differ.
    """

    def forward(self, X):
        Y = self.second(self.first(X))
        return self.join(Y, X if X.shape == Y.shape else self.around(X))


class ProjectionOnlyWhereNeeded__rewrite(_Again):
    def beside(self, X):
        fits = self.conv1.in_channels == self.conv1.out_channels and self.conv1.stride == (1, 1)
        return X if fits else super().beside(X)


class ProjectionOfTheLayers(_Right):
    """The 1 × 1 convolution stands behind the layers, not on the way around them.

    conv3 takes X, and what it makes is added to the answer of bn2.
    """

    def forward(self, X):
        Y = self.first(X)
        return F.relu(self.second(Y) + (X if self.conv3 is None else F.conv2d(Y, _fitted(self.conv3, Y))))


class ProjectionOfTheLayers__rewrite(_Again):
    def forward(self, X):
        Y = self.through(X, "conv1", "bn1", "relu")
        Z = self.through(Y, "conv2", "bn2")
        return (Z + (F.conv2d(Y, _fitted(self.conv3, Y)) if hasattr(self, "conv3") else X)).clamp(min=0)


def _fitted(conv, Y):
    weight = conv.weight[:, : Y.shape[1]]
    return F.pad(weight, (0, 0, 0, 0, 0, Y.shape[1] - weight.shape[1]))


class NormBeforeConvolution(_Right):
    """Batch normalisation and ReLU stand before the convolution, not behind it.

    That order belongs to a later version of the block. Here it is convolution, normalisation, ReLU.
    """

    def second(self, Y):
        return self.conv2(self.bn2(Y))


class NormBeforeConvolution__rewrite(_Again):
    def forward(self, X):
        Y = self.through(X, "conv1", "bn1", "relu", "bn2", "conv2")
        return (Y + self.beside(X)).clamp(min=0)


class ReluBeforeNorm(_Right):
    """The ReLU stands before bn1, not behind it.

    The batch normalisation would undo what ReLU has done to the mean. The order is conv1, bn1, ReLU.
    """

    def first(self, X):
        return self.bn1(F.relu(self.conv1(X)))


class ReluBeforeNorm__rewrite(_Again):
    def forward(self, X):
        Y = self.through(X, "conv1", "relu", "bn1", "conv2", "bn2")
        return (Y + self.beside(X)).clamp(min=0)


class SumBeforeNorm(_Right):
    """The way around is added before bn2.

    Then X is normalised too, and does not pass the block as it is. The sum comes behind bn2.
    """

    def forward(self, X):
        return F.relu(self.bn2(self.conv2(self.first(X)) + self.around(X)))


class SumBeforeNorm__rewrite(_Again):
    def forward(self, X):
        Y = self.through(X, "conv1", "bn1", "relu", "conv2")
        return self.through(Y + self.beside(X), "bn2", "relu")


class NormShared(_Right):
    """One batch normalisation is used for both convolutions.

    Each has averages, a scale and a shift of its own: bn1 behind conv1, bn2 behind conv2.
    """

    def second(self, Y):
        return self.bn1(self.conv2(Y))


class NormShared__rewrite(_Again):
    def forward(self, X):
        Y = self.through(X, "conv1", "bn1", "relu", "conv2", "bn1")
        return (Y + self.beside(X)).clamp(min=0)


class BiasForgotten(_Right):
    """The second convolution is computed without its bias.

    Call the layer, or give `F.conv2d` its bias too.
    """

    def second(self, Y):
        return self.bn2(F.conv2d(Y, self.conv2.weight, padding=1))


class BiasForgotten__rewrite(_Again):
    def forward(self, X):
        Y = self.through(X, "conv1", "bn1", "relu", "conv2") - self.conv2.bias.view(-1, 1, 1)
        return (self.bn2(Y) + self.beside(X)).clamp(min=0)


class Concatenated(_Right):
    """The two ways are concatenated, not added.

    Side by side as channels they are twice as many. The sum keeps their number.
    """

    def join(self, Y, X):
        return F.relu(torch.cat([Y, X], dim=1))


class Concatenated__rewrite(_Again):
    def forward(self, X):
        Y = self.through(X, "conv1", "bn1", "relu", "conv2", "bn2")
        return torch.hstack((Y, self.beside(X))).clamp(min=0)


class AddedInPlace(_Right):
    """The sum is written into X.

    `X += Y` changes the tensor of whoever calls the block. `Y + X` makes a new one.
    """

    def join(self, Y, X):
        X += Y
        return F.relu(X)


class AddedInPlace__rewrite(_Again):
    def forward(self, X):
        return self.beside(X).add_(self.through(X, "conv1", "bn1", "relu", "conv2", "bn2")).clamp(min=0)


class WayAroundDetached(_Right):
    """The way around is cut off from the graph.

    `.detach()` or `.data` leaves the numbers and takes the gradient away, which is to reach X by both ways.
    """

    def around(self, X):
        return super().around(X.detach())


class WayAroundDetached__rewrite(_Again):
    def beside(self, X):
        return super().beside(X.data)


class StatisticsOfTheBatchAlways(_Right):
    """The batch normalisations use the statistics of the batch in evaluation mode too.

    Then the answer to one image depends on the others. `self.bn1(…)` knows the mode of the block.
    """

    def second(self, Y):
        return _always(self.bn2, self.conv2(Y))

    def first(self, X):
        return F.relu(_always(self.bn1, self.conv1(X)))


class StatisticsOfTheBatchAlways__rewrite(_Again):
    def forward(self, X):
        Y = torch.relu(_by_hand(self.bn1, self.conv1(X)))
        return torch.relu(_by_hand(self.bn2, self.conv2(Y)) + self.beside(X))


def _always(norm, Y):
    return F.batch_norm(Y, None, None, norm.weight, norm.bias, training=True)


def _by_hand(norm, Y):
    var, mean = torch.var_mean(Y, dim=(0, 2, 3), correction=0, keepdim=True)
    return (Y - mean) / torch.sqrt(var + norm.eps) * norm.weight.view(-1, 1, 1) + norm.bias.view(-1, 1, 1)


class AveragesAlways(_Right):
    """The batch normalisations use the running averages in training mode too.

    Often `forward` calls `eval()`, and the block never learns its averages. Whoever uses the block sets its mode.
    """

    def forward(self, X):
        self.eval()
        return super().forward(X)


class AveragesAlways__rewrite(_Again):
    def forward(self, X):
        self.bn1.training = self.bn2.training = False
        return super().forward(X)


class ScaleOnTheCpu(_Right):
    """After `.to("cuda")`, tensors on two devices meet.

    Often `forward` makes one on the CPU, where X and the parameters are on the GPU. Make new tensors like X
    (`torch.zeros_like`), or do without.
    """

    def join(self, Y, X):
        return torch.maximum(Y + X, torch.zeros(Y.shape))


class ScaleOnTheCpu__rewrite(_Again):
    def forward(self, X):
        total = torch.zeros(self.through(X, "conv1").size())
        return (total + self.through(X, "conv1", "bn1", "relu", "conv2", "bn2") + self.beside(X)).clamp(min=0)
