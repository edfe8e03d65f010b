"""Ways in which sequence_mask goes wrong: which entries are replaced, and what takes their place."""

import torch
from masks import behind as _behind
from masks import kept as _kept
from masks import sequence_mask as _sequence_mask
from masks import steps as _steps


def polarity_inverted(X, valid_len, value=0):
    """The mask is the wrong way round: valid entries are replaced and padding is kept.

    Name the mask after what True means in it, and look up for which of the two torch's function takes the number.
    """
    return X.masked_fill(_kept(X, valid_len), value)


def polarity_inverted__rewrite(X, valid_len, value=0):
    out = X.clone()
    out[_steps(X)[None] < valid_len[:, None]] = value
    return out


def one_step_too_many(X, valid_len, value=0):
    """One step too many is kept.

    Steps are counted from 0, so a sequence of length n has the steps 0 to n - 1: compare with <, not with <=.
    """
    return X.masked_fill(_behind(_steps(X) > valid_len[:, None], X), value)


def one_step_too_many__rewrite(X, valid_len, value=0):
    return torch.where(_behind(_steps(X)[None] <= valid_len.unsqueeze(1), X), X, torch.full_like(X, value))


def one_step_too_few(X, valid_len, value=0):
    """One step too few is kept.

    Steps are counted from 0 here, as Python does. Counting from 1 and comparing with < loses the last valid step.
    """
    steps = torch.arange(1, X.shape[1] + 1, device=X.device)
    return X.masked_fill(_behind(steps >= valid_len[:, None], X), value)


def one_step_too_few__rewrite(X, valid_len, value=0):
    return _sequence_mask(X, valid_len.long() - 1, value)


def multiplied(X, valid_len, value=0):
    """The input is multiplied by the mask.

    Infinity times 0 is NaN, so what stands in the padding leaks out, and a value of -inf destroys the kept entries.
    Choose between two numbers instead of multiplying.
    """
    mask = _kept(X, valid_len).to(X.dtype)
    return X * mask + value * mask.logical_not().to(X.dtype)


def multiplied__rewrite(X, valid_len, value=0):
    keep = _kept(X, valid_len).type_as(X)
    fill = (~_kept(X, valid_len)).type_as(X)
    return torch.add(keep.mul(X), fill.mul(value))


def cleaned_and_multiplied(X, valid_len, value=0):
    """Infinity and NaN are replaced in the whole input, then it is multiplied by the mask.

    Kept entries must stay what they are, also when they are not finite. Choose instead of multiplying; then nothing
    needs to be cleaned.
    """
    mask = _kept(X, valid_len)
    clean = torch.nan_to_num(X) * mask.to(X.dtype)
    return torch.where(mask, clean, torch.full_like(X, value))


def cleaned_and_multiplied__rewrite(X, valid_len, value=0):
    return _sequence_mask(X.nan_to_num(), valid_len, value)


def value_added(X, valid_len, value=0):
    """The value is added to masked entries instead of replacing them.

    An additive mask leaves the old entries underneath, and with the value 0 it does nothing.
    """
    return torch.where(_kept(X, valid_len), X, X + torch.full_like(X, value))


def value_added__rewrite(X, valid_len, value=0):
    out = X.clone()
    padding = ~_kept(X, valid_len).expand_as(X)
    out[padding] = out[padding] + torch.full_like(X, value)[padding]
    return out


def value_ignored(X, valid_len, value=0):
    """Masked entries become 0, whatever value is.

    Attention scores need a large negative value, labels another: use the argument.
    """
    return X.masked_fill(~_kept(X, valid_len), 0)


def value_ignored__rewrite(X, valid_len, value=0):
    return torch.where(_kept(X, valid_len), X, torch.zeros_like(X))


def always_float(X, valid_len, value=0):
    """The answer is a float32 tensor, whatever the dtype of X.

    Masked labels must stay integers to serve as labels, and half or double precision must stay what it is.
    """
    return _sequence_mask(X.float(), valid_len, float(value))


def always_float__rewrite(X, valid_len, value=0):
    out = X.to(torch.float32, copy=True)
    out[~(_steps(X) < valid_len[:, None])] = float(value)
    return out


def integers_through_float(X, valid_len, value=0):
    """Integers make a detour through float32.

    Single precision holds integers exactly only up to 2^24; large ids come back changed. Work in the dtype of X.
    """
    return _sequence_mask(X.float(), valid_len, float(value)).to(X.dtype)


def integers_through_float__rewrite(X, valid_len, value=0):
    out = torch.full(X.shape, value, dtype=torch.float32, device=X.device)
    return torch.where(_kept(X, valid_len), X.to(out.dtype), out).type_as(X)


def booleans_become_integers(X, valid_len, value=0):
    """A boolean X gives integers.

    Choosing between booleans and an integer promotes the answer to integers. Bring the value to the dtype of X, or
    use a function that keeps the dtype of the tensor it fills.
    """
    return torch.where(_kept(X, valid_len), X, value)


def booleans_become_integers__rewrite(X, valid_len, value=0):
    fill = torch.tensor(value, dtype=torch.float64 if isinstance(value, float) else None, device=X.device)
    return torch.where(~_kept(X, valid_len), fill, X)


def value_in_single_precision(X, valid_len, value=0):
    """The value passes through float32.

    In a float64 X it then has only its first seven digits, and a large integer is rounded. Give it the dtype of X, or
    leave the Python number to a function that fills.
    """
    fill = torch.tensor(float(value), dtype=torch.float32, device=X.device).to(X.dtype)
    return torch.where(_kept(X, valid_len), X, fill)


def value_in_single_precision__rewrite(X, valid_len, value=0):
    fill = torch.full(X.shape, value, dtype=torch.float32, device=X.device).type_as(X)
    kept = _kept(X, valid_len).expand_as(X)
    out = X.clone()
    out[~kept] = fill[~kept]
    return out


def steps_in_the_dtype_of_the_lengths(X, valid_len, value=0):
    """The steps have the dtype of the lengths and overflow.

    Lengths of a small integer dtype are fine, but counting to num_steps in it wraps around, and steps far behind the
    end look valid again. Let the steps be int64.
    """
    steps = torch.arange(X.shape[1], device=X.device).to(valid_len.dtype)
    return X.masked_fill(~_behind(steps < valid_len[:, None], X), value)


def steps_in_the_dtype_of_the_lengths__rewrite(X, valid_len, value=0):
    steps = torch.arange(X.shape[1], device=X.device).type_as(valid_len).expand(X.shape[:2])
    return torch.where(_behind(valid_len.unsqueeze(1) > steps, X), X, torch.full_like(X, value))


def steps_in_the_dtype_of_the_input(X, valid_len, value=0):
    """The steps have the dtype of X.

    A dtype in which X is at home may be unable to count to num_steps: bfloat16 rounds, small integers overflow,
    booleans know two numbers. Let the steps be int64.
    """
    steps = _steps(X).to(X.dtype)
    return X.masked_fill(~_behind(steps < valid_len[:, None], X), value)


def steps_in_the_dtype_of_the_input__rewrite(X, valid_len, value=0):
    mask = _steps(X).type_as(X)[None] < valid_len.unsqueeze(1)
    return torch.where(_behind(mask, X), X, torch.full_like(X, value))


def steps_in_half_precision(X, valid_len, value=0):
    """The steps have a floating-point dtype of 16 bits.

    float16 holds every integer only up to 2048, bfloat16 up to 256: further steps are rounded, and the wrong entries
    masked. Let the steps be int64.
    """
    steps = torch.arange(X.shape[1], device=X.device).half()
    return X.masked_fill(~_behind(steps < valid_len[:, None], X), value)


def steps_in_half_precision__rewrite(X, valid_len, value=0):
    mask = _steps(X).to(torch.float16)[None] < valid_len.unsqueeze(1)
    return torch.where(_behind(mask, X), X, torch.full_like(X, value))


def two_axes_only(X, valid_len, value=0):
    """The mask is not extended to the further axes of X.

    Broadcasting aligns shapes at the end, so a (batch, num_steps) mask meets the last two axes of X, not the first
    two. Give it axes of size 1 at its end.
    """
    return X.masked_fill(~(_steps(X) < valid_len[:, None]), value)


def two_axes_only__rewrite(X, valid_len, value=0):
    mask = _steps(X).unsqueeze(0) < valid_len.unsqueeze(1)
    return torch.where(mask, X, torch.full_like(X, value))


def at_most_three_axes(X, valid_len, value=0):
    """Only inputs with two or three axes are handled.

    The mask needs as many axes of size 1 at its end as X has behind the second, however many these are.
    """
    mask = _steps(X) < valid_len[:, None]
    if X.dim() > 2:
        mask = mask.unsqueeze(-1)
    return X.masked_fill(~mask, value)


def at_most_three_axes__rewrite(X, valid_len, value=0):
    mask = _steps(X)[None] < valid_len.unsqueeze(1)
    mask = mask if X.dim() == 2 else mask[:, :, None]
    return torch.where(mask, X, torch.full_like(X, value))


def last_axis_masked(X, valid_len, value=0):
    """The steps are counted along the last axis.

    Steps are axis 1. For an input of two axes this is the last one, for others it is not.
    """
    steps = torch.arange(X.shape[-1], device=X.device)
    return X.masked_fill(steps >= valid_len.reshape(-1, *[1] * (X.dim() - 1)), value)


def last_axis_masked__rewrite(X, valid_len, value=0):
    return _sequence_mask(X.movedim(-1, 1), valid_len, value).movedim(1, -1)


def length_zero_kept(X, valid_len, value=0):
    """A valid length of 0 is taken as 1.

    An empty sequence has no valid entry. If the code after the mask cannot deal with that, it is not the mask that
    must change.
    """
    return _sequence_mask(X, valid_len.clamp(min=1), value)


def length_zero_kept__rewrite(X, valid_len, value=0):
    return X.masked_fill(~_kept(X, valid_len + (valid_len == 0).to(valid_len.dtype)), value)


def length_zero_unmasked(X, valid_len, value=0):
    """A row of valid length 0 is not masked at all.

    Length 0 says that everything is padding, not that no length was given. An index that counts down from it ends
    at -1, which is the last row of a table.
    """
    return _sequence_mask(X, torch.where(valid_len == 0, X.shape[1], valid_len.long()), value)


def length_zero_unmasked__rewrite(X, valid_len, value=0):
    table = torch.ones(X.shape[1] + 1, X.shape[1], dtype=torch.bool, device=X.device).tril()
    rows = valid_len.long().clamp(max=X.shape[1]) - 1
    return X.masked_fill(~_behind(table[rows], X), value)


def as_wide_as_the_longest(X, valid_len, value=0):
    """The mask is as wide as the longest valid length.

    When no sequence of the batch is full, the mask is narrower than X; when a length exceeds num_steps, it is wider.
    The number of steps stands in the shape of X.
    """
    steps = torch.arange(valid_len.max().item() if len(valid_len) else X.shape[1], device=X.device)
    return X.masked_fill(~_behind(steps < valid_len[:, None], X), value)


def as_wide_as_the_longest__rewrite(X, valid_len, value=0):
    longest = int(valid_len.sort().values[-1]) if valid_len.numel() else X.shape[1]
    mask = _behind(torch.arange(longest, device=X.device)[None] < valid_len.unsqueeze(1), X)
    return torch.where(mask, X, torch.full_like(X, value))


def lengths_in_a_small_dtype(X, valid_len, value=0):
    """Large valid lengths lose their size.

    Often they are turned into a small integer dtype, in which they wrap around: in int16, 40000 is negative. Compare
    the lengths as they are.
    """
    steps = torch.arange(X.shape[1], device=X.device)
    return X.masked_fill(~_behind(steps < valid_len.to(torch.int16)[:, None], X), value)


def lengths_in_a_small_dtype__rewrite(X, valid_len, value=0):
    short = valid_len.short().unsqueeze(1)
    mask = torch.arange(X.size(1), device=X.device).expand(X.shape[:2]) < short
    return torch.where(_behind(mask, X), X, torch.full_like(X, value))
