# %% [markdown]
# # A character RNN
#
# A language model reads a text character by character and says, after each of them, which one it expects next. The
# recurrent layer keeps what has been read in a state of fixed size; a linear layer makes scores of it, one for every
# character of the vocabulary. Such a model is small enough to be trained here, and once it has been, it writes.
#
# Recurrent layers want the steps on the first axis: position 0 of all sequences, then position 1, and so on. Batches
# have the sequences on the first axis. Most mistakes of this file come from there.

# %%
import math

import torch
from torch import nn
from torch.nn import functional as F

# %% [markdown]
# ## RNNModel


# %%
class RNNModel(nn.Module):
    """A recurrent layer that reads one-hot tokens, and a linear layer that scores the next one.

    Every id becomes a one-hot vector as long as the vocabulary. The layer `rnn` reads the vectors of all sequences step
    by step, starting from the given state. The linear layer makes a score for every token of the vocabulary from each
    of its outputs. Scores are neither softmaxed nor put into any other activation function.

    Args:
        rnn_layer: an nn.RNN, nn.GRU or nn.LSTM that reads vectors of length `vocab_size` with the steps on the first
            axis (`batch_first` is False). It may have several layers, and one direction or two. The model uses the layer
            that is given, not a copy of it.
        vocab_size: the number of tokens, an int.

    The recurrent layer is registered as `rnn`, the linear one (with a bias) as `linear`; there are no other parameters
    and no buffers, and the state dict restores the model. A bidirectional layer has outputs of twice its `hidden_size`,
    first those of the forward direction, and the linear layer reads all of it.

    Everything is computed in the dtype of the parameters, also in a float64 model. Works on whatever device the
    parameters and the arguments are on. Gradients flow to the state and to all parameters.

    Example:
        >>> net = RNNModel(nn.GRU(28, 16, num_layers=2), vocab_size=28)
        >>> state = net.begin_state(torch.device("cpu"), batch_size=3)
        >>> scores, state = net(torch.zeros(3, 5, dtype=torch.int64), state)
        >>> scores.shape, state.shape
        (torch.Size([15, 28]), torch.Size([2, 3, 16]))

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 9.6, Concise Implementation of Recurrent Neural
    Networks; sections 10.3 and 10.4 for deep and bidirectional ones.
    """

    def __init__(self, rnn_layer, vocab_size):
        raise NotImplementedError("your code here")

    def forward(self, inputs, state):
        """Scores for the token that follows each of the inputs, and the state after the last step.

        Args:
            inputs: token ids of shape (batch, num_steps), dtype int64 or int32, in any memory layout. The batch may be
                empty. They are not changed, and neither is the state.
            state: as `begin_state` makes it, or as an earlier call returned it.

        Returns:
            (output, state). The output has the shape (num_steps * batch, vocab_size), the rows ordered by steps: row
            t * batch + b belongs to step t of sequence b. The state is what the layer returns, for all its layers and
            directions.
        """
        raise NotImplementedError("your code here")

    def begin_state(self, device, batch_size=1):
        """The state before anything has been read: zeros, made anew in every call.

        It has the shape (layers * directions, batch_size, hidden_size), is on `device`, and has the dtype of the
        parameters. For nn.RNN and nn.GRU it is one such tensor; for nn.LSTM it is a tuple of two, which share no memory.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## predict
#
# A model that starts in the middle of nowhere writes nonsense for a while. So it is first *warmed up*: it reads a prefix,
# and what it expects meanwhile does not matter, for the next character is known. After that each character that it
# expects is what it reads next.


# %%
def predict(prefix, num_preds, net, vocab, device):
    """Continue a text by `num_preds` tokens, taking the most probable one each time.

    The net starts from `net.begin_state`. It reads the characters of the prefix one after the other, and what it expects
    before the last of them has been read is ignored. Its scores after the last one give the first new token: the one
    with the largest score. That token is read in turn, and so on. The state goes from each step to the next: no token
    is read a second time.

    Args:
        prefix: str, at least one character.
        num_preds: how many tokens are added, an int; with 0 the answer is the prefix.
        net: like RNNModel, `net(inputs, state)` for inputs of shape (batch, num_steps) gives (scores, state), with
            scores of shape (num_steps * batch, len(vocab)) ordered by steps, and `net.begin_state(device, batch_size)`
            gives the first state. What a state is, a tensor or a tuple, is the net's own business.
        vocab: a Vocab of characters. One that it does not know is read as "<unk>".
        device: the torch.device on which the net is.

    Returns:
        A str: the prefix as it was given, also where it has unknown characters, followed by the new tokens. A new token
        "<unk>" is written as "<unk>".

    No gradients are recorded. The mode of the net, training or evaluation, is the same afterwards.

    Raises:
        ValueError: when the prefix is empty.

    Example:
        >>> class Alphabet:
        ...     idx_to_token = ["<unk>", "a", "b", "c"]
        ...     def __len__(self):
        ...         return 4
        ...     def __getitem__(self, token):
        ...         return self.idx_to_token.index(token)
        >>> class Next(nn.Module):
        ...     def begin_state(self, device, batch_size=1):
        ...         return torch.zeros(1, batch_size, 1, device=device)
        ...     def forward(self, inputs, state):
        ...         return F.one_hot(inputs.T.reshape(-1) % 3 + 1, 4).float(), state
        >>> predict("ab", 5, Next(), Alphabet(), torch.device("cpu"))
        'abcabca'

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 9.5.4, Decoding.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## train_char_rnn
#
# A text is longer than what a gradient can be followed through. It is cut into minibatches of `num_steps` characters,
# in one of two ways.
#
# **Sequential.** Row $b$ of a minibatch goes on where row $b$ of the one before ended. So the state goes on, too: what
# has been read is not forgotten. The gradient does not: it would have to go back through all minibatches so far, and
# their graphs are gone. *Detaching* keeps the numbers of the state and cuts it off from what it was computed of.
#
# **Random.** Rows of successive minibatches have nothing to do with each other, and each minibatch starts from the first
# state.
#
# In a chain of many products gradients explode now and then. One step along such a gradient spoils what was learnt, so
# it is shortened to a length that is allowed: the norm of *all* gradients taken together decides, and the direction
# stays. How well it goes is said by the perplexity, $\exp$ of the mean cross-entropy of a character.


# %%
def train_char_rnn(net, train_iter, updater, num_epochs, device, use_random_iter=False, max_norm=1.0):
    """Train a character RNN, and tell its perplexity in every epoch.

    For every minibatch (X, Y) the net is called once. The loss is the mean cross-entropy over all of its tokens, and one
    step of the updater is taken along the gradient of this minibatch alone. Gradients that the parameters have when the
    function is called are not used.

    Args:
        net: an nn.Module like RNNModel, on `device`: `net(X, state)` gives (scores, state), with scores of shape
            (num_steps * batch, vocabulary) whose row t * batch + b belongs to step t of sequence b, and
            `net.begin_state(device, batch_size)` gives the first state. A state is a tensor or a tuple of tensors. The net
            is in training mode for all minibatches.
        train_iter: an iterable that can be gone through once in every epoch. It gives minibatches (X, Y) of token ids,
            both of shape (batch, num_steps) and dtype int64, on any device; Y are the tokens that follow. X and Y are
            moved to `device`.
        updater: an optimizer that holds the parameters of the net, some of which may be frozen.
        num_epochs: int, 0 or more.
        device: a torch.device.
        use_random_iter: whether successive minibatches are unrelated.
        max_norm: the largest allowed norm of the gradient.

    State:
        In every epoch the first minibatch starts from `net.begin_state`, with as many sequences as it has. With
        `use_random_iter` every minibatch does, and their sizes may differ. Without it every other minibatch starts from the
        state that the one before ended with, detached: its numbers stay, and no gradient flows back into earlier minibatches.

    Clipping:
        Where the norm of the gradients of all parameters together, taken as one vector, exceeds `max_norm`, all of them
        are multiplied by `max_norm` / norm before the step. Smaller gradients are left as they are.

    Returns:
        A list with one float for every epoch (Python floats, not tensors): the perplexity, the exponential of the mean
        cross-entropy over all tokens of the epoch. A minibatch counts as often as it has tokens, and its loss is the one
        from before its step.

    No graph of an earlier minibatch is kept alive.

    Example:
        >>> class Next(nn.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.table = nn.Parameter(torch.zeros(4, 4))
        ...     def begin_state(self, device, batch_size=1):
        ...         return torch.zeros(1, batch_size, 1, device=device)
        ...     def forward(self, inputs, state):
        ...         return self.table[inputs.T.reshape(-1)], state
        >>> net = Next()
        >>> batches = [(torch.tensor([[0, 1, 2]]), torch.tensor([[1, 2, 3]]))]
        >>> updater = torch.optim.SGD(net.parameters(), lr=4.0)
        >>> [round(p, 2) for p in train_char_rnn(net, batches, updater, 3, torch.device("cpu"))]
        [4.0, 1.79, 1.36]

    Source: Zhang et al., "Dive into Deep Learning" (2023), sections 9.5.3 and 9.7 (backpropagation through time).
    """
    raise NotImplementedError("your code here")
