# %% [markdown]
# # Multimodal fusion
#
# A film is a picture and a sound, a post a text and an image, a patient has a genome and a metabolism. *Multimodal*
# models read several kinds of input at once. Each kind, a *modality*, has a size of its own and goes through a branch of
# its own; the question of this file is how what the branches found is joined, *fused*, before one classifier decides.
#
# With $t$ and $v$ for the features of text and image, both of $h$ numbers:
#
# | fusion | fused features | size | text and image meet |
# |---|---|---|---|
# | concatenation | $[t; v]$ | $2h$ | in the classifier, as a sum |
# | weighted | $\alpha t + \beta v$ | $h$ | as a sum |
# | element-wise | $t + v$, $t \odot v$ or $\max(t, v)$ | $h$ | number by number |
# | tensor (bilinear) | $t^\top W_k v + b_k$ | $h$ | every pair of numbers |
# | attention | $a\, t + (1 - a)\, v$, with $a = \sigma(w^\top [t; v] + c)$ | $h$ | as a sum, weighted by each sample |
# | high order | $t \otimes v \otimes t \otimes \dots$ | $h^p$ | every product of $p$ numbers |
#
# A sum can say "text or image"; a product can say "text and image", and costs more parameters.

# %%
import torch
from torch import nn

# %% [markdown]
# ## ConcatenationFusion
#
# Concatenation puts the features of a *sample* side by side. On the batch axis it would put the *samples* below each
# other: 2N rows, half of which have seen no image.


# %%
class ConcatenationFusion(nn.Module):
    """Classifies a text and an image from their features side by side.

    Args of the constructor:
        text_dim, image_dim: features of a text and of an image.
        hidden_dim: features of each modality after its projection.
        num_classes: number of scores.

    Three linear layers, each with a bias, are registered under these names, and nothing else is:

        text_fc: text_dim → hidden_dim      image_fc: image_dim → hidden_dim
        classifier: 2 * hidden_dim → num_classes
    """

    def __init__(self, text_dim, hidden_dim, image_dim, num_classes):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, text, image):
        """Projects each modality with its own layer, and classifies what both give, side by side.

        The projections of a sample are concatenated, those of the text come first, and `classifier` makes the scores of
        them. There is no activation function, neither between the layers nor at the end.

        Args:
            text: shape (batch, text_dim).
            image: shape (batch, image_dim).

        Returns:
            The scores, shape (batch, num_classes): a row for each sample. An empty batch gives an empty answer.

        Every layer is used with its bias. The answer is the same in training and in evaluation mode. In a float64 model
        everything is computed in float64. No argument is changed, and the arguments may have any memory layout.
        Gradients flow to the arguments and to all parameters. Works on whatever device the arguments and parameters are
        on, and nothing is copied to the host. The number of torch operations does not grow with the batch.

        Example:
            >>> fusion = ConcatenationFusion(text_dim=4, hidden_dim=8, image_dim=6, num_classes=3)
            >>> fusion(torch.ones(5, 4), torch.ones(5, 6)).shape
            torch.Size([5, 3])

        Source: Ngiam et al., "Multimodal Deep Learning" (2011); Baltrušaitis, Ahuja and Morency, "Multimodal Machine
        Learning: A Survey and Taxonomy" (2019), section 6.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## WeightedFusion
#
# Two numbers say how much each modality counts. They are parameters like any others: the optimizer finds them, if it is
# told of them.


# %%
class WeightedFusion(nn.Module):
    """Classifies a text and an image from the weighted sum of their features.

    Args of the constructor:
        text_dim, image_dim: features of a text and of an image.
        hidden_dim: features of each modality after its projection.
        output_dim: number of scores.

    Three linear layers, each with a bias, and two parameters of shape (1,) are registered under these names, and nothing
    else is:

        text_fc: text_dim → hidden_dim      image_fc: image_dim → hidden_dim      classifier: hidden_dim → output_dim
        text_weight, image_weight: both are 0.5 at the start, so that neither modality is preferred
    """

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, text, image):
        """Adds up the features of both modalities, each times its weight, and classifies the sum.

        The features of a modality are its projection after ReLU. They are multiplied by `text_weight` and
        `image_weight` as these are: the weights may be negative, and need not add up to 1. `classifier` makes the scores
        of the sum, without an activation function before or after it.

        Args:
            text: shape (batch, text_dim).
            image: shape (batch, image_dim).

        Returns:
            The scores, shape (batch, output_dim). An empty batch gives an empty answer.

        Every layer is used with its bias. The answer is the same in training and in evaluation mode. In a float64 model
        everything is computed in float64. No argument is changed, and the arguments may have any memory layout.
        Gradients flow to the arguments and to all parameters. Works on whatever device the arguments and parameters are
        on, and nothing is copied to the host. The number of torch operations does not grow with the batch.

        Example:
            >>> fusion = WeightedFusion(text_dim=4, image_dim=6, hidden_dim=8, output_dim=3)
            >>> fusion(torch.ones(5, 4), torch.ones(5, 6)).shape, fusion.text_weight.tolist()
            (torch.Size([5, 3]), [0.5])

        Source: Baltrušaitis, Ahuja and Morency, "Multimodal Machine Learning: A Survey and Taxonomy" (2019), section 6.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## ElementWiseFusion
#
# Number $i$ of the text meets number $i$ of the image. What the two projections learn is therefore a common meaning of
# the places. A sum is large when either is, a product when both are, and a maximum takes the surer one.


# %%
class ElementWiseFusion(nn.Module):
    """Classifies a text and an image from their features, joined number by number.

    Args of the constructor:
        text_dim, image_dim: features of a text and of an image.
        hidden_dim: features of each modality after its projection.
        output_dim: number of scores.
        op: how two numbers are joined: "add", "mul" or "max". Anything else raises a ValueError
            whose message has the word.

    Three linear layers, each with a bias, are registered under these names, and nothing else is:

        text_fc: text_dim → hidden_dim      image_fc: image_dim → hidden_dim      classifier: hidden_dim → output_dim
    """

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, op="add"):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, text, image):
        """Joins the features of both modalities number by number, and classifies what comes out.

        The features of a modality are its projection after ReLU. With "add" number i of the text and number i of the
        image are added, with "mul" they are multiplied, with "max" the larger one is taken. `classifier` makes the
        scores of the result, without an activation function before or after it.

        Args:
            text: shape (batch, text_dim).
            image: shape (batch, image_dim).

        Returns:
            The scores, shape (batch, output_dim). An empty batch gives an empty answer.

        Every layer is used with its bias. The answer is the same in training and in evaluation mode. In a float64 model
        everything is computed in float64. No argument is changed, and the arguments may have any memory layout.
        Gradients flow to the arguments and to all parameters. Works on whatever device the arguments and parameters are
        on, and nothing is copied to the host. The number of torch operations does not grow with the batch.

        Example:
            >>> fusion = ElementWiseFusion(text_dim=4, image_dim=6, hidden_dim=8, output_dim=3, op="mul")
            >>> fusion(torch.ones(5, 4), torch.ones(5, 6)).shape
            torch.Size([5, 3])

        Source: Kim et al., "Hadamard Product for Low-rank Bilinear Pooling" (2017), for the product.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## TensorFusion
#
# Every number of the text times every number of the image, and for each of $h$ outputs a weight for each of the
# products: output $k$ is
# $$f_k = \sum_{i=1}^{h} \sum_{j=1}^{h} W_{kij}\, t_i\, v_j + b_k .$$
# The weights are a tensor with three axes, $h^3$ numbers.


# %%
class TensorFusion(nn.Module):
    """Classifies a text and an image from a bilinear form of their features.

    Args of the constructor:
        text_dim, image_dim: features of a text and of an image.
        hidden_dim: features of each modality after its projection, and of the fused features.
        output_dim: number of scores.

    Three linear layers, each with a bias, and an `nn.Bilinear` are registered under these names, and nothing else is:

        text_fc: text_dim → hidden_dim      image_fc: image_dim → hidden_dim      classifier: hidden_dim → output_dim
        bilinear: hidden_dim, hidden_dim → hidden_dim, with `bilinear.weight` of shape (hidden_dim, hidden_dim,
            hidden_dim) and `bilinear.bias` of shape (hidden_dim,)
    """

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, text, image):
        """Fuses the features of both modalities by the bilinear form, and classifies the fused features.

        The features of a modality are its projection after ReLU. Fused feature k is the sum over i and j of
        `bilinear.weight[k, i, j]` * text[i] * image[j], plus `bilinear.bias[k]`, with the features in the place of text
        and image. `classifier` makes the scores of the fused features, without an activation function before or after
        it.

        The operator `bilinear` is not called, neither by `nn.Bilinear` nor by `torch.nn.functional.bilinear`: the module
        `bilinear` holds the parameters, and you compute with them. An answer that comes from the operator earns nothing.

        Args:
            text: shape (batch, text_dim).
            image: shape (batch, image_dim).

        Returns:
            The scores, shape (batch, output_dim). An empty batch gives an empty answer.

        Every layer is used with its bias. The answer is the same in training and in evaluation mode. In a float64 model
        everything is computed in float64. No argument is changed, and the arguments may have any memory layout.
        Gradients flow to the arguments and to all parameters. Works on whatever device the arguments and parameters are
        on, and nothing is copied to the host. The number of torch operations grows neither with the batch nor with
        hidden_dim.

        Example:
            >>> fusion = TensorFusion(text_dim=4, image_dim=6, hidden_dim=8, output_dim=3)
            >>> fusion(torch.ones(5, 4), torch.ones(5, 6)).shape, fusion.bilinear.weight.shape
            (torch.Size([5, 3]), torch.Size([8, 8, 8]))

        Source: Tenenbaum and Freeman, "Separating Style and Content with Bilinear Models" (2000); Zadeh et al., "Tensor
        Fusion Network for Multimodal Sentiment Analysis" (2017).
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## AttentionFusion
#
# One sample has a telling text and a blurred image, another the opposite. A *gate* looks at both and decides, sample by
# sample, how much of each is used.


# %%
class AttentionFusion(nn.Module):
    """Classifies a text and an image from a mean of their features whose weight depends on the sample.

    Args of the constructor:
        text_dim, image_dim: features of a text and of an image.
        hidden_dim: features of each modality after its projection.
        output_dim: number of scores.

    Four linear layers, each with a bias, are registered under these names, and nothing else is:

        text_fc: text_dim → hidden_dim      image_fc: image_dim → hidden_dim      classifier: hidden_dim → output_dim
        attention: 2 * hidden_dim → 1
    """

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, text, image):
        """Weighs the features of both modalities by each sample's attention, and classifies their mean.

        The features of a modality are its projection after ReLU. `attention` sees the features of both side by side,
        those of the text first, and its answer after a sigmoid is the weight a of the text: the fused features are
        a * text + (1 - a) * image. Every sample has one weight of its own, the same for all its features. `classifier`
        makes the scores of the fused features, without an activation function before or after it.

        Args:
            text: shape (batch, text_dim).
            image: shape (batch, image_dim).

        Returns:
            The scores, shape (batch, output_dim). An empty batch gives an empty answer.

        The attribute `attention_weights` holds the weights a of the last call, shape (batch, 1); whether they are
        detached from the graph is up to you.

        Every layer is used with its bias. The answer is the same in training and in evaluation mode. In a float64 model
        everything is computed in float64. No argument is changed, and the arguments may have any memory layout.
        Gradients flow to the arguments and to all parameters. Works on whatever device the arguments and parameters are
        on, and nothing is copied to the host. The number of torch operations does not grow with the batch.

        Example:
            >>> fusion = AttentionFusion(text_dim=4, image_dim=6, hidden_dim=8, output_dim=3)
            >>> fusion(torch.ones(5, 4), torch.ones(5, 6)).shape, fusion.attention_weights.shape
            (torch.Size([5, 3]), torch.Size([5, 1]))

        Source: Arevalo et al., "Gated Multimodal Units for Information Fusion" (2017).
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## HighOrderFusion
#
# An outer product of two vectors holds every product of a number of one and a number of the other. Of $p$ vectors it
# holds every product of $p$ numbers, $h^p$ of them. Text and image take turns, so that order 3 is
# $$F_{ijk} = t_i\, v_j\, t_k .$$
# Flattened row by row, $F_{ijk}$ comes at place $(i h + j) h + k$: the last index runs fastest.


# %%
class HighOrderFusion(nn.Module):
    """Classifies a text and an image from all products of `order` of their features.

    Args of the constructor:
        text_dim, image_dim: features of a text and of an image.
        hidden_dim: features of each modality after its projection.
        output_dim: number of scores.
        order: how many numbers are multiplied, an int. Less than 2 raises a ValueError whose message has the number.

    Four linear layers, each with a bias, are registered under these names, and nothing else is:

        text_fc: text_dim → hidden_dim      image_fc: image_dim → hidden_dim      classifier: hidden_dim → output_dim
        high_order_fc: hidden_dim ** order → hidden_dim
    """

    def __init__(self, text_dim, image_dim, hidden_dim, output_dim, order=2):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, text, image):
        """Multiplies the features of both modalities in every combination, and classifies what `high_order_fc` makes of
        it.

        The features of a modality are its projection after ReLU. The outer product has `order` factors, which are text
        and image by turns, beginning with the text: text, image for order 2, text, image, text for order 3. Its entries
        are flattened with the last factor's index running fastest, so that entry [i, j] of order 2 comes at place
        i * hidden_dim + j. `high_order_fc` and then ReLU make hidden_dim numbers of them, and `classifier` the scores of
        these, without an activation function at the end.

        Args:
            text: shape (batch, text_dim).
            image: shape (batch, image_dim).

        Returns:
            The scores, shape (batch, output_dim). An empty batch gives an empty answer.

        Every layer is used with its bias. The answer is the same in training and in evaluation mode. In a float64 model
        everything is computed in float64. No argument is changed, and the arguments may have any memory layout.
        Gradients flow to the arguments and to all parameters. Works on whatever device the arguments and parameters are
        on, and nothing is copied to the host. The number of torch operations grows neither with the batch nor with
        hidden_dim.

        Example:
            >>> fusion = HighOrderFusion(text_dim=4, image_dim=6, hidden_dim=3, output_dim=2, order=4)
            >>> fusion(torch.ones(5, 4), torch.ones(5, 6)).shape, fusion.high_order_fc.in_features
            (torch.Size([5, 2]), 81)

        Source: Hou et al., "Deep Multimodal Multilinear Fusion with High-order Polynomial Pooling" (2019).
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## MultiModalNet
#
# Three branches, one for each kind of measurement on a patient: genes, what is transcribed of them, and what the cell
# makes of it. Measurements are missing in practice. A branch without input contributes zeros, and the rest of the net
# does what it can.


# %%
class MultiModalNet(nn.Module):
    """Classifies samples from three modalities, of which some may be missing.

    Args of the constructor:
        genomics_dim, transcript_dim, metabol_dim: features of the three inputs.
        hidden_dim: features of all hidden layers.
        num_classes: number of scores.

    Nine linear layers, each with a bias, are registered under these names, and nothing else is:

        genomics_fc1: genomics_dim → hidden_dim          genomics_fc2: hidden_dim → hidden_dim
        transcript_fc1: transcript_dim → hidden_dim      transcript_fc2: hidden_dim → hidden_dim
        metabol_fc1: metabol_dim → hidden_dim            metabol_fc2: hidden_dim → hidden_dim
        fc1: 3 * hidden_dim → hidden_dim      fc2: hidden_dim → hidden_dim      fc3: hidden_dim → num_classes
    """

    def __init__(self, genomics_dim, transcript_dim, metabol_dim, hidden_dim, num_classes=2):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, genomics=None, transcriptomics=None, metabolomics=None):
        """Sends each input through its branch, concatenates the three, and classifies.

        A branch is its fc1, ReLU, its fc2, ReLU. The features of the three branches are concatenated for each sample, in
        the order of the arguments, and go through `fc1`, ReLU, `fc2`, ReLU and `fc3`. There is no softmax: the loss takes
        scores.

        An input may be None, where the modality was not measured. The features of its branch are then zeros, for every
        sample of the batch, and its layers get no gradient.

        Args:
            genomics: shape (batch, genomics_dim), or None.
            transcriptomics: shape (batch, transcript_dim), or None.
            metabolomics: shape (batch, metabol_dim), or None.

        Returns:
            The scores, shape (batch, num_classes). An empty batch gives an empty answer.

        Raises:
            ValueError: all three inputs are None. It has a message.

        Every layer is used with its bias. The answer is the same in training and in evaluation mode. In a float64 model
        everything is computed in float64. No argument is changed, and the arguments may have any memory layout.
        Gradients flow to the arguments and to all parameters that are used. Works on whatever device the arguments and
        parameters are on, and nothing is copied to the host. The number of torch operations does not grow with the
        batch.

        Example:
            >>> net = MultiModalNet(genomics_dim=5, transcript_dim=3, metabol_dim=2, hidden_dim=8)
            >>> net(torch.ones(4, 5), None, torch.ones(4, 2)).shape
            torch.Size([4, 2])

        Source: Baltrušaitis, Ahuja and Morency, "Multimodal Machine Learning: A Survey and Taxonomy" (2019), section 6.
        """
        raise NotImplementedError("your code here")
