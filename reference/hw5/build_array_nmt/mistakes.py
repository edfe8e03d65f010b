"""Ways in which build_array_nmt goes wrong."""

import torch


def _pad(row, num_steps, padding):
    return row[:num_steps] + [padding] * (num_steps - len(row))


def _built(lines, vocab, num_steps, *, row=None, length=None, padding=None):
    """The answer with one part exchanged."""
    rows = [(row or (lambda line: [*vocab[line], vocab["<eos>"]]))(line) for line in lines]
    padding = vocab["<pad>"] if padding is None else padding
    padded = [_pad(ids, num_steps, padding) for ids in rows]
    array = torch.tensor(padded, dtype=torch.int64).reshape(len(rows), num_steps)
    length = length or (lambda ids, full: min(len(ids), num_steps))
    lengths = [length(ids, full) for ids, full in zip(rows, padded, strict=True)]
    return array, torch.tensor(lengths, dtype=torch.int64)


def padding_counted_afterwards(lines, vocab, num_steps):
    """The valid length counts the ids that are no padding.

    Where the text itself holds "<pad>" the count is too small. How many ids come from the line is known before it is
    padded.
    """
    array, _ = _built(lines, vocab, num_steps)
    return array, (array != vocab["<pad>"]).sum(dim=1)


def padding_counted_afterwards__rewrite(lines, vocab, num_steps):
    return _built(
        lines, vocab, num_steps, length=lambda ids, full: sum(1 for i in full if i != vocab["<pad>"])
    )  # fmt: skip


def up_to_the_first_padding(lines, vocab, num_steps):
    """The valid length ends at the first id of padding.

    The text may hold "<pad>" itself, in the middle of a line. How many ids come from the line is known before it is
    padded.
    """
    return _built(
        lines, vocab, num_steps,
        length=lambda ids, full: full.index(vocab["<pad>"]) if vocab["<pad>"] in full else num_steps,
    )  # fmt: skip


def up_to_the_first_padding__rewrite(lines, vocab, num_steps):
    array, _ = _built(lines, vocab, num_steps)
    return array, (array != vocab["<pad>"]).long().cumprod(dim=1).sum(dim=1)


def no_end(lines, vocab, num_steps):
    """No <eos> is appended.

    Without it a decoder never learns to stop. Append its id to each line before padding.
    """
    return _built(lines, vocab, num_steps, row=lambda line: list(vocab[line]))


def no_end__rewrite(lines, vocab, num_steps):
    array = torch.full((len(lines), num_steps), vocab["<pad>"])
    lengths = torch.zeros(len(lines), dtype=torch.int64)
    for i, line in enumerate(lines):
        ids = [vocab[token] for token in line][:num_steps]
        array[i, : len(ids)] = torch.tensor(ids, dtype=torch.int64)
        lengths[i] = len(ids)
    return array, lengths


def end_saved_when_cut(lines, vocab, num_steps):
    """A line that is cut keeps its <eos>.

    A cut sentence has not ended, and a model should not learn that it has: the first num_steps ids stay, whatever they
    are.
    """

    def row(line):
        return [*vocab[line][: num_steps - 1], vocab["<eos>"]]

    return _built(lines, vocab, num_steps, row=row)


def end_saved_when_cut__rewrite(lines, vocab, num_steps):
    array, lengths = _built(lines, vocab, num_steps)
    for i, line in enumerate(lines):
        if len(line) >= num_steps:
            array[i, -1] = vocab["<eos>"]
    return array, lengths


def end_behind_the_padding(lines, vocab, num_steps):
    """The <eos> stands behind the padding.

    It ends the sentence, not the row: append it before the line is padded.
    """
    eos, pad = vocab["<eos>"], vocab["<pad>"]
    return _built(
        lines, vocab, num_steps, row=lambda line: [*_pad(vocab[line], num_steps - 1, pad), eos],
        length=lambda ids, full: min(sum(i != pad for i in ids), num_steps),
    )  # fmt: skip


def end_behind_the_padding__rewrite(lines, vocab, num_steps):
    array = torch.full((len(lines), num_steps), vocab["<pad>"])
    for i, line in enumerate(lines):
        ids = torch.tensor(vocab[line][: num_steps - 1], dtype=torch.int64)
        array[i, : len(ids)] = ids
        array[i, num_steps - 1] = vocab["<eos>"]
    return array, (array != vocab["<pad>"]).sum(1)


def end_not_counted(lines, vocab, num_steps):
    """The valid length leaves <eos> out.

    The loss must reach it, or the decoder never learns to stop: the length counts it.
    """
    return _built(lines, vocab, num_steps, length=lambda ids, full: min(len(ids) - 1, num_steps))


def end_not_counted__rewrite(lines, vocab, num_steps):
    array, _ = _built(lines, vocab, num_steps)
    return array, torch.tensor([len(line) for line in lines], dtype=torch.int64).clamp(max=num_steps)


def lengths_not_bounded(lines, vocab, num_steps):
    """The valid length of a line that was cut is its old length.

    Lengths behind the last column point at nothing: take the smaller of the length and num_steps.
    """
    return _built(lines, vocab, num_steps, length=lambda ids, full: len(ids))


def lengths_not_bounded__rewrite(lines, vocab, num_steps):
    array, _ = _built(lines, vocab, num_steps)
    return array, torch.tensor([len(line) + 1 for line in lines], dtype=torch.long)


def lengths_all_full(lines, vocab, num_steps):
    """Every row has the valid length num_steps.

    Measure the lines before they are padded.
    """
    return _built(lines, vocab, num_steps, length=lambda ids, full: len(full))


def lengths_all_full__rewrite(lines, vocab, num_steps):
    array, _ = _built(lines, vocab, num_steps)
    return array, torch.full((len(lines),), num_steps)


def padded_with_zero(lines, vocab, num_steps):
    """The padding is 0.

    0 is the id of some other token. Ask the vocabulary for the id of "<pad>".
    """
    return _built(lines, vocab, num_steps, padding=0)


def padded_with_zero__rewrite(lines, vocab, num_steps):
    array = torch.zeros(len(lines), num_steps, dtype=torch.int64)
    lengths = torch.zeros(len(lines), dtype=torch.int64)
    for i, line in enumerate(lines):
        ids = [*vocab[line], vocab["<eos>"]][:num_steps]
        array[i, : len(ids)] = torch.tensor(ids)
        lengths[i] = len(ids)
    return array, lengths


def padded_with_one(lines, vocab, num_steps):
    """The padding is 1, whatever the id of <pad>.

    In another vocabulary 1 is a word. Ask for the id of "<pad>".
    """
    return _built(lines, vocab, num_steps, padding=1)


def padded_with_one__rewrite(lines, vocab, num_steps):
    array = torch.ones(len(lines), num_steps, dtype=torch.int64)
    lengths = []
    for i, line in enumerate(lines):
        ids = ([vocab[token] for token in line] + [vocab["<eos>"]])[:num_steps]
        array[i, : len(ids)] = torch.tensor(ids)
        lengths.append(len(ids))
    return array, torch.tensor(lengths, dtype=torch.int64)


def padded_with_the_end(lines, vocab, num_steps):
    """The rows are filled with <eos>.

    One <eos> ends the sentence; what follows is padding, with an id of its own.
    """
    return _built(lines, vocab, num_steps, padding=vocab["<eos>"])


def padded_with_the_end__rewrite(lines, vocab, num_steps):
    array = torch.full((len(lines), num_steps), vocab["<eos>"])
    for i, line in enumerate(lines):
        ids = vocab[line][:num_steps]
        array[i, : len(ids)] = torch.tensor(ids, dtype=torch.int64)
    return array, torch.tensor([min(len(line) + 1, num_steps) for line in lines], dtype=torch.int64)


def padded_on_the_left(lines, vocab, num_steps):
    """The padding stands before the tokens.

    Valid lengths count from the first column, so padding belongs behind the tokens.
    """
    array, lengths = _built(lines, vocab, num_steps)
    rows = [torch.cat([row[n:], row[:n]]) for row, n in zip(array, lengths.tolist(), strict=True)]
    return torch.stack(rows) if rows else array, lengths


def padded_on_the_left__rewrite(lines, vocab, num_steps):
    array = torch.full((len(lines), num_steps), vocab["<pad>"])
    lengths = []
    for i, line in enumerate(lines):
        ids = [*vocab[line], vocab["<eos>"]][:num_steps]
        array[i, num_steps - len(ids) :] = torch.tensor(ids)
        lengths.append(len(ids))
    return array, torch.tensor(lengths, dtype=torch.int64)


def begin_added(lines, vocab, num_steps):
    """The rows begin with <bos>.

    The decoder gets its <bos> later. Here only <eos> is added.
    """
    return _built(lines, vocab, num_steps, row=lambda line: [vocab["<bos>"], *vocab[line], vocab["<eos>"]])


def begin_added__rewrite(lines, vocab, num_steps):
    rows = [vocab[["<bos>", *line, "<eos>"]] for line in lines]
    array = torch.tensor([_pad(row, num_steps, vocab["<pad>"]) for row in rows], dtype=torch.int64)
    lengths = torch.tensor([len(row) for row in rows], dtype=torch.int64).clamp(max=num_steps)
    return array.reshape(len(rows), num_steps), lengths


def no_lines_forgotten(lines, vocab, num_steps):
    """Without lines the array has one axis, and numbers with a decimal point.

    torch.tensor([]) does not know how wide its rows would have been, and takes float. Give dtype, and the shape.
    """
    rows = [[*vocab[line], vocab["<eos>"]] for line in lines]
    array = torch.tensor([_pad(row, num_steps, vocab["<pad>"]) for row in rows])
    return array, torch.tensor([min(len(row), num_steps) for row in rows])


def no_lines_forgotten__rewrite(lines, vocab, num_steps):
    array, lengths = [], []
    for line in lines:
        ids = vocab[[*line, "<eos>"]][:num_steps]
        lengths.append(len(ids))
        array.append(ids + [vocab["<pad>"]] * (num_steps - len(ids)))
    return torch.tensor(array), torch.tensor(lengths)


def short_integers(lines, vocab, num_steps):
    """The tensors have 32 bits.

    The docstring asks for int64, the dtype of ids everywhere in torch.
    """
    array, lengths = _built(lines, vocab, num_steps)
    return array.int(), lengths.to(torch.int32)


def short_integers__rewrite(lines, vocab, num_steps):
    array, lengths = _built(lines, vocab, num_steps)
    return array.type(torch.int32), torch.tensor(lengths.tolist(), dtype=torch.int32)


def lengths_short_integers(lines, vocab, num_steps):
    """The valid lengths have 32 bits.

    The docstring asks for int64 for both tensors.
    """
    array, lengths = _built(lines, vocab, num_steps)
    return array, lengths.int()


def lengths_short_integers__rewrite(lines, vocab, num_steps):
    array, lengths = _built(lines, vocab, num_steps)
    return array, torch.tensor(lengths.tolist(), dtype=torch.int32)


def floating_ids(lines, vocab, num_steps):
    """The array holds floating-point numbers.

    An embedding looks rows up by integers. Make the tensors int64.
    """
    array, lengths = _built(lines, vocab, num_steps)
    return array.float(), lengths


def floating_ids__rewrite(lines, vocab, num_steps):
    array, lengths = _built(lines, vocab, num_steps)
    filled = torch.zeros(len(lines), num_steps)
    filled[:] = array
    return filled, lengths


def lines_changed(lines, vocab, num_steps):
    """The caller's lines are changed.

    += and append change a list itself, and the next call appends another <eos>; an assignment to lines[i] loses the
    text. Build new lists.
    """
    for line in lines:
        line.append("<eos>")
    return _built(lines, vocab, num_steps, row=lambda line: list(vocab[line]))


def lines_changed__rewrite(lines, vocab, num_steps):
    for i, line in enumerate(lines):
        lines[i] = [*vocab[line], vocab["<eos>"]]
    return _built(lines, vocab, num_steps, row=list)


def steps_first(lines, vocab, num_steps):
    """The array has the steps in its rows.

    One row is one line: the shape is (n, num_steps).
    """
    array, lengths = _built(lines, vocab, num_steps)
    return array.t(), lengths


def steps_first__rewrite(lines, vocab, num_steps):
    array, lengths = _built(lines, vocab, num_steps)
    return array.permute(1, 0).contiguous(), lengths


def as_wide_as_the_longest(lines, vocab, num_steps):
    """The rows are as wide as the longest line.

    All minibatches must have the same width, num_steps, also when no line is that long.
    """
    array, lengths = _built(lines, vocab, num_steps)
    return array[:, : max(lengths.tolist(), default=num_steps)], lengths


def as_wide_as_the_longest__rewrite(lines, vocab, num_steps):
    width = min(num_steps, max((len(line) + 1 for line in lines), default=num_steps))
    return _built(lines, vocab, width)
