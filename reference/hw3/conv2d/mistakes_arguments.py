"""Ways in which conv2d goes wrong with its arguments: kernel, bias, stride, padding, dilation and groups."""

import math

import torch
import torch.nn.functional as F
from elementwise import buffer_size as _buffer_size
from elementwise import elementwise as _elementwise
from elementwise import pad as _pad
from elementwise import plus as _plus
from elementwise import size as _size
from variants import gather_and_multiply as _gather
from variants import unfold_and_einsum as _conv2d
from windows import pair as _pair


def flipped_kernel(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The kernel is flipped.

    That is the convolution of signal processing. A convolutional layer multiplies the window with the kernel as it
    is (cross-correlation): leave the flip out.
    """
    return _conv2d(x, weight.flip(-1, -2), bias, stride, padding, dilation, groups)


def flipped_kernel__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    rows = torch.arange(weight.shape[2] - 1, -1, -1)
    columns = torch.arange(weight.shape[3] - 1, -1, -1)
    return _gather(x, weight[:, :, rows][:, :, :, columns], bias, stride, padding, dilation, groups)


def transposed_kernel(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Rows and columns of the kernel are exchanged.

    The third axis of the weight runs down the image and the fourth to the right. Try a kernel that is not square.
    """
    return _conv2d(x, weight.transpose(2, 3), bias, stride, padding, dilation, groups)


def transposed_kernel__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    return _gather(x, torch.einsum("ocab->ocba", weight), bias, stride, padding, dilation, groups)


def bias_ignored(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The bias is not added.

    When a bias is given, its element o is added to the whole output channel o.
    """
    return _conv2d(x, weight, None, stride, padding, dilation, groups)


def bias_ignored__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    return _gather(x, weight, weight.new_zeros(weight.shape[0]), stride, padding, dilation, groups)


def bias_along_columns(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The bias is added along the columns instead of the channels.

    Broadcasting aligns the last axes. Reshape the bias to (1, C_out, 1, 1) before adding it.
    """
    out = _conv2d(x, weight, None, stride, padding, dilation, groups)
    return out if bias is None else out + bias


def bias_along_columns__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    out = _gather(x, weight, None, stride, padding, dilation, groups)
    return out if bias is None else torch.add(out, bias.reshape(1, 1, 1, -1))


def bias_at_every_element(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The bias is added once for every kernel element.

    It belongs behind the loop: each output gets it once, after all products are summed.
    """
    stride, dilation, x = _pair(stride), _pair(dilation), _pad(x, padding)
    out = x.new_zeros(_buffer_size(x, weight, stride, dilation, groups))
    start = 0 if bias is None else bias.view(1, groups, -1, 1, 1)
    return _elementwise(out, x, weight, stride, dilation, groups, start)


def bias_at_every_element__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    times = weight.shape[2] * weight.shape[3]
    return _gather(x, weight, None if bias is None else times * bias, stride, padding, dilation, groups)


def stride_ignored(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The stride is not used.

    Only every stride-th window counts, and the output has as many rows and columns as there are such windows.
    """
    return _conv2d(x, weight, bias, 1, padding, dilation, groups)


def stride_ignored__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    x = _pad(x, padding)
    out = x.new_zeros(_buffer_size(x, weight, (1, 1), _pair(dilation), groups))
    return _plus(_elementwise(out, x, weight, (1, 1), _pair(dilation), groups), bias)


def last_stride_one(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The stride of the columns is taken as 1.

    A stride that is a tuple has a second element, for the columns; a single number stands for both.
    """
    return _conv2d(x, weight, bias, (_pair(stride)[0], 1), padding, dilation, groups)


def last_stride_one__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    down = stride if isinstance(stride, int) else stride[0]
    return _gather(x, weight, bias, 1, padding, dilation, groups)[:, :, ::down, :]


def stride_swapped(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The strides of rows and columns are exchanged.

    In every pair the first number is for the rows (the height), the second for the columns (the width).
    """
    return _conv2d(x, weight, bias, _pair(stride)[::-1], padding, dilation, groups)


def stride_swapped__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    right, down = (stride, stride) if isinstance(stride, int) else stride
    return _gather(x, weight, bias, (down, right), padding, dilation, groups)


def rounded_up(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The output size is rounded up.

    A window that only partly fits does not count: the division by the stride is rounded down (`//`).
    """
    stride, dilation, x = _pair(stride), _pair(dilation), _pad(x, padding)
    spans = [dilation[k] * (weight.shape[2 + k] - 1) + 1 for k in (0, 1)]
    last = [math.ceil((x.shape[2 + k] - spans[k]) / stride[k]) * stride[k] for k in (0, 1)]
    x = F.pad(x, (0, last[1] + spans[1] - x.shape[3], 0, last[0] + spans[0] - x.shape[2]))
    return _conv2d(x, weight, bias, stride, 0, dilation, groups)


def rounded_up__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sh, sw), (dh, dw), x = _pair(stride), _pair(dilation), _pad(x, padding)
    height, width = x.shape[2] - dh * (weight.shape[2] - 1) - 1, x.shape[3] - dw * (weight.shape[3] - 1) - 1
    more = torch.zeros(x.shape[0], x.shape[1], x.shape[2] + sh, x.shape[3] + sw, dtype=x.dtype, device=x.device)
    more[:, :, : x.shape[2], : x.shape[3]] = x
    out = _gather(more, weight, bias, stride, 0, dilation, groups)
    return out[:, :, : 1 - (-height // sh), : 1 - (-width // sw)]


def float_size(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The output size is computed with `/` and is a float.

    Sizes are whole numbers: `//` divides and rounds down.
    """
    stride, dilation, x = _pair(stride), _pair(dilation), _pad(x, padding)
    size = [(x.shape[2 + k] - dilation[k] * (weight.shape[2 + k] - 1) - 1) / stride[k] + 1 for k in (0, 1)]
    out = x.new_zeros(x.shape[0], groups, weight.shape[0] // groups, *size)
    return _plus(_elementwise(out, x, weight, stride, dilation, groups), bias)


def float_size__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    height = (x.shape[2] + 2 * _pair(padding)[0] - _pair(dilation)[0] * (weight.shape[2] - 1) - 1) / _pair(stride)[0]
    out = _gather(x, weight, bias, stride, padding, dilation, groups)
    return torch.stack([out[:, :, i] for i in range(height + 1)], dim=2)


def padding_ignored(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The padding is ignored.

    Add `padding` rows and columns of zeros on both sides before the kernel slides over the input.
    """
    return _conv2d(x, weight, bias, stride, 0, dilation, groups)


def padding_ignored__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (rows, columns), (down, right) = _pair(stride), _pair(dilation)
    spans = down * (weight.shape[2] - 1) + 1, right * (weight.shape[3] - 1) + 1
    windows = x.unfold(2, spans[0], rows).unfold(3, spans[1], columns)[..., ::down, ::right]
    windows = windows.unflatten(1, (groups, weight.shape[1]))
    out = torch.einsum("ngchwab,gocab->ngohw", windows, weight.unflatten(0, (groups, -1)))
    return _plus(out.flatten(1, 2), bias)


def padding_one_side(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Zeros are added at the top and on the left only.

    The padding goes on both sides: the padded image has 2 * padding rows and columns more.
    """
    top, left = _pair(padding)
    return _conv2d(F.pad(x, (left, 0, top, 0)), weight, bias, stride, 0, dilation, groups)


def padding_one_side__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    top, left = _pair(padding)
    padded = x.new_zeros(*x.shape[:2], x.shape[2] + top, x.shape[3] + left)
    padded[:, :, top:, left:] = x
    return _gather(padded, weight, bias, stride, 0, dilation, groups)


def padding_swapped(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The paddings of rows and columns are exchanged.

    The first number of the pair is for the rows. `F.pad`, however, begins with the last axis: (left, right, top,
    bottom).
    """
    top, left = _pair(padding)
    return _conv2d(F.pad(x, (top, top, left, left)), weight, bias, stride, 0, dilation, groups)


def padding_swapped__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    return _gather(x, weight, bias, stride, _pair(padding)[::-1], dilation, groups)


def dilation_ignored(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The dilation is ignored.

    Neighbouring kernel elements meet pixels that lie `dilation` apart; the window grows with it, and the output
    gets smaller.
    """
    return _conv2d(x, weight, bias, stride, padding, 1, groups)


def dilation_ignored__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    dilation = (1, 1)
    return _gather(x, weight, bias, stride, padding, dilation, groups)


def dilation_in_size_only(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The dilation makes the output smaller, but the kernel still meets neighbouring pixels.

    Kernel element (a, b) meets the pixel a * dilation rows below and b * dilation columns right of the window's
    corner.
    """
    stride, dilation, x = _pair(stride), _pair(dilation), _pad(x, padding)
    out = x.new_zeros(_buffer_size(x, weight, stride, dilation, groups))
    return _plus(_elementwise(out, x, weight, stride, (1, 1), groups), bias)


def dilation_in_size_only__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    rows, columns = _size(_pad(x, padding), weight, _pair(stride), _pair(dilation))
    return _gather(x, weight, bias, stride, padding, 1, groups)[:, :, :rows, :columns]


def dilation_times_kernel(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The dilated kernel is thought to span dilation * kernel pixels, which is too many.

    There are only kernel - 1 gaps between its elements: it spans dilation * (kernel - 1) + 1 pixels.
    """
    (sh, sw), (dh, dw), x = _pair(stride), _pair(dilation), _pad(x, padding)
    rows = (x.shape[2] - dh * weight.shape[2]) // sh + 1
    columns = (x.shape[3] - dw * weight.shape[3]) // sw + 1
    out = x.new_zeros(x.shape[0], groups, weight.shape[0] // groups, rows, columns)
    return _plus(_elementwise(out, x, weight, (sh, sw), (dh, dw), groups), bias)


def dilation_times_kernel__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (dh, dw), x = _pair(dilation), _pad(x, padding)
    x = x[:, :, : x.shape[2] - (dh - 1), : x.shape[3] - (dw - 1)]
    return _gather(x, weight, bias, stride, 0, dilation, groups)


def dilation_swapped(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The dilations of rows and columns are exchanged.

    In every pair the first number is for the rows (the height), the second for the columns (the width).
    """
    return _conv2d(x, weight, bias, stride, padding, _pair(dilation)[::-1], groups)


def dilation_swapped__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    right, down = (dilation, dilation) if isinstance(dilation, int) else dilation
    return _gather(x, weight, bias, stride, padding, (down, right), groups)


def groups_see_every_channel(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Every group sees all input channels.

    The weight has C_in / groups input channels because a group sees only its own block of them. Do not repeat it
    until it fits all channels.
    """
    return _conv2d(x, weight.repeat(1, groups, 1, 1), bias, stride, padding, dilation, 1)


def groups_see_every_channel__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    x = x.unflatten(1, (groups, x.shape[1] // groups)).sum(1)
    return _gather(x, weight, bias, stride, padding, dilation, 1)


def groups_take_turns(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The input channels are dealt out to the groups in turn.

    Group 0 gets the first block of C_in / groups channels, group 1 the next. A reshape of the channel axis needs the
    groups first: (groups, C_in / groups).
    """
    n, c, height, width = x.shape
    x = x.reshape(n, c // groups, groups, height, width).transpose(1, 2).reshape(n, c, height, width)
    return _conv2d(x, weight, bias, stride, padding, dilation, groups)


def groups_take_turns__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    x = torch.cat([x[:, g::groups] for g in range(groups)], dim=1)
    return _gather(x, weight, bias, stride, padding, dilation, groups)


def groups_interleaved_in_the_output(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The output channels of the groups are interleaved.

    First come all output channels of group 0, then all of group 1: join the groups' outputs one after another.
    """
    out = _conv2d(x, weight, None, stride, padding, dilation, groups)
    out = out.unflatten(1, (groups, weight.shape[0] // groups)).transpose(1, 2).flatten(1, 2)
    return _plus(out, bias)


def groups_interleaved_in_the_output__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    parts = _gather(x, weight, None, stride, padding, dilation, groups).chunk(groups, dim=1)
    return _plus(torch.stack(parts, dim=2).reshape(x.shape[0], weight.shape[0], *parts[0].shape[2:]), bias)
