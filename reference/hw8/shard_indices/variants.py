"""Other right ways to share out the indices of an epoch."""

import itertools
import math

import numpy as np
import torch


def learner(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """Written from the stub alone: one step after the other."""
    if rank < 0 or rank >= world_size:
        raise ValueError("rank must be between 0 and " + str(world_size - 1) + ", got " + str(rank))
    if num_samples == 0:
        return []
    if shuffle:
        g = torch.Generator()
        g.manual_seed(seed + epoch)
        indices = torch.randperm(num_samples, generator=g).tolist()
    else:
        indices = list(range(num_samples))
    if drop_last:
        keep = num_samples - num_samples % world_size
        indices = indices[:keep]
    else:
        total = math.ceil(num_samples / world_size) * world_size
        i = 0
        while len(indices) < total:
            indices.append(indices[i])
            i += 1
    result = []
    for position in range(rank, len(indices), world_size):
        result.append(indices[position])
    return result


def endless(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The order goes round and round; the share is a slice of it."""
    if rank not in range(world_size):
        raise ValueError(f"no process has the rank {rank}")
    each = num_samples // world_size if drop_last else -(-num_samples // world_size)
    order = torch.arange(num_samples)
    if shuffle:
        generator = torch.Generator().manual_seed(epoch + seed)
        order = torch.randperm(num_samples, generator=generator)
    rounds = itertools.cycle(map(int, order))
    return list(itertools.islice(rounds, rank, each * world_size, world_size))


def a_table(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """A row for each round, a column for each process."""
    if not (rank >= 0 and rank < world_size):
        raise ValueError("rank out of range")
    order = np.arange(num_samples)
    if shuffle:
        generator = torch.Generator()
        order = torch.randperm(num_samples, generator=generator.manual_seed(seed + epoch)).numpy()
    rows = num_samples // world_size
    if not drop_last and rows * world_size != num_samples:
        rows += 1
    return np.resize(order, (rows, world_size))[:, rank].tolist()
