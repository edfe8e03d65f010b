"""DotProductAttention by torch's own scaled dot-product attention."""

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


class DotProductAttention(nn.Module):
    def __init__(self, dropout=0.0):
        super().__init__()
        self.p = dropout

    def forward(self, queries, keys, values, valid_lens=None):
        scores = torch.einsum("bqd,bkd->bqk", queries, keys) * queries.shape[-1] ** -0.5
        self.attention_weights = masked_softmax(scores, valid_lens).detach()
        mask = None if valid_lens is None else valid_keys(scores.shape, valid_lens)
        if mask is not None:
            mask = mask | ~mask.any(-1, keepdim=True)
        p = self.p if self.training else 0.0
        answers = F.scaled_dot_product_attention(queries, keys, values, attn_mask=mask, dropout_p=p)
        if valid_lens is None:
            return answers
        return torch.where(self.attention_weights.sum(-1, keepdim=True) > 0, answers, 0.0)
