"""Ways in which DotProductAttention goes wrong with the scores: their scale, their axes and the mask."""

import math

import torch
from attentions import Again as _Again
from attentions import Right as _Right
from oracle import valid_keys as _valid_keys


class NotScaled(_Right):
    """The dot products are not scaled.

    The variance of a dot product grows with the number of features, and with it the softmax saturates. Divide the
    scores by the square root of the size of a query.
    """

    def scale(self, queries, keys, values):
        return 1.0


class NotScaled__rewrite(_Again):
    def factor(self, d, keys, values):
        return 1


class ScaledUp(_Right):
    """The dot products are multiplied by the square root of d.

    The scaling has to undo the growth of the dot products: divide by the root.
    """

    def scale(self, queries, keys, values):
        return 1 / math.sqrt(queries.shape[-1])


class ScaledUp__rewrite(_Again):
    def factor(self, d, keys, values):
        return d**0.5


class ScaledByD(_Right):
    """The dot products are divided by d, not by its square root.

    The variance of the dot product is d, so it is the standard deviation, the root of d, that brings it back to one.
    """

    def scale(self, queries, keys, values):
        return queries.shape[-1]


class ScaledByD__rewrite(_Again):
    def factor(self, d, keys, values):
        return 1 / d


class ScaledByNumberOfKeys(_Right):
    """The scale is the number of keys, not the size of a key.

    `keys.shape` is (batch, keys, d): the size d is its last entry.
    """

    def scale(self, queries, keys, values):
        return math.sqrt(keys.shape[1])


class ScaledByNumberOfKeys__rewrite(_Again):
    def factor(self, d, keys, values):
        return keys.size(1) ** -0.5


class ScaledByValueSize(_Right):
    """The scale is the size of a value, not that of a query.

    Values may have another size than queries and keys, and take no part in the scores.
    """

    def scale(self, queries, keys, values):
        return math.sqrt(values.shape[-1])


class ScaledByValueSize__rewrite(_Again):
    def factor(self, d, keys, values):
        return values.size(2) ** -0.5


class ScaleOfTheFirstCall(_Right):
    """The scale of the first call is kept.

    Queries and keys of the next call may have another size d. Compute the scale in every call, from the queries or
    the keys that are given.
    """

    def scale(self, queries, keys, values):
        if not hasattr(self, "root"):
            self.root = math.sqrt(queries.shape[-1])
        return self.root


class ScaleOfTheFirstCall__rewrite(_Again):
    kept = None

    def factor(self, d, keys, values):
        self.kept = self.kept or d**-0.5
        return self.kept


class KeysReshaped(_Right):
    """The keys are reshaped where their axes should be exchanged.

    `reshape` and `view` keep the order of the numbers in memory and deal them out anew: features of different keys
    end up in one column. Use `transpose` or `permute`.
    """

    def product(self, queries, keys):
        return torch.bmm(queries, keys.reshape(keys.shape[0], keys.shape[2], keys.shape[1]))


class KeysReshaped__rewrite(_Right):
    def product(self, queries, keys):
        batch, count, d = keys.shape
        return queries @ keys.contiguous().view(batch, d, count)


class SoftmaxOverQueries(_Right):
    """The softmax runs over the queries.

    Every query distributes a weight of one over the keys: the last axis of the scores.
    """

    def weigh(self, scores, valid_lens):
        if valid_lens is None:
            return torch.softmax(scores, dim=1)
        valid = _valid_keys(scores.shape, valid_lens)
        return torch.softmax(scores.masked_fill(~valid, -math.inf), dim=1).nan_to_num(0.0)


class SoftmaxOverQueries__rewrite(_Right):
    def weigh(self, scores, valid_lens):
        if valid_lens is not None:
            scores = torch.where(_valid_keys(scores.shape, valid_lens), scores, -math.inf)
        return scores.transpose(1, 2).softmax(-1).nan_to_num(0.0).transpose(1, 2)


class LengthsIgnored(_Right):
    """The valid lengths have no effect.

    Hand `valid_lens` on to the masked softmax; its place is after the scores.
    """

    def weigh(self, scores, valid_lens):
        return torch.softmax(scores, dim=-1)


class LengthsIgnored__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        return super().forward(queries, keys, values, None)


class MaskedAfterSoftmax(_Right):
    """The weights are masked after the softmax.

    The remaining weights then do not sum to one. Mask the scores.
    """

    def weigh(self, scores, valid_lens):
        weights = torch.softmax(scores, dim=-1)
        return weights if valid_lens is None else weights * _valid_keys(scores.shape, valid_lens)


class MaskedAfterSoftmax__rewrite(_Right):
    def weigh(self, scores, valid_lens):
        powers = scores.log_softmax(2).exp()
        return powers if valid_lens is None else torch.where(_valid_keys(scores.shape, valid_lens), powers, 0.0)


class UniformWithoutKeys(_Right):
    """A query without a valid key gets the mean of all values.

    When all scores of a query are filled with the same number, the softmax is uniform. Such a query has the answer
    zero here: the masked softmax sets its weights to zero.
    """

    def weigh(self, scores, valid_lens):
        if valid_lens is None:
            return torch.softmax(scores, dim=-1)
        return torch.softmax(scores.masked_fill(~_valid_keys(scores.shape, valid_lens), -1e6), dim=-1)


class UniformWithoutKeys__rewrite(_Right):
    def weigh(self, scores, valid_lens):
        if valid_lens is not None:
            scores = torch.where(_valid_keys(scores.shape, valid_lens), scores, -1e9)
        return scores.log_softmax(-1).exp()


class NanWithoutKeys(_Right):
    """A query without a valid key is answered with NaN.

    A softmax over nothing but minus infinity divides 0 by 0. Such a query has the answer zero here.
    """

    def weigh(self, scores, valid_lens):
        if valid_lens is None:
            return torch.softmax(scores, dim=-1)
        return torch.softmax(scores.masked_fill(~_valid_keys(scores.shape, valid_lens), -math.inf), dim=-1)


class NanWithoutKeys__rewrite(_Right):
    def weigh(self, scores, valid_lens):
        if valid_lens is not None:
            scores = torch.where(_valid_keys(scores.shape, valid_lens), scores, -math.inf)
        return scores.log_softmax(-1).exp()
