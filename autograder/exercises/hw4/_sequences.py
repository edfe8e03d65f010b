"""What the cases of the two iterators over a corpus do with them, and the laws of their batches.

Tokens differ from each other but where the case is about tokens that repeat, so that a token tells its place.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from autograder.exercise import Case, Finding
from autograder.exercises.chance import surprise
from autograder.exercises.orders import spread

if TYPE_CHECKING:
    from autograder.arrays import Array

MOST = 60  # batches that are taken from an iterator that should have ended
UNTIL_CHANGED = 20

Batches = list[tuple[list[list[int]], list[list[int]]]]


def read_corpus(name: str, student: Any, call: Any) -> dict[str, Any]:
    """Goes through the case's corpus as often as its options say. Where they ask for `starts`, an epoch is told by the
    first tokens of its rows, batch by batch. With `seeds` each epoch has a generator that begins with that seed. Every
    epoch has a copy of the corpus; where they ask to `touch` the case's own it is gone through afterwards."""
    corpus, batch_size, num_steps, rng = call.args
    options = call.options
    function = student.find(name)

    def epoch(corpus: list[int], rng: Any) -> list[Any]:
        return list(islice(iter(function(corpus, batch_size, num_steps, *([] if rng is None else [rng]))), MOST))

    found: list[Any] = []
    for seed in options.get("seeds", [None] * options.get("repeats", 1)):
        own = rng
        if seed is not None and rng is None:
            random.seed(seed)
        elif seed is not None:
            own = random.Random(seed)
        batches = epoch(list(corpus), own)
        found.append([X[:, 0].tolist() for X, _ in batches] if options.get("starts") else batches)
    for _ in range(UNTIL_CHANGED if options.get("touch") else 0):
        epoch(corpus, rng)
    return {"epochs": found}


def batches_law(cut: Callable[[Case, Batches], Iterable[Finding]], case: Case, value: Any) -> Iterator[Finding]:
    """Each aspect has its own law. What is wrong in several epochs is told once. `cut` is the law about where the rows
    of an epoch lie."""
    corpus, _batch_size, num_steps, _ = case.args
    epochs = value["epochs"]
    if "share" in case.options:
        yield from _share(case, epochs)
    elif case.aspect == "offset":
        places = {token: place for place, token in enumerate(corpus)}
        first = [places[epoch[0][0]] for epoch in epochs]
        yield from _offsets(first if case.options["starts"] == "first" else [p % num_steps for p in first], num_steps)
    elif case.aspect == "order":
        yield from _orders(case, epochs)
    elif case.aspect == "seed":
        yield from _seeds(case, epochs)
    elif case.aspect == "short":
        if any(epochs):
            yield Finding("short", f"a batch came of {len(corpus)} tokens, which are too few for any")
    else:
        told: set[str] = set()
        for epoch in epochs:
            for finding in _of_epoch(cut, case, epoch):
                if finding.code not in told:
                    told.add(finding.code)
                    yield finding


def _of_epoch(cut: Callable[[Case, Batches], Iterable[Finding]], case: Case, epoch: list[Any]) -> Iterator[Finding]:
    corpus, batch_size, num_steps, _ = case.args
    batches: Batches = []
    for batch in epoch:
        X, Y = batch
        problem = next(filter(None, (_malformed(name, part) for name, part in (("X", X), ("Y", Y)))), "")
        if problem:
            yield Finding("form", problem)
            return
        if X.shape == (num_steps, batch_size) and num_steps != batch_size:
            yield Finding("turned", f"a batch has the shape {X.shape}, expected {(batch_size, num_steps)}")
            return
        if case.aspect == "full" and X.shape != (batch_size, num_steps):
            message = f"a batch has the shape {X.shape}, expected {(batch_size, num_steps)}"
            yield Finding("full:rows" if X.shape[0] < batch_size else "full:shape", message)
            return
        if case.aspect == "basic" and (X.dtype, Y.dtype) != ("int64", "int64"):
            code = "dtype" if "float" in X.dtype + Y.dtype else "dtype:small"
            yield Finding(code, f"X has the dtype {X.dtype} and Y {Y.dtype}, expected int64")
            return
        if case.aspect == "repeated" and not isinstance(batch, tuple):
            yield Finding("no-tuple", "a batch is not a tuple (X, Y)")
            return
        batches.append((X.data.tolist(), Y.data.tolist()))
    if not batches and case.aspect in ("basic", "repeated"):
        yield Finding("nothing", f"no batch came of {len(corpus)} tokens")
    elif case.aspect in ("basic", "repeated"):
        yield from _rows(case, batches)
    elif case.aspect in ("full", "cut", "continues"):
        yield from cut(case, batches)


def _malformed(name: str, part: Array) -> str:
    return "" if len(part.shape) == 2 else f"{name} has the shape {part.shape}, expected two axes"


def _rows(case: Case, batches: Batches) -> Iterator[Finding]:
    """Every row is a piece of the corpus, and its labels are that piece moved on by one."""
    corpus, _, num_steps, _ = case.args
    for X, Y in batches:
        if len(X) != len(Y) or any(len(x) != len(y) for x, y in zip(X, Y, strict=True)):
            yield Finding("labels:shape", "X and Y of a batch have different shapes")
            return
        for x, y in zip(X, Y, strict=True):
            places = [p for p in range(len(corpus) - len(x) + 1) if corpus[p : p + len(x)] == x]
            if not places:
                backwards = any(corpus[p : p + len(y)] == y for p in range(len(corpus) - len(y) + 1))
                code = "torn:X" if backwards else "torn"
                yield Finding(code, f"{x} is a row of X, but no piece of the corpus")
                return
            if not any(corpus[p + 1 : p + 1 + len(x)] == y for p in places):
                moved = next((by for by in (0, -1, 2, len(x)) for p in places if corpus[p + by :][: len(x)] == y), None)
                code = "labels" if moved is None else f"labels:{moved if moved in (0, -1, 2) else 'next'}"
                code = "labels:repeated" if case.aspect == "repeated" else code
                yield Finding(code, f"the row {x} has the labels {y}; each label must be the token that follows")
                return
            if len(x) != num_steps:
                yield Finding("steps", f"a row has {len(x)} tokens, expected {num_steps}")
                return


def random_cut(case: Case, batches: Batches) -> Iterator[Finding]:
    """Subsequences lie on a grid, none comes twice, and there are as many batches as they fill."""
    corpus, batch_size, num_steps, _ = case.args
    starts = _starts(corpus, batches)
    flat = sorted(start for row in starts for start in row)
    remainders = {start % num_steps for start in flat}
    if case.aspect == "cut":
        if len(set(flat)) < len(flat):
            yield Finding("cut:twice", "a subsequence comes twice in an epoch")
        elif len(remainders) > 1:
            apart = min(b - a for a, b in pairwise(flat))
            message = f"two subsequences begin {apart} tokens apart, expected a multiple of {num_steps} for all of them"
            yield Finding("cut:overlap" if apart < num_steps else "cut:grid", message)
        return
    offset = min(remainders, default=0)
    yield from _number(len(batches), (len(corpus) - offset - 1) // num_steps // batch_size, offset)


def sequential_cut(case: Case, batches: Batches) -> Iterator[Finding]:
    """The rows of a batch are one part's length apart, each goes on in the next batch, and there are as many batches
    as the parts have room for."""
    corpus, batch_size, num_steps, _ = case.args
    starts = _starts(corpus, batches)
    offset = starts[0][0] if starts else 0
    length = (len(corpus) - offset - 1) // batch_size
    if case.aspect == "continues":
        for before, after in pairwise(starts):
            for row, (one, other) in enumerate(zip(before, after, strict=True)):
                if other != one + num_steps:
                    message = f"row {row} of a batch ends with token {one + num_steps - 1} of the corpus, and the same "
                    message += f"row of the next one begins with token {other}; it must go on with the token after"
                    yield Finding("continues:within" if other == starts[0][0] + num_steps else "continues", message)
                    return
    elif case.aspect == "cut":
        if starts and starts[0] != [offset + row * length for row in range(batch_size)]:
            message = f"the rows of the first batch begin with the tokens number {starts[0]} of {len(corpus)} tokens; "
            yield Finding("cut:parts", message + f"they must be {length} apart, the length of a part")
    else:
        yield from _number(len(batches), length // num_steps, offset)


def _starts(corpus: list[int], batches: Batches) -> list[list[int]]:
    places = {token: place for place, token in enumerate(corpus)}
    return [[places[x[0]] for x in X] for X, _ in batches]


def _number(found: int, expected: int, offset: int) -> Iterator[Finding]:
    if found != expected:
        message = f"there are {found} batches, expected {expected} with the offset {offset}"
        yield Finding("full:fewer" if found < expected else "full:more", message)


def _offsets(offsets: list[int], num_steps: int) -> Iterator[Finding]:
    """Every offset from 0 to num_steps - 1 is equally likely."""
    seen, total = Counter(offsets), len(offsets)
    never = [offset for offset in range(num_steps) if not seen[offset]]
    strange = sorted(set(offsets) - set(range(num_steps)))
    if strange:
        yield Finding(f"offset:beyond:{'one' if strange == [num_steps] else 'many'}",
                      f"an epoch begins with token {strange[0]}; the offset is at most {num_steps - 1}")  # fmt: skip
    elif len(seen) == 1:
        yield Finding("offset:fixed", f"all {total} epochs have the offset {offsets[0]}")
    elif never:
        which = {0: "first", num_steps - 1: "last"}.get(never[0], "other")
        yield Finding(f"offset:never:{which}", f"the offset {never[0]} never came in {total} epochs")
    else:
        often = [offset for offset in seen if surprise(seen[offset], total, 1 / num_steps) == "high"]
        rare = [offset for offset in seen if surprise(seen[offset], total, 1 / num_steps) == "low"]
        if often or rare:
            counts = [seen[offset] for offset in range(num_steps)]
            message = f"in {total} epochs the offsets 0 to {num_steps - 1} came {counts} times"
            yield Finding(f"offset:uneven:{(often or rare)[0]}", message + ", more unevenly than chance does it")


def _share(case: Case, epochs: list[list[list[int]]]) -> Iterator[Finding]:
    """Behind a large offset a short corpus has no batch left."""
    share, some = case.options["share"], sum(map(bool, epochs))
    if surprise(some, len(epochs), share):
        message = (
            f"{some} of {len(epochs)} epochs had a batch, expected about {share:.0%}: the offset does not depend on "
        )
        yield Finding("offset:short", message + "how long the corpus is")


def _orders(case: Case, epochs: list[list[list[int]]]) -> Iterator[Finding]:
    """Every order comes as often as the others, with all offsets together, for all leave as many subsequences,
    and with each by itself; where a subsequence is left over, each is as often the one."""
    corpus, batch_size, num_steps, _ = case.args
    places = {token: place for place, token in enumerate(corpus)}
    count = (len(corpus) - 1) // num_steps
    every: list[list[list[int]]] = []
    by_offset: dict[int, list[list[list[int]]]] = {}
    for epoch in epochs:
        numbers = [[places[token] // num_steps for token in batch] for batch in epoch]
        every.append(numbers)
        by_offset.setdefault(places[epoch[0][0]] % num_steps, []).append(numbers)
    for orders in (every, *by_offset.values()):
        found = list(_left_over(orders, count) if count % batch_size else spread(orders, count, batch_size))
        if found:
            yield from found
            return


def _left_over(orders: list[list[list[int]]], count: int) -> Iterator[Finding]:
    used = Counter(number for order in orders for batch in order for number in batch)
    share = used.total() / count / len(orders)
    always = [number for number in range(count) if used[number] == len(orders)]
    never = [number for number in range(count) if not used[number]]
    if never:
        message = f"subsequence {never[0]} of {count} is left over in all of {len(orders)} epochs"
        yield Finding("left:last" if never[-1] == count - 1 else "left:same", message + ": it is never used")
    elif always or any(surprise(used[number], len(orders), share) for number in range(count)):
        counts = [used[number] for number in range(count)]
        message = f"in {len(orders)} epochs the subsequences came {counts} times, more unevenly than chance does it"
        yield Finding("left:uneven", message)


def _seeds(case: Case, epochs: list[list[list[int]]]) -> Iterator[Finding]:
    """Two epochs for each seed, one behind the other. Chance may give the same batches to two seeds, not to all."""
    corpus, _, num_steps, _ = case.args
    offsets = [corpus.index(epoch[0][0]) % num_steps for epoch in epochs]
    if epochs[::2] != epochs[1::2]:
        code = "unseeded:order" if offsets[::2] == offsets[1::2] else "unseeded"
        yield Finding(code, "from the same state of rng came two different series of batches")
    elif all(epoch == epochs[0] for epoch in epochs):
        yield Finding("seed-ignored", "from all states of rng came the same batches")


random_law = partial(batches_law, random_cut)
sequential_law = partial(batches_law, sequential_cut)
