"""The sizes over which the exercises of hw1 are counted."""

SIZES = (4, 16, 64)
# A vectorised answer takes the same number of operations at every size, so the exponent may be small.
VECTORISED = 0.1
