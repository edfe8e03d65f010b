"""seq2seq.py: sequence_mask, MaskedSoftmaxCELoss."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Operations, Tensor, Timing

INF, NAN = float("inf"), float("nan")


def _filled(held: Tensor, entries: dict[tuple[int, ...], float]) -> Tensor:
    data = held.data.copy()
    for place, number in entries.items():
        data[place] = number
    return replace(held, data=data)


def _sequence_mask_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, x: Tensor | tuple[int, ...], lengths: Sequence[int], **rest: Any) -> Case:
        layout, lengths_dtype = rest.pop("layout", "contiguous"), rest.pop("lengths_dtype", "int64")
        how = {key: rest.pop(key) for key in ("runs", "grows", "size") if key in rest}
        held = x if isinstance(x, Tensor) else draw.floats(x, layout=layout, requires_grad=True)
        valid_len = replace(tensor(list(lengths), lengths_dtype), layout=rest.pop("lengths_layout", "contiguous"))
        return Case(name, aspect, (held, valid_len), rest, **how)

    yield case("one of two steps, and two", "basic", (2, 2), [1, 2])
    yield case("one of three steps, and three", "basic", (2, 3), [1, 3])
    yield case("batch of four", "basic", (4, 5), [2, 5, 1, 3])
    yield case("one row of two steps", "short", (1, 2), [1])
    yield case("no row is full", "short", (2, 4), [1, 3])
    yield case("no row is full, batch of three", "short", (3, 5), [2, 2, 1])
    yield case("length 0", "zero", (2, 3), [0, 3])
    yield case("length 0 in a batch of four", "zero", (4, 3), [3, 0, 2, 0])
    yield case("length above the number of steps", "long", (2, 3), [5, 1])
    yield case("nothing to mask", "long", (2, 3), [3, 3])
    yield case("nothing to mask, lengths above", "long", (3, 2), [2, 7, 3])
    yield case("three axes", "trailing", (2, 3, 4), [1, 3])
    yield case("three axes of equal size", "trailing", (3, 3, 3), [1, 3, 2])
    yield case("four axes", "trailing", (2, 3, 2, 4), [3, 1])
    yield case("five axes", "trailing", (2, 3, 2, 1, 3), [2, 3])
    yield case("a last axis of 1", "trailing", (3, 4, 1), [4, 1, 2])
    yield case("value -1", "value", (2, 3), [1, 3], value=-1)
    yield case("value 0.5", "value", (2, 3), [3, 2], value=0.5)
    yield case("value -1e6", "value", (3, 4), [1, 4, 2], value=-1e6)
    yield case("value -inf", "value", (3, 4), [2, 1, 4], value=-INF)
    yield case("float64 X, value 0.1", "value", draw.floats((2, 3), dtype="float64"), [1, 3], value=0.1)
    yield case("int64 X, value 2**53 + 1", "value", draw.integers((2, 3), -9, 9), [1, 3], value=2**53 + 1)
    x = _filled(draw.floats((2, 3), requires_grad=True), {(0, 1): INF, (0, 2): -INF})
    yield case("infinity at masked entries", "nonfinite", x, [1, 3])
    x = _filled(draw.floats((3, 4), requires_grad=True), {(0, 3): NAN, (2, 2): NAN})
    yield case("NaN at masked entries", "nonfinite", x, [3, 4, 1], value=-1)
    x = _filled(draw.floats((2, 3), requires_grad=True), {(0, 0): INF, (1, 1): -INF, (1, 2): NAN})
    yield case("infinity at kept entries", "nonfinite", x, [2, 3])
    x = _filled(draw.integers((2, 3), -9, 9), {(0, 0): 2**53 + 1, (1, 2): 2**24 + 1})
    yield case("int64 X", "dtype", x, [2, 3])
    yield case("int32 X", "dtype", draw.integers((2, 3), 1, 9, "int32"), [1, 3], value=-1)
    yield case("bool X", "dtype", tensor([[True, False, True], [True, False, True]]), [2, 3])
    yield case("bool X, value True", "dtype", tensor([[False, True, False], [True, False, False]]), [1, 3], value=True)
    yield case("float64 X", "dtype", draw.floats((2, 3), dtype="float64", requires_grad=True), [3, 1])
    yield case("float16 X", "dtype", draw.floats((2, 3), dtype="float16"), [3, 2], value=-1)
    yield case("bfloat16 X", "dtype", draw.floats((2, 3), dtype="bfloat16"), [1, 3])
    yield case("bfloat16 X of 300 steps", "dtype", draw.floats((2, 300), dtype="bfloat16"), [257, 300])
    yield case("uint8 X of 300 steps", "dtype", draw.integers((2, 300), 1, 99, "uint8"), [200, 4], value=255)
    yield case("int32 lengths", "lengths", (2, 3), [3, 1], lengths_dtype="int32")
    yield case("uint8 lengths of 300 steps", "lengths", (3, 300), [5, 255, 1], lengths_dtype="uint8")
    yield case("empty batch", "empty", (0, 3), [])
    yield case("empty batch with three axes", "empty", (0, 2, 4), [])
    yield case("no steps", "empty", (2, 0), [0, 1])
    yield case("transposed X", "layout", (3, 4), [2, 4, 1], layout="transposed")
    yield case("strided X and lengths", "layout", (3, 4), [4, 1, 3], layout="strided", lengths_layout="strided")
    yield case("expanded X", "layout", (3, 4), [2, 2, 2], layout="expanded")
    for size in (4, 16, 64):
        lengths = [draw.integer(1, 6) for _ in range(size)]
        yield case(f"batch of {size}", "batch", (size, 6), lengths, runs=("counted",), grows="batch", size=size)
    yield case("2052 steps", "long rows", (2, 2052), [2049, 2051], runs=("plain",))
    yield case(
        "4100 steps, float64", "long rows", draw.floats((2, 4100), dtype="float64"), [4097, 300], runs=("plain",)
    )
    for size in (4, 16, 64):
        lengths = [size, draw.integer(1, size - 1), size // 2]
        yield case(f"{size} steps", "steps", (3, size), lengths, runs=("counted",), grows="steps", size=size)
    yield case("lengths of tens of thousands", "long", (3, 4), [40000, 2, 70000], runs=("plain",))


def _mask_timing(draw: Draw, size: int) -> Case:
    return Case(f"batch of {size}", args=(draw.floats((size, 16, 32)), draw.integers((size,), 1, 16)))


IN_TORCH = Operations(stay_in_torch=True)

sequence_mask = Exercise(
    homework="hw5",
    name="sequence_mask",
    file="seq2seq.py",
    points=16,
    arguments=("X", "valid_len", "value"),
    differentiable=True,
    operations=IN_TORCH,
    cases=_sequence_mask_cases,
    timing=Timing(_mask_timing, (4, 256), "batch", naive="loop_over_the_batch"),
    checks=(
        Check("value", 3, "is kept where `t < valid_len[i]` and replaced by `value` elsewhere", aspect="basic"),
        Check("value", 0.5, "All valid lengths of a batch may be smaller than `num_steps`", aspect="short"),
        Check("value", 1, "A valid length of 0 masks the whole row", aspect="zero"),
        Check("value", 0.5, "A valid length above `num_steps` masks nothing in its row", aspect="long"),
        Check("value", 1.25, "further axes, which are masked together with their step", aspect="trailing"),
        Check("value", 1, "every masked entry becomes exactly `value`: any number", aspect="value"),
        Check("value", 0.75, "Kept entries are unchanged, and infinity or NaN at masked entries", aspect="nonfinite"),
        Check("value", 0.75, "A new tensor with the shape, the dtype and the device of X", aspect="dtype"),
        Check("value", 0.5, "of any integer dtype (also one too small to count to `num_steps`)", aspect="lengths"),
        Check("value", 0.25, "An empty batch or no steps give an empty answer", aspect="empty"),
        Check("value", 0.25, "any number of steps, also thousands", aspect="long rows"),
        Check("layout", 0.5, "Any dtype, any memory layout", aspect="layout"),
        Check("gradient", 1.5, "Gradients flow to the kept entries of X, and the gradient of masked entries is 0"),
        Check("purity", 1.5, "returns a new tensor and leaves its arguments as they were, also when nothing"),
        Check("device", 1, "Works on whatever device the arguments are on"),
        Check("operations", 0.25, "no value leaves torch"),
        Check("copies", 0.25, "nothing is copied to the CPU"),
        Check("scaling", 0.5, "The number of torch operations does not grow with the batch", aspect="batch"),
        Check("scaling", 0.5, "nor with the number of steps", aspect="steps"),
        Check("determinism", 0.25, "The same arguments give the same answer in every call"),
    ),
    hints=(
        "Draw the table of steps and lengths for the example: which cells are True if each says “this step is valid”?",
        "One comparison of two tensors gives the whole table, when the steps lie along one axis and the lengths along "
        "the other. Then give the table as many axes of size 1 as X has behind the second.",
        "An entry is chosen, not multiplied: look for a torch function that takes a boolean tensor and a number, and "
        "whose name has no underscore at its end. Create the steps on the device of X.",
    ),
)  # fmt: skip


def _loss_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        shape: tuple[int, int, int],
        lengths: Sequence[int],
        *,
        scale: float = 4.0,
        dtype: str = "float32",
        layout: Any = "contiguous",
        padding_labels: Sequence[int] = (),
        padding_logits: Sequence[float] = (),
        invalid: Sequence[tuple[int, int, int]] = (),
        lengths_dtype: str = "int64",
        zeros: Sequence[tuple[int, int]] = (),
        **rest: Any,
    ) -> Case:
        """Labels are never 0 but where the case asks for `zeros`: who ignores them fails there and nowhere else."""
        batch, steps, vocabulary = shape
        pred = draw.floats(shape, scale, dtype=dtype, layout=layout, requires_grad=True)
        label = draw.integers((batch, steps), min(1, vocabulary - 1), vocabulary - 1)
        data, logits = label.data.copy(), pred.data.copy()
        for place in zeros:
            data[place] = 0
        for row, length in enumerate(lengths):
            for step in range(length, steps):
                if padding_labels:
                    data[row, step] = padding_labels[(row + step) % len(padding_labels)]
                if padding_logits:
                    logits[row, step, step % vocabulary :] = padding_logits[(row + step) % len(padding_logits)]
        for entry in invalid:
            logits[entry] = NAN
        args = (replace(pred, data=logits), replace(label, data=data), tensor(list(lengths), lengths_dtype))
        return Case(name, aspect, args, **rest)

    yield case("two full samples", "basic", (2, 3, 4), [3, 3])
    yield case("three full samples", "basic", (3, 4, 5), [4, 4, 4])
    yield case("as many steps as tokens", "basic", (3, 3, 3), [3, 3, 3])
    yield case("state", "basic", (2, 3, 5), [3, 3], options={"state": True})
    yield case("lengths 3 and 1", "lengths", (2, 3, 4), [3, 1])
    yield case("three lengths", "lengths", (3, 5, 4), [2, 5, 4], lengths_dtype="int32")
    yield case("three lengths, as many steps as tokens", "lengths", (3, 3, 3), [1, 2, 3])
    yield case("one sample", "single", (1, 3, 4), [3])
    yield case("one step", "single", (3, 1, 4), [1, 1, 1])
    yield case("one sample of one step", "single", (1, 1, 3), [1])
    yield case("a vocabulary of one", "single", (2, 3, 1), [3, 3])
    yield case("length 0", "zero", (2, 3, 4), [0, 3])
    yield case("only length 0", "zero", (2, 2, 3), [0, 0])
    yield case("labels -1 at padding", "padding", (2, 3, 4), [3, 1], padding_labels=[-1])
    yield case("labels too large at padding", "padding", (3, 4, 5), [2, 4, 1], padding_labels=[5, 100000])
    yield case("labels -100 and -1 at padding", "padding", (3, 4, 5), [1, 2, 4], padding_labels=[-100, -1])
    yield case("infinity at padding", "garbage", (2, 3, 4), [3, 1], padding_logits=[INF, -INF])
    yield case("NaN at padding", "garbage", (3, 4, 3), [2, 4, 1], padding_logits=[NAN])
    yield case("logits up to a million", "large", (2, 3, 4), [3, 3], scale=2.0**20)
    yield case("logits in the hundreds", "large", (3, 2, 5), [2, 2, 2], scale=512.0)
    yield case("float64 logits", "dtype", (2, 3, 4), [3, 3], dtype="float64")
    yield case("empty batch", "empty", (0, 3, 4), [])
    yield case("transposed logits", "layout", (2, 3, 4), [3, 3], layout="transposed")
    yield case("strided logits", "layout", (2, 4, 3), [4, 4], layout="strided")
    yield case("expanded logits", "layout", (3, 3, 4), [3, 3, 3], layout="expanded")
    yield case("batch of twelve", "copies", (12, 3, 4), [1, 2, 3] * 4)
    yield case("labels 0", "label 0", (2, 3, 4), [3, 3], zeros=[(0, 0), (1, 2)])
    yield case("a label 0 in the first step", "label 0", (3, 2, 5), [2, 2, 2], zeros=[(0, 0)])
    yield case("NaN at a valid token", "invalid", (3, 3, 4), [3, 3, 3], invalid=[(1, 1, 2)], runs=("plain",))
    yield case("NaN at padding and at a valid token", "invalid", (3, 3, 4), [1, 2, 3],
               invalid=[(0, 1, 0), (1, 1, 1)], runs=("plain",))  # fmt: skip
    yield case("300 steps", "lengths", (2, 300, 3), [257, 300], runs=("plain",))
    again: dict[str, Any] = {"options": {"again": True}, "runs": ("plain",)}
    yield case("after other numbers in the same tensors", "lengths", (2, 3, 4), [3, 1], **again)
    yield case("in training mode", "lengths", (3, 3, 4), [3, 1, 2], training=True, runs=("plain",))
    yield case("the module before and after", "stateless", (2, 3, 4), [3, 3], options={"attributes": True})
    for size in (4, 16, 64):
        yield case(f"batch of {size}", "batch", (size, 3, 4), [3] * size, runs=("counted",), grows="batch", size=size)
    for size in (4, 16, 64):
        yield case(f"{size} steps", "steps", (2, size, 3), [size, size], runs=("counted",), grows="steps", size=size)


def _loss_timing(draw: Draw, size: int) -> Case:
    lengths = draw.integers((size,), 1, 12)
    return Case(f"batch of {size}", args=(draw.floats((size, 12, 64), 4.0), draw.integers((size, 12), 0, 63), lengths))


def _call_loss(student: Any, call: Any) -> Any:
    """Calls the module; where the case asks for it, also tells whether the call set or changed an attribute."""
    from autograder.worker.probes import call_module

    if not call.options.get("attributes"):
        return call_module("MaskedSoftmaxCELoss", student, call)
    module = call.load(student.MaskedSoftmaxCELoss(**call.init))
    before, shared = _attributes(module.modules()), _attributes(_classes(module))
    output = module(*call.args)
    return {
        "output": output,
        "flag “module changed by the call”": before != _attributes(module.modules()),
        "flag “class changed by the call”": shared != _attributes(_classes(module)),
    }


def _classes(module: Any) -> list[Any]:
    """The class of the module and those that it inherits from, but for torch's and Python's own."""
    return [kind for kind in type(module).__mro__ if kind.__module__.partition(".")[0] not in ("torch", "builtins")]


def _attributes(owners: Iterable[Any]) -> list[dict[str, str]]:
    """The text of every attribute."""
    return [{name: repr(value) for name, value in vars(owner).items()} for owner in owners]


MaskedSoftmaxCELoss = Exercise(
    homework="hw5",
    name="MaskedSoftmaxCELoss",
    uses=("sequence_mask",),
    file="seq2seq.py",
    points=12,
    kind="module",
    probe=_call_loss,
    arguments=("pred", "label", "valid_len"),
    differentiable=True,
    operations=IN_TORCH,
    cases=_loss_cases,
    timing=Timing(_loss_timing, (4, 192), "batch", "CrossEntropyInherited", "LoopOverTheBatch"),
    checks=(
        Check("value", 1.25, "the sum of the cross entropies of its valid tokens", aspect="basic"),
        Check("value", 2.75, "cross entropies of its valid tokens divided by its valid length", aspect="lengths"),
        Check("value", 0.75, "A sample with valid length 0 has loss 0 and gradient 0, not NaN", aspect="zero"),
        Check("value", 0.75, "Labels at padding may be any integer", aspect="padding"),
        Check("value", 0.5, "The loss stays exact for logits of any magnitude", aspect="large"),
        Check("value", 0.5, "infinity or NaN there reaches neither the loss nor the gradient", aspect="garbage"),
        Check("value", 0.25, "NaN at a valid token makes the loss of its sample NaN", aspect="invalid"),
        Check("value", 0.5, "and 0 is an id like any other", aspect="label 0"),
        Check("value", 0.25, "also when the batch, num_steps or vocab_size is 1", aspect="single"),
        Check("value", 0.25, "with the dtype of `pred`", aspect="dtype"),
        Check("value", 0.25, "or the batch is empty", aspect="empty"),
        Check("layout", 0.25, "any memory layout", aspect="layout"),
        Check("gradient", 0.5, "Gradients flow to the logits of valid tokens", aspect="basic"),
        Check("gradient", 0.25, "A sample with valid length 0 has loss 0 and gradient 0", aspect="zero"),
        Check("gradient", 0.25, "the gradient of `pred` at padding is 0", aspect="garbage"),
        Check("purity", 0.5, "No argument is changed"),
        Check("state", 0.25, "A module without parameters and buffers, constructed without arguments"),
        Check("value", 0.25, "`forward` sets no attribute", aspect="stateless", title="module untouched"),
        Check("device", 0.5, "Works on whatever device the arguments are on"),
        Check("operations", 0.25, "no value leaves torch"),
        Check("copies", 0.25, "nothing is copied to the CPU", aspect="copies"),
        Check("scaling", 0.25, "The number of torch operations does not grow with the batch", aspect="batch"),
        Check("scaling", 0.25, "nor with the number of steps", aspect="steps"),
        Check("determinism", 0.25, "The same arguments give the same answer in every call"),
    ),
    hints=(
        "Forget the padding first: what gives you one number a token instead of one for the whole batch?",
        "Torch wants the classes on axis 1, and it looks at every label, also at those of padding. Make them harmless "
        "before, and cancel their losses after.",
        "Three uses of the mask: on the logits, on the labels, on the losses. Then divide the sum of each row by its "
        "valid length, having made sure that you never divide by 0.",
    ),
)  # fmt: skip

EXERCISES = (sequence_mask, MaskedSoftmaxCELoss)
