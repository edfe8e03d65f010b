"""Ways in which perplexity goes wrong."""

import math


def _pairs(losses, counts):
    pairs = [(loss, count) for loss, count in zip(losses, counts, strict=True) if count]
    if not pairs:
        raise ValueError("no tokens")
    return pairs


def _exp(mean, base=math.e):
    try:
        return math.exp(mean) if base == math.e else base**mean
    except OverflowError:
        return math.inf


def _mean(pairs):
    return sum(loss * count for loss, count in pairs) / sum(count for _, count in pairs)


def minibatches_weigh_the_same(losses, counts):
    """All minibatches weigh the same.

    The last minibatch is often small, and its loss should count for its few tokens only. Multiply each loss by
    its count.
    """
    pairs = _pairs(losses, counts)
    return _exp(sum(loss for loss, _ in pairs) / len(pairs))


def minibatches_weigh_the_same__rewrite(losses, counts):
    used = [loss for loss, count in zip(losses, counts, strict=True) if count > 0]
    if not used:
        raise ValueError("nothing")
    mean = sum(used) / len(used)
    return _exp(mean)


def mean_of_perplexities(losses, counts):
    """The perplexities of the minibatches are averaged.

    The exponential comes last: exp of the mean is not the mean of the exps, which is larger.
    """
    pairs = _pairs(losses, counts)
    return sum(_exp(loss) * count for loss, count in pairs) / sum(count for _, count in pairs)


def mean_of_perplexities__rewrite(losses, counts):
    pairs = _pairs(losses, counts)
    tokens = sum(count for _, count in pairs)
    return math.fsum(_exp(loss) * (count / tokens) for loss, count in pairs)


def not_exponentiated(losses, counts):
    """The mean cross-entropy is returned.

    The perplexity is its exponential.
    """
    return _mean(_pairs(losses, counts))


def not_exponentiated__rewrite(losses, counts):
    pairs = _pairs(losses, counts)
    tokens = sum(count for _, count in pairs)
    return sum(loss * (count / tokens) for loss, count in pairs)


def base_two(losses, counts):
    """The base is 2.

    The losses are natural logarithms, so the exponential is that of e.
    """
    return _exp(_mean(_pairs(losses, counts)), 2.0)


def base_two__rewrite(losses, counts):
    return _exp(_mean(_pairs(losses, counts)) * math.log(2))


def sum_of_all(losses, counts):
    """The losses are added up instead of averaged.

    Such a number grows with the text. Divide by the number of tokens.
    """
    return _exp(sum(loss * count for loss, count in _pairs(losses, counts)))


def sum_of_all__rewrite(losses, counts):
    total = 0.0
    for loss, count in _pairs(losses, counts):
        total += count * loss
    return _exp(total)


def losses_taken_for_sums(losses, counts):
    """The losses are taken for sums over the minibatches.

    They are means already: multiply each by its count before adding.
    """
    pairs = _pairs(losses, counts)
    return _exp(sum(loss for loss, _ in pairs) / sum(count for _, count in pairs))


def losses_taken_for_sums__rewrite(losses, counts):
    pairs = _pairs(losses, counts)
    tokens = sum(count for _, count in pairs)
    return _exp(sum(loss / tokens for loss, _ in pairs))


def divided_by_minibatches(losses, counts):
    """The sum over all tokens is divided by the number of minibatches.

    Divide by the number of tokens.
    """
    pairs = _pairs(losses, counts)
    return _exp(sum(loss * count for loss, count in pairs) / len(pairs))


def divided_by_minibatches__rewrite(losses, counts):
    pairs = _pairs(losses, counts)
    total = sum(count * loss for loss, count in pairs)
    return _exp(total / len(pairs))


def sign_lost(losses, counts):
    """The exponential of minus the mean is returned.

    A cross-entropy is minus a logarithm already. What comes out is the mean probability, its inverse.
    """
    return _exp(-_mean(_pairs(losses, counts)))


def sign_lost__rewrite(losses, counts):
    return 1 / _exp(_mean(_pairs(losses, counts)))


def too_large_raises(losses, counts):
    """A perplexity that is too large raises an OverflowError.

    math.exp raises it above 709. Catch it, and return math.inf.
    """
    return math.exp(_mean(_pairs(losses, counts)))


def too_large_raises__rewrite(losses, counts):
    return math.e ** _mean(_pairs(losses, counts))


def cut_off(losses, counts):
    """A perplexity that is too large is cut off.

    A bound that is chosen looks like a measurement. Too large for a float is math.inf.
    """
    return math.exp(min(_mean(_pairs(losses, counts)), 700.0))


def cut_off__rewrite(losses, counts):
    return min(_exp(_mean(_pairs(losses, counts))), math.exp(700.0))


def nan_spreads(losses, counts):
    """The loss of a minibatch without tokens spreads.

    NaN times 0 is NaN, and so is infinity times 0. Leave such minibatches out.
    """
    _pairs(losses, counts)
    return _exp(sum(loss * count for loss, count in zip(losses, counts, strict=True)) / sum(counts))


def nan_spreads__rewrite(losses, counts):
    _pairs(losses, counts)
    total = 0.0
    for place, loss in enumerate(losses):
        total = total + counts[place] * loss
    return _exp(total / sum(counts))


def empty_minibatches_count_once(losses, counts):
    """A minibatch without tokens counts for one.

    It has no weight: leave it out.
    """
    _pairs(losses, counts)
    return _exp(_mean([(loss, max(count, 1)) for loss, count in zip(losses, counts, strict=True)]))


def empty_minibatches_count_once__rewrite(losses, counts):
    _pairs(losses, counts)
    weights = [count or 1 for count in counts]
    return _exp(sum(loss * w for loss, w in zip(losses, weights, strict=True)) / sum(weights))


def nothing_is_nan(losses, counts):
    """Without a token the answer is NaN.

    Nothing has been measured, and nobody is told. Raise a ValueError.
    """
    if not sum(counts):
        return math.nan
    return _exp(_mean(_pairs(losses, counts)))


def nothing_is_nan__rewrite(losses, counts):
    try:
        return _exp(_mean(_pairs(losses, counts)))
    except ValueError:
        return float("inf")


def nothing_divides_by_zero(losses, counts):
    """Without a token a ZeroDivisionError is raised.

    It speaks of your division, not of the caller's mistake. Look first, and raise a ValueError.
    """
    return _exp(_mean([(loss, count) for loss, count in zip(losses, counts, strict=True) if count]))


def nothing_divides_by_zero__rewrite(losses, counts):
    total, tokens = 0.0, 0
    for loss, count in zip(losses, counts, strict=True):
        if count:
            total, tokens = total + loss * count, tokens + count
    return _exp(total / tokens)


def rounded(losses, counts):
    """The perplexity is rounded.

    Rounding is for printing. Return the number as it is.
    """
    value = _exp(_mean(_pairs(losses, counts)))
    return round(value, 2) if math.isfinite(value) else value


def rounded__rewrite(losses, counts):
    return float(f"{_exp(_mean(_pairs(losses, counts))):.2f}")
