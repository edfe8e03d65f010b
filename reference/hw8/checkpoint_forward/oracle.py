"""checkpoint_forward by a function of its own: each segment is computed without a graph, and again with one."""

import torch


class _Segment(torch.autograd.Function):
    @staticmethod
    def forward(ctx, layers, X, *parameters):
        ctx.layers, ctx.surroundings = layers, _Surroundings(X.device)
        ctx.save_for_backward(X)
        for layer in layers:
            X = layer(X)
        return X

    @staticmethod
    def backward(ctx, slope):
        (X,) = ctx.saved_tensors
        X = X.detach().requires_grad_(ctx.needs_input_grad[1])
        parameters = [p for layer in ctx.layers for p in layer.parameters()]
        wanted = [t for t in (X, *parameters) if t.requires_grad]
        with torch.enable_grad(), ctx.surroundings:
            Y = X
            for layer in ctx.layers:
                Y = layer(Y)
        found = iter(torch.autograd.grad(Y, wanted, slope, allow_unused=True))
        return (None, *(next(found) if t.requires_grad else None for t in (X, *parameters)))


class _Surroundings:
    """Random numbers and autocast as they are when this is made; inside they are so again."""

    def __init__(self, device):
        self.accelerated = device.type == "cuda"
        self.states = self._states()
        self.enabled, self.dtype = torch.is_autocast_enabled(device.type), torch.get_autocast_dtype(device.type)
        self.kind = device.type

    def _states(self):
        return torch.get_rng_state(), torch.cuda.get_rng_state() if self.accelerated else None

    def _put(self, states):
        torch.set_rng_state(states[0])
        if self.accelerated:
            torch.cuda.set_rng_state(states[1])

    def __enter__(self):
        self.before = self._states()
        self._put(self.states)
        self.autocast = torch.autocast(self.kind, dtype=self.dtype, enabled=self.enabled)
        self.autocast.__enter__()

    def __exit__(self, *exception):
        self.autocast.__exit__(*exception)
        self._put(self.before)


def checkpoint_forward(layers, X, segment_size):
    for start in range(0, len(layers), segment_size):
        segment = layers[start : start + segment_size]
        X = _Segment.apply(segment, X, *(p for layer in segment for p in layer.parameters()))
    return X
