"""Ways in which conv2d goes wrong."""

import math

import torch
import torch.nn.functional as F
from variants import gather_and_multiply as _gather
from variants import unfold_and_einsum as _conv2d
from windows import contract as _contract
from windows import pair as _pair


def _size(x, weight, stride, dilation):
    return [(x.shape[2 + k] - dilation[k] * (weight.shape[2 + k] - 1) - 1) // stride[k] + 1 for k in (0, 1)]


def _seen(x, place, size, stride, dilation):
    """The pixels that one kernel element meets."""
    (a, b), (rows, columns), (sh, sw), (dh, dw) = place, size, stride, dilation
    return x[:, :, a * dh : a * dh + (rows - 1) * sh + 1 : sh, b * dw : b * dw + (columns - 1) * sw + 1 : sw]


def _elementwise(out, x, weight, stride, dilation, groups, start=0):
    """Adds the share of one kernel element after another to out, (N, G, C_out / G, H_out, W_out), in place."""
    kernels = weight.unflatten(0, (groups, -1))
    for a in range(weight.shape[2]):
        for b in range(weight.shape[3]):
            seen = _seen(x, (a, b), out.shape[-2:], stride, dilation).unflatten(1, (groups, weight.shape[1]))
            out += torch.einsum("ngchw,goc->ngohw", seen, kernels[..., a, b]) + start
    return out.flatten(1, 2)


def _buffer_size(x, weight, stride, dilation, groups):
    return (x.shape[0], groups, weight.shape[0] // groups, *_size(x, weight, stride, dilation))


def _pad(x, padding):
    top, left = _pair(padding)
    return F.pad(x, (left, left, top, top))


def _plus(out, bias):
    return out if bias is None else out + bias.view(1, -1, 1, 1)


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
    return _gather(x, weight, bias, 1, padding, dilation, groups)[:, :, ::down, ::right]


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
    wide = weight.new_zeros(
        *weight.shape[:2], down * (weight.shape[2] - 1) + 1, right * (weight.shape[3] - 1) + 1
    )
    wide[:, :, ::down, ::right] = weight
    windows = x.unfold(2, wide.shape[2], rows).unfold(3, wide.shape[3], columns).unflatten(1, (groups, weight.shape[1]))
    out = torch.einsum("ngchwab,gocab->ngohw", windows, wide.unflatten(0, (groups, -1)))
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


def empty_batch_refused(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """An empty batch raises an error.

    Often a -1 in `reshape` or `view` is the reason: without elements torch cannot work out what it stands for. The
    size is known: write it.
    """
    out = _conv2d(x, weight, bias, stride, padding, dilation, groups)
    flat = out.reshape(out.shape[0], -1)
    return flat.reshape(out.shape)


def empty_batch_refused__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    x = x.reshape(x.shape[0], -1, x.shape[2], x.shape[3])
    return _gather(x, weight, bias, stride, padding, dilation, groups)


def needs_contiguous(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """`view` is used on an input that may not be contiguous.

    `view` cannot join axes whose elements are not neighbours in memory. `reshape` copies where it must.
    """
    n, c, height, width = x.shape
    return _conv2d(x.view(n, c, height * width).view(x.shape), weight, bias, stride, padding, dilation, groups)


def needs_contiguous__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    flat = x.view(x.shape[0], x.shape[1], x.shape[2] * x.shape[3])
    return _gather(flat.unflatten(2, x.shape[2:]), weight, bias, stride, padding, dilation, groups)


def uninitialised_result(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The sum starts from memory that was never set.

    `torch.empty` holds whatever was there before, which is zero only by luck. A sum starts from `new_zeros`.
    """
    stride, dilation, x = _pair(stride), _pair(dilation), _pad(x, padding)
    out = x.new_empty(_buffer_size(x, weight, stride, dilation, groups))
    return _plus(_elementwise(out, x, weight, stride, dilation, groups), bias)


def uninitialised_result__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    right = _gather(x, weight, bias, stride, padding, dilation, groups)
    return torch.empty(right.shape, dtype=x.dtype, device=x.device) + right


def uninitialised_border(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The border of the padded image is memory that was never set.

    `torch.empty` holds whatever was there before, which is zero only by luck. The padding has to be zeros.
    """
    top, left = _pair(padding)
    n, c, height, width = x.shape
    padded = x.new_empty(n, c, height + 2 * top, width + 2 * left)
    padded[:, :, top : top + height, left : left + width] = x
    return _conv2d(padded, weight, bias, stride, 0, dilation, groups)


def uninitialised_border__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    top, left = _pair(padding)
    side = torch.empty(*x.shape[:3], left, dtype=x.dtype, device=x.device)
    x = torch.cat([side, x, side], dim=3)
    lid = torch.empty_like(x[:, :, :1]).expand(-1, -1, top, -1)
    return _gather(torch.cat([lid, x, lid], dim=2), weight, bias, stride, 0, dilation, groups)


def result_in_default_dtype(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The answer is in single precision, whatever x is.

    Often the result is made with `torch.zeros`, in the default dtype and on the CPU: it can hold neither float64 nor
    what was computed on a GPU. Make it like x: `x.new_zeros(...)`.
    """
    stride, dilation, x = _pair(stride), _pair(dilation), _pad(x, padding)
    out = torch.zeros(_buffer_size(x, weight, stride, dilation, groups))
    return _plus(_elementwise(out, x, weight, stride, dilation, groups), bias)


def result_in_default_dtype__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sh, sw), (dh, dw), x = _pair(stride), _pair(dilation), _pad(x, padding)
    rows, columns = _size(x, weight, (sh, sw), (dh, dw))
    out = torch.zeros(x.shape[0], weight.shape[0], rows, columns)
    for a in range(weight.shape[2]):
        for b in range(weight.shape[3]):
            seen = x[:, :, a * dh :: sh, b * dw :: sw][:, :, :rows, :columns]
            out.add_(_gather(seen, weight[:, :, a : a + 1, b : b + 1], None, 1, 0, 1, groups))
    return _plus(out, bias)


def two_devices(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Where x is on a GPU, tensors on two devices meet.

    Often one that is made inside is on the CPU: `torch.zeros(...)` needs `device=x.device`, or it cannot be added to a
    result on the GPU. `x.new_zeros(...)` gives dtype and device.
    """
    stride, dilation, x = _pair(stride), _pair(dilation), _pad(x, padding)
    out = torch.zeros(_buffer_size(x, weight, stride, dilation, groups), dtype=x.dtype)
    return _plus(_elementwise(out, x, weight, stride, dilation, groups), bias)


def two_devices__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    right = _gather(x, weight, bias, stride, padding, dilation, groups)
    return torch.zeros(right.shape) + right


def through_the_cpu(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Numbers are copied to the host.

    Often the work is done on the CPU and the answer copied back. The copies take longer than the work, and the GPU
    stands still meanwhile. Compute where x and the weight are.
    """
    bias_there = None if bias is None else bias.cpu()
    return _conv2d(x.cpu(), weight.cpu(), bias_there, stride, padding, dilation, groups).to(x.device)


def through_the_cpu__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    host = [tensor.to("cpu") for tensor in (x, weight)]
    return _plus(_gather(*host, None, stride, padding, dilation, groups).to(weight.device), bias)


def padding_edits_x(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The caller's x is changed.

    Assigning to `x.data` changes the tensor itself, and with it whatever else uses it. `x = F.pad(x, ...)` only gives
    the name inside the function to a new tensor.
    """
    x.data = _pad(x.data, padding)
    return _conv2d(x, weight, bias, stride, 0, dilation, groups)


def padding_edits_x__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    padded = _pad(x.detach(), padding).clone()
    setattr(x, "data", padded)
    return _gather(x, weight, bias, stride, 0, dilation, groups)


def weight_data(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The weight is read through `.data` (or detached), so it gets no gradient.

    A kernel without a gradient is never learned. Use the weight itself.
    """
    return _conv2d(x, weight.data, bias, stride, padding, dilation, groups)


def weight_data__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    return _gather(x, weight.detach(), bias, stride, padding, dilation, groups)


def without_gradient(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The answer is cut off from the graph, so no gradient reaches anything.

    Often the work is done under `torch.no_grad()` or the result is detached. Inside a layer the graph is needed;
    `no_grad` is for evaluation, and it is the caller's to decide.
    """
    with torch.no_grad():
        return _conv2d(x, weight, bias, stride, padding, dilation, groups)


def without_gradient__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    return _gather(x, weight, bias, stride, padding, dilation, groups).detach()


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


def nan_hidden(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Where the window meets a NaN, the answer is a number.

    A NaN says that something went wrong before. `torch.nan_to_num`, or another way to put numbers in the place of NaN,
    hides the error and lets it be learned. Return the sums as they are.
    """
    return torch.nan_to_num(_conv2d(x, weight, bias, stride, padding, dilation, groups))


def nan_hidden__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    out = _gather(x, weight, bias, stride, padding, dilation, groups)
    return out.masked_fill(out != out, 0.0)
