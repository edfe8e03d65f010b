"""Ways in which AdditiveAttention goes wrong with the scores and its parameters."""

import torch
import torch.nn.functional as F
from attentions import Again as _Again
from attentions import Right as _Right
from common.masks import drawn_on_the_cpu as _drawn_on_the_cpu
from oracle import masked_softmax as _masked_softmax
from torch import nn


class NoTanh(_Right):
    """There is no tanh.

    Without it the score is a sum of a number of the query and one of the key: the query's moves all scores alike and
    has no effect on the weights.
    """

    def features(self, q, k):
        return q[:, :, None, :] + k[:, None, :, :]


class NoTanh__rewrite(_Again):
    def joined(self, q, k):
        return q + k


class Sigmoid(_Right):
    """The activation is another one than tanh.

    The score is w_v(tanh(W_q(q) + W_k(k))).
    """

    def features(self, q, k):
        return torch.sigmoid(q[:, :, None, :] + k[:, None, :, :])


class Sigmoid__rewrite(_Again):
    def joined(self, q, k):
        return 1 / (1 + torch.exp(-q - k))


class Product(_Right):
    """The projections are multiplied, not added.

    The attention is called additive for the sum of W_q(q) and W_k(k).
    """

    def features(self, q, k):
        return torch.tanh(q[:, :, None, :] * k[:, None, :, :])


class Product__rewrite(_Again):
    def joined(self, q, k):
        return torch.tanh(torch.einsum("bqih,bikh->bqkh", q, k))


class Scaled(_Right):
    """The scores are divided by a root.

    Dot products grow with the number of features. A sum behind a tanh is not scaled.
    """

    def out(self, features):
        return super().out(features) / features.shape[-1] ** 0.5


class Scaled__rewrite(_Again):
    def summed(self, H):
        return super().summed(H) * H.shape[-1] ** -0.5


class Unweighted(_Right):
    """The features are added up without `w_v`.

    The last layer has a weight for each of them, and is learned.
    """

    def out(self, features):
        return features.sum(-1) + 0 * super().out(features)


class Unweighted__rewrite(_Again):
    def summed(self, H):
        return torch.einsum("bqkh->bqk", H)


class TanhAtTheEnd(_Right):
    """The tanh follows `w_v` instead of the sum.

    It belongs between the sum of the projections and the last layer.
    """

    def features(self, q, k):
        return q[:, :, None, :] + k[:, None, :, :]

    def out(self, features):
        return torch.tanh(super().out(features))


class TanhAtTheEnd__rewrite(_Again):
    def joined(self, q, k):
        return q + k

    def summed(self, H):
        return super().summed(H).tanh()


class TanhBeforeTheSum(_Right):
    """The tanh is taken of each projection, before they are added.

    It is taken of the sum: only so query and key have to do with each other.
    """

    def features(self, q, k):
        return torch.tanh(q)[:, :, None, :] + torch.tanh(k)[:, None, :, :]


class TanhBeforeTheSum__rewrite(_Again):
    def joined(self, q, k):
        return q.tanh() + k.tanh()


class NotEveryPair(_Right):
    """Queries and keys are added one to one, not every query to every key.

    An axis of size 1 behind the queries, and one before the keys, makes the sum broadcast to all pairs.
    """

    def score(self, queries, keys):
        row = self.out(torch.tanh(self.W_q(queries) + self.W_k(keys)))
        return row[:, None, :].expand(-1, queries.shape[1], -1)


class NotEveryPair__rewrite(_Again):
    def scores(self, queries, keys):
        total = torch.tanh(self.W_q(queries).add(self.W_k(keys)))
        return (total @ self.w_v.weight.T).transpose(1, 2).repeat(1, queries.shape[1], 1)


class PairsTransposed(_Right):
    """The axes of queries and keys are exchanged.

    The queries get their new axis behind theirs, the keys before: the sum has the shape (batch, queries, keys,
    hiddens).
    """

    def features(self, q, k):
        return torch.tanh(q[:, None, :, :] + k[:, :, None, :])


class PairsTransposed__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        self.attention_weights = _masked_softmax(self.scores(queries, keys).transpose(1, 2), valid_lens)
        return F.dropout(self.attention_weights, self.p, self.training) @ values


class SizesSwapped(_Right):
    """The sizes of keys and queries are exchanged.

    `key_size` is the constructor's first argument, `query_size` the second.
    """

    def make(self, key_size, query_size, hiddens):
        super().make(query_size, key_size, hiddens)


class SizesSwapped__rewrite(_Again):
    def __init__(self, key_size, query_size, num_hiddens, dropout):
        super().__init__(query_size, key_size, num_hiddens, dropout)


class WithBiases(_Right):
    """The layers have biases.

    `nn.Linear` has one unless told otherwise. The three layers here have none.
    """

    def make(self, key_size, query_size, hiddens):
        self.W_k = nn.Linear(key_size, hiddens)
        self.W_q = nn.Linear(query_size, hiddens)
        self.w_v = nn.Linear(hiddens, 1)


class WithBiases__rewrite(_Again):
    def __init__(self, *sizes, **named):
        super().__init__(*sizes, **named)
        self.W_q.bias, self.w_v.bias = nn.Parameter(torch.ones(len(self.W_q.weight))), nn.Parameter(torch.ones(1))

    def summed(self, H):
        return super().summed(H) + self.w_v.bias

    def joined(self, q, k):
        return torch.tanh(q + k + self.W_q.bias)


class OtherNames(_Right):
    """The layers have other names.

    The state dict does not load by other names: they are called `W_k`, `W_q` and `w_v`.
    """

    def make(self, key_size, query_size, hiddens):
        super().make(key_size, query_size, hiddens)
        self.v = self.w_v
        del self.w_v

    def out(self, features):
        return self.v(features).squeeze(-1)


class OtherNames__rewrite(_Again):
    def __init__(self, *sizes, **named):
        super().__init__(*sizes, **named)
        self.W_v = self.w_v
        del self.w_v

    def summed(self, H):
        return H @ self.W_v.weight[0]


class DetachedScores(_Right):
    """The answer is computed from detached weights.

    No gradient reaches queries, keys and the three layers then, which are never learned. Detach only the copy that you
    store.
    """

    def weigh(self, scores, valid_lens):
        return super().weigh(scores, valid_lens).detach()


class DetachedScores__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        super().forward(queries, keys, values, valid_lens)
        return F.dropout(self.attention_weights, self.p, self.training) @ values


class WeightData(_Right):
    """A weight is read through `.data` or detached.

    Then no gradient reaches it and it is never learned. Call the layer, or use the parameter itself.
    """

    def out(self, features):
        return features @ self.w_v.weight.data[0]


class WeightData__rewrite(_Again):
    def summed(self, H):
        return H.matmul(self.w_v.weight.detach().view(-1))


class ThroughTheCpu(_Right):
    """The numbers are copied to the host.

    The copies take longer than the work, and the GPU stands still meanwhile. Compute where the arguments are.
    """

    def answer(self, weights, values):
        return torch.bmm(self.dropout(weights).cpu(), values.cpu()).to(values.device)


class ThroughTheCpu__rewrite(_Again):
    def joined(self, q, k):
        return (q.to("cpu") + k.to("cpu")).tanh().to(q.device)


class Loops(_Right):
    """A Python loop runs over sequences, queries or keys.

    Every turn starts operations of its own. Axes of size one that broadcast need no loop.
    """

    def features(self, q, k):
        return torch.stack([torch.tanh(q[:, i : i + 1] + k) for i in range(q.shape[1])], dim=1)


class Loops__rewrite(_Again):
    def joined(self, q, k):
        return torch.cat([torch.tanh(q + key) for key in k.split(1, dim=2)], dim=2)


class TwoDevices(_Right):
    """Where the arguments are on a GPU, tensors on two devices meet.

    Often the positions for the mask are on the CPU: `torch.arange` makes its tensor there unless it is told otherwise.
    Give it the device of the scores, in the masked softmax. The mask of a dropout of your own is such a tensor
    too.
    """

    def weigh(self, scores, valid_lens):
        if valid_lens is None:
            return torch.softmax(scores, dim=-1)
        lengths = valid_lens[:, None, None] if valid_lens.dim() == 1 else valid_lens[:, :, None]
        dead = torch.arange(scores.shape[-1]) >= lengths
        return torch.softmax(scores.masked_fill(dead, torch.finfo(scores.dtype).min), -1).masked_fill(dead, 0.0)


class TwoDevices__rewrite(_Right):
    def answer(self, weights, values):
        return (_drawn_on_the_cpu(weights, self.rate) if self.training else weights) @ values


class ReadyMade(_Right):
    """torch's own attention does the work.

    With the scores for a mask, `scaled_dot_product_attention` gives the right answer. Here the softmax and the mean are
    yours.
    """

    def forward(self, queries, keys, values, valid_lens=None):
        super().forward(queries, keys, values, valid_lens)
        weights = self.attention_weights
        scores = weights.clamp(min=1e-30).log() if valid_lens is not None else self.score(queries, keys)
        answers = F.scaled_dot_product_attention(
            0 * weights[:, :, :1], 0 * weights[:, :1].transpose(1, 2), values, scores, self.rate * self.training
        )
        return answers if valid_lens is None else answers * (weights.sum(-1, keepdim=True) > 0)


class ReadyMade__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        scores = self.scores(queries, keys)
        self.attention_weights = weights = _masked_softmax(scores, valid_lens)
        if valid_lens is not None:
            scores = scores.masked_fill(weights == 0, -1e30)
        nothing = scores.new_zeros(len(scores), scores.shape[1], 1), scores.new_zeros(len(scores), scores.shape[2], 1)
        ready = nn.functional.scaled_dot_product_attention
        answers = ready(*nothing, values, attn_mask=scores, dropout_p=self.p if self.training else 0.0)
        return torch.where(weights.sum(-1, keepdim=True) > 0, answers, 0.0)
