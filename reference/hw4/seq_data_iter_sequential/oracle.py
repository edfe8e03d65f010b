"""seq_data_iter_sequential by indices into one tensor."""

import random

import torch


def seq_data_iter_sequential(corpus, batch_size, num_steps, rng=None):
    if batch_size < 1 or num_steps < 1:
        raise ValueError(f"{batch_size} and {num_steps} must be at least 1")
    tokens = torch.tensor(corpus, dtype=torch.int64)[(rng or random).randint(0, num_steps - 1) :]
    length = max(len(tokens) - 1, 0) // batch_size
    rows, columns = torch.arange(batch_size)[:, None] * length, torch.arange(num_steps)
    for number in range(length // num_steps):
        places = rows + columns + number * num_steps
        yield tokens[places], tokens[places + 1]
