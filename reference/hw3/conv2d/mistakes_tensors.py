"""Ways in which conv2d goes wrong with tensors: their memory, dtype, device, gradient and what they may hold."""

import torch
from elementwise import buffer_size as _buffer_size
from elementwise import elementwise as _elementwise
from elementwise import pad as _pad
from elementwise import plus as _plus
from elementwise import size as _size
from variants import gather_and_multiply as _gather
from variants import unfold_and_einsum as _conv2d
from windows import pair as _pair


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


def nan_hidden(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Where the window meets a NaN, the answer is a number.

    A NaN says that something went wrong before. `torch.nan_to_num`, or another way to put numbers in the place of NaN,
    hides the error and lets it be learned. Return the sums as they are.
    """
    return torch.nan_to_num(_conv2d(x, weight, bias, stride, padding, dilation, groups))


def nan_hidden__rewrite(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    out = _gather(x, weight, bias, stride, padding, dilation, groups)
    return out.masked_fill(out != out, 0.0)
