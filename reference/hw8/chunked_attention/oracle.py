"""chunked_attention in two passes over the chunks of keys: first every query's normaliser, then its mean."""

import torch


def chunked_attention(query, key, value, chunk_size, *, causal=False, valid_lens=None):
    def chunks(length):
        return [slice(begin, min(begin + chunk_size, length)) for begin in range(0, length, chunk_size)]

    def scores(q, k):
        products = torch.einsum("...id,...jd->...ij", query[..., q, :].double(), key[..., k, :].double())
        products = products / query.shape[-1] ** 0.5
        seen = torch.ones(products.shape[-2:], dtype=torch.bool, device=query.device)
        if causal:
            seen = seen.tril(q.start - k.start)
        if valid_lens is not None:
            seen = seen & (torch.arange(k.start, k.stop, device=query.device) < valid_lens[..., None, None])
        return torch.where(seen, products, float("-inf"))

    answer = []
    for q in chunks(query.shape[-2]):
        normaliser = torch.full(query[..., q, 0].shape, float("-inf"), dtype=torch.float64, device=query.device)
        with torch.no_grad():
            for k in chunks(key.shape[-2]):
                normaliser = torch.logaddexp(normaliser, scores(q, k).logsumexp(-1))
            alone = torch.isinf(normaliser)
            normaliser = normaliser.masked_fill(alone, 0.0).unsqueeze(-1)
        # Weights that are off by one factor for all keys give the same mean; the factor takes part in the gradient.
        summed, total = 0.0, 0.0
        for k in chunks(key.shape[-2]):
            weights = torch.exp(scores(q, k) - normaliser)
            summed = summed + torch.einsum("...ij,...jv->...iv", weights, value[..., k, :].double())
            total = total + weights.sum(-1, keepdim=True)
        answer.append((summed / torch.where(alone.unsqueeze(-1), 1.0, total)).to(query.dtype))
    return torch.cat(answer, -2)
