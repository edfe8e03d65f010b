"""Ways in which DotProductAttention goes wrong."""

import math

import torch
import torch.nn.functional as F
from oracle import masked_softmax as _masked_softmax
from oracle import valid_keys as _valid_keys
from torch import nn


class _Right(nn.Module):
    """A correct attention, of which each mistake changes one step."""

    def __init__(self, dropout=0.0):
        super().__init__()
        self.rate = dropout
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        scores = self.score(queries, keys, values)
        self.attention_weights = self.weigh(scores, valid_lens)
        return self.answer(self.attention_weights, values)

    def score(self, queries, keys, values):
        return self.product(queries, keys) / self.scale(queries, keys, values)

    def product(self, queries, keys):
        return torch.bmm(queries, keys.transpose(1, 2))

    def scale(self, queries, keys, values):
        return math.sqrt(queries.shape[-1])

    def weigh(self, scores, valid_lens):
        return _masked_softmax(scores, valid_lens)

    def answer(self, weights, values):
        return torch.bmm(self.dropout(weights), values)


class _Again(nn.Module):
    """The same in another style: one function, with einsum and functional dropout."""

    axis = -1
    rate_in_eval = 0.0

    def __init__(self, dropout=0.0):
        nn.Module.__init__(self)
        self.p = dropout

    def forward(self, queries, keys, values, valid_lens=None):
        scores = torch.einsum("bqd,bkd->bqk", queries, keys) * self.factor(queries.shape[2], keys, values)
        weights = _masked_softmax(scores, valid_lens)
        self.attention_weights = weights.detach()
        return torch.einsum("bqk,bkv->bqv", F.dropout(weights, self.p, self.training), values)

    def factor(self, d, keys, values):
        return d**-0.5


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


class DetachedWeights(_Right):
    """The answer is computed from detached weights.

    No gradient reaches the queries and keys then, and nothing before them can learn. Detach only the copy that you
    store.
    """

    def weigh(self, scores, valid_lens):
        return super().weigh(scores, valid_lens).detach()


class DetachedWeights__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        super().forward(queries, keys, values, valid_lens)
        return F.dropout(self.attention_weights, self.p, self.training) @ values


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

    def score(self, queries, keys, values):
        return self.dropout(super().score(queries, keys, values))

    def answer(self, weights, values):
        return torch.bmm(weights, values)


class DropoutOnScores__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        scores = F.dropout(queries @ keys.mT / queries.shape[2] ** 0.5, self.p, self.training)
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
        scores = queries @ keys.mT / queries.shape[2] ** 0.5
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
        scores = queries @ keys.mT / queries.shape[2] ** 0.5
        self.attention_weights = weights = _masked_softmax(scores, valid_lens)
        if self.training:
            weights = weights.masked_fill(torch.rand_like(weights) < self.p, 0.0)
        return weights @ values


class DropoutKeeps(_Right):
    """The dropout probability is taken for the probability to stay.

    With `dropout` 0.25 three weights of four stay, and are divided by 0.75.
    """

    def __init__(self, dropout=0.0):
        super().__init__(1 - dropout if dropout else 0.0)


class DropoutKeeps__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        scores = queries @ keys.mT / queries.shape[2] ** 0.5
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
        scores = queries @ keys.mT / queries.shape[2] ** 0.5
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
    def __init__(self, dropout=0.0):
        super().__init__(dropout)
        self.masks = {}

    def forward(self, queries, keys, values, valid_lens=None):
        scores = queries @ keys.mT / queries.shape[2] ** 0.5
        self.attention_weights = weights = _masked_softmax(scores, valid_lens)
        if self.training and self.p:
            if weights.shape not in self.masks:
                self.masks[weights.shape] = F.dropout(torch.ones_like(weights), self.p)
            weights = weights * self.masks[weights.shape]
        return weights @ values


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


class ThroughTheCpu(_Right):
    """The numbers are copied to the host.

    The copies take longer than the work, and the GPU stands still meanwhile. Compute where the arguments are.
    """

    def answer(self, weights, values):
        return torch.bmm(self.dropout(weights).cpu(), values.cpu()).to(values.device)


class ThroughTheCpu__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        here = queries.device
        host = [tensor.to("cpu") for tensor in (queries, keys, values)]
        answers = super().forward(*host, None if valid_lens is None else valid_lens.to("cpu")).to(here)
        self.attention_weights = self.attention_weights.to(here)
        return answers


class Loops(_Right):
    """A Python loop runs over sequences, queries or keys.

    Every turn starts operations of its own. `torch.bmm` and `@` multiply a whole batch of matrices at once.
    """

    def product(self, queries, keys):
        return torch.stack([q @ k.T for q, k in zip(queries, keys)])


class Loops__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        scores = queries.new_zeros(len(queries), queries.shape[1], keys.shape[1])
        for n in range(len(queries)):
            scores[n] = torch.mm(queries[n], keys[n].t()) / math.sqrt(queries.shape[-1])
        self.attention_weights = weights = _masked_softmax(scores, valid_lens)
        return torch.bmm(F.dropout(weights, self.p, self.training), values)


class TwoDevices(_Right):
    """Where the arguments are on a GPU, tensors on two devices meet.

    Often the positions for the mask are on the CPU: `torch.arange` makes its tensor there unless it is told otherwise.
    Give it the device of the scores, in the masked softmax.
    """

    def weigh(self, scores, valid_lens):
        if valid_lens is None:
            return torch.softmax(scores, dim=-1)
        lengths = valid_lens[:, None, None] if valid_lens.dim() == 1 else valid_lens[:, :, None]
        dead = torch.arange(scores.shape[-1]) >= lengths
        return torch.softmax(scores.masked_fill(dead, torch.finfo(scores.dtype).min), -1).masked_fill(dead, 0.0)


class TwoDevices__rewrite(_Right):
    def weigh(self, scores, valid_lens):
        if valid_lens is None:
            return scores.softmax(-1)
        lengths = valid_lens.reshape(len(scores), -1 if valid_lens.dim() == 2 else 1, 1)
        keep = torch.tensor(range(scores.shape[2])) < lengths
        return torch.where(keep, scores, -1e30).softmax(-1) * keep


class ReadyMade(_Right):
    """torch's own attention does the work.

    `scaled_dot_product_attention` is what to use in a model, and what to build here: a product, a softmax, a product.
    """

    def forward(self, queries, keys, values, valid_lens=None):
        super().forward(queries, keys, values, valid_lens)
        if valid_lens is None:
            dead, mask = False, None
        else:
            valid = _valid_keys(self.attention_weights.shape, valid_lens)
            dead = ~valid.any(-1, keepdim=True)
            mask = valid | dead
        p = self.rate if self.training else 0.0
        answers = F.scaled_dot_product_attention(queries, keys, values, mask, p)
        return answers if valid_lens is None else answers.masked_fill(dead, 0.0)


class ReadyMade__rewrite(_Again):
    def forward(self, queries, keys, values, valid_lens=None):
        super().forward(queries, keys, values, valid_lens)
        weights = self.attention_weights
        bias = None
        if valid_lens is not None:
            bias = torch.zeros_like(weights).masked_fill(weights == 0, -1e30)
        p = self.p if self.training else 0.0
        answers = nn.functional.scaled_dot_product_attention(queries, keys, values, attn_mask=bias, dropout_p=p)
        return answers if valid_lens is None else answers * (weights.sum(-1, keepdim=True) > 0)
