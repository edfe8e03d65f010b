"""Ways in which chunked_attention computes or copies again what it has: right, and slow where there are many chunks."""

from functools import reduce

import torch


def _running(q, chunks, first, causal, valid_lens):
    """The answer to a chunk of queries, from (start, keys, values) of one chunk after another."""
    low = torch.finfo(q.dtype).min
    rows = torch.arange(first, first + q.shape[-2], device=q.device)[:, None]
    top = total = summed = None
    for start, k, v in chunks:
        at = torch.arange(start, start + k.shape[-2], device=q.device)
        keep = at <= rows if causal else at >= 0
        if valid_lens is not None:
            keep = keep & (at < valid_lens[..., None, None])
        scores = torch.where(keep, q @ k.mT / q.shape[-1] ** 0.5, low)
        here = scores.amax(-1, keepdim=True)
        new = here if top is None else torch.maximum(top, here)
        weights = torch.where(keep, torch.exp(scores - new), 0.0)
        shrink = 0.0 if top is None else torch.exp(top - new)
        total = weights.sum(-1, keepdim=True) + (0.0 if top is None else shrink * total)
        summed = weights @ v + (0.0 if top is None else shrink * summed)
        top = new
    return summed / torch.where(total == 0, 1.0, total)


def _cut(key, value, chunk_size, stop):
    for start in range(0, stop, chunk_size):
        here = slice(start, min(start + chunk_size, stop))
        yield start, key[..., here, :], value[..., here, :]


def computed_again(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    """For every chunk of keys the earlier chunks are computed again.

    With n chunks that is n times the work. Three running numbers a query (the highest score, the sum of the weights and
    the weighted sum of the values) hold all that is needed of the earlier chunks.
    """
    answers = []
    for first in range(0, query.shape[-2], chunk_size):
        q = query[..., first : first + chunk_size, :]
        for start in range(0, key.shape[-2], chunk_size):
            stop = min(start + chunk_size, key.shape[-2])
            answer = _running(q, _cut(key, value, chunk_size, stop), first, causal, valid_lens)
        answers.append(answer)
    return torch.cat(answers, -2)


def computed_again__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    def part(q, first, start):
        k, v = (held[..., start : start + chunk_size, :] for held in (key, value))
        at = torch.arange(k.shape[-2], device=q.device) + start
        last = torch.arange(q.shape[-2], device=q.device).unsqueeze(-1) + first if causal else at
        masked = at > last
        if valid_lens is not None:
            masked = masked | at.ge(valid_lens.unsqueeze(-1).unsqueeze(-1))
        scores = torch.einsum("...qd,...kd->...qk", q, k).masked_fill(masked, torch.finfo(q.dtype).min)
        top = scores.max(-1, keepdim=True).values
        weights = (scores - top).exp().masked_fill(masked, 0.0)
        return top, weights.sum(-1, keepdim=True), weights @ v

    def merged(one, other):
        top = torch.maximum(one[0], other[0])
        mine, yours = (one[0] - top).exp(), (other[0] - top).exp()
        return top, mine * one[1] + yours * other[1], mine * one[2] + yours * other[2]

    answers = []
    for first in range(0, query.shape[-2], chunk_size):
        q = query[..., first : first + chunk_size, :] / query.shape[-1] ** 0.5
        for stop in range(1, key.shape[-2] + 1, chunk_size):
            _, total, summed = reduce(merged, (part(q, first, start) for start in range(0, stop, chunk_size)))
        answers.append(summed / total.masked_fill(total == 0, 1.0))
    return torch.cat(answers, -2)


def copied_again(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    """All keys or values are copied for every chunk.

    With n chunks that is n copies of everything for each chunk of queries: bytes that are moved and never used. Slices
    and `transpose` are views; `clone`, `contiguous` and `torch.cat` copy: call them on a chunk at most.
    """

    def chunks():
        for start in range(0, key.shape[-2], chunk_size):
            keys, values = key.clone(), value.clone()
            yield start, keys[..., start : start + chunk_size, :], values[..., start : start + chunk_size, :]

    parts = range(0, query.shape[-2], chunk_size)
    answers = [
        _running(query[..., first : first + chunk_size, :], chunks(), first, causal, valid_lens) for first in parts
    ]
    return torch.cat(answers, -2)


def copied_again__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    def chunks():
        keys, values = key[..., :0, :], value[..., :0, :]
        for start, k, v in _cut(key, value, chunk_size, key.shape[-2]):
            keys, values = torch.cat([keys, k], -2), torch.cat([values, v], -2)
            yield start, keys[..., start:, :], values[..., start:, :]

    answers, first = [], 0
    for q in query.split(chunk_size, -2):
        answers.append(_running(q, chunks(), first, causal, valid_lens))
        first += q.shape[-2]
    return torch.cat(answers, -2)
