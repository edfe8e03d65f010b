"""build_array_nmt by filling a tensor of padding row by row."""

import torch


def build_array_nmt(lines, vocab, num_steps):
    array = torch.full((len(lines), num_steps), vocab["<pad>"], dtype=torch.int64)
    valid_len = torch.zeros(len(lines), dtype=torch.int64)
    for row, line in enumerate(lines):
        ids = [vocab[token] for token in [*line, "<eos>"]][:num_steps]
        array[row, : len(ids)] = torch.tensor(ids, dtype=torch.int64)
        valid_len[row] = len(ids)
    return array, valid_len
