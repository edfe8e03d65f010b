"""Two correct modules that variants and mistakes build on: `Right` by methods, `Again` in another style."""

import torch
import torch.nn.functional as F
from torch import nn


class Right(nn.Module):
    """A correct module, of which each mistake changes one step."""

    def __init__(self, text_dim, hidden_dim, image_dim, num_classes):
        super().__init__()
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.classifier = nn.Linear(2 * hidden_dim, num_classes)

    def features(self, text, image):
        return self.text_fc(text), self.image_fc(image)

    def fuse(self, text, image):
        return torch.cat((text, image), dim=1)

    def forward(self, text, image):
        return self.classifier(self.fuse(*self.features(text, image)))


class Again(nn.Module):
    """The same with functions, and the fusion another way."""

    def __init__(self, text_dim, hidden_dim, image_dim, num_classes):
        nn.Module.__init__(self)
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.classifier = nn.Linear(2 * hidden_dim, num_classes)

    def project(self, layer, X):
        return F.linear(X, layer.weight, layer.bias)

    def finish(self, text, image):
        return F.linear(torch.hstack([text, image]), self.classifier.weight, self.classifier.bias)

    def forward(self, text, image):
        return self.finish(self.project(self.text_fc, text), self.project(self.image_fc, image))
