"""Data sets of pairs that are right, written in other ways."""

import operator

from torch.utils.data import Dataset


class plain_learner(Dataset):
    """Written from the stub alone: no base class's help, indices checked by hand."""

    def __init__(self, features, labels, transform=None):
        super().__init__()
        if len(features) != len(labels):
            raise ValueError("Number of samples is " + str(len(features)) + ", number of labels " + str(len(labels)))
        self.X = features
        self.y = labels
        self.transform = transform

    def __len__(self):
        n = 0
        for _ in self.y:
            n += 1
        return n

    def __getitem__(self, index):
        n = len(self.X)
        if index < 0:
            index = index + n
        if index < 0 or index >= n:
            raise IndexError("index out of range")
        x = self.X[index]
        if self.transform:
            x = self.transform(x)
        return (x, self.y[index])


class no_base_class:
    """Any class with these two methods is a data set."""

    def __init__(self, features, labels, transform=None):
        sizes = len(features), len(labels)
        if sizes[0] != sizes[1]:
            raise ValueError("{} samples, {} labels".format(*sizes))
        self._get = operator.itemgetter
        self._features, self._labels, self._transform = features, labels, transform

    def __len__(self):
        return len(self._features)

    def __getitem__(self, index):
        get = self._get(index)
        x, y = get(self._features), get(self._labels)
        return (x if self._transform is None else self._transform(x)), y
