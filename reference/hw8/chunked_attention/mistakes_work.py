"""Ways in which chunked_attention computes or copies again what it has: right, and slow where there are many chunks."""

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
    def scores(q, first, start, k):
        at = torch.arange(start, start + k.shape[-2], device=q.device)
        rows = torch.arange(first, first + q.shape[-2], device=q.device)[:, None]
        keep = (at <= rows) if causal else torch.ones_like(at, dtype=torch.bool)
        if valid_lens is not None:
            keep = keep & (at < valid_lens[..., None, None])
        return torch.where(keep, q @ k.mT / q.shape[-1] ** 0.5, torch.finfo(q.dtype).min), keep

    answers = []
    for first in range(0, query.shape[-2], chunk_size):
        q, answer = query[..., first : first + chunk_size, :], 0.0
        for start, k, v in _cut(key, value, chunk_size, key.shape[-2]):
            others = [(other, keys) for other, keys, _ in _cut(key, value, chunk_size, key.shape[-2])]
            top = total = None
            for other, keys in others:
                here = scores(q, first, other, keys)[0].amax(-1, keepdim=True)
                top = here if top is None else torch.maximum(top, here)
            for other, keys in others:
                found, keep = scores(q, first, other, keys)
                share = torch.where(keep, torch.exp(found - top), 0.0).sum(-1, keepdim=True)
                total = share if total is None else total + share
            found, keep = scores(q, first, start, k)
            weights = torch.where(keep, torch.exp(found - top), 0.0)
            answer = answer + weights / torch.where(total == 0, 1.0, total) @ v
        answers.append(answer)
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
