"""save_checkpoint through memory: nothing is written before all of it is there."""

import io
import pathlib

import torch


def save_checkpoint(path, models, optimizer, epoch):
    buffer = io.BytesIO()
    states = {name: dict(model.state_dict()) for name, model in models.items()}
    torch.save({"models": states, "optimizer": optimizer.state_dict(), "epoch": int(epoch)}, buffer)
    path = pathlib.Path(path)
    path.parent.mkdir(exist_ok=True, parents=True)
    beside = path.parent / f".{path.name}.new"
    try:
        beside.write_bytes(buffer.getvalue())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
