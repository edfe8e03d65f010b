"""Ways in which GPTBlock goes wrong with its cache."""

import torch
from blocks import Again as _Again
from blocks import Right as _Right


class CacheIgnored(_Right):
    """The cache that is passed is not used.

    Keys and values of the earlier positions are in it; put them in front of the new ones. Without them the block has
    forgotten the text.
    """

    def extended(self, k, v, cache):
        return k, v


class CacheIgnored__rewrite(_Again):
    def forward(self, X, cache=None):
        return super().forward(X)


class NewBeforeOld(_Right):
    """The new positions stand in front of the old ones.

    The order is that of the text: what the cache holds comes first.
    """

    def extended(self, k, v, cache):
        return (k, v) if cache is None else (torch.cat([k, cache[0]], 2), torch.cat([v, cache[1]], 2))


class NewBeforeOld__rewrite(_Again):
    def grown(self, old, new):
        return torch.cat([new, old], dim=2)


class OnlyTheNew(_Right):
    """The cache that is returned holds the new positions alone.

    Whoever passes it on next time would lose the beginning of the text. Return the keys and values of all positions.
    """

    def kept(self, k, v, new):
        return k[:, :, k.shape[2] - new :], v[:, :, v.shape[2] - new :]


class OnlyTheNew__rewrite(_Again):
    def attended(self, X, cache):
        answer, (k, v) = super().attended(X, cache)
        new = range(k.shape[2])[-X.shape[1] :]
        return answer, (k[:, :, new.start :], v[:, :, new.start :])


class OldCacheReturned(_Right):
    """The cache that was passed is returned as it was.

    It has to grow by the new positions, or they are forgotten.
    """

    def forward(self, X, cache=None):
        Y, grown = super().forward(X, cache)
        return Y, grown if cache is None else tuple(old.clone() for old in cache)


class OldCacheReturned__rewrite(_Again):
    def attended(self, X, cache):
        answer, (k, v) = super().attended(X, cache)
        return answer, (k, v) if cache is None else (k[:, :, : -X.shape[1]].clone(), v[:, :, : -X.shape[1]].clone())


class KeysBeforeProjection(_Right):
    """The cache holds what is projected, not the keys and values.

    Then every step projects the whole text again, which is what the cache should spare. Keep the keys and values, split
    into heads.
    """

    def attention(self, X, cache):
        past = None if cache is None else self.merge(cache[0])
        whole = X if past is None else torch.cat([past, X], 1)
        q, k, v = self.split(self.W_q(X)), self.split(self.W_k(whole)), self.split(self.W_v(whole))
        answer = self.weights(q @ k.transpose(-1, -2) / self.scale()) @ v
        return self.W_o(self.merge(answer)), (self.split(whole), self.split(whole))


class KeysBeforeProjection__rewrite(_Again):
    def attended(self, X, cache):
        whole = self.heads(X) if cache is None else torch.cat((cache[0], self.heads(X)), 2)
        flat = self.together(whole)
        q, k, v = self.heads(self.W_q(X)), self.heads(self.W_k(flat)), self.heads(self.W_v(flat))
        scores = torch.einsum("bhqs,bhks->bhqk", q, k) * self.factor()
        scores = scores.masked_fill(~self.seen(q.shape[2], k.shape[2], X.device), float("-inf"))
        return self.W_o(self.together(scores.softmax(-1) @ v)), (whole, whole)


class CacheMerged(_Right):
    """The cache holds keys and values that are not split into heads.

    Others read it too: its tensors have the shape (batch, h, positions, size).
    """

    def forward(self, X, cache=None):
        if cache is not None and cache[0].dim() == 3:
            cache = tuple(self.split(part) for part in cache)
        Y, cache = super().forward(X, cache)
        return Y, tuple(self.merge(part) for part in cache)


class CacheMerged__rewrite(_Again):
    def forward(self, X, cache=None):
        if cache is not None:
            cache = [part if part.ndim == 4 else self.heads(part) for part in cache]
        Y, (k, v) = super().forward(X, cache)
        return Y, (self.together(k), self.together(v))


class CacheAsBatchFirst(_Right):
    """The axes of heads and positions are the wrong way round in the cache.

    Its tensors have the shape (batch, h, positions, size): heads before positions.
    """

    def forward(self, X, cache=None):
        if cache is not None and cache[0].shape[1] != self.num_heads:
            cache = tuple(part.transpose(1, 2) for part in cache)
        Y, cache = super().forward(X, cache)
        return Y, tuple(part.transpose(1, 2) for part in cache)


class CacheAsBatchFirst__rewrite(_Again):
    def forward(self, X, cache=None):
        if cache is not None and cache[0].shape[1] != self.h:
            cache = [torch.movedim(part, 2, 1) for part in cache]
        Y, (k, v) = super().forward(X, cache)
        return Y, (torch.movedim(k, 1, 2), torch.movedim(v, 1, 2))


class OneTensor(_Right):
    """Keys and values are swapped in the cache.

    It is a tuple (keys, values), in this order: a cache that somebody else made must be understood as well.
    """

    def extended(self, k, v, cache):
        return super().extended(k, v, None if cache is None else cache[::-1])

    def kept(self, k, v, new):
        return v, k


class OneTensor__rewrite(_Again):
    def forward(self, X, cache=None):
        Y, (k, v) = super().forward(X, None if cache is None else (cache[1], cache[0]))
        return Y, (v, k)


class KeptInTheModule(_Right):
    """Keys and values are kept in the module.

    The text before is what the caller passes. What an earlier call left in the module belongs to another text, or to
    another continuation of this one.
    """

    def extended(self, k, v, cache):
        if cache is not None and getattr(self, "_kept", None) is not None:
            cache = self._kept
        k, v = super().extended(k, v, cache)
        self._kept = k.detach(), v.detach()
        return k, v


class KeptInTheModule__rewrite(_Again):
    def attended(self, X, cache):
        answer, grown = super().attended(X, cache if cache is None else getattr(self, "past", cache))
        self.past = tuple(part.detach() for part in grown)
        return answer, grown


class CacheWrittenOver(_Right):
    """The cache that is passed is changed.

    Appending to it in place spoils it for whoever wants to continue the text in another way: several samples from one
    prompt, for example. Put old and new together in new tensors.
    """

    def extended(self, k, v, cache):
        k, v = super().extended(k, v, cache)
        for old, grown in zip(cache or (), (k, v)):
            old.data.copy_(grown.data[:, :, -old.shape[2] :])
        return k, v


class CacheWrittenOver__rewrite(_Again):
    def grown(self, old, new):
        both = torch.cat((old, new), dim=2)
        old.data[:] = both.data[:, :, both.shape[2] - old.shape[2] :]
        return both


class DetachedCache(_Right):
    """The cache that is passed is cut off from the graph.

    No gradient reaches the positions before. Where nothing has to be learned, the caller says so with `torch.no_grad`.
    """

    def extended(self, k, v, cache):
        return super().extended(k, v, None if cache is None else tuple(part.detach() for part in cache))


class DetachedCache__rewrite(_Again):
    def grown(self, old, new):
        return torch.cat((old.data, new), dim=2)
