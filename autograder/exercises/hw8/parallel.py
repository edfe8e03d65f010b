"""parallel.py: training on several devices, in one process and in many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise, Run, Tensor

PLAIN: tuple[Run, ...] = ("plain",)
ON_DEVICE: tuple[Run, ...] = ("plain", "phantom")
CLASSES = 3

# ---- split_batch


def _split(student: Any, call: Any) -> Any:
    from autograder.exercises.hw8 import _parallel

    return _parallel.split(student, call)


def _split_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, batch: Any, devices: int, says: str = "") -> Case:
        places = ["here" if index % 2 == 0 else "cpu" for index in range(devices)]
        options = {"devices": places, "containers": aspect == "nested"}
        return Case(name, aspect, (batch,), says=says, options=options)

    def labelled(count: int, *shape: int) -> tuple[Tensor, Tensor]:
        return draw.floats((count, *(shape or (2,)))), draw.integers((count,), 0, 9)

    yield case("two samples, two devices", "basic", labelled(2), 2)
    yield case("six samples, three devices", "basic", labelled(6, 2, 3), 3)
    yield case("a tensor alone", "basic", draw.floats((4, 3)), 2)
    yield case("one device", "basic", labelled(3), 1)
    yield case("three over two", "sizes", labelled(3), 2)
    yield case("five over four", "sizes", labelled(5), 4)
    yield case("eleven over four", "sizes", labelled(11, 3), 4)
    yield case("ten over eight", "sizes", draw.integers((10,), 0, 99), 8)
    yield case("one over two", "few", labelled(1), 2)
    yield case("two over four", "few", labelled(2, 3), 4)
    yield case("none over two", "few", labelled(0), 2)
    yield case("a dict", "nested", {"X": draw.floats((3, 2)), "y": draw.integers((3,), 0, 9)}, 2)
    deep = {"inputs": [draw.floats((4, 2)), (draw.integers((4, 3), 0, 5),)], "labels": draw.integers((4,), 0, 9)}
    yield case("lists and tuples in a dict", "nested", deep, 2)
    yield case("a pair", "nested", labelled(2), 2)
    yield case("a list of one", "nested", [draw.floats((2,))], 2)
    yield case("None", "other things", (draw.floats((3, 2)), None), 2)
    rest = {"X": draw.floats((4, 2)), "name": "train", "scale": 0.5, "words": ["a", "b", "c", "d"]}
    yield case("a text, a number and words", "other things", rest, 2)
    yield case("no device", "errors", labelled(2), 0)
    yield case("more inputs than labels", "errors", (draw.floats((4, 2)), draw.integers((3,), 0, 9)), 2)
    yield case("labels deeper inside", "errors", [draw.floats((2, 2)), {"y": draw.integers((4,), 0, 9)}], 2)


split_batch = Exercise(
    homework="hw8",
    name="split_batch",
    difficulty=1,
    file="parallel.py",
    points=3,
    kind="probe",
    probe=_split,
    arguments=("batch",),
    cases=_split_cases,
    checks=(
        Check("value", 0.75, "A list with one shard for each device, in the order of the devices", aspect="basic"),
        Check("value", 0.5, "differ by at most one, and the larger ones come first", aspect="sizes"),
        Check("value", 0.5, "With fewer samples than devices the last shards are empty", aspect="few"),
        Check("value", 0.25, "A shard is built as the batch is, of tuples, lists and dicts", aspect="nested"),
        Check("value", 0.25, "What is not a tensor is in every shard, unchanged", aspect="other things"),
        Check("device", 0.25, "Its tensors are on its device"),
        Check("purity", 0.25, "The batch itself is not changed"),
        Check("errors", 0.25, "there is no device, or two tensors of the batch have different numbers of samples"),
    ),
    hints=(
        "How many samples does each device get, when 11 are shared out over 4? Write the four numbers down first.",
        "Dividing with a remainder gives two numbers: what everyone gets, and how many get one more. Where does shard"
        " number i begin?",
        "A batch inside a batch is a batch: let a function call itself for the items of a tuple, a list or a dict, and"
        " stop at a tensor, or at anything else.",
    ),
)

# ---- data_parallel_step


def _step(student: Any, call: Any) -> Any:
    from autograder.exercises.hw8 import _parallel

    return _parallel.step(student, call)


def _weights(draw: Draw, features: int) -> dict[str, Tensor]:
    return {"output.weight": draw.floats((CLASSES, features)), "output.bias": draw.floats((CLASSES,), 0.5)}


def _step_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        samples: int,
        devices: int,
        *report: str,
        features: int = 2,
        also: tuple[str, ...] = (),
        here: bool = False,
        device: bool = False,
        **options: Any,
    ) -> Case:
        """With `here` all devices are that of the run, else every second is the CPU."""
        weights = _weights(draw, features) | {key: draw.floats((CLASSES,)) for key in also}
        places = ["here" if here or index % 2 == 0 else "cpu" for index in range(devices)]
        usual = {"lr": 0.5, "momentum": 0.0, "steps": 1, "stale": False, "frozen": []}
        return Case(
            name,
            aspect,
            (draw.floats((samples, features)), draw.integers((samples,), 0, CLASSES - 1)),
            {"devices": devices, **options},
            weights=weights,
            options=usual | options | {"devices": places, "report": list(report)},
            runs=ON_DEVICE if device else PLAIN,
        )

    learnt = ("weights", "loss", "samples")
    yield case("one device", "basic", 2, 1, *learnt, device=True)
    yield case("two devices, a sample each", "basic", 2, 2, *learnt, device=True)
    yield case("three devices, two samples each", "basic", 6, 3, *learnt, features=3)
    yield case("three samples over two", "sizes", 3, 2, "weights", device=True)
    yield case("five samples over three", "sizes", 5, 3, "weights", features=3)
    yield case("seven samples over four", "sizes", 7, 4, "weights")
    yield case("one sample over two", "few", 1, 2, "weights", "samples", device=True)
    yield case("two samples over four", "few", 2, 4, "weights", "samples")
    yield case("two devices", "replicas", 4, 2, "weights of all", device=True)
    yield case("three devices, two steps", "replicas", 6, 3, "weights of all", steps=2)
    yield case("one sample, three devices", "replicas", 1, 3, "weights of all", steps=2)
    yield case("no memory in common", "memory", 4, 2, "flag “replicas share memory”", steps=2)
    yield case("gradients from before", "left over", 4, 2, "weights", stale=True)
    yield case("gradients from before, one sample", "left over", 1, 3, "weights", stale=True)
    yield case("a second step", "left over", 4, 2, "weights", steps=2)
    yield case("momentum", "one step", 4, 2, "weights", "steps", steps=2, momentum=0.5)
    yield case("momentum, three devices", "one step", 5, 3, "steps", steps=2, momentum=0.5)
    yield case("one device alone", "loss", 3, 1, "loss", lr=0.0)
    yield case("of shards of 2 and 1", "loss", 3, 2, "loss", lr=0.0, device=True)
    yield case("of one sample over two", "loss", 1, 2, "loss", lr=0.0)
    yield case("without a graph", "loss", 4, 2, "flag “the loss requires a gradient”")
    found = ("gradients at the step",)
    yield case("a frozen bias", "no gradient", 4, 2, *found, frozen=["output.bias"])
    yield case("a parameter that is not used", "no gradient", 3, 2, *found, "weights of all", also=("spare",))
    yield case("one that large shards use", "no gradient", 3, 2, *found, also=("bonus",))
    yield case("one that a shard of one uses", "no gradient", 3, 2, *found, also=("lone",))
    yield case("one that the first shards use", "no gradient", 5, 4, *found, also=("bonus",))
    yield case("a frozen bias with a gradient", "no gradient", 4, 2, *found, frozen=["output.bias"], stale=True)
    yield case("running means", "buffers", 4, 2, "buffers of all", steps=2)
    yield case("running means, uneven", "buffers", 5, 3, "buffers of all", device=True)
    yield case("running means, one sample", "buffers", 1, 2, "buffers of all", steps=2)
    yield case("six samples, three replicas", "transfers", 6, 3, "weights", here=True, device=True)


data_parallel_step = Exercise(
    homework="hw8",
    name="data_parallel_step",
    difficulty=3,
    uses=("split_batch",),
    file="parallel.py",
    points=6,
    kind="probe",
    probe=_step,
    arguments=("X", "y"),
    cases=_step_cases,
    checks=(
        Check("value", 1, "Replica i works on shard i of the batch", aspect="basic"),
        Check("value", 1, "Every sample has the same weight, whatever the sizes of the shards", aspect="sizes"),
        Check("value", 0.5, "A replica whose shard is empty is not called", aspect="few"),
        Check("value", 0.5, "Afterwards all replicas have the weights of `replicas[0]`", aspect="replicas"),
        Check("value", 0.25, "No replica shares memory with another", aspect="memory"),
        Check(
            "value",
            0.5,
            "Gradients that the replicas have when the function is called are not used",
            aspect="left over",
        ),
        Check("value", 0.25, "The optimizer takes one step", aspect="one step"),
        Check("value", 0.5, "The mean loss over all samples of the batch", aspect="loss"),
        Check(
            "value",
            0.5,
            "A parameter that some replicas have no gradient for counts as zero there",
            aspect="no gradient",
        ),
        Check("value", 0.25, "and its buffers too (such as running means)", aspect="buffers"),
        Check("device", 0.5, "a list of torch.device, which may be different ones"),
        Check("transfers", 0.25, "the function does not wait for a device", aspect="transfers", title="no waiting"),
    ),
    hints=(
        "Write the step for two replicas and shards of equal size first. What has to be in the `grad` of the first"
        " replica's parameters when the optimizer steps?",
        "A mean over the batch is a sum over its samples, divided by their number. By what must the mean of a shard be"
        " multiplied to be this shard's part of the mean over the batch?",
        "Go through the parameters of all replicas side by side. Some of their gradients are None, on some or on all"
        " replicas; what are the others together? Afterwards a state dict carries parameters and buffers.",
    ),
)

# ---- shard_indices


def _shard_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, count: int, rank: int, world_size: int, **options: Any) -> Case:
        return Case(name, aspect, (count, rank, world_size), options)

    ordered = {"shuffle": False}
    yield case("two samples, first of two", "basic", 2, 0, 2, **ordered)
    yield case("two samples, second of two", "basic", 2, 1, 2, **ordered)
    yield case("six samples, second of three", "basic", 6, 1, 3, **ordered)
    yield case("one process", "basic", 4, 0, 1, **ordered)
    yield case("no epoch is special", "basic", 4, 1, 2, epoch=3, **ordered)
    yield case("three over two, first", "filled up", 3, 0, 2, **ordered)
    yield case("three over two, second", "filled up", 3, 1, 2, **ordered)
    yield case("seven over three, last", "filled up", 7, 2, 3, **ordered)
    yield case("five over four, third", "filled up", 5, 2, 4, **ordered)
    yield case("one over three, last", "over again", 1, 2, 3, **ordered)
    yield case("two over five, fourth", "over again", 2, 3, 5, **ordered)
    yield case("none over two", "over again", 0, 1, 2, **ordered)
    yield case("none over two, shuffled", "over again", 0, 0, 2)
    yield case("three over two", "dropped", 3, 1, 2, drop_last=True, **ordered)
    yield case("seven over three, first", "dropped", 7, 0, 3, drop_last=True, **ordered)
    yield case("six over three", "dropped", 6, 1, 3, drop_last=True, **ordered)
    yield case("two over three", "dropped", 2, 0, 3, drop_last=True, **ordered)
    yield case("the default", "shuffled", 8, 1, 2)
    yield case("another seed", "shuffled", 9, 0, 3, seed=draw.integer(3, 900))
    yield case("and filled up", "shuffled", 11, 3, 4, seed=draw.integer(3, 900))
    yield case("and dropped", "shuffled", 11, 2, 4, seed=draw.integer(3, 900), drop_last=True)
    yield case("the second epoch", "epochs", 8, 1, 2, epoch=1)
    yield case("a later epoch", "epochs", 10, 2, 3, epoch=draw.integer(5, 40), seed=draw.integer(3, 900))
    yield case("rank is world_size", "errors", 4, 2, 2)
    yield case("rank beyond the world", "errors", 12, 9, 1, **ordered)
    yield case("a negative rank", "errors", 4, -1, 2, **ordered)


shard_indices = Exercise(
    homework="hw8",
    name="shard_indices",
    file="parallel.py",
    points=4,
    arguments=("num_samples", "rank", "world_size"),
    cases=_shard_cases,
    checks=(
        Check("value", 1, "The process takes every `world_size`-th entry of that", aspect="basic"),
        Check("value", 0.75, "it is continued with its own first entries", aspect="filled up"),
        Check("value", 0.25, "over again if need be", aspect="over again"),
        Check("value", 0.5, "the order is cut at its end to the longest length", aspect="dropped"),
        Check("value", 0.5, "With `shuffle` it is `torch.randperm(num_samples)`", aspect="shuffled"),
        Check("value", 0.5, "so that every epoch has another order", aspect="epochs"),
        Check("purity", 0.25, "torch's global generator is left alone"),
        Check("errors", 0.25, "`rank` is not one of the numbers from 0 to `world_size` - 1. With a message"),
    ),
    hints=(
        "Three steps, and the rank is needed in the last one only: the order, its length, the share.",
        "The order must be the same on every process. What do all of them know? What would happen if one of them drew"
        " it from a generator that something else has drawn from before?",
        "A slice with a step takes every w-th entry. An index modulo the number of samples goes round and round.",
    ),
)

# ---- all_reduce_mean


def _average(student: Any, call: Any) -> Any:
    from autograder.exercises.hw8 import _parallel

    return _parallel.average(student, call)


def _average_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        present: list[str],
        *report: str,
        shapes: tuple[tuple[int, ...], ...] = ((2,), (2, 3), ()),
        dtypes: tuple[str, ...] = (),
        frozen: tuple[int, ...] = (),
        group: list[int] | None = None,
        iterator: bool = False,
        device: bool = False,
    ) -> Case:
        """`present` says for each rank which parameters have a gradient: `x` yes, `.` no."""
        kinds = dtypes or ("float32",) * len(present[0])
        gradients = [
            [
                draw.floats(shape, 8.0, dtype=dtype) if mark == "x" else None
                for mark, shape, dtype in zip(marks, shapes, kinds, strict=False)
            ]
            for marks in present
        ]
        parameters = [
            [list(shape), dtype, index in frozen]
            for index, (shape, dtype) in enumerate(zip(shapes, kinds, strict=False))
        ]
        return Case(
            name,
            aspect,
            (gradients,),
            options={"parameters": parameters, "group": group, "iterator": iterator, "report": list(report)},
            runs=ON_DEVICE if device else PLAIN,
        )

    means = ("gradients", "answer")
    yield case("two processes, one parameter", "basic", ["x", "x"], *means, device=True)
    yield case("three processes, three parameters", "basic", ["xxx", "xxx", "xxx"], *means, device=True)
    yield case("one process", "basic", ["xx"], *means)
    yield case("None on all", "none", ["x.", "x."], "gradients")
    yield case("None on the second", "none", ["xx", ".x"], "gradients", device=True)
    yield case("None on the first", "none", [".x", "xx"], "gradients")
    yield case("None here and there", "none", ["x.", ".x"], "gradients", shapes=((3,), (3,)))
    yield case("None in many places", "none", ["x..", "xx.", ".x."], "gradients", device=True)
    yield case("all None", "none", ["..", ".."], "gradients")
    yield case("one has them all, one none", "none", ["xx", ".."], *means)
    yield case("a frozen parameter", "none", ["x.x", "x.."], *means, frozen=(1,))
    yield case("no parameters", "none", ["", ""], "answer", shapes=())
    yield case("two of three", "group", ["xx", "xx", "xx"], "gradients", group=[0, 2])
    yield case("the last two of three", "group", ["x.", "x.", "xx"], "gradients", group=[1, 2])
    yield case("every gradient that was there", "in place", ["xx", "xx"], "flag “a gradient is another tensor”")
    yield case("with some None", "in place", ["x.x", "xx."], "flag “a gradient is another tensor”")
    yield case("no graph", "in place", ["xx", "x."], "flag “a gradient requires a gradient”")
    mixed: dict[str, Any] = {"dtypes": ("float32", "float64", "bfloat16"), "shapes": ((2,), (3,), (2,))}
    yield case("three dtypes", "dtypes", ["xxx", "xxx"], "gradients", **mixed)
    yield case("three dtypes, some None", "dtypes", [".xx", "x.x", "xx."], "gradients", **mixed)
    yield case("an iterator", "iterator", ["xxx", "x.x"], *means, iterator=True)
    yield case("every one", "where", ["x.", "xx"], "devices", device=True)


all_reduce_mean = Exercise(
    homework="hw8",
    name="all_reduce_mean",
    file="parallel.py",
    points=3,
    kind="probe",
    probe=_average,
    arguments=("gradients of each process",),
    mixed_precision=True,
    cases=_average_cases,
    checks=(
        Check("value", 1, "A mean is the sum over the processes, divided by the number of processes", aspect="basic"),
        Check("value", 0.75, "A gradient that is None counts as zeros", aspect="none"),
        Check("value", 0.25, "a process group of torch.distributed, or None for the default one", aspect="group"),
        Check("value", 0.25, "one that was there is the same tensor object as before", aspect="in place"),
        Check("value", 0.25, "it has the dtype and the device of the parameter", aspect="dtypes"),
        Check("value", 0.25, "an iterable of tensors, such as `model.parameters()`", aspect="iterator"),
        Check("device", 0.25, "All tensors that they send are on the device of the parameters"),
    ),
    hints=(
        "Without None it is short: one collective call for each gradient, and a division.",
        "Process 0 has no gradient for the bias, process 1 has one. Which calls does each of them make? They must be"
        " the same ones, so both have to know first what the other one has.",
        "Whether a gradient is there can be sent as a number. What is the sum of these numbers over the processes,"
        " where all have None? Zeros of a parameter's shape stand in for a gradient that is missing.",
    ),
)

# ---- ddp_train


def _train(student: Any, call: Any) -> Any:
    from autograder.exercises.hw8 import _parallel

    return _parallel.train(student, call)


DEFAULTS: dict[str, Any] = {
    "num_epochs": 1,
    "lr": 0.5,
    "momentum": 0.0,
    "seed": None,
    "same_start": True,
    "frozen": [],
    "raises": None,
    "rank": None,
}


def _train_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        samples: int,
        world_size: int,
        batch_size: int,
        *report: str,
        features: int = 2,
        device: bool = False,
        **options: Any,
    ) -> Case:
        asked = {"world_size": world_size, "batch_size": batch_size, **options}
        return Case(
            name,
            aspect,
            (draw.floats((samples, features)), draw.integers((samples,), 0, CLASSES - 1)),
            asked,
            weights=_weights(draw, features),
            options={**DEFAULTS, **asked, "report": list(report)},
            runs=ON_DEVICE if device else PLAIN,
        )

    still: dict[str, Any] = {"lr": 0.0}
    yield case("one process, one batch", "basic", 2, 1, 2, "weights", "losses", device=True)
    shared = ("weights", "losses", "samples")
    yield case("two processes, a sample each", "basic", 2, 2, 1, *shared, device=True)
    yield case("three processes, two samples each", "basic", 6, 3, 2, *shared, features=3)
    yield case("two batches", "batches", 8, 2, 2, "weights")
    yield case("a smaller last batch, momentum", "batches", 6, 2, 2, "weights", momentum=0.5)
    yield case("every sample once", "batches", 10, 2, 2, "samples")
    yield case("five samples, two processes", "filled up", 5, 2, 2, "weights", "samples")
    yield case("one sample, two processes", "filled up", 1, 2, 2, "weights", "samples")
    yield case("two epochs", "epochs", 8, 2, 2, "weights", num_epochs=2)
    yield case("three epochs, another seed", "epochs", 6, 2, 1, "weights", num_epochs=3, seed=draw.integer(3, 900))
    yield case("no epoch", "epochs", 4, 2, 2, "weights", "losses", "told", num_epochs=0)
    yield case("other weights on the second", "start", 4, 2, 2, "weights", same_start=False)
    yield case("other weights, no step", "start", 4, 2, 2, "losses", same_start=False, **still)
    yield case("of two processes", "loss", 4, 2, 2, "losses", **still)
    yield case("a smaller last batch", "loss", 6, 2, 2, "losses", **still)
    yield case("before each step", "loss", 8, 2, 2, "losses", num_epochs=2, features=3)
    yield case("two epochs, two processes", "report", 4, 2, 2, "told", num_epochs=2, **still)
    yield case("one process", "report", 3, 1, 2, "told", **still)
    yield case("after training", "meeting", 4, 2, 2, "flag “still in the process group”")
    left = ("the exception is passed on", "flag “still in the process group”")
    yield case("when the loss raises", "meeting", 4, 2, 1, *left, raises=2)
    yield case("a frozen bias", "batches", 4, 2, 2, "weights", frozen=["output.bias"])
    where = ("backend", "device of the weights")
    yield case("gloo or NCCL", "meeting", 4, 2, 2, *where, device=True)
    yield case("uneven epochs", "together", 7, 3, 2, "weights", "losses", num_epochs=2, momentum=0.5, same_start=False)
    yield case("rank 2 of two", "errors", 4, 2, 2, rank=2)
    yield case("ten processes in a world of one", "errors", 4, 1, 2, rank=9)
    yield case("a negative rank", "errors", 4, 2, 2, rank=-1)


ddp_train = Exercise(
    homework="hw8",
    name="ddp_train",
    difficulty=3,
    uses=("shard_indices",),
    file="parallel.py",
    points=4,
    kind="probe",
    probe=_train,
    arguments=("inputs", "labels"),
    mixed_precision=True,
    preload=("torch._dynamo",),
    cases=_train_cases,
    checks=(
        Check("value", 0.75, "Every step uses the mean of the gradients over all processes", aspect="basic"),
        Check("value", 0.5, "in batches of `batch_size`", aspect="batches"),
        Check("value", 0.25, "the process reads the indices that `shard_indices", aspect="filled up"),
        Check("value", 0.5, "In every epoch, counted from 0, the process reads the indices", aspect="epochs"),
        Check("value", 0.25, "All processes begin with the weights that `model` has on rank 0", aspect="start"),
        Check(
            "value",
            0.5,
            "The loss of an epoch is the mean over all samples that all processes have used",
            aspect="loss",
        ),
        Check("value", 0.25, "Only rank 0 calls `report`, once after every epoch", aspect="report"),
        Check("value", 0.25, "when the function returns, also when it raises", aspect="meeting"),
        Check("value", 0.25, "The result is what one process alone would get", aspect="together"),
        Check("device", 0.25, "The model is moved to it, and is left there"),
        Check("errors", 0.25, "there are more processes than the world has members"),
    ),
    hints=(
        "Join, train, leave. What happens to the others, and to the next training in this process, when something"
        " between raises an exception?",
        "Write the loop for one process first, with the indices of `shard_indices`. Which three things need the others:"
        " the weights at the start, and which two more?",
        "A wrapped model takes care of the weights at the start and of the gradients. The loss does not go through it:"
        " add up losses times samples on this process, and then over the processes.",
    ),
)

EXERCISES = (split_batch, data_parallel_step, shard_indices, all_reduce_mean, ddp_train)
