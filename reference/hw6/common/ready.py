"""The same parts by torch's own functions."""

import torch
import torch.nn.functional as F
from torch import nn


class Part(nn.Module):
    """A module that has no code, and linear layers or a norm under these names."""

    def __init__(self, **layers):
        super().__init__()
        self._modules.update(layers)


def attention(d):
    return Part(W_q=nn.Linear(d, d), W_k=nn.Linear(d, d), W_v=nn.Linear(d, d), W_o=nn.Linear(d, d))


def norm(d):
    return Part(ln=nn.LayerNorm(d))


def network(d, hiddens):
    return Part(dense1=nn.Linear(d, hiddens), dense2=nn.Linear(hiddens, d))


def attended(part, heads, queries, keys, mask, p):
    """The answers of a part made by `attention`; the mask is True where a query may look, with an axis for heads."""
    q, k, v = (
        torch.stack(layer(X).chunk(heads, -1), 1)
        for layer, X in ((part.W_q, queries), (part.W_k, keys), (part.W_v, keys))
    )
    if mask is None:
        answers = F.scaled_dot_product_attention(q, k, v, dropout_p=p)
    else:
        some = mask.any(-1, keepdim=True)
        answers = F.scaled_dot_product_attention(q, k, v, mask | ~some, p)
        answers = torch.where(some, answers, 0.0)
    return part.W_o(torch.cat(answers.unbind(1), -1))


def lengths_mask(valid_lens, keys):
    if valid_lens is None:
        return None
    lengths = valid_lens.unsqueeze(1) if valid_lens.dim() == 1 else valid_lens
    return torch.arange(keys, device=lengths.device) < lengths[:, None, :, None]


def normed(part, X, Y, p):
    total = X + F.dropout(Y, p)
    return F.layer_norm(total, total.shape[-1:], part.ln.weight, part.ln.bias)


def worked(part, X):
    return F.linear(F.relu(F.linear(X, part.dense1.weight, part.dense1.bias)), part.dense2.weight, part.dense2.bias)
