"""Ways in which multiplying the learning rate after every epoch goes wrong."""


def multiplied(lr, epoch, gamma):
    """The learning rate is multiplied by gamma times the epoch.

    After n epochs it has been multiplied by gamma n times, which is gamma to the power n.
    """
    return lr * gamma * epoch


def multiplied__rewrite(lr, epoch, gamma):
    return sum(lr * gamma for _ in range(epoch)) + 0.0


def one_epoch_ahead(lr, epoch, gamma):
    """Every epoch has the learning rate of the next one.

    In epoch 0 nothing has been multiplied yet.
    """
    return lr * gamma ** (epoch + 1)


def one_epoch_ahead__rewrite(lr, epoch, gamma):
    for _ in range(epoch + 1):
        lr = lr * gamma
    return lr


def one_epoch_behind(lr, epoch, gamma):
    """Every epoch has the learning rate of the one before.

    Epochs are counted from 0: epoch 1 has one multiplication behind it.
    """
    return lr * gamma ** max(epoch - 1, 0)


def one_epoch_behind__rewrite(lr, epoch, gamma):
    for _ in range(1, epoch):
        lr *= gamma
    return lr


def exponential_function(lr, epoch, gamma):
    """The exponential function stands for the power.

    `gamma` is the factor from one epoch to the next, not the speed of a decay: gamma to the power of the epoch.
    """
    import math

    return lr * math.exp(-gamma * epoch)


def exponential_function__rewrite(lr, epoch, gamma):
    import math

    return lr / math.e ** (epoch * gamma)


def whole_power(lr, epoch, gamma):
    """The learning rate is raised to the power as well.

    Only gamma is multiplied again and again; `lr` is there once.
    """
    return (lr * gamma) ** epoch


def whole_power__rewrite(lr, epoch, gamma):
    rate = 1.0
    for _ in range(epoch):
        rate *= lr * gamma
    return rate


def power_the_wrong_way_round(lr, epoch, gamma):
    """The epoch is raised to a power.

    The base is gamma and the exponent is the epoch.
    """
    return lr * epoch**gamma


def power_the_wrong_way_round__rewrite(lr, epoch, gamma):
    return lr * pow(epoch, gamma)


def subtracted(lr, epoch, gamma):
    """gamma is subtracted after every epoch.

    It is a factor: multiply.
    """
    return lr - gamma * epoch


def subtracted__rewrite(lr, epoch, gamma):
    for _ in range(epoch):
        lr -= gamma
    return lr


def one_minus_gamma(lr, epoch, gamma):
    """1 - gamma is taken for the factor.

    `gamma` is what stays, not what is taken away.
    """
    return lr * (1 - gamma) ** epoch


def one_minus_gamma__rewrite(lr, epoch, gamma):
    for _ in range(epoch):
        lr -= lr * gamma
    return lr


def only_once(lr, epoch, gamma):
    """The learning rate is multiplied only once.

    It is multiplied after every epoch.
    """
    return lr * gamma if epoch else lr


def only_once__rewrite(lr, epoch, gamma):
    return lr * gamma ** min(epoch, 1)


def factor(lr, epoch, gamma):
    """The factor is returned, not the learning rate.

    The factor has to be multiplied by `lr`.
    """
    return gamma**epoch


def factor__rewrite(lr, epoch, gamma):
    rate = 1.0
    for _ in range(epoch):
        rate *= gamma
    return rate


def divided(lr, epoch, gamma):
    """The learning rate is divided by a growing number.

    That is the decay 1 / (1 + gamma · epoch). Here it is multiplied by gamma after every epoch.
    """
    return lr / (1 + gamma * epoch)


def divided__rewrite(lr, epoch, gamma):
    return lr * (1 + epoch * gamma) ** -1
