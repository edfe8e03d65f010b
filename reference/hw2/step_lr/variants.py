"""Other right ways to drop the learning rate every few epochs."""

import math


def recursive(lr, epoch, step_size, gamma=0.1):
    """From one drop back to the one before."""
    if step_size <= 0:
        raise ValueError("step_size must be positive")
    return lr if epoch < step_size else gamma * recursive(lr, epoch - step_size, step_size, gamma)


def by_floor(lr, epoch, step_size, gamma=0.1):
    """With math's functions."""
    if not step_size >= 1:
        raise ValueError(f"step_size = {step_size} is too small")
    return lr * math.pow(gamma, math.floor(epoch / step_size))


def plain_learner(lr, epoch, step_size, gamma=0.1):
    """Written from the stub alone: drop after drop."""
    if step_size < 1:
        raise ValueError("step_size has to be at least one")
    while epoch >= step_size:
        lr = lr * gamma
        epoch -= step_size
    return lr
