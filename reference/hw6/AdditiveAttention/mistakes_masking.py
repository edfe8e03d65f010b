"""Ways in which AdditiveAttention goes wrong with the softmax and the mask."""

import math

import torch
from attentions import Again as _Again
from attentions import Right as _Right
from oracle import valid_keys as _valid_keys


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
