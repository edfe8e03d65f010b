"""What the cases of hw1's tensor exercises share."""

from __future__ import annotations

from typing import Any

from autograder.exercise import Layout

SIZES = (4, 16, 64)
# A vectorised answer takes the same number of operations at every size, so the exponent may be small.
VECTORISED = 0.1
LAYOUTS: tuple[Layout, ...] = ("transposed", "strided", "expanded")
AGAIN: dict[str, Any] = {"again": True}
