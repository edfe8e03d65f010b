"""Ways in which TwoLayerNet goes wrong."""

import torch
from nets import Again as _Again
from nets import Right as _Right
from torch import nn


class OtherParameters(_Right):
    """The parameters are not registered under the names that the stub gives.

    A plain tensor is no parameter, even if it requires a gradient, nor is what comes out of a calculation with one,
    such as `nn.Parameter(…) / 25`: calculate first and wrap last. A parameter in a Python list is not found either.
    """

    def make(self, D_in, H, D_out):
        super().make(D_in, H, D_out)
        for name in ("weight1", "weight2"):
            tensor = getattr(self, name).detach().requires_grad_()
            delattr(self, name)
            setattr(self, name, tensor)


class OtherParameters__rewrite(_Again):
    def make(self, D_in, H, D_out):
        super().make(D_in, H, D_out)
        self.weights = [self.weight1, self.weight2]
        del self.weight1, self.weight2


class FixedSizes(_Right):
    """The weights have other shapes than the stub gives.

    Their sizes are those that the constructor is given, not fixed ones: weight1 is (D_in, H), weight2 (H, D_out).
    """

    def make(self, D_in, H, D_out):
        super().make(1000, 100, 10)


class FixedSizes__rewrite(_Again):
    def make(self, D_in, H, D_out):
        super().make(D_in, H, D_out)
        self.weight1, self.weight2 = nn.Parameter(torch.randn(64, 32)), nn.Parameter(torch.randn(32, 8))


class OtherBiases(_Right):
    """The biases are not parameters of the shapes that the stub gives.

    There are two, bias1 of shape (H,) and bias2 of shape (D_out,). With a row of their own, (1, H), they broadcast to
    the same sum, but a state dict with one shape does not load into the other.
    """

    def bias(self, count):
        return torch.zeros(1, count)


class OtherBiases__rewrite(_Again):
    def make(self, D_in, H, D_out):
        super().make(D_in, H, D_out)
        self.bias1, self.bias2 = nn.Parameter(torch.zeros(1, H)), nn.Parameter(torch.zeros(1, D_out))


class DataUsed(_Right):
    """The parameters are read through `.data` (or detached), so they never learn.

    `.data` gives the numbers without the graph: the answer is right and the gradient of every parameter missing. Use
    the parameters themselves.
    """

    def hidden(self, x):
        return torch.relu(x @ self.weight1.data + self.bias1.data)

    def output(self, hidden):
        return hidden @ self.weight2.data + self.bias2.data


class DataUsed__rewrite(_Again):
    def forward(self, x):
        weight1, bias1, weight2, bias2 = (p.detach() for p in (self.weight1, self.bias1, self.weight2, self.bias2))
        return torch.addmm(bias2, torch.addmm(bias1, x, weight1).clamp(min=0), weight2)


class DataUsedInTheFirstLayer(_Right):
    """The parameters of the first layer are read through `.data` (or detached), so they never learn.

    `.data` gives the numbers without the graph: the answer is right and two gradients are missing. Use the parameters
    themselves.
    """

    def hidden(self, x):
        return torch.relu(x @ self.weight1.data + self.bias1.data)


class DataUsedInTheFirstLayer__rewrite(_Again):
    def hidden(self, x):
        return torch.addmm(self.bias1.detach(), x, self.weight1.detach()).clamp(min=0)


class DataUsedInTheSecondLayer(_Right):
    """The parameters of the second layer are read through `.data` (or detached), so they never learn.

    `.data` gives the numbers without the graph: the answer is right and two gradients are missing. Use the parameters
    themselves.
    """

    def output(self, hidden):
        return hidden @ self.weight2.data + self.bias2.data


class DataUsedInTheSecondLayer__rewrite(_Again):
    def output(self, hidden):
        return torch.addmm(self.bias2.detach(), hidden, self.weight2.detach())


class BiasesDetached(_Right):
    """The biases are read through `.data` (or detached), so they never learn.

    `.data` gives the numbers without the graph: the answer is right and two gradients are missing. Use the parameters
    themselves.
    """

    def hidden(self, x):
        return torch.relu(x @ self.weight1 + self.bias1.data)

    def output(self, hidden):
        return hidden @ self.weight2 + self.bias2.data


class BiasesDetached__rewrite(_Again):
    def forward(self, x):
        hidden = torch.addmm(self.bias1.detach(), x, self.weight1).clamp(min=0)
        return torch.addmm(self.bias2.detach(), hidden, self.weight2)


class FirstLayerCutOff(_Right):
    """No gradient reaches the first layer.

    What the hidden layer gives was detached, or computed where nothing is recorded. Hand it on as it is.
    """

    def output(self, hidden):
        return super().output(hidden.detach())


class FirstLayerCutOff__rewrite(_Again):
    @torch.no_grad()
    def hidden(self, x):
        return super().hidden(x)


class NoRelu(_Right):
    """There is no relu between the two layers.

    Two linear layers one after the other are a single linear layer.
    """

    def hidden(self, x):
        return x @ self.weight1 + self.bias1


class NoRelu__rewrite(_Again):
    def hidden(self, x):
        return torch.addmm(self.bias1, x, self.weight1)


class ReluAtTheEnd(_Right):
    """A relu follows the output too.

    The network could never give a negative number. The second layer has no relu.
    """

    def output(self, hidden):
        return torch.relu(super().output(hidden))


class ReluAtTheEnd__rewrite(_Again):
    def output(self, hidden):
        return super().output(hidden).clamp(min=0)


class ReluOnlyAtTheEnd(_Right):
    """The relu follows the output instead of the hidden layer.

    It belongs between the two layers.
    """

    def hidden(self, x):
        return x @ self.weight1 + self.bias1

    def output(self, hidden):
        return torch.relu(super().output(hidden))


class ReluOnlyAtTheEnd__rewrite(_Again):
    def forward(self, x):
        return torch.addmm(self.bias2, torch.addmm(self.bias1, x, self.weight1), self.weight2).clamp(min=0)


class ReluOfTheInput(_Right):
    """The relu is applied to the input.

    It follows the first layer: max(x @ weight1 + bias1, 0).
    """

    def hidden(self, x):
        return torch.relu(x) @ self.weight1 + self.bias1


class ReluOfTheInput__rewrite(_Again):
    def hidden(self, x):
        return torch.addmm(self.bias1, x.clamp(min=0), self.weight1)


class AnotherActivation(_Right):
    """The hidden layer has a tanh.

    The formula says relu, the maximum of the number and 0.
    """

    def hidden(self, x):
        return torch.tanh(x @ self.weight1 + self.bias1)


class AnotherActivation__rewrite(_Again):
    def hidden(self, x):
        return 2 * torch.sigmoid(2 * torch.addmm(self.bias1, x, self.weight1)) - 1


class BiasAfterTheRelu(_Right):
    """The first bias is added after the relu.

    It moves the point at which a unit becomes active, so it belongs inside.
    """

    def hidden(self, x):
        return torch.relu(x @ self.weight1) + self.bias1


class BiasAfterTheRelu__rewrite(_Again):
    def hidden(self, x):
        return torch.mm(x, self.weight1).clamp(min=0).add(self.bias1)


class FirstBiasUnused(_Right):
    """The first bias is made, but not used.

    Add it to the hidden layer, before the relu.
    """

    def hidden(self, x):
        return torch.relu(x @ self.weight1)


class FirstBiasUnused__rewrite(_Again):
    def hidden(self, x):
        return torch.mm(x, self.weight1).clamp(min=0)


class SecondBiasUnused(_Right):
    """The second bias is made, but not used.

    Add it to the output.
    """

    def output(self, hidden):
        return hidden @ self.weight2


class SecondBiasUnused__rewrite(_Again):
    def output(self, hidden):
        return torch.mm(hidden, self.weight2)


class BothBiasesUnused(_Right):
    """The biases are made, but not used.

    Each is added to what its layer's matrix product gives.
    """

    def forward(self, x):
        return torch.relu(x @ self.weight1) @ self.weight2


class BothBiasesUnused__rewrite(_Again):
    def forward(self, x):
        return torch.mm(torch.mm(x, self.weight1).clamp(min=0), self.weight2)


class AllWeightsAlike(_Right):
    """Every weight starts with the same number.

    Then all hidden units compute the same, get the same gradient and stay the same for ever. Draw random numbers.
    """

    def random(self, rows, columns):
        return torch.zeros(rows, columns)


class AllWeightsAlike__rewrite(_Again):
    def random(self, rows, columns):
        return torch.ones(rows, columns) / rows


class UnitsAlike(_Right):
    """All units of a layer start with the same weights.

    They compute the same, get the same gradient and stay the same for ever. Draw a number for every weight.
    """

    def random(self, rows, columns):
        return torch.randn(rows, 1).expand(rows, columns).clone()


class UnitsAlike__rewrite(_Again):
    def random(self, rows, columns):
        return torch.rand(rows)[:, None].repeat(1, columns)


class Uninitialised(_Right):
    """The weights are whatever the memory held before.

    `torch.empty` and `torch.Tensor(…)` reserve memory and write nothing into it. Fill it with random numbers.
    """

    def random(self, rows, columns):
        return torch.empty(rows, columns)


class Uninitialised__rewrite(_Again):
    def random(self, rows, columns):
        return torch.Tensor(rows, columns)


class SeededInTheConstructor(_Right):
    """The constructor seeds the generator.

    Every network then starts alike, and everything random behind it repeats as well. Who wants to repeat an experiment
    seeds once, outside.
    """

    def __init__(self, D_in, H, D_out):
        torch.manual_seed(0)
        super().__init__(D_in, H, D_out)


class SeededInTheConstructor__rewrite(_Again):
    def random(self, rows, columns):
        return torch.rand(rows, columns, generator=torch.Generator().manual_seed(rows)) - 0.5


class Frozen(_Right):
    """The parameters do not require a gradient.

    They are registered, but nothing learns. An `nn.Parameter` requires a gradient unless it is told otherwise.
    """

    def make(self, D_in, H, D_out):
        super().make(D_in, H, D_out)
        self.requires_grad_(False)


class Frozen__rewrite(_Again):
    def make(self, D_in, H, D_out):
        super().make(D_in, H, D_out)
        for name, parameter in list(self.named_parameters()):
            setattr(self, name, nn.Parameter(parameter.data, requires_grad=False))


class ZerosOnTheCpu(_Right):
    """The relu compares with zeros on the CPU.

    `torch.zeros` makes a CPU tensor unless it is told otherwise, and it meets a tensor on the accelerator. Use
    `torch.relu` or `clamp(min=0)`, or take the device from the other tensor.
    """

    def hidden(self, x):
        h = x @ self.weight1 + self.bias1
        return torch.maximum(h, torch.zeros(h.shape))


class ZerosOnTheCpu__rewrite(_Again):
    def hidden(self, x):
        h = torch.addmm(self.bias1, x, self.weight1)
        return torch.max(h, torch.zeros(len(x), h.shape[1], dtype=h.dtype))


class SinglePrecision(_Right):
    """The network computes in single precision, also after `.double()`.

    `.float()` in forward undoes what the caller asked for. Leave the dtype as it is.
    """

    def forward(self, x):
        weight1, bias1, weight2, bias2 = (p.float() for p in (self.weight1, self.bias1, self.weight2, self.bias2))
        return torch.relu(x.float() @ weight1 + bias1) @ weight2 + bias2


class SinglePrecision__rewrite(_Again):
    def forward(self, x):
        hidden = torch.mm(x.float(), self.weight1.to(torch.float32)).add(self.bias1.float()).clamp(min=0)
        return torch.mm(hidden, self.weight2.to(torch.float32)).add(self.bias2.float())


class NoSuper(_Right):
    """`super().__init__()` is not called.

    nn.Module prepares in it what it needs to register parameters. Call it first in the constructor.
    """

    def __init__(self, D_in, H, D_out):
        self.make(D_in, H, D_out)


class NoSuper__rewrite(_Again):
    def __init__(self, D_in, H, D_out):
        self.register_parameter("weight1", nn.Parameter(torch.rand(D_in, H)))
