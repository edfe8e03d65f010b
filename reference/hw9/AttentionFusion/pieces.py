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
        self.attention = nn.Linear(2 * hidden_dim, 1)
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def features(self, text, image):
        return torch.relu(self.text_fc(text)), torch.relu(self.image_fc(image))

    def fuse(self, text, image):
        self.attention_weights = self.gate(text, image)
        return self.mix(self.attention_weights, text, image)

    def gate(self, text, image):
        return torch.sigmoid(self.attention(torch.cat((text, image), dim=1)))

    def mix(self, weight, text, image):
        return weight * text + (1 - weight) * image

    def forward(self, text, image):
        return self.classifier(self.fuse(*self.features(text, image)))


class Again(nn.Module):
    """The same with functions, and the fusion another way."""

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        nn.Module.__init__(self)
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.attention = nn.Linear(2 * hidden_dim, 1)
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def project(self, layer, X):
        return F.linear(X, layer.weight, layer.bias).clamp(min=0)

    def finish(self, text, image):
        weight = self.weigh(text, image)
        self.attention_weights = weight.detach()
        return self.classifier(torch.lerp(image, text, weight))

    def weigh(self, text, image):
        score = F.linear(torch.hstack((text, image)), self.attention.weight, self.attention.bias)
        return 1 / (1 + torch.exp(-score))

    def forward(self, text, image):
        return self.finish(self.project(self.text_fc, text), self.project(self.image_fc, image))
