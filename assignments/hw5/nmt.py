# %% [markdown]
# # Data for machine translation
#
# A translation model reads minibatches: rectangles of token ids, one row for each sentence. On the way there the text
# is cleaned, cut into pairs of sentences, the sentences into tokens, and the tokens become numbers. Sentences differ in
# length, so every line of tokens is brought to the same number of steps $T$ before the rows are stacked.

# %%
import re
import unicodedata

import torch
from torch.utils.data import DataLoader, TensorDataset

# %% [markdown]
# ## normalize_string
#
# "Ça va?", "ça va ?" and "CA VA?" should be the same words to a model that has seen only a few thousand sentences. What
# distinguishes them, capitals, accents and how punctuation is set, is taken away. That loses something: *a* and *à* are
# different words in French.


# %%
def normalize_string(s):
    """Bring a sentence to plain lower-case letters and separate punctuation.

    1. Capitals become lower-case letters.
    2. Accents are removed: a letter with marks becomes the letter alone. The string is decomposed (Unicode's normal
       form NFD), and characters of the category `Mn`, the marks, are left out.
    3. A space is put in front of every `.`, `!` and `?`, so that each of them begins a token of its own.
    4. Every run of characters other than `a` to `z`, `.`, `!` and `?` becomes one space. Digits, apostrophes, hyphens and
       letters that are no `a` to `z` with a mark (ß, œ, я) are such characters too.
    5. No space remains at either end.

    Args:
        s: str, also the empty string.

    Returns:
        A str.

    Example:
        >>> normalize_string("  Ça va, Zoé?! ")
        'ca va zoe ? !'

    Source: Robertson, PyTorch tutorial "NLP From Scratch: Translation with a Sequence to Sequence Network and
    Attention"; The Unicode Standard, annex 15.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## preprocess_nmt
#
# A gentler way keeps accents and apostrophes, and works on a whole file at once: lines of two sentences with a tab
# between them. Punctuation still has to become a token of its own, or *va* and *va!* are two entries in the
# vocabulary.


# %%
def preprocess_nmt(text):
    """Make the text of a parallel corpus ready to be split at spaces.

    Non-breaking spaces, the wide one (`"\\xa0"`) and the narrow one (`"\\u202f"`), become plain spaces. Capitals become
    lower-case letters. A space is inserted in front of every `,`, `.`, `!` and `?`, unless the mark is the first character
    of the text or stands behind white space (a space, tab or line end, also one that was a non-breaking space). Of several
    marks in a row each gets a space. Everything else stays as it is: tabs, line ends, accents, two spaces in a row.

    Args:
        text: str, also the empty string.

    Returns:
        A str.

    Example:
        >>> preprocess_nmt("Go.\\tVa\\u202f!\\nWow!\\tÇa alors!")
        'go .\\tva !\\nwow !\\tça alors !'

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 10.5, Machine Translation and the Dataset.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## tokenize_nmt
#
# Now each line is split at its tab into source and target, and each of these into tokens. A file that was collected by
# hand has lines that hold no pair; they must be left out on both sides, or every later target belongs to another source.


# %%
def tokenize_nmt(text, num_examples=None):
    """Split the text of a parallel corpus into tokens.

    A line holds a pair when it has exactly one tab and at least one token on both sides of it. Lines that hold no pair
    are left out. Lines end with `"\\n"`. Tokens are what stands between spaces; several spaces in a row separate as
    one does, so no token is empty.

    Args:
        text: str, as `preprocess_nmt` returns it, also the empty string.
        num_examples: how many pairs to read: an int of at least 0, or None for all. The first `num_examples` pairs of
            the text are taken (lines that hold no pair do not count), or all when there are fewer.

    Returns:
        `(source, target)`, two lists of equal length of lists of str: `source[i]` holds the tokens before the tab of
        the pair `i`, `target[i]` those behind it.

    Example:
        >>> tokenize_nmt("go .\\tva !\\nwow !\\tça alors !")
        ([['go', '.'], ['wow', '!']], [['va', '!'], ['ça', 'alors', '!']])

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 10.5, Machine Translation and the Dataset.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## truncate_pad
#
# A line of $n$ tokens becomes a line of exactly $T$:
#
# $$(x_1, \dots, x_n) \;\mapsto\; \begin{cases}(x_1, \dots, x_T) & n \ge T\\
# (x_1, \dots, x_n, \underbrace{p, \dots, p}_{T - n}) & n < T\end{cases}$$
#
# where $p$ is the padding token. Truncating loses the end of long sentences; padding costs computation that a mask
# later cancels. Choosing $T$ weighs one against the other.


# %%
def truncate_pad(line, num_steps, padding_token):
    """Bring a line of tokens to a fixed length, so that several lines can be stacked into a minibatch.

    A line of more than `num_steps` tokens is cut to its first `num_steps` tokens, whatever they are. A shorter line
    is followed by as many copies of `padding_token` as it lacks. A line of exactly `num_steps` tokens keeps them
    all. An empty line becomes padding only, and `num_steps` 0 gives an empty list.

    Args:
        line: list of tokens: ids (int) or words (str). Padding tokens that already stand in the line are tokens
            like any other. A word stays as it is, also when it is written in digits or is the empty string.
        num_steps: length of the answer, an int of at least 0, also thousands.
        padding_token: what to pad with, of the same type as the tokens.

    Returns:
        A list of `num_steps` tokens. It is always a new list, also when there is nothing to cut or to pad, and
        `line` is left as it was.

    Example:
        >>> truncate_pad([47, 4, 9], 5, 1)
        [47, 4, 9, 1, 1]
        >>> truncate_pad([47, 4, 9], 2, 1)
        [47, 4]

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 10.5, Machine Translation and the Dataset.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## build_array_nmt
#
# The last step: lines of tokens become one tensor of ids, and beside it the number of ids in each row that are no
# padding. Every sentence ends with the token `<eos>`: by it a decoder says that it has finished.


# %%
def build_array_nmt(lines, vocab, num_steps):
    """Turn tokenized lines into a tensor of ids and the valid lengths of its rows.

    The id of `"<eos>"` is appended to each line, and the line is then brought to `num_steps` with `truncate_pad` and the
    id of `"<pad>"`. A line that does not fit is cut, so that its `<eos>` is lost. The valid length of a row is the number
    of ids in it that come from the line, `<eos>` included: at most `num_steps`. Tokens `"<pad>"` that already stand in a
    line count.

    Args:
        lines: list of n lists of str; a line may be empty, and then its row begins with `<eos>`.
        vocab: maps tokens to ids: `vocab["go"]` is an int, `vocab[["go", "."]]` a list of ints. Unknown tokens get the
            id of `"<unk>"`. `"<pad>"` and `"<eos>"` are among its tokens, with any ids.
        num_steps: number of columns, an int of at least 1.

    Returns:
        `(array, valid_len)`: int64 tensors of shapes (n, num_steps) and (n,). Without lines the shapes are
        (0, num_steps) and (0,). Neither `lines` nor what is in it is changed.

    Example:
        >>> class Ids:
        ...     ids = {"<unk>": 0, "<pad>": 1, "<eos>": 2, "go": 3, ".": 4}
        ...     def __getitem__(self, tokens):
        ...         if isinstance(tokens, str):
        ...             return self.ids.get(tokens, 0)
        ...         return [self[token] for token in tokens]
        >>> build_array_nmt([["go", "."], ["go", "go", "now", "."]], Ids(), 4)
        (tensor([[3, 4, 2, 1],
                [3, 3, 0, 4]]), tensor([3, 4]))

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 10.5, Machine Translation and the Dataset.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## load_data_nmt
#
# All of this together: from the text of a parallel corpus to minibatches. A word that stands in the corpus once teaches
# nothing but itself; it becomes `<unk>`.


# %%
def load_data_nmt(text, Vocab, batch_size, num_steps, num_examples=600):
    """Make minibatches and vocabularies of a parallel corpus.

    The text goes through `preprocess_nmt`, `tokenize_nmt` and `build_array_nmt`. Source and target have a vocabulary
    each, of the tokens on their own side, made by `Vocab(lines, min_freq=2, reserved_tokens=["<pad>", "<bos>", "<eos>"])`.

    Args:
        text: str, a line for each pair, with a tab between source and target, as it was collected.
        Vocab: a class of vocabularies such as that of hw4. The lines that it is given are lists of tokens.
        batch_size: number of pairs in a minibatch, an int of at least 1.
        num_steps: number of ids in every row, of source and target alike.
        num_examples: how many pairs to read, or None for all.

    Returns:
        `(data_iter, src_vocab, tgt_vocab)`. `data_iter` gives minibatches `(X, X_valid_len, Y, Y_valid_len)`: int64
        tensors of shapes (batch, num_steps), (batch,), (batch, num_steps) and (batch,), a source and its target at the
        same place. Every time one goes through it, it gives each pair once, in a new random order. The last
        minibatch is smaller where the pairs do not fill it.

    Example:
        >>> class Words:
        ...     def __init__(self, lines, min_freq, reserved_tokens):
        ...         self.words = [*reserved_tokens, *sorted({token for line in lines for token in line})]
        ...
        ...     def __getitem__(self, what):
        ...         return [self[token] for token in what] if isinstance(what, list) else self.words.index(what)
        >>> data_iter, english, french = load_data_nmt("Go.\\tVa !", Words, batch_size=1, num_steps=4)
        >>> english.words
        ['<pad>', '<bos>', '<eos>', '.', 'go']
        >>> X, X_valid_len, Y, Y_valid_len = next(iter(data_iter))
        >>> X, X_valid_len
        (tensor([[4, 3, 2, 0]]), tensor([3]))

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 10.5, Machine Translation and the Dataset.
    """
    raise NotImplementedError("your code here")
