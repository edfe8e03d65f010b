"""Laws of next_sentence and mlm_example: what must hold for every draw, and for their distribution.

The law of an exercise judges each case by its aspect, so that every kind of mistake costs its own points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from autograder.exercise import Case, Finding
from autograder.exercises.bert_probes import SPECIAL
from autograder.exercises.chance import surprise
from autograder.exercises.repeated import draws_of, same_again, short

# next_sentence


def next_sentence_law(case: Case, value: Any) -> Iterator[Finding]:
    """The coin, the negatives and what can be reached."""
    sentence, true_next, paragraphs, _ = case.args
    sentences = [s for paragraph in paragraphs for s in paragraph]
    answers = value["answers"]
    for answer in answers:
        if not _is_pair(answer):
            message = "expected a tuple (sentence, partner, is_next) with a True or False at its end"
            yield Finding("form", f"{message}, got {short(answer)}")
            return
    drawn = [answers[i] for i in draws_of(case, value) if i >= 0]
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
        else:
            yield from _dependent([bool(answer[2]) for answer in drawn])
    elif case.aspect == "negative" and true_next in negatives:
        yield Finding("true-negative", f"the true next sentence {true_next} came with is_next = False")
        if sentence not in negatives:
            yield Finding("first-excluded", "the first sentence is never drawn, where the true next one is")
    elif case.aspect == "copies" and true_next in negatives:
        yield Finding("copy", f"a copy of the true next sentence {true_next} came with is_next = False")
    elif case.aspect == "alike":
        yield from _confused(sentence, true_next, sentences, negatives)
    elif case.aspect == "needless" and not positives:
        message = "calls raised an error; about half of them must give the true pair, and nothing is raised for it"
        yield Finding("needless", f"all {case.options['repeats']} {message}")
    elif case.aspect == "reach":
        if not positives:
            yield Finding("reach:no-positive", f"is_next was never True in {len(drawn)} draws")
        yield from _unreached(sentence, true_next, paragraphs, negatives)
    elif case.aspect == "seed":
        yield from same_again(value, "pairs")


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
        yield Finding("positive", f"is_next is True with {short(wrong)}, while the next sentence is {true_next}")
    strange = next((partner for partner in negative if partner not in sentences), None)
    if strange is not None:
        code = "foreign:token" if isinstance(strange, str) else "foreign"
        yield Finding(code, f"is_next is False with {short(strange)}, which is no sentence of the paragraphs")


def _dependent(coins: list[bool]) -> Iterator[Finding]:
    """Two coins that are a few throws apart are equal half of the time, independently of other such pairs."""
    for apart in range(1, 5):
        equal = sum(one == other for one, other in zip(coins, coins[apart:], strict=False))
        if surprise(equal, len(coins) - apart, 0.5):
            message = f"is_next was the same as {apart} calls before in {equal} of {len(coins) - apart} draws"
            yield Finding("coin:dependent", message + ", expected about half: each call throws a coin of its own")
            return


def _confused(sentence: Any, true_next: Any, sentences: list[Any], negatives: list[Any]) -> Iterator[Finding]:
    """Which sentences are never drawn because they are like the true next one, though not it."""
    others = [s for s in sentences if s not in (sentence, true_next)]
    missed = [s for s in others if s not in negatives]
    likeness: dict[str, Callable[[Any], Any]] = {
        "joined": "".join,
        "order": sorted,
        "set": frozenset,
        "case": lambda s: [token.lower() for token in s],
        "first": lambda s: s[0],
        "last": lambda s: s[-1],
        "length": len,
    }
    if missed:
        alike = (kind for kind, of in likeness.items() if missed == [s for s in others if of(s) == of(true_next)])
        message = f"in {len(negatives)} negative pairs {missed[0]} never came, though it is not {true_next}"
        yield Finding(f"alike:{next(alike, 'some')}", message)


def _unreached(sentence: Any, true_next: Any, paragraphs: Any, negatives: list[Any]) -> Iterator[Finding]:
    own = next(paragraph for paragraph in paragraphs if sentence in paragraph)
    wanted = [s for paragraph in paragraphs for s in paragraph if s not in (sentence, true_next)]
    missed = [s for s in wanted if s not in negatives]
    if not missed:
        return
    message = f"in {len(negatives)} negative pairs {missed[0]} never came"
    if missed == [[]]:
        yield Finding("reach:empty", f"in {len(negatives)} negative pairs the empty sentence never came")
    elif missed == [s for s in wanted if s in own]:
        yield Finding("reach:same", message + ", nor any other sentence of the same paragraph")
    elif missed == [s for s in wanted if s not in own]:
        yield Finding("reach:others", message + ", nor any sentence of another paragraph")
    else:
        yield Finding("reach:some", message)


# mlm_example


def mlm_example_law(case: Case, value: Any) -> Iterator[Finding]:
    """Ids, positions and labels that belong together."""
    tokens, words, _ = case.args
    ids = {token: i for i, token in enumerate(words)}
    original = [ids.get(token, ids["<unk>"]) for token in tokens]
    draws = draws_of(case, value)
    for draw in draws:
        problem = _malformed_example(draw, len(tokens))
        if problem:
            message = "expected three lists of integers (input ids, positions, label ids)"
            yield Finding(problem, f"{message}, got {short(draw)}")
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
        yield from same_again(value, "examples")


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
        message = f"all {len(predicted)} predicted tokens became <mask>; is replace_mlm_tokens called?"
        yield Finding("only-masks", message)
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
