"""Ways in which pad_bert_inputs goes wrong.

Most change one of the seven tensors of an example: `_pad` makes them from a few settings, `_again` builds plain
numbers first, lets the mistake edit them and turns them into tensors last.
"""

import math

import torch

_LONG = (0, 1, 3, 5, 6)


def _check(example, max_len, most):
    if len(example[0]) > max_len or len(example[1]) > most:
        raise ValueError("an example does not fit")


def _pad(examples, max_len, vocab, number=round, change=lambda row, example, most: row, check=_check):
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
        for column, tensor in zip(columns, change(row, example, most)):
            column.append(tensor)
    return columns


def _again(examples, max_len, vocab, number=round, edit=lambda row, example: None, dtypes={}):
    most = number(max_len * 0.15)
    rows = []
    for example in examples:
        _check(example, max_len, most)
        ids, positions, labels, segments, is_next = map(lambda v: v[:] if isinstance(v, list) else v, example)
        length, count = len(ids), len(positions)
        row = [ids, segments, length, positions, [1] * count, labels, int(is_next)]
        row[0] = row[0] + (max_len - length) * [vocab["<pad>"]]
        row[1] = row[1] + (max_len - length) * [0]
        for place in (3, 4, 5):
            row[place] = row[place] + (most - count) * [0]
        edit(row, example)
        rows.append(row)
    usual = {place: torch.long if place in _LONG else torch.float32 for place in range(7)} | dtypes
    return tuple([torch.tensor(row[place], dtype=usual[place]) for row in rows] for place in range(7))


def _with(place, make):
    def change(row, example, most):
        row[place] = make(row[place], example)
        return row

    return change


def pad_id_zero(examples, max_len, vocab):
    """Token ids are filled up with 0.

    0 is the id of "<pad>" only by chance: look it up in the vocabulary.
    """
    return _pad(examples, max_len, {"<pad>": 0})


def pad_id_zero__rewrite(examples, max_len, vocab):
    def edit(row, example):
        row[0] = [*example[0], *[0 for _ in row[0][len(example[0]) :]]]

    return _again(examples, max_len, vocab, edit=edit)


def length_is_padded(examples, max_len, vocab):
    """The valid length counts the padding.

    Attention would look at the padding too. Take the length of the token ids before anything is added.
    """
    change = lambda row, example, most: [*row[:2], torch.tensor(float(max_len)), *row[3:]]
    return _pad(examples, max_len, vocab, change=change)


def length_is_padded__rewrite(examples, max_len, vocab):
    def edit(row, example):
        row[2] = len(row[0])

    return _again(examples, max_len, vocab, edit=edit)


def length_without_zeros(examples, max_len, vocab):
    """The valid length counts the ids that are not the padding's.

    An id among the tokens can be equal to it. Take the length of the list before it is padded.
    """
    make = lambda _, example: torch.tensor(float(sum(i != vocab["<pad>"] for i in example[0])))
    return _pad(examples, max_len, vocab, change=_with(2, make))


def length_without_zeros__rewrite(examples, max_len, vocab):
    def edit(row, example):
        row[2] = len(row[0]) - row[0].count(vocab["<pad>"])

    return _again(examples, max_len, vocab, edit=edit)


def length_is_integer(examples, max_len, vocab):
    """The valid length has dtype int64.

    The stub asks for float32.
    """
    return _pad(examples, max_len, vocab, change=_with(2, lambda tensor, _: tensor.long()))


def length_is_integer__rewrite(examples, max_len, vocab):
    return _again(examples, max_len, vocab, dtypes={2: torch.int64})


def length_has_an_axis(examples, max_len, vocab):
    """The valid length is a tensor of shape (1,).

    It is a single number, of shape (): make the tensor from the number and not from a list.
    """
    return _pad(examples, max_len, vocab, change=_with(2, lambda tensor, _: tensor.reshape(1)))


def length_has_an_axis__rewrite(examples, max_len, vocab):
    def edit(row, example):
        row[2] = [len(example[0])]

    return _again(examples, max_len, vocab, edit=edit)


def weights_all_one(examples, max_len, vocab):
    """The weights are 1 for padding too.

    Then the loss learns to predict the first label's padding. Only predictions have weight 1.
    """
    return _pad(examples, max_len, vocab, change=_with(4, lambda tensor, _: torch.ones_like(tensor)))


def weights_all_one__rewrite(examples, max_len, vocab):
    def edit(row, example):
        row[4] = [1.0] * len(row[3])

    return _again(examples, max_len, vocab, edit=edit)


def weights_inverted(examples, max_len, vocab):
    """The weights are the wrong way round.

    1 stands for a prediction, 0 for padding.
    """
    return _pad(examples, max_len, vocab, change=_with(4, lambda tensor, _: 1 - tensor))


def weights_inverted__rewrite(examples, max_len, vocab):
    def edit(row, example):
        row[4] = [0.0] * len(example[1]) + [1.0] * (len(row[3]) - len(example[1]))

    return _again(examples, max_len, vocab, edit=edit)


def weights_from_labels(examples, max_len, vocab):
    """The weights are read off the padded labels.

    A label can be 0 itself; count the predictions instead.
    """
    change = lambda row, example, most: [*row[:4], (row[5] != 0).float(), *row[5:]]
    return _pad(examples, max_len, vocab, change=change)


def weights_from_labels__rewrite(examples, max_len, vocab):
    def edit(row, example):
        row[4] = [1 if label else 0 for label in row[5]]

    return _again(examples, max_len, vocab, edit=edit)


def weights_from_positions(examples, max_len, vocab):
    """The weights are read off the padded positions.

    Position 0 can be predicted too; count the predictions instead.
    """
    change = lambda row, example, most: [*row[:4], (row[3] != 0).float(), *row[5:]]
    return _pad(examples, max_len, vocab, change=change)


def weights_from_positions__rewrite(examples, max_len, vocab):
    def edit(row, example):
        row[4] = [int(position > 0) for position in row[3]]

    return _again(examples, max_len, vocab, edit=edit)


def weights_are_integers(examples, max_len, vocab):
    """The weights have dtype int64.

    They are multiplied with a loss; the stub asks for float32.
    """
    return _pad(examples, max_len, vocab, change=_with(4, lambda tensor, _: tensor.long()))


def weights_are_integers__rewrite(examples, max_len, vocab):
    return _again(examples, max_len, vocab, dtypes={4: torch.int64})


def cut_down(examples, max_len, vocab):
    """The number of predictions M is cut down instead of rounded.

    `int` and `//` drop the fraction; M = round(max_len * 0.15) goes to the nearest integer.
    """
    return _pad(examples, max_len, vocab, number=int)


def cut_down__rewrite(examples, max_len, vocab):
    return _again(examples, max_len, vocab, number=math.floor)


def rounded_up(examples, max_len, vocab):
    """The number of predictions M is always rounded up.

    M = round(max_len * 0.15) goes to the nearest integer.
    """
    return _pad(examples, max_len, vocab, number=math.ceil)


def rounded_up__rewrite(examples, max_len, vocab):
    return _again(examples, max_len, vocab, number=lambda exact: int(exact) + (exact > int(exact)))


def half_up(examples, max_len, vocab):
    """A half is rounded up, where Python's round goes to the even number.

    Adding 0.5 and cutting off is not what `round` does: round(4.5) is 4.
    """
    return _pad(examples, max_len, vocab, number=lambda exact: int(exact + 0.5))


def half_up__rewrite(examples, max_len, vocab):
    return _again(examples, max_len, vocab, number=lambda exact: math.floor(exact + 0.5))


def predictions_to_max_len(examples, max_len, vocab):
    """Positions, weights and labels are padded to max_len.

    There are at most M = round(max_len * 0.15) predictions; these three have length M.
    """
    def change(row, example, most):
        for place in (3, 4, 5):
            row[place] = torch.cat([row[place], row[place].new_zeros(max_len - most)])
        return row

    return _pad(examples, max_len, vocab, change=change)


def predictions_to_max_len__rewrite(examples, max_len, vocab):
    def edit(row, example):
        for place in (3, 4, 5):
            row[place] += [0] * (max_len - len(row[place]))

    return _again(examples, max_len, vocab, edit=edit)


def no_padding_of_predictions(examples, max_len, vocab):
    """Positions, weights and labels are not padded.

    Examples with different numbers of predictions cannot be stacked to a batch. Fill all three up to length M.
    """
    def change(row, example, most):
        return [*row[:3], *(tensor[: len(example[1])] for tensor in row[3:6]), row[6]]

    return _pad(examples, max_len, vocab, change=change)


def no_padding_of_predictions__rewrite(examples, max_len, vocab):
    def edit(row, example):
        row[3], row[4], row[5] = example[1], [1.0] * len(example[1]), example[2]

    return _again(examples, max_len, vocab, edit=edit)


def not_refused(examples, max_len, vocab):
    """An example that does not fit is not refused.

    Multiplying a list by a negative number gives an empty list, so tensors of another length come out and nobody is
    told; cutting the example off loses tokens silently. Raise a ValueError both for too many tokens and for too many
    predictions.
    """
    return _pad(examples, max_len, vocab, check=lambda *_: None)


def not_refused__rewrite(examples, max_len, vocab):
    most = round(max_len * 0.15)
    cut = [(e[0][:max_len], e[1][:most], e[2][:most], e[3][:max_len], e[4]) for e in examples]
    return _again(cut, max_len, vocab)


def asserts(examples, max_len, vocab):
    """An example that is too long raises an AssertionError.

    The stub asks for a ValueError; an assert is for one's own slips and is gone under `python -O`.
    """
    def check(example, max_len, most):
        assert len(example[0]) <= max_len, "too many tokens"
        assert len(example[1]) <= most, "too many predictions"

    return _pad(examples, max_len, vocab, check=check)


def asserts__rewrite(examples, max_len, vocab):
    try:
        return _again(examples, max_len, vocab)
    except ValueError as error:
        raise AssertionError("too long") from error


def full_is_too_long(examples, max_len, vocab):
    """An example that fills max_len exactly is refused.

    Only more than max_len tokens are too many.
    """
    def check(example, max_len, most):
        _check(example, max_len - 1, most)

    return _pad(examples, max_len, vocab, check=check)


def full_is_too_long__rewrite(examples, max_len, vocab):
    for token_ids, *_ in examples:
        if not len(token_ids) < max_len:
            raise ValueError("too long")
    return _again(examples, max_len, vocab)


def segments_one(examples, max_len, vocab):
    """The segments are filled up with 1.

    The stub asks for 0 on padding.
    """
    def make(tensor, example):
        return tensor.index_fill(0, torch.arange(len(example[0]), max_len), 1)

    return _pad(examples, max_len, vocab, change=_with(1, make))


def segments_one__rewrite(examples, max_len, vocab):
    def edit(row, example):
        row[1] = example[3] + [1] * (len(row[0]) - len(example[0]))

    return _again(examples, max_len, vocab, edit=edit)


def segments_to_one(examples, max_len, vocab):
    """Every segment but 0 becomes 1.

    Segments are numbers, and there may be more than two: do not turn them into true and false on the way.
    """
    return _pad(examples, max_len, vocab, change=_with(1, lambda tensor, _: tensor.bool().long()))


def segments_to_one__rewrite(examples, max_len, vocab):
    def edit(row, example):
        row[1] = [min(segment, 1) for segment in row[1]]

    return _again(examples, max_len, vocab, edit=edit)


def tensors_shared(examples, max_len, vocab):
    """Some tensors share their memory: what is written into one shows in another.

    Often weights that are equal are made once and given to several examples. Make a tensor for each example.
    """
    made = {}
    return _pad(examples, max_len, vocab, change=_with(4, lambda t, example: made.setdefault(len(example[1]), t)))


def tensors_shared__rewrite(examples, max_len, vocab):
    most = round(max_len * 0.15)
    columns = _again(examples, max_len, vocab)
    steps = torch.cat([torch.ones(most), torch.zeros(most)])
    columns[4][:] = [steps[most - len(e[1]) : 2 * most - len(e[1])] for e in examples]
    return columns


def labels_ignored(examples, max_len, vocab):
    """The labels are filled up with -100.

    Here the weights say what is padding, and the stub asks for 0: a label of -100 is an error in most losses.
    """
    def make(tensor, example):
        return tensor.index_fill(0, torch.arange(len(example[2]), len(tensor)), -100)

    return _pad(examples, max_len, vocab, change=_with(5, make))


def labels_ignored__rewrite(examples, max_len, vocab):
    def edit(row, example):
        row[5] = example[2] + [-100] * (len(row[5]) - len(example[2]))

    return _again(examples, max_len, vocab, edit=edit)


def next_is_bool(examples, max_len, vocab):
    """is_next is a tensor of bools.

    It is the label of a cross entropy, which wants int64.
    """
    return _pad(examples, max_len, vocab, change=_with(6, lambda tensor, _: tensor.bool()))


def next_is_bool__rewrite(examples, max_len, vocab):
    return _again(examples, max_len, vocab, dtypes={6: torch.bool})


def next_inverted(examples, max_len, vocab):
    """is_next is 0 for true and 1 for false.

    1 stands for true.
    """
    return _pad(examples, max_len, vocab, change=_with(6, lambda tensor, _: 1 - tensor))


def next_inverted__rewrite(examples, max_len, vocab):
    def edit(row, example):
        row[6] = 0 if example[4] else 1

    return _again(examples, max_len, vocab, edit=edit)


def stacked(examples, max_len, vocab):
    """The tensors of the examples are stacked.

    The stub asks for lists with one tensor an example, which a Dataset gives out one by one.
    """
    return tuple(torch.stack(column) if column else torch.empty(0) for column in _pad(examples, max_len, vocab))


def stacked__rewrite(examples, max_len, vocab):
    columns = _again(examples, max_len, vocab)
    return tuple(torch.cat([t[None] for t in column]) if column else torch.zeros(0) for column in columns)


def lists_of_numbers(examples, max_len, vocab):
    """The answer holds lists of numbers instead of tensors.

    Make a tensor of each padded list, with the dtype that the stub gives.
    """
    return tuple([tensor.tolist() for tensor in column] for column in _pad(examples, max_len, vocab))


def lists_of_numbers__rewrite(examples, max_len, vocab):
    return tuple(list(map(torch.Tensor.tolist, column)) for column in _again(examples, max_len, vocab))


def examples_padded(examples, max_len, vocab):
    """The examples that were passed are padded themselves.

    Whoever passed them finds other lists afterwards, and a second call counts the padding as tokens. Build new lists.
    """
    answer = _pad(examples, max_len, vocab)
    for ids, _, _, segments, _ in examples:
        missing = max_len - len(ids)
        ids.extend([vocab["<pad>"]] * missing)
        segments.extend([0] * missing)
    return answer


def examples_padded__rewrite(examples, max_len, vocab):
    answer = _again(examples, max_len, vocab)
    for ids, positions, labels, segments, _ in examples:
        while len(ids) < max_len:
            ids.append(vocab["<pad>"])
            segments += [0]
    return answer


def segments_second(examples, max_len, vocab):
    """The seven lists are in another order.

    Ids, segments, valid lengths, positions, weights, labels, is_next: the model takes them apart by their places.
    """
    ids, segments, lengths, positions, weights, labels, following = _pad(examples, max_len, vocab)
    return ids, positions, labels, segments, lengths, weights, following


def segments_second__rewrite(examples, max_len, vocab):
    columns = _again(examples, max_len, vocab)
    return tuple(columns[place] for place in (0, 3, 5, 1, 2, 4, 6))


def grouped_by_example(examples, max_len, vocab):
    """The answer has an entry for each example, with seven tensors.

    It is the other way round: seven lists, with one tensor for each example.
    """
    return list(zip(*_pad(examples, max_len, vocab)))


def grouped_by_example__rewrite(examples, max_len, vocab):
    columns = _again(examples, max_len, vocab)
    return [tuple(column[i] for column in columns) for i in range(len(examples))]
