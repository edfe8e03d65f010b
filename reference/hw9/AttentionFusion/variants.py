"""Other correct AttentionFusion."""

import torch
from torch import nn


class InHalves(nn.Module):
    """The attention's weight in two halves; the image first, then the difference."""

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__()
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.attention = nn.Linear(2 * hidden_dim, 1)
        self.classifier = nn.Linear(hidden_dim, output_dim)
        self.hidden_dim = hidden_dim

    def forward(self, text, image):
        t, v = self.text_fc(text).relu(), self.image_fc(image).relu()
        left, right = self.attention.weight[0].split(self.hidden_dim)
        a = (t @ left + v @ right + self.attention.bias).sigmoid().unsqueeze(1)
        self.attention_weights = a
        return self.classifier(v + a * (t - v))


class WithTanh(nn.Module):
    """The sigmoid by tanh; a Sequential-free learner's style, clones kept."""

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__()
        self.classifier = nn.Linear(hidden_dim, output_dim)
        self.attention = nn.Linear(hidden_dim + hidden_dim, 1)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.attention_weights = None

    def forward(self, text, image):
        text_feat = torch.relu(self.text_fc(text))
        image_feat = torch.relu(self.image_fc(image))
        combined = torch.cat((text_feat, image_feat), dim=-1)
        weight = 0.5 * (torch.tanh(self.attention(combined) / 2) + 1)
        self.attention_weights = weight.detach().clone()
        fused = torch.mul(weight, text_feat) + torch.mul(1.0 - weight, image_feat)
        return self.classifier(fused)
