"""pad_collate by torch's pad_sequence."""

import torch
from torch.nn.utils.rnn import pad_sequence


def pad_collate(batch, value=0):
    if len(batch) == 0:
        raise ValueError("an empty batch cannot be collated")
    sequences = [sequence for sequence, _ in batch]
    device = sequences[0].device
    X = pad_sequence(sequences, batch_first=True, padding_value=value)
    lengths = torch.as_tensor([sequence.shape[0] for sequence in sequences], dtype=torch.int64).to(device)
    labels = [label if torch.is_tensor(label) else torch.as_tensor(label, device=device) for _, label in batch]
    return X, lengths, torch.stack(labels)
