# %% [markdown]
# # Recurrent networks
#
# A recurrent network reads a sequence one step at a time. What it reads are vectors, so characters are turned into vectors
# first; and how well it predicts the next one is measured by its perplexity.

# %%
import math

import torch

# %% [markdown]
# ## name_to_tensor
#
# A character becomes a *one-hot* vector: zeros, and a one at its place in the alphabet. A name of $n$ characters becomes
# $n$ such vectors. Recurrent layers want the steps on the first axis and the batch on the second, so a single name has the
# shape $(n, 1, |\text{alphabet}|)$.


# %%
def name_to_tensor(name, alphabet):
    """Turn a name into one-hot vectors, a step for each character.

    The row of the step t has a 1 at the place of the character `name[t]` in the alphabet and zeros elsewhere. A character
    that is not in the alphabet gives a row of zeros. Capitals and small letters are different characters.

    Args:
        name: str of n characters, also the empty string.
        alphabet: str of V different characters.

    Returns:
        A float32 tensor of shape (n, 1, V): steps, batch of one, alphabet.

    Example:
        >>> name_to_tensor("ba?", "abc").squeeze(1)
        tensor([[0., 1., 0.],
                [1., 0., 0.],
                [0., 0., 0.]])

    Source: Robertson, PyTorch tutorial "NLP From Scratch: Classifying Names with a Character-Level RNN".
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## rnn_forward
#
# A recurrent layer carries a *hidden state* from step to step. It is all that the layer knows of what it has read so far:
# made anew in each step of the input and of the state before,
#
# $$H_t = \tanh(X_t W_{xh} + H_{t-1} W_{hh} + b_h), \qquad Y_t = H_t W_{hq} + b_q,$$
#
# with the same weights in every step. Reading a sequence of 35 characters is going through 35 layers that share their
# weights, and its gradient comes back through all of them.


# %%
def rnn_forward(inputs, state, params):
    """Reads a batch of sequences with one recurrent layer, from its formulas.

    In every step the new hidden state is made of the input of the step and the hidden state before it, and the output
    of the step is made of the new hidden state:

        H = tanh(X @ W_xh + H @ W_hh + b_h)
        Y = H @ W_hq + b_q

    The state before the first step is the one that is given.

    Args:
        inputs: shape (num_steps, batch_size, num_inputs), floating point: one-hot rows, or any other features. There is
            at least one step; the batch may be empty.
        state: a tuple (H,), the hidden state, shape (batch_size, num_hiddens).
        params: a list or tuple of the five tensors W_xh (num_inputs, num_hiddens), W_hh (num_hiddens, num_hiddens),
            b_h (num_hiddens,), W_hq (num_hiddens, num_outputs) and b_q (num_outputs,).

    Returns:
        A tuple (outputs, state). The outputs have the shape (num_steps * batch_size, num_outputs): first those of all
        sequences at the first step, then those at the second step, and so on. The state is a tuple (H,) again, the
        hidden state after the last step. Both have the dtype of the arguments.

    Gradients flow through all steps to the inputs, the given state and the params. Numbers of any size are fine: where
    the tanh saturates neither it nor its gradient becomes NaN. No argument is changed, neither a tensor nor the list.
    Works on the device of the arguments. Calls none of torch's own recurrent layers and cells. The number of torch
    operations does not grow with the batch.

    Example:
        >>> inputs = torch.tensor([[[1.0]], [[0.0]]])  # two steps of one sequence
        >>> params = [torch.tensor([[1.0]]), torch.tensor([[2.0]]), torch.zeros(1), torch.tensor([[10.0]]), torch.zeros(1)]
        >>> outputs, state = rnn_forward(inputs, (torch.zeros(1, 1),), params)
        >>> outputs
        tensor([[7.6159],
                [9.0925]])
        >>> state
        (tensor([[0.9093]]),)

    Source: Zhang et al., "Dive into Deep Learning" (2023), sections 9.4 and 9.5, Recurrent Neural Networks.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## gru_forward
#
# A plain recurrent layer writes its whole state anew in every step, and what was read twenty steps ago is soon gone. A
# *gated recurrent unit* decides, for every hidden unit by itself, what to keep. Its two gates are numbers between 0 and
# 1: the *update gate* $Z$ says how much of the old state stays, and the *reset gate* $R$ how much of it is seen by the
# candidate $\tilde H$ that would replace it.
#
# Be careful when you compare: there are two units of this name. In the first paper, and here, the reset gate multiplies
# the state, which then meets its weights: $(R \odot H) W_{hh}$. In `torch.nn.GRU` it multiplies what comes of that
# product, $R \odot (H W_{hh} + b)$; and some papers let $Z$ be what is *replaced*.


# %%
def gru_forward(inputs, state, params):
    """Reads a batch of sequences with one layer of gated recurrent units, from their formulas.

    In every step two gates and a candidate are made of the input of the step and the hidden state before it, and of
    them the new hidden state and the output of the step:

        Z = sigmoid(X @ W_xz + H @ W_hz + b_z)               the update gate
        R = sigmoid(X @ W_xr + H @ W_hr + b_r)               the reset gate
        H_tilde = tanh(X @ W_xh + (R * H) @ W_hh + b_h)      the candidate
        H = Z * H + (1 - Z) * H_tilde
        Y = H @ W_hq + b_q

    The reset gate is applied to the hidden state before its product with W_hh, not to the product, as torch.nn.GRU does.
    The state before the first step is the one that is given.

    Args:
        inputs: shape (num_steps, batch_size, num_inputs), floating point: one-hot rows, or any other features. There is
            at least one step; the batch may be empty.
        state: a tuple (H,), the hidden state, shape (batch_size, num_hiddens).
        params: a list or tuple of eleven tensors in this order: W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq,
            b_q. Those called W_x have the shape (num_inputs, num_hiddens), those called W_h (num_hiddens, num_hiddens);
            b_z, b_r and b_h have (num_hiddens,), W_hq (num_hiddens, num_outputs), b_q (num_outputs,).

    Returns:
        A tuple (outputs, state). The outputs have the shape (num_steps * batch_size, num_outputs): first those of all
        sequences at the first step, then those at the second step, and so on. The state is a tuple (H,) again, the
        hidden state after the last step. Both have the dtype of the arguments.

    Gradients flow through all steps to the inputs, the given state and the params. Numbers of any size are fine: where
    a sigmoid or the tanh saturates neither it nor its gradient becomes NaN. No argument is changed, neither a tensor nor
    the list. Works on the device of the arguments. Calls none of torch's own recurrent layers and cells. The number of
    torch operations does not grow with the batch.

    Example:
        >>> inputs = torch.tensor([[[1.0]], [[0.0]]])  # two steps of one sequence
        >>> update = [torch.tensor([[0.0]]), torch.tensor([[0.0]]), torch.zeros(1)]
        >>> reset = [torch.tensor([[0.0]]), torch.tensor([[0.0]]), torch.zeros(1)]
        >>> candidate = [torch.tensor([[1.0]]), torch.tensor([[2.0]]), torch.zeros(1)]
        >>> output = [torch.tensor([[10.0]]), torch.zeros(1)]
        >>> outputs, state = gru_forward(inputs, (torch.zeros(1, 1),), [*update, *reset, *candidate, *output])
        >>> outputs
        tensor([[3.8080],
                [3.7210]])
        >>> state
        (tensor([[0.3721]]),)

    Sources: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation"
    (2014), section 2.3; Zhang et al., "Dive into Deep Learning" (2023), section 10.2, Gated Recurrent Units.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## lstm_forward
#
# *Long short-term memory* is older and has two states. The memory cell $C$ is changed by sums and gates only, without
# weights between its steps, so that what is in it can stay for long and gradients come back through it. The hidden state
# $H$ is what the cell shows of itself, through a tanh and the output gate.


# %%
def lstm_forward(inputs, state, params):
    """Reads a batch of sequences with one layer of long short-term memory, from its formulas.

    In every step three gates and a candidate are made of the input of the step and the hidden state before it, and of
    them the new memory cell, the new hidden state and the output of the step:

        I = sigmoid(X @ W_xi + H @ W_hi + b_i)         the input gate
        F = sigmoid(X @ W_xf + H @ W_hf + b_f)         the forget gate
        O = sigmoid(X @ W_xo + H @ W_ho + b_o)         the output gate
        C_tilde = tanh(X @ W_xc + H @ W_hc + b_c)      the candidate
        C = F * C + I * C_tilde
        H = O * tanh(C)
        Y = H @ W_hq + b_q

    The state before the first step is the one that is given.

    Args:
        inputs: shape (num_steps, batch_size, num_inputs), floating point: one-hot rows, or any other features. There is
            at least one step; the batch may be empty.
        state: a tuple (H, C), the hidden state and the memory cell, each of shape (batch_size, num_hiddens).
        params: a list or tuple of fourteen tensors in this order: W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o,
            W_xc, W_hc, b_c, W_hq, b_q. Those called W_x have the shape (num_inputs, num_hiddens), the four between the
            states (num_hiddens, num_hiddens); b_i, b_f, b_o and b_c have (num_hiddens,), W_hq (num_hiddens,
            num_outputs), b_q (num_outputs,).

    Returns:
        A tuple (outputs, state). The outputs have the shape (num_steps * batch_size, num_outputs): first those of all
        sequences at the first step, then those at the second step, and so on. The state is a tuple (H, C) again, both
        parts after the last step. All have the dtype of the arguments.

    Gradients flow through all steps to the inputs, the given state and the params. Numbers of any size are fine: where
    a sigmoid or a tanh saturates neither it nor its gradient becomes NaN. No argument is changed, neither a tensor nor
    the list. Works on the device of the arguments. Calls none of torch's own recurrent layers and cells. The number of
    torch operations does not grow with the batch.

    Example:
        >>> inputs = torch.tensor([[[1.0]], [[0.0]]])  # two steps of one sequence
        >>> zeros = [torch.zeros(1, 1), torch.zeros(1, 1), torch.zeros(1)]  # all gates are 1/2
        >>> candidate = [torch.tensor([[1.0]]), torch.tensor([[2.0]]), torch.zeros(1)]
        >>> params = [*zeros, *zeros, *zeros, *candidate, torch.tensor([[10.0]]), torch.zeros(1)]
        >>> outputs, (H, C) = lstm_forward(inputs, (torch.zeros(1, 1), torch.zeros(1, 1)), params)
        >>> outputs
        tensor([[1.8170],
                [1.7459]])
        >>> H, C
        (tensor([[0.1746]]), tensor([[0.3645]]))

    Sources: Hochreiter and Schmidhuber, "Long Short-Term Memory" (1997); Gers, Schmidhuber and Cummins, "Learning to
    Forget" (2000); Zhang et al., "Dive into Deep Learning" (2023), section 10.1, Long Short-Term Memory.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## grad_clipping
#
# The gradient of a recurrent network is a product with one factor for every step that lies between. Such products vanish
# or explode, and one step along an exploded gradient can undo a day of training. So the gradient $g$, of all parameters
# together, is cut to the length $\theta$ where it is longer:
#
# $$g \leftarrow \min\left(1, \frac{\theta}{\lVert g \rVert}\right) g.$$


# %%
def grad_clipping(net, theta):
    """Shortens the gradient of a network where it is too long.

    The gradients of all parameters together are taken as one vector. Where its norm, the root of the sum of the squares
    of all its entries, is larger than theta, every gradient is multiplied by theta / norm: the norm becomes theta, and
    the direction stays. Where it is not, the gradients are left as they are. (Dividing by norm + 1e-6 is as good.)

    Args:
        net: an nn.Module, whose parameters are meant, those of its parts and their parts included; or the parameters
            themselves in a list or tuple, as for a network from scratch.
        theta: the largest norm that is allowed, a positive number.

    The gradients, in `grad`, are changed in place: each is the same tensor as before. They may have any shape, that of a
    single number included, and lie on any device. A parameter whose `grad` is None is left as it is, and where no
    parameter has a gradient nothing is done. Nothing else changes: neither the parameters nor whether torch records
    gradients. It is written without torch.nn.utils.

    Returns:
        None.

    Example:
        >>> W, b = torch.zeros(2, requires_grad=True), torch.zeros(1, requires_grad=True)
        >>> W.grad, b.grad = torch.tensor([2.0, 4.0]), torch.tensor([4.0])
        >>> grad_clipping([W, b], theta=3.0)
        >>> W.grad, b.grad
        (tensor([1., 2.]), tensor([2.]))

    Sources: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013), algorithm 1;
    Zhang et al., "Dive into Deep Learning" (2023), section 9.5.3, Gradient Clipping.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## perplexity
#
# A language model that is given $n$ tokens gives the $t$-th of them the probability $P(x_t \mid x_{t-1}, \dots, x_1)$. Its
# perplexity is the exponential of the mean cross-entropy,
#
# $$\exp\left(-\frac{1}{n} \sum_{t=1}^{n} \log P(x_t \mid x_{t-1}, \dots, x_1)\right),$$
#
# the number of equally likely tokens among which it would be as undecided. It is 1 for a model that is always sure and
# right, and the size of the vocabulary for one that knows nothing.


# %%
def perplexity(losses, counts):
    """The perplexity over several minibatches.

    Every minibatch tells its mean cross-entropy (natural logarithm) and the number of its tokens. The perplexity is the
    exponential of the mean over all tokens: minibatches with more tokens weigh more.

    Args:
        losses: list of float, the mean cross-entropy of each minibatch.
        counts: list of int, of the same length: the number of tokens of each minibatch, also 0. What the loss of a
            minibatch without tokens is, NaN even, does not matter.

    Returns:
        A float. Where the perplexity is too large for a float it is `math.inf`.

    Raises:
        ValueError: when there is no token at all.

    Example:
        >>> round(perplexity([1.0, 2.0], [30, 10]), 4)
        3.4903

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 9.3.2, Perplexity.
    """
    raise NotImplementedError("your code here")
