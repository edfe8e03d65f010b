"""k_fold by a mask over the samples: the number of its fold for each of them."""

import numpy as np
import torch


def k_fold(k, i, X, y):
    if k < 2 or k > len(X):
        raise ValueError("no such number of folds")
    if i < 0 or i >= k:
        raise ValueError("no such round")
    fold = np.array_split(np.arange(len(X)), k)[i]
    others = torch.ones(len(X), dtype=torch.bool)
    others[torch.from_numpy(fold)] = False
    X_valid, y_valid = (tensor.narrow(0, int(fold[0]), len(fold)) for tensor in (X, y))
    return X[others], y[others], X_valid, y_valid
