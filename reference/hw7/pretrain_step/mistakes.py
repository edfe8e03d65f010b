"""Ways in which pretrain_step goes wrong. `a` are net, optimizer and batch."""

import torch
import torch.nn.functional as F
from pieces import Again as _Again
from pieces import answer as _answer
from pieces import bert_loss as _bert_loss
from pieces import right as _right


def _with(*a, **changes):
    """`Again` with some of its methods in another way."""
    return type("Changed", (_Again,), changes)(*a).run()


def never_cleared(*a):
    """The gradients are never cleared.

    backward adds to what is there: the second step goes along the sum of two gradients. Clear them in every step.
    """

    def update(optimizer, losses):
        losses[2].backward()
        optimizer.step()

    return _right(*a, update=update)


def never_cleared__rewrite(*a):
    return _with(*a, clear=lambda self: None)


def cleared_too_late(*a):
    """The gradients are cleared between backward and step.

    Then the step has no gradient left, and nothing is learned. Clear before backward.
    """

    def update(optimizer, losses):
        losses[2].backward()
        optimizer.zero_grad()
        optimizer.step()

    return _right(*a, update=update)


def cleared_too_late__rewrite(*a):
    def learn(self, losses):
        self.total(losses).backward()
        for parameter in self.net.parameters():
            parameter.grad = None
        self.optimizer.step()

    return _with(*a, learn=learn)


def no_step(*a):
    """The optimizer makes no step.

    backward only computes gradients. The parameters move in `optimizer.step()`.
    """

    def update(optimizer, losses):
        optimizer.zero_grad()
        losses[2].backward()

    return _right(*a, update=update)


def no_step__rewrite(*a):
    return _with(*a, learn=lambda self, losses: self.total(losses).backward())


def mode_as_it_comes(*a):
    """The net is not put into training mode.

    After an evaluation it is in evaluation mode, and would train without dropout.
    """
    return _right(*a, mode=lambda net: None)


def mode_as_it_comes__rewrite(*a):
    return _with(*a, prepare=lambda self: self.clear())


def evaluation_mode(*a):
    """The net is put into evaluation mode.

    For a step of training it is `net.train()`.
    """
    return _right(*a, mode=lambda net: net.eval())


def evaluation_mode__rewrite(*a):
    def prepare(self):
        self.net.train(False)
        self.clear()

    return _with(*a, prepare=prepare)


def words_alone(*a):
    """The step goes along the gradient of the masked words alone.

    Go backward from the sum of both losses.
    """

    def update(optimizer, losses):
        optimizer.zero_grad()
        losses[0].backward(retain_graph=True)
        optimizer.step()

    return _right(*a, update=update)


def words_alone__rewrite(*a):
    return _with(*a, total=lambda self, losses: losses[0])


def pairs_alone(*a):
    """The step goes along the gradient of the next sentences alone.

    Go backward from the sum of both losses.
    """

    def update(optimizer, losses):
        optimizer.zero_grad()
        losses[1].backward()
        optimizer.step()

    return _right(*a, update=update)


def pairs_alone__rewrite(*a):
    return _with(*a, total=lambda self, losses: losses[1])


def mean_of_both(*a):
    """The step goes along the gradient of the mean of both losses.

    It is their sum: a mean is half of it, and so is the step.
    """

    def loss(*parts):
        mlm_l, nsp_l, _ = _bert_loss(*parts)
        return mlm_l, nsp_l, (mlm_l + nsp_l) / 2

    return _right(*a, loss=loss)


def mean_of_both__rewrite(*a):
    def losses(self):
        mlm_l, nsp_l, total = _Again.losses(self)
        return mlm_l, nsp_l, 0.5 * total

    return _with(*a, losses=losses, total=lambda self, losses: losses[2])


def padding_counts(*a):
    """The weights of the predictions are not used.

    Padding is then a word that has to be predicted. The loss is that of `bert_loss`.
    """

    def loss(mlm_Y_hat, nsp_Y_hat, mlm_weights, mlm_Y, nsp_y):
        mlm_l = F.cross_entropy(mlm_Y_hat.flatten(0, 1), mlm_Y.flatten())
        nsp_l = F.cross_entropy(nsp_Y_hat, nsp_y)
        return mlm_l, nsp_l, mlm_l + nsp_l

    return _right(*a, loss=loss)


def padding_counts__rewrite(*a):
    def losses(self):
        _, words, pairs = self.net(**self.inputs())
        return _bert_loss(words, pairs, torch.ones_like(self.batch[4]), *self.batch[5:])

    return _with(*a, losses=losses)


def lengths_forgotten(*a):
    """The net is not given the valid lengths.

    Then it reads the padding as text. Four tensors go into the net.
    """
    return _right(*a, call=lambda net, batch: net(batch[0], batch[1], None, batch[3]))


def lengths_forgotten__rewrite(*a):
    def inputs(self):
        return {name: x for name, x in _Again.inputs(self).items() if name != "valid_lens"}

    return _with(*a, inputs=inputs)


def with_their_graphs(*a):
    """The losses that are returned keep their graphs.

    Who collects them keeps the activations of every step, and the memory grows. Detach what is only looked at.
    """
    return _right(*a, answer=tuple)


def with_their_graphs__rewrite(*a):
    return _with(*a, told=lambda self, losses: (losses[0], losses[1], losses[0] + losses[1]))


def numbers_returned(*a):
    """Python numbers are returned.

    Reading a number makes the program wait for the GPU, in every step. Detached tensors stay where they are.
    """
    return _right(*a, answer=lambda losses: tuple(loss.item() for loss in losses))


def numbers_returned__rewrite(*a):
    return _with(*a, told=lambda self, losses: tuple(float(loss.detach()) for loss in losses))


def total_alone(*a):
    """Only the sum of the losses is returned.

    All three are: of the words, of the pairs, and the sum.
    """
    return _right(*a, answer=lambda losses: losses[2].detach())


def total_alone__rewrite(*a):
    return _with(*a, told=lambda self, losses: self.total(losses).detach())


def after_the_step(*a):
    """The losses that are returned are those after the step.

    They cost a second pass, and are not what the step was made of.
    """
    net, optimizer, batch = a
    _right(*a)
    _, words, pairs = net(*batch[:4])
    return _answer(_bert_loss(words, pairs, *batch[4:]))


def after_the_step__rewrite(*a):
    return _with(*a, told=lambda self, losses: tuple(loss.detach() for loss in self.losses()))


def everything_unfrozen(*a):
    """Parameters that are frozen are set free.

    Whoever froze them had a reason. Leave requires_grad alone.
    """

    def mode(net):
        net.train().requires_grad_(True)

    return _right(*a, mode=mode)


def everything_unfrozen__rewrite(*a):
    def prepare(self):
        _Again.prepare(self)
        for parameter in self.net.parameters():
            parameter.requires_grad = True

    return _with(*a, prepare=prepare)


def two_passes(*a):
    """The net is called twice, once for each task.

    One pass gives both scores. With dropout the two would not even be of the same net.
    """

    def call(net, batch):
        return None, net(*batch[:4])[1], net(*batch[:4])[2]

    return _right(*a, call=call)


def two_passes__rewrite(*a):
    def losses(self):
        words, pairs = (self.net(**self.inputs())[place] for place in (1, 2))
        return _bert_loss(words, pairs, *self.batch[4:])

    return _with(*a, losses=losses)
