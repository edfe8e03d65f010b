# %% [markdown]
# # Metrics
#
# A metric is computed over a whole data set, and the data set comes in batches. What is added up from batch to batch
# are *counts*: how many predictions there were, how many of them were right. The quotient is taken once, at the end. A
# mean of the quotients of the batches is something else as soon as the batches differ: the last one is small and would
# count as much as the others, and a class that is missing in a batch has no quotient there at all.
#
# So each metric has three methods: `update` adds a batch, `compute` gives the value of all batches since the last
# `reset`.

# %%
import torch

# %% [markdown]
# ## Accuracy
#
# The fraction of all samples whose predicted class is the right one.


# %%
class Accuracy:
    """The fraction of right predictions, over all batches.

    Only counts are kept: what the metric holds does not grow with the number of samples. Two metrics share nothing. No
    argument is changed. Predictions and labels are on one device, whichever it is.

    Example:
        >>> accuracy = Accuracy()
        >>> accuracy.update(torch.tensor([0, 2, 1]), torch.tensor([0, 1, 1]))
        >>> accuracy.update(torch.tensor([[0.1, 0.9]]), torch.tensor([1]))
        >>> accuracy.compute()
        0.75

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 4.3, The Base Classification Model.
    """

    def __init__(self):
        ### BEGIN SOLUTION
        self.reset()
        ### END SOLUTION

    def reset(self):
        """Forgets all batches: the metric is as it was when it was new."""
        ### BEGIN SOLUTION
        self._right = 0
        self._count = 0
        ### END SOLUTION

    def update(self, predictions, labels):
        """Adds a batch.

        Args:
            predictions: the predicted classes, shape (N,) and dtype int64; or scores, shape (N, C) and floating point,
                where the class with the largest score of a sample is its prediction.
            labels: the right classes, shape (N,) and dtype int64. A batch may be empty.
        """
        ### BEGIN SOLUTION
        if predictions.dim() == 2:
            predictions = predictions.argmax(dim=1)
        self._right += int((predictions == labels).sum())
        self._count += len(labels)
        ### END SOLUTION

    def compute(self):
        """The value for all batches since the last reset, every sample counting the same: a Python float from 0 to 1.

        It can be asked for at any time, and the batches that come after it are added to those before. Without any
        sample it is NaN: there is nothing to be right or wrong about.
        """
        ### BEGIN SOLUTION
        return self._right / self._count if self._count else float("nan")
        ### END SOLUTION


# %% [markdown]
# ## Precision
#
# Of a test that calls everybody ill, accuracy says little. For each class $c$ let $h_c$ be the hits, the samples of
# class $c$ that were predicted to be so, $p_c$ the number of predictions of $c$, and $l_c$ the number of labels $c$.
# Then
#
# $$\text{precision}_c = \frac{h_c}{p_c}, \qquad \text{recall}_c = \frac{h_c}{l_c}, \qquad
# F_{1,c} = \frac{2 h_c}{p_c + l_c}.$$
#
# Precision asks how many of the predictions of a class are right, recall how many of its samples are found. There are
# two ways to make one number of those of all classes. *Macro* takes their mean: a rare class counts as much as a
# frequent one. *Micro* adds up numerators and denominators before it divides: every sample counts the same.


# %%
class Precision:
    """How many of the predictions of a class are right, over all batches.

    The precision of a class is its hits divided by its predictions, and 0 for a class that was never predicted although
    labels have it.

    Args:
        num_classes: the number of classes, C.
        average: "macro" for the mean of the precisions of the classes, where a class that has occurred neither as a
            prediction nor as a label is left out; "micro" for all hits divided by all predictions.

    Only counts are kept: what the metric holds does not grow with the number of samples. Two metrics share nothing. No
    argument is changed. Predictions and labels are on one device, whichever it is.

    Raises:
        ValueError: for any other average, with a message that names it.

    Example:
        >>> precision = Precision(3)
        >>> precision.update(torch.tensor([0, 0, 1, 1]), torch.tensor([0, 0, 0, 1]))
        >>> precision.compute()
        0.75

    Source: Manning, Raghavan and Schütze, "Introduction to Information Retrieval" (2008), sections 8.3 and 13.6.
    """

    def __init__(self, num_classes, average="macro"):
        ### BEGIN SOLUTION
        if average not in ("macro", "micro"):
            raise ValueError(f"unknown average {average!r}, expected 'macro' or 'micro'")
        self._num_classes = num_classes
        self._average = average
        self.reset()
        ### END SOLUTION

    def reset(self):
        """Forgets all batches: the metric is as it was when it was new."""
        ### BEGIN SOLUTION
        self._hits, self._predicted, self._labelled = torch.zeros(3, self._num_classes, dtype=torch.int64)
        ### END SOLUTION

    def update(self, predictions, labels):
        """Adds a batch.

        Args:
            predictions: the predicted classes, shape (N,) and dtype int64; or scores, shape (N, C) and floating point,
                where the class with the largest score of a sample is its prediction.
            labels: the right classes, shape (N,) and dtype int64. A batch may be empty.
        """
        ### BEGIN SOLUTION
        if predictions.dim() == 2:
            predictions = predictions.argmax(dim=1)
        predictions, labels = predictions.cpu(), labels.cpu()
        self._hits += torch.bincount(labels[predictions == labels], minlength=self._num_classes)
        self._predicted += torch.bincount(predictions, minlength=self._num_classes)
        self._labelled += torch.bincount(labels, minlength=self._num_classes)
        ### END SOLUTION

    def compute(self):
        """The value for all batches since the last reset, a Python float from 0 to 1.

        It can be asked for at any time, and the batches that come after it are added to those before. Without any
        sample it is NaN: there is nothing to be right or wrong about.
        """
        ### BEGIN SOLUTION
        if self._average == "micro":
            return (self._hits.sum() / self._predicted.sum()).item()
        seen = self._predicted + self._labelled > 0
        return (self._hits / self._predicted.clamp(min=1))[seen].mean().item()
        ### END SOLUTION


# %% [markdown]
# ## Recall


# %%
class Recall:
    """How many of the samples of a class are found, over all batches.

    The recall of a class is its hits divided by its labels, and 0 for a class that no label has although it was
    predicted.

    Args:
        num_classes: the number of classes, C.
        average: "macro" for the mean of the recalls of the classes, where a class that has occurred neither as a
            prediction nor as a label is left out; "micro" for all hits divided by all labels.

    Only counts are kept: what the metric holds does not grow with the number of samples. Two metrics share nothing. No
    argument is changed. Predictions and labels are on one device, whichever it is.

    Raises:
        ValueError: for any other average, with a message that names it.

    Example:
        >>> recall = Recall(3)
        >>> recall.update(torch.tensor([0, 0, 1, 1]), torch.tensor([0, 0, 0, 1]))
        >>> round(recall.compute(), 4)
        0.8333

    Source: Manning, Raghavan and Schütze, "Introduction to Information Retrieval" (2008), sections 8.3 and 13.6.
    """

    def __init__(self, num_classes, average="macro"):
        ### BEGIN SOLUTION
        if average not in ("macro", "micro"):
            raise ValueError(f"unknown average {average!r}, expected 'macro' or 'micro'")
        self._num_classes = num_classes
        self._average = average
        self.reset()
        ### END SOLUTION

    def reset(self):
        """Forgets all batches: the metric is as it was when it was new."""
        ### BEGIN SOLUTION
        self._hits, self._predicted, self._labelled = torch.zeros(3, self._num_classes, dtype=torch.int64)
        ### END SOLUTION

    def update(self, predictions, labels):
        """Adds a batch.

        Args:
            predictions: the predicted classes, shape (N,) and dtype int64; or scores, shape (N, C) and floating point,
                where the class with the largest score of a sample is its prediction.
            labels: the right classes, shape (N,) and dtype int64. A batch may be empty.
        """
        ### BEGIN SOLUTION
        if predictions.dim() == 2:
            predictions = predictions.argmax(dim=1)
        predictions, labels = predictions.cpu(), labels.cpu()
        self._hits += torch.bincount(labels[predictions == labels], minlength=self._num_classes)
        self._predicted += torch.bincount(predictions, minlength=self._num_classes)
        self._labelled += torch.bincount(labels, minlength=self._num_classes)
        ### END SOLUTION

    def compute(self):
        """The value for all batches since the last reset, a Python float from 0 to 1.

        It can be asked for at any time, and the batches that come after it are added to those before. Without any
        sample it is NaN: there is nothing to be right or wrong about.
        """
        ### BEGIN SOLUTION
        if self._average == "micro":
            return (self._hits.sum() / self._labelled.sum()).item()
        seen = self._predicted + self._labelled > 0
        return (self._hits / self._labelled.clamp(min=1))[seen].mean().item()
        ### END SOLUTION


# %% [markdown]
# ## F1
#
# $F_1$ is the harmonic mean of precision and recall, $2 p r / (p + r)$, which is small when either of them is. Written
# with counts it needs no care for zeros: $2 h_c / (p_c + l_c)$. *Macro* is the mean of the $F_1$ of the classes, and
# not the $F_1$ of the two means, which is another number.


# %%
class F1:
    """The harmonic mean of precision and recall, over all batches.

    The F1 of a class is twice its hits divided by the sum of its predictions and its labels.

    Args:
        num_classes: the number of classes, C.
        average: "macro" for the mean of the F1 of the classes, where a class that has occurred neither as a prediction
            nor as a label is left out; "micro" for the same quotient of all hits, predictions and labels.

    Only counts are kept: what the metric holds does not grow with the number of samples. Two metrics share nothing. No
    argument is changed. Predictions and labels are on one device, whichever it is.

    Raises:
        ValueError: for any other average, with a message that names it.

    Example:
        >>> f1 = F1(3)
        >>> f1.update(torch.tensor([0, 0, 1, 1]), torch.tensor([0, 0, 0, 1]))
        >>> round(f1.compute(), 4)
        0.7333

    Source: Manning, Raghavan and Schütze, "Introduction to Information Retrieval" (2008), sections 8.3 and 13.6.
    """

    def __init__(self, num_classes, average="macro"):
        ### BEGIN SOLUTION
        if average not in ("macro", "micro"):
            raise ValueError(f"unknown average {average!r}, expected 'macro' or 'micro'")
        self._num_classes = num_classes
        self._average = average
        self.reset()
        ### END SOLUTION

    def reset(self):
        """Forgets all batches: the metric is as it was when it was new."""
        ### BEGIN SOLUTION
        self._hits, self._either = torch.zeros(2, self._num_classes, dtype=torch.int64)
        ### END SOLUTION

    def update(self, predictions, labels):
        """Adds a batch.

        Args:
            predictions: the predicted classes, shape (N,) and dtype int64; or scores, shape (N, C) and floating point,
                where the class with the largest score of a sample is its prediction.
            labels: the right classes, shape (N,) and dtype int64. A batch may be empty.
        """
        ### BEGIN SOLUTION
        if predictions.dim() == 2:
            predictions = predictions.argmax(dim=1)
        predictions, labels = predictions.cpu(), labels.cpu()
        self._hits += torch.bincount(labels[predictions == labels], minlength=self._num_classes)
        self._either += torch.bincount(torch.cat([predictions, labels]), minlength=self._num_classes)
        ### END SOLUTION

    def compute(self):
        """The value for all batches since the last reset, a Python float from 0 to 1.

        It can be asked for at any time, and the batches that come after it are added to those before. Without any
        sample it is NaN: there is nothing to be right or wrong about.
        """
        ### BEGIN SOLUTION
        if self._average == "micro":
            return (2 * self._hits.sum() / self._either.sum()).item()
        seen = self._either > 0
        return (2 * self._hits[seen] / self._either[seen]).mean().item()
        ### END SOLUTION
