"""Makes this Python look like one without fork: PYTHONPATH=tests/without_fork pytest."""

import multiprocessing
import os
import sys

import psutil  # noqa: F401 - on Linux it needs resource itself; elsewhere it does not

if hasattr(os, "fork"):
    del os.fork
multiprocessing.set_start_method("spawn")
for name in ("resource", "fcntl"):
    sys.modules[name] = None  # type: ignore[assignment]
