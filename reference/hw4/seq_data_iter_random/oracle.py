"""seq_data_iter_random by views of one tensor."""

import random

import torch


def seq_data_iter_random(corpus, batch_size, num_steps, rng=None):
    if batch_size < 1 or num_steps < 1:
        raise ValueError(f"{batch_size} and {num_steps} must be at least 1")
    rng = rng or random
    tokens = torch.tensor(corpus, dtype=torch.int64)[rng.randint(0, num_steps - 1) :]
    if len(tokens) <= num_steps:
        return
    pieces = tokens.unfold(0, num_steps + 1, num_steps)
    order = rng.sample(range(len(pieces)), len(pieces))
    for chosen in torch.tensor(order).split(batch_size):
        if len(chosen) == batch_size:
            yield pieces[chosen, :-1], pieces[chosen, 1:]
