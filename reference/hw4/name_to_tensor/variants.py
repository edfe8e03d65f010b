"""Correct one-hot vectors, made in other ways."""

import torch
import torch.nn.functional as F


def one_hot_and_cut(name, alphabet):
    """F.one_hot with a class more for what is unknown, which is cut off."""
    unknown = len(alphabet)
    ids = [alphabet.index(c) if c in alphabet else unknown for c in name]
    return F.one_hot(torch.tensor(ids, dtype=torch.long), unknown + 1)[:, :unknown].unsqueeze(1).float()


def rows_of_an_identity(name, alphabet):
    """Rows of an identity, or zeros."""
    identity, table = torch.eye(len(alphabet)), {}
    for place, character in enumerate(alphabet):
        table[character] = identity[place]
    nothing = torch.zeros(len(alphabet))
    rows = [table.get(character, nothing) for character in name]
    return torch.stack(rows)[:, None] if rows else torch.zeros(0, 1, len(alphabet))


def plain_lists(name, alphabet):
    """Lists of numbers, made a tensor at the end."""
    numbers = [[[1.0 if letter == character else 0.0 for letter in alphabet]] for character in name]
    return torch.tensor(numbers, dtype=torch.float32).reshape(len(name), 1, len(alphabet))
