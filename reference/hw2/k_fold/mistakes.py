"""Ways in which cutting the data into folds goes wrong. The mistakes change a part of `_folds`."""

import torch


def _checked(k, i, n):
    if not 2 <= k <= n:
        raise ValueError(f"{n} samples cannot be cut into {k} folds")
    if not 0 <= i < k:
        raise ValueError(f"there is no round {i}")


def _bounds(k, i, n):
    return i * (n // k) + min(i, n % k), (i + 1) * (n // k) + min(i + 1, n % k)


def _train(tensor, begin, end):
    return torch.cat([tensor[:begin], tensor[end:]])


def _folds(
    k, i, X, y, *, check=_checked, bounds=_bounds, train=_train, valid=lambda tensor, begin, end: tensor[begin:end]
):
    """Right as it stands; a mistake gives another part."""
    check(k, i, len(X))
    begin, end = bounds(k, i, len(X))
    return train(X, begin, end), train(y, begin, end), valid(X, begin, end), valid(y, begin, end)


def _by_sizes(k, i, X, y, sizes, check=True, order=None):
    """The same in another way: a list with the sizes of the folds, and perhaps another order."""
    if check:
        _checked(k, i, len(X))
    order = torch.arange(len(X)) if order is None else order
    folds = list(torch.split(order[: sum(sizes)], sizes))
    valid = folds.pop(i)
    train = torch.cat(folds)
    return X[train], y[train], X[valid], y[valid]


def _sizes(k, n):
    return [n // k + (j < n % k) for j in range(k)]


def remainder_dropped(k, i, X, y):
    """The samples that are left over are in no fold.

    With n // k samples in every fold, the last n % k are used neither for validation nor for training. Give one more to
    each of the first n % k folds.
    """
    n = len(X) // k * k if 2 <= k <= len(X) else len(X)
    return _folds(k, i, X[:n], y[:n])


def remainder_dropped__rewrite(k, i, X, y):
    return _by_sizes(k, i, X, y, sizes=[len(X) // max(k, 1)] * k)


def remainder_in_training(k, i, X, y):
    """The samples that are left over are never used for validation.

    In the k rounds together every sample is used for validation exactly once.
    """
    return _folds(k, i, X, y, bounds=lambda k, i, n: (i * (n // k), (i + 1) * (n // k)))


def remainder_in_training__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    size = len(X) // k
    rows = torch.arange(len(X))
    chosen = (rows >= size * i) & (rows < size * (i + 1))
    return X[~chosen], y[~chosen], X[chosen], y[chosen]


def remainder_in_the_last_fold(k, i, X, y):
    """All samples that are left over are in the last fold.

    It may be nearly twice as long as the others. Give one more to each of the first n % k folds.
    """
    return _folds(k, i, X, y, bounds=lambda k, i, n: (i * (n // k), n if i == k - 1 else (i + 1) * (n // k)))


def remainder_in_the_last_fold__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    size = len(X) // k
    return _by_sizes(k, i, X, y, [size] * (k - 1) + [len(X) - size * (k - 1)])


def longer_folds_last(k, i, X, y):
    """The longer folds are the last ones.

    The first n % k folds have one sample more.
    """
    return _folds(
        k,
        i,
        X,
        y,
        bounds=lambda k, i, n: (
            i * (n // k) + max(0, i - (k - n % k)),
            (i + 1) * (n // k) + max(0, i + 1 - (k - n % k)),
        ),
    )


def longer_folds_last__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    return _by_sizes(k, i, X, y, _sizes(k, len(X))[::-1])


def rounded_up(k, i, X, y):
    """Every fold but the last has the size rounded up.

    The last fold is then much shorter, or there is none. Only the first n % k folds have one more.
    """
    return _folds(k, i, X, y, bounds=lambda k, i, n: (i * -(-n // k), min(n, (i + 1) * -(-n // k))))


def rounded_up__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    size = (len(X) + k - 1) // k
    begin, end = size * i, size * i + size
    return torch.cat((X[:begin], X[end:])), torch.cat((y[:begin], y[end:])), X[begin:end], y[begin:end]


def proportional(k, i, X, y):
    """The folds are cut at i * n // k.

    Their sizes are right, but the longer ones are spread. The first n % k folds have one more.
    """
    return _folds(k, i, X, y, bounds=lambda k, i, n: (i * n // k, (i + 1) * n // k))


def proportional__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    cuts = [int(j / k * len(X) + 1e-9) for j in range(k + 1)]
    return _by_sizes(k, i, X, y, [b - a for a, b in zip(cuts, cuts[1:])])


def dealt_out(k, i, X, y):
    """The samples are dealt out to the folds one by one.

    The folds are cut one after the other in the order of the data.
    """
    _checked(k, i, len(X))
    rows = torch.arange(len(X)) % k == i
    return X[~rows], y[~rows], X[rows], y[rows]


def dealt_out__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    order = torch.cat([torch.arange(j, len(X), k) for j in range(k)])
    X_train, y_train, X_valid, y_valid = _by_sizes(k, i, X, y, _sizes(k, len(X)), order=order)
    train = torch.tensor([row for row in range(len(X)) if row % k != i])
    return X[train], y[train], X_valid, y_valid


def shuffled(k, i, X, y):
    """The samples are shuffled.

    They are in the order of the data. Besides, every round would have another order, so that folds overlap.
    """
    _checked(k, i, len(X))
    order = torch.randperm(len(X), generator=torch.Generator().manual_seed(0))
    return _folds(k, i, X[order], y[order])


def shuffled__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    order = torch.randperm(len(X), generator=torch.Generator().manual_seed(0))
    return _by_sizes(k, i, X, y, _sizes(k, len(X)), order=order)


def swapped(k, i, X, y):
    """Training and validation are swapped.

    Fold i alone is for validation, all others are for training.
    """
    X_train, y_train, X_valid, y_valid = _folds(k, i, X, y)
    return X_valid, y_valid, X_train, y_train


def swapped__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    parts = _by_sizes(k, i, X, y, _sizes(k, len(X)))
    return parts[2:] + parts[:2]


def pairs_first(k, i, X, y):
    """The features come first, then the labels.

    The order is X_train, y_train, X_valid, y_valid.
    """
    X_train, y_train, X_valid, y_valid = _folds(k, i, X, y)
    return X_train, X_valid, y_train, y_valid


def pairs_first__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    parts = _by_sizes(k, i, X, y, _sizes(k, len(X)))
    return parts[0], parts[2], parts[1], parts[3]


def validation_in_training(k, i, X, y):
    """The samples for validation are also used for training.

    Then the validation says nothing. Leave fold i out of the training.
    """
    return _folds(k, i, X, y, train=lambda tensor, begin, end: tensor.clone())


def validation_in_training__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    _, _, X_valid, y_valid = _by_sizes(k, i, X, y, _sizes(k, len(X)))
    return X, y, X_valid, y_valid


def only_before(k, i, X, y):
    """Only what is before the fold is used for training.

    What is behind it is for training as well.
    """
    return _folds(k, i, X, y, train=lambda tensor, begin, end: tensor[:begin])


def only_before__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    first = sum(_sizes(k, len(X))[:i])
    _, _, X_valid, y_valid = _by_sizes(k, i, X, y, _sizes(k, len(X)))
    return X[:first], y[:first], X_valid, y_valid


def behind_first(k, i, X, y):
    """What is behind the fold comes first in the training data.

    The samples are in the order in which they are in the data.
    """
    return _folds(k, i, X, y, train=lambda tensor, begin, end: torch.cat([tensor[end:], tensor[:begin]]))


def behind_first__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    sizes = _sizes(k, len(X))
    _, _, X_valid, y_valid = _by_sizes(k, i, X, y, sizes)
    train = torch.roll(torch.arange(len(X)), -sum(sizes[: i + 1]))[: len(X) - sizes[i]]
    return X[train], y[train], X_valid, y_valid


def one_sample_lost(k, i, X, y):
    """The fold ends one sample too early.

    The end of a slice is not in it, so it need not be made one smaller.
    """
    return _folds(k, i, X, y, valid=lambda tensor, begin, end: tensor[begin : end - 1])


def one_sample_lost__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    X_train, y_train, X_valid, y_valid = _by_sizes(k, i, X, y, _sizes(k, len(X)))
    return X_train, y_train, X_valid[:-1], y_valid[:-1]


def rounds_from_one(k, i, X, y):
    """The rounds are counted from 1.

    They are counted from 0: round 0 has the first fold for validation.
    """
    return _folds(k, i, X, y, bounds=lambda k, i, n: _bounds(k, (i - 1) % k, n))


def rounds_from_one__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    return _by_sizes(k, i - 1 if i else k - 1, X, y, _sizes(k, len(X)), check=False)


def two_axes_needed(k, i, X, y):
    """Two axes are needed.

    `X[rows, :]` fails when there is one axis only. An index for the first axis alone goes for any number of them.
    """
    return _folds(
        k, i, X, y, valid=lambda tensor, begin, end: tensor[begin:end, :] if tensor is X else tensor[begin:end]
    )


def two_axes_needed__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    X_train, y_train, X_valid, y_valid = _by_sizes(k, i, X, y, _sizes(k, len(X)))
    return X_train[:, :], y_train, X_valid, y_valid


def flattened(k, i, X, y):
    """The features are flattened.

    Whatever axes the samples have, they keep them.
    """
    return _folds(k, i, X.reshape(len(X), -1), y)


def flattened__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    return _by_sizes(k, i, X.flatten(1) if X.dim() > 1 else X[:, None], y, _sizes(k, len(X)))


def labels_as_floats(k, i, X, y):
    """The labels become floats.

    They keep their dtype: a class is an integer.
    """
    X_train, y_train, X_valid, y_valid = _folds(k, i, X, y)
    return X_train, y_train.float(), X_valid, y_valid.float()


def labels_as_floats__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    return _by_sizes(k, i, X, y.to(X.dtype), _sizes(k, len(X)))


def argument_shuffled(k, i, X, y):
    """X is changed.

    It belongs to the caller: slices and `cat` leave it as it is.
    """
    parts = [part.clone() for part in _folds(k, i, X, y)]
    X.copy_(torch.cat([parts[0], parts[2]]).flip(0))
    return tuple(parts)


def argument_shuffled__rewrite(k, i, X, y):
    _checked(k, i, len(X))
    parts = _by_sizes(k, i, X.clone(), y, _sizes(k, len(X)))
    X[: len(X)] = X.flip(0)
    return parts


def not_checked(k, i, X, y):
    """What cannot be cut is not noticed.

    Raise ValueError where there are no k folds, or no round i.
    """
    return _folds(k, i, X, y, check=lambda k, i, n: None, bounds=lambda k, i, n: _bounds(max(k, 1), i, n))


def not_checked__rewrite(k, i, X, y):
    size, longer = divmod(len(X), k or 1)
    begin = size * i + min(i, longer)
    end = begin + size + (i < longer)
    return _train(X, begin, end), _train(y, begin, end), X[begin:end], y[begin:end]


def assertion(k, i, X, y):
    """What cannot be cut fails an assertion.

    Assertions are for what cannot happen, and `python -O` leaves them out. A wrong argument raises ValueError.
    """
    assert 1 < k <= len(X) and 0 <= i < k
    return _folds(k, i, X, y)


def assertion__rewrite(k, i, X, y):
    assert k in range(2, len(X) + 1), "k"
    assert i in range(k), "i"
    return _by_sizes(k, i, X, y, _sizes(k, len(X)))


def one_fold_accepted(k, i, X, y):
    """One fold is accepted.

    Then nothing is left for training: k is at least 2.
    """

    def check(k, i, n):
        if k != 1 or i:
            _checked(k, i, n)

    return _folds(k, i, X, y, check=check)


def one_fold_accepted__rewrite(k, i, X, y):
    if k == 1 and i == 0:
        return X[:0], y[:0], X, y
    _checked(k, i, len(X))
    return _by_sizes(k, i, X, y, _sizes(k, len(X)))


def empty_folds_accepted(k, i, X, y):
    """More folds than samples are accepted.

    Some folds would be empty: k is at most n.
    """

    def check(k, i, n):
        _checked(min(k, n), min(i, n - 1) if i < k else i, n)

    return _folds(k, i, X, y, check=check)


def empty_folds_accepted__rewrite(k, i, X, y):
    if not (k >= 2 and 0 <= i < k):
        raise ValueError("k or i")
    return _by_sizes(k, i, X, y, _sizes(k, len(X)), check=False)


def negative_round_accepted(k, i, X, y):
    """A negative round is accepted.

    A negative index counts from the end, so it looks as if all was well. Raise ValueError.
    """
    return _folds(k, i, X, y, check=lambda k, i, n: _checked(k, max(i, 0), n))


def negative_round_accepted__rewrite(k, i, X, y):
    if i >= k:
        raise ValueError("i")
    _checked(k, 0, len(X))
    return _by_sizes(k, i, X, y, _sizes(k, len(X)), check=False)
