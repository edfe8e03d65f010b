"""What crosses between worker and judge: JSON and raw tensor bytes in a validated format, never a pickle.

A frame is two lengths, a JSON header and a blob. Inside the header every value is a tagged list, so that nothing
is guessed: `["f", "0.5"]` is a float, `["t", "float32", [2, 3], 0, 24, {}]` a tensor whose bytes lie in the blob.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO

MAX_FRAME = 256 * 1024 * 1024
MAX_DEPTH = 32
MAX_NODES = 500_000
MAX_PARTS = 4 * MAX_NODES
MAX_TEXT = 1_000_000

ITEM_SIZE = {
    "float64": 8, "float32": 4, "float16": 2, "bfloat16": 2, "int64": 8, "int32": 4, "int16": 2, "int8": 1,
    "uint8": 1, "bool": 1, "complex64": 8, "complex128": 16,
}  # fmt: skip

_LENGTHS = struct.Struct(">QQ")
_encode = json.JSONEncoder(separators=(",", ":")).encode  # json.dumps and loads find out anew each time how to
_decode = json.JSONDecoder().decode


class WireError(Exception):
    """A frame or a value that does not follow the format."""


@dataclass(frozen=True)
class Leaf:
    """A tensor on its way: dtype name, shape, little-endian bytes in row-major order, and small facts about it."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes
    meta: dict[str, Any]


@dataclass(frozen=True)
class Opaque:
    """A value that has no place in the format; only its type's name travels."""

    type_name: str


ToLeaf = Callable[[Any], "Leaf | None"]
FromLeaf = Callable[[Leaf], Any]


class Packer:
    """Turns values into tagged lists, collecting tensor bytes in a blob."""

    def __init__(self, to_leaf: ToLeaf) -> None:
        self._to_leaf = to_leaf
        self._chunks: list[bytes] = []
        self._offset = 0
        self._nodes = 0

    @property
    def blob(self) -> bytes:
        return b"".join(self._chunks)

    def pack(self, value: Any, depth: int = 0) -> list[Any]:
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("the value is nested too deeply or has too many parts")
        kind = type(value)
        if value is None:
            return ["n"]
        if kind is bool:
            return ["b", value]
        if kind is int:
            return ["i", value if abs(value) < 2**53 else str(value)[:400]]
        if kind is float:
            return ["f", repr(value)]
        if kind is str:
            return ["s", value[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")]
        if kind is bytes:
            return ["y", value[:MAX_TEXT].hex()]
        if kind is list:
            return self._alike(value) or ["l", [self.pack(item, depth + 1) for item in value]]
        if kind is tuple:
            return ["u", [self.pack(item, depth + 1) for item in value]]
        if kind is dict:
            items = value.items()
            return ["d", [[self.pack(k, depth + 1), self.pack(v, depth + 1)] for k, v in items]]
        if kind in (set, frozenset):
            packed = [self.pack(item, depth + 1) for item in value]
            return ["e", sorted(packed, key=json.dumps)]
        leaf = self._to_leaf(value)
        if leaf is not None:
            start = self._offset
            self._chunks.append(leaf.data)
            self._offset += len(leaf.data)
            if self._offset > MAX_FRAME:
                raise WireError("the value is too large")
            return ["t", leaf.dtype, list(leaf.shape), start, len(leaf.data), leaf.meta]
        return ["o", f"{kind.__module__}.{kind.__qualname__}"[:200]]

    def _alike(self, value: list[Any]) -> list[Any] | None:
        """A list of nothing but whole numbers or plain text, as tokens are, in one piece."""
        kinds = set(map(type, value))
        if kinds == {int} and max(value) < 2**53 and min(value) > -(2**53):
            tag = "li"
        elif kinds == {str} and len(text := "".join(value)) < MAX_TEXT and text.isascii():
            tag = "ls"
        else:
            return None
        self._nodes += len(value)
        if self._nodes > MAX_NODES:
            raise WireError("the value has too many parts")
        return [tag, list(value)]


_ALIKE = {"li": {int}, "ls": {str}}


class Unpacker:
    """Turns tagged lists back into values; raises WireError for anything that does not fit the format."""

    def __init__(self, blob: bytes | memoryview, from_leaf: FromLeaf) -> None:
        self._blob = blob
        self._from_leaf = from_leaf
        self._nodes = 0

    def unpack(self, node: Any, depth: int = 0) -> Any:
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("the value is nested too deeply or has too many parts")
        if type(node) is not list or not node or type(node[0]) is not str:
            raise WireError("a value is not a tagged list")
        tag = node[0]
        if tag == "n":
            return None
        if tag == "t":
            return self._from_leaf(self._leaf(node))
        if len(node) != 2:
            raise WireError(f"tag {tag!r} has the wrong length")
        body = node[1]
        if tag == "b" and type(body) is bool:
            return body
        if tag == "i" and type(body) is int:
            return body
        if tag == "i" and type(body) is str and body.lstrip("-").isdigit():
            return int(body)
        if tag == "f" and type(body) is str and len(body) < 64:
            try:
                return float(body)
            except ValueError as error:
                raise WireError("not a float") from error
        if tag == "s" and type(body) is str:
            return body
        if tag == "y" and type(body) is str:
            try:
                return bytes.fromhex(body)
            except ValueError as error:
                raise WireError("not bytes") from error
        if tag == "o" and type(body) is str:
            return Opaque(body[:200])
        if type(body) is list:
            if tag in _ALIKE and set(map(type, body)) == _ALIKE[tag]:
                self._nodes += len(body)
                return list(body)
            if tag == "d":
                return self._dict(body, depth)
            items = [self.unpack(item, depth + 1) for item in body]
            if tag == "l":
                return items
            if tag == "u":
                return tuple(items)
            if tag == "e":
                return frozenset(_hashable(item) for item in items)
        raise WireError(f"unknown tag {tag!r}")

    def _dict(self, body: list[Any], depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for pair in body:
            if type(pair) is not list or len(pair) != 2:
                raise WireError("a dictionary entry is not a pair")
            result[_hashable(self.unpack(pair[0], depth + 1))] = self.unpack(pair[1], depth + 1)
        return result

    def _leaf(self, node: list[Any]) -> Leaf:
        if len(node) != 6:
            raise WireError("a tensor has the wrong length")
        _, dtype, shape, start, size, meta = node
        if dtype not in ITEM_SIZE or type(shape) is not list or len(shape) > 16 or type(meta) is not dict:
            raise WireError("a tensor has an unknown dtype or shape")
        count = 1
        for extent in shape:
            if type(extent) is not int or extent < 0:
                raise WireError("a tensor has an impossible shape")
            count *= extent
        if type(start) is not int or type(size) is not int or start < 0:
            raise WireError("a tensor has impossible bounds")
        if size != count * ITEM_SIZE[dtype] or start + size > len(self._blob):
            raise WireError("a tensor's bytes do not fit its shape")
        return Leaf(dtype, tuple(shape), bytes(self._blob[start : start + size]), meta)


def _hashable(value: Any) -> Any:
    try:
        hash(value)
    except TypeError as error:
        raise WireError("a key cannot be hashed") from error
    return value


def frame(header: dict[str, Any], blob: bytes = b"") -> bytes:
    """One frame, ready to be sent."""
    return _framed(_encode(header).encode(), blob)


class Command(dict[str, Any]):
    """What workers are asked; written down once, however many are asked it."""

    @cached_property
    def _text(self) -> str:
        return _encode(self)

    def numbered(self, number: int) -> bytes:
        """A frame of the command with a number."""
        return _framed(f'{self._text[:-1]},"number":{number}}}'.encode())


def _framed(text: bytes, blob: bytes = b"") -> bytes:
    return _LENGTHS.pack(len(text), len(blob)) + text + blob


def frame_lengths(prefix: bytes, most: int = MAX_FRAME) -> tuple[int, int]:
    """The two lengths in the first 16 bytes of a frame."""
    head, blob = _LENGTHS.unpack(prefix)
    if head + blob > most:
        raise WireError("the answer is too large")
    return head, blob


PREFIX = _LENGTHS.size


def parse_header(text: bytes) -> dict[str, Any]:
    if text.count(b",") > MAX_PARTS:  # each takes the reader far more memory than the two bytes that it may have here
        raise WireError("a header has too many parts")
    try:
        header = _decode(str(text, "utf-8"))
    except (ValueError, RecursionError) as error:
        raise WireError("a header is not JSON") from error
    if type(header) is not dict:
        raise WireError("a header is not an object")
    return header


def exactly(source: BinaryIO) -> Callable[[int], bytes]:
    """Reads whole blocks from the source; EOFError when it ends within one."""

    def read(count: int) -> bytes:
        data = source.read(count)
        if data is None or len(data) < count:
            raise EOFError
        return data

    return read


def read_frame(read_exactly: Callable[[int], bytes], most: int = MAX_FRAME) -> tuple[dict[str, Any], bytes]:
    """Reads one frame of at most so many bytes from a blocking source. EOFError when the source has ended."""
    head, blob = frame_lengths(read_exactly(PREFIX), most)
    return parse_header(read_exactly(head)), read_exactly(blob)
