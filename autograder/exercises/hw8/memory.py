"""memory.py: measuring memory, and needing less of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Operations, Run, Timing

READY_MADE = ("*scaled_dot_product*", "*scaled_dot_attention*", "*flash_attention*", "*efficient_attention*",
              "*cudnn_attention*", "*multi_head_attention*", "*transformer_encoder*")  # fmt: skip
LARGE, LOW = 1e10, -1e11
FACTOR = 256.0
ENTRY = 4  # bytes of a float32


def _run_measurement(student: Any, call: Any) -> Any:
    from autograder.exercises.hw8 import _peak

    return _peak.run(student.peak_memory, call)


def _peak_cases(draw: Draw) -> Iterable[Case]:
    drawn: set[int] = set()

    def size() -> int:
        """A number of bytes that fills no block and that no other of the exercise is equal to."""
        while True:
            value = draw.integer(2, 60) * 512 + draw.integer(1, 500)
            if value // 512 not in drawn:
                drawn.add(value // 512)
                return value

    def case(
        name: str,
        aspect: str,
        *script: tuple[Any, ...],
        earlier: tuple[int, ...] = (),
        before: dict[str, int] | None = None,
        device: str = "cuda",
        report: tuple[str, ...] = ("what peak_memory returns", "peak"),
        runs: tuple[Run, ...] = ("phantom",),
    ) -> Case:
        steps = [list(step) for step in script]
        return Case(name, aspect, (list(earlier), before or {}, steps), runs=runs,
                    options={"device": device, "report": list(report)})  # fmt: skip

    def holds(name: str) -> tuple[Any, ...]:
        return ("holds", name, size())

    def frees(name: str) -> tuple[Any, ...]:
        return ("frees", name)

    yield case("one tensor is made", "basic", holds("A"))
    yield case("two tensors are made", "basic", holds("A"), holds("B"))
    yield case("one tensor comes and goes", "comes and goes", holds("A"), frees("A"))
    yield case("one goes before another comes", "comes and goes", holds("A"), frees("A"), holds("B"), frees("B"))
    yield case("two of three are there at once", "comes and goes", holds("A"), holds("B"), frees("A"), holds("C"),
               frees("C"))  # fmt: skip
    large = 200_000
    yield case("a large tensor was there and is gone", "earlier", holds("A"), earlier=(large + size(),))
    yield case("two were there, one after the other", "earlier", holds("A"), frees("A"),
               earlier=(large + size(), size()))  # fmt: skip
    yield case("one tensor is there before", "before", holds("B"), before={"A": size()})
    yield case("what was there goes first", "before", frees("A"), holds("B"), before={"A": large + size()})
    yield case("what was there goes in between", "before", holds("B"), frees("A"), holds("C"), before={"A": size()})
    kind = ("what peak_memory returns", "type of the peak", "peak")
    yield case("nothing is made", "nothing", report=kind)
    yield case("nothing is made, something was there", "nothing", before={"A": size()}, earlier=(large,))
    everything = ("what peak_memory returns", "answer", "peak", "times called")
    yield case("a tensor on the CPU", "on the CPU", holds("A"), device="cpu", report=everything, runs=("plain",))
    yield case("two tensors on the CPU", "on the CPU", holds("A"), holds("B"), frees("A"), device="cpu",
               report=everything, runs=("plain",))  # fmt: skip
    yield case("two tensors, the second on no accelerator", "beside an accelerator", holds("A"), holds("B"),
               device="cpu", runs=("phantom",))  # fmt: skip
    yield case("the first one, by its index", "an index", holds("A"), device="cuda:0")
    yield case("two tensors", "called", holds("A"), holds("B"), report=("answer", "times called"))
    waited = ("flag “the statistics are read before the device has been waited for”",)
    yield case("two tensors", "waits", holds("A"), holds("B"), report=waited)
    yield case("raises", "errors", holds("A"), ("raises", "this went wrong"))


peak_memory = Exercise(
    homework="hw8",
    name="peak_memory",
    file="memory.py",
    points=4,
    kind="probe",
    probe=_run_measurement,
    arguments=("held and gone earlier", "held before", "the function"),
    cases=_peak_cases,
    checks=(
        Check("value", 0.75, "the largest number of bytes, an int, that tensors held there at one time",
              aspect="basic", title="peak"),
        Check("value", 0.5, "held there at one time during the call", aspect="comes and goes",
              title="peak: tensors that come and go"),
        Check("value", 0.5, "What was held earlier and is no longer when the function is called does not count",
              aspect="earlier", title="peak: earlier ones"),
        Check("value", 0.5, "Bytes that were held before the call and still are count too", aspect="before",
              title="peak: held before"),
        Check("value", 0.25, "the largest number of bytes, an int", aspect="nothing", title="peak: nothing made"),
        Check("value", 0.25, "with or without an index", aspect="an index", title="peak: cuda:0"),
        Check("value", 0.25, "On the CPU, where PyTorch has no such statistics, `peak` is None", aspect="on the CPU",
              title="on the CPU"),
        Check("value", 0.25, "It decides what is measured, also where there are other devices",
              aspect="beside an accelerator", title="on the CPU beside a GPU"),
        Check("value", 0.25, "It is called once", aspect="called", title="called once"),
        Check("value", 0.25, "After the call the device is waited for, and only then are the statistics read",
              aspect="waits", title="waits for the device"),
        Check("errors", 0.25, "An exception of the function is passed on as it is", title="exceptions"),
    ),
    hints=(
        "The allocator keeps a mark of the most that was ever held. What has to be done to it before the call, so that "
        "it says something about the call alone?",
        "Four functions of torch.cuda are needed, or three and one of them twice: look in the documentation of "
        "torch.cuda for “peak” and for “max”.",
        "Ask for the device's type before anything of torch.cuda is called. Then: set the mark back, call, wait, read. "
        "Hand the device on to each of them.",
    ),
)  # fmt: skip


def _run_segments(student: Any, call: Any) -> Any:
    from autograder.exercises.hw8 import _segments

    return _segments.run(student.checkpoint_forward, call)


def _checkpoint_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        layers: int,
        segment_size: int,
        report: tuple[str, ...],
        *,
        device: bool = False,
        **options: Any,
    ) -> Case:
        width, rows = 3, 2
        weights = {}
        for index in range(layers):
            weights[f"{index}.weight"] = draw.floats((width, width), 1.0)
            weights[f"{index}.gain"] = draw.floats((width,), 2.0)
        defaults = {"frozen": [], "drop": 0.0, "of X": True, "recorded": True, "autocast": False}
        return Case(
            name,
            aspect,
            (draw.floats((rows, width)), segment_size),
            weights=weights,
            options={**defaults, "seed": draw.integer(1, 1000), **options, "report": list(report)},
            runs=("plain", "phantom") if device else ("plain",),
        )

    again = "flag “no layer is computed again”"
    kept = "flag “activations inside segments are kept”"
    right = ("output", "gradient of X", "gradients")
    yield case("one segment of one layer", "basic", 1, 1, (*right, again), device=True)
    yield case("two segments of two layers", "basic", 4, 2, (*right, again), device=True)
    yield case("a segment with one layer", "left over", 3, 2, right)
    yield case("a segment larger than the network", "left over", 2, 5, right)
    yield case("two segments of two layers", "kept", 4, 2, (kept,))
    yield case("a last segment with one layer", "kept", 5, 2, (kept,))
    yield case("three segments of four layers", "kept", 12, 4, (kept,))
    yield case("two segments of two layers", "work", 4, 2, ("times computed on the way forward", "times computed"))
    yield case("a last segment with one layer", "work", 7, 3, ("times computed on the way forward", "times computed"))
    several = ("flag “activations of several segments are there at once”",)
    yield case("six segments of two layers", "way back", 12, 2, several)
    yield case("ten segments of one layer", "way back", 10, 1, several)
    gradients = ("output", "gradients")
    changed = "flag “requires_grad changed”"
    yield case("one segment", "input without gradient", 2, 2, (*gradients, changed), **{"of X": False})
    yield case("two segments", "input without gradient", 4, 2, (*gradients, changed), **{"of X": False})
    yield case("the segment in the middle", "frozen", 6, 2, (*right, changed), frozen=[2, 3])
    yield case("the first layer", "frozen", 3, 2, (*gradients, changed), frozen=[0], **{"of X": False})
    yield case("the last segment", "frozen", 4, 2, (*right, changed), frozen=[2, 3])
    times = ("times computed",)
    yield case("two frozen segments come first", "needless", 6, 2, times, frozen=[0, 1, 2, 3], **{"of X": False})
    yield case("no gradients recorded", "needless", 4, 2, ("output", *times, kept), recorded=False)
    other = "flag “other numbers are dropped the second time”"
    yield case("one segment", "dropout", 2, 2, (*right, other), drop=0.5)
    yield case("three segments", "dropout", 6, 2, (*right, other), drop=0.5)
    yield case("two segments", "random numbers", 4, 2, ("the next random number",), drop=0.25)
    yield case("two segments", "dropout on the device", 4, 2, (other,), drop=0.5, device=True)
    yield case("bfloat16", "autocast", 4, 2, ("precisions",), autocast=True)


checkpoint_forward = Exercise(
    homework="hw8",
    name="checkpoint_forward",
    file="memory.py",
    points=5,
    kind="probe",
    probe=_run_segments,
    arguments=("X", "segment_size"),
    cases=_checkpoint_cases,
    checks=(
        Check("value", 1, "are those of the plain forward pass", aspect="basic", title="values and gradients"),
        Check("value", 0.25, "the last one has the layers that are left over", aspect="left over"),
        Check("value", 0.75, "After the forward pass the activations inside the segments are not kept", aspect="kept",
              title="nothing kept inside"),
        Check("value", 0.5, "exactly once again on the way back", aspect="work", title="computed twice"),
        Check("value", 0.5, "back at most the activations of one segment are there at a time", aspect="way back",
              title="one segment at a time"),
        Check("value", 0.5, "Parameters get their gradients also where `X` does not require one",
              aspect="input without gradient"),
        Check("value", 0.25, "Layers may be frozen, at any place", aspect="frozen", title="values: frozen layers"),
        Check("value", 0.25, "A segment that no gradient reaches", aspect="needless", title="nothing needless"),
        Check("value", 0.25, "random layers draw the same numbers again", aspect="dropout", title="values: dropout"),
        Check("value", 0.25, "are those that would follow without checkpointing", aspect="random numbers"),
        Check("value", 0.25, "is computed under it again, with the same dtype", aspect="autocast",
              title="values: autocast"),
        Check("device", 0.25, "Works on whatever device the layers and `X` are on"),
    ),
    hints=(
        "What does a segment need to be computed again? Its input, and whatever else decides what comes out: which "
        "numbers are drawn, in which precision.",
        "`torch.utils.checkpoint.checkpoint` does it for one function. Its two ways differ in what happens where the "
        "input requires no gradient: read about `use_reentrant`.",
        "Go through the layers in steps of segment_size, and make one module of each step's layers. A lambda that "
        "reads the loop's variable would find another value in it on the way back.",
    ),
)  # fmt: skip


def _attention_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        leading: tuple[int, ...],
        lengths: tuple[int, int],
        chunk_size: int,
        *,
        d: int = 1,
        d_v: int = 2,
        layouts: tuple[Any, ...] = ("contiguous",) * 3,
        dtype: str = "float32",
        causal: bool = False,
        valid_lens: Any = None,
        **rest: Any,
    ) -> Case:
        shapes = ((*leading, lengths[0], d), (*leading, lengths[1], d), (*leading, lengths[1], d_v))
        args = [
            draw.floats(shape, layout=layout, dtype=dtype, requires_grad=True)
            for shape, layout in zip(shapes, layouts, strict=True)
        ]
        kwargs: dict[str, Any] = {"causal": True} if causal else {}
        if valid_lens is not None:
            kwargs["valid_lens"] = tensor(valid_lens, "int64")
        return Case(name, aspect, (*args, chunk_size), kwargs, **rest)

    plain: dict[str, Any] = {"runs": ("plain",)}
    yield case("one query, two keys, one chunk", "basic", (1,), (1, 2), 2)
    yield case("three sequences, one chunk", "basic", (3,), (2, 4), 4)
    yield case("one query, two chunks of keys", "several chunks", (1,), (1, 4), 2)
    yield case("two chunks of each", "several chunks", (2,), (4, 4), 2)
    yield case("chunks of one", "several chunks", (2,), (3, 4), 1)
    yield case("a chunk of one key left over", "left over", (1,), (2, 3), 2)
    yield case("a chunk of one query left over", "left over", (1,), (3, 2), 2)
    yield case("five queries and eight keys in chunks of three", "left over", (2,), (5, 8), 3)
    yield case("a larger chunk than there are queries and keys", "left over", (1,), (2, 3), 8)
    yield case("more chunks of keys than of queries", "unequal lengths", (1,), (2, 6), 2)
    yield case("more chunks of queries than of keys", "unequal lengths", (2,), (6, 2), 2)
    yield case("four features", "features", (1,), (2, 3), 2, d=4, d_v=3)
    yield case("nine features", "features", (2,), (3, 4), 2, d=9, d_v=5)
    yield case("no leading axis", "leading axes", (), (3, 4), 2)
    yield case("two leading axes", "leading axes", (2, 3), (3, 4), 2)
    yield case("no sequence", "leading axes", (0,), (3, 4), 2, **plain)
    # The logarithm of a denominator cannot be seen beside a huge score: there each chunk has one highest key.
    yield _scored("large ones", [300.0, 301.0, 299.5, 302.0], draw)
    yield _scored("the highest in the last chunk", [0.5, -1.0, 1.5, 200.0, 199.0, 201.5], draw)
    yield _scored("the highest in the first chunk", [200.0, 201.0, 0.5, -1.0, 199.0, 2.0], draw)
    yield _scored("low ones", [-300.0, -301.0, -299.5, -302.0], draw)
    yield _scored("huge ones", [LARGE, LARGE - 1024, 8.0, LARGE], draw)
    yield _scored("huge low ones", [LOW, LOW + 8192, LOW, LOW - 8192], draw)
    yield _scored("huge low ones beside others", [LOW, LOW, -2.0, -1.5, LOW, LOW], draw)
    yield case("one chunk", "causal", (1,), (3, 3), 4, causal=True)
    yield case("two chunks", "causal", (2,), (4, 4), 2, causal=True)
    yield case("fewer queries than keys", "causal", (1,), (3, 5), 2, causal=True)
    yield case("more queries than keys", "causal", (1,), (5, 3), 2, causal=True)
    yield case("one chunk", "lengths", (3,), (2, 4), 4, valid_lens=[1, 4, 2])
    yield case("in every chunk", "lengths", (3,), (3, 5), 2, valid_lens=[3, 5, 1])
    yield case("no leading axis", "lengths", (), (2, 5), 2, valid_lens=3)
    yield case("two leading axes", "lengths", (2, 3), (2, 4), 2, valid_lens=[[1, 2, 3], [4, 3, 1]])
    yield case("causal", "lengths", (2,), (4, 5), 2, causal=True, valid_lens=[2, 4])
    low = _scored("a low score before masked ones", [LOW, 1.0, 2.0, 3.0], draw)
    yield replace(low, aspect="lengths", kwargs={"valid_lens": tensor([1])})
    yield case("a sequence without keys", "length 0", (2,), (2, 4), 2, valid_lens=[0, 3])
    yield case("no keys at all", "length 0", (2,), (3, 2), 2, causal=True, valid_lens=[0, 0])
    yield case("transposed, strided, expanded", "layout", (2,), (3, 4), 2, d=4,
               layouts=("strided", "transposed", "expanded"), **plain)  # fmt: skip
    yield case("two leading axes, expanded", "layout", (2, 3), (3, 4), 2, d=4,
               layouts=("contiguous", "expanded", "expanded"), **plain)  # fmt: skip
    yield case("double precision", "dtype", (2,), (3, 4), 2, dtype="float64", **plain)
    counted: dict[str, Any] = {"runs": ("counted",)}
    for size in (2, 16):
        yield case(f"{size} sequences of three heads", "leading axes", (size, 3), (6, 6), 2, d=2,
                   grows="leading axes", size=size, **counted)  # fmt: skip
    for size in (4, 64):
        yield case(f"three chunks of {size}", "size of a chunk", (1,), (3 * size, 3 * size), size, d=2,
                   causal=True, valid_lens=[3 * size - 1], grows="size of a chunk", size=size, **counted)  # fmt: skip
    whole = {"whole": 768 * 768 * ENTRY}
    lengths: tuple[tuple[str, int, int, dict[str, Any], dict[str, Any]], ...] = (
        ("one chunk of each", 128, 128, {}, {}),
        ("one chunk of queries, 32 chunks of keys", 128, 4096, {}, {}),
        ("six chunks of each", 768, 768, {}, whole),
        ("one chunk of each, masked", 128, 128, {"causal": True, "valid_lens": 125}, {}),
        ("six chunks of each, masked", 768, 768, {"causal": True, "valid_lens": 765}, whole),
    )
    for name, queries, keys, masks, options in lengths:
        yield case(name, "memory", (), (queries, keys), 128, d_v=1, grows="masked length" if masks else "length",
                   size=keys, options=options, **masks, **counted)  # fmt: skip
    for chunks in (2, 4, 10):
        yield case(f"{chunks} chunks of each", "work", (1,), (2 * chunks, 2 * chunks), 2, d=16, d_v=16,
                   grows="number of chunks", size=chunks, **counted)  # fmt: skip


def _scored(name: str, scores: list[float], draw: Draw) -> Case:
    """One query whose scores are given, in chunks of two."""
    query = tensor([[[FACTOR]]], requires_grad=True)
    keys = tensor([[[score / FACTOR] for score in scores]], requires_grad=True)
    values = draw.floats((1, len(scores), 2), requires_grad=True)
    return Case(name, "magnitude", (query, keys, values, 2), runs=("plain",))


def _attention_timing(draw: Draw, size: int) -> Case:
    return Case(f"length {size}", args=(*(draw.floats((4, size, 32)) for _ in range(3)), 64))


chunked_attention = Exercise(
    homework="hw8",
    name="chunked_attention",
    difficulty=3,
    file="memory.py",
    points=8,
    arguments=("query", "key", "value", "chunk_size"),
    differentiable=True,
    operations=Operations(forbidden=READY_MADE),
    cases=_attention_cases,
    timing=Timing(_attention_timing, (64, 512), "length", "merged_softmaxes"),
    max_growth=0.1,
    max_memory=2.25,
    checks=(
        Check("value", 0.25, "the mean of the values of all keys, weighted with the softmax", aspect="basic"),
        Check("value", 0.5, "softmax of its scores over all keys, not only over those of one chunk",
              aspect="several chunks"),
        Check("value", 0.5, "the queries and keys that are left over are a smaller chunk", aspect="left over"),
        Check("value", 0.25, "L_q and L_k are at least 1 and need not be equal", aspect="unequal lengths"),
        Check("value", 0.25, "divided by the square root of d", aspect="features"),
        Check("value", 0.25, "may be any number of axes, also none", aspect="leading axes"),
        Check("value", 0.5, "Scores may be of any finite size", aspect="magnitude", title="values: any size"),
        Check("value", 0.5, "whether query i attends to the keys 0 to i only", aspect="causal"),
        Check("value", 0.5, "in each sequence only the keys 0 to length - 1 take part", aspect="lengths",
              title="values: valid_lens"),
        Check("value", 0.25, "A query that has no key to attend to is answered with zeros", aspect="length 0"),
        Check("value", 0.25, "the dtype of the arguments, computed in that precision", aspect="dtype"),
        Check("layout", 0.25, "The arguments may have any memory layout", aspect="layout"),
        Check("gradient", 0.25, "Gradients flow to `query`, `key` and `value`"),
        Check("gradient", 0.25, "its gradients are zero, without a NaN on the way", aspect="length 0"),
        Check("purity", 0.25, "No argument is changed"),
        Check("device", 0.25, "Works on whatever device the arguments are on"),
        Check("transfers", 0.25, "nothing is copied to the host"),
        Check("operations", 0.25, "Calls none of torch's own attention functions"),
        Check("scaling", 0.25, "it does not grow with the leading axes", aspect="leading axes",
              title="vectorised: leading axes"),
        Check("scaling", 0.25, "nor with the size of a chunk", aspect="size of a chunk",
              title="vectorised: within a chunk"),
        Check("scaling", 0.25, "arithmetic grows like the square of the number of chunks", aspect="number of chunks",
              title="arithmetic", count="arithmetic", growth=2.4, times=8),
        Check("scaling", 0.25, "and so does the memory that is asked for in all", aspect="number of chunks",
              title="copies", count="allocated", growth=2.4, times=8),
        Check("memory", 1, "no tensor is made that has an entry for more than `chunk_size` queries",
              aspect="length", title="memory"),
        Check("memory", 0.25, "be it of scores, of weights or of a mask", aspect="masked length",
              title="memory: masks"),
    ),
    hints=(
        "Which three things about the keys seen so far does a query have to remember, so that the next chunk of keys "
        "can be added without looking back?",
        "The weights seen so far were computed relative to the highest score so far. What becomes of their sums when a "
        "chunk brings a higher one?",
        "Two nested loops over chunks. Rescale both running sums by one and the same factor before adding the chunk's "
        "share, and divide only after the last chunk. Where nothing was added, there is nothing to divide by.",
    ),
)  # fmt: skip

EXERCISES = (peak_memory, checkpoint_forward, chunked_attention)
