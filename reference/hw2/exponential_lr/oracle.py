"""exponential_lr epoch by epoch, as torch's scheduler goes."""


def exponential_lr(lr, epoch, gamma):
    for _ in range(epoch):
        lr *= gamma
    return lr
