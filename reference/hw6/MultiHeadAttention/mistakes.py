"""Ways in which MultiHeadAttention goes wrong."""

import math

import torch
import torch.nn.functional as F
from oracle import valid_keys as _valid_keys
from torch import nn


def _mask(scores, valid_lens):
    lengths = valid_lens[:, None, None] if valid_lens.dim() == 1 else valid_lens[:, :, None]
    return torch.arange(scores.shape[-1], device=scores.device) >= lengths


class _Right(nn.Module):
    """A correct layer with the heads in the batch axis, of which each mistake changes one step."""

    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        super().__init__()
        self.check(num_heads, num_hiddens, attention_type)
        self.num_heads, self.size, self.rate = num_heads, num_hiddens // num_heads, dropout
        self.dropout = nn.Dropout(dropout)
        self.W_q = nn.Linear(query_size, num_hiddens)
        self.W_k = nn.Linear(key_size, num_hiddens)
        self.W_v = nn.Linear(value_size, num_hiddens)
        self.W_o = nn.Linear(num_hiddens, num_hiddens)
        self.attention = nn.Module()
        if attention_type == "add":
            self.attention.w_v = nn.Linear(self.size, 1)

    def check(self, num_heads, num_hiddens, attention_type):
        if num_hiddens % num_heads or attention_type not in ("dot", "add"):
            raise ValueError(f"{num_hiddens} features, {num_heads} heads, attention_type {attention_type!r}")

    def forward(self, queries, keys, values, valid_lens=None):
        self.query_size = queries.shape[-1]
        q, k, v = self.project(queries, keys, values)
        lengths = None if valid_lens is None else self.lengths(valid_lens)
        scores = self.score(self.split(q), self.split(k))
        heads = self.attend(self.weigh(scores, lengths), self.split(v))
        return self.output(self.merge(heads))

    def project(self, queries, keys, values):
        return self.W_q(queries), self.W_k(keys), self.W_v(values)

    def split(self, X):
        return X.unflatten(2, (self.num_heads, self.size)).transpose(1, 2).flatten(0, 1)

    def merge(self, X):
        batch = X.shape[0] // self.num_heads
        return X.reshape(batch, self.num_heads, X.shape[1], self.size).transpose(1, 2).flatten(2)

    def lengths(self, valid_lens):
        return valid_lens.repeat_interleave(self.num_heads, dim=0)

    def score(self, q, k):
        return self.add(q, k) if hasattr(self.attention, "w_v") else torch.bmm(q, k.transpose(1, 2)) / self.scale()

    def scale(self):
        return math.sqrt(self.size)

    def add(self, q, k):
        return self.attention.w_v(torch.tanh(q[:, :, None] + k[:, None])).squeeze(-1)

    def weigh(self, scores, lengths):
        if lengths is None:
            return torch.softmax(scores, dim=-1)
        dead = _mask(scores, lengths)
        return torch.softmax(scores.masked_fill(dead, torch.finfo(scores.dtype).min), -1).masked_fill(dead, 0.0)

    def attend(self, weights, v):
        return torch.bmm(self.dropout(weights), v)

    def output(self, X):
        return self.W_o(X)


class _Again(nn.Module):
    """The same in another style: the heads are an axis, the products einsums, the dropout functional."""

    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        nn.Module.__init__(self)
        if num_hiddens % num_heads:
            raise ValueError(f"{num_heads} heads cannot share {num_hiddens} features")
        if attention_type not in ("dot", "add"):
            raise ValueError(f"there is no attention_type {attention_type}")
        self.h, self.hiddens, self.p = num_heads, num_hiddens, dropout
        for name, size in (("W_q", query_size), ("W_k", key_size), ("W_v", value_size), ("W_o", num_hiddens)):
            setattr(self, name, nn.Linear(size, num_hiddens))
        self.attention = nn.ModuleDict()
        if attention_type == "add":
            self.attention["w_v"] = nn.Linear(num_hiddens // num_heads, 1)

    def heads(self, X):
        return X.reshape(*X.shape[:2], self.h, self.hiddens // self.h).movedim(2, 1)

    def together(self, X):
        return torch.cat(X.unbind(1), -1)

    def factor(self):
        return (self.hiddens / self.h) ** -0.5

    def scores(self, q, k):
        if len(self.attention):
            return self.attention["w_v"]((q.unsqueeze(3) + k.unsqueeze(2)).tanh()).squeeze(-1)
        return torch.einsum("bhqs,bhks->bhqk", q, k) * self.factor()

    def valid(self, scores, valid_lens):
        batch, _, queries, keys = scores.shape
        return _valid_keys((batch, queries, keys), valid_lens)

    def weights(self, scores, valid_lens):
        valid = self.valid(scores, valid_lens)
        if valid is None:
            return scores.softmax(-1)
        return torch.where(valid, torch.where(valid, scores, -1e30).softmax(-1), 0.0)

    def forward(self, queries, keys, values, valid_lens=None):
        q, k, v = self.heads(self.W_q(queries)), self.heads(self.W_k(keys)), self.heads(self.W_v(values))
        weights = F.dropout(self.weights(self.scores(q, k), valid_lens), self.p, self.training)
        return self.W_o(self.together(weights @ v))


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


class KeysAndValuesSwapped(_Right):
    """`W_k` projects the values and `W_v` the keys.

    Each of the three inputs has a projection of its own; where keys and values have the same size, no error tells.
    """

    def project(self, queries, keys, values):
        return self.W_q(queries), self.W_v(keys), self.W_k(values)


class KeysAndValuesSwapped__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        self.W_k, self.W_v = self.W_v, self.W_k
        try:
            return super().forward(queries, keys, values, valid_lens)
        finally:
            self.W_k, self.W_v = self.W_v, self.W_k


class QueriesAndKeysSwapped(_Right):
    """`W_k` projects the queries and `W_q` the keys.

    Each of the three inputs has a projection of its own; where queries and keys have the same size, no error tells.
    """

    def project(self, queries, keys, values):
        return self.W_k(queries), self.W_q(keys), self.W_v(values)


class QueriesAndKeysSwapped__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        q, k, v = self.heads(self.W_k(queries)), self.heads(self.W_q(keys)), self.heads(self.W_v(values))
        weights = F.dropout(self.weights(self.scores(q, k), valid_lens), self.p, self.training)
        return self.W_o(self.together(weights @ v))


class ValuesFromKeys(_Right):
    """The keys are taken for the values.

    The weights come from queries and keys; what they weigh are the values, projected with `W_v`.
    """

    def project(self, queries, keys, values):
        return self.W_q(queries), self.W_k(keys), self.W_v(keys)


class ValuesFromKeys__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        return super().forward(queries, keys, keys, valid_lens)


class NoOutputProjection(_Right):
    """The answers of the heads are not projected with `W_o`.

    Side by side the heads know nothing of each other. The last linear layer mixes them.
    """

    def output(self, X):
        return X


class NoOutputProjection__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        q, k, v = (self.heads(layer(X)) for layer, X in zip((self.W_q, self.W_k, self.W_v), (queries, keys, values)))
        weights = F.dropout(self.weights(self.scores(q, k), valid_lens), self.p, self.training)
        return self.together(weights @ v)


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


class NoDropout(_Right):
    """No attention weight is dropped in training.

    Hand `dropout` on to the attention, and let it drop weights before they meet the values.
    """

    def attend(self, weights, v):
        return torch.bmm(weights, v)


class NoDropout__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        self.p = 0.0
        return super().forward(queries, keys, values, valid_lens)


class DropoutNotRescaled(_Right):
    """The weights that stay are not divided by 1 - p.

    Without the division the answers are smaller in training than in evaluation. `nn.Dropout` divides by itself.
    """

    def attend(self, weights, v):
        if self.training:
            weights = weights * (torch.rand_like(weights) >= self.rate)
        return torch.bmm(weights, v)


class DropoutNotRescaled__rewrite(_Again):
    def weights(self, scores, valid_lens):
        weights, p = super().weights(scores, valid_lens), self.p
        if not self.training:
            return weights
        return weights.masked_fill(torch.rand_like(weights) < p, 0.0)

    def forward(self, queries, keys, values, valid_lens=None):
        q, k, v = self.heads(self.W_q(queries)), self.heads(self.W_k(keys)), self.heads(self.W_v(values))
        return self.W_o(self.together(self.weights(self.scores(q, k), valid_lens) @ v))


class DropoutKeeps(_Right):
    """The dropout probability is taken for the probability to stay.

    With `dropout` 0.25 three weights of four stay, and are divided by 0.75.
    """

    def attend(self, weights, v):
        return torch.bmm(F.dropout(weights, 1 - self.rate, self.training and self.rate > 0), v)


class DropoutKeeps__rewrite(_Again):
    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        super().__init__(num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout)
        self.p = 1 - dropout if dropout else 0.0


class SameMask(_Right):
    """Every call in training drops the same weights.

    Dropout draws anew in every call. Set no seed in `forward`, and keep no mask.
    """

    def attend(self, weights, v):
        if self.training:
            torch.manual_seed(0)
        return torch.bmm(self.dropout(weights), v)


class SameMask__rewrite(_Right):
    def attend(self, weights, v):
        if self.training and self.rate:
            if not hasattr(self, "mask"):
                self.mask = F.dropout(torch.ones_like(weights), self.rate)
            weights = weights * self.mask
        return torch.bmm(weights, v)


class NoBiases(_Right):
    """Linear layers are made without a bias.

    The four projections have one each: `nn.Linear` makes it unless it is told `bias=False`.
    """

    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        super().__init__(num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout)
        for name in ("W_q", "W_k", "W_v", "W_o"):
            layer = getattr(self, name)
            setattr(self, name, nn.Linear(layer.in_features, num_hiddens, bias=False))


class NoBiases__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for layer in (self.W_q, self.W_k, self.W_v, self.W_o):
            layer.bias = None


class RegisteredTwice(_Right):
    """There are more names in the state dict than the stub has.

    A layer that is assigned to two attributes, or is in a list as well, is saved under each name. Register each of the
    parameters once, under the name in the stub.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.projections = nn.ModuleList([self.W_q, self.W_k, self.W_v])


class RegisteredTwice__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.output_layer = self.W_o


class ThroughTheCpu(_Right):
    """The numbers are copied to the host.

    The copies take longer than the work, and the GPU stands still meanwhile. Compute where the arguments are.
    """

    def attend(self, weights, v):
        return torch.bmm(self.dropout(weights).cpu(), v.cpu()).to(v.device)


class ThroughTheCpu__rewrite(_Again):
    def together(self, X):
        return super().together(X.to("cpu")).to(X.device)


class DropoutInEvaluation(_Right):
    """Weights are dropped in evaluation mode too.

    `torch.nn.functional.dropout` drops unless it is told otherwise. Give it `self.training`, or use an `nn.Dropout`,
    which knows the mode.
    """

    def attend(self, weights, v):
        return torch.bmm(F.dropout(weights, self.rate), v)


class DropoutInEvaluation__rewrite(_Right):
    def attend(self, weights, v):
        return F.dropout(weights, p=self.rate, training=True) @ v


class DropoutOnScores(_Right):
    """Dropout falls on the scores, before the softmax.

    A score of zero is not a weight of zero: the key still takes its share. Drop weights, after the softmax.
    """

    def score(self, q, k):
        return self.dropout(super().score(q, k))

    def attend(self, weights, v):
        return torch.bmm(weights, v)


class DropoutOnScores__rewrite(_Again):
    def scores(self, q, k):
        return F.dropout(super().scores(q, k), self.p, self.training)

    def forward(self, queries, keys, values, valid_lens=None):
        q, k, v = self.heads(self.W_q(queries)), self.heads(self.W_k(keys)), self.heads(self.W_v(values))
        return self.W_o(self.together(self.weights(self.scores(q, k), valid_lens) @ v))


class DropoutOnAnswers(_Right):
    """Dropout falls on the answers of the heads or on the output.

    What is asked for is that single attention weights are dropped, so that an answer must do without some of the
    keys. Drop before the product with the values.
    """

    def attend(self, weights, v):
        return self.dropout(torch.bmm(weights, v))


class DropoutOnAnswers__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        q, k, v = self.heads(self.W_q(queries)), self.heads(self.W_k(keys)), self.heads(self.W_v(values))
        answers = self.W_o(self.together(self.weights(self.scores(q, k), valid_lens) @ v))
        return F.dropout(answers, self.p, self.training)


class DetachedWeights(_Right):
    """The answer is computed from detached weights.

    No gradient reaches the queries and keys then, nor their projections. Detach only what you keep to look at.
    """

    def weigh(self, scores, lengths):
        return super().weigh(scores, lengths).detach()


class DetachedWeights__rewrite(_Again):
    def weights(self, scores, valid_lens):
        with torch.no_grad():
            return super().weights(scores, valid_lens)


class UnknownTypeAccepted(_Right):
    """The constructor accepts an attention type that does not exist.

    Refuse it at once, with a ValueError that names it: later the error is hard to understand, or does not come at all.
    """

    def check(self, num_heads, num_hiddens, attention_type):
        if num_hiddens % num_heads:
            raise ValueError(f"{num_hiddens} features cannot be shared by {num_heads} heads")


class UnknownTypeAccepted__rewrite(_Again):
    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        kind = "add" if attention_type == "add" else "dot"
        super().__init__(num_heads, query_size, key_size, num_hiddens, value_size, kind, dropout)


class UnevenHeadsAccepted(_Right):
    """The constructor accepts features that the heads cannot share.

    Refuse them at once, with a ValueError that names both numbers: later the error is hard to understand.
    """

    def check(self, num_heads, num_hiddens, attention_type):
        if attention_type not in ("dot", "add"):
            raise ValueError(f"unknown attention type {attention_type!r}")


class UnevenHeadsAccepted__rewrite(_Again):
    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        hiddens = num_hiddens - num_hiddens % num_heads
        super().__init__(num_heads, query_size, key_size, hiddens, value_size, attention_type, dropout)


class Assertions(_Right):
    """Bad arguments are met with an assertion.

    An assertion is for what cannot happen, and is left out by `python -O`. A caller's mistake is a ValueError.
    """

    def check(self, num_heads, num_hiddens, attention_type):
        assert num_hiddens % num_heads == 0, "num_heads must divide num_hiddens"
        assert attention_type in ("dot", "add"), "attention_type must be dot or add"


class Assertions__rewrite(_Again):
    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        if num_hiddens % num_heads or attention_type not in ("dot", "add"):
            raise AssertionError("bad sizes or type")
        super().__init__(num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout)


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


class LoopOverHeads(_Right):
    """There is a loop over the heads.

    Every turn starts operations of its own. With the heads next to the batch axis one batched product serves all.
    """

    def score(self, q, k):
        batch = q.shape[0] // self.num_heads
        heads = [slice(i, None, self.num_heads) for i in range(self.num_heads)]
        each = [super(LoopOverHeads, self).score(q[head], k[head]) for head in heads]
        return torch.stack(each, 1).reshape(batch * self.num_heads, q.shape[1], k.shape[1])


class LoopOverHeads__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        q, k, v = self.heads(self.W_q(queries)), self.heads(self.W_k(keys)), self.heads(self.W_v(values))
        answers = []
        for head in range(self.h):
            scores = self.scores(q[:, head : head + 1], k[:, head : head + 1])
            weights = F.dropout(self.weights(scores, valid_lens), self.p, self.training)
            answers.append(weights[:, 0] @ v[:, head])
        return self.W_o(torch.cat(answers, -1))


class Loops(_Right):
    """A Python loop runs over sequences, queries or keys.

    Every turn starts operations of its own. Batched products, and axes of size one that broadcast, need no loop.
    """

    def merge(self, X):
        sequences = X.reshape(X.shape[0] // self.num_heads, self.num_heads, X.shape[1], self.size)
        together = [torch.cat(list(sequence), dim=-1) for sequence in sequences]
        return torch.stack(together) if together else super().merge(X)


class Loops__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        if not len(queries):
            return super().forward(queries, keys, values, valid_lens)
        lengths = [None] * len(queries) if valid_lens is None else [length.unsqueeze(0) for length in valid_lens]
        answers = [
            super(Loops__rewrite, self).forward(q.unsqueeze(0), k.unsqueeze(0), v.unsqueeze(0), length)
            for q, k, v, length in zip(queries, keys, values, lengths)
        ]
        return torch.cat(answers)


class TwoDevices(_Right):
    """Where the arguments are on a GPU, tensors on two devices meet.

    Often the positions for the mask are on the CPU: `torch.arange` makes its tensor there unless it is told otherwise.
    Give it the device of the scores.
    """

    def weigh(self, scores, lengths):
        if lengths is None:
            return torch.softmax(scores, dim=-1)
        lengths = lengths[:, None, None] if lengths.dim() == 1 else lengths[:, :, None]
        dead = torch.arange(scores.shape[-1]) >= lengths
        return torch.softmax(scores.masked_fill(dead, torch.finfo(scores.dtype).min), -1).masked_fill(dead, 0.0)


class TwoDevices__rewrite(_Again):
    def valid(self, scores, valid_lens):
        if valid_lens is None:
            return None
        lengths = valid_lens.reshape(len(valid_lens), 1, -1 if valid_lens.dim() == 2 else 1, 1)
        return torch.tensor(range(scores.shape[-1])) < lengths


class ReadyMade(_Right):
    """torch's `scaled_dot_product_attention` is called.

    It is what to use in a model, and what to build here. Where the heads attend through your `DotProductAttention`, the
    call is in there.
    """

    def forward(self, queries, keys, values, valid_lens=None):
        if hasattr(self.attention, "w_v"):
            return super().forward(queries, keys, values, valid_lens)
        q, k, v = (
            self.split(X).reshape(len(X), self.num_heads, X.shape[1], self.size)
            for X in self.project(queries, keys, values)
        )
        p = self.rate if self.training else 0.0
        valid = _valid_keys((len(queries), queries.shape[1], keys.shape[1]), valid_lens)
        if valid is None:
            return self.output(self.merge(F.scaled_dot_product_attention(q, k, v, None, p).flatten(0, 1)))
        some = valid.any(-1, keepdim=True)
        answers = F.scaled_dot_product_attention(q, k, v, valid | ~some, p)
        return self.output(self.merge(answers.masked_fill(~some, 0.0).flatten(0, 1)))


class ReadyMade__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        if len(self.attention):
            return super().forward(queries, keys, values, valid_lens)
        q, k, v = self.heads(self.W_q(queries)), self.heads(self.W_k(keys)), self.heads(self.W_v(values))
        p = self.p if self.training else 0.0
        valid = _valid_keys((len(queries), queries.shape[1], keys.shape[1]), valid_lens)
        bias = None if valid is None else torch.zeros(valid.shape, device=q.device).masked_fill(~valid, -1e30)
        answers = F.scaled_dot_product_attention(q, k, v, attn_mask=bias, dropout_p=p)
        if valid is not None:
            answers = answers * valid.any(-1, keepdim=True)
        return self.W_o(self.together(answers))


class ReadyMadeHeads(_Right):
    """torch's `multi_head_attention_forward` does the work.

    It is the function behind `nn.MultiheadAttention`. Here the heads are split, scored and merged by you.
    """

    def forward(self, queries, keys, values, valid_lens=None):
        if hasattr(self.attention, "w_v") or not len(queries):
            return super().forward(queries, keys, values, valid_lens)
        q, k, v = (X.transpose(0, 1) for X in self.project(queries, keys, values))
        mask = none = None
        if valid_lens is not None:
            mask = _mask(torch.empty(len(queries), len(q), len(k), device=q.device), valid_lens)
            mask = mask.expand(-1, len(q), -1)
            none = mask.all(-1, keepdim=True)
            mask = (mask & ~none).repeat_interleave(self.num_heads, dim=0)
        width = self.num_heads * self.size
        one = torch.eye(width, device=q.device, dtype=q.dtype)
        answers, _ = F.multi_head_attention_forward(
            q, k, v, width, self.num_heads, torch.cat([one, one, one]), None, None, None, False, self.rate,
            self.W_o.weight, self.W_o.bias, training=self.training, need_weights=True, attn_mask=mask,
        )  # fmt: skip
        answers = answers.transpose(0, 1)
        return answers if none is None else torch.where(none, self.W_o.bias, answers)


class ReadyMadeHeads__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        if len(self.attention) or len(queries) == 0:
            return super().forward(queries, keys, values, valid_lens)
        ready = nn.functional.multi_head_attention_forward
        valid = _valid_keys((len(queries), queries.shape[1], keys.shape[1]), valid_lens)
        bias = None
        if valid is not None:
            bias = torch.zeros(valid.shape, device=queries.device).masked_fill(~valid, -1e30)
            bias = bias.expand(-1, self.h, -1, -1).flatten(0, 1)
        one = torch.eye(self.hiddens, device=queries.device, dtype=queries.dtype)
        out = ready(
            self.W_q(queries).transpose(0, 1), self.W_k(keys).transpose(0, 1), self.W_v(values).transpose(0, 1),
            self.hiddens, self.h, None, None, None, None, False, self.p, one, None, training=self.training,
            use_separate_proj_weight=True, q_proj_weight=one, k_proj_weight=one, v_proj_weight=one, attn_mask=bias,
        )[0].transpose(0, 1)  # fmt: skip
        return self.W_o(out if valid is None else out * valid[:, 0].any(-1, keepdim=True))
