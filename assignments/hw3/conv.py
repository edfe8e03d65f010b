# %% [markdown]
# # Convolution
#
# A convolutional layer slides a small kernel over an image and takes, at every place, the sum of products.

# %%
import torch
from torch import nn
import torch.nn.functional as F

# %% [markdown]
# ## conv2d
#
# The output has $\lfloor (H + 2p - d(k-1) - 1) / s \rfloor + 1$ rows, and the same with the width for columns.


# %%
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Two-dimensional convolution as deep learning means it (cross-correlation).

    Slides every kernel over the padded input without flipping it, and sums the products over the input channels:

        out[n, o, i, j] = bias[o] + sum over c, a, b of
            x_padded[n, c, i * stride + a * dilation, j * stride + b * dilation] * weight[o, c, a, b]

    Args:
        x: input, shape (N, C_in, H, W), floating point.
        weight: kernels, shape (C_out, C_in / groups, K_h, K_w).
        bias: shape (C_out,), or None for no bias.
        stride: `stride` is the step of the window in rows and columns: an int or a pair.
        padding: `padding` rows and columns of zeros are added on both sides: an int or a pair.
        dilation: `dilation` is the distance between neighbouring kernel elements: an int or a pair.
        groups: `groups` splits the channels into independent convolutions: output channels of group g see only
            the input channels of group g.

    Returns:
        A new tensor of shape (N, C_out, H_out, W_out) with
        H_out = floor((H + 2 * padding - dilation * (K_h - 1) - 1) / stride) + 1, and W_out likewise.
        An empty batch gives an empty output.

    The input may have any memory layout. No argument is changed. Gradients flow to `x`, `weight` and `bias`.
    Works on whatever device the arguments are on. Calls none of torch's own convolutions, nor `unfold` from
    `torch.nn.functional`. The number of torch operations does not grow with the batch, nor with the height and
    width of the image, nor with the number of output channels (a loop over kernel elements or groups is fine).

    Example:
        >>> x = torch.arange(9.0).reshape(1, 1, 3, 3)
        >>> conv2d(x, torch.tensor([[[[0.0, 1.0], [2.0, 3.0]]]]))
        tensor([[[[19., 25.],
                  [37., 43.]]]])

    Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016).
    """
    raise NotImplementedError("your code here")
