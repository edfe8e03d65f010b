"""Ways in which checkpointing goes wrong: with the library, and with a function of one's own."""

import torch
from segments import own as _own
from segments import pieces as _pieces
from segments import plain as _plain
from torch import nn
from torch.utils.checkpoint import checkpoint as _checkpoint
from torch.utils.checkpoint import checkpoint_sequential as _checkpoint_sequential


def no_checkpointing(layers, X, segment_size):
    """Nothing is computed again: the plain forward pass keeps all activations.

    Run each segment under `torch.utils.checkpoint.checkpoint`, or in a function of your own that keeps only its input.
    """
    return _plain(layers, X)


def no_checkpointing__rewrite(layers, X, segment_size):
    return nn.Sequential(*layers)(X)


def reentrant(layers, X, segment_size):
    """Where the input requires no gradient, the parameters get none.

    What a reentrant checkpoint returns requires a gradient only if one of its tensor arguments does, and the weights
    are not among them. Use `use_reentrant=False`, or hand the parameters to your own function as arguments.
    """
    for segment in _pieces(layers, segment_size):
        X = _checkpoint(nn.Sequential(*segment), X, use_reentrant=True)
    return X


def reentrant__rewrite(layers, X, segment_size):
    for segment in _pieces(layers, segment_size):
        X = _own("reentrant", segment, X)
    return X


def every_layer(layers, X, segment_size):
    """Every layer is a segment of its own; `segment_size` is not used.

    What enters each layer is kept, which is most of what the plain forward pass keeps. Put the layers of a segment
    together and checkpoint them as one.
    """
    for layer in layers:
        X = _checkpoint(layer, X, use_reentrant=False)
    return X


def every_layer__rewrite(layers, X, segment_size):
    for segment in _pieces(layers, 1):
        X = _own("", segment, X)
    return X


def one_segment(layers, X, segment_size):
    """The whole network is one segment; `segment_size` is not used.

    Nothing is kept on the way forward, but on the way back all activations are there at one time: the peak is that of
    the plain forward pass. Checkpoint each segment by itself.
    """
    return _checkpoint(nn.Sequential(*layers), X, use_reentrant=False)


def one_segment__rewrite(layers, X, segment_size):
    return _own("", layers, X)


def size_for_number(layers, X, segment_size):
    """`segment_size` is taken for the number of segments.

    It is the number of layers in a segment. `checkpoint_sequential` takes the other one.
    """
    size = max(len(layers) // segment_size, 1)
    for segment in _pieces(layers, size):
        X = _checkpoint(nn.Sequential(*segment), X, use_reentrant=False)
    return X


def size_for_number__rewrite(layers, X, segment_size):
    for segment in _pieces(layers, max(len(layers) // segment_size, 1)):
        X = _own("", segment, X)
    return X


def last_segment_plain(layers, X, segment_size):
    """The last segment is not checkpointed.

    Its activations are kept, and it is computed once. That saves work, since it is the first one needed on the way
    back, and `checkpoint_sequential` does so too; here the last segment is treated like the others.
    """
    *most, last = _pieces(layers, segment_size)
    for segment in most:
        X = _checkpoint(nn.Sequential(*segment), X, use_reentrant=False)
    return _plain(last, X)


def last_segment_plain__rewrite(layers, X, segment_size):
    for start in range(0, len(layers), segment_size):
        segment = layers[start : start + segment_size]
        X = _plain(segment, X) if start + segment_size >= len(layers) else _own("", segment, X)
    return X


def sequential(layers, X, segment_size):
    """`checkpoint_sequential` is given the number of segments, and cuts them in its own way.

    It rounds the size of a segment down, puts all layers that are left over into the last one, and does not checkpoint
    that. Cut the segments yourself.
    """
    return _checkpoint_sequential(layers, -(-len(layers) // segment_size), X, use_reentrant=False)


def sequential__rewrite(layers, X, segment_size):
    number = -(-len(layers) // segment_size)
    size = len(layers) // number
    for n in range(number - 1):
        X = _own("", layers[n * size : (n + 1) * size], X)
    return _plain(layers[(number - 1) * size :], X)


def sequential_by_size(layers, X, segment_size):
    """`checkpoint_sequential` is given `segment_size`, where it takes the number of segments.

    It also leaves the last segment plain. Cut the segments yourself.
    """
    return _checkpoint_sequential(nn.Sequential(*layers), segment_size, X, use_reentrant=False)


def sequential_by_size__rewrite(layers, X, segment_size):
    size, stop = len(layers) // segment_size, 0
    for start in range(0, size * (segment_size - 1), size):
        stop = start + size
        X = _own("", layers[start:stop], X)
    return _plain(layers[stop:], X)


def left_over(layers, X, segment_size):
    """The layers that are left over after the last full segment are not run.

    The last segment may be smaller: count the segments rounded up, or take steps of segment_size through the layers.
    """
    for n in range(len(layers) // segment_size):
        X = _checkpoint(nn.Sequential(*layers[n * segment_size : (n + 1) * segment_size]), X, use_reentrant=False)
    return X


def left_over__rewrite(layers, X, segment_size):
    for segment in _pieces(layers, segment_size):
        X = _own("", segment, X) if len(segment) == segment_size else X
    return X


def late_lambda(layers, X, segment_size):
    """On the way back every segment is computed with the layers of the last one.

    The function that is checkpointed reads a variable of the loop. On the way back the loop is over, and the variable
    holds the last segment. Give each segment a function, a module or an argument of its own.
    """
    for start in range(0, len(layers), segment_size):
        X = _checkpoint(lambda h: _plain(layers[start : start + segment_size], h), X, use_reentrant=False)  # noqa: B023
    return X


def late_lambda__rewrite(layers, X, segment_size):
    for segment in _pieces(layers, segment_size):

        def run(h):
            for layer in segment:  # noqa: B023
                h = layer(h)
            return h

        X = _checkpoint(run, X, use_reentrant=False)
    return X


def other_numbers(layers, X, segment_size):
    """Random layers draw other numbers the second time.

    The gradients then belong to another function than the one whose value was given. Keep the state of the generators
    before a segment and put it back for the second computation: the library does so unless `preserve_rng_state=False`.
    """
    for segment in _pieces(layers, segment_size):
        X = _checkpoint(nn.Sequential(*segment), X, use_reentrant=False, preserve_rng_state=False)
    return X


def other_numbers__rewrite(layers, X, segment_size):
    for segment in _pieces(layers, segment_size):
        X = _own("other_numbers", segment, X)
    return X


def numbers_of_the_cpu(layers, X, segment_size):
    """Only the CPU's random numbers are drawn again; a device has a generator of its own.

    Dropout on a GPU draws there. Keep and put back `torch.cuda.get_rng_state()` too.
    """
    for segment in _pieces(layers, segment_size):
        X = _own("numbers_of_the_cpu", segment, X)
    return X


def numbers_of_the_cpu__rewrite(layers, X, segment_size):
    def compute(segment, state, called, h):
        if not called:
            called.append(True)
            return _plain(segment, h)
        now = torch.get_rng_state()
        torch.set_rng_state(state)
        try:
            return _plain(segment, h)
        finally:
            torch.set_rng_state(now)

    for segment in _pieces(layers, segment_size):
        state = torch.get_rng_state()
        X = _checkpoint(compute, segment, state, [], X, use_reentrant=False, preserve_rng_state=False)
    return X


def not_put_back(layers, X, segment_size):
    """The generator stays where the second computation left it.

    Whatever draws next gets numbers that were drawn before. Remember the state before the second computation, and put
    it back after it.
    """
    for segment in _pieces(layers, segment_size):
        X = _own("not_put_back", segment, X)
    return X


def not_put_back__rewrite(layers, X, segment_size):
    def compute(segment, host, device, h):
        torch.set_rng_state(host)
        if device is not None:
            torch.cuda.set_rng_state(device)
        return _plain(segment, h)

    for segment in _pieces(layers, segment_size):
        states = torch.get_rng_state(), torch.cuda.get_rng_state() if X.is_cuda else None
        X = _checkpoint(compute, segment, *states, X, use_reentrant=False, preserve_rng_state=False)
    return X


def seeded(layers, X, segment_size):
    """Every segment sets a seed of its own.

    The numbers are the same both times, but they are the same in every step of the training too, and in every segment.
    Keep the state of the generator instead.
    """

    def compute(segment, h):
        torch.manual_seed(0)
        return _plain(segment, h)

    for segment in _pieces(layers, segment_size):
        X = _checkpoint(compute, segment, X, use_reentrant=False, preserve_rng_state=False)
    return X


def seeded__rewrite(layers, X, segment_size):
    for segment in _pieces(layers, segment_size):
        torch.manual_seed(0)
        X = _own("not_put_back", segment, X)
    return X


def precision(layers, X, segment_size):
    """A segment that was computed under autocast is computed again without it.

    `backward` runs outside the autocast block. Remember whether autocast was enabled, and its dtype, and enter it again
    for the second computation; torch.amp.custom_fwd does not do that for what you compute in `backward` yourself.
    """
    for segment in _pieces(layers, segment_size):
        X = _own("precision", segment, X)
    return X


class _Bare(torch.autograd.Function):
    @staticmethod
    def forward(ctx, run, X, *weights):
        ctx.run = run
        ctx.save_for_backward(X)
        return run(X)

    @staticmethod
    def backward(ctx, slope):
        (X,) = ctx.saved_tensors
        X = X.detach().requires_grad_(ctx.needs_input_grad[1])
        with torch.enable_grad():
            Y = ctx.run(X)
        weights = [p for p in ctx.run.parameters()]
        wanted = [t for t in (X, *weights) if t.requires_grad]
        found = dict(zip(map(id, wanted), torch.autograd.grad(Y, wanted, slope.float()), strict=True))
        return None, *(found.get(id(t)) for t in (X, *weights))


class _Redrawn(nn.Sequential):
    """Draws again what it drew first."""

    def forward(self, X):
        first, now = self.__dict__.setdefault("first", torch.get_rng_state()), torch.get_rng_state()
        there = torch.cuda.get_rng_state() if X.is_cuda else None
        before = self.__dict__.setdefault("there", there)
        again = self.__dict__.get("again", False)
        torch.set_rng_state(first)
        if before is not None:
            torch.cuda.set_rng_state(before)
        Y = super().forward(X)
        if again:
            torch.set_rng_state(now)
            if there is not None:
                torch.cuda.set_rng_state(there)
        self.__dict__["again"] = True
        return Y


def precision__rewrite(layers, X, segment_size):
    for segment in _pieces(layers, segment_size):
        run = _Redrawn(*segment)
        X = _Bare.apply(run, X, *run.parameters())
    return X


class _NoGraph(torch.autograd.Function):
    @staticmethod
    def forward(ctx, segment, X, *weights):
        ctx.segment = segment
        ctx.save_for_backward(X, *weights)
        return _plain(segment, X)

    @staticmethod
    def backward(ctx, slope):
        X, *weights = ctx.saved_tensors
        X = X.detach().requires_grad_()
        return None, *torch.autograd.grad(_plain(ctx.segment, X), [X, *weights], slope)


def no_graph(layers, X, segment_size):
    """The second computation records no graph.

    Gradients are not recorded inside a function's `backward`, unless it asks for that: compute the segment again under
    torch.enable_grad().
    """
    for segment in _pieces(layers, segment_size):
        X = _NoGraph.apply(segment, X, *(p for layer in segment for p in layer.parameters()))
    return X


def no_graph__rewrite(layers, X, segment_size):
    for segment in _pieces(layers, segment_size):
        X = _own("no_graph", segment, X)
    return X


def cut_off(layers, X, segment_size):
    """The answer is cut off from the graph.

    Under no_grad nothing is kept, and nothing can be computed on the way back either. A checkpoint leaves one node in
    the graph for each segment, which knows how to compute it again.
    """
    with torch.no_grad():
        return _plain(layers, X)


def cut_off__rewrite(layers, X, segment_size):
    for segment in _pieces(layers, segment_size):
        X = _plain(segment, X).detach()
    return X


def input_cut_off(layers, X, segment_size):
    """No gradient reaches `X`: it was replaced by a detached copy.

    A copy that requires a gradient makes the reentrant checkpoint give the parameters theirs, but cuts off what lies
    before `X`. Use `use_reentrant=False`.
    """
    X = X.detach().requires_grad_()
    for segment in _pieces(layers, segment_size):
        X = _checkpoint(nn.Sequential(*segment), X, use_reentrant=True)
    return X


def input_cut_off__rewrite(layers, X, segment_size):
    X = X.clone().detach().requires_grad_(True)
    for segment in _pieces(layers, segment_size):
        X = _own("", segment, X)
    return X


def input_made_to_require(layers, X, segment_size):
    """`X` is made to require a gradient.

    It is the caller's tensor. It also makes frozen segments at the beginning be computed again for nobody. Use
    `use_reentrant=False`, or hand the parameters to your own function as arguments.
    """
    X.requires_grad_()
    for segment in _pieces(layers, segment_size):
        X = _checkpoint(nn.Sequential(*segment), X, use_reentrant=True)
    return X


def input_made_to_require__rewrite(layers, X, segment_size):
    X.requires_grad = True
    for segment in _pieces(layers, segment_size):
        X = _own("", segment, X)
    return X


def needless(layers, X, segment_size):
    """Segments that no gradient reaches are computed again too.

    Where neither the input nor a parameter of a segment requires a gradient, there is nothing to compute it again for.
    A number that requires a gradient, handed in so that the output requires one, hides that.
    """

    def compute(segment, one, h):
        return _plain(segment, h * one)

    one = torch.ones((), device=X.device, requires_grad=True)
    for segment in _pieces(layers, segment_size):
        X = _checkpoint(compute, segment, one, X, use_reentrant=False)
    return X


def needless__rewrite(layers, X, segment_size):
    def compute(segment, dummy, h):
        return _plain(segment, h + dummy)

    dummy = torch.zeros(1, requires_grad=True, device=X.device)
    for segment in _pieces(layers, segment_size):
        X = _checkpoint(compute, segment, dummy, X, use_reentrant=True)
    return X


def frozen_segments(layers, X, segment_size):
    """No gradient passes through frozen segments.

    Their own parameters need none, but the layers before them do. Leave a segment out of the graph only where its input
    requires no gradient either.
    """
    for segment in _pieces(layers, segment_size):
        if any(p.requires_grad for layer in segment for p in layer.parameters()):
            X = _checkpoint(nn.Sequential(*segment), X, use_reentrant=False)
        else:
            with torch.no_grad():
                X = _plain(segment, X)
    return X


def frozen_segments__rewrite(layers, X, segment_size):
    for segment in _pieces(layers, segment_size):
        trained = [p for layer in segment for p in layer.parameters() if p.requires_grad]
        X = _own("", segment, X) if trained else _plain(segment, X).detach()
    return X


def three_times(layers, X, segment_size):
    """Layers are computed more often than twice.

    Once on the way forward and once on the way back is enough: what is computed again gives the output and the
    gradients in one go.
    """
    for segment in _pieces(layers, segment_size):
        with torch.no_grad():
            _plain(segment, X)
        X = _checkpoint(nn.Sequential(*segment), X, use_reentrant=False)
    return X


def three_times__rewrite(layers, X, segment_size):
    for segment in _pieces(layers, segment_size):
        with torch.set_grad_enabled(False):
            _plain(segment, X.clone())
        X = _own("", segment, X)
    return X


def from_the_start(layers, X, segment_size):
    """Each segment is computed again from the very first layer.

    Only `X` is kept, so that the first segment is computed once more for every later one. Keep what enters each
    segment: it is little, and saves that work.
    """

    def compute(n, h):
        return _plain(layers[n : n + segment_size], h if n == 0 else compute_all(n, h))

    def compute_all(n, h):
        return _checkpoint(compute, n - segment_size, h, use_reentrant=False)

    last = (len(layers) - 1) // segment_size * segment_size
    return _checkpoint(compute, last, X, use_reentrant=False)


def from_the_start__rewrite(layers, X, segment_size):
    def up_to(stop, h):
        if stop > segment_size:
            rest = (stop - 1) // segment_size * segment_size
            h = _checkpoint(up_to, rest, h, use_reentrant=False)
            return _plain(layers[rest:stop], h)
        return _plain(layers[:stop], h)

    return _checkpoint(up_to, len(layers), X, use_reentrant=False)
