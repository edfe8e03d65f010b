"""HighOrderFusion by looking up, for every entry of the product, which feature each factor gives it."""

import torch
from torch import nn


class HighOrderFusion(nn.Module):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, order=2):
        super().__init__()
        if not order >= 2:
            raise ValueError(f"{order} is less than 2")
        self.order, self.size = order, hidden_dim
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.classifier = nn.Linear(hidden_dim, output_dim)
        self.high_order_fc = nn.Linear(hidden_dim**order, hidden_dim)

    def forward(self, text, image):
        text, image = self.text_fc(text).relu(), self.image_fc(image).relu()
        entries = torch.arange(self.size**self.order, device=text.device)
        fused = torch.ones_like(text[:, :1])
        for k in range(self.order):
            digit = entries // self.size ** (self.order - 1 - k) % self.size
            fused = fused * (text, image)[k % 2][:, digit]
        return self.classifier(self.high_order_fc(fused).relu())
