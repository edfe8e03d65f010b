"""Ways in which GPTBlock goes wrong inside its attention."""

import torch
from blocks import Again as _Again
from blocks import Right as _Right


class NoMask(_Right):
    """There is no causal mask.

    A position sees what comes after it: in training it copies the next token instead of predicting it, and when it
    writes there is nothing to copy. Hide the later positions before the softmax.
    """

    def hidden(self, scores):
        return torch.zeros(scores.shape[-2:], dtype=torch.bool, device=scores.device)


class NoMask__rewrite(_Again):
    def seen(self, n, total, device):
        return torch.ones(n, total, dtype=torch.bool, device=device)


class MaskNotShifted(_Right):
    """The mask does not count the positions in the cache.

    Query 0 of the new ones is at position p of the text, where the cache holds p, and sees p + 1 keys. The triangle of
    a mask that begins at its upper left corner shows it the first key alone; shift the diagonal by p. (`is_causal` of
    torch's scaled dot-product attention begins at the corner, too.)
    """

    def hidden(self, scores):
        return ~torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()


class MaskNotShifted__rewrite(_Again):
    def seen(self, n, total, device):
        return torch.arange(total, device=device) <= torch.arange(n, device=device)[:, None]


class NoMaskWithCache(_Right):
    """With a cache the new positions see each other's future.

    The mask may be left out when there is one new position. When there are several, each sees the cache, itself and the
    new ones before it.
    """

    def hidden(self, scores):
        new, every = scores.shape[-2:]
        later = super().hidden(scores)
        return later if new == every else torch.zeros_like(later)


class NoMaskWithCache__rewrite(_Again):
    def seen(self, n, total, device):
        seen = torch.ones(n, total, dtype=torch.bool, device=device)
        return seen.tril() if total == n else seen


class CacheHidden(_Right):
    """The positions in the cache are not seen.

    The mask must let every new position see all that the cache holds: they come before it.
    """

    def hidden(self, scores):
        new, every = scores.shape[-2:]
        return super().hidden(scores) | (torch.arange(every, device=scores.device) < every - new)


class CacheHidden__rewrite(_Again):
    def seen(self, n, total, device):
        old = torch.zeros(n, total - n, dtype=torch.bool, device=device)
        return torch.cat([old, torch.ones(n, n, dtype=torch.bool, device=device).tril()], dim=1)


class NotItself(_Right):
    """A position does not see itself.

    The diagonal belongs to what is seen: at position i the tokens 0 to i have been read. The first position would see
    nothing at all.
    """

    def hidden(self, scores):
        new, every = scores.shape[-2:]
        return torch.ones(new, every, dtype=torch.bool, device=scores.device).triu(every - new)

    def weights(self, scores):
        return torch.softmax(scores.masked_fill(self.hidden(scores), -1e9), dim=-1)


class NotItself__rewrite(_Again):
    def seen(self, n, total, device):
        at = torch.arange(total, device=device)
        return at < at[total - n :, None]


class OneAhead(_Right):
    """A position sees the next one.

    The diagonal is off by one: the last key that the query at position i sees is key i.
    """

    def hidden(self, scores):
        new, every = scores.shape[-2:]
        return ~torch.ones(new, every, dtype=torch.bool, device=scores.device).tril(every - new + 1)


class OneAhead__rewrite(_Again):
    def seen(self, n, total, device):
        at = torch.arange(total, device=device)
        return at <= at[total - n :, None] + 1


class MaskTransposed(_Right):
    """The mask is the wrong way round: a position sees what comes after it and not what came before.

    Rows are queries, columns keys. What is seen is the lower triangle.
    """

    def hidden(self, scores):
        new, every = scores.shape[-2:]
        return ~torch.ones(new, every, dtype=torch.bool, device=scores.device).triu(every - new)


class MaskTransposed__rewrite(_Again):
    def seen(self, n, total, device):
        at = torch.arange(total, device=device)
        return at >= at[total - n :, None]


class MaskAfterSoftmax(_Right):
    """The mask is applied after the softmax.

    The weights of a position then do not sum to one, and how small they are tells of what comes. Hide the scores,
    before the softmax.
    """

    def weights(self, scores):
        return torch.softmax(scores, dim=-1).masked_fill(self.hidden(scores), 0.0)


class MaskAfterSoftmax__rewrite(_Again):
    def softmax(self, scores):
        hidden = scores == torch.finfo(scores.dtype).min
        return scores.masked_fill(hidden, 0.0).softmax(-1) * ~hidden

    def attended(self, X, cache):
        q, k, v = self.heads(self.W_q(X)), self.heads(self.W_k(X)), self.heads(self.W_v(X))
        if cache is not None:
            k, v = self.grown(cache[0], k), self.grown(cache[1], v)
        weights = (torch.einsum("bhqs,bhks->bhqk", q, k) * self.factor()).softmax(-1)
        weights = weights * self.seen(q.shape[2], k.shape[2], X.device)
        return self.W_o(self.together(torch.einsum("bhqk,bhks->bhqs", weights, v))), (k, v)


class SoftmaxOverQueries(_Right):
    """The softmax is taken over the queries.

    Each query shares its weight among the keys: the last axis.
    """

    def weights(self, scores):
        return torch.softmax(scores.masked_fill(self.hidden(scores), -1e9), dim=-2)


class SoftmaxOverQueries__rewrite(_Again):
    def softmax(self, scores):
        return scores.clamp(min=-1e9).softmax(2)


class NotScaled(_Right):
    """The scores are not scaled.

    Divide the dot products by the square root of the size of a head.
    """

    def scale(self):
        return 1.0


class NotScaled__rewrite(_Again):
    def factor(self):
        return 1


class ScaledByTheWholeSize(_Right):
    """The scores are divided by the square root of all features.

    What is multiplied are the features of one head: num_hiddens / num_heads of them.
    """

    def scale(self):
        return (self.size * self.num_heads) ** 0.5


class ScaledByTheWholeSize__rewrite(_Again):
    def factor(self):
        return self.d**-0.5


class SplitWithoutTranspose(_Right):
    """The heads are split off by a view alone.

    A view from (batch, n, d) to (batch, h, n, size) deals the numbers out in memory order and mixes positions with
    heads. View as (batch, n, h, size) first, then exchange the axes of positions and heads.
    """

    def split(self, X):
        return X.reshape(X.shape[0], self.num_heads, X.shape[1], self.size)


class SplitWithoutTranspose__rewrite(_Again):
    def heads(self, X):
        return X.contiguous().view(X.shape[0], self.h, X.shape[1], self.d // self.h)


class MergeWithoutTranspose(_Right):
    """The heads are merged by a view alone.

    After the attention the axes are (batch, h, n, size). Exchange heads and positions before the heads are flattened
    into the features.
    """

    def merge(self, X):
        return X.reshape(X.shape[0], X.shape[2], self.num_heads * self.size)


class MergeWithoutTranspose__rewrite(_Again):
    def together(self, X):
        return X.contiguous().view(X.shape[0], X.shape[2], self.d)


class OneHead(_Right):
    """All features are one head.

    Every head has a softmax of its own over its own features. Split the projections into `num_heads` blocks.
    """

    def attention(self, X, cache):
        q = self.W_q(X).unsqueeze(1)
        k, v = self.W_k(X).unsqueeze(1), self.W_v(X).unsqueeze(1)
        if cache is not None:
            k, v = (torch.cat([self.merge(old).unsqueeze(1), new], 2) for old, new in zip(cache, (k, v)))
        answer = self.weights(q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5) @ v
        return self.W_o(answer.squeeze(1)), (self.split(k.squeeze(1)), self.split(v.squeeze(1)))


class OneHead__rewrite(_Again):
    def attended(self, X, cache):
        q, k, v = self.W_q(X), self.W_k(X), self.W_v(X)
        if cache is not None:
            k, v = (torch.cat([self.together(old), new], dim=1) for old, new in zip(cache, (k, v)))
        scores = torch.bmm(q, k.mT) * self.d**-0.5
        scores = scores.masked_fill(~self.seen(q.shape[1], k.shape[1], X.device), float("-inf"))
        return self.W_o(torch.bmm(scores.softmax(-1), v)), (self.heads(k), self.heads(v))
