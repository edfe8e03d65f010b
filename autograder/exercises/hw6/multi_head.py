"""MultiHeadAttention."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Tensor, Timing
from autograder.exercises.hw6._attending import NO_HEADS, attend
from autograder.exercises.hw6._cases import LOG_3, VECTORISED, dropout_case, far, random_lengths, unlike
from autograder.exercises.hw6._laws import dropout_law, hand_law
from autograder.exercises.slopes import SLOPES, slopes_law


def _projections(
    draw: Draw, sizes: Sequence[int], heads: int, hiddens: int, attention_type: str, biased: bool, apart: bool
) -> dict[str, Tensor]:
    """Weights by name. Biases are zero but in the cases about them. One that moves all scores of a query alike cannot
    change the answer: it stays frozen, so that leaving it out of a computation costs nothing."""

    def linear(name: str, size: int, out: int, frozen_bias: bool = False) -> dict[str, Tensor]:
        bias = draw.floats((out,), 1.0, requires_grad=not frozen_bias) if biased else tensor([0.0] * out)
        return {f"{name}.weight": draw.floats((out, size), 1.0, requires_grad=True), f"{name}.bias": bias}

    query_size, key_size, value_size = sizes
    weights = linear("W_q", query_size, hiddens)
    weights |= linear("W_k", key_size, hiddens, attention_type == "dot")
    weights |= linear("W_v", value_size, hiddens) | linear("W_o", hiddens, hiddens)
    if apart:
        positive = draw.integers((hiddens, query_size), 1, 4, "float32")
        weights["W_q.weight"] = replace(positive, requires_grad=True)
        weights["W_k.weight"] = replace(draw.integers((hiddens, key_size), 1, 4, "float32"), requires_grad=True)
    if attention_type == "add":
        weights |= linear("attention.w_v", hiddens // heads, 1, True)
        weights["attention.w_v.weight"] = draw.floats((1, hiddens // heads), 4.0, requires_grad=True)
    return weights


def _multi_head_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, shape: tuple[int, int, int], heads: int, hiddens: int,
        sizes: tuple[int, int, int] = (3, 2, 4), kind: str = "dot", lengths: Any = None, **rest: Any,
    ) -> Case:  # fmt: skip
        batch, queries, keys = shape
        layouts = rest.pop("layouts", ("contiguous",) * 3)
        dropout = rest.pop("dropout", 0.0)
        biased = rest.pop("biased", False)
        apart = rest.pop("apart", False)
        shapes = (batch, queries, sizes[0]), (batch, keys, sizes[1]), (batch, keys, sizes[2])
        args = [
            draw.floats(size, layout=layout, requires_grad=True) for size, layout in zip(shapes, layouts, strict=True)
        ]
        if apart:
            args[:2] = [far(draw, *shapes[0]), unlike(draw, *shapes[1])]
        if lengths is not None:
            args.append(lengths if isinstance(lengths, Tensor) else tensor(lengths))
        init = _init(heads, sizes, hiddens, kind, dropout)
        weights = _projections(draw, sizes, heads, hiddens, kind, biased, apart)
        return Case(name, aspect, tuple(args), init=init, weights=weights, **rest)

    equal = (3, 3, 3)
    yield case("one head, one feature", "basic", (1, 1, 2), 1, 1, apart=True)
    yield case("batch of three", "basic", (3, 2, 4), 1, 1, apart=True)
    yield case("after other numbers in the same tensors", "basic", (2, 3, 4), 1, 1, apart=True,
               options={"again": True})  # fmt: skip
    yield case("biases", "biases", (2, 2, 3), 1, 1, biased=True)
    yield case("three heads", "heads", (1, 2, 3), 3, 3, apart=True)
    yield case("two heads, batch of three", "heads", (3, 4, 3), 2, 2, equal, apart=True)
    yield case("one head of four features", "features", (1, 2, 3), 1, 4)
    yield case("one head of nine features", "features", (2, 3, 4), 1, 9, equal)
    yield case("two heads of three features", "size of a head", (2, 3, 4), 2, 6, equal)
    yield case("a length for every sequence", "a length for every sequence", (3, 2, 4), 1, 1, lengths=[1, 4, 2])
    yield case("a length for every query", "a length for every query", (2, 3, 4), 1, 1,
               lengths=[[1, 4, 2], [3, 1, 4]])  # fmt: skip
    yield case("two heads, a length for every sequence", "lengths in every head", (3, 2, 4), 2, 2, lengths=[1, 4, 2])
    yield case("three heads, a length for every query", "lengths in every head", (2, 3, 4), 3, 3,
               lengths=[[1, 4, 2], [3, 1, 4]])  # fmt: skip
    yield case("additive, one head", "add", (1, 2, 3), 1, 2, kind="add")
    yield case("additive, batch of two", "add", (2, 2, 4), 1, 3, equal, kind="add")
    yield case("additive, three heads", "additive heads", (2, 2, 4), 3, 6, equal, kind="add", lengths=[2, 4])
    yield case("additive, a length for every query", "additive heads", (2, 3, 4), 2, 4, equal, kind="add",
               lengths=[[1, 4, 2], [3, 1, 4]])  # fmt: skip
    yield case("queries without a key", "length 0", (2, 2, 3), 1, 1, lengths=[[0, 2], [3, 0]])
    yield dropout_case(
        "training", "dropout", tensor([[[1.0]] * 64] * 4), tensor([[[0.0], [LOG_3]]] * 4),
        tensor([[[4.0], [8.0]]] * 4), init=_init(2, (1, 1, 1), 2, "dot", 0.25), weights=_plain_projections(),
    )  # fmt: skip
    yield dropout_case(
        "training, additive", "additive dropout", tensor([[[0.0]] * 64] * 4), tensor([[[0.0], [20.0]]] * 4),
        tensor([[[4.0], [8.0]]] * 4), init=_init(2, (1, 1, 1), 2, "add", 0.25),
        weights=_plain_projections() | {"attention.w_v.weight": tensor([[LOG_3]]), "attention.w_v.bias": tensor([0.0])},
    )  # fmt: skip
    yield case("evaluation", "evaluation", (2, 2, 3), 1, 1, dropout=0.5, runs=("plain",))
    yield case("evaluation, additive", "additive dropout", (2, 2, 3), 1, 2, kind="add", dropout=0.5, runs=("plain",))
    for kind, aspect in (("dot", "dropout"), ("add", "additive dropout")):
        yield case(
            f"two heads in training mode, {kind}",
            aspect,
            (2, 3, 4),
            2,
            4,
            equal,
            kind=kind,
            lengths=[2, 4],
            dropout=0.25,
            **SLOPES,
        )
    yield case("empty batch", "empty", (0, 2, 3), 2, 4, runs=("plain",))
    layouts = ("transposed", "strided", "expanded")
    yield case(", ".join(layouts), "layout", (2, 3, 4), 1, 1, layouts=layouts, runs=("plain",))
    yield case("registered parameters", "state", (1, 2, 2), 1, 1, options={"state": True}, runs=("plain",))
    construct = {"construct": True}
    for name, init in (
        ("six features for four heads", _init(4, (2, 2, 2), 6, "dot", 0.0)),
        ("an unknown attention type", _init(2, (2, 2, 2), 4, "multiplicative", 0.0)),
        ("an attention type in capitals", _init(2, (2, 2, 2), 4, "DOT", 0.0)),
    ):
        yield Case(name, "errors", init=init, options=construct, runs=("plain",))
    yield case("no ready-made attention", "by hand", (2, 2, 3), 2, 4, equal, runs=("plain",),
               options={"laws": True, "watch": True})  # fmt: skip
    for size in (2, 16):  # only the growth is asked for: what heads do to the answer has cases of its own
        yield case(f"{size} heads", "many heads", (2, 2, 2), size, size, lengths=[1, 2], options={"laws": True},
                   runs=("counted",), grows="number of heads", size=size)  # fmt: skip
    for kind, grows in (("dot", "size of the batch"), ("add", "size of the batch, additive")):
        for size in (2, 16):
            yield case(f"{size} sequences of {size} queries and keys, {kind}", grows, (size, size, size), 1, 1,
                       kind=kind, lengths=random_lengths(draw, size, size, size),
                       runs=("counted",), grows=grows, size=size)  # fmt: skip
    for heads in (2, 4, 16):
        yield case(f"32 features in {heads} heads", "work", (1, 32, 32), heads, 32, runs=("counted",),
                   grows="number of heads that share the features", size=heads)  # fmt: skip
    for least in (2, 6, 16):
        size = draw.integer(least, least + least // 4)
        yield case(f"{size} sequences", "work", (size, 4, 4), 2, 4, runs=("counted",), grows="number of sequences",
                   size=size)  # fmt: skip


def _plain_projections() -> dict[str, Tensor]:
    """Two heads of one feature that take queries, keys and values as they are."""
    weights = {f"{name}.weight": tensor([[1.0], [1.0]]) for name in ("W_q", "W_k", "W_v")}
    weights["W_o.weight"] = tensor([[1.0, 0.0], [0.0, 1.0]])
    return weights | {f"{name}.bias": tensor([0.0, 0.0]) for name in ("W_q", "W_k", "W_v", "W_o")}


def _init(heads: int, sizes: Sequence[int], hiddens: int, kind: str, dropout: float) -> dict[str, Any]:
    query_size, key_size, value_size = sizes
    return {
        "num_heads": heads, "query_size": query_size, "key_size": key_size, "num_hiddens": hiddens,
        "value_size": value_size, "attention_type": kind, "dropout": dropout,
    }  # fmt: skip


def _multi_head_timing(draw: Draw, size: int) -> Case:
    three = (draw.floats((8, 32, 64)) for _ in range(3))
    weights = _projections(draw, (64, 64, 64), size, 64, "dot", True, False)
    args = (*three, random_lengths(draw, 8, 32, 32))
    return Case(f"{size} heads", args=args, init=_init(size, (64, 64, 64), 64, "dot", 0.0), weights=weights)


MultiHeadAttention = Exercise(
    homework="hw6",
    name="MultiHeadAttention",
    difficulty=3,
    uses=("masked_softmax", "DotProductAttention"),
    file="attention.py",
    points=24,
    arguments=("queries", "keys", "values", "valid_lens"),
    kind="module",
    probe=partial(attend, "MultiHeadAttention"),
    differentiable=True,
    operations=NO_HEADS,
    laws=(dropout_law, hand_law, slopes_law),
    cases=_multi_head_cases,
    timing=Timing(_multi_head_timing, (2, 32), "number of heads", naive="LoopOverHeads"),
    max_growth=VECTORISED,
    checks=(
        Check("value", 2.5, "Projects with `W_q`, `W_k` and `W_v`, attends in every head, and projects the heads' "
              "answers with `W_o`", aspect="basic"),
        Check("value", 0.5, "Four linear layers, each with a bias", aspect="biases"),
        Check("value", 3, "The heads are consecutive blocks of features", aspect="heads"),
        Check("value", 1.75, "the dot products are divided by the square root of the size of a head",
              aspect="features"),
        Check("value", 0.75, "the dot products are divided by the square root of the size of a head",
              aspect="size of a head"),
        Check("value", 1, "one length for every sequence, shape (batch,)", aspect="a length for every sequence"),
        Check("value", 1, "one length for every query, shape (batch, queries)", aspect="a length for every query"),
        Check("value", 1, "the lengths hold for every head", aspect="lengths in every head"),
        Check("value", 2, "the score of a query q and a key k of a head is w_v(tanh(q + k)), not scaled",
              aspect="add"),
        Check("value", 0.5, "shared by all heads", aspect="additive heads"),
        Check("value", 0.5, "In a query without a valid key the input of `W_o` is zero", aspect="length 0"),
        Check("randomness", 1, "each is dropped with probability `dropout`, on its own and anew in every call, and "
              "those that stay are divided by 1 - `dropout`", aspect="dropout", title="dropout in training"),
        Check("randomness", 0.25, "In training mode dropout falls on the attention weights of every head",
              aspect="additive dropout", title="dropout, additive"),
        Check("value", 0.25, "In evaluation mode nothing is dropped", aspect="evaluation"),
        Check("value", 0.25, "An empty batch gives an empty answer", aspect="empty"),
        Check("layout", 0.25, "The arguments may have any memory layout", aspect="layout"),
        Check("errors", 0.75, "The constructor raises a ValueError that says what is wrong"),
        Check("state", 0.5, "There are no other parameters and no buffers, and the state dict restores the module"),
        Check("gradient", 1.5, "Gradients flow to the arguments and parameters"),
        Check("purity", 0.25, "No argument is changed"),
        Check("device", 0.5, "Works on whatever device the arguments and the parameters are on"),
        Check("copies", 0.25, "where the work is done too: nothing is copied to the host"),
        Check("operations", 0.25, "Calls none of torch's own attention layers and functions"),
        Check("value", 1.75, "`multi_head_attention_forward` from `torch.nn.functional`", aspect="by hand",
              title="no ready-made attention"),
        Check("scaling", 0.5, "The number of torch operations does not grow with the number of heads",
              aspect="number of heads"),
        Check("scaling", 0.25, "nor with the batch, the queries or the keys", aspect="size of the batch"),
        Check("scaling", 0.25, "nor with the batch, the queries or the keys", aspect="size of the batch, additive"),
        Check("scaling", 0.5, "The arithmetic does not grow with the number of heads that share the features",
              aspect="number of heads that share the features", title="arithmetic: heads", count="arithmetic",
              growth=0.5, times=8),
        Check("scaling", 0.25, "it grows in proportion to the number of sequences", aspect="number of sequences",
              title="arithmetic: batch", count="arithmetic", growth=1.5, times=8),
    ),
    hints=(
        "Project first, split after: the three projections are ordinary linear layers over all heads together.",
        "Give the features two axes, one for the heads and one for the features of a head. Before anything is "
        "multiplied, the axis of the heads has to move in front of the axis of the tokens; a view alone mixes tokens "
        "with heads. After the attention the same moves are undone in the opposite order.",
        "With the heads merged into the batch axis, sequence 0 takes the first num_heads places, sequence 1 the next "
        "ones, and so on. The valid lengths have to be repeated in that order, along the batch axis only.",
    ),
)  # fmt: skip
