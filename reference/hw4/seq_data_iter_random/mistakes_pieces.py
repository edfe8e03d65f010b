"""Ways in which seq_data_iter_random goes wrong: the pieces, their labels and the batches."""

import random

import torch
from pieces import read as _read
from pieces import shuffled as _shuffled
from pieces import the_batches as _batches
from pieces import the_offset as _offset
from pieces import the_starts as _starts


def labels_are_the_inputs(corpus, batch_size, num_steps, rng=None):
    """The labels are the inputs.

    A model that copies its input would be perfect. The label of a token is the one that follows it.
    """

    def pair(corpus, chosen, num_steps):
        X = torch.tensor([corpus[start : start + num_steps] for start in chosen])
        return X, X.clone()

    return _read(corpus, batch_size, num_steps, rng, pair=pair)


def labels_are_the_inputs__rewrite(corpus, batch_size, num_steps, rng=None):
    return _shuffled(corpus, batch_size, num_steps, rng, finish=lambda X, Y: (X, X + 0))


def labels_first(corpus, batch_size, num_steps, rng=None):
    """Inputs and labels are exchanged.

    The labels lie one token behind the inputs in the corpus: `for X, Y in …` gets the inputs first.
    """
    return ((Y, X) for X, Y in _read(corpus, batch_size, num_steps, rng))


def labels_first__rewrite(corpus, batch_size, num_steps, rng=None):
    return _shuffled(corpus, batch_size, num_steps, rng, finish=lambda X, Y: (Y, X))


def labels_are_the_next_piece(corpus, batch_size, num_steps, rng=None):
    """The labels are the subsequence that comes next.

    Each token is to be followed by its own label: the labels are the inputs moved on by one token, not by num_steps.
    """

    def pair(corpus, chosen, num_steps):
        X = [corpus[start : start + num_steps] for start in chosen]
        Y = [corpus[start + num_steps : start + 2 * num_steps] for start in chosen]
        return torch.tensor(X), torch.tensor(Y)

    starts = lambda *args: _starts(*args)[:-1]
    return _read(corpus, batch_size, num_steps, rng, starts=starts, pair=pair)


def labels_are_the_next_piece__rewrite(corpus, batch_size, num_steps, rng=None):
    starts = lambda *args: _starts(*args)[:-1]
    pair = lambda corpus, chosen, steps: tuple(
        torch.tensor([[corpus[start + ahead + t] for t in range(steps)] for start in chosen]) for ahead in (0, steps)
    )
    return iter([*_read(corpus, batch_size, num_steps, rng, starts=starts, pair=pair)])


def one_step_in_a_column(corpus, batch_size, num_steps, rng=None):
    """Subsequences are columns.

    A batch has the shape (batch_size, num_steps): a subsequence is a row.
    """
    return ((X.T, Y.T) for X, Y in _read(corpus, batch_size, num_steps, rng))


def one_step_in_a_column__rewrite(corpus, batch_size, num_steps, rng=None):
    return _shuffled(corpus, batch_size, num_steps, rng, finish=lambda X, Y: (X.transpose(0, 1), Y.transpose(0, 1)))


def a_window_for_every_token(corpus, batch_size, num_steps, rng=None):
    """Subsequences begin at every token.

    Every token comes num_steps times in an epoch then. The next subsequence begins where the one before ends.
    """
    starts = lambda corpus, offset, num_steps: list(range(offset, len(corpus) - num_steps))
    return _read(corpus, batch_size, num_steps, rng, starts=starts)


def a_window_for_every_token__rewrite(corpus, batch_size, num_steps, rng=None):
    def read():
        if min(batch_size, num_steps) < 1:
            raise ValueError("sizes")
        source = rng or random
        places = range(source.randrange(num_steps), len(corpus) - num_steps)
        windows = [corpus[at : at + num_steps + 1] for at in places]
        source.shuffle(windows)
        for at in range(batch_size, len(windows) + 1, batch_size):
            both = torch.tensor(windows[at - batch_size : at])
            yield both[:, :-1], both[:, 1:]

    return read()


def starts_drawn_with_replacement(corpus, batch_size, num_steps, rng=None):
    """The beginnings are drawn one by one from the whole corpus.

    Subsequences overlap then, and some tokens never come. Cut the corpus, and shuffle the pieces.
    """

    def order(rng, starts, batch_size):
        return [rng.randint(0, len(corpus) - num_steps - 1) for _ in starts]

    return _read(corpus, batch_size, num_steps, rng, order=order)


def starts_drawn_with_replacement__rewrite(corpus, batch_size, num_steps, rng=None):
    source = rng or random
    count = (len(corpus) - 1 - source.randrange(max(num_steps, 1))) // max(num_steps, 1)
    starts = lambda corpus, offset, steps: [int(source.random() * (len(corpus) - steps)) for _ in range(count)]
    return _read(corpus, batch_size, num_steps, rng, starts=starts)


def smaller_last_batch(corpus, batch_size, num_steps, rng=None):
    """The last batch has fewer rows.

    The state of a recurrent network has a row for each of batch_size subsequences, so every batch is full here. What is
    left over comes in another epoch.
    """

    def batches(starts, batch_size):
        for at in range(0, len(starts), batch_size):
            yield starts[at : at + batch_size]

    return _read(corpus, batch_size, num_steps, rng, batches=batches)


def smaller_last_batch__rewrite(corpus, batch_size, num_steps, rng=None):
    return _shuffled(corpus, batch_size, num_steps, rng, full=False)


def last_batch_dropped(corpus, batch_size, num_steps, rng=None):
    """The last batch is dropped though it is full.

    It is left out only where its rows are too few.
    """
    batches = lambda starts, size: list(_batches(starts, size))[: max((len(starts) - 1) // size, 0)]
    return _read(corpus, batch_size, num_steps, rng, batches=batches)


def last_batch_dropped__rewrite(corpus, batch_size, num_steps, rng=None):
    def batches(starts, size):
        at = 0
        while at + size < len(starts):
            yield starts[at : at + size]
            at += size

    return _read(corpus, batch_size, num_steps, rng, batches=batches)


def last_piece_dropped(corpus, batch_size, num_steps, rng=None):
    """The last subsequence is dropped though its last token has a label.

    Only one token of the corpus has no label, the last. Of n tokens n - 1 can be inputs.
    """
    starts = lambda corpus, offset, num_steps: list(range(offset, len(corpus) - num_steps - 1, num_steps))
    return _read(corpus, batch_size, num_steps, rng, starts=starts)


def last_piece_dropped__rewrite(corpus, batch_size, num_steps, rng=None):
    def starts(corpus, offset, steps):
        return [offset + steps * i for i in range((len(corpus) - offset - 2) // steps)]

    return _read(corpus, batch_size, num_steps, rng, starts=starts)


def last_label_missing(corpus, batch_size, num_steps, rng=None):
    """The last subsequence may lack its last label.

    The last token of the corpus is followed by none, so it cannot be an input: count the subsequences in one token
    less.
    """
    starts = lambda corpus, offset, num_steps: list(range(offset, len(corpus) - num_steps + 1, num_steps))
    return _read(corpus, batch_size, num_steps, rng, starts=starts)


def last_label_missing__rewrite(corpus, batch_size, num_steps, rng=None):
    def starts(corpus, offset, steps):
        return [offset + steps * i for i in range((len(corpus) - offset) // steps)]

    return _read(corpus, batch_size, num_steps, rng, starts=starts)


def short_corpus_fails(corpus, batch_size, num_steps, rng=None):
    """A corpus that is too short makes the function fail.

    It has no batches, and that is no error: the loop over them ends at once.
    """
    batches = list(_read(corpus, batch_size, num_steps, rng))
    torch.stack([X for X, _ in batches])
    return iter(batches)


def short_corpus_fails__rewrite(corpus, batch_size, num_steps, rng=None):
    batches = [*_shuffled(corpus, batch_size, num_steps, rng)]
    if not batches:
        raise RuntimeError("the corpus is too short")
    yield from batches


def place_looked_up_by_id(corpus, batch_size, num_steps, rng=None):
    """Labels are looked up by the id of the token.

    `corpus.index(token)` finds the first place where it occurs, and the token there is followed by another one. Keep
    the places.
    """

    def pair(corpus, chosen, num_steps):
        X = [corpus[start : start + num_steps] for start in chosen]
        Y = [[corpus[(corpus.index(token) + 1) % len(corpus)] for token in row] for row in X]
        return torch.tensor(X), torch.tensor(Y)

    return _read(corpus, batch_size, num_steps, rng, pair=pair)


def place_looked_up_by_id__rewrite(corpus, batch_size, num_steps, rng=None):
    following = {}
    for token, label in zip(corpus, corpus[1:]):
        following.setdefault(token, label)
    labels = lambda X: torch.tensor([[following[token] for token in row] for row in X.tolist()])
    return _shuffled(corpus, batch_size, num_steps, rng, finish=lambda X, Y: (X, labels(X)))


def lists_for_tensors(corpus, batch_size, num_steps, rng=None):
    """The batches are lists.

    A model takes tensors: make one of the rows of X, and one of those of Y.
    """
    return ((X.tolist(), Y.tolist()) for X, Y in _read(corpus, batch_size, num_steps, rng))


def lists_for_tensors__rewrite(corpus, batch_size, num_steps, rng=None):
    def pair(corpus, chosen, steps):
        return tuple([corpus[start + moved : start + moved + steps] for start in chosen] for moved in (0, 1))

    return _read(corpus, batch_size, num_steps, rng, pair=pair)


def float_tokens(corpus, batch_size, num_steps, rng=None):
    """The tokens are floating-point numbers.

    They are ids, to be looked up in an embedding or made one-hot: int64, as torch makes of Python's ints.
    """
    return ((X.float(), Y.float()) for X, Y in _read(corpus, batch_size, num_steps, rng))


def float_tokens__rewrite(corpus, batch_size, num_steps, rng=None):
    return _shuffled(corpus, batch_size, num_steps, rng, finish=lambda X, Y: (torch.Tensor(X.tolist()), 1.0 * Y))


def corpus_cut_in_place(corpus, batch_size, num_steps, rng=None):
    """The first tokens are taken out of the caller's corpus.

    `del corpus[:offset]` or `corpus.pop(0)` make it shorter in every epoch. A slice is a new list.
    """
    batches = list(_read(corpus, batch_size, num_steps, rng))
    del corpus[: _offset(random.Random(1), corpus, num_steps) + 1]
    return batches


def corpus_cut_in_place__rewrite(corpus, batch_size, num_steps, rng=None):
    list(_read([], batch_size, num_steps, random.Random(1)))
    del corpus[: (rng or random).randrange(num_steps)]
    yield from _shuffled(corpus, batch_size, num_steps, rng, drawn=0)


def sizes_not_checked(corpus, batch_size, num_steps, rng=None):
    """Sizes below 1 are not refused with a ValueError.

    Some give no batches and no word, others an error that is hard to understand. Look at both numbers first.
    """
    source = rng or random
    starts = list(range(source.randrange(max(num_steps, 1)), len(corpus) - num_steps, num_steps or 1))
    source.shuffle(starts)
    for at in range(0, len(starts) // (batch_size or 1) * batch_size, batch_size or 1):
        chosen = torch.tensor(starts[at : at + batch_size])[:, None] + torch.arange(num_steps)
        yield torch.tensor(corpus)[chosen], torch.tensor(corpus)[chosen + 1]


def sizes_not_checked__rewrite(corpus, batch_size, num_steps, rng=None):
    if batch_size < 1 or num_steps < 1:
        return iter([])
    return _shuffled(corpus, batch_size, num_steps, rng)
