"""Ways in which AdditiveAttention goes wrong with dropout."""

import torch
import torch.nn.functional as F
from attentions import Again as _Again
from attentions import Right as _Right
from oracle import masked_softmax as _masked_softmax


class NoDropout(_Right):
    """No attention weight is dropped in training.

    The dropout layer has to be called on the weights, and the product taken with what it returns.
    """

    def answer(self, weights, values):
        return torch.bmm(weights, values)


class NoDropout__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        self.p = 0.0
        return super().forward(queries, keys, values, valid_lens)


class DropoutInEvaluation(_Right):
    """Weights are dropped in evaluation mode too.

    `torch.nn.functional.dropout` drops unless it is told otherwise. Give it `self.training`, or use an `nn.Dropout`,
    which knows the mode.
    """

    def answer(self, weights, values):
        return torch.bmm(F.dropout(weights, self.rate), values)


class DropoutInEvaluation__rewrite(_Right):
    def answer(self, weights, values):
        return torch.matmul(F.dropout(weights, p=self.rate, training=True), values)


class DropoutOnScores(_Right):
    """Dropout falls on the scores, before the softmax.

    A score of zero is not a weight of zero: the key still takes its share. Drop weights, after the softmax.
    """

    def score(self, queries, keys):
        return self.dropout(super().score(queries, keys))

    def answer(self, weights, values):
        return torch.bmm(weights, values)


class DropoutOnScores__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        scores = F.dropout(self.scores(queries, keys), self.p, self.training)
        self.attention_weights = _masked_softmax(scores, valid_lens)
        return self.attention_weights @ values


class DropoutOnAnswers(_Right):
    """Dropout falls on the answers.

    What is asked for is that single attention weights are dropped, so that an answer must do without some of the
    keys. Drop before the product with the values.
    """

    def answer(self, weights, values):
        return self.dropout(torch.bmm(weights, values))


class DropoutOnAnswers__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        scores = self.scores(queries, keys)
        self.attention_weights = _masked_softmax(scores, valid_lens)
        return F.dropout(self.attention_weights @ values, self.p, self.training)


class DropoutNotRescaled(_Right):
    """The weights that stay are not divided by 1 - p.

    Without the division the answers are smaller in training than in evaluation. `nn.Dropout` divides by itself.
    """

    def answer(self, weights, values):
        if self.training:
            weights = weights * (torch.rand_like(weights) >= self.rate)
        return torch.bmm(weights, values)


class DropoutNotRescaled__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        scores = self.scores(queries, keys)
        self.attention_weights = weights = _masked_softmax(scores, valid_lens)
        if self.training:
            weights = weights.masked_fill(torch.rand_like(weights) < self.p, 0.0)
        return weights @ values


class DropoutKeeps(_Right):
    """The dropout probability is taken for the probability to stay.

    With `dropout` 0.25 three weights of four stay, and are divided by 0.75.
    """

    def __init__(self, key_size, query_size, num_hiddens, dropout):
        super().__init__(key_size, query_size, num_hiddens, 1 - dropout if dropout else 0.0)


class DropoutKeeps__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        scores = self.scores(queries, keys)
        self.attention_weights = weights = _masked_softmax(scores, valid_lens)
        if self.training and self.p:
            weights = weights * torch.bernoulli(torch.full_like(weights, self.p)) / self.p
        return weights @ values


class WrongFactor(_Right):
    """The weights that stay are multiplied by a wrong factor.

    Those that stay make up for those that go: where a weight stays with probability 1 - p, it is divided by 1 - p, not
    by p and not multiplied.
    """

    def answer(self, weights, values):
        if self.training and self.rate:
            weights = weights * (torch.rand_like(weights) >= self.rate) / self.rate
        return torch.bmm(weights, values)


class WrongFactor__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        scores = self.scores(queries, keys)
        self.attention_weights = weights = _masked_softmax(scores, valid_lens)
        if self.training:
            weights = weights.masked_fill(torch.rand_like(weights) < self.p, 0.0) * (1 - self.p)
        return weights @ values


class SameMask(_Right):
    """Every call in training drops the same weights.

    Dropout draws anew in every call. Set no seed in `forward`, and keep no mask.
    """

    def answer(self, weights, values):
        if self.training:
            torch.manual_seed(0)
        return torch.bmm(self.dropout(weights), values)


class SameMask__rewrite(_Again):
    def __init__(self, *sizes, **named):
        super().__init__(*sizes, **named)
        self.masks = {}

    def forward(self, queries, keys, values, valid_lens=None):
        scores = self.scores(queries, keys)
        self.attention_weights = weights = _masked_softmax(scores, valid_lens)
        if self.training and self.p:
            if weights.shape not in self.masks:
                self.masks[weights.shape] = F.dropout(torch.ones_like(weights), self.p)
            weights = weights * self.masks[weights.shape]
        return weights @ values
