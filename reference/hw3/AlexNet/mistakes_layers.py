"""Ways in which the layers of AlexNet go wrong. The mistakes change `Right`, the rewrites `Again`."""

import torch
import torch.nn.functional as F
from parts import Again as _Again
from parts import Right as _Right
from torch import nn


class SizesDoNotFit(_Right):
    """What arrives at fc1 does not have 64 features for each image.

    Either the image was not flattened (`flatten(1)` leaves the batch), or it does not have 16 channels of 2 by 2 then.
    A window of 3 moves by 3 unless it is told to move by 2; the convolutions keep the size, by their padding; pooling
    follows conv1, conv2 and conv5 only, and rounds down.
    """

    def pool(self, x):
        return F.max_pool2d(x, 3)


class SizesDoNotFit__rewrite(_Again):
    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__(in_channels, num_classes, dropout)
        self.flatten = nn.Identity()


class PooledTooEarly(_Right):
    """The third pooling stands behind conv3 or conv4.

    Three convolutions follow each other without pooling between them: it comes behind conv1, conv2 and conv5.
    """

    def features(self, x):
        x = self.pool(self.act(self.conv2(self.pool(self.act(self.conv1(x))))))
        x = self.pool(self.act(self.conv3(x)))
        return self.act(self.conv5(self.act(self.conv4(x))))


class PooledTooEarly__rewrite(_Again):
    def first(self):
        yield from (self.conv1, self.bend, self.shrink, self.conv2, self.bend, self.shrink)
        yield from (self.conv3, self.bend, self.shrink, self.conv4, self.bend, self.conv5, self.bend)


class MeansForMaxima(_Right):
    """Pooling takes means instead of maxima.

    AlexNet pools with the largest entry of each window.
    """

    def pool(self, x):
        return F.avg_pool2d(x, 3, 2)


class MeansForMaxima__rewrite(_Again):
    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__(in_channels, num_classes, dropout)
        self.shrink = nn.AvgPool2d(3, stride=2)


class SigmoidForRelu(_Right):
    """The sigmoid is used instead of ReLU.

    Behind many layers hardly any gradient is left of it. Here every activation function is a ReLU.
    """

    def act(self, x):
        return torch.sigmoid(x)


class SigmoidForRelu__rewrite(_Again):
    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__(in_channels, num_classes, dropout)
        self.bend = nn.Sigmoid()


class NoActivationBetweenConvolutions(_Right):
    """There is no ReLU behind conv3 and conv4.

    Convolutions without anything between them are one. A ReLU stands behind every layer but fc3.
    """

    def features(self, x):
        x = self.pool(self.act(self.conv2(self.pool(self.act(self.conv1(x))))))
        return self.pool(self.act(self.conv5(self.conv4(self.conv3(x)))))


class NoActivationBetweenConvolutions__rewrite(_Again):
    def first(self):
        yield from (self.conv1, self.bend, self.shrink, self.conv2, self.bend, self.shrink)
        yield from (self.conv3, self.conv4, self.conv5, self.bend, self.shrink)


class NoActivationBehindConv5(_Right):
    """There is no ReLU behind conv5.

    A ReLU stands behind every layer but fc3, also where pooling or flattening follows.
    """

    def features(self, x):
        x = self.pool(self.act(self.conv2(self.pool(self.act(self.conv1(x))))))
        return self.pool(self.conv5(self.act(self.conv4(self.act(self.conv3(x))))))


class NoActivationBehindConv5__rewrite(_Again):
    def first(self):
        yield from (self.conv1, self.bend, self.shrink, self.conv2, self.bend, self.shrink)
        yield from (self.conv3, self.bend, self.conv4, self.bend, self.conv5, self.shrink)


class NoActivationInTheHead(_Right):
    """There is no ReLU between the linear layers.

    Linear layers without anything between them are one. fc1 and fc2 have a ReLU behind them.
    """

    def head(self, x):
        return self.fc3(self.drop(self.fc2(self.drop(self.fc1(x)))))


class NoActivationInTheHead__rewrite(_Again):
    def last(self):
        yield from (self.fc1, self.lose, self.fc2, self.lose, self.fc3)


class SoftmaxAtTheEnd(_Right):
    """A softmax is taken at the end.

    The answer is scores. The cross-entropy takes those and makes its own softmax; after two of them hardly any gradient
    is left.
    """

    def head(self, x):
        return super().head(x).softmax(dim=1)


class SoftmaxAtTheEnd__rewrite(_Again):
    def last(self):
        yield from super().last()
        yield nn.Softmax(-1)


class ReluAtTheEnd(_Right):
    """ReLU is taken of the scores.

    A negative score is as good as a positive one. The last layer has no activation function behind it.
    """

    def head(self, x):
        return self.act(super().head(x))


class ReluAtTheEnd__rewrite(_Again):
    def last(self):
        yield from super().last()
        yield self.bend


class BatchFlattened(_Right):
    """The batch is flattened too.

    Every image has a row of its own: flatten from axis 1 on, with `flatten(1)` or nn.Flatten().
    """

    def flat(self, x):
        return x.flatten()


class BatchFlattened__rewrite(_Again):
    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__(in_channels, num_classes, dropout)
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


class EmptyBatch(_Right):
    """An empty batch is an error.

    view and reshape cannot work out a size marked by -1 when there are no elements. `flatten(1)` can, and so can a view
    that names the number of features.
    """

    def flat(self, x):
        return x.view(x.size(0), -1)


class EmptyBatch__rewrite(_Again):
    def forward(self, x):
        for step in self.first():
            x = step(x)
        x = x.reshape(x.shape[0], -1)
        for step in self.last():
            x = step(x)
        return x


class GreyImagesAlways(_Right):
    """The images always have one channel.

    `in_channels` says how many conv1 takes.
    """

    def make(self, in_channels, num_classes):
        super().make(1, num_classes)


class GreyImagesAlways__rewrite(_Again):
    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__(in_channels, num_classes, dropout)
        self.conv1 = nn.Conv2d(1, 8, 5, padding=2)


class TenClassesAlways(_Right):
    """There are always ten classes.

    `num_classes` says how many scores fc3 makes.
    """

    def make(self, in_channels, num_classes):
        super().make(in_channels, 10)


class TenClassesAlways__rewrite(_Again):
    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__(in_channels, dropout=dropout)
        self.num_classes = num_classes


class OtherSizes(_Right):
    """A layer has other sizes than the stub says.

    The network of 2012 is larger: compare channels, kernels and features with the list in the docstring, one by one.
    """

    def make(self, in_channels, num_classes):
        super().make(in_channels, num_classes)
        self.conv1 = nn.Conv2d(in_channels, 8, 11, padding=5)


class OtherSizes__rewrite(_Again):
    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__(in_channels, num_classes, dropout)
        self.fc2, self.fc3 = nn.Linear(32, 64), nn.Linear(64, num_classes)


class OtherNames(_Right):
    """The layers have other names than the stub says.

    A state dict is loaded by names. Layers in an nn.Sequential are called by their place in it: assign each to the
    attribute that the stub names.
    """

    def make(self, in_channels, num_classes):
        super().make(in_channels, num_classes)
        right = dict(self.named_children())
        for name in right:
            delattr(self, name)
        self.layers = nn.ModuleList(right.values())

    def forward(self, x):
        one, two, three, four, five, six, seven, eight = self.layers
        x = self.pool(self.act(two(self.pool(self.act(one(x))))))
        x = self.pool(self.act(five(self.act(four(self.act(three(x)))))))
        x = self.drop(self.act(six(x.flatten(1))))
        return eight(self.drop(self.act(seven(x))))


class OtherNames__rewrite(_Again):
    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__(in_channels, num_classes, dropout)
        self.net = nn.Sequential(*self.first(), self.flatten, *self.last())
        for name in [name for name in self._modules if name != "net"]:
            delattr(self, name)

    def forward(self, x):
        return self.net(x)


class LayersInAList(_Right):
    """The layers are kept in a list.

    A module sees the layers that are its attributes; in a list it does not, and neither do the optimizer and the state
    dict. Assign each to an attribute of its own.
    """

    def make(self, in_channels, num_classes):
        super().make(in_channels, num_classes)
        self.layers = [self._modules.pop(name) for name in list(self._modules)]


class LayersInAList__rewrite(_Again):
    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__(in_channels, num_classes, dropout)
        self.held = {name: self._modules.pop(name) for name in list(self._modules) if name[-1] in "12345"}


class NoBias(_Right):
    """The layers are made without biases.

    Every layer of the stub has one: torch's do unless they are told otherwise.
    """

    def make(self, in_channels, num_classes):
        super().make(in_channels, num_classes)
        for layer in (self.conv1, self.conv2, self.conv3, self.conv4, self.conv5):
            layer.bias = None


class NoBias__rewrite(_Again):
    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__(in_channels, num_classes, dropout)
        for name, layer in self.named_modules():
            if name.startswith("conv"):
                layer.register_parameter("bias", None)


class SomethingMore(_Right):
    """There are more layers with parameters than the stub says.

    Batch normalisation, for one, came three years later. The eight layers of the list, and nothing else.
    """

    def make(self, in_channels, num_classes):
        super().make(in_channels, num_classes)
        self.norm = nn.BatchNorm2d(8)


class SomethingMore__rewrite(_Again):
    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__(in_channels, num_classes, dropout)
        self.fc4 = nn.Linear(10, 10)


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


class FeaturesDetached(_Right):
    """The features are cut off from the graph.

    `.detach()`, `.data` and `torch.no_grad()` end it there: the convolutions get no gradient and are never learned.
    """

    def flat(self, x):
        return super().flat(x).detach()


class FeaturesDetached__rewrite(_Again):
    def last(self):
        yield lambda x: x.data
        yield from super().last()


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
