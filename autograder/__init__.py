"""Exercises and an autograder for a deep learning course in PyTorch."""

from typing import Any

__version__ = "0.1.0"


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext autograder`: the magics `%grade`, `%hint` and `%%grade`."""
    from autograder.jupyter.magics import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    from autograder.jupyter.magics import unload

    unload(shell)
