"""Ways in which pad_bert_inputs goes wrong with the form of its answer and with examples that do not fit."""

import torch
from padding import again as _again
from padding import change_at as _with
from padding import check as _check
from padding import pad as _pad


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


def weights_are_integers(examples, max_len, vocab):
    """The weights have dtype int64.

    They are multiplied with a loss; the stub asks for float32.
    """
    return _pad(examples, max_len, vocab, change=_with(4, lambda tensor, _: tensor.long()))


def weights_are_integers__rewrite(examples, max_len, vocab):
    return _again(examples, max_len, vocab, dtypes={4: torch.int64})


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
