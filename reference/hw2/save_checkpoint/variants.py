"""Ways of saving that are right, written in other ways."""

import os
import tempfile

import torch


def temporary_file(path, models, optimizer, epoch):
    """By a temporary file in the same folder, and the functions of os."""
    folder = os.path.dirname(os.path.abspath(path))  # noqa: PTH100, PTH120
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103
    handle, name = tempfile.mkstemp(dir=folder)
    os.close(handle)
    checkpoint = {"epoch": epoch, "models": {}, "optimizer": optimizer.state_dict()}
    for key in models:
        checkpoint["models"][key] = models[key].state_dict()
    try:
        torch.save(checkpoint, name)
        os.replace(name, path)  # noqa: PTH105
    except BaseException:
        os.remove(name)  # noqa: PTH107
        raise


def temporary_folder(path, models, optimizer, epoch):
    """Written into a folder of its own in copies on the CPU, and moved when it is complete."""
    path = os.fspath(path)
    states = {n: {k: v.detach().cpu().clone() for k, v in m.state_dict().items()} for n, m in models.items()}
    around = os.path.dirname(path) or "."  # noqa: PTH120
    os.makedirs(around, exist_ok=True)  # noqa: PTH103
    with tempfile.TemporaryDirectory(dir=around) as folder:
        torch.save({"models": states, "optimizer": optimizer.state_dict(), "epoch": epoch}, f"{folder}/whole")
        os.replace(f"{folder}/whole", path)  # noqa: PTH105
