"""Two correct blocks that mistakes build on: `Right` by methods, `Again` as four chains of names."""

import torch
import torch.nn.functional as F
from torch import nn


class Right(nn.Module):
    """A correct block, of which each mistake changes one step."""

    def __init__(self, in_channels, c1, c2, c3, c4):
        super().__init__()
        self.make(in_channels, c1, c2, c3, c4)

    def make(self, in_channels, c1, c2, c3, c4):
        self.p1_1 = nn.Conv2d(in_channels, c1, 1)
        self.p2_1 = nn.Conv2d(in_channels, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(in_channels, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 5, padding=2)
        self.p4_2 = nn.Conv2d(in_channels, c4, 1)

    def inner(self, X):
        return F.relu(X)

    def outer(self, X):
        return F.relu(X)

    def pool(self, X):
        return F.max_pool2d(X, 3, stride=1, padding=1)

    def path1(self, X):
        return self.outer(self.p1_1(X))

    def path2(self, X):
        return self.outer(self.p2_2(self.inner(self.p2_1(X))))

    def path3(self, X):
        return self.outer(self.p3_2(self.inner(self.p3_1(X))))

    def path4(self, X):
        return self.outer(self.p4_2(self.pool(X)))

    def join(self, paths):
        return torch.cat(paths, dim=1)

    def forward(self, X):
        return self.join([self.path1(X), self.path2(X), self.path3(X), self.path4(X)])


class Again(nn.Module):
    """The same as chains of layers that are looked up by name."""

    chains = (("p1_1", "relu"), ("p2_1", "relu", "p2_2", "relu"), ("p3_1", "relu", "p3_2", "relu"),
              ("pool", "p4_2", "relu"))  # fmt: skip

    def __init__(self, in_channels, c1, c2, c3, c4):
        nn.Module.__init__(self)
        for name, size in self.sizes(in_channels, c1, c2, c3, c4).items():
            setattr(self, name, nn.Conv2d(*size))

    def sizes(self, in_channels, c1, c2, c3, c4):
        return {
            "p1_1": (in_channels, c1, 1),
            "p2_1": (in_channels, c2[0], 1), "p2_2": (*c2, 3, 1, 1),
            "p3_1": (in_channels, c3[0], 1), "p3_2": (*c3, 5, 1, 2),
            "p4_2": (in_channels, c4, 1),
        }  # fmt: skip

    def relu(self, X):
        return X.clamp(min=0)

    def pool(self, X):
        return F.pad(X, (1, 1, 1, 1), value=-torch.inf).unfold(2, 3, 1).unfold(3, 3, 1).amax((4, 5))

    def chain(self, X, names):
        for name in names:
            X = getattr(self, name)(X)
        return X

    def forward(self, X):
        return torch.hstack([self.chain(X, names) for names in self.chains])
