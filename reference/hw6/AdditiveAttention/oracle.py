"""AdditiveAttention by torch's own scaled dot-product attention, to which the scores are handed as a mask."""

import torch
import torch.nn.functional as F
from torch import nn


def valid_keys(scores_shape, valid_lens):
    """True where a key is valid; broadcasts to the shape (batch, queries, keys)."""
    lengths = valid_lens[:, None, None] if valid_lens.dim() == 1 else valid_lens[:, :, None]
    return torch.arange(scores_shape[-1], device=valid_lens.device).expand(scores_shape) < lengths


def masked_softmax(scores, valid_lens):
    if valid_lens is None:
        return torch.softmax(scores, dim=-1)
    dead = ~valid_keys(scores.shape, valid_lens)
    filled = scores.masked_fill(dead, torch.finfo(scores.dtype).min)
    return torch.softmax(filled, dim=-1).masked_fill(dead, 0.0)


class AdditiveAttention(nn.Module):
    def __init__(self, key_size, query_size, num_hiddens, dropout):
        super().__init__()
        self.p = dropout
        self.W_k = nn.Linear(key_size, num_hiddens, bias=False)
        self.W_q = nn.Linear(query_size, num_hiddens, bias=False)
        self.w_v = nn.Linear(num_hiddens, 1, bias=False)

    def forward(self, queries, keys, values, valid_lens=None):
        q = F.linear(queries, self.W_q.weight).unsqueeze(2)
        k = F.linear(keys, self.W_k.weight).unsqueeze(1)
        scores = F.linear(torch.tanh(q + k), self.w_v.weight).squeeze(-1)
        self.attention_weights = masked_softmax(scores, valid_lens).detach()
        if valid_lens is not None:
            scores = scores.masked_fill(~valid_keys(scores.shape, valid_lens), -1e30)
        nothing = scores.new_zeros(*scores.shape[:2], 1), scores.new_zeros(scores.shape[0], scores.shape[2], 1)
        answers = F.scaled_dot_product_attention(*nothing, values, scores, self.p if self.training else 0.0)
        if valid_lens is None:
            return answers
        return torch.where(self.attention_weights.sum(-1, keepdim=True) > 0, answers, 0.0)
