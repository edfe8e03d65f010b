"""Two correct modules that variants and mistakes build on: `Right` by methods, `Again` in another style."""

import torch
import torch.nn.functional as F
from torch import nn

NAMES = ("genomics", "transcript", "metabol")


def layers(module, sizes, hidden, classes):
    for name, size in zip(NAMES, sizes, strict=True):
        setattr(module, f"{name}_fc1", nn.Linear(size, hidden))
        setattr(module, f"{name}_fc2", nn.Linear(hidden, hidden))
    module.fc1, module.fc2 = nn.Linear(3 * hidden, hidden), nn.Linear(hidden, hidden)
    module.fc3 = nn.Linear(hidden, classes)


class Right(nn.Module):
    """A correct module, of which each mistake changes one step."""

    def __init__(self, genomics_dim, transcript_dim, metabol_dim, hidden_dim, num_classes=2):
        super().__init__()
        self.hidden_dim = hidden_dim
        layers(self, (genomics_dim, transcript_dim, metabol_dim), hidden_dim, num_classes)

    def check(self, inputs):
        if all(X is None for X in inputs):
            raise ValueError("no modality is given")

    def branch(self, name, X):
        X = torch.relu(getattr(self, f"{name}_fc1")(X))
        return torch.relu(getattr(self, f"{name}_fc2")(X))

    def absent(self, name, some):
        return some.new_zeros(some.shape[0], self.hidden_dim)

    def join(self, features):
        return torch.cat(features, dim=1)

    def classify(self, X):
        X = torch.relu(self.fc1(X))
        X = torch.relu(self.fc2(X))
        return self.fc3(X)

    def forward(self, genomics=None, transcriptomics=None, metabolomics=None):
        inputs = (genomics, transcriptomics, metabolomics)
        self.check(inputs)
        some = next((X for X in inputs if X is not None), None)
        return self.classify(
            self.join([
                self.absent(name, some) if X is None else self.branch(name, X)
                for name, X in zip(NAMES, inputs, strict=True)
            ])
        )  # fmt: skip


class Again(nn.Module):
    """The same as one tensor that is filled third by third."""

    def __init__(self, genomics_dim, transcript_dim, metabol_dim, hidden_dim, num_classes=2):
        nn.Module.__init__(self)
        layers(self, (genomics_dim, transcript_dim, metabol_dim), hidden_dim, num_classes)

    def linear(self, name, X):
        layer = self.get_submodule(name)
        return F.linear(X, layer.weight, layer.bias)

    def thirds(self, inputs):
        given = [X for X in inputs if X is not None]
        if len(given) == 0:
            raise ValueError("all inputs are None")
        size = self.fc1.out_features
        found = []
        for name, X in zip(NAMES, inputs, strict=True):
            if X is None:
                found.append(torch.zeros(len(given[0]), size, device=given[0].device, dtype=given[0].dtype))
            else:
                found.append(self.through(name, X))
        return found

    def through(self, name, X):
        return self.linear(f"{name}_fc2", self.linear(f"{name}_fc1", X).clamp(min=0)).clamp(min=0)

    def last(self, joined):
        hidden = self.linear("fc1", joined).clamp(min=0)
        return self.linear("fc3", self.linear("fc2", hidden).clamp(min=0))

    def forward(self, genomics=None, transcriptomics=None, metabolomics=None):
        return self.last(torch.hstack(self.thirds((genomics, transcriptomics, metabolomics))))
