# %% [markdown]
# # Blocks of modern networks
#
# Deep networks are not designed layer by layer. They are built of *blocks*: a few layers that belong together, repeated
# with other numbers of channels. Four ideas from four years:
#
# | block | year | idea |
# |---|---|---|
# | NiN | 2013 | 1 × 1 convolutions: a small dense network at every pixel |
# | Inception | 2014 | several kernel sizes side by side, and the next layer chooses |
# | residual | 2015 | the layers learn what to *add* to their input |
# | ResNet | 2015 | residual blocks in stages, each with half the pixels and more channels |
#
# The blocks are made of torch's own layers, `nn.Conv2d`, `nn.BatchNorm2d`, `nn.Linear`: you have written the inside of
# a convolution already. Here the question is which layer stands where, and what it is given.

# %%
import torch
from torch import nn
import torch.nn.functional as F

# %% [markdown]
# ## Residual
#
# A deeper network can do all that a shallower one can: its additional layers would only have to pass on what they get.
# Plain layers find that hard to learn. A residual block makes it easy: the layers compute $g(x)$, and the answer is
# $\mathrm{ReLU}(g(x) + x)$. With all weights at zero the block passes $x \ge 0$ on as it is, and on the way back the
# gradient has a way around the layers too.
#
# A sum needs two tensors of one shape. Where the layers change the number of channels or the size of the image, the way
# around gets a 1 × 1 convolution that makes the same change.


# %%
class Residual(nn.Module):
    """A residual block: two convolutions, and a way around them.

    Args of the constructor:
        input_channels: channels of the input.
        num_channels: channels of the answer.
        use_1x1conv: whether there is a 1 × 1 convolution on the way around.
        strides: the stride of the block, an int. The answer has ceil(H / strides) rows, and columns likewise.

    These layers are registered under these names, and no other parameters or buffers are; every convolution has a bias:

        conv1: convolution 3 × 3 with padding 1 and stride `strides`, input_channels → num_channels
        bn1:   batch normalisation of num_channels
        conv2: convolution 3 × 3 with padding 1 and stride 1, num_channels → num_channels
        bn2:   batch normalisation of num_channels
        conv3: convolution 1 × 1 with stride `strides`, input_channels → num_channels; only with use_1x1conv

    The batch normalisations are `nn.BatchNorm2d` with torch's own eps and momentum.

    The constructor raises a ValueError that says what is wrong when use_1x1conv is False although `strides` is not 1 or
    the numbers of channels differ: the two ways could not be added.
    """

    def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, X):
        """Sends X through the layers and around them, and adds the two.

        The layers are conv1, bn1, ReLU, conv2, bn2, in this order. The way around is X itself, and with use_1x1conv X goes
        through `conv3` alone. The answer is ReLU of the sum of both ways; there are no other ReLUs.

        Args:
            X: shape (N, input_channels, H, W).

        Returns:
            A tensor of shape (N, num_channels, H_out, W_out), with H_out = ceil(H / strides) and W_out likewise.

        In training mode the batch normalisations use the statistics of the batch and update their running averages, in
        evaluation mode they use the averages and leave them as they are. X is not changed. Gradients flow to X, by both
        ways, and to all parameters. Works on whatever device X and the parameters are on.

        Example:
            >>> Residual(3, 3)(torch.zeros(4, 3, 6, 6)).shape
            torch.Size([4, 3, 6, 6])
            >>> Residual(3, 6, use_1x1conv=True, strides=2)(torch.zeros(4, 3, 7, 6)).shape
            torch.Size([4, 6, 4, 3])

        Source: He et al., "Deep Residual Learning for Image Recognition" (2016); Zhang et al., "Dive into Deep Learning"
        (2023), section 8.6.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## ResNet
#
# A residual network is a first convolution, then *stages*. In a stage all blocks have the same number of channels. The
# first block of each stage, but for the first stage, halves the image and changes the number of channels, so that the
# work in all stages is about the same. In the end each channel is averaged over the whole image, however large that is,
# and one linear layer makes scores of the averages.
#
# This is the network for *small* images of the paper's section 4.2: it begins with a 3 × 3 convolution of stride 1,
# where the one for photographs begins with 7 × 7 and a pooling.


# %%
class ResNet(nn.Module):
    """A residual network for small images, made of your `Residual` blocks.

    Args of the constructor:
        arch: a stage each, a sequence of pairs (num_residuals, num_channels): so many blocks, so many channels.
        in_channels: channels of the images.
        num_classes: number of scores.

    These parts are registered under these names, and no other parameters or buffers are:

        conv:   convolution 3 × 3 with padding 1 and stride 1 and with a bias, in_channels → num_channels of the first stage
        bn:     batch normalisation (`nn.BatchNorm2d`) of so many channels
        stages: nn.Sequential with a stage each, which is an nn.Sequential of `Residual` blocks, so that `stages[1][0]` is
                the first block of the second stage
        fc:     linear, num_channels of the last stage → num_classes, with a bias

    The first block of every stage but the first has use_1x1conv and strides 2, and changes the number of channels from
    that of the stage before. All other blocks have neither.
    """

    def __init__(self, arch, in_channels=1, num_classes=10):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, X):
        """Classifies a batch of images.

        X goes through conv, bn and ReLU, then through all stages. Each channel is averaged over the rows and columns that
        are left, and `fc` makes the scores of the averages. There is no softmax: the loss takes scores.

        Args:
            X: shape (N, in_channels, H, W). H and W may be any size.

        Returns:
            The scores, shape (N, num_classes).

        In training mode the batch normalisations use the statistics of the batch, in evaluation mode their running
        averages. X is not changed. Gradients flow to X and to all parameters. Works on whatever device X and the
        parameters are on.

        Example:
            >>> net = ResNet([(2, 8), (2, 16)], in_channels=3, num_classes=5)
            >>> net(torch.zeros(4, 3, 12, 10)).shape, net.stages[1][0].conv3.stride
            (torch.Size([4, 5]), (2, 2))

        Source: He et al., "Deep Residual Learning for Image Recognition" (2016), section 4.2; Zhang et al., "Dive into
        Deep Learning" (2023), section 8.6.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## Inception
#
# How large should a kernel be? An Inception block does not decide. Four paths look at the same input, with windows of 1,
# 3 and 5 pixels and a max pooling, and what they find is put side by side as channels. Before the large kernels, 1 × 1
# convolutions bring down the number of channels: a 5 × 5 convolution of 192 channels would be dear.


# %%
class Inception(nn.Module):
    """An Inception block: four paths side by side.

    Args of the constructor:
        in_channels: channels of the input.
        c1: channels of path 1, an int.
        c2: channels in path 2, a pair: after its first and its second convolution.
        c3: channels in path 3, a pair likewise.
        c4: channels of path 4, an int.

    These six convolutions, all of stride 1 and with a bias, are registered under these names, and no other parameters or
    buffers are:

        path 1   p1_1: 1 × 1, in_channels → c1
        path 2   p2_1: 1 × 1, in_channels → c2[0]   p2_2: 3 × 3 with padding 1, c2[0] → c2[1]
        path 3   p3_1: 1 × 1, in_channels → c3[0]   p3_2: 5 × 5 with padding 2, c3[0] → c3[1]
        path 4   p4_2: 1 × 1, in_channels → c4, behind a max pooling 3 × 3 with stride 1 and padding 1
    """

    def __init__(self, in_channels, c1, c2, c3, c4):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, X):
        """Sends X through all four paths, and concatenates what they give along the channels.

        All paths begin at X itself. Behind each convolution there is a ReLU, also behind the last one of a path; there are
        no other activation functions. The channels of path 1 come first, then those of paths 2, 3 and 4. In path 4 X is
        pooled first: the largest of each window, whose padding never wins, also where all entries are negative.

        Args:
            X: shape (N, in_channels, H, W). H and W may be any size from 1.

        Returns:
            A tensor of shape (N, c1 + c2[1] + c3[1] + c4, H, W). An empty batch gives an empty answer.

        The answer is the same in training and in evaluation mode. In a float64 block everything is computed in float64. X
        is not changed, and may have any memory layout. Gradients flow to X, by all paths, and to all parameters. Works on
        whatever device X and the parameters are on.

        Example:
            >>> block = Inception(6, c1=2, c2=(3, 4), c3=(1, 2), c4=5)
            >>> block(torch.zeros(4, 6, 8, 7)).shape
            torch.Size([4, 13, 8, 7])

        Source: Szegedy et al., "Going Deeper with Convolutions" (2015); Zhang et al., "Dive into Deep Learning" (2023),
        section 8.4.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## nin_block
#
# A convolution of 1 × 1 sees one pixel, but all of its channels: it is a linear layer that is applied at every pixel by
# itself. Two of them behind an ordinary convolution, with ReLU in between, make a *network in the network*.


# %%
def nin_block(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """A block of a network in network: a convolution and two of 1 × 1, each with a ReLU behind it.

    Args:
        in_channels: channels of the input.
        out_channels: channels of all three convolutions' answers.
        kernel_size, strides, padding: those of the first convolution, each an int or a tuple (rows, columns). The two 1 × 1
            convolutions have stride 1 and no padding.

    Returns:
        A new `nn.Sequential` of exactly six layers, at every call one with weights of its own:

            0: convolution, in_channels → out_channels                1: ReLU
            2: convolution 1 × 1, out_channels → out_channels         3: ReLU
            4: convolution 1 × 1, out_channels → out_channels         5: ReLU

        so that its parameters are called `0.weight`, `0.bias`, `2.weight`, `2.bias`, `4.weight` and `4.bias`. Every
        convolution has a bias. There are no other parameters and no buffers.

    The block takes X of shape (N, in_channels, H, W) and answers with shape (N, out_channels, H_out, W_out), where the
    sizes are those of the first convolution. The answer is the same in training and in evaluation mode, and a float64 block
    computes in float64. Gradients flow to X and to all parameters. Works on whatever device X and the parameters are on.

    Example:
        >>> block = nin_block(3, 5, kernel_size=3, strides=2, padding=1)
        >>> block(torch.zeros(4, 3, 8, 7)).shape, [name for name, _ in block.named_parameters()][:2]
        (torch.Size([4, 5, 4, 4]), ['0.weight', '0.bias'])

    Source: Lin, Chen and Yan, "Network In Network" (2013); Zhang et al., "Dive into Deep Learning" (2023), section 8.3.
    """
    raise NotImplementedError("your code here")
