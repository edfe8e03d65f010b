"""All attacks."""

from __future__ import annotations

from tests.hostile.attack import Attack
from tests.hostile.escapes import ESCAPES
from tests.hostile.operators import OPERATORS
from tests.hostile.resources import RESOURCES

ATTACKS: tuple[Attack, ...] = (*ESCAPES, *RESOURCES, *OPERATORS)
