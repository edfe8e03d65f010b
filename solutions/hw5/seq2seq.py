# %% [markdown]
# # Sequence to sequence learning
#
# The rows of a minibatch are padded to one length, and padding is no data: it must change neither the loss nor the
# gradient. Where the padding is, the *valid lengths* say: row $i$ holds `valid_len[i]` tokens, then padding.

# %%
import math
from collections import Counter

import torch
import torch.nn.functional as F
from torch import nn

# %% [markdown]
# ## sequence_mask
#
# With $X$ of shape $(N, T, \dots)$ and lengths $\ell_1, \dots, \ell_N$ the answer is
#
# $$Y_{i,t,\dots} = \begin{cases} X_{i,t,\dots} & t < \ell_i \\ \text{value} & t \ge \ell_i\end{cases}
# \qquad t = 0, \dots, T - 1.$$
#
# This is a choice between two numbers, not a product with 0 and 1: a product gives NaN where the padding holds
# infinity, because $0 \cdot \infty$ is not a number.
#
# Think of the comparison as a table: steps in the columns, lengths in the rows. Broadcasting $(1, T)$ against
# $(N, 1)$ fills it without a loop.


# %%
def sequence_mask(X, valid_len, value=0):
    """Replace what stands behind the valid length of every sequence.

    Entry `X[i, t]` is kept where `t < valid_len[i]` and replaced by `value` elsewhere. The widely taught version of
    this function writes `value` into its argument; this one returns a new tensor and leaves its arguments as they
    were, also when nothing is masked.

    Args:
        X: shape (batch, num_steps, ...): any number of steps, also thousands, and any number of further axes, which
            are masked together with their step. Any dtype, any memory layout. An empty batch or no steps give an
            empty answer.
        valid_len: shape (batch,), on the device of X, of any integer dtype (also one too small to count to
            `num_steps`). A valid length of 0 masks the whole row. A valid length above `num_steps` masks nothing in
            its row, however large it is. All valid lengths of a batch may be smaller than `num_steps`.
        value: every masked entry becomes exactly `value`: any number that the dtype of X holds, such as -1, -1e6 or
            -inf.

    Returns:
        A new tensor with the shape, the dtype and the device of X (an integer X gives integers, without a detour
        through floating point; a boolean X gives booleans). Kept entries are unchanged, and infinity or NaN at
        masked entries does not show in the answer.

    Gradients flow to the kept entries of X, and the gradient of masked entries is 0. Works on whatever device the
    arguments are on. The same arguments give the same answer in every call. The number of torch operations does not
    grow with the batch, nor with the number of steps, no value leaves torch (through `.item()`, `.tolist()`,
    `.numpy()`, or as a Python number in an `if`, a slice or a loop), and nothing is copied to the CPU.

    Example:
        >>> X = torch.tensor([[1, 2, 3], [4, 5, 6]])
        >>> sequence_mask(X, torch.tensor([1, 2]))
        tensor([[1, 0, 0],
                [4, 5, 0]])
        >>> sequence_mask(torch.ones(1, 2, 3), torch.tensor([1]), value=-1)
        tensor([[[ 1.,  1.,  1.],
                 [-1., -1., -1.]]])

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 10.7, Sequence-to-Sequence Learning for Machine
    Translation.
    """
    ### BEGIN SOLUTION
    steps = torch.arange(X.shape[1], device=X.device)
    padding = steps >= valid_len[:, None]
    padding = padding.reshape(*padding.shape, *[1] * (X.dim() - 2))
    return X.masked_fill(padding, value)
    ### END SOLUTION


# %% [markdown]
# ## MaskedSoftmaxCELoss
#
# With logits $o_{i,t} \in \mathbb{R}^V$ and labels $y_{i,t}$ the loss of sample $i$ is
#
# $$L_i = \frac{1}{\ell_i} \sum_{t < \ell_i} -\log \operatorname{softmax}(o_{i,t})_{y_{i,t}}, \qquad L_i = 0
# \text{ where } \ell_i = 0.$$
#
# Dividing by the number of steps $T$ instead of $\ell_i$ makes the loss of a sentence smaller the more padding its
# batch happens to need.


# %%
class MaskedSoftmaxCELoss(nn.Module):
    """Softmax cross entropy of sequences of unequal length, one loss for each sample.

    A module without parameters and buffers, constructed without arguments. It may use `sequence_mask` above.

    The loss of a sample is the sum of the cross entropies of its valid tokens divided by its valid length. (Dividing
    by `num_steps`, so that padding counts in the mean, is a widespread habit that costs points here.) A sample
    with valid length 0 has loss 0 and gradient 0, not NaN.
    """

    def forward(self, pred, label, valid_len):
        """The loss of every sample.

        Args:
            pred: logits, before any softmax, shape (batch, num_steps, vocab_size), floating point, any memory
                layout. The loss stays exact for logits of any magnitude.
            label: ids of the right tokens, shape (batch, num_steps), int64. Labels at padding may be any integer,
                even one that is no id of the vocabulary, such as -1; at valid steps they are ids from 0 to
                vocab_size - 1, and 0 is an id like any other.
            valid_len: shape (batch,), integers from 0 to num_steps.

        Returns:
            A new tensor of shape (batch,), also when the batch, num_steps or vocab_size is 1 or the batch is empty,
            with the dtype of `pred`.

        Gradients flow to the logits of valid tokens, and the gradient of `pred` at padding is 0. What `pred` holds
        at padding does not matter: infinity or NaN there reaches neither the loss nor the gradient. NaN at a valid
        token makes the loss of its sample NaN, and of no other: an error is not hidden.

        No argument is changed, and a call leaves the module as it was: `forward` sets no attribute, neither of the
        module nor of its class. Works on whatever device the arguments are on. The same arguments give the same answer in every call. The number of
        torch operations does not grow with the batch, nor with the number of steps, no value leaves torch (through
        `.item()`, `.tolist()`, `.numpy()`, or as a Python number in an `if`, a slice or a loop), and nothing is
        copied to the CPU.

        Example:
            >>> loss = MaskedSoftmaxCELoss()
            >>> pred, label = torch.zeros(3, 4, 10), torch.ones(3, 4, dtype=torch.long)
            >>> loss(pred, label, torch.tensor([4, 2, 0]))
            tensor([2.3026, 2.3026, 0.0000])

        Source: Zhang et al., "Dive into Deep Learning" (2023), section 10.7, Sequence-to-Sequence Learning for
        Machine Translation; Sutskever et al., "Sequence to Sequence Learning with Neural Networks" (2014).
        """
        ### BEGIN SOLUTION
        # Padding is cleaned before the softmax: its derivative would turn a NaN times 0 into NaN again.
        pred = sequence_mask(pred, valid_len)
        label = sequence_mask(label, valid_len)
        token_loss = F.cross_entropy(pred.transpose(1, 2), label, reduction="none")
        return sequence_mask(token_loss, valid_len).sum(dim=1) / valid_len.clamp(min=1)
        ### END SOLUTION


# %% [markdown]
# ## bleu
#
# How good is a translation? BLEU counts how many of its $n$-grams, runs of $n$ tokens, also stand in the translation that
# a person wrote:
#
# $$\exp\left(\min\left(0,\ 1 - \frac{\mathrm{len}_\text{label}}{\mathrm{len}_\text{pred}}\right)\right)
# \prod_{n=1}^{k} p_n^{1/2^n}$$
#
# $p_n$ is the part of the prediction's $n$-grams that are matched. Longer runs are harder to match, and a power closer
# to 0 brings $p_n$ closer to 1, so that they count for more than their few matches would. Short predictions match
# easily; the first factor makes them pay.


# %%
def bleu(pred_seq, label_seq, k):
    """The BLEU score of one predicted sequence.

    Both sequences are split at white space into tokens. `p_n` is the number of n-grams of the prediction that are matched
    in the label, divided by the number of n-grams of the prediction, `len_pred - n + 1`. Every n-gram of the label can be
    matched once: a token that is repeated in the prediction counts only as often as it stands in the label. n-grams are
    equal when their tokens are equal, one by one.

    The score is `exp(min(0, 1 - len_label / len_pred))` times the product of `p_n ** (1 / 2 ** n)` for n from 1 to `k`.
    A prediction longer than the label is not punished for its length. Where the prediction has no n-gram for some n up to
    `k`, or no token at all, the score is 0.

    Args:
        pred_seq: str, the predicted tokens with spaces between them, also the empty string.
        label_seq: str, the tokens of the right answer, at least one.
        k: length of the longest n-grams that are counted, an int of at least 1.

    Returns:
        A float from 0 to 1; 1 for a prediction that equals a label of at least `k` tokens.

    Example:
        >>> bleu("il est calme .", "il est calme .", 2)
        1.0
        >>> round(bleu("il est .", "il est calme .", 2), 3)
        0.603

    Source: Papineni et al., "BLEU: a Method for Automatic Evaluation of Machine Translation" (2002); in the form of Zhang
    et al., "Dive into Deep Learning" (2023), section 10.7.
    """
    ### BEGIN SOLUTION
    pred, label = pred_seq.split(), label_seq.split()
    if len(pred) < k:
        return 0.0
    score = math.exp(min(0, 1 - len(label) / len(pred)))
    for n in range(1, k + 1):
        found, wanted = (Counter(tuple(seq[i : i + n]) for i in range(len(seq) - n + 1)) for seq in (pred, label))
        score *= ((found & wanted).total() / (len(pred) - n + 1)) ** (0.5**n)
    return score
    ### END SOLUTION
