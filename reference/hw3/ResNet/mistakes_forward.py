"""Ways in which ResNet goes wrong when it is called. The mistakes change `Right`, the rewrites `Again`."""

import torch
import torch.nn.functional as F
from pieces import Again as _Again
from pieces import Right as _Right


class LargestInsteadOfMean(_Right):
    """The largest number of each channel is taken, not the average.

    Each channel is averaged over the image in the end: `X.mean(dim=(2, 3))` or `nn.AdaptiveAvgPool2d(1)`.
    """

    def pool(self, X):
        return X.amax(dim=(2, 3))


class LargestInsteadOfMean__rewrite(_Again):
    def forward(self, X):
        return self.fc(F.adaptive_max_pool2d(self.maps(X), 1).flatten(1))


class SumInsteadOfMean(_Right):
    """Each channel is summed up, not averaged.

    Then the scores grow with the size of the image. Divide by the number of pixels, or take the mean.
    """

    def pool(self, X):
        return X.sum(dim=(2, 3))


class SumInsteadOfMean__rewrite(_Again):
    def area(self, X):
        return 1


class FirstPixel(_Right):
    """One pixel of the last image stands for all.

    The average is over all rows and columns that are left.
    """

    def pool(self, X):
        return X[:, :, 0, 0]


class FirstPixel__rewrite(_Again):
    def forward(self, X):
        return self.fc(self.maps(X).flatten(2).select(2, 0))


class MeanOfTheBatch(_Right):
    """The average is taken over the batch too.

    Then all images get the same scores. Over rows and columns: `dim=(2, 3)`.
    """

    def pool(self, X):
        return X.mean(dim=(0, 2, 3)).expand(X.shape[0], -1)


class MeanOfTheBatch__rewrite(_Again):
    def forward(self, X):
        means = self.maps(X).transpose(0, 1).flatten(1).mean(1)
        return self.fc(torch.stack([means] * len(X)))


class NoReluAtTheBeginning(_Right):
    """There is no ReLU behind the first batch normalisation.

    X goes through conv, bn and ReLU before the first stage.
    """

    def first(self, X):
        return self.bn(self.conv(X))


class NoReluAtTheBeginning__rewrite(_Again):
    def maps(self, X):
        return self.stages(self.bn(self.conv(X)))


class NoNormAtTheBeginning(_Right):
    """The first batch normalisation is not used.

    It is made in the constructor, and `forward` passes it by. X goes through conv, bn and ReLU.
    """

    def first(self, X):
        return F.relu(self.conv(X))


class NoNormAtTheBeginning__rewrite(_Again):
    def maps(self, X):
        return self.stages(torch.relu(self.conv(X)))


class ReluBeforeNorm(_Right):
    """The first ReLU stands before the batch normalisation, not behind it.

    The order is conv, bn, ReLU.
    """

    def first(self, X):
        return self.bn(F.relu(self.conv(X)))


class ReluBeforeNorm__rewrite(_Again):
    def maps(self, X):
        return self.stages(self.bn(self.conv(X).clamp(min=0)))


class PooledAtTheBeginning(_Right):
    """There is a max pooling before the first stage.

    The network for photographs has one. Small images would be gone before the last stage; here the first convolution
    is followed by bn, ReLU and the stages.
    """

    def first(self, X):
        return F.max_pool2d(super().first(X), 3, stride=2, padding=1)


class PooledAtTheBeginning__rewrite(_Again):
    def maps(self, X):
        return self.stages(torch.nn.MaxPool2d(3, 2, 1)(torch.relu(self.bn(self.conv(X)))))

    def forward(self, X):
        return self.fc(self.maps(X).flatten(2).mean(2))


class SoftmaxAtTheEnd(_Right):
    """A softmax is taken at the end.

    The answer is scores. The cross-entropy takes those and makes its own softmax; after two of them hardly any gradient
    is left.
    """

    def scores(self, X):
        return super().scores(X).softmax(dim=1)


class SoftmaxAtTheEnd__rewrite(_Again):
    def forward(self, X):
        scores = super().forward(X)
        return (scores - scores.logsumexp(1, keepdim=True)).exp()


class ReluAtTheEnd(_Right):
    """ReLU is taken of the scores.

    A negative score is as good as a positive one. Behind `fc` there is nothing.
    """

    def scores(self, X):
        return F.relu(super().scores(X))


class ReluAtTheEnd__rewrite(_Again):
    def forward(self, X):
        return super().forward(X).clamp(min=0)


class BiasOfTheScoresForgotten(_Right):
    """The bias of the last layer is not used.

    Call the layer, or give `F.linear` its bias too.
    """

    def scores(self, X):
        return F.linear(X, self.fc.weight)


class BiasOfTheScoresForgotten__rewrite(_Again):
    def forward(self, X):
        return torch.einsum("nchw,oc->no", self.maps(X), self.fc.weight) / self.area(X)


class BlocksForgotten(_Right):
    """The stages are not all gone through.

    X goes through every stage; a block that is not used learns nothing.
    """

    def forward(self, X):
        X = self.first(X)
        for stage in self.stages:
            X = stage[0](X)
        return self.scores(self.pool(X))


class BlocksForgotten__rewrite(_Again):
    def maps(self, X):
        X = self.bn(self.conv(X)).relu()
        for stage in self.stages:
            X = next(iter(stage))(X)
        return X


class EvaluationAlways(_Right):
    """The batch normalisations use the running averages in training mode too.

    Often `forward` calls `eval()`, and the network never learns its averages. Whoever uses it sets its mode.
    """

    def forward(self, X):
        self.eval()
        return super().forward(X)


class EvaluationAlways__rewrite(_Again):
    def maps(self, X):
        for part in self.modules():
            part.training = False
        return super().maps(X)


class TrainingAlways(_Right):
    """The batch normalisations use the statistics of the batch in evaluation mode too.

    Often `forward` calls `train()`. Then the answer to one image depends on the others, and the averages move. Whoever
    uses the network sets its mode.
    """

    def forward(self, X):
        self.train()
        return super().forward(X)


class TrainingAlways__rewrite(_Again):
    def maps(self, X):
        for part in self.modules():
            part.training = True
        return super().maps(X)


class BodyDetached(_Right):
    """The features are cut off from the graph.

    With `.detach()`, `.data` or `torch.no_grad()` only the last layer is trained.
    """

    def pool(self, X):
        return super().pool(X).detach()


class BodyDetached__rewrite(_Again):
    @torch.no_grad()
    def maps(self, X):
        return super().maps(X)


class EditsX(_Right):
    """The caller's images are changed.

    Assigning to `X.data`, `X -= …` or a method that ends in `_` write into the tensor that was given. Work on a new
    one.
    """

    def first(self, X):
        answer = super().first(X)
        X.data.relu_()
        return answer


class EditsX__rewrite(_Again):
    def forward(self, X):
        answer = super().forward(X)
        X.data.copy_(X.data.clamp(min=0))
        return answer


class ZerosOnTheCpu(_Right):
    """After `.to("cuda")`, tensors on two devices meet.

    Often `forward` makes one on the CPU, where X and the parameters are on the GPU. Make new tensors like X
    (`X.new_zeros`), or do without.
    """

    def pool(self, X):
        return torch.zeros(X.shape[:2]) + X.mean(dim=(2, 3))


class ZerosOnTheCpu__rewrite(_Again):
    def forward(self, X):
        scores = super().forward(X)
        return torch.zeros(scores.shape).add(scores)
