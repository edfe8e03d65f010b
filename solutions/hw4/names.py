# %% [markdown]
# # Names
#
# Where does a name come from? A recurrent network reads it letter by letter, and after the last letter says which country
# it takes it for. Turned round, the same network writes: given a country and a first letter it says which letter comes
# next, until it says that the name is over.

# %%
import torch
from torch import nn
from torch.nn import functional as F

# %% [markdown]
# ## NameClassifier
#
# One step, with the letter $x_t$ and what has been read before, $h_{t-1}$, side by side:
#
# $$h_t = \tanh(W_h [x_t, h_{t-1}] + b_h), \qquad y_t = \operatorname{log\,softmax}(W_o [x_t, h_{t-1}] + b_o)$$
#
# Of the outputs only the last one counts, for only there the whole name has been read.


# %%
class NameClassifier(nn.Module):
    """Says of a name, given as one-hot letters, how probable each country is.

    The hidden state starts with zeros, a row of length `hidden_size` for each name of the batch. For each letter the
    letter and the hidden state are concatenated, the letter first. The layer `i2h` makes the next hidden state of that,
    through tanh. The layer `i2o` reads the last letter, concatenated with the hidden state that was there before this letter.
    The logarithm of the softmax over the countries is taken of what it says.

    Lecture notes often leave the tanh out. Then every hidden state is a linear map of the letters, and what the network can say
    of their order is far less.

    Args:
        input_size: the number of letters in the alphabet, V.
        hidden_size: the length of the hidden state, H.
        output_size: the number of countries, C.

    `i2h`, from V + H to H, and `i2o`, from V + H to C, are linear layers with a bias; they are registered under these
    names, and nothing else is.

    Example:
        >>> net = NameClassifier(26, 8, 3)
        >>> letters = F.one_hot(torch.tensor([[9], [14], [4]]), 26).float()
        >>> net(letters).shape, round(net(letters).exp().sum().item(), 4)
        (torch.Size([1, 3]), 1.0)

    Source: Robertson, PyTorch tutorial "NLP From Scratch: Classifying Names with a Character-Level RNN"; Elman, "Finding
    Structure in Time" (1990).
    """

    def __init__(self, input_size, hidden_size, output_size):
        ### BEGIN SOLUTION
        super().__init__()
        self.hidden_size = hidden_size
        self.i2h = nn.Linear(input_size + hidden_size, hidden_size)
        self.i2o = nn.Linear(input_size + hidden_size, output_size)
        ### END SOLUTION

    def forward(self, name):
        """The logarithms of the probabilities of the countries.

        Args:
            name: shape (n, N, V): n letters of N names of the same length, as `name_to_tensor` makes them of one, in any
                memory layout, with the dtype and the device of the parameters. It is not changed.

        Returns:
            Shape (N, C), in the dtype and on the device of the name; a batch without names gives an empty answer. Every
            call starts anew, whatever was read before. Gradients flow to the name and to all parameters. The number of
            torch operations does not grow with the number of names.

        Raises:
            ValueError: for a name without letters.
        """
        ### BEGIN SOLUTION
        if len(name) == 0:
            raise ValueError("a name has at least one letter")
        hidden = name.new_zeros(name.shape[1], self.hidden_size)
        for letter in name:
            combined = torch.cat([letter, hidden], dim=1)
            hidden = torch.tanh(self.i2h(combined))
        return F.log_softmax(self.i2o(combined), dim=1)
        ### END SOLUTION


# %% [markdown]
# ## sample_name
#
# A network that writes names needs one more output than there are letters: the end of the name, EOS. It is the last
# output, behind all letters. Where the last letter of the alphabet serves for it instead, as it does in some notes, no name
# can contain that letter.


# %%
def sample_name(net, category, alphabet, start_letter="A", max_length=20):
    """Let a network write a name of a category, letter by letter.

    The name begins with `start_letter`. The letter is given to the network, whose largest score says what comes next: a
    letter, which is added to the name and given to the network in turn, or the end of the name, EOS. The name ends
    before EOS, or when it has `max_length` letters, the first one included.

    Args:
        net: `net(category, letter, hidden)` gives (scores, hidden), with scores of shape (1, V + 1), and
            `net.init_hidden()` gives the first hidden state. The hidden state that a call returns goes into the next
            one. The network is on the device of `category`.
        category: a floating tensor of shape (1, C). It is given to the network as it is, every time.
        alphabet: str of V different characters. Score i is that of the character `alphabet[i]`; the last score, number
            V, is that of EOS, which is none of the characters.
        start_letter: a character of the alphabet.
        max_length: int, at least 1.

    A letter is given to the network as a one-hot row of shape (1, V + 1), with the dtype and on the device of
    `category`.

    Returns:
        A str. The same network writes the same name every time: nothing is drawn at random. No gradients are recorded.

    Raises:
        ValueError: when `start_letter` is not one character of the alphabet.

    Example:
        >>> class Successor:
        ...     def init_hidden(self):
        ...         return torch.zeros(1, 1)
        ...     def __call__(self, category, letter, hidden):
        ...         return letter.roll(1, dims=1), hidden
        >>> sample_name(Successor(), torch.tensor([[1.0, 0.0]]), "ABCDE", "B")
        'BCDE'
        >>> sample_name(Successor(), torch.tensor([[1.0, 0.0]]), "ABCDE", "B", max_length=3)
        'BCD'

    Source: Robertson, PyTorch tutorial "NLP From Scratch: Generating Names with a Character-Level RNN".
    """
    ### BEGIN SOLUTION
    if len(start_letter) != 1 or start_letter not in alphabet:
        raise ValueError(f"{start_letter!r} is not a letter of the alphabet")
    name = start_letter
    hidden = net.init_hidden()
    with torch.no_grad():
        while len(name) < max_length:
            letter = category.new_zeros(1, len(alphabet) + 1)
            letter[0, alphabet.index(name[-1])] = 1
            scores, hidden = net(category, letter, hidden)
            best = scores.argmax().item()
            if best == len(alphabet):
                break
            name += alphabet[best]
    return name
    ### END SOLUTION
