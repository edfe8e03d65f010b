"""cosine_lr by the square of the cosine of half the angle."""

import math


def cosine_lr(lr, epoch, T_max, eta_min=0.0):
    if T_max < 1:
        raise ValueError("T_max must be positive")
    if epoch >= T_max:
        return eta_min
    share = math.cos(math.pi * epoch / (2 * T_max)) ** 2
    return lr * share + eta_min * (1 - share)
