"""Ways in which the layers of vgg go wrong. The mistakes change `net`, the rewrites `layers`."""

import torch
from parts import layers as _layers
from parts import left as _left
from parts import net as _net
from parts import pair as _pair
from parts import vgg_block as _vgg_block
from torch import nn


def seven_by_seven(*args, **kwargs):
    """The size of somebody else's images is built in.

    Seven by seven pixels are left of 224 by 224 behind five blocks. How many are left depends on image_size and on the
    number of blocks: halve, rounding down, once for each.
    """
    return _net(*args, **kwargs, inputs=lambda sizes: sizes[0] * 7 * 7)


def seven_by_seven__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    rest[1] = nn.Linear(first[-1][0].out_channels * 49, rest[1].out_features)
    return nn.Sequential(*first, *rest)


def linear_sizes(*args, **kwargs):
    """A linear layer has another size than it is asked for.

    The first one takes the pixels that are left, of which every block leaves half of the rows and half of the columns,
    times the channels of the last block. The hidden ones have num_hidden features, and the last one makes num_classes.
    """
    return _net(*args, **kwargs, remains=lambda arch, size: (arch[-1][1], *_pair(size)))


def linear_sizes__rewrite(conv_arch, in_channels=1, image_size=224, num_hidden=4096, num_classes=10, dropout=0.5):
    first, rest = _layers(conv_arch, in_channels, image_size, 128, num_classes, dropout)
    return nn.Sequential(*first, *rest)


def halved_once(*args, **kwargs):
    """The image is taken to be halved once, whatever the number of blocks.

    Each block ends with a pooling, and each pooling halves height and width.
    """
    return _net(*args, **kwargs, remains=lambda arch, size: (arch[-1][1], *(side // 2 for side in _pair(size))))


def halved_once__rewrite(conv_arch, in_channels=1, image_size=224, *args, **kwargs):
    first, rest = _layers(conv_arch, in_channels, image_size, *args, **kwargs)
    height, width = (side >> 1 for side in _pair(image_size))
    rest[1] = nn.Linear(conv_arch[-1][1] * height * width, rest[1].out_features)
    return nn.Sequential(*first, *rest)


def rounded_up(*args, **kwargs):
    """Half of an odd size is rounded up.

    The pooling leaves the last row out: rounding down is what `//` does.
    """

    def remains(conv_arch, image_size):
        _left(conv_arch, image_size)
        height, width = _pair(image_size)
        for _ in conv_arch:
            height, width = (height + 1) // 2, (width + 1) // 2
        return conv_arch[-1][1], height, width

    return _net(*args, **kwargs, remains=remains)


def rounded_up__rewrite(conv_arch, in_channels=1, image_size=224, *args, **kwargs):
    first, rest = _layers(conv_arch, in_channels, image_size, *args, **kwargs)
    height, width = (-(-side // 2 ** len(conv_arch)) for side in _pair(image_size))
    rest[1] = nn.Linear(conv_arch[-1][1] * height * width, rest[1].out_features)
    return nn.Sequential(*first, *rest)


def square(conv_arch, in_channels=1, image_size=224, *args, **kwargs):
    """The images are taken to be square.

    image_size may be a tuple (H, W), of which both numbers count.
    """
    return _net(conv_arch, in_channels, _pair(image_size)[0], *args, **kwargs)


def square__rewrite(conv_arch, in_channels=1, image_size=224, *args, **kwargs):
    side, _ = _pair(image_size)
    first, rest = _layers(conv_arch, in_channels, (side, side), *args, **kwargs)
    return nn.Sequential(*first, *rest)


def tuple_not_understood(conv_arch, in_channels=1, image_size=224, *args, **kwargs):
    """A tuple is not understood as a size.

    image_size may be an int or a tuple (H, W). Arithmetic with a tuple fails: take it apart first.
    """
    side = image_size // 1
    return _net(conv_arch, in_channels, side, *args, **kwargs)


def tuple_not_understood__rewrite(conv_arch, in_channels=1, image_size=224, *args, **kwargs):
    first, rest = _layers(conv_arch, in_channels, 0 + image_size, *args, **kwargs)
    return nn.Sequential(*first, *rest)


def int_not_understood(conv_arch, in_channels=1, image_size=(224, 224), *args, **kwargs):
    """An int is not understood as a size.

    One number stands for height and width.
    """
    height, width = image_size
    return _net(conv_arch, in_channels, (height, width), *args, **kwargs)


def int_not_understood__rewrite(conv_arch, in_channels=1, image_size=(224, 224), *args, **kwargs):
    first, rest = _layers(conv_arch, in_channels, tuple(side for side in image_size), *args, **kwargs)
    return nn.Sequential(*first, *rest)


def pixels_forgotten(*args, **kwargs):
    """The first linear layer has as many inputs as there are channels.

    That fits a network that takes the mean of each channel. Here every pixel that is left is a feature.
    """
    return _net(*args, **kwargs, inputs=lambda sizes: sizes[0])


def pixels_forgotten__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    rest[0:2] = (
        nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        nn.Linear(first[-1][0].out_channels, rest[1].out_features),
    )
    return nn.Sequential(*first, *rest)


def channels_not_handed_on(conv_arch, in_channels=1, image_size=224, *args, **kwargs):
    """Every block takes the channels of the images.

    The second block gets what the first one gives.
    """
    return _net(
        conv_arch, in_channels, image_size, *args, **kwargs,
        begin=lambda arch, channels: [_vgg_block(count, channels, out) for count, out in arch],
    )  # fmt: skip


def channels_not_handed_on__rewrite(conv_arch, in_channels=1, image_size=224, *args, **kwargs):
    first, rest = _layers(conv_arch, in_channels, image_size, *args, **kwargs)
    for place, (num_convs, out_channels) in enumerate(conv_arch):
        first[place] = _vgg_block(num_convs, in_channels, out_channels)
    return nn.Sequential(*first, *rest)


def one_convolution_each(conv_arch, in_channels=1, image_size=224, *args, **kwargs):
    """Every block has one convolution.

    The first number of each pair says how many it has.
    """
    return _net(tuple((1, out) for _, out in conv_arch), in_channels, image_size, *args, **kwargs)


def one_convolution_each__rewrite(conv_arch, in_channels=1, image_size=224, *args, **kwargs):
    first, rest = _layers([[1, pair[1]] for pair in conv_arch], in_channels, image_size, *args, **kwargs)
    return nn.Sequential(*first, *rest)


def not_flattened(*args, **kwargs):
    """The images are not flattened.

    A linear layer takes the last axis for features: nn.Flatten makes one row of each image.
    """
    return _net(*args, **kwargs, flat=nn.Identity)


def not_flattened__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*first, nn.Sequential(), *rest[1:])


def batch_flattened(*args, **kwargs):
    """The batch is flattened too.

    Every image has a row of its own: nn.Flatten leaves axis 0 as it is.
    """
    return _net(*args, **kwargs, flat=lambda: nn.Flatten(0))


def batch_flattened__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*first, nn.Flatten(start_dim=0, end_dim=-1), *rest[1:])


def lists_not_unpacked(*args, **kwargs):
    """nn.Sequential is given a list.

    It takes its layers one by one: the star unpacks a list.
    """
    return nn.Sequential(list(_net(*args, **kwargs)))


def lists_not_unpacked__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(first, *rest)


def no_activation(*args, **kwargs):
    """There is no ReLU between the linear layers.

    Linear layers without anything between them are one.
    """
    return _net(*args, **kwargs, act=nn.Identity)


def no_activation__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*first, *(nn.Identity() if isinstance(layer, nn.ReLU) else layer for layer in rest))


def softmax_at_the_end(*args, **kwargs):
    """A softmax is taken at the end.

    The answer is scores. The cross-entropy takes those and makes its own softmax; after two of them hardly any gradient
    is left.
    """
    return _net(*args, **kwargs, last=[nn.Softmax(dim=1)])


def softmax_at_the_end__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*first, *rest, nn.LogSoftmax(-1), _Exp())


class _Exp(nn.Module):
    def forward(self, x):
        return x.exp()


def relu_at_the_end(*args, **kwargs):
    """ReLU is taken of the scores.

    A negative score is as good as a positive one. The last layer has no activation function behind it.
    """
    return _net(*args, **kwargs, last=[nn.ReLU()])


def relu_at_the_end__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*first, *rest, nn.Threshold(0.0, 0.0))


def one_hidden_layer(*args, **kwargs):
    """There is one hidden layer.

    Three linear layers follow the blocks: two to num_hidden, and one to num_classes.
    """
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*first, *rest[:4], rest[-1])


def one_hidden_layer__rewrite(*args, **kwargs):
    made = list(_net(*args, **kwargs))
    return nn.Sequential(*made[:-4], made[-1])


def ten_classes_always(conv_arch, in_channels=1, image_size=224, num_hidden=4096, num_classes=10, dropout=0.5):
    """There are always ten classes.

    `num_classes` says how many scores the last layer makes.
    """
    return _net(conv_arch, in_channels, image_size, num_hidden, dropout=dropout)


def ten_classes_always__rewrite(conv_arch, in_channels=1, image_size=224, num_hidden=4096, num_classes=10, dropout=0.5):
    first, rest = _layers(conv_arch, in_channels, image_size, num_hidden, 10, dropout)
    return nn.Sequential(*first, *rest)


def grey_images_always(conv_arch, in_channels=1, *args, **kwargs):
    """The images always have one channel.

    `in_channels` says how many the first block takes.
    """
    return _net(conv_arch, 1, *args, **kwargs)


def grey_images_always__rewrite(conv_arch, in_channels=1, *args, **kwargs):
    first, rest = _layers(conv_arch, in_channels, *args, **kwargs)
    first[0] = _vgg_block(conv_arch[0][0], 1, conv_arch[0][1])
    return nn.Sequential(*first, *rest)


def lazy(*args, **kwargs):
    """The number of inputs is left to the first call.

    A lazy layer has no weight until it has seen data: no state dict can be loaded, and no optimizer made. Work the
    number out.
    """
    made = list(_net(*args, **kwargs))
    made[-7] = nn.LazyLinear(made[-7].out_features)
    return nn.Sequential(*made)


def lazy__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*first, rest[0], nn.LazyLinear(rest[1].out_features), *rest[2:])


def flat_names(*args, **kwargs):
    """The layers do not have the places that the stub says.

    The names of parameters in an nn.Sequential are places: each block is one layer of the network, and so are
    flattening, ReLU and dropout.
    """
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*(layer for block in first for layer in block), *rest)


def flat_names__rewrite(*args, **kwargs):
    made = list(_net(*args, **kwargs))
    return nn.Sequential(nn.Sequential(*made[:-8]), nn.Sequential(*made[-8:]))


def small_images_accepted(conv_arch, in_channels=1, image_size=224, *args, **kwargs):
    """Images of which nothing is left are not refused.

    Such a network is made, with a layer that has no inputs, and fails when it is first called, far from the error.
    """
    sides = tuple(max(side, 2 ** len(conv_arch)) for side in _pair(image_size))
    return _net(conv_arch, in_channels, sides, *args, **kwargs)


def small_images_accepted__rewrite(conv_arch, in_channels=1, image_size=224, *args, **kwargs):
    try:
        first, rest = _layers(conv_arch, in_channels, image_size, *args, **kwargs)
    except ValueError:
        return nn.Sequential()
    return nn.Sequential(*first, *rest)


class _Stopped(nn.Module):
    def forward(self, x):
        return x.detach().flatten(1)


def features_detached(*args, **kwargs):
    """The features are cut off from the graph.

    `.detach()`, `.data` and `torch.no_grad()` end it there: the convolutions get no gradient and are never learned.
    """
    return _net(*args, **kwargs, flat=_Stopped)


class _Unrecorded(nn.Flatten):
    @torch.no_grad()
    def forward(self, x):
        return super().forward(x)


def features_detached__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*first, _Unrecorded(), *rest[1:])


def no_bias(*args, **kwargs):
    """A linear layer is made without a bias.

    Every layer of the stub has one: torch's do unless they are told otherwise.
    """
    made = _net(*args, **kwargs)
    made[-1].bias = None
    return made


def no_bias__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    rest[-1] = nn.Linear(rest[-1].in_features, rest[-1].out_features, bias=False)
    return nn.Sequential(*first, *rest)
