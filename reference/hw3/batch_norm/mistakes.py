"""Ways in which batch_norm goes wrong."""

import torch
import torch.nn.functional as F
from parts import averages, axes, checked, entries, fitted, normalised, scaled, statistics


def each_image_alone(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """Images are normalised one by one.

    That is instance normalisation. Mean and variance of a channel are taken over the batch too: over all axes but 1.
    """
    if X.dim() == 2 or not training:
        return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    checked(X, training)
    mean, var = X.mean((2, 3), keepdim=True), X.var((2, 3), unbiased=False, keepdim=True)
    Y = fitted(gamma, X) * (X - mean) / (var + eps).sqrt() + fitted(beta, X)
    with torch.no_grad():
        return Y, *averages(X, *statistics(X), moving_mean, moving_var, momentum)


def each_image_alone__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    _, mean, var = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    if X.dim() == 2 or not training:
        return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)[0], mean, var
    ones, zeros = torch.ones_like(gamma), torch.zeros_like(gamma)
    images = [normalised(x[None], ones, zeros, mean, var, eps, momentum, True)[0] for x in X]
    return torch.cat(images) * fitted(gamma, X) + fitted(beta, X), mean, var


def each_pixel_alone(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """Each pixel has a mean of its own.

    The mean of a channel is taken over the batch and over rows and columns.
    """
    if X.dim() == 2 or not training:
        return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    checked(X, training)
    mean, var = X.mean(0, keepdim=True), X.var(0, unbiased=False, keepdim=True)
    Y = fitted(gamma, X) * (X - mean) / (var + eps).sqrt() + fitted(beta, X)
    with torch.no_grad():
        return Y, *averages(X, *statistics(X), moving_mean, moving_var, momentum)


def each_pixel_alone__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    Y, new_mean, new_var = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    if X.dim() == 4 and training:
        centred = X - X.mean(dim=0)
        Y = centred / torch.sqrt((centred**2).mean(dim=0) + eps) * fitted(gamma, X) + fitted(beta, X)
    return Y, new_mean, new_var


def one_mean_for_all(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """All features share one mean and one variance.

    Each feature, or channel, has its own: leave axis 1 out of the axes.
    """

    def own(X):
        return X.mean().expand(X.shape[1]), X.var(unbiased=False).expand(X.shape[1])

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, own=own)


def one_mean_for_all__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    def own(X):
        ones = torch.ones_like(X[0]).flatten()[: X.shape[1]]
        return X.mean() * ones, ((X - X.mean()) ** 2).mean() * ones

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, own=own)


def each_example_alone(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """Each example is normalised over its features.

    That is layer normalisation. Batch normalisation takes the mean of one feature over the batch.
    """
    if not training:
        return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    checked(X, training)
    over = tuple(range(1, X.dim()))
    mean, var = X.mean(over, keepdim=True), X.var(over, unbiased=False, keepdim=True)
    Y = fitted(gamma, X) * (X - mean) / (var + eps).sqrt() + fitted(beta, X)
    with torch.no_grad():
        return Y, *averages(X, *statistics(X), moving_mean, moving_var, momentum)


def each_example_alone__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    Y, new_mean, new_var = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    if training:
        rows = X.flatten(1)
        rows = (rows - rows.mean(1, keepdim=True)) / (rows.var(1, correction=0, keepdim=True) + eps).sqrt()
        Y = rows.reshape(X.shape) * fitted(gamma, X) + fitted(beta, X)
    return Y, new_mean, new_var


def unbiased_divides(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """X is divided by the unbiased variance.

    var divides by n - 1 unless it is told otherwise. The variance that normalises divides by n.
    """

    def finish(X, mean, var, gamma, beta, eps):
        n = entries(X)
        return scaled(X, mean, var * n / (n - 1) if training else var, gamma, beta, eps)

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, finish=finish)


def unbiased_divides__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    def own(X):
        return X.mean(axes(X)), X.var(axes(X))

    def then(X, mean, var, moving_mean, moving_var, momentum):
        return torch.lerp(moving_mean, mean, momentum), torch.lerp(moving_var, var, momentum)

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, own=own, then=then)


def biased_average(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """The moving average gathers the biased variance.

    It stands for the variance of all data, which a minibatch underestimates: take the one divided by n - 1.
    """

    def then(X, mean, var, moving_mean, moving_var, momentum):
        return torch.lerp(moving_mean, mean, momentum), torch.lerp(moving_var, var, momentum)

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, then=then)


def biased_average__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    Y, new_mean, _ = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    if training:
        moving_var = (1 - momentum) * moving_var + momentum * X.detach().var(axes(X), correction=0)
    return Y, new_mean, moving_var


def momentum_exchanged(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """The momentum weighs the old value.

    Some libraries mean it so. Here, as in torch, it is the weight of the new one.
    """
    return normalised(X, gamma, beta, moving_mean, moving_var, eps, 1 - momentum, training)


def momentum_exchanged__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    def then(X, mean, var, moving_mean, moving_var, momentum):
        unbiased = var * entries(X) / (entries(X) - 1)
        return momentum * moving_mean + (1 - momentum) * mean, momentum * moving_var + (1 - momentum) * unbiased

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, then=then)


def averages_stay(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """The moving averages stay as they are in training.

    Without them there is nothing to normalise by in evaluation. Return the new ones.
    """
    Y, _, _ = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    return Y, moving_mean + 0, moving_var + 0


def averages_stay__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    def then(X, mean, var, moving_mean, moving_var, momentum):
        return moving_mean.clone(), moving_var.clone()

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, then=then)


def statistics_of_the_batch_returned(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """The statistics of the minibatch take the place of the moving averages.

    One minibatch would decide everything. Move by `momentum` towards them.
    """
    Y, new_mean, new_var = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    return (Y, X.detach().mean(axes(X)), X.detach().var(axes(X))) if training else (Y, new_mean, new_var)


def statistics_of_the_batch_returned__rewrite(
    X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True
):
    def then(X, mean, var, moving_mean, moving_var, momentum):
        return mean.detach(), var.detach() * entries(X) / (entries(X) - 1)

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, then=then)


def averages_in_place(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """The caller's moving averages are changed.

    mul_, add_ and += write into the tensors that were given. Make new ones.
    """
    Y, new_mean, new_var = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    return Y, moving_mean.copy_(new_mean), moving_var.copy_(new_var)


def averages_in_place__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    Y, new_mean, new_var = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    moving_mean += new_mean - moving_mean.clone()
    moving_var += new_var - moving_var.clone()
    return Y, moving_mean, moving_var


def always_training(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """The statistics of the minibatch are used in evaluation too.

    Then the answer for an image depends on the others beside it. Use the moving averages.
    """
    checked(X, training)
    Y = scaled(X, *statistics(X), gamma, beta, eps)
    _, new_mean, new_var = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    return Y, new_mean, new_var


def always_training__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    checked(X, training)
    centred = X - X.mean(axes(X), keepdim=True)
    Y = centred / ((centred * centred).mean(axes(X), keepdim=True) + eps).sqrt()
    after = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)[1:]
    return Y * fitted(gamma, X) + fitted(beta, X), *after


def averages_move_in_evaluation(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """The moving averages go on in evaluation.

    Data that are only looked at must not change the model.
    """
    Y, new_mean, new_var = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    if not training and entries(X) > 1:
        with torch.no_grad():
            new_mean, new_var = averages(X, *statistics(X), moving_mean, moving_var, momentum)
    return Y, new_mean, new_var


def averages_move_in_evaluation__rewrite(
    X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True
):
    Y, new_mean, new_var = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    if entries(X) > 1:
        data = X.detach()
        new_mean = (1 - momentum) * moving_mean + momentum * data.mean(axes(X))
        new_var = (1 - momentum) * moving_var + momentum * data.var(axes(X))
    return Y, new_mean, new_var


def averages_in_training(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """The moving averages normalise in training too.

    In training the minibatch's own statistics do; gradients flow through them.
    """
    _, new_mean, new_var = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    return scaled(X, moving_mean, moving_var, gamma, beta, eps), new_mean, new_var


def averages_in_training__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    after = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)[1:]
    Y = (X - fitted(moving_mean, X)) * fitted(gamma / (moving_var + eps).sqrt(), X) + fitted(beta, X)
    return Y, *after


def new_averages_in_training(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """The new moving averages normalise in training.

    In training the minibatch's own statistics do; gradients flow through them.
    """
    _, new_mean, new_var = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    return scaled(X, new_mean, new_var, gamma, beta, eps), new_mean, new_var


def new_averages_in_training__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    after = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)[1:]
    Y = (X - fitted(after[0], X)) * fitted(gamma / (after[1] + eps).sqrt(), X) + fitted(beta, X)
    return Y, *after


def statistics_detached(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """No gradient flows through mean and variance.

    They depend on X as well: detach only what goes into the moving averages.
    """

    def own(X):
        return statistics(X.detach())

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, own=own)


def statistics_detached__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    def own(X):
        with torch.no_grad():
            return X.mean(axes(X)), X.var(axes(X), correction=0)

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, own=own)


def variance_detached(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """No gradient flows through the variance.

    It depends on X as the mean does. Detach only what goes into the moving averages.
    """

    def own(X):
        mean, var = statistics(X)
        return mean, var.detach()

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, own=own)


def variance_detached__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    def own(X):
        return X.mean(axes(X)), X.data.var(axes(X), unbiased=False)

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, own=own)


def averages_carry_a_graph(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """The moving averages carry a graph.

    Every minibatch of the past would be kept in memory. Detach the statistics that go into them.
    """
    Y, new_mean, new_var = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    if training:
        n = entries(X)
        mean, var = statistics(X)
        new_mean = (1 - momentum) * moving_mean + momentum * mean
        new_var = (1 - momentum) * moving_var + momentum * var * n / (n - 1)
    return Y, new_mean, new_var


def averages_carry_a_graph__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    Y, new_mean, new_var = normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)
    if training:
        new_mean = torch.lerp(moving_mean, X.mean(axes(X)), momentum)
        new_var = torch.lerp(moving_var, X.var(axes(X)), momentum)
    return Y, new_mean, new_var


def eps_outside(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """eps is added to the standard deviation.

    It is added to the variance, before the root.
    """

    def finish(X, mean, var, gamma, beta, eps):
        return fitted(gamma, X) * (X - fitted(mean, X)) / (fitted(var, X).sqrt() + eps) + fitted(beta, X)

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, finish=finish)


def eps_outside__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    def finish(X, mean, var, gamma, beta, eps):
        std = var.pow(0.5) + eps
        return (X - fitted(mean, X)) * fitted(gamma / std, X) + fitted(beta, X)

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, finish=finish)


def eps_ignored(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """eps is not used.

    A feature that hardly varies would be blown up, and one that does not at all becomes NaN.
    """
    return normalised(X, gamma, beta, moving_mean, moving_var, 0.0, momentum, training)


def eps_ignored__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    def finish(X, mean, var, gamma, beta, eps):
        return fitted(gamma, X) * (X - fitted(mean, X)) / fitted(var, X).sqrt() + fitted(beta, X)

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, finish=finish)


def eps_fixed(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """eps is always 1e-5.

    It is an argument.
    """
    return normalised(X, gamma, beta, moving_mean, moving_var, 1e-5, momentum, training)


def eps_fixed__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    def finish(X, mean, var, gamma, beta, eps):
        return scaled(X, mean, var, gamma, beta, 0.00001)

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, finish=finish)


def divided_by_the_variance(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """X is divided by the variance instead of its root.

    The variance has the unit of X squared. Take the root.
    """

    def finish(X, mean, var, gamma, beta, eps):
        return fitted(gamma, X) * (X - fitted(mean, X)) / (fitted(var, X) + eps) + fitted(beta, X)

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, finish=finish)


def divided_by_the_variance__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    def finish(X, mean, var, gamma, beta, eps):
        return (X - fitted(mean, X)) * fitted(gamma / (var + eps), X) + fitted(beta, X)

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, finish=finish)


def not_scaled(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """gamma and beta are not used.

    They let the network take the normalisation back where it is in the way.
    """
    ones, zeros = torch.ones_like(gamma), torch.zeros_like(beta)
    return normalised(X, ones, zeros, moving_mean, moving_var, eps, momentum, training)


def not_scaled__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    def finish(X, mean, var, gamma, beta, eps):
        return (X - fitted(mean, X)) / (fitted(var, X) + eps).sqrt()

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, finish=finish)


def shifted_before_scaling(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """beta is added before gamma multiplies.

    Multiply first, then add.
    """

    def finish(X, mean, var, gamma, beta, eps):
        ones = torch.ones_like(gamma)
        return scaled(X, mean, var, ones, beta, eps) * fitted(gamma, X)

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, finish=finish)


def shifted_before_scaling__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    return normalised(X, gamma, gamma * beta, moving_mean, moving_var, eps, momentum, training)


def mean_of_squares(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """The variance is the mean of squares less the square of the mean.

    Far from zero both are large and nearly equal, and single precision loses their difference. Centre first, then
    square.
    """

    def own(X):
        mean = X.mean(axes(X))
        return mean, (X * X).mean(axes(X)) - mean * mean

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, own=own)


def mean_of_squares__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    def own(X):
        n = entries(X)
        total, squares = X.sum(axes(X)), X.square().sum(axes(X))
        return total / n, squares / n - (total / n).square()

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, own=own)


def single_entries_accepted(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """A single entry in training raises nothing.

    The unbiased variance divides by n - 1 = 0, and NaN stays in the moving average for ever. Raise a ValueError.
    """
    if training and entries(X) == 1:
        return scaled(X, *statistics(X), gamma, beta, eps), moving_mean.clone(), moving_var.clone()
    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)


def single_entries_accepted__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    if training and entries(X) == 1:
        nan = torch.full_like(moving_var, torch.nan)
        return scaled(X, *statistics(X), gamma, beta, eps), moving_mean.clone(), nan
    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)


def torch_normalises(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """torch's own batch normalisation is called.

    The lesson is to build it from means and variances.
    """
    mean, var = moving_mean.clone(), moving_var.clone()
    return F.batch_norm(X, mean, var, gamma, beta, training, momentum, eps), mean, var


def torch_normalises__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    checked(X, training)
    mean, var = moving_mean + 0, moving_var + 0
    return torch.batch_norm(X, gamma, beta, mean, var, training, momentum, eps, False), mean, var


def moved_to_the_cpu(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """The statistics are computed on the CPU.

    Copies to the host take longer than the layer. Everything stays on the device of X.
    """
    device = X.device

    def own(X):
        mean, var = statistics(X.cpu())
        return mean.to(device), var.to(device)

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, own=own)


def moved_to_the_cpu__rewrite(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    def own(X):
        host = X.to("cpu")
        return host.mean(axes(X)).to(X.device), host.var(axes(X), correction=0).to(X.device)

    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, own=own)
