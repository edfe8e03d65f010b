"""pad_bert_inputs by writing into full tensors of zeros."""

import torch


def pad_bert_inputs(examples, max_len, vocab):
    number = len(examples)
    most = round(max_len * 0.15)
    ids = torch.full((number, max_len), vocab["<pad>"], dtype=torch.int64)
    segments = torch.zeros(number, max_len, dtype=torch.int64)
    positions, labels = torch.zeros(2, number, most, dtype=torch.int64)
    lengths, weights = torch.zeros(number), torch.zeros(number, most)
    following = torch.zeros(number, dtype=torch.int64)
    for row, (token_ids, predicted, label_ids, segment_ids, is_next) in enumerate(examples):
        length, count = len(token_ids), len(predicted)
        if length > max_len or count > most:
            raise ValueError(f"{length} tokens and {count} predictions do not fit into {max_len} and {most}")
        ids[row, :length] = torch.tensor(token_ids, dtype=torch.int64)
        segments[row, :length] = torch.tensor(segment_ids, dtype=torch.int64)
        positions[row, :count] = torch.tensor(predicted, dtype=torch.int64)
        labels[row, :count] = torch.tensor(label_ids, dtype=torch.int64)
        lengths[row], following[row] = length, int(is_next)
        weights[row, :count] = 1
    return tuple(list(column) for column in (ids, segments, lengths, positions, weights, labels, following))
