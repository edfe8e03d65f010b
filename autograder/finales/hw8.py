"""hw8: a classifier is trained on whatever devices there are, and says what it used."""

from __future__ import annotations

import math

from autograder.finales import Finale
from autograder.finales.stage import Cast, Stage

CLASSES, SAMPLES, BATCH = 3, 900, 60
EPOCHS, ROUNDS = 3, 10
WANTED = 0.95


def play(cast: Cast, stage: Stage) -> None:
    """Trains on three spirals with `train`, a few epochs at a time, each time going on from the history before."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    devices = cast.try_all_gpus()
    device = cast.try_gpu()
    stage.say(f"Devices: {', '.join(map(str, devices))}. Training on {device}.")
    torch.manual_seed(8)
    X, y = spirals(torch.Generator().manual_seed(8))
    order = torch.randperm(len(y), generator=torch.Generator().manual_seed(9))
    cut = len(y) // 5
    held, kept = order[:cut], order[cut:]
    loaders = [
        DataLoader(TensorDataset(X[rows], y[rows]), batch_size=BATCH, shuffle=rows is kept,
                   generator=torch.Generator().manual_seed(10))
        for rows in (kept, held)
    ]  # fmt: skip
    model = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, CLASSES)).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    timer = cast.Timer()
    history = None
    for done in range(1, ROUNDS + 1):
        timer.start()
        history = cast.train(
            model, loaders[0], optimizer, nn.CrossEntropyLoss(), done * EPOCHS, device,
            val_loader=loaders[1], max_norm=1.0, history=history,
        )  # fmt: skip
        timer.stop()
        stage.progress(done, ROUNDS, f"validation accuracy {history['val_accuracy'][-1]:.1%}")
    assert history is not None
    rate = ROUNDS * EPOCHS * len(kept) / timer.sum()
    stage.say(f"{len(history['train_loss'])} epochs in {timer.sum():.1f} s: {rate:,.0f} samples a second on {device}.")
    stage.curves("Mean loss of an epoch", training=history["train_loss"], validation=history["val_loss"])
    stage.result("accuracy on points that were not trained on", history["val_accuracy"][-1], WANTED)


def spirals(generator):  # type: ignore[no-untyped-def]
    """Points of shape (N, 2) on three spirals, with noise, and their classes (N,)."""
    import torch

    each = SAMPLES // CLASSES
    radius = torch.linspace(0.1, 1.0, each).repeat(CLASSES)
    y = torch.arange(CLASSES).repeat_interleave(each)
    angle = 4.5 * radius + y * (2 * math.pi / CLASSES) + 0.25 * torch.randn(len(y), generator=generator)
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1), y


FINALE = Finale(
    "hw8",
    "Three spirals on whatever there is",
    "A small classifier is trained with your loop on the devices that your functions find.",
    ("try_gpu", "try_all_gpus", "Timer", "train"),
    play,
)
