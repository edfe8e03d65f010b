"""Ways in which conv_output_size goes wrong."""

import math


def _size(n, kernel_size, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel_size - 1) - 1
    if room < 0:
        raise ValueError("the kernel does not fit")
    return room // stride + 1


def not_rounded(n, kernel_size, stride=1, padding=0, dilation=1):
    """The division is not rounded.

    Half a place is no place, and a size is an int. Divide with //, which rounds down.
    """
    if n + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("the kernel does not fit")
    return (n + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1


def not_rounded__rewrite(n, kernel_size, stride=1, padding=0, dilation=1):
    _size(n, kernel_size, stride, padding, dilation)
    return 1 + (n + 2 * padding - (kernel_size - 1) * dilation - 1) / stride


def rounded_up(n, kernel_size, stride=1, padding=0, dilation=1):
    """The division is rounded up.

    The last step would hang over the edge. It is not made: round down.
    """
    _size(n, kernel_size, stride, padding, dilation)
    return -(-(n + 2 * padding - dilation * (kernel_size - 1) - 1) // stride) + 1


def rounded_up__rewrite(n, kernel_size, stride=1, padding=0, dilation=1):
    size = _size(n, kernel_size, stride, padding, dilation)
    left = (n + 2 * padding - dilation * (kernel_size - 1) - 1) % stride
    return size + 1 if left else size


def rounded_to_the_nearest(n, kernel_size, stride=1, padding=0, dilation=1):
    """The division is rounded to the nearest int.

    A step that fits by more than half still does not fit. Round down.
    """
    _size(n, kernel_size, stride, padding, dilation)
    return math.floor((n + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 0.5) + 1


def rounded_to_the_nearest__rewrite(n, kernel_size, stride=1, padding=0, dilation=1):
    _size(n, kernel_size, stride, padding, dilation)
    room = float(n + 2 * padding - dilation * (kernel_size - 1) - 1)
    return int(room / stride + 0.5) + 1


def through_a_float(n, kernel_size, stride=1, padding=0, dilation=1):
    """The division goes through a float.

    A float holds 53 bits; beyond that the size is off. // divides whole numbers exactly.
    """
    _size(n, kernel_size, stride, padding, dilation)
    return math.floor((n + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1


def through_a_float__rewrite(n, kernel_size, stride=1, padding=0, dilation=1):
    _size(n, kernel_size, stride, padding, dilation)
    return int((n + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1


def first_place_forgotten(n, kernel_size, stride=1, padding=0, dilation=1):
    """One is missing: the place where the kernel starts.

    The division counts steps. Before the first step the kernel has a place already: add 1.
    """
    return _size(n, kernel_size, stride, padding, dilation) - 1


def first_place_forgotten__rewrite(n, kernel_size, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel_size - 1) - 1
    if room < 0:
        raise ValueError("the kernel does not fit")
    return room // stride


def one_added_before_dividing(n, kernel_size, stride=1, padding=0, dilation=1):
    """The 1 is added before the division.

    That is right for stride 1 only. Divide first, then count the first place.
    """
    _size(n, kernel_size, stride, padding, dilation)
    return (n + 2 * padding - dilation * (kernel_size - 1)) // stride


def one_added_before_dividing__rewrite(n, kernel_size, stride=1, padding=0, dilation=1):
    return (_size(n, kernel_size, 1, padding, dilation)) // stride


def stride_ignored(n, kernel_size, stride=1, padding=0, dilation=1):
    """The stride is not used.

    A kernel that moves on by s makes only every s-th place.
    """
    return _size(n, kernel_size, 1, padding, dilation)


def stride_ignored__rewrite(n, kernel_size, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel_size - 1)
    if room < 1:
        raise ValueError("no room")
    return room


def padded_once(n, kernel_size, stride=1, padding=0, dilation=1):
    """The padding is added at one end only.

    It is added at both: n + 2 * padding.
    """
    return _size(n + padding, kernel_size, stride, 0, dilation)


def padded_once__rewrite(n, kernel_size, stride=1, padding=0, dilation=1):
    room = n + padding - (dilation * (kernel_size - 1) + 1)
    if room < 0:
        raise ValueError("no room")
    return room // stride + 1


def padding_ignored(n, kernel_size, stride=1, padding=0, dilation=1):
    """The padding is not used.

    The kernel slides over the padded input of n + 2 * padding places.
    """
    return _size(n, kernel_size, stride, 0, dilation)


def padding_ignored__rewrite(n, kernel_size, stride=1, padding=0, dilation=1):
    room = n - (dilation * (kernel_size - 1) + 1)
    if room < 0:
        raise ValueError("no room")
    return room // stride + 1


def dilation_ignored(n, kernel_size, stride=1, padding=0, dilation=1):
    """The dilation is not used.

    A kernel with gaps spans more: d (k - 1) + 1 places.
    """
    return _size(n, kernel_size, stride, padding, 1)


def dilation_ignored__rewrite(n, kernel_size, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - kernel_size
    if room < 0:
        raise ValueError("no room")
    return room // stride + 1


def dilated_by_the_whole_kernel(n, kernel_size, stride=1, padding=0, dilation=1):
    """The kernel is taken to span d k places.

    Between k entries there are k - 1 gaps: it spans d (k - 1) + 1.
    """
    return _size(n, dilation * kernel_size, stride, padding, 1)


def dilated_by_the_whole_kernel__rewrite(n, kernel_size, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * kernel_size
    if room < 0:
        raise ValueError("no room")
    return room // stride + 1


def dilation_counts_gaps(n, kernel_size, stride=1, padding=0, dilation=1):
    """The dilation is taken for the number of places between two entries.

    Dilation 1 leaves no place between them: it is the distance from one entry to the next.
    """
    return _size(n, kernel_size + (kernel_size - 1) * dilation, stride, padding, 1)


def dilation_counts_gaps__rewrite(n, kernel_size, stride=1, padding=0, dilation=1):
    return _size(n, kernel_size, stride, padding, dilation + 1)


def kernel_always_fits(n, kernel_size, stride=1, padding=0, dilation=1):
    """A kernel that does not fit gives a size of 0 or below.

    Such a layer cannot be, and its size leads to an error that is hard to understand somewhere else. Raise a
    ValueError.
    """
    return (n + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1


def kernel_always_fits__rewrite(n, kernel_size, stride=1, padding=0, dilation=1):
    try:
        return _size(n, kernel_size, stride, padding, dilation)
    except ValueError:
        return 0


def rounded_towards_zero(n, kernel_size, stride=1, padding=0, dilation=1):
    """A kernel that is too large by less than the stride is taken to fit.

    int() rounds towards zero, so that -1 / 2 becomes 0 and the size 1. Ask whether it fits before dividing.
    """
    size = (abs(n + 2 * padding - dilation * (kernel_size - 1) - 1)) // stride
    if n + 2 * padding - dilation * (kernel_size - 1) - 1 < 0:
        size = -size
    if size + 1 < 1:
        raise ValueError("the kernel does not fit")
    return size + 1


def rounded_towards_zero__rewrite(n, kernel_size, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel_size - 1) - 1
    if room <= -stride:
        raise ValueError("the kernel does not fit")
    return max(room, 0) // stride + 1


def nothing_left_over(n, kernel_size, stride=1, padding=0, dilation=1):
    """A last step that does not fit raises an error.

    It is not made, and what is left over at the edge is not looked at.
    """
    if (n + 2 * padding - dilation * (kernel_size - 1) - 1) % stride:
        raise ValueError("the stride does not divide what is left")
    return _size(n, kernel_size, stride, padding, dilation)


def nothing_left_over__rewrite(n, kernel_size, stride=1, padding=0, dilation=1):
    size = _size(n, kernel_size, stride, padding, dilation)
    if (size - 1) * stride + dilation * (kernel_size - 1) + 1 != n + 2 * padding:
        raise ValueError("sizes do not match")
    return size
