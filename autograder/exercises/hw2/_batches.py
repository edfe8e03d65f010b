"""What the cases of data.py do with data sets and iterators, and the law of shuffled minibatches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from autograder.exercise import Case, Finding
from autograder.exercises.orders import spread

if TYPE_CHECKING:
    from autograder.arrays import Array

MOST = 40  # items that are taken from an iterator that should have ended


class Transform:
    """A function of a sample that keeps count of its calls."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self.calls = 0

    def __call__(self, sample: Any) -> Any:
        self.calls += 1
        return sample / 2 if self._kind == "half" else sample - sample.mean()


def use_dataset(student: Any, call: Any) -> dict[str, Any]:
    """Makes a data set of the case's features and labels, and asks it what the options say."""
    options = call.options
    features, labels = call.args
    transform = Transform(options["transform"]) if "transform" in options else None
    if "other" in options:
        student.PairDataset(*options["other"])
    dataset = student.PairDataset(features, labels, *([] if transform is None else [transform]))
    if "other" in options:
        student.PairDataset(*options["other"])
    found: dict[str, Any] = {}
    if transform is not None:
        found["samples transformed so far"] = transform.calls
    if options.get("write"):
        features.fill_(7)
    if options.get("len"):
        found["len(dataset)"] = len(dataset)
    for index in options.get("items", []):
        pair = dataset[index]
        found[f"dataset[{index}]"] = pair
        if options.get("len"):
            found[f"dataset[{index}] is a tuple"] = isinstance(pair, tuple)
    if transform is not None:
        found["samples transformed in the end"] = transform.calls
    for index in options.get("beyond", []):
        found[f"dataset[{index}]"] = _raised(dataset.__getitem__, index)
    if options.get("loop"):
        found["a loop over the data set"] = [label for _, label in islice(iter(dataset), MOST)]
    if options.get("loader"):
        from torch.utils.data import DataLoader

        found["batches of a DataLoader"] = list(DataLoader(dataset, batch_size=options["loader"]))
    return found


def _raised(action: Callable[[int], Any], index: int) -> str:
    try:
        action(index)
    except Exception as error:
        return f"raises {type(error).__name__}"
    return "raises nothing"


def draw_batches(student: Any, call: Any) -> dict[str, Any]:
    """The batches of one epoch; or, where the case asks for epochs, the order of each as the labels tell it. With
    `seeds` each epoch has a generator of its own, or the global one, that begins with that seed."""
    import torch

    size, features, labels, generator = call.args
    options = call.options
    if "seeds" in options:
        orders = []
        for seed in options["seeds"]:
            own = torch.manual_seed(seed) if generator is None else torch.Generator().manual_seed(seed)
            orders.append(_order(student.data_iter(size, features, labels, None if generator is None else own)))
        return {"orders": orders}
    if "epochs" in options:
        return {"orders": [_order(student.data_iter(size, features, labels, generator))
                           for _ in range(options["epochs"])]}  # fmt: skip
    batches = student.data_iter(size, features, labels, *([] if generator is None else [generator]))
    found: dict[str, Any] = {}
    drawn = list(islice(iter(batches), MOST))
    if options.get("tuples"):
        found["tuples"] = all(isinstance(batch, tuple) for batch in drawn)
    found["batches"] = [tuple(batch) for batch in drawn]
    if options.get("iterator"):
        found["iterator"] = hasattr(batches, "__next__")
    return found


def _order(batches: Iterable[Any]) -> list[list[int]]:
    return [[int(label) for label in batch[1]] for batch in islice(iter(batches), MOST)]


def batches_law(case: Case, value: Any) -> Iterator[Finding]:
    """Every sample once, with its label, in batches of the right size; and how orders are spread."""
    findings = _orders(case, value) if "orders" in value else _once(case, value)
    suffix = ":global" if "orders" in value and case.args[3] is None else ""
    for finding in findings:
        yield Finding(finding.code + suffix, finding.message)


def _orders(case: Case, value: Any) -> Iterator[Finding]:
    if case.aspect == "shuffled":
        yield from spread(value["orders"], len(case.args[2].data), case.args[0])
    elif case.aspect == "epochs":
        if any(one == other for one, other in zip(value["orders"], value["orders"][1:], strict=False)):
            yield Finding("same-order", "two epochs with one generator had the same order")
    else:
        first, again, other = value["orders"]
        if first != again:
            yield Finding("unseeded", "from the same state of the generator came two different orders")
        elif first == other:
            yield Finding("seed-ignored", "from two different states of the generator came the same order")


def _once(case: Case, value: Any) -> Iterator[Finding]:
    size, features, labels, _ = case.args
    batches: list[tuple[Array, Array]] = value["batches"]
    if value.get("iterator") is False:
        yield Finding("no-iterator", "the answer is no iterator: next(…) does not work on it")
    if value.get("tuples") is False:
        yield Finding("no-tuple", "a batch is not a tuple (X, y)")
    for X, y in batches:
        for name, got, of in (("samples", X, features), ("labels", y, labels)):
            if got.shape[1:] != of.data.shape[1:] or not got.shape:
                message = f"the {name} of a batch have the shape {got.shape}, those of the data {of.data.shape}"
                yield Finding(f"shape:{name}", message)
                return
            if got.dtype != of.dtype:
                yield Finding(f"dtype:{name}", f"the {name} of a batch have the dtype {got.dtype}, expected {of.dtype}")
                return
        if len(X.data) != len(y.data):
            yield Finding("unequal", f"a batch has {len(X.data)} samples and {len(y.data)} labels")
            return
    rows = {row.tobytes(): number for number, row in enumerate(features.data)}
    targets = {row.tobytes(): number for number, row in enumerate(labels.data)}
    sample = [rows.get(row.tobytes()) for X, _ in batches for row in X.data]
    label = [targets.get(row.tobytes()) for _, y in batches for row in y.data]
    if None in sample or None in label:
        yield Finding("strange", "a batch holds a sample or a label that the data do not have")
        return
    if sample != label:
        at = next(i for i, pair in enumerate(zip(sample, label, strict=True)) if pair[0] != pair[1])
        yield Finding("pairs", f"sample {sample[at]} came with the label of sample {label[at]}")
    count = len(features.data)
    missing = [number for number in range(count) if number not in sample]
    twice = [number for number in range(count) if sample.count(number) > 1]
    if missing:
        yield Finding("missing", f"{len(missing)} of {count} samples never came, sample {missing[0]} among them")
    if twice:
        yield Finding("twice", f"sample {twice[0]} came {sample.count(twice[0])} times")
    if not (missing or twice):
        sizes = [len(X.data) for X, _ in batches]
        wanted = [min(size, count - start) for start in range(0, count, size)]
        if sizes != wanted:
            yield Finding("sizes", f"the batches have {sizes} samples, expected {wanted}")
