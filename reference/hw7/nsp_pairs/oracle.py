"""nsp_pairs that draws all partners first."""

import itertools

from parts import join, next_sentence


def nsp_pairs(paragraph, paragraphs, max_len, rng):
    drawn = [next_sentence(a, b, paragraphs, rng) for a, b in itertools.pairwise(paragraph)]
    inputs = [(*join(first, second), is_next) for first, second, is_next in drawn]
    return [one for one in inputs if not len(one[0]) > max_len]
