"""Ways in which dropping the learning rate every few epochs goes wrong. The mistakes change a part of `_rate`."""


def _checked(step_size):
    if step_size < 1:
        raise ValueError("step_size must be at least 1")


def _rate(lr, epoch, step_size, gamma, *, drops=lambda epoch, step_size: epoch // step_size, check=_checked):
    check(step_size)
    return lr * gamma ** drops(epoch, step_size)


def fractional_drops(lr, epoch, step_size, gamma=0.1):
    """The learning rate falls a little in every epoch.

    Between two drops it stays the same: count whole groups of epochs, with `//`.
    """
    return _rate(lr, epoch, step_size, gamma, drops=lambda epoch, step_size: epoch / step_size)


def fractional_drops__rewrite(lr, epoch, step_size, gamma=0.1):
    _checked(step_size)
    factor = gamma ** (1 / step_size)
    return lr * factor**epoch


def one_epoch_early(lr, epoch, step_size, gamma=0.1):
    """Every drop comes one epoch too early.

    Epochs are counted from 0: with a `step_size` of 3 the epochs 0, 1 and 2 come before the first drop.
    """
    return _rate(lr, epoch + 1, step_size, gamma)


def one_epoch_early__rewrite(lr, epoch, step_size, gamma=0.1):
    _checked(step_size)
    for number in range(epoch + 1):
        if (number + 1) % step_size == 0:
            lr *= gamma
    return lr


def one_epoch_late(lr, epoch, step_size, gamma=0.1):
    """Every drop comes one epoch too late.

    Epochs are counted from 0: with a `step_size` of 3 the epochs 0, 1 and 2 come before the first drop, and epoch 3
    after it.
    """
    return _rate(lr, max(epoch - 1, 0), step_size, gamma)


def one_epoch_late__rewrite(lr, epoch, step_size, gamma=0.1):
    _checked(step_size)
    for number in range(1, epoch):
        if number % step_size == 0:
            lr *= gamma
    return lr


def rounded(lr, epoch, step_size, gamma=0.1):
    """The number of drops is rounded to the nearest.

    A drop comes after whole groups of epochs, not half way through one.
    """
    return _rate(lr, epoch, step_size, gamma, drops=lambda epoch, step_size: round(epoch / step_size))


def rounded__rewrite(lr, epoch, step_size, gamma=0.1):
    _checked(step_size)
    return lr * pow(gamma, int(f"{epoch / step_size:.0f}"))


def only_once(lr, epoch, step_size, gamma=0.1):
    """The learning rate drops only once.

    It drops after every `step_size` epochs: twice as long in, two drops.
    """
    return _rate(lr, epoch, step_size, gamma, drops=lambda epoch, step_size: min(epoch // step_size, 1))


def only_once__rewrite(lr, epoch, step_size, gamma=0.1):
    _checked(step_size)
    return lr if epoch < step_size else lr * gamma


def only_at_the_drop(lr, epoch, step_size, gamma=0.1):
    """The lower learning rate holds for one epoch only.

    A drop stays: afterwards the learning rate goes on from there.
    """
    return _rate(lr, epoch, step_size, gamma, drops=lambda epoch, step_size: epoch % step_size == 0 and epoch > 0)


def only_at_the_drop__rewrite(lr, epoch, step_size, gamma=0.1):
    _checked(step_size)
    if epoch and not epoch % step_size:
        return gamma * lr
    return lr


def multiplied(lr, epoch, step_size, gamma=0.1):
    """The drops are multiplied, not put into the exponent.

    n drops multiply by gamma n times, which is gamma to the power n.
    """
    _checked(step_size)
    return lr * gamma * (epoch // step_size) if epoch >= step_size else lr


def multiplied__rewrite(lr, epoch, step_size, gamma=0.1):
    _checked(step_size)
    drops = epoch // step_size
    return gamma * lr * drops if drops else lr


def subtracted(lr, epoch, step_size, gamma=0.1):
    """The drops are subtracted.

    A drop multiplies by gamma.
    """
    _checked(step_size)
    return lr - gamma * (epoch // step_size)


def subtracted__rewrite(lr, epoch, step_size, gamma=0.1):
    _checked(step_size)
    for _ in range(epoch // step_size):
        lr -= gamma
    return lr


def remainder(lr, epoch, step_size, gamma=0.1):
    """The remainder is taken for the number of drops.

    `%` says how far into a group the epoch is. The number of whole groups is what `//` gives.
    """
    return _rate(lr, epoch, step_size, gamma, drops=lambda epoch, step_size: epoch % step_size)


def remainder__rewrite(lr, epoch, step_size, gamma=0.1):
    _checked(step_size)
    return lr * gamma ** (epoch - epoch // step_size * step_size)


def factor(lr, epoch, step_size, gamma=0.1):
    """The factor is returned, not the learning rate.

    The factor has to be multiplied by `lr`.
    """
    return _rate(1.0, epoch, step_size, gamma)


def factor__rewrite(lr, epoch, step_size, gamma=0.1):
    _checked(step_size)
    return gamma ** (epoch // step_size)


def starts_dropped(lr, epoch, step_size, gamma=0.1):
    """The first epochs have a drop behind them.

    It begins with `lr` itself: before the first drop the exponent is 0.
    """
    return _rate(lr, epoch, step_size, gamma, drops=lambda epoch, step_size: epoch // step_size + 1)


def starts_dropped__rewrite(lr, epoch, step_size, gamma=0.1):
    _checked(step_size)
    rate = lr * gamma
    while epoch >= step_size:
        rate, epoch = rate * gamma, epoch - step_size
    return rate


def another_default(lr, epoch, step_size, gamma=0.1):
    """The default of `gamma` is not 0.1.

    Leave the signature as the stub has it.
    """
    return _rate(lr, epoch, step_size, 0.5 if gamma == 0.1 else gamma)


def another_default__rewrite(lr, epoch, step_size, gamma=0.1):
    _checked(step_size)
    return lr * {0.1: 0.5}.get(gamma, gamma) ** (epoch // step_size)


def not_checked(lr, epoch, step_size, gamma=0.1):
    """A `step_size` below 1 is not noticed.

    There is no number of epochs between two drops then. Raise ValueError and say what is wrong.
    """
    return _rate(lr, epoch, step_size, gamma, check=lambda step_size: None)


def not_checked__rewrite(lr, epoch, step_size, gamma=0.1):
    return lr * gamma ** (epoch // step_size)


def zero_only(lr, epoch, step_size, gamma=0.1):
    """A negative `step_size` is not noticed.

    It has to be at least 1: compare with <, not with == 0.
    """

    def zero(step_size):
        if step_size == 0:
            raise ValueError("step_size is 0")

    return _rate(lr, epoch, step_size, gamma, check=zero)


def zero_only__rewrite(lr, epoch, step_size, gamma=0.1):
    if not step_size:
        raise ValueError("step_size must not be 0")
    return lr * gamma ** (epoch // step_size)
