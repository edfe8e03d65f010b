"""embedding.py: BoWClassifier, transe_score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Run, Tensor
from autograder.exercises.fitting import fit, loaded

WHOLE: tuple[Run, ...] = ("plain", "gradient", "phantom")
LEARNT: tuple[Run, ...] = ("plain", "gradient")
PLAIN: tuple[Run, ...] = ("plain",)


def _classify(student: Any, call: Any) -> Any:
    """Makes the classifier, fills it with the case's weights and calls it. A bias that is zero may be missing but where
    the case is about what is registered."""
    from autograder.worker import probes

    if call.options.get("state"):
        fit(call, student.BoWClassifier(**call.init))
        return probes.call_module("BoWClassifier", student, call)
    return probes.called(loaded(call, student.BoWClassifier(**call.init)), call)


def _bow_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, batch: int, labels: int, words: int, *, biased: bool = False, counts: Any = None,
        weight: Any = None, runs: tuple[Run, ...] = LEARNT, **rest: Any,
    ) -> Case:  # fmt: skip
        if counts is None:
            counts = draw.integers((batch, words), 0, 3, "float32")
        bias = draw.floats((labels,), requires_grad=True) if biased else tensor([0.0] * labels)
        if weight is None:
            weight = draw.floats((labels, words), requires_grad=True)
        return Case(name, aspect, (replace(counts, requires_grad=batch > 0),), runs=runs,
                    init={"num_labels": labels, "vocab_size": words},
                    weights={"linear.weight": weight, "linear.bias": bias}, **rest)  # fmt: skip

    yield case("one text, two labels", "basic", 1, 2, 3, runs=WHOLE)
    yield case("one text, five labels", "basic", 1, 5, 4)
    yield case("one text, as many labels as words", "basic", 1, 4, 4, runs=WHOLE)
    yield case("a bias", "bias", 1, 3, 2, biased=True)
    yield case("a bias, three texts", "bias", 3, 2, 4, biased=True, runs=WHOLE)
    yield case("two texts", "batch", 2, 3, 4)
    yield case("as many texts as labels", "batch", 3, 3, 5)
    yield case("five texts, called before with others", "batch", 5, 2, 3, runs=PLAIN, options={"again": True})
    far = tensor([[600.0, 0.0, 0.0], [0.0, 200.0, 0.0], [0.0, 0.0, 3.0]])
    whole = Tensor(draw.integers((3, 3), -4, 4, "float32").data, "float32", requires_grad=True)
    yield case("hundreds of words", "large", 3, 3, 3, counts=far, weight=whole)
    twice = tensor([[1.0, -1.0], [-1.0, 1.0]], requires_grad=True)
    yield case("a thousand times one word", "large", 1, 2, 2, counts=tensor([[1000.0, 0.0]]), weight=twice, runs=PLAIN)
    yield case("shares of words", "batch", 4, 3, 5, counts=draw.floats((4, 5)))
    yield case("no text", "empty", 0, 3, 4, runs=PLAIN)
    yield case("registered parameters", "state", 2, 3, 4, runs=PLAIN, options={"state": True})
    for size in (4, 16, 64):
        yield case(f"{size} texts", "texts", size, 2, 3, runs=("counted",), grows="texts", size=size)


BoWClassifier = Exercise(
    homework="hw4",
    name="BoWClassifier",
    difficulty=1,
    file="embedding.py",
    points=4,
    kind="module",
    probe=_classify,
    arguments=("bow_vec",),
    differentiable=True,
    cases=_bow_cases,
    checks=(
        Check("value", 1.25, "The log-probability of every label", aspect="basic"),
        Check("value", 0.25, "`linear.bias` of shape (num_labels,)", aspect="bias"),
        Check("value", 0.5, "Each text is classified by itself", aspect="batch"),
        Check("value", 0.5, "no log-probability becomes infinite because a probability is too small", aspect="large"),
        Check("value", 0.125, "The batch may be empty", aspect="empty"),
        Check("state", 0.5, "There are no others, and no buffers"),
        Check("gradient", 0.25, "Gradients flow to the parameters and to bow_vec"),
        Check("purity", 0.125, "which is not changed"),
        Check("device", 0.25, "Works on the device of the parameters"),
        Check("scaling", 0.25, "The number of torch operations does not grow with the batch", aspect="texts"),
    ),
    hints=(
        "Two labels, three words: how many weights are there, and which numbers come in, which go out of the layer?",
        "Assign an nn.Linear in the constructor; forward calls it, and one function more. Which axis is that of the "
        "labels?",
        "The logarithm of a softmax is a function of its own in torch. Two functions one after the other give minus "
        "infinity where a probability has become 0.",
    ),
)


def _score(student: Any, call: Any) -> Any:
    """One call; where the case asks for it, whether gradients are finite."""
    from autograder.worker import probes

    function = student.transe_score
    if not call.options.get("finite"):
        return probes.called(function, call)
    triples, *tables = call.args
    leaves = [table.clone().requires_grad_() for table in tables]
    function(triples, *leaves, **call.kwargs).sum().backward()
    found = [leaf.grad for leaf in leaves]
    return {"flag “a gradient is NaN or infinite”": any(g is not None and not g.isfinite().all() for g in found)}


def _transe_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, shape: Sequence[int], entities: int = 5, relations: int = 3, dim: int = 4, *,
        dtype: str = "float32", runs: tuple[Run, ...] = LEARNT, grows: str = "", size: int | None = None,
        options: dict[str, Any] | None = None, scale: float = 2.0, **kwargs: Any,
    ) -> Case:  # fmt: skip
        import numpy as np

        columns = [draw.integers(shape, 0, most - 1).data for most in (entities, relations, entities)]
        tables = [draw.floats((rows, dim), scale, dtype=dtype, requires_grad=True) for rows in (entities, relations)]
        return Case(name, aspect, (Tensor(np.stack(columns, axis=-1), "int64"), *tables), kwargs, runs=runs,
                    grows=grows, size=size, options=options or {})  # fmt: skip

    yield case("two triples", "basic", (2,), runs=WHOLE)
    yield case("six triples of few entities", "basic", (6,), 2, 3, 3, runs=WHOLE)
    yield case("as many triples as dimensions", "basic", (4,), 6, 2, 4)
    yield case("many relations", "basic", (5,), 3, 9, 2)
    yield case("vectors of one number", "basic", (5,), 4, 3, 1)
    yield case("p 1, given", "p", (3,), p=1)
    yield case("p 2", "p", (3,), p=2, runs=WHOLE)
    yield case("p 2, many triples", "p", (12,), 7, 4, 5, p=2)
    yield case("one triple", "one", (1,), runs=WHOLE)
    yield case("one triple, p 2", "one", (1,), p=2)
    yield case("vectors of one number, one triple", "one", (1,), 4, 3, 1)
    yield case("a triple without a batch", "axes", ())
    yield case("three by two triples", "axes", (3, 2), p=2, runs=WHOLE)
    yield case("three by three triples", "axes", (3, 3), 5, 4, 3)
    yield case("three axes in front", "axes", (2, 1, 4), 5, 4, 3)
    yield case("no triples", "empty", (0,), runs=PLAIN)
    yield case("no triples, two axes in front", "empty", (3, 0), p=2, runs=PLAIN)
    yield case("float64", "float64", (4,), dtype="float64", p=2)
    tables = draw.integers((4, 3), -3, 3, "float32"), draw.integers((2, 3), -3, 3, "float32")
    fitting = replace(tables[0], data=tables[0].data.copy())
    fitting.data[2] = fitting.data[0] + tables[1].data[1]
    triples = tensor([[0, 1, 2], [1, 0, 3]])
    for p in (1, 2):
        yield Case(f"a triple that fits exactly, p {p}", "fits", (triples, fitting, tables[1]), {"p": p}, runs=PLAIN)
        yield Case(f"its gradients, p {p}", "finite", (triples, fitting, tables[1]), {"p": p}, runs=PLAIN,
                   options={"finite": True})  # fmt: skip
    for p in (0, 3, -1):
        yield case(f"p {p}", "errors", (2,), p=p, runs=PLAIN, options={"names": p})
    for size in (4, 16, 64):
        yield case(f"{size} triples", "triples", (size,), runs=("counted",), grows="triples", size=size)


transe_score = Exercise(
    homework="hw4",
    name="transe_score",
    difficulty=2,
    file="embedding.py",
    points=4,
    probe=_score,
    arguments=("triples", "entities", "relations", "p"),
    differentiable=True,
    cases=_transe_cases,
    checks=(
        Check("value", 1.125, "The score is the negative distance", aspect="basic"),
        Check("value", 0.5, "2 the root of the sum of their squares", aspect="p"),
        Check("value", 0.25, "A batch of one triple has one score, shape (1,)", aspect="one"),
        Check("value", 0.375, "any number of axes in front", aspect="axes"),
        Check("value", 0.125, "no triples have none", aspect="empty"),
        Check("value", 0.125, "where the relation leads exactly to the tail", aspect="fits"),
        Check("value", 0.125, "in the dtype of the vectors", aspect="float64"),
        Check("errors", 0.25, "p is neither 1 nor 2; with a message that names it"),
        Check("gradient", 0.375, "Gradients flow to entities and relations"),
        Check("value", 0.25, "They are never NaN", aspect="finite", title="finite gradients"),
        Check("purity", 0.125, "No argument is changed"),
        Check("device", 0.125, "Works on the device of the arguments"),
        Check("scaling", 0.25, "The number of torch operations does not grow with the number of triples",
              aspect="triples"),
    ),
    hints=(
        "Draw the example on paper: two points, and from the first an arrow for each relation. How far is it from its "
        "tip to the second point, around corners and as the crow flies?",
        "A table that is indexed with a tensor of numbers gives a row for each of them. Which axis of triples tells "
        "heads, relations and tails apart, however many axes there are before it?",
        "Three times rows, one sum and one difference, then a norm over the last axis. The norm of torch.linalg knows "
        "both p, and has a gradient at zero too.",
    ),
)  # fmt: skip

EXERCISES = (BoWClassifier, transe_score)
