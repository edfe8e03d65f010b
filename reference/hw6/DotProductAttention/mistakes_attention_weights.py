"""Ways in which DotProductAttention goes wrong with what it keeps: the attribute `attention_weights`, buffers."""

import torch
import torch.nn.functional as F
from attentions import Again as _Again
from attentions import Right as _Right
from oracle import masked_softmax as _masked_softmax


class BufferRegistered(_Right):
    """The module has a buffer.

    A buffer is saved in the state dict, which is to be empty here: a number that follows from the arguments, such as
    the scale, is computed in every call.
    """

    def __init__(self, dropout=0.0):
        super().__init__(dropout)
        self.register_buffer("exponent", torch.tensor(0.5))

    def scale(self, queries, keys, values):
        return queries.shape[-1] ** self.exponent


class BufferRegistered__rewrite(_Again):
    def __init__(self, dropout=0.0):
        super().__init__(dropout)
        self.register_buffer("calls", torch.zeros((), dtype=torch.int64))

    def factor(self, d, keys, values):
        self.calls += 1
        return d**-0.5


class WeightsInTheStateDict(_Right):
    """What the module saves after a call does not load into a new module.

    Often `attention_weights` is registered as a buffer, and so becomes part of the state dict. A plain attribute is
    enough: the weights of the last call are nothing to save.
    """

    def __init__(self, dropout=0.0):
        super().__init__(dropout)
        self.register_buffer("attention_weights", None)


class WeightsInTheStateDict__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        if "attention_weights" in self._buffers:
            del self.attention_weights
        answers = super().forward(queries, keys, values, valid_lens)
        weights = self.__dict__.pop("attention_weights")
        self.register_buffer("attention_weights", weights)
        return answers


class WeightsNotStored(_Right):
    """The attribute `attention_weights` is not set.

    Keep the weights of the last call in `self.attention_weights`, so that they can be looked at.
    """

    def forward(self, queries, keys, values, valid_lens=None):
        return self.answer(self.weigh(self.score(queries, keys, values), valid_lens), values)


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
        self.attention_weights = self.score(queries, keys, values)
        return self.answer(self.weigh(self.attention_weights, valid_lens), values)


class ScoresStored__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        answers = super().forward(queries, keys, values, valid_lens)
        self.attention_weights = queries @ keys.mT / queries.shape[-1] ** 0.5
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
        scores = torch.einsum("bqd,bkd->bqk", queries, keys) * queries.shape[2] ** -0.5
        self.attention_weights = F.dropout(_masked_softmax(scores, valid_lens), self.p, self.training)
        return self.attention_weights @ values


class WeightsOfAnEarlierCall(_Right):
    """The attribute `attention_weights` holds the weights of an earlier call.

    It is for looking at what has just happened: set it in every call.
    """

    def forward(self, queries, keys, values, valid_lens=None):
        weights = self.weigh(self.score(queries, keys, values), valid_lens)
        if not hasattr(self, "attention_weights"):
            self.attention_weights = weights
        return self.answer(weights, values)


class WeightsOfAnEarlierCall__rewrite(_Again):
    def __init__(self, dropout=0.0):
        super().__init__(dropout)
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
