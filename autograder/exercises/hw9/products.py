"""fusion.py: products of two modalities, and a net of three branches."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Operations, Tensor
from autograder.exercises.hw9._fusing import (
    GROWS_NEITHER,
    NAMES,
    VECTORISED,
    Cases,
    first_cases,
    fuse,
    negative_cases,
    projected,
    usual_checks,
)

# ---- TensorFusion


def _tensor_cases(draw: Draw) -> Iterable[Case]:
    make = Cases(draw, projected, NAMES)

    def form(hidden: int, positive: bool = False, biased: bool = False, dtype: str = "float32") -> dict[str, Tensor]:
        drawn = draw.floats((hidden, hidden, hidden), 1.0, dtype=dtype, requires_grad=True)
        bias = draw.floats((hidden,), 1.0, dtype=dtype, requires_grad=True) if biased else tensor([0.0] * hidden, dtype)
        return {"bilinear.weight": drawn, "bilinear.bias": bias}

    def case(name: str, aspect: str, batch: int, sizes: tuple[int, ...], **rest: Any) -> Case:
        extra = form(sizes[2], biased=rest.get("biased", False), dtype=rest.get("dtype", "float32"))
        return make(name, aspect, batch, sizes, extra=extra, **rest)

    yield case("one sample", "basic", 1, (1, 1, 1, 1), positive=True)
    yield case("two features", "basic", 1, (2, 2, 2, 2), positive=True)
    yield case("three samples", "basic", 3, (4, 2, 3, 2), positive=True)
    yield case(
        "after other numbers in the same tensors", "basic", 2, (2, 3, 2, 4), positive=True, options={"again": True}
    )
    yield case("frozen projection of the text", "basic", 2, (3, 2, 4, 2), positive=True, frozen=("text_fc",))
    yield case("negative numbers", "ReLU", 2, (2, 3, 4, 2))
    yield case("negative numbers, five samples", "ReLU", 5, (4, 2, 6, 3))
    yield case("biases", "biases", 2, (4, 3, 2, 3), biased=True, positive=True)
    yield case("biases, negative numbers", "biases", 4, (2, 4, 3, 2), biased=True)
    yield case("empty batch", "empty", 0, (4, 3, 2, 3))
    yield case("transposed, strided", "layout", 3, (4, 3, 2, 3), positive=True, layouts=("transposed", "strided"))
    yield case("expanded, transposed", "layout", 3, (4, 3, 2, 3), positive=True, layouts=("expanded", "transposed"))
    yield case("float64", "float64", 2, (4, 3, 2, 3), dtype="float64", positive=True, options={"double": True})
    yield case("in training mode", "modes", 3, (2, 4, 3, 2), training=True)
    yield case("registered parameters", "state", 2, (2, 4, 3, 2), positive=True, options={"state": True})
    for size in (4, 64):
        yield case(
            f"{size} samples",
            "many samples",
            size,
            (4, 3, 2, 3),
            positive=True,
            runs=("counted",),
            grows="batch",
            size=size,
        )
    for size in (2, 16):
        yield case(
            f"{size} features",
            "many features",
            3,
            (2, 3, size, 2),
            positive=True,
            runs=("counted",),
            grows="hidden_dim",
            size=size,
        )


TensorFusion = Exercise(
    homework="hw9",
    name="TensorFusion",
    file="fusion.py",
    points=8,
    arguments=("text", "image"),
    kind="module",
    probe=partial(fuse, "TensorFusion"),
    differentiable=True,
    operations=Operations(forbidden=("bilinear", "_trilinear"), stay_in_torch=False),
    cases=_tensor_cases,
    max_growth=VECTORISED,
    checks=(
        Check(
            "value",
            2.75,
            "Fused feature k is the sum over i and j of `bilinear.weight[k, i, j]` * text[i] * image[j]",
            aspect="basic",
        ),
        Check("value", 0.5, "The features of a modality are its projection after ReLU", aspect="ReLU"),
        Check("operations", 0.75, "The operator `bilinear` is not called"),
        Check("scaling", 0.75, GROWS_NEITHER, aspect="hidden_dim"),
        *usual_checks(GROWS_NEITHER),
    ),
    hints=(
        "Write the sum with its indices, and give the sample an index of its own: which of them are summed over, and"
        " which does the result keep?",
        "It is a product of three tensors. `torch.einsum` takes the indices as you wrote them; two matrix"
        " products after"
        " each other do it as well, one for each modality.",
        "In letters: the text has n and i, the weight k, i and j, the image n and j, and what comes out n and"
        " k. The bias"
        " is added afterwards.",
    ),
)

# ---- HighOrderFusion


def _products(
    text_dim: int, image_dim: int, hidden_dim: int, output_dim: int, order: int = 2
) -> dict[str, tuple[int, int]]:
    layers = projected(text_dim, image_dim, hidden_dim, output_dim)
    return layers | {"high_order_fc": (hidden_dim**order, hidden_dim)}


def _high_order_cases(draw: Draw) -> Iterable[Case]:
    make = Cases(draw, _products, NAMES)
    yield from first_cases(make)
    yield from negative_cases(make)
    yield make("negative numbers, biases", "ReLU", 4, (3, 2, 3, 2), biased=True)
    for order, hidden in ((3, 2), (3, 3), (4, 2), (5, 2)):
        yield make(
            f"order {order}, {hidden} features",
            "higher orders",
            2,
            (3, 2, hidden, 2),
            positive=True,
            init={"order": order},
        )
    yield make("order 3, an empty batch", "empty", 0, (3, 2, 2, 2), init={"order": 3})
    yield make("order 3, negative numbers", "higher orders", 3, (2, 3, 3, 2), init={"order": 3}, biased=True)
    yield from make.usual((4, 3, 2, 3), (2, 4, 3, 2))
    for size in (2, 12):
        yield make(
            f"{size} features",
            "many features",
            3,
            (2, 3, size, 2),
            positive=True,
            runs=("counted",),
            grows="hidden_dim",
            size=size,
        )
    for order in (1, 0, -3):
        init = dict(zip(NAMES, (3, 2, 2, 2), strict=True)) | {"order": order}
        yield Case(f"order {order}", "errors", init=init, runs=("plain",), options={"construct": True, "names": order})


HighOrderFusion = Exercise(
    homework="hw9",
    name="HighOrderFusion",
    difficulty=3,
    file="fusion.py",
    points=10,
    arguments=("text", "image"),
    kind="module",
    probe=partial(fuse, "HighOrderFusion"),
    differentiable=True,
    cases=_high_order_cases,
    max_growth=VECTORISED,
    checks=(
        Check("value", 3, "Multiplies the features of both modalities in every combination", aspect="basic"),
        Check("value", 0.75, "`high_order_fc` and then ReLU make hidden_dim numbers", aspect="ReLU"),
        Check("value", 1.75, "text, image, text for order 3", aspect="higher orders"),
        Check("errors", 0.5, "Less than 2 raises a ValueError whose message has the number"),
        Check("scaling", 0.75, GROWS_NEITHER, aspect="hidden_dim"),
        *usual_checks(GROWS_NEITHER),
    ),
    hints=(
        "Order 2 first: how do broadcasting two tensors of shapes (N, h, 1) and (N, 1, h) give every product?",
        "An outer product of three is an outer product of what two gave, flattened, and the third. Which step do you"
        " repeat, and how often?",
        "Keep a tensor of shape (N, h^k), beginning with the text. In every step it gets a last axis, is multiplied by"
        " the next modality, and is flattened again behind the axis of the batch. `flatten(1)` works for an empty batch"
        " too.",
    ),
)

# ---- MultiModalNet

BRANCHES = ("genomics", "transcript", "metabol")


def _branched(
    genomics_dim: int, transcript_dim: int, metabol_dim: int, hidden_dim: int, num_classes: int = 2
) -> dict[str, tuple[int, int]]:
    layers: dict[str, tuple[int, int]] = {}
    for branch, size in zip(BRANCHES, (genomics_dim, transcript_dim, metabol_dim), strict=True):
        layers |= {f"{branch}_fc1": (size, hidden_dim), f"{branch}_fc2": (hidden_dim, hidden_dim)}
    last = {"fc1": (3 * hidden_dim, hidden_dim), "fc2": (hidden_dim, hidden_dim), "fc3": (hidden_dim, num_classes)}
    return layers | last


def _multi_modal_cases(draw: Draw) -> Iterable[Case]:
    make = Cases(draw, _branched, (*(f"{branch}_dim" for branch in BRANCHES), "hidden_dim", "num_classes"))
    three: dict[str, Any] = {"inputs": 3}
    yield make("one sample", "basic", 1, (1, 1, 1, 1, 1), positive=True, **three)
    yield make("three samples", "basic", 3, (4, 2, 3, 2, 3), positive=True, **three)
    yield make("as many of everything", "basic", 3, (3, 3, 3, 3, 3), positive=True, **three)
    yield make(
        "after other numbers in the same tensors",
        "basic",
        2,
        (2, 3, 4, 2, 2),
        positive=True,
        options={"again": True},
        **three,
    )
    yield make(
        "a frozen branch", "basic", 2, (2, 3, 4, 3, 2), positive=True, frozen=("genomics_fc1", "genomics_fc2"), **three
    )
    yield make("two classes", "classes", 2, (2, 3, 4, 3), positive=True, **three)
    yield make("negative numbers", "ReLU", 4, (3, 2, 4, 6, 2), biased=True, **three)
    yield make("negative numbers, seven samples", "ReLU", 7, (2, 4, 3, 8, 3), **three)
    for name, absent in (
        ("no genomics", (0,)),
        ("no transcriptomics", (1,)),
        ("no metabolomics", (2,)),
        ("metabolomics alone", (0, 1)),
        ("transcriptomics alone", (0, 2)),
        ("genomics alone", (1, 2)),
    ):
        yield make(name, "missing", 3, (2, 3, 4, 3, 2), positive=True, biased=True, absent=absent, **three)
    yield make("no genomics, an empty batch", "empty", 0, (2, 3, 4, 3, 2), absent=(0,), **three)
    float64 = make(
        "no genomics, float64",
        "float64",
        2,
        (2, 3, 4, 3, 2),
        absent=(0,),
        positive=True,
        dtype="float64",
        options={"double": True},
        **three,
    )
    yield float64
    yield from make.usual((4, 3, 2, 3, 3), (2, 4, 3, 4, 2), **three)
    yield make("nothing at all", "errors", 2, (2, 3, 4, 3, 2), absent=(0, 1, 2), runs=("plain",), **three)


MultiModalNet = Exercise(
    homework="hw9",
    name="MultiModalNet",
    file="fusion.py",
    points=8,
    arguments=("genomics", "transcriptomics", "metabolomics"),
    kind="module",
    probe=partial(fuse, "MultiModalNet"),
    differentiable=True,
    cases=_multi_modal_cases,
    max_growth=VECTORISED,
    checks=(
        Check("value", 2.25, "Sends each input through its branch, concatenates the three", aspect="basic"),
        Check("value", 0.25, "num_classes: number of scores", aspect="classes"),
        Check("value", 0.75, "A branch is its fc1, ReLU, its fc2, ReLU", aspect="ReLU"),
        Check(
            "value",
            1.25,
            "The features of its branch are then zeros",
            aspect="missing",
            title="values: missing modalities",
        ),
        Check("errors", 0.25, "all three inputs are None"),
        *usual_checks(),
    ),
    hints=(
        "Three times the same, then once something else. Write one branch first: between which layers does ReLU stand?",
        "Where a modality is missing, how large is the batch, and on which device and in which dtype do the"
        " zeros have to"
        " be? Another input knows.",
        "The missing branch's zeros come after its layers, not before them: a branch that is fed zeros gives what its"
        " biases make of them. Concatenate along the features.",
    ),
)
