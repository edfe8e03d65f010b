"""Ways in which lowering the learning rate where there is no progress goes wrong: what is better.

The mistakes change a part of `_rates`, or what it is given.
"""

import math

from plateau import the_better as _better
from plateau import the_first as _first
from plateau import the_limit as _limit
from plateau import the_rates as _rates


def no_threshold(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The threshold is not used.

    A metric that is better by less than this part of the best one is not better.
    """
    return _rates(
        lr,
        metrics,
        mode,
        factor,
        patience,
        threshold,
        min_lr,
        better=lambda mode, metric, best, threshold: _better(mode, metric, best, 0.0),
    )


def no_threshold__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if metric < best if mode == "min" else metric > best:
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = max(min_lr, factor * lr)
                bad = 0
        rates.append(lr)
    return rates


def absolute_threshold(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The threshold is subtracted, not a part of the best metric.

    best * (1 - threshold): a metric of 400 has to fall by more than one of 4.
    """
    return _rates(
        lr,
        metrics,
        mode,
        factor,
        patience,
        threshold,
        min_lr,
        better=lambda mode, metric, best, threshold: (
            metric < best - threshold if mode == "min" else metric > best + threshold
        ),
    )


def absolute_threshold__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if (best - metric if mode == "min" else metric - best) > threshold:
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = max(min_lr, factor * lr)
                bad = 0
        rates.append(lr)
    return rates


def threshold_included(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """A metric that is better by just the threshold counts as better.

    It must be less than best * (1 - threshold), not equal to it.
    """
    return _rates(
        lr,
        metrics,
        mode,
        factor,
        patience,
        threshold,
        min_lr,
        better=lambda mode, metric, best, threshold: (
            metric <= _limit(mode, best, threshold) if mode == "min" else metric >= _limit(mode, best, threshold)
        ),
    )


def threshold_included__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold) or metric == _limit(mode, best, threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = max(min_lr, factor * lr)
                bad = 0
        rates.append(lr)
    return rates


def threshold_the_wrong_way(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The threshold makes it easier to be better.

    It makes it harder: less than best * (1 - threshold).
    """
    return _rates(
        lr,
        metrics,
        mode,
        factor,
        patience,
        threshold,
        min_lr,
        better=lambda mode, metric, best, threshold: _better(mode, metric, best, -threshold),
    )


def threshold_the_wrong_way__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if metric < best * (1 + threshold) if mode == "min" else metric > best * (1 - threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = max(min_lr, factor * lr)
                bad = 0
        rates.append(lr)
    return rates


def same_limit_for_max(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """With mode max the limit is best * (1 - threshold) as well.

    A metric that should rise has to be more than best * (1 + threshold).
    """
    return _rates(
        lr,
        metrics,
        mode,
        factor,
        patience,
        threshold,
        min_lr,
        better=lambda mode, metric, best, threshold: (
            metric < best * (1 - threshold) if mode == "min" else metric > best * (1 - threshold)
        ),
    )


def same_limit_for_max__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold if mode == "min" else -threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = max(min_lr, factor * lr)
                bad = 0
        rates.append(lr)
    return rates


def mode_ignored(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The mode is not looked at.

    With mode "max" a metric is better when it is larger.
    """
    return _rates(
        lr,
        metrics,
        mode,
        factor,
        patience,
        threshold,
        min_lr,
        first=lambda mode: (_first(mode), math.inf)[1],
        better=lambda mode, metric, best, threshold: _better("min", metric, best, threshold),
    )


def mode_ignored__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = max(abs(_first(mode)), 0), 0, []
    for metric in metrics:
        if metric < best * (1 - threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = max(min_lr, factor * lr)
                bad = 0
        rates.append(lr)
    return rates


def max_starts_at_zero(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """With mode max the best metric is 0 at first.

    Then a first metric of 0 is not better. Before the first epoch it is the worst there can be: minus infinity.
    """
    return _rates(lr, metrics, mode, factor, patience, threshold, min_lr, first=lambda mode: max(_first(mode), 0.0))


def max_starts_at_zero__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = math.inf if _first(mode) > 0 else 0.0, 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = max(min_lr, factor * lr)
                bad = 0
        rates.append(lr)
    return rates


def infinite_for_both(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The best metric is infinity at first also with mode max.

    Nothing is larger than that. With mode max the worst there can be is minus infinity.
    """
    return _rates(lr, metrics, mode, factor, patience, threshold, min_lr, first=lambda mode: abs(_first(mode)))


def infinite_for_both__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = float("inf") if _first(mode) else 0, 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = max(min_lr, factor * lr)
                bad = 0
        rates.append(lr)
    return rates


def first_as_best(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The best metric is the first one from the start.

    The first epoch is then not better than the best, and counts as a bad one.
    """
    _first(mode)
    first = metrics[0] if metrics else math.inf
    return _rates(lr, metrics, mode, factor, patience, threshold, min_lr, first=lambda mode: first)


def first_as_best__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    _first(mode)
    best, bad, rates = (metrics or [math.inf])[0], 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = max(min_lr, factor * lr)
                bad = 0
        rates.append(lr)
    return rates
