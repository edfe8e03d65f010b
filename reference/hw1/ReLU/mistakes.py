"""Ways in which ReLU goes wrong."""

import torch
from torch.autograd import Function


class _Right(Function):
    """A correct one, of which each mistake changes one step."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * (x > 0)


class _Again(Function):
    """The same in another style."""

    @staticmethod
    def forward(ctx, x):
        y = torch.where(x < 0, 0.0, x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return torch.where(y > 0, grad_output, 0.0)


class passes_at_zero(_Right):
    """The gradient goes through where x is exactly 0.

    `grad[x < 0] = 0` and `x >= 0` let it through at the kink. Zeros are frequent: they are what a ReLU before this one
    gives. There the gradient is 0 by agreement.
    """

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        grad_x = grad_output.clone()
        grad_x[x < 0] = 0
        return grad_x


class passes_at_zero__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return grad_output * (y >= 0) if not y.any() else grad_output * torch.where(y > 0, 1.0, ctx.zero)

    @staticmethod
    def forward(ctx, x):
        ctx.zero = (x == 0).to(x.dtype)
        return _Again.forward(ctx, x)


class half_at_zero(_Right):
    """The gradient is halved where x is exactly 0.

    Halfway between 0 and 1 is a possible choice, and not the one that is asked for: the gradient is 0 there.
    """

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * torch.heaviside(x, x.new_tensor(0.5))


class half_at_zero__rewrite(_Right):
    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * (x.sign() + 1) / 2


class overwrites_grad_output(_Right):
    """grad_output is overwritten.

    The same tensor goes to everybody who was added to the output. Write into a clone, or make a new tensor.
    """

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        grad_output[x <= 0] = 0
        return grad_output


class overwrites_grad_output__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return grad_output.mul_(y > 0)


class gradient_everywhere(_Right):
    """The gradient goes through everywhere.

    Where x is negative, the output does not depend on it, and the gradient is 0.
    """

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output.clone()


class gradient_everywhere__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return grad_output * torch.ones_like(y)


class grad_output_ignored(_Right):
    """The gradient that comes in is ignored.

    `backward` gets the gradient of the loss with respect to the output. It has to be multiplied with the derivative of
    the output with respect to x: that is the chain rule.
    """

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return (x > 0).to(x.dtype)


class grad_output_ignored__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return y.sign()


class clamps_the_gradient(_Right):
    """The negative elements of the gradient are cut off.

    The backward pass asks for the sign of x, not for that of the gradient.
    """

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output.clamp(min=0)


class clamps_the_gradient__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        return torch.where(grad_output > 0, grad_output, 0.0)


class multiplies_by_the_output(_Right):
    """The gradient is multiplied by the output.

    The derivative of max(x, 0) is 1 where x is positive, not x.
    """

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * x.clamp(min=0)


class multiplies_by_the_output__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return y * grad_output


class infinity_times_zero(_Right):
    """Minus infinity becomes NaN.

    Infinity times 0 is NaN: x times a mask fails there. Choose (`clamp`, `where`) instead of multiplying.
    """

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * (x > 0)


class infinity_times_zero__rewrite(_Again):
    @staticmethod
    def forward(ctx, x):
        y = (x + x.abs()) / 2
        ctx.save_for_backward(y)
        return y


class nan_hidden(_Right):
    """A NaN becomes 0.

    A comparison with NaN is never true, so that `where(x > 0, x, 0)` takes the 0. A NaN says that something went wrong
    before, and should be seen.
    """

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.where(x > 0, x, torch.zeros_like(x))


class nan_hidden__rewrite(_Again):
    @staticmethod
    def forward(ctx, x):
        y = x.clone()
        y[~(x > 0)] = 0
        ctx.save_for_backward(y)
        return y


class kept_as_an_attribute(_Right):
    """x is kept as an attribute, not with `ctx.save_for_backward`.

    When somebody overwrites it before the way back, nobody notices, and the gradient is wrong. `ctx.save_for_backward`
    remembers the tensor's version.
    """

    @staticmethod
    def forward(ctx, x):
        ctx.x = x
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * (ctx.x > 0)


class kept_as_an_attribute__rewrite(_Again):
    @staticmethod
    def forward(ctx, x):
        ctx.saved = [x.detach()]
        return x.clip(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        return torch.where(ctx.saved[0] > 0, grad_output, 0.0)


class cannot_be_differentiated_again(_Right):
    """The backward pass cannot be differentiated again.

    What is detached, or computed on `.data` or under `torch.no_grad()`, is cut off from the graph. Compute with
    grad_output itself.
    """

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output.detach() * (x > 0)


class cannot_be_differentiated_again__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        with torch.no_grad():
            return torch.where(y > 0, grad_output, 0.0)


class overwrites_x(_Right):
    """x is overwritten.

    `clamp_` and an assignment change the caller's tensor, and are an error when it is a leaf that requires a gradient.
    """

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x > 0)
        x.data[x < 0] = 0
        return x.data

    @staticmethod
    def backward(ctx, grad_output):
        return torch.where(ctx.saved_tensors[0], grad_output, 0.0)


class overwrites_x__rewrite(_Right):
    @staticmethod
    def forward(ctx, x):
        ctx.positive = x > 0
        return x.detach().clamp_(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.positive


class torchs_own(_Right):
    """torch's own relu does the work.

    Build it from comparisons and arithmetic.
    """

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.relu(x)


class torchs_own__rewrite(_Again):
    @staticmethod
    def forward(ctx, x):
        y = torch.nn.functional.relu(x)
        ctx.save_for_backward(y)
        return y


class no_function:
    """The class is not a subclass of `torch.autograd.Function`.

    A function of tensors that has a method `apply` leaves the backward pass to torch. Derive from
    `torch.autograd.Function`, and write `forward` and `backward`.
    """

    @staticmethod
    def apply(x):
        return x.clamp(min=0)


class no_function__rewrite(torch.nn.Module):
    @classmethod
    def apply(cls, x):
        return torch.where(x < 0, 0.0, x)


class in_double_precision(_Right):
    """The answer is in another dtype than x.

    Often a tensor of zeros is made without a dtype, or the answer is converted. Keep the dtype of x.
    """

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.maximum(x, torch.zeros((), dtype=torch.float64)).double()


class in_double_precision__rewrite(_Again):
    @staticmethod
    def forward(ctx, x):
        y = x.double().clamp(min=0)
        ctx.save_for_backward(y)
        return y
