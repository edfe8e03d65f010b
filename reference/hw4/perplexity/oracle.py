"""perplexity with exact sums."""

import math
from fractions import Fraction


def perplexity(losses, counts):
    pairs = [(loss, count) for loss, count in zip(losses, counts, strict=True) if count > 0]
    if not pairs:
        raise ValueError("no tokens")
    if any(math.isinf(loss) for loss, _ in pairs):
        return math.inf
    mean = sum(Fraction(loss) * count for loss, count in pairs) / sum(count for _, count in pairs)
    return math.inf if mean > 709.78 else math.exp(mean)
