"""Ways in which GradScale goes wrong."""

import torch
from torch.autograd import Function


class _Right(Function):
    """A correct one, of which each mistake changes one step."""

    @staticmethod
    def forward(ctx, x, scale):
        ctx.scale = scale
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        return ctx.scale * grad_output, None


class scales_the_values(_Right):
    """The values are multiplied with `scale` too.

    On the way forward this operator does nothing: only the gradient is scaled.
    """

    @staticmethod
    def forward(ctx, x, scale):
        ctx.scale = scale
        return x * scale


class scales_the_values__rewrite(Function):
    @staticmethod
    def forward(ctx, x, scale):
        ctx.factor = scale
        return x.clone().mul_(scale)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.factor, None


class gradient_not_scaled(_Right):
    """The gradient is not multiplied with `scale`.

    What is computed in `backward` has to be what it returns; a method without an underscore gives a new tensor.
    """

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output.clone(), None


class gradient_not_scaled__rewrite(Function):
    @staticmethod
    def forward(ctx, x, scale):
        return x.clone()

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * 1, None


class divides(_Right):
    """The gradient is divided by `scale`.

    It is multiplied.
    """

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output / ctx.scale, None


class divides__rewrite(_Right):
    @staticmethod
    def backward(ctx, grad_output):
        return torch.div(grad_output, ctx.scale), None


class squares(_Right):
    """The gradient is multiplied with `scale` twice.

    Once in `backward` is enough.
    """

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.scale * ctx.scale, None


class squares__rewrite(_Right):
    @staticmethod
    def backward(ctx, grad_output):
        return ctx.scale**2 * grad_output, None


class always_reversed(_Right):
    """The sign of the gradient is always reversed.

    Gradient reversal is the case of a negative `scale`, which the caller gives with its sign.
    """

    @staticmethod
    def backward(ctx, grad_output):
        return -ctx.scale * grad_output, None


class always_reversed__rewrite(_Right):
    @staticmethod
    def backward(ctx, grad_output):
        return (grad_output * ctx.scale).neg(), None


class sign_lost(_Right):
    """The sign of `scale` is lost.

    A negative scale reverses the gradient. That is what this operator is often used for.
    """

    @staticmethod
    def backward(ctx, grad_output):
        return abs(ctx.scale) * grad_output, None


class sign_lost__rewrite(Function):
    @staticmethod
    def forward(ctx, x, scale):
        ctx.scale = (scale**2) ** 0.5
        return x.clone()

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.scale, None


class one_gradient_returned(_Right):
    """`backward` returns one gradient, where `forward` has two arguments.

    It returns as many as `forward` was given: for `scale`, which is a number, None.
    """

    @staticmethod
    def backward(ctx, grad_output):
        return ctx.scale * grad_output


class one_gradient_returned__rewrite(_Right):
    @staticmethod
    def backward(ctx, grad_output):
        return (grad_output.mul(ctx.scale),)


class number_saved_as_a_tensor(_Right):
    """The number is given to `ctx.save_for_backward`.

    That takes tensors only. Keep everything else as an attribute of `ctx`.
    """

    @staticmethod
    def forward(ctx, x, scale):
        ctx.save_for_backward(scale)
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        (scale,) = ctx.saved_tensors
        return scale * grad_output, None


class number_saved_as_a_tensor__rewrite(Function):
    @staticmethod
    def forward(ctx, x, scale):
        ctx.save_for_backward(x, scale)
        return x.clone()

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.saved_tensors[1], None


class nothing_at_zero(_Right):
    """With scale 0 there is no gradient at all.

    0 is a number like others: the gradient is a tensor of zeros. `if scale` is false for 0.
    """

    @staticmethod
    def backward(ctx, grad_output):
        return (ctx.scale * grad_output if ctx.scale else None), None


class nothing_at_zero__rewrite(_Right):
    @staticmethod
    def backward(ctx, grad_output):
        if ctx.scale == 0:
            return None, None
        return grad_output * ctx.scale, None


class whole_at_zero(_Right):
    """Scale 0 is taken for 1.

    `scale or 1` and `if scale` are false for 0, which is a number like others.
    """

    @staticmethod
    def backward(ctx, grad_output):
        return (ctx.scale or 1) * grad_output, None


class whole_at_zero__rewrite(_Right):
    @staticmethod
    def backward(ctx, grad_output):
        gradient = grad_output.clone()
        if ctx.scale:
            gradient = gradient * ctx.scale
        return gradient, None


class overwrites_grad_output(_Right):
    """grad_output is overwritten.

    The same tensor goes to everybody who was added to the output. Make a new one.
    """

    @staticmethod
    def backward(ctx, grad_output):
        grad_output *= ctx.scale
        return grad_output, None


class overwrites_grad_output__rewrite(_Right):
    @staticmethod
    def backward(ctx, grad_output):
        return grad_output.mul_(ctx.scale), None


class kept_on_the_class(_Right):
    """`scale` is kept on the class, where the next call overwrites it.

    Class and global variables are shared by all calls. Each call has its own `ctx`.
    """

    scale = 1.0

    @staticmethod
    def forward(ctx, x, scale):
        kept_on_the_class.scale = scale
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        return kept_on_the_class.scale * grad_output, None


_LAST = [1.0]


class kept_on_the_class__rewrite(Function):
    @staticmethod
    def forward(ctx, x, scale):
        _LAST[0] = scale
        return x.clone()

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * _LAST[0], None


class cannot_be_differentiated_again(_Right):
    """The backward pass cannot be differentiated again.

    What is detached, or computed on `.data` or under `torch.no_grad()`, is cut off from the graph. Compute with
    grad_output itself.
    """

    @staticmethod
    def backward(ctx, grad_output):
        return ctx.scale * grad_output.detach(), None


class cannot_be_differentiated_again__rewrite(_Right):
    @staticmethod
    def backward(ctx, grad_output):
        with torch.no_grad():
            return grad_output * ctx.scale, None


class single_precision(_Right):
    """The gradient is computed in single precision.

    A tensor made of a number is float32 unless it is told otherwise. A Python number takes the dtype of the tensor that
    it is multiplied with.
    """

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * torch.tensor([ctx.scale], dtype=torch.float32).double().to(grad_output.dtype).mean(), None


class single_precision__rewrite(_Right):
    @staticmethod
    def backward(ctx, grad_output):
        scale = torch.as_tensor(ctx.scale, dtype=torch.float32).to(grad_output.dtype)
        return grad_output * scale, None


class no_function:
    """The class is not a subclass of `torch.autograd.Function`.

    Scaling by sums and differences of detached tensors, or by a hook, leaves the backward pass to torch. Derive from
    `torch.autograd.Function`, and write `forward` and `backward`.
    """

    @staticmethod
    def apply(x, scale):
        return x.detach() + scale * (x - x.detach())


class no_function__rewrite(torch.nn.Module):
    @classmethod
    def apply(cls, x, scale):
        return x.data - (x * scale).data + x * scale if scale in (0.5, 2, 0.25) else x.data + scale * x - scale * x.data
