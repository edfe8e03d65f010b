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
        self.bilinear = nn.Bilinear(hidden_dim, hidden_dim, hidden_dim)
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def features(self, text, image):
        return torch.relu(self.text_fc(text)), torch.relu(self.image_fc(image))

    def fuse(self, text, image):
        return self.form(text, image) + self.bilinear.bias

    def form(self, text, image):
        return torch.einsum("ni,kij,nj->nk", text, self.bilinear.weight, image)

    def forward(self, text, image):
        return self.classifier(self.fuse(*self.features(text, image)))


class Again(nn.Module):
    """The same with functions, and the fusion another way."""

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        nn.Module.__init__(self)
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.bilinear = nn.Bilinear(hidden_dim, hidden_dim, hidden_dim)
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def project(self, layer, X):
        return F.linear(X, layer.weight, layer.bias).clamp(min=0)

    def finish(self, text, image):
        rows = self.rows(text, image)
        return self.classifier(rows + self.bilinear.bias)

    def rows(self, text, image):
        left = torch.tensordot(text, self.bilinear.weight, dims=([1], [1]))
        return (left @ image[:, :, None]).squeeze(-1)

    def forward(self, text, image):
        return self.finish(self.project(self.text_fc, text), self.project(self.image_fc, image))
