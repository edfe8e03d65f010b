"""TensorFusion by an outer product and one matrix product."""

from torch import nn
from torch.nn import functional as F


class TensorFusion(nn.Module):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__()
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.bilinear = nn.Bilinear(hidden_dim, hidden_dim, hidden_dim)
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def forward(self, text, image):
        text, image = F.relu(self.text_fc(text)), F.relu(self.image_fc(image))
        pairs = (text[:, :, None] * image[:, None, :]).flatten(1)
        return self.classifier(F.linear(pairs, self.bilinear.weight.flatten(1), self.bilinear.bias))
