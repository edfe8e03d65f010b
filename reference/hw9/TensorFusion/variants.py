"""Other correct TensorFusion."""

import torch
from torch import nn


class OwnParameters(nn.Module):
    """A holder of parameters instead of nn.Bilinear; broadcasting and sums."""

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__()
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.bilinear = nn.Module()
        self.bilinear.weight = nn.Parameter(torch.randn(hidden_dim, hidden_dim, hidden_dim) / hidden_dim)
        self.bilinear.bias = nn.Parameter(torch.zeros(hidden_dim))
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def forward(self, text, image):
        t, v = self.text_fc(text).relu(), self.image_fc(image).relu()
        pairs = t[:, None, :, None] * v[:, None, None, :]
        return self.classifier((pairs * self.bilinear.weight).sum(dim=(2, 3)) + self.bilinear.bias)


class TwoProducts(nn.Module):
    """Two batched matrix products, the image first."""

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__()
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.bilinear = nn.Bilinear(hidden_dim, hidden_dim, hidden_dim)
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def forward(self, text, image):
        text_feat = torch.clamp(self.text_fc(text), min=0)
        image_feat = torch.clamp(self.image_fc(image), min=0)
        right = torch.einsum("kij,nj->nki", self.bilinear.weight, image_feat)
        fused = torch.bmm(right, text_feat.unsqueeze(2)).squeeze(2)
        return self.classifier(fused.add(self.bilinear.bias))
