# %% [markdown]
# # Data for BERT
#
# BERT (Devlin et al., 2019) learns from plain text by two tasks that need no labels made by hand:
#
# * **next sentence prediction**: does sentence B follow sentence A in the text?
# * **masked language modelling**: which words stood at the places that were covered?
#
# This file turns tokenised paragraphs into the tensors from which a model learns both. A *token* is a string, a
# *sentence* a list of tokens, a *paragraph* a list of sentences.
#
# Everything random here draws from `rng`, a `random.Random` that the caller passes on. With the same seed the same
# data come out again, on every machine and whatever else the program draws.

# %%
import torch

SPECIAL_TOKENS = ("<unk>", "<pad>", "<mask>", "<cls>", "<sep>")

# %% [markdown]
# A stand-in for the `Vocab` of homework 4, just large enough to try the functions below. Yours works as well.


# %%
class WordList:
    """Tokens by id, and ids by token or list of tokens; a token that is not in it has the id of "<unk>"."""

    def __init__(self, tokens):
        self.idx_to_token = list(tokens)

    def __len__(self):
        return len(self.idx_to_token)

    def __getitem__(self, tokens):
        ids = dict(zip(self.idx_to_token, range(len(self))))
        found = [ids.get(token, ids["<unk>"]) for token in ([tokens] if isinstance(tokens, str) else tokens)]
        return found[0] if isinstance(tokens, str) else found


# %% [markdown]
# ## One input from one or two sentences
#
# | | `<cls>` | tokens of A | `<sep>` | tokens of B | `<sep>` |
# |---|---|---|---|---|---|
# | segment | 0 | 0 … 0 | 0 | 1 … 1 | 1 |


# %%
def get_tokens_and_segments(tokens_a, tokens_b=None):
    """Joins one or two sentences to one BERT input, and says which token belongs to which.

    The input is "<cls>", the first sentence, "<sep>"; and when there is a second sentence, that sentence and
    another "<sep>". The segment of every token up to and including the first "<sep>" is 0, that of every
    token after it is 1. The sentences themselves hold neither "<cls>" nor "<sep>". Tokens are taken as they are, and
    as many as there are: nothing is cut off.

    Args:
        tokens_a: the first sentence, a list of strings.
        tokens_b: the second sentence, a list of strings; None when there is none. An empty list is a second
            sentence too: it still gets its "<sep>".

    Returns:
        tokens: a new list of strings.
        segments: a list of integers, as long as tokens.

    No argument is changed. The same sentences give the same answer every time.

    Example:
        >>> get_tokens_and_segments(["it", "rains"], ["stay"])
        (['<cls>', 'it', 'rains', '<sep>', 'stay', '<sep>'], [0, 0, 0, 0, 1, 1])

    Source: Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers" (2019), section 3 and figure 2.
    """
    ### BEGIN SOLUTION
    tokens = ["<cls>", *tokens_a, "<sep>"]
    segments = [0] * len(tokens)
    if tokens_b is not None:
        tokens += [*tokens_b, "<sep>"]
        segments += [1] * (len(tokens_b) + 1)
    return tokens, segments
    ### END SOLUTION


# %% [markdown]
# ## Next sentence prediction
#
# Half of the pairs are true neighbours, half are not. A pair that is labelled "not the next" and yet holds the next
# sentence teaches the model something false; in a small corpus this happens often unless it is ruled out.


# %%
def next_sentence(sentence, true_next, paragraphs, rng):
    """A pair of sentences for next sentence prediction, true or false with equal chances.

    With probability 1/2 the second sentence is `true_next`, and otherwise a sentence drawn from the paragraphs,
    which is never the true next one. Every call decides anew, independently of the calls before it. Sentences are
    compared by their tokens: a copy of `true_next` elsewhere in the paragraphs is the true next sentence too, and a
    sentence with other tokens, or the same ones in another order or number, is not.

    Args:
        sentence: the first sentence, a list of tokens.
        true_next: the sentence that follows it, a list of tokens.
        paragraphs: the text to draw from: a list of paragraphs, each a list of at least one sentence. Sentence
            and true_next are usually among them. An empty list, as a blank line gives, is a sentence too.
        rng: a `random.Random`, the only source of randomness: the same state of `rng` gives the same answer, and
            each call draws anew from it. Python's global generator is neither read nor changed.

    Returns:
        A tuple of sentence, its partner and is_next, where is_next is True when the partner is `true_next` and
        False when it was drawn from the paragraphs.
        Every other sentence of the paragraphs can be drawn, those of the same paragraph included; how likely each
        is, and whether `sentence` itself may be drawn, is left to you.

    Raises:
        ValueError: with a message, when a sentence has to be drawn and the paragraphs hold none but `true_next`;
            however rare another one is among them, it can be drawn. Half of the calls do not draw a sentence: a call
            that gives a true pair raises nothing.

    No argument is changed.

    Example:
        >>> import random
        >>> paragraphs = [[["it", "rains"], ["stay", "in"]], [["cats", "sleep"]]]
        >>> first, second, is_next = next_sentence(["it", "rains"], ["stay", "in"], paragraphs, random.Random(1))
        >>> first
        ['it', 'rains']
        >>> is_next == (second == ["stay", "in"])
        True

    Source: Devlin et al. (2019), section 3.1, task 2.
    """
    ### BEGIN SOLUTION
    if rng.random() < 0.5:
        return sentence, true_next, True
    if all(other == true_next for paragraph in paragraphs for other in paragraph):
        raise ValueError("the paragraphs hold no sentence but the true next one")
    drawn = true_next
    while drawn == true_next:
        drawn = rng.choice(rng.choice(paragraphs))
    return sentence, drawn, False
    ### END SOLUTION


# %% [markdown]
# A paragraph gives as many pairs as it has neighbours, less those that are too long for the model.


# %%
def nsp_pairs(paragraph, paragraphs, max_len, rng):
    """The BERT inputs for next sentence prediction that a paragraph gives.

    For each sentence but the last, in the order of the paragraph, your `next_sentence` decides on a partner, with the
    sentence that follows as the true next one. The pair becomes a BERT input by your `get_tokens_and_segments`. An input
    of more than `max_len` tokens, special tokens included, is dropped: it is neither shortened nor replaced by another
    one, and the pairs behind it stay. What counts is the pair that was drawn, not the true one.

    Args:
        paragraph: a list of sentences, each a list of tokens. With fewer than two sentences it gives no pair.
        paragraphs: the text to draw from, as for `next_sentence`.
        max_len: the number of tokens that an input may have.
        rng: a `random.Random`, the only source of randomness: the same state of `rng` gives the same answer.
            Python's global generator is neither read nor changed.

    Returns:
        A new list of tuples (tokens, segments, is_next).

    No argument but `rng` is changed. A ValueError of `next_sentence` is passed on.

    Example:
        >>> import random
        >>> paragraphs = [[["it", "rains"], ["stay", "in"], ["a", "very", "long", "day"]], [["cats", "sleep"]]]
        >>> pairs = nsp_pairs(paragraphs[0], paragraphs, 7, random.Random(1))
        >>> all(len(tokens) == len(segments) <= 7 for tokens, segments, _ in pairs)
        True

    Source: Devlin et al. (2019), appendix A.2; Zhang et al., "Dive into Deep Learning" (2023), section 15.9.1.
    """
    ### BEGIN SOLUTION
    pairs = []
    for i in range(len(paragraph) - 1):
        first, second, is_next = next_sentence(paragraph[i], paragraph[i + 1], paragraphs, rng)
        tokens, segments = get_tokens_and_segments(first, second)
        if len(tokens) <= max_len:
            pairs.append((tokens, segments, is_next))
    return pairs
    ### END SOLUTION


# %% [markdown]
# ## Masked language modelling
#
# Of the tokens that the model must predict, 80 % are covered by `<mask>`, 10 % stay as they are and 10 % become a
# random word. Were all of them masked, the model would only ever be asked about `<mask>`, which never occurs when it
# is used; so it has to keep a good representation of *every* token.


# %%
def replace_mlm_tokens(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Chooses the tokens that a masked language model has to predict, and covers most of them.

    Exactly min(num_mlm_preds, number of candidates) positions are predicted. They are drawn from
    `candidate_pred_positions` without replacement: no position is predicted twice, each candidate is equally likely
    and so is every pair of them, neighbours too. What becomes of the token at a predicted position is drawn for each
    position independently of the others, in the same way wherever the position is and whatever stands beside it, so
    that an answer may have no "<mask>" at all:

    * with probability 0.8 it is replaced by "<mask>",
    * with probability 0.1 it stays as it is,
    * with probability 0.1 it is replaced by a random word of the vocabulary, drawn anew for each position, each
      word equally likely (whether that may be the original token is left to you). A random word is never one of
      the special tokens "<unk>", "<pad>", "<mask>", "<cls>" and "<sep>"; every other token is a word, "<num>"
      for example.

    Args:
        tokens: a list of strings.
        candidate_pred_positions: the positions that may be predicted, a list of distinct integers in any order;
            it may be empty.
        num_mlm_preds: how many to predict, an integer from 0; it may exceed the number of candidates.
        vocab: an object with `vocab.idx_to_token`, the list of all tokens, in which the special tokens may stand
            anywhere; with len(vocab); and with ids by `vocab[token]` and `vocab[list of tokens]`.
        rng: a `random.Random`, the only source of randomness: the same state of `rng` gives the same answer, and
            each call draws anew from it. Python's global generator is neither read nor changed.

    Returns:
        A tuple of two lists. The first is a new list of the tokens with the replacements made, where only
        predicted positions may differ from `tokens`. The second has a pair (position, label) for each predicted
        position, in any order, where the label is the original token at that position, also where the token
        stayed as it is.

    No argument is changed, not even the order of the candidates.

    Example:
        >>> import random
        >>> vocab = WordList(["<unk>", "<pad>", "<mask>", "<cls>", "<sep>", "cats", "dogs", "sleep"])
        >>> tokens = ["<cls>", "cats", "sleep", "<sep>"]
        >>> replaced, predictions = replace_mlm_tokens(tokens, [1, 2], 5, vocab, random.Random(1))
        >>> sorted(predictions)
        [(1, 'cats'), (2, 'sleep')]
        >>> replaced[0], replaced[3], tokens
        ('<cls>', '<sep>', ['<cls>', 'cats', 'sleep', '<sep>'])

    Source: Devlin et al. (2019), section 3.1, task 1, and appendix A.1.
    """
    ### BEGIN SOLUTION
    words = [token for token in vocab.idx_to_token if token not in SPECIAL_TOKENS]
    replaced = list(tokens)
    predictions = []
    for position in rng.sample(candidate_pred_positions, min(num_mlm_preds, len(candidate_pred_positions))):
        chance = rng.random()
        if chance < 0.8:
            replaced[position] = "<mask>"
        elif chance < 0.9:
            replaced[position] = rng.choice(words)
        predictions.append((position, tokens[position]))
    return replaced, predictions
    ### END SOLUTION


# %% [markdown]
# Positions and labels go to the model in the order of the text, as numbers.


# %%
def mlm_example(tokens, vocab, rng):
    """One example for masked language modelling, as ids, from the tokens of one BERT input.

    Calls your `replace_mlm_tokens`. The candidates are all positions whose token is neither "<cls>" nor "<sep>",
    wherever these stand. The number of predictions asked for is max(1, round(0.15 * len(tokens))), with Python's
    own round, however long the input; where there are fewer candidates, all of them are predicted.

    Args:
        tokens: a list of strings, "<cls>" and "<sep>" among them.
        vocab: as for `replace_mlm_tokens`; a token that it does not know has the id that `vocab[token]` gives.
        rng: a `random.Random`, the only source of randomness: the same state of `rng` gives the same answer.
            Python's global generator is neither read nor changed.

    Returns:
        A tuple of three lists of integers.
        The input ids: the ids of the tokens after the replacement, as many as there are tokens. They differ from
        the ids of `tokens` only at predicted positions.
        The predicted positions, in ascending order.
        The label ids: the id of the original token at each of these positions, in the order of the positions.

    No argument is changed.

    Example:
        >>> import random
        >>> vocab = WordList(["<unk>", "<pad>", "<mask>", "<cls>", "<sep>", "cats", "dogs", "sleep"])
        >>> input_ids, positions, label_ids = mlm_example(["<cls>", "sleep", "<sep>"], vocab, random.Random(1))
        >>> input_ids[0], input_ids[2], positions, label_ids
        (3, 4, [1], [7])

    Source: Devlin et al. (2019), section 3.1, task 1.
    """
    ### BEGIN SOLUTION
    candidates = [position for position, token in enumerate(tokens) if token not in ("<cls>", "<sep>")]
    count = max(1, round(0.15 * len(tokens)))
    replaced, predictions = replace_mlm_tokens(tokens, candidates, count, vocab, rng)
    predictions = sorted(predictions)
    positions = [position for position, _ in predictions]
    labels = [label for _, label in predictions]
    return vocab[replaced], positions, vocab[labels]
    ### END SOLUTION


# %% [markdown]
# ## A batch needs one length
#
# With $L$ = `max_len` and $M = \mathrm{round}(0.15\,L)$ every example becomes ids and segments of shape $(L,)$, and
# positions, weights and labels of shape $(M,)$. The weights are 0 where a prediction is padding, so that the loss can
# leave it out.


# %%
def pad_bert_inputs(examples, max_len, vocab):
    """Pads examples to one length and turns them into tensors.

    Args:
        examples: a list of tuples (token_ids, pred_positions, mlm_pred_label_ids, segments, is_next). The first and
            the fourth are lists of one length, and so are the second and the third; is_next is a bool. Segments are
            numbers from 0, taken as they are: a model may know more than two.
        max_len: the length to which ids and segments are padded.
        vocab: gives the id of the padding token as `vocab["<pad>"]`, which may be any number.

    Returns:
        A tuple of seven lists, each with one tensor for each example. With M = round(max_len * 0.15), by Python's
        own round, these tensors are, with the dtype that is given here,

        1. token ids, shape (max_len,), int64, filled up with the id of "<pad>",
        2. segments, shape (max_len,), int64, filled up with 0,
        3. the valid length, shape (), float32: the number of token ids before padding,
        4. predicted positions, shape (M,), int64, filled up with 0,
        5. weights, shape (M,), float32: 1 for each prediction, 0 for padding,
        6. label ids, shape (M,), int64, filled up with 0,
        7. is_next, shape (), int64: 1 for true, 0 for false.

        An example that fills max_len or M exactly gets no padding; no examples give seven empty lists. Every tensor
        is made anew in every call: what is written into one shows in no other.

    Raises:
        ValueError: with a message, for an example with more than max_len token ids or more than M predictions.

    No argument is changed. The same examples give the same answer every time.

    Example:
        >>> padded = pad_bert_inputs([([5, 2, 6], [1], [9], [0, 0, 0], True)], 5, {"<pad>": 7})
        >>> [tensors[0].tolist() for tensors in padded]
        [[5, 2, 6, 7, 7], [0, 0, 0, 0, 0], 3.0, [1], [1.0], [9], 1]

    Source: Devlin et al. (2019), appendix A.2.
    """
    ### BEGIN SOLUTION
    max_predictions = round(max_len * 0.15)
    padded = ([], [], [], [], [], [], [])
    for token_ids, positions, label_ids, segments, is_next in examples:
        missing, unpredicted = max_len - len(token_ids), max_predictions - len(positions)
        if missing < 0:
            raise ValueError(f"an example has {len(token_ids)} tokens, at most {max_len} fit")
        if unpredicted < 0:
            raise ValueError(f"an example has {len(positions)} predictions, at most {max_predictions} fit")
        tensors = (
            torch.tensor([*token_ids, *[vocab["<pad>"]] * missing], dtype=torch.long),
            torch.tensor([*segments, *[0] * missing], dtype=torch.long),
            torch.tensor(len(token_ids), dtype=torch.float32),
            torch.tensor([*positions, *[0] * unpredicted], dtype=torch.long),
            torch.tensor([1.0] * len(positions) + [0.0] * unpredicted, dtype=torch.float32),
            torch.tensor([*label_ids, *[0] * unpredicted], dtype=torch.long),
            torch.tensor(is_next, dtype=torch.long),
        )
        for column, tensor in zip(padded, tensors):
            column.append(tensor)
    return padded
    ### END SOLUTION


# %% [markdown]
# ## All of it together
#
# Everything random happens once, when the data set is made: every epoch sees the same masks.


# %%
class BERTDataset(torch.utils.data.Dataset):
    """The examples for both tasks of pre-training that a text gives, as a data set for a `DataLoader`.

    Goes through the paragraphs in their order. Your `nsp_pairs` makes the pairs of each, your `mlm_example` covers
    words in every pair, and your `pad_bert_inputs` makes tensors of length `max_len` of them. The examples stand in the
    order of the text. All of them are made once, by the constructor: an example is the same whenever it is asked for.

    Args of the constructor:
        paragraphs: a list of paragraphs, each a list of sentences, each a list of tokens.
        vocab: as for `mlm_example`.
        max_len: the number of tokens that an input may have, and the length to which it is padded.
        rng: a `random.Random`, the only source of randomness: the same state of `rng` gives the same data set.
            Python's global generator is neither read nor changed. No other argument is changed.

    A ValueError of `next_sentence` is passed on.
    """

    def __init__(self, paragraphs, vocab, max_len, rng):
        ### BEGIN SOLUTION
        examples = []
        for paragraph in paragraphs:
            for tokens, segments, is_next in nsp_pairs(paragraph, paragraphs, max_len, rng):
                examples.append((*mlm_example(tokens, vocab, rng), segments, is_next))
        self.columns = pad_bert_inputs(examples, max_len, vocab)
        ### END SOLUTION

    def __len__(self):
        """The number of examples: of the pairs that were not dropped."""
        ### BEGIN SOLUTION
        return len(self.columns[0])
        ### END SOLUTION

    def __getitem__(self, index):
        """One example.

        Args:
            index: an integer from 0 to len - 1. From len on an IndexError is raised, which ends a for loop.

        Returns:
            A tuple of the seven tensors of `pad_bert_inputs`, in their order: token ids, segments, valid length,
            predicted positions, weights, label ids, is_next.

        Example:
            >>> import random
            >>> vocab = WordList(["<unk>", "<pad>", "<mask>", "<cls>", "<sep>", "it", "rains", "cats", "sleep", "stay"])
            >>> text = [[["it", "rains"], ["stay"], ["it", "rains"]], [["cats"], ["cats", "sleep"]]]
            >>> data = BERTDataset(text, vocab, 10, random.Random(1))
            >>> len(data), [tuple(tensor.shape) for tensor in data[0]]
            (3, [(10,), (10,), (), (2,), (2,), (2,), ()])

        Source: Devlin et al. (2019), appendix A.2; "Dive into Deep Learning", section 15.9.2.
        """
        ### BEGIN SOLUTION
        return tuple(column[index] for column in self.columns)
        ### END SOLUTION
