"""Other correct WeightedFusion."""

import torch
from torch import nn


class WithRegister(nn.Module):
    """`register_parameter`, an activation module without state, `addcmul`."""

    def __init__(self, text_dim: int, image_dim: int, hidden_dim: int, output_dim: int):
        super().__init__()
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.classifier = nn.Linear(hidden_dim, output_dim)
        for name in ("text_weight", "image_weight"):
            self.register_parameter(name, nn.Parameter(torch.tensor([0.5])))
        self.act = nn.ReLU()

    def forward(self, text, image):
        first, second = self.act(self.text_fc(text)), self.act(self.image_fc(image))
        return self.classifier(torch.addcmul(first * self.text_weight, second, self.image_weight))


class WithMatrices(nn.Module):
    """The two features are stacked and multiplied by a row of weights."""

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__()
        self.classifier = nn.Linear(hidden_dim, output_dim)
        self.image_weight = nn.Parameter(0.5 * torch.ones(1))
        self.text_weight = nn.Parameter(0.5 * torch.ones(1))
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.text_fc = nn.Linear(text_dim, hidden_dim)

    def forward(self, text, image):
        features = [layer(x).clamp_min(0) for layer, x in ((self.text_fc, text), (self.image_fc, image))]
        row = torch.stack([self.text_weight, self.image_weight], dim=1)
        return self.classifier(torch.matmul(row, torch.stack(features, dim=1)).squeeze(1))
