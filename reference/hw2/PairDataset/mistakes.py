"""Ways in which PairDataset goes wrong."""

import torch
from oracle import PairDataset as _Oracle
from torch.utils.data import Dataset


class PairsSwapped(_Oracle):
    """The label comes first.

    Whoever writes `for X, y in …` gets them the wrong way round. The sample comes first, then its label.
    """

    def __getitem__(self, index):
        return super().__getitem__(index)[::-1]


class PairsSwapped__rewrite(_Oracle):
    def __getitem__(self, index):
        sample, label = _Oracle.__getitem__(self, index)
        return label, sample


class LengthOfASample(_Oracle):
    """The length is that of something else than the data set.

    `shape[-1]`, `shape[1]` or the length of one sample counts features. The number of pairs is the length of the
    first axis.
    """

    def __len__(self):
        features = self.parts[0]
        return features.shape[-1] if isinstance(features, torch.Tensor) else len(features[0])


class LengthOfASample__rewrite(_Oracle):
    def __len__(self):
        features = self.parts[0]
        return features.size(dim=-1) if torch.is_tensor(features) else len(list(features[0]))


class OneTooFew(_Oracle):
    """The last pair is not counted.

    The length is the number of pairs, not the last index.
    """

    def __len__(self):
        return len(self.numbers) - 1 if len(self.numbers) else 0


class OneTooFew__rewrite(_Oracle):
    def __len__(self):
        return max(self.numbers, default=0)


class LabelsTransformed(_Oracle):
    """The transform is applied to labels too.

    Halving a pixel is meant, halving a class is not. Only samples are transformed.
    """

    def __getitem__(self, index):
        sample, label = super().__getitem__(index)
        return sample, self.transform(label)


class LabelsTransformed__rewrite(Dataset):
    def __init__(self, features, labels, transform=None):
        self.inner = _Oracle(features, labels)
        self.transform = transform

    def __len__(self):
        return len(self.inner)

    def __getitem__(self, index):
        pair = self.inner[index]
        return pair if self.transform is None else tuple(self.transform(part) for part in pair)


class TransformIgnored(_Oracle):
    """The transform is never applied.

    Keep it in the constructor, and hand each sample to it when it is asked for.
    """

    def __init__(self, features, labels, transform=None):
        super().__init__(features, labels)


class TransformIgnored__rewrite(_Oracle):
    def __getitem__(self, index):
        number = self.numbers[index]
        return self.parts[0][number], self.parts[1][number]


class TransformedAtOnce(_Oracle):
    """All samples are transformed when the data set is made.

    That takes the time and the memory of the whole data before the first batch, and a random transform would give every
    epoch the same samples. Transform a sample when it is asked for.
    """

    def __init__(self, features, labels, transform=None):
        super().__init__(features, labels)
        if transform is not None:
            self.parts = [transform(sample) for sample in features], labels


class TransformedAtOnce__rewrite(_Oracle):
    def __init__(self, features, labels, transform=None):
        if transform is not None:
            features = list(map(transform, features))
        super().__init__(features, labels)


class WholeTensorTransformed(_Oracle):
    """The transform gets all samples at once.

    A mean over one sample is not the mean over all of them. The transform is a function of one sample.
    """

    def __getitem__(self, index):
        number = self.numbers[index]
        features, labels = self.parts
        features = self.transform(features) if isinstance(features, torch.Tensor) else features
        return features[number], labels[number]


class WholeTensorTransformed__rewrite(_Oracle):
    def __getitem__(self, index):
        sample, label = self.parts[0], self.parts[1][index]
        if torch.is_tensor(sample):
            sample = self.transform(sample)
        return sample[self.numbers[index]], label


class TransformedOnce(_Oracle):
    """The transformed sample is kept in the place of the sample.

    The next time it is transformed once more, and the caller's data have changed. Leave the data as they are.
    """

    def __getitem__(self, index):
        sample, label = super().__getitem__(index)
        self.parts[0][index] = sample
        return sample, label


class TransformedOnce__rewrite(_Oracle):
    def __getitem__(self, index):
        features, labels = self.parts
        features[self.numbers[index]] = self.transform(features[index])
        return features[index], labels[index]


class NegativeRefused(_Oracle):
    """Negative indices are refused.

    Python's sequences count them from the end, and so do tensors and lists: leave it to them.
    """

    def __getitem__(self, index):
        if index < 0:
            raise IndexError(index)
        return super().__getitem__(index)


class NegativeRefused__rewrite(_Oracle):
    def __getitem__(self, index):
        if not 0 <= index < len(self):
            raise IndexError(f"there is no pair {index}")
        return super().__getitem__(index)


class AroundTheEnd(_Oracle):
    """An index beyond the end begins at the start again.

    Then a loop over the data set never ends, and a wrong index is never noticed. Do not take it modulo the length.
    """

    def __getitem__(self, index):
        if not len(self):
            raise IndexError(index)
        return super().__getitem__(index % len(self))


class AroundTheEnd__rewrite(_Oracle):
    def __getitem__(self, index):
        count = len(self)
        return super().__getitem__(index - index // count * count if count else index)


class LastAgain(_Oracle):
    """An index beyond the end gives the last pair.

    A wrong index is never noticed then, and a loop over the data set never ends. Let the IndexError through.
    """

    def __getitem__(self, index):
        return super().__getitem__(min(index, len(self) - 1))


class LastAgain__rewrite(_Oracle):
    def __getitem__(self, index):
        try:
            return super().__getitem__(index)
        except IndexError:
            if index < 0 or not len(self):
                raise
            return super().__getitem__(-1)


class OtherException(_Oracle):
    """An index that no pair has raises something else than IndexError.

    A loop over the data set ends at an IndexError and at nothing else. Tensors and lists raise it by themselves.
    """

    def __getitem__(self, index):
        if not -len(self) <= index < len(self):
            raise ValueError(f"index {index} is out of range")
        return super().__getitem__(index)


class OtherException__rewrite(_Oracle):
    def __getitem__(self, index):
        try:
            return super().__getitem__(index)
        except IndexError as error:
            raise ValueError(str(error)) from None


class NoneBeyond(_Oracle):
    """An index that no pair has gives None.

    An error that is swallowed comes back elsewhere, where nobody understands it, and a loop over the data set never
    ends. Let the IndexError through.
    """

    def __getitem__(self, index):
        return super().__getitem__(index) if -len(self) <= index < len(self) else None


class NoneBeyond__rewrite(_Oracle):
    def __getitem__(self, index):
        try:
            return super().__getitem__(index)
        except IndexError:
            print("index out of range")


class AxisKept(_Oracle):
    """A sample keeps the axis that counts samples.

    A slice of length 1 is a batch of one. A DataLoader adds the axis of the batch: index, do not slice.
    """

    def __getitem__(self, index):
        number = self.numbers[index]
        features, labels = self.parts
        return self.transform(features[number : number + 1]), labels[number]


class AxisKept__rewrite(_Oracle):
    def __getitem__(self, index):
        sample, label = super().__getitem__(index)
        return (sample[None] if torch.is_tensor(sample) else [sample]), label


class LabelAsNumber(_Oracle):
    """The label is taken out of its tensor.

    What is stored as a tensor comes back as one: `item()` or `int()` changes its type, and waits for the device. Index
    and return what is there.
    """

    def __getitem__(self, index):
        sample, label = super().__getitem__(index)
        return sample, label.item() if isinstance(label, torch.Tensor) else label


class LabelAsNumber__rewrite(_Oracle):
    def __getitem__(self, index):
        sample, label = super().__getitem__(index)
        return sample, int(label)


class ListReturned(_Oracle):
    """The pair is a list.

    A pair has two parts that mean different things: that is a tuple.
    """

    def __getitem__(self, index):
        return list(super().__getitem__(index))


class ListReturned__rewrite(_Oracle):
    def __getitem__(self, index):
        sample, label = super().__getitem__(index)
        return [sample, label]


class OnlyTensors(Dataset):
    """Lists are not taken.

    They have no `shape`, and texts cannot become a tensor. `len` works for both.
    """

    def __init__(self, features, labels, transform=None):
        self.inner = _Oracle(features, labels, transform)
        self.n_samples = features.shape[0]

    def __len__(self):
        return self.n_samples

    def __getitem__(self, index):
        return self.inner[index]


class OnlyTensors__rewrite(_Oracle):
    def __init__(self, features, labels, transform=None):
        super().__init__(features, labels, transform)
        self.numbers = range(features.size(0))


class LengthsNotCompared(_Oracle):
    """Labels that are missing are not noticed.

    Then the first epoch breaks off in the middle, or the last samples are never seen. Compare the lengths in the
    constructor.
    """

    def __init__(self, features, labels, transform=None):
        count = min(len(features), len(labels))
        super().__init__(features[:count], labels[:count], transform)


class LengthsNotCompared__rewrite(_Oracle):
    def __init__(self, features, labels, transform=None):
        shorter = slice(0, min(map(len, (features, labels))))
        super().__init__(features[shorter], labels[shorter], transform)


class CountNotNamed(_Oracle):
    """The message does not say how many labels there are.

    Whoever reads it wants to know what is missing: put both numbers into the message.
    """

    def __init__(self, features, labels, transform=None):
        if len(features) != len(labels):
            raise ValueError("features and labels must have the same length")
        super().__init__(features, labels, transform)


class CountNotNamed__rewrite(_Oracle):
    def __init__(self, features, labels, transform=None):
        try:
            super().__init__(features, labels, transform)
        except ValueError:
            raise ValueError("the lengths differ") from None


class Asserted(_Oracle):
    """Labels that are missing raise an AssertionError.

    Assertions are for the programmer's own errors, and are left out by `python -O`. A wrong argument is a ValueError.
    """

    def __init__(self, features, labels, transform=None):
        assert len(features) == len(labels), f"{len(labels)} labels for {len(features)} samples"
        super().__init__(features, labels, transform)


class Asserted__rewrite(_Oracle):
    def __init__(self, features, labels, transform=None):
        if len(features) != len(labels):
            raise AssertionError("number of labels: " + str(len(labels)))
        super().__init__(features, labels, transform)


class DataCopied(_Oracle):
    """The data are copied.

    Data may fill half of the memory: keep a reference to them. Indexing makes no copy either.
    """

    def __init__(self, features, labels, transform=None):
        super().__init__(features.clone() if torch.is_tensor(features) else list(features), labels, transform)


class DataCopied__rewrite(_Oracle):
    def __init__(self, features, labels, transform=None):
        copied = torch.stack(list(features)) if torch.is_tensor(features) and len(features) else features
        super().__init__(copied, labels, transform)


class SharedByAll(Dataset):
    """All data sets share their data.

    What is assigned to the class belongs to all of its objects: a second data set, for validation, replaces the data
    of the first. Assign to `self`.
    """

    features: list = []
    labels: list = []
    transform = None

    def __init__(self, features, labels, transform=None):
        _Oracle(features, labels)
        type(self).features, type(self).labels, type(self).transform = features, labels, transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return _Oracle(self.features, self.labels, type(self).__dict__["transform"])[index]


_LATEST: list = []


class SharedByAll__rewrite(Dataset):
    def __init__(self, features, labels, transform=None):
        _LATEST[:] = [_Oracle(features, labels, transform)]

    def __len__(self):
        return len(_LATEST[0])

    def __getitem__(self, index):
        return _LATEST[0][index]
