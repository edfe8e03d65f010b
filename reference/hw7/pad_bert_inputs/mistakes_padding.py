"""Ways in which pad_bert_inputs goes wrong with what is filled up: with what, how far, and how it is marked."""

import math

import torch
from padding import again as _again
from padding import change_at as _with
from padding import pad as _pad


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
