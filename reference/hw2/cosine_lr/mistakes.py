"""Ways in which going down along a cosine goes wrong. The mistakes change a part of `_rate`."""

import math


def _checked(T_max):
    if T_max < 1:
        raise ValueError("T_max must be at least 1")


def _part(epoch, T_max):
    return min(epoch, T_max) / T_max


def _wave(part):
    return (1 + math.cos(math.pi * part)) / 2


def _rate(lr, epoch, T_max, eta_min, *, part=_part, wave=_wave, check=_checked):
    check(T_max)
    return eta_min + (lr - eta_min) * wave(part(epoch, T_max))


def rises_again(lr, epoch, T_max, eta_min=0.0):
    """The learning rate rises again after `T_max`.

    A cosine goes on as a wave. From epoch `T_max` on the learning rate stays at `eta_min`.
    """
    return _rate(lr, epoch, T_max, eta_min, part=lambda epoch, T_max: epoch / T_max)


def rises_again__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    return eta_min + (lr - eta_min) * math.cos(math.pi * epoch / T_max / 2) ** 2


def starts_over(lr, epoch, T_max, eta_min=0.0):
    """The learning rate starts over after `T_max`.

    That is a schedule with warm restarts. Here it stays at `eta_min`.
    """
    return _rate(lr, epoch, T_max, eta_min, part=lambda epoch, T_max: epoch % T_max / T_max)


def starts_over__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    while epoch >= T_max:
        epoch -= T_max
    return eta_min + (lr - eta_min) * (math.cos(epoch / T_max * math.pi) + 1) / 2


def starts_over_later(lr, epoch, T_max, eta_min=0.0):
    """The learning rate starts over after epoch `T_max`.

    That is a schedule with warm restarts. Here it stays at `eta_min`.
    """
    return _rate(lr, epoch, T_max, eta_min, part=lambda epoch, T_max: epoch % (T_max + 1) / T_max)


def starts_over_later__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    return eta_min + (lr - eta_min) * math.cos(math.pi * (epoch % (T_max + 1)) / T_max / 2) ** 2


def whole_wave(lr, epoch, T_max, eta_min=0.0):
    """A whole wave of the cosine is used.

    The way down is half a wave, from 0 to pi. With 2 pi the learning rate is back at its start in the end.
    """
    return _rate(lr, epoch, T_max, eta_min, wave=lambda part: (1 + math.cos(2 * math.pi * part)) / 2)


def whole_wave__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    return eta_min + (lr - eta_min) * (1 - math.sin(math.pi * _part(epoch, T_max)) ** 2)


def quarter_wave(lr, epoch, T_max, eta_min=0.0):
    """A quarter of a wave of the cosine is used.

    From 0 to pi / 2 it falls fastest at the end. Half a wave, from 0 to pi, is flat at both ends.
    """
    return _rate(lr, epoch, T_max, eta_min, wave=lambda part: math.cos(math.pi * part / 2))


def quarter_wave__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    return eta_min + (lr - eta_min) * math.sin(math.pi / 2 * (1 - _part(epoch, T_max)))


def not_shifted(lr, epoch, T_max, eta_min=0.0):
    """The cosine is used as it is.

    It goes from 1 down to -1, and so would the learning rate. (1 + cosine) / 2 goes from 1 down to 0.
    """
    return _rate(lr, epoch, T_max, eta_min, wave=lambda part: math.cos(math.pi * part))


def not_shifted__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    return eta_min - (lr - eta_min) * math.cos(math.pi * (1 - _part(epoch, T_max)))


def not_halved(lr, epoch, T_max, eta_min=0.0):
    """1 + cosine is not halved.

    It begins at 2: the first learning rate would be twice `lr`.
    """
    return _rate(lr, epoch, T_max, eta_min, wave=lambda part: 1 + math.cos(math.pi * part))


def not_halved__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    return eta_min + 2 * (lr - eta_min) * math.cos(math.pi * _part(epoch, T_max) / 2) ** 2


def no_pi(lr, epoch, T_max, eta_min=0.0):
    """The angle is not multiplied by pi.

    Angles are counted in radians: half a wave is pi long.
    """
    return _rate(lr, epoch, T_max, eta_min, wave=lambda part: (1 + math.cos(part)) / 2)


def no_pi__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    return eta_min + (lr - eta_min) * math.cos(_part(epoch, T_max) / 2) ** 2


def degrees(lr, epoch, T_max, eta_min=0.0):
    """The angle is in degrees.

    Python's cosine counts in radians: half a wave is pi, not 180.
    """
    return _rate(lr, epoch, T_max, eta_min, wave=lambda part: (1 + math.cos(180 * part)) / 2)


def degrees__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    return eta_min + (lr - eta_min) * math.cos(90 * _part(epoch, T_max)) ** 2


def sine(lr, epoch, T_max, eta_min=0.0):
    """The sine stands for the cosine.

    The sine is 0 at the start. A cosine begins at its highest point.
    """
    return _rate(lr, epoch, T_max, eta_min, wave=lambda part: (1 + math.sin(math.pi * part)) / 2)


def sine__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    return eta_min + (lr - eta_min) / 2 * (1 + math.cos(math.pi * (0.5 - _part(epoch, T_max))))


def upwards(lr, epoch, T_max, eta_min=0.0):
    """The wave goes up.

    It begins with `lr` and ends with `eta_min`: 1 + cosine, not 1 - cosine.
    """
    return _rate(lr, epoch, T_max, eta_min, wave=lambda part: (1 - math.cos(math.pi * part)) / 2)


def upwards__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    return eta_min + (lr - eta_min) * math.sin(math.pi / 2 * _part(epoch, T_max)) ** 2


def straight(lr, epoch, T_max, eta_min=0.0):
    """The learning rate falls along a straight line.

    It falls slowly at first and at the end, and fastest half way: along a cosine.
    """
    return _rate(lr, epoch, T_max, eta_min, wave=lambda part: 1 - part)


def straight__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    return lr + (eta_min - lr) * _part(epoch, T_max)


def whole_lr_waves(lr, epoch, T_max, eta_min=0.0):
    """The wave is as high as `lr`, not as `lr` - `eta_min`.

    With `eta_min` added, the first learning rate is then too large by `eta_min`.
    """
    return eta_min + _rate(lr, epoch, T_max, 0.0)


def whole_lr_waves__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    return lr * math.cos(math.pi * _part(epoch, T_max) / 2) ** 2 + eta_min


def eta_min_left_out(lr, epoch, T_max, eta_min=0.0):
    """`eta_min` is not added.

    The wave ends at 0; add `eta_min`, so that the learning rate ends there.
    """
    return _rate(lr, epoch, T_max, eta_min) - eta_min


def eta_min_left_out__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    return (lr - eta_min) * math.cos(math.pi * _part(epoch, T_max) / 2) ** 2


def eta_min_as_floor(lr, epoch, T_max, eta_min=0.0):
    """`eta_min` is a floor under a wave that goes down to 0.

    The wave itself ends at `eta_min`; it is not cut off there.
    """
    return max(_rate(lr, epoch, T_max, 0.0), eta_min)


def eta_min_as_floor__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    rate = lr * math.cos(math.pi * _part(epoch, T_max) / 2) ** 2
    return eta_min if rate < eta_min else rate


def eta_min_ignored(lr, epoch, T_max, eta_min=0.0):
    """`eta_min` is not used.

    The learning rate ends at `eta_min`, not at 0.
    """
    return _rate(lr, epoch, T_max, 0.0)


def eta_min_ignored__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    return lr * math.cos(math.pi * _part(epoch, T_max) / 2) ** 2


def zero_afterwards(lr, epoch, T_max, eta_min=0.0):
    """The learning rate is 0 after `T_max`.

    It stays at `eta_min`.
    """
    return _rate(lr, epoch, T_max, eta_min) if epoch <= T_max else 0.0


def zero_afterwards__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    if epoch > T_max:
        return 0.0
    return eta_min + (lr - eta_min) * math.cos(math.pi * epoch / T_max / 2) ** 2


def back_at_the_start(lr, epoch, T_max, eta_min=0.0):
    """The learning rate is `lr` again after `T_max`.

    It stays at `eta_min`.
    """
    return _rate(lr, epoch, T_max, eta_min) if epoch <= T_max else lr


def back_at_the_start__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    if epoch <= T_max:
        return eta_min + (lr - eta_min) * math.cos(math.pi * epoch / T_max / 2) ** 2
    return lr


def one_epoch_short(lr, epoch, T_max, eta_min=0.0):
    """`eta_min` is reached one epoch too early.

    It is reached in epoch `T_max`: divide by `T_max`, not by `T_max` - 1.
    """
    return _rate(lr, epoch, T_max, eta_min, part=lambda epoch, T_max: min(epoch / max(T_max - 1, 1), 1))


def one_epoch_short__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    part = 1 if epoch >= T_max - 1 > 0 else min(epoch, 1) if T_max == 1 else epoch / (T_max - 1)
    return eta_min + (lr - eta_min) * math.cos(math.pi * part / 2) ** 2


def one_epoch_ahead(lr, epoch, T_max, eta_min=0.0):
    """Every epoch has the learning rate of the next one.

    Epoch 0 has `lr` itself.
    """
    return _rate(lr, epoch + 1, T_max, eta_min)


def one_epoch_ahead__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    return eta_min + (lr - eta_min) * math.cos(math.pi * _part(epoch + 1, T_max) / 2) ** 2


def whole_division(lr, epoch, T_max, eta_min=0.0):
    """The division drops what is behind the point.

    `//` gives 0 on the whole way. Divide with `/`.
    """
    return _rate(lr, epoch, T_max, eta_min, part=lambda epoch, T_max: min(epoch, T_max) // T_max)


def whole_division__rewrite(lr, epoch, T_max, eta_min=0.0):
    _checked(T_max)
    return lr if epoch < T_max else eta_min


def not_checked(lr, epoch, T_max, eta_min=0.0):
    """A `T_max` below 1 is not noticed.

    There is no way down then. Raise ValueError and say what is wrong.
    """
    return _rate(lr, epoch, T_max, eta_min, check=lambda T_max: None)


def not_checked__rewrite(lr, epoch, T_max, eta_min=0.0):
    return eta_min + (lr - eta_min) * _wave(_part(epoch, T_max))


def zero_only(lr, epoch, T_max, eta_min=0.0):
    """A negative `T_max` is not noticed.

    It has to be at least 1: compare with <, not with == 0.
    """

    def zero(T_max):
        if T_max == 0:
            raise ValueError("T_max is 0")

    return _rate(lr, epoch, T_max, eta_min, check=zero)


def zero_only__rewrite(lr, epoch, T_max, eta_min=0.0):
    if not T_max:
        raise ValueError("T_max must not be 0")
    return eta_min + (lr - eta_min) * _wave(_part(epoch, T_max))
