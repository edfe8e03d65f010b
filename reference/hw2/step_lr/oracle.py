"""step_lr epoch by epoch, as torch's scheduler goes."""


def step_lr(lr, epoch, step_size, gamma=0.1):
    if step_size < 1:
        raise ValueError("step_size must be positive")
    for number in range(1, epoch + 1):
        if number % step_size == 0:
            lr *= gamma
    return lr
