"""Ways in which masked_softmax goes wrong with tensors: what it changes, precision, devices, loops."""

from math import inf as INF

import torch
from oracle import masked_softmax, valid_keys


def overwrites_scores(X, valid_lens):
    """The scores that were given are overwritten.

    An assignment `X[...] = value`, or a method that ends in an underscore, changes the caller's tensor, and raises an
    error when it is a leaf that requires a gradient. Work on a new tensor (`masked_fill`, `where`).
    """
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    dead = ~valid_keys(X, valid_lens)
    return torch.softmax(X.masked_fill_(dead, torch.finfo(X.dtype).min), dim=-1).masked_fill(dead, 0.0)


def overwrites_scores__rewrite(X, valid_lens):
    if valid_lens is None:
        return X.softmax(-1)
    dead = ~valid_keys(X, valid_lens).expand(X.shape)
    X[dead] = -INF
    return X.softmax(-1).nan_to_num(0.0)


def two_devices(X, valid_lens):
    """Where X is on a GPU, tensors on two devices meet.

    Often the positions are on the CPU: `torch.arange` makes its tensor there unless it is told otherwise, and it cannot
    be compared with lengths on the GPU. Give it the device of `X`.
    """
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    if valid_lens.dim() == 1:
        valid_lens = valid_lens[:, None]
    dead = torch.arange(X.shape[-1]) >= valid_lens[..., None]
    return torch.softmax(X.masked_fill(dead, torch.finfo(X.dtype).min), dim=-1).masked_fill(dead, 0.0)


def two_devices__rewrite(X, valid_lens):
    if valid_lens is None:
        return X.softmax(-1)
    lengths = valid_lens.reshape(X.shape[0], -1 if valid_lens.dim() == 2 else 1, 1)
    keep = torch.tensor(range(X.shape[-1])) < lengths
    return torch.where(keep, X, torch.finfo(X.dtype).min).softmax(-1) * keep


def values_to_the_host(X, valid_lens):
    """Values are copied to the host.

    `.cpu()`, `.numpy()`, `.tolist()` and `.item()` make the program wait for the GPU. Often it is the lengths that are
    copied; the mask can be made where they are.
    """
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    valid = valid_keys(X.new_empty(X.shape, device="cpu"), valid_lens.cpu())
    return masked_softmax(X, valid.sum(-1).to(X.device))


def values_to_the_host__rewrite(X, valid_lens):
    if valid_lens is None:
        return X.softmax(-1)
    lengths = valid_lens.to("cpu").reshape(X.shape[0], -1 if valid_lens.dim() == 2 else 1, 1)
    keep = (torch.arange(X.shape[-1]) < lengths).to(X.device)
    return torch.where(keep, X, torch.finfo(X.dtype).min).softmax(-1) * keep


def loops(X, valid_lens):
    """A Python loop runs over sequences, queries or keys.

    Every turn starts operations of its own, and on a GPU each costs more than the whole batch would. Compare all
    positions with all lengths at once.
    """
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    dead = torch.zeros_like(X, dtype=torch.bool)
    for n in range(X.shape[0]):
        dead[n] = torch.arange(X.shape[-1], device=X.device) >= valid_lens[n].reshape(-1, 1)
    return torch.softmax(X.masked_fill(dead, torch.finfo(X.dtype).min), dim=-1).masked_fill(dead, 0.0)


def loops__rewrite(X, valid_lens):
    if valid_lens is None:
        return X.softmax(-1)
    sequences = []
    for scores, length in zip(X, valid_lens):
        dead = torch.arange(X.shape[-1], device=X.device) >= length.reshape(-1, 1)
        sequences.append(scores.masked_fill(dead, torch.finfo(X.dtype).min).softmax(-1).masked_fill(dead, 0.0))
    return torch.stack(sequences) if sequences else X * 0


def softmax_of_slices(X, valid_lens):
    """There is a Python loop, and values are read on the host.

    Often it takes a softmax over a slice of every row. To cut a slice the program must know the length, and waits for
    the GPU to tell it, row after row. Keep the rows at full length and mask them, all at once.
    """
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    out = torch.zeros_like(X)
    for n in range(X.shape[0]):
        for q in range(X.shape[1]):
            length = valid_lens[n] if valid_lens.dim() == 1 else valid_lens[n, q]
            out[n, q, :length] = torch.softmax(X[n, q, :length], dim=-1)
    return out


def softmax_of_slices__rewrite(X, valid_lens):
    if valid_lens is None:
        return X.softmax(-1)
    if valid_lens.dim() == 1:
        valid_lens = valid_lens[:, None].expand(X.shape[:2])
    rows = []
    for row, length in zip(X.reshape(-1, X.shape[-1]), valid_lens.reshape(-1)):
        count = int(length)
        rows.append(torch.cat([row[:count].softmax(0), torch.zeros_like(row[count:])]))
    return torch.stack(rows).reshape(X.shape) if rows else X * 0


def scores_cut_off(X, valid_lens):
    """Very large scores are cut off.

    Two scores beyond the limit become equal, and their keys share the weight that belongs to the larger one. `softmax`
    needs no limit: it subtracts the largest score of the row by itself.
    """
    return masked_softmax(X.clamp(-1e6, 1e6), valid_lens)


def scores_cut_off__rewrite(X, valid_lens):
    top = torch.full_like(X, 1e5)
    return masked_softmax(torch.maximum(torch.minimum(X, top), -top), valid_lens)


def single_precision(X, valid_lens):
    """The answer is single precision whatever the scores are.

    `X.float()` and `torch.zeros(...)` without a dtype lose the digits of a double. Keep the dtype of `X`.
    """
    return masked_softmax(X.float(), valid_lens)


def single_precision__rewrite(X, valid_lens):
    out = torch.zeros(X.shape, device=X.device)
    return out + masked_softmax(X, valid_lens).to(torch.float32)
