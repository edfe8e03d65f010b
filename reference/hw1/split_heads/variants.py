"""Correct implementations of split_heads."""

import torch


def indexed(X, num_heads):
    """An answer that is filled by index arithmetic: which sample and which features does each row hold?"""
    batch, steps, num_hiddens = X.shape
    if num_hiddens % num_heads != 0:
        raise ValueError("num_hiddens must be divisible by num_heads")
    size = num_hiddens // num_heads
    row = torch.arange(batch * num_heads, device=X.device)
    first = (row % num_heads) * size
    feature = first[:, None] + torch.arange(size, device=X.device)
    samples = X[torch.div(row, num_heads, rounding_mode="floor")]
    return samples.gather(2, feature[:, None, :].expand(batch * num_heads, steps, size))


def chunked(X, num_heads):
    """The features are cut into chunks, which are stacked behind the samples."""
    size, rest = divmod(X.size(2), num_heads)
    if rest > 0:
        raise ValueError(f"{num_heads} heads of equal size do not have {X.size(2)} features together")
    heads = torch.stack(X.split(size, dim=2), dim=1)
    return heads.view(X.size(0) * num_heads, X.size(1), size)


def moved(X, num_heads):
    """The heads are moved by movedim, and the memory is laid out anew."""
    if X.shape[2] / num_heads != X.shape[2] // num_heads:
        raise ValueError(f"cannot make {num_heads} heads of {X.shape[2]} features")
    shape = (*X.shape[:2], num_heads, X.shape[2] // num_heads)
    return torch.movedim(X.reshape(shape), 2, 1).contiguous().flatten(end_dim=1)
