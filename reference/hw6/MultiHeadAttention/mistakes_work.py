"""Ways in which MultiHeadAttention computes more than it has to: right, and slow with many heads or sequences."""

import torch
from attentions import Again as _Again
from attentions import Right as _Right


class HeadsFullOfZeros(_Right):
    """Every head is computed with all features, those of the other heads being zero.

    That is as many times the work as there are heads. Split the features: a head has `num_hiddens / num_heads` of them,
    and the products run over these alone.
    """

    def split(self, X):
        if hasattr(self.attention, "w_v"):
            return super().split(X)
        own = torch.eye(self.num_heads, dtype=X.dtype, device=X.device).repeat_interleave(self.size, 1)
        return (X.unsqueeze(1) * own.unsqueeze(1)).flatten(0, 1)

    def merge(self, X):
        if hasattr(self.attention, "w_v"):
            return super().merge(X)
        return X.reshape(X.shape[0] // self.num_heads, self.num_heads, *X.shape[1:]).sum(1)


class HeadsFullOfZeros__rewrite(_Again):
    def heads(self, X):
        if len(self.attention):
            return super().heads(X)
        owner = torch.arange(self.hiddens, device=X.device) // (self.hiddens // self.h)
        own = owner == torch.arange(self.h, device=X.device).unsqueeze(-1)
        return torch.where(own.unsqueeze(1), X.unsqueeze(1), 0.0)

    def together(self, X):
        return super().together(X) if len(self.attention) else X.sum(1)


def _strangers(queries, keys, valid_lens):
    """Which keys of all sequences a query of all sequences may not attend to: shape (all queries, all keys)."""
    (batch, rows), columns = queries.shape[:2], keys.shape[1]
    at = torch.arange(batch * columns, device=queries.device)
    dead = torch.arange(batch * rows, device=queries.device).unsqueeze(-1) // rows != at // columns
    if valid_lens is None:
        return dead
    return dead | (at % columns >= valid_lens.reshape(batch, -1).expand(batch, rows).reshape(-1, 1))


class SequencesAsOne(_Right):
    """All sequences are put together to one long sequence, in which a mask keeps them apart.

    Every query meets the keys of every sequence then, so that twice the batch takes four times the work. Leave the
    sequences an axis of their own: a batched product computes each with its own keys.
    """

    def forward(self, queries, keys, values, valid_lens=None):
        def whole(X):
            return X.flatten(0, 1).unflatten(1, (self.num_heads, self.size)).transpose(0, 1)

        q, k, v = map(whole, self.project(queries, keys, values))
        dead = _strangers(queries, keys, valid_lens)
        scores = self.score(q, k)
        weights = torch.softmax(scores.masked_fill(dead, torch.finfo(scores.dtype).min), -1).masked_fill(dead, 0.0)
        heads = self.attend(weights, v).transpose(0, 1)
        return self.W_o(heads.reshape(*queries.shape[:2], self.num_heads * self.size))


class SequencesAsOne__rewrite(_Again):
    def valid(self, scores, valid_lens):
        return ~valid_lens

    def forward(self, queries, keys, values, valid_lens=None):
        dead = _strangers(queries, keys, valid_lens)
        together = [X.reshape(1, X.shape[0] * X.shape[1], X.shape[2]) for X in (queries, keys, values)]
        answers = super().forward(*together, dead)
        return answers.reshape(*queries.shape[:2], self.hiddens)
