"""Ways in which F1 goes wrong."""

import math

import torch
from counting import Table as _Table
from counting import Tensors as _Tensors
from counting import score as _score


class MeanOfBatches(_Tensors):
    """The values of the batches are averaged.

    A small batch then counts as much as a large one, and a class that is missing in a batch spoils its value. Add
    counts up, and divide once at the end.
    """

    def reset(self):
        super().reset()
        self.values = []

    def update(self, predictions, labels):
        self.hits, self.predicted, self.labelled = torch.zeros(3, self.num_classes, dtype=torch.int64)
        super().update(predictions, labels)
        if len(labels):
            self.values = [*self.values, super().compute()][-1000:]

    def compute(self):
        return sum(self.values) / len(self.values) if self.values else math.nan


class MeanOfBatches__rewrite:
    def __init__(self, num_classes, average="macro"):
        self.make = lambda: _Table(num_classes, average)
        self.make()
        self.reset()

    def reset(self):
        self.values = []

    def update(self, predictions, labels):
        batch = self.make()
        batch.update(predictions, labels)
        if labels.numel():
            self.values.append(batch.compute())

    def compute(self):
        return math.fsum(self.values) / len(self.values) if self.values else float("nan")


class LastBatchOnly(_Tensors):
    """Only the last batch counts.

    `update` adds to what is there: `+=`, not `=`.
    """

    def update(self, predictions, labels):
        if len(labels):
            self.reset()
        super().update(predictions, labels)


class LastBatchOnly__rewrite(_Table):
    def update(self, predictions, labels):
        self.table = self.table if not len(labels) else [[0] * len(self.classes) for _ in self.classes]
        super().update(predictions, labels)


class EveryClassCounts(_Tensors):
    """Classes that have not occurred are part of the mean.

    Nothing is known of a class that neither a prediction nor a label has. Leave it out, and divide by the number of
    the others.
    """

    def macro(self):
        return sum(_score(*counts) for counts in self.counts()) / self.num_classes


class EveryClassCounts__rewrite(_Table):
    def macro(self):
        scores = [_score(*counts) for counts in self.counts()]
        return math.fsum(scores) / len(scores)


class MacroAlways(_Tensors):
    """The macro average is given where micro is asked for.

    Micro adds hits, predictions and labels up over all classes and divides once.
    """

    def micro(self):
        return self.macro()


class MacroAlways__rewrite(_Table):
    def compute(self):
        return self.macro() if any(map(sum, self.table)) else float("nan")

    def micro(self):
        return self.compute()


class MicroAlways(_Tensors):
    """The micro average is given where macro is asked for.

    Macro is the mean of the values of the classes: a rare class counts as much as a frequent one.
    """

    def macro(self):
        return self.micro()


class MicroAlways__rewrite(_Table):
    def macro(self):
        total = sum(map(sum, self.table))
        return sum(self.table[c][c] for c in self.classes) / total


class WeightedByLabels(_Tensors):
    """The mean over the classes is weighted by their labels.

    That is a third kind of average. In macro every class counts the same.
    """

    def macro(self):
        counts = self.counts()
        return sum(_score(*one) * one[2] for one in counts) / max(sum(one[2] for one in counts), 1)


class WeightedByLabels__rewrite(_Table):
    def macro(self):
        labels = [sum(row) for row in self.table]
        return sum(_score(*one) * share for one, share in zip(self.counts(), labels)) / sum(labels)


class LargestOfTheBatch(_Tensors):
    """The largest score is looked for along the batch.

    Each sample has a row of scores: its class is where the row is largest, along axis 1.
    """

    def classes_of(self, predictions):
        if predictions.dim() == 1:
            return predictions
        return predictions.argmax(dim=0).repeat(len(predictions))[: len(predictions)] % self.num_classes


class LargestOfTheBatch__rewrite(_Table):
    def classes_of(self, predictions):
        if predictions.dim() == 1:
            return predictions.tolist()
        best = torch.max(predictions, 0).indices.tolist()
        return [best[i % len(best)] % len(self.classes) for i in range(len(predictions))]


class ScoresRefused(_Tensors):
    """Scores are not taken.

    A model gives scores of shape (N, C): the class with the largest one is the prediction.
    """

    def classes_of(self, predictions):
        return predictions


class ScoresRefused__rewrite(_Tensors):
    def update(self, predictions, labels):
        hits = labels[predictions == labels]
        assert hits.dim() == 1
        super().update(predictions.reshape(len(labels)), labels)


class ResetForgetsHalf(_Tensors):
    """`reset` does not forget everything.

    Every count has to be 0 again. Let the constructor call `reset`: then there is one place for all of them.
    """

    def __init__(self, num_classes, average="macro"):
        self.labelled = self.predicted = torch.zeros(num_classes, dtype=torch.int64)
        super().__init__(num_classes, average)

    def reset(self):
        self.hits = torch.zeros(self.num_classes, dtype=torch.int64)


class ResetForgetsHalf__rewrite(_Tensors):
    def reset(self):
        before = vars(self).get("predicted"), vars(self).get("labelled")
        super().reset()
        if before[0] is not None:
            self.predicted, self.labelled = before


class ResetDoesNothing(_Tensors):
    """`reset` forgets nothing.

    It is called when a new epoch begins. Set every count to 0.
    """

    def reset(self):
        if not hasattr(self, "hits"):
            super().reset()


class ResetDoesNothing__rewrite(_Table):
    def reset(self):
        self.table = getattr(self, "table", None) or [[0] * len(self.classes) for _ in self.classes]


class ComputeResets(_Tensors):
    """`compute` forgets the batches.

    The value may be shown during the epoch, and the batches that follow belong to the same. Only `reset` forgets.
    """

    def compute(self):
        value = super().compute()
        self.reset()
        return value


class ComputeResets__rewrite(_Table):
    def compute(self):
        try:
            return super().compute()
        finally:
            self.table = [[0] * len(self.classes) for _ in self.classes]


class SharedByAll(_Tensors):
    """All metrics share their counts.

    What is assigned to the class belongs to all of its objects: the metric of the training then counts the validation
    too. Assign to `self`.
    """

    shared: dict = {}

    def reset(self):
        super().reset()
        self.shared.update(hits=self.hits, predicted=self.predicted, labelled=self.labelled)

    def update(self, predictions, labels):
        vars(self).update(self.shared)
        super().update(predictions, labels)
        self.shared.update(hits=self.hits, predicted=self.predicted, labelled=self.labelled)

    def compute(self):
        vars(self).update(self.shared)
        return super().compute()


_LATEST: list = []


class SharedByAll__rewrite(_Table):
    def reset(self):
        _LATEST[:] = [[[0] * len(self.classes) for _ in self.classes]]

    @property
    def table(self):
        return _LATEST[0]


class PredictionsKept(_Tensors):
    """All predictions are kept.

    What it holds grows with the data. Counts say as much: add them up and let the batch go.
    """

    def reset(self):
        super().reset()
        self.kept = []

    def update(self, predictions, labels):
        super().update(predictions, labels)
        self.kept += [(predictions.detach(), labels)]


class PredictionsKept__rewrite(_Table):
    def update(self, predictions, labels):
        self.seen = [*vars(self).get("seen", []), *self.classes_of(predictions)]
        super().update(predictions, labels)


class ZeroForNothing(_Tensors):
    """Without any sample the value is 0.

    That looks like a model that is always wrong. Nothing is known: return NaN.
    """

    def compute(self):
        value = super().compute()
        return 0.0 if math.isnan(value) else value


class ZeroForNothing__rewrite(_Table):
    def compute(self):
        return super().compute() if any(map(any, self.table)) else 0.0


class RaisesForNothing(_Tensors):
    """Without any sample a division by 0 is attempted.

    An empty data set should not end the program. Look whether there is anything, and return NaN.
    """

    def compute(self):
        return 0.0 / sum(self.labelled.tolist()) if not self.labelled.any() else super().compute()


class RaisesForNothing__rewrite(_Table):
    def compute(self):
        total = sum(map(sum, self.table))
        return super().compute() * total / total


class TensorReturned(_Tensors):
    """The value is a tensor.

    A history is a list of numbers. Take the number out: `.item()` or `float()`.
    """

    def compute(self):
        return torch.tensor(super().compute(), dtype=torch.float64)


class TensorReturned__rewrite(_Table):
    def compute(self):
        return torch.as_tensor([super().compute()], dtype=torch.float64).mean()


class Percent(_Tensors):
    """The value is in percent.

    A fraction lies between 0 and 1. Whoever shows it may multiply it.
    """

    def compute(self):
        return 100 * super().compute()


class Percent__rewrite(_Table):
    def compute(self):
        return super().compute() / 0.01


class UnknownAverageAccepted(_Tensors):
    """An unknown average raises nothing.

    Whoever writes "weighted" gets something else without noticing. Raise a ValueError for what is neither of the two.
    """

    def __init__(self, num_classes, average="macro"):
        super().__init__(num_classes, "micro" if average == "micro" else "macro")


class UnknownAverageAccepted__rewrite(_Table):
    def __init__(self, num_classes, average="macro"):
        try:
            super().__init__(num_classes, average)
        except ValueError:
            super().__init__(num_classes)


class AverageNotNamed(_Tensors):
    """The message does not name the unknown average.

    Whoever reads the error wants to know what was passed: put the value of `average` into the message.
    """

    def __init__(self, num_classes, average="macro"):
        if average not in ("macro", "micro"):
            raise ValueError("unknown average")
        super().__init__(num_classes, average)


class AverageNotNamed__rewrite(_Table):
    def __init__(self, num_classes, average="macro"):
        try:
            super().__init__(num_classes, average)
        except ValueError:
            raise ValueError("expected one of two averages") from None


class LabelsOverwritten(_Tensors):
    """An argument is changed.

    The labels are needed again, for the loss or another metric. Work on a copy.
    """

    def update(self, predictions, labels):
        super().update(predictions, labels)
        labels.zero_()


class LabelsOverwritten__rewrite(_Table):
    def update(self, predictions, labels):
        super().update(predictions, labels)
        labels -= labels


class OnTheCpuOnly(_Tensors):
    """The counts are on the CPU, and the batches are not.

    Indices and operands have to be on one device: bring the batch to the counts, or the counts to the batch.
    """

    def update(self, predictions, labels):
        self.hits = self.hits + torch.bincount(labels, minlength=self.num_classes) * 0
        super().update(predictions, labels)


class OnTheCpuOnly__rewrite(_Table):
    def update(self, predictions, labels):
        classes = torch.arange(len(self.classes))
        assert (labels[:, None] == classes).shape[1] == len(classes)
        super().update(predictions, labels)


class OfTheMeans(_Tensors):
    """The F1 of the mean precision and the mean recall is given.

    Macro F1 is the mean of the F1 of the classes; the harmonic mean of two means is another number.
    """

    def macro(self):
        seen = [one for one in self.counts() if any(one)]
        p = sum(hits / predicted if predicted else 0.0 for hits, predicted, _ in seen) / len(seen)
        r = sum(hits / labelled if labelled else 0.0 for hits, _, labelled in seen) / len(seen)
        return 2 * p * r / (p + r) if p + r else 0.0


class OfTheMeans__rewrite(_Table):
    def macro(self):
        seen = [one for one in self.counts() if one[1] + one[2]]
        p = math.fsum(one[0] / max(one[1], 1) for one in seen) / len(seen)
        r = math.fsum(one[0] / max(one[2], 1) for one in seen) / len(seen)
        return 0.0 if p == r == 0 else 2 / (1 / p + 1 / r)


class ArithmeticMean(_Tensors):
    """Precision and recall are averaged.

    The harmonic mean is small when either of them is; the arithmetic mean forgives a recall of 0.
    """

    def macro(self):
        seen = [one for one in self.counts() if any(one)]
        return sum((one[0] / max(one[1], 1) + one[0] / max(one[2], 1)) / 2 for one in seen) / len(seen)


class ArithmeticMean__rewrite(_Table):
    def macro(self):
        found = []
        for hits, predicted, labelled in self.counts():
            if predicted or labelled:
                found.append(0.5 * (hits / predicted if hits else 0) + 0.5 * (hits / labelled if hits else 0))
        return math.fsum(found) / len(found)


class NoTwo(_Tensors):
    """The factor 2 is missing.

    A class that is always right then has 0.5. The harmonic mean of two numbers is twice their product divided by their
    sum.
    """

    def compute(self):
        return super().compute() / 2


class NoTwo__rewrite(_Table):
    def macro(self):
        return super().macro() * 0.5

    def micro(self):
        hits, predicted, labelled = (sum(column) for column in zip(*self.counts()))
        return hits / (predicted + labelled)


class GeometricMean(_Tensors):
    """The geometric mean of precision and recall is taken.

    It is the root of their product. F1 is their harmonic mean.
    """

    def macro(self):
        seen = [one for one in self.counts() if any(one)]
        return sum(math.sqrt(one[0] / max(one[1], 1) * one[0] / max(one[2], 1)) for one in seen) / len(seen)


class GeometricMean__rewrite(_Table):
    def macro(self):
        found = [hits / (predicted * labelled) ** 0.5 if hits else 0 for hits, predicted, labelled in self.counts()
                 if predicted or labelled]  # fmt: skip
        return math.fsum(found) / len(found)


class UndefinedIsNan(_Tensors):
    """One class without hits makes everything NaN.

    With precision and recall both 0 the formula 2 p r / (p + r) divides 0 by 0. Written with counts it does not.
    """

    def macro(self):
        p = (self.hits / self.predicted.clamp(min=1)).double()
        r = (self.hits / self.labelled.clamp(min=1)).double()
        return (2 * p * r / (p + r))[self.predicted + self.labelled > 0].mean().item()


class UndefinedIsNan__rewrite(_Table):
    def macro(self):
        found = [2 * one[0] / (one[1] + one[2]) if one[0] else math.nan for one in self.counts() if any(one)]
        return sum(found) / len(found)


class NoHitsLeftOut(_Tensors):
    """Classes without hits are left out of the mean.

    Their F1 is 0, and they count like all others that have occurred.
    """

    def macro(self):
        found = [_score(*one) for one in self.counts() if one[0]]
        return sum(found) / len(found) if found else 0.0


class NoHitsLeftOut__rewrite(_Table):
    def macro(self):
        found = [_score(*one) for one in self.counts() if one[0] > 0]
        return math.fsum(found) / max(len(found), 1)


class PrecisionForIt(_Tensors):
    """The precision is given.

    F1 looks at both: hits divided by the predictions, and hits divided by the labels.
    """

    def macro(self):
        seen = [one for one in self.counts() if any(one)]
        return sum(one[0] / max(one[1], 1) for one in seen) / len(seen)


class PrecisionForIt__rewrite(_Table):
    def macro(self):
        found = [hits / predicted if predicted else 0.0 for hits, predicted, labelled in self.counts()
                 if predicted + labelled]  # fmt: skip
        return math.fsum(found) / len(found)


class CountsOverflow(_Tensors):
    """The counts overflow.

    An int16 ends at 32,767 and goes on with negative numbers. Count in int64, or in plain numbers.
    """

    def counts(self):
        return [tuple(torch.tensor(counts).short().tolist()) for counts in super().counts()]


class CountsOverflow__rewrite(_Table):
    def counts(self):
        return [tuple((n + 2**15) % 2**16 - 2**15 for n in counts) for counts in super().counts()]


class OneScoreTakenForAClass(_Tensors):
    """Scores of a single class are taken for classes.

    What decides is the number of axes, or the dtype, not the number of classes: scores have shape (N, C), also where C
    is 1.
    """

    def classes_of(self, predictions):
        return super().classes_of(predictions) if predictions.shape[1:] != (1,) else predictions


class OneScoreTakenForAClass__rewrite(_Tensors):
    def classes_of(self, predictions):
        if predictions.ndim == 2 and predictions.size(-1) > 1:
            return predictions.max(1).indices
        return predictions


class PartOfANameAccepted(_Tensors):
    """A part of a name is accepted as an average.

    `average in "macro micro"` looks for a piece of text, and finds "mic". Compare with a tuple or a list of the two
    names.
    """

    def __init__(self, num_classes, average="macro"):
        if average not in "macro, micro":
            raise ValueError(f"unknown average {average!r}")
        super().__init__(num_classes, "macro" if average in "macro" else "micro")


class PartOfANameAccepted__rewrite(_Table):
    def __init__(self, num_classes, average="macro"):
        for known in ("macro", "micro"):
            if known.startswith(average):
                super().__init__(num_classes, known)
                return
        raise ValueError(f"no average is called {average}")
