"""The learning rates by hand, with parts that can be exchanged."""

import math


def the_limit(mode, best, threshold):
    return best * (1 - threshold) if mode == "min" else best * (1 + threshold)


def the_better(mode, metric, best, threshold):
    limit = the_limit(mode, best, threshold)
    return metric < limit if mode == "min" else metric > limit


def the_first(mode):
    if mode not in ("min", "max"):
        raise ValueError(f"mode must be 'min' or 'max', not {mode!r}")
    return math.inf if mode == "min" else -math.inf


def the_lowered(lr, factor, min_lr):
    return max(lr * factor, min_lr)


def the_rates(
    lr,
    metrics,
    mode,
    factor,
    patience,
    threshold,
    min_lr,
    *,
    first=the_first,
    better=the_better,
    after_good=lambda bad: 0,
    impatient=lambda bad, patience: bad > patience,
    lowered=the_lowered,
    after_drop=lambda bad, best, first: (0, best),
):
    """Right as it stands; a mistake gives another part."""
    best, bad, rates = first(mode), 0, []
    for metric in metrics:
        if better(mode, metric, best, threshold):
            best, bad = metric, after_good(bad)
        else:
            bad += 1
        if impatient(bad, patience):
            lr = lowered(lr, factor, min_lr)
            bad, best = after_drop(bad, best, first(mode))
        rates.append(lr)
    return rates
