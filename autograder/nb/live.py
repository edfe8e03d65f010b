"""What a notebook's kernel has run so far, as a script."""

from __future__ import annotations

import sys
from typing import Any

from autograder.nb.call import read_call
from autograder.notebook_code import script


def shell() -> Any:
    """The kernel's shell; None outside of a notebook."""
    interactive = sys.modules.get("IPython")
    return None if interactive is None else interactive.get_ipython()


def live_script(of: Any) -> str:
    """Every cell that the shell has run, in that order, but for those that grade. What was run again in the same
    words counts once, where it ran last. Workers run such a script cell by cell: tries that failed stop nothing."""
    ran = [text for text in of.history_manager.input_hist_raw if text.strip() and read_call(text) is None]
    latest = list(dict.fromkeys(reversed(ran)))[::-1]
    return script(latest)
