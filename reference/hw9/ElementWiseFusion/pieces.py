"""Two correct modules that variants and mistakes build on: `Right` by methods, `Again` in another style."""

import torch
import torch.nn.functional as F
from torch import nn


class Right(nn.Module):
    """A correct module, of which each mistake changes one step."""

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, op="add"):
        super().__init__()
        self.check(op)
        self.op = op
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def check(self, op):
        if op not in ("add", "mul", "max"):
            raise ValueError(f"{op!r} is not add, mul or max")

    def features(self, text, image):
        return torch.relu(self.text_fc(text)), torch.relu(self.image_fc(image))

    def fuse(self, text, image):
        if self.op == "add":
            return text + image
        return text * image if self.op == "mul" else torch.maximum(text, image)

    def forward(self, text, image):
        return self.classifier(self.fuse(*self.features(text, image)))


class Again(nn.Module):
    """The same with functions, and the fusion another way."""

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, op="add"):
        nn.Module.__init__(self)
        if op not in ("add", "mul", "max"):
            raise ValueError("unknown op: " + repr(op))
        self.op = op
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def project(self, layer, X):
        return F.linear(X, layer.weight, layer.bias).clamp(min=0)

    def finish(self, text, image):
        both = torch.stack((text, image))
        joined = {"add": both.sum(0), "mul": both.prod(0), "max": both.amax(0)}
        return self.classifier(joined[self.op])

    def forward(self, text, image):
        return self.finish(self.project(self.text_fc, text), self.project(self.image_fc, image))
