"""Ways in which Exp goes wrong."""

import torch
from torch.autograd import Function


class _Right(Function):
    """A correct one, of which each mistake changes one step."""

    @staticmethod
    def forward(ctx, x):
        y = x.exp()
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return grad_output * y


class computed_again(_Right):
    """The exponential is computed again on the way back.

    x was saved, where the output was wanted: it is the derivative already.
    """

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.exp()

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * x.exp()


class computed_again__rewrite(Function):
    @staticmethod
    def forward(x):
        return torch.exp(x)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(inputs[0])

    @staticmethod
    def backward(ctx, grad_output):
        return torch.exp(ctx.saved_tensors[0]) * grad_output


class kept_as_an_attribute(_Right):
    """The output is kept as an attribute, not with `ctx.save_for_backward`.

    Then y keeps its way back alive and the way back keeps y alive, and the memory is not freed. Nobody notices when y
    is overwritten, and the second derivative is wrong, because this y is not part of the graph.
    """

    @staticmethod
    def forward(ctx, x):
        ctx.y = torch.exp(x)
        return ctx.y

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.y


class kept_as_an_attribute__rewrite(Function):
    @staticmethod
    def forward(ctx, x):
        y = x.exp()
        ctx.saved = (x, y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        return ctx.saved[1] * grad_output


class x_saved_as_the_output(_Right):
    """The gradient is multiplied by x.

    What `backward` needs is e to the power of x, which is the output.
    """

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.exp()


class x_saved_as_the_output__rewrite(Function):
    @staticmethod
    def forward(x):
        return torch.exp(x)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, grad_output):
        (saved,) = ctx.saved_tensors
        return saved * grad_output


class power_rule(_Right):
    """The derivative is taken by the rule for powers of x.

    x to the power of n has the derivative n times x to the power of n - 1. Here x is the exponent: the derivative of e
    to the power of x is e to the power of x, without a factor x.
    """

    @staticmethod
    def forward(ctx, x):
        y = x.exp()
        ctx.save_for_backward(x, y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        x, y = ctx.saved_tensors
        return grad_output * x * y


class power_rule__rewrite(_Right):
    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return grad_output * (y * y.log())


class grad_output_ignored(_Right):
    """The gradient that comes in is ignored.

    `backward` gets the gradient of the loss with respect to the output. It has to be multiplied with the derivative of
    the output with respect to x: that is the chain rule.
    """

    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return y * 1


class grad_output_ignored__rewrite(_Right):
    @staticmethod
    def backward(ctx, grad_output):
        return ctx.saved_tensors[0].clone()


class derivative_ignored(_Right):
    """The gradient goes through unchanged.

    It has to be multiplied with the derivative of the output with respect to x.
    """

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output.clone()


class derivative_ignored__rewrite(Function):
    @staticmethod
    def forward(ctx, x):
        return x.exp()

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * 1.0


class exponential_of_the_output(_Right):
    """The gradient is multiplied by e to the power of the output.

    What was saved is the output, e to the power of x, already.
    """

    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return grad_output * y.exp()


class exponential_of_the_output__rewrite(_Right):
    @staticmethod
    def backward(ctx, grad_output):
        return torch.exp(ctx.saved_tensors[0]) * grad_output


class overwrites_grad_output(_Right):
    """grad_output is overwritten.

    The same tensor goes to everybody who was added to the output. Make a new one.
    """

    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        grad_output *= y
        return grad_output


class overwrites_grad_output__rewrite(_Right):
    @staticmethod
    def backward(ctx, grad_output):
        return grad_output.mul_(ctx.saved_tensors[0])


class output_detached(_Right):
    """The saved output is cut off from the graph.

    With `.data`, `.detach()` or a clone made in `forward`, the second derivative lacks what comes from this factor.
    Hand the very tensor that `forward` returns to `ctx.save_for_backward`.
    """

    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return grad_output * y.detach()


class output_detached__rewrite(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.factor = torch.exp(x)
        return ctx.factor.clone()

    @staticmethod
    def backward(ctx, grad_output):
        return ctx.factor * grad_output


class ten_for_e(_Right):
    """Another number than e is raised to the power of x.

    `torch.exp` has the base e = 2.718…
    """

    @staticmethod
    def forward(ctx, x):
        y = torch.exp2(x)
        ctx.save_for_backward(y)
        return y


class ten_for_e__rewrite(Function):
    @staticmethod
    def forward(ctx, x):
        y = 2**x
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.saved_tensors[0]


class minus_one(_Right):
    """1 is subtracted.

    `torch.expm1` is e to the power of x, minus 1.
    """

    @staticmethod
    def forward(ctx, x):
        y = torch.expm1(x)
        ctx.save_for_backward(y)
        return y


class minus_one__rewrite(Function):
    @staticmethod
    def forward(ctx, x):
        y = x.exp() - 1
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.saved_tensors[0]


class overwrites_x(_Right):
    """x is overwritten.

    `exp_` changes the caller's tensor. Make a new one.
    """

    @staticmethod
    def forward(ctx, x):
        y = x.data.exp_()
        ctx.save_for_backward(y)
        return y


class overwrites_x__rewrite(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.exp(x.detach(), out=x.detach())
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.saved_tensors[0]


class single_precision(_Right):
    """The answer is computed in single precision.

    Keep the dtype of x.
    """

    @staticmethod
    def forward(ctx, x):
        y = x.float().exp()
        ctx.save_for_backward(y)
        return y


class single_precision__rewrite(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.exp(x.to(torch.float32))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        return ctx.saved_tensors[0] * grad_output


class no_function:
    """The class is not a subclass of `torch.autograd.Function`.

    A function of tensors that has a method `apply` leaves the backward pass to torch. Derive from
    `torch.autograd.Function`, and write `forward` and `backward`.
    """

    @staticmethod
    def apply(x):
        return x.exp()


class no_function__rewrite(torch.nn.Module):
    @classmethod
    def apply(cls, x):
        return torch.exp(x)
