# %% [markdown]
# # Memory
#
# A training step holds four things: the weights, their gradients, the state of the optimizer, and the *activations*,
# which the forward pass leaves behind for the backward pass. The first three depend on the model alone. The activations
# grow with the batch, the length of the sequences and the number of layers, and they are what usually does not fit.
#
# Three tools are made here: one that measures, and two that need less.

# %%
import math

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

# %% [markdown]
# ## peak_memory
#
# What decides whether a step fits is not what is held before or after it but the most that is held at any moment of it,
# the *peak*. CUDA's allocator keeps a mark of the highest water that there has been since the mark was last reset. It
# counts bytes that tensors occupy, rounded up to blocks of 512; what the allocator keeps in reserve for later, which is
# what `nvidia-smi` sees, is another, larger number.
#
# | time | held now | mark |
# |---|---|---|
# | something large was there and is gone | 1 000 | 9 000 |
# | mark reset | 1 000 | 1 000 |
# | the function computes, holds intermediate results | 4 000 | 4 000 |
# | the function has returned | 2 000 | 4 000 |
#
# The allocator counts when work is *queued*, not when it is done. Waiting changes no number, but it settles whose errors
# are whose: what went wrong on the device is raised by the next wait, and that should be the one of whoever queued it.


# %%
def peak_memory(function, device):
    """Calls a function and measures the most bytes that were held on a device at one time during the call.

    Args:
        function: a function without arguments. It is called once.
        device: a torch.device, with or without an index, of the type "cuda" or "cpu". It decides what is measured,
            also where there are other devices.

    Returns:
        A tuple (answer, peak). `answer` is what the function returned. On a CUDA device `peak` is the largest number
        of bytes, an int, that tensors held there at one time during the call, as PyTorch's statistics of allocated
        memory (not of reserved memory) have it. Bytes that were held before the call and still are count too.
        What was held earlier and is no longer when the function is called does not count, however much it was.
        On the CPU, where PyTorch has no such statistics, `peak` is None.

    After the call the device is waited for, and only then are the statistics read, so that an error of work that the
    function has queued is raised here and not somewhere later. An exception of the function is passed on as it is.

    Example:
        >>> peak_memory(lambda: 6 * 7, torch.device("cpu"))
        (42, None)

        On a GPU that holds nothing else, `peak_memory(lambda: torch.zeros(256, device="cuda").sum().item(),
        torch.device("cuda"))` gives (0.0, 1536): 1024 bytes for the zeros, and a block of 512 for their sum.

    Source: PyTorch documentation, "CUDA semantics", section "Memory management".
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## checkpoint_forward
#
# The plain forward pass of $n$ layers keeps the activations of all of them until the backward pass has used them.
# *Activation checkpointing* keeps only what enters each segment of $k$ layers, throws everything else away, and computes
# a segment again when the backward pass arrives at it:
#
# | | kept after the forward pass | at one time on the way back | work |
# |---|---|---|---|
# | plain | $n$ | $n$ | forward + backward |
# | segments of $k$ layers | $n / k$ | $n / k + k$ | 2 · forward + backward |
#
# With $k = \sqrt n$ the memory is of the order of $\sqrt n$, for the price of one more forward pass.
#
# The gradients are right only if the second computation repeats the first. That takes some care:
#
# * **Random numbers.** Dropout must drop the same numbers again. The state of the generator (the CPU's, and the device's)
#   is kept before a segment, put back for the second computation, and afterwards put where it was, so that what follows
#   draws as if nothing had been computed twice.
# * **Autocast.** A segment computed under autocast is computed again under it, although `backward` runs outside.
# * **The graph.** Inside a `torch.autograd.Function` no graph is recorded, neither forward nor backward; the second
#   computation needs one. What a function returns requires a gradient only if one of its *tensor arguments* does; weights
#   that it reaches in another way are not seen.
#
# Layers that count how often they are called, as batch normalisation does for its running statistics, are called twice;
# no checkpointing can hide that from them.


# %%
def checkpoint_forward(layers, X, segment_size):
    """Runs layers one after another and keeps only what enters each segment; the rest is computed again for backward.

    A segment is a group of `segment_size` successive layers; the last one has the layers that are left over.
    You may use `torch.utils.checkpoint`, or write a `torch.autograd.Function` of your own.

    Args:
        layers: a list of at least one nn.Module. Each is called with one tensor and returns one.
        X: the input of the first layer, a floating-point tensor.
        segment_size: number of layers in a segment, at least 1.

    Returns:
        The output of the last layer. It, and the gradients of `X` and of all parameters after `backward` was called on
        a loss made of it, are those of the plain forward pass, `for layer in layers: X = layer(X)`.

    Memory:
        After the forward pass the activations inside the segments are not kept, not even those of the last segment:
        neither the outputs of layers, but for the last of each segment, nor what a layer computes within. On the way
        back at most the activations of one segment are there at a time.

    Work:
        Every layer is computed once on the way forward and exactly once again on the way back. A segment that no
        gradient reaches, because neither its input nor one of its parameters requires one, is not computed again;
        where no gradients are recorded none is.

    The second computation is like the first: random layers draw the same numbers again, on whatever device they draw
    them. The random numbers that are drawn after the backward pass are those that would follow without checkpointing.
    A segment that was computed under torch.autocast is computed under it again, with the same dtype.

    Parameters get their gradients also where `X` does not require one. Layers may be frozen, at any place: a gradient
    passes through them to the layers before. `X` and its `requires_grad` are left as they are. Works on whatever
    device the layers and `X` are on.

    Example:
        >>> layers = [nn.Linear(1, 1, bias=False) for _ in range(3)]
        >>> for layer, weight in zip(layers, [2.0, 3.0, 5.0]):
        ...     _ = nn.init.constant_(layer.weight, weight)
        >>> Y = checkpoint_forward(layers, torch.tensor([[1.0]]), segment_size=2)
        >>> Y.sum().backward()
        >>> Y.item(), [layer.weight.grad.item() for layer in layers]
        (30.0, [15.0, 10.0, 6.0])

    Source: Chen et al., "Training Deep Nets with Sublinear Memory Cost" (2016).
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## chunked_attention
#
# Attention of $L_q$ queries to $L_k$ keys has a matrix of $L_q L_k$ scores: at a length of 32 768 that is 4 GiB for every
# head of every sequence. The answer has only $L_q$ rows, and the matrix need never be there as a whole.
#
# The obstacle is the softmax, whose denominator runs over all keys. Go through the keys in chunks, and keep three things
# for each query: the highest score so far, $m$; the sum of the weights so far, $z = \sum_j e^{s_j - m}$; and the weighted
# sum of the values so far, $o = \sum_j e^{s_j - m} v_j$. When a chunk brings a higher score $m' > m$, everything that was
# summed up relative to $m$ is too large by the factor $e^{m' - m}$:
#
# $$z' = e^{m - m'} z + \sum_{j \in \text{chunk}} e^{s_j - m'}, \qquad
#   o' = e^{m - m'} o + \sum_{j \in \text{chunk}} e^{s_j - m'} v_j.$$
#
# After the last chunk the answer is $o / z$: not an approximation, but the softmax itself, in another order.
#
# Attending only inside a chunk, query chunk $i$ to key chunk $i$, is another thing: it leaves out nearly all keys.
#
# When gradients are recorded, the graph keeps the weights of every chunk, and the matrix is back, in pieces. Computing
# each chunk of queries under checkpointing, or a backward pass written by hand as in FlashAttention, is the remedy.


# %%
def chunked_attention(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    """Exact scaled dot-product attention, computed for chunks of queries and chunks of keys.

    Every query is answered with the mean of the values of all keys, weighted with the softmax of its scores over all
    keys, not only over those of one chunk. A score is the dot product of query and key divided by the square root of d.

    Args:
        query: shape (…, L_q, d). The leading axes … may be any number of axes, also none, and are the same in all
            tensors; they may have length 0.
        key: shape (…, L_k, d). L_q and L_k are at least 1 and need not be equal.
        value: shape (…, L_k, d_v).
        chunk_size: number of queries in a chunk and of keys in a chunk. Neither length need be a multiple of it: the
            queries and keys that are left over are a smaller chunk. It is at least 1 and may be larger than a length.
        causal: whether query i attends to the keys 0 to i only (counted in the whole sequence, not in a chunk).
        valid_lens: None, or an integer tensor of the shape … of the leading axes: in each sequence only the keys 0 to
            length - 1 take part. A query that has no key to attend to is answered with zeros, and its gradients are
            zero, without a NaN on the way.

    Returns:
        A tensor of shape (…, L_q, d_v) and the dtype of the arguments, computed in that precision.

    Scores may be of any finite size up to 1e10 and down to -1e11, in any order and in any chunk: large ones do not
    overflow, and low ones do not vanish where there is nothing higher.

    Memory:
        While no gradients are recorded, no tensor is made that has an entry for more than `chunk_size` queries and
        `chunk_size` keys of each sequence at a time, be it of scores, of weights or of a mask. The memory grows no
        faster than the lengths. An answer for which the scores of all queries and keys are held at one time earns
        nothing.

    The number of torch operations depends on the number of chunks alone: it does not grow with the leading axes, nor
    with the size of a chunk.

    Nothing is computed or copied again for every chunk: the arithmetic grows like the square of the number of chunks,
    where there are as many of queries as of keys, and so does the memory that is asked for in all. Both are counted, not
    timed: at most like the power 2.4, and at most 8 times what two passes over the chunks take.

    No argument is changed. The arguments may have any memory layout. Gradients flow to `query`, `key` and `value`.
    Works on whatever device the arguments are on, and nothing is copied to the host. Everything is computed with
    torch's tensors. Calls none of torch's own attention functions, such as
    `torch.nn.functional.scaled_dot_product_attention`; an answer that comes from one of these earns nothing.

    Example:
        >>> query = torch.zeros(3, 1)
        >>> value = torch.tensor([[3.0], [6.0], [9.0]])
        >>> chunked_attention(query, query, value, 2)
        tensor([[6.],
                [6.],
                [6.]])
        >>> chunked_attention(query, query, value, 2, causal=True).T
        tensor([[3.0000, 4.5000, 6.0000]])

    Source: Milakov and Gimelshein, "Online normalizer calculation for softmax" (2018); Rabe and Staats,
    "Self-attention Does Not Need O(n²) Memory" (2021); Dao et al., "FlashAttention" (2022).
    """
    raise NotImplementedError("your code here")
