"""Ways in which sequence_mask goes wrong with tensors: what it changes, device, gradient, loops."""

import torch
from masks import behind as _behind
from masks import kept as _kept
from masks import sequence_mask as _sequence_mask
from masks import steps as _steps


def argument_overwritten(X, valid_len, value=0):
    """The value is written into the argument.

    The caller's tensor is lost, and autograd refuses to change a leaf that requires a gradient. Leave X alone and
    make a new tensor.
    """
    X.masked_fill_(~_kept(X, valid_len), value)
    return X.clone()


def argument_overwritten__rewrite(X, valid_len, value=0):
    mask = torch.arange(X.size(1), dtype=torch.float32, device=X.device)[None, :] < valid_len[:, None]
    X[~mask] = value
    return X


def steps_on_the_cpu(X, valid_len, value=0):
    """The steps are created on the CPU.

    Without an argument device, torch.arange makes a CPU tensor, which cannot be compared with lengths on an
    accelerator. Create it on the device of X.
    """
    mask = torch.arange(X.shape[1]) < valid_len[:, None]
    return X.masked_fill(~_behind(mask, X), value)


def steps_on_the_cpu__rewrite(X, valid_len, value=0):
    steps = torch.ones(X.shape[1], dtype=torch.int64).cumsum(0)
    return torch.where(_behind(valid_len.unsqueeze(-1) >= steps, X), X, torch.full_like(X, value))


def copied_to_the_cpu(X, valid_len, value=0):
    """A tensor is copied to the CPU.

    Every call then waits for the copy, and often for another one back. Create the mask where X is, from the lengths
    where they are.
    """
    return _sequence_mask(X.cpu(), valid_len.cpu(), value).to(X.device)


def copied_to_the_cpu__rewrite(X, valid_len, value=0):
    kept = torch.arange(X.shape[1]) < valid_len.to("cpu").unsqueeze(1)
    return torch.where(_behind(kept, X), X.to("cpu"), torch.full(X.shape, value, dtype=X.dtype)).to(X.device)


def loop_over_the_batch(X, valid_len, value=0):
    """The rows are masked one after another in a loop.

    Every row costs calls of its own, and every length must be fetched from the device. One comparison by
    broadcasting makes the mask of the whole batch.
    """
    out = X.clone()
    for i, n in enumerate(valid_len):
        out[i, n:] = value
    return out


def loop_over_the_batch__rewrite(X, valid_len, value=0):
    rows = []
    for i in range(X.shape[0]):
        n = min(int(valid_len[i]), X.shape[1])
        rows.append(torch.cat([X[i, :n], torch.full_like(X[i, n:], value)]))
    return torch.stack(rows) if rows else X.clone()


def loop_over_the_steps(X, valid_len, value=0):
    """The steps are masked one after another in a loop.

    Every step costs calls of its own. One comparison by broadcasting makes the mask of all steps.
    """
    out, valid_len = X.clone(), valid_len.long()
    for t in range(X.shape[1]):
        out[:, t] = X[:, t].masked_fill((t >= valid_len).reshape(-1, *[1] * (X.dim() - 2)), value)
    return out


def loop_over_the_steps__rewrite(X, valid_len, value=0):
    columns = [
        torch.where((valid_len.long() > t).view(-1, *[1] * (X.dim() - 2)), column, torch.full_like(column, value))
        for t, column in enumerate(X.unbind(1))
    ]
    return torch.stack(columns, dim=1) if columns else X.clone()


def number_read_by_the_host(X, valid_len, value=0):
    """A number is read out of a tensor.

    `.item()`, `.tolist()`, `.numpy()` and a tensor in an `if`, a slice, a `range` or a loop make Python wait until the
    device has finished. Often the mask is then built in Python, or the widest length is looked up: compare tensors.
    """
    rows = [[t < n for t in range(X.shape[1])] for n in valid_len.tolist()]
    mask = torch.tensor(rows, dtype=torch.bool, device=X.device).reshape(X.shape[:2])
    return X.masked_fill(~_behind(mask, X), value)


def number_read_by_the_host__rewrite(X, valid_len, value=0):
    flat = []
    for n in valid_len.tolist():
        flat += [False] * min(n, X.shape[1]) + [True] * max(X.shape[1] - n, 0)
    padding = torch.tensor(flat, dtype=torch.bool, device=X.device).view(X.shape[0], X.shape[1])
    return torch.where(_behind(padding, X), torch.full_like(X, value), X)


def detached(X, valid_len, value=0):
    """The answer is cut off from the graph.

    No gradient reaches X, so nothing before the mask can learn. A copy that keeps the graph is enough.
    """
    out = X.detach().clone()
    out[~(_steps(X) < valid_len[:, None])] = value
    return out


@torch.no_grad()
def detached__rewrite(X, valid_len, value=0):
    return _sequence_mask(X, valid_len, value)


def masked_behind_the_back_of_autograd(X, valid_len, value=0):
    """The value is written through .data or without gradients, so autograd does not know of the mask.

    The gradient then flows to masked entries as if they had been kept. Let autograd see how they are replaced.
    """
    out = X.clone()
    out.data[~(_steps(X) < valid_len[:, None])] = value
    return out


def masked_behind_the_back_of_autograd__rewrite(X, valid_len, value=0):
    out = X.clone()
    with torch.no_grad():
        out.masked_fill_(~_kept(X, valid_len), value)
    return out


def argument_returned(X, valid_len, value=0):
    """X itself is returned when nothing is masked.

    Whoever then writes into the answer changes the argument, and only in some batches; the test also has to wait
    for the device. Return a new tensor always.
    """
    if bool((valid_len >= X.shape[1]).all()):
        return X
    return _sequence_mask(X, valid_len, value)


def argument_returned__rewrite(X, valid_len, value=0):
    padding = ~_kept(X, valid_len).expand_as(X)
    return X.masked_fill(padding, value) if padding.any() else X


def lengths_changed(X, valid_len, value=0):
    """The valid lengths are changed in place.

    A method whose name ends in an underscore works on the caller's tensor, and the lengths are needed again.
    """
    valid_len.clamp_(max=X.shape[1])
    return _sequence_mask(X, valid_len, value)


def lengths_changed__rewrite(X, valid_len, value=0):
    valid_len[valid_len > X.shape[1]] = X.shape[1]
    return X.masked_fill(~_kept(X, valid_len), value)


def contiguous_input_only(X, valid_len, value=0):
    """The code needs a contiguous input.

    A transposed or expanded tensor cannot be flattened by view. Broadcast over the axes as they are, or use reshape.
    """
    padding = ~_kept(X, valid_len).expand(X.shape)
    return X.view(-1).masked_fill(padding.reshape(-1), value).view(X.shape)


def contiguous_input_only__rewrite(X, valid_len, value=0):
    kept = _kept(X, valid_len).expand_as(X).flatten()
    flat = X.view(X.numel())
    return torch.where(kept, flat, torch.full_like(flat, value)).view(X.shape)
