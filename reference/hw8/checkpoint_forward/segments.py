"""A checkpointed pass with a function of its own, right for no mistake, and the mistakes by name."""

import torch


class _Own(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mistake, segment, X, *parameters):
        ctx.mistake, ctx.segment, ctx.kind = mistake, segment, X.device.type
        ctx.precision = torch.is_autocast_enabled(ctx.kind), torch.get_autocast_dtype(ctx.kind)
        ctx.random = torch.get_rng_state(), torch.cuda.get_rng_state() if X.is_cuda else None
        ctx.save_for_backward(X)
        for layer in segment:
            X = layer(X)
        return X

    @staticmethod
    def backward(ctx, slope):
        (X,) = ctx.saved_tensors
        X = X.detach().requires_grad_(ctx.needs_input_grad[2])
        after = torch.get_rng_state(), torch.cuda.get_rng_state() if X.is_cuda else None
        if ctx.mistake != "other_numbers":
            torch.set_rng_state(ctx.random[0])
            if X.is_cuda and ctx.mistake != "numbers_of_the_cpu":
                torch.cuda.set_rng_state(ctx.random[1])
        enabled, dtype = ctx.precision
        recorded = torch.set_grad_enabled(ctx.mistake != "no_graph")
        with recorded, torch.autocast(ctx.kind, dtype=dtype, enabled=enabled and ctx.mistake != "precision"):
            Y = X
            for layer in ctx.segment:
                Y = layer(Y)
        if ctx.mistake not in ("other_numbers", "not_put_back"):
            torch.set_rng_state(after[0])
            if X.is_cuda:
                torch.cuda.set_rng_state(after[1])
        if ctx.mistake == "reentrant":
            torch.autograd.backward(Y, slope)
            return None, None, X.grad
        every = (X, *(p for layer in ctx.segment for p in layer.parameters()))
        found = iter(torch.autograd.grad(Y, [t for t in every if t.requires_grad], slope.to(Y.dtype)))
        return (None, None, *(next(found) if t.requires_grad else None for t in every))


def own(mistake, segment, X):
    """One segment."""
    parameters = [] if mistake == "reentrant" else [p for layer in segment for p in layer.parameters()]
    if mistake == "reentrant" and not X.requires_grad:
        return _Own.apply(mistake, segment, X)
    return _Own.apply(mistake, segment, X, *parameters)


def plain(segment, X):
    for layer in segment:
        X = layer(X)
    return X


def pieces(layers, size):
    return [layers[start : start + size] for start in range(0, len(layers), size)]
