"""All attacks."""

from __future__ import annotations

from tests.hostile.answers import ANSWERS
from tests.hostile.attack import Attack
from tests.hostile.escapes import ESCAPES
from tests.hostile.operators import OPERATORS
from tests.hostile.resources import RESOURCES
from tests.hostile.tampering import TAMPERING
from tests.hostile.text import TEXT

ATTACKS: tuple[Attack, ...] = (*ESCAPES, *RESOURCES, *OPERATORS, *TAMPERING, *ANSWERS, *TEXT)
