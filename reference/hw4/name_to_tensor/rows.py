"""The right rows, for mistakes to change."""

import torch


def one_hot(name, alphabet):
    rows = torch.zeros(len(name), 1, len(alphabet))
    for step, character in enumerate(name):
        if character in alphabet:
            rows[step, 0, alphabet.index(character)] = 1
    return rows
