"""Other correct corr2d."""

import torch


def loops(X, K):
    """A list of lists of sums, as a learner would write it."""
    kernel_height = K.size(0)
    kernel_width = K.size(1)
    if kernel_height > X.size(0):
        raise ValueError("kernel too high")
    if kernel_width > X.size(1):
        raise ValueError("kernel too wide")
    rows = []
    for i in range(X.size(0) - kernel_height + 1):
        row = []
        for j in range(X.size(1) - kernel_width + 1):
            total = 0
            for a in range(kernel_height):
                for b in range(kernel_width):
                    total = total + X[i + a][j + b] * K[a][b]
            row.append(total)
        rows.append(torch.stack(row))
    return torch.stack(rows)


def unfold_and_einsum(X, K):
    """All windows as one view, contracted with the kernel."""
    h, w = K.shape
    if h > X.shape[0] or w > X.shape[1]:
        raise ValueError(f"{h} x {w} does not fit into {X.shape[0]} x {X.shape[1]}")
    return torch.einsum("ijab,ab->ij", X.unfold(0, h, 1).unfold(1, w, 1), K)


def shifted_slices(X, K):
    """A sum over kernel elements of shifted slices of X."""
    h, w = K.shape
    rows, columns = X.shape[0] - h + 1, X.shape[1] - w + 1
    if min(rows, columns) <= 0:
        raise ValueError("K must not be larger than X")
    return sum(K[a, b] * X[a : a + rows, b : b + columns] for a in range(h) for b in range(w))


def gather_and_multiply(X, K):
    """The windows gathered by index into the rows of a matrix, which multiplies the flattened kernel."""
    h, w = K.shape
    rows, columns = X.shape[0] - h + 1, X.shape[1] - w + 1
    if rows < 1 or columns < 1:
        raise ValueError("no place for the kernel")
    top = torch.arange(rows)[:, None, None, None] + torch.arange(h)[:, None]
    left = torch.arange(columns)[:, None, None] + torch.arange(w)
    windows = X[top.expand(rows, columns, h, w), left.expand(rows, columns, h, w)]
    return (windows.reshape(rows * columns, h * w) @ K.reshape(-1)).reshape(rows, columns)
