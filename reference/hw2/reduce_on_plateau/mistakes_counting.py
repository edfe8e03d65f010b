"""Ways in which lowering the learning rate where there is no progress goes wrong: the count of bad epochs.

The mistakes change a part of `_rates`, or what it is given.
"""

import math

from plateau import the_better as _better
from plateau import the_first as _first
from plateau import the_lowered as _lowered
from plateau import the_rates as _rates


def one_too_patient(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The learning rate is lowered one bad epoch too late.

    With `patience` 0 the first bad epoch lowers it: more bad epochs than `patience`.
    """
    return _rates(
        lr, metrics, mode, factor, patience, threshold, min_lr, impatient=lambda bad, patience: bad > patience + 1
    )


def one_too_patient__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 2:
                lr = max(min_lr, factor * lr)
                bad = 0
        rates.append(lr)
    return rates


def one_too_impatient(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The learning rate is lowered one bad epoch too early.

    `patience` bad epochs are put up with; the next one lowers it. Compare with >, not with >=.
    """
    return _rates(
        lr, metrics, mode, factor, patience, threshold, min_lr, impatient=lambda bad, patience: bad >= max(patience, 1)
    )


def one_too_impatient__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad >= patience:
                lr = max(min_lr, factor * lr)
                bad = 0
        rates.append(lr)
    return rates


def impatient_with_good(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """With `patience` 0 the learning rate falls in every epoch.

    `bad >= patience` is true without a bad epoch. More than `patience` are needed: compare with >.
    """
    return _rates(
        lr, metrics, mode, factor, patience, threshold, min_lr, impatient=lambda bad, patience: bad >= patience
    )


def impatient_with_good__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        bad += 1
        if _better(mode, metric, best, threshold):
            best, bad = metric, 0
        if not bad < patience:
            lr, bad = max(lr * factor, min_lr), 0
        rates.append(lr)
    return rates


def count_not_set_back(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """A better epoch does not set the count back.

    Only bad epochs in a row count.
    """
    return _rates(lr, metrics, mode, factor, patience, threshold, min_lr, after_good=lambda bad: bad)


def count_not_set_back__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold):
            best = metric
            bad = bad
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = max(min_lr, factor * lr)
                bad = 0
        rates.append(lr)
    return rates


def count_down(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """A better epoch takes one from the count.

    It sets the count back to 0, however many bad ones there were.
    """
    return _rates(lr, metrics, mode, factor, patience, threshold, min_lr, after_good=lambda bad: max(bad - 1, 0))


def count_down__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold):
            best = metric
            bad = bad - 1 if bad else 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = max(min_lr, factor * lr)
                bad = 0
        rates.append(lr)
    return rates


def count_not_restarted(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The count goes on after the learning rate was lowered.

    Then every further bad epoch lowers it again. Let the count start again from 0.
    """
    return _rates(
        lr, metrics, mode, factor, patience, threshold, min_lr, after_drop=lambda bad, best, first: (bad, best)
    )


def count_not_restarted__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad > patience:
                lr = max(min_lr, factor * lr)
                pass
        rates.append(lr)
    return rates


def only_once(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The learning rate is lowered only once.

    After it was lowered the count starts again from 0, and can become too large again.
    """
    return _rates(
        lr,
        metrics,
        mode,
        factor,
        patience,
        threshold,
        min_lr,
        impatient=lambda bad, patience: bad == patience + 1,
        after_drop=lambda bad, best, first: (bad, best),
    )


def only_once__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = max(min_lr, factor * lr)
                pass
        rates.append(lr)
    return rates


def restarted_at_one(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The count starts again from 1.

    After the learning rate was lowered there are `patience` bad epochs to put up with again: start from 0.
    """
    return _rates(
        lr,
        metrics,
        mode,
        factor,
        patience,
        threshold,
        min_lr,
        after_drop=lambda bad, best, first: (1 if bad > 1 else 0, best),
    )


def restarted_at_one__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = max(min_lr, factor * lr)
                bad = min(bad - 1, 1)
        rates.append(lr)
    return rates


def best_forgotten(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The best metric is forgotten when the learning rate is lowered.

    It stays: the next one has to be better than the best of the whole training.
    """
    return _rates(
        lr, metrics, mode, factor, patience, threshold, min_lr, after_drop=lambda bad, best, first: (0, first)
    )


def best_forgotten__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if _better(mode, metric, best, threshold):
            best = metric
            bad = 0
        else:
            bad = bad + 1
            if bad == patience + 1:
                lr = max(min_lr, factor * lr)
                best, bad = _first(mode), 0
        rates.append(lr)
    return rates


def compared_with_the_last(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """A metric is compared with the last one.

    It has to be better than the best so far. Else a training that goes up and down always makes progress.
    """
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        bad = 0 if _better(mode, metric, best, threshold) else bad + 1
        best = metric if metric == metric else best
        if bad > patience:
            lr, bad = _lowered(lr, factor, min_lr), 0
        rates.append(lr)
    return rates


def compared_with_the_last__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    last, bad, rates = _first(mode), 0, []
    for metric in metrics:
        if _better(mode, metric, last, threshold):
            bad = 0
        else:
            bad += 1
        if not math.isnan(metric):
            last = metric
        if bad == patience + 1:
            lr, bad = max(min_lr, factor * lr), 0
        rates.append(lr)
    return rates


def best_always_updated(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The best metric is updated whenever one is a little better.

    Only a metric that is better by the threshold becomes the best one. Else many small steps never add up to progress.
    """
    best, bad, rates = _first(mode), 0, []
    for metric in metrics:
        bad = 0 if _better(mode, metric, best, threshold) else bad + 1
        if _better(mode, metric, best, 0.0):
            best = metric
        if bad > patience:
            lr, bad = _lowered(lr, factor, min_lr), 0
        rates.append(lr)
    return rates


def best_always_updated__rewrite(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    rates, bad, seen = [], 0, []
    for metric in metrics:
        best = (min if mode == "min" else max)(seen, default=_first(mode))
        bad = 0 if _better(mode, metric, best, threshold) else bad + 1
        if bad > patience:
            lr, bad = max(min_lr, factor * lr), 0
        if metric == metric:
            seen.append(metric)
        rates.append(lr)
    _first(mode)
    return rates
