"""data.py: PairDataset, data_iter, pad_collate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Generator, Run, Tensor
from autograder.exercises.hw2._batches import batches_law, draw_batches, use_dataset


def _dataset_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, count: int, *shape: int, **options: Any) -> Case:
        return Case(name, aspect, (draw.distinct((count, *shape)), draw.integers((count,), 0, 9)), options=options)

    yield case("one pair", "basic", 1, 2, len=True, items=[0])
    yield case("three pairs", "basic", 3, 2, len=True, items=[0, 2, 1])
    yield case("four pairs of images", "basic", 4, 2, 3, len=True, items=[3, 0])
    lists = (["so", "it", "is"], [1, 0, 1])
    yield Case("lists", "basic", lists, options={"len": True, "items": [1, 2]})
    yield case("labels of shape (3, 2)", "basic", 3, 1, len=True, items=[2])
    other = {"other": (draw.distinct((5, 2)), draw.integers((5,), 0, 9))}
    yield case("another data set before and after", "basic", 3, 2, len=True, items=[0, 2], **other)
    yield case("from the end", "negative", 3, 2, items=[-1, -3])
    yield Case("from the end of a list", "negative", lists, options={"items": [-2]})
    yield case("beyond three", "beyond", 3, 2, beyond=[3, 4, -4])
    yield Case("beyond a list of three", "beyond", lists, options={"beyond": [3, 100, -4]})
    yield case("no pair", "beyond", 0, 2, beyond=[0, -1], len=True)
    yield case("a loop over three", "loop", 3, 2, loop=True)
    yield case("a loop over none", "loop", 0, 1, loop=True)
    yield case("batches of two", "loader", 5, 2, loader=2)
    yield case("two halved", "transform", 2, 3, transform="half", items=[1, 0, 1])
    yield case("its own mean taken off", "transform", 3, 4, transform="centre", items=[0, -1])
    yield case("halved in batches", "transform", 3, 2, transform="half", loader=2)
    yield case("before and after", "lazy", 4, 2, transform="half", items=[1, 1])
    yield case("none asked for", "lazy", 3, 2, transform="half", len=True)
    yield case("written into afterwards", "as they are", 3, 2, write=True, items=[0, 2])
    for count, labels in ((3, 2), (2, 3), (0, 4)):
        args = (draw.distinct((count, 2)), draw.integers((labels,), 0, 9))
        yield Case(f"{count} samples, {labels} labels", "errors", args, options={"names": labels})
    yield Case("lists of 2 and 7", "errors", (["a", "b"], [0] * 7), options={"names": 7})


PairDataset = Exercise(
    homework="hw2",
    name="PairDataset",
    difficulty=1,
    file="data.py",
    points=2,
    kind="probe",
    probe=use_dataset,
    arguments=("features", "labels"),
    cases=_dataset_cases,
    checks=(
        Check("value", 0.5, "`dataset[i]` is a tuple of the sample with number i and its label", aspect="basic"),
        Check("value", 0.125, "A negative index counts from the end", aspect="negative"),
        Check("value", 0.25, "one that no pair has raises IndexError, below as well as above", aspect="beyond"),
        Check("value", 0.125, "a `for` loop over the data set ends after the last pair", aspect="loop"),
        Check("value", 0.125, "a DataLoader can make batches of it", aspect="loader"),
        Check("value", 0.25, "a function that is applied to a sample whenever it is asked for, and never to a label",
              aspect="transform"),
        Check("value", 0.25, "no sample is transformed before it is asked for", aspect="lazy"),
        Check("value", 0.125, "The data are neither changed nor copied when the data set is made",
              aspect="as they are"),
        Check("errors", 0.125, "there are not as many labels as samples"),
        Check("purity", 0.125, "The data are neither changed"),
    ),
    hints=(
        "Which of the three arguments must the constructor look at, and which does it merely have to remember?",
        "What do a tensor and a list do by themselves when they are asked for item -1, or for one beyond the end?",
        "Compare the two lengths in the constructor and keep the arguments as they are. Look the sample up when it is "
        "asked for, and hand it to the transform, if there is one, before it is returned together with its label.",
    ),
)  # fmt: skip

SAMPLE: tuple[Run, ...] = ("plain",)


def _iter_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, size: int, count: int, *shape: int, **rest: Any) -> Case:
        seeded = rest.pop("seeded", True)
        generator = Generator("torch", draw.integer(1, 10**6)) if seeded else None
        features = rest.pop("features", None) or draw.distinct((count, *shape))
        labels = rest.pop("labels", None) or tensor(list(range(count)), "int64")
        runs = rest.pop("runs", None)
        return Case(name, aspect, (size, features, labels, generator), options={"laws": aspect != "errors", **rest},
                    runs=runs)  # fmt: skip

    yield case("two batches of one", "basic", 1, 2, 1)
    yield case("two batches of two", "basic", 2, 4, 3, iterator=True)
    yield case("three batches of three", "basic", 3, 9, 2)
    yield case("two batches of two, of the global generator", "basic", 2, 4, 2, seeded=False)
    yield case("three samples in batches of two", "remainder", 2, 3, 2)
    yield case("eleven samples in batches of four", "remainder", 4, 11, 2)
    yield case("a batch larger than the data", "remainder", 8, 3, 2)
    yield case("images", "shapes", 2, 5, 2, 3)
    yield case("numbers", "shapes", 3, 4, tuples=True)
    double = draw.floats((5, 2), dtype="float64")
    column = Tensor(draw.distinct((5, 1)).data, "float32")
    yield case("float64 samples and a column of labels", "shapes", 2, 5, features=double, labels=column)
    yield case("whole numbers", "shapes", 2, 4, features=tensor([[3, 1], [1, 2], [5, 5], [0, 7]], "int64"))
    yield case("no samples", "empty", 2, 0, 3)
    yield case("four samples in batches of two", "shuffled", 2, 4, 1, epochs=6000, runs=SAMPLE)
    yield case("three samples in batches of one, of the global generator", "shuffled", 1, 3, 1, epochs=800,
               seeded=False, runs=SAMPLE)  # fmt: skip
    yield case("forty samples in batches of eight", "shuffled", 8, 40, 1, epochs=200, runs=SAMPLE)
    yield case("one generator", "epochs", 8, 40, 1, epochs=4, runs=SAMPLE)
    yield case("the global generator", "epochs", 8, 41, 1, epochs=4, seeded=False, runs=SAMPLE)
    yield case("a generator", "seed", 4, 40, 1, seeds=[5, 5, 6], runs=SAMPLE)
    yield case("the global generator", "seed", 4, 40, 1, seeds=[7, 7, 8], seeded=False, runs=SAMPLE)
    yield case("batch size 0", "errors", 0, 3, 1, runs=SAMPLE)
    yield case("batch size -1", "errors", -1, 3, 1, runs=SAMPLE)
    fewer = tensor([0, 1, 2], "int64")
    yield case("three labels for four samples", "errors", 2, 4, 1, labels=fewer, runs=SAMPLE)
    yield case("three labels for two samples", "errors", 2, 2, 1, labels=fewer, runs=SAMPLE)


data_iter = Exercise(
    homework="hw2",
    name="data_iter",
    file="data.py",
    points=4,
    kind="probe",
    probe=draw_batches,
    laws=(batches_law,),
    arguments=("batch_size", "features", "labels", "generator"),
    cases=_iter_cases,
    checks=(
        Check("value", 1, "Every sample comes exactly once, together with its own label", aspect="basic"),
        Check("value", 0.5, "The last batch has those that are left over, and none is dropped", aspect="remainder"),
        Check("value", 0.25, "new tensors on the device and with the dtype of the data", aspect="shapes"),
        Check("value", 0.125, "No samples give no batches", aspect="empty"),
        Check("randomness", 0.875, "Every order of the samples is equally likely", aspect="shuffled",
              title="every order"),
        Check("randomness", 0.25, "two epochs with one generator have different orders", aspect="epochs",
              title="another order in every epoch"),
        Check("randomness", 0.25, "The same state of the generator gives the same order", aspect="seed",
              title="same again"),
        Check("purity", 0.375, "neither Python's generator nor NumPy's", title="no side effects",
              instead={"purity:changed": "The data are not changed", "purity:alias": "new tensors on the device"}),
        Check("device", 0.125, "new tensors on the device and with the dtype of the data"),
        Check("errors", 0.25, "`batch_size` is less than 1, or there are not as many labels as samples"),
    ),
    hints=(
        "Shuffle what says where a sample is, not the samples: one order, used for features and labels alike.",
        "Which torch function gives the numbers from 0 to N - 1 in a random order, and takes a generator? Cut its "
        "answer into pieces; what does slicing do when there are not enough left?",
        "Draw one order for each call. Go through it in steps of the batch size, and index both tensors with the piece "
        "from here to the next step; hand the pair out with `yield`.",
    ),
)  # fmt: skip


def _collate_cases(draw: Draw) -> Iterable[Case]:
    def batch(lengths: Sequence[int], *shape: int, labels: Sequence[Any] | None = None, **how: Any) -> list[Any]:
        found = []
        for number, length in enumerate(lengths):
            held = draw.integers((length, *shape), 1, 9) if how.get("whole") else draw.floats((length, *shape), **how)
            found.append((held, draw.integer(0, 9) if labels is None else labels[number]))
        return found

    def case(name: str, aspect: str, pairs: list[Any], *value: Any, **rest: Any) -> Case:
        return Case(name, aspect, (pairs, *value), **rest)

    yield case("lengths 2 and 1", "basic", batch([2, 1], whole=True))
    yield case("lengths 1, 3 and 2", "basic", batch([1, 3, 2]))
    yield case("three of equal length", "basic", batch([2, 2, 2]))
    yield case("the longest in the middle", "basic", batch([2, 5, 1, 3]))
    yield case("zeros in the sequences", "basic", [(tensor([0, 4, 0]), 1), (tensor([0]), 0)])
    yield case("vectors", "axes", batch([1, 3], 2))
    yield case("vectors as long as the sequences", "axes", batch([3, 2], 3))
    yield case("matrices", "axes", batch([2, 4, 1], 3, 2))
    yield case("value -1", "value", batch([1, 2], whole=True), -1)
    yield case("value 0.5, vectors", "value", batch([3, 1], 2), 0.5)
    yield case("value -inf", "value", batch([2, 3, 1]), float("-inf"))
    yield case("value -1, zeros in the sequences", "value", [(tensor([0, 4, 0]), 1), (tensor([0]), 0)], -1)
    yield case("a sequence without steps", "length 0", batch([0, 2]))
    yield case("a sequence without steps, vectors", "length 0", batch([2, 0, 1], 2), -2)
    yield case("nothing but sequences without steps", "length 0", batch([0, 0]))
    yield case("float labels", "labels", batch([1, 2, 1], labels=[0.5, -1.25, 3.0]))
    yield case("label tensors of shape ()", "labels", batch([2, 1], labels=[tensor(3), tensor(7)]))
    rows = [draw.floats((2,)) for _ in range(3)]
    yield case("label tensors of shape (2,)", "labels", batch([1, 3, 2], labels=rows))
    double = [tensor(0.5, "float64"), tensor(2.0, "float64")]
    yield case("float64 labels", "labels", batch([1, 2], labels=double))
    yield case("float64 sequences", "dtype", batch([2, 1], dtype="float64"))
    yield case("bool sequences", "dtype", [(tensor([True, False, True]), 0), (tensor([True]), 1)])
    yield case("int32 sequences", "dtype", [(tensor([2, 9], "int32"), 0), (tensor([5], "int32"), 1)], 3)
    large = [(tensor([2**53 + 1, 2**40], "int64"), 0), (tensor([2**24 + 1], "int64"), 1)]
    yield case("large whole numbers", "dtype", large)
    yield case("one sequence", "single", batch([3], 2))
    yield case("one sequence with one label tensor", "single", batch([2], labels=[tensor([1.5, 2.0])]))
    yield Case("of a DataLoader", "loader", (batch([1, 3, 2], 2),), options={"loader": 2})
    yield case("no pairs", "errors", [])


def _call_collate(student: Any, call: Any) -> Any:
    """One call; where the case asks for it, the batches that a DataLoader makes with the function."""
    if "loader" not in call.options:
        return student.pad_collate(*call.args)
    from torch.utils.data import DataLoader

    return list(DataLoader(call.args[0], batch_size=call.options["loader"], collate_fn=student.pad_collate))


pad_collate = Exercise(
    homework="hw2",
    name="pad_collate",
    file="data.py",
    points=4,
    probe=_call_collate,
    arguments=("batch", "value"),
    cases=_collate_cases,
    checks=(
        Check("value", 1.25, "row i holds sequence i from its first step on, then `value`", aspect="basic"),
        Check("value", 0.5, "any further axes are the same for all", aspect="axes"),
        Check("value", 0.5, "what stands behind the end of a sequence, any number that its dtype holds",
              aspect="value"),
        Check("value", 0.25, "A length may be 0", aspect="length 0"),
        Check("value", 0.375, "y holds the labels along a new first axis", aspect="labels"),
        Check("value", 0.25, "and the dtype and the device of the sequences", aspect="dtype"),
        Check("value", 0.125, "also when the batch is a single sequence", aspect="single"),
        Check("value", 0.125, "a `collate_fn` for a DataLoader", aspect="loader"),
        Check("purity", 0.25, "what is written into them reaches no sample"),
        Check("device", 0.25, "on the device of the sequences"),
        Check("errors", 0.125, "the batch is empty"),
    ),
    hints=(
        "Take the list of pairs apart first: a list of sequences and a list of labels. What is the longest length?",
        "Make the whole batch at once, filled with `value`: there is a method of a tensor that makes one like itself, "
        "but of another shape. Then only the beginnings of its rows have to be written.",
        "The shape of the batch is the number of sequences, the longest length, and what a sequence has behind its "
        "first axis. The labels are numbers or tensors: each needs another function to become one tensor.",
    ),
)  # fmt: skip

EXERCISES = (PairDataset, data_iter, pad_collate)
