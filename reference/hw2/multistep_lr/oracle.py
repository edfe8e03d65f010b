"""multistep_lr epoch by epoch, as torch's scheduler goes."""

from collections import Counter


def multistep_lr(lr, epoch, milestones, gamma=0.1):
    drops = Counter(milestones)
    for number in range(epoch + 1):
        lr *= gamma ** drops[number]
    return lr
