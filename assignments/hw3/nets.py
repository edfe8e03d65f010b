# %% [markdown]
# # Convolutional networks
#
# You have built the layers; here are four networks that made history with them. A layer from `torch.nn` does the same as
# yours and is quicker, so use those from here on.
#
# All four have two parts. Convolutions and pooling make an image smaller and give it more channels; then each image is
# *flattened* into one row of features, and fully connected layers make scores of it. Whoever writes the second part has to
# know what is left of an image after the first. Work it out on paper, with `conv_output_size`, before you type it.
#
# No network here ends in a softmax. The cross-entropy takes scores as they are, and makes its own.

# %%
import torch
from torch import nn
import torch.nn.functional as F

# %% [markdown]
# ## LeNet
#
# It read the digits on cheques in the 1990s. Its pooling is the mean and its activation function the sigmoid: maxima and
# ReLU came later.


# %%
class LeNet(nn.Module):
    """LeNet for grey images of 28 by 28 pixels.

    Args:
        num_classes: number of scores.

    Five layers, each with a bias, are registered under these names, and nothing else is:

        conv1: convolution, 1 → 6 channels, kernel 5 by 5, padding 2
        conv2: convolution, 6 → 16 channels, kernel 5 by 5, no padding
        fc1: linear, 400 → 120      fc2: linear, 120 → 84      fc3: linear, 84 → num_classes
    """

    def __init__(self, num_classes=10):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, x):
        """The scores of images x, shape (N, 1, 28, 28): shape (N, num_classes).

        x goes through conv1, sigmoid, average pooling, conv2, sigmoid, average pooling; each image is flattened, channel by
        channel, to 400 features; they go through fc1, sigmoid, fc2, sigmoid and fc3. Average pooling has windows of 2 by 2
        that do not overlap. There is no softmax, nor anything else, behind fc3.

        Every layer is used with its bias. N may be any number: a batch of one image gives (1, num_classes), and an empty
        batch gives (0, num_classes). The answer is the same in training and in evaluation mode. After `.double()` the
        network computes in float64. x is not changed. Gradients flow to x and to all parameters. After `.to(device)` the
        network works on that device, and nothing is copied to the host.

        Example:
            >>> LeNet(num_classes=3)(torch.zeros(2, 1, 28, 28)).shape
            torch.Size([2, 3])

        Source: LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition" (1998); Zhang
        et al., "Dive into Deep Learning" (2023), section 7.6.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## AlexNet
#
# Deeper than LeNet, with ReLU for the sigmoid, maxima for means, pooling windows that *overlap* (three by three, two apart),
# and dropout in the fully connected part: with this it won the ImageNet challenge of 2012. Its images have 224 pixels a side
# and its first kernels 11; the network below is the same, scaled down to images of 28.


# %%
class AlexNet(nn.Module):
    """A small AlexNet for images of 28 by 28 pixels.

    Args:
        in_channels: channels of the images.
        num_classes: number of scores.
        dropout: the probability with which a hidden feature is dropped in training mode, at least 0 and below 1.

    Eight layers, each with a bias, are registered under these names, and no other parameters are:

        conv1: convolution, in_channels → 8 channels, kernel 5 by 5, padding 2
        conv2: convolution, 8 → 16 channels, kernel 5 by 5, padding 2
        conv3: convolution, 16 → 24 channels, kernel 3 by 3, padding 1
        conv4: convolution, 24 → 24 channels, kernel 3 by 3, padding 1
        conv5: convolution, 24 → 16 channels, kernel 3 by 3, padding 1
        fc1: linear, 64 → 32      fc2: linear, 32 → 32      fc3: linear, 32 → num_classes
    """

    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, x):
        """The scores of images x, shape (N, in_channels, 28, 28): shape (N, num_classes).

        Behind every layer but fc3 stands a ReLU. Max pooling follows the ReLU of conv1, that of conv2 and that of conv5, with
        windows of 3 by 3 that move by 2, and no padding: 28 pixels a side become 13, 6 and 2. Each image is flattened, channel
        by channel, to 64 features. In training mode dropout follows the ReLU of fc1 and that of fc2: each feature of each
        image is dropped on its own, anew in every call, and the others are divided by 1 - dropout. In evaluation mode nothing
        is dropped, and the same images get the same scores. There is no softmax, nor anything else, behind fc3.

        Every layer is used with its bias. N may be any number: an empty batch gives (0, num_classes). x is not changed.
        Gradients flow to x and to all parameters. After `.to(device)` the network works on that device, and nothing is copied
        to the host.

        Example:
            >>> AlexNet(in_channels=3)(torch.zeros(2, 3, 28, 28)).shape
            torch.Size([2, 10])

        Source: Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks" (2012);
        Zhang et al., "Dive into Deep Learning" (2023), section 8.1.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## vgg_block and vgg
#
# Where AlexNet chose every layer by hand, VGG repeats one pattern: some convolutions of 3 by 3 that keep the size, then
# pooling that halves it. Two of these see as much of the image as one of 5 by 5, with fewer weights and one more ReLU. A
# network is then written down by a few numbers for each block, and made by a function.


# %%
def vgg_block(num_convs, in_channels, out_channels):
    """A block of VGG: convolutions that keep the size of the image, and max pooling that halves it.

    Args:
        num_convs: number of convolutions, at least 1.
        in_channels: channels of the input.
        out_channels: channels of every convolution's output.

    Returns:
        An `nn.Sequential` of 2 num_convs + 1 layers: num_convs times a convolution (kernel 3 by 3, padding 1, with a bias)
        and a ReLU, then max pooling with windows of 2 by 2 that do not overlap. The first convolution takes in_channels, each
        later one takes what the one before it gives, and each has weights of its own. The parameters thus have the names
        "0.weight", "0.bias", "2.weight", "2.bias" and so on.

    Of an image of shape (N, in_channels, H, W) the block makes one of shape (N, out_channels, floor(H / 2), floor(W / 2)):
    the last row or column of an odd number is left out. Every convolution is used with its bias. An empty batch gives an
    empty output. The input is not changed. Gradients flow to the input and to all parameters. After `.to(device)` the block
    works on that device.

    Example:
        >>> block = vgg_block(2, in_channels=1, out_channels=4)
        >>> len(block), block(torch.zeros(3, 1, 8, 7)).shape
        (5, torch.Size([3, 4, 4, 3]))

    Source: Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition" (2015); Zhang et
    al., "Dive into Deep Learning" (2023), section 8.2.
    """
    raise NotImplementedError("your code here")


# %%
def vgg(conv_arch, in_channels=1, image_size=224, num_hidden=4096, num_classes=10, dropout=0.5):
    """A VGG network: blocks one after the other, then three fully connected layers.

    Args:
        conv_arch: for each block a pair (num_convs, out_channels).
        in_channels: channels of the images.
        image_size: their height and width: an int, or a tuple (H, W).
        num_hidden: features of the two hidden layers.
        num_classes: number of scores.
        dropout: the probability with which a hidden feature is dropped in training mode, at least 0 and below 1.

    Returns:
        An `nn.Sequential`. With B blocks its layers are, in this order:

            0 to B - 1: a `vgg_block` for each pair, which takes as many channels as the one before it gives
            B: flattening of each image to one row
            B + 1: linear, to num_hidden      B + 2: ReLU      B + 3: dropout
            B + 4: linear, to num_hidden      B + 5: ReLU      B + 6: dropout
            B + 7: linear, to num_classes

        The parameters thus have names like "0.0.weight", "1.2.bias" and, for two blocks, "3.weight".

    Every block halves height and width, rounding down: the first linear layer has as many inputs as pixels are left, times
    the channels of the last block. All parameters have their shape from the start, before the first call. Every layer is
    used with its bias. There is no softmax, nor anything else, behind the last layer.

    In training mode dropout follows the two hidden ReLUs: each feature of each image is dropped on its own, anew in every
    call, and the others are divided by 1 - dropout. In evaluation mode nothing is dropped, and the same images get the same
    scores. An empty batch gives (0, num_classes). Gradients flow to the images and to all parameters. After `.to(device)` the network works
    on that device.

    Raises:
        ValueError: no pixel is left of an image after the last block. It has a message.

    Example:
        >>> net = vgg(((1, 4), (2, 8)), in_channels=3, image_size=(16, 9), num_hidden=10, num_classes=5)
        >>> net(torch.zeros(2, 3, 16, 9)).shape
        torch.Size([2, 5])
        >>> net[3].in_features
        64

    Source: Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition" (2015); Zhang et
    al., "Dive into Deep Learning" (2023), section 8.2.
    """
    raise NotImplementedError("your code here")
