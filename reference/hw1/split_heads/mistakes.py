"""Ways in which split_heads goes wrong."""

import torch


def _checked(X, num_heads):
    if X.shape[2] % num_heads:
        raise ValueError(f"{X.shape[2]} features do not split into {num_heads} heads")
    return (*X.shape[:2], num_heads, X.shape[2] // num_heads)


def reshaped_without_permuting(X, num_heads):
    """The axes are reshaped, but never permuted.

    A reshape reads the numbers in the old order. So the first row gets all features of the first steps instead of one
    head of all steps: the shape is right and the content mixed up. The heads' axis has to move before the steps'.
    """
    batch, steps, heads, size = _checked(X, num_heads)
    return X.reshape(batch * heads, steps, size)


def reshaped_without_permuting__rewrite(X, num_heads):
    batch, steps, heads, size = _checked(X, num_heads)
    return X.contiguous().view(batch, heads, steps, size).flatten(0, 1)


def heads_before_samples(X, num_heads):
    """The heads come before the samples.

    Row 0 is head 0 of sample 0, row 1 head 0 of sample 1. Masks that are repeated for each head expect the heads of a
    sample next to each other: the samples' axis stays the first when the two are joined.
    """
    batch, steps, heads, size = _checked(X, num_heads)
    return X.reshape(batch, steps, heads, size).permute(2, 0, 1, 3).reshape(batch * heads, steps, size)


def heads_before_samples__rewrite(X, num_heads):
    size = _checked(X, num_heads)[3]
    return torch.cat(X.split(size, dim=2), dim=0)


def features_dealt_out(X, num_heads):
    """The features are dealt out to the heads in turn.

    With the axes (size, heads) head 0 gets the features 0, num_heads, 2 * num_heads, …. A head is a block of
    neighbouring features: the heads' axis comes before the size of a head.
    """
    batch, steps, heads, size = _checked(X, num_heads)
    return X.reshape(batch, steps, size, heads).permute(0, 3, 1, 2).reshape(batch * heads, steps, size)


def features_dealt_out__rewrite(X, num_heads):
    batch, steps, heads, size = _checked(X, num_heads)
    parts = torch.stack([X[..., h::heads] for h in range(heads)], dim=1)
    return parts.reshape(batch * heads, steps, size)


def heads_on_an_axis_of_their_own(X, num_heads):
    """The heads are left on an axis of their own.

    The answer has three axes: the heads are joined with the batch, so that a batched product takes both.
    """
    return X.reshape(_checked(X, num_heads)).permute(0, 2, 1, 3)


def heads_on_an_axis_of_their_own__rewrite(X, num_heads):
    size = _checked(X, num_heads)[3]
    return torch.stack(X.split(size, dim=2), dim=1)


def steps_and_features_swapped(X, num_heads):
    """Steps and features of a head are swapped.

    The steps come before the features: (batch * num_heads, steps, size).
    """
    batch, steps, heads, size = _checked(X, num_heads)
    return X.reshape(batch, steps, heads, size).permute(0, 2, 3, 1).reshape(batch * heads, size, steps)


def steps_and_features_swapped__rewrite(X, num_heads):
    batch, steps, heads, size = _checked(X, num_heads)
    return X.transpose(1, 2).reshape(batch * heads, size, steps)


def heads_behind_the_steps(X, num_heads):
    """The batch is joined with the steps, not with the heads.

    Before axes are joined they have to stand next to each other: batch, heads, steps, size.
    """
    batch, steps, heads, size = _checked(X, num_heads)
    return X.reshape(batch, steps, heads, size).reshape(batch * steps, heads, size)


def heads_behind_the_steps__rewrite(X, num_heads):
    return X.reshape(_checked(X, num_heads)).flatten(0, 1)


def heads_and_size_exchanged(X, num_heads):
    """`num_heads` is taken for the size of a head.

    There are to be `num_heads` heads; each has num_hiddens / num_heads features.
    """
    batch, steps, size, heads = _checked(X, num_heads)
    return X.reshape(batch, steps, heads, size).permute(0, 2, 1, 3).reshape(batch * heads, steps, size)


def heads_and_size_exchanged__rewrite(X, num_heads):
    batch, steps, size, heads = _checked(X, num_heads)
    return torch.stack(X.split(size, dim=2), dim=1).view(batch * heads, steps, size)


def rest_dropped(X, num_heads):
    """Features that are left over are dropped without a word.

    With `//` alone, 5 features and 2 heads lose a feature, and nobody notices. Check, and raise a ValueError.
    """
    batch, steps, num_hiddens = X.shape
    size = num_hiddens // num_heads
    kept = X[:, :, : size * num_heads]
    return kept.reshape(batch, steps, num_heads, size).permute(0, 2, 1, 3).reshape(batch * num_heads, steps, size)


def rest_dropped__rewrite(X, num_heads):
    size = X.shape[2] // num_heads
    return X.narrow(2, 0, size * num_heads).unflatten(2, (num_heads, size)).transpose(1, 2).flatten(0, 1)


def no_error_of_its_own(X, num_heads):
    """A size that does not divide ends in an error of torch's, not in a ValueError.

    Whoever reads “shape is invalid for input of size 30” has to guess. Check first, and raise a ValueError that says
    what does not fit.
    """
    batch, steps, num_hiddens = X.shape
    size = num_hiddens // num_heads
    return X.reshape(batch, steps, num_heads, size).permute(0, 2, 1, 3).reshape(batch * num_heads, steps, size)


def no_error_of_its_own__rewrite(X, num_heads):
    return X.unflatten(2, (num_heads, X.shape[2] // num_heads)).transpose(1, 2).flatten(0, 1)


def asserted(X, num_heads):
    """An assert stands where a ValueError is asked for.

    An AssertionError says that the program itself is wrong, and `python -O` leaves asserts out. For a wrong argument,
    raise a ValueError.
    """
    assert X.shape[2] % num_heads == 0, "num_hiddens must be divisible by num_heads"
    return no_error_of_its_own(X, num_heads)


def asserted__rewrite(X, num_heads):
    if X.shape[2] % num_heads:
        raise AssertionError(f"{X.shape[2]} features, {num_heads} heads")
    return X.unflatten(2, (num_heads, -1)).transpose(1, 2).flatten(0, 1)


def sizes_left_to_reshape(X, num_heads):
    """A -1 in a reshape cannot be worked out where there are no steps.

    0 numbers fit any size, so torch refuses to guess. Compute the sizes yourself.
    """
    _checked(X, num_heads)
    X = X.reshape(X.shape[0], X.shape[1], num_heads, -1).permute(0, 2, 1, 3)
    return X.reshape(-1, X.shape[2], X.shape[3])


def sizes_left_to_reshape__rewrite(X, num_heads):
    batch, steps, heads, _ = _checked(X, num_heads)
    return X.reshape(batch, steps, heads, -1).transpose(1, 2).flatten(0, 1)


def a_loop_over_heads(X, num_heads):
    """A Python loop goes over the heads.

    Slices that are put together one by one cost a call each. A reshape and a permutation move all of them at once.
    """
    batch, steps, heads, size = _checked(X, num_heads)
    parts = [X[:, :, h * size : (h + 1) * size] for h in range(heads)]
    return torch.stack(parts, dim=1).reshape(batch * heads, steps, size)


def a_loop_over_heads__rewrite(X, num_heads):
    batch, steps, heads, size = _checked(X, num_heads)
    out = X.new_zeros(batch, heads, steps, size)
    for h in range(heads):
        out[:, h] = X[..., h * size : h * size + size]
    return out.flatten(0, 1)


def a_loop_over_samples(X, num_heads):
    """A Python loop goes over the samples.

    What is the same for every sample is done for the whole batch: leave the first axis as it is and permute the others.
    """
    batch, steps, heads, size = _checked(X, num_heads)
    if not batch:
        return X.reshape(0, steps, size)
    return torch.cat([sample.reshape(steps, heads, size).transpose(0, 1) for sample in X])


def a_loop_over_samples__rewrite(X, num_heads):
    batch, steps, heads, size = _checked(X, num_heads)
    out = X.new_zeros(batch * heads, steps, size)
    for b in range(batch):
        out[b * heads : (b + 1) * heads] = X[b].reshape(steps, heads, size).permute(1, 0, 2)
    return out


def gradient_lost(X, num_heads):
    """The answer has no gradient.

    `.detach()`, `.data`, `.numpy()` and `torch.tensor(...)` leave the graph behind. Move the axes of X itself.
    """
    batch, steps, heads, size = _checked(X, num_heads)
    return X.detach().reshape(batch, steps, heads, size).permute(0, 2, 1, 3).reshape(batch * heads, steps, size)


def gradient_lost__rewrite(X, num_heads):
    _checked(X, num_heads)
    with torch.no_grad():
        return X.unflatten(2, (num_heads, X.shape[2] // num_heads)).transpose(1, 2).flatten(0, 1)


def always_float(X, num_heads):
    """The answer is float32, whatever X is.

    Moving axes needs no arithmetic: integers and booleans stay what they are. A new tensor takes its dtype from X.
    """
    batch, steps, heads, size = _checked(X, num_heads)
    return X.float().reshape(batch, steps, heads, size).permute(0, 2, 1, 3).reshape(batch * heads, steps, size)


def always_float__rewrite(X, num_heads):
    batch, steps, heads, size = _checked(X, num_heads)
    out = torch.zeros(batch, heads, steps, size, device=X.device)
    out += X.reshape(batch, steps, heads, size).transpose(1, 2)
    return out.flatten(0, 1)


def viewed(X, num_heads):
    """`view` is called where the numbers do not lie in one piece.

    A view needs memory that fits the new shape, and after a permutation there is hardly ever any. `reshape` makes a
    copy where it must.
    """
    batch, steps, heads, size = _checked(X, num_heads)
    return X.view(batch, steps, heads, size).permute(0, 2, 1, 3).view(batch * heads, steps, size)


def viewed__rewrite(X, num_heads):
    batch, steps, heads, size = _checked(X, num_heads)
    return X.unflatten(2, (heads, size)).transpose(1, 2).view(batch * heads, steps, size)
