"""Subsequences of a corpus in random order, with parts that can be exchanged."""

import random

import torch


def checked(batch_size, num_steps):
    if min(batch_size, num_steps) < 1:
        raise ValueError(f"there are no batches of {batch_size} times {num_steps} tokens")


def the_offset(rng, corpus, num_steps):
    return rng.randint(0, num_steps - 1)


def the_starts(corpus, offset, num_steps):
    return list(range(offset, len(corpus) - num_steps, num_steps))


def the_order(rng, starts, batch_size):
    rng.shuffle(starts)
    return starts


def the_batches(starts, batch_size):
    for at in range(0, len(starts) // batch_size * batch_size, batch_size):
        yield starts[at : at + batch_size]


def the_pair(corpus, chosen, num_steps):
    X = [corpus[start : start + num_steps] for start in chosen]
    Y = [corpus[start + 1 : start + num_steps + 1] for start in chosen]
    return torch.tensor(X), torch.tensor(Y)


def read(
    corpus,
    batch_size,
    num_steps,
    rng=None,
    *,
    check=checked,
    offset=the_offset,
    starts=the_starts,
    order=the_order,
    batches=the_batches,
    pair=the_pair,
):
    """Right as it stands; a mistake gives another part."""
    check(batch_size, num_steps)
    rng = random if rng is None else rng
    first = offset(rng, corpus, num_steps)
    for chosen in batches(order(rng, starts(corpus, first, num_steps), batch_size), batch_size):
        yield pair(corpus, chosen, num_steps)


def table(corpus, num_steps, rng, drawn=None):
    """All subsequences below each other, with their labels: two tensors of the shape (subsequences, steps)."""
    drawn = (rng or random).randrange(num_steps) if drawn is None else drawn
    ids = torch.tensor(corpus[drawn:], dtype=torch.int64)
    count = max(len(ids) - 1, 0) // num_steps
    used = count * num_steps
    return ids[:used].reshape(count, num_steps), ids[1 : used + 1].reshape(count, num_steps)


def shuffled(corpus, batch_size, num_steps, rng=None, *, drawn=None, order=None, full=True, finish=lambda X, Y: (X, Y)):
    """The same with a table, whose rows are chosen."""
    checked(batch_size, num_steps)
    X, Y = table(corpus, num_steps, rng, drawn)
    if order is None:
        order = (rng or random).sample(range(len(X)), len(X))
    for chosen in torch.tensor(order, dtype=torch.int64).split(batch_size):
        if len(chosen) == batch_size or (len(chosen) and not full):
            yield finish(X[chosen], Y[chosen])
