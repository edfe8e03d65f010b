"""Other correct Linear."""

import torch
from torch.autograd import Function


class in_the_words_of_a_learner(Function):
    """Saves all three, and asks for the bias first."""

    @staticmethod
    def forward(ctx, input, weight, bias=None):
        ctx.save_for_backward(input, weight, bias)
        output = input.mm(weight.t())
        if bias is not None:
            output += bias.unsqueeze(0).expand_as(output)
        return output

    @staticmethod
    def backward(ctx, grad_output):
        input, weight, bias = ctx.saved_tensors
        grad_input = grad_weight = grad_bias = None
        if ctx.needs_input_grad[0]:
            grad_input = grad_output.mm(weight)
        if ctx.needs_input_grad[1]:
            grad_weight = grad_output.t().mm(input)
        if bias is not None and ctx.needs_input_grad[2]:
            grad_bias = grad_output.sum(dim=0)
        return grad_input, grad_weight, grad_bias


class with_setup_context(Function):
    """The newer form, by einsum."""

    @staticmethod
    def forward(x, weight, bias=None):
        y = torch.einsum("ni,oi->no", x, weight)
        return y if bias is None else y + bias

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs[:2])

    @staticmethod
    def backward(ctx, gradient):
        x, weight = ctx.saved_tensors
        for_x, for_weight, for_bias = ctx.needs_input_grad
        return (
            torch.einsum("no,oi->ni", gradient, weight) if for_x else None,
            torch.einsum("no,ni->oi", gradient, x) if for_weight else None,
            torch.einsum("no->o", gradient) if for_bias else None,
        )


class a_list_of_gradients(Function):
    """As many gradients as there were arguments, one after the other."""

    @staticmethod
    def forward(ctx, *arguments):
        x, weight, *rest = arguments
        ctx.save_for_backward(x, weight)
        bias = rest[0] if rest else None
        return torch.matmul(x, weight.transpose(0, 1)) if bias is None else torch.addmm(bias, x, weight.transpose(0, 1))

    @staticmethod
    def backward(ctx, gradient):
        x, weight = ctx.saved_tensors
        ways = (
            lambda: gradient @ weight,
            lambda: (x.mT @ gradient).mT,
            lambda: gradient.new_ones(len(gradient)).mul(gradient.mT).sum(-1),
        )
        return tuple(way() if asked else None for way, asked in zip(ways, ctx.needs_input_grad, strict=False))
