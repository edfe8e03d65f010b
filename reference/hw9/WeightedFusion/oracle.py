"""WeightedFusion with the weights moved into the classifier, which is linear."""

import torch
from torch import nn
from torch.nn import functional as F


class WeightedFusion(nn.Module):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__()
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.classifier = nn.Linear(hidden_dim, output_dim)
        self.text_weight = nn.Parameter(torch.ones(1) / 2)
        self.image_weight = nn.Parameter(torch.ones(1) / 2)

    def forward(self, text, image):
        weight = self.classifier.weight
        scores = F.relu(self.text_fc(text)) @ (self.text_weight * weight).T
        return scores + F.linear(self.image_fc(image).relu(), self.image_weight * weight, self.classifier.bias)
