"""Other correct conv2d."""

import torch
import torch.nn.functional as F
from windows import contract, pair


def unfold_and_einsum(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """All windows as one view by `Tensor.unfold`, one contraction."""
    stride, (top, left), dilation = pair(stride), pair(padding), pair(dilation)
    x = F.pad(x, (left, left, top, top))
    for axis in (0, 1):
        x = x.unfold(2 + axis, dilation[axis] * (weight.shape[2 + axis] - 1) + 1, stride[axis])
    out = contract(x[..., :: dilation[0], :: dilation[1]], weight, groups)
    return out if bias is None else out + bias[:, None, None]


def strided_and_tensordot(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """All windows as one view by `as_strided`, a tensordot for each group."""
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    n, c, height, width = x.shape
    padded = x.new_zeros(n, c, height + 2 * ph, width + 2 * pw)
    padded[:, :, ph : ph + height, pw : pw + width] = x
    kh, kw = weight.shape[2:]
    rows = (padded.shape[2] - dh * (kh - 1) - 1) // sh + 1
    columns = (padded.shape[3] - dw * (kw - 1) - 1) // sw + 1
    n_, c_, h_, w_ = padded.stride()
    windows = padded.as_strided((n, c, rows, columns, kh, kw), (n_, c_, h_ * sh, w_ * sw, h_ * dh, w_ * dw))
    parts = zip(windows.split(c // groups, 1), weight.split(weight.shape[0] // groups), strict=True)
    out = torch.cat([torch.tensordot(part, kernels, ([1, 4, 5], [1, 2, 3])) for part, kernels in parts], -1)
    out = out.permute(0, 3, 1, 2)
    return out if bias is None else out + bias[None, :, None, None]


def gather_and_multiply(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The windows gathered by flat index into the columns of a matrix, one batched matrix product."""
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    x = F.pad(x, (pw, pw, ph, ph))
    n, c, height, width = x.shape
    o, per_group, kh, kw = weight.shape
    top = torch.arange(0, height - dh * (kh - 1), sh, device=x.device)
    left = torch.arange(0, width - dw * (kw - 1), sw, device=x.device)
    down = dh * torch.arange(kh, device=x.device)
    right = dw * torch.arange(kw, device=x.device)
    rows = down[:, None, None, None] + top[:, None]
    index = rows * width + right[:, None, None] + left
    matrix = x.reshape(n, c, height * width)[:, :, index.reshape(-1)]
    matrix = matrix.reshape(n, groups, per_group * kh * kw, len(top) * len(left))
    kernels = weight.reshape(groups, o // groups, per_group * kh * kw)
    out = torch.matmul(kernels, matrix).reshape(n, o, len(top), len(left))
    return out if bias is None else out + bias.reshape(1, o, 1, 1)


def loop_over_kernel(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """A learner's style: a group, an input channel and a kernel element at a time."""
    if isinstance(stride, int):
        stride = (stride, stride)
    if isinstance(padding, int):
        padding = (padding, padding)
    if isinstance(dilation, int):
        dilation = (dilation, dilation)
    N, C_in, H, W = x.shape
    C_out, C_group, K_h, K_w = weight.shape
    H_out = (H + 2 * padding[0] - dilation[0] * (K_h - 1) - 1) // stride[0] + 1
    W_out = (W + 2 * padding[1] - dilation[1] * (K_w - 1) - 1) // stride[1] + 1
    x_padded = torch.zeros(N, C_in, H + 2 * padding[0], W + 2 * padding[1], dtype=x.dtype, device=x.device)
    x_padded[:, :, padding[0] : padding[0] + H, padding[1] : padding[1] + W] = x
    outputs = []
    for g in range(groups):
        kernels = weight[g * (C_out // groups) : (g + 1) * (C_out // groups)]
        out = torch.zeros(N, C_out // groups, H_out, W_out, dtype=x.dtype, device=x.device)
        for c in range(C_group):
            image = x_padded[:, g * C_group + c]
            for a in range(K_h):
                for b in range(K_w):
                    y0, x0 = a * dilation[0], b * dilation[1]
                    y1, x1 = y0 + (H_out - 1) * stride[0] + 1, x0 + (W_out - 1) * stride[1] + 1
                    window = image[:, y0 : y1 : stride[0], x0 : x1 : stride[1]]
                    out += window.unsqueeze(1) * kernels[:, c, a, b].view(1, -1, 1, 1)
        outputs.append(out)
    result = torch.cat(outputs, dim=1)
    if bias is not None:
        result = result + bias.view(1, -1, 1, 1)
    return result
