"""ConcatenationFusion as a sum: a classifier of concatenated features is one for each half."""

from torch import nn
from torch.nn import functional as F


class ConcatenationFusion(nn.Module):
    def __init__(self, text_dim, hidden_dim, image_dim, num_classes):
        super().__init__()
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.classifier = nn.Linear(hidden_dim + hidden_dim, num_classes)

    def forward(self, text, image):
        left, right = self.classifier.weight.chunk(2, dim=1)
        return F.linear(self.text_fc(text), left) + F.linear(self.image_fc(image), right, self.classifier.bias)
