# %% [markdown]
# # Layers of your own
#
# A layer is a class that derives from `nn.Module`: the constructor makes what is learned, `forward` says what is
# computed. What is assigned to an attribute as an `nn.Parameter`, or as another module, is registered: the optimizer
# finds it in `parameters()`, `state_dict()` saves it, `.to(device)` moves it. A plain tensor is none of that.

# %%
import torch
from torch import nn

# %% [markdown]
# ## Norm
#
# The smallest layer has nothing to learn:
#
# $$y = \frac{x - \bar x}{s + \varepsilon}, \qquad s^2 = \frac{1}{n - 1} \sum_{i=1}^{n} (x_i - \bar x)^2,$$
#
# with the mean $\bar x$ and the standard deviation $s$ of all $n$ elements.


# %%
class Norm(nn.Module):
    """Shifts and scales a whole tensor to mean 0 and standard deviation 1; a module without parameters and buffers.

    Args of the constructor:
        eps: a small number, added to the standard deviation.

    Example:
        >>> Norm()(torch.tensor([0.0, 1.0, 2.0]))
        tensor([-1.0000,  0.0000,  1.0000])

    Source: Zhang et al., "Dive into Deep Learning", section 6.5.
    """

    def __init__(self, eps=1e-5):
        raise NotImplementedError("your code here")

    def forward(self, x):
        """Subtracts the mean of all elements of x, and divides by their standard deviation plus `eps`.

        The standard deviation has the divisor n - 1, as `x.std()` has it. `eps` is added to it, outside of any root, so
        that elements which are all equal become 0, not NaN.

        Args:
            x: floating point, of any shape, with at least two elements.

        Returns:
            A new tensor with the shape, the dtype and the device of x.

        Every call computes anew: the layer keeps nothing from one call to the next, and does the same in training and
        in evaluation. x is not changed. Gradients flow to x, also through the mean and the standard deviation.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## TwoLayerNet
#
# $$y = \mathrm{relu}(x W_1 + b_1)\, W_2 + b_2, \qquad \mathrm{relu}(h) = \max(h, 0)$$
#
# | tensor | shape |
# |---|---|
# | `x` | (N, D_in) |
# | `weight1`, `bias1` | (D_in, H), (H,) |
# | `weight2`, `bias2` | (H, D_out), (D_out,) |
# | `y` | (N, D_out) |


# %%
class TwoLayerNet(nn.Module):
    """A network of two layers with parameters of its own, made without `nn.Linear`.

    Args of the constructor:
        D_in: the number of input features.
        H: the number of hidden units.
        D_out: the number of output features.

    Parameters of the module, registered under these names, in float32 and requiring a gradient:
        weight1: shape (D_in, H).
        bias1: shape (H,).
        weight2: shape (H, D_out).
        bias2: shape (D_out,).

    Initialisation: the weights start with random numbers from torch's global generator (uniform, normal or the like),
    each drawn on its own: finite, the same after the same `torch.manual_seed` and others after another one. Each bias
    starts with such numbers or with zeros.

    Example:
        >>> net = TwoLayerNet(5, 3, 2)
        >>> [(name, tuple(p.shape)) for name, p in net.named_parameters()]
        [('weight1', (5, 3)), ('bias1', (3,)), ('weight2', (3, 2)), ('bias2', (2,))]
        >>> net(torch.zeros(4, 5)).shape
        torch.Size([4, 2])

    Source: Paszke et al., "PyTorch: An Imperative Style, High-Performance Deep Learning Library" (2019), section 4.1;
    Zhang et al., "Dive into Deep Learning", sections 5.1 and 6.5.
    """

    def __init__(self, D_in, H, D_out):
        raise NotImplementedError("your code here")

    def forward(self, x):
        """Computes relu(x @ weight1 + bias1) @ weight2 + bias2: shape (N, D_in) becomes (N, D_out).

        The output has no relu. Each bias is added to every row. N may be any number, 0 and 1 included. After
        `.double()` the network computes in float64, after `.to(device)` on that device, and nothing is copied to the
        host.

        Gradients flow to x and to all four parameters: compute with the parameters themselves, not with their `.data`,
        which is not part of the graph. x is not changed.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## DynamicNet
#
# `forward` is Python: it may loop and branch, and each call builds the graph of what it did. A layer that is called
# several times is used several times with the same weights, and its gradient is the sum over all uses.


# %%
class DynamicNet(nn.Module):
    """A network whose middle layer is applied a random number of times, always with the same weights.

    Args of the constructor:
        D_in: the number of input features.
        H: the number of hidden units.
        D_out: the number of output features.

    Modules, registered under these names: `input_linear` is an `nn.Linear` from D_in to H, `middle_linear` one from H
    to H, and `output_linear` one from H to D_out. There are no other parameters.

    Example:
        >>> import random
        >>> net = DynamicNet(5, 3, 2)
        >>> net(torch.zeros(4, 5), random.Random(0)).shape
        torch.Size([4, 2])
        >>> sum(p.numel() for p in net.parameters())
        38

    Source: Paszke et al., "PyTorch: An Imperative Style, High-Performance Deep Learning Library" (2019), section 4.1.
    """

    def __init__(self, D_in, H, D_out):
        raise NotImplementedError("your code here")

    def forward(self, x, rng):
        """One pass: the input layer, the middle layer 0 to 3 times, the output layer.

        A relu follows the input layer and every use of the middle layer; the output has none. With 0 repeats the output
        layer comes right after the input layer's relu.

        Args:
            x: shape (N, D_in).
            rng: a `random.Random`. Every call draws its number of repeats anew, as `rng.randint(0, 3)`, which includes
                both ends, and draws nothing else.

        Returns:
            Shape (N, D_out).

        No other random generator is used, so that the same seed gives the same network again. All repeats share the one
        middle layer. Gradients flow to x and to every layer that took part. x is not changed. After `.to(device)` the
        network works on that device.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## TiedMLP
#
# Two layers may also share a part: here two hidden layers have one weight matrix between them and a bias each. The
# parameter is bound to two names. Equal numbers are not enough, for after the first training step they would part.


# %%
class TiedMLP(nn.Module):
    """A multilayer perceptron, two of whose layers have one weight matrix between them.

    Args of the constructor:
        num_inputs: the number of input features.
        num_hiddens: the number of hidden units.
        num_outputs: the number of output features.

    Modules, four `nn.Linear` with a bias, registered under these names and in this order: `input` from num_inputs to
    num_hiddens, `hidden1` and `hidden2` from num_hiddens to num_hiddens, `output` from num_hiddens to num_outputs.

    `hidden1.weight` and `hidden2.weight` are the same `nn.Parameter`. Each of the two layers has a bias of its own. So
    `parameters()` gives seven parameters, while the state dict holds eight entries.

    Example:
        >>> net = TiedMLP(4, 8, 1)
        >>> net.hidden1.weight is net.hidden2.weight
        True
        >>> len(list(net.parameters())), len(net.state_dict())
        (7, 8)

    Source: Press and Wolf, "Using the Output Embedding to Improve Language Models" (2017); Zhang et al., "Dive into
    Deep Learning", section 6.2.
    """

    def __init__(self, num_inputs, num_hiddens, num_outputs):
        raise NotImplementedError("your code here")

    def forward(self, x):
        """`input`, `hidden1`, `hidden2` and `output`, one after the other, with a relu after each but the last.

        Args:
            x: shape (N, num_inputs). N may be any number, 0 included.

        Returns:
            Shape (N, num_outputs).

        The gradient of the shared weight is the sum over both its uses. After any number of training steps, and in a
        deep copy of the network too, both layers still have the same weight. x is not changed. After `.to(device)` the
        network works on that device.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## init_weights
#
# `net.apply(f)` calls f with every module of a network, the smallest first. So a function that knows how to start one
# layer starts them all. With Xavier's rule for $n_\mathrm{in}$ inputs and $n_\mathrm{out}$ outputs,
#
# $$w \sim \mathcal{U}(-a, a), \qquad a = \sqrt{\frac{6}{n_\mathrm{in} + n_\mathrm{out}}},$$
#
# the variance of what flows through the layer changes little, forwards and backwards.


# %%
def init_weights(module):
    """Starts one layer of a network; made to be handed to `net.apply`, which comes to every layer.

    - `nn.Linear`, and what derives from it: the weight is uniform between -a and a, where a is the square root of
      6 / (in_features + out_features). The bias becomes 0; a layer may have been made without one.
    - `nn.Embedding`: the weight is normal with mean 0 and standard deviation 0.02. The row of its `padding_idx`, where
      there is one, is 0, as it was.
    - Every other module is left as it is: a normalization, a convolution, a container.

    Args:
        module: any `nn.Module`.

    The parameters are filled in place: they stay the same `nn.Parameter`s, which an optimizer or a second layer may
    already hold, and require a gradient as before. Each number is drawn on its own from torch's global generator, which
    is not seeded here, so that `torch.manual_seed` before the call makes it repeatable. Nothing is returned.

    Example:
        >>> net = nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3), nn.Linear(3, 1, bias=False))
        >>> _ = net.apply(init_weights)
        >>> net[0].bias
        Parameter containing:
        tensor([0., 0., 0.], requires_grad=True)

    Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010); Zhang
    et al., "Dive into Deep Learning", section 6.3.
    """
    raise NotImplementedError("your code here")
