"""mlm_example, and the law of what belongs together in its answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise, Finding
from autograder.exercises.hw7._probes import SPECIAL, probe_mlm_example
from autograder.exercises.hw7._words import WORDS, bert_input, generator, random_vocabulary
from autograder.exercises.repeated import draws_of, same_again, short


def _example_cases(draw: Draw) -> Iterable[Case]:
    vocabulary = random_vocabulary(draw)

    def case(name: str, aspect: str, tokens: list[str], repeats: int, **options: Any) -> Case:
        options |= {"repeats": repeats, "laws": True}
        return Case(name, aspect, (tokens, vocabulary, generator(draw)), options=options)

    def lengthy(length: int, *seps: int) -> Case:
        name = f"{length} tokens, {1 + len(seps)} of them separators"
        return case(name, "number", bert_input(draw, length, 8, seps), 20)

    plain = bert_input(draw, 12, 8, (6,))
    plain[8], plain[9] = "<unk>", plain[1]
    distinct = ["<cls>", *draw.permutation(WORDS)[:30], "<sep>"]
    yield case("one sentence", "basic", bert_input(draw, 9, 6), 100, touch=True)
    yield case("two sentences", "basic", bert_input(draw, 24, 8, (10,)), 100, touch=True)
    yield case("special tokens inside", "candidates", plain, 300)
    yield lengthy(3)
    yield lengthy(6)
    yield lengthy(13)
    yield lengthy(14, 3, 5, 8)
    yield lengthy(16, 7)
    yield lengthy(30, 12)
    yield case("nothing to predict", "number", ["<cls>", "<sep>"], 5)
    yield case("thirty different words", "sorted", distinct, 60)
    yield case("thirty different words", "labels", distinct, 60)
    yield case("words that the vocabulary lacks", "unknown", ["<cls>", "quokka", "axolotl", "<sep>"], 40)
    yield case("one generator, two times the same state", "seed", bert_input(draw, 24, 8, (10,)), 30, again=True)
    yield lengthy(200, 90)
    yield lengthy(600, 250)


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


mlm_example = Exercise(
    homework="hw7",
    name="mlm_example",
    uses=("replace_mlm_tokens",),
    file="bert_data.py",
    points=9,
    kind="probe",
    probe=probe_mlm_example,
    laws=(mlm_example_law,),
    arguments=("tokens", "vocab", "rng"),
    cases=_example_cases,
    checks=(
        Check("value", 2, "the ids of the tokens after the replacement, as many as there are tokens", aspect="basic"),
        Check("value", 1.5, 'The candidates are all positions whose token is neither "<cls>" nor "<sep>"',
              aspect="candidates", title="candidates"),
        Check("value", 1.5, "The number of predictions asked for is max(1, round(0.15 * len(tokens)))",
              aspect="number", title="how many"),
        Check("value", 1, "The predicted positions, in ascending order", aspect="sorted", title="sorted positions"),
        Check("value", 1.5, "the id of the original token at each of these positions, in the order of the positions",
              aspect="labels", title="labels"),
        Check("value", 0.5, "a token that it does not know has the id that `vocab[token]` gives", aspect="unknown",
              title="unknown tokens"),
        Check("randomness", 0.5, "the same state of `rng` gives the same answer", aspect="seed", title="same again"),
        Check("purity", 0.5, "Python's global generator is neither read nor changed", title="no side effects"),
    ),
    hints=(
        "Which positions may be predicted, and how many of them? Answer both before you call `replace_mlm_tokens`.",
        "The predictions come as pairs. A pair keeps its position and its label together while the pairs are sorted.",
        "Collect the candidates by their tokens, get the pairs, sort the pairs by position, and only then take "
        "positions and labels apart and look the ids up.",
    ),
)  # fmt: skip
