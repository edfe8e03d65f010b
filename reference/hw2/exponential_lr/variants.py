"""Other right ways to multiply the learning rate after every epoch."""

import math


def by_logarithm(lr, epoch, gamma):
    """A power as the exponential of a product."""
    return lr * math.exp(epoch * math.log(gamma))


def by_squaring(lr, epoch, gamma):
    """In as many steps as the epoch has binary digits."""
    while epoch:
        if epoch % 2:
            lr *= gamma
        gamma, epoch = gamma * gamma, epoch // 2
    return lr
