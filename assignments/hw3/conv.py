# %% [markdown]
# # Convolution
#
# A fully connected layer gives every pixel a weight of its own. An image asks for less: a pattern is found by
# looking at a small neighbourhood (*locality*), and it is the same pattern wherever it appears (*translation
# invariance*). A convolutional layer has both properties. It slides one small kernel over the image and takes, at
# every place, the sum of the products of kernel and window.
#
# You will write it three times: for a single matrix, for batches with channels, and as a layer with parameters.

# %%
import torch
from torch import nn
import torch.nn.functional as F

# %% [markdown]
# ## corr2d
#
# For a matrix $X$ of shape $(H, W)$ and a kernel $K$ of shape $(h, w)$,
#
# $$Y_{ij} = \sum_{a=0}^{h-1} \sum_{b=0}^{w-1} X_{i+a,\,j+b} \, K_{ab}.$$
#
# The kernel fits in $H - h + 1$ places from top to bottom and in $W - w + 1$ from left to right, which gives the
# shape of $Y$. Mathematicians call this the *cross-correlation*; their convolution flips the kernel first. A network
# learns its kernels, flipped or not, so deep learning leaves the flip out and says convolution all the same.
#
# Mind two things that a small example on the CPU does not show: in which dtype, and on which device, the result is
# made.


# %%
def corr2d(X, K):
    """Two-dimensional cross-correlation of one matrix with one kernel.

    Lays the kernel on every place of X where it fits, without flipping it, and sums the products:

        Y[i, j] = sum over a, b of X[i + a, j + b] * K[a, b]

    Args:
        X: shape (H, W), float32 or float64.
        K: the kernel, shape (h, w), of the dtype of X.

    Returns:
        A new tensor of shape (H - h + 1, W - w + 1), in the dtype of X and computed in its full precision.

    Raises:
        ValueError: with a message, when the kernel is higher or wider than X.

    X and K may have any memory layout. A kernel may be as high or as wide as X. Neither X nor K is changed. An error
    is not hidden: where the window meets a NaN, the answer is NaN.
    Gradients flow to X and K. Works on whatever device X and K are on, where the work is done too: nothing is copied
    to the host (by `.cpu()` or `.to("cpu")`).

    Built by hand from tensor arithmetic: calls none of torch's own convolutions, nor `unfold` or `fold` from
    `torch.nn.functional` (the method `Tensor.unfold` is fine), nor Fourier transforms; an answer that comes from one
    of these earns nothing. Keeps every value in a tensor (no `.item()`, `.tolist()` or `.numpy()`). Loops are fine
    here.

    Example:
        >>> X = torch.arange(9.0).reshape(3, 3)
        >>> corr2d(X, torch.tensor([[0.0, 1.0], [2.0, 3.0]]))
        tensor([[19., 25.],
                [37., 43.]])

    Source: Zhang, Lipton, Li and Smola, "Dive into Deep Learning", section 7.2 (Convolutions for Images).
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## conv_output_size
#
# How large is the answer? A kernel of $k$ entries that are $d$ apart spans $d (k - 1) + 1$ places. It starts at the left
# edge of the padded input of $n + 2p$ places and moves on by $s$ as long as it fits:
#
# $$\left\lfloor \frac{n + 2p - d (k - 1) - 1}{s} \right\rfloor + 1.$$
#
# The brackets round down: a last step that would hang over the edge is not made.


# %%
def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    """The size of what a convolution or pooling makes of an axis.

    Args:
        n: size of the input along the axis.
        kernel_size: entries of the kernel along it, at least 1.
        stride: places by which the kernel moves on, at least 1.
        padding: places that are added at *both* ends, at least 0.
        dilation: distance between neighbouring entries of the kernel, at least 1. With dilation d a kernel of k entries
            spans d (k - 1) + 1 places.

    Returns:
        The number of places of the kernel that fit into the padded input: an int of at least 1. A last step that would
        hang over the edge is not made.

    Raises:
        ValueError: when the kernel spans more than the padded input.

    Example:
        >>> conv_output_size(7, 3, stride=2)
        3
        >>> conv_output_size(28, 5, padding=2)
        28

    Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016).
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## conv2d
#
# A layer adds four things to the sliding window.
#
# * **Channels.** The input has shape $(N, C_\text{in}, H, W)$. Every output channel has a kernel for every input
#   channel, and adds up what they give: the weight has shape $(C_\text{out}, C_\text{in}, K_h, K_w)$.
# * **Stride** $s$ and **padding** $p$. The window moves $s$ pixels at a time, over an image with a border of $p$ zeros
#   on each side.
# * **Dilation** $d$. Neighbouring kernel elements look at pixels $d$ apart, so that a kernel of $k$ elements spans
#   $d(k-1) + 1$ pixels.
# * **Groups** $G$. The channels are split into $G$ blocks, one after another, that do not see each other. The weight
#   shrinks to $(C_\text{out}, C_\text{in} / G, K_h, K_w)$; with $G = C_\text{in}$ the convolution is called depthwise.
#
# The window starts at $0, s, 2s, \dots$ as long as it fits, so the output has
#
# $$H_\text{out} = \left\lfloor \frac{H + 2p - d(k-1) - 1}{s} \right\rfloor + 1$$
#
# rows, and as many columns as the same formula gives for the width. Rows and columns have their own $s$, $p$ and $d$.
#
# One Python loop over the pixels would take seconds for a photograph. Turn the loops around: for a single kernel
# element, the pixels that it meets in *all* windows are one strided slice of the image.


# %%
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Two-dimensional convolution as deep learning means it (cross-correlation).

    Slides every kernel over the padded input without flipping it, and sums the products over the input channels:

        out[n, o, i, j] = bias[o] + sum over c, a, b of
            x_padded[n, c, i * stride + a * dilation, j * stride + b * dilation] * weight[o, c, a, b]

    Args:
        x: input, shape (N, C_in, H, W), float32 or float64.
        weight: kernels, shape (C_out, C_in / groups, K_h, K_w), of the dtype of x.
        bias: shape (C_out,), of the dtype of x: `bias[o]` is added once to every element of output channel o. None
            for no bias.
        stride: `stride` is the step of the window in rows and columns: an int, or a tuple (rows, columns).
        padding: `padding` rows and columns of zeros are added on both sides: an int, or a tuple (rows, columns).
        dilation: `dilation` is the distance between neighbouring kernel elements: an int, or a tuple (rows,
            columns).
        groups: `groups` splits the channels into independent convolutions: with G groups, the first C_out / G
            output channels see only the first C_in / G input channels, and so on, block by block.

    Returns:
        A new tensor of shape (N, C_out, H_out, W_out) with
        H_out = floor((H + 2 * padding - dilation * (K_h - 1) - 1) / stride) + 1, and W_out likewise.
        It is in the dtype of x and computed in its full precision. An empty batch gives an empty output.

    The options work together. An error is not hidden: where the window meets a NaN, the answer is NaN. The arguments
    may have any memory layout. No argument is changed. The same arguments give the same answer. Gradients flow to `x`,
    `weight` and `bias`. Works on whatever device the arguments are on, where the work is done too: nothing is copied
    to the host (by `.cpu()` or `.to("cpu")`).

    Built by hand: calls none of torch's own convolutions, nor `unfold` or `fold` from `torch.nn.functional` (the
    method `Tensor.unfold` is fine), nor Fourier transforms; an answer that comes from one of these earns nothing.
    Keeps every value in a tensor (no `.item()`, `.tolist()` or `.numpy()`).

    The number of torch operations does not grow with the batch, nor with the height and width of the image, nor with
    the number of output channels, whatever the options are. (It may grow with the size of the kernel, the input
    channels and the groups: loops over these are fine. With two channels and a kernel of 3 by 3 it is at most 400.)

    Nor is more computed than the sum above asks for, and nothing is multiplied that is known to be zero. The arithmetic
    (two operations for each product in the sum) grows in proportion to the number of groups, whose channels stay as
    they are, and to the number of pixels. It does not grow with the stride, nor with the dilation, as long as the
    answer keeps its size. And where the image is large beside the kernel, the memory that is held at once grows in
    proportion to the number of channels. All this is counted, not timed: “in proportion” is at most like the power
    1.5, “does not grow” at most like the square root; the arithmetic is at most 8 times, the memory 32 times what
    torch's own convolution needs.

    Example:
        >>> x = torch.arange(9.0).reshape(1, 1, 3, 3)
        >>> conv2d(x, torch.tensor([[[[0.0, 1.0], [2.0, 3.0]]]]))
        tensor([[[[19., 25.],
                  [37., 43.]]]])

    Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016).
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## Conv2d
#
# The layer owns what `conv2d` is given: the weight, of shape $(C_\text{out}, C_\text{in} / G, K_h, K_w)$, and the bias,
# of shape $(C_\text{out},)$. As parameters of an `nn.Module` they are found by the optimizer, saved in the state dict and
# moved with the layer to another device.
#
# The weight has to start with random numbers: output channels that start alike receive the same gradient at every step,
# and stay alike forever. A customary choice is the uniform distribution between $-1/\sqrt{n}$ and $1/\sqrt{n}$, where
# $n = (C_\text{in} / G) \, K_h K_w$ is the number of products in one sum.


# %%
class Conv2d(nn.Module):
    """A convolutional layer on top of your own `conv2d`.

    Args:
        in_channels: C_in, the channels of the input.
        out_channels: C_out, the channels of the output.
        kernel_size: an int for a square kernel, or a tuple (K_h, K_w).
        stride, padding, dilation, groups: as in `conv2d`.
        bias: whether the layer has a bias.

    Parameters of the module, registered under these names and in float32:
        weight: shape (out_channels, in_channels / groups, K_h, K_w).
        bias: shape (out_channels,). Without a bias, the attribute `bias` is None and the state dict holds the weight
            alone.

    Initialisation: the weight starts with random numbers from torch's global generator (uniform, normal or the like),
    each drawn on its own: finite, the same after the same `torch.manual_seed`, others after another one, and different
    for every output channel. The bias starts with such numbers or with zeros.

    Raises:
        ValueError: from the constructor, with a message, when in_channels or out_channels is not divisible by groups.

    Example:
        >>> layer = Conv2d(4, 6, kernel_size=(3, 2), padding=1, groups=2)
        >>> layer.weight.shape, layer.bias.shape
        (torch.Size([6, 2, 3, 2]), torch.Size([6]))
        >>> layer(torch.zeros(5, 4, 8, 8)).shape
        torch.Size([5, 6, 8, 9])

    Source: Goodfellow, Bengio and Courville, "Deep Learning" (2016), chapter 9.
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True):
        raise NotImplementedError("your code here")

    def forward(self, x):
        """The convolution of x, shape (N, C_in, H, W), with the layer's weight and bias: shape (N, C_out, H_out, W_out).

        `stride`, `padding` and `dilation` mean what they mean in `conv2d`, and so does `groups`. The layer may be
        called on a batch of any size. x is not changed. Gradients flow to x, `weight` and `bias`. After `.to(device)`
        the layer works on that device, and nothing is copied to the host.

        It calls your `conv2d`, or other tensor arithmetic of your own: none of torch's own convolutions, and no
        `.item()`, `.tolist()` or `.numpy()`. A layer that is one of torch's own, or holds one, earns nothing.
        """
        raise NotImplementedError("your code here")
