"""detach_product from the derivatives that it is to have."""

import torch


class _Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * x**2


def detach_product(x):
    return x**2, _Cube.apply(x)
