"""Ways in which nin_block goes wrong: layers and options. The mistakes change `layers`, the rewrites `Chain`."""

import torch
from pieces import Chain as _Chain
from pieces import layers as _layers
from torch import nn


def stride_on_all(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """All three convolutions have the stride.

    The image gets smaller once, in the first convolution. Those of 1 × 1 have stride 1.
    """
    found = _layers(in_channels, out_channels, kernel_size, strides, padding)
    found[2], found[4] = (nn.Conv2d(out_channels, out_channels, 1, stride=strides) for _ in range(2))
    return nn.Sequential(*found)


def stride_on_all__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    class Block(_Chain):
        def at(self, place, X):
            rows, columns = self[0].stride
            return super().at(place, X[:, :, ::rows, ::columns] if place in (2, 4) else X)

    return Block(in_channels, out_channels, kernel_size, strides, padding)


def padding_on_all(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """All three convolutions have the padding.

    A window of one pixel needs none: padding makes the image larger. Those of 1 × 1 have no padding.
    """
    found = _layers(in_channels, out_channels, kernel_size, strides, padding)
    found[2], found[4] = (nn.Conv2d(out_channels, out_channels, 1, padding=padding) for _ in range(2))
    return nn.Sequential(*found)


def padding_on_all__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    class Block(_Chain):
        def at(self, place, X):
            top, left = self[0].padding
            return super().at(place, nn.functional.pad(X, (left, left, top, top)) if place in (2, 4) else X)

    return Block(in_channels, out_channels, kernel_size, strides, padding)


def options_on_all(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """All three convolutions have the stride and the padding.

    The options belong to the first convolution. Those of 1 × 1 have stride 1 and no padding.
    """
    found = _layers(in_channels, out_channels, kernel_size, strides, padding)
    found[2], found[4] = (nn.Conv2d(out_channels, out_channels, 1, strides, padding) for _ in range(2))
    return nn.Sequential(*found)


def options_on_all__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    block = _Chain(in_channels, out_channels, kernel_size, strides, padding)
    for place in (2, 4):
        block[place].stride, block[place].padding = block[0].stride, block[0].padding
    return block


def stride_ignored(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """The stride does not reach the first convolution.

    `strides` is the step of its window.
    """
    return nn.Sequential(*_layers(in_channels, out_channels, kernel_size, 1, padding))


def stride_ignored__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    block = _Chain(in_channels, out_channels, kernel_size, padding=padding)
    block[0].stride = (1, 1)
    return block


def padding_ignored(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """The padding does not reach the first convolution.

    `padding` rows and columns of zeros are added on both sides.
    """
    return nn.Sequential(*_layers(in_channels, out_channels, kernel_size, strides))


def padding_ignored__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    block = _Chain(in_channels, out_channels, kernel_size, strides)
    block[0].padding = (0, 0)
    return block


def same_padding(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """The first convolution is padded as its window needs it, not as `padding` says.

    With padding 0 the image gets smaller by the window less one, and that is what is asked for.
    """
    sizes = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    around = tuple(size // 2 for size in sizes)
    return nn.Sequential(*_layers(in_channels, out_channels, kernel_size, strides, around))


def same_padding__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    block = _Chain(in_channels, out_channels, kernel_size, strides)
    block[0].padding = (block[0].weight.shape[2] // 2, block[0].weight.shape[3] // 2)
    return block


def stride_and_padding_swapped(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """Stride and padding are given to the convolution in the wrong order.

    By position, the stride comes before the padding. Give them by name, and the order does not matter.
    """
    found = _layers(in_channels, out_channels, kernel_size)
    found[0] = nn.Conv2d(in_channels, out_channels, kernel_size, padding, strides)
    return nn.Sequential(*found)


def stride_and_padding_swapped__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    class Block(_Chain):
        def at(self, place, X):
            if place:
                return super().at(place, X)
            return nn.functional.conv2d(X, self[0].weight, self[0].bias, stride=padding, padding=strides)

    return Block(in_channels, out_channels, kernel_size)


def one_by_one_only_once(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """There is one 1 × 1 convolution, not two.

    The block has three convolutions, each with a ReLU behind it.
    """
    return nn.Sequential(*_layers(in_channels, out_channels, kernel_size, strides, padding)[:4])


def one_by_one_only_once__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    block = _Chain(in_channels, out_channels, kernel_size, strides, padding)
    del block[4:]
    return block


def one_by_one_shared(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """Both 1 × 1 convolutions are the same layer.

    Often a variable holds one, and stands in the nn.Sequential twice. Then they share their weights: make two.
    """
    found = _layers(in_channels, out_channels, kernel_size, strides, padding)
    found[4] = found[2]
    return nn.Sequential(*found)


def one_by_one_shared__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    block = _Chain(in_channels, out_channels, kernel_size, strides, padding)
    block[4].weight, block[4].bias = block[2].weight, block[2].bias
    return block


def large_windows_everywhere(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """All three convolutions have the window of the first.

    That is a VGG block. Here the second and the third see one pixel at a time: 1 × 1.
    """
    found = _layers(in_channels, out_channels, kernel_size, strides, padding)
    found[2], found[4] = (nn.Conv2d(out_channels, out_channels, kernel_size, padding="same") for _ in range(2))
    return nn.Sequential(*found)


def large_windows_everywhere__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    block = _Chain(in_channels, out_channels, kernel_size, strides, padding)
    block[2], block[4] = (nn.Conv2d(out_channels, out_channels, kernel_size) for _ in range(2))
    return block


def pooling_at_the_end(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """There is a max pooling at the end.

    In the whole network it stands between the blocks, and does not belong to them.
    """
    found = _layers(in_channels, out_channels, kernel_size, strides, padding)
    return nn.Sequential(*found, nn.MaxPool2d(2, ceil_mode=True))


def pooling_at_the_end__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    class Block(_Chain):
        def forward(self, X):
            return nn.functional.max_pool2d(super().forward(X), 2, ceil_mode=True)

    return Block(in_channels, out_channels, kernel_size, strides, padding)


def norms_between(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """There are batch normalisations between the layers.

    The block has six layers: three convolutions, and a ReLU behind each.
    """
    found = _layers(in_channels, out_channels, kernel_size, strides, padding)
    found[1::2] = [nn.Sequential(nn.BatchNorm2d(out_channels), nn.ReLU()) for _ in range(3)]
    return nn.Sequential(*found)


def norms_between__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    block = _Chain(in_channels, out_channels, kernel_size, strides, padding)
    block.add_module("norm", nn.BatchNorm2d(out_channels))
    return block


def no_bias(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """A convolution is made without a bias.

    Every convolution of the stub has one, and the state dict has to have it.
    """
    found = _layers(in_channels, out_channels, kernel_size, strides, padding)
    found[0] = nn.Conv2d(in_channels, out_channels, kernel_size, strides, padding, bias=False)
    return nn.Sequential(*found)


def no_bias__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    block = _Chain(in_channels, out_channels, kernel_size, strides, padding)
    block[0].bias = None
    return block


def three_parts(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """The layers have other places, so that their parameters have other names.

    The nn.Sequential has six layers, and they stand side by side in it: convolutions at the places 0, 2 and 4.
    """
    found = _layers(in_channels, out_channels, kernel_size, strides, padding)
    return nn.Sequential(*(nn.Sequential(*found[place : place + 2]) for place in (0, 2, 4)))


def three_parts__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    return nn.Sequential(_Chain(in_channels, out_channels, kernel_size, strides, padding))


def a_list(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """What comes back is no module.

    A list or a tuple of layers cannot be called, and has no parameters. `nn.Sequential(*layers)` makes a module of it.
    """
    return _layers(in_channels, out_channels, kernel_size, strides, padding)


def a_list__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    return tuple(_Chain(in_channels, out_channels, kernel_size, strides, padding))


_made = {}


def made_once(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """Two calls with the same arguments give the same block.

    Then two places of a network share their weights. Make new layers at every call.
    """
    key = (in_channels, out_channels, kernel_size, strides, padding)
    if key not in _made:
        _made[key] = nn.Sequential(*_layers(*key))
    return _made[key]


_ones = {}


def made_once__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    block = _Chain(in_channels, out_channels, kernel_size, strides, padding)
    block[4] = _ones.setdefault(out_channels, block[4])
    return block


def weights_detached(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """Weights are cut off from the graph.

    With `.detach()`, `.data` or `requires_grad=False` they get no gradient and are never learned.
    """

    class Block(_Chain):
        def at(self, place, X):
            if place != 2:
                return super().at(place, X)
            return nn.functional.conv2d(X, self[2].weight.detach(), self[2].bias.detach())

    return Block(in_channels, out_channels, kernel_size, strides, padding)


def weights_detached__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    class Pixels(nn.Conv2d):
        def forward(self, X):
            return torch.einsum("oc,nchw->nohw", self.weight.data[..., 0, 0], X) + self.bias.data.view(-1, 1, 1)

    found = _layers(in_channels, out_channels, kernel_size, strides, padding)
    found[2] = Pixels(out_channels, out_channels, 1)
    return nn.Sequential(*found)


def single_precision(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """The answer is computed in float32, whatever X is.

    A float64 block is to compute in float64. Leave the dtype to X and the parameters.
    """

    class Block(_Chain):
        def forward(self, X):
            return super().forward(X).float()

    return Block(in_channels, out_channels, kernel_size, strides, padding)


def single_precision__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    class Rounded(nn.ReLU):
        def forward(self, X):
            return torch.relu(X.to(torch.float32))

    return nn.Sequential(*_layers(in_channels, out_channels, kernel_size, strides, padding)[:-1], Rounded())
