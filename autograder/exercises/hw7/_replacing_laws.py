"""Laws of replace_mlm_tokens: what must hold for every draw, and for their distribution.

Each case is judged by its aspect, so that every kind of mistake costs its own points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Any

from autograder.exercise import Case, Finding
from autograder.exercises.chance import surprise
from autograder.exercises.hw7._probes import KEPT, LETTERS, MASKED, SPECIAL, STRANGE
from autograder.exercises.repeated import draws_of, same_again, short

MASKED_MORE = 0.027
"""By chance less than once in 10**8; where <mask> is one of two words, the share is larger by 0.045."""

TURNED = "a prediction must be a pair (position, label), not (label, position)"


def replace_mlm_tokens_law(case: Case, value: Any) -> Iterator[Finding]:
    """What is predicted, what becomes of it, and how often."""
    tokens, candidates, count, words, _ = case.args
    draws = draws_of(case, value)
    if case.options.get("show"):
        if any(draw is None for draw in draws):
            yield Finding("form", "some answers do not have the form that the stub describes")
        elif any(STRANGE in draw for draw in draws):
            yield Finding("foreign", "a token became something that is neither <mask> nor in the vocabulary")
        elif case.aspect == "choice":
            yield from _choice(candidates, draws)
        elif case.aspect == "rates":
            yield from _rates(words, draws)
        elif case.options["show"] == "kinds":
            yield from _by_position(tokens, sorted(candidates), draws)
        elif case.aspect == "independent":
            yield from _independent(draws)
        elif case.aspect == "special":
            yield from _special(words, draws, value["beside"])
        elif case.aspect == "words":
            yield from _random_words(tokens, words, draws)
        return
    for draw in draws:
        problem = _malformed(draw, len(tokens))
        if problem:
            yield Finding("form:turned" if problem == TURNED else "form", f"{problem}; got {short(draw)}")
            return
    if case.aspect == "basic":
        yield from _places(tokens, candidates, words, draws)
    elif case.aspect == "number":
        yield from _number(min(count, len(candidates)), draws)
        if value["same list"]:
            yield Finding("same-list", "the answer holds the very list that was passed as tokens, not a new one")
    elif case.aspect == "distinct":
        if any(len({p for p, _ in predictions}) < len(predictions) for _, predictions in draws):
            yield Finding("reused", "a position is predicted twice in one answer")
    elif case.aspect == "labels":
        yield from _labels(tokens, draws)
    elif case.aspect == "seed":
        yield from same_again(value, "replacements")


def _malformed(answer: Any, length: int) -> str:
    if not isinstance(answer, (list, tuple)) or len(answer) != 2:
        return "expected a tuple (tokens, predictions)"
    new, predictions = answer
    if not isinstance(new, list) or len(new) != length or not all(isinstance(token, str) for token in new):
        return "the first part must be a list of strings, as long as tokens"
    if not isinstance(predictions, list):
        return "the second part must be a list of pairs"
    if predictions and all(isinstance(p, (list, tuple)) and [*map(type, p)] == [str, int] for p in predictions):
        return TURNED
    for pair in predictions:
        if not isinstance(pair, (list, tuple)) or [type(part) for part in pair] != [int, str]:
            return "a prediction must be a pair (position, label) of an integer and a string"
    return ""


def _places(tokens: Any, candidates: Any, words: Any, draws: list[Any]) -> Iterator[Finding]:
    predicted = {p for _, predictions in draws for p, _ in predictions}
    outside = sorted(predicted - set(candidates))
    if outside:
        yield Finding("outside", f"position {outside[0]} is predicted, which is not among the candidates {candidates}")
    if all(predictions == [] for _, predictions in draws):
        yield Finding("nothing", "nothing is ever predicted")
    elif all(draw == draws[0] for draw in draws):
        yield Finding("constant", f"{len(draws)} draws gave the same answer")
    for new, predictions in draws:
        places = {p for p, _ in predictions}
        changed = next((i for i, token in enumerate(new) if token != tokens[i] and i not in places), None)
        if changed is not None:
            message = f"position {changed} is not predicted, but its token became “{new[changed]}”"
            yield Finding("elsewhere", message)
            break
    for new, predictions in draws:
        strange = [new[p] for p, _ in predictions if 0 <= p < len(new) and new[p] not in ("<mask>", tokens[p], *words)]
        if strange:
            yield Finding("foreign", f"“{strange[0]}” is neither <mask> nor in the vocabulary")
            break


def _number(wanted: int, draws: list[Any]) -> Iterator[Finding]:
    found = [len(predictions) for _, predictions in draws]
    if max(found) > wanted:
        yield Finding("number:more", f"{max(found)} tokens are predicted, expected {wanted}")
    if min(found) < wanted:
        yield Finding("number:fewer", f"{min(found)} tokens are predicted, expected {wanted}")


def _labels(tokens: Any, draws: list[Any]) -> Iterator[Finding]:
    for _, predictions in draws:
        for position, label in predictions:
            if not 0 <= position < len(tokens) or tokens[position] != label:
                message = f"position {position} has the label “{label}”; it must be the original token"
                yield Finding("label", message)
                return


def _special(words: Any, draws: list[str], beside: list[Any]) -> Iterator[Finding]:
    """The share of <mask> is compared with the one beside, in a vocabulary of many words: where the random word may be
    <mask>, it is larger here, whatever it should be."""
    marks = Counter(mark for draw in draws for mark in draw)
    others = Counter(mark for draw in beside for mark in draw)
    special = [word for word, mark in zip(words, LETTERS, strict=False) if word in SPECIAL and marks[mark]]
    total, masked = sum(marks.values()), marks[MASKED]
    if special:
        yield Finding("special", f"a token became “{special[0]}”, a special token")
    elif total and others and masked / total - others[MASKED] / others.total() > MASKED_MORE:
        message = f"where the vocabulary has one word {masked / total:.1%} of the predicted tokens become <mask>, "
        message += f"where it has many {others[MASKED] / others.total():.1%}: the random word may be <mask>"
        yield Finding("special:mask", message)


def _choice(candidates: Any, draws: list[str]) -> Iterator[Finding]:
    sets = [frozenset(draw) for draw in draws]
    names = [LETTERS[p] for p in candidates]
    size = sum(len(s) for s in sets) / len(sets)
    single = Counter(letter for s in sets for letter in s)
    missed = [p for p, name in zip(candidates, names, strict=True) if not single[name]]
    together = Counter(pair for s in sets for pair in combinations(sorted(s), 2))
    mean = together.total() / (len(names) * (len(names) - 1) / 2)
    places = sorted(candidates)
    neighbours = [(LETTERS[p], LETTERS[q]) for p, q in pairwise(places) if q == p + 1]
    if len(set(sets)) == 1:
        yield Finding("choice:fixed", f"all {len(draws)} draws predict the same positions")
    elif missed:
        yield Finding("choice:never", f"the candidate {missed[0]} is never predicted in {len(draws)} draws")
    elif (
        all(together[pair] or pair in neighbours for pair in combinations(sorted(names), 2))
        and all(surprise(together[pair], len(sets), mean / len(sets)) == "low" for pair in neighbours)
        and min(single.values()) > 0.5 * len(sets) * size / len(names)
    ):
        found = sum(together[pair] for pair in neighbours)
        message = f"neighbouring positions are predicted together {found} times in {len(sets)} draws, expected about "
        yield Finding("choice:apart", message + f"{mean * len(neighbours):.0f}")
    elif any(surprise(single[name], len(sets), size / len(names)) for name in names):
        often = [f"{p}: {single[name]}" for p, name in zip(candidates, names, strict=True)]
        message = f"the candidates are not equally likely; in {len(draws)} draws they came {', '.join(often)} times"
        yield Finding("choice:uneven", message)
    else:
        for one, other in combinations(sorted(names), 2):
            if surprise(together[one, other], len(sets), mean / len(sets)):
                message = f"positions {LETTERS.index(one)} and {LETTERS.index(other)} do not come independently"
                yield Finding("choice:pairs", message)
                return


def _rates(words: Any, draws: list[str]) -> Iterator[Finding]:
    marks = Counter(mark for draw in draws for mark in draw)
    total = sum(marks.values())
    if not total:
        yield Finding("rate:none", "nothing is ever predicted")
        return
    masked, kept = marks[MASKED], marks[KEPT]
    random = total - masked - kept
    again = 0.1 / (len(words) - len(SPECIAL))
    spread = f"of {total} predicted tokens {masked / total:.1%} became <mask>, {kept / total:.1%} stayed as they were"
    spread += f" and {random / total:.1%} became another word"
    sides = {"kept": _side(kept, total, 0.1, 0.1 + again), "random": _side(random, total, 0.1 - again, 0.1)}
    if not any(sides.values()):
        sides["mask"] = _side(masked, total, 0.8, 0.8)
    for kind, side in sides.items():
        if side:
            yield Finding(f"rate:{kind}:{side}", f"{spread}; expected 80%, 10% and 10%")


def _side(count: int, total: int, low: float, high: float) -> str:
    side = surprise(count, total, low, high)
    if side == "low" and count < 0.01 * total:
        return "never"
    return "most" if side == "high" and count > 0.5 * total else side


def _independent(draws: list[str]) -> Iterator[Finding]:
    size = Counter(len(draw) for draw in draws).most_common(1)[0][0]
    whole = [draw for draw in draws if len(draw) == size]
    if size < 2:
        yield Finding("form", "too few tokens are predicted")
        return
    rate = sum(draw.count(MASKED) for draw in whole) / (size * len(whole))
    all_masked = sum(set(draw) == {MASKED} for draw in whole)
    side = surprise(all_masked, len(whole), rate**size)
    if side:
        message = f"in {all_masked} of {len(whole)} draws all {size} predicted tokens became <mask>, expected about "
        message += f"{rate**size * len(whole):.0f}: what becomes of one token depends on the others"
        yield Finding("kinds:together" if side == "high" else "kinds:quota", message)
        return
    unmasked = (1 - rate) ** size * len(whole)
    if unmasked > 50 and all(MASKED in draw for draw in whole):
        message = f"in each of {len(whole)} draws some predicted token became <mask>, expected in all but about"
        yield Finding("kinds:forced", f"{message} {unmasked:.0f}")
        return
    for place in range(size):
        here = sum(draw[place] == MASKED for draw in whole)
        if surprise(here, len(whole), rate):
            message = f"predicted token number {place + 1} of the text became <mask> in {here} of {len(whole)} draws"
            yield Finding("kinds:place", f"{message}, expected about {rate * len(whole):.0f}, as for the others")
            return


def _by_position(tokens: Any, places: list[int], draws: list[str]) -> Iterator[Finding]:
    """Every position, and those that have something in common, against all of them together. Given their sum, the
    count at some is hypergeometric, with thinner tails than the binomial distribution has; there are 36 comparisons.
    Silent where other cases say what is wrong."""
    whole = [draw for draw in draws if draw]
    if len(whole) < 0.8 * len(draws):
        return
    if len(set(whole)) == 1:
        yield Finding("kinds:fixed", f"in all {len(whole)} draws the same became of each predicted token")
        return
    dependent = list(_independent(whole))
    if dependent and dependent[0].code != "kinds:place":
        yield from dependent
        return
    rates = {mark: sum(draw.count(mark) for draw in whole) / (len(places) * len(whole)) for mark in (MASKED, KEPT)}
    beside_special = {p for p in places if {*tokens[p - 1 : p], *tokens[p + 1 : p + 2]} & {*SPECIAL}}
    groups = [{place} for place in places]
    groups += [{p for p in places if p % 2 == 0}, {p for p in places if p % 2}]
    groups += [beside_special, {*places} - beside_special]
    for group in groups:
        total = len(group) * len(whole)
        for mark, fate in ((MASKED, "became <mask>"), (KEPT, "stayed as it was")):
            here = sum(letter == mark for draw in whole for p, letter in zip(places, draw, strict=True) if p in group)
            if surprise(here, total, rates[mark]):
                where = f"position{'s' * (len(group) > 1)} {', '.join(map(str, sorted(group)))}"
                message = f"what stood at {where} {fate} {here} times out of {total}, expected about "
                yield Finding("kinds:position", f"{message}{rates[mark] * total:.0f}, as elsewhere")
                return
    for index, (place, beside) in enumerate(pairwise(places)):
        both = sum(draw[index] == draw[index + 1] == MASKED for draw in whole)
        if beside == place + 1 and surprise(both, len(whole), rates[MASKED] ** 2):
            message = f"the tokens at the positions {place} and {beside} both became <mask> in {both} of {len(whole)}"
            expected = rates[MASKED] ** 2 * len(whole)
            yield Finding("kinds:beside", f"{message} draws, expected about {expected:.0f}: one depends on the other")
            return


def _random_words(tokens: Any, words: Any, draws: list[str]) -> Iterator[Finding]:
    ids = dict(zip(LETTERS, words, strict=False))
    replaced = [[ids[mark] for mark in draw if mark not in (MASKED, KEPT)] for draw in draws]
    counts = Counter(word for draw in replaced for word in draw if word not in SPECIAL)
    usual = [word for word in words if word not in SPECIAL]
    if not counts:
        yield Finding("words:none", "no token is ever replaced by a random word")
        return
    several = [draw for draw in replaced if len(draw) > 1]
    if several and sum(len(set(draw)) == 1 for draw in several) > len(several) / 2:
        yield Finding("words:shared", "all random words of one answer are the same: draw one for each position")
        return
    missed = [word for word in usual if not counts[word]]
    total = sum(counts.values())
    again = sum(len(draw) * (len(draw) - 1) / 2 for draw in replaced) / len(usual)
    commonest = max(Counter(tokens).values()) / len(tokens)
    low, high = (1 - 1.5 * commonest) / len(usual), 1 / (len(usual) - 1)
    if missed:
        message = f"among {total} random words the vocabulary's word “{missed[0]}” never came"
        few = len(missed) > len(usual) / 2
        brackets = missed == [word for word in usual if word.startswith("<")]
        yield Finding("words:few" if few else "words:brackets" if brackets else "words:missed", message)
    elif again > 30 and all(len(set(draw)) == len(draw) for draw in replaced):
        message = f"no answer has the same random word twice, expected about {again:.0f} times in {len(draws)} draws"
        yield Finding("words:distinct", message + ": draw it anew for each position")
    elif any(surprise(counts[word], total, low, high) for word in usual):
        yield Finding("words:uneven", "the words of the vocabulary are not equally likely")
