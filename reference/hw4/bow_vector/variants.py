"""Correct bags of words, filled in other ways."""

import contextlib
from collections import Counter

import numpy as np
import torch


def counted_first(sentence, word_to_ix):
    """Counts the words, then writes the counts at their places."""
    vector = torch.zeros(len(word_to_ix))
    for word, count in Counter(sentence).items():
        if (place := word_to_ix.get(word)) is not None:
            vector[place] = count
    return vector.view(1, -1)


def one_list(sentence, word_to_ix):
    """A list of numbers, made a tensor at the end."""
    numbers = [0.0] * len(word_to_ix)
    for word in sentence:
        with contextlib.suppress(KeyError):
            numbers[word_to_ix[word]] += 1
    return torch.tensor([numbers], dtype=torch.float32)


def from_numpy(sentence, word_to_ix):
    """Asks for each word of the dict how often it occurs."""
    row = np.zeros((1, len(word_to_ix)), dtype=np.float32)
    for word, place in word_to_ix.items():
        row[0, place] = sentence.count(word)
    return torch.from_numpy(row)
