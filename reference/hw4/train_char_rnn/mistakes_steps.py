"""Ways in which training a character RNN goes wrong: steps, clipping, and what is counted.

The mistakes change a part of `_train`, the rewrites one of `_again`.
"""

import math

import torch
from loops import again as _again
from loops import the_loss as _loss
from loops import the_perplexity as _perplexity
from loops import the_step as _step
from loops import train as _train
from torch.nn import functional as F


def never_zeroed(*args, **kwargs):
    """The gradients are never set to zero.

    `backward` adds to `grad`, so every step follows the gradients of all minibatches so far.
    """

    def step(net, updater, loss, max_norm):
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        updater.step()

    return _train(*args, **kwargs, step=step)


def never_zeroed__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="never zeroed")


def zeroed_afterwards_only(*args, **kwargs):
    """Gradients from before the call are used.

    Zeroing after each step is not enough: the parameters may come with gradients.
    """

    def step(net, updater, loss, max_norm):
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        updater.step()
        updater.zero_grad()

    return _train(*args, **kwargs, step=step)


def zeroed_afterwards_only__rewrite(*args, **kwargs):
    def step(net, updater, loss, max_norm):
        found = torch.autograd.grad(loss, [p for p in net.parameters() if p.requires_grad], allow_unused=True)
        for p, g in zip([p for p in net.parameters() if p.requires_grad], found, strict=True):
            p.grad = g if p.grad is None else p.grad + g
        torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        updater.step()
        for p in net.parameters():
            p.grad = None

    return _train(*args, **kwargs, step=step)


def never_clipped(*args, **kwargs):
    """The gradients are not clipped, or not between `backward` and the step.

    One gradient that explodes spoils what was learnt. Before `backward` there is nothing to clip, and after the step it
    is too late.
    """
    return _train(*args, **kwargs, step=lambda *rest: _step(*rest, clip=lambda net, max_norm: None))


def never_clipped__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="late")


def clipped_one_by_one(*args, **kwargs):
    """Each parameter is clipped by itself.

    That changes the direction of the step. One norm is taken of all gradients together.
    """

    def clip(net, max_norm):
        for p in net.parameters():
            torch.nn.utils.clip_grad_norm_([p], max_norm)

    return _train(*args, **kwargs, step=lambda *rest: _step(*rest, clip=clip))


def clipped_one_by_one__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="each")


def entries_clipped(*args, **kwargs):
    """Each entry of the gradients is clipped.

    That changes the direction of the step. The norm of all gradients together is what is bounded.
    """
    clip = lambda net, max_norm: torch.nn.utils.clip_grad_value_(net.parameters(), max_norm)
    return _train(*args, **kwargs, step=lambda *rest: _step(*rest, clip=clip))


def entries_clipped__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="entries")


def always_rescaled(*args, **kwargs):
    """The gradients always get the largest norm, also where theirs is smaller.

    A short gradient is left as it is: compare first.
    """

    def clip(net, max_norm):
        parts = [p.grad for p in net.parameters() if p.grad is not None]
        norm = torch.cat([g.flatten() for g in parts]).norm()
        for g in parts:
            g.mul_(max_norm / norm)

    return _train(*args, **kwargs, step=lambda *rest: _step(*rest, clip=clip))


def always_rescaled__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="always")


def another_default(net, train_iter, updater, num_epochs, device, use_random_iter=False, max_norm=5.0):
    """Without a max_norm another norm is allowed than 1.

    The stub gives the default.
    """
    return _train(net, train_iter, updater, num_epochs, device, use_random_iter, max_norm)


def another_default__rewrite(net, train_iter, updater, num_epochs, device, use_random_iter=False, max_norm=None):
    return _again(net, train_iter, updater, num_epochs, device, use_random_iter, max_norm or 5.0)


def frozen_not_expected(*args, **kwargs):
    """A parameter without a gradient makes the training fail.

    `grad` is None for what is frozen.
    """

    def clip(net, max_norm):
        norm = torch.sqrt(sum(torch.sum(p.grad**2) for p in net.parameters()))
        if norm > max_norm:
            for p in net.parameters():
                p.grad[:] *= max_norm / norm

    return _train(*args, **kwargs, step=lambda *rest: _step(*rest, clip=clip))


def frozen_not_expected__rewrite(*args, **kwargs):
    def clip(net, max_norm):
        norm = math.sqrt(sum((p.grad * p.grad).sum().item() for p in net.parameters()))
        factor = min(1.0, max_norm / norm)
        for p in net.parameters():
            p.grad.mul_(factor)

    return _train(*args, **kwargs, step=lambda *rest: _step(*rest, clip=clip))


def sum_over_tokens(*args, **kwargs):
    """The step follows the sum over the tokens.

    The loss is their mean. A sum makes the step longer the longer the minibatch is.
    """

    def loss(scores, Y):
        mean = _loss(scores, Y)
        return mean + (mean - mean.detach()) * (Y.numel() - 1)

    return _train(*args, **kwargs, loss=loss)


def sum_over_tokens__rewrite(*args, **kwargs):
    sums = lambda scores, Y: F.cross_entropy(scores, Y.T.flatten(), reduction="sum")
    total = lambda losses, sizes: math.exp(sum(losses) / sum(sizes))
    return _train(*args, **kwargs, loss=sums, perplexity=total)


def softmax_first(*args, **kwargs):
    """The softmax is applied before the cross-entropy.

    F.cross_entropy has the softmax in it, and expects scores.
    """
    return _train(*args, **kwargs, loss=lambda scores, Y: _loss(scores.softmax(dim=1), Y))


def softmax_first__rewrite(*args, **kwargs):
    def loss(scores, Y):
        e = scores.exp()
        return F.nll_loss((e / e.sum(1, keepdim=True)).log_softmax(1), Y.t().flatten())

    return _train(*args, **kwargs, loss=loss)


def mean_loss_returned(*args, **kwargs):
    """The mean cross-entropy is returned.

    The perplexity is its exponential.
    """
    mean = lambda losses, sizes: sum(a * b for a, b in zip(losses, sizes, strict=True)) / sum(sizes)
    return _train(*args, **kwargs, perplexity=mean)


def mean_loss_returned__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="no exponential")


def mean_of_means(*args, **kwargs):
    """The mean of the minibatches' means is taken.

    A minibatch of one sequence then counts as much as a full one. Weigh each mean by its number of tokens.
    """
    return _train(*args, **kwargs, perplexity=lambda losses, sizes: math.exp(sum(losses) / len(losses)))


def mean_of_means__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="mean of means")


def mean_of_perplexities(*args, **kwargs):
    """The mean of the minibatches' perplexities is taken.

    The exponential comes last: first the mean over all tokens, then its exponential.
    """

    def perplexity(losses, sizes):
        return sum(math.exp(a) * b for a, b in zip(losses, sizes, strict=True)) / sum(sizes)

    return _train(*args, **kwargs, perplexity=perplexity)


def mean_of_perplexities__rewrite(*args, **kwargs):
    def perplexity(losses, sizes):
        weights = torch.tensor(sizes, dtype=torch.float64)
        return (torch.tensor(losses, dtype=torch.float64).exp() @ weights / weights.sum()).item()

    return _train(*args, **kwargs, perplexity=perplexity)


def last_minibatch_only(*args, **kwargs):
    """The perplexity is that of the last minibatch.

    It is the one of the whole epoch.
    """
    return _train(*args, **kwargs, perplexity=lambda losses, sizes: math.exp(losses[-1]))


def last_minibatch_only__rewrite(*args, **kwargs):
    return _train(*args, **kwargs, perplexity=lambda losses, sizes: _perplexity(losses[-1:], sizes[-1:]))


def last_epoch_only(*args, **kwargs):
    """Only the perplexity of the last epoch is returned.

    The answer is a list with one number for every epoch.
    """
    return (_train(*args, **kwargs) or [math.inf])[-1]


def last_epoch_only__rewrite(*args, **kwargs):
    answer = math.inf
    for answer in _again(*args, **kwargs):
        pass
    return answer


def tensors_returned(*args, **kwargs):
    """The perplexities are tensors.

    The stub asks for Python floats: read the number.
    """
    perplexity = lambda losses, sizes: torch.tensor(_perplexity(losses, sizes))
    return _train(*args, **kwargs, perplexity=perplexity)


def tensors_returned__rewrite(*args, **kwargs):
    return list(torch.tensor(_again(*args, **kwargs)).unbind())


def graphs_kept(*args, **kwargs):
    """The losses are added up with their graphs.

    A sum of tensors that require gradients holds on to the graph of every minibatch. Add numbers: loss.item().
    """

    def perplexity(losses, sizes):
        return math.exp(sum(a * b for a, b in zip(losses, sizes, strict=True)).item() / sum(sizes))

    return _train(*args, **kwargs, number=lambda loss: loss, perplexity=perplexity)


def graphs_kept__rewrite(*args, **kwargs):
    def perplexity(losses, sizes):
        return float(_perplexity([loss.detach().item() for loss in losses], sizes))

    return _train(*args, **kwargs, number=lambda loss: 1.0 * loss, perplexity=perplexity)
