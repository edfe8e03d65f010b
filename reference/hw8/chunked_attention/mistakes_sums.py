"""What goes wrong with the running sums: chunks that do not know of each other, and factors that do not fit."""

import math

import torch
from chunks import Running as _Running
from chunks import flat as _flat
from torch.nn import functional as F


def sketch(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    """The widely copied sketch: chunks of the first axis that attend to themselves, and what is left over is dropped.

    It is another function than attention: every query has to see every chunk of keys. Chunks are of the axis -2, there
    are as many as the length divided by their size and rounded up, and `causal` and `valid_lens` hold.
    """
    parts = []
    for n in range(query.size(0) // chunk_size):
        one = slice(n * chunk_size, (n + 1) * chunk_size)
        scores = query[one] @ key[one].transpose(-2, -1) / query.size(-1) ** 0.5
        parts.append(scores.softmax(dim=-1) @ value[one])
    return torch.cat(parts, dim=0)


def sketch__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    answers, stop = [], chunk_size
    while stop <= len(query):
        q, k, v = (part[stop - chunk_size : stop] for part in (query, key, value))
        answers.append(torch.softmax(torch.matmul(q, k.mT).div(q.shape[-1] ** 0.5), -1).matmul(v))
        stop += chunk_size
    return torch.cat(answers)


def sketch_of_the_length(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    """The widely copied sketch, for the right axis: each chunk attends to itself only, what is left over is dropped.

    A softmax over the keys of one chunk is another function than the one over all keys: every query has to see every
    chunk of keys. Round the number of chunks up, and mind `causal` and `valid_lens`.
    """
    parts = []
    for n in range(query.size(-2) // chunk_size):
        q, k, v = (part[..., n * chunk_size : (n + 1) * chunk_size, :] for part in (query, key, value))
        parts.append((q @ k.transpose(-2, -1) / q.size(-1) ** 0.5).softmax(dim=-1) @ v)
    return torch.cat(parts, dim=-2)


def sketch_of_the_length__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    full = query.shape[-2] - query.shape[-2] % chunk_size
    answers = []
    for start in range(0, full, chunk_size):
        q, k, v = (part[..., start : start + chunk_size, :] for part in (query, key, value))
        scores = torch.einsum("...id,...jd->...ij", q / math.sqrt(q.shape[-1]), k)
        answers.append(torch.softmax(scores, -1) @ v)
    return torch.cat(answers, dim=-2)


def own_chunk_unmasked(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    """Each chunk of queries attends to its own chunk of keys only, and nothing is masked.

    Every query has to see every chunk of keys, but for those that `causal` or `valid_lens` hide from it: two nested
    loops, sums that are carried from chunk to chunk, and a mask from the places of queries and keys.
    """
    parts = []
    for start in range(0, query.shape[-2], chunk_size):
        q, k, v = (part[..., start : start + chunk_size, :] for part in (query, key, value))
        parts.append((q @ k.mT / q.shape[-1] ** 0.5).softmax(dim=-1) @ v)
    return torch.cat(parts, dim=-2)


def own_chunk_unmasked__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    number = math.ceil(query.shape[-2] / chunk_size)
    answers = []
    for n in range(number):
        one = slice(n * chunk_size, (n + 1) * chunk_size)
        weights = F.softmax(torch.matmul(query[..., one, :], key[..., one, :].mT) / math.sqrt(query.shape[-1]), -1)
        answers.append(torch.matmul(weights, value[..., one, :]))
    return torch.cat(answers, dim=-2)


class own_chunk_dropping(_Running):
    """Each chunk of queries attends to its own chunk of keys only, and what is left over is dropped.

    This is the common sketch of “chunking”. A softmax over the keys of one chunk is another function than the one over
    all keys: every query has to see every chunk of keys. Count the chunks rounded up, so that a smaller last one is not
    lost.
    """

    def rows(self):
        return [(n * self.size, (n + 1) * self.size) for n in range(self.query.shape[-2] // self.size)]

    def columns(self, rows):
        return [rows] if rows[0] < self.key.shape[-2] else []

    def places(self, rows, columns):
        i, j = super().places(rows, columns)
        return i, j[: self.key.shape[-2] - columns[0]]


def own_chunk_dropping__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("own_chunk_dropping", query, key, value, chunk_size, causal, valid_lens)


class own_chunk(_Running):
    """Each chunk of queries attends to its own chunk of keys only.

    The answer is then a mean over chunk_size keys instead of all. Every query has to see every chunk of keys: two
    nested loops, and sums that are carried from chunk to chunk.
    """

    def columns(self, rows):
        columns = rows[0], min(rows[0] + self.size, self.key.shape[-2])
        return [columns] if columns[0] < columns[1] else []


def own_chunk__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("own_chunk", query, key, value, chunk_size, causal, valid_lens)


class mean_of_chunks(_Running):
    """The answers of the chunks are averaged, each with the same weight.

    A chunk whose scores are high has to count for more: by its share of the softmax's denominator. Carry numerator and
    denominator from chunk to chunk, and divide once.
    """

    def chunk(self, q, rows):
        parts, columns = [], self.columns
        for one in columns(rows):
            self.columns = lambda rows, one=one: [one]
            parts.append(super().chunk(q, rows))
        self.columns = columns
        return sum(parts) / len(parts)


def mean_of_chunks__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("mean_of_chunks", query, key, value, chunk_size, causal, valid_lens)


class last_chunk(_Running):
    """Each chunk of keys replaces what the chunks before it gave.

    The sums are assigned where they should be added to: only the last chunk of keys is left in the answer.
    """

    def shrink(self, old, new):
        return 0.0, 0.0


def last_chunk__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("last_chunk", query, key, value, chunk_size, causal, valid_lens)


class no_top(_Running):
    """The exponential is taken of the scores as they are.

    exp overflows in float32 from 89 on, and is 0 below -104. Subtract the highest score seen so far, and rescale what
    was summed up when it changes.
    """

    def first_top(self, q):
        return torch.zeros_like(q[..., :1])

    def top(self, top, scores):
        return top


def no_top__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("no_top", query, key, value, chunk_size, causal, valid_lens)


class first_top(_Running):
    """The highest score of the first chunk is used for all chunks.

    A later chunk may have higher scores, whose exponential overflows. Take the maximum again in every chunk, and
    rescale the sums so far.
    """

    def top(self, top, scores):
        return super().top(top, scores) if self.new else top

    def chunk(self, q, rows):
        self.new = True
        return super().chunk(q, rows)

    def weights(self, scores, top, keep):
        self.new = False
        return super().weights(scores, top, keep)


def first_top__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("first_top", query, key, value, chunk_size, causal, valid_lens)


class own_tops(_Running):
    """Every chunk subtracts its own highest score, and the sums are added up as they are.

    Weights relative to different maxima are not comparable: the chunk with low scores counts as much as the one with
    high ones. Bring the sums so far to the new maximum before adding.
    """

    def top(self, top, scores):
        return scores.amax(-1, keepdim=True)

    def shrink(self, old, new):
        return 1.0, 1.0


def own_tops__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("own_tops", query, key, value, chunk_size, causal, valid_lens)


class not_rescaled(_Running):
    """The sums so far are not rescaled when a chunk brings a higher score.

    They were computed relative to the old maximum, and are too large by exp(new - old). Multiply both by exp(old - new)
    before the chunk is added.
    """

    def shrink(self, old, new):
        return 1.0, 1.0


def not_rescaled__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("not_rescaled", query, key, value, chunk_size, causal, valid_lens)


class total_rescaled(_Running):
    """The sum of the weights is rescaled, the weighted sum of the values is not.

    Both are relative to the old maximum, so that both need the factor exp(old - new).
    """

    def shrink(self, old, new):
        return torch.exp(old - new), 1.0


def total_rescaled__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("total_rescaled", query, key, value, chunk_size, causal, valid_lens)


class sum_rescaled(_Running):
    """The weighted sum of the values is rescaled, the sum of the weights is not.

    Both are relative to the old maximum, so that both need the factor exp(old - new).
    """

    def shrink(self, old, new):
        return 1.0, torch.exp(old - new)


def sum_rescaled__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("sum_rescaled", query, key, value, chunk_size, causal, valid_lens)


class inverted(_Running):
    """The factor of the sums so far is inverted: exp(new - old).

    The new maximum is the larger one, and the old sums have to shrink: multiply by exp(old - new). The inverted factor
    is infinite in the first chunk, and infinity times 0 is NaN.
    """

    def shrink(self, old, new):
        return (torch.exp(new - old),) * 2


def inverted__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("inverted", query, key, value, chunk_size, causal, valid_lens)


class starts_at_zero(_Running):
    """The highest score starts at 0 instead of the lowest number.

    Where all scores are far below 0 their exponentials are 0, and nothing is left to divide by. Start with minus
    infinity, or the lowest number of the dtype.
    """

    def first_top(self, q):
        return torch.zeros_like(q[..., :1])


def starts_at_zero__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("starts_at_zero", query, key, value, chunk_size, causal, valid_lens)


class unscaled(_Running):
    """The scores are not divided by the square root of d.

    Dot products of long vectors are large, and the softmax saturates. Divide queries or scores by the root of the size
    of a query.
    """

    def scaled(self):
        return self.query


def unscaled__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("unscaled", query, key, value, chunk_size, causal, valid_lens)


class scaled_by_d(_Running):
    """The scores are divided by d, not by its square root.

    A dot product of d entries with variance one has the variance d, and so the standard deviation of the root of d.
    """

    def scaled(self):
        return self.query / self.query.shape[-1]


def scaled_by_d__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("scaled_by_d", query, key, value, chunk_size, causal, valid_lens)


class scaled_by_value_size(_Running):
    """The scores are divided by the root of the size of a value.

    The scale belongs to the dot product: it is the root of the size of a query and of a key. Values may have another
    size.
    """

    def scaled(self):
        return self.query / self.value.shape[-1] ** 0.5


def scaled_by_value_size__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("scaled_by_value_size", query, key, value, chunk_size, causal, valid_lens)


class keys_left_over(_Running):
    """The keys that are left over after the last full chunk are ignored.

    Count the chunks rounded up, and let the last one be smaller: slices end at the end of the tensor by themselves.
    """

    def columns(self, rows):
        columns = super().columns(rows)
        return columns[:-1] if len(columns) > 1 and self.key.shape[-2] % self.size else columns


def keys_left_over__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("keys_left_over", query, key, value, chunk_size, causal, valid_lens)


class queries_left_over(_Running):
    """The queries that are left over after the last full chunk get no answer.

    Count the chunks rounded up, and let the last one be smaller: slices end at the end of the tensor by themselves.
    """

    def rows(self):
        return [rows for rows in super().rows() if rows[1] - rows[0] == self.size]


def queries_left_over__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("queries_left_over", query, key, value, chunk_size, causal, valid_lens)


class padded(_Running):
    """The zeros with which the keys are filled up to a whole chunk take part.

    A key of zeros has the score 0, not minus infinity, and gets weight. Let the last chunk be smaller, or mask what was
    added.
    """

    def attend(self):
        more = -self.key.shape[-2] % self.size
        self.key, self.value = (F.pad(part, (0, 0, 0, more)) for part in (self.key, self.value))
        return super().attend()


def padded__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    more = -key.shape[-2] % chunk_size
    if more:
        key = torch.cat([key, key.new_zeros(*key.shape[:-2], more, key.shape[-1])], -2)
        value = torch.cat([value, value.new_zeros(*value.shape[:-2], more, value.shape[-1])], -2)
    return _flat("", query, key, value, chunk_size, causal, valid_lens)


class single_precision(_Running):
    """In double precision the answer is no better than in single precision.

    torch.zeros makes float32, whatever the arguments are: make the sums with their dtype. A small number added to the
    denominator moves every answer a little: replace only a denominator that is 0.
    """

    def attend(self):
        dtype = self.query.dtype
        self.query, self.key, self.value = self.query.float(), self.key.float(), self.value.float()
        self.low = torch.finfo(torch.float32).min
        return super().attend().to(dtype)


def single_precision__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("single_precision", query, key, value, chunk_size, causal, valid_lens)
