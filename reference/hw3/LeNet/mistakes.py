"""Ways in which LeNet goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import torch
import torch.nn.functional as F
from parts import Again as _Again
from parts import Right as _Right
from torch import nn


class SizesDoNotFit(_Right):
    """What arrives at fc1 does not have 400 features for each image.

    Either the image was not flattened (`flatten(1)` leaves the batch), or it does not have 16 channels of 5 by 5 then:
    conv1 has padding 2, conv2 has none, and both poolings halve the image.
    """

    def flat(self, x):
        return x


class SizesDoNotFit__rewrite(_Again):
    def __init__(self, num_classes=10):
        super().__init__(num_classes)
        self.conv1.padding = (0, 0)


class BatchFlattened(_Right):
    """The batch is flattened too.

    Every image has a row of its own: flatten from axis 1 on, with `flatten(1)` or nn.Flatten().
    """

    def flat(self, x):
        return x.flatten()


class BatchFlattened__rewrite(_Again):
    def __init__(self, num_classes=10):
        super().__init__(num_classes)
        self.flatten = nn.Flatten(start_dim=0)


class BatchSqueezed(_Right):
    """A batch of one image loses its axis.

    `squeeze()` without an axis takes away every axis of size 1. The scores of one image have shape (1, num_classes).
    """

    def head(self, x):
        return super().head(x).squeeze()


class BatchSqueezed__rewrite(_Again):
    def forward(self, x):
        scores = super().forward(x)
        return torch.squeeze(scores)


class ChannelsLast(_Right):
    """The channels are flattened last.

    `fc1` knows the place of each feature: channel by channel, as flattening a tensor of shape (N, C, H, W) gives them.
    """

    def flat(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


class ChannelsLast__rewrite(_Again):
    def steps(self):
        for step in super().steps():
            if step is self.flatten:
                yield lambda x: x.movedim(1, -1)
            yield step


class ReluForSigmoid(_Right):
    """ReLU is used instead of the sigmoid.

    ReLU came later, with AlexNet. Here every activation function is a sigmoid.
    """

    def act(self, x):
        return torch.relu(x)


class ReluForSigmoid__rewrite(_Again):
    def __init__(self, num_classes=10):
        super().__init__(num_classes)
        self.bend = nn.ReLU()


class TanhForSigmoid(_Right):
    """The hyperbolic tangent is used instead of the sigmoid.

    The network of 1998 had something like it; the stub asks for the sigmoid.
    """

    def act(self, x):
        return torch.tanh(x)


class TanhForSigmoid__rewrite(_Again):
    def __init__(self, num_classes=10):
        super().__init__(num_classes)
        self.bend = nn.Tanh()


class MaximaForMeans(_Right):
    """Pooling takes maxima instead of means.

    LeNet pools with the mean of each window.
    """

    def pool(self, x):
        return F.max_pool2d(x, 2)


class MaximaForMeans__rewrite(_Again):
    def __init__(self, num_classes=10):
        super().__init__(num_classes)
        self.shrink = nn.MaxPool2d(2)


class ActivationAfterPooling(_Right):
    """The sigmoid comes behind the pooling.

    The mean of sigmoids is not the sigmoid of the mean: first the activation function, then pooling.
    """

    def stage(self, convolution, x):
        return self.act(self.pool(convolution(x)))


class ActivationAfterPooling__rewrite(_Again):
    def steps(self):
        yield from (self.conv1, self.shrink, self.bend, self.conv2, self.shrink, self.bend, self.flatten)
        yield from (self.fc1, self.bend, self.fc2, self.bend, self.fc3)


class NoActivationBehindConvolutions(_Right):
    """There is no sigmoid behind the convolutions.

    Convolution and mean are both linear, and so is the next convolution: together they are one linear layer.
    """

    def stage(self, convolution, x):
        return self.pool(convolution(x))


class NoActivationBehindConvolutions__rewrite(_Again):
    def steps(self):
        yield from (self.conv1, self.shrink, self.conv2, self.shrink, self.flatten)
        yield from (self.fc1, self.bend, self.fc2, self.bend, self.fc3)


class NoActivationInTheHead(_Right):
    """There is no sigmoid between the linear layers.

    Linear layers without anything between them are one. fc1 and fc2 have a sigmoid behind them.
    """

    def head(self, x):
        return self.fc3(self.fc2(self.fc1(x)))


class NoActivationInTheHead__rewrite(_Again):
    def steps(self):
        yield from (self.conv1, self.bend, self.shrink, self.conv2, self.bend, self.shrink, self.flatten)
        yield from (self.fc1, self.fc2, self.fc3)


class OneActivationInTheHead(_Right):
    """There is a sigmoid missing behind fc2.

    fc1 and fc2 both have one behind them; fc3 has not.
    """

    def head(self, x):
        return self.fc3(self.fc2(self.act(self.fc1(x))))


class OneActivationInTheHead__rewrite(_Again):
    def steps(self):
        yield from (self.conv1, self.bend, self.shrink, self.conv2, self.bend, self.shrink, self.flatten)
        yield from (self.fc1, self.bend, self.fc2, self.fc3)


class SoftmaxAtTheEnd(_Right):
    """A softmax is taken at the end.

    The answer is scores. The cross-entropy takes those and makes its own softmax; after two of them hardly any gradient
    is left.
    """

    def head(self, x):
        return super().head(x).softmax(dim=1)


class SoftmaxAtTheEnd__rewrite(_Again):
    def steps(self):
        yield from super().steps()
        yield nn.Softmax(-1)


class LogSoftmaxAtTheEnd(_Right):
    """The logarithm of a softmax is taken at the end.

    That is for another loss (`NLLLoss`). Here the answer is scores, as fc3 gives them.
    """

    def head(self, x):
        return super().head(x).log_softmax(dim=1)


class LogSoftmaxAtTheEnd__rewrite(_Again):
    def forward(self, x):
        scores = super().forward(x)
        return scores - scores.logsumexp(-1, keepdim=True)


class ActivationAtTheEnd(_Right):
    """A sigmoid is taken of the scores.

    The last layer has no activation function behind it: the cross-entropy takes scores as they are.
    """

    def head(self, x):
        return self.act(super().head(x))


class ActivationAtTheEnd__rewrite(_Again):
    def steps(self):
        yield from super().steps()
        yield self.bend


class InputScaled(_Right):
    """The images are scaled by the network.

    Preparing data is not the network's task: x goes through conv1 as it is.
    """

    def forward(self, x):
        return super().forward(x / 255)


class InputScaled__rewrite(_Again):
    def steps(self):
        yield lambda x: x.mul(1 / 255)
        yield from super().steps()


class InputOverwritten(_Right):
    """The caller's images are changed.

    Methods that end in `_`, and assignments into x, write into the tensor that was given. Make a new one.
    """

    def forward(self, x):
        scores = super().forward(x)
        x.data.mul_(0.5)
        return scores


class InputOverwritten__rewrite(_Again):
    def forward(self, x):
        scores = super().forward(x)
        x.data /= 2
        return scores


class TenClassesAlways(_Right):
    """There are always ten classes.

    `num_classes` says how many scores fc3 makes.
    """

    def make(self, num_classes):
        super().make(10)


class TenClassesAlways__rewrite(_Again):
    def __init__(self, num_classes=10):
        super().__init__()
        self.num_classes = num_classes


class OtherSizes(_Right):
    """A layer has other sizes than the stub says.

    Compare channels, kernels and features with the list in the docstring, one by one.
    """

    def make(self, num_classes):
        super().make(num_classes)
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 3, padding=1), nn.Conv2d(6, 16, 3)


class OtherSizes__rewrite(_Again):
    def __init__(self, num_classes=10):
        super().__init__(num_classes)
        self.fc2, self.fc3 = nn.Linear(120, 100), nn.Linear(100, num_classes)


class OtherNames(_Right):
    """The layers have other names than the stub says.

    A state dict is loaded by names. Layers in an nn.Sequential are called by their place in it: assign each to the
    attribute that the stub names.
    """

    def make(self, num_classes):
        right = _Right(num_classes)
        self.net = nn.Sequential(
            right.conv1, nn.Sigmoid(), nn.AvgPool2d(2), right.conv2, nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
            right.fc1, nn.Sigmoid(), right.fc2, nn.Sigmoid(), right.fc3,
        )  # fmt: skip

    def forward(self, x):
        return self.net(x)


class OtherNames__rewrite(_Again):
    def __init__(self, num_classes=10):
        super().__init__(num_classes)
        for name in ("conv1", "conv2", "fc1", "fc2", "fc3"):
            self._modules[f"{name}_"] = self._modules.pop(name)

    def steps(self):
        yield from (self.conv1_, self.bend, self.shrink, self.conv2_, self.bend, self.shrink, self.flatten)
        yield from (self.fc1_, self.bend, self.fc2_, self.bend, self.fc3_)


class LayersInAList(_Right):
    """The layers are kept in a list.

    A module sees the layers that are its attributes; in a list it does not, and neither do the optimizer and the state
    dict. Assign each to an attribute of its own.
    """

    def make(self, num_classes):
        super().make(num_classes)
        self.layers = [self._modules.pop(name) for name in ("conv1", "conv2", "fc1", "fc2", "fc3")]


class LayersInAList__rewrite(_Again):
    def __init__(self, num_classes=10):
        super().__init__(num_classes)
        self.held = {name: self._modules.pop(name) for name in list(self._modules) if name[-1] in "123"}


class NoBias(_Right):
    """The layers are made without biases.

    Every layer of the stub has one: torch's do unless they are told otherwise.
    """

    def make(self, num_classes):
        super().make(num_classes)
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2, bias=False), nn.Conv2d(6, 16, 5, bias=False)


class NoBias__rewrite(_Again):
    def __init__(self, num_classes=10):
        super().__init__(num_classes)
        self.conv1.register_parameter("bias", None)
        self.conv2.register_parameter("bias", None)


class SomethingMore(_Right):
    """There are more layers with parameters than the stub says.

    Batch normalisation, for one, came seventeen years later. The five layers of the list, and nothing else.
    """

    def make(self, num_classes):
        super().make(num_classes)
        self.norm = nn.BatchNorm2d(6)


class SomethingMore__rewrite(_Again):
    def __init__(self, num_classes=10):
        super().__init__(num_classes)
        self.fc4 = nn.Linear(10, 10)


class EmptyBatch(_Right):
    """An empty batch is an error.

    view and reshape cannot work out a size marked by -1 when there are no elements. `flatten(1)` can, and so can a view
    that names the number of features.
    """

    def flat(self, x):
        return x.view(x.size(0), -1)


class EmptyBatch__rewrite(_Again):
    def steps(self):
        for step in super().steps():
            yield (lambda x: x.reshape(x.shape[0], -1)) if step is self.flatten else step


class FeaturesDetached(_Right):
    """The features are cut off from the graph.

    `.detach()`, `.data` and `torch.no_grad()` end it there: the convolutions get no gradient and are never learned.
    """

    def flat(self, x):
        return super().flat(x).detach()


class FeaturesDetached__rewrite(_Again):
    def steps(self):
        for step in super().steps():
            yield step
            if step is self.flatten:
                yield lambda x: x.data


class DropoutAdded(_Right):
    """There is dropout in the network.

    It came with AlexNet. This one answers the same in training and in evaluation mode.
    """

    def flat(self, x):
        return F.dropout(super().flat(x), 0.5, self.training)


class DropoutAdded__rewrite(_Again):
    def __init__(self, num_classes=10):
        super().__init__(num_classes)
        self.flatten = nn.Sequential(nn.Flatten(), nn.Dropout())


class SinglePrecision(_Right):
    """Something is computed in float32.

    In a float64 network everything is float64, and a layer refuses another dtype. Make nothing of a dtype of your own.
    """

    def forward(self, x):
        return super().forward(x.float())


class SinglePrecision__rewrite(_Again):
    def steps(self):
        yield lambda x: x.to(torch.float32)
        yield from super().steps()


class ThroughTheCpu(_Right):
    """Something is done on the CPU.

    Copies take longer than the work, and the GPU stands still meanwhile. Compute where x and the parameters are.
    """

    def flat(self, x):
        return super().flat(x).cpu().to(x.device)


class ThroughTheCpu__rewrite(_Again):
    def forward(self, x):
        scores = super().forward(x)
        return scores.to("cpu").to(scores.device)
