"""Ways in which AdditiveAttention goes wrong with what it keeps: the attribute `attention_weights`."""

import torch
import torch.nn.functional as F
from attentions import Again as _Again
from attentions import Right as _Right
from oracle import masked_softmax as _masked_softmax


class WeightsNotStored(_Right):
    """The attribute `attention_weights` is not set.

    Keep the weights of the last call in `self.attention_weights`, so that they can be looked at.
    """

    def forward(self, queries, keys, values, valid_lens=None):
        return self.answer(self.weigh(self.score(queries, keys), valid_lens), values)


class WeightsNotStored__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        answers = super().forward(queries, keys, values, valid_lens)
        del self.attention_weights
        return answers


class ScoresStored(_Right):
    """The attribute `attention_weights` holds the scores.

    What is asked for is what the softmax makes of them.
    """

    def forward(self, queries, keys, values, valid_lens=None):
        self.attention_weights = self.score(queries, keys)
        return self.answer(self.weigh(self.attention_weights, valid_lens), values)


class ScoresStored__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        answers = super().forward(queries, keys, values, valid_lens)
        self.attention_weights = self.scores(queries, keys)
        return answers


class StoredAfterDropout(_Right):
    """The attribute `attention_weights` holds the weights after dropout.

    Some of them are zero by chance and the rows do not sum to one. Store the weights first, and drop from a copy.
    """

    def answer(self, weights, values):
        self.attention_weights = self.dropout(weights)
        return torch.bmm(self.attention_weights, values)


class StoredAfterDropout__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        scores = self.scores(queries, keys)
        self.attention_weights = F.dropout(_masked_softmax(scores, valid_lens), self.p, self.training)
        return self.attention_weights @ values


class WeightsOfAnEarlierCall(_Right):
    """The attribute `attention_weights` holds the weights of an earlier call.

    It is for looking at what has just happened: set it in every call.
    """

    def forward(self, queries, keys, values, valid_lens=None):
        weights = self.weigh(self.score(queries, keys), valid_lens)
        if not hasattr(self, "attention_weights"):
            self.attention_weights = weights
        return self.answer(weights, values)


class WeightsOfAnEarlierCall__rewrite(_Again):
    def __init__(self, *sizes, **named):
        super().__init__(*sizes, **named)
        self.history = []

    def forward(self, queries, keys, values, valid_lens=None):
        answers = super().forward(queries, keys, values, valid_lens)
        self.history.append(self.attention_weights)
        self.attention_weights = self.history[0]
        return answers


class WeightsTransposed(_Right):
    """The attribute `attention_weights` has queries and keys exchanged.

    Its shape is (batch, queries, keys), as the softmax gives it.
    """

    def forward(self, queries, keys, values, valid_lens=None):
        answers = super().forward(queries, keys, values, valid_lens)
        self.attention_weights = self.attention_weights.transpose(1, 2)
        return answers


class WeightsTransposed__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        answers = super().forward(queries, keys, values, valid_lens)
        self.attention_weights = torch.einsum("bqk->bkq", self.attention_weights)
        return answers
