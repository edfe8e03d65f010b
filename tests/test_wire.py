"""The format between worker and judge: what is sent arrives, and nothing malformed is accepted."""

from __future__ import annotations

import contextlib
import io
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.arrays import Array, from_leaf, to_leaf
from autograder.draw import tensor
from autograder.recording import record_of
from autograder.wire import ITEM_SIZE, Command, Opaque, Packer, Unpacker, WireError, frame, read_frame

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(), inner)
        | st.frozensets(st.integers())
    ),
    max_leaves=20,
)


def there_and_back(value: object) -> object:
    packer = Packer(to_leaf)
    header = {"value": packer.pack(value)}
    stream = io.BytesIO(frame(header, packer.blob))
    found, blob = read_frame(stream.read)
    return Unpacker(blob, from_leaf).unpack(found["value"])


@given(values)
def test_plain_values_arrive_as_they_were(value: object) -> None:
    assert there_and_back(value) == value


def test_nan_and_infinity_arrive() -> None:
    assert there_and_back([math.inf, -math.inf]) == [math.inf, -math.inf]
    assert math.isnan(there_and_back(math.nan))  # type: ignore[arg-type]


@pytest.mark.parametrize("dtype", [d for d in ITEM_SIZE if not d.startswith("complex")])
def test_tensors_of_every_dtype_arrive(dtype: str) -> None:
    found = there_and_back(tensor([[0, 1, 1], [1, 0, 1]], dtype))
    assert isinstance(found, Array)
    assert found.dtype == dtype and found.shape == (2, 3)
    assert np.array_equal(found.data, [[0, 1, 1], [1, 0, 1]])


def test_an_unknown_object_travels_as_its_types_name() -> None:
    assert isinstance(there_and_back(object()), Opaque)


nodes = st.recursive(
    st.none() | st.integers() | st.text(max_size=3) | st.sampled_from(["t", "d", "l", "i", "f", "u", "e", "float32"]),
    lambda inner: st.lists(inner, max_size=6),
    max_leaves=12,
)


@given(nodes)
def test_malformed_nodes_are_refused_and_nothing_else_happens(node: object) -> None:
    with contextlib.suppress(WireError):
        Unpacker(b"", from_leaf).unpack(node)


@pytest.mark.parametrize(
    "node",
    [
        ["t", "float32", [2], 0, 8, {}],
        ["t", "float32", [-1], 0, 0, {}],
        ["t", "object", [0], 0, 0, {}],
        ["t", "float32", [2**40], 0, 4, {}],
        ["f", "1; import os"],
        ["d", [[["l", []], ["n"]]]],
        [["n"]],
        ["b", 1],
    ],
)
def test_a_value_that_lies_about_itself_is_refused(node: object) -> None:
    with pytest.raises(WireError):
        Unpacker(b"1234", from_leaf).unpack(node)


@pytest.mark.parametrize("header", [{}, {"value": 3}, {"value": ["n"], "facts": 7}, {"fault": "x"}, {"gradients": 1}])
def test_a_malformed_answer_is_a_tampered_record(header: dict[str, object]) -> None:
    record = record_of(header, b"")
    assert record.fault is not None and record.fault.kind == "tampered"


def test_a_frame_that_announces_too_much_is_refused() -> None:
    with pytest.raises(WireError, match="too large"):
        read_frame(io.BytesIO(b"\xff" * 16).read)


@given(st.dictionaries(st.text(), st.integers() | st.text(), min_size=1), st.integers(0, 2**53))
def test_a_command_arrives_with_its_number(asked: dict[str, int | str], number: int) -> None:
    command = Command(asked)
    for told in (number, number + 1):
        header, blob = read_frame(io.BytesIO(command.numbered(told)).read)
        assert header == {**asked, "number": told} and blob == b""
