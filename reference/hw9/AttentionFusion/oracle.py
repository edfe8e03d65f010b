"""AttentionFusion: the gate as a softmax over the score and zero, which is a sigmoid."""

import torch
from torch import nn
from torch.nn import functional as F


class AttentionFusion(nn.Module):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__()
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.attention = nn.Linear(2 * hidden_dim, 1)
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def forward(self, text, image):
        features = torch.stack((F.relu(self.text_fc(text)), F.relu(self.image_fc(image))), dim=1)
        score = F.linear(features.flatten(1), self.attention.weight, self.attention.bias)
        weights = torch.cat((score, torch.zeros_like(score)), dim=1).softmax(dim=1)
        self.attention_weights = weights[:, :1]
        return self.classifier((weights[:, :, None] * features).sum(dim=1))
