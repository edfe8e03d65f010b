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
