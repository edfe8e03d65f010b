"""Ways in which training a character RNN goes wrong: the state, and what stands where.

The mistakes change a part of `_train`, the rewrites one of `_again`.
"""

import torch
from loops import again as _again
from loops import cut as _cut
from loops import the_step as _step
from loops import train as _train
from torch.nn import functional as F


def not_detached(*args, **kwargs):
    """The state is not detached.

    The gradient wants to go back into the minibatch before, whose graph is gone. retain_graph would keep it, but the
    weights in it have changed since. Detach the state before it goes on.
    """
    return _train(*args, **kwargs, carry=lambda state: state)


def not_detached__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="attached")


def begun_for_every_minibatch(*args, **kwargs):
    """Every minibatch starts from the first state, also where they go on from each other.

    Without use_random_iter the next minibatch continues the text, and the state goes on with it.
    """
    return _train(*args, **kwargs, anew=lambda state, random: True)


def begun_for_every_minibatch__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="always anew")


def carried_at_random(*args, **kwargs):
    """The state goes on where minibatches are unrelated.

    With use_random_iter what was read before has nothing to do with what comes: begin a state for each minibatch.
    """
    return _train(*args, **kwargs, anew=lambda state, random: state is None)


def carried_at_random__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="random goes on")


def exchanged(*args, **kwargs):
    """The two ways are exchanged: the state goes on with use_random_iter, and begins anew without it.

    Random minibatches are the unrelated ones.
    """
    return _train(*args, **kwargs, anew=lambda state, random: state is None or not random)


def exchanged__rewrite(net, train_iter, updater, num_epochs, device, use_random_iter=False, max_norm=1.0):
    return _again(net, train_iter, updater, num_epochs, device, not use_random_iter, max_norm)


def carried_over_epochs(*args, **kwargs):
    """The state goes on from one epoch to the next.

    An epoch begins at the beginning of the text, where nothing has been read: with the first state.
    """
    return _train(*args, **kwargs, end=lambda state: state)


def carried_over_epochs__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="over epochs")


def taken_for_a_tensor(*args, **kwargs):
    """The state is taken for a tensor.

    An LSTM's state is a tuple, which has no detach. Detach its parts.
    """
    return _train(*args, **kwargs, carry=lambda state: state.detach())


def taken_for_a_tensor__rewrite(*args, **kwargs):
    return _train(*args, **kwargs, carry=lambda state: state.data)


def taken_for_a_tuple(*args, **kwargs):
    """The state is taken for a tuple.

    Going through a tensor gives its rows. A GRU's state is one tensor: detach it as a whole.
    """
    return _train(*args, **kwargs, carry=lambda state: tuple(part.detach() for part in state))


def taken_for_a_tuple__rewrite(*args, **kwargs):
    return _train(*args, **kwargs, carry=lambda state: tuple([s.clone().detach() for s in list(state)]))


def half_of_a_tuple_detached(*args, **kwargs):
    """Only the first part of the state is detached.

    An LSTM's cell state has a graph as well.
    """

    def carry(state):
        return (_cut(state[0]), *state[1:]) if type(state) is tuple else _cut(state)

    return _train(*args, **kwargs, carry=carry)


def half_of_a_tuple_detached__rewrite(*args, **kwargs):
    def carry(state):
        if isinstance(state, tuple):
            h, c = state
            return h.data, c
        return state.data

    return _train(*args, **kwargs, carry=carry)


def zeros_of_its_own(*args, **kwargs):
    """The first state is made here, not by the net.

    How a state begins is the net's business: net.begin_state.
    """

    def begin(net, X, device):
        state = net.begin_state(device, batch_size=len(X))
        return tuple(torch.zeros_like(s) for s in state) if isinstance(state, tuple) else torch.zeros_like(state)

    return _train(*args, **kwargs, begin=begin)


def zeros_of_its_own__rewrite(*args, **kwargs):
    def begin(net, X, device):
        state = net.begin_state(device, X.shape[0])
        return tuple(0 * s for s in state) if isinstance(state, tuple) else state - state

    return _train(*args, **kwargs, begin=begin)


def begun_for_one_sequence(*args, **kwargs):
    """The first state is begun for one sequence.

    It has a row for each sequence of the minibatch: batch_size is the length of X.
    """
    return _train(*args, **kwargs, begin=lambda net, X, device: net.begin_state(device))


def begun_for_one_sequence__rewrite(*args, **kwargs):
    return _train(*args, **kwargs, begin=lambda net, X, device: net.begin_state(device, batch_size=1))


def targets_by_sequences(*args, **kwargs):
    """Y is made flat without a transpose.

    The scores are ordered by steps, Y by sequences: each score meets the token of another place. Transpose Y first.
    """
    return _train(*args, **kwargs, loss=lambda scores, Y: F.cross_entropy(scores, Y.reshape(-1)))


def targets_by_sequences__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="by sequences")


class _Pairs:
    def __init__(self, train_iter):
        self.train_iter = train_iter

    def __iter__(self):
        return ((X, X) for X, _ in self.train_iter)


def inputs_as_targets(net, train_iter, *args, **kwargs):
    """The loss is taken with X.

    The net is to say what follows, and that is Y. What it has just read it knows already.
    """
    return _train(net, _Pairs(train_iter), *args, **kwargs)


def inputs_as_targets__rewrite(net, train_iter, *args, **kwargs):
    return _again(net, _Pairs(train_iter), *args, **kwargs)


def left_where_they_are(*args, **kwargs):
    """The minibatches are not moved to the device.

    They come from anywhere; the net is on `device`.
    """
    return _train(*args, **kwargs, move=lambda tensor, device: tensor)


def left_where_they_are__rewrite(*args, **kwargs):
    def move(tensor, device):
        tensor.to(device)
        return tensor

    return _train(*args, **kwargs, move=move, step=lambda *rest: _step(*rest))


def evaluation_mode(*args, **kwargs):
    """The net is not set to training mode.

    It may come from an evaluation.
    """
    return _train(*args, **kwargs, mode=lambda net: None)


def evaluation_mode__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="evaluation")
