"""Accuracy from a count of hits and misses."""

from collections import Counter
from math import nan


class Accuracy:
    def __init__(self):
        self.outcomes = Counter()

    def reset(self):
        self.outcomes.clear()

    def update(self, predictions, labels):
        classes = predictions.max(dim=1).indices if predictions.is_floating_point() else predictions
        self.outcomes.update(map(bool, (classes == labels).tolist()))

    def compute(self):
        return self.outcomes[True] / self.outcomes.total() if self.outcomes else nan
