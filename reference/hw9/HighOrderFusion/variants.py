"""Other correct HighOrderFusion."""

import torch
from torch import nn


class FromTheEnd(nn.Module):
    """The product is built from the last factor to the first; matrix products of columns and rows."""

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, order=2):
        super().__init__()
        if order < 2:
            raise ValueError(f"an order of {order} has no outer product")
        self.order = order
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.high_order_fc = nn.Linear(hidden_dim**order, hidden_dim)
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def forward(self, text, image):
        t, v = torch.relu(self.text_fc(text)), torch.relu(self.image_fc(image))
        product = v if self.order % 2 == 0 else t
        for k in reversed(range(self.order - 1)):
            factor = v if k % 2 == 1 else t
            product = torch.bmm(factor.unsqueeze(2), product.unsqueeze(1))
            product = product.reshape(len(t), product.shape[1] * product.shape[2])
        return self.classifier(torch.relu(self.high_order_fc(product)))


class ManyAxes(nn.Module):
    """One axis for each factor, by views; flattened once."""

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, order=2):
        super().__init__()
        self.order, self.hidden_dim = int(order), hidden_dim
        if self.order in (0, 1) or self.order < 0:
            raise ValueError("not an order: " + repr(order))
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.high_order_fc = nn.Linear(hidden_dim**order, hidden_dim)
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def forward(self, text, image):
        both = [nn.functional.relu(self.text_fc(text)), nn.functional.relu(self.image_fc(image))]
        product = None
        for k in range(self.order):
            shape = [len(text)] + [1] * self.order
            shape[k + 1] = self.hidden_dim
            factor = both[k % 2].view(shape)
            product = factor if product is None else product * factor
        flat = product.reshape(len(text), self.hidden_dim**self.order)
        hidden = self.high_order_fc(flat)
        return self.classifier(hidden.clamp(min=0))
