"""What the program says when it is used wrongly: one sentence with what to do."""

from __future__ import annotations


class UsageError(Exception):
    """Wrong usage or unusable input; the message says what is wrong and what to type. Exit status 2."""
