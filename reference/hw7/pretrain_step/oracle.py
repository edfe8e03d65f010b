"""pretrain_step with the losses written out and the gradients asked for by name."""

import torch


def _picked(scores, labels):
    return -scores.log_softmax(-1).gather(-1, labels.unsqueeze(-1)).squeeze(-1)


def pretrain_step(net, optimizer, batch):
    tokens, segments, valid_lens, pred_positions, mlm_weights, mlm_Y, nsp_y = batch
    net.train()
    _, words, pairs = net(tokens, segments, valid_lens, pred_positions)
    mlm_l = (_picked(words, mlm_Y) * mlm_weights).sum() / mlm_weights.sum().clamp(min=1e-30)
    nsp_l = _picked(pairs, nsp_y).mean()
    learned = [parameter for parameter in net.parameters() if parameter.requires_grad]
    gradients = torch.autograd.grad(mlm_l + nsp_l, learned, allow_unused=True)
    for parameter, gradient in zip(learned, gradients, strict=True):
        parameter.grad = gradient
    optimizer.step()
    with torch.no_grad():
        return mlm_l.detach(), nsp_l.detach(), mlm_l + nsp_l
