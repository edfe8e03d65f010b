"""sgd with every step as one sum over the parameter and its gradient."""

import torch


def sgd(params, lr, batch_size):
    for param in params:
        if param.grad is not None:
            param.detach().copy_(torch.add(param.detach(), param.grad, alpha=-lr / batch_size))
            param.grad = None
