"""Ways in which causal_mask goes wrong."""

import torch


def _mask(num_steps, device=None):
    return torch.ones(num_steps, num_steps, dtype=torch.bool, device=device).tril()


def looks_ahead(num_steps, device=None):
    """Each step sees itself and what comes after it.

    That is the other triangle. A step sees itself and those before it: what is on the diagonal and left of it.
    """
    return torch.ones(num_steps, num_steps, dtype=torch.bool, device=device).triu()


def looks_ahead__rewrite(num_steps, device=None):
    steps = torch.arange(num_steps, device=device)
    return steps[:, None] <= steps[None, :]


def true_means_masked(num_steps, device=None):
    """True marks what may not be looked at.

    nn.MultiheadAttention reads masks like that. Here True means: may be looked at.
    """
    return torch.ones(num_steps, num_steps, dtype=torch.bool, device=device).triu(1)


def true_means_masked__rewrite(num_steps, device=None):
    return ~_mask(num_steps, device)


def itself_left_out(num_steps, device=None):
    """A step does not see itself.

    The first step would see nothing at all. The diagonal belongs to the mask.
    """
    return torch.ones(num_steps, num_steps, dtype=torch.bool, device=device).tril(-1)


def itself_left_out__rewrite(num_steps, device=None):
    steps = torch.arange(num_steps, device=device)
    return steps[None, :] < steps[:, None]


def one_step_ahead(num_steps, device=None):
    """Each step sees one step too many.

    The next token is what the decoder has to predict. Keep the diagonal and what is left of it.
    """
    return torch.ones(num_steps, num_steps, dtype=torch.bool, device=device).tril(1)


def one_step_ahead__rewrite(num_steps, device=None):
    steps = torch.arange(num_steps, device=device)
    return steps[None, :] <= steps[:, None] + 1


def everything_seen(num_steps, device=None):
    """Everything may be looked at.

    With such a mask a decoder copies the answer. Keep one triangle.
    """
    return torch.ones(num_steps, num_steps, dtype=torch.bool, device=device)


def everything_seen__rewrite(num_steps, device=None):
    return torch.full((num_steps, num_steps), True, device=device)


def only_itself(num_steps, device=None):
    """Each step sees only itself.

    The steps before it count as well: a triangle, not only its diagonal.
    """
    return torch.eye(num_steps, dtype=torch.bool, device=device)


def only_itself__rewrite(num_steps, device=None):
    steps = torch.arange(num_steps, device=device)
    return steps == steps.unsqueeze(1)


def numbers(num_steps, device=None):
    """The mask holds numbers.

    A mask of zeros and ones is added or multiplied by mistake, and ~ of it is no negation. Make it of bools.
    """
    return torch.ones(num_steps, num_steps, device=device).tril()


def numbers__rewrite(num_steps, device=None):
    return _mask(num_steps, device).float()


def integers(num_steps, device=None):
    """The mask holds integers.

    Indexing with integers chooses rows by their number, and ~1 is -2. Make it of bools.
    """
    return _mask(num_steps, device).long()


def integers__rewrite(num_steps, device=None):
    return torch.ones((num_steps, num_steps), dtype=torch.int64, device=device).tril()


def minus_infinity(num_steps, device=None):
    """The mask holds 0 and minus infinity.

    Such a mask is added to scores. Here a bool says who may be looked at.
    """
    return torch.full((num_steps, num_steps), float("-inf"), device=device).triu(1)


def minus_infinity__rewrite(num_steps, device=None):
    return torch.zeros(num_steps, num_steps, device=device).masked_fill(~_mask(num_steps, device), -torch.inf)


def device_ignored(num_steps, device=None):
    """The mask is made on the CPU, whatever device is asked for.

    It cannot be compared with scores on a GPU. Give the device to the function that makes the tensor.
    """
    return torch.ones(num_steps, num_steps, dtype=torch.bool).tril()


def device_ignored__rewrite(num_steps, device=None):
    steps = torch.arange(num_steps)
    return steps <= steps.reshape(-1, 1)


def device_of_the_machine(num_steps, device=None):
    """The mask is made on the GPU wherever there is one.

    The caller says where; the machine may have a GPU that is used for something else. Pass on the device that is given.
    """
    chosen = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.ones(num_steps, num_steps, dtype=torch.bool, device=chosen).tril()


def device_of_the_machine__rewrite(num_steps, device=None):
    mask = torch.ones(num_steps, num_steps, dtype=torch.bool).tril()
    return mask.cuda() if torch.cuda.is_available() else mask


def row_by_row(num_steps, device=None):
    """The mask is filled in a loop.

    A loop costs an operation for each step. One call keeps a triangle, one comparison makes it.
    """
    mask = torch.zeros(num_steps, num_steps, dtype=torch.bool, device=device)
    for step in range(num_steps):
        mask[step, : step + 1] = True
    return mask


def row_by_row__rewrite(num_steps, device=None):
    steps = torch.arange(num_steps, device=device)
    rows = [steps <= step for step in range(num_steps)]
    return torch.stack(rows) if rows else torch.zeros(0, 0, dtype=torch.bool, device=device)


def batch_axis(num_steps, device=None):
    """The mask has an axis too many.

    It is (num_steps, num_steps); an axis for the batch or the heads is added where it is needed.
    """
    return _mask(num_steps, device).unsqueeze(0)


def batch_axis__rewrite(num_steps, device=None):
    return torch.ones(1, num_steps, num_steps, dtype=torch.bool, device=device).tril()


def of_the_next_size(num_steps, device=None):
    """The mask has one step too many.

    range and arange end before their argument; the mask has num_steps rows.
    """
    return _mask(num_steps + 1, device)


def of_the_next_size__rewrite(num_steps, device=None):
    steps = torch.arange(0, num_steps + 1, device=device)
    return steps <= steps[:, None]


def small_steps(num_steps, device=None):
    """The steps are counted in 8 bits.

    From 128 steps on they run over into negative numbers. Let arange choose, or take int64.
    """
    steps = torch.arange(num_steps, device=device).to(torch.int8)
    return steps <= steps[:, None]


def small_steps__rewrite(num_steps, device=None):
    steps = torch.arange(num_steps, device=device).char()
    return steps[None, :].le(steps.unsqueeze(-1))
