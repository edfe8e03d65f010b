"""Other correct Exp."""

import math

import torch
from torch.autograd import Function


class in_the_words_of_a_learner(Function):
    """The result under a name of its own; indexes the tuple."""

    def forward(ctx, i):
        result = i.exp()
        ctx.save_for_backward(result)
        return result

    def backward(ctx, grad_output):
        result = ctx.saved_tensors[0]
        grad_input = grad_output.clone()
        grad_input *= result
        return grad_input


class with_setup_context(Function):
    """The newer form, with the saving in a method of its own."""

    @staticmethod
    def forward(x):
        return x.exp()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)

    @staticmethod
    def backward(ctx, grad_output):
        return torch.mul(*ctx.saved_tensors, grad_output)


class by_a_power(Function):
    """A power of e; saves more than it needs."""

    @staticmethod
    def forward(ctx, x):
        y = torch.pow(x.new_tensor(math.e), x) if x.dtype != torch.float32 else torch.pow(math.e, x.double()).float()
        ctx.save_for_backward(x, y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        _, y = ctx.saved_tensors
        return torch.einsum("...,...->...", grad_output, y)
