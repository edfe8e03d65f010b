"""Correct implementations of pairwise_distance."""

import torch


def guarded_root(X, Y):
    """Squares, a sum and a root that never sees a 0."""
    squares = ((X.unsqueeze(1) - Y.unsqueeze(0)) ** 2).sum(dim=2)
    same = squares == 0
    roots = torch.sqrt(torch.where(same, torch.ones_like(squares), squares))
    return torch.where(same, torch.zeros_like(roots), roots)


def repeated(X, Y):
    """A beginner's style: both sets are repeated until they have one row for each pair."""
    n, m = X.shape[0], Y.shape[0]
    left = X.repeat_interleave(m, dim=0)
    right = Y.repeat(n, 1)
    return (left - right).norm(dim=1).view(n, m)


def axis_at_a_time(X, Y):
    """A loop over the axes of the points, not over the points, each time a hypotenuse; 0 has no direction."""
    squares = X.new_zeros(X.shape[0], Y.shape[0])
    for k in range(X.shape[1]):
        squares = squares + torch.outer(X[:, k], torch.ones_like(Y[:, k])).sub(Y[:, k]).square()
    positive = squares > 0
    roots = torch.zeros_like(squares)
    roots[positive] = squares[positive].sqrt()
    return roots


def by_einsum(X, Y):
    """The squared length as an inner product of each difference with itself."""
    n, d = X.shape
    difference = X.reshape(n, 1, d).expand(n, len(Y), d) - Y
    squares = torch.einsum("nmd,nmd->nm", difference, difference)
    return squares.masked_fill(squares == 0, 1.0).sqrt().masked_fill(squares == 0, 0.0)
