"""Correct sizes, written in other ways."""


def the_formula(n, kernel_size, stride=1, padding=0, dilation=1):
    """As in PyTorch's documentation, in whole numbers."""
    size = (n + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1
    if size < 1:
        raise ValueError(f"kernel of {kernel_size} on an input of {n}")
    return size


def rounded_up(n, kernel_size, stride=1, padding=0, dilation=1):
    """The number of places without a stride, divided and rounded up."""
    span = kernel_size + (kernel_size - 1) * (dilation - 1)
    places = n + padding + padding - span + 1
    if places <= 0:
        raise ValueError("the kernel is larger than the padded input")
    return -(-places // stride)


def with_divmod(n, kernel_size, stride=1, padding=0, dilation=1):
    """Steps that are whole, by divmod."""
    free = n + 2 * padding - dilation * kernel_size + dilation - 1
    if free < 0:
        raise ValueError("no place for the kernel")
    steps, _ = divmod(free, stride)
    return steps + 1
