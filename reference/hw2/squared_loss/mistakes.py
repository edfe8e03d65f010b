"""Ways in which squared_loss goes wrong."""

import torch
import torch.nn.functional as F


def _checked(y_hat, y):
    if y.numel() != y_hat.numel():
        raise ValueError(f"{y.numel()} targets for {y_hat.numel()} predictions")
    return y.reshape(y_hat.shape).to(y_hat.dtype)


def _right(y_hat, y):
    return (y_hat - _checked(y_hat, y)) ** 2 / 2


def targets_broadcast(y_hat, y):
    """A column minus a row is broadcast to a square.

    From shapes (N, 1) and (N,) PyTorch makes (N, N): every prediction against every target. Give the targets the
    shape of the predictions before you subtract.
    """
    _checked(y_hat, y)
    return (y_hat - y.to(y_hat.dtype)) ** 2 / 2


def targets_broadcast__rewrite(y_hat, y):
    _checked(y_hat, y)
    difference = torch.subtract(y_hat, y.type_as(y_hat))
    return 0.5 * difference.pow(2)


def no_half(y_hat, y):
    """The half is missing.

    Without it the derivative is twice the difference, and every step twice as long as the learning rate says.
    """
    return (y_hat - _checked(y_hat, y)) ** 2


def no_half__rewrite(y_hat, y):
    return F.mse_loss(y_hat, _checked(y_hat, y), reduction="none")


def half_inside(y_hat, y):
    """The difference is halved before it is squared.

    That divides the loss by 4. Square first.
    """
    return ((y_hat - _checked(y_hat, y)) / 2) ** 2


def half_inside__rewrite(y_hat, y):
    half = 0.5 * (y_hat - _checked(y_hat, y))
    return half * half


def mean_taken(y_hat, y):
    """The losses are averaged.

    The caller wants the loss of every prediction: whether it is added up or averaged is decided later.
    """
    return _right(y_hat, y).mean()


def mean_taken__rewrite(y_hat, y):
    return F.mse_loss(y_hat, _checked(y_hat, y)) / 2


def sum_taken(y_hat, y):
    """The losses are added up.

    The caller wants the loss of every prediction: whether it is added up or averaged is decided later.
    """
    return _right(y_hat, y).sum()


def sum_taken__rewrite(y_hat, y):
    difference = (y_hat - _checked(y_hat, y)).flatten()
    return difference @ difference / 2


def absolute_difference(y_hat, y):
    """The difference is not squared.

    Half of the absolute difference is another loss: its gradient does not tell a small error from a large one.
    """
    return (y_hat - _checked(y_hat, y)).abs() / 2


def absolute_difference__rewrite(y_hat, y):
    return 0.5 * F.l1_loss(y_hat, _checked(y_hat, y), reduction="none")


def shape_of_the_targets(y_hat, y):
    """The answer has the shape of the targets.

    The loss belongs to the predictions and has their shape. Reshape the targets, not the predictions.
    """
    _checked(y_hat, y)
    return (y_hat.reshape(y.shape) - y.to(y_hat.dtype)) ** 2 / 2


def shape_of_the_targets__rewrite(y_hat, y):
    return _right(y_hat, y).reshape_as(y)


def always_a_column(y_hat, y):
    """The targets are always made a column.

    That is right for predictions in a column and wrong for all others. Take the shape from the predictions.
    """
    _checked(y_hat, y)
    return (y_hat - y.reshape(-1, 1).to(y_hat.dtype)) ** 2 / 2


def always_a_column__rewrite(y_hat, y):
    _checked(y_hat, y)
    column = y.flatten().unsqueeze(1).type_as(y_hat)
    return (y_hat - column).square() * 0.5


def torch_raises(y_hat, y):
    """Where the numbers differ, PyTorch's own RuntimeError comes out.

    It speaks of a reshape that the caller has never asked for. Compare the numbers first and raise a ValueError.
    """
    return (y_hat - y.reshape(y_hat.shape).to(y_hat.dtype)) ** 2 / 2


def torch_raises__rewrite(y_hat, y):
    return F.mse_loss(y_hat, y.type_as(y_hat).reshape_as(y_hat), reduction="none") / 2


def too_few_targets_expanded(y_hat, y):
    """One target is used for many predictions.

    A single target, or one for each column, can be broadcast, but then predictions are compared with targets of
    others. Compare the numbers of elements first.
    """
    same = y.numel() == y_hat.numel()
    targets = y.reshape(y_hat.shape) if same else y
    try:
        return (y_hat - targets.to(y_hat.dtype)) ** 2 / 2
    except RuntimeError:
        raise ValueError(f"{y.numel()} targets for {y_hat.numel()} predictions") from None


def too_few_targets_expanded__rewrite(y_hat, y):
    if y.numel() == y_hat.numel():
        return _right(y_hat, y)
    try:
        return torch.square(y_hat.sub(y.type_as(y_hat))) * 0.5
    except RuntimeError as error:
        raise ValueError(f"got {y.numel()} targets") from error


def number_not_named(y_hat, y):
    """The message does not say how many targets there are.

    Whoever reads it wants to know which of the two is wrong: put both numbers into the message.
    """
    if y.numel() != y_hat.numel():
        raise ValueError("the shapes do not fit")
    return _right(y_hat, y)


def number_not_named__rewrite(y_hat, y):
    try:
        return _right(y_hat, y)
    except ValueError:
        raise ValueError("not as many targets as predictions") from None


def dtype_of_the_targets(y_hat, y):
    """The answer has the dtype of the targets where that is the wider one.

    One float64 column in the data, as NumPy makes it, and everything behind the loss is float64. Convert the targets to
    the dtype of the predictions.
    """
    _checked(y_hat, y)
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


def dtype_of_the_targets__rewrite(y_hat, y):
    _checked(y_hat, y)
    return torch.square(torch.sub(y_hat, y.view_as(y_hat) if y.is_contiguous() else y.reshape(y_hat.shape))) / 2


def single_precision(y_hat, y):
    """The loss is always computed in single precision.

    Whoever works in double precision, to check gradients for instance, must keep it.
    """
    return _right(y_hat.float(), y)


def single_precision__rewrite(y_hat, y):
    return _right(y_hat.to(torch.float32), y.to(torch.float32))


def detached(y_hat, y):
    """The loss is cut off from the graph.

    Nothing learns from a loss without a gradient. Compute with the predictions themselves, not with their data.
    """
    return _right(y_hat.detach(), y.detach())


def detached__rewrite(y_hat, y):
    with torch.no_grad():
        return _right(y_hat, y)


def targets_detached(y_hat, y):
    """No gradient reaches the targets.

    Mostly targets are data and need none, but where they come out of a model they do: leave that to autograd.
    """
    return _right(y_hat, y.detach())


def targets_detached__rewrite(y_hat, y):
    targets = _checked(y_hat, y).data
    return torch.pow(y_hat - targets, 2) / 2


def predictions_overwritten(y_hat, y):
    """The predictions are overwritten.

    `-=` writes into the caller's tensor, and autograd refuses it where that is a leaf. Make a new tensor.
    """
    targets = _checked(y_hat, y)
    y_hat -= targets
    return y_hat**2 / 2


def predictions_overwritten__rewrite(y_hat, y):
    return y_hat.sub_(_checked(y_hat, y)).square() * 0.5


def targets_reshaped_in_place(y_hat, y):
    """The caller's targets get another shape.

    Methods whose name ends in an underscore, and assigning to `.data`, change the argument. Use one that makes a new
    tensor.
    """
    targets = _checked(y_hat, y)
    y.data = y.data.reshape(y_hat.shape)
    return (y_hat - targets) ** 2 / 2


def targets_reshaped_in_place__rewrite(y_hat, y):
    _checked(y_hat, y)
    y.data = torch.reshape(y.data, y_hat.size())
    return 0.5 * (y_hat - y.type_as(y_hat)).square()


def half_on_the_cpu(y_hat, y):
    """A tensor is created on the CPU.

    It cannot be computed with where the arguments are on an accelerator. Use a Python number, or create it on the
    device of the predictions.
    """
    halves = torch.full(y_hat.shape, 0.5, dtype=y_hat.dtype)
    return halves * (y_hat - _checked(y_hat, y)) ** 2


def half_on_the_cpu__rewrite(y_hat, y):
    half = torch.tensor([0.5], dtype=y_hat.dtype)
    return _right(y_hat, y) * 2 * half


def loop_over_the_batch(y_hat, y):
    """The predictions are handled one after another in a loop.

    One operation on the whole tensor does the same in a fraction of the time.
    """
    targets = _checked(y_hat, y).flatten()
    losses = [(p - t) ** 2 / 2 for p, t in zip(y_hat.flatten(), targets)]
    return torch.stack(losses).reshape(y_hat.shape) if losses else _right(y_hat, y)


def loop_over_the_batch__rewrite(y_hat, y):
    targets = _checked(y_hat, y)
    if y_hat.dim() == 0 or len(y_hat) == 0:
        return _right(y_hat, y)
    return torch.cat([_right(y_hat[i : i + 1], targets[i : i + 1]) for i in range(len(y_hat))])


def view_of_any_layout(y_hat, y):
    """A view is asked for of targets that do not lie one behind the other.

    `view` never copies, so it fails for a transposed matrix. `reshape` copies where it must.
    """
    _checked(y_hat, y)
    return (y_hat - y.view(y_hat.shape).to(y_hat.dtype)) ** 2 / 2


def view_of_any_layout__rewrite(y_hat, y):
    _checked(y_hat, y)
    return 0.5 * torch.square(y_hat - y.view(-1).reshape(y_hat.shape).type_as(y_hat))


def order_of_the_memory(y_hat, y):
    """The elements are paired as they lie in memory.

    A transposed matrix lies there column by column. Take elements row by row, as `reshape` does.
    """
    targets = _checked(y_hat, y)
    if y_hat.dim() == 2 and not y_hat.is_contiguous() and y_hat.t().is_contiguous():
        targets = targets.reshape(y_hat.t().shape).t()
    return (y_hat - targets) ** 2 / 2


def order_of_the_memory__rewrite(y_hat, y):
    targets = _checked(y_hat, y)
    if y_hat.dim() == 2 and y_hat.mT.is_contiguous() and min(y_hat.shape) > 1:
        rows, columns = y_hat.shape
        targets = targets.flatten().reshape(columns, rows).transpose(0, 1)
    return 0.5 * (y_hat - targets).square()


def multiplied_out(y_hat, y):
    """The square of the difference is multiplied out.

    For numbers near a thousand the three terms are near a million, and what is left of their difference is mostly
    rounding. Subtract first, then square.
    """
    targets = _checked(y_hat, y)
    return (y_hat**2 - 2 * y_hat * targets + targets**2) / 2


def multiplied_out__rewrite(y_hat, y):
    targets = _checked(y_hat, y)
    return torch.add(y_hat.square() - y_hat * 2 * targets, targets.square()) * 0.5


def huber(y_hat, y):
    """Large differences are not squared.

    That is the Huber or the smooth L1 loss, which is meant for data with outliers. Here every difference is squared.
    """
    difference = (y_hat - _checked(y_hat, y)).abs()
    return torch.where(difference < 64, difference**2 / 2, 64 * (difference - 32))


def huber__rewrite(y_hat, y):
    return F.huber_loss(y_hat, _checked(y_hat, y), reduction="none", delta=64.0)
