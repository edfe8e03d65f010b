"""PairDataset over the numbers of its pairs."""

from torch.utils.data import Dataset


class PairDataset(Dataset):
    def __init__(self, features, labels, transform=None):
        if len(labels) - len(features):
            raise ValueError(f"{len(labels)} labels do not belong to {len(features)} samples")
        self.numbers = range(len(features))
        self.parts = features, labels
        self.transform = transform or (lambda sample: sample)

    def __len__(self):
        return len(self.numbers)

    def __getitem__(self, index):
        number = self.numbers[index]
        sample, label = (part[number] for part in self.parts)
        return self.transform(sample), label
