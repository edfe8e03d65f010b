"""Large pages make forks cheap and change nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import os
from autograder.worker import pages
held = [bytes([n % 251]) * 4096 for n in range(4096)]
print(pages.collapse())
child = os.fork()
whole = all(block == bytes([n % 251]) * 4096 for n, block in enumerate(held))
if child == 0:
    os._exit(0 if whole else 1)
assert whole and os.waitpid(child, 0)[1] == 0
"""


@pytest.mark.skipif(sys.platform != "linux", reason="large pages are gathered on Linux only")
def test_memory_is_the_same_after_it_was_gathered_and_forked() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    if int(done.stdout) == 0:
        pytest.skip("this system gathers no pages")
    assert int(done.stdout) >= 4  # 16 MiB were held
