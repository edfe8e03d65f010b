# %% [markdown]
# # The blocks of a Transformer
#
# A Transformer is a stack of blocks that are all alike. Each block has two or three parts, attention or a small network,
# and around every part the same frame: what goes in is added to what comes out, and the sum is normalised.
#
# $$\mathrm{frame}(X) = \mathrm{LayerNorm}\big(X + \mathrm{dropout}(\mathrm{part}(X))\big)$$
#
# The blocks take `num_hiddens` where other texts take six sizes: what is added must have the same number of features, so
# that queries, keys, values, the inputs of the network and what is normalised all have `num_hiddens` of them.

# %%
import torch
from torch import nn

from attention import MultiHeadAttention

# %% [markdown]
# ## PositionWiseFFN and AddNorm
#
# The network has one hidden layer. It is called *position-wise* since it sees one step at a time: every step goes through
# the same two linear layers, and what is at one step changes nothing at another. Only attention moves anything between
# steps.


# %%
class PositionWiseFFN(nn.Module):
    """A network with one hidden layer, applied to every step by itself.

    Args of the constructor:
        ffn_num_input: features of a step.
        ffn_num_hiddens: features of the hidden layer.
        ffn_num_outputs: features of the answer.

    Two linear layers with a bias are registered under the names `dense1` (ffn_num_input → ffn_num_hiddens) and `dense2`
    (ffn_num_hiddens → ffn_num_outputs). There is nothing else in the state dict, and it restores the module.
    """

    def __init__(self, ffn_num_input, ffn_num_hiddens, ffn_num_outputs):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, X):
        """The first layer, a ReLU, the second layer.

        Args:
            X: shape (batch, steps, ffn_num_input). There may be any number of axes before the last.

        Returns:
            A tensor of shape (batch, steps, ffn_num_outputs). No activation follows the second layer. Each step is answered
            by itself, whatever stands at the others, and all by the same layers. An empty batch gives an empty answer.

        X is not changed. Gradients flow to X and to the parameters. Works on the device of X and of the parameters, where
        the work is done too: nothing is copied to the host. The number of torch operations does not grow with the steps.

        Example:
            >>> ffn = PositionWiseFFN(4, 16, 8)
            >>> ffn(torch.ones(2, 3, 4)).shape
            torch.Size([2, 3, 8])

        Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.3; Zhang et al., "Dive into Deep Learning"
        (2023), section 11.7.2.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# The layer norm looks at one step of one sequence: mean and variance are those of its features. Statistics over the steps
# as well would mix the padding in, and what comes later in a sentence; a model with them cannot read sentences of another
# length.


# %%
class AddNorm(nn.Module):
    """A residual connection, followed by a layer norm.

    Args of the constructor:
        normalized_shape: int, the number of features of a step.
        dropout: probability with which an element of Y is dropped in training mode.

    The layer norm, an `nn.LayerNorm`, is registered under the name `ln`: its parameters are `ln.weight` and `ln.bias`, both
    of shape (normalized_shape,). There are no other parameters and no buffers, and the state dict restores the module.
    """

    def __init__(self, normalized_shape, dropout):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, X, Y):
        """Adds Y, after dropout, to X and normalises the sum.

        Args:
            X: what went into a part of the network, shape (batch, steps, features).
            Y: what came out of it, with the same shape.

        Returns:
            A new tensor with the shape of X. The mean is taken off and the sum is divided by the square root of the biased
            variance plus 1e-5. Both are those of the features of one step, so that no step and no sequence changes the
            answer of another. Then each feature is multiplied with its `ln.weight`, and its `ln.bias` is added.

        A ValueError that names both shapes is raised when X and Y do not have the same shape: broadcasting would hide the
        mistake.

        In training mode dropout falls on Y, and on nothing else: each element is dropped with probability `dropout`, on its
        own and anew in every call, and those that stay are divided by 1 - `dropout`. In evaluation mode nothing is dropped.

        No argument is changed. Gradients flow to X, Y and the parameters. Works on the device of the arguments, where the
        work is done too: nothing is copied to the host.

        Example:
            >>> X = torch.tensor([[[1.0, 2.0], [10.0, 10.0]]])
            >>> AddNorm(2, 0.5).eval()(X, torch.zeros(1, 2, 2)).detach()
            tensor([[[-1.0000,  1.0000],
                     [ 0.0000,  0.0000]]])

        Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.1; Ba, Kiros and Hinton, "Layer Normalization"
        (2016), section 3.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## EncoderBlock
#
# | part | in | out |
# |---|---|---|
# | self-attention, then `addnorm1` | X, three times | Y |
# | `ffn`, then `addnorm2` | Y | the answer |
#
# All have the shape (batch, steps, num_hiddens).


# %%
class EncoderBlock(nn.Module):
    """Self-attention and a position-wise network, each with its residual connection and norm.

    Args of the constructor:
        num_hiddens: features of a step, in and out.
        ffn_num_hiddens: features of the hidden layer of the network.
        num_heads: number of heads; it divides `num_hiddens`.
        dropout: the probability for the attention weights, and for both residual connections.

    Four submodules are registered under these names:

        attention: a `MultiHeadAttention` with dot products, all of whose sizes are `num_hiddens`
        addnorm1, addnorm2: each an `AddNorm` over `num_hiddens` features
        ffn: a `PositionWiseFFN` with `num_hiddens` inputs and outputs

    so that the parameters are called `attention.W_q.weight`, `addnorm1.ln.weight`, `ffn.dense1.weight` and so on. There are
    no others and no buffers, and the state dict restores the module.
    """

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, X, valid_lens=None):
        """Lets every step look at all valid ones, then sends each through the network.

        Args:
            X: shape (batch, steps, num_hiddens).
            valid_lens: None, or integers of shape (batch,) or (batch, steps), as `MultiHeadAttention` takes them.

        Returns:
            A tensor of shape (batch, steps, num_hiddens). First Y = addnorm1(X, attention(X, X, X)), then the answer
            addnorm2(Y, ffn(Y)): the norm comes after the sum (“post-norm”), and the second residual connection starts at Y.
            Steps at or beyond the valid length are looked at by nobody; they are answered themselves like all the others.

        In training mode `dropout` is at work in the attention weights and in both AddNorms. In evaluation mode nothing is
        dropped. Nothing is kept from one call to the next that changes an answer.

        No argument is changed. Gradients flow to X and to the parameters. Works on the device of X and of the parameters,
        where the work is done too: nothing is copied to the host.

        Example:
            >>> block = EncoderBlock(24, 48, 8, 0.5).eval()
            >>> block(torch.ones(2, 100, 24), torch.tensor([3, 2])).shape
            torch.Size([2, 100, 24])

        Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.1; Zhang et al., "Dive into Deep Learning"
        (2023), section 11.7.4.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## DecoderBlock
#
# A decoder learns from whole sentences at once, each step allowed to see itself and what stands before it, and later
# writes one step at a time. Both must give the same answers. Valid lengths can say "itself and what stands before it":
# step $t$ looks at the first $t + 1$ steps. While writing, the block keeps what it was given so far, so that keys and
# values are there for the steps that follow:
#
# | call | X | cache before | keys and values of the self-attention | step t looks at |
# |---|---|---|---|---|
# | the whole sentence | n steps | None | X | steps 0 to t |
# | the next m steps | m steps | c steps | cache, then X | steps 0 to c + t |


# %%
class DecoderBlock(nn.Module):
    """Causal self-attention, attention to the encoder's outputs and a position-wise network, with a cache.

    Args of the constructor:
        num_hiddens, ffn_num_hiddens, num_heads, dropout: as for `EncoderBlock`.
        i: int, the number of the block in its decoder, which is the place of its cache.

    Six submodules are registered under these names:

        attention1: a `MultiHeadAttention` with dot products, of the steps to one another
        attention2: another one, of the steps to the encoder's outputs
        addnorm1, addnorm2, addnorm3: each an `AddNorm` over `num_hiddens` features
        ffn: a `PositionWiseFFN` with `num_hiddens` inputs and outputs

    There are no other parameters and no buffers, and the state dict restores the module.
    """

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout, i):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, X, state):
        """Answers the next steps of a sequence.

        Args:
            X: the next steps, shape (batch, steps, num_hiddens): all of them, or those after the ones in the cache.
            state: a list of three: the encoder's outputs, shape (batch, encoder steps, num_hiddens); their valid lengths,
                None or shape (batch,); and a list with a cache for every block of the decoder. `state[2][i]` is None
                before the first step, and afterwards a tensor of shape (batch, steps so far, num_hiddens).

        Returns:
            The answer, shape (batch, steps, num_hiddens), and the state for the steps that follow, in which `state[2][i]`
            holds the inputs X of all calls so far, joined along the steps. Whether it is the list that was given, with
            another cache in it, or a new one is up to you; the caches of other blocks stay as they are.

        With K the cache and X joined, Y = addnorm1(X, attention1(X, K, K)), then Z = addnorm2(Y, attention2(Y, enc, enc))
        with enc the encoder's outputs, and the answer is addnorm3(Z, ffn(Z)).

        The self-attention is causal, in training and in evaluation mode alike: a step looks at itself and at all steps
        before it, those in the cache included, and at no later one. The valid lengths hold for the encoder's outputs
        alone. Answering a sequence step by step, or some steps at a time, gives the same answers as all at once.

        In training mode `dropout` is at work in the weights of both attentions and in the three AddNorms. In evaluation
        mode nothing is dropped. All that is kept from call to call is in `state`, nothing in the module.

        No tensor that is given is changed. Gradients flow to X, to the encoder's outputs and to the parameters. Works on
        the device of the arguments, where the work is done too: nothing is copied to the host.

        Example:
            >>> block = DecoderBlock(24, 48, 8, 0.5, 0).eval()
            >>> state = [torch.ones(2, 7, 24), torch.tensor([3, 2]), [None]]
            >>> out, state = block(torch.ones(2, 5, 24), state)
            >>> out, state = block(torch.ones(2, 1, 24), state)
            >>> out.shape, state[2][0].shape
            (torch.Size([2, 1, 24]), torch.Size([2, 6, 24]))

        Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.1; Zhang et al., "Dive into Deep Learning"
        (2023), section 11.7.5.
        """
        raise NotImplementedError("your code here")
