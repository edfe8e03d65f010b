# %% [markdown]
# # Pooling and batch normalisation
#
# Between the convolutions of a network stand two kinds of layers that have few parameters or none. *Pooling* makes images
# smaller, and the answer less dependent on where exactly a pattern lies. *Batch normalisation* brings every channel to
# mean 0 and variance 1, so that deep networks train at all, and with larger steps.

# %%
import torch
from torch import nn
import torch.nn.functional as F

# %% [markdown]
# ## pool2d
#
# A window slides over each channel by itself. Where a convolution takes a weighted sum, max pooling takes the largest
# entry and average pooling the mean:
#
# $$Y_{ncij} = \max_{a, b}\ X_{n,\,c,\,is + a,\,js + b} \qquad\text{or}\qquad
# Y_{ncij} = \frac{1}{hw} \sum_{a, b} X_{n,\,c,\,is + a,\,js + b}.$$


# %%
def pool2d(x, pool_size, stride=None, padding=0, mode="max"):
    """Two-dimensional pooling of a batch of images.

    Every channel of every image is pooled by itself. The window of `pool_size` rows and columns starts at the top left of
    the padded image and moves by `stride` as long as it fits: the output has floor((H + 2 p - h) / s) + 1 rows, and
    columns likewise.

    With mode "max" the answer is the largest entry of each window, and padding never wins, also where all entries are
    negative. With mode "avg" it is the mean, the sum divided by the number of places of the window, where padding counts
    as zeros.

    Args:
        x: shape (N, C, H, W), floating point, in any memory layout.
        pool_size: an int, or a tuple (h, w).
        stride: an int, a tuple (rows, columns), or None: the pool size, so that windows do not overlap.
        padding: an int, or a tuple (rows, columns), added on both sides; at most half of the pool size.
        mode: "max" or "avg".

    Returns:
        A new tensor of shape (N, C, H_out, W_out) in the dtype of x. An empty batch gives an empty output. Where a window
        holds a NaN, the answer is NaN.

    Raises:
        ValueError: for any other mode, with a message that names it.

    x is not changed. Gradients flow to x. Works on the device of x, and nothing is copied to the host. Built by hand: calls
    none of torch's own pooling functions, nor `unfold` or `fold` from `torch.nn.functional` (the method `Tensor.unfold` is
    fine), and keeps values in tensors (no `.item()`, `.tolist()` or `.numpy()`). The number of torch operations does not
    grow with the batch, nor with the height and width of the image.

    Example:
        >>> x = torch.arange(16.0).reshape(1, 1, 4, 4)
        >>> pool2d(x, 2)
        tensor([[[[ 5.,  7.],
                  [13., 15.]]]])
        >>> pool2d(x, (2, 3), stride=(2, 1), mode="avg")
        tensor([[[[ 3.,  4.],
                  [11., 12.]]]])

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 7.5, Pooling.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## batch_norm
#
# In training each channel is normalised by the mean and variance of the minibatch; gradients flow through both. In
# evaluation there may be a single image, so running averages that were gathered in training take their place:
#
# $$Y = \gamma \, \frac{X - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta, \qquad
# \mu_\text{running} \leftarrow (1 - m)\, \mu_\text{running} + m\, \mu.$$
#
# Two variances are in play, as in PyTorch: the division is by the variance of the minibatch as it is (sum of squares over
# $n$), while the running average gathers an estimate of the variance of all data (over $n - 1$).


# %%
def batch_norm(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """Batch normalisation of vectors or images.

    A feature of X of shape (N, D), or a channel of X of shape (N, C, H, W), has one mean and one variance, taken over all
    other axes.

    In training X is normalised by the mean and the biased variance (divided by n, the number of entries that a mean is
    taken of) of the minibatch, and gradients flow through both. The moving averages go on to
    `(1 - momentum) * old + momentum * new`, where new is the mean, and for the variance the unbiased one (divided by
    n - 1). In evaluation X is normalised by `moving_mean` and `moving_var`, and these stay.

    The normalised X is multiplied by `gamma` and `beta` is added, feature by feature.

    Args:
        X: shape (N, D) or (N, C, H, W), floating point, in any memory layout.
        gamma, beta, moving_mean, moving_var: shape (D,) or (C,), of the dtype and on the device of X.
        eps: added to the variance before the square root is taken.
        momentum: the weight of the new value in the moving averages.
        training: whether the minibatch's own statistics are used.

    Returns:
        `(Y, moving_mean, moving_var)`: Y has the shape and dtype of X, the averages have shape (D,) or (C,) and carry no
        graph. No argument is changed: the averages are new tensors, in evaluation too.

    Raises:
        ValueError: in training, when n is 1: one entry has no variance.

    Gradients flow to X, gamma and beta. Works on the device of X; nothing is copied to the host. Built by hand: calls none
    of torch's own normalisations, and keeps values in tensors (no `.item()`, `.tolist()` or `.numpy()`).

    Example:
        >>> X = torch.tensor([[1.0, 10.0], [3.0, 30.0]])
        >>> zeros, ones = torch.zeros(2), torch.ones(2)
        >>> Y, mean, var = batch_norm(X, ones, zeros, zeros, ones, eps=0.0)
        >>> Y, mean, var
        (tensor([[-1., -1.],
                [ 1.,  1.]]), tensor([0.2000, 2.0000]), tensor([ 1.1000, 20.9000]))

    Source: Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate
    Shift" (2015); Zhang et al., "Dive into Deep Learning" (2023), section 8.5.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## MaxPool2d and AvgPool2d
#
# A network is put together from layers, and a layer that pools learns nothing: it remembers how to call `pool2d`. As an
# `nn.Module` without parameters it stands between others in an `nn.Sequential`, and its state dict is empty.


# %%
class MaxPool2d(nn.Module):
    """A layer of max pooling on top of your own `pool2d`.

    Args:
        kernel_size: the window, an int or a tuple (h, w); the `pool_size` of `pool2d`.
        stride: an int, a tuple (rows, columns), or None: windows do not overlap.
        padding: an int or a tuple (rows, columns), as in `pool2d`.

    The layer has neither parameters nor buffers, and keeps nothing from one call to the next.

    Example:
        >>> pool = MaxPool2d(3, stride=2)
        >>> pool(torch.arange(25.0).reshape(1, 1, 5, 5))
        tensor([[[[12., 14.],
                  [22., 24.]]]])

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 7.5, Pooling.
    """

    def __init__(self, kernel_size, stride=None, padding=0):
        raise NotImplementedError("your code here")

    def forward(self, x):
        """The largest entry of each window of x, shape (N, C, H, W): shape (N, C, H_out, W_out), in the dtype of x.

        `kernel_size`, `stride` and `padding` mean what they mean in `pool2d`: a window that does not fit is left out, and
        padding never wins. An empty batch gives an empty output. x is not changed. Gradients flow to x. Works on the device
        of x, and nothing is copied to the host.

        It calls your `pool2d`, or other tensor arithmetic of your own. A layer that uses one of torch's own pooling layers
        or functions earns nothing; nor are values taken out of tensors (no `.item()`, `.tolist()` or `.numpy()`).
        """
        raise NotImplementedError("your code here")


# %%
class AvgPool2d(nn.Module):
    """A layer of average pooling on top of your own `pool2d`.

    Args:
        kernel_size: the window, an int or a tuple (h, w); the `pool_size` of `pool2d`.
        stride: an int, a tuple (rows, columns), or None: windows do not overlap.
        padding: an int or a tuple (rows, columns), as in `pool2d`.

    The layer has neither parameters nor buffers, and keeps nothing from one call to the next.

    Example:
        >>> pool = AvgPool2d((1, 2), padding=(0, 1))
        >>> pool(torch.tensor([[[[2.0, 4.0, 6.0, 8.0]]]]))
        tensor([[[[1., 5., 4.]]]])

    Source: LeCun et al., "Gradient-Based Learning Applied to Document Recognition" (1998), section II, where such layers
    are called sub-sampling; Zhang et al., "Dive into Deep Learning" (2023), section 7.5, Pooling.
    """

    def __init__(self, kernel_size, stride=None, padding=0):
        raise NotImplementedError("your code here")

    def forward(self, x):
        """The mean of each window of x, shape (N, C, H, W): shape (N, C, H_out, W_out), in the dtype of x.

        `kernel_size`, `stride` and `padding` mean what they mean in `pool2d`: a window that does not fit is left out, and
        padding counts as zeros. An empty batch gives an empty output. x is not changed. Gradients flow to x. Works on the
        device of x, and nothing is copied to the host.

        It calls your `pool2d`, or other tensor arithmetic of your own. A layer that uses one of torch's own pooling layers
        or functions earns nothing; nor are values taken out of tensors (no `.item()`, `.tolist()` or `.numpy()`).
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## BatchNorm2d
#
# This layer has both kinds of state. $\gamma$ and $\beta$ are learned: parameters. The moving averages are not learned, but
# belong to the model all the same: they have to be saved with it and moved with it to a device. That is what a *buffer* is
# for (`register_buffer`); a plain tensor in an attribute is forgotten by the state dict, and left behind by `.to(device)`.
#
# Which statistics normalise is decided by the mode of the module, `train()` or `eval()`, and by nothing else.


# %%
class BatchNorm2d(nn.Module):
    """Batch normalisation of images on top of your own `batch_norm`.

    Args:
        num_features: C, the channels of the input.
        eps, momentum: as in `batch_norm`.

    The state of the module, all of shape (num_features,) and in float32:
        gamma, beta: parameters, registered under these names; gamma starts as ones, beta as zeros.
        moving_mean, moving_var: buffers, registered under these names; `moving_mean` starts as zeros, `moving_var` as ones.

    Example:
        >>> layer = BatchNorm2d(2)
        >>> x = torch.tensor([1.0, 3.0, 10.0, 30.0]).reshape(1, 2, 1, 2)
        >>> layer(x).detach().round(decimals=2).flatten()
        tensor([-1.,  1., -1.,  1.])
        >>> layer.moving_mean, layer.moving_var
        (tensor([0.2000, 2.0000]), tensor([ 1.1000, 20.9000]))

    Source: Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate
    Shift" (2015); Zhang et al., "Dive into Deep Learning" (2023), section 8.5.
    """

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        raise NotImplementedError("your code here")

    def forward(self, x):
        """Normalises each channel of x, shape (N, C, H, W), and answers in the shape and dtype of x.

        In training mode the statistics of the minibatch normalise, as in `batch_norm`, and the layer keeps the new moving
        averages: every call moves them on. They carry no graph. In evaluation mode `moving_mean` and `moving_var`
        normalise, and stay as they are; the batch may then hold a single pixel, or nothing. The mode is that of the module,
        set by `train()` and `eval()`, whether gradients are recorded or not, and it may change between calls.

        Raises:
            ValueError: x does not have four axes; or in training mode, as in `batch_norm`, it has only one number for
                each channel. It has a message.

        After `.double()` the layer computes in float64. x is not changed. Gradients flow to x, `gamma` and `beta`. After
        `.to(device)` the layer works on that device, moving averages included, and nothing is copied to the host.

        It calls your `batch_norm`, or other tensor arithmetic of your own. A layer that uses one of torch's own
        normalisations earns nothing; nor are values taken out of tensors (no `.item()`, `.tolist()` or `.numpy()`).
        """
        raise NotImplementedError("your code here")
