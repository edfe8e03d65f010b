"""Correct implementations of init_weights."""

import torch
from torch import nn


def copied(module):
    """New numbers are made and copied into the parameters' memory."""
    if isinstance(module, nn.Linear):
        rows, columns = module.weight.shape
        bound = (6 / (rows + columns)) ** 0.5
        module.weight.data.copy_((2 * torch.rand(rows, columns) - 1) * bound)
        if module.bias is not None:
            module.bias.data.fill_(0)
    if isinstance(module, nn.Embedding):
        table = torch.randn(module.num_embeddings, module.embedding_dim) * 0.02
        if module.padding_idx is not None:
            table[module.padding_idx] = 0.0
        module.weight.data.copy_(table)


def by_kind(module):
    """A table of functions, one for each kind of layer."""
    for kind, start in _STARTS:
        if isinstance(module, kind):
            start(module)


def _start_linear(layer):
    nn.init.xavier_uniform_(layer.weight, gain=1.0)
    if getattr(layer, "bias", None) is not None:
        nn.init.constant_(layer.bias, 0.0)


def _start_embedding(layer):
    padding = layer.padding_idx
    with torch.no_grad():
        layer.weight.copy_(torch.normal(0.0, 0.02, size=layer.weight.shape))
        keep = torch.arange(layer.num_embeddings) != (-1 if padding is None else padding)
        layer.weight.mul_(keep[:, None])


_STARTS = ((nn.Linear, _start_linear), (nn.Embedding, _start_embedding))
