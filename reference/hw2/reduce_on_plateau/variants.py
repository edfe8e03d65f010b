"""Other right ways to lower the learning rate where there is no progress."""

import math


class _Scheduler:
    """As torch's, with a method that is called after every epoch."""

    def __init__(self, lr, better, factor, patience, min_lr):
        self.lr, self.better, self.factor, self.patience, self.min_lr = lr, better, factor, patience, min_lr
        self.best, self.bad = None, 0

    def step(self, metric):
        if self.better(metric, self.best):
            self.best = metric
            self.bad = 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            self.lr = max(self.min_lr, self.lr * self.factor)
            self.bad = 0
        return self.lr


def with_a_scheduler(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """An object with a state; there is no best metric at first."""
    if mode == "min":
        better = lambda metric, best: metric == metric and (best is None or metric < best - best * threshold)
    elif mode == "max":
        better = lambda metric, best: metric == metric and (best is None or metric > best + best * threshold)
    else:
        raise ValueError(f"unknown mode {mode!r}")
    scheduler = _Scheduler(lr, better, factor, patience, min_lr)
    return [scheduler.step(metric) for metric in metrics]


def plain_learner(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """Written from the stub alone."""
    if mode != "min" and mode != "max":
        raise ValueError("mode must be min or max but is " + str(mode))
    result = []
    best = None
    count = 0
    for value in metrics:
        if math.isnan(value):
            is_better = False
        elif best is None:
            is_better = True
        elif mode == "min":
            is_better = value < best * (1 - threshold)
        else:
            is_better = value > best * (1 + threshold)
        if is_better:
            best = value
            count = 0
        else:
            count = count + 1
            if count == patience + 1:
                lr = lr * factor
                if lr < min_lr:
                    lr = min_lr
                count = 0
        result.append(lr)
    return result


def from_the_end(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """Which epochs were better is found out first, then the lengths of the runs between."""
    if mode not in ("min", "max"):
        raise ValueError(mode + " is neither min nor max")
    best, progress = math.inf if mode == "min" else -math.inf, []
    for metric in metrics:
        limit = best * (1 - threshold if mode == "min" else 1 + threshold)
        progress.append(metric < limit if mode == "min" else metric > limit)
        best = metric if progress[-1] else best
    rates, run = [], 0
    for better in progress:
        run = 0 if better else run + 1
        if run and run % (patience + 1) == 0:
            lr = max(lr * factor, min_lr)
        rates.append(lr)
    return rates
