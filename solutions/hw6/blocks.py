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
        ### BEGIN SOLUTION
        self.dense1 = nn.Linear(ffn_num_input, ffn_num_hiddens)
        self.dense2 = nn.Linear(ffn_num_hiddens, ffn_num_outputs)
        ### END SOLUTION

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
        ### BEGIN SOLUTION
        return self.dense2(torch.relu(self.dense1(X)))
        ### END SOLUTION


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
        ### BEGIN SOLUTION
        self.dropout = nn.Dropout(dropout)
        self.ln = nn.LayerNorm(normalized_shape)
        ### END SOLUTION

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
        ### BEGIN SOLUTION
        if X.shape != Y.shape:
            raise ValueError(f"X has shape {tuple(X.shape)} and Y {tuple(Y.shape)}; they must be equal")
        return self.ln(X + self.dropout(Y))
        ### END SOLUTION
