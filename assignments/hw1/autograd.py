# %% [markdown]
# # Gradients
#
# A network learns by *gradient descent*: every weight takes a small step against the derivative of the loss with
# respect to it. All these derivatives come from one walk through the computation, backwards, by the chain rule.
#
# You will make this walk yourself first, in NumPy. Then PyTorch makes it for you, and you do the same in half the
# lines. After that you teach PyTorch operators of your own, and ask it for derivatives that training does not need.

# %%
import numpy as np
import torch

# %% [markdown]
# ## two_layer_numpy
#
# A network with one hidden layer takes a batch $x$ of $N$ samples to
#
# $$h = x\,W_1, \qquad \hat y = \max(h, 0)\,W_2, \qquad L = \sum_{n,o} (\hat y_{no} - y_{no})^2.$$
#
# Backwards, each line gives the gradient of what went into it from the gradient of what came out. For a product
# $C = AB$ with the gradient $\bar C$ of the loss with respect to $C$,
#
# $$\bar A = \bar C\,B^\top, \qquad \bar B = A^\top \bar C,$$
#
# and the shapes alone nearly tell which is which: a gradient has the shape of what it belongs to.


# %%
def two_layer_numpy(x, y, w1, w2):
    """Loss and gradients of a network with one hidden layer, by hand.

    The network computes

        h = x @ w1
        y_pred = max(h, 0) @ w2          elementwise maximum (ReLU)

    and its loss is the sum of the squares of all errors, `(y_pred - y) ** 2`, over samples and outputs: a sum, not a
    mean.

    Args:
        x: inputs, a NumPy array of shape (N, D_in), float32 or float64.
        y: targets, shape (N, D_out), of the dtype of x.
        w1: weights of the hidden layer, shape (D_in, H), of the dtype of x.
        w2: weights of the output layer, shape (H, D_out), of the dtype of x.

    Returns:
        A tuple (loss, grad_w1, grad_w2). `loss` is a number (a float or a NumPy scalar). `grad_w1` is the derivative
        of the loss with respect to w1, with the shape of w1: only units with h > 0 pass a gradient on. `grad_w2` is the
        derivative with respect to w2, with the shape of w2. Both are NumPy arrays in the dtype of the arguments and
        computed in its full precision. (At h = 0 exactly, ReLU has no derivative; take 0 there.)

    An empty batch has loss 0 and gradients of zeros. The arrays may have any memory layout. None of them is changed:
    taking a step with the gradients is not asked for.

    In NumPy alone: nothing is computed by torch, whose autograd would do the work; an answer that comes from there
    earns nothing.

    Example:
        >>> x, y = np.array([[1.0, 2.0]]), np.array([[5.0]])
        >>> w1, w2 = np.array([[1.0, 2.0], [-1.0, 1.0]]), np.array([[1.0], [2.0]])
        >>> loss, grad_w1, grad_w2 = two_layer_numpy(x, y, w1, w2)
        >>> float(loss)
        9.0
        >>> grad_w1
        array([[ 0., 12.],
               [ 0., 24.]])
        >>> grad_w2
        array([[ 0.],
               [24.]])

    Source: Zhang et al., "Dive into Deep Learning", section 5.3 (forward and backward propagation).
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## train_two_layer
#
# The same network, and now the gradients are not your business: a tensor that requires a gradient remembers what was
# computed with it, and `loss.backward()` walks back through that record (the *graph*).
#
# What is your business are four small things around it. Gradients are *added* to `.grad`, so the last step's must go
# before the next. A step must not become part of the graph. A weight that was made by an operation is no leaf any more,
# and has no `.grad`. And a loss that is kept as a tensor keeps its whole graph alive.


# %%
def train_two_layer(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """Gradient descent on a network with one hidden layer, with gradients from autograd.

    The network and its loss are those of `two_layer_numpy`, in tensors: `relu(x @ w1) @ w2`, and the sum of the squares
    of all errors. In each step both weights move at once, from gradients of the same loss:

        w1 = w1 - learning_rate * (gradient of the loss with respect to w1), and so for w2

    Args:
        x: inputs, a tensor of shape (N, D_in), float32 or float64.
        y: targets, shape (N, D_out), of the dtype of x.
        w1: weights to begin with, shape (D_in, H), of the dtype of x.
        w2: weights to begin with, shape (H, D_out), of the dtype of x.
        learning_rate: the length of a step, a float.
        steps: how many steps are taken, an int, 0 or more.

    Returns:
        A tuple (w1, w2, losses). The weights are new tensors, in the dtype of the arguments, that hold what was
        learned; they do not require a gradient and have no graph. `losses` is a list with the loss before each step, as
        Python floats (a tensor would keep its graph alive). With 0 steps the weights come back as they were, and the
        list is empty.

    The arguments are not changed. They may require a gradient themselves, or not; the weights that were given get no
    gradient (their `.grad` stays as it was). Works on whatever device the arguments are on.

    The gradients come from autograd (`backward` or `torch.autograd.grad`), not from formulas of your own.

    Example:
        >>> x, y = torch.tensor([[1.0, 2.0]]), torch.tensor([[5.0]])
        >>> w1, w2 = torch.tensor([[1.0, 2.0], [-1.0, 1.0]]), torch.tensor([[1.0], [2.0]])
        >>> w1, w2, losses = train_two_layer(x, y, w1, w2, learning_rate=0.0625, steps=1)
        >>> w1
        tensor([[ 1.0000,  1.2500],
                [-1.0000, -0.5000]])
        >>> losses
        [9.0]

    Source: Zhang et al., "Dive into Deep Learning", section 2.5 (automatic differentiation).
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## Operators of your own
#
# Autograd knows the derivative of every operator of PyTorch. One that it does not know, or that you want to be
# different, you write as a class with two static methods:
#
# ```python
# class Square(torch.autograd.Function):
#     @staticmethod
#     def forward(ctx, x):            # nothing in here is recorded
#         ctx.save_for_backward(x)
#         return x * x
#
#     @staticmethod
#     def backward(ctx, grad_output): # the gradient of what came out ...
#         (x,) = ctx.saved_tensors
#         return grad_output * 2 * x  # ... becomes that of each argument of forward, None where there is none
#
# y = Square.apply(x)                 # not Square(x), and not Square.forward
# ```
#
# `ctx` carries what the way back needs. Tensors among it belong into `ctx.save_for_backward`: then autograd notices
# when somebody overwrites one of them in between, keeps nothing alive longer than needed, and can differentiate the
# backward pass again. Everything else is kept as an attribute (`ctx.scale = scale`).
#
# `grad_output` is not yours: the same tensor goes to others too. Make new ones from it.
#
# ## ReLU
#
# $$\mathrm{ReLU}(x) = \max(x, 0), \qquad \mathrm{ReLU}'(x) = \begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}$$
#
# At 0 there is a kink and no derivative. Everybody takes 0 there, and so do you.


# %%
class ReLU(torch.autograd.Function):
    """max(x, 0), elementwise, with a backward pass of its own.

    `ReLU.apply(x)` keeps what is positive and puts 0 in the place of what is negative, for a floating-point tensor x of
    any shape and layout. The answer is a new tensor with the shape and dtype of x; x is not changed. Infinities are
    numbers like others: minus infinity becomes 0, infinity stays. A NaN stays a NaN.

    Works on whatever device x is on, and keeps every value in a tensor (no `.item()`, `.tolist()` or `.numpy()`). It is
    a subclass of `torch.autograd.Function` whose `forward` and `backward` are your own; anything else earns nothing,
    and so does a call of torch's own `relu`.

    Example:
        >>> x = torch.tensor([-1.0, 0.0, 2.0], requires_grad=True)
        >>> y = ReLU.apply(x)
        >>> y.tolist()
        [0.0, 0.0, 2.0]
        >>> y.backward(torch.tensor([5.0, 6.0, 7.0]))
        >>> x.grad
        tensor([0., 0., 7.])

    Source: Zhang et al., "Dive into Deep Learning", section 5.1.2 (activation functions).
    """

    @staticmethod
    def forward(ctx, x):
        """max(x, 0). What `backward` needs goes into `ctx.save_for_backward`."""
        raise NotImplementedError("your code here")

    @staticmethod
    def backward(ctx, grad_output):
        """The gradient with respect to x: that of the output where x is positive, and 0 elsewhere.

        The gradient at exactly 0 is 0. A new tensor is made: grad_output is not changed. When x has been overwritten
        since `forward`, torch's error is raised, or the gradient is right nevertheless; it is never a wrong one. The
        backward pass can itself be differentiated.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## Exp
#
# The exponential function is its own derivative. So it is the *output* that has to be saved, and nothing needs to be
# computed twice. But an output that is kept as an attribute, `ctx.y = y`, keeps itself alive: y knows its way back, and
# the way back knows y. `ctx.save_for_backward` takes care of that, and of second derivatives too.


# %%
class Exp(torch.autograd.Function):
    """e to the power of x, elementwise, with a backward pass of its own that computes no exponential again.

    `Exp.apply(x)` takes a floating-point tensor x of any shape and layout. The answer is a new tensor with the shape
    and dtype of x, computed in its full precision, and infinity where that is too large for the dtype; x is not
    changed. Works on whatever device x is on, and keeps every value in a tensor (no `.item()`, `.tolist()` or
    `.numpy()`).

    It is a subclass of `torch.autograd.Function` whose `forward` and `backward` are your own; anything else earns
    nothing.

    Example:
        >>> x = torch.tensor([0.0, 1.0], requires_grad=True)
        >>> y = Exp.apply(x)
        >>> y
        tensor([1.0000, 2.7183], grad_fn=<ExpBackward>)
        >>> y.backward(torch.tensor([2.0, 3.0]))
        >>> x.grad
        tensor([2.0000, 8.1548])

    Source: PyTorch documentation, "Extending PyTorch".
    """

    @staticmethod
    def forward(ctx, x):
        """e to the power of x.

        When the answer has been forgotten, its memory is freed at once: nothing that is saved for the way back keeps it
        alive.
        """
        raise NotImplementedError("your code here")

    @staticmethod
    def backward(ctx, grad_output):
        """The gradient with respect to x: that of the output times e to the power of x, as it was computed on the way
        forward, so that no exponential is computed on the way back.

        A new tensor is made: grad_output is not changed. When the output has been overwritten since `forward`, torch's
        error is raised; a wrong gradient never comes out. The backward pass can itself be differentiated, as often as
        one likes.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## GradScale
#
# An operator may also lie. This one does nothing on the way forward, and on the way back it multiplies the gradient
# with a number: 0.1 lets the part of a network before it learn more slowly, 0 not at all, and with -1 that part learns
# to *hinder* what comes after it, which is how domain-adversarial training makes features that do not give away where
# they are from.
#
# `forward` has two arguments here. So `backward` has to return two gradients, and that of a number is None.


# %%
class GradScale(torch.autograd.Function):
    """The identity, whose gradient is multiplied with a number.

    `GradScale.apply(x, scale)` has the values, shape and dtype of x, a floating-point tensor of any shape. (It may
    share its memory with x.) x is not changed. `scale` is a Python number of either sign, or 0.

    Works on whatever device x is on, and keeps every value in a tensor (no `.item()`, `.tolist()` or `.numpy()`). It is
    a subclass of `torch.autograd.Function` whose `forward` and `backward` are your own; anything else earns nothing.

    Example:
        >>> x = torch.tensor([2.0], requires_grad=True)
        >>> y = GradScale.apply(x, -0.5) ** 2
        >>> y.item()
        4.0
        >>> y.backward()
        >>> x.grad
        tensor([-2.])

    Source: Ganin et al., "Domain-Adversarial Training of Neural Networks" (2016), the gradient reversal layer.
    """

    @staticmethod
    def forward(ctx, x, scale):
        """The values of x."""
        raise NotImplementedError("your code here")

    @staticmethod
    def backward(ctx, grad_output):
        """The gradient with respect to x, which is that of the output multiplied with `scale`, and None for `scale`.

        With scale 0 the gradient is a tensor of zeros. It has the dtype of x. A new tensor is made: grad_output is not
        changed. The backward pass can itself be differentiated. Two calls with different scales do not disturb each
        other.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## Linear
#
# Now the layer that everything is made of, with up to three gradients:
#
# $$y = x\,W^\top + b, \qquad \bar x = \bar y\,W, \qquad \bar W = \bar y^\top x, \qquad \bar b = \sum_n \bar y_n.$$
#
# Each of the two products costs as much as the forward pass. When the input is data, or the weight is frozen, one of
# them is for nothing: `ctx.needs_input_grad` says, argument by argument, what somebody has asked for.


# %%
class Linear(torch.autograd.Function):
    """A fully connected layer, `x @ weight.T + bias`, with a backward pass of its own.

    `Linear.apply(x, weight, bias)`, or `Linear.apply(x, weight)` or with None for a layer without a bias, takes

        x: shape (N, in_features), float32 or float64
        weight: shape (out_features, in_features), of the dtype of x
        bias: shape (out_features,), of the dtype of x, or None

    and gives a new tensor of shape (N, out_features), in the dtype of x and computed in its full precision. An empty
    batch gives an empty output. The arguments may have any memory layout, and are not changed.

    Works on whatever device the arguments are on, and keeps every value in a tensor (no `.item()`, `.tolist()` or
    `.numpy()`). It is a subclass of `torch.autograd.Function` whose `forward` and `backward` are your own; anything
    else earns nothing, and so does a call of torch's own `linear`.

    Example:
        >>> x = torch.tensor([[1.0, 2.0]])
        >>> weight = torch.tensor([[3.0, 4.0], [5.0, 6.0], [7.0, 8.0]], requires_grad=True)
        >>> y = Linear.apply(x, weight, torch.tensor([0.5, 0.0, 0.0]))
        >>> y.tolist()
        [[11.5, 17.0, 23.0]]
        >>> y.backward(torch.tensor([[1.0, 10.0, 100.0]]))
        >>> weight.grad
        tensor([[  1.,   2.],
                [ 10.,  20.],
                [100., 200.]])

    Source: Zhang et al., "Dive into Deep Learning", section 5.3.3 (backpropagation); PyTorch documentation, "Extending
    PyTorch".
    """

    @staticmethod
    def forward(ctx, x, weight, bias=None):
        """`x @ weight.T + bias`. The tensors that `backward` needs go into `ctx.save_for_backward`."""
        raise NotImplementedError("your code here")

    @staticmethod
    def backward(ctx, grad_output):
        """The gradients with respect to x, weight and bias.

        Each has the shape of what it belongs to; that of the bias is summed over the batch. A gradient that
        `ctx.needs_input_grad` does not ask for is None, and no product is computed for it. New tensors are made:
        grad_output is not changed. When x or weight has been overwritten since `forward`, torch's error is raised; a
        wrong gradient never comes out. The backward pass can itself be differentiated.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## nth_derivative
#
# A gradient is a tensor like any other. With `create_graph=True`, autograd records how it computed it, so that it can
# be differentiated in its turn: $f \to f' \to f'' \to \dots$
#
# A function that works elementwise has as many derivatives as there are elements, one each. Since an element of the
# answer depends on its own $x_i$ only, the gradient of the *sum* holds all of them at once.


# %%
def nth_derivative(f, x, n):
    """The n-th derivative of a function, at every element of x.

    Args:
        f: takes a tensor and gives a tensor of the same shape and dtype, elementwise: each element of the answer
            depends on the same element of the argument only, or on none.
        x: where, a floating-point tensor of any shape. It may require a gradient, or not.
        n: how often f is differentiated, an int, 0 or more.

    Returns:
        A tensor with the shape and dtype of x. With n = 0 it is f(x). A derivative that vanishes is a tensor of zeros:
        the third derivative of a square, say, or the first of a function that does not depend on x. There autograd
        finds no graph to walk back through, which is not an error here.

    Raises:
        ValueError: with a message, when n is negative.

    x stays as it is: its values, whether it requires a gradient, and its `.grad`. Gradients flow to x where it requires
    one: the answer can be differentiated once more. Works on whatever device x is on.

    Example:
        >>> x = torch.tensor([1.0, 2.0])
        >>> nth_derivative(lambda x: x**3, x, 1).tolist()
        [3.0, 12.0]
        >>> nth_derivative(lambda x: x**3, x, 3).tolist()
        [6.0, 6.0]
        >>> nth_derivative(lambda x: x**3, x, 4).tolist()
        [0.0, 0.0]

    Source: Zhang et al., "Dive into Deep Learning", section 2.5; PyTorch documentation of `torch.autograd.grad`.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## vjp
#
# The derivative of a function that takes $n$ numbers to $m$ numbers is a matrix, the *Jacobian* $J_{ij} = \partial y_i
# / \partial x_j$. For a layer with a thousand inputs and outputs it has a million entries, and nobody computes it. The
# chain rule needs only its product with a vector from the left,
#
# $$v^\top J, \qquad (v^\top J)_j = \sum_i v_i \frac{\partial y_i}{\partial x_j},$$
#
# and one walk backwards gives just that. `loss.backward()` is the case $m = 1$, $v = 1$. The vector is what `backward`
# and `torch.autograd.grad` want of you when the output is not a single number.


# %%
def vjp(f, x, v):
    """The product of a vector with the Jacobian of f at x.

    Args:
        f: takes a tensor of the shape of x and gives a tensor of any shape.
        x: where, a floating-point tensor of any shape. It may require a gradient, or not.
        v: the vector, a tensor with the shape and dtype of f(x).

    Returns:
        A new tensor with the shape and dtype of x: element j is the sum over all i of v[i] times the derivative of
        f(x)[i] with respect to x[j]. It requires no gradient. Where f does not depend on x, it is a tensor of zeros.

    Raises:
        ValueError: with a message, when v does not have the shape of f(x), even if it could be broadcast to it.

    The Jacobian is never formed: neither the number of torch operations nor the memory grows with the number of outputs
    as a Jacobian would.

    Nothing else changes: neither the values of x and v, nor whether x requires a gradient, nor any `.grad`: not that of
    x, and not those of parameters that f may hold. Works on whatever device x is on.

    Example:
        >>> x = torch.tensor([1.0, 2.0, 3.0])
        >>> vjp(lambda x: x * x, x, torch.tensor([1.0, 0.5, 10.0]))
        tensor([ 2.,  2., 60.])
        >>> vjp(lambda x: x.prod(), x, torch.tensor(1.0))
        tensor([6., 3., 2.])

    Source: Zhang et al., "Dive into Deep Learning", section 2.5.2 (backward for non-scalar variables).
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## detach_product
#
# Sometimes a number that was computed from $x$ shall count as a constant: a target, a weight, a baseline. `detach()`
# gives a tensor with the same values that has forgotten where they came from. No gradient flows back through it.
#
# It is not a copy: both share one memory. What is written into one shows in the other.


# %%
def detach_product(x):
    """A square, and its product with x in which the square counts as a constant.

    Args:
        x: a floating-point tensor of any shape.

    Returns:
        A tuple (y, z) of new tensors with the shape and dtype of x: y = x * x, and z = u * x, where u has the values of
        y and is a constant. So z has the values of x cubed, but its gradient with respect to x is u, that is x squared,
        and not three times that.

    y itself is not cut off: its gradient with respect to x is 2 x, and a loss that is made of y and z gets both. x is
    not changed, and y keeps its values: y and z do not share memory. Works on whatever device x is on.

    Example:
        >>> x = torch.tensor([2.0, 3.0], requires_grad=True)
        >>> y, z = detach_product(x)
        >>> z.tolist()
        [8.0, 27.0]
        >>> z.sum().backward()
        >>> x.grad
        tensor([4., 9.])

    Source: Zhang et al., "Dive into Deep Learning", section 2.5.3 (detaching computation).
    """
    raise NotImplementedError("your code here")
