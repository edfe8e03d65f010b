"""Collate functions that are right, written in other ways."""

import torch
import torch.nn.functional as F
from torch.utils.data import default_collate


def padded_one_by_one(batch, value=0):
    """Every sequence is padded by itself, then they are stacked."""
    if not batch:
        raise ValueError("nothing to collate")
    device = batch[0][0].device
    longest = max(sequence.size(0) for sequence, _ in batch)
    rows = []
    for sequence, _ in batch:
        missing = longest - sequence.size(0)
        rows.append(F.pad(sequence, (0, 0) * (sequence.dim() - 1) + (0, missing), value=value))
    lengths = torch.tensor([len(sequence) for sequence, _ in batch]).to(device)
    labels = [torch.as_tensor(label, device=device) if not torch.is_tensor(label) else label for _, label in batch]
    return torch.stack(rows), lengths, torch.stack(labels)


def filled_with_cat(batch, value=0):
    """Written from the stub alone: filling is made and joined on; labels by torch's own collate."""
    if len(batch) < 1:
        raise ValueError("batch is empty")
    sequences, labels = [], []
    for sequence, label in batch:
        sequences.append(sequence)
        labels.append(label)
    lengths = [s.shape[0] for s in sequences]
    longest = max(lengths)
    rows = []
    for s in sequences:
        shape = [longest - len(s), *s.shape[1:]]
        filling = torch.full(shape, value, dtype=s.dtype, device=s.device)
        rows.append(torch.cat([s, filling], dim=0))
    y = default_collate(labels)
    if not torch.is_tensor(labels[0]):
        y = y.to(sequences[0].device)
        if y.dtype == torch.float64:
            y = y.float()
    return torch.stack(rows, dim=0), torch.tensor(lengths, device=sequences[0].device), y


def scattered(batch, value=0):
    """All steps at once, by row and step numbers."""
    if not batch:
        raise ValueError("empty batch")
    sequences, labels = (list(part) for part in zip(*batch, strict=True))
    device = sequences[0].device
    lengths = torch.tensor(list(map(len, sequences)), dtype=torch.long, device=device)
    steps = torch.arange(int(lengths.max()), device=device)
    X = torch.empty(len(batch), len(steps), *sequences[0].shape[1:], dtype=sequences[0].dtype, device=device)
    X[...] = value
    X[steps < lengths[:, None]] = torch.cat(sequences)
    kind = type(labels[0])
    y = torch.stack(labels) if issubclass(kind, torch.Tensor) else torch.tensor(labels).to(device)
    return X, lengths, y
