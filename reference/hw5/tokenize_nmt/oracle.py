"""tokenize_nmt by a regular expression for a line that holds a pair."""

import itertools
import re

PAIR = re.compile(r"^([^\t\n]*[^\t\n ][^\t\n]*)\t([^\t\n]*[^\t\n ][^\t\n]*)$", re.MULTILINE)


def tokenize_nmt(text, num_examples=None):
    pairs = [match.groups() for match in itertools.islice(PAIR.finditer(text), num_examples)]
    return tuple([re.findall(r"[^ ]+", pair[side]) for pair in pairs] for side in (0, 1))
