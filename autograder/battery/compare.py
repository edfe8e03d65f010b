"""Is this answer that answer? Compared by type, structure, shape, dtype and value, in this order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.arrays import FLOATING, Array
from autograder.exercise import Tolerance
from autograder.wire import Opaque


@dataclass(frozen=True)
class Comparison:
    """`kind` is "" when they agree, else type, structure, shape, dtype or value. `margin` is the largest share of
    the tolerance that was used. `where` is the path to the part that differs."""

    kind: str = ""
    message: str = ""
    where: str = ""
    expected: str = ""
    got: str = ""
    margin: float = 0.0

    @property
    def same(self) -> bool:
        return not self.kind


SAME = Comparison()


def compare(expected: Any, got: Any, tolerance: Tolerance, where: str = "") -> Comparison:
    """The first difference between an expected value and the one that came."""
    if isinstance(expected, Array):
        return _compare_arrays(expected, got, tolerance, where)
    if type(expected) is type(got) and expected == got:  # arrays are equal to nothing but themselves
        return SAME
    if isinstance(expected, (list, tuple)):
        return _compare_sequences(expected, got, tolerance, where)
    if isinstance(expected, dict):
        return _compare_dicts(expected, got, tolerance, where)
    return _compare_plain(expected, got, where)


def _compare_sequences(expected: Any, got: Any, tolerance: Tolerance, where: str) -> Comparison:
    wanted = (list, tuple) if isinstance(expected, tuple) else (list,)
    if not isinstance(got, wanted):
        return _wrong_type(expected, got, where)
    if len(expected) != len(got):
        message = f"{_name(where)} has {_count(len(got), 'item')}, expected {len(expected)}"
        return Comparison("structure", message, where, show(expected), show(got))
    margin = 0.0
    for index, (e, g) in enumerate(zip(expected, got, strict=True)):
        inner = compare(e, g, tolerance, f"{where}[{index}]")
        if not inner.same:
            if not isinstance(e, (Array, list, tuple, dict)):
                return Comparison(inner.kind, inner.message, inner.where, show(expected), show(got))
            return inner
        margin = max(margin, inner.margin)
    return Comparison(margin=margin)


def _compare_dicts(expected: dict[Any, Any], got: Any, tolerance: Tolerance, where: str) -> Comparison:
    if not isinstance(got, dict):
        return _wrong_type(expected, got, where)
    missing = [key for key in expected if key not in got]
    extra = [key for key in got if key not in expected]
    if missing or extra:
        parts = [f"lacks {', '.join(map(repr, missing))}"] if missing else []
        parts += [f"has {', '.join(map(repr, extra[:5]))} too many"] if extra else []
        return Comparison("structure", f"{_name(where)} {' and '.join(parts)}", where, show(expected), show(got))
    margin = 0.0
    for key, value in expected.items():
        inner = compare(value, got[key], tolerance, f"{where}.{key}" if where else str(key))
        if not inner.same:
            return inner
        margin = max(margin, inner.margin)
    return Comparison(margin=margin)


def _compare_plain(expected: Any, got: Any, where: str) -> Comparison:
    if isinstance(got, Array) and got.meta.get("numpy") and got.shape == ():
        got = got.data.item()
    if isinstance(expected, float) and isinstance(got, (int, float)) and not isinstance(got, bool):
        if _close(expected, got):
            return SAME
    elif _number(expected) and _number(got):
        if expected == got:
            return SAME
    elif type(expected) is not type(got):
        return _wrong_type(expected, got, where)
    elif expected == got:
        return SAME
    return Comparison(
        "value", f"{_name(where)} is {show(got)}, expected {show(expected)}", where, show(expected), show(got)
    )


def _close(expected: float, got: float) -> bool:
    try:
        return math.isclose(expected, got, rel_tol=1e-6, abs_tol=1e-9) or (math.isnan(expected) and math.isnan(got))
    except OverflowError:  # an int that is too large for a float
        return False


def _number(value: Any) -> bool:
    return isinstance(value, (bool, int, float))


def _compare_arrays(expected: Array, got: Any, tolerance: Tolerance, where: str) -> Comparison:
    if not isinstance(got, Array) or bool(got.meta.get("numpy")) != bool(expected.meta.get("numpy")):
        return _wrong_type(expected, got, where)
    if expected.shape != got.shape:
        message = f"{_name(where)} has shape {show_shape(got.shape)}, expected {show_shape(expected.shape)}"
        return Comparison("shape", message, where, show_shape(expected.shape), show_shape(got.shape))
    if expected.dtype != got.dtype:
        message = f"{_name(where)} has dtype {got.dtype}, expected {expected.dtype}"
        return Comparison("dtype", message, where, expected.dtype, got.dtype)
    return compare_values(expected, got, tolerance, where)


def compare_values(expected: Array, got: Array, tolerance: Tolerance, where: str) -> Comparison:
    """Compares the elements of two arrays of one shape and dtype; non-finite ones must stand at the same places."""
    if expected.data.tobytes() == got.data.tobytes():
        return SAME
    want, have = _wide(expected), _wide(got)
    share, error = _shares(expected, got, tolerance)
    wrong = share > 1
    margin = float(share.max(initial=0.0))
    if not wrong.any():
        return Comparison(margin=margin)
    worst = np.unravel_index(
        int(np.argmax(np.where(wrong, np.nan_to_num(error, nan=np.inf, posinf=np.inf), -1))), want.shape
    )
    place = f"[{', '.join(str(int(i)) for i in worst)}]" if worst else ""
    count = int(wrong.sum())
    wanted, found = _told_apart(want[worst], have[worst])
    share_text = f"{count} of {want.size} elements are wrong" if want.size > 1 else "it is wrong"
    message = f"{_name(where)}{place} is {found}, expected {wanted} ({share_text})"
    return Comparison("value", message, f"{where}{place}", wanted, found, margin)


def wrong_elements(expected: Array, got: Array, tolerance: Tolerance) -> np.ndarray:
    """Where two arrays of one shape and dtype differ by more than is allowed."""
    return _shares(expected, got, tolerance)[0] > 1


def _shares(expected: Array, got: Array, tolerance: Tolerance) -> tuple[np.ndarray, np.ndarray]:
    """For each element the share of the tolerance that is used, 1 being the limit, and the error."""
    want, have = _wide(expected), _wide(got)
    if not expected.floating:
        error = np.abs(want.astype(np.float64) - have.astype(np.float64))
        return np.where(want != have, np.inf, 0.0), error
    finite = np.isfinite(want)
    with np.errstate(invalid="ignore", over="ignore"):
        scale = float(np.max(np.abs(want[finite]), initial=0.0))
        allowed = _bounds(expected.dtype, tolerance, want, max(1.0, scale))
        error = np.abs(want - have)
        share = np.where(finite, error / allowed, np.where(_same_nonfinite(want, have), 0.0, np.inf))
    return np.where(np.isnan(share), np.inf, share), error


def _wide(array: Array) -> np.ndarray:
    if array.dtype in FLOATING:
        return array.data.astype(np.float64)
    return array.data


def _same_nonfinite(want: np.ndarray, have: np.ndarray) -> np.ndarray:
    return (want == have) | (np.isnan(want) & np.isnan(have))


_LOOSER = {"float16": (1e-3, 1e-5), "bfloat16": (1.6e-2, 1e-5), "float64": (1e-9, 1e-12)}


def _bounds(dtype: str, tolerance: Tolerance, want: np.ndarray, scale: float) -> np.ndarray:
    """The declared bounds are for float32; other dtypes have the same ones in proportion to their precision."""
    rtol, atol = _LOOSER.get(dtype, (1.3e-6, 1e-5))
    rtol, atol = tolerance.rtol * rtol / 1.3e-6, tolerance.atol * atol / 1e-5
    return atol * scale + rtol * np.where(np.isfinite(want), np.abs(want), 0.0)


def _wrong_type(expected: Any, got: Any, where: str) -> Comparison:
    message = f"{_name(where)} is {show_type(got)}, expected {show_type(expected)}"
    return Comparison("type", message, where, show_type(expected), show_type(got))


def _name(where: str) -> str:
    return f"the answer's {where}" if where and not where.startswith("[") else f"the answer{where}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def show_shape(shape: tuple[int, ...]) -> str:
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def show_number(value: Any, digits: int = 7) -> str:
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    number = complex(value) if isinstance(value, (complex, np.complexfloating)) else float(value)
    return f"{number:.{digits}g}"


def _told_apart(one: Any, other: Any) -> tuple[str, str]:
    """Two numbers that differ, with as many digits as show it."""
    shown = [(show_number(one, digits), show_number(other, digits)) for digits in (7, 17)]
    return next((pair for pair in shown if pair[0] != pair[1]), shown[-1])


def show_type(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, Array):
        return "a numpy array" if value.meta.get("numpy") else "a tensor"
    if isinstance(value, Opaque):
        return f"a {value.type_name}"
    if isinstance(value, (bool, int, float, str, list, tuple, dict)):
        article = "an" if isinstance(value, int) and not isinstance(value, bool) else "a"
        return f"{article} {type(value).__name__}"
    return f"a {type(value).__name__}"


def show(value: Any, limit: int = 160) -> str:
    """A value in one line, cut to the limit."""
    if isinstance(value, Array):
        flat = value.data.reshape(-1)
        inner = ", ".join(show_number(x) for x in flat[:8]) + (", …" if flat.size > 8 else "")
        text = f"{show_shape(value.shape)} tensor [{inner}]"
    else:
        text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
