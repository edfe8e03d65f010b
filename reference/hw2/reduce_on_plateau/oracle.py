"""reduce_on_plateau as a machine whose state is one tuple; a metric to rise is compared the other way round."""

import math
from itertools import accumulate


def reduce_on_plateau(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    if mode not in {"min", "max"}:
        raise ValueError(f"{mode!r} is no mode")
    sign = 1 if mode == "min" else -1

    def after(state, metric):
        rate, best, bad = state
        if sign * metric < sign * best * (1 - sign * threshold):
            return rate, metric, 0
        if bad == patience:
            return max(min_lr, rate * factor), best, 0
        return rate, best, bad + 1

    return [rate for rate, _, _ in accumulate(metrics, after, initial=(lr, sign * math.inf, 0))][1:]
