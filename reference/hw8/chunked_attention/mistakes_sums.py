"""What goes wrong with the running sums: chunks that do not know of each other, and factors that do not fit."""

import torch
from chunks import Running as _Running
from chunks import flat as _flat


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


class single_precision(_Running):
    """The running sums are single precision, whatever the arguments are.

    torch.zeros makes float32. Make the sums with the dtype of the arguments, or from one of them.
    """

    def attend(self):
        dtype = self.query.dtype
        self.query, self.key, self.value = self.query.float(), self.key.float(), self.value.float()
        self.low = torch.finfo(torch.float32).min
        return super().attend().to(dtype)


def single_precision__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("single_precision", query, key, value, chunk_size, causal, valid_lens)
