"""Ways in which seq_data_iter_random goes wrong with long rows, large ids and what is given."""

import random

import torch
from pieces import checked as _checked
from pieces import read as _read
from pieces import shuffled as _again


def pairs_in_lists(corpus, batch_size, num_steps, rng=None):
    """The two tensors of a batch come in a list.

    A batch is a tuple (X, Y).
    """
    return ([X, Y] for X, Y in _read(corpus, batch_size, num_steps, rng))


def pairs_in_lists__rewrite(corpus, batch_size, num_steps, rng=None):
    return map(list, _again(corpus, batch_size, num_steps, rng))


def ids_in_single_precision(corpus, batch_size, num_steps, rng=None):
    """Large ids are rounded.

    `torch.Tensor(...)` makes float32, which holds every whole number up to 16,777,216 only. `torch.tensor(...)` makes
    int64 of Python's ints.
    """
    return ((X.float().long(), Y.float().long()) for X, Y in _read(corpus, batch_size, num_steps, rng))


def ids_in_single_precision__rewrite(corpus, batch_size, num_steps, rng=None):
    for X, Y in _again(corpus, batch_size, num_steps, rng):
        yield torch.Tensor(X.tolist()).to(torch.int64), torch.Tensor(Y.tolist()).to(torch.int64)


def nothing_before_the_sizes(corpus, batch_size, num_steps, rng=None):
    """Where there is no token, the sizes are not looked at.

    A batch_size of 0 is wrong with any corpus: raise before everything else.
    """
    return _read(corpus, batch_size, num_steps, rng) if corpus else ()


def nothing_before_the_sizes__rewrite(corpus, batch_size, num_steps, rng=None):
    if len(corpus) > 0:
        yield from _again(corpus, batch_size, num_steps, rng)


def offset_that_leaves_a_batch(corpus, batch_size, num_steps, rng=None):
    """The offset is smaller where the corpus is short, so that there always is a batch.

    Every offset from 0 to num_steps - 1 is equally likely. Behind a large one a short corpus has no batch.
    """
    small = lambda rng, corpus, num_steps: rng.randint(0, max(0, min(num_steps, len(corpus) - num_steps) - 1))
    return _read(corpus, batch_size, num_steps, rng, offset=small)


def offset_that_leaves_a_batch__rewrite(corpus, batch_size, num_steps, rng=None):
    _checked(batch_size, num_steps)
    room = [offset for offset in range(num_steps) if offset + num_steps < len(corpus)]
    drawn = (rng or random).choice(room or [0])
    yield from _again(corpus, batch_size, num_steps, rng, drawn=drawn)


def offset_of_a_few(corpus, batch_size, num_steps, rng=None):
    """The offset is never more than a few tokens.

    It is any number from 0 to num_steps - 1, however large num_steps is.
    """
    few = lambda rng, corpus, num_steps: rng.randrange(min(num_steps, 8))
    return _read(corpus, batch_size, num_steps, rng, offset=few)


def offset_of_a_few__rewrite(corpus, batch_size, num_steps, rng=None):
    _checked(batch_size, num_steps)
    drawn = (rng or random).randint(0, min(num_steps - 1, 7))
    return _again(corpus, batch_size, num_steps, rng, drawn=drawn)


def beginning_shuffled(corpus, batch_size, num_steps, rng=None):
    """Only the first subsequences are shuffled.

    Every order of all of them is equally likely.
    """

    def order(rng, starts, batch_size):
        head = starts[:16]
        rng.shuffle(head)
        return head + starts[16:]

    return _read(corpus, batch_size, num_steps, rng, order=order)


def beginning_shuffled__rewrite(corpus, batch_size, num_steps, rng=None):
    _checked(batch_size, num_steps)
    rng = rng or random
    drawn = rng.randrange(num_steps)
    count = max(len(corpus) - drawn - 1, 0) // num_steps
    order = rng.sample(range(min(count, 16)), min(count, 16)) + list(range(16, count))
    return _again(corpus, batch_size, num_steps, rng, drawn=drawn, order=order)


def one_less_behind_an_offset(corpus, batch_size, num_steps, rng=None):
    """Behind an offset there is always one subsequence less.

    Whether there is depends on what is left over: count from the offset to the last token but one.
    """
    fewer = lambda corpus, offset, num_steps: [
        offset + num_steps * i
        for i in range(len(corpus) // num_steps - 1 if offset else (len(corpus) - 1) // num_steps)
    ]
    return _read(corpus, batch_size, num_steps, rng, starts=fewer)


def one_less_behind_an_offset__rewrite(corpus, batch_size, num_steps, rng=None):
    _checked(batch_size, num_steps)
    drawn = (rng or random).randrange(num_steps)
    if drawn:
        corpus = corpus[: drawn + max(len(corpus) // num_steps - 1, 0) * num_steps + 1]
    return _again(corpus, batch_size, num_steps, rng, drawn=drawn)
