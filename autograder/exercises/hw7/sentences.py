"""next_sentence, and the law of what it draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise, Finding
from autograder.exercises.chance import surprise
from autograder.exercises.hw7._probes import probe_next_sentence
from autograder.exercises.hw7._words import WORDS, generator
from autograder.exercises.repeated import draws_of, same_again, short


def _next_cases(draw: Draw) -> Iterable[Case]:
    def sentences(count: int) -> list[list[str]]:
        words = iter(draw.permutation(WORDS))
        return [[next(words) for _ in range(1 + i % 2)] for i in range(count)]

    def case(name: str, aspect: str, repeats: int, first: Any, second: Any, text: Any, **options: Any) -> Case:
        options |= {"repeats": repeats, "laws": aspect != "errors"}
        return Case(name, aspect, (first, second, text, generator(draw)), options=options)

    a, b, c, d, e, f, g, h = sentences(8)
    yield case("two paragraphs", "basic", 200, a, b, [[a, b], [c, d]], touch=True)
    yield case("the first sentence in the middle", "basic", 200, d, e, [[a, b], [c, d, e, f], [g]], touch=True)
    yield case("a small text", "coin", 10000, a, b, [[a, b], [c, d]])
    yield case("a larger text", "coin", 4000, [WORDS[0]], [WORDS[1]], [[[word] for word in WORDS]])
    yield case("a small text", "negative", 400, a, b, [[a, b], [c, d]])
    yield case("one paragraph", "negative", 400, b, c, [[a, b, c, d]])
    yield case("the next sentence again elsewhere", "copies", 400, a, b, [[a, b, c], [d, b], *[[b]] * 40])
    yield case("paragraphs of unequal lengths", "reach", 800, b, c, [[a, b, c, d], [e, f, g], [h]])
    yield case("one generator, two times the same state", "seed", 41, a, b, [[a, b, c], [d, e, f], [g, h]], again=True)
    yield case("nothing but the true next sentence", "errors", 64, a, b, [[b], [b]])
    yield case("two other sentences, two thousand copies", "copies", 60, a, b, [[a, b, c], *[[b]] * 2000])
    p, q, r, s = (f"{word}s" for word in draw.permutation(WORDS)[:4])
    alike = [[p, r, s], [r, s, q], [q, p, q], [p, q], [p + q, q], [p, q, q, r], [p.upper(), q, q]]
    yield case("sentences that are almost the next", "alike", 800, a, [p, q, q], [[a, [p, q, q], c], alike, [d, f]])
    yield case("nothing but the true next sentence, many times", "needless", 64, a, b, [[b], [b]], raises=True)
    yield case("an empty sentence elsewhere", "reach", 400, a, b, [[a, b, c], [e, [], f], [h]])
    yield case("an empty sentence is the next", "reach", 400, a, [], [[a, [], c], [e, f], [h]])


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


next_sentence = Exercise(
    homework="hw7",
    name="next_sentence",
    difficulty=1,
    file="bert_data.py",
    points=10,
    kind="probe",
    probe=probe_next_sentence,
    laws=(next_sentence_law,),
    arguments=("sentence", "true_next", "paragraphs", "rng"),
    cases=_next_cases,
    checks=(
        Check("value", 2, "A tuple of sentence, its partner and is_next, where is_next is True when the partner is "
              "`true_next` and False when it was drawn from the paragraphs", aspect="basic"),
        Check("randomness", 2, "true or false with equal chances", aspect="coin", title="half are true"),
        Check("value", 1.5, "which is never the true next one", aspect="negative", title="negatives are false"),
        Check("value", 1, "a copy of `true_next` elsewhere in the paragraphs is the true next sentence too",
              aspect="copies", title="copies"),
        Check("randomness", 0.5, "Every other sentence of the paragraphs can be drawn", aspect="reach",
              title="every sentence"),
        Check("randomness", 0.5, "Sentences are compared by their tokens", aspect="alike", title="compared as a whole"),
        Check("randomness", 1, "the same state of `rng` gives the same answer", aspect="seed", title="same again"),
        Check("purity", 0.5, "Python's global generator is neither read nor changed", title="no side effects"),
        Check("errors", 0.5, "when a sentence has to be drawn and the paragraphs hold none but `true_next`"),
        Check("value", 0.5, "a call that gives a true pair raises nothing", aspect="needless",
              title="no needless errors"),
    ),
    hints=(
        "Two things are random: whether the pair is true, and which sentence stands in when it is not.",
        "What comes out when the sentence that you draw happens to be the true next one? In a text of four sentences "
        "that is one draw in four.",
        "Either draw again until the sentence differs (and make sure that this ends), or draw from a list that "
        "holds only the others.",
    ),
)  # fmt: skip
