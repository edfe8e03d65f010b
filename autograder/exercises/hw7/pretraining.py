"""pretraining.py: bert_loss and pretrain_step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Layout, Run
from autograder.exercises.hw7._building import VECTORISED

PLAIN: tuple[Run, ...] = ("plain",)
PARTS = {"words": 0, "pairs": 1, "sum": 2}


def _losses(student: Any, call: Any) -> Any:
    """The answer, or the part of it that the case is about."""
    from autograder.worker.probes import call_function

    answer = call_function("bert_loss", student, call)
    part = call.options.get("part")
    if part is None or not isinstance(answer, (tuple, list)) or len(answer) != len(PARTS):
        return answer
    return answer[PARTS[part]]


def _loss_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, part: str | None, weights: list[list[float]], *, vocab: int = 4, low: int = 1,
        scale: float = 2.0, dtype: str = "float32", layout: Layout = "contiguous", zeros: tuple[Any, ...] = (),
        **rest: Any,
    ) -> Case:  # fmt: skip
        """Labels are 0 at padding and at `zeros`, and nowhere else."""
        batch, count = len(weights), len(weights[0])
        labels = draw.integers((batch, count), low, vocab - 1)
        numbers = labels.data.copy()
        for row, places in enumerate(weights):
            for place, weight in enumerate(places):
                if weight == 0 or (row, place) in zeros:
                    numbers[row, place] = 0
        args = (
            draw.floats((batch, count, vocab), scale, dtype=dtype, layout=layout, requires_grad=True),
            draw.floats((batch, 2), scale, dtype=dtype, layout=layout, requires_grad=True),
            tensor(weights, dtype),
            replace(labels, data=numbers),
            draw.integers((batch,), 0, 1),
        )
        options = rest.pop("options", {}) | ({"part": part} if part else {})
        return Case(name, aspect, args, options=options, **rest)

    full, padded = [[1.0, 1.0, 1.0]] * 2, [[1.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    yield case("one prediction", "basic", "words", [[1.0]])
    yield case("six predictions, no padding", "basic", "words", full)
    yield case("as many words as predictions", "basic", "words", [[1.0] * 4] * 3)
    yield case("one prediction and padding", "weights", "words", [[1.0, 0.0]])
    yield case("two and one of three", "weights", "words", padded)
    yield case("one sequence without a prediction", "weights", "words", [[1.0, 1.0], [0.0, 0.0], [1.0, 0.0]])
    yield case("padding in front", "weights", "words", [[0.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 1.0]])
    yield case("weights 2, 1 and 1/2", "other weights", "words", [[2.0, 1.0, 0.5], [0.5, 0.0, 0.0]])
    yield case("two weights of 1/4", "other weights", "words", [[0.25, 0.25, 0.0]])
    yield case("label 0 twice", "label 0", "words", [[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]], zeros=((0, 1), (1, 0)))
    yield case("one pair", "pairs", "pairs", [[1.0]])
    yield case("three pairs", "pairs", "pairs", [[1.0, 0.0]] * 3)
    yield case("both", "sum", "sum", full)
    yield case("both, with padding", "sum", "sum", padded)
    yield case("all weights 0", "nothing", "words", [[0.0, 0.0]] * 2)
    yield case("all weights 0, the sum", "nothing", "sum", [[0.0, 0.0, 0.0]])
    yield case("scores in the thousands", "large", "sum", padded, scale=2048.0, runs=PLAIN)
    large = [[2.0**20 * weight for weight in row] for row in padded]  # beside which a small number disappears
    yield case("float64", "dtype", None, large, dtype="float64")
    yield case("three losses", "form", None, padded)
    yield case("transposed scores", "layout", "sum", padded, layout="transposed", runs=PLAIN)
    yield case("after other numbers in the same tensors", "sum", "sum", padded, options={"again": True}, runs=PLAIN)
    for size in (4, 16, 64):
        yield case(f"batch of {size}", "batch", "sum", [[1.0, 0.0]] * size, runs=("counted",), grows="batch", size=size)
    for size in (4, 16, 64):
        yield case(f"{size} predictions", "M", "sum", [[1.0] * size] * 2, runs=("counted",), grows="M", size=size)


bert_loss = Exercise(
    homework="hw7",
    name="bert_loss",
    file="pretraining.py",
    points=3,
    probe=_losses,
    arguments=("mlm_Y_hat", "nsp_Y_hat", "mlm_weights", "mlm_Y", "nsp_y"),
    differentiable=True,
    cases=_loss_cases,
    max_growth=VECTORISED,
    checks=(
        Check("value", 0.5, "the weighted mean of the cross entropies of the predictions", aspect="basic"),
        Check("value", 0.625, "it counts neither above nor below the line", aspect="weights"),
        Check("value", 0.125, "the sum of weight times cross entropy, divided by the sum of the weights",
              aspect="other weights"),
        Check("value", 0.1875, "Label 0 is a token like any other", aspect="label 0"),
        Check("value", 0.25, "the mean of the cross entropies over the\n    batch", aspect="pairs"),
        Check("value", 0.1875, "and their sum", aspect="sum"),
        Check("value", 0.1875, "Where all weights are 0, `mlm_l` is 0", aspect="nothing"),
        Check("value", 0.0625, "mlm_Y_hat: scores of the masked words", aspect="large"),
        Check("value", 0.0625, "with the dtype of the scores", aspect="dtype"),
        Check("value", 0.0625, "Each is a\n        tensor of shape ()", aspect="form"),
        Check("layout", 0.0625, "any memory layout", aspect="layout"),
        Check("gradient", 0.25, "Gradients flow to both scores"),
        Check("purity", 0.0625, "No argument is changed"),
        Check("device", 0.125, "Works on whatever\n    device the arguments are on"),
        Check("copies", 0.125, "nothing is copied to the host"),
        Check("scaling", 0.0625, "The number of torch operations grows neither with the\n    batch", aspect="batch"),
        Check("scaling", 0.0625, "nor with M", aspect="M"),
    ),
    hints=(
        "Two predictions, one of them padding: what is the loss if the real one costs 3 and the other one 100? "
        "Whatever you do, the answer has to be 3.",
        "By default torch's cross entropy gives the mean over everything, and what is mixed cannot be unmixed. Which "
        "reduction leaves one loss for each prediction?",
        "Flatten predictions, labels and weights alike. Weigh, add up, and divide by the sum of the weights, having "
        "made sure that it is not 0. Then add the mean over the pairs.",
    ),
)  # fmt: skip


def _step(student: Any, call: Any) -> Any:
    from autograder.exercises.hw7 import _pretraining

    return _pretraining.step(student.pretrain_step, call)


def _step_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, report: tuple[str, ...], *, batch: int = 2, device: bool = False, vocab: int = 5,
        **options: Any,
    ) -> Case:  # fmt: skip
        steps, count, size = 4, 2, 3
        weights = {"words": (vocab, size), "sides": (2, size), "masked": (vocab, size), "pair": (2, size)}
        lengths = [steps - row % 3 for row in range(batch)]
        args = (
            draw.integers((batch, steps), 0, vocab - 1),
            draw.integers((batch, steps), 0, 1),
            tensor([float(length) for length in lengths]),
            tensor([[1, 0 if row % 2 else 2] for row in range(batch)]),
            tensor([[1.0, 0.0 if row % 2 else 1.0] for row in range(batch)]),
            draw.integers((batch, count), 1, vocab - 1),
            draw.integers((batch,), 0, 1),
        )
        usual: dict[str, Any] = {"report": list(report), "frozen": [], "training": True, "stale": False, "steps": 1}
        return Case(name, aspect, args, weights={key: draw.floats(shape, 1.0) for key, shape in weights.items()},
                    options=usual | options, runs=("plain", "phantom") if device else PLAIN)  # fmt: skip

    weights = ("weights",)
    yield case("one example", "basic", weights, batch=1, device=True)
    yield case("three examples", "basic", weights, batch=3)
    yield case("one example, what it tells", "basic", ("losses",), batch=1)
    yield case("two examples", "losses", ("losses",))
    yield case("four examples", "losses", ("losses",), batch=4)
    yield case("two steps", "steps", weights, steps=2)
    yield case("three steps", "steps", ("losses",), steps=3)
    yield case("gradients from before", "left over", weights, stale=True)
    yield case("one step", "form", ("form",))
    yield case("comes in evaluation mode", "training mode", ("modes",), training=False)
    yield case("comes in evaluation mode, weights", "training mode", weights, training=False)
    yield case("two steps", "once", ("calls",), steps=2)
    yield case("frozen words", "frozen", ("frozen", "weights"), frozen=["words"])
    yield case("one step", "copies", weights, batch=3, device=True)


pretrain_step = Exercise(
    homework="hw7",
    name="pretrain_step",
    uses=("bert_loss",),
    file="pretraining.py",
    points=3,
    kind="probe",
    probe=_step,
    arguments=("tokens", "segments", "valid_lens", "pred_positions", "mlm_weights", "mlm_Y", "nsp_y"),
    mixed_precision=True,
    cases=_step_cases,
    checks=(
        Check("value", 0.75, "makes one step of the optimizer along the gradient of the sum of both losses",
              aspect="basic"),
        Check("value", 0.5, "the three losses of this batch as `bert_loss` gives them, before the step",
              aspect="losses"),
        Check("value", 0.25, "Gradients from before do\n    not count", aspect="steps"),
        Check("value", 0.25, "Gradients from before do\n    not count", aspect="left over"),
        Check("value", 0.375, "detached from the graph", aspect="form", title="form of the answer"),
        Check("value", 0.25, "Puts the net into training mode", aspect="training mode"),
        Check("value", 0.125, "calls it once with the four inputs of the batch", aspect="once"),
        Check("value", 0.125, "what is frozen\n    stays frozen", aspect="frozen"),
        Check("purity", 0.125, "The tensors of the batch are not changed"),
        Check("device", 0.125, "The batch is not moved: it is where the net is"),
        Check("copies", 0.125, "Nothing is copied to the host", aspect="copies"),
    ),
    hints=(
        "The batch has seven tensors. Which four go into the net, and which three belong to the loss?",
        "backward adds to the gradients that are there. When must they be gone, and what must have happened before the "
        "optimizer's step?",
        "Unpack, set the mode, call, take the losses, clear, go backward from the sum, step. Hand the losses back "
        "without their graphs; that copies no number.",
    ),
)  # fmt: skip
