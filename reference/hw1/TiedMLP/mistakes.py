"""Ways in which TiedMLP goes wrong."""

import copy

import torch
from nets import Again as _Again
from nets import Right as _Right
from torch import nn
from torch.nn import functional as F


class EqualAtTheStart(_Right):
    """The weights are equal at the start, or not even that, but they are two.

    Copied numbers part at the first training step. Bind one parameter to both names: `is`, not `==`.
    """

    def tie(self):
        self.hidden2.weight.data.copy_(self.hidden1.weight.data)


class EqualAtTheStart__rewrite(_Again):
    def bind(self):
        self.hidden2.load_state_dict(copy.deepcopy(self.hidden1.state_dict()))


class SharedMemory(_Right):
    """Two parameters share the memory of their numbers.

    `hidden2.weight.data = hidden1.weight.data` makes the numbers one, but not the parameters: each has a gradient of
    its own, an optimizer updates both, and a copy of the network has two matrices. Bind the parameter itself.
    """

    def tie(self):
        self.hidden2.weight.data = self.hidden1.weight.data


class SharedMemory__rewrite(_Again):
    def bind(self):
        self.hidden2.weight = nn.Parameter(self.hidden1.weight)


class CopiedInForward(_Right):
    """The weight is copied in every call.

    What the second layer has learned is overwritten, and its gradient goes nowhere. With one parameter for both there
    is nothing to copy.
    """

    def tie(self):
        pass

    def second(self, hidden):
        self.hidden2.weight.data.copy_(self.hidden1.weight.data)
        return super().second(hidden)


class CopiedInForward__rewrite(_Again):
    def bind(self):
        pass

    def forward(self, x):
        with torch.no_grad():
            self.hidden2.weight[:] = self.hidden1.weight
        return super().forward(x)


class BoundInForward(_Right):
    """The weights are bound in `forward`, not in the constructor.

    Before the first call there are two of them, and an optimizer that is made then holds one that is never used. Bind
    them where they are made.
    """

    def tie(self):
        pass

    def forward(self, x):
        self.hidden2.weight = self.hidden1.weight
        return super().forward(x)


class BoundInForward__rewrite(_Again):
    def bind(self):
        pass

    def forward(self, x):
        if self.hidden2.weight is not self.hidden1.weight:
            self.hidden2.register_parameter("weight", self.hidden1.weight)
        return super().forward(x)


class OneLayerTwice(_Right):
    """The two hidden layers are one, with one bias.

    Only the weight is shared. Each layer has a bias of its own, so there are two layers, one of whose attributes is
    bound to that of the other.
    """

    def tie(self):
        self.hidden2 = self.hidden1


class OneLayerTwice__rewrite(_Again):
    def bind(self):
        super().bind()
        self.hidden2.bias = self.hidden1.bias


class FirstLayerCalledTwice(_Right):
    """`forward` calls the first hidden layer twice.

    Then the second one's bias is never used. Call both layers: they share the weight already.
    """

    def second(self, hidden):
        return torch.relu(self.hidden1(hidden))


class FirstLayerCalledTwice__rewrite(_Again):
    def forward(self, x):
        x = self.input(x).clamp(min=0)
        for _ in range(2):
            x = self.hidden1(x).clamp(min=0)
        return self.output(x)


class SecondLayerFirst(_Right):
    """The second hidden layer comes first.

    The weights are the same, but not the biases: `hidden1` comes before `hidden2`.
    """

    def forward(self, x):
        return self.last(self.first(self.second(torch.relu(self.input(x)))))


class SecondLayerFirst__rewrite(_Again):
    def forward(self, x):
        for layer in (self.input, self.hidden2, self.hidden1):
            x = layer(x).clamp(min=0)
        return self.output(x)


class SecondLayerLeftOut(_Right):
    """The second hidden layer is left out in `forward`.

    Both are used, one after the other.
    """

    def second(self, hidden):
        return hidden


class SecondLayerLeftOut__rewrite(_Again):
    def forward(self, x):
        return self.output(self.hidden1(self.input(x).clamp(min=0)).clamp(min=0))


class Transposed(_Right):
    """The second layer uses the transposed weight.

    That ties an encoder to its decoder. Here both layers multiply with the same matrix in the same way.
    """

    def second(self, hidden):
        return torch.relu(F.linear(hidden, self.hidden1.weight.T, self.hidden2.bias))


class Transposed__rewrite(_Again):
    def forward(self, x):
        x = self.hidden1(self.input(x).clamp(min=0)).clamp(min=0)
        return self.output((x @ self.hidden2.weight + self.hidden2.bias).clamp(min=0))


class SecondUseDetached(_Right):
    """The second use of the weight gives no gradient.

    The gradient of a shared weight is the sum over all its uses: do not detach it.
    """

    def second(self, hidden):
        return torch.relu(F.linear(hidden, self.hidden1.weight.detach(), self.hidden2.bias))


class SecondUseDetached__rewrite(_Again):
    def forward(self, x):
        x = self.hidden1(self.input(x).clamp(min=0)).clamp(min=0)
        return self.output((x @ self.hidden2.weight.data.T + self.hidden2.bias).clamp(min=0))


class FirstUseDetached(_Right):
    """The first use of the weight gives no gradient.

    The gradient of a shared weight is the sum over all its uses: do not detach it.
    """

    def first(self, hidden):
        return torch.relu(F.linear(hidden, self.hidden1.weight.detach(), self.hidden1.bias))


class FirstUseDetached__rewrite(_Again):
    def forward(self, x):
        x = self.input(x).clamp(min=0)
        x = (x @ self.hidden1.weight.data.T + self.hidden1.bias).clamp(min=0)
        return self.output(self.hidden2(x).clamp(min=0))


class CutInTheMiddle(_Right):
    """Nothing before the second hidden layer gets a gradient.

    What the first one gives was detached. Hand it on as it is.
    """

    def second(self, hidden):
        return super().second(hidden.detach())


class CutInTheMiddle__rewrite(_Again):
    def forward(self, x):
        with torch.no_grad():
            x = self.hidden1(self.input(x).clamp(min=0)).clamp(min=0)
        return self.output(self.hidden2(x).clamp(min=0))


class NoReluBetween(_Right):
    """There is no relu between the two hidden layers.

    Each layer but the last is followed by one.
    """

    def first(self, hidden):
        return self.hidden1(hidden)


class NoReluBetween__rewrite(_Again):
    def forward(self, x):
        x = self.hidden2(self.hidden1(self.input(x).clamp(min=0)))
        return self.output(x.clamp(min=0))


class NoReluAfterTheInput(_Right):
    """No relu follows the input layer.

    Each layer but the last is followed by one.
    """

    def forward(self, x):
        return self.last(self.second(self.first(self.input(x))))


class NoReluAfterTheInput__rewrite(_Again):
    def forward(self, x):
        x = self.hidden1(self.input(x)).clamp(min=0)
        return self.output(self.hidden2(x).clamp(min=0))


class NoReluBeforeTheOutput(_Right):
    """No relu follows the second hidden layer.

    Each layer but the last is followed by one.
    """

    def second(self, hidden):
        return self.hidden2(hidden)


class NoReluBeforeTheOutput__rewrite(_Again):
    def forward(self, x):
        x = self.hidden1(self.input(x).clamp(min=0)).clamp(min=0)
        return self.output(self.hidden2(x))


class ReluAtTheEnd(_Right):
    """A relu follows the output.

    The network could never give a negative number. The last layer has no relu.
    """

    def last(self, hidden):
        return torch.relu(self.output(hidden))


class ReluAtTheEnd__rewrite(_Again):
    def forward(self, x):
        return super().forward(x).clamp(min=0)


class OtherLayers(_Right):
    """The layers are not registered under the names that the stub gives.

    They are `input`, `hidden1`, `hidden2` and `output`, each an `nn.Linear` with a bias and an attribute of the module.
    """

    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__(num_inputs, num_hiddens, num_outputs)
        self.layer1, self.layer4 = self.input, self.output
        del self.input, self.output

    def forward(self, x):
        self.input, self.output = self.layer1, self.layer4
        return super().forward(x)


class OtherLayers__rewrite(_Again):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__(num_inputs, num_hiddens, num_outputs)
        self.first, self.last = self.input, self.output
        del self.input, self.output

    def forward(self, x):
        for layer in (self.first, self.hidden1, self.hidden2):
            x = layer(x).clamp(min=0)
        return self.last(x)


class NoSuper(_Right):
    """`super().__init__()` is not called.

    nn.Module prepares in it what it needs to register layers. Call it first in the constructor.
    """

    def __init__(self, num_inputs, num_hiddens, num_outputs):
        self.input = nn.Linear(num_inputs, num_hiddens)


class NoSuper__rewrite(_Again):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        self.add_module("hidden1", nn.Linear(num_hiddens, num_hiddens))
