# %% [markdown]
# # Attention
#
# An attention layer answers every query with a weighted mean of the values. The weights are a softmax over scores
# that say how well the query fits each key:
#
# $$\mathrm{attention}(q, K, V) = \sum_{i} \alpha_i(q, K)\, v_i, \qquad
#   \alpha(q, K) = \mathrm{softmax}\big(a(q, k_1), \dots, a(q, k_m)\big).$$
#
# Sequences in a batch have unequal lengths, so a mask keeps the padding out of the softmax.

# %%
import math

import torch
from torch import nn

# %% [markdown]
# ## causal_mask and padding_mask
#
# Who may look at whom is a table of true and false: queries in the rows, keys in the columns. A decoder that learns to
# write must not see what comes next,
#
# $$M_{ij} = (j \le i),$$
#
# and no query should look at padding, $M_{ij} = (j < \ell_i)$. True means here: may be looked at. PyTorch's
# `scaled_dot_product_attention` reads masks like that; its `nn.MultiheadAttention` reads them the other way round.


# %%
def causal_mask(num_steps, device=None):
    """Which steps each step of a sequence may look at: itself and those before it.

    Args:
        num_steps: int of at least 0.
        device: where the mask is made; None is the default device.

    Returns:
        A bool tensor of shape (num_steps, num_steps). The entry [i, j] is True where step i may look at step j, which is
        where j is at most i. Every row has a True. The number of torch operations does not grow with `num_steps`.

    Example:
        >>> causal_mask(3)
        tensor([[ True, False, False],
                [ True,  True, False],
                [ True,  True,  True]])

    Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.2.3.
    """
    ### BEGIN SOLUTION
    return torch.ones(num_steps, num_steps, dtype=torch.bool, device=device).tril()
    ### END SOLUTION


# %%
def padding_mask(valid_lens, num_steps):
    """Which steps of padded sequences hold tokens.

    Args:
        valid_lens: integers from 0 up, of shape (batch,), or of shape (batch, queries) when every query has a length of its
            own. They are not changed.
        num_steps: int, the number of steps of the padded sequences.

    Returns:
        A bool tensor on the device of `valid_lens`, of shape (batch, num_steps) or (batch, queries, num_steps): the shape
        of `valid_lens` and an axis of steps. It is True at step t where t is less than the length. A length of 0 gives a
        row without a True, and lengths above `num_steps` give rows that are True throughout. An empty batch gives an empty
        mask. The number of torch operations does not grow with the batch or with `num_steps`, and no value leaves torch.

    Example:
        >>> padding_mask(torch.tensor([1, 3]), 4)
        tensor([[ True, False, False, False],
                [ True,  True,  True, False]])

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 11.3.2, Masked Softmax Operation.
    """
    ### BEGIN SOLUTION
    return torch.arange(num_steps, device=valid_lens.device) < valid_lens.unsqueeze(-1)
    ### END SOLUTION


# %% [markdown]
# ## masked_softmax
#
# With a valid length $\ell$, the first $\ell$ of $m$ scores take part:
#
# $$\alpha_i = \frac{\exp x_i}{\sum_{j < \ell} \exp x_j} \ \text{ for } i < \ell, \qquad \alpha_i = 0 \ \text{ for } i \ge \ell.$$
#
# | tensor | shape |
# |---|---|
# | scores `X` | (batch, queries, keys) |
# | `valid_lens` | (batch,), or (batch, queries), or None |
# | weights | (batch, queries, keys) |
#
# The formula says nothing about $\ell = 0$, where there is no key to look at: the row of weights is then zero.


# %%
def masked_softmax(X, valid_lens):
    """Softmax over the keys that are valid; the others get no weight.

    The softmax is taken over the keys, the last axis. With `valid_lens` None all keys are valid. Otherwise the
    keys 0 to length - 1 are, and a key at or beyond the valid length has probability exactly 0.

    Args:
        X: scores, shape (batch, queries, keys), floating point and finite.
        valid_lens: None, or integers from 0 to keys on the device of `X`: of shape (batch,), one length for all
            the queries of a sequence, or of shape (batch, queries), one length for every query.

    Returns:
        A new tensor with the shape and dtype of `X`. An empty batch gives an empty answer.

    A row with valid length 0 is all zeros: neither uniform (which is what filling the masked scores with -1e6
    and nothing else gives) nor NaN. Its gradient is zero too, without a NaN on the way.

    The scores may be of any finite size, up to 1e10 and down to -1e11: large ones do not overflow, the distance
    between two of them counts however large they are, a huge score at a masked key changes nothing, and a valid
    score is not taken for a masked one because it is very low.

    No argument is changed. The arguments may have any memory layout. Gradients flow to `X`. Works on whatever
    device the arguments are on, and nothing is copied to the host (by `.item()`, `.tolist()` or `.cpu()`). The number
    of torch operations does not grow with the batch, nor with the queries or keys.

    Example:
        >>> X = torch.zeros(2, 1, 4)
        >>> masked_softmax(X, torch.tensor([1, 2]))
        tensor([[[1.0000, 0.0000, 0.0000, 0.0000]],
        <BLANKLINE>
                [[0.5000, 0.5000, 0.0000, 0.0000]]])

    Source: Zhang et al., "Dive into Deep Learning", section 11.3.
    """
    ### BEGIN SOLUTION
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    if valid_lens.dim() == 1:
        valid_lens = valid_lens[:, None]
    masked = torch.arange(X.shape[-1], device=X.device) >= valid_lens[:, :, None]
    weights = torch.softmax(X.masked_fill(masked, torch.finfo(X.dtype).min), dim=-1)
    return weights.masked_fill(masked, 0.0)
    ### END SOLUTION


# %% [markdown]
# ## DotProductAttention
#
# The score of a query and a key, both of size $d$, is $a(q, k) = q^\top k / \sqrt{d}$. The entries of $q$ and $k$
# with variance one give a product with variance $d$; the division brings it back to one, so that the softmax does
# not saturate.


# %%
class DotProductAttention(nn.Module):
    """Scaled dot-product attention, a module without parameters and buffers.

    Args of the constructor:
        dropout: probability with which an attention weight is dropped in training mode.
    """

    def __init__(self, dropout=0.0):
        super().__init__()
        ### BEGIN SOLUTION
        self.dropout = nn.Dropout(dropout)
        ### END SOLUTION

    def forward(self, queries, keys, values, valid_lens=None):
        """Answers every query with a weighted mean of the values.

        The weights are the softmax over the keys of the dot products of query and key. The dot products are
        divided by the square root of d, the size of a query and of a key, which may change from call to call. Keys
        at or beyond the valid length get no weight, as in `masked_softmax`. A query without a valid key is answered
        with zeros.

        Args:
            queries: shape (batch, queries, d).
            keys: shape (batch, keys, d).
            values: shape (batch, keys, value_size).
            valid_lens: None, or shape (batch,), or shape (batch, queries), as in `masked_softmax`.

        Returns:
            A tensor of shape (batch, queries, value_size).

        The attribute `attention_weights` holds the weights of the last call, before dropout, with shape (batch,
        queries, keys); whether they are detached from the graph is up to you. In training mode dropout falls on
        the weights: each is dropped with probability `dropout`, on its own and anew in every call, and those that
        stay are divided by 1 - `dropout`. In evaluation mode nothing is dropped.

        No argument is changed. The arguments may have any memory layout. Gradients flow to `queries`, `keys` and
        `values`. Works on whatever device the arguments are on, where the work is done too: nothing is copied to
        the host. The number of torch operations does not grow with the batch, nor with the queries or keys.

        Calls none of torch's own attention functions, such as
        `torch.nn.functional.scaled_dot_product_attention`; an answer that comes from one of these earns nothing.

        Example:
            >>> attention = DotProductAttention().eval()
            >>> keys = torch.ones(1, 3, 2)
            >>> values = torch.tensor([[[1.0, 2.0], [3.0, 4.0], [100.0, 100.0]]])
            >>> attention(torch.ones(1, 1, 2), keys, values, torch.tensor([2]))
            tensor([[[2., 3.]]])
            >>> attention.attention_weights
            tensor([[[0.5000, 0.5000, 0.0000]]])

        Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.2.1.
        """
        ### BEGIN SOLUTION
        scores = queries @ keys.transpose(1, 2) / math.sqrt(queries.shape[-1])
        self.attention_weights = masked_softmax(scores, valid_lens)
        return self.dropout(self.attention_weights) @ values
        ### END SOLUTION


# %% [markdown]
# ## AdditiveAttention
#
# A dot product needs queries and keys of one size. Where the sizes differ, both are projected to $h$ features, and a small
# network with one hidden layer gives the score:
#
# $$a(q, k) = w_v^\top \tanh(W_q q + W_k k), \qquad W_q \in \mathbb{R}^{h \times q},\ W_k \in \mathbb{R}^{h \times k},\
#   w_v \in \mathbb{R}^h.$$


# %%
class AdditiveAttention(nn.Module):
    """Additive attention, for queries and keys of different sizes.

    Args of the constructor:
        key_size, query_size: features of a key and of a query, in this order.
        num_hiddens: features to which both are projected.
        dropout: probability with which an attention weight is dropped in training mode.

    Three linear layers without bias are registered under these names:

        W_k: key_size → num_hiddens      W_q: query_size → num_hiddens      w_v: num_hiddens → 1

    There are no biases, no other parameters and no buffers, and the state dict restores the module.
    """

    def __init__(self, key_size, query_size, num_hiddens, dropout):
        super().__init__()
        ### BEGIN SOLUTION
        self.W_k = nn.Linear(key_size, num_hiddens, bias=False)
        self.W_q = nn.Linear(query_size, num_hiddens, bias=False)
        self.w_v = nn.Linear(num_hiddens, 1, bias=False)
        self.dropout = nn.Dropout(dropout)
        ### END SOLUTION

    def forward(self, queries, keys, values, valid_lens=None):
        """Answers every query with a weighted mean of the values.

        The score of a query q and a key k is w_v(tanh(W_q(q) + W_k(k))), not scaled. The weights are the softmax of the
        scores over the keys, and keys at or beyond the valid length get no weight. A query without a valid key is answered
        with zeros.

        Args:
            queries: shape (batch, queries, query_size).
            keys: shape (batch, keys, key_size).
            values: shape (batch, keys, value_size).
            valid_lens: None, or shape (batch,), or shape (batch, queries), as in `masked_softmax`.

        Returns:
            A tensor of shape (batch, queries, value_size). An empty batch gives an empty answer.

        The attribute `attention_weights` holds the weights of the last call, before dropout, with shape (batch, queries,
        keys); whether they are detached from the graph is up to you. In training mode dropout falls on the weights: each
        is dropped with probability `dropout`, on its own and anew in every call, and those that stay are divided by
        1 - `dropout`. In evaluation mode nothing is dropped.

        No argument is changed. The arguments may have any memory layout. Gradients flow to the arguments and
        parameters. Works on whatever device the arguments and the parameters are on, where the work is done too: nothing
        is copied to the host. The number of torch operations does not grow with the batch, nor with the queries or keys.

        Calls none of torch's own attention functions, such as `torch.nn.functional.scaled_dot_product_attention`; an
        answer that comes from one of these earns nothing.

        Example:
            >>> attention = AdditiveAttention(key_size=2, query_size=20, num_hiddens=8, dropout=0.1).eval()
            >>> queries, keys, values = torch.ones(2, 1, 20), torch.ones(2, 10, 2), torch.ones(2, 10, 4)
            >>> attention(queries, keys, values, torch.tensor([2, 6])).shape
            torch.Size([2, 1, 4])

        Source: Bahdanau et al., "Neural Machine Translation by Jointly Learning to Align and Translate" (2015), appendix
        A.1.2; Zhang et al., "Dive into Deep Learning" (2023), section 11.3.4.
        """
        ### BEGIN SOLUTION
        features = torch.tanh(self.W_q(queries)[:, :, None, :] + self.W_k(keys)[:, None, :, :])
        self.attention_weights = masked_softmax(self.w_v(features).squeeze(-1), valid_lens)
        return self.dropout(self.attention_weights) @ values
        ### END SOLUTION


# %% [markdown]
# ## MultiHeadAttention
#
# Several heads look at the same sequence, each through projections of its own. With $h$ heads and $p$ hidden
# features, head $i$ works on block $i$ of $p / h$ features of the projected queries, keys and values:
#
# $$\mathrm{head}_i = \mathrm{attention}\big((W_q q)_i, (W_k K)_i, (W_v V)_i\big), \qquad
#   \mathrm{out} = W_o\, [\mathrm{head}_1; \dots; \mathrm{head}_h].$$
#
# All heads are computed at once: they are moved next to the batch axis, and the attention sees batch · heads
# sequences.
#
# | tensor | shape |
# |---|---|
# | `W_q(queries)` | (batch, queries, num_hiddens) |
# | split into heads | (batch · num_heads, queries, num_hiddens / num_heads) |
# | answer of the heads | (batch · num_heads, queries, num_hiddens / num_heads) |
# | merged, and after `W_o` | (batch, queries, num_hiddens) |
#
# For `attention_type="add"` the score of a head is additive,
# $a(q, k) = w_v^\top \tanh(q + k) + b_v$, where $q$ and $k$ are the head's projections. The class
# `ProjectedAdditiveAttention` is a place for it. It has no points of its own: `MultiHeadAttention` is what is graded.


# %%
class ProjectedAdditiveAttention(nn.Module):
    """Additive attention for queries and keys that are projected to one size already.

    Has one linear layer, `w_v` (size → 1, with bias). `forward` takes queries (n, queries, size), keys (n, keys,
    size), values (n, keys, value_size) and valid lengths as `DotProductAttention` does, and gives a tensor of shape
    (n, queries, value_size).
    """

    def __init__(self, size, dropout=0.0):
        super().__init__()
        ### BEGIN SOLUTION
        self.w_v = nn.Linear(size, 1)
        self.dropout = nn.Dropout(dropout)
        ### END SOLUTION

    def forward(self, queries, keys, values, valid_lens=None):
        ### BEGIN SOLUTION
        features = torch.tanh(queries[:, :, None, :] + keys[:, None, :, :])
        self.attention_weights = masked_softmax(self.w_v(features).squeeze(-1), valid_lens)
        return self.dropout(self.attention_weights) @ values
        ### END SOLUTION


# %%
class MultiHeadAttention(nn.Module):
    """Multi-head attention with dot-product or additive scores.

    Args of the constructor:
        num_heads: number of heads.
        query_size, key_size, value_size: features of a query, a key and a value.
        num_hiddens: features of all heads together, and of the answer.
        attention_type: "dot" for scaled dot products, "add" for additive scores.
        dropout: probability with which an attention weight is dropped in training mode.

    Four linear layers, each with a bias, are registered under these names (the weights have the shape of
    `nn.Linear`'s, (out, in)):

        W_q: query_size → num_hiddens      W_k: key_size → num_hiddens
        W_v: value_size → num_hiddens      W_o: num_hiddens → num_hiddens

    For "add" there is one more, of size num_hiddens / num_heads → 1, with a bias and shared by all heads: it is
    called `w_v` and belongs to a submodule called `attention`, so that its parameters are `attention.w_v.weight`
    and `attention.w_v.bias`. There are no other parameters and no buffers, and the state dict restores the module.

    The constructor raises a ValueError that says what is wrong when `num_hiddens` is not divisible by `num_heads`,
    or when `attention_type` is neither "dot" nor "add".
    """

    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        super().__init__()
        ### BEGIN SOLUTION
        if num_hiddens % num_heads:
            raise ValueError(f"num_hiddens ({num_hiddens}) is not divisible by num_heads ({num_heads})")
        if attention_type not in ("dot", "add"):
            raise ValueError(f'attention_type must be "dot" or "add", not {attention_type!r}')
        self.num_heads = num_heads
        self.W_q = nn.Linear(query_size, num_hiddens)
        self.W_k = nn.Linear(key_size, num_hiddens)
        self.W_v = nn.Linear(value_size, num_hiddens)
        self.W_o = nn.Linear(num_hiddens, num_hiddens)
        if attention_type == "dot":
            self.attention = DotProductAttention(dropout)
        else:
            self.attention = ProjectedAdditiveAttention(num_hiddens // num_heads, dropout)
        ### END SOLUTION

    def forward(self, queries, keys, values, valid_lens=None):
        """Projects with `W_q`, `W_k` and `W_v`, attends in every head, and projects the heads' answers with `W_o`.

        The heads are consecutive blocks of features: with size = num_hiddens / num_heads, head i reads the
        features i * size to (i + 1) * size - 1 of the three projections, and its answer takes the same places
        in the input of `W_o`. For "dot" the dot products are divided by the square root of the size of a head.
        For "add" the score of a query q and a key k of a head is w_v(tanh(q + k)), not scaled.

        Args:
            queries: shape (batch, queries, query_size).
            keys: shape (batch, keys, key_size).
            values: shape (batch, keys, value_size).
            valid_lens: None, or one length for every sequence, shape (batch,), or one length for every query,
                shape (batch, queries); the lengths hold for every head. Keys at or beyond the length get no
                weight. In a query without a valid key the input of `W_o` is zero.

        Returns:
            A tensor of shape (batch, queries, num_hiddens). An empty batch gives an empty answer.

        In training mode dropout falls on the attention weights of every head: each is dropped with probability
        `dropout`, on its own and anew in every call, and those that stay are divided by 1 - `dropout`. In
        evaluation mode nothing is dropped.

        No argument is changed. The arguments may have any memory layout. Gradients flow to the arguments and
        parameters. Works on whatever device the arguments and the parameters are on, where the work is done too:
        nothing is copied to the host. The number of torch operations does not grow with the number of heads, nor
        with the batch, the queries or the keys.

        No more is computed than the scores and means of each sequence and head. The arithmetic does not grow with the
        number of heads that share the features, and it grows in proportion to the number of sequences. It is counted,
        not timed: “does not grow” is at most like the square root, “in proportion” at most like the power 1.5, and it
        is at most 8 times what torch's own layer takes.

        Calls none of torch's own attention layers and functions (`nn.MultiheadAttention`,
        `scaled_dot_product_attention` and `multi_head_attention_forward` from `torch.nn.functional`). An answer
        that comes from torch's own multi-head attention earns nothing.

        Example:
            >>> attention = MultiHeadAttention(2, 3, 5, 8, 7, "dot").eval()
            >>> queries, keys, values = torch.ones(4, 2, 3), torch.ones(4, 6, 5), torch.ones(4, 6, 7)
            >>> attention(queries, keys, values, torch.tensor([6, 1, 2, 3])).shape
            torch.Size([4, 2, 8])

        Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.2.2; for "add" Bahdanau et al.,
        "Neural Machine Translation by Jointly Learning to Align and Translate" (2015), appendix A.1.2.
        """
        ### BEGIN SOLUTION
        batch, size = queries.shape[0], self.W_q.out_features // self.num_heads

        def split(X):  # (batch, n, num_hiddens) → (batch * num_heads, n, size)
            return X.unflatten(-1, (self.num_heads, size)).transpose(1, 2).flatten(0, 1)

        if valid_lens is not None:
            valid_lens = valid_lens.repeat_interleave(self.num_heads, dim=0)
        heads = self.attention(split(self.W_q(queries)), split(self.W_k(keys)), split(self.W_v(values)), valid_lens)
        return self.W_o(heads.reshape(batch, self.num_heads, queries.shape[1], size).transpose(1, 2).flatten(2))
        ### END SOLUTION
