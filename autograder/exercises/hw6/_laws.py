"""Laws of the attention exercises: what dropout drops, which weights are kept, and whether it is built by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from autograder.exercise import Case, Finding

if TYPE_CHECKING:
    import numpy as np

FALSE_ALARM = 1e-6
NEAR = 1e-4


def dropout_law(case: Case, value: Any) -> Iterable[Finding]:
    """What dropout on the attention weights of two keys leaves of answers whose two parts are known, in two calls.

    Each part stays or goes on its own, and what stays is divided by 1 - p. The number of parts that went is then
    binomial.
    """
    import numpy as np

    if "parts" not in case.options:
        return
    one, other = (answers.data.astype(np.float64) for answers in value["draws"])
    first, second = case.options["parts"]
    sums = (0, first, second, first + second)
    if np.abs(one - sums[3]).max() < NEAR:
        yield Finding("none", "in training mode no attention weight was dropped")
        return
    if np.array_equal(one, other):
        yield Finding("repeated", "two calls in training mode dropped the same weights; each call draws anew")
    yield from _findings(case, one, sums)


def _findings(case: Case, output: np.ndarray, sums: tuple[float, ...]) -> Iterator[Finding]:
    import numpy as np

    p, answers = float(case.init["dropout"]), output.reshape(-1)
    factor, right = float(answers.max()) / sums[3], 1 / (1 - p)
    if _all_among(answers, _with_dropped_scores(case.options["values"], case.options["parts"], p)):
        yield Finding("scores", "the scores are dropped before the softmax, not the weights after it")
    elif factor < NEAR or not _all_among(answers / factor, sums):
        yield Finding("values", "the answers in training mode are not sums of values whose weights stayed or went")
    elif abs(factor - right) < NEAR:
        yield from _counts(answers / factor, sums, p)
        if any(size > 1 and np.ptp(output, axis=axis).max() < NEAR for axis, size in enumerate(output.shape)):
            yield Finding("shared", "sequences, queries or heads lose the same weights; each is dropped on its own")
    elif abs(factor - 1) < NEAR:
        yield Finding("unscaled", f"the weights that stay are not divided by 1 - {p:g}")
    elif abs(factor - 1 / p) < NEAR and _within(_gone(answers / factor, sums), 2 * answers.size, 1 - p):
        yield Finding("kept", f"weights are kept with probability {p:g}, which is the probability to be dropped")
    else:
        message = f"the weights that stay are multiplied by {factor:.3g}, expected 1 / (1 - {p:g}) = {right:.3g}"
        yield Finding("factor", message)


def _with_dropped_scores(values: list[float], parts: list[float], p: float) -> tuple[float, float]:
    """The answers when the second key's score is dropped or divided by 1 - p; the first one's is 0 and stays so."""
    odds = (parts[1] / values[1]) / (parts[0] / values[0])
    shares = (odds**power / (1 + odds**power) for power in (0.0, 1 / (1 - p)))
    low, high = (values[0] + (values[1] - values[0]) * share for share in shares)
    return low, high


def _all_among(answers: np.ndarray, sums: tuple[float, ...]) -> bool:
    import numpy as np

    return bool((np.abs(answers[:, None] - np.array(sums)).min(axis=1) < NEAR).all())


def _counts(answers: np.ndarray, sums: tuple[float, ...], p: float) -> Iterator[Finding]:
    import numpy as np

    if _all_among(answers, (sums[0], sums[3])) and np.abs(answers).min() < NEAR:
        yield Finding("together", "whole answers were dropped, never a single attention weight")
        return
    gone, tried = _gone(answers, sums), 2 * answers.size
    if not _within(gone, tried, p):
        low, high = binomial_bounds(tried, p)
        message = f"{gone} of {tried} attention weights were dropped; with probability {p:g} expect {low} to {high}"
        yield Finding("rate", message)


def _gone(answers: np.ndarray, sums: tuple[float, ...]) -> int:
    """How many of the two parts of every answer went."""
    import numpy as np

    none, first, second, _ = (int((np.abs(answers - s) < NEAR).sum()) for s in sums)
    return 2 * none + first + second


def _within(gone: int, tried: int, p: float) -> bool:
    low, high = binomial_bounds(tried, p)
    return low <= gone <= high


def stored_law(case: Case, value: Any) -> Iterable[Finding]:
    """What `attention_weights` holds after a call in training mode: the weights before dropout, known for each key."""
    import numpy as np

    if "stored" not in case.options:
        return
    expected, p = np.array(case.options["stored"]), float(case.init["dropout"])
    if value["weights"] is None:
        yield Finding("not_stored", "there is no attribute attention_weights")
        return
    weights = value["weights"].data.astype(np.float64)
    wanted = (*case.args[0].data.shape[:2], case.args[1].data.shape[1])
    if weights.shape != wanted:
        yield Finding("stored_shape", f"attention_weights has shape {weights.shape}, expected {wanted}")
        return
    left = [np.abs(weights - factor * expected) < NEAR for factor in (0, 1, 1 / (1 - p))]
    if left[1].all():
        return
    if np.logical_or.reduce(left).all() and left[0].any():
        yield Finding("stored", "attention_weights holds the weights after dropout, expected those before it")
    else:
        yield Finding("stored_others", "attention_weights does not hold the weights of the last call")


def binomial_bounds(n: int, p: float) -> tuple[int, int]:
    """The narrowest symmetric-tail bounds that a binomial count leaves with probability below `FALSE_ALARM`."""

    def chance_of(k: int) -> float:
        ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        return math.exp(ways + k * math.log(p) + (n - k) * math.log1p(-p))

    chance = [chance_of(k) for k in range(n + 1)]
    return _first_above(chance), n - _first_above(chance[::-1])


def _first_above(chance: list[float]) -> int:
    total = 0.0
    for k, c in enumerate(chance):
        total += c
        if total > FALSE_ALARM / 2:
            return k
    return len(chance) - 1


def built_by_hand(run: Callable[[], Any]) -> dict[str, Any]:
    """Runs the code beside a watch for torch's functions of attention: that of a whole layer of heads, whose operators
    are the same as those of a layer that is written by hand, and that of scaled dot products."""
    import sys

    from torch.nn import functional

    whole = functional.multi_head_attention_forward.__code__
    product = functional.scaled_dot_product_attention
    seen = {"heads": False, "product": False}

    def notice(frame: Any, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code is whole:
            seen["heads"] = True
        elif event == "c_call" and argument is product:
            seen["product"] = True

    sys.setprofile(notice)
    try:
        run()
    finally:
        sys.setprofile(None)
    return seen


def hand_law(case: Case, value: Any) -> Iterable[Finding]:
    if not case.options.get("watch"):
        return
    if value["heads"]:
        message = "torch's multi_head_attention_forward does the work, and nothing counts until you build it yourself"
        yield Finding("ready_made", message, defeats=True)
    elif value["product"]:
        yield Finding("product", "torch's scaled_dot_product_attention is called; here you build it yourself")
