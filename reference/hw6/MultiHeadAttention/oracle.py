"""MultiHeadAttention by torch's own scaled dot-product attention; the additive scores are handed to it as a mask."""

import torch
import torch.nn.functional as F
from torch import nn


def valid_keys(shape, valid_lens):
    """True where a key is valid; shape (batch, 1, queries, keys), to broadcast over the heads."""
    batch, queries, keys = shape
    if valid_lens is None:
        return None
    lengths = valid_lens[:, None] if valid_lens.dim() == 1 else valid_lens
    lengths = lengths.expand(batch, queries)[:, None, :, None]
    return torch.arange(keys, device=lengths.device) < lengths


class MultiHeadAttention(nn.Module):
    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        super().__init__()
        if num_hiddens % num_heads != 0 or attention_type not in ("dot", "add"):
            raise ValueError("num_heads must divide num_hiddens, and attention_type be dot or add")
        self.heads, self.kind, self.p = num_heads, attention_type, dropout
        self.W_q = nn.Linear(query_size, num_hiddens)
        self.W_k = nn.Linear(key_size, num_hiddens)
        self.W_v = nn.Linear(value_size, num_hiddens)
        self.W_o = nn.Linear(num_hiddens, num_hiddens)
        if attention_type == "add":
            self.attention = nn.Module()
            self.attention.w_v = nn.Linear(num_hiddens // num_heads, 1)

    def forward(self, queries, keys, values, valid_lens=None):
        q, k, v = (
            torch.stack(layer(X).chunk(self.heads, dim=-1), dim=1)
            for layer, X in ((self.W_q, queries), (self.W_k, keys), (self.W_v, values))
        )
        valid = valid_keys((queries.shape[0], queries.shape[1], keys.shape[1]), valid_lens)
        some = None
        if valid is not None:
            some = valid.any(-1, keepdim=True)
            valid = valid | ~some
        p = self.p if self.training else 0.0
        if self.kind == "add":
            bias = self.attention.w_v((q.unsqueeze(3) + k.unsqueeze(2)).tanh()).squeeze(-1)
            if valid is not None:
                bias = bias.masked_fill(~valid, float("-inf"))
            answers = F.scaled_dot_product_attention(q * 0, k * 0, v, bias, p)
        else:
            answers = F.scaled_dot_product_attention(q, k, v, valid, p)
        if some is not None:
            answers = torch.where(some, answers, 0.0)
        return self.W_o(torch.cat(answers.unbind(1), dim=-1))
