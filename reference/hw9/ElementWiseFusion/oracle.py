"""ElementWiseFusion with the maximum as a choice."""

from torch import nn


class ElementWiseFusion(nn.Module):
    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, op="add"):
        super().__init__()
        if op not in {"add", "mul", "max"}:
            raise ValueError(f"there is no {op!r}")
        self._op = op
        self.text_fc = nn.Linear(text_dim, hidden_dim)
        self.image_fc = nn.Linear(image_dim, hidden_dim)
        self.classifier = nn.Linear(hidden_dim, output_dim)

    def forward(self, text, image):
        text, image = self.text_fc(text).clamp(min=0), self.image_fc(image).clamp(min=0)
        if self._op == "mul":
            return self.classifier(text.mul(image))
        if self._op == "max":
            return self.classifier(text.where(text > image, image))
        return self.classifier(text.add(image))
