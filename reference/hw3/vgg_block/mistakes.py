"""Ways in which vgg_block goes wrong. The mistakes change `block`, the rewrites `again`."""

import torch
from parts import again as _again
from parts import block as _block
from parts import convolution as _convolution
from torch import nn


def channels_not_handed_on(num_convs, in_channels, out_channels):
    """Every convolution takes the channels of the block's input.

    The second one gets what the first one gives: from then on there are out_channels.
    """
    layers = []
    for _ in range(num_convs):
        layers += [_convolution(in_channels, out_channels), nn.ReLU()]
    return nn.Sequential(*layers, nn.MaxPool2d(2))


def channels_not_handed_on__rewrite(num_convs, in_channels, out_channels):
    return _block(num_convs, in_channels, out_channels, convolve=lambda a, b: _convolution(in_channels, b))


def one_convolution(num_convs, in_channels, out_channels):
    """There is always one convolution.

    `num_convs` says how many there are, each with a ReLU.
    """
    return _block(1, in_channels, out_channels)


def one_convolution__rewrite(num_convs, in_channels, out_channels):
    first, act, *_, pool = _again(num_convs, in_channels, out_channels)
    return nn.Sequential(first, act, pool)


def weights_shared(num_convs, in_channels, out_channels):
    """The same convolution is used again and again.

    A list that is multiplied holds one layer several times. Make a new one in every round of the loop.
    """
    first, second = _convolution(in_channels, out_channels), _convolution(out_channels, out_channels)
    layers = [first, nn.ReLU()] + [second, nn.ReLU()] * (num_convs - 1)
    return nn.Sequential(*layers, nn.MaxPool2d(2))


def weights_shared__rewrite(num_convs, in_channels, out_channels):
    layers = _again(num_convs, in_channels, out_channels)
    for place in range(4, len(layers) - 1, 2):
        layers[place] = layers[2]
    return nn.Sequential(*layers)


def no_padding(num_convs, in_channels, out_channels):
    """The convolutions make the image smaller.

    A kernel of 3 by 3 needs padding 1 to keep the size.
    """
    return _block(num_convs, in_channels, out_channels, convolve=lambda a, b: nn.Conv2d(a, b, 3))


def no_padding__rewrite(num_convs, in_channels, out_channels):
    layers = _again(num_convs, in_channels, out_channels)
    for layer in layers[:-1:2]:
        layer.padding = (0, 0)
    return nn.Sequential(*layers)


def larger_kernels(num_convs, in_channels, out_channels):
    """The kernels are not 3 by 3.

    That they are so small is the idea of the network: several of them, one behind the other, see as much as a
    large one.
    """
    return _block(num_convs, in_channels, out_channels, convolve=lambda a, b: nn.Conv2d(a, b, 5, padding=2))


def larger_kernels__rewrite(num_convs, in_channels, out_channels):
    layers = _again(num_convs, in_channels, out_channels)
    for place in range(0, len(layers) - 1, 2):
        layers[place] = nn.Conv2d(layers[place].in_channels, out_channels, 1)
    return nn.Sequential(*layers)


def no_activation(num_convs, in_channels, out_channels):
    """There is no ReLU behind the convolutions.

    Convolutions without anything between them are one. Each has a ReLU behind it.
    """
    return _block(num_convs, in_channels, out_channels, act=nn.Identity)


def no_activation__rewrite(num_convs, in_channels, out_channels):
    layers = _again(num_convs, in_channels, out_channels)
    return nn.Sequential(*(nn.Identity() if isinstance(layer, nn.ReLU) else layer for layer in layers))


def one_activation(num_convs, in_channels, out_channels):
    """There is one ReLU for all convolutions.

    Each convolution has a ReLU behind it: it is added in the loop.
    """
    layers = _again(num_convs, in_channels, out_channels)
    return nn.Sequential(*layers[:-1:2], nn.ReLU(), layers[-1])


def one_activation__rewrite(num_convs, in_channels, out_channels):
    net = nn.Sequential()
    for number in range(num_convs):
        net.append(_convolution(out_channels if number else in_channels, out_channels))
    return net.append(nn.ReLU()).append(nn.MaxPool2d(2, 2))


def sigmoid_for_relu(num_convs, in_channels, out_channels):
    """The sigmoid is used instead of ReLU.

    Behind many layers hardly any gradient is left of it.
    """
    return _block(num_convs, in_channels, out_channels, act=nn.Sigmoid)


def sigmoid_for_relu__rewrite(num_convs, in_channels, out_channels):
    layers = _again(num_convs, in_channels, out_channels)
    layers[1:-1:2] = [nn.Sigmoid() for _ in range(num_convs)]
    return nn.Sequential(*layers)


def pooled_every_time(num_convs, in_channels, out_channels):
    """Pooling follows every convolution.

    It halves the image once, at the end of the block.
    """
    layers = []
    for number in range(num_convs):
        layers += [*_block(1, out_channels if number else in_channels, out_channels)]
    return nn.Sequential(*layers)


def pooled_every_time__rewrite(num_convs, in_channels, out_channels):
    layers = _again(num_convs, in_channels, out_channels)
    pooled = nn.Sequential()
    for place, layer in enumerate(layers[:-1]):
        pooled.append(layer)
        if place % 2:
            pooled.append(nn.MaxPool2d(2))
    return pooled


def not_pooled(num_convs, in_channels, out_channels):
    """There is no pooling at the end.

    The last layer of a block is max pooling, which halves the image.
    """
    return _block(num_convs, in_channels, out_channels, pool=nn.Identity)


def not_pooled__rewrite(num_convs, in_channels, out_channels):
    return nn.Sequential(*_again(num_convs, in_channels, out_channels)[:-1])


def means_for_maxima(num_convs, in_channels, out_channels):
    """Pooling takes means instead of maxima.

    The last layer of a block is max pooling.
    """
    return _block(num_convs, in_channels, out_channels, pool=lambda: nn.AvgPool2d(2))


def means_for_maxima__rewrite(num_convs, in_channels, out_channels):
    layers = _again(num_convs, in_channels, out_channels)
    layers[-1] = nn.AvgPool2d((2, 2), stride=(2, 2))
    return nn.Sequential(*layers)


def windows_overlap(num_convs, in_channels, out_channels):
    """The windows of the pooling move by one.

    They do not overlap: a window of 2 by 2 moves by 2, which halves the image.
    """
    return _block(num_convs, in_channels, out_channels, pool=lambda: nn.MaxPool2d(2, 1))


def windows_overlap__rewrite(num_convs, in_channels, out_channels):
    layers = _again(num_convs, in_channels, out_channels)
    layers[-1].stride = 1
    return nn.Sequential(*layers)


def rounded_up(num_convs, in_channels, out_channels):
    """The last row or column of an odd number is pooled by itself.

    The size is rounded down: a window that does not fit is left out. Leave ceil_mode as it is.
    """
    return _block(num_convs, in_channels, out_channels, pool=lambda: nn.MaxPool2d(2, ceil_mode=True))


def rounded_up__rewrite(num_convs, in_channels, out_channels):
    layers = _again(num_convs, in_channels, out_channels)
    layers[-1].ceil_mode = True
    return nn.Sequential(*layers)


def too_many_layers(num_convs, in_channels, out_channels):
    """There are more layers with parameters than the stub says.

    A block has num_convs convolutions, of which the first one is one, and nothing else that learns: batch normalisation
    came a little later.
    """
    return _block(num_convs + 1, in_channels, out_channels)


def too_many_layers__rewrite(num_convs, in_channels, out_channels):
    layers = _again(num_convs, in_channels, out_channels)
    return nn.Sequential(*layers[:-1], nn.BatchNorm2d(out_channels), layers[-1])


def no_bias(num_convs, in_channels, out_channels):
    """The convolutions are made without biases.

    Every convolution of the stub has one: torch's do unless they are told otherwise.
    """
    return _block(num_convs, in_channels, out_channels, convolve=lambda a, b: nn.Conv2d(a, b, 3, padding=1, bias=False))


def no_bias__rewrite(num_convs, in_channels, out_channels):
    layers = _again(num_convs, in_channels, out_channels)
    for layer in layers[:-1:2]:
        layer.register_parameter("bias", None)
    return nn.Sequential(*layers)


def a_list(num_convs, in_channels, out_channels):
    """The layers are returned in a list.

    A list cannot be called and holds no parameters. nn.Sequential makes one module of its layers; the star
    unpacks a list.
    """
    return list(_block(num_convs, in_channels, out_channels))


def a_list__rewrite(num_convs, in_channels, out_channels):
    return _again(num_convs, in_channels, out_channels)


def not_unpacked(num_convs, in_channels, out_channels):
    """nn.Sequential is given a list.

    It takes its layers one by one: the star unpacks a list.
    """
    return nn.Sequential(list(_block(num_convs, in_channels, out_channels)))


def not_unpacked__rewrite(num_convs, in_channels, out_channels):
    layers = _again(num_convs, in_channels, out_channels)
    return nn.Sequential(layers[:-1], layers[-1])


def blocks_inside(num_convs, in_channels, out_channels):
    """The convolutions are nested, or have other names than the stub says.

    The names of parameters in an nn.Sequential are places. Put all layers into one, in the order of the stub.
    """
    *layers, pool = _again(num_convs, in_channels, out_channels)
    return nn.Sequential(nn.Sequential(*layers), pool)


def blocks_inside__rewrite(num_convs, in_channels, out_channels):
    net = nn.Sequential()
    for place, layer in enumerate(_again(num_convs, in_channels, out_channels)):
        net.add_module(f"layer{place}", layer)
    return net


class _Stopped(nn.Module):
    def forward(self, x):
        return x.detach()


def gradient_stopped(num_convs, in_channels, out_channels):
    """The gradient does not reach the convolutions.

    `.detach()`, `.data` and `torch.no_grad()` end the graph, and what lies before is never learned.
    """
    return _block(num_convs, in_channels, out_channels, pool=lambda: nn.Sequential(nn.MaxPool2d(2), _Stopped()))


class _Pooled(nn.Module):
    @torch.no_grad()
    def forward(self, x):
        return nn.functional.max_pool2d(x, 2)


def gradient_stopped__rewrite(num_convs, in_channels, out_channels):
    return nn.Sequential(*_again(num_convs, in_channels, out_channels)[:-1], _Pooled())
