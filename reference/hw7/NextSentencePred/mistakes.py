"""Ways in which NextSentencePred goes wrong."""

import torch
from oracle import NextSentencePred as _Again
from torch import nn


class _Right(nn.Module):
    def __init__(self, num_inputs):
        super().__init__()
        self.output = nn.Linear(num_inputs, 2)

    def forward(self, X):
        return self.output(X)


class SoftmaxAtTheEnd(_Right):
    """A softmax is taken at the end.

    The cross entropy takes scores and makes its own softmax. After two of them hardly any gradient is left.
    """

    def forward(self, X):
        return torch.softmax(self.output(X), dim=1)


class SoftmaxAtTheEnd__rewrite(_Again):
    def scores(self, X):
        powers = super().scores(X).exp()
        return powers / powers.sum(1, keepdim=True)


class SigmoidAtTheEnd(_Right):
    """A sigmoid is taken at the end.

    What comes out are scores, and the cross entropy wants nothing else.
    """

    def forward(self, X):
        return self.output(X).sigmoid()


class SigmoidAtTheEnd__rewrite(_Again):
    def scores(self, X):
        return 1 / (1 + torch.exp(-super().scores(X)))


class ReluAtTheEnd(_Right):
    """ReLU is taken of the scores.

    A negative score is as good as a positive one. Nothing comes behind the last layer.
    """

    def forward(self, X):
        return torch.relu(self.output(X))


class ReluAtTheEnd__rewrite(_Again):
    def scores(self, X):
        return super().scores(X).clamp(min=0)


class TanhBefore(_Right):
    """A tanh is taken of the features.

    That is the hidden layer's, in `BERTModel`. Here there is one linear layer.
    """

    def forward(self, X):
        return self.output(torch.tanh(X))


class TanhBefore__rewrite(_Again):
    def scores(self, X):
        return super().scores(X.tanh())


class OneScore(_Right):
    """There is one score for each pair.

    With a cross entropy over two classes there are two, index 0 for "not the next one" and 1 for "the next one".
    """

    def __init__(self, num_inputs):
        super().__init__(num_inputs)
        self.output = nn.Linear(num_inputs, 1)


class OneScore__rewrite(_Again):
    def __init__(self, num_inputs):
        super().__init__(num_inputs)
        self.output.weight = nn.Parameter(torch.zeros(1, num_inputs))
        self.output.bias = nn.Parameter(torch.zeros(1))


class NoBias(_Right):
    """The layer has no bias.

    `nn.Linear` has one unless it is told otherwise, and the stub asks for it.
    """

    def __init__(self, num_inputs):
        super().__init__(num_inputs)
        self.output = nn.Linear(num_inputs, 2, bias=False)


class NoBias__rewrite(_Again):
    def __init__(self, num_inputs):
        super().__init__(num_inputs)
        self.output.bias = None

    def scores(self, X):
        return X @ self.output.weight.T


class AnotherName(_Right):
    """The layer is registered under another name.

    The weights of a trained model are found by their names. The stub calls the layer `output`.
    """

    def __init__(self, num_inputs):
        super().__init__(num_inputs)
        self.linear = self._modules.pop("output")

    def forward(self, X):
        return self.linear(X)


class AnotherName__rewrite(_Again):
    def __init__(self, num_inputs):
        super().__init__(num_inputs)
        self.nsp = self._modules.pop("output")

    def forward(self, X):
        return self.nsp(X)


class ScoresSwapped(_Right):
    """The two scores are the wrong way round.

    Index 1 is the score of "the next one", as label 1 is: give out what the layer gives.
    """

    def forward(self, X):
        return self.output(X).flip(1)


class ScoresSwapped__rewrite(_Again):
    def scores(self, X):
        return super().scores(X)[:, [1, 0]]


class Decided(_Right):
    """The class is returned instead of the scores.

    An argmax has no gradient, and the loss wants both scores.
    """

    def forward(self, X):
        return self.output(X).argmax(dim=1)


class Decided__rewrite(_Again):
    def scores(self, X):
        return super().scores(X).max(1).indices


class FeaturesDetached(_Right):
    """No gradient reaches X.

    Then the encoder learns nothing of this task. Hand the tensor on as it is.
    """

    def forward(self, X):
        return self.output(X.detach())


class FeaturesDetached__rewrite(_Again):
    def scores(self, X):
        return super().scores(X.data)
