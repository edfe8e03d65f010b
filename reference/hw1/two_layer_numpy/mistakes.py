"""Ways in which two_layer_numpy goes wrong."""

import numpy as np
import torch


def _forward(x, y, w1, w2):
    h = x @ w1
    h_relu = np.maximum(h, 0)
    return h, h_relu, h_relu @ w2 - y


def _gradients(x, h, h_relu, w2, grad_y_pred):
    return x.T @ (grad_y_pred @ w2.T * (h > 0)), h_relu.T @ grad_y_pred


def mean_loss(x, y, w1, w2):
    """The loss is a mean.

    Here it is the sum over samples and outputs. With a mean, loss and gradients are smaller by the number of errors,
    and an empty batch gives NaN.
    """
    h, h_relu, error = _forward(x, y, w1, w2)
    return np.mean(error**2), *_gradients(x, h, h_relu, w2, 2 * error / error.size)


def mean_loss__rewrite(x, y, w1, w2):
    h, h_relu, error = _forward(x, y, w1, w2)
    count = x.dtype.type(error.shape[0] * error.shape[1])
    return (error * error).sum() / count, *_gradients(x, h, h_relu, w2, error * (2 / count))


def mean_over_samples(x, y, w1, w2):
    """The loss is a mean over the samples.

    Here it is the sum over samples and outputs: nothing is divided by the number of samples.
    """
    h, h_relu, error = _forward(x, y, w1, w2)
    return np.sum(error**2) / len(x), *_gradients(x, h, h_relu, w2, 2 * error / len(x))


def mean_over_samples__rewrite(x, y, w1, w2):
    h, h_relu, error = _forward(x, y, w1, w2)
    return (error**2).sum(axis=1).mean(), *_gradients(x, h, h_relu, w2, error * (2 / x.dtype.type(x.shape[0])))


def half_loss(x, y, w1, w2):
    """The loss is half the sum of squares.

    The factor 1/2 that makes the derivative look nicer is not part of this loss.
    """
    h, h_relu, error = _forward(x, y, w1, w2)
    return np.sum(error**2) / 2, *_gradients(x, h, h_relu, w2, error)


def half_loss__rewrite(x, y, w1, w2):
    h, h_relu, error = _forward(x, y, w1, w2)
    return 0.5 * np.square(error).sum(), *_gradients(x, h, h_relu, w2, error.copy())


def absolute_errors(x, y, w1, w2):
    """The errors are not squared.

    The loss is the sum of the squares of the errors, not of the errors or of their absolute values.
    """
    h, h_relu, error = _forward(x, y, w1, w2)
    return np.abs(error).sum(), *_gradients(x, h, h_relu, w2, 2 * error)


def absolute_errors__rewrite(x, y, w1, w2):
    h, h_relu, error = _forward(x, y, w1, w2)
    return np.sum(np.where(error > 0, error, -error)), *_gradients(x, h, h_relu, w2, error + error)


def no_relu(x, y, w1, w2):
    """There is no ReLU on the way forward.

    Without the maximum with 0 between them, two layers are one: a product of matrices is a matrix.
    """
    h, _, _ = _forward(x, y, w1, w2)
    error = h @ w2 - y
    return np.square(error).sum(), *_gradients(x, np.ones_like(h), h, w2, 2 * error)


def no_relu__rewrite(x, y, w1, w2):
    error = x @ (w1 @ w2) - y
    return (error**2).sum(), x.T @ (2 * error) @ w2.T, (x @ w1).T @ (2 * error)


def factor_two_missing(x, y, w1, w2):
    """The factor 2 is missing in the gradients.

    The derivative of a square is twice what was squared.
    """
    h, h_relu, error = _forward(x, y, w1, w2)
    return np.square(error).sum(), *_gradients(x, h, h_relu, w2, error)


def factor_two_missing__rewrite(x, y, w1, w2):
    mask = (x @ w1) > 0
    hidden = (x @ w1) * mask
    error = hidden.dot(w2) - y
    return (error**2).sum(), x.T.dot(error.dot(w2.T) * mask), hidden.T.dot(error)


def sign_flipped(x, y, w1, w2):
    """The gradients point the wrong way.

    The loss grows with y_pred where y_pred is larger than y: the derivative has the sign of `y_pred - y`, not of
    `y - y_pred`. In the square the order makes no difference, in its derivative it does.
    """
    h, h_relu, error = _forward(x, y, w1, w2)
    return np.square(error).sum(), *_gradients(x, h, h_relu, w2, -2 * error)


def sign_flipped__rewrite(x, y, w1, w2):
    h, h_relu, _ = _forward(x, y, w1, w2)
    difference = y - h_relu @ w2
    return (difference**2).sum(), *_gradients(x, h, h_relu, w2, 2 * difference)


def mask_missing(x, y, w1, w2):
    """All units pass the gradient on.

    Where h was negative, ReLU gave 0 whatever h was, so that nothing of the gradient goes through. If you have set the
    negative elements of h to 0 in place, there are none left to be found on the way back.
    """
    _, h_relu, error = _forward(x, y, w1, w2)
    return np.square(error).sum(), x.T @ (2 * error @ w2.T), h_relu.T @ (2 * error)


def mask_missing__rewrite(x, y, w1, w2):
    h = x @ w1
    h[h < 0] = 0
    error = h @ w2 - y
    grad_h = (2 * error) @ w2.T
    grad_h[h < 0] = 0
    return (error**2).sum(), x.T @ grad_h, h.T @ (2 * error)


def masked_by_gradient(x, y, w1, w2):
    """The gradient is cut off where it is negative itself.

    ReLU's backward pass asks for the sign of what went in on the way forward, h, not for the sign of the gradient.
    """
    _, h_relu, error = _forward(x, y, w1, w2)
    return np.square(error).sum(), x.T @ np.maximum(2 * error @ w2.T, 0), h_relu.T @ (2 * error)


def masked_by_gradient__rewrite(x, y, w1, w2):
    _, h_relu, error = _forward(x, y, w1, w2)
    grad_h = (error + error).dot(w2.T)
    grad_h[grad_h < 0] = 0
    return (error * error).sum(), x.T.dot(grad_h), 2 * h_relu.T.dot(error)


def multiplied_by_h(x, y, w1, w2):
    """ReLU's backward pass multiplies by its output.

    The derivative of max(h, 0) is 1 where h is positive, not h.
    """
    _, h_relu, error = _forward(x, y, w1, w2)
    return np.square(error).sum(), x.T @ (2 * error @ w2.T * h_relu), h_relu.T @ (2 * error)


def multiplied_by_h__rewrite(x, y, w1, w2):
    h, h_relu, error = _forward(x, y, w1, w2)
    return (error**2).sum(), x.T @ np.where(h > 0, h * (2 * error @ w2.T), 0), h_relu.T @ (2 * error)


def h_for_relu(x, y, w1, w2):
    """The gradient of w2 is made from h, before the ReLU.

    What w2 was multiplied by on the way forward is max(h, 0).
    """
    h, _, error = _forward(x, y, w1, w2)
    return np.square(error).sum(), *_gradients(x, h, h, w2, 2 * error)


def h_for_relu__rewrite(x, y, w1, w2):
    error = np.maximum(x @ w1, 0) @ w2 - y
    mask = np.sign(np.maximum(x @ w1, 0))
    return (error**2).sum(), x.T @ ((2 * error @ w2.T) * mask), w1.T @ x.T @ (2 * error)


def passes_at_zero(x, y, w1, w2):
    """A unit at exactly 0 passes the gradient on.

    `grad_h[h < 0] = 0` leaves what stands at h = 0. There is no derivative at that place; the stub takes 0, as torch's
    own ReLU does.
    """
    h, h_relu, error = _forward(x, y, w1, w2)
    grad_h = 2 * error @ w2.T
    grad_h[h < 0] = 0
    return np.square(error).sum(), x.T @ grad_h, h_relu.T @ (2 * error)


def passes_at_zero__rewrite(x, y, w1, w2):
    h, h_relu, error = _forward(x, y, w1, w2)
    return (error**2).sum(), x.T @ (2 * error @ w2.T * (h >= 0)), h_relu.T @ (2 * error)


def gradients_swapped(x, y, w1, w2):
    """The gradients are returned in the wrong order.

    First that of w1, then that of w2.
    """
    h, h_relu, error = _forward(x, y, w1, w2)
    return np.square(error).sum(), *reversed(_gradients(x, h, h_relu, w2, 2 * error))


def gradients_swapped__rewrite(x, y, w1, w2):
    h, h_relu, error = _forward(x, y, w1, w2)
    return (error**2).sum(), h_relu.T @ (2 * error), x.T @ (2 * error @ w2.T * (h > 0))


def gradients_transposed(x, y, w1, w2):
    """The gradients are transposed.

    A gradient has the shape of what it belongs to. For h = x @ w1 that is the transpose of x times the gradient of h,
    in this order.
    """
    h, h_relu, error = _forward(x, y, w1, w2)
    return np.square(error).sum(), *(g.T for g in _gradients(x, h, h_relu, w2, 2 * error))


def gradients_transposed__rewrite(x, y, w1, w2):
    h, h_relu, error = _forward(x, y, w1, w2)
    return (error**2).sum(), (2 * error @ w2.T * (h > 0)).T @ x, (2 * error).T @ h_relu


def step_taken(x, y, w1, w2):
    """A step is taken: the weights that were given are changed.

    `w1 -= …` writes into the caller's array. What is asked for are loss and gradients; the weights stay as they are.
    """
    h, h_relu, error = _forward(x, y, w1, w2)
    grad_w1, grad_w2 = _gradients(x, h, h_relu, w2, 2 * error)
    w1 -= x.dtype.type(0.001) * grad_w1
    w2 -= x.dtype.type(0.001) * grad_w2
    return np.square(error).sum(), grad_w1, grad_w2


def step_taken__rewrite(x, y, w1, w2):
    h, h_relu, error = _forward(x, y, w1, w2)
    gradients = _gradients(x, h, h_relu, w2, 2 * error)
    for weight, gradient in zip((w1, w2), gradients, strict=True):
        np.subtract(weight, gradient * x.dtype.type(1e-6), out=weight)
    return (error**2).sum(), *gradients


def targets_overwritten(x, y, w1, w2):
    """The targets are overwritten with the errors.

    `y -= y_pred` writes into the caller's array. Make a new one: `y_pred - y`.
    """
    h, h_relu, _ = _forward(x, y, w1, w2)
    y -= h_relu @ w2
    return np.square(y).sum(), *_gradients(x, h, h_relu, w2, -2 * y)


def targets_overwritten__rewrite(x, y, w1, w2):
    h, h_relu, error = _forward(x, y, w1, w2)
    y[...] = error
    return (y**2).sum(), *_gradients(x, h, h_relu, w2, 2 * y)


def single_precision(x, y, w1, w2):
    """Everything is computed in single precision.

    Often an array is made or converted with dtype float32. Work in the dtype of the arguments.
    """
    x, y, w1, w2 = (array.astype(np.float32) for array in (x, y, w1, w2))
    h, h_relu, error = _forward(x, y, w1, w2)
    return np.square(error).sum(), *_gradients(x, h, h_relu, w2, 2 * error)


def single_precision__rewrite(x, y, w1, w2):
    x, y, w1, w2 = map(np.float32, (x, y, w1, w2))
    h, h_relu, error = _forward(x, y, w1, w2)
    return float(np.sum(error * error)), *_gradients(x, h, h_relu, w2, error + error)


def double_precision(x, y, w1, w2):
    """The gradients are in double precision, whatever the arguments are in.

    `np.zeros` and `np.array` make float64 unless they are told otherwise. A gradient has the dtype of its weights.
    """
    h, h_relu, error = _forward(x, y, w1, w2)
    return np.square(error).sum(), *(g.astype(np.float64) for g in _gradients(x, h, h_relu, w2, 2 * error))


def double_precision__rewrite(x, y, w1, w2):
    h, h_relu, error = _forward(*(array.astype(float) for array in (x, y, w1, w2)))
    return (error**2).sum(), *_gradients(x.astype(float), h, h_relu, w2, 2 * error)


def by_autograd(x, y, w1, w2):
    """The gradients are computed by torch.

    Autograd is the next exercise. Here you go backwards yourself, with NumPy.
    """
    tensors = [torch.tensor(array) for array in (x, y, w1, w2)]
    for weight in tensors[2:]:
        weight.requires_grad_()
    loss = (torch.relu(tensors[0] @ tensors[2]) @ tensors[3] - tensors[1]).pow(2).sum()
    loss.backward()
    return loss.item(), tensors[2].grad.numpy(), tensors[3].grad.numpy()


def by_autograd__rewrite(x, y, w1, w2):
    x, y, w1, w2 = (torch.from_numpy(array.copy()) for array in (x, y, w1, w2))
    (grad_w1, grad_w2), loss = torch.func.grad_and_value(
        lambda a, b: torch.square((x @ a).relu() @ b - y).sum(), argnums=(0, 1)
    )(w1, w2)
    return float(loss), grad_w1.numpy(), grad_w2.numpy()
