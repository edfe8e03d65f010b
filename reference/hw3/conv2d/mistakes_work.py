"""Ways in which conv2d computes or holds more than it has to: they are right, and slow on large inputs."""

import torch
from elementwise import pad as _pad
from elementwise import plus as _plus
from elementwise import size as _size
from variants import gather_and_multiply as _gather
from variants import unfold_and_einsum as _conv2d
from windows import pair as _pair


def groups_as_one_kernel(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The groups are computed as one large kernel that is full of zeros.

    With G groups, all but one in G of its products are with zeros: G times the work. Give the channels two axes, one
    for the groups and one for the channels of a group, and let the product run over the second alone.
    """
    outputs, per_group = weight.shape[0] // groups, weight.shape[1]
    whole = weight.new_zeros(weight.shape[0], x.shape[1], *weight.shape[2:])
    for g in range(groups):
        own = slice(g * outputs, (g + 1) * outputs)
        whole[own, g * per_group : (g + 1) * per_group] = weight[own]
    return _conv2d(x, whole, bias, stride, padding, dilation, 1)


def groups_as_one_kernel__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    seen = torch.arange(x.shape[1], device=x.device) // weight.shape[1]
    own = torch.arange(weight.shape[0], device=x.device) // (weight.shape[0] // groups)
    whole = torch.where((own[:, None] == seen)[..., None, None], weight.repeat(1, groups, 1, 1), 0.0)
    return _gather(x, whole, bias, stride, padding, dilation, 1)


def stride_afterwards(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Every window is computed, and with a stride most of the results are thrown away.

    With stride 2 three quarters of the work are in vain. A slice with a step takes just the pixels that the windows of
    the answer meet.
    """
    (sh, sw), everything = _pair(stride), _conv2d(x, weight, bias, 1, padding, dilation, groups)
    return everything[:, :, ::sh, ::sw].contiguous()


def stride_afterwards__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    everything = _gather(x, weight, None, 1, padding, dilation, groups)
    for axis, step in zip((2, 3), _pair(stride)):
        kept = torch.arange(0, everything.shape[axis], step, device=x.device)
        everything = everything.index_select(axis, kept)
    return _plus(everything, bias)


def holes_in_the_kernel(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """For the dilation the kernel is stretched, with zeros between its elements, and the zeros are multiplied too.

    With dilation 2 a kernel of nine elements becomes one of 25. Step over the pixels instead: the kernel element (a, b)
    meets the pixels from (a * dilation, b * dilation) on.
    """
    dh, dw = _pair(dilation)
    kh, kw = weight.shape[2:]
    stretched = weight.new_zeros(*weight.shape[:2], dh * (kh - 1) + 1, dw * (kw - 1) + 1)
    stretched[:, :, ::dh, ::dw] = weight
    return _conv2d(x, stretched, bias, stride, padding, 1, groups)


def holes_in_the_kernel__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    for axis, step in zip((2, 3), _pair(dilation)):
        rows = [weight.narrow(axis, place, 1) for place in range(weight.shape[axis])]
        hole = torch.zeros_like(rows[0])
        spread = [part for row in rows for part in (row, *[hole] * (step - 1))]
        weight = torch.cat(spread[: len(spread) - step + 1], dim=axis)
    return _gather(x, weight, bias, stride, padding, 1, groups)


def _answer(x, matrix, weight, groups, size):
    """The pixels of each group of x times its matrix (G, C_out / G, C_in / G, pixels in, pixels out)."""
    pixels = x.reshape(x.shape[0], groups, weight.shape[1], x.shape[2] * x.shape[3])
    return torch.einsum("ngcp,gocpq->ngoq", pixels, matrix).reshape(x.shape[0], weight.shape[0], *size)


def matrix_of_the_image(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The convolution is written as one matrix from all pixels to all pixels.

    It has an entry for every pair of pixels, nearly all of them zero, so that an image of twice the side takes sixteen
    times the work. A window meets its own few pixels: take these, by a slice for each kernel element.
    """
    x, (sh, sw), (dh, dw) = _pad(x, padding), _pair(stride), _pair(dilation)
    height, width = x.shape[2:]
    rows, columns = _size(x, weight, (sh, sw), (dh, dw))
    to = torch.arange(rows * columns, device=x.device)
    top, left = to // columns * sh, to % columns * sw
    kernels = weight.unflatten(0, (groups, -1))
    matrix = weight.new_zeros(*kernels.shape[:3], height * width, rows * columns)
    for a in range(weight.shape[2]):
        for b in range(weight.shape[3]):
            seen = (top + a * dh) * width + left + b * dw
            matrix[..., seen, to] = kernels[..., a, b].unsqueeze(-1)
    return _plus(_answer(x, matrix, weight, groups, (rows, columns)), bias)


def matrix_of_the_image__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    x = _pad(x, padding)
    height, width = x.shape[2:]
    units = torch.eye(height * width, dtype=x.dtype, device=x.device).reshape(-1, 1, height, width)
    each = weight.reshape(-1, 1, *weight.shape[2:])
    answers = _gather(units, each, None, stride, 0, dilation, 1)
    size = answers.shape[2:]
    matrix = answers.flatten(2).transpose(0, 1).unflatten(0, (groups, -1, weight.shape[1]))
    return _plus(_answer(x, matrix, weight, groups, size), bias)


def every_product_held(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """All products are held at one time, and added up only then.

    There is one for each output element, input channel and kernel element: with 64 channels in and out as much as 576
    answers. einsum and matrix products add up as they go; or add the share of one kernel element after another.
    """
    (sh, sw), (dh, dw), x = _pair(stride), _pair(dilation), _pad(x, padding)
    for axis, step in ((2, sh), (3, sw)):
        x = x.unfold(axis, (dh, dw)[axis - 2] * (weight.shape[axis] - 1) + 1, step)
    windows = x[..., ::dh, ::dw].unflatten(1, (groups, 1, weight.shape[1]))
    products = windows * weight.unflatten(0, (groups, -1))[:, :, :, None, None]
    return _plus(products.sum((3, 6, 7)).flatten(1, 2), bias)


def every_product_held__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sh, sw), (dh, dw), x = _pair(stride), _pair(dilation), _pad(x, padding)
    rows, columns = _size(x, weight, (sh, sw), (dh, dw))
    kernels = weight.unflatten(0, (groups, -1))
    shares = []
    for a in range(weight.shape[2]):
        for b in range(weight.shape[3]):
            seen = x[:, :, a * dh :: sh, b * dw :: sw][:, :, :rows, :columns].unflatten(1, (groups, -1))
            shares.append(seen.unsqueeze(2) * kernels[:, :, :, a, b, None, None])
    return _plus(torch.stack(shares).sum((0, 4)).flatten(1, 2), bias)
