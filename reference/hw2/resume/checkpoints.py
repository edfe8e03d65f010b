"""Saving and loading as they should be, for what is built on them."""

from pathlib import Path

import torch


def save_checkpoint(path, models, optimizer, epoch):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    states = {name: model.state_dict() for name, model in models.items()}
    torch.save({"models": states, "optimizer": optimizer.state_dict(), "epoch": epoch}, f"{path}.partial")
    Path(f"{path}.partial").replace(path)


def load_checkpoint(path, models, optimizer=None, device="cpu"):
    file = torch.load(path, map_location=device, weights_only=True)
    for name, model in models.items():
        model.to(device).load_state_dict(file["models"][name])
    if optimizer is not None:
        optimizer.load_state_dict(file["optimizer"])
    return file["epoch"]


def move(models, device):
    for model in models.values():
        model.to(device)


def begin(path, models, optimizer, device):
    """The first epoch that is missing, with everything loaded and in its place."""
    move(models, device)
    return load_checkpoint(path, models, optimizer, device) + 1 if Path(path).exists() else 0


def train(path, models, optimizer, epochs, train_epoch):
    for epoch in epochs:
        train_epoch(epoch)
        save_checkpoint(path, models, optimizer, epoch)
    return list(epochs)
