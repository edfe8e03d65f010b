"""Ways in which conv2d goes wrong."""

import torch.nn.functional as F


def flipped_kernel(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The kernel is flipped.

    That is the convolution of signal processing. A convolutional layer multiplies the window with the kernel as it
    is (cross-correlation): drop the flip.
    """
    return F.conv2d(x, weight.flip(-1, -2), bias, stride, padding, dilation, groups)


def last_stride_one(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The stride of the columns is taken as 1.

    A stride that is a pair has a second element, for the columns; a single number stands for both.
    """
    stride = (stride if isinstance(stride, int) else stride[0], 1)
    return F.conv2d(x, weight, bias, stride, padding, dilation, groups)
