"""Ways in which pad_collate goes wrong."""

import torch
import torch.nn.functional as F
from oracle import pad_collate as _right
from torch.nn.utils.rnn import pad_sequence


def padded_in_front(batch, value=0):
    """The filling stands in front of the sequences.

    The first step of a sequence is then anywhere, and the lengths no longer say where its steps are. Fill behind the
    end.
    """
    _, lengths, y = _right(batch, value)
    sequences = [sequence.flip(0) for sequence, _ in batch]
    return pad_sequence(sequences, True, value).flip(1), lengths, y


def padded_in_front__rewrite(batch, value=0):
    X, lengths, y = _right(batch, value)
    rows = [row.roll(len(row) - len(sequence), 0) for row, (sequence, _) in zip(X, batch)]
    return torch.stack(rows), lengths, y


def value_ignored(batch, value=0):
    """The filling is always 0.

    0 may be a token like any other: fill with `value`.
    """
    return _right(batch)


def value_ignored__rewrite(batch, value=0):
    X, lengths, y = _right(batch)
    filled = torch.zeros_like(X)
    for row, (sequence, _) in zip(filled, batch):
        row[: len(sequence)] = sequence
    return filled, lengths, y


def steps_first(batch, value=0):
    """The steps are the first axis and the batch is the second.

    That is what `pad_sequence` gives by itself. Here row i is sequence i.
    """
    X, lengths, y = _right(batch, value)
    return X.transpose(0, 1).contiguous(), lengths, y


def steps_first__rewrite(batch, value=0):
    _, lengths, y = _right(batch, value)
    return pad_sequence([sequence for sequence, _ in batch], padding_value=value), lengths, y


def lengths_after_padding(batch, value=0):
    """The lengths are those of the padded rows.

    They are all the same and say nothing. Take them before anything is filled.
    """
    X, lengths, y = _right(batch, value)
    return X, torch.full_like(lengths, X.shape[1]), y


def lengths_after_padding__rewrite(batch, value=0):
    X, lengths, y = _right(batch, value)
    return X, torch.tensor([len(row) for row in X], device=X.device), y


def lengths_by_value(batch, value=0):
    """The lengths count what differs from the filling.

    A sequence may hold the number that fills, at its end or inside. The length of a sequence is known before it is
    filled.
    """
    X, lengths, y = _right(batch, value)
    differs = X != value
    return X, (differs.flatten(2).any(dim=2) if X.dim() > 2 else differs).sum(1), y


def lengths_by_value__rewrite(batch, value=0):
    X, lengths, y = _right(batch, value)
    filling = X == value
    while filling.dim() > 2:
        filling = filling.all(-1)
    return X, filling.logical_not().long().sum(dim=1), y


def sorted_by_length(batch, value=0):
    """The samples are sorted by their lengths.

    Some recurrent layers once asked for that. Here the samples keep their order.
    """
    return _right(sorted(batch, key=lambda pair: -len(pair[0])), value)


def sorted_by_length__rewrite(batch, value=0):
    X, lengths, y = _right(batch, value)
    order = torch.argsort(lengths, descending=True, stable=True)
    return X[order], lengths[order], y[order]


def labels_left_behind(batch, value=0):
    """The sequences are sorted and the labels are not.

    Then a sequence has the label of another one. Keep both in the order in which they came.
    """
    X, lengths, _ = _right(sorted(batch, key=lambda pair: -len(pair[0])), value)
    return X, lengths, _right(batch, value)[2]


def labels_left_behind__rewrite(batch, value=0):
    X, lengths, y = _right(batch, value)
    order = lengths.argsort(descending=True, stable=True)
    return X[order], lengths[order], y


def cut_to_the_first(batch, value=0):
    """All sequences get the length of the first one.

    What is longer loses its end. The batch is as long as its longest sequence.
    """
    X, lengths, y = _right(batch, value)
    return X[:, : len(batch[0][0])].clone(), lengths, y


def cut_to_the_first__rewrite(batch, value=0):
    steps = len(batch[0][0]) if batch else 0
    X, _, y = _right([(sequence[:steps], label) for sequence, label in batch], value)
    filled = torch.full((len(batch), steps, *X.shape[2:]), value, dtype=X.dtype, device=X.device)
    filled[:, : X.shape[1]] = X
    return filled, torch.tensor([len(sequence) for sequence, _ in batch], device=X.device), y


def cut_to_the_shortest(batch, value=0):
    """All sequences are cut to the shortest one.

    What is cut off is lost. Fill the shorter ones instead.
    """
    X, lengths, y = _right(batch, value)
    return X[:, : int(lengths.min())].clone(), lengths, y


def cut_to_the_shortest__rewrite(batch, value=0):
    _, lengths, y = _right(batch, value)
    shortest = min(len(sequence) for sequence, _ in batch)
    return torch.stack([sequence[:shortest] for sequence, _ in batch]), lengths, y


def a_step_too_long(batch, value=0):
    """The batch is longer than its longest sequence.

    Every step costs time and memory. The longest sequence needs no filling.
    """
    X, lengths, y = _right(batch, value)
    return torch.cat([X, torch.full_like(X[:, :1], value) if X.shape[1] else X], dim=1), lengths, y


def a_step_too_long__rewrite(batch, value=0):
    X, lengths, y = _right(batch, value)
    longer = X.new_full((X.shape[0], X.shape[1] + (X.shape[1] > 0), *X.shape[2:]), value)
    longer[:, : X.shape[1]] = X
    return longer, lengths, y


def last_step_repeated(batch, value=0):
    """The last step is repeated behind the end.

    Then nothing tells the filling from data, and a sequence without steps has no last one. Fill with `value`.
    """
    X, lengths, y = _right(batch, value)
    for row, (sequence, _) in zip(X, batch):
        row[len(sequence) :] = sequence[-1]
    return X, lengths, y


def last_step_repeated__rewrite(batch, value=0):
    X, lengths, y = _right(batch, value)
    rows = []
    for sequence, _ in batch:
        last = sequence[len(sequence) - 1]
        rows.append(torch.stack([*sequence, *[last] * (X.shape[1] - len(sequence))]))
    return torch.stack(rows), lengths, y


def wrong_axis_padded(batch, value=0):
    """The last axis is filled, not the axis of the steps.

    `F.pad` begins with the last axis: its first two numbers belong to it. The steps are the first axis of a sequence.
    """
    longest = max((len(sequence) for sequence, _ in batch), default=0)
    _, lengths, y = _right(batch, value)
    rows = [F.pad(sequence, (0, longest - len(sequence)), value=value) for sequence, _ in batch]
    return torch.stack(rows), lengths, y


def wrong_axis_padded__rewrite(batch, value=0):
    _, lengths, y = _right(batch, value)
    rows = []
    for sequence, _ in batch:
        filling = sequence.new_full((*sequence.shape[:-1], int(lengths.max()) - len(sequence)), value)
        rows.append(torch.cat([sequence, filling], dim=-1))
    return torch.stack(rows), lengths, y


def single_precision(batch, value=0):
    """The batch has the default dtype.

    Without an argument dtype `torch.zeros` and `torch.full` choose one by themselves: whole numbers become floats, and
    large ones are rounded. Take the dtype of the sequences.
    """
    X, lengths, y = _right(batch, value)
    return X.float(), lengths, y


def single_precision__rewrite(batch, value=0):
    X, lengths, y = _right(batch, value)
    filled = torch.full(X.shape, float(value), device=X.device)
    for row, (sequence, _) in zip(filled, batch):
        row[: len(sequence)] = sequence
    return filled, lengths, y


def lengths_as_a_list(batch, value=0):
    """The lengths are a list.

    A mask is computed on the device, from a tensor.
    """
    X, lengths, y = _right(batch, value)
    return X, lengths.tolist(), y


def lengths_as_a_list__rewrite(batch, value=0):
    X, _, y = _right(batch, value)
    return X, [len(sequence) for sequence, _ in batch], y


def lengths_in_floats(batch, value=0):
    """The lengths are not int64.

    A length is a whole number, and what is used as an index is int64.
    """
    X, lengths, y = _right(batch, value)
    return X, lengths.float(), y


def lengths_in_floats__rewrite(batch, value=0):
    X, lengths, y = _right(batch, value)
    return X, torch.tensor([float(len(sequence)) for sequence, _ in batch], device=X.device), y


def labels_as_a_list(batch, value=0):
    """The labels are a list.

    A loss takes one tensor: make it of the numbers, or stack the tensors.
    """
    X, lengths, _ = _right(batch, value)
    return X, lengths, [label for _, label in batch]


def labels_as_a_list__rewrite(batch, value=0):
    X, lengths, _ = _right(batch, value)
    _, labels = zip(*batch)
    return X, lengths, list(labels)


def labels_to_whole_numbers(batch, value=0):
    """All labels become whole numbers.

    A target of a regression has a fraction. Keep the dtype of the labels.
    """
    X, lengths, y = _right(batch, value)
    return X, lengths, y.long()


def labels_to_whole_numbers__rewrite(batch, value=0):
    X, lengths, y = _right(batch, value)
    return X, lengths, torch.as_tensor(y, dtype=torch.int64)


def labels_to_floats(batch, value=0):
    """All labels become floats.

    A class is a whole number: cross entropy refuses floats as labels. Keep the dtype of the labels.
    """
    X, lengths, y = _right(batch, value)
    return X, lengths, y.float()


def labels_to_floats__rewrite(batch, value=0):
    X, lengths, y = _right(batch, value)
    return X, lengths, torch.as_tensor(y, dtype=torch.float32)


def only_numbers(batch, value=0):
    """Labels that are tensors are not taken.

    `torch.tensor` makes a tensor of numbers, not of tensors with several elements. Stack those.
    """
    X, lengths, _ = _right(batch, value)
    return X, lengths, torch.tensor([label for _, label in batch], device=X.device)


def only_numbers__rewrite(batch, value=0):
    X, lengths, _ = _right(batch, value)
    _, labels = zip(*batch)
    return X, lengths, torch.tensor(labels).to(X.device)


def on_the_cpu(batch, value=0):
    """Tensors are created on the CPU.

    Sequences on an accelerator cannot be masked by lengths on the CPU. Create everything on the device of the
    sequences.
    """
    X, lengths, y = _right(batch, value)
    return X, lengths.cpu(), y


def on_the_cpu__rewrite(batch, value=0):
    X, lengths, y = _right(batch, value)
    return X, torch.tensor([len(sequence) for sequence, _ in batch]), y


def memory_shared(batch, value=0):
    """A single sequence is not copied.

    Whoever writes into the batch then writes into the data set. Make a new tensor also when there is nothing to fill.
    """
    X, lengths, y = _right(batch, value)
    return batch[0][0].unsqueeze(0) if len(batch) == 1 else X, lengths, y


def memory_shared__rewrite(batch, value=0):
    X, lengths, y = _right(batch, value)
    if len(batch) < 2:
        X = batch[0][0][None]
    return X, lengths, y


def batch_changed(batch, value=0):
    """The caller's batch is changed.

    The sequences belong to the data set, which has other lengths afterwards, and the list to the caller. Make a new
    tensor, and a list of your own where you need one.
    """
    X, lengths, y = _right(batch, value)
    for (sequence, _), row in zip(batch, X):
        sequence.data = row.clone()
    return X, lengths, y


def batch_changed__rewrite(batch, value=0):
    X, lengths, y = _right(batch, value)
    for index in range(len(batch)):
        batch[index] = (X[index].clone(), batch[index][1])
    return X, lengths, y


def empty_batch_accepted(batch, value=0):
    """An empty batch raises nothing.

    A batch without sequences has neither dtype nor shape, and what stands in for it fails later. Raise a ValueError.
    """
    if not batch:
        return torch.zeros(0, 0), torch.zeros(0, dtype=torch.int64), torch.zeros(0)
    return _right(batch, value)


def empty_batch_accepted__rewrite(batch, value=0):
    return _right(batch, value) if batch else None


def empty_batch_unnoticed(batch, value=0):
    """An empty batch raises an IndexError.

    It speaks of an index that the caller has not used. Look first whether there is anything, and raise a ValueError.
    """
    first = batch[0][0]
    X, lengths, y = _right(batch, value)
    return X.to(first.dtype), lengths, y


def empty_batch_unnoticed__rewrite(batch, value=0):
    shape = [*batch][0][0].shape
    X, lengths, y = _right(batch, value)
    return X.reshape(len(batch), -1, *shape[1:]) if X.numel() else X, lengths, y


def zeros_replaced(batch, value=0):
    """Zeros in the sequences become the filling.

    A 0 may be data: which steps are filled is told by the lengths, not by the numbers. Fill with `value` at once.
    """
    X, lengths, y = _right(batch)
    X[X == 0] = value
    return X, lengths, y


def zeros_replaced__rewrite(batch, value=0):
    X, lengths, y = _right(batch)
    return X.masked_fill(X.logical_not(), value), lengths, y
