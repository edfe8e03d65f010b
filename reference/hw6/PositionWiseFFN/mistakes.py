"""Ways in which PositionWiseFFN goes wrong."""

import torch
import torch.nn.functional as F
from networks import Again as _Again
from networks import Right as _Right
from torch import nn


class NoActivation(_Right):
    """There is no activation between the layers.

    Two linear layers one after the other are one linear layer. A ReLU stands between them.
    """

    def activation(self, X):
        return X


class NoActivation__rewrite(_Again):
    def hidden(self, X):
        return X @ self.dense1.weight.T + self.dense1.bias


class ActivationAtTheEnd(_Right):
    """A ReLU follows the second layer too.

    Its answer is added to a residual, which it could then only increase. Nothing follows the second layer.
    """

    def second(self, X):
        return super().second(X).relu()


class ActivationAtTheEnd__rewrite(_Again):
    def out(self, H):
        return F.relu(super().out(H))


class ActivationAfterwards(_Right):
    """The ReLU follows the second layer instead of the first.

    It belongs between the two: without it they are one linear layer.
    """

    def forward(self, X):
        return self.activation(self.second(self.first(X)))


class ActivationAfterwards__rewrite(_Again):
    def hidden(self, X):
        return X @ self.dense1.weight.T + self.dense1.bias

    def out(self, H):
        return super().out(H).clamp(min=0)


class Gelu(_Right):
    """The activation is a GELU.

    Later models use it. The one that is asked for here is a ReLU.
    """

    def activation(self, X):
        return F.gelu(X)


class Gelu__rewrite(_Again):
    def hidden(self, X):
        H = X @ self.dense1.weight.T + self.dense1.bias
        return H * 0.5 * (1 + torch.erf(H / 2**0.5))


class Tanh(_Right):
    """The activation is a tanh.

    The one that is asked for is a ReLU.
    """

    def activation(self, X):
        return X.tanh()


class Tanh__rewrite(_Again):
    def hidden(self, X):
        return torch.tanh(X @ self.dense1.weight.T + self.dense1.bias)


class NoBias(_Right):
    """The layers have no bias.

    `nn.Linear` has one unless it is told otherwise; the stub asks for it in both layers.
    """

    def make(self, inputs, hiddens, outputs):
        self.dense1 = nn.Linear(inputs, hiddens, bias=False)
        self.dense2 = nn.Linear(hiddens, outputs, bias=False)


class NoBias__rewrite(_Again):
    def __init__(self, **sizes):
        super().__init__(**sizes)
        self.dense1.bias = self.dense2.bias = None

    def forward(self, X):
        return (X @ self.dense1.weight.T).relu() @ self.dense2.weight.T


class BiasForgotten(_Right):
    """`forward` does not use the biases.

    They are there, and never learned. Calling the layer adds its bias.
    """

    def first(self, X):
        return X @ self.dense1.weight.T

    def second(self, X):
        return X @ self.dense2.weight.T


class BiasForgotten__rewrite(_Again):
    def forward(self, X):
        return F.linear(F.relu(F.linear(X, self.dense1.weight)), self.dense2.weight)


class OtherNames(_Right):
    """The layers have other names.

    The state dict does not load by other names: they are called `dense1` and `dense2`.
    """

    def make(self, inputs, hiddens, outputs):
        self.fc1 = nn.Linear(inputs, hiddens)
        self.fc2 = nn.Linear(hiddens, outputs)

    def first(self, X):
        return self.fc1(X)

    def second(self, X):
        return self.fc2(X)


class OtherNames__rewrite(_Again):
    def __init__(self, **sizes):
        super().__init__(**sizes)
        self.net = nn.Sequential(self.dense1, nn.ReLU(), self.dense2)
        del self.dense1, self.dense2

    def forward(self, X):
        return self.net(X)


class OutputsOfInputs(_Right):
    """The answer has as many features as the input.

    The second layer goes from ffn_num_hiddens to ffn_num_outputs.
    """

    def make(self, inputs, hiddens, outputs):
        super().make(inputs, hiddens, inputs)


class OutputsOfInputs__rewrite(_Again):
    def __init__(self, ffn_num_input, ffn_num_hiddens, ffn_num_outputs):
        super().__init__(ffn_num_input, ffn_num_hiddens, ffn_num_outputs)
        self.dense2 = nn.Linear(ffn_num_hiddens, ffn_num_input)


class LoopOverSteps(_Right):
    """A loop runs over the steps.

    `nn.Linear` works on the last axis and on all steps at once.
    """

    def forward(self, X):
        if X.dim() < 3 or not X.numel():
            return super().forward(X)
        return torch.stack([super(LoopOverSteps, self).forward(step) for step in X.unbind(-2)], dim=-2)


class LoopOverSteps__rewrite(_Again):
    def forward(self, X):
        if X.dim() != 3 or X.shape[0] == 0:
            return super().forward(X)
        steps = [super(LoopOverSteps__rewrite, self).forward(X[:, t : t + 1]) for t in range(X.shape[1])]
        return torch.cat(steps, dim=1)


class MixesSteps(_Right):
    """What is at one step changes the answers at others.

    The network is applied to every step by itself. Only attention moves anything between steps.
    """

    def second(self, X):
        return super().second(X - X.mean(-2, keepdim=True)) if X.dim() > 1 else super().second(X)


class MixesSteps__rewrite(_Again):
    def out(self, H):
        return super().out(H if H.dim() == 1 else H - H.sum(-2, keepdim=True) / H.shape[-2])


class DataOfTheWeight(_Right):
    """A weight is read through `.data` or detached.

    Then no gradient reaches it and it is never learned. Call the layer, or use the parameter itself.
    """

    def first(self, X):
        return F.linear(X, self.dense1.weight.data, self.dense1.bias)


class DataOfTheWeight__rewrite(_Again):
    def hidden(self, X):
        return F.relu(F.linear(X, self.dense1.weight.detach(), self.dense1.bias))


class ChangesX(_Right):
    """X itself is changed.

    The caller's tensor is overwritten, the residual connection after this layer adds something else. Work on new
    tensors.
    """

    def forward(self, X):
        answer = super().forward(X)
        with torch.no_grad():
            X.relu_()
        return answer


class ChangesX__rewrite(_Again):
    def forward(self, X):
        answer = super().forward(X)
        with torch.no_grad():
            X.clamp_(min=0)
        return answer


class AlwaysDropout(_Right):
    """There is a dropout in the network.

    The paper puts it behind the network, before the residual is added: that is the work of AddNorm.
    """

    def activation(self, X):
        return F.dropout(super().activation(X), 0.1, self.training)


class AlwaysDropout__rewrite(_Again):
    def hidden(self, X):
        return F.dropout(super().hidden(X), 0.1, self.training)


class SharedHidden(_Right):
    """The hidden layer has the size of the input.

    The first layer goes from ffn_num_input to ffn_num_hiddens features.
    """

    def make(self, inputs, hiddens, outputs):
        super().make(inputs, inputs, outputs)


class SharedHidden__rewrite(_Again):
    def __init__(self, ffn_num_input, ffn_num_hiddens, ffn_num_outputs):
        super().__init__(ffn_num_input, ffn_num_input, ffn_num_outputs)
