"""Two correct modules that variants and mistakes build on: `Right` by methods, `Again` in another style."""

import torch
import torch.nn.functional as F
from torch import nn


class Right(nn.Module):
    """A correct module, of which each mistake changes one step."""

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, order=2):
        super().__init__()
        self.check(order)
        self.order = order
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.high_order_fc = nn.Linear(hidden_dim**order, hidden_dim)
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def check(self, order):
        if order < 2:
            raise ValueError(f"order must be 2 or more, not {order}")

    def features(self, text, image):
        return torch.relu(self.text_fc(text)), torch.relu(self.image_fc(image))

    def fuse(self, text, image):
        return self.activate(self.high_order_fc(self.product(text, image)))

    def activate(self, fused):
        return torch.relu(fused)

    def factors(self, text, image):
        return [image if k % 2 else text for k in range(self.order)]

    def product(self, text, image):
        fused, *rest = self.factors(text, image)
        for factor in rest:
            fused = (fused.unsqueeze(2) * factor.unsqueeze(1)).flatten(1)
        return fused

    def forward(self, text, image):
        return self.classifier(self.fuse(*self.features(text, image)))


class Again(nn.Module):
    """The same with functions, and the fusion another way."""

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, order=2):
        nn.Module.__init__(self)
        if order <= 1:
            raise ValueError("order is " + str(order))
        self.order = order
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.high_order_fc = nn.Linear(hidden_dim**order, hidden_dim)
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def project(self, layer, X):
        return F.linear(X, layer.weight, layer.bias).clamp(min=0)

    def finish(self, text, image):
        turns = self.turns(text, image)
        letters = "abcdefgh"[: len(turns)]
        inputs = ",".join(f"n{letter}" for letter in letters)
        fused = self.flat(torch.einsum(f"{inputs}->n{letters}", *turns))
        return self.classifier(self.middle(fused))

    def turns(self, text, image):
        return (text, image) * (self.order // 2) + (text,) * (self.order % 2)

    def flat(self, fused):
        return fused.flatten(start_dim=1)

    def middle(self, fused):
        return F.linear(fused, self.high_order_fc.weight, self.high_order_fc.bias).clamp(min=0)

    def forward(self, text, image):
        return self.finish(self.project(self.text_fc, text), self.project(self.image_fc, image))
