"""Ways in which train_two_layer goes wrong."""

import torch


def _copies(*weights):
    return [weight.detach().clone().requires_grad_() for weight in weights]


def _loss(x, y, w1, w2):
    return (torch.relu(x @ w1) @ w2 - y).square().sum()


def _descend(x, y, weights, learning_rate, steps, loss_of=_loss):
    losses = []
    for _ in range(steps):
        loss = loss_of(x, y, *weights)
        losses.append(loss.item())
        for weight, gradient in zip(weights, torch.autograd.grad(loss, weights), strict=True):
            weight.data -= learning_rate * gradient
    return weights[0].detach(), weights[1].detach(), losses


def gradients_pile_up(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """The gradients of earlier steps are still in `.grad`.

    `backward` adds to what is there. Set the gradients to zero, or to None, before the next one.
    """
    w1, w2 = _copies(w1, w2)
    losses = []
    for _ in range(steps):
        loss = _loss(x, y, w1, w2)
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            w1 -= learning_rate * w1.grad
            w2 -= learning_rate * w2.grad
    return w1.detach(), w2.detach(), losses


def gradients_pile_up__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    weights = _copies(w1, w2)
    totals = [torch.zeros_like(weight) for weight in weights]
    losses = []
    for _ in range(steps):
        loss = _loss(x, y, *weights)
        losses.append(float(loss))
        for weight, total, gradient in zip(weights, totals, torch.autograd.grad(loss, weights), strict=True):
            total += gradient
            weight.data.sub_(learning_rate * total)
    return weights[0].data, weights[1].data, losses


def step_in_the_graph(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """The step is recorded by autograd.

    Changing a leaf in place while autograd records is an error. Take the step under `torch.no_grad()`.
    """
    w1, w2 = _copies(w1, w2)
    losses = []
    for _ in range(steps):
        loss = _loss(x, y, w1, w2)
        loss.backward()
        losses.append(loss.item())
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad
        w1.grad = w2.grad = None
    return w1.detach(), w2.detach(), losses


def step_in_the_graph__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    weights = _copies(w1, w2)
    losses = []
    for _ in range(steps):
        loss = _loss(x, y, *weights)
        loss.backward()
        losses.append(float(loss))
        for weight in weights:
            weight.sub_(weight.grad, alpha=learning_rate)
            weight.grad.zero_()
    return weights[0].detach(), weights[1].detach(), losses


def no_leaves_any_more(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """After the first step the weights have no gradient.

    `w1 = w1 - …` makes a new tensor. Under `torch.no_grad()` it requires no gradient, outside it is no leaf, so that
    the next `backward` leaves nothing in its `.grad`. Change the weights in place, or make leaves of the new ones.
    """
    w1, w2 = _copies(w1, w2)
    losses = []
    for _ in range(steps):
        loss = _loss(x, y, w1, w2)
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w1 = w1 - learning_rate * w1.grad
            w2 = w2 - learning_rate * w2.grad
    return w1.detach(), w2.detach(), losses


def no_leaves_any_more__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    weights = _copies(w1, w2)
    losses = []
    for _ in range(steps):
        loss = _loss(x, y, *weights)
        losses.append(float(loss))
        loss.backward()
        weights = [weight.data - learning_rate * weight.grad for weight in weights]
    return weights[0].detach(), weights[1].detach(), losses


def mean_loss(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """The loss is a mean.

    Here it is the sum of the squares of all errors. With a mean, loss and step are smaller by their number.
    """
    return _descend(x, y, _copies(w1, w2), learning_rate, steps, lambda *args: _loss(*args) / y.numel())


def mean_loss__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    def loss_of(x, y, w1, w2):
        return torch.nn.functional.mse_loss(torch.relu(x @ w1) @ w2, y)

    return _descend(x, y, _copies(w1, w2), learning_rate, steps, loss_of)


def uphill(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """The steps go uphill.

    The gradient points to where the loss grows. It is subtracted.
    """
    return _descend(x, y, _copies(w1, w2), -learning_rate, steps)


def uphill__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    weights = _copies(w1, w2)
    losses = []
    for _ in range(steps):
        loss = _loss(x, y, *weights)
        losses.append(float(loss))
        loss.backward()
        for weight in weights:
            weight.data += learning_rate * weight.grad
            weight.grad = None
    return weights[0].data, weights[1].data, losses


def no_relu(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """There is no ReLU between the layers.

    The network is `relu(x @ w1) @ w2`.
    """
    return _descend(x, y, _copies(w1, w2), learning_rate, steps, lambda x, y, a, b: (x @ a @ b - y).square().sum())


def no_relu__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    return _descend(x, y, _copies(w1, w2), learning_rate, steps, lambda x, y, a, b: ((x @ (a @ b) - y) ** 2).sum())


def one_after_the_other(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """The second weight moves by the gradient of another loss.

    When w1 has moved, the loss is another one. Both weights move by gradients of the same loss: one `backward` a step.
    """
    w1, w2 = _copies(w1, w2)
    losses = []
    for _ in range(steps):
        loss = _loss(x, y, w1, w2)
        losses.append(loss.item())
        w1.data -= learning_rate * torch.autograd.grad(loss, w1)[0]
        w2.data -= learning_rate * torch.autograd.grad(_loss(x, y, w1, w2), w2)[0]
    return w1.detach(), w2.detach(), losses


def one_after_the_other__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    weights = _copies(w1, w2)
    losses = []
    for _ in range(steps):
        for place in (0, 1):
            loss = _loss(x, y, *weights)
            if not place:
                losses.append(float(loss))
            loss.backward()
            weights[place].data -= learning_rate * weights[place].grad
            for weight in weights:
                weight.grad = None
    return weights[0].data, weights[1].data, losses


def only_the_last_layer(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """Only w2 learns.

    w1 keeps the numbers it began with. Often it does not require a gradient, or what it goes into was detached.
    """
    learned, losses = _copies(w2), []
    for _ in range(steps):
        loss = _loss(x, y, w1.detach(), learned[0])
        losses.append(loss.item())
        learned[0].data -= learning_rate * torch.autograd.grad(loss, learned)[0]
    return w1.detach().clone(), learned[0].detach(), losses


def only_the_last_layer__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    w1, w2 = _copies(w1, w2)
    losses = []
    for _ in range(steps):
        loss = ((x @ w1).relu().data @ w2 - y).pow(2).sum()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            w2 -= learning_rate * w2.grad
        w2.grad.zero_()
    return w1.data, w2.data, losses


def losses_after_the_step(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """The losses are those after each step.

    The list begins with the loss of the weights that were given.
    """
    weights = _copies(w1, w2)
    losses = []
    for _ in range(steps):
        _descend(x, y, weights, learning_rate, 1)
        losses.append(_loss(x, y, *weights).item())
    return weights[0].detach(), weights[1].detach(), losses


def losses_after_the_step__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    weights = _copies(w1, w2)
    *_, losses = _descend(x, y, weights, learning_rate, steps)
    return weights[0].data, weights[1].data, [*losses[1:], *([float(_loss(x, y, *weights))] if steps else [])]


def one_step_too_many(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """One step too many is taken.

    `range(steps)` counts from 0 to steps - 1, which are as many as asked for.
    """
    return _descend(x, y, _copies(w1, w2), learning_rate, steps + 1)


def one_step_too_many__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    weights, losses, step = _copies(w1, w2), [], 0
    while step <= steps:
        losses += _descend(x, y, weights, learning_rate, 1)[2]
        step += 1
    return weights[0].data, weights[1].data, losses


def losses_keep_their_graphs(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """The losses are tensors.

    A tensor that requires a gradient keeps its whole graph alive, and the memory grows with every step. Keep the
    number: `loss.item()`.
    """
    weights = _copies(w1, w2)
    losses = []
    for _ in range(steps):
        losses.append(_loss(x, y, *weights))
        _descend(x, y, weights, learning_rate, 1)
    return weights[0].detach(), weights[1].detach(), losses


def losses_keep_their_graphs__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    w1, w2, losses = _descend(x, y, _copies(w1, w2), learning_rate, steps)
    return w1, w2, list(torch.tensor(losses, dtype=x.dtype))


def weights_still_require_a_gradient(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """The weights that are returned still require a gradient.

    Whoever goes on computing with them goes on recording. Return them detached.
    """
    weights = _copies(w1, w2)
    return *weights, _descend(x, y, weights, learning_rate, steps)[2]


def weights_still_require_a_gradient__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    w1, w2, losses = _descend(x, y, _copies(w1, w2), learning_rate, steps)
    return torch.nn.Parameter(w1), torch.nn.Parameter(w2), losses


def trains_the_arguments(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """The weights that were given are changed.

    `requires_grad_()` and a step in place work on the caller's tensors, and `detach` shares their memory. Train copies.
    """
    weights = [w1.detach().requires_grad_(), w2.detach().requires_grad_()]
    return _descend(x, y, weights, learning_rate, steps)


def trains_the_arguments__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    weights = [w1.data.requires_grad_(), w2.data.requires_grad_()]
    losses = []
    for _ in range(steps):
        loss = _loss(x, y, *weights)
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            for weight in weights:
                weight -= learning_rate * weight.grad
                weight.grad = None
    return weights[0].detach(), weights[1].detach(), losses


def gradients_for_the_caller(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """The weights that were given get a gradient.

    A clone is connected to what it was made of, so that `backward` goes on to the caller's weights. Detach it.
    """
    outer = [w1, w2]
    weights = [(weight if weight.requires_grad else weight.detach().requires_grad_()).clone() for weight in outer]
    losses = []
    for _ in range(steps):
        for weight in weights:
            weight.retain_grad()
        loss = _loss(x, y, *weights)
        loss.backward()
        losses.append(loss.item())
        weights = [(weight - learning_rate * weight.grad).detach().requires_grad_() for weight in weights]
    return weights[0].detach(), weights[1].detach(), losses


def gradients_for_the_caller__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    learned, losses = [w1, w2], []
    for step in range(steps):
        used = learned if w1.requires_grad and not step else _copies(*learned)
        loss = _loss(x, y, *used)
        loss.backward()
        losses.append(float(loss))
        learned = [weight.detach() - learning_rate * weight.grad for weight in used]
    return *(w.detach().clone() for w in learned), losses


def gradients_by_hand(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """The gradients are written out.

    That was the exercise before. Here autograd computes them: the formula need not change when the network does.
    """
    w1, w2, losses = w1.detach().clone(), w2.detach().clone(), []
    for _ in range(steps):
        hidden = torch.relu(x @ w1)
        error = hidden @ w2 - y
        losses.append(error.square().sum().item())
        back = (2 * error @ w2.T) * (hidden > 0)
        w2 -= learning_rate * 2 * hidden.T @ error
        w1 -= learning_rate * x.T @ back
    return w1, w2, losses


def gradients_by_hand__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    losses = []
    w1, w2 = w1.data, w2.data
    for _ in range(steps):
        mask = ((x @ w1) > 0).to(x.dtype)
        error = (x @ w1 * mask) @ w2 - y
        losses.append(float((error**2).sum()))
        w1, w2 = (
            w1 - 2 * learning_rate * x.T @ ((error @ w2.T) * mask),
            w2 - 2 * learning_rate * (x @ w1 * mask).T @ error,
        )
    return w1.clone(), w2.clone(), losses


def learning_rate_ignored(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """The learning rate that was given has no effect.

    A number in the loop, or a name with another value, stands where the argument belongs.
    """
    return _descend(x, y, _copies(w1, w2), 1e-3, steps)


def learning_rate_ignored__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    w1, w2 = _copies(w1, w2)
    losses = []
    for _ in range(steps):
        loss = _loss(x, y, w1, w2)
        losses.append(float(loss))
        loss.backward()
        with torch.no_grad():
            for weight in (w1, w2):
                weight -= 0.001 * weight.grad
                weight.grad = None
    return w1.detach(), w2.detach(), losses


def copies_on_the_cpu(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """The weights are copied to the CPU.

    `torch.tensor` of a list, `.numpy()` and `.cpu()` lose the device. `clone` keeps it.
    """
    return _descend(x, y, [weight.detach().cpu().clone().requires_grad_() for weight in (w1, w2)], learning_rate, steps)


def copies_on_the_cpu__rewrite(x, y, w1, w2, learning_rate=1e-3, steps=100):
    weights = [torch.tensor(weight.tolist(), dtype=weight.dtype, requires_grad=True) for weight in (w1, w2)]
    return _descend(x, y, weights, learning_rate, steps)
