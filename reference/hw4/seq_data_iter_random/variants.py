"""Correct ways to read a corpus in random pieces."""

import random

import torch
from pieces import read, shuffled


def in_parts(corpus, batch_size, num_steps, rng=None):
    """Each part a function of its own."""
    return read(corpus, batch_size, num_steps, rng)


def by_table(corpus, batch_size, num_steps, rng=None):
    """Rows of a table, chosen by a random sample."""
    return shuffled(corpus, batch_size, num_steps, rng)


def list_of_batches(corpus, batch_size, num_steps, rng=None):
    """All batches in a list; the order by sorting random numbers."""
    if batch_size <= 0 or num_steps <= 0:
        raise ValueError("sizes must be positive")
    source = random if rng is None else rng
    left = corpus[int(source.random() * num_steps) :]
    pieces = []
    while len(left) > num_steps:
        pieces.append((source.random(), left[:num_steps], left[1 : num_steps + 1]))
        left = left[num_steps:]
    pieces.sort(key=lambda piece: piece[0])
    batches = []
    while len(pieces) >= batch_size:
        now, pieces = pieces[:batch_size], pieces[batch_size:]
        batches.append((torch.tensor([x for _, x, _ in now]), torch.tensor([y for _, _, y in now])))
    return batches


class _Reader:
    """An iterator that draws one piece after another out of those that are left."""

    def __init__(self, corpus, batch_size, num_steps, rng):
        self.corpus, self.batch_size, self.num_steps, self.rng = corpus, batch_size, num_steps, rng
        offset = rng.choice(range(num_steps))
        self.left = list(range(offset, offset + (len(corpus) - 1 - offset) // num_steps * num_steps, num_steps))

    def __iter__(self):
        return self

    def __next__(self):
        if len(self.left) < self.batch_size:
            raise StopIteration
        chosen = [self.left.pop(self.rng.randrange(len(self.left))) for _ in range(self.batch_size)]
        rows = torch.tensor([[self.corpus[start + t] for t in range(self.num_steps + 1)] for start in chosen])
        return rows[:, : self.num_steps], rows[:, 1:]


def by_an_iterator(corpus, batch_size, num_steps, rng=None):
    """No generator function."""
    if not (batch_size >= 1 and num_steps >= 1):
        raise ValueError(f"batch_size={batch_size}, num_steps={num_steps}")
    return _Reader(list(corpus), batch_size, num_steps, rng or random)
