"""Laws of the random BERT data exercises: what must hold for every draw, and for their distribution.

The law of an exercise judges each case by its aspect, so that every kind of mistake costs its own points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from autograder.exercise import Case, Finding
from autograder.exercises.bert_probes import KEPT, LETTERS, MASKED, STRANGE
from autograder.exercises.chance import surprise

SPECIAL = ("<unk>", "<pad>", "<mask>", "<cls>", "<sep>")


def _draws(case: Case, value: Any) -> list[Any]:
    draws = value["draws"]
    if type(draws) is not list or len(draws) != case.options["repeats"]:
        raise ValueError("the draws are not as many as the case asks for")
    return draws


def _same_again(value: Any, noun: str) -> Iterator[Finding]:
    if value["draws"] != value["again"]:
        yield Finding("seed", f"from the same state of rng the {noun} came out differently the second time")


# next_sentence


def next_sentence_law(case: Case, value: Any) -> Iterator[Finding]:
    """The coin, the negatives and what can be reached."""
    sentence, true_next, paragraphs, _ = case.args
    sentences = [s for paragraph in paragraphs for s in paragraph]
    answers = value["answers"]
    for answer in answers:
        if not _is_pair(answer):
            message = f"expected a tuple (sentence, partner, is_next) with a True or False at its end, got {_short(answer)}"
            yield Finding("form", message)
            return
    drawn = [answers[i] for i in _draws(case, value)]
    positives = sum(bool(answer[2]) for answer in drawn)
    negatives = [answer[1] for answer in drawn if not answer[2]]
    if case.aspect == "basic":
        yield from _pairs(sentence, true_next, sentences, answers)
        if not positives:
            yield Finding("no-positive", f"is_next was never True in {len(drawn)} draws")
        if not negatives:
            yield Finding("no-negative", f"is_next was never False in {len(drawn)} draws")
    elif case.aspect == "coin":
        side = surprise(positives, len(drawn), 0.5)
        if side:
            message = f"is_next was True in {positives} of {len(drawn)} draws, expected about half"
            yield Finding(f"coin:{side}:{'small' if len(sentences) < 10 else 'large'}", message)
    elif case.aspect == "negative" and true_next in negatives:
        yield Finding("true-negative", f"the true next sentence {true_next} came with is_next = False")
        if sentence not in negatives:
            yield Finding("first-excluded", "the first sentence is never drawn, where the true next one is")
    elif case.aspect == "copies" and true_next in negatives:
        yield Finding("copy", f"a copy of the true next sentence {true_next} came with is_next = False")
    elif case.aspect == "reach":
        yield from _unreached(sentence, true_next, paragraphs, negatives)
    elif case.aspect == "seed":
        yield from _same_again(value, "pairs")


def _is_pair(answer: Any) -> bool:
    if not isinstance(answer, (list, tuple)) or len(answer) != 3:
        return False
    return isinstance(answer[2], (bool, int)) and answer[2] in (0, 1)


def _pairs(sentence: Any, true_next: Any, sentences: list[Any], answers: list[Any]) -> Iterator[Finding]:
    positive = [partner for _, partner, is_next in answers if is_next]
    negative = [partner for _, partner, is_next in answers if not is_next]
    if any(answer[0] != sentence for answer in answers):
        yield Finding("sentence", "the first of the three is not the sentence that was given")
    if any(p != true_next for p in positive) and negative and all(p == true_next for p in negative):
        message = "is_next is False with the true next sentence and True with others: the two are the wrong way round"
        yield Finding("inverted", message)
        return
    wrong = next((partner for partner in positive if partner != true_next), None)
    if wrong is not None:
        yield Finding("positive", f"is_next is True with {_short(wrong)}, while the next sentence is {true_next}")
    strange = next((partner for partner in negative if partner not in sentences), None)
    if strange is not None:
        code = "foreign:token" if isinstance(strange, str) else "foreign"
        yield Finding(code, f"is_next is False with {_short(strange)}, which is no sentence of the paragraphs")


def _unreached(sentence: Any, true_next: Any, paragraphs: Any, negatives: list[Any]) -> Iterator[Finding]:
    own = next(paragraph for paragraph in paragraphs if sentence in paragraph)
    wanted = [s for paragraph in paragraphs for s in paragraph if s not in (sentence, true_next)]
    missed = [s for s in wanted if s not in negatives]
    if not missed:
        return
    message = f"in {len(negatives)} negative pairs {missed[0]} never came"
    if missed == [s for s in wanted if s in own]:
        yield Finding("reach:same", message + ", nor any other sentence of the same paragraph")
    elif missed == [s for s in wanted if s not in own]:
        yield Finding("reach:others", message + ", nor any sentence of another paragraph")
    else:
        yield Finding("reach:some", message)


# replace_mlm_tokens


def replace_mlm_tokens_law(case: Case, value: Any) -> Iterator[Finding]:
    """What is predicted, what becomes of it, and how often."""
    tokens, candidates, count, words, _ = case.args
    draws = _draws(case, value)
    if case.options.get("show"):
        if any(draw is None or STRANGE in draw for draw in draws):
            yield Finding("form", "some answers could not be read; see the other checks")
        elif case.aspect == "choice":
            yield from _choice(candidates, draws)
        elif case.aspect == "rates":
            yield from _rates(words, draws)
        elif case.aspect == "independent":
            yield from _independent(draws)
        elif case.aspect == "words":
            yield from _random_words(tokens, words, draws)
        return
    for draw in draws:
        problem = _malformed(draw, len(tokens))
        if problem:
            yield Finding("form", f"{problem}; got {_short(draw)}")
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
    elif case.aspect == "special":
        yield from _special(tokens, draws)
    elif case.aspect == "seed":
        yield from _same_again(value, "replacements")


def _malformed(answer: Any, length: int) -> str:
    if not isinstance(answer, (list, tuple)) or len(answer) != 2:
        return "expected a tuple (tokens, predictions)"
    new, predictions = answer
    if not isinstance(new, list) or len(new) != length or not all(isinstance(token, str) for token in new):
        return "the first part must be a list of strings, as long as tokens"
    if not isinstance(predictions, list):
        return "the second part must be a list of pairs"
    for pair in predictions:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2 or type(pair[0]) is not int or type(pair[1]) is not str:
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


def _special(tokens: Any, draws: list[Any]) -> Iterator[Finding]:
    for new, predictions in draws:
        for p, _ in predictions:
            if 0 <= p < len(new) and new[p] in SPECIAL and new[p] not in ("<mask>", tokens[p]):
                yield Finding("special", f"“{tokens[p]}” became “{new[p]}”, a special token")
                return


def _choice(candidates: Any, draws: list[str]) -> Iterator[Finding]:
    sets = [frozenset(draw) for draw in draws]
    names = [LETTERS[p] for p in candidates]
    size = sum(len(s) for s in sets) / len(sets)
    single = Counter(letter for s in sets for letter in s)
    missed = [p for p, name in zip(candidates, names, strict=True) if not single[name]]
    if len(set(sets)) == 1:
        yield Finding("choice:fixed", f"all {len(draws)} draws predict the same positions")
    elif missed:
        yield Finding("choice:never", f"the candidate {missed[0]} is never predicted in {len(draws)} draws")
    elif any(surprise(single[name], len(sets), size / len(names)) for name in names):
        often = [f"{p}: {single[name]}" for p, name in zip(candidates, names, strict=True)]
        message = f"the candidates are not equally likely; in {len(draws)} draws they came {', '.join(often)} times"
        yield Finding("choice:uneven", message)
    else:
        together = Counter(frozenset(pair) for s in sets for pair in combinations(s, 2))
        mean = sum(together.values()) / (len(names) * (len(names) - 1) / 2)
        for one, other in combinations(names, 2):
            if surprise(together[frozenset((one, other))], len(sets), mean / len(sets)):
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
    commonest = max(Counter(tokens).values()) / len(tokens)
    low, high = (1 - 1.5 * commonest) / len(usual), 1 / (len(usual) - 1)
    if missed:
        message = f"among {total} random words the vocabulary's word “{missed[0]}” never came"
        yield Finding("words:missed", message)
    elif any(surprise(counts[word], total, low, high) for word in usual):
        yield Finding("words:uneven", "the words of the vocabulary are not equally likely")


# mlm_example


def mlm_example_law(case: Case, value: Any) -> Iterator[Finding]:
    """Ids, positions and labels that belong together."""
    tokens, words, _ = case.args
    ids = {token: i for i, token in enumerate(words)}
    original = [ids.get(token, ids["<unk>"]) for token in tokens]
    draws = _draws(case, value)
    for draw in draws:
        problem = _malformed_example(draw, len(tokens))
        if problem:
            yield Finding(problem, f"expected three lists of integers (input ids, positions, label ids), got {_short(draw)}")
            return
    if case.aspect == "basic":
        yield from _masked_ids(original, ids["<mask>"], draws)
    elif case.aspect == "candidates":
        yield from _predictable(tokens, draws)
    elif case.aspect == "number":
        inside = sum(token not in ("<cls>", "<sep>") for token in tokens)
        wanted = min(max(1, round(0.15 * len(tokens))), inside)
        found = Counter(len(positions) for _, positions, _ in draws).most_common(1)[0][0]
        if any(len(positions) != wanted for _, positions, _ in draws):
            message = f"{found} of {len(tokens)} tokens are predicted, expected {wanted}"
            yield Finding(f"number:{len(tokens)}:{'more' if found > wanted else 'fewer'}", message)
    elif case.aspect == "sorted":
        for _, positions, _ in draws:
            if positions != sorted(positions):
                yield Finding("unsorted", f"the positions {positions} are not in ascending order")
                return
    elif case.aspect == "labels":
        yield from _label_ids(original, draws)
    elif case.aspect == "unknown":
        yield from _label_ids(original, draws, "unknown-")
    elif case.aspect == "seed":
        yield from _same_again(value, "examples")


def _malformed_example(answer: Any, length: int) -> str:
    if not isinstance(answer, (list, tuple)) or len(answer) != 3:
        return "form"
    for index, part in enumerate(answer):
        if not isinstance(part, list):
            return "form"
        if any(type(item) is str for item in part):
            return "form:tokens" if index == 0 else "form:label-tokens"
        if any(type(item) is not int for item in part):
            return "form"
    input_ids, positions, label_ids = answer
    if len(input_ids) != length or any(not 0 <= p < length for p in positions):
        return "form"
    return "" if len(label_ids) == len(positions) else "form:labels"


def _masked_ids(original: list[int], mask: int, draws: list[Any]) -> Iterator[Finding]:
    predicted = [input_ids[p] for input_ids, positions, _ in draws for p in positions]
    if not predicted:
        yield Finding("nothing", "nothing is ever predicted")
    elif mask not in predicted:
        yield Finding("unmasked", "the input ids never hold the id of <mask>")
    elif all(draw == draws[0] for draw in draws):
        yield Finding("constant", f"{len(draws)} draws gave the same answer")
    elif len(predicted) >= 400 and set(predicted) == {mask}:
        yield Finding("only-masks", f"all {len(predicted)} predicted tokens became <mask>; is replace_mlm_tokens called?")
    for input_ids, positions, _ in draws:
        changed = [i for i, id in enumerate(input_ids) if id != original[i] and i not in positions]
        if changed:
            message = f"position {changed[0]} is not predicted ({positions} are), but its id is not that of its token"
            yield Finding("elsewhere", message)
            return


def _predictable(tokens: Any, draws: list[Any]) -> Iterator[Finding]:
    predicted = {p for _, positions, _ in draws for p in positions}
    barred = [i for i, token in enumerate(tokens) if token in ("<cls>", "<sep>")]
    wrong = [i for i in barred if i in predicted]
    missed = [i for i in range(len(tokens)) if i not in predicted and i not in barred]
    if wrong:
        ends = {0: "first", len(tokens) - 1: "last"}
        code = "barred:" + ",".join(dict.fromkeys(ends.get(i, "inner") for i in wrong))
        yield Finding(code, f"position {wrong[0]} is predicted, which holds {tokens[wrong[0]]}")
    if missed:
        code = "missed:special" if all(tokens[i] in SPECIAL for i in missed) else "missed"
        yield Finding(code, f"position {missed[0]} (“{tokens[missed[0]]}”) is never predicted in {len(draws)} draws")


def _label_ids(original: list[int], draws: list[Any], prefix: str = "") -> Iterator[Finding]:
    wanted = [[original[p] for p in positions] for _, positions, _ in draws]
    found = [label_ids for _, _, label_ids in draws]
    first = next((i for i in range(len(draws)) if found[i] != wanted[i]), None)
    if first is None:
        return
    if all(label_ids == [input_ids[p] for p in positions] for input_ids, positions, label_ids in draws):
        kind = "input"
    elif all(label_ids == sorted(label_ids) for label_ids in found) and len(found[0]) > 1:
        kind = "sorted"
    elif all(sorted(f) == sorted(w) for f, w in zip(found, wanted, strict=True)):
        kind = "order"
    else:
        kind = "wrong"
    message = f"at the positions {draws[first][1]} the label ids are {found[first]}, expected {wanted[first]}"
    yield Finding(f"{prefix}label:{kind}", message)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:119] + "…"
