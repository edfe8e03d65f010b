"""Other correct GradScale."""

import torch
from torch.autograd import Function


class a_copy(Function):
    """Returns a copy; another name for the number."""

    @staticmethod
    def forward(ctx, x, coeff):
        ctx.coeff = coeff
        return x.clone()

    @staticmethod
    def backward(ctx, grad_output):
        grad_input = grad_output.clone()
        grad_input = grad_input * ctx.coeff
        return grad_input, None


class as_it_is(Function):
    """Returns x itself, and names no variable for the gradients."""

    def forward(ctx, x, scale):
        ctx.arguments = (scale,)
        return x

    def backward(ctx, *gradients):
        return *(g.mul(s) for g, s in zip(gradients, ctx.arguments, strict=True)), None


class with_setup_context(Function):
    """The newer form; the number as a saved tensor."""

    @staticmethod
    def forward(x, scale):
        return x.view(x.shape)

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, scale = inputs
        ctx.save_for_backward(torch.tensor(scale, dtype=x.dtype, device=x.device))

    @staticmethod
    def backward(ctx, grad_output):
        (scale,) = ctx.saved_tensors
        if not ctx.needs_input_grad[0]:
            return None, None
        return grad_output * scale, None
