"""hw6, attention and Transformers: masked_softmax, DotProductAttention, MultiHeadAttention."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from math import prod
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Operations, Tensor
from autograder.exercises.attention_dropout import built_by_hand, dropout_law, hand_law, stored_law
from autograder.exercises.fitting import fit, loaded

HEADS = ("*multi_head_attention*", "*transformer_encoder*")
PRODUCTS = ("*scaled_dot_product*", "*scaled_dot_attention*", "*flash_attention*", "*efficient_attention*",
            "*cudnn_attention*")  # fmt: skip
NO_HEADS = Operations(forbidden=HEADS, stay_in_torch=False)
NO_ATTENTION = Operations(forbidden=(*HEADS, *PRODUCTS), stay_in_torch=False)
# A vectorised answer takes the same number of operations at every size, so the exponent may be small.
VECTORISED = 0.1


def _lengths(draw: Draw, batch: int, queries: int, keys: int) -> Tensor:
    return draw.integers((batch, queries), 1, keys)


def _masked_softmax_cases(draw: Draw) -> Iterable[Case]:
    def scores(*shape: int, **rest: Any) -> Tensor:
        return draw.floats(shape, requires_grad=True, **rest)

    yield Case("one row", args=(scores(1, 1, 3), tensor([3])))
    yield Case("three rows", args=(scores(1, 3, 4), tensor([4])))
    yield Case("one row, no lengths", "no lengths", (scores(1, 1, 3), None))
    yield Case("two sequences, no lengths", "no lengths", (scores(2, 3, 4), None))
    one = "a length for every sequence"
    yield Case("one sequence", one, (scores(1, 1, 3), tensor([2])))
    yield Case("three sequences of two queries", one, (scores(3, 2, 5), tensor([1, 5, 3])))
    yield Case("as many queries as sequences", one, (scores(3, 3, 4), tensor([3, 1, 4])))
    every = "a length for every query"
    yield Case("one sequence of three queries", every, (scores(1, 3, 4), tensor([[1, 4, 2]])))
    yield Case("two sequences of three queries", every, (scores(2, 3, 5), tensor([[2, 5, 1], [4, 1, 3]])))
    transposed = Tensor(_lengths(draw, 2, 3, 4).data, "int64", "transposed")
    yield Case("transposed lengths", every, (scores(2, 3, 4), transposed), runs=("plain",))
    yield Case("a sequence without a key", "length 0", (scores(1, 2, 3), tensor([0])))
    yield Case("queries without a key", "length 0", (scores(1, 4, 4), tensor([[0, 2, 4, 0]])))
    yield Case("a huge score at a masked key", "magnitude", (_plus(scores(1, 2, 4), (..., 3), 1e10), tensor([3])))
    low = _plus(scores(1, 2, 3), (..., slice(0, 2)), -1e11)
    yield Case("very low valid scores", "magnitude", (low, tensor([2])), runs=("plain",))
    yield Case("large valid scores", "magnitude", (_plus(scores(1, 2, 3), ..., 300.0), tensor([2])))
    apart = tensor([[[2e6, 2e6 + 1], [-2e6, 1 - 2e6], [8e9, 8e9 + 1024], [8192 - 8e10, -8e10]]])
    yield Case("huge valid scores that differ", "magnitude", (apart, tensor([2])), runs=("plain",))
    yield Case("transposed scores", "layout", (scores(1, 3, 4, layout="transposed"), tensor([3])), runs=("plain",))
    yield Case("strided scores", "layout", (scores(1, 2, 3, layout="strided"), tensor([2])), runs=("plain",))
    yield Case("double precision", "dtype", (scores(1, 2, 3, dtype="float64"), tensor([2])), runs=("plain",))
    for dtype in ("float16", "bfloat16"):
        yield Case(dtype, "dtype", (tensor([[[0.0] * 4] * 2] * 2, dtype), tensor([2, 4])), runs=("plain",))
    yield Case("512 keys", one, (tensor([[[0.0] * 512]] * 2), tensor([257, 512])), runs=("plain",))
    yield Case("empty batch", "empty", (scores(0, 2, 3), draw.integers((0,), 1, 3)), runs=("plain",))
    for size in (2, 16):
        yield Case(f"{size} sequences of {size} queries and keys", "size",
                   (scores(size, size, size), _lengths(draw, size, size, size)),
                   runs=("counted",), grows="size of the scores", size=size)  # fmt: skip


def _plus(scores: Tensor, where: Any, amount: float) -> Tensor:
    """The scores, moved by the amount in one part."""
    data = scores.data.copy()
    data[where] += amount
    return Tensor(data, scores.dtype, requires_grad=scores.requires_grad)


masked_softmax = Exercise(
    homework="hw6",
    name="masked_softmax",
    file="attention.py",
    points=14,
    arguments=("X", "valid_lens"),
    differentiable=True,
    cases=_masked_softmax_cases,
    max_growth=VECTORISED,
    checks=(
        Check("value", 1, "The softmax is taken over the keys, the last axis", aspect="basic"),
        Check("value", 0.75, "With `valid_lens` None all keys are valid", aspect="no lengths"),
        Check("value", 2.25, "of shape (batch,), one length for all the queries of a sequence",
              aspect="a length for every sequence"),
        Check("value", 2, "of shape (batch, queries), one length for every query", aspect="a length for every query"),
        Check("value", 1.5, "A row with valid length 0 is all zeros", aspect="length 0"),
        Check("value", 1.5, "The scores may be of any finite size", aspect="magnitude"),
        Check("value", 0.25, "A new tensor with the shape and dtype of `X`", aspect="dtype"),
        Check("value", 0.25, "An empty batch gives an empty answer", aspect="empty"),
        Check("layout", 0.5, "The arguments may have any memory layout", aspect="layout"),
        Check("gradient", 1, "Gradients flow to `X`"),
        Check("gradient", 0.75, "Its gradient is zero too, without a NaN on the way", aspect="length 0"),
        Check("purity", 0.75, "No argument is changed"),
        Check("device", 0.75, "Works on whatever device the arguments are on"),
        Check("transfers", 0.25, "nothing is copied to the host"),
        Check("scaling", 0.5, "The number of torch operations does not grow with the batch, nor with the queries "
              "or keys", aspect="size of the scores"),
    ),
    hints=(
        "Write down which keys take part as a boolean tensor that broadcasts to the shape of the scores, whether "
        "there is a length for every sequence or one for every query.",
        "Comparing the positions 0, 1, 2, … of the keys with the lengths needs no loop. Mask before the softmax, so "
        "that the remaining weights add up to one.",
        "Masked scores have to vanish in the softmax whatever the others are: fill a copy with the lowest number that "
        "the dtype has. In a row that has nothing but masked keys that is not enough, so mask the weights once more.",
    ),
)  # fmt: skip


def _attend(name: str, student: Any, call: Any) -> Any:
    """Builds the module and calls it. Options: `construct` stops before the call, `parts` calls twice, `weights`
    reports the attribute `attention_weights` too, `state` what is registered, `watch` torch's own functions that ran;
    `after one feature` first calls it with queries and keys of one feature.
    """
    from autograder.worker import probes

    module = student.find(name)(**call.init)
    if call.options.get("construct"):
        return None
    if call.options.get("state"):
        fit(call, module)
        return probes.call_module(name, student, call)
    module = loaded(call, module)
    if call.options.get("watch"):
        return built_by_hand(lambda: module(*call.args, **call.kwargs))
    if "parts" in call.options:
        return {"draws": [module(*call.args, **call.kwargs) for _ in range(2)]}
    if call.options.get("weights"):
        queries, *others = call.args
        module(-queries, *others, **call.kwargs)
        output = module(*call.args, **call.kwargs)
        return {"output": output, "weights": getattr(module, "attention_weights", None)}
    if call.options.get("after one feature"):
        queries, keys, *others = call.args
        module(queries[..., :1], keys[..., :1], *others)
    return probes.called(module, call)


def _dropout_case(name: str, aspect: str, queries: Tensor, keys: Tensor, values: Tensor, **rest: Any) -> Case:
    """The keys carry 1/4 and 3/4 of the weight and the values are 4 and 8: an answer is a sum of some of 1 and 6,
    by which the law sees which weights were dropped. Random answers have no gradient to compare."""
    options = {"laws": True, "values": [4, 8], "parts": [1, 6]}
    return Case(name, aspect, (queries, keys, values), runs=("plain",), training=True, options=options, **rest)


LOG_3 = 1.0986122886681098


def _far(draw: Draw, *shape: int) -> Tensor:
    """Integers from 32 to 64. As queries, with keys that differ by 1 or more, they give scores so far apart that each
    query takes one key, whether the scale is right or wrong, and every product and sum is exact."""
    return replace(draw.integers(shape, 32, 64, "float32"), requires_grad=True)


def _unlike(draw: Draw, *shape: int) -> Tensor:
    """Integers from -64 to 63, no two of which are equal."""
    numbers = tensor(draw.permutation(range(-64, 64))[: prod(shape)], "float32", requires_grad=True)
    return replace(numbers, data=numbers.data.reshape(shape))


def _dot_product_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, batch: int, queries: int, keys: int, d: int, value_size: int, **rest: Any) -> Case:
        layouts = rest.pop("layouts", ("contiguous",) * 3)
        lengths = rest.pop("lengths", None)
        apart = rest.pop("apart", False)
        shapes = (batch, queries, d), (batch, keys, d), (batch, keys, value_size)
        args = [
            draw.floats(shape, layout=layout, requires_grad=True) for shape, layout in zip(shapes, layouts, strict=True)
        ]
        if apart:
            args[:2] = [
                replace(_far(draw, *shapes[0]), layout=layouts[0]),
                replace(_unlike(draw, *shapes[1]), layout=layouts[1]),
            ]
        if lengths is not None:
            args.append(lengths if isinstance(lengths, Tensor) else tensor(lengths))
        return Case(name, aspect, tuple(args), **rest)

    yield case("one query, two keys", "basic", 1, 1, 2, 1, 1, apart=True)
    yield case("batch of three", "basic", 3, 2, 4, 1, 5, apart=True)
    yield case("after other numbers in the same tensors", "basic", 2, 3, 4, 1, 2, apart=True, options={"again": True})
    yield case("four features", "features", 1, 2, 3, 4, 2)
    yield case("nine features", "features", 2, 3, 2, 9, 5)
    yield case("a length for every sequence", "lengths", 3, 2, 4, 1, 3, lengths=[1, 4, 2])
    yield case("a length for every query", "lengths", 2, 3, 5, 1, 2, lengths=[[1, 5, 3], [2, 4, 1]])
    yield case("a query without a key", "length 0", 2, 2, 3, 1, 2, lengths=[[2, 0], [0, 3]])
    yield case("weights of the last call", "weights", 2, 3, 4, 1, 2, options={"weights": True}, runs=("plain",))
    queries, keys, values = (tensor([rows] * 8) for rows in ([[1.0]] * 64, [[0.0], [LOG_3]], [[4.0], [8.0]]))
    stored = {"laws": True, "weights": True, "stored": [0.25, 0.75]}
    yield Case("weights of the last call, in training", "weights", (queries, keys, values), init={"dropout": 0.25},
               training=True, runs=("plain",), options=stored)  # fmt: skip
    yield _dropout_case("training", "dropout", queries, keys, values, init={"dropout": 0.25})
    training = _dropout_case("training, with lengths", "dropout", queries, keys, values, init={"dropout": 0.25})
    yield replace(training, args=(*training.args, tensor([2] * 8)))
    yield case("evaluation", "evaluation", 2, 3, 4, 1, 2, init={"dropout": 0.5})
    yield case("no dropout in training", "evaluation", 2, 2, 3, 1, 2, training=True, runs=("plain",))
    yield case("transposed, strided, expanded", "layout", 2, 3, 4, 4, 2, apart=True, runs=("plain",),
               layouts=("strided", "transposed", "expanded"))  # fmt: skip
    for size in (2, 16):
        yield case(f"{size} sequences of {size} queries and keys", "size", size, size, size, 1, 2,
                   lengths=_lengths(draw, size, size, size),
                   runs=("counted",), grows="size of the batch", size=size)  # fmt: skip
    yield case("four features after one", "features", 2, 2, 3, 4, 2, options={"after one feature": True},
               runs=("plain",))  # fmt: skip
    yield case("what is registered", "state", 2, 2, 3, 1, 2, apart=True, options={"state": True}, runs=("plain",))


DotProductAttention = Exercise(
    homework="hw6",
    name="DotProductAttention",
    file="attention.py",
    points=10,
    arguments=("queries", "keys", "values", "valid_lens"),
    kind="module",
    probe=partial(_attend, "DotProductAttention"),
    differentiable=True,
    operations=NO_ATTENTION,
    laws=(dropout_law, stored_law),
    cases=_dot_product_cases,
    max_growth=VECTORISED,
    checks=(
        Check("value", 1.75, "Answers every query with a weighted mean of the values", aspect="basic"),
        Check("value", 1.75, "The dot products are divided by the square root of d", aspect="features"),
        Check("state", 0.25, "a module without parameters and buffers"),
        Check("value", 1, "Keys at or beyond the valid length get no weight", aspect="lengths"),
        Check("value", 0.25, "A query without a valid key is answered with zeros", aspect="length 0"),
        Check("value", 0.75, "`attention_weights` holds the weights of the last call", aspect="weights"),
        Check("randomness", 1, "each is dropped with probability `dropout`, on its own and anew in every call, and "
              "those that stay are divided by 1 - `dropout`", aspect="dropout", title="dropout in training"),
        Check("value", 0.5, "In evaluation mode nothing is dropped", aspect="evaluation"),
        Check("layout", 0.25, "The arguments may have any memory layout", aspect="layout"),
        Check("gradient", 0.75, "Gradients flow to `queries`, `keys` and `values`"),
        Check("purity", 0.25, "No argument is changed"),
        Check("device", 0.25, "Works on whatever device the arguments are on"),
        Check("copies", 0.25, "where the work is done too: nothing is copied to the host"),
        Check("operations", 0.5, "Calls none of torch's own attention functions"),
        Check("scaling", 0.5, "The number of torch operations does not grow with the batch, nor with the queries or "
              "keys", aspect="size of the batch"),
    ),
    hints=(
        "Everything happens for all queries and keys of all sequences at once: two batched matrix products with a "
        "softmax between them.",
        "The first product needs the last two axes of the keys exchanged, which is not the same as reshaping them. "
        "It is divided by a root of the size of a query before the softmax.",
        "Keep the masked softmax of the scores in the attribute, hand it to an `nn.Dropout` made in the constructor, "
        "and multiply what comes out with the values.",
    ),
)  # fmt: skip


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
            args[:2] = [_far(draw, *shapes[0]), _unlike(draw, *shapes[1])]
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
    yield _dropout_case(
        "training", "dropout", tensor([[[1.0]] * 64] * 4), tensor([[[0.0], [LOG_3]]] * 4),
        tensor([[[4.0], [8.0]]] * 4), init=_init(2, (1, 1, 1), 2, "dot", 0.25), weights=_plain_projections(),
    )  # fmt: skip
    yield _dropout_case(
        "training, additive", "additive dropout", tensor([[[0.0]] * 64] * 4), tensor([[[0.0], [20.0]]] * 4),
        tensor([[[4.0], [8.0]]] * 4), init=_init(2, (1, 1, 1), 2, "add", 0.25),
        weights=_plain_projections() | {"attention.w_v.weight": tensor([[LOG_3]]), "attention.w_v.bias": tensor([0.0])},
    )  # fmt: skip
    yield case("evaluation", "evaluation", (2, 2, 3), 1, 1, dropout=0.5, runs=("plain",))
    yield case("evaluation, additive", "additive dropout", (2, 2, 3), 1, 2, kind="add", dropout=0.5, runs=("plain",))
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
                       kind=kind, lengths=_lengths(draw, size, size, size),
                       runs=("counted",), grows=grows, size=size)  # fmt: skip


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


MultiHeadAttention = Exercise(
    homework="hw6",
    name="MultiHeadAttention",
    file="attention.py",
    points=24,
    arguments=("queries", "keys", "values", "valid_lens"),
    kind="module",
    probe=partial(_attend, "MultiHeadAttention"),
    differentiable=True,
    operations=NO_HEADS,
    laws=(dropout_law, hand_law),
    cases=_multi_head_cases,
    max_growth=VECTORISED,
    checks=(
        Check("value", 3, "Projects with `W_q`, `W_k` and `W_v`, attends in every head, and projects the heads' "
              "answers with `W_o`", aspect="basic"),
        Check("value", 0.5, "Four linear layers, each with a bias", aspect="biases"),
        Check("value", 3, "The heads are consecutive blocks of features", aspect="heads"),
        Check("value", 2, "the dot products are divided by the square root of the size of a head", aspect="features"),
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

EXERCISES = (masked_softmax, DotProductAttention, MultiHeadAttention)
