"""Answers that are right and were come by in a way that the stub rules out, or that do harm."""

import math

import torch
from chunks import Running as _Running
from chunks import flat as _flat
from torch import nn
from torch.nn import functional as F


def _mask(query, key, causal, valid_lens):
    keep = torch.ones(query.shape[-2], key.shape[-2], dtype=torch.bool, device=query.device)
    if causal:
        keep = keep.tril()
    if valid_lens is not None:
        keep = keep & (torch.arange(key.shape[-2], device=query.device) < valid_lens[..., None, None])
    return keep


def whole_matrix(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    """The scores of all queries and keys are held at one time.

    Whether the matrix is made at once or collected from chunks: its size grows with the product of the lengths, and it
    is what chunking is to avoid. Keep only the maximum and two sums of each query, and let go of a chunk's scores.
    """
    keep = _mask(query, key, causal, valid_lens)
    scores = query @ key.mT / query.shape[-1] ** 0.5
    weights = torch.softmax(scores.masked_fill(~keep, torch.finfo(query.dtype).min), -1)
    return weights.masked_fill(~keep, 0.0) @ value


def whole_matrix__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    low = torch.finfo(query.dtype).min
    rows = []
    for q in query.split(chunk_size, -2):
        parts = [torch.einsum("...id,...jd->...ij", q * q.shape[-1] ** -0.5, k) for k in key.split(chunk_size, -2)]
        rows.append(torch.cat(parts, -1))
    keep = _mask(query, key, causal, valid_lens)
    scores = torch.where(keep, torch.cat(rows, -2), low)
    weights = torch.where(keep, torch.exp(scores - scores.max(-1, keepdim=True).values), 0.0)
    return weights @ value / weights.sum(-1, keepdim=True).clamp(min=1e-30)


class whole_rows(_Running):
    """The scores of a chunk of queries and of all keys are held at one time.

    That needs no running sums, but memory for chunk_size times L_k scores. Take the keys in chunks too, and let go of
    one chunk's scores before the next.
    """

    def columns(self, rows):
        return [(0, self.key.shape[-2])]


def whole_rows__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    answers, at = [], 0
    for q in query.split(chunk_size, -2):
        scores = q @ key.mT / q.shape[-1] ** 0.5
        j = torch.arange(key.shape[-2], device=q.device)
        masked = j < 0
        if causal:
            masked = j > torch.arange(at, at + q.shape[-2], device=q.device)[:, None]
        if valid_lens is not None:
            masked = masked | (j >= valid_lens[..., None, None])
        weights = torch.softmax(scores.masked_fill(masked, torch.finfo(q.dtype).min), -1).masked_fill(masked, 0.0)
        answers.append(weights @ value)
        at += q.shape[-2]
    return torch.cat(answers, -2)


class whole_mask(_Running):
    """The mask is made for all queries and keys at one time.

    It has a byte for each pair, and grows with the product of the lengths as the scores would. Make the mask of a
    chunk from the places of its queries and keys.
    """

    def attend(self):
        if self.causal or self.valid_lens is not None:
            self.mask = _mask(self.query, self.key, self.causal, self.valid_lens)
        return super().attend()

    def keep(self, rows, columns):
        if self.causal or self.valid_lens is not None:
            return self.mask[..., slice(*rows), slice(*columns)]
        return super().keep(rows, columns)


def whole_mask__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    keep = None
    if causal or valid_lens is not None:
        keep = _mask(query, key, causal, valid_lens)
    assert keep is None or keep.shape[-1] == key.shape[-2]
    return _flat("", query, key, value, chunk_size, causal, valid_lens)


def _seen(first, q, key, causal, valid_lens):
    """Which keys the chunk of queries attends to, and whether there are any; None where all are."""
    if not causal and valid_lens is None:
        return None, None
    keep = torch.ones(q.shape[-2], key.shape[-2], dtype=torch.bool, device=q.device)
    if causal:
        keep = keep.tril(first)
    if valid_lens is not None:
        keep = keep & (torch.arange(key.shape[-2], device=q.device) < valid_lens[..., None, None])
    return keep, keep.any(-1, keepdim=True)


def ready_made(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    """torch's `scaled_dot_product_attention` is called.

    It is what to use in a model, and what to build here.
    """
    answers, first = [], 0
    for q in query.split(chunk_size, -2):
        keep, some = _seen(first, q, key, causal, valid_lens)
        if keep is None:
            answers.append(F.scaled_dot_product_attention(q, key, value))
        else:
            answers.append(F.scaled_dot_product_attention(q, key, value, keep | ~some).masked_fill(~some, 0.0))
        first += q.shape[-2]
    return torch.cat(answers, -2)


def ready_made__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    parts = []
    for n, q in enumerate(torch.split(query, chunk_size, dim=-2)):
        keep, some = _seen(n * chunk_size, q, key, causal, valid_lens)
        if keep is None:
            parts.append(nn.functional.scaled_dot_product_attention(q, key, value, scale=q.shape[-1] ** -0.5))
            continue
        part = nn.functional.scaled_dot_product_attention(q, key, value, attn_mask=torch.logical_or(keep, ~some))
        parts.append(torch.where(some, part, torch.zeros_like(part)))
    return torch.cat(parts, dim=-2)


def sequence_by_sequence(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    """A Python loop goes over the sequences.

    The number of operations then grows with the leading axes. Products and sums take leading axes along by themselves:
    write the last two axes as -2 and -1.
    """
    if query.dim() == 2:
        return _Running(query, key, value, chunk_size, causal=causal, valid_lens=valid_lens)
    if not len(query):
        return query.new_zeros(*query.shape[:-1], value.shape[-1])
    lengths = [None] * len(query) if valid_lens is None else valid_lens.unbind(0)
    parts = [
        sequence_by_sequence(q, k, v, chunk_size, causal=causal, valid_lens=length)
        for q, k, v, length in zip(query, key, value, lengths, strict=True)
    ]
    return torch.stack(parts)


def sequence_by_sequence__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    leading = query.shape[:-2]
    flat = [part.flatten(0, -3) if leading else part[None] for part in (query, key, value)]
    if flat[0].shape[0] == 0:
        return torch.zeros(*query.shape[:-1], value.shape[-1])
    answers = []
    for index in range(flat[0].shape[0]):
        length = None if valid_lens is None else valid_lens.reshape(-1)[index]
        answers.append(_flat("", *(part[index] for part in flat), chunk_size, causal, length))
    return torch.stack(answers).reshape(*query.shape[:-1], value.shape[-1])


class own_chunk_size(_Running):
    """The chunks are not as large as `chunk_size` says.

    With smaller chunks, or one query at a time, the number of operations is larger than it need be: the caller chooses
    the chunk as large as the memory allows.
    """

    def attend(self):
        self.size = min(self.size, 16)
        return super().attend()


def own_chunk_size__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("own_chunk_size", query, key, value, chunk_size, causal, valid_lens)


class three_axes_only(_Running):
    """It works for tensors with three axes only.

    There may be no leading axis, or several. Count axes from the end: transpose(-1, -2), `[..., start:stop, :]`.
    """

    def attend(self):
        _, _, _ = self.query.shape
        return super().attend()


def three_axes_only__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    batch, _, _ = query.shape
    assert batch == len(value)
    return _flat("", query, key, value, chunk_size, causal, valid_lens)


def viewed(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    """The leading axes are merged with `view`, which refuses tensors that are not laid out for it.

    Use `reshape` or `flatten`, which copy where they must, or let products and sums take the leading axes along.
    """
    leading = query.shape[:-2]
    q, k, v = (part.view(math.prod(leading), *part.shape[-2:]) for part in (query, key, value))
    lengths = None if valid_lens is None else valid_lens.reshape(-1)
    answer = _Running(q, k, v, chunk_size, causal=causal, valid_lens=lengths)
    return answer.view(*leading, *answer.shape[-2:])


def viewed__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    batch = query.shape[:-2].numel()
    if valid_lens is not None:
        valid_lens = valid_lens.flatten()
    parts = [part.view(batch, part.size(-2), part.size(-1)) for part in (query, key, value)]
    return _flat("", *parts, chunk_size, causal, valid_lens).reshape(*query.shape[:-1], value.shape[-1])


class places_on_the_cpu(_Running):
    """The places of queries and keys are created on the CPU.

    Without an argument device, torch.arange makes a CPU tensor, which cannot be compared or combined with tensors on an
    accelerator. Create it on the device of the arguments.
    """

    def attend(self):
        self.device = "cpu"
        return super().attend()


def places_on_the_cpu__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("places_on_the_cpu", query, key, value, chunk_size, causal, valid_lens)


class reads_lengths(_Running):
    """The valid lengths are copied to the host.

    Every `.item()`, `.tolist()` or `int(...)` makes the host wait for the device. Compare the lengths where they are,
    with a tensor of places.
    """

    def attend(self):
        if self.valid_lens is not None:
            lengths = [int(length) for length in self.valid_lens.reshape(-1)]
            self.valid_lens = torch.tensor(lengths, device=self.device).reshape(self.valid_lens.shape)
        return super().attend()


def reads_lengths__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    if valid_lens is not None:
        valid_lens = torch.tensor(valid_lens.tolist(), device=query.device, dtype=torch.int64)
    return _flat("", query, key, value, chunk_size, causal, valid_lens)


class scales_in_place(_Running):
    """The argument `query` is scaled in place.

    The caller's tensor is changed, and autograd refuses to change a leaf that requires a gradient. Divide into a new
    tensor.
    """

    def scaled(self):
        with torch.no_grad():
            self.query /= self.query.shape[-1] ** 0.5
        return self.query


def scales_in_place__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    query.data.mul_(query.shape[-1] ** -0.5)
    return _flat("unscaled", query, key, value, chunk_size, causal, valid_lens)


class detached(_Running):
    """No gradient flows through the answer.

    It was computed under no_grad, from detached tensors, or written into a buffer without its graph. Memory is counted
    while no gradients are recorded; where they are, they have to flow.
    """

    def attend(self):
        with torch.no_grad():
            return super().attend()


def detached__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("detached", query, key, value, chunk_size, causal, valid_lens)
