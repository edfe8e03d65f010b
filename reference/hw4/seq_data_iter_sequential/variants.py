"""Correct ways to read a corpus on and on."""

import random

import torch
from parts import by_hand, read


def in_parts(corpus, batch_size, num_steps, rng=None):
    """Each part a function of its own."""
    return read(corpus, batch_size, num_steps, rng)


def with_lists(corpus, batch_size, num_steps, rng=None):
    """A row at a time, without a table."""
    return by_hand(corpus, batch_size, num_steps, rng)


def split_tables(corpus, batch_size, num_steps, rng=None):
    """All batches at once, in a list, by torch's splitting."""
    if batch_size <= 0 or num_steps <= 0:
        raise ValueError("sizes must be positive")
    left = corpus[int((rng or random).random() * num_steps) :]
    length = (len(left) - 1) // batch_size if left else 0
    if length < num_steps:
        return []
    X, Y = (torch.tensor(left[at : at + length * batch_size]).view(batch_size, -1) for at in (0, 1))
    pairs = zip(X.split(num_steps, dim=1), Y.split(num_steps, dim=1), strict=True)
    return [(x.clone(), y.clone()) for x, y in pairs if x.shape[1] == num_steps]


class _Parts:
    """An iterator that remembers where each row is."""

    def __init__(self, corpus, batch_size, num_steps, rng):
        self.corpus, self.num_steps = corpus, num_steps
        offset = rng.choice(range(num_steps))
        length = max(0, len(corpus) - offset - 1) // batch_size
        self.places = [offset + i * length for i in range(batch_size)]
        self.left = length

    def __iter__(self):
        return self

    def __next__(self):
        if self.left < self.num_steps:
            raise StopIteration
        rows = torch.tensor([self.corpus[place : place + self.num_steps + 1] for place in self.places])
        self.places = [place + self.num_steps for place in self.places]
        self.left -= self.num_steps
        return rows[:, :-1], rows[:, 1:]


def by_an_iterator(corpus, batch_size, num_steps, rng=None):
    """No generator function."""
    if batch_size < 1 or num_steps < 1:
        raise ValueError(f"batch_size={batch_size}, num_steps={num_steps}")
    return _Parts(list(corpus), batch_size, num_steps, rng or random)
