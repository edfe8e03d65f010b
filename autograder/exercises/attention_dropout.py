"""Laws of the attention exercises: dropout falls on single attention weights, and the attention is built by hand."""

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
    """What dropout on the attention weights of two keys leaves of an answer whose two parts are known.

    Each part stays or goes on its own, and what stays is divided by 1 - p. The number of parts that went is then
    binomial.
    """
    import numpy as np

    if "parts" not in case.options:
        return
    weights = value["weights"] if isinstance(value, dict) else None
    if weights is not None and np.abs(weights.data.sum(axis=-1) - 1).max() > NEAR:
        yield Finding("stored", "the rows of attention_weights do not sum to 1: they hold the weights after dropout")
    output = (value["output"] if isinstance(value, dict) else value).data.astype(np.float64)
    answers = output.reshape(-1)
    p = float(case.init["dropout"])
    first, second = case.options["parts"]
    sums = (0, first, second, first + second)
    if np.abs(answers - sums[3]).max() < NEAR:
        yield Finding("none", "in training mode no attention weight was dropped")
    elif _all_among(answers, sums):
        yield Finding("unscaled", f"the weights that stay are not divided by 1 - {p:g}")
    elif _all_among(answers * p, sums):
        yield Finding("kept", f"the weights that stay are divided by {p:g}: it is the probability to be dropped")
    elif _all_among(answers, _with_dropped_scores(case.options["values"], case.options["parts"], p)):
        yield Finding("scores", "the scores are dropped before the softmax, not the weights after it")
    elif not _all_among(answers * (1 - p), sums):
        yield Finding("values", "the answers in training mode are not sums of values whose weights stayed or went")
    else:
        yield from _counts(answers * (1 - p), sums, p)
        if any(size > 1 and np.ptp(output, axis=axis).max() < NEAR for axis, size in enumerate(output.shape)):
            yield Finding("shared", "sequences, queries or heads lose the same weights; each is dropped on its own")


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

    none, first, second, _ = (int((np.abs(answers - s) < NEAR).sum()) for s in sums)
    if none and not (first or second):
        yield Finding("together", "whole answers were dropped, never a single attention weight")
        return
    gone, tried = 2 * none + first + second, 2 * answers.size
    low, high = binomial_bounds(tried, p)
    if not low <= gone <= high:
        message = f"{gone} of {tried} attention weights were dropped; with probability {p:g} expect {low} to {high}"
        yield Finding("rate", message)


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
    """Runs the code beside a watch for torch's Python function of multi-head attention, whose operators are the same
    as those of an attention that is written by hand."""
    import sys

    from torch.nn import functional

    watched = functional.multi_head_attention_forward.__code__
    seen = False

    def notice(frame: Any, event: str, _: Any) -> None:
        nonlocal seen
        seen = seen or (event == "call" and frame.f_code is watched)

    sys.setprofile(notice)
    try:
        output = run()
    finally:
        sys.setprofile(None)
    return {"output": output, "ready_made": seen}


def hand_law(case: Case, value: Any) -> Iterable[Finding]:
    if case.options.get("watch") and value["ready_made"]:
        yield Finding("ready_made", "torch's multi_head_attention_forward does the work; here you build it yourself")
