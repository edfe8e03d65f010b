"""Correct networks that can be changed: `net` by exchanging a part, `layers` as lists that may be changed."""

from torch import nn


def vgg_block(num_convs, in_channels, out_channels):
    layers = []
    for number in range(num_convs):
        layers += [nn.Conv2d(out_channels if number else in_channels, out_channels, 3, padding=1), nn.ReLU()]
    return nn.Sequential(*layers, nn.MaxPool2d(2))


def pair(size):
    return (size, size) if isinstance(size, int) else tuple(size)


def left(conv_arch, image_size):
    """Channels, height and width behind the last block."""
    height, width = (side >> len(conv_arch) for side in pair(image_size))
    if not height or not width:
        raise ValueError("the images are too small")
    return conv_arch[-1][1], height, width


def blocks(conv_arch, in_channels):
    made = []
    for num_convs, out_channels in conv_arch:
        made.append(vgg_block(num_convs, in_channels, out_channels))
        in_channels = out_channels
    return made


def product(sizes):
    channels, height, width = sizes
    return channels * height * width


def net(conv_arch, in_channels=1, image_size=224, num_hidden=4096, num_classes=10, dropout=0.5, *, begin=blocks,
        remains=left, inputs=product, flat=nn.Flatten, act=nn.ReLU, drop=nn.Dropout, last=()):  # fmt: skip
    """The network with one of its parts exchanged; `last` comes behind everything."""
    features = inputs(remains(conv_arch, image_size))
    return nn.Sequential(
        *begin(conv_arch, in_channels),
        flat(),
        nn.Linear(features, num_hidden),
        act(),
        drop(dropout),
        nn.Linear(num_hidden, num_hidden),
        act(),
        drop(dropout),
        nn.Linear(num_hidden, num_classes),
        *last,
    )


def layers(conv_arch, in_channels=1, image_size=224, num_hidden=4096, num_classes=10, dropout=0.5):
    """The blocks, and what comes behind them, as two lists."""
    height, width = image_size if isinstance(image_size, tuple) else (image_size,) * 2
    channels = [in_channels, *(out_channels for _, out_channels in conv_arch)]
    first = [vgg_block(count, channels[i], channels[i + 1]) for i, (count, _) in enumerate(conv_arch)]
    for _ in conv_arch:
        height, width = height // 2, width // 2
    if min(height, width) < 1:
        raise ValueError(f"nothing is left of {image_size}")
    rest = [nn.Flatten()]
    for features in (channels[-1] * height * width, num_hidden):
        rest += [nn.Linear(features, num_hidden), nn.ReLU(inplace=True), nn.Dropout(dropout)]
    return first, [*rest, nn.Linear(num_hidden, num_classes)]
