"""Ways in which merge_heads goes wrong."""

import torch


def _checked(X, num_heads):
    if X.shape[0] % num_heads:
        raise ValueError(f"{X.shape[0]} rows are not those of {num_heads} heads")
    return (X.shape[0] // num_heads, num_heads, *X.shape[1:])


def reshaped_without_permuting(X, num_heads):
    """The axes are reshaped, but never permuted.

    A reshape reads the numbers in the old order, in which all steps of head 0 come before head 1. A step of the answer
    has the features of all heads: the heads' axis has to move behind the steps'.
    """
    batch, heads, steps, size = _checked(X, num_heads)
    return X.reshape(batch, steps, heads * size)


def reshaped_without_permuting__rewrite(X, num_heads):
    batch, heads, steps, size = _checked(X, num_heads)
    return X.contiguous().view(batch, steps, heads, size).flatten(2)


def heads_before_samples(X, num_heads):
    """The rows are taken for all samples of head 0, then all of head 1.

    The heads of a sample lie next to each other: when the first axis is cut, the samples are the first of the two.
    """
    batch, heads, steps, size = _checked(X, num_heads)
    return X.reshape(heads, batch, steps, size).permute(1, 2, 0, 3).reshape(batch, steps, heads * size)


def heads_before_samples__rewrite(X, num_heads):
    batch = _checked(X, num_heads)[0]
    if not batch:
        return X.new_zeros(0, X.shape[1], num_heads * X.shape[2])
    return torch.cat(X.split(batch, dim=0), dim=2)


def features_dealt_out(X, num_heads):
    """The features of the heads are interleaved.

    Features 0 of all heads, then features 1: that is the order of (size, heads). The features of a head stay together:
    the heads' axis comes before the size of a head.
    """
    batch, heads, steps, size = _checked(X, num_heads)
    return X.reshape(batch, heads, steps, size).permute(0, 2, 3, 1).reshape(batch, steps, heads * size)


def features_dealt_out__rewrite(X, num_heads):
    batch, heads, steps, size = _checked(X, num_heads)
    return torch.stack(X.unflatten(0, (batch, heads)).unbind(1), dim=-1).flatten(2)


def heads_side_by_side_on_an_axis(X, num_heads):
    """The heads are left on an axis of their own.

    The answer has three axes: the heads and their features become one axis again.
    """
    return X.reshape(_checked(X, num_heads)).permute(0, 2, 1, 3)


def heads_side_by_side_on_an_axis__rewrite(X, num_heads):
    batch, heads, _, _ = _checked(X, num_heads)
    return torch.stack(X.unflatten(0, (batch, heads)).unbind(1), dim=2)


def heads_one_after_another(X, num_heads):
    """The heads follow each other in time, instead of standing side by side.

    Joined with the steps they make a sequence that is `num_heads` times as long. It is the features that get more.
    """
    batch, heads, steps, size = _checked(X, num_heads)
    return X.reshape(batch, heads * steps, size)


def heads_one_after_another__rewrite(X, num_heads):
    batch, heads, _, _ = _checked(X, num_heads)
    return torch.cat(X.unflatten(0, (batch, heads)).unbind(1), dim=1)


def heads_added(X, num_heads):
    """The heads are added up.

    Their features are put side by side: what a head has found must not mix with what another has.
    """
    return X.reshape(_checked(X, num_heads)).sum(1)


def heads_added__rewrite(X, num_heads):
    batch, heads, _, _ = _checked(X, num_heads)
    return sum(X.unflatten(0, (batch, heads)).unbind(1))


def heads_and_batch_exchanged(X, num_heads):
    """`num_heads` is taken for the number of samples.

    There are rows / num_heads samples, and each has `num_heads` heads.
    """
    heads, batch, steps, size = _checked(X, num_heads)
    return X.reshape(batch, heads, steps, size).permute(0, 2, 1, 3).reshape(batch, steps, heads * size)


def heads_and_batch_exchanged__rewrite(X, num_heads):
    heads, batch, _, _ = _checked(X, num_heads)
    return X.unflatten(0, (batch, heads)).transpose(1, 2).flatten(2, 3)


def rest_dropped(X, num_heads):
    """Rows that are left over are dropped without a word.

    With `//` alone, 5 rows and 2 heads lose a row, and nobody notices. Check, and raise a ValueError.
    """
    rows, steps, size = X.shape
    batch = rows // num_heads
    kept = X[: batch * num_heads].reshape(batch, num_heads, steps, size)
    return kept.permute(0, 2, 1, 3).reshape(batch, steps, num_heads * size)


def rest_dropped__rewrite(X, num_heads):
    batch = X.shape[0] // num_heads
    whole = X.narrow(0, 0, batch * num_heads).unflatten(0, (batch, num_heads))
    return whole.transpose(1, 2).flatten(2)


def no_error_of_its_own(X, num_heads):
    """Rows that do not divide end in an error of torch's, not in a ValueError.

    Whoever reads “shape is invalid for input of size 30” has to guess. Check first, and raise a ValueError that says
    what does not fit.
    """
    rows, steps, size = X.shape
    batch = rows // num_heads
    side_by_side = X.reshape(batch, num_heads, steps, size).permute(0, 2, 1, 3)
    return side_by_side.reshape(batch, steps, num_heads * size)


def no_error_of_its_own__rewrite(X, num_heads):
    return X.unflatten(0, (X.shape[0] // num_heads, num_heads)).transpose(1, 2).flatten(2)


def asserted(X, num_heads):
    """An assert stands where a ValueError is asked for.

    An AssertionError says that the program itself is wrong, and `python -O` leaves asserts out. For a wrong argument,
    raise a ValueError.
    """
    assert X.shape[0] % num_heads == 0, "the rows must be divisible by num_heads"
    return no_error_of_its_own(X, num_heads)


def asserted__rewrite(X, num_heads):
    batch, rest = divmod(X.shape[0], num_heads)
    if rest:
        raise AssertionError(f"{X.shape[0]} rows, {num_heads} heads")
    return X.unflatten(0, (batch, num_heads)).transpose(1, 2).flatten(2)


def sizes_left_to_reshape(X, num_heads):
    """A -1 in a reshape cannot be worked out where another size is 0.

    0 numbers fit any size, so torch refuses to guess. Compute the sizes yourself.
    """
    _checked(X, num_heads)
    X = X.reshape(-1, num_heads, X.shape[1], X.shape[2]).permute(0, 2, 1, 3)
    return X.reshape(X.shape[0], X.shape[1], -1)


def sizes_left_to_reshape__rewrite(X, num_heads):
    batch, heads, steps, size = _checked(X, num_heads)
    parts = X.reshape(batch, heads, steps, size).transpose(1, 2)
    return parts.reshape(batch, -1, heads * size).reshape(-1, steps, heads * size)


def a_loop_over_heads(X, num_heads):
    """A Python loop goes over the heads.

    Slices that are put together one by one cost a call each. A reshape and a permutation move all of them at once.
    """
    _checked(X, num_heads)
    return torch.cat([X[h::num_heads] for h in range(num_heads)], dim=-1)


def a_loop_over_heads__rewrite(X, num_heads):
    batch, heads, steps, size = _checked(X, num_heads)
    out = X.new_zeros(batch, steps, heads * size)
    for h in range(heads):
        out[..., h * size : (h + 1) * size] = X[h::heads]
    return out


def a_loop_over_samples(X, num_heads):
    """A Python loop goes over the samples.

    What is the same for every sample is done for the whole batch: cut the first axis in two, and permute the others.
    """
    batch, heads, steps, size = _checked(X, num_heads)
    if not batch:
        return X.reshape(0, steps, heads * size)
    parts = [sample.transpose(0, 1).reshape(steps, heads * size) for sample in X.split(heads)]
    return torch.stack(parts)


def a_loop_over_samples__rewrite(X, num_heads):
    batch, heads, steps, size = _checked(X, num_heads)
    out = X.new_zeros(batch, steps, heads * size)
    for b in range(batch):
        out[b] = X[b * heads : (b + 1) * heads].permute(1, 0, 2).reshape(steps, heads * size)
    return out


def gradient_lost(X, num_heads):
    """The answer has no gradient.

    `.detach()`, `.data`, `.numpy()` and `torch.tensor(...)` leave the graph behind. Move the axes of X itself.
    """
    batch, heads, steps, size = _checked(X, num_heads)
    return X.detach().reshape(batch, heads, steps, size).permute(0, 2, 1, 3).reshape(batch, steps, heads * size)


def gradient_lost__rewrite(X, num_heads):
    batch, heads, _, _ = _checked(X, num_heads)
    with torch.no_grad():
        return X.unflatten(0, (batch, heads)).transpose(1, 2).flatten(2)


def always_float(X, num_heads):
    """The answer is float32, whatever X is.

    Moving axes needs no arithmetic: integers and booleans stay what they are. A new tensor takes its dtype from X.
    """
    batch, heads, steps, size = _checked(X, num_heads)
    return X.float().reshape(batch, heads, steps, size).permute(0, 2, 1, 3).reshape(batch, steps, heads * size)


def always_float__rewrite(X, num_heads):
    batch, heads, steps, size = _checked(X, num_heads)
    out = torch.zeros(batch, steps, heads, size, device=X.device)
    out += X.reshape(batch, heads, steps, size).transpose(1, 2)
    return out.flatten(2)


def viewed(X, num_heads):
    """`view` is called where the numbers do not lie in one piece.

    A view needs memory that fits the new shape; after a permutation there is hardly ever any. `reshape` makes a copy
    where it must.
    """
    batch, heads, steps, size = _checked(X, num_heads)
    return X.reshape(batch, heads, steps, size).permute(0, 2, 1, 3).view(batch, steps, heads * size)


def viewed__rewrite(X, num_heads):
    batch, heads, steps, size = _checked(X, num_heads)
    return X.reshape(batch, heads, steps, size).transpose(1, 2).view(batch, steps, heads * size)
