"""Ways in which pairwise_distance goes wrong."""

import torch


def _differences(X, Y):
    return X[:, None, :] - Y[None, :, :]


def squared(X, Y):
    """The square root is missing.

    What comes out is the square of the distance.
    """
    return (_differences(X, Y) ** 2).sum(-1)


def squared__rewrite(X, Y):
    difference = X.unsqueeze(1) - Y
    return torch.einsum("nmd,nmd->nm", difference, difference)


def rows_and_columns_swapped(X, Y):
    """Rows and columns are swapped.

    D[i, j] belongs to point i of X and point j of Y: X keeps the first axis, Y the second.
    """
    return torch.linalg.vector_norm(Y[:, None, :] - X[None, :, :], dim=-1)


def rows_and_columns_swapped__rewrite(X, Y):
    return (X[None] - Y[:, None]).norm(dim=2)


def sum_of_absolute_values(X, Y):
    """The absolute differences are added up.

    That is the distance in a city of blocks (1-norm). The Euclidean one adds squares and takes the root.
    """
    return _differences(X, Y).abs().sum(-1)


def sum_of_absolute_values__rewrite(X, Y):
    return torch.linalg.vector_norm(X.unsqueeze(1) - Y, ord=1, dim=-1)


def largest_difference(X, Y):
    """Only the largest difference counts.

    That is the maximum norm. The Euclidean distance has the squares of all differences in it.
    """
    return _differences(X, Y).abs().amax(-1)


def largest_difference__rewrite(X, Y):
    return torch.linalg.vector_norm(X.unsqueeze(1) - Y, ord=float("inf"), dim=-1)


def mean_instead_of_sum(X, Y):
    """The squares are averaged, not summed.

    The root of the mean square is smaller than the distance by the root of d.
    """
    return torch.linalg.vector_norm(_differences(X, Y), dim=-1) / X.shape[1] ** 0.5


def mean_instead_of_sum__rewrite(X, Y):
    squares = (X.unsqueeze(1) - Y).square().mean(dim=2)
    return torch.where(squares == 0, 0.0, torch.where(squares == 0, 1.0, squares).sqrt())


def summed_over_the_points(X, Y):
    """The sum runs over the points of Y.

    The axis that disappears is the one of the coordinates, the last one.
    """
    return torch.linalg.vector_norm(_differences(X, Y), dim=1)


def summed_over_the_points__rewrite(X, Y):
    return (X.unsqueeze(1) - Y).norm(dim=-2)


def only_equal_places(X, Y):
    """Point i of X is only compared with point i of Y.

    X - Y lines the two sets up row by row, which needs as many points here as there and gives one number for each. For
    all pairs, X and Y need an axis of length 1 each, in different places.
    """
    return torch.linalg.vector_norm(X - Y, dim=-1)


def only_equal_places__rewrite(X, Y):
    return (X - Y).norm(dim=1)


def squares_expanded(X, Y):
    """The square is multiplied out: x² + y² - 2xy.

    Far from the origin the three terms are large and nearly cancel: what is left is rounding error. Where it is
    negative the root is NaN, and a clamp at 0 only hides that. Subtract first, then square.
    """
    squares = (X**2).sum(1)[:, None] + (Y**2).sum(1) - 2 * X @ Y.T
    return squares.clamp(min=0).sqrt()


def squares_expanded__rewrite(X, Y):
    squares = X.square().sum(1, keepdim=True) + Y.square().sum(1) - 2 * torch.mm(X, Y.t())
    return torch.relu(squares) ** 0.5


def nan_where_points_coincide(X, Y):
    """The gradient is NaN where two points coincide.

    The root has an infinite slope at 0, and infinity times the slope 0 of the square is NaN, which spreads to every
    parameter behind it. Use `torch.linalg.vector_norm`, or see to it that the root never gets a 0.
    """
    return (_differences(X, Y) ** 2).sum(-1).sqrt()


def nan_where_points_coincide__rewrite(X, Y):
    difference = X.unsqueeze(1) - Y
    return torch.einsum("nmd,nmd->nm", difference, difference) ** 0.5


def epsilon_under_the_root(X, Y):
    """A small number is added under the root.

    It keeps the gradient finite, but points that coincide get a distance: 1e-12 under the root is 1e-6 outside, which
    is a lot in double precision. Exactly 0 is asked for.
    """
    return torch.sqrt((_differences(X, Y) ** 2).sum(-1) + 1e-12)


def epsilon_under_the_root__rewrite(X, Y):
    return ((X.unsqueeze(1) - Y).square().sum(2) + 1e-12) ** 0.5


def two_loops(X, Y):
    """Python loops go over the points.

    A pair at a time, a thousand points take a million calls. Give X and Y an axis of length 1 each and subtract once.
    """
    D = X.new_zeros(len(X), len(Y))
    for i in range(len(X)):
        for j in range(len(Y)):
            D[i, j] = torch.linalg.vector_norm(X[i] - Y[j])
    return D


def two_loops__rewrite(X, Y):
    pairs = [(x - y).norm() for x in X for y in Y]
    return torch.stack(pairs).reshape(len(X), len(Y)) if pairs else X.new_zeros(len(X), len(Y))


def a_loop_over_the_points_of_x(X, Y):
    """A Python loop goes over the points of X.

    Each of them costs a few calls. X with an axis of length 1 in the middle does them all at once.
    """
    D = X.new_zeros(len(X), len(Y))
    for i in range(len(X)):
        D[i] = torch.linalg.vector_norm(X[i] - Y, dim=1)
    return D


def a_loop_over_the_points_of_x__rewrite(X, Y):
    rows = [(x - Y).norm(dim=-1) for x in X]
    return torch.stack(rows) if rows else X.new_zeros(0, len(Y))


def a_loop_over_the_points_of_y(X, Y):
    """A Python loop goes over the points of Y.

    Each of them costs a few calls. Y with an axis of length 1 in front does them all at once.
    """
    D = X.new_zeros(len(X), len(Y))
    for j in range(len(Y)):
        D[:, j] = torch.linalg.vector_norm(X - Y[j], dim=1)
    return D


def a_loop_over_the_points_of_y__rewrite(X, Y):
    columns = [(X - y).norm(dim=-1) for y in Y]
    return torch.stack(columns, dim=1) if columns else X.new_zeros(len(X), 0)


def gradient_lost(X, Y):
    """The answer has no gradient.

    `.detach()`, `.data`, `.numpy()` and `torch.tensor(...)` leave the graph behind. Compute with tensors that
    belong to it.
    """
    return torch.linalg.vector_norm(_differences(X.detach(), Y.detach()), dim=-1)


def gradient_lost__rewrite(X, Y):
    with torch.no_grad():
        return (X.unsqueeze(1) - Y).norm(dim=-1)


def y_detached(X, Y):
    """No gradient reaches Y.

    Its numbers were taken out of the graph. Both sets are arguments like any other.
    """
    return torch.linalg.vector_norm(_differences(X, Y.data), dim=-1)


def y_detached__rewrite(X, Y):
    return (X.unsqueeze(1) - Y.clone().detach()).norm(dim=-1)


def single_precision(X, Y):
    """The answer is in single precision whatever the arguments are.

    Half of the digits of float64 points are lost. Keep the dtype of X.
    """
    return torch.linalg.vector_norm(_differences(X.float(), Y.float()), dim=-1)


def single_precision__rewrite(X, Y):
    return (X.to(torch.float32).unsqueeze(1) - Y.to(torch.float32)).norm(dim=-1)


def ready_made(X, Y):
    """torch's own function of distances does the work.

    Here you build it: one subtraction that broadcasts, then the length of each difference.
    """
    return torch.cdist(X, Y, compute_mode="donot_use_mm_for_euclid_dist")


def ready_made__rewrite(X, Y):
    return torch.cdist(X.unsqueeze(0), Y.unsqueeze(0), compute_mode="donot_use_mm_for_euclid_dist").squeeze(0)
