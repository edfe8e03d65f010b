"""Ways in which load_data_nmt goes wrong. Mistakes and rewrites change a part of `_load`."""

from pieces import RESERVED
from pieces import Again as _Again
from pieces import load as _load
from torch.utils.data import DataLoader, TensorDataset


def _one(Vocab, lines):
    return [Vocab(lines[0] + lines[1], min_freq=2, reserved_tokens=RESERVED)] * 2


def _one_again(Vocab, lines):
    shared = Vocab([line for side in lines for line in side], 2, RESERVED)
    return shared, shared


def not_prepared(text, Vocab, batch_size, num_steps, num_examples=600):
    """The text is not prepared.

    Capitals, hard spaces and marks that stick to words make other tokens: `preprocess_nmt` comes first.
    """
    return _load(text, Vocab, batch_size, num_steps, num_examples, prepare=lambda text: text)


def not_prepared__rewrite(text, Vocab, batch_size, num_steps, num_examples=600):
    return _load(text, Vocab, batch_size, num_steps, num_examples, prepare=str)


def lower_case_alone(text, Vocab, batch_size, num_steps, num_examples=600):
    """The text is only changed to lower case.

    Marks stick to words and hard spaces stay: `preprocess_nmt` does all of it.
    """
    return _load(text, Vocab, batch_size, num_steps, num_examples, prepare=lambda text: text.lower())


def lower_case_alone__rewrite(text, Vocab, batch_size, num_steps, num_examples=600):
    return _load(text, Vocab, batch_size, num_steps, num_examples, prepare=lambda text: text.casefold())


def one_vocabulary(text, Vocab, batch_size, num_steps, num_examples=600):
    """Source and target share a vocabulary.

    Each language has one, of the tokens on its side.
    """
    return _load(text, Vocab, batch_size, num_steps, num_examples, vocabs=_one)


def one_vocabulary__rewrite(text, Vocab, batch_size, num_steps, num_examples=600):
    return _load(text, Vocab, batch_size, num_steps, num_examples, vocabs=_one_again)


def vocabularies_swapped(text, Vocab, batch_size, num_steps, num_examples=600):
    """The vocabularies are returned in the wrong order.

    The source's comes first.
    """
    return _load(
        text, Vocab, batch_size, num_steps, num_examples, answer=lambda data, source, target: (data, target, source)
    )


def vocabularies_swapped__rewrite(text, Vocab, batch_size, num_steps, num_examples=600):
    return _load(
        text, Vocab, batch_size, num_steps, num_examples, answer=lambda data, *vocabs: (data, *reversed(vocabs))
    )


def rare_tokens_kept(text, Vocab, batch_size, num_steps, num_examples=600):
    """Tokens that occur once are in the vocabulary.

    `min_freq` is 2.
    """
    return _load(
        text,
        Vocab,
        batch_size,
        num_steps,
        num_examples,
        vocabs=lambda Vocab, lines: [Vocab(side, reserved_tokens=RESERVED) for side in lines],
    )


def rare_tokens_kept__rewrite(text, Vocab, batch_size, num_steps, num_examples=600):
    return _load(
        text,
        Vocab,
        batch_size,
        num_steps,
        num_examples,
        vocabs=lambda Vocab, lines: [Vocab(side, 0, RESERVED) for side in lines],
    )


def too_rare_tokens_left_out(text, Vocab, batch_size, num_steps, num_examples=600):
    """Tokens that occur twice are not in the vocabulary.

    `min_freq` is 2: those that occur twice are in.
    """
    return _load(
        text,
        Vocab,
        batch_size,
        num_steps,
        num_examples,
        vocabs=lambda Vocab, lines: [Vocab(side, 3, RESERVED) for side in lines],
    )


def too_rare_tokens_left_out__rewrite(text, Vocab, batch_size, num_steps, num_examples=600):
    return _load(
        text,
        Vocab,
        batch_size,
        num_steps,
        num_examples,
        vocabs=lambda Vocab, lines: [Vocab(side, min_freq=1 + 2, reserved_tokens=RESERVED) for side in lines],
    )


def no_bos(text, Vocab, batch_size, num_steps, num_examples=600):
    """`<bos>` is not among the reserved tokens.

    The decoder begins with it.
    """
    return _load(
        text,
        Vocab,
        batch_size,
        num_steps,
        num_examples,
        vocabs=lambda Vocab, lines: [Vocab(side, 2, ["<pad>", "<eos>"]) for side in lines],
    )


def no_bos__rewrite(text, Vocab, batch_size, num_steps, num_examples=600):
    return _load(
        text,
        Vocab,
        batch_size,
        num_steps,
        num_examples,
        vocabs=lambda Vocab, lines: [Vocab(side, 2, RESERVED[::2]) for side in lines],
    )


def other_order_of_reserved_tokens(text, Vocab, batch_size, num_steps, num_examples=600):
    """The reserved tokens stand in another order.

    Their order decides their ids.
    """
    return _load(
        text,
        Vocab,
        batch_size,
        num_steps,
        num_examples,
        vocabs=lambda Vocab, lines: [Vocab(side, 2, ["<bos>", "<eos>", "<pad>"]) for side in lines],
    )


def other_order_of_reserved_tokens__rewrite(text, Vocab, batch_size, num_steps, num_examples=600):
    return _load(
        text,
        Vocab,
        batch_size,
        num_steps,
        num_examples,
        vocabs=lambda Vocab, lines: [Vocab(side, 2, RESERVED[1:] + RESERVED[:1]) for side in lines],
    )


def one_pair_more(text, Vocab, batch_size, num_steps, num_examples=600):
    """One pair too many is read.

    The first `num_examples` pairs are taken.
    """
    return _load(
        text, Vocab, batch_size, num_steps, num_examples, number=lambda number: None if number is None else number + 1
    )


def one_pair_more__rewrite(text, Vocab, batch_size, num_steps, num_examples=600):
    return _load(text, Vocab, batch_size, num_steps, num_examples, number=lambda number: number and number + 1)


def all_pairs_read(text, Vocab, batch_size, num_steps, num_examples=600):
    """All pairs are read, whatever `num_examples` is.

    The first `num_examples` pairs are taken.
    """
    return _load(text, Vocab, batch_size, num_steps, num_examples, number=lambda number: None)


def all_pairs_read__rewrite(text, Vocab, batch_size, num_steps, num_examples=600):
    return _load(text, Vocab, batch_size, num_steps, num_examples, number=lambda number: 10**9)


def target_first(text, Vocab, batch_size, num_steps, num_examples=600):
    """The target stands before the source in a minibatch.

    The order is X, X_valid_len, Y, Y_valid_len.
    """
    return _load(text, Vocab, batch_size, num_steps, num_examples, arrays=lambda source, target: (*target, *source))


def target_first__rewrite(text, Vocab, batch_size, num_steps, num_examples=600):
    return _load(
        text, Vocab, batch_size, num_steps, num_examples, arrays=lambda source, target: tuple(target) + tuple(source)
    )


def lengths_at_the_end(text, Vocab, batch_size, num_steps, num_examples=600):
    """The lengths stand behind both arrays.

    The order is X, X_valid_len, Y, Y_valid_len.
    """
    return _load(
        text,
        Vocab,
        batch_size,
        num_steps,
        num_examples,
        arrays=lambda source, target: (source[0], target[0], source[1], target[1]),
    )


def lengths_at_the_end__rewrite(text, Vocab, batch_size, num_steps, num_examples=600):
    return _load(
        text,
        Vocab,
        batch_size,
        num_steps,
        num_examples,
        arrays=lambda source, target: [part for both in zip(source, target, strict=True) for part in both],
    )


def not_shuffled(text, Vocab, batch_size, num_steps, num_examples=600):
    """The pairs come in the same order in every pass.

    Every pass has a new random order.
    """
    return _load(
        text,
        Vocab,
        batch_size,
        num_steps,
        num_examples,
        batches=lambda arrays, size: DataLoader(TensorDataset(*arrays), size),
    )


def not_shuffled__rewrite(text, Vocab, batch_size, num_steps, num_examples=600):
    return _load(
        text, Vocab, batch_size, num_steps, num_examples, batches=lambda arrays, size: _Again(arrays, size, "in order")
    )


def last_batch_dropped(text, Vocab, batch_size, num_steps, num_examples=600):
    """The last minibatch is left out where the pairs do not fill it.

    Every pass gives each pair once.
    """
    return _load(
        text,
        Vocab,
        batch_size,
        num_steps,
        num_examples,
        batches=lambda arrays, size: DataLoader(TensorDataset(*arrays), size, shuffle=True, drop_last=True),
    )


def last_batch_dropped__rewrite(text, Vocab, batch_size, num_steps, num_examples=600):
    return _load(
        text, Vocab, batch_size, num_steps, num_examples, batches=lambda arrays, size: _Again(arrays, size, "dropped")
    )


def an_iterator(text, Vocab, batch_size, num_steps, num_examples=600):
    """The minibatches can be gone through only once.

    Every epoch goes through them again.
    """
    return _load(
        text,
        Vocab,
        batch_size,
        num_steps,
        num_examples,
        batches=lambda arrays, size: iter(DataLoader(TensorDataset(*arrays), size, shuffle=True)),
    )


def an_iterator__rewrite(text, Vocab, batch_size, num_steps, num_examples=600):
    return _load(
        text,
        Vocab,
        batch_size,
        num_steps,
        num_examples,
        batches=lambda arrays, size: (batch for batch in _Again(arrays, size)),
    )
