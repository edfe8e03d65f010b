"""Ways in which MultiHeadAttention goes wrong with dropout."""

import torch
import torch.nn.functional as F
from attentions import Again as _Again
from attentions import Right as _Right


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
