"""Whether "cuda" means the phantom at the moment; shared by all threads of the process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

_depth = 0


def is_active() -> bool:
    """Whether student code is to see the device."""
    return _depth > 0


@contextmanager
def active() -> Iterator[None]:
    """Let "cuda" be the phantom while inside."""
    global _depth
    _depth += 1
    # torch.utils.checkpoint reads this flag to decide whether there is a device stream to restore
    torch.cuda._initialized = True
    try:
        yield
    finally:
        _depth -= 1
        torch.cuda._initialized = _depth > 0
