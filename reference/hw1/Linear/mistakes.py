"""Ways in which Linear goes wrong."""

import torch
from torch.autograd import Function


class _Right(Function):
    """A correct one, of which each mistake changes one step."""

    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight)
        y = x @ weight.T
        return y if bias is None else y + bias

    @classmethod
    def backward(cls, ctx, grad_output):
        x, weight = ctx.saved_tensors
        asked = (*ctx.needs_input_grad, False)[:3]
        ways = (cls.of_x, cls.of_weight, cls.of_bias)
        return tuple(way(x, weight, grad_output) if need else None for way, need in zip(ways, asked, strict=True))

    @staticmethod
    def of_x(x, weight, g):
        return g @ weight

    @staticmethod
    def of_weight(x, weight, g):
        return g.T @ x

    @staticmethod
    def of_bias(x, weight, g):
        return g.sum(0)


class _Again(Function):
    """The same in another style."""

    @staticmethod
    def forward(ctx, input, weight, bias=None):
        ctx.save_for_backward(input, weight, bias)
        output = input.mm(weight.t())
        if bias is not None:
            output += bias
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
            grad_bias = grad_output.sum(0)
        return grad_input, grad_weight, grad_bias


class everything_computed(_Right):
    """All gradients are computed, whether anybody asked for them or not.

    Ask `ctx.needs_input_grad` for each argument, and leave the gradient None where it says False: a product with a
    frozen weight or with data costs as much as the forward pass.
    """

    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.biased = bias is not None
        return _Right.forward(ctx, x, weight, bias)

    @staticmethod
    def backward(ctx, grad_output):
        x, weight = ctx.saved_tensors
        return grad_output @ weight, grad_output.T @ x, grad_output.sum(0) if ctx.biased else None


class everything_computed__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        input, weight, bias = ctx.saved_tensors
        grad_bias = None if bias is None else grad_output.sum(dim=0)
        return grad_output.mm(weight), grad_output.t().mm(input), grad_bias


class computed_and_thrown_away(_Right):
    """A gradient that nobody asked for is computed and thrown away.

    None is returned, but the product has been computed by then. Ask `ctx.needs_input_grad` before.
    """

    @staticmethod
    def backward(ctx, grad_output):
        x, weight = ctx.saved_tensors
        found = grad_output @ weight, grad_output.T @ x, grad_output.sum(0)
        return tuple(g if need else None for g, need in zip(found, ctx.needs_input_grad, strict=False))


class computed_and_thrown_away__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        input, weight, bias = ctx.saved_tensors
        gradients = [grad_output.mm(weight), grad_output.t().mm(input), None if bias is None else grad_output.sum(0)]
        for place, need in enumerate(ctx.needs_input_grad):
            if not need:
                gradients[place] = None
        return tuple(gradients)


class third_entry_read_first(_Right):
    """`ctx.needs_input_grad[2]` is read where there are only two arguments.

    It has an entry for every argument that `apply` was called with; a bias that was left out has none. Ask first
    whether there is a bias.
    """

    @classmethod
    def backward(cls, ctx, grad_output):
        x, weight = ctx.saved_tensors
        grad_bias = cls.of_bias(x, weight, grad_output) if ctx.needs_input_grad[2] else None
        return (*super().backward(ctx, grad_output)[:2], grad_bias)


class third_entry_read_first__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        input, weight, _ = ctx.saved_tensors
        for_input, for_weight, for_bias = (ctx.needs_input_grad[place] for place in range(3))
        return (
            grad_output.mm(weight) if for_input else None,
            grad_output.t().mm(input) if for_weight else None,
            grad_output.sum(0) if for_bias else None,
        )


class bias_required(_Right):
    """A layer without a bias is refused.

    `bias` may be left out, and may be None: it has the default None, and nothing is added then.
    """

    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight)
        return x @ weight.T + bias


class bias_required__rewrite(_Again):
    @staticmethod
    def forward(ctx, input, weight, bias=None):
        ctx.save_for_backward(input, weight, bias)
        return input.mm(weight.t()).add(bias)


class bias_ignored(_Right):
    """The bias is not added.

    It is added to every row of the product.
    """

    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight)
        return x @ weight.T


class bias_ignored__rewrite(_Again):
    @staticmethod
    def forward(ctx, input, weight, bias=None):
        ctx.save_for_backward(input, weight, bias)
        output = input.mm(weight.t())
        if bias is not None:
            output + bias
        return output


class bias_not_summed(_Right):
    """The gradient of the bias is not summed over the batch.

    The bias was added to every row, so that all rows of the gradient come together in it: its gradient has its shape.
    """

    @staticmethod
    def of_bias(x, weight, g):
        return g.clone()


class bias_not_summed__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        grad_input, grad_weight, grad_bias = _Again.backward(ctx, grad_output)
        return grad_input, grad_weight, None if grad_bias is None else grad_output


class bias_averaged(_Right):
    """The gradient of the bias is a mean over the batch.

    Gradients of what is used several times are added.
    """

    @staticmethod
    def of_bias(x, weight, g):
        return g.mean(0)


class bias_averaged__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        grad_input, grad_weight, grad_bias = _Again.backward(ctx, grad_output)
        return grad_input, grad_weight, None if grad_bias is None else grad_bias / len(grad_output)


class bias_summed_over_outputs(_Right):
    """The gradient of the bias is summed over the outputs.

    Sum over the batch, the first axis: one number for every output is left.
    """

    @staticmethod
    def of_bias(x, weight, g):
        return g.sum(1)


class bias_summed_over_outputs__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        grad_input, grad_weight, grad_bias = _Again.backward(ctx, grad_output)
        return grad_input, grad_weight, None if grad_bias is None else grad_output.sum(dim=-1)


class weight_gradient_transposed(_Right):
    """The gradient of the weight is transposed.

    It has the shape of the weight, (out_features, in_features): the outputs come first.
    """

    @staticmethod
    def of_weight(x, weight, g):
        return x.T @ g


class weight_gradient_transposed__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        grad_input, grad_weight, grad_bias = _Again.backward(ctx, grad_output)
        return grad_input, None if grad_weight is None else grad_weight.t(), grad_bias


class weight_not_transposed(_Right):
    """The weight is not transposed on the way forward.

    Its shape is (out_features, in_features), as in torch's own layer: `x @ weight.T`.
    """

    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight)
        y = x @ weight
        return y if bias is None else y + bias


class weight_not_transposed__rewrite(_Again):
    @staticmethod
    def forward(ctx, input, weight, bias=None):
        ctx.save_for_backward(input, weight, bias)
        output = input.mm(weight)
        return output if bias is None else output + bias


class input_gradient_by_the_transpose(_Right):
    """The gradient of x is made with the transposed weight.

    y = x @ weight.T, so the gradient of x is grad_output times the transpose of weight.T, which is the weight.
    """

    @staticmethod
    def of_x(x, weight, g):
        return g @ weight.T


class input_gradient_by_the_transpose__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        _, grad_weight, grad_bias = _Again.backward(ctx, grad_output)
        return grad_output.mm(ctx.saved_tensors[1].t()) if ctx.needs_input_grad[0] else None, grad_weight, grad_bias


class weight_gradient_averaged(_Right):
    """The gradient of the weight is divided by the size of the batch.

    If the loss is a mean, the division has been done there. Here the gradients of all samples are added.
    """

    @staticmethod
    def of_weight(x, weight, g):
        return g.T @ x / len(x)


class weight_gradient_averaged__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        grad_input, grad_weight, grad_bias = _Again.backward(ctx, grad_output)
        return grad_input, None if grad_weight is None else grad_weight / grad_output.shape[0], grad_bias


class wrong_order(_Right):
    """The gradients are returned in the wrong order.

    They belong to the arguments of `forward`, in their order: x, weight, bias.
    """

    @classmethod
    def backward(cls, ctx, grad_output):
        grad_x, grad_weight, *rest = super().backward(ctx, grad_output)
        return grad_weight, grad_x, *rest


class wrong_order__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        input, weight, bias = ctx.saved_tensors
        grad_input = grad_output.mm(weight) if ctx.needs_input_grad[0] else None
        grad_weight = grad_output.t().mm(input) if ctx.needs_input_grad[1] else None
        grad_bias = grad_output.sum(0) if bias is not None and ctx.needs_input_grad[2] else None
        return grad_weight, grad_input, grad_bias


class overwrites_grad_output(_Right):
    """grad_output is overwritten.

    The same tensor goes to everybody who was added to the output. Make new ones.
    """

    @classmethod
    def backward(cls, ctx, grad_output):
        found = super().backward(ctx, grad_output)
        grad_output.zero_()
        return found


class overwrites_grad_output__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        gradients = _Again.backward(ctx, grad_output.clone())
        grad_output[0] += 1
        return gradients


class kept_as_attributes(_Right):
    """x and weight are kept as attributes, not with `ctx.save_for_backward`.

    When somebody overwrites one of them before the way back, nobody notices, and the gradient is wrong.
    `ctx.save_for_backward` remembers the tensor's version.
    """

    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.x, ctx.weight = x, weight
        y = x @ weight.T
        return y if bias is None else y + bias

    @staticmethod
    def backward(ctx, grad_output):
        needs = ctx.needs_input_grad
        return (
            grad_output @ ctx.weight if needs[0] else None,
            grad_output.T @ ctx.x if needs[1] else None,
            grad_output.sum(0) if len(needs) > 2 and needs[2] else None,
        )


class kept_as_attributes__rewrite(_Again):
    @staticmethod
    def forward(ctx, input, weight, bias=None):
        ctx.saved = {"x": input, "w": weight}
        return input.mm(weight.t()) if bias is None else input.mm(weight.t()) + bias

    @staticmethod
    def backward(ctx, grad_output):
        found = [None, None, None]
        if ctx.needs_input_grad[0]:
            found[0] = grad_output.mm(ctx.saved["w"])
        if ctx.needs_input_grad[1]:
            found[1] = grad_output.t().mm(ctx.saved["x"])
        if ctx.needs_input_grad[2:] == (True,):
            found[2] = grad_output.sum(dim=0)
        return tuple(found)


class cannot_be_differentiated_again(_Right):
    """The backward pass cannot be differentiated again.

    What is detached, or computed on `.data` or under `torch.no_grad()`, is cut off from the graph. Compute with
    grad_output and the saved tensors themselves.
    """

    @classmethod
    def backward(cls, ctx, grad_output):
        with torch.no_grad():
            return super().backward(ctx, grad_output)


class cannot_be_differentiated_again__rewrite(_Again):
    @staticmethod
    def backward(ctx, grad_output):
        return tuple(g if g is None else g.detach() for g in _Again.backward(ctx, grad_output))


class adds_to_an_argument(_Right):
    """An argument is overwritten.

    `x *= …` and `weight.t_()` change the caller's tensor. Make new ones.
    """

    @staticmethod
    def forward(ctx, x, weight, bias=None):
        y = _Right.forward(ctx, x.clone(), weight, bias)
        x.data[:1] = 0.5
        return y


class adds_to_an_argument__rewrite(_Again):
    @staticmethod
    def forward(ctx, input, weight, bias=None):
        output = _Again.forward(ctx, input.detach() * 1, weight, bias)
        if len(input):
            input.data[0].fill_(2.0)
        return output


class single_precision(_Right):
    """Everything is computed in single precision.

    Work in the dtype of x.
    """

    @staticmethod
    def forward(ctx, x, weight, bias=None):
        return _Right.forward(ctx, x.float(), weight.float(), None if bias is None else bias.float())


class single_precision__rewrite(_Again):
    @staticmethod
    def forward(ctx, input, weight, bias=None):
        tensors = [t if t is None else t.to(torch.float32) for t in (input, weight, bias)]
        return _Again.forward(ctx, *tensors)


class torchs_own(_Right):
    """torch's own linear does the work.

    Build it from a matrix product and a sum.
    """

    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight)
        return torch.nn.functional.linear(x, weight, bias)


class torchs_own__rewrite(_Again):
    @staticmethod
    def forward(ctx, input, weight, bias=None):
        ctx.save_for_backward(input, weight, bias)
        return torch._C._nn.linear(input, weight, bias)


class no_function:
    """The class is not a subclass of `torch.autograd.Function`.

    A function of tensors that has a method `apply` leaves the backward pass to torch. Derive from
    `torch.autograd.Function`, and write `forward` and `backward`.
    """

    @staticmethod
    def apply(x, weight, bias=None):
        y = x @ weight.T
        return y if bias is None else y + bias


class no_function__rewrite(torch.nn.Module):
    @classmethod
    def apply(cls, x, weight, bias=None):
        return x.mm(weight.t()) if bias is None else x.mm(weight.t()) + bias
