"""Two correct modules that variants and mistakes build on: `Right` by methods, `Again` in another style."""

import torch
import torch.nn.functional as F
from torch import nn


class Right(nn.Module):
    """A correct module, of which each mistake changes one step."""

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__()
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.text_weight = nn.Parameter(torch.full((1,), 0.5))
        self.image_weight = nn.Parameter(torch.full((1,), 0.5))
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def features(self, text, image):
        return torch.relu(self.text_fc(text)), torch.relu(self.image_fc(image))

    def fuse(self, text, image):
        return self.text_weight * text + self.image_weight * image

    def forward(self, text, image):
        return self.classifier(self.fuse(*self.features(text, image)))


class Again(nn.Module):
    """The same with functions, and the fusion another way."""

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        nn.Module.__init__(self)
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.text_weight = nn.Parameter(torch.full((1,), 0.5))
        self.image_weight = nn.Parameter(torch.full((1,), 0.5))
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def project(self, layer, X):
        return F.linear(X, layer.weight, layer.bias).clamp(min=0)

    def finish(self, text, image):
        weights = torch.cat((self.text_weight, self.image_weight))
        both = torch.stack((text, image), dim=1)
        return self.classifier((weights[:, None] * both).sum(1))

    def forward(self, text, image):
        return self.finish(self.project(self.text_fc, text), self.project(self.image_fc, image))
