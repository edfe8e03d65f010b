"""Minibatches that go on where the one before ended, with parts that can be exchanged."""

import random

import torch


def checked(batch_size, num_steps):
    if min(batch_size, num_steps) < 1:
        raise ValueError(f"there are no batches of {batch_size} times {num_steps} tokens")


def the_offset(rng, corpus, num_steps):
    return rng.randint(0, num_steps - 1)


def the_length(corpus, offset, batch_size, num_steps):
    return max(len(corpus) - offset - 1, 0) // batch_size


def the_table(tokens, batch_size):
    return torch.tensor(tokens, dtype=torch.int64).reshape(batch_size, len(tokens) // batch_size)


def the_places(length, num_steps):
    return list(range(0, length // num_steps * num_steps, num_steps))


def read(
    corpus,
    batch_size,
    num_steps,
    rng=None,
    *,
    check=checked,
    offset=the_offset,
    length=the_length,
    table=the_table,
    places=the_places,
    finish=lambda X, Y: (X, Y),
):
    """Right as it stands; a mistake gives another part."""
    check(batch_size, num_steps)
    first = offset(random if rng is None else rng, corpus, num_steps)
    columns = length(corpus, first, batch_size, num_steps)
    used = columns * batch_size
    X, Y = table(corpus[first : first + used], batch_size), table(corpus[first + 1 : first + used + 1], batch_size)
    for at in places(columns, num_steps):
        yield finish(X[:, at : at + num_steps], Y[:, at : at + num_steps])


def by_hand(corpus, batch_size, num_steps, rng=None, *, drawn=None, length=None, moved=1, order=None):
    """The same with lists, a row at a time."""
    checked(batch_size, num_steps)
    if drawn is None:
        drawn = (rng or random).randrange(num_steps)
    if length is None:
        length = max((len(corpus) - 1 - drawn) // batch_size, 0)
    firsts = [drawn + row * length for row in range(batch_size)]
    numbers = list(range(length // num_steps))
    for number in order(numbers) if order else numbers:
        starts = [first + number * num_steps for first in firsts]
        X = [corpus[start : start + num_steps] for start in starts]
        Y = [corpus[start + moved : start + moved + num_steps] for start in starts]
        yield torch.tensor(X), torch.tensor(Y)
