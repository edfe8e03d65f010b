"""Two ways to count, each with a right Recall on top, for the others to change."""

import math

import torch


def score(hits, predicted, labelled):
    """The recall of one class."""
    return hits / labelled if labelled else 0.0


class Tensors:
    """Counts in tensors, one for each class."""

    def __init__(self, num_classes, average="macro"):
        if average not in ("macro", "micro"):
            raise ValueError(f"unknown average {average!r}")
        self.num_classes, self.average = num_classes, average
        self.reset()

    def reset(self):
        self.hits, self.predicted, self.labelled = (torch.zeros(self.num_classes, dtype=torch.int64) for _ in range(3))

    def classes_of(self, predictions):
        return predictions.argmax(dim=1) if predictions.dim() == 2 else predictions

    def update(self, predictions, labels):
        classes, labels = self.classes_of(predictions).cpu(), labels.cpu()
        size = self.num_classes
        self.hits = self.hits + torch.bincount(labels[classes == labels], minlength=size)
        self.predicted = self.predicted + torch.bincount(classes, minlength=size)
        self.labelled = self.labelled + torch.bincount(labels, minlength=size)

    def counts(self):
        """Hits, predictions and labels of each class."""
        return list(zip(self.hits.tolist(), self.predicted.tolist(), self.labelled.tolist(), strict=True))

    def micro(self):
        return score(*map(sum, zip(*self.counts(), strict=True)))

    def macro(self):
        scores = [score(*counts) for counts in self.counts() if any(counts)]
        return sum(scores) / len(scores)

    def compute(self):
        if not any(map(any, self.counts())):
            return math.nan
        return self.micro() if self.average == "micro" else self.macro()


class Table:
    """Counts in a table of labels and predictions, in plain numbers."""

    def __init__(self, num_classes, average="macro"):
        self.known = {"macro": self.macro, "micro": self.micro}
        self.average = average
        self.classes = range(num_classes)
        if average not in self.known:
            raise ValueError(f"no average is called {average}")
        self.reset()

    def reset(self):
        self.table = [[0 for _ in self.classes] for _ in self.classes]

    def classes_of(self, predictions):
        if predictions.ndim > 1:
            return [max(self.classes, key=row.__getitem__) for row in predictions.tolist()]
        return predictions.tolist()

    def update(self, predictions, labels):
        for prediction, label in zip(self.classes_of(predictions), labels.tolist(), strict=True):
            self.table[label][prediction] += 1

    def counts(self):
        """Hits, predictions and labels of each class."""
        return [(self.table[c][c], sum(row[c] for row in self.table), sum(self.table[c])) for c in self.classes]

    def micro(self):
        columns = list(zip(*self.counts(), strict=True))
        return score(sum(columns[0]), sum(columns[1]), sum(columns[2]))

    def macro(self):
        found = {c: score(*counts) for c, counts in enumerate(self.counts()) if counts != (0, 0, 0)}
        return math.fsum(found.values()) / len(found)

    def compute(self):
        return self.known[self.average]() if any(map(sum, self.table)) else float("nan")
