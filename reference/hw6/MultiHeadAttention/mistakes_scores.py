"""Ways in which MultiHeadAttention goes wrong with the scores: their scale, the additive score and the mask."""

import math

import torch
from attentions import Again as _Again
from attentions import Right as _Right
from attentions import mask as _mask


class NotScaled(_Right):
    """The dot products are not scaled.

    Their variance grows with the size of a head, and the softmax saturates. Divide by the square root of that size.
    """

    def scale(self):
        return 1.0


class NotScaled__rewrite(_Again):
    def factor(self):
        return 1


class ScaledUp(_Right):
    """The dot products are multiplied by the square root of the size of a head.

    The scaling has to undo the growth of the dot products: divide by the root.
    """

    def scale(self):
        return 1 / math.sqrt(self.size)


class ScaledUp__rewrite(_Again):
    def factor(self):
        return (self.hiddens // self.h) ** 0.5


class ScaledBySize(_Right):
    """The dot products are divided by the size of a head, not by its square root.

    The variance of a dot product is the number of its terms; the root of that brings it back to one.
    """

    def scale(self):
        return self.size


class ScaledBySize__rewrite(_Again):
    def factor(self):
        return self.h / self.hiddens


class ScaledByModel(_Right):
    """The scale is the square root of num_hiddens.

    A dot product of a head has num_hiddens / num_heads terms, and it is their number that counts.
    """

    def scale(self):
        return math.sqrt(self.size * self.num_heads)


class ScaledByModel__rewrite(_Again):
    def factor(self):
        return self.hiddens**-0.5


class ScaledByHeads(_Right):
    """The scale is the square root of the number of heads.

    A dot product of a head has num_hiddens / num_heads terms, and it is their number that counts.
    """

    def scale(self):
        return math.sqrt(self.num_heads)


class ScaledByHeads__rewrite(_Again):
    def factor(self):
        return self.h**-0.5


class ScaledByQuerySize(_Right):
    """The scale is the size of a query before its projection.

    The dot products are taken after the projections: the size of a head counts.
    """

    def scale(self):
        return math.sqrt(self.query_size)


class ScaledByQuerySize__rewrite(_Again):
    def factor(self):
        return self.W_q.in_features**-0.5


class LengthsIgnored(_Right):
    """The valid lengths have no effect.

    Hand them on to the attention, once for every head.
    """

    def weigh(self, scores, lengths):
        return torch.softmax(scores, dim=-1)


class LengthsIgnored__rewrite(_Again):
    def valid(self, scores, valid_lens):
        return None


class Causal(_Right):
    """A query cannot see the keys after it.

    A causal mask belongs into a decoder. Here the valid lengths alone say which keys count.
    """

    def weigh(self, scores, lengths):
        future = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).triu(1)
        dead = future if lengths is None else future | _mask(scores, lengths)
        return torch.softmax(scores.masked_fill(dead, torch.finfo(scores.dtype).min), -1).masked_fill(dead, 0.0)


class Causal__rewrite(_Again):
    def weights(self, scores, valid_lens):
        rows, columns = (torch.arange(n, device=scores.device) for n in scores.shape[-2:])
        keep = columns <= rows[:, None]
        valid = self.valid(scores, valid_lens)
        keep = keep if valid is None else keep & valid
        return scores.masked_fill(~keep, -math.inf).softmax(-1).nan_to_num(0.0)


class SoftmaxOverQueries(_Right):
    """The softmax runs over the queries.

    Every query distributes a weight of one over the keys: the last axis of the scores.
    """

    def weigh(self, scores, lengths):
        if lengths is not None:
            scores = scores.masked_fill(_mask(scores, lengths), -math.inf)
        return torch.softmax(scores, dim=1).nan_to_num(0.0)


class SoftmaxOverQueries__rewrite(_Again):
    def weights(self, scores, valid_lens):
        valid = self.valid(scores, valid_lens)
        scores = scores if valid is None else torch.where(valid, scores, -math.inf)
        return scores.softmax(2).nan_to_num(0.0)


class MaskedAfterSoftmax(_Right):
    """The weights are masked after the softmax.

    The remaining weights then do not sum to one. Mask the scores.
    """

    def weigh(self, scores, lengths):
        weights = torch.softmax(scores, dim=-1)
        return weights if lengths is None else weights.masked_fill(_mask(scores, lengths), 0.0)


class MaskedAfterSoftmax__rewrite(_Again):
    def weights(self, scores, valid_lens):
        valid = self.valid(scores, valid_lens)
        return scores.softmax(-1) * (1 if valid is None else valid)


class UniformWithoutKeys(_Right):
    """A query without a valid key gets the mean of all values.

    When all scores of a query are filled with the same number, the softmax is uniform. Such a query has no weights at
    all here.
    """

    def weigh(self, scores, lengths):
        if lengths is not None:
            scores = scores.masked_fill(_mask(scores, lengths), -1e6)
        return torch.softmax(scores, dim=-1)


class UniformWithoutKeys__rewrite(_Again):
    def weights(self, scores, valid_lens):
        valid = self.valid(scores, valid_lens)
        return (scores if valid is None else torch.where(valid, scores, -1e9)).softmax(-1)


class NanWithoutKeys(_Right):
    """A query without a valid key is answered with NaN.

    A softmax over nothing but minus infinity divides 0 by 0. Such a query has no weights at all here.
    """

    def weigh(self, scores, lengths):
        if lengths is not None:
            scores = scores.masked_fill(_mask(scores, lengths), -math.inf)
        return torch.softmax(scores, dim=-1)


class NanWithoutKeys__rewrite(_Again):
    def weights(self, scores, valid_lens):
        valid = self.valid(scores, valid_lens)
        return (scores if valid is None else torch.where(valid, scores, -math.inf)).log_softmax(-1).exp()


class AddWithoutTanh(_Right):
    """The additive score has no tanh.

    Without it the part of the query is the same for all keys, and the weights do not depend on the query at all.
    """

    def add(self, q, k):
        return self.attention.w_v(q[:, :, None] + k[:, None]).squeeze(-1)


class AddWithoutTanh__rewrite(_Again):
    def scores(self, q, k):
        if len(self.attention):
            w_v = self.attention["w_v"]
            return w_v(q) + (k @ w_v.weight[0]).unsqueeze(-2)
        return super().scores(q, k)


class AddTanhOutside(_Right):
    """The tanh comes after `w_v`.

    The score is w_v(tanh(q + k)): the tanh acts on every feature, and the linear layer sums them up.
    """

    def add(self, q, k):
        return torch.tanh(self.attention.w_v(q[:, :, None] + k[:, None])).squeeze(-1)


class AddTanhOutside__rewrite(_Again):
    def scores(self, q, k):
        if len(self.attention):
            return self.attention["w_v"](q.unsqueeze(3) + k.unsqueeze(2)).squeeze(-1).tanh()
        return super().scores(q, k)


class AddScaled(_Right):
    """The additive scores are scaled too.

    The scaling is for dot products. The features of an additive score are tanh values, and `w_v` can learn its scale.
    """

    def add(self, q, k):
        return super().add(q, k) / self.scale()


class AddScaled__rewrite(_Again):
    def scores(self, q, k):
        return super().scores(q, k) * (self.factor() if len(self.attention) else 1)
