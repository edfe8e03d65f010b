"""nsp_pairs and BERTDataset, and the laws of what they make of a text."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise, Finding
from autograder.exercises.hw7._probes import probe_bert_dataset, probe_nsp_pairs
from autograder.exercises.hw7._words import WORDS, generator, random_vocabulary
from autograder.exercises.repeated import draws_of, same_again, short


class _Text:
    """Draws paragraphs whose sentences have the given numbers of tokens; no token comes twice."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def __call__(self, *paragraphs: Sequence[int]) -> list[list[list[str]]]:
        words = iter(self._draw.permutation(WORDS))
        return [[[next(words) for _ in range(size)] for size in sizes] for sizes in paragraphs]


def _pairs_cases(draw: Draw) -> Iterable[Case]:
    text = _Text(draw)

    def case(
        name: str, aspect: str, paragraphs: list[Any], max_len: int, *, repeats: int = 30, whole: bool = True,
        own: list[Any] | None = None, **options: Any,
    ) -> Case:  # fmt: skip
        """Where `whole`, every pair fits."""
        options |= {"repeats": repeats, "laws": True, "whole": whole}
        args = (paragraphs[0] if own is None else own, paragraphs, max_len, generator(draw))
        return Case(name, aspect, args, options=options, runs=("plain",))

    yield case("two sentences", "basic", text([1, 2], [2, 1]), 20, touch=True)
    yield case("four sentences", "basic", text([2, 1, 3, 2], [1, 2, 2]), 20, touch=True)
    yield case("four sentences", "both", text([1, 2, 1, 2], [2, 1]), 20, repeats=60)
    yield case("inputs that fit exactly", "exact", text([2, 2, 2], [2, 2]), 7)
    yield case("a token too many", "dropped", text([2, 2, 2], [2, 2]), 6, whole=False)
    yield case("two tokens too many", "dropped", text([2, 2, 2], [2, 2]), 5, whole=False)
    yield case("a long second sentence", "drawn", text([1, 6, 1, 1], [1, 1]), 6, repeats=60, whole=False)
    yield case("long sentences elsewhere", "drawn", text([1, 1, 1], [8, 8, 8]), 6, repeats=60, whole=False)
    yield case("one sentence", "few", text([3], [1, 2]), 20)
    yield case("no sentence", "few", text([3], [1, 2]), 20, own=[])
    yield case("an empty sentence", "few", text([2, 0, 1], [1, 2]), 20)
    yield case("one generator, two times the same state", "seed", text([1, 2, 1, 2, 1], [2, 1, 2]), 20, again=True)


def nsp_pairs_law(case: Case, value: Any) -> Iterator[Finding]:
    """Every answer is a list of inputs that the paragraph can give, in its order, and over many draws all of them."""
    paragraph, paragraphs, max_len, _ = case.args
    found: list[list[tuple[int, bool]]] = []
    elsewhere = False
    for answer in draws_of(case, value):
        if type(answer) is not list or not all(_is_input(item) for item in answer):
            message = "expected a list of tuples (tokens, segments, is_next)"
            yield Finding("form", f"{message}, got {short(answer)}")
            return
        pairs = []
        for item in answer:
            read = _read(item, paragraph, paragraphs, max_len)
            if isinstance(read, Finding):
                yield read
                return
            pairs.append(read)
            elsewhere |= item[0][item[0].index("<sep>") + 1 : -1] not in paragraph
        found.append(pairs)
    yield from _together(case, found)
    if case.aspect == "both" and not elsewhere:
        yield Finding("own", f"in {len(found)} draws no partner came from another paragraph")
    if case.aspect == "seed":
        yield from same_again(value, "pairs")


def _is_input(item: Any) -> bool:
    if not isinstance(item, (list, tuple)) or len(item) != 3:
        return False
    return type(item[0]) is list and type(item[1]) is list and item[2] in (0, 1)


def _read(item: Any, paragraph: Any, paragraphs: Any, max_len: int) -> tuple[int, bool] | Finding:
    """The place of the first sentence and whether the second is said to be the next one; or what is wrong."""
    tokens, segments, is_next = item
    if len(tokens) > max_len:
        return Finding(
            f"long:{len(tokens) - max_len}",
            f"an input has {len(tokens)} tokens, and max_len is {max_len}: {short(tokens)}",
        )
    if tokens.count("<sep>") != 2 or tokens[0] != "<cls>" or tokens[-1] != "<sep>":
        return Finding("tokens", f"{short(tokens)} is not “<cls>”, a sentence, “<sep>”, a sentence, “<sep>”")
    end = tokens.index("<sep>")
    first, second = tokens[1:end], tokens[end + 1 : -1]
    if segments != [0] * (end + 1) + [1] * (len(second) + 1):
        return Finding("segments", f"{short(tokens)} has the segments {segments}")
    place = next((i for i, sentence in enumerate(paragraph[:-1]) if sentence == first), None)
    if place is None:
        return Finding("first", f"{first} is no sentence of the paragraph that has a next one")
    if second not in [paragraph[place + 1], *(s for p in paragraphs for s in p)]:
        return Finding("second", f"{short(second)} is no sentence of the text")
    if bool(is_next) != (second == paragraph[place + 1]):
        return Finding("label", f"behind {first} stands {second}, and is_next is {is_next}")
    return place, bool(is_next)


def _together(case: Case, found: list[list[tuple[int, bool]]]) -> Iterator[Finding]:
    paragraph, number = case.args[0], len(case.args[0]) - 1
    if any([place for place, _ in pairs] != sorted({place for place, _ in pairs}) for pairs in found):
        yield Finding("order", "the pairs do not stand in the order of the paragraph, or one comes twice")
        return
    if case.options["whole"]:
        short_one = next((pairs for pairs in found if len(pairs) < number), None)
        if short_one is not None:
            message = f"{len(short_one)} pairs came of a paragraph of {len(paragraph)} sentences, expected {number}"
            missing = set(range(number)) - {place for pairs in found for place, _ in pairs}
            yield Finding("few:last" if missing == {number - 1} else f"few:{case.aspect}", message)
    if case.aspect == "both":
        for place in range(number):
            sides = {is_next for pairs in found for at, is_next in pairs if at == place}
            if len(sides) == 1:
                message = f"in {len(found)} draws the pair that begins with sentence {place} was always {sides}"
                yield Finding("one side", message)
                return
        if all(len({is_next for _, is_next in pairs}) == 1 for pairs in found):
            message = f"in each of {len(found)} draws all pairs were true or all were false"
            yield Finding("one coin", f"{message}: a coin is thrown for every pair")
    if case.aspect == "drawn":
        yield from _by_what_was_drawn(case, found)


def _by_what_was_drawn(case: Case, found: list[list[tuple[int, bool]]]) -> Iterator[Finding]:
    """A pair is there in some draws and not in others where one partner fits and another does not."""
    paragraph, paragraphs, max_len, _ = case.args
    for place, sentence in enumerate(paragraph[:-1]):
        room = max_len - 3 - len(sentence)
        others = [s for p in paragraphs for s in p if s not in (sentence, paragraph[place + 1])]
        fits = {True: len(paragraph[place + 1]) <= room, False: any(len(s) <= room for s in others)}
        there = [pairs for pairs in found if any(at == place for at, _ in pairs)]
        sides = {is_next for pairs in there for at, is_next in pairs if at == place}
        if any(fits[side] and side not in sides for side in fits):
            missing = "true" if fits[True] and True not in sides else "false"
            message = f"in {len(found)} draws no {missing} pair began with sentence {place}, though one would fit"
            yield Finding("drawn:never", message)
            return
        if any(len(s) > room for s in (*others, paragraph[place + 1])) and len(there) == len(found):
            message = f"in all {len(found)} draws an input began with sentence {place}, though not every partner fits"
            yield Finding("drawn:always", message)
            return


nsp_pairs = Exercise(
    homework="hw7",
    name="nsp_pairs",
    uses=("get_tokens_and_segments", "next_sentence"),
    difficulty=1,
    file="bert_data.py",
    points=2,
    kind="probe",
    probe=probe_nsp_pairs,
    laws=(nsp_pairs_law,),
    arguments=("paragraph", "paragraphs", "max_len", "rng"),
    cases=_pairs_cases,
    checks=(
        Check("value", 0.75, "For each sentence but the last, in the order of the paragraph", aspect="basic"),
        Check("randomness", 0.125, "your `next_sentence` decides on a partner", aspect="both", title="both kinds"),
        Check("value", 0.25, "An input\n    of more than `max_len` tokens, special tokens included, is dropped",
              aspect="exact", title="what just fits"),
        Check("value", 0.25, "it is neither shortened nor replaced by another\n    one", aspect="dropped",
              title="what is too long"),
        Check("randomness", 0.25, "What counts is the pair that was drawn, not the true one", aspect="drawn",
              title="the pair that was drawn"),
        Check("value", 0.125, "With fewer than two sentences it gives no pair", aspect="few", title="few sentences"),
        Check("randomness", 0.125, "the same state of `rng` gives the same answer", aspect="seed", title="same again"),
        Check("purity", 0.125, "No argument but `rng` is changed"),
    ),
    hints=(
        "How many neighbours have four sentences, and how many has one?",
        "Two of your functions do the work here: one draws the partner, one puts the tokens together. When do you know "
        "how long the input is?",
        "Go through the sentences beside the same list without its first one. Draw, join, and keep what is not longer "
        "than max_len.",
    ),
)  # fmt: skip


def _dataset_cases(draw: Draw) -> Iterable[Case]:
    text = _Text(draw)
    vocabulary = random_vocabulary(draw)

    def case(name: str, aspect: str, paragraphs: list[Any], max_len: int, *, repeats: int = 6, **options: Any) -> Case:
        options |= {"repeats": repeats, "laws": True}
        return Case(name, aspect, (paragraphs, vocabulary, max_len, generator(draw)), options=options, runs=("plain",))

    yield case("two paragraphs", "basic", text([2, 1, 2], [1, 3]), 12, touch=True)
    yield case("three paragraphs, one of one sentence", "basic", text([1, 2, 1], [3], [2, 2]), 15, touch=True)
    yield case("no paragraph", "few", [], 10, repeats=2)
    yield case("pairs that do not fit", "few", text([3, 3, 3], [3, 3]), 8, repeats=3)
    yield case("filled up to 20", "padding", text([2, 1, 2], [1, 3]), 20)
    yield case("forty draws", "covered", text([3, 4, 3], [4, 3]), 12, repeats=40)
    yield case("asked for two times", "once", text([2, 3, 2], [3, 2]), 12, twice=True)
    yield case("behind the end", "end", text([2, 1, 2], [1, 3]), 12, end=True, repeats=2)
    yield case("one generator, two times the same state", "seed", text([2, 1, 2], [1, 3, 2]), 12, again=True)


SHAPES = (("int64", 1), ("int64", 1), ("float32", 0), ("int64", 1), ("float32", 1), ("int64", 1), ("int64", 0))


def bert_dataset_law(case: Case, value: Any) -> Iterator[Finding]:
    """The examples belong to the text, pair by pair, and what is predicted is what was there."""
    paragraphs, words, max_len, _ = case.args
    draws = draws_of(case, value)
    if not all(draw["dataset"] for draw in draws):
        yield Finding("kind", "a BERTDataset is no torch.utils.data.Dataset")
    covered = predicted = 0
    false_pairs: list[tuple[list[str], list[str]]] = []
    for draw in draws:
        if draw["behind the end"] != "IndexError":
            yield Finding("end", f"data[len(data)] gives {draw['behind the end']}, expected an IndexError")
            return
        if draw["length"] != len(draw["items"]):
            yield Finding("length", f"len is {draw['length']}, and there are {len(draw['items'])} examples")
            return
        if draw["changed"]:
            yield Finding("once", "an example that is asked for again is another one")
            return
        read = []
        for item in draw["items"]:
            example = _example(item, words, max_len)
            if isinstance(example, Finding):
                yield example
                return
            covered += example[2]
            predicted += int(item[4].data.sum())
            read.append(example[:2])
            if not example[1]:
                end = example[0].index("<sep>")
                false_pairs.append((example[0][1:end], example[0][end + 1 : -1]))
        wrong = _belongs(paragraphs, max_len, read)
        if wrong is not None:
            yield wrong
            return
    if case.aspect == "covered":
        if len({draw["text"] for draw in draws}) == 1:
            yield Finding("fixed", f"{len(draws)} data sets, each drawn anew from rng, are all the same")
        elif not covered:
            yield Finding("uncovered", "in no example a word is covered by <mask>")
        elif covered == predicted:
            yield Finding("only masks", f"all {predicted} predicted words are covered by <mask>")
        elif any(_only_inside(paragraph, false_pairs) for paragraph in paragraphs):
            yield Finding("own", "to some paragraph no false partner came from another one")
    if case.aspect == "seed" and [draw["text"] for draw in draws] != [draw["text"] for draw in value["again"]]:
        yield Finding("seed", "from the same state of rng the examples came out differently the second time")


def _example(item: Any, words: list[str], max_len: int) -> tuple[list[str], bool, int] | Finding:
    """The original tokens, is_next and how many were covered; or what is wrong with the seven tensors."""
    most = round(max_len * 0.15)
    wanted = [max_len, max_len, 0, most, most, most, 0]
    if type(item) is not tuple or len(item) != len(SHAPES):
        return Finding(f"form:{type(item).__name__}", f"an example is not a tuple of seven tensors: {short(item)}")
    for part, (dtype, axes), size in zip(item, SHAPES, wanted, strict=True):
        if not hasattr(part, "data") or part.dtype != dtype or list(part.shape) != [size] * axes:
            message = f"expected {dtype} tensors of the shapes that the stub gives"
            return Finding("form:parts", f"{message}, got {short(part)}")
    ids, segments, length, positions, weights, labels, is_next = (part.data.tolist() for part in item)
    count, length, special = int(sum(weights)), int(length), [words.index(token) for token in ("<cls>", "<sep>")]
    if weights != [1.0] * count + [0.0] * (most - count) or any(positions[count:]) or any(labels[count:]):
        return Finding("weights", f"the weights {weights} do not say which of {positions} and {labels} is padding")
    if any(i != words.index("<pad>") for i in ids[length:]) or any(segments[length:]):
        return Finding("padding", f"behind the valid length {length} stand {ids[length:]} and {segments[length:]}")
    original, covered = list(ids), 0
    for position, label in zip(positions[:count], labels[:count], strict=True):
        if position >= length or original[position] in special:
            return Finding("positions", f"position {position} is predicted, which is no word")
        covered += ids[position] == words.index("<mask>")
        original[position] = label
    if count != min(max(1, round(0.15 * length)), length - 3):
        return Finding("count", f"of {length} tokens {count} are predicted")
    tokens = [words[i] for i in original[:length]]
    end = tokens.index("<sep>") if "<sep>" in tokens else 0
    if segments[:length] != [0] * (end + 1) + [1] * (length - end - 1):
        return Finding("segments", f"the segments of {short(tokens)} are {segments}")
    return tokens, bool(is_next), covered


def _only_inside(paragraph: Any, false_pairs: list[tuple[list[str], list[str]]]) -> bool:
    partners = [second for first, second in false_pairs if first in paragraph[:-1]]
    return bool(partners) and all(second in paragraph for second in partners)


def _belongs(paragraphs: Any, max_len: int, read: list[tuple[list[str], bool]]) -> Finding | None:
    """What is wrong with the pairs of one data set, in the order of the text."""
    sentences = [s for p in paragraphs for s in p]
    neighbours = [pair for p in paragraphs for pair in itertools.pairwise(p)]
    longest = max((len(s) for s in sentences), default=0)
    everything_fits = 2 * longest + 3 <= max_len
    rest = iter(neighbours)
    for tokens, is_next in read:
        if tokens.count("<sep>") != 2 or tokens[0] != "<cls>" or tokens[-1] != "<sep>":
            return Finding("tokens", f"{short(tokens)} is no pair of sentences")
        end = tokens.index("<sep>")
        first, second = tokens[1:end], tokens[end + 1 : -1]
        true_next = next((b for a, b in rest if a == first), None)
        if true_next is None:
            return Finding("order", f"the example that begins with {first} does not stand where the text has it")
        if second not in sentences or is_next != (second == true_next):
            return Finding("label", f"behind {first} stands {short(second)}, and is_next is {is_next}")
    if everything_fits and len(read) != len(neighbours):
        return Finding("few", f"there are {len(read)} examples, expected {len(neighbours)}")
    return None


BERTDataset = Exercise(
    homework="hw7",
    name="BERTDataset",
    uses=("nsp_pairs", "mlm_example", "pad_bert_inputs"),
    file="bert_data.py",
    points=3,
    kind="probe",
    probe=probe_bert_dataset,
    laws=(bert_dataset_law,),
    arguments=("paragraphs", "vocab", "max_len", "rng"),
    cases=_dataset_cases,
    checks=(
        Check("value", 1.25, "The examples stand in the\n    order of the text", aspect="basic"),
        Check("value", 0.25, "of the pairs that were not dropped", aspect="few", title="few pairs"),
        Check("value", 0.25, "and the length to which it is padded", aspect="padding"),
        Check("randomness", 0.25, "covers\n    words in every pair", aspect="covered", title="covered words"),
        Check("value", 0.375, "an example is the same whenever it is asked for", aspect="once", title="made once"),
        Check("value", 0.25, "From len on an IndexError is raised", aspect="end", title="the end"),
        Check("randomness", 0.25, "the same state of `rng` gives the same data set", aspect="seed", title="same again"),
        Check("purity", 0.125, "No other argument is changed"),
    ),
    hints=(
        "Three of your functions make everything here. In which order does a pair pass through them, and which of them "
        "wants all examples at once?",
        "What `pad_bert_inputs` is given for an example has five parts. Three come from one function, and two were "
        "there before.",
        "Collect the examples in the constructor, pad them once and keep the seven lists: the length is that of one of "
        "them, and an example is the same place in each.",
    ),
)  # fmt: skip
