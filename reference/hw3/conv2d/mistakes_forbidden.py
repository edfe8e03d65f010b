"""Ways in which conv2d does what the exercise forbids: torch's own convolution and windows, Python loops."""

import torch
import torch.nn.functional as F
from elementwise import pad as _pad
from elementwise import plus as _plus
from elementwise import size as _size
from variants import gather_and_multiply as _gather
from variants import unfold_and_einsum as _conv2d
from windows import contract as _contract
from windows import pair as _pair


def torch_convolution(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """torch's own convolution does the work.

    The exercise is to build it, from slices, products and sums.
    """
    return F.conv2d(x, weight, bias, stride, padding, dilation, groups)


def torch_convolution__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    return torch.conv2d(x, weight, bias=bias, stride=stride, padding=padding, dilation=dilation, groups=groups)


def torch_unfold(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """`F.unfold` cuts out the windows.

    Taking the windows, with stride, padding and dilation, is what this exercise is about: do it with slices, indices
    or the method `Tensor.unfold`.
    """
    size = _size(_pad(x, padding), weight, _pair(stride), _pair(dilation))
    n, c = x.shape[:2]
    columns = F.unfold(x, weight.shape[2:], dilation, padding, stride)
    windows = columns.reshape(n, c, *weight.shape[2:], *size).permute(0, 1, 4, 5, 2, 3)
    return _plus(_contract(windows, weight, groups), bias)


def torch_unfold__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    rows, across = _size(_pad(x, padding), weight, _pair(stride), _pair(dilation))
    cut = torch.nn.Unfold(tuple(weight.shape[2:]), dilation=dilation, padding=padding, stride=stride)
    matrix = cut(x).reshape(x.shape[0], groups, weight[0].numel(), rows * across)
    out = weight.reshape(groups, -1, weight[0].numel()) @ matrix
    return _plus(out.reshape(x.shape[0], weight.shape[0], rows, across), bias)


def loop_over_batch(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """A Python loop runs over the batch.

    A batch is there to be computed at once: leave the first axis in the slice, and let einsum or the matrix product
    carry it along.
    """
    out = x.new_zeros(x.shape[0], weight.shape[0], *_size(_pad(x, padding), weight, _pair(stride), _pair(dilation)))
    for n in range(x.shape[0]):
        out[n] = _conv2d(x[n : n + 1], weight, bias, stride, padding, dilation, groups)[0]
    return out


def loop_over_batch__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    images = x.split(1) if len(x) else [x]
    return torch.cat([_gather(image, weight, bias, stride, padding, dilation, groups) for image in images])


def loop_over_batch_with_options(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """With some of the options a Python loop runs over the batch.

    Stride, padding, dilation and groups are the same for every image: leave the batch axis in the slice, and let
    einsum or the matrix product carry it along.
    """
    convolve = loop_over_batch if groups > 1 else _conv2d
    return convolve(x, weight, bias, stride, padding, dilation, groups)


def loop_over_batch_with_options__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    if (groups, len(x)) < (2, 2):
        return _gather(x, weight, bias, stride, padding, dilation, groups)
    parts = [_gather(image[None], weight, None, stride, padding, dilation, groups) for image in x]
    return _plus(torch.cat(parts), bias)


def loop_over_pixels_with_options(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """With some of the options a Python loop runs over rows, columns or pixels of the output.

    A slice has a step: `image[..., start:stop:stride]` takes what one kernel element meets in all windows, with any
    stride, padding and dilation.
    """
    convolve = _conv2d if _pair(stride) == (1, 1) else loop_over_pixels
    return convolve(x, weight, bias, stride, padding, dilation, groups)


def loop_over_pixels_with_options__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sh, sw), (dh, _), padded = _pair(stride), _pair(dilation), _pad(x, padding)
    if sh == sw == 1:
        return _gather(x, weight, bias, 1, padding, dilation, groups)
    rows, span = _size(padded, weight, (sh, sw), _pair(dilation))[0], dh * (weight.shape[2] - 1) + 1
    lines = [padded[:, :, i * sh : i * sh + span] for i in range(rows)]
    return torch.cat([_gather(line, weight, bias, (1, sw), 0, dilation, groups) for line in lines], dim=2)


def loop_over_pixels(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """A Python loop runs over rows, columns or pixels of the output.

    An image has thousands of them, and a kernel nine elements. Turn the loops around: one slice of the image for each
    kernel element.
    """
    (sh, sw), (dh, dw), x = _pair(stride), _pair(dilation), _pad(x, padding)
    out = x.new_zeros(x.shape[0], weight.shape[0], *_size(x, weight, (sh, sw), (dh, dw)))
    kh, kw = dh * (weight.shape[2] - 1) + 1, dw * (weight.shape[3] - 1) + 1
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            window = x[:, :, i * sh : i * sh + kh : dh, j * sw : j * sw + kw : dw]
            out[:, :, i, j] = _contract(window[:, :, None, None], weight, groups)[:, :, 0, 0]
    return _plus(out, bias)


def loop_over_pixels__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    x = _pad(x, padding)
    (rows, columns), (sh, sw), (dh, dw) = (
        _size(x, weight, _pair(stride), _pair(dilation)),
        _pair(stride),
        _pair(dilation),
    )
    lines = []
    for top in range(0, rows * sh, sh):
        strip = x[:, :, top : top + dh * (weight.shape[2] - 1) + 1]
        windows = [strip[..., left : left + dw * (weight.shape[3] - 1) + 1] for left in range(0, columns * sw, sw)]
        lines.append(torch.cat([_gather(window, weight, bias, 1, 0, dilation, groups) for window in windows], dim=3))
    return torch.cat(lines, dim=2)


def loop_over_outputs(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """A Python loop runs over the output channels.

    A layer has hundreds of them. One einsum or matrix product with all kernels at once gives every channel.
    """
    each, seen = weight.shape[0] // groups, weight.shape[1]
    channels = []
    for o in range(weight.shape[0]):
        block = x[:, o // each * seen : (o // each + 1) * seen]
        channels.append(_conv2d(block, weight[o : o + 1], None, stride, padding, dilation, 1))
    return _plus(torch.cat(channels, dim=1), bias)


def loop_over_outputs__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    blocks = x.chunk(groups, dim=1)
    out = [
        _gather(block, kernel[None], None, stride, padding, dilation, 1)[:, 0]
        for block, kernels in zip(blocks, weight.chunk(groups))
        for kernel in kernels
    ]
    return _plus(torch.stack(out, dim=1), bias)
