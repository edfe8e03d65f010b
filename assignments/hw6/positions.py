# %% [markdown]
# # Positions
#
# Attention is a weighted mean, and a mean does not know the order of its terms: without more, "dog bites man" and "man
# bites dog" are the same to a Transformer. So each step is told where it stands, by a vector of waves that is added to
# its embedding. The waves get longer from feature to feature, like the hands of a clock that turn at different speeds.

# %%
import torch
from torch import nn

# %% [markdown]
# ## PositionalEncoding
#
# For step $t$ and features $2j$ and $2j + 1$ of $d$,
#
# $$P_{t,\,2j} = \sin\frac{t}{10000^{2j/d}}, \qquad P_{t,\,2j+1} = \cos\frac{t}{10000^{2j/d}}.$$
#
# The table is computed once, in the constructor. It is not learned, but it belongs to the module: a *buffer* moves to the
# GPU with the module and is saved with it. A plain tensor as an attribute does neither.


# %%
class PositionalEncoding(nn.Module):
    """Adds to every step of a sequence a vector of sines and cosines that tells its position.

    Args of the constructor:
        num_hiddens: features of a step, at least 1.
        dropout: probability with which an element of the sum is dropped in training mode.
        max_len: the largest number of positions.

    The table of positions is a buffer called `P`, a float32 tensor of shape (1, max_len, num_hiddens). There are no
    parameters and no other buffers, and the state dict restores the module.

    Sines stand in the features 0, 2, 4, … and cosines in the features 1, 3, 5, …, so that a sine and the cosine of the
    same wave are neighbours: P[0, t, 2j] is sin(t / 10000 ** (2j / num_hiddens)) and P[0, t, 2j + 1] the cosine of the
    same angle. With an odd `num_hiddens` the last sine has no cosine.
    """

    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, X, offset=0):
        """Adds the positions to X, and drops elements of the sum in training mode.

        Args:
            X: shape (batch, steps, num_hiddens), floating point.
            offset: int, the position of the first step. A decoder that writes word by word gives the number of words
                before.

        Returns:
            A new tensor with the shape of X. Step t of every sequence gets the position `offset` + t.

        A sequence that does not fit, where offset + steps is above `max_len`, raises a ValueError that names both numbers.

        In training mode each element of the sum is dropped with probability `dropout`, on its own and anew in every call,
        and those that stay are divided by 1 - `dropout`. In evaluation mode nothing is dropped.

        X is not changed. Gradients flow to X. Works on the device of X and of the module, where the work is done too:
        nothing is copied to the host. The number of torch operations, in the constructor too, does not grow with
        `max_len`.

        Example:
            >>> encoding = PositionalEncoding(4, 0.0)
            >>> encoding(torch.zeros(1, 3, 4))
            tensor([[[ 0.0000,  1.0000,  0.0000,  1.0000],
                     [ 0.8415,  0.5403,  0.0100,  0.9999],
                     [ 0.9093, -0.4161,  0.0200,  0.9998]]])

        Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.5; Zhang et al., "Dive into Deep Learning"
        (2023), section 11.6.2.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## RelativePositionalEncoding
#
# What matters is often not where two words stand but how far they are from each other. Distances belong to *pairs* of
# steps, so that there is nothing to add to a single step: a table of shape (steps, steps, features) that is added to X,
# of shape (batch, steps, features), broadcasts into nonsense, and without an error where the batch fits. Distances enter
# where pairs are: in the scores. To the score of query $i$ and key $j$ comes what the query finds in the encoding of their
# distance,
#
# $$a_{ij} = \frac{q_i^\top k_j + q_i^\top r_{i-j}}{\sqrt{d}},$$
#
# and this module computes the second part.


# %%
class RelativePositionalEncoding(nn.Module):
    """What the distances between steps add to attention scores.

    Args of the constructor:
        num_hiddens: features of a query, at least 1.
        max_len: the largest number of steps.

    The encoding of a distance is a row of sines and cosines as in `PositionalEncoding`, for distances of either sign:
    r(k)[2j] is sin(k / 10000 ** (2j / num_hiddens)) and r(k)[2j + 1] the cosine of the same angle; with an odd
    `num_hiddens` the last sine has no cosine. The rows for the distances from -(max_len - 1) to max_len - 1, in this
    order, are a buffer called `P`, a float32 tensor of shape (2 * max_len - 1, num_hiddens). There are no parameters and
    no other buffers, and the state dict restores the module.
    """

    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, queries):
        """The products of the queries with the encodings of their distances to all steps.

        Args:
            queries: shape (batch, steps, num_hiddens), floating point.

        Returns:
            A tensor of shape (batch, steps, steps). The entry [b, i, j] is the dot product of queries[b, i] and r(i - j):
            the distance is positive where step j stands before step i. It is not scaled. Every sequence of the batch is
            answered by itself. An empty batch gives an empty answer.

        More steps than `max_len` raise a ValueError that names both numbers.

        The queries are not changed. Gradients flow to the queries. Works on the device of the queries and of the module,
        where the work is done too: nothing is copied to the host. The number of torch operations, in the constructor too,
        does not grow with `max_len` or with the steps.

        Example:
            >>> relative = RelativePositionalEncoding(2)
            >>> relative(torch.tensor([[[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]]))  # two read the sine, one the cosine
            tensor([[[ 0.0000, -0.8415, -0.9093],
                     [ 0.8415,  0.0000, -0.8415],
                     [-0.4161,  0.5403,  1.0000]]])

        Source: Shaw, Uszkoreit and Vaswani, "Self-Attention with Relative Position Representations" (2018), section 3;
        Dai et al., "Transformer-XL" (2019), section 3.3.
        """
        raise NotImplementedError("your code here")
