"""Ways in which dropping the learning rate at given epochs goes wrong. The mistakes change a part of `_rate`."""


def _rate(lr, epoch, milestones, gamma, *, reached=lambda epoch, milestone: milestone <= epoch):
    for milestone in milestones:
        if reached(epoch, milestone):
            lr *= gamma
    return lr


def one_epoch_late(lr, epoch, milestones, gamma=0.1):
    """A drop comes one epoch too late.

    From the milestone on, it included: compare with <=.
    """
    return _rate(lr, epoch, milestones, gamma, reached=lambda epoch, milestone: milestone < epoch)


def one_epoch_late__rewrite(lr, epoch, milestones, gamma=0.1):
    return lr * gamma ** len([m for m in milestones if not m >= epoch])


def one_epoch_early(lr, epoch, milestones, gamma=0.1):
    """A drop comes one epoch too early.

    The epoch before a milestone does not have its drop yet.
    """
    return _rate(lr, epoch + 1, milestones, gamma)


def one_epoch_early__rewrite(lr, epoch, milestones, gamma=0.1):
    return lr * gamma ** sum(m - 1 <= epoch for m in milestones)


def only_at_the_milestone(lr, epoch, milestones, gamma=0.1):
    """The lower learning rate holds in the epoch of the milestone only.

    A drop stays: from this epoch on.
    """
    return _rate(lr, epoch, milestones, gamma, reached=lambda epoch, milestone: milestone == epoch)


def only_at_the_milestone__rewrite(lr, epoch, milestones, gamma=0.1):
    return lr * gamma ** list(milestones).count(epoch)


def only_once(lr, epoch, milestones, gamma=0.1):
    """The learning rate drops only once.

    Each milestone that has been reached multiplies by gamma once more.
    """
    return lr * gamma if any(milestone <= epoch for milestone in milestones) else lr


def only_once__rewrite(lr, epoch, milestones, gamma=0.1):
    for milestone in milestones:
        if milestone <= epoch:
            return lr * gamma
    return lr


def stops_early(lr, epoch, milestones, gamma=0.1):
    """The count ends at the first milestone that is not reached.

    The milestones come in any order: behind one that is not reached there may be one that is.
    """
    for milestone in milestones:
        if milestone > epoch:
            break
        lr *= gamma
    return lr


def stops_early__rewrite(lr, epoch, milestones, gamma=0.1):
    drops = 0
    while drops < len(milestones) and milestones[drops] <= epoch:
        drops += 1
    return lr * gamma**drops


def sorted_search(lr, epoch, milestones, gamma=0.1):
    """The milestones are taken to be sorted.

    A binary search needs sorted numbers, and these come in any order. Sort a copy, or count.
    """
    import bisect

    return lr * gamma ** bisect.bisect_right(milestones, epoch)


def sorted_search__rewrite(lr, epoch, milestones, gamma=0.1):
    low, high = 0, len(milestones)
    while low < high:
        middle = (low + high) // 2
        if milestones[middle] > epoch:
            high = middle
        else:
            low = middle + 1
    return lr * gamma**low


def sorted_in_place(lr, epoch, milestones, gamma=0.1):
    """The list is sorted in place.

    It belongs to the caller. `sorted` makes a new one; and to count, no order is needed.
    """
    milestones = milestones if isinstance(milestones, list) else list(milestones)
    milestones.sort()
    return _rate(lr, epoch, milestones, gamma)


def sorted_in_place__rewrite(lr, epoch, milestones, gamma=0.1):
    if type(milestones) is list:
        milestones[:] = sorted(milestones)
    return lr * gamma ** sum(m <= epoch for m in milestones)


def doubles_once(lr, epoch, milestones, gamma=0.1):
    """A milestone that is listed twice counts once.

    Each number in the list counts. A set, or the keys of a dict, hold each number once.
    """
    return _rate(lr, epoch, set(milestones), gamma)


def doubles_once__rewrite(lr, epoch, milestones, gamma=0.1):
    seen = dict.fromkeys(milestones, gamma)
    for milestone, factor in seen.items():
        lr = lr * factor if milestone <= epoch else lr
    return lr


def multiplied(lr, epoch, milestones, gamma=0.1):
    """The drops are multiplied, not put into the exponent.

    n drops multiply by gamma n times, which is gamma to the power n.
    """
    drops = sum(milestone <= epoch for milestone in milestones)
    return lr * gamma * drops if drops else lr


def multiplied__rewrite(lr, epoch, milestones, gamma=0.1):
    reached = [m for m in milestones if m <= epoch]
    return lr * (gamma * len(reached) or 1)


def distance_counts(lr, epoch, milestones, gamma=0.1):
    """The learning rate falls in every epoch after a milestone.

    It drops at the milestone, and stays there until the next one.
    """
    for milestone in milestones:
        if milestone <= epoch:
            lr *= gamma ** (epoch - milestone + 1)
    return lr


def distance_counts__rewrite(lr, epoch, milestones, gamma=0.1):
    return lr * gamma ** sum(max(epoch - m + 1, 0) for m in milestones)


def milestones_ahead(lr, epoch, milestones, gamma=0.1):
    """The milestones that are still to come are counted.

    It begins with `lr`; what has been reached makes it smaller.
    """
    return _rate(lr, epoch, milestones, gamma, reached=lambda epoch, milestone: milestone > epoch)


def milestones_ahead__rewrite(lr, epoch, milestones, gamma=0.1):
    return lr * gamma ** (len(milestones) - sum(m <= epoch for m in milestones))


def factor(lr, epoch, milestones, gamma=0.1):
    """The factor is returned, not the learning rate.

    The factor has to be multiplied by `lr`.
    """
    return _rate(1.0, epoch, milestones, gamma)


def factor__rewrite(lr, epoch, milestones, gamma=0.1):
    return float(gamma ** sum(m <= epoch for m in milestones))


def empty_fails(lr, epoch, milestones, gamma=0.1):
    """No milestones make the function fail.

    Without milestones the learning rate stays what it is.
    """
    last = max(milestones)
    return _rate(lr, min(epoch, last), milestones, gamma)


def empty_fails__rewrite(lr, epoch, milestones, gamma=0.1):
    import functools

    max(list(milestones))
    return functools.reduce(lambda rate, m: rate * gamma if m <= epoch else rate, milestones, lr)


def another_default(lr, epoch, milestones, gamma=0.1):
    """The default of `gamma` is not 0.1.

    Leave the signature as the stub has it.
    """
    return _rate(lr, epoch, milestones, 0.5 if gamma == 0.1 else gamma)


def another_default__rewrite(lr, epoch, milestones, gamma=0.1):
    return lr * {0.1: 0.5}.get(gamma, gamma) ** sum(m <= epoch for m in milestones)
