"""Cases as bytes: what workers are given of them, and all of them, as a student bundle stores them.

A stored case is the inputs themselves, not the seed that they were drawn from: a homework that has been released does
not change with the generator.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograder.arrays import from_leaf, to_leaf
from autograder.exercise import Case, Device, Generator, Tensor
from autograder.wire import Leaf, Packer, Unpacker, frame


def for_workers(cases: Iterable[Case]) -> bytes:
    """A frame with what a worker needs to call student code."""
    packer = Packer(to_leaf)
    packed = [inputs(packer, case) for case in cases]
    return frame({"cases": packed}, packer.blob)


def stored(cases: Iterable[Case]) -> tuple[dict[str, Any], bytes]:
    """Header and blob with everything that a case is."""
    packer = Packer(to_leaf)
    packed = [
        {
            **inputs(packer, case),
            "about": [case.name, case.aspect, case.runs, case.size, case.grows, case.says],
        }
        for case in cases
    ]
    return {"cases": packed}, packer.blob


def read(header: dict[str, Any], blob: bytes) -> tuple[Case, ...]:
    """The cases again. WireError, KeyError, TypeError or ValueError where these are none."""
    unpack = Unpacker(blob, _from_leaf).unpack
    cases = []
    for packed in header["cases"]:
        name, aspect, runs, size, grows, says = packed["about"]
        cases.append(
            Case(
                name,
                aspect,
                tuple(unpack(packed["args"])),
                unpack(packed["kwargs"]),
                unpack(packed["init"]),
                unpack(packed["weights"]),
                None if runs is None else tuple(runs),
                size,
                grows,
                says,
                packed["training"],
                unpack(packed["options"]),
            )
        )
    return tuple(cases)


def inputs(packer: Packer, case: Case) -> dict[str, Any]:
    return {
        "args": packer.pack(list(case.args)),
        "kwargs": packer.pack(case.kwargs),
        "init": packer.pack(case.init),
        "weights": packer.pack(case.weights),
        "options": packer.pack(case.options),
        "training": case.training,
    }


def _from_leaf(leaf: Leaf) -> Tensor | Generator | Device:
    """What `arrays.to_leaf` made it of."""
    data = np.array(from_leaf(leaf).data)
    if "device" in leaf.meta:
        return Device()
    if "generator" in leaf.meta:
        return Generator(leaf.meta["generator"], int(data[0]))
    return Tensor(data.astype(data.dtype.newbyteorder("=")), leaf.dtype, leaf.meta["layout"], leaf.meta["grad"])
