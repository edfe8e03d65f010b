# %% [markdown]
# # Text
#
# A network computes with numbers, and text is a string. Two steps lead from one to the other. *Tokenization* splits
# every line into tokens, the smallest units that the model will know: words, or characters. A *vocabulary* then
# gives every token an integer, its id. After that a corpus is a list of integers, ready to be embedded.

# %%
import random
from collections import Counter

import torch

# %% [markdown]
# ## tokenize
#
# Few long tokens or many short ones? For the line `a cat` the words are $(\text{a}, \text{cat})$ and the characters
# $(\text{a}, \text{␣}, \text{c}, \text{a}, \text{t})$. A vocabulary of words is large and meets words that it has never
# seen; one of characters is small and complete, but the sequences are several times as long.


# %%
def tokenize(lines, token="word"):
    """Split every line of a text into tokens.

    The answer has one list of tokens for each line, in the order of the lines. With `token="word"` the tokens are
    what stands between white space: any run of spaces, tabs or line ends separates two words, and white space at the
    ends of a line gives no token. Letters and punctuation stay as they are, also those of other languages. With `token="char"` the tokens are all
    characters of the line, spaces included.

    Args:
        lines: list of str. A blank line gives an empty list of words, an empty line an empty list of characters,
            and no lines give an empty list.
        token: the type of the tokens, "word" or "char".

    Returns:
        A new list of lists of str. Every line has a list of its own, made anew in every call. The list `lines` is
        not changed.

    Raises:
        ValueError: for any other type of token, with a message that names the type, even when `lines` is empty.
            "Word", "CHAR" and "words" are other types too.

    Example:
        >>> tokenize(["the time machine", "", "by h g wells"])
        [['the', 'time', 'machine'], [], ['by', 'h', 'g', 'wells']]
        >>> tokenize(["so it"], token="char")
        [['s', 'o', ' ', 'i', 't']]

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 9.2, Converting Raw Text into Sequence Data.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## Vocab
#
# The vocabulary counts the tokens of a corpus and sorts them by frequency, so that small ids are frequent tokens. By
# Zipf's law the $r$-th most frequent word of a text occurs about $1/r$ times as often as the first: most words are
# rare, and `min_freq` drops those of which too few examples exist to learn anything. Whatever has no id of its own is
# read as the unknown token `<unk>`. Reserved tokens do not come from the text; they mark padding or the beginning and
# end of a sentence.
#
# An id is only worth something if it is the same tomorrow. Many tokens occur equally often, and lecture notes
# and libraries often leave their order open, or let the token that was seen first come first: then shuffling the
# corpus changes the ids, and a model that was trained with the old ones reads nonsense. Here the alphabet breaks ties.


# %%
class Vocab:
    """The tokens that a model knows, and their ids: 0, 1, 2, …

    Index 0 is "<unk>", then come the reserved tokens in the given order, then the tokens of the corpus by decreasing
    frequency. Tokens of equal frequency are in alphabetical order, that of `sorted` (capitals before small letters).
    Notes that sort by frequency alone leave the order of ties open, or keep the order of first appearance; here it must
    not depend on the order of the corpus.

    Args:
        tokens: the corpus, either a flat list of str or a list of lists of str (one for each line). Any line may be
            empty, the first one too. Tokens are taken as they are: "The", "the", " the", " " and "" are five tokens.
        min_freq: a token of the corpus that occurs fewer than `min_freq` times gets no id; one that occurs exactly
            `min_freq` times does. Reserved tokens always get one.
        reserved_tokens: list of str. No token has two ids: a reserved token or "<unk>" that also occurs in the
            corpus, a reserved token that is given twice, or "<unk>" among the reserved ones keeps its first place.

    Where `tokens` or `reserved_tokens` is left out or None, it is empty. Two vocabularies share nothing: what is built
    or done with one does not show in another. Nor does a vocabulary change when the lists that it was built from
    change later. No argument is changed. The same arguments give the same vocabulary every time.

    Attributes (set them in the constructor, or make them properties):
        idx_to_token: list of str, the token of every id.
        token_to_idx: dict from str to int, the id of every token.

    Time: building a vocabulary takes at most O(n log n) time for a corpus of n tokens, however many of them
    differ, and also when every line holds a single token. The reserved tokens are few. Growth is seen on
    three sizes, each four times the one before: from the first to the last the processor time, and the number of your
    lines that run, grow at most like the power 1.6. All work is done in the caller's thread.

    Example:
        >>> vocab = Vocab([["the", "cat"], [], ["a", "cat"]], reserved_tokens=["<pad>"])
        >>> vocab.idx_to_token
        ['<unk>', '<pad>', 'cat', 'a', 'the']
        >>> len(vocab), vocab["cat"], vocab[["the", "dog"]]
        (5, 2, [4, 0])
        >>> vocab.to_tokens(3), vocab.to_tokens([2, 0])
        ('a', ['cat', '<unk>'])
        >>> vocab.token_freqs
        [('cat', 2), ('a', 1), ('the', 1)]

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 9.2, Converting Raw Text into Sequence Data.
    """

    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        raise NotImplementedError("your code here")

    def __len__(self):
        """The number of tokens that have an id, "<unk>" and the reserved ones included."""
        raise NotImplementedError("your code here")

    def __getitem__(self, tokens):
        """The ids of tokens.

        One token (a str) gives its id, an int. A list or tuple gives a list of the ids of its items, and lists in
        lists, however deep, give lists in lists. A token that has no id gives the index of "<unk>".
        Tokens are str: a number is none, and is never taken for an id or for its digits. Whether it gives the index
        of "<unk>" or raises an exception is left to you.

        Looking tokens up changes neither the vocabulary nor the list that is looked up. The time for a list is
        proportional to its length, however large the vocabulary. Many short lists, or single tokens, take no longer
        than one long list.
        """
        raise NotImplementedError("your code here")

    def to_tokens(self, indices):
        """The tokens of ids.

        One int gives its token, a str; a list or tuple of int gives a list of str. An index that no token has raises
        IndexError, alone or in a list: those from `len(vocab)` on, and negative ones, which do not count from the
        end here. The time for n indices is proportional to n, however large the vocabulary, in one list or
        in many.
        """
        raise NotImplementedError("your code here")

    @property
    def unk(self):
        """The index of "<unk>", an int."""
        raise NotImplementedError("your code here")

    @property
    def token_freqs(self):
        """List of pairs (token, count) of all tokens of the corpus, in the order described above: by decreasing
        frequency, ties in alphabetical order. It also has those that occur fewer than `min_freq` times, and reserved
        tokens and "<unk>" where the corpus has them.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## load_corpus
#
# Tokens and vocabulary together make a corpus: one long list of ids. Where lines end has no meaning in a novel that was
# set in columns, so the ids of all lines stand in one list.


# %%
def load_corpus(lines, token="char", max_tokens=-1):
    """Turn the lines of a text into one list of token ids, with the vocabulary that gave them.

    The lines are tokenized with your `tokenize`, a `Vocab` is built from all of their tokens, and the corpus is the ids of
    the tokens of all lines, one after the other. With `max_tokens` above 0 the corpus is cut to its first `max_tokens`
    ids; the vocabulary is that of the whole text all the same. With `max_tokens` 0 or below nothing is cut.

    Args:
        lines: list of str.
        token: the type of the tokens, "word" or "char", as for `tokenize`.
        max_tokens: int.

    Returns:
        `(corpus, vocab)`: a flat list of int, and a `Vocab` without reserved tokens. The list `lines` is not changed.

    Raises:
        ValueError: for any other type of token, as `tokenize` does.

    Example:
        >>> corpus, vocab = load_corpus(["so it", "so"], token="word")
        >>> corpus, vocab.idx_to_token
        ([1, 2, 1], ['<unk>', 'so', 'it'])

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 9.2, Converting Raw Text into Sequence Data.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## seq_data_iter_random
#
# A corpus is one long sequence, and a model is trained on minibatches of short pieces of it. What it has to predict is
# always the next token, so the labels are the inputs moved on by one:
#
# | X | t | h | e | · | t |
# |---|---|---|---|---|---|
# | Y | h | e | · | t | i |
#
# If the pieces always began at the same places, the model would never read across the cuts. So every epoch leaves out a
# random number of tokens at the beginning, fewer than a piece has. And pieces that are shuffled know nothing of each
# other: a recurrent network has to start each of them with a new state.


# %%
def seq_data_iter_random(corpus, batch_size, num_steps, rng=None):
    """Goes through a corpus once, in minibatches of subsequences in random order.

    The first `offset` tokens are left out; the offset is drawn anew in every call, each number from 0 to num_steps - 1
    with the same probability. From there on the corpus is cut into subsequences of num_steps tokens, one behind the
    other, as many as there are with a token after the last one. They are shuffled, and every order of them is equally
    likely, whatever the offset. In this order batch_size of them at a time make a batch. Every batch is full: the
    subsequences that are left over at the end of the order are not used.

    Args:
        corpus: list of int, also empty. An id may occur many times.
        batch_size: the number of subsequences in a batch, 1 or more.
        num_steps: the number of tokens in a subsequence, 1 or more.
        rng: a `random.Random`, the only source of randomness: the same state of `rng` gives the same batches, and each
            call draws anew from it, in whatever way. Global generators, Python's and torch's, are neither read nor
            changed. None stands for Python's global generator, the module `random`.

    Returns:
        An iterator, or anything else that a `for` loop goes through once, over tuples (X, Y): int64 tensors of shape
        (batch_size, num_steps). Each row of X is a subsequence, and the same row of Y is that subsequence moved on by
        one, so that Y[i, t] is the token that follows X[i, t] in the corpus. Where the corpus is too short for a batch,
        there is none. The corpus is not changed.

    Raises:
        ValueError: `batch_size` or `num_steps` is less than 1. Whether it is raised by the call or with the first batch
            is left to you.

    Example:
        >>> import random
        >>> corpus = list(range(100, 120))
        >>> for X, Y in seq_data_iter_random(corpus, batch_size=2, num_steps=4, rng=random.Random(0)):
        ...     print(X.tolist(), torch.equal(Y, X + 1))
        [[111, 112, 113, 114], [107, 108, 109, 110]] True
        [[103, 104, 105, 106], [115, 116, 117, 118]] True

    Source: Zhang et al., "Dive into Deep Learning", first edition (2021), section 8.3.4, Reading Long Sequence Data.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## seq_data_iter_sequential
#
# The other way keeps the order. The corpus is cut into as many long parts as a batch has rows, and row $i$ of every batch
# reads on in part $i$. Then the state after one batch is the state with which the next one begins, and the model remembers
# more than one subsequence has tokens:
#
# | | first batch | second batch | … |
# |---|---|---|---|
# | row 0 | beginning of part 0 | what follows | … |
# | row 1 | beginning of part 1 | what follows | … |


# %%
def seq_data_iter_sequential(corpus, batch_size, num_steps, rng=None):
    """Goes through a corpus once, in minibatches of which each goes on where the one before ended.

    The first `offset` tokens are left out; the offset is drawn anew in every call, each number from 0 to num_steps - 1
    with the same probability. What follows is cut into batch_size parts of equal length, one behind the other, as long
    as they can be with a token after the last one. The first batch has the first num_steps tokens of every part, a row
    for each part; in the next batch every row goes on with the tokens that follow, and so on to the end of the parts.
    Every batch is full: tokens at the end that are too few are not used.

    Args:
        corpus: list of int, also empty. An id may occur many times.
        batch_size: the number of rows in a batch, 1 or more.
        num_steps: the number of tokens in a row, 1 or more.
        rng: a `random.Random`, the only source of randomness: the same state of `rng` gives the same batches, and each
            call draws anew from it, in whatever way. Global generators, Python's and torch's, are neither read nor
            changed. None stands for Python's global generator, the module `random`.

    Returns:
        An iterator, or anything else that a `for` loop goes through once, over tuples (X, Y): int64 tensors of shape
        (batch_size, num_steps). Each row of X has tokens that follow each other in the corpus, and the same row of Y is
        it moved on by one, so that Y[i, t] is the token that follows X[i, t] in the corpus. Where the corpus is too
        short for a batch, there is none. The corpus is not changed.

    Raises:
        ValueError: `batch_size` or `num_steps` is less than 1. Whether it is raised by the call or with the first batch
            is left to you.

    Example:
        >>> import random
        >>> corpus = list(range(100, 120))
        >>> for X, Y in seq_data_iter_sequential(corpus, batch_size=2, num_steps=4, rng=random.Random(0)):
        ...     print(X.tolist(), torch.equal(Y, X + 1))
        [[103, 104, 105, 106], [111, 112, 113, 114]] True
        [[107, 108, 109, 110], [115, 116, 117, 118]] True

    Source: Zhang et al., "Dive into Deep Learning", first edition (2021), section 8.3.4, Reading Long Sequence Data.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## bow_vector
#
# The simplest description of a text counts its words and forgets their order, a *bag of words*. Over a vocabulary of $V$
# words it is a vector $x \in \mathbb{R}^V$ with
#
# $$x_i = \text{how often word } i \text{ occurs}.$$
#
# A linear layer over it is already a usable classifier of topics and languages.


# %%
def bow_vector(sentence, word_to_ix):
    """Count the words of a sentence.

    The answer holds at `[0, word_to_ix[word]]` how often `word` occurs in the sentence, and 0 for words that do not
    occur. Words that `word_to_ix` lacks are passed over.

    Args:
        sentence: list of str, also empty.
        word_to_ix: dict from str to int, the words' indices 0 to V - 1 in any order. It is not changed.

    Returns:
        A float32 tensor of shape (1, V): a batch of one row, ready for a linear layer.

    Example:
        >>> bow_vector(["so", "it", "goes", "so"], {"it": 0, "so": 1, "is": 2})
        tensor([[1., 2., 0.]])

    Source: Guthrie, PyTorch tutorial "Deep Learning with PyTorch for NLP", section "Logistic Regression Bag-of-Words
    classifier".
    """
    raise NotImplementedError("your code here")
