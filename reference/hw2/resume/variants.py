"""Ways of resuming that are right, written in other ways."""

import os

from checkpoints import load_checkpoint, save_checkpoint


def plain_learner(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """Written from the stub alone."""
    if os.path.isfile(path):  # noqa: PTH113
        last_epoch = load_checkpoint(path, models, optimizer=optimizer, device=device)
        start_epoch = last_epoch + 1
    else:
        start_epoch = 0
        for name in models:
            models[name] = models[name].to(device)
    epochs = []
    for epoch in range(start_epoch, num_epochs):
        train_epoch(epoch)
        epochs.append(epoch)
        save_checkpoint(path, models, optimizer, epoch)
    return epochs


def every_epoch_looked_at(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """Goes through all epochs and leaves out those that are done."""
    for model in models.values():
        model.to(device)
    done = load_checkpoint(path, models, optimizer, device) if os.path.exists(path) else -1  # noqa: PTH110

    def one(epoch):
        train_epoch(epoch)
        save_checkpoint(path, models, optimizer, epoch)
        return epoch

    return [one(epoch) for epoch in range(num_epochs) if epoch > done]
