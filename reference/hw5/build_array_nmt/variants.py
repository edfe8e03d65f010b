"""Correct ways to build the array, written in other ways."""

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence


def padded_by_torch(lines, vocab, num_steps):
    """Rows of their own length, padded by pad_sequence to the longest and then brought to num_steps."""
    rows = [torch.tensor((vocab[list(line)] + [vocab["<eos>"]])[:num_steps]) for line in lines]
    valid_len = torch.tensor([row.numel() for row in rows], dtype=torch.long)
    full = torch.full((num_steps,), vocab["<pad>"])  # makes the longest row as long as it has to be
    return pad_sequence([*rows, full], batch_first=True, padding_value=vocab["<pad>"])[:-1], valid_len


def in_numpy(lines, vocab, num_steps):
    """An array of padding in NumPy, filled where a mask says."""
    ids = [[vocab[token] for token in line] + [vocab["<eos>"]] for line in lines]
    lengths = np.minimum(np.array([len(row) for row in ids], dtype=np.int64), num_steps)
    array = np.full((len(ids), num_steps), vocab["<pad>"], dtype=np.int64)
    mask = np.arange(num_steps) < lengths[:, None]
    array[mask] = [i for row in ids for i in row[:num_steps]]
    return torch.from_numpy(array), torch.from_numpy(lengths)


def step_by_step(lines, vocab, num_steps):
    """Writes ids into an empty tensor, one by one."""
    eos, pad = vocab["<eos>"], vocab["<pad>"]
    array = torch.empty(len(lines), num_steps, dtype=torch.long)
    valid_len = []
    for row, line in zip(array, lines, strict=True):
        ids = [*vocab[line], eos]
        valid_len.append(num_steps if len(ids) > num_steps else len(ids))
        ids = ids[:num_steps]
        while len(ids) < num_steps:
            ids.append(pad)
        for step, token in enumerate(ids):
            row[step] = token
    return array, torch.tensor(valid_len, dtype=torch.int64)
