"""Ways in which Accuracy goes wrong."""

import math

import torch
from counting import Counts as _Counts
from counting import Shares as _Shares


class MeanOfBatches(_Counts):
    """The accuracies of the batches are averaged.

    The last batch is often small, and its samples then count more than the others. Add counts up, and divide once at
    the end.
    """

    def reset(self):
        self.total, self.batches = 0.0, 0

    def update(self, predictions, labels):
        if len(labels):
            self.total += (self.classes_of(predictions) == labels).double().mean().item()
            self.batches += 1

    def compute(self):
        return self.total / self.batches if self.batches else math.nan


class MeanOfBatches__rewrite(_Shares):
    def reset(self):
        self.mean, self.weight = 0.0, 0

    def update(self, predictions, labels):
        same = self.classes_of(predictions).eq(labels).tolist()
        if same:
            self.weight += 1
            self.mean += (sum(same) / len(same) - self.mean) / self.weight

    def compute(self):
        return self.mean if self.weight else float("nan")


class LastBatchOnly(_Counts):
    """Only the last batch counts.

    `update` adds to what is there: `+=`, not `=`.
    """

    def update(self, predictions, labels):
        if len(labels):
            self.right = int((self.classes_of(predictions) == labels).sum())
            self.count = len(labels)


class LastBatchOnly__rewrite(_Shares):
    def update(self, predictions, labels):
        if labels.numel():
            self.reset()
        super().update(predictions, labels)


class WrongOnes(_Counts):
    """The fraction of wrong predictions is given.

    That is the error rate. The accuracy is what is left of 1.
    """

    def compute(self):
        return 1 - super().compute()


class WrongOnes__rewrite(_Shares):
    def update(self, predictions, labels):
        for differs in self.classes_of(predictions).ne(labels).tolist():
            self.found[differs] += 1


class NotDivided(_Counts):
    """The number of right predictions is given.

    A fraction is that number divided by the number of samples.
    """

    def compute(self):
        return float(self.right) if self.count else math.nan


class NotDivided__rewrite(_Shares):
    def compute(self):
        return float(self.found[1]) if any(self.found) else float("nan")


class DividedByBatches(_Counts):
    """The right predictions are divided by the number of batches.

    A batch has more than one sample: count samples.
    """

    def update(self, predictions, labels):
        super().update(predictions, labels)
        self.count += (len(labels) > 0) - len(labels)


class DividedByBatches__rewrite(_Shares):
    def reset(self):
        super().reset()
        self.batches = 0

    def update(self, predictions, labels):
        super().update(predictions, labels)
        self.batches += bool(len(labels))

    def compute(self):
        return self.found[1] / self.batches if self.batches else float("nan")


class LargestOfTheBatch(_Counts):
    """The largest score is looked for along the batch.

    Each sample has a row of scores: its class is where the row is largest, along axis 1.
    """

    def classes_of(self, predictions):
        if predictions.dim() == 1:
            return predictions
        return predictions.argmax(dim=0).repeat(len(predictions))[: len(predictions)]


class LargestOfTheBatch__rewrite(_Shares):
    def classes_of(self, predictions):
        if predictions.ndim == 1:
            return predictions
        best = torch.max(predictions, 0).indices
        return best[torch.arange(len(predictions), device=best.device) % len(best)]


class ScoresRefused(_Counts):
    """Scores are not taken.

    A model gives scores of shape (N, C): the class with the largest one is the prediction.
    """

    def update(self, predictions, labels):
        super().update(predictions.reshape(len(labels)), labels)


class ScoresRefused__rewrite(_Shares):
    def classes_of(self, predictions):
        return predictions.flatten()


class Thresholded(_Counts):
    """Scores are compared with 0.5.

    That works for one probability of two classes. With a score for each class the largest one decides.
    """

    def classes_of(self, predictions):
        return (predictions[:, -1] > 0.5).long() if predictions.dim() == 2 else predictions


class Thresholded__rewrite(_Shares):
    def classes_of(self, predictions):
        if not predictions.is_floating_point():
            return predictions
        return torch.where(predictions[:, predictions.shape[1] - 1] > 0.5, 1, 0)


class ResetForgetsHalf(_Counts):
    """`reset` does not forget everything.

    Both counts have to be 0 again. Let the constructor call `reset`: then there is one place for them.
    """

    def __init__(self):
        self.right = self.count = 0

    def reset(self):
        self.right = 0


class ResetForgetsHalf__rewrite(_Counts):
    def reset(self):
        before = getattr(self, "count", 0)
        super().reset()
        self.count = before


class ResetDoesNothing(_Counts):
    """`reset` forgets nothing.

    It is called when a new epoch begins. Set both counts to 0.
    """

    def reset(self):
        self.right, self.count = getattr(self, "right", 0), getattr(self, "count", 0)


class ResetDoesNothing__rewrite(_Shares):
    def reset(self):
        self.found = vars(self).get("found", [0, 0])


class ComputeResets(_Counts):
    """`compute` forgets the batches.

    The value may be shown during the epoch, and the batches that follow belong to the same. Only `reset` forgets.
    """

    def compute(self):
        value = super().compute()
        self.reset()
        return value


class ComputeResets__rewrite(_Shares):
    def compute(self):
        try:
            return super().compute()
        finally:
            self.found = [0, 0]


class SharedByAll(_Counts):
    """All metrics share their counts.

    What is assigned to the class belongs to all of its objects: the metric of the training then counts the validation
    too. Assign to `self`.
    """

    shared: list = [0, 0]

    def reset(self):
        self.shared[:] = [0, 0]

    def update(self, predictions, labels):
        self.shared[0] += int((self.classes_of(predictions) == labels).sum())
        self.shared[1] += len(labels)

    def compute(self):
        return self.shared[0] / self.shared[1] if self.shared[1] else math.nan


_LATEST: list = []


class SharedByAll__rewrite(_Shares):
    def reset(self):
        _LATEST[:] = [[0, 0]]

    @property
    def found(self):
        return _LATEST[0]


class PredictionsKept(_Counts):
    """All predictions are kept.

    What it holds grows with the data. Two counts say as much: add them up and let the batch go.
    """

    def reset(self):
        self.kept = []

    def update(self, predictions, labels):
        self.kept.append(self.classes_of(predictions).detach() == labels)

    def compute(self):
        return torch.cat(self.kept).double().mean().item() if self.kept else math.nan


class PredictionsKept__rewrite(_Shares):
    def reset(self):
        super().reset()
        self.seen = []

    def update(self, predictions, labels):
        self.seen += self.classes_of(predictions).tolist()
        super().update(predictions, labels)


class ZeroForNothing(_Counts):
    """Without any sample the accuracy is 0.

    That looks like a model that is always wrong. Nothing is known: return NaN.
    """

    def compute(self):
        return self.right / max(self.count, 1)


class ZeroForNothing__rewrite(_Shares):
    def compute(self):
        return super().compute() if any(self.found) else 0.0


class RaisesForNothing(_Counts):
    """Without any sample a division by 0 is attempted.

    An empty data set should not end the program. Look whether there is anything, and return NaN.
    """

    def compute(self):
        return self.right / self.count


class RaisesForNothing__rewrite(_Shares):
    def compute(self):
        return self.found[1] / sum(self.found)


class TensorReturned(_Counts):
    """The value is a tensor.

    A history is a list of numbers. Take the number out: `.item()` or `float()`.
    """

    def compute(self):
        return torch.tensor(super().compute(), dtype=torch.float64)


class TensorReturned__rewrite(_Shares):
    def compute(self):
        return torch.as_tensor([super().compute()], dtype=torch.float64).mean()


class Percent(_Counts):
    """The value is in percent.

    A fraction lies between 0 and 1. Whoever shows it may multiply it.
    """

    def compute(self):
        return 100 * super().compute()


class Percent__rewrite(_Shares):
    def compute(self):
        return super().compute() / 0.01


class LabelsOverwritten(_Counts):
    """An argument is changed.

    The labels are needed again, for the loss or another metric. Work on a copy.
    """

    def update(self, predictions, labels):
        super().update(predictions, labels)
        labels.zero_()


class LabelsOverwritten__rewrite(_Shares):
    def update(self, predictions, labels):
        super().update(predictions, labels)
        labels -= labels


class OnTheCpuOnly(_Counts):
    """The counts are on the CPU, and the batches are not.

    Operands have to be on one device: bring the batch to the counts, or the counts to the batch.
    """

    def reset(self):
        super().reset()
        self.hits = torch.zeros(1, dtype=torch.int64)

    def update(self, predictions, labels):
        self.hits = self.hits + (self.classes_of(predictions) == labels).sum(0, keepdim=True)
        super().update(predictions, labels)


class OnTheCpuOnly__rewrite(_Shares):
    def update(self, predictions, labels):
        ones = torch.ones(len(labels))
        assert (ones * self.classes_of(predictions).eq(labels)).shape == ones.shape
        super().update(predictions, labels)


class CountsOverflow(_Counts):
    """The counts overflow.

    An int16 ends at 32,767 and goes on with negative numbers. Count in int64, or in plain numbers.
    """

    def update(self, predictions, labels):
        super().update(predictions, labels)
        self.right, self.count = torch.tensor([self.right, self.count]).short().tolist()


class CountsOverflow__rewrite(_Shares):
    def compute(self):
        right, count = ((n + 2**15) % 2**16 - 2**15 for n in (self.found[1], sum(self.found)))
        return right / count if count else float("nan")


class OneScoreTakenForAClass(_Counts):
    """Scores of a single class are taken for classes.

    What decides is the number of axes, or the dtype, not the number of classes: scores have shape (N, C), also where C
    is 1.
    """

    def classes_of(self, predictions):
        return super().classes_of(predictions) if predictions.shape[1:] != (1,) else predictions


class OneScoreTakenForAClass__rewrite(_Counts):
    def classes_of(self, predictions):
        if predictions.ndim == 2 and predictions.size(-1) > 1:
            return predictions.max(1).indices
        return predictions
