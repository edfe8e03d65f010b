"""Iterators over minibatches that are right, written in other ways."""

import torch
from torch.utils.data import BatchSampler, DataLoader, RandomSampler, TensorDataset


def sorted_random_numbers(batch_size, features, labels, generator=None):
    """The order that sorts random numbers, and an iterator that is no generator."""
    count = len(features)
    if count != len(labels):
        raise ValueError("lengths differ")
    if batch_size <= 0:
        raise ValueError("no batches of that size")
    order = torch.argsort(torch.rand(count, generator=generator, dtype=torch.float64))
    X, y = features[order], labels[order]
    return iter([(X[i : i + batch_size].clone(), y[i : i + batch_size].clone()) for i in range(0, count, batch_size)])


def samplers(batch_size, features, labels, generator=None):
    """By torch's samplers, which draw from the given generator."""
    if len(features) != len(labels):
        raise ValueError("lengths differ")
    if generator is None:
        generator = torch.default_generator
    if len(features) == 0:
        return
    for chosen in BatchSampler(RandomSampler(features, generator=generator), batch_size, drop_last=False):
        yield features[chosen], labels[chosen]


def own_shuffle(batch_size, features, labels, generator=None):
    """Written from the stub alone: a list of numbers that is shuffled by hand (Fisher and Yates)."""
    if batch_size < 1:
        raise ValueError("batch_size must be positive")
    if len(features) != len(labels):
        raise ValueError("features and labels must have the same length")
    indices = list(range(len(features)))
    for i in range(len(indices) - 1, 0, -1):
        j = int(torch.randint(0, i + 1, (1,), generator=generator))
        indices[i], indices[j] = indices[j], indices[i]
    start = 0
    while start < len(indices):
        chosen = torch.tensor(indices[start : start + batch_size], device=features.device)
        yield features[chosen], labels[chosen]
        start += batch_size


def a_loader(batch_size, features, labels, generator=None):
    """By torch's DataLoader, whose order comes from the given generator."""
    if batch_size < 1 or len(features) != len(labels):
        raise ValueError("bad arguments")
    if not len(features):
        return iter(())
    dataset = TensorDataset(features, labels)
    sampler = RandomSampler(dataset, generator=torch.default_generator if generator is None else generator)
    return (tuple(batch) for batch in DataLoader(dataset, batch_size, sampler=sampler, generator=generator))
