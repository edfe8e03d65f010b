"""Ways in which lowering the learning rate where there is no progress goes wrong: learning rates, NaN and arguments.

The mistakes change a part of `_rates`, or what it is given.
"""

import math

from plateau import the_better as _better
from plateau import the_first as _first
from plateau import the_limit as _limit
from plateau import the_rates as _rates


def no_floor(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """`min_lr` is not used.

    The learning rate never falls below it.
    """
    return _rates(
        lr, metrics, mode, factor, patience, threshold, min_lr, lowered=lambda lr, factor, min_lr: lr * factor
    )


def no_floor__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = lr * factor
                bad = 0
        rates.append(lr)
    return rates


def floor_refuses(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """A step below `min_lr` is left out.

    It goes down to `min_lr` then: the larger of the two.
    """
    return _rates(
        lr,
        metrics,
        mode,
        factor,
        patience,
        threshold,
        min_lr,
        lowered=lambda lr, factor, min_lr: lr * factor if lr * factor >= min_lr else lr,
    )


def floor_refuses__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = lr if lr * factor < min_lr else lr * factor
                bad = 0
        rates.append(lr)
    return rates


def factor_subtracted(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The learning rate is lowered by the factor.

    It is multiplied by it.
    """
    return _rates(
        lr,
        metrics,
        mode,
        factor,
        patience,
        threshold,
        min_lr,
        lowered=lambda lr, factor, min_lr: max(lr - factor, min_lr),
    )


def factor_subtracted__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = max(lr - factor, min_lr)
                bad = 0
        rates.append(lr)
    return rates


def divided(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The learning rate is divided by the factor.

    It is multiplied by it: a factor of 0.1 leaves a tenth.
    """
    return _rates(
        lr,
        metrics,
        mode,
        factor,
        patience,
        threshold,
        min_lr,
        lowered=lambda lr, factor, min_lr: max(lr / factor, min_lr),
    )


def divided__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = max(lr * factor**-1, min_lr)
                bad = 0
        rates.append(lr)
    return rates


def nan_counts_as_better(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """NaN counts as better.

    A comparison with NaN is always false: write it so that false means a bad epoch.
    """

    def better(mode, metric, best, threshold):
        return not (
            metric >= _limit(mode, best, threshold) if mode == "min" else metric <= _limit(mode, best, threshold)
        )

    return _rates(lr, metrics, mode, factor, patience, threshold, min_lr, better=better)


def nan_counts_as_better__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if metric >= _limit("min", best, threshold) if mode == "min" else metric <= _limit("max", best, threshold):
            bad += 1
            if bad > patience:
                lr, bad = max(lr * factor, min_lr), 0
        else:
            best, bad = metric, 0
        rates.append(lr)
    return rates


def first_nan_kept(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """A first NaN becomes the best metric.

    Nothing is better than NaN, since every comparison with it is false. The first one is better than none, unless it is
    NaN.
    """

    def better(mode, metric, best, threshold):
        return math.isinf(best) or _better(mode, metric, best, threshold)

    return _rates(lr, metrics, mode, factor, patience, threshold, min_lr, better=better)


def first_nan_kept__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    _first(mode)
    best, bad, rates = None, 0, []
    for metric in metrics:
        if best is None or _better(mode, metric, best, threshold):
            best, bad = metric, 0
        else:
            bad += 1
        if bad > patience:
            lr, bad = max(lr * factor, min_lr), 0
        rates.append(lr)
    return rates


def rate_before(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The learning rate before the metric was seen is returned.

    The stub asks for the one after it: lower it first, then put it on the list.
    """
    return [lr, *_rates(lr, metrics, mode, factor, patience, threshold, min_lr)][: len(metrics)]


def rate_before__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        rates.append(lr)
        if _better(mode, metric, best, threshold):
            best, bad = metric, 0
        else:
            bad += 1
            if bad > patience:
                lr, bad = max(lr * factor, min_lr), 0
    return rates


def last_only(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """Only the last learning rate is returned.

    The stub asks for a list: the learning rate after every epoch.
    """
    rates = _rates(lr, metrics, mode, factor, patience, threshold, min_lr)
    return rates[-1] if rates else lr


def last_only__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
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
    return lr


def one_more(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The first learning rate is on the list as well.

    There is one for every metric: the learning rate after it has been seen.
    """
    return [lr, *_rates(lr, metrics, mode, factor, patience, threshold, min_lr)]


def one_more__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, [lr]
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


def argument_emptied(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The list of metrics is emptied.

    It belongs to the caller. Go through it without taking anything out.
    """
    seen = []
    while metrics:
        seen.append(metrics.pop(0))
    return _rates(lr, seen, mode, factor, patience, threshold, min_lr)


def argument_emptied__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    copy = tuple(metrics)
    rates = _rates(lr, copy, mode, factor, patience, threshold, min_lr)
    metrics.clear()
    return rates


def empty_fails(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """No metrics make the function fail.

    Before the first epoch there is nothing to lower: the list is empty.
    """
    _first(mode)
    last = metrics[-1]
    return _rates(lr, metrics, mode, factor, patience, threshold, min_lr)


def empty_fails__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    _first(mode)
    best, *rest = metrics if metrics else [][0]
    return _rates(lr, [best, *rest], mode, factor, patience, threshold, min_lr)


def another_mode_accepted(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """Any other mode is taken for one of the two.

    A word that is misspelt would turn the training around unnoticed. Raise ValueError.
    """
    return _rates(
        lr,
        metrics,
        mode,
        factor,
        patience,
        threshold,
        min_lr,
        first=lambda mode: _first("min" if mode == "min" else "max"),
    )


def another_mode_accepted__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    mode = "max" if mode != "min" else mode
    best, bad, rates = _first(mode), 0, []
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


def mode_checked_late(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The mode is looked at only when a metric comes.

    Then a misspelt mode goes unnoticed until the first epoch is over. Check it before the loop.
    """
    if not metrics:
        return []
    return _rates(lr, metrics, mode, factor, patience, threshold, min_lr)


def mode_checked_late__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    rates = []
    for number in range(len(metrics)):
        rates.append(_rates(lr, metrics[: number + 1], mode, factor, patience, threshold, min_lr)[-1])
    return rates


def another_patience(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The default of `patience` is not 10.

    Leave the signature as the stub has it.
    """
    return _rates(lr, metrics, mode, factor, 9 if patience == 10 else patience, threshold, min_lr)


def another_patience__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    patience = {10: 9}.get(patience, patience)
    best, bad, rates = _first(mode), 0, []
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


def another_threshold(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The default of `threshold` is another one.

    Leave the signature as the stub has it: 1e-4.
    """
    return _rates(lr, metrics, mode, factor, patience, 0.0 if threshold == 1e-4 else threshold, min_lr)


def another_threshold__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    threshold = {1e-4: 0}.get(threshold, threshold)
    best, bad, rates = _first(mode), 0, []
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


def another_factor(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The default of `factor` is not 0.1.

    Leave the signature as the stub has it.
    """
    return _rates(lr, metrics, mode, 0.5 if factor == 0.1 else factor, patience, threshold, min_lr)


def another_factor__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    factor = {0.1: 0.5}.get(factor, factor)
    best, bad, rates = _first(mode), 0, []
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
