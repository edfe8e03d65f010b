"""Ways in which MultiHeadAttention goes wrong with the heads: split, merged, and met by the lengths."""

import torch
from attentions import Again as _Again
from attentions import Right as _Right


class SplitWithoutTranspose(_Right):
    """The heads are split off by a view alone.

    A view from (batch, n, num_hiddens) to (batch, num_heads, n, size) deals the numbers out in memory order and mixes
    tokens with heads. View as (batch, n, num_heads, size) first, then exchange the axes of tokens and heads.
    """

    def split(self, X):
        return X.reshape(X.shape[0] * self.num_heads, X.shape[1], self.size)


class SplitWithoutTranspose__rewrite(_Again):
    def heads(self, X):
        return X.contiguous().view(X.shape[0], self.h, X.shape[1], self.hiddens // self.h)


class MergeWithoutTranspose(_Right):
    """The heads are merged by a view alone.

    After the attention the axes are (batch, num_heads, queries, size). Exchange heads and queries before the heads
    are flattened into the features, or the answers of different queries are mixed.
    """

    def merge(self, X):
        return X.reshape(X.shape[0] // self.num_heads, X.shape[1], self.num_heads * self.size)


class MergeWithoutTranspose__rewrite(_Again):
    def together(self, X):
        return X.contiguous().view(X.shape[0], X.shape[2], self.hiddens)


class SplitAndMergedWithoutTranspose(_Right):
    """The heads are split and merged by views alone.

    The two views undo each other, but between them every head sees a mixture of tokens and features. The axes of
    heads and tokens have to be exchanged both times.
    """

    split = SplitWithoutTranspose.split
    merge = MergeWithoutTranspose.merge


class SplitAndMergedWithoutTranspose__rewrite(_Again):
    heads = SplitWithoutTranspose__rewrite.heads
    together = MergeWithoutTranspose__rewrite.together


class InterleavedHeads(_Right):
    """The heads take every num_heads-th feature.

    Head i is block i of num_hiddens / num_heads neighbouring features: in the view the heads come before the features
    of a head, (batch, n, num_heads, size).
    """

    def split(self, X):
        return X.unflatten(2, (self.size, self.num_heads)).permute(0, 3, 1, 2).flatten(0, 1)

    def merge(self, X):
        batch = X.shape[0] // self.num_heads
        return X.reshape(batch, self.num_heads, X.shape[1], self.size).permute(0, 2, 3, 1).flatten(2)


class InterleavedHeads__rewrite(_Again):
    def heads(self, X):
        return torch.einsum("bnsh->bhns", X.reshape(*X.shape[:2], self.hiddens // self.h, self.h))

    def together(self, X):
        return torch.stack(X.unbind(1), -1).flatten(2)


class LengthsTiled(_Right):
    """The valid lengths are repeated in the wrong order.

    The heads of a sequence stand next to each other in the batch axis, so its length has to be repeated next to
    itself: a, a, b, b (`repeat_interleave`), where `repeat` gives a, b, a, b.
    """

    def lengths(self, valid_lens):
        return valid_lens.repeat(self.num_heads, *[1] * (valid_lens.dim() - 1))


class LengthsTiled__rewrite(_Right):
    def lengths(self, valid_lens):
        return torch.cat([valid_lens] * self.num_heads, dim=0)


class LengthsFlattened(_Right):
    """Lengths of shape (batch, queries) lose their shape.

    Without `dim`, `repeat_interleave` flattens its input. Repeat along the batch axis only.
    """

    def lengths(self, valid_lens):
        return torch.repeat_interleave(valid_lens, self.num_heads)


class LengthsFlattened__rewrite(_Right):
    def lengths(self, valid_lens):
        return valid_lens.reshape(-1, 1).expand(-1, self.num_heads).reshape(-1)


class EmptyBatchRefused(_Right):
    """An empty batch raises an error.

    In `reshape(batch, n, num_heads, -1)` with a batch of 0 the last size could be anything. Name all the sizes: the
    last one is num_hiddens / num_heads.
    """

    def split(self, X):
        X = X.reshape(X.shape[0], X.shape[1], self.num_heads, -1)
        return X.permute(0, 2, 1, 3).reshape(-1, X.shape[1], X.shape[3])


class EmptyBatchRefused__rewrite(_Again):
    def heads(self, X):
        return X.contiguous().view(len(X), -1, self.h, self.hiddens // self.h).transpose(1, 2)
