"""Ways in which the steps of train_seq2seq go wrong.

The mistakes change a part of `_train`, the rewrites one of `_again`.
"""

import torch
from pieces import again as _again
from pieces import the_clip as _clip
from pieces import train as _train
from torch import nn


def never_zeroed(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The gradients are never set to zero.

    `backward` adds to what is there: every step then follows the sum of all gradients so far.
    """

    def step(optimizer, loss, net, clip):
        loss.backward()
        clip(net)
        optimizer.step()

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, step=step)


def never_zeroed__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "never zeroed")


def zeroed_between(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The gradients are set to zero between backward and the step.

    Then the step has nothing to follow. Set them to zero before `backward`, or after the step.
    """

    def step(optimizer, loss, net, clip):
        loss.backward()
        optimizer.zero_grad()
        clip(net)
        optimizer.step()

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, step=step)


def zeroed_between__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "zeroed late")


def zeroed_each_epoch(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The gradients are set to zero once an epoch only.

    They belong to one batch: set them to zero for each.
    """
    history = []
    made = []

    def optimizer(params, lr):
        return made[0]

    def step(optimizer, loss, net, clip):
        loss.backward()
        clip(net)
        optimizer.step()

    net.to(device)
    made.append(torch.optim.Adam(net.parameters(), lr=lr))
    for _ in range(num_epochs):
        made[0].zero_grad()
        history += _train(net, data_iter, lr, 1, tgt_vocab, device, optimizer=optimizer, step=step)
    return history


def zeroed_each_epoch__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "zeroed each epoch")


def zeroed_afterwards(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The gradients are set to zero after the step only.

    Those that the parameters have beforehand then get into the first step.
    """

    def step(optimizer, loss, net, clip):
        loss.backward()
        clip(net)
        optimizer.step()
        optimizer.zero_grad()

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, step=step)


def zeroed_afterwards__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    def step(optimizer, loss, net, clip):
        loss.backward()
        nn.utils.clip_grad_norm_(list(net.parameters()), 1)
        optimizer.step()
        for p in net.parameters():
            p.grad = None

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, step=step)


def not_clipped(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The gradient is not clipped, or only after the step.

    One steep batch can throw a recurrent network far off. Clip between `backward` and `step`.
    """
    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, clip=lambda net: None)


def not_clipped__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "stepped first")


def each_alone(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """Every parameter's gradient is clipped by its own norm.

    That turns the direction of the step. One norm is taken of all gradients together, and all get the same factor.
    """

    def clip(net):
        for p in net.parameters():
            if p.grad is not None:
                nn.utils.clip_grad_norm_([p], 1.0)

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, clip=clip)


def each_alone__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "each alone")


def clamped(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The entries of the gradient are clamped one by one.

    That turns the direction of the step. It is the norm that is bounded.
    """
    return _train(
        net, data_iter, lr, num_epochs, tgt_vocab, device,
        clip=lambda net: nn.utils.clip_grad_value_(net.parameters(), 1.0),
    )  # fmt: skip


def clamped__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "clamped")


def always_rescaled(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The gradient is brought to norm 1 also where it is smaller.

    Small gradients stay as they are.
    """

    def clip(net):
        grads = [p.grad for p in net.parameters() if p.grad is not None]
        norm = torch.stack([g.norm() for g in grads]).norm()
        for g in grads:
            g.div_(norm)

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, clip=clip)


def always_rescaled__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "always")


def stumbles_over_none(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """A parameter without a gradient stops the training.

    A frozen one has none, nor has one without a part in the scores: pass over those whose `grad` is None.
    """

    def clip(net):
        norm = torch.sqrt(sum(torch.sum(p.grad**2) for p in net.parameters()))
        if norm > 1:
            for p in net.parameters():
                p.grad[:] *= 1 / norm

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, clip=clip)


def stumbles_over_none__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    def clip(net):
        total = 0.0
        for p in net.parameters():
            total += float((p.grad * p.grad).sum())
        if total > 1:
            _clip(net)

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, clip=clip)


def sgd(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The steps are those of SGD.

    The stub asks for Adam.
    """
    return _train(
        net, data_iter, lr, num_epochs, tgt_vocab, device, optimizer=lambda params, lr: torch.optim.SGD(params, lr)
    )


def sgd__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    def step(optimizer, loss, net, clip):
        optimizer.zero_grad()
        loss.backward()
        clip(net)
        with torch.no_grad():
            for p in net.parameters():
                if p.grad is not None:
                    p -= lr * p.grad

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, step=step)


def rate_ignored(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The learning rate is not handed on to the optimizer.

    Adam then takes its own, 0.001.
    """
    return _train(
        net, data_iter, lr, num_epochs, tgt_vocab, device, optimizer=lambda params, lr: torch.optim.Adam(params)
    )


def rate_ignored__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "rate")


def new_optimizer_each_epoch(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """Every epoch has an optimizer of its own.

    Adam's means of the gradients are forgotten with each. Make one before the first epoch.
    """
    history = []
    for _ in range(num_epochs):
        history += _train(net, data_iter, lr, 1, tgt_vocab, device)
    return history


def new_optimizer_each_epoch__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "new optimizer")


def initialised_anew(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The weights are initialised anew.

    What the net has learned before is lost. Its weights are the start.
    """

    def start(net):
        for part in net.modules():
            if type(part) is nn.Linear:
                nn.init.constant_(part.weight, 0.1)

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, start=start)


def initialised_anew__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    def fill(part):
        if isinstance(part, nn.Linear):
            part.weight.data = torch.full_like(part.weight.data, 0.1)

    net.apply(fill)
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device)


def mode_left(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The net is not set to training mode.

    It may come from an evaluation, and dropout would do nothing.
    """
    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, mode=lambda net: None)


def mode_left__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    was = net.training
    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, mode=lambda net: net.train(was))


def evaluation_mode(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The net is trained in evaluation mode.

    Call `train()` before the first batch.
    """
    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, mode=lambda net: net.eval())


def evaluation_mode__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "evaluation")


def left_in_evaluation(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The net is left in evaluation mode.

    It stays in training mode; who translates sets the mode.
    """
    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, after=lambda net: net.eval())


def left_in_evaluation__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    history = _again(net, data_iter, lr, num_epochs, tgt_vocab, device)
    net.train(False)
    return history


def not_moved(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The net or the batches are not moved to the device.

    They have to be in one place, and that is `device`.
    """
    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, move=lambda net, device: None)


def not_moved__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, moved=lambda batch, device: batch)
