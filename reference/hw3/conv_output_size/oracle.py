"""conv_output_size by counting the places one by one, in the large by their range."""


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    places = range(-padding, n + padding - span + 1, stride)
    if not places:
        raise ValueError("the kernel does not fit")
    return (places[-1] - places[0]) // stride + 1
