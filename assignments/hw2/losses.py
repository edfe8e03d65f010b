# %% [markdown]
# # Losses
#
# A loss says with one number how wrong a prediction is, and its gradient says in which direction it would be less
# wrong. Both losses of this file are one line on paper. On a computer two things come between: tensors whose shapes
# look alike and are not, and numbers that do not fit into a float.

# %%
import torch

# %% [markdown]
# ## squared_loss
#
# For a prediction $\hat y$ and a target $y$ the loss is $\tfrac{1}{2} (\hat y - y)^2$. The half makes the derivative
# $\hat y - y$.
#
# A model with one output gives a column of shape $(N, 1)$, while targets are often stored in shape $(N,)$. The
# difference of the two is no error for PyTorch: it broadcasts both to $(N, N)$, every prediction against every target.
# The loss still goes down, towards a model that predicts the same number for everything.


# %%
def squared_loss(y_hat, y):
    """Half of the squared difference, element by element.

    Element i of the answer is (y_hat[i] - y[i])**2 / 2: one loss for each prediction, neither added up nor averaged.
    It is computed in the dtype of y_hat, and there as exact for large numbers that lie close together as for small ones,
    and right for those that lie far apart.

    Args:
        y_hat: the predictions, of any shape, floating point, any memory layout.
        y: the targets, as many as there are predictions, in the same order. Their shape may be another one, such as
            (N,) where the predictions have shape (N, 1): then they are taken row by row, and never broadcast.
            Their dtype may be another one too, such as float64 or int64.

    Returns:
        A new tensor with the shape and the dtype of y_hat. No predictions give an empty answer.

    Raises:
        ValueError: there are not as many targets as predictions, even where they could be broadcast. The message says
            how many targets there are.

    Gradients flow to the predictions, and to the targets where they require them. No argument is changed. Works on
    whatever device the arguments are on. The number of torch operations does not grow with the batch, and no value
    leaves torch (through `.item()`, `.tolist()` or `.numpy()`).

    Example:
        >>> squared_loss(torch.tensor([[3.0], [1.0]]), torch.tensor([1.0, 1.0]))
        tensor([[2.],
                [0.]])

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 3.4, Linear Regression Implementation from Scratch.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## cross_entropy
#
# With logits $o \in \mathbb{R}^C$ and the right class $y$ the loss is
#
# $$-\log \operatorname{softmax}(o)_y = -\log \frac{e^{o_y}}{\sum_j e^{o_j}} = \log \sum_j e^{o_j} - o_y.$$
#
# The exponential overflows in single precision from about $o = 89$ on, and underflows below $-104$: the logarithm then
# is infinite. But nothing changes when the same number is taken off all logits of a sample,
#
# $$\log \sum_j e^{o_j} - o_y = \log \sum_j e^{o_j - m} - (o_y - m), \qquad m = \max_j o_j,$$
#
# and then the largest exponential is $e^0 = 1$: the sum neither overflows nor vanishes. Both differences must be
# taken before anything is added. A logarithm of 0.69 that is added to $m = 10^6$ is rounded to a multiple of 0.0625,
# and no later subtraction brings its digits back.
#
# The function takes logits. Whoever gives it probabilities, with a softmax as the last layer of the model, has the
# softmax taken twice: the largest probability is 1, so that even a perfect answer has a loss above 0, and the gradient
# nearly vanishes where the model is certain and wrong.


# %%
def cross_entropy(y_hat, y, reduction="mean"):
    """The cross entropy of logits and right classes, by a log-sum-exp that is stable.

    The loss of sample i is log(sum_j exp(y_hat[i, j])) - y_hat[i, y[i]]. You build it yourself from exponentials and
    logarithms: neither torch's cross entropy nor its softmax, log-softmax or logsumexp may be called.

    Args:
        y_hat: logits, any real numbers, before any softmax, shape (N, C), floating point, any memory layout.
        y: the right classes, shape (N,), int64, from 0 to C - 1.
        reduction: "none", "mean" or "sum": what is made of the losses of the samples.

    Returns:
        With "none" the losses of the samples, shape (N,); with "mean" their mean and with "sum" their sum, both of
        shape (). A new tensor with the dtype of y_hat, also when there is one sample or one class. With "none" an
        empty batch gives an empty answer, with "sum" 0.

    Raises:
        ValueError: for any other reduction, with a message that names it.

    The loss is right for logits of any magnitude, in the thousands as well as far below 0, also when the samples of a
    batch differ in it. It is as exact for logits that lie close together near a million as for those near 0. A logit
    of -inf stands for an impossible class and adds nothing to the sum.

    Gradients flow to the logits. No argument is changed. Works on whatever device the arguments are on. The number of
    torch operations grows neither with the batch nor with the number of classes, and no value leaves torch (through
    `.item()`, `.tolist()` or `.numpy()`).

    Example:
        >>> logits = torch.tensor([[1000.0, 1000.0], [-3.0, 0.0]])
        >>> cross_entropy(logits, torch.tensor([0, 0]), reduction="none")
        tensor([0.6931, 3.0486])
        >>> cross_entropy(logits, torch.tensor([0, 0]))
        tensor(1.8709)

    Sources: Zhang et al., "Dive into Deep Learning" (2023), section 4.5, Concise Implementation of Softmax Regression;
    Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and softmax functions" (2021).
    """
    raise NotImplementedError("your code here")
