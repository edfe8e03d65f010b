"""AdditiveAttention."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Tensor
from autograder.exercises.hw6._attending import NO_ATTENTION, attend
from autograder.exercises.hw6._cases import LOG_3, VECTORISED, dropout_case, random_lengths
from autograder.exercises.hw6._laws import dropout_law, stored_law
from autograder.exercises.slopes import SLOPES, slopes_law

PLAIN: dict[str, Any] = {"runs": ("plain",)}


def _attend(student: Any, call: Any) -> Any:
    """As the other attentions are tried. Biases that should not be there are zeros: they cost the state alone."""
    import torch

    from autograder.worker.call import state_of

    for name, value in state_of(student.AdditiveAttention(**call.init)).items():
        if name not in call.weights and name.endswith(".bias"):
            like = next(iter(call.weights.values()))
            call.weights[name] = torch.zeros(value.shape, dtype=like.dtype, device=like.device)
    return attend("AdditiveAttention", student, call)


def _layers(draw: Draw, sizes: tuple[int, int, int]) -> dict[str, Tensor]:
    key_size, query_size, hiddens = sizes
    shapes = {"W_k": (hiddens, key_size), "W_q": (hiddens, query_size), "w_v": (1, hiddens)}
    return {f"{name}.weight": draw.floats(shape, 2.0, requires_grad=True) for name, shape in shapes.items()}


def _init(sizes: tuple[int, int, int], dropout: float) -> dict[str, Any]:
    return dict(zip(("key_size", "query_size", "num_hiddens"), sizes, strict=True)) | {"dropout": dropout}


def _cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        shape: tuple[int, int, int],
        sizes: tuple[int, int, int],
        lengths: Any = None,
        **rest: Any,
    ) -> Case:
        batch, queries, keys = shape
        key_size, query_size, _ = sizes
        layouts = rest.pop("layouts", ("contiguous",) * 3)
        shapes = (batch, queries, query_size), (batch, keys, key_size), (batch, keys, rest.pop("value_size", 2))
        args: list[Any] = [
            draw.floats(one, layout=layout, requires_grad=True) for one, layout in zip(shapes, layouts, strict=True)
        ]
        if lengths is not None:
            args.append(lengths if isinstance(lengths, Tensor) else tensor(lengths))
        init = _init(sizes, rest.pop("dropout", 0.0))
        return Case(name, aspect, tuple(args), init=init, weights=_layers(draw, sizes), **rest)

    yield case("one query, two keys", "basic", (1, 1, 2), (1, 1, 1))
    yield case("two queries, three keys", "basic", (1, 2, 3), (2, 2, 4))
    yield case("three sequences", "basic", (3, 2, 4), (2, 3, 5), value_size=5)
    yield case("as many queries as keys", "basic", (2, 3, 3), (4, 4, 4), value_size=4)
    yield case("after other numbers in the same tensors", "basic", (2, 3, 4), (3, 2, 4), options={"again": True})
    yield case("one sequence", "a length for every sequence", (1, 2, 3), (2, 3, 4), [2])
    yield case("three sequences", "a length for every sequence", (3, 2, 4), (3, 2, 4), [1, 4, 2])
    yield case("as many queries as sequences", "a length for every sequence", (2, 2, 3), (3, 2, 4), [3, 1])
    yield case(
        "two sequences of three queries", "a length for every query", (2, 3, 5), (2, 3, 4), [[1, 5, 3], [2, 4, 1]]
    )
    yield case("a query without a key", "length 0", (2, 2, 3), (2, 3, 4), [[2, 0], [0, 3]])
    yield case("a sequence without a key", "length 0", (2, 2, 3), (2, 3, 4), [0, 2])
    yield case("weights of the last call", "weights", (2, 3, 4), (2, 3, 4), options={"weights": True}, **PLAIN)
    one, two, values = (tensor([rows] * 8) for rows in ([[0.0]] * 64, [[0.0], [20.0]], [[4.0], [8.0]]))
    plain = {"W_k.weight": tensor([[1.0]]), "W_q.weight": tensor([[1.0]]), "w_v.weight": tensor([[LOG_3]])}
    stored = {"laws": True, "weights": True, "stored": [0.25, 0.75]}
    init = _init((1, 1, 1), 0.25)
    yield Case("weights of the last call, in training", "weights", (one, two, values), init=init, weights=plain,
               training=True, options=stored, **PLAIN)  # fmt: skip
    training = dropout_case("training", "dropout", one, two, values, init=init, weights=plain)
    yield training
    yield replace(training, name="training, with lengths", args=(*training.args, tensor([2] * 8)))
    yield case("evaluation", "evaluation", (2, 3, 4), (2, 3, 4), dropout=0.5)
    yield case("no dropout in training", "evaluation", (2, 2, 3), (2, 3, 4), training=True, **PLAIN)
    yield case("transposed, strided, expanded", "layout", (2, 3, 4), (2, 3, 4),
               layouts=("strided", "transposed", "expanded"), **PLAIN)  # fmt: skip
    yield case("an empty batch", "layout", (0, 2, 3), (2, 3, 4), **PLAIN)
    yield case("two sequences, in training mode", "dropout", (2, 3, 4), (2, 3, 4), [2, 4], dropout=0.25, **SLOPES)
    yield case("what is registered", "state", (1, 2, 3), (2, 3, 4), options={"state": True}, **PLAIN)
    for size in (2, 16):
        yield case(f"{size} sequences of {size} queries and keys", "size", (size, size, size), (2, 1, 2),
                   random_lengths(draw, size, size, size), runs=("counted",), grows="size of the batch",
                   size=size)  # fmt: skip


AdditiveAttention = Exercise(
    homework="hw6",
    name="AdditiveAttention",
    uses=("masked_softmax",),
    file="attention.py",
    points=6,
    difficulty=2,
    arguments=("queries", "keys", "values", "valid_lens"),
    kind="module",
    probe=_attend,
    differentiable=True,
    operations=NO_ATTENTION,
    laws=(dropout_law, stored_law, slopes_law),
    cases=_cases,
    max_growth=VECTORISED,
    checks=(
        Check("value", 1, "The score of a query q and a key k is w_v(tanh(W_q(q) + W_k(k)))", aspect="basic"),
        Check("value", 0.5, "or shape (batch,)", aspect="a length for every sequence"),
        Check("value", 0.5, "or shape (batch, queries)", aspect="a length for every query"),
        Check("value", 0.25, "A query without a valid key is answered\nwith zeros", aspect="length 0"),
        Check("value", 0.5, "`attention_weights` holds the weights of the last call", aspect="weights"),
        Check("randomness", 0.75, "each is dropped with probability `dropout`, on its own and anew in every call",
              aspect="dropout", title="dropout in training"),
        Check("value", 0.25, "In evaluation mode nothing is dropped", aspect="evaluation"),
        Check("layout", 0.25, "The arguments may have any memory layout", aspect="layout"),
        Check("state", 0.25, "There are no biases, no other parameters and no buffers"),
        Check("gradient", 0.5, "Gradients flow to the arguments and\nparameters"),
        Check("purity", 0.25, "No argument is changed"),
        Check("device", 0.25, "Works on whatever device the arguments and the parameters are on"),
        Check("copies", 0.25, "nothing is copied to the host"),
        Check("operations", 0.25, "Calls none of torch's own attention functions"),
        Check("scaling", 0.25, "The number of torch operations does not grow with the batch, nor with the queries or "
              "keys", aspect="size of the batch"),
    ),
    hints=(
        "For one query and one key: two projections, a sum, a tanh, a last layer. What are the shapes?",
        "For all pairs at once the sum has four axes, (batch, queries, keys, num_hiddens). Which axis of size 1 do the "
        "projected queries need for that, and which the keys?",
        "The last layer leaves an axis of size 1: squeeze it away, and you have scores as in dot-product attention. "
        "From there on everything is the same.",
    ),
)  # fmt: skip
