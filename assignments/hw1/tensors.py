# %% [markdown]
# # Tensor moves
#
# Six small functions that later homeworks are made of: comparing along a new axis, subtracting everything from
# everything, moving axes around, statistics that broadcast back, and a batch of matrix products with a mask. None of
# them needs a loop.
#
# Two tensors broadcast when their shapes, written one under the other and aligned at the right, have in each column
# equal sizes, or a 1, or nothing:
#
# ```
# (n, 1, d)
# (   m, d)
# ---------
# (n, m, d)
# ```

# %%
import torch

# %% [markdown]
# ## one_hot
#
# A class number says which of several things it is, but not that class 2 is “more” than class 1. A row with a single 1
# says just that:
#
# $$\mathrm{onehot}(c)_k = \begin{cases} 1 & k = c \\ 0 & k \ne c \end{cases} \qquad k = 0, \dots, K - 1.$$


# %%
def one_hot(indices, num_classes):
    """One row for each index: 1 at the class that the index names, 0 at all others.

    Args:
        indices: class numbers, of any integer dtype (also one too small to count to `num_classes`) and of any shape,
            also (): a single number.
        num_classes: how many classes there are, at least 1. It cannot be read off the indices: the largest class may
            not be among them.

    Returns:
        A new tensor of shape (*indices.shape, num_classes), float32, on the device of `indices`: the classes are the
        last axis. No indices give an empty answer.

    An index that is no class (negative, or `num_classes` and above) gives a row of zeros, not the row of another class
    and no error.

    Build it yourself, without `torch.nn.functional.one_hot`. The number of torch operations grows neither with the
    number of indices nor with that of classes, and no value leaves torch (by `.item()`, `.tolist()` or `.numpy()`).
    `indices` is not changed. Works on whatever device `indices` is on.

    Example:
        >>> one_hot(torch.tensor([2, 0, -1]), 4)
        tensor([[0., 0., 1., 0.],
                [1., 0., 0., 0.],
                [0., 0., 0., 0.]])

    Source: Zhang et al., "Dive into Deep Learning", section 4.1.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## pairwise_distance
#
# $$D_{ij} = \lVert x_i - y_j \rVert = \sqrt{\sum_{k} (x_{ik} - y_{jk})^2}$$
#
# | tensor | shape |
# |---|---|
# | `X` | (n, d) |
# | `Y` | (m, d) |
# | all differences | (n, m, d) |
# | distances | (n, m) |


# %%
def pairwise_distance(X, Y):
    """The Euclidean distance of every point in X from every point in Y.

    D[i, j] is the square root of the sum over k of (X[i, k] - Y[j, k])²: a row for each point of X and a column for
    each point of Y.

    Args:
        X: n points, shape (n, d), floating point.
        Y: m points, shape (m, d), with the dtype and on the device of `X`.

    Returns:
        A new tensor of shape (n, m) with the dtype and on the device of `X`. n, m and d may be 1. Without points, n or
        m being 0, the answer is empty.

    Points far from the origin that lie close together keep their distance: take differences before you square. (With
    x² + y² - 2xy the large squares cancel, and the rounding error is what remains.)

    Where two points coincide their distance is exactly 0. Its gradient is taken to be 0 there, not NaN, which is what
    the derivative of the square root at 0 gives.

    Broadcast, instead of looping: the number of torch operations does not grow with the points of X or of Y. Build it
    yourself, without `torch.cdist`, `torch.pdist` and `F.pairwise_distance`; `torch.linalg.vector_norm` is welcome.
    Gradients flow to X and to Y. No argument is changed, and each may have any memory layout. Works on whatever device
    they are on, and no value leaves torch.

    Example:
        >>> X = torch.tensor([[0.0, 0.0], [3.0, 4.0]])
        >>> pairwise_distance(X, torch.tensor([[0.0, 0.0], [3.0, 0.0], [0.0, 1.0]]))
        tensor([[0.0000, 3.0000, 1.0000],
                [5.0000, 4.0000, 4.2426]])

    Source: Harris et al., "Array programming with NumPy" (2020), on broadcasting; Zhang et al., "Dive into Deep
    Learning", section 2.1.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## split_heads and merge_heads
#
# Attention with several heads cuts the features of every step into `num_heads` pieces of equal size and lets each piece
# be a sequence of its own. All of them go into the batch axis, so that one batched product serves every head:
#
# | what | shape |
# |---|---|
# | features | (batch, steps, num_hiddens) |
# | after cutting the last axis | (batch, steps, num_heads, num_hiddens / num_heads) |
# | after moving the heads | (batch, num_heads, steps, num_hiddens / num_heads) |
# | heads in the batch axis | (batch * num_heads, steps, num_hiddens / num_heads) |
#
# A reshape keeps the order in which the numbers are read and only sets new brackets. To change the order, axes have to
# be permuted.


# %%
def split_heads(X, num_heads):
    """Cuts the features of each step into heads and puts the heads into the batch axis.

    Head h is made of the num_hiddens / num_heads features that begin with feature h * num_hiddens / num_heads. Row
    b * num_heads + h of the answer is head h of sample b, so the heads of one sample lie next to each other.

    Args:
        X: shape (batch, steps, num_hiddens), of any dtype and any memory layout.
        num_heads: the number of heads, at least 1.

    Returns:
        Shape (batch * num_heads, steps, num_hiddens / num_heads), with the dtype and on the device of `X`. It may share
        memory with `X`, which is not changed. Any of the sizes may be 1. An empty batch or no steps give an empty
        answer.

    Raises:
        ValueError: with a message, when num_hiddens is not divisible by `num_heads`.

    Gradients flow to `X`. The number of torch operations grows neither with the batch nor with the number of heads.

    Example:
        >>> X = torch.tensor([[[1, 2, 3, 4], [5, 6, 7, 8]]])
        >>> split_heads(X, 2)
        tensor([[[1, 2],
                 [5, 6]],
        <BLANKLINE>
                [[3, 4],
                 [7, 8]]])

    Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.2.2; Zhang et al., "Dive into Deep Learning",
    section 11.5.
    """
    raise NotImplementedError("your code here")


# %%
def merge_heads(X, num_heads):
    """Undoes `split_heads`: the heads of each sample come out of the batch axis and stand side by side again.

    The features of a step are those of head 0, then those of head 1, and so on. Row b * num_heads + h of `X` is head h
    of sample b. `merge_heads(split_heads(X, n), n)` is equal to X.

    Args:
        X: shape (batch * num_heads, steps, size), of any dtype and any memory layout.
        num_heads: the number of heads, at least 1.

    Returns:
        Shape (batch, steps, num_heads * size), with the dtype and on the device of `X`. It may share memory with `X`,
        which is not changed. Any of the sizes may be 1. An empty batch or no steps give an empty answer.

    Raises:
        ValueError: with a message, when the rows of `X` are not divisible by `num_heads`.

    Gradients flow to `X`. The number of torch operations grows neither with the batch nor with the number of heads.

    Example:
        >>> X = torch.tensor([[[1, 2], [5, 6]], [[3, 4], [7, 8]]])
        >>> merge_heads(X, 2)
        tensor([[[1, 2, 3, 4],
                 [5, 6, 7, 8]]])

    Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.2.2; Zhang et al., "Dive into Deep Learning",
    section 11.5.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## standardize
#
# $$\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}, \qquad
#   \mu = \frac1n \sum_{i=1}^{n} x_i, \qquad \sigma^2 = \frac1n \sum_{i=1}^{n} (x_i - \mu)^2$$
#
# The sums run over one axis, or several, and the other axes keep statistics of their own. Kept as axes of length 1,
# the reduced ones broadcast back to where they came from. Batch and layer normalization are this, over other axes.


# %%
def standardize(X, dim, eps=1e-5):
    """Shifts and scales X so that it has mean 0 and variance 1 along the axes `dim`.

    The mean over the axes `dim` is subtracted, and what is left is divided by the square root of the variance plus
    `eps`. The variance has the divisor n, the number of elements that it is taken over, not n - 1.

    Args:
        X: floating point, of any shape and any memory layout.
        dim: the axis that the statistics are taken over, or a tuple of axes that they are taken over together; an axis
            may be counted from the end. Every position along the other axes has statistics of its own.
        eps: a small number, added to the variance under the root, so that elements which are all equal become 0, not
            NaN.

    Returns:
        A new tensor with the shape, the dtype and the device of `X`. The axes `dim` may have length 1. Where another
        axis has length 0 the answer is empty.

    Elements far from 0 with a small variance stay exact: subtract the mean before you square. (The mean of the squares
    minus the square of the mean is a difference of two large numbers.)

    Build it yourself, without torch's own normalizations (`F.layer_norm`, `F.batch_norm` and the like). Gradients flow
    to `X`, also through the mean and the variance. `X` is not changed. Works on whatever device `X` is on, and no value
    leaves torch.

    Example:
        >>> standardize(torch.tensor([[1.0, 3.0], [10.0, 10.0]]), dim=1)
        tensor([[-1.0000,  1.0000],
                [ 0.0000,  0.0000]])

    Source: Ba, Kiros and Hinton, "Layer Normalization" (2016), section 3; Zhang et al., "Dive into Deep Learning",
    section 8.5.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## batched_matmul_mask
#
# A batch of matrix products is a single call: $C_b = A_b B_b$ for all $b$ at once. Which entries of the products count
# is said by a mask, a boolean tensor that need not have the full shape: it broadcasts.
#
# | tensor | shape |
# |---|---|
# | `A` | (batch, n, k) |
# | `B` | (batch, k, m) |
# | `mask` | whatever broadcasts to (batch, n, m) |
# | answer | (batch, n, m) |


# %%
def batched_matmul_mask(A, B, mask, value=0.0):
    """The matrix products of two batches, with the entries where the mask is False replaced.

    Sample b of the answer is the matrix product A[b] @ B[b] where the mask is True, and `value` where it is False.

    Args:
        A: shape (batch, n, k), floating point.
        B: shape (batch, k, m), with the dtype and on the device of `A`.
        mask: boolean, of any shape that broadcasts to (batch, n, m): (n, m) is one mask for all samples, (batch, 1, m)
            one for all rows of a sample, (batch, n, 1) switches whole rows.
        value: the number that replaces masked entries, infinite ones included.

    Returns:
        A new tensor of shape (batch, n, m) with the dtype and on the device of `A`. An empty batch gives an empty
        answer. A mask may be True, or False, everywhere.

    A masked entry is `value` exactly, whatever the product is there, also where it is infinite or NaN: choose between
    the two, multiplying by 0 is not enough. A kept product stays what it is, infinite and NaN included.

    Gradients flow to A and B, and none from the masked entries. No argument is changed, and each may have any memory
    layout. Works on whatever device they are on, and no value leaves torch. The number of torch operations does not
    grow with the batch.

    Example:
        >>> A = torch.tensor([[[1.0, 2.0], [3.0, 4.0]]])
        >>> B = torch.tensor([[[1.0, 0.0], [0.0, 1.0]]])
        >>> batched_matmul_mask(A, B, torch.tensor([True, False]), value=-1)
        tensor([[[ 1., -1.],
                 [ 3., -1.]]])

    Source: Zhang et al., "Dive into Deep Learning", section 11.3.
    """
    raise NotImplementedError("your code here")
