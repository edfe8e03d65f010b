"""Ways in which MultiHeadAttention goes wrong with tensors: gradient, devices, loops, torch's own attention."""

import torch
import torch.nn.functional as F
from attentions import Again as _Again
from attentions import Right as _Right
from attentions import mask as _mask
from common.masks import drawn_on_the_cpu as _drawn_on_the_cpu
from oracle import valid_keys as _valid_keys
from torch import nn


class ThroughTheCpu(_Right):
    """The numbers are copied to the host.

    The copies take longer than the work, and the GPU stands still meanwhile. Compute where the arguments are.
    """

    def attend(self, weights, v):
        return torch.bmm(self.dropout(weights).cpu(), v.cpu()).to(v.device)


class ThroughTheCpu__rewrite(_Again):
    def together(self, X):
        return super().together(X.to("cpu")).to(X.device)


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
    Give it the device of the scores. The mask of a dropout of your own is such a tensor too.
    """

    def weigh(self, scores, lengths):
        if lengths is None:
            return torch.softmax(scores, dim=-1)
        lengths = lengths[:, None, None] if lengths.dim() == 1 else lengths[:, :, None]
        dead = torch.arange(scores.shape[-1]) >= lengths
        return torch.softmax(scores.masked_fill(dead, torch.finfo(scores.dtype).min), -1).masked_fill(dead, 0.0)


class TwoDevices__rewrite(_Right):
    def attend(self, weights, v):
        return (_drawn_on_the_cpu(weights, self.rate) if self.training else weights) @ v


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
