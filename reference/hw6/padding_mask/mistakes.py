"""Ways in which padding_mask goes wrong."""

import torch


def _mask(valid_lens, num_steps):
    return torch.arange(num_steps, device=valid_lens.device) < valid_lens.unsqueeze(-1)


def one_too_many(valid_lens, num_steps):
    """One step too many counts as a token.

    Steps are counted from 0, so a sequence of length n has the steps 0 to n - 1: compare with <, not with <=.
    """
    return torch.arange(num_steps, device=valid_lens.device) <= valid_lens.unsqueeze(-1)


def one_too_many__rewrite(valid_lens, num_steps):
    return _mask(valid_lens.long() + 1, num_steps)


def one_too_few(valid_lens, num_steps):
    """The last token of each sequence is lost.

    Steps are counted from 0 already; compare them with the length itself.
    """
    return torch.arange(1, num_steps + 1, device=valid_lens.device) < valid_lens.unsqueeze(-1)


def one_too_few__rewrite(valid_lens, num_steps):
    return torch.arange(num_steps, device=valid_lens.device) < valid_lens.long()[..., None] - 1


def true_means_padding(valid_lens, num_steps):
    """True marks the padding.

    key_padding_mask of nn.MultiheadAttention is read like that. Here True stands for a token.
    """
    return torch.arange(num_steps, device=valid_lens.device) >= valid_lens.unsqueeze(-1)


def true_means_padding__rewrite(valid_lens, num_steps):
    return ~_mask(valid_lens, num_steps)


def numbers(valid_lens, num_steps):
    """The mask holds numbers.

    ~ of it is no negation, and where it is multiplied infinity becomes NaN. Keep what the comparison gives: bools.
    """
    return _mask(valid_lens, num_steps).float()


def numbers__rewrite(valid_lens, num_steps):
    return torch.where(_mask(valid_lens, num_steps), 1.0, 0.0)


def integers(valid_lens, num_steps):
    """The mask holds integers.

    Indexing with integers chooses rows by their number. Keep what the comparison gives: bools.
    """
    return _mask(valid_lens, num_steps).long()


def integers__rewrite(valid_lens, num_steps):
    return 1 * _mask(valid_lens, num_steps)


def on_the_cpu(valid_lens, num_steps):
    """The steps are created on the CPU.

    Without an argument device arange makes a CPU tensor, which cannot be compared with lengths on a GPU. Create it on
    the device of valid_lens.
    """
    return torch.arange(num_steps) < valid_lens.unsqueeze(-1)


def on_the_cpu__rewrite(valid_lens, num_steps):
    steps = torch.arange(num_steps).reshape(1, num_steps)
    return steps.lt(valid_lens[..., None])


def moved_to_the_cpu(valid_lens, num_steps):
    """The mask comes out on the CPU.

    It belongs on the device of the lengths, where it will be used.
    """
    return torch.arange(num_steps) < valid_lens.cpu().unsqueeze(-1)


def moved_to_the_cpu__rewrite(valid_lens, num_steps):
    return _mask(valid_lens, num_steps).to("cpu")


def one_axis_only(valid_lens, num_steps):
    """Lengths of every query are taken for lengths of sequences.

    [:, None] makes room for the steps behind one axis; of two it comes in between. Add the axis at the end:
    unsqueeze(-1).
    """
    return torch.arange(num_steps, device=valid_lens.device) < valid_lens[:, None]


def one_axis_only__rewrite(valid_lens, num_steps):
    return torch.arange(num_steps, device=valid_lens.device).expand(1, num_steps) < valid_lens.unsqueeze(1)


def steps_first(valid_lens, num_steps):
    """The steps stand on the first axis.

    The shape is that of valid_lens and then the steps.
    """
    return _mask(valid_lens, num_steps).movedim(-1, 0)


def steps_first__rewrite(valid_lens, num_steps):
    steps = torch.arange(num_steps, device=valid_lens.device)
    return steps.view(-1, *[1] * valid_lens.dim()) < valid_lens


def axis_for_the_queries(valid_lens, num_steps):
    """Lengths of sequences get an axis for the queries too.

    For lengths of shape (batch,) the mask is (batch, num_steps); who needs another axis adds it.
    """
    mask = _mask(valid_lens, num_steps)
    return mask.unsqueeze(1) if valid_lens.dim() == 1 else mask


def axis_for_the_queries__rewrite(valid_lens, num_steps):
    lengths = valid_lens.reshape(len(valid_lens), -1) if valid_lens.numel() else valid_lens.reshape(len(valid_lens), 1)
    lengths = valid_lens if valid_lens.dim() == 2 else lengths
    return torch.arange(num_steps, device=valid_lens.device) < lengths[:, :, None]


def as_wide_as_the_longest(valid_lens, num_steps):
    """The mask is as wide as the longest sequence.

    The padded sequences have num_steps steps, also when none of them is that long.
    """
    width = min(int(valid_lens.max()), num_steps) if valid_lens.numel() else num_steps
    return _mask(valid_lens, width)


def as_wide_as_the_longest__rewrite(valid_lens, num_steps):
    mask = _mask(valid_lens, num_steps)
    return mask[..., : max(valid_lens.flatten().tolist(), default=num_steps)]


def row_by_row(valid_lens, num_steps):
    """The rows are filled one after the other.

    A loop costs an operation for each sequence, and reads its length from the device. One comparison fills the table.
    """
    mask = torch.zeros(valid_lens.numel(), num_steps, dtype=torch.bool, device=valid_lens.device)
    for row, length in zip(mask, valid_lens.reshape(-1), strict=True):
        row[: length.item()] = True
    return mask.reshape(*valid_lens.shape, num_steps)


def row_by_row__rewrite(valid_lens, num_steps):
    steps = torch.arange(num_steps, device=valid_lens.device)
    rows = [steps < int(length) for length in valid_lens.flatten()]
    if not rows:
        return torch.zeros(*valid_lens.shape, num_steps, dtype=torch.bool, device=valid_lens.device)
    return torch.stack(rows).reshape(*valid_lens.shape, num_steps)


def steps_in_the_dtype_of_the_lengths(valid_lens, num_steps):
    """The steps are counted in the dtype of the lengths.

    In 8 bits they run over at 128 or 256, and later steps look like early ones. Leave arange its int64.
    """
    steps = torch.arange(num_steps, device=valid_lens.device).to(valid_lens.dtype)
    return steps < valid_lens.unsqueeze(-1)


def steps_in_the_dtype_of_the_lengths__rewrite(valid_lens, num_steps):
    steps = torch.arange(num_steps, device=valid_lens.device).type_as(valid_lens)
    return valid_lens[..., None] > steps


def lengths_changed(valid_lens, num_steps):
    """The caller's lengths are changed.

    A method whose name ends in _ changes its tensor. What is too long needs no clamping here: no step is beyond it.
    """
    return _mask(valid_lens.clamp_(max=num_steps), num_steps)


def lengths_changed__rewrite(valid_lens, num_steps):
    valid_lens[valid_lens > num_steps] = num_steps
    return _mask(valid_lens, num_steps)


def empty_rows_opened(valid_lens, num_steps):
    """A length of 0 is taken for 1.

    A row without a True says that there is no token. What a softmax does with it is the softmax's concern.
    """
    return _mask(valid_lens.clamp(min=1), num_steps)


def empty_rows_opened__rewrite(valid_lens, num_steps):
    mask = _mask(valid_lens, num_steps)
    first = torch.arange(num_steps, device=valid_lens.device) == 0
    return mask | first


def long_rows_closed(valid_lens, num_steps):
    """Lengths above num_steps are taken for num_steps - 1.

    A row that is longer than the table is True throughout.
    """
    lengths = valid_lens.long()
    return _mask(torch.where(lengths > num_steps, max(num_steps - 1, 0), lengths), num_steps)


def long_rows_closed__rewrite(valid_lens, num_steps):
    mask = _mask(valid_lens, num_steps)
    last = torch.arange(num_steps, device=valid_lens.device) == num_steps - 1
    return mask & ~(last & (valid_lens.long() > num_steps).unsqueeze(-1))


def padding_on_the_left(valid_lens, num_steps):
    """The padding is looked for at the front.

    Sequences are padded behind: the first steps hold the tokens.
    """
    return _mask(valid_lens, num_steps).flip(-1)


def padding_on_the_left__rewrite(valid_lens, num_steps):
    return torch.arange(num_steps - 1, -1, -1, device=valid_lens.device) < valid_lens.unsqueeze(-1)
