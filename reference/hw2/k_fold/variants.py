"""Other right ways to cut the data into folds."""

import torch


def by_bounds(k, i, X, y):
    """Where the fold begins and ends."""
    n = X.shape[0]
    if k < 2 or k > n:
        raise ValueError(f"k = {k} does not go with {n} samples")
    if i not in range(k):
        raise ValueError(f"i = {i} is not one of the {k} rounds")
    size, longer = divmod(n, k)
    begin = i * size + min(i, longer)
    end = begin + size + (i < longer)
    rows = torch.arange(n)
    rest = torch.cat((rows[:begin], rows[end:]))
    return X[rest], y[rest], X[begin:end], y[begin:end]


def plain_learner(k, i, X, y):
    """Written from the stub alone, as the notes go: fold after fold."""
    n = X.shape[0]
    if k < 2 or n < k:
        raise ValueError("k must be from 2 to n")
    if i < 0 or i > k - 1:
        raise ValueError("i must be from 0 to k - 1")
    X_train, y_train = None, None
    start = 0
    for j in range(k):
        fold_size = n // k
        if j < n % k:
            fold_size += 1
        X_part, y_part = X[start : start + fold_size], y[start : start + fold_size]
        start += fold_size
        if j == i:
            X_valid, y_valid = X_part, y_part
        elif X_train is None:
            X_train, y_train = X_part, y_part
        else:
            X_train = torch.cat([X_train, X_part], 0)
            y_train = torch.cat([y_train, y_part], 0)
    return X_train, y_train, X_valid, y_valid


def with_index_lists(k, i, X, y):
    """Lists of rows."""
    if not 1 < k <= len(y) or not 0 <= i < k:
        raise ValueError(f"there is no round {i} of {k} folds of {len(y)} samples")
    sizes = [len(range(j, len(y), k)) for j in range(k)]
    first = sum(sizes[:i])
    valid = list(range(first, first + sizes[i]))
    train = sorted(set(range(len(y))) - set(valid))
    return X[train], y[train], X[valid], y[valid]
