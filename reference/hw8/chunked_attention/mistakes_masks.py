"""What goes wrong with the masks, and with queries that have no key."""

import torch
from chunks import Running as _Running
from chunks import flat as _flat


class not_causal(_Running):
    """`causal` changes nothing.

    With it, query i attends to the keys 0 to i only. Compare the places of keys and queries, both counted in the whole
    sequence.
    """

    def past(self, i, j):
        return j >= 0


def not_causal__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("not_causal", query, key, value, chunk_size, causal, valid_lens)


class causal_in_chunk(_Running):
    """The causal mask counts places within the chunk.

    Query 0 of the second chunk is not the first of the sequence: it sees all keys of the first chunk. Add the start of
    the chunk to the places, for queries and for keys.
    """

    def places(self, rows, columns):
        self.start = rows[0], columns[0]
        return super().places(rows, columns)

    def past(self, i, j):
        return j - self.start[1] <= i - self.start[0]


def causal_in_chunk__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("causal_in_chunk", query, key, value, chunk_size, causal, valid_lens)


class without_itself(_Running):
    """With `causal`, query i does not see key i.

    A query attends to what came before and to itself: keys 0 to i, so mask where the key's place is greater, not where
    it is equal.
    """

    def past(self, i, j):
        return j < i


def without_itself__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("without_itself", query, key, value, chunk_size, causal, valid_lens)


class from_the_end(_Running):
    """With `causal`, the last query is aligned with the last key.

    Both are counted from the beginning: query i sees the keys 0 to i, however many keys there are.
    """

    def past(self, i, j):
        return j <= i + self.key.shape[-2] - self.query.shape[-2]


def from_the_end__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("from_the_end", query, key, value, chunk_size, causal, valid_lens)


class whole_chunks(_Running):
    """With `causal`, whole chunks of later keys are left out, but in its own chunk a query sees all keys.

    On the diagonal a chunk is partly visible: there each score needs the mask.
    """

    def places(self, rows, columns):
        i, j = super().places(rows, columns)
        return torch.full_like(i, rows[1] - 1), j


def whole_chunks__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("whole_chunks", query, key, value, chunk_size, causal, valid_lens)


class no_lengths(_Running):
    """`valid_lens` changes nothing.

    In each sequence only the keys 0 to length - 1 take part: mask the others out before the maximum is taken.
    """

    def within(self, j):
        return j >= 0


def no_lengths__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("no_lengths", query, key, value, chunk_size, causal, valid_lens)


class lengths_in_chunk(_Running):
    """The valid length is compared with the place of a key within its chunk.

    Keys are counted in the whole sequence: add the start of the chunk.
    """

    def places(self, rows, columns):
        self.start = columns[0]
        return super().places(rows, columns)

    def within(self, j):
        return super().within(j - self.start)


def lengths_in_chunk__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("lengths_in_chunk", query, key, value, chunk_size, causal, valid_lens)


class one_key_too_many(_Running):
    """One key beyond the valid length takes part.

    Keys are counted from 0, so that a sequence of length n has the keys 0 to n - 1: compare with <, not with <=.
    """

    def within(self, j):
        return j <= self.valid_lens[..., None, None]


def one_key_too_many__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("one_key_too_many", query, key, value, chunk_size, causal, valid_lens)


class one_mask_only(_Running):
    """With `causal` the valid lengths are forgotten.

    Both may be given, and then both hold: a key takes part where it is neither later than the query nor beyond the
    length.
    """

    def within(self, j):
        return j >= 0 if self.causal else super().within(j)


def one_mask_only__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("one_mask_only", query, key, value, chunk_size, causal, valid_lens)


class filled_with_a_number(_Running):
    """Masked scores are filled with -1e9, and nothing else is done about them.

    A valid score may be lower than that, and where no key is valid they all count the same: the answer is the mean of
    the values. Set the weights of masked keys to 0, after the exponential.
    """

    def scores(self, q, k, keep):
        return (q @ k.mT).masked_fill(~keep, -1e9)

    def weights(self, scores, top, keep):
        return torch.exp(scores - top)


def filled_with_a_number__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("filled_with_a_number", query, key, value, chunk_size, causal, valid_lens)


class rows_without_keys(_Running):
    """A query without a key is answered with NaN.

    Both of its sums are 0, and 0 / 0 is NaN. Put a 1 in place of a denominator that is 0.
    """

    def answer(self, total, summed):
        return summed / total


def rows_without_keys__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("rows_without_keys", query, key, value, chunk_size, causal, valid_lens)


class nan_on_the_way(_Running):
    """A query without a key is answered with zeros, but its gradient is NaN.

    NaN was computed and then replaced. On the way back the replaced part has the gradient 0, and 0 times the infinite
    derivative of 0 / 0 is NaN again. Replace the denominator before dividing, not the quotient after it.
    """

    def answer(self, total, summed):
        return torch.where(total == 0, torch.zeros_like(summed), summed / total)


def nan_on_the_way__rewrite(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    return _flat("nan_on_the_way", query, key, value, chunk_size, causal, valid_lens)
