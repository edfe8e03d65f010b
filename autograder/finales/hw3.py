"""hw3: digits that nobody has drawn the same way twice are read by a network of the student's layers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from autograder.finales import Finale
from autograder.finales.stage import Cast, Stage

if TYPE_CHECKING:
    import torch

SIDE = 16  # pixels
TAUGHT, HELD, BATCH = 2000, 800, 50
EPOCHS, RATE = 8, 0.01
TURN, SHEAR, SHIFT, WOBBLE, NOISE = 0.35, 0.25, 0.12, 0.05, 0.15
FILTERS, KERNEL = 8, 5
WANTED, LEAD = 0.95, 0.2


# The corners of each digit, as (x, y) in a square whose origin is at the top left.
LOOP = [(0.5 + 0.4 * math.sin(k * math.pi / 6), 0.5 - 0.5 * math.cos(k * math.pi / 6)) for k in range(13)]
SIX = [(0.7, 0), (0.3, 0.3), (0.12, 0.7), (0.25, 0.95), (0.6, 1), (0.88, 0.85), (0.85, 0.6), (0.5, 0.5), (0.15, 0.7)]
STROKES: list[list[tuple[float, float]]] = [
    LOOP,
    [(0.25, 0.25), (0.55, 0), (0.55, 1)],
    [(0.1, 0.25), (0.25, 0.05), (0.6, 0), (0.85, 0.2), (0.75, 0.5), (0.1, 1), (0.9, 1)],
    [(0.1, 0.1), (0.5, 0), (0.85, 0.15), (0.8, 0.4), (0.4, 0.5), (0.85, 0.6), (0.9, 0.85), (0.5, 1), (0.1, 0.9)],
    [(0.7, 1), (0.7, 0), (0.1, 0.65), (0.95, 0.65)],
    [(0.85, 0), (0.2, 0), (0.15, 0.45), (0.6, 0.4), (0.9, 0.6), (0.85, 0.9), (0.5, 1), (0.1, 0.9)],
    SIX,
    [(0.1, 0), (0.9, 0), (0.4, 1)],
    [*[(x, y / 2) for x, y in LOOP[6:]], *[(x, y / 2) for x, y in LOOP[1:7]], *[(x, (1 + y) / 2) for x, y in LOOP]],
    [(1 - x, 1 - y) for x, y in SIX],
]


def play(cast: Cast, stage: Stage) -> None:
    """Trains the network, and beside it one linear layer, and tries both on images that they have not seen."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    X, y = digits(TAUGHT + HELD, torch.Generator().manual_seed(3))
    torch.manual_seed(3)
    network, linear = reader(cast), nn.Sequential(nn.Flatten(), nn.Linear(SIDE * SIDE, 10))
    size = sum(parameter.numel() for parameter in network.parameters())
    stage.say(f"{TAUGHT} digits of {SIDE} by {SIDE} pixels, and a network of {size:,} parameters, {EPOCHS} times.")
    optimizers = [torch.optim.Adam(model.parameters(), lr=RATE) for model in (network, linear)]
    reached: list[list[float]] = [[], []]
    for epoch in range(EPOCHS):
        for model, optimizer, curve in zip((network, linear), optimizers, reached, strict=True):
            optimizer.param_groups[0]["lr"] = RATE * (1 + math.cos(math.pi * epoch / EPOCHS)) / 2
            train(model, optimizer, X[:TAUGHT], y[:TAUGHT])
            read = answers(model, X[TAUGHT:])
            curve.append(float((read == y[TAUGHT:]).float().mean()))
        ours, theirs = (curve[-1] for curve in reached)
        stage.progress(epoch + 1, EPOCHS, f"on new digits: your network {ours:.1%}, one linear layer {theirs:.1%}")
    stage.curves("Accuracy on digits that were not trained on", your_network=reached[0], one_linear_layer=reached[1])
    stage.map("What your Conv2d looks for: its kernels", tiled(network[0].weight.detach()[:, 0]))
    found = torch.bincount(10 * y[TAUGHT:] + answers(network, X[TAUGHT:]), minlength=100).reshape(10, 10)
    # The square root, so that a single mistake can be seen beside many right answers.
    stage.map("Digits 0 to 9 (rows), and what was read (columns)", found.sqrt().tolist())
    stage.result("accuracy on digits that were not trained on", reached[0][-1], WANTED)
    stage.result("how much better than one linear layer", reached[0][-1] - reached[1][-1], LEAD)


def reader(cast: Cast) -> Any:
    """Your Conv2d, BatchNorm2d and MaxPool2d, and your ResNet for what is left."""
    from torch import nn

    return nn.Sequential(
        cast.Conv2d(1, FILTERS, KERNEL, padding=KERNEL // 2),
        cast.BatchNorm2d(FILTERS),
        nn.ReLU(),
        cast.MaxPool2d(2),
        cast.ResNet([(1, 16), (1, 32)], in_channels=FILTERS, num_classes=10),
    )


def train(model: Any, optimizer: Any, X: Any, y: Any) -> None:
    """One epoch."""
    import torch

    model.train()
    for rows in torch.randperm(len(y)).split(BATCH):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(X[rows]), y[rows]).backward()
        optimizer.step()


def answers(model: Any, X: Any) -> Any:
    """The digits that the model reads, shape (N,)."""
    import torch

    model.eval()
    with torch.no_grad():
        return torch.cat([model(part).argmax(dim=1) for part in X.split(200)])


def digits(count: int, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Images (N, 1, SIDE, SIDE) of digits, and which these are (N,). Each is turned, sheared, scaled, shifted, drawn
    with a pen of another width and a shaky hand, on paper that is not clean."""
    import torch

    def between(low: float, high: float, *shape: int) -> torch.Tensor:
        return low + (high - low) * torch.rand(count, *shape, generator=generator)

    most = max(map(len, STROKES))
    corners = torch.tensor([stroke + stroke[-1:] * (most - len(stroke)) for stroke in STROKES])
    y = torch.randint(10, (count,), generator=generator)
    points = corners[y] - 0.5 + WOBBLE * torch.randn(count, most, 2, generator=generator)
    angle, shear = between(-TURN, TURN), between(-SHEAR, SHEAR)
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], dim=1).reshape(count, 2, 2)
    turn[:, :, 0] += shear[:, None] * turn[:, :, 1]
    size = torch.stack([between(0.35, 0.65), between(0.5, 0.8)], dim=1)
    points = (points * size[:, None]) @ turn.mT + between(-SHIFT, SHIFT, 1, 2) + 0.5
    grid = (torch.arange(SIDE) + 0.5) / SIDE
    pixels = torch.stack(torch.meshgrid(grid, grid, indexing="xy"), dim=-1).reshape(1, -1, 2)
    away = torch.full((count, SIDE * SIDE), math.inf)
    for begin, end in zip(points.unbind(1), points[:, 1:].unbind(1), strict=False):
        away = torch.minimum(away, distance(pixels, begin[:, None], end[:, None]))
    ink = ((between(0.03, 0.07, 1) - away) * SIDE + 0.5).clamp(0, 1)
    X = ink + NOISE * torch.randn(count, SIDE * SIDE, generator=generator)
    return X.reshape(count, 1, SIDE, SIDE), y


def distance(pixels: torch.Tensor, begin: torch.Tensor, end: torch.Tensor) -> torch.Tensor:
    """How far pixels are from the line between two points; all shapes (…, 2)."""
    along = end - begin
    share = ((pixels - begin) * along).sum(-1) / along.square().sum(-1).clamp(min=1e-9)
    return (pixels - begin - share.clamp(0, 1)[..., None] * along).norm(dim=-1)


def tiled(kernels: torch.Tensor) -> list[list[float]]:
    """Kernels (N, h, w) side by side in two rows, with an empty line between them."""
    import torch

    framed = torch.nn.functional.pad(kernels, (0, 1, 0, 1))
    count, height, width = framed.shape
    rows = framed.reshape(2, count // 2, height, width).transpose(1, 2).reshape(2 * height, -1)
    return [list(map(float, row)) for row in rows[:-1, :-1]]


FINALE = Finale(
    "hw3",
    "Digits, each drawn anew",
    "A network of your convolution, your pooling and your residual blocks learns to read digits that are turned,"
    " shifted and shaky. Beside it one linear layer tries the same.",
    ("Conv2d", "MaxPool2d", "BatchNorm2d", "Residual", "ResNet"),
    play,
)
