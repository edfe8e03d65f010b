"""Other correct steps."""

from pieces import Again as _Again
from pieces import bert_loss as _bert_loss


def as_the_notes(net, optimizer, batch):
    """The order of the notes: clear first."""
    tokens_X, segments_X, valid_lens_x, pred_positions_X, mlm_weights_X, mlm_Y, nsp_y = batch
    net.train()
    optimizer.zero_grad()
    _, mlm_Y_hat, nsp_Y_hat = net(tokens_X, segments_X, valid_lens_x, pred_positions_X)
    mlm_l, nsp_l, loss = _bert_loss(mlm_Y_hat, nsp_Y_hat, mlm_weights_X, mlm_Y, nsp_y)
    loss.backward()
    optimizer.step()
    return mlm_l.detach(), nsp_l.detach(), loss.detach()


def cleared_by_the_net(net, optimizer, batch):
    """The net's own zero_grad, and two backward passes that add up."""
    *inputs, mlm_weights, mlm_Y, nsp_y = batch
    net = net.train()
    answers = net(*inputs)
    mlm_l, nsp_l, loss = _bert_loss(*answers[1:], mlm_weights, mlm_Y, nsp_y)
    net.zero_grad(set_to_none=True)
    mlm_l.backward(retain_graph=True)
    nsp_l.backward()
    optimizer.step()
    return tuple(x.detach().clone() for x in (mlm_l, nsp_l, loss))


def as_an_object(net, optimizer, batch):
    """By methods."""
    return _Again(net, optimizer, batch).run()
