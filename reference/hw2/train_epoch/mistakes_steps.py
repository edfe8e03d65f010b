"""Ways in which an epoch goes wrong: the steps.

The mistakes change a part of `_epoch`, the rewrites one of `_again`.
"""

import torch
from epochs import again as _again
from epochs import epoch as _epoch
from epochs import the_mean as _mean
from epochs import the_right as _right
from epochs import the_step as _step


def never_zeroed(net, train_iter, loss, updater):
    """The gradients are never set to zero.

    `backward` adds to `grad`, so every step follows the gradients of all batches so far. Call `zero_grad` once for
    every step.
    """

    def step(updater, mean):
        mean.backward()
        updater.step()

    return _epoch(net, train_iter, loss, updater, step=step)


def never_zeroed__rewrite(net, train_iter, loss, updater):
    return _again(net, train_iter, loss, updater, "never zeroed")


def zeroed_once(net, train_iter, loss, updater):
    """The gradients are set to zero only once, before the first batch.

    `backward` adds to `grad`. Each step needs gradients that start from nothing.
    """
    updater.zero_grad()

    def step(updater, mean):
        mean.backward()
        updater.step()

    return _epoch(net, train_iter, loss, updater, step=step)


def zeroed_once__rewrite(net, train_iter, loss, updater):
    return _again(net, train_iter, loss, updater, "zeroed once")


def zeroed_before_the_step(net, train_iter, loss, updater):
    """The gradients are set to zero between `backward` and `step`.

    Then there is nothing left to step along. Zero them before `backward`, or after the step.
    """

    def step(updater, mean):
        mean.backward()
        updater.zero_grad(set_to_none=False)
        updater.step()

    return _epoch(net, train_iter, loss, updater, step=step)


def zeroed_before_the_step__rewrite(net, train_iter, loss, updater):
    return _again(net, train_iter, loss, updater, "zeroed late")


def zeroed_afterwards_only(net, train_iter, loss, updater):
    """Gradients from before the call are used.

    Zeroing after each step is not enough: the parameters may come with gradients. Zero them before the first
    `backward`, too.
    """

    def step(updater, mean):
        mean.backward()
        updater.step()
        updater.zero_grad()

    return _epoch(net, train_iter, loss, updater, step=step)


def zeroed_afterwards_only__rewrite(net, train_iter, loss, updater):
    return _again(net, train_iter, loss, updater, "zeroed afterwards")


def no_step(net, train_iter, loss, updater):
    """No step is taken.

    `backward` computes gradients; `updater.step()` uses them.
    """

    def step(updater, mean):
        updater.zero_grad()
        mean.backward()

    return _epoch(net, train_iter, loss, updater, step=step)


def no_step__rewrite(net, train_iter, loss, updater):
    net.train()
    total = hits = count = 0
    for X, y in train_iter:
        y_hat = net(X)
        mean = loss(y_hat, y)
        updater.zero_grad()
        mean.backward()
        total, hits, count = total + mean.item() * len(y), hits + _right(y_hat, y), count + len(y)
    return total / count, hits / count


def one_step_an_epoch(net, train_iter, loss, updater):
    """One step is taken at the end of the epoch.

    Each batch has a step of its own. One step with all gradients is slower, not better.
    """
    updater.zero_grad()
    answer = _epoch(net, train_iter, loss, updater, step=lambda updater, mean: mean.backward())
    updater.step()
    return answer


def one_step_an_epoch__rewrite(net, train_iter, loss, updater):
    net.train()
    updater.zero_grad()
    losses, hits, sizes = [], [], []
    for X, y in train_iter:
        y_hat = net(X)
        mean = loss(y_hat, y)
        mean.backward()
        losses, hits, sizes = [*losses, mean.item()], [*hits, _right(y_hat, y)], [*sizes, len(y)]
    updater.step()
    return _mean(losses, sizes), sum(hits) / sum(sizes)


def first_batch_only(net, train_iter, loss, updater):
    """The epoch ends after its first batch.

    The function returns inside its loop. Go through all batches first.
    """
    return _epoch(net, [next(iter(train_iter))], loss, updater)


def first_batch_only__rewrite(net, train_iter, loss, updater):
    for batch in train_iter:
        return _again(net, [batch], loss, updater)


def softmax_first(net, train_iter, loss, updater):
    """The softmax is applied before the loss.

    nn.CrossEntropyLoss has the softmax in it, and expects scores. Applied twice, it makes gradients small and the
    training slow.
    """
    return _epoch(net, train_iter, loss, updater, measure=lambda loss, scores, y: loss(scores.softmax(1), y))


def softmax_first__rewrite(net, train_iter, loss, updater):
    return _again(net, train_iter, loss, updater, "softmax")


def log_softmax_first(net, train_iter, loss, updater):
    """The logarithm of the softmax is given to the loss.

    nn.CrossEntropyLoss takes it once more. The values are the same up to rounding, but it is work done twice: give it
    the scores.
    """
    return _epoch(net, train_iter, loss, updater, measure=lambda loss, scores, y: loss(scores.log_softmax(1), y))


def log_softmax_first__rewrite(net, train_iter, loss, updater):
    wrapped = lambda scores, y: loss(scores - scores.logsumexp(dim=1, keepdim=True), y)
    return _again(net, train_iter, wrapped, updater)


def stepped_along_a_sum(net, train_iter, loss, updater):
    """The step follows the sum over the batch.

    `loss` is a mean already; multiplied by the size of the batch the step is longer.
    """

    def measure(loss, scores, y):
        mean = loss(scores, y)
        return mean + (mean - mean.detach()) * (len(y) - 1)

    return _epoch(net, train_iter, loss, updater, measure=measure)


def stepped_along_a_sum__rewrite(net, train_iter, loss, updater):
    return _again(net, train_iter, loss, updater, "sum")


def inputs_scaled(net, train_iter, loss, updater):
    """The inputs are divided by a number.

    X goes to the net as it comes. Who scales here as well, or by 255 here and by 256 in the evaluation, trains another
    net than is evaluated.
    """
    return _epoch(net, train_iter, loss, updater, forward=lambda net, X: net(X / 255))


def inputs_scaled__rewrite(net, train_iter, loss, updater):
    scaled = ((X.mul(1 / 255), y) for X, y in train_iter)
    return _again(net, scaled, loss, updater)


def called_twice(net, train_iter, loss, updater):
    """The net is called twice for each batch.

    The scores of the first call serve for the loss and for the accuracy. A second call costs as much again, and sees
    the net after the step.
    """
    return _epoch(net, train_iter, loss, updater, forward=lambda net, X: (net(X), net(X))[1])


def called_twice__rewrite(net, train_iter, loss, updater):
    net.train()
    losses, hits, sizes = [], [], []
    for X, y in train_iter:
        with torch.no_grad():
            hits.append(_right(net(X), y))
        mean = loss(net(X), y)
        _step(updater, mean)
        losses.append(mean.item())
        sizes.append(len(y))
    return _mean(losses, sizes), sum(hits) / sum(sizes)


def frozen_thawed(net, train_iter, loss, updater):
    """Frozen parameters are thawed.

    Who has set `requires_grad` to False wants them as they are.
    """
    for param in net.parameters():
        param.requires_grad = True
    return _epoch(net, train_iter, loss, updater)


def frozen_thawed__rewrite(net, train_iter, loss, updater):
    net.requires_grad_()
    return _again(net, train_iter, loss, updater)


def frozen_not_expected(net, train_iter, loss, updater):
    """A parameter without a gradient makes the epoch fail.

    `grad` is None for what is frozen, and for what the loss does not depend on.
    """

    def step(updater, mean):
        updater.zero_grad()
        mean.backward()
        [param.grad.norm() for param in net.parameters()]
        updater.step()

    return _epoch(net, train_iter, loss, updater, step=step)


def frozen_not_expected__rewrite(net, train_iter, loss, updater):
    net.train()
    losses, hits, sizes = [], [], []
    for X, y in train_iter:
        y_hat = net(X)
        mean = loss(y_hat, y)
        updater.zero_grad()
        mean.backward()
        for param in net.parameters():
            param.grad.data.clamp_(-1e9, 1e9)
        updater.step()
        losses.append(mean.item())
        hits.append(_right(y_hat, y))
        sizes.append(len(y))
    return _mean(losses, sizes), sum(hits) / sum(sizes)
