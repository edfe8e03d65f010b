"""checkpoint_forward that is right, written in other ways."""

import torch
from torch.utils.checkpoint import checkpoint


def plain_learner(layers, X, segment_size):
    """Written from the stub alone, with the library; the segment is an argument of its own."""

    def run_segment(segment, h):
        for layer in segment:
            h = layer(h)
        return h

    num_layers = len(layers)
    i = 0
    while i < num_layers:
        segment = layers[i : i + segment_size]
        X = checkpoint(run_segment, segment, X, use_reentrant=False, preserve_rng_state=True)
        i += segment_size
    return X


class _Again(torch.autograd.Function):
    @staticmethod
    def forward(ctx, run, names, X, *weights):
        kinds = ["cpu"] + (["cuda"] if X.is_cuda else [])
        ctx.run, ctx.kind = run, kinds[-1]
        ctx.autocast = {"enabled": torch.is_autocast_enabled(ctx.kind), "dtype": torch.get_autocast_dtype(ctx.kind)}
        ctx.random = torch.get_rng_state(), torch.cuda.get_rng_state_all() if X.is_cuda else []
        ctx.save_for_backward(X, *weights)
        return run(X)

    @staticmethod
    def backward(ctx, gradient):
        X, *weights = ctx.saved_tensors
        here = X.detach()
        here.requires_grad = ctx.needs_input_grad[2]
        with torch.random.fork_rng(devices=[0] if X.is_cuda else []), torch.enable_grad():
            torch.set_rng_state(ctx.random[0])
            for device, state in enumerate(ctx.random[1]):
                torch.cuda.set_rng_state(state, device)
            with torch.autocast(ctx.kind, **ctx.autocast):
                Y = ctx.run(here)
        sources = [t for t in (here, *weights) if t.requires_grad]
        gradients = list(torch.autograd.grad(Y, sources, gradient, allow_unused=True))
        return None, None, *[gradients.pop(0) if t.requires_grad else None for t in (here, *weights)]


def own_function(layers, X, segment_size):
    """A function of its own; the generators are forked by torch.random."""

    def runner(start):
        def run(h):
            for index in range(start, min(start + segment_size, len(layers))):
                h = layers[index](h)
            return h

        return run

    for start in range(0, len(layers), segment_size):
        named = {}
        for layer in layers[start : start + segment_size]:
            named |= {(id(layer), name): weight for name, weight in layer.named_parameters()}
        X = _Again.apply(runner(start), list(named), X, *named.values())
    return X


def hooks(layers, X, segment_size):
    """Nothing is saved in the graph but numbers; the first that is asked for has the segment computed again."""

    def through(segment, entering):
        kind = entering.device.type
        precision = torch.is_autocast_enabled(kind), torch.get_autocast_dtype(kind)
        host, device = torch.get_rng_state(), torch.cuda.get_rng_state() if kind == "cuda" else None
        numbers, again = [], {}

        def run():
            leaving = entering
            for layer in segment:
                leaving = layer(leaving)
            return leaving

        def pack(tensor):
            numbers.append(len(numbers))
            return numbers[-1]

        def compute_again():
            def keep(tensor):
                again[len(again)] = tensor.detach()

            with torch.random.fork_rng(devices=[] if device is None else [entering.device]), torch.enable_grad():
                torch.set_rng_state(host)
                if device is not None:
                    torch.cuda.set_rng_state(device)
                autocast = torch.autocast(kind, dtype=precision[1], enabled=precision[0])
                with autocast, torch.autograd.graph.saved_tensors_hooks(keep, lambda kept: kept):
                    run()

        def unpack(number):
            if not again:
                compute_again()
            return again.pop(number) if len(again) > 1 else again[number]

        with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
            return run()

    for start in range(0, len(layers), segment_size):
        X = through(layers[start : start + segment_size], X)
    return X


def by_what_is_needed(layers, X, segment_size):
    """Recursive; reentrant where the input requires a gradient, not reentrant where only the weights do."""
    if not layers:
        return X
    first = torch.nn.Sequential(*layers[:segment_size])
    Y = checkpoint(first, X, use_reentrant=X.requires_grad)
    return by_what_is_needed(layers[segment_size:], Y, segment_size)
