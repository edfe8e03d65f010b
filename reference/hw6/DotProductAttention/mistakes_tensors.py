"""Ways in which DotProductAttention goes wrong with tensors: gradient, devices, loops, torch's own attention."""

import math

import torch
import torch.nn.functional as F
from attentions import Again as _Again
from attentions import Right as _Right
from common.masks import drawn_on_the_cpu as _drawn_on_the_cpu
from oracle import masked_softmax as _masked_softmax
from oracle import valid_keys as _valid_keys
from torch import nn


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
