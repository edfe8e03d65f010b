"""Other correct ConcatenationFusion."""

import torch
from torch import nn


class InPieces(nn.Module):
    """The layers in a loop over names; the features are written into one tensor."""

    def __init__(self, text_dim: int, hidden_dim: int, image_dim: int, num_classes: int):
        super().__init__()
        for name, size in {"text_fc": text_dim, "image_fc": image_dim}.items():
            setattr(self, name, nn.Linear(size, hidden_dim, bias=True))
        self.hidden_dim = hidden_dim
        self.classifier = nn.Linear(2 * hidden_dim, num_classes)

    def forward(self, text, image):
        both = text.new_empty(text.shape[0], 2 * self.hidden_dim)
        both[:, : self.hidden_dim] = self.text_fc(text)
        both[:, self.hidden_dim :] = self.image_fc(image)
        return self.classifier(both)


class Stacked(nn.Module):
    """Stacked on an axis of their own, then flattened; matrix products instead of layers."""

    def __init__(self, text_dim, hidden_dim, image_dim, num_classes):
        super().__init__()
        self.text_fc, self.image_fc = nn.Linear(text_dim, hidden_dim), nn.Linear(image_dim, hidden_dim)
        self.add_module("classifier", nn.Linear(hidden_dim * 2, num_classes))

    def forward(self, text, image):
        t = torch.addmm(self.text_fc.bias, text, self.text_fc.weight.T)
        v = torch.addmm(self.image_fc.bias, image, self.image_fc.weight.T)
        both = torch.stack((t, v), dim=-2).flatten(-2)
        return both @ self.classifier.weight.mT + self.classifier.bias
