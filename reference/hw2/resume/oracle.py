"""resume by trying to read and by asking for the file's pardon."""

from checkpoints import load_checkpoint, save_checkpoint
from torch import nn


def resume(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    nn.ModuleList(models.values()).to(device)
    try:
        epoch = load_checkpoint(path, models, optimizer, device)
    except FileNotFoundError:
        epoch = -1
    trained = []
    while epoch + 1 < num_epochs:
        epoch += 1
        train_epoch(epoch)
        save_checkpoint(path, models, optimizer, epoch)
        trained.append(epoch)
    return trained
