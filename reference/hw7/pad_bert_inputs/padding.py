"""Two right ways to pad, of which most mistakes change one of the seven tensors of an example.

`pad` makes the tensors from a few settings; `again` builds plain numbers first, lets the mistake edit them and turns
them into tensors last.
"""

import torch

_LONG = (0, 1, 3, 5, 6)


def check(example, max_len, most):
    if len(example[0]) > max_len or len(example[1]) > most:
        raise ValueError("an example does not fit")


def pad(examples, max_len, vocab, number=round, change=lambda row, example, most: row, check=check):
    most = number(max_len * 0.15)
    columns = tuple([] for _ in range(7))
    for example in examples:
        check(example, max_len, most)
        ids, positions, labels, segments, is_next = example
        row = [
            torch.tensor(ids + [vocab["<pad>"]] * (max_len - len(ids)), dtype=torch.long),
            torch.tensor(segments + [0] * (max_len - len(segments)), dtype=torch.long),
            torch.tensor(len(ids), dtype=torch.float32),
            torch.tensor(positions + [0] * (most - len(positions)), dtype=torch.long),
            torch.tensor([1.0] * len(positions) + [0.0] * (most - len(positions)), dtype=torch.float32),
            torch.tensor(labels + [0] * (most - len(labels)), dtype=torch.long),
            torch.tensor(is_next, dtype=torch.long),
        ]
        for column, tensor in zip(columns, change(row, example, most), strict=False):
            column.append(tensor)
    return columns


def again(examples, max_len, vocab, number=round, edit=lambda row, example: None, dtypes=None):
    most = number(max_len * 0.15)
    rows = []
    for example in examples:
        check(example, max_len, most)
        ids, positions, labels, segments, is_next = (v[:] if isinstance(v, list) else v for v in example)
        length, count = len(ids), len(positions)
        row = [ids, segments, length, positions, [1] * count, labels, int(is_next)]
        row[0] = row[0] + (max_len - length) * [vocab["<pad>"]]
        row[1] = row[1] + (max_len - length) * [0]
        for place in (3, 4, 5):
            row[place] = row[place] + (most - count) * [0]
        edit(row, example)
        rows.append(row)
    usual = {place: torch.long if place in _LONG else torch.float32 for place in range(7)} | (dtypes or {})
    return tuple([torch.tensor(row[place], dtype=usual[place]) for row in rows] for place in range(7))


def change_at(place, make):
    def change(row, example, most):
        row[place] = make(row[place], example)
        return row

    return change
