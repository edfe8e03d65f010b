"""Two right accuracies, for the others to change."""

import math


class Counts:
    def __init__(self):
        self.reset()

    def reset(self):
        self.right = self.count = 0

    def classes_of(self, predictions):
        return predictions.argmax(dim=1) if predictions.dim() == 2 else predictions

    def update(self, predictions, labels):
        self.right += int((self.classes_of(predictions) == labels).sum())
        self.count += len(labels)

    def compute(self):
        return self.right / self.count if self.count else math.nan


class Shares:
    """Right and wrong ones, in a list of two."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.found = [0, 0]

    def classes_of(self, predictions):
        return predictions.max(-1).indices if predictions.is_floating_point() else predictions

    def update(self, predictions, labels):
        for same in self.classes_of(predictions).eq(labels).tolist():
            self.found[same] += 1

    def compute(self):
        wrong, right = self.found
        return right / (wrong + right) if wrong or right else float("nan")
