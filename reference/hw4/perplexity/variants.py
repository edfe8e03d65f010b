"""Correct perplexities, written in other ways."""

import math

import torch


def running_mean(losses, counts):
    """A mean that is brought up to date with each minibatch."""
    mean, seen = 0.0, 0
    for loss, count in zip(losses, counts, strict=True):
        if count == 0:
            continue
        seen += count
        mean += (loss - mean) * count / seen if math.isfinite(loss) else loss
    if not seen:
        raise ValueError("no tokens were counted")
    return math.exp(mean) if mean < 709.7 else math.inf


def in_torch(losses, counts):
    """Tensors in double precision; infinity comes by itself."""
    loss, count = torch.tensor(losses, dtype=torch.float64), torch.tensor(counts, dtype=torch.float64)
    used = count > 0
    if not used.any():
        raise ValueError("perplexity of nothing")
    return torch.exp((loss[used] * count[used]).sum() / count[used].sum()).item()


def by_index(losses, counts):
    """Two sums in a loop over places."""
    total, tokens = 0.0, 0
    for place in range(len(losses)):
        if counts[place]:
            total += losses[place] * counts[place]
            tokens += counts[place]
    if tokens == 0:
        raise ValueError("there are no tokens")
    try:
        result = math.e ** (total / tokens)
    except OverflowError:
        result = float("inf")
    return result
