"""A made-up language with a word order of its own, and sentences in it beside English ones."""

from __future__ import annotations

import random

NOUNS = {"dog": "talo", "cat": "mira", "bird": "sepu", "fox": "renka", "child": "poi", "king": "vasu", "fish": "uli"}
ADJECTIVES = {"small": "pi", "red": "gor", "old": "van", "quick": "sil", "": ""}
VERBS = {"sees": "nar", "follows": "tok", "finds": "hel", "likes": "mou", "hears": "dri"}
TIMES = {"today": "ena", "always": "sud", "never": "kai", "": ""}


def sentences(generator: random.Random, count: int) -> list[tuple[list[str], list[str]]]:
    """Different pairs of sentences, each a list of words. In the made-up language the time comes first, then who is
    seen, then who sees, the verb last; an adjective follows its noun, and who is seen ends in -n."""
    found: dict[tuple[str, ...], list[str]] = {}
    while len(found) < count:
        (one, other), (how, what) = (generator.sample(sorted(NOUNS), 2), generator.choices(sorted(ADJECTIVES), k=2))
        verb, time = generator.choice(sorted(VERBS)), generator.choice(sorted(TIMES))
        words = ["the", how, one, verb, "the", what, other, time]
        turned = [TIMES[time], f"{NOUNS[other]}n", ADJECTIVES[what], NOUNS[one], ADJECTIVES[how], VERBS[verb]]
        found[tuple(filter(None, words))] = list(filter(None, turned))
    return [(list(source), target) for source, target in found.items()]
