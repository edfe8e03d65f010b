"""What the bytes of a file hold, through encodings and compression: text, and compiled code."""

from __future__ import annotations

import ast
import base64
import binascii
import bz2
import contextlib
import gzip
import hashlib
import importlib.util
import io
import json
import lzma
import marshal
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any

DEEPEST = 5
LEAST = 24  # bytes; two statements are longer
MOST = 64 * 1024 * 1024

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-](?:[A-Za-z0-9+/_-]|\r?\n){38,}={0,2}")
_HEX = re.compile(rb"(?:(?:\\x|0x)?[0-9a-fA-F]{2}[ ,:\r\n]{0,2}){24,}")
_STRING = re.compile(rb'"(?:[^"\\]|\\.){24,}"')
_WIDE = tuple(
    (codec, re.compile(b"(?:" + unit + b"){12,}"))
    for codec, unit in (
        ("utf-16-le", rb"[\t\n\r -~]\x00"),
        ("utf-16-be", rb"\x00[\t\n\r -~]"),
        ("utf-32-le", rb"[\t\n\r -~]\x00\x00\x00"),
        ("utf-32-be", rb"\x00\x00\x00[\t\n\r -~]"),
    )
)
_STREAMS: tuple[tuple[re.Pattern[bytes], Callable[[], Any]], ...] = (
    (re.compile(rb"\x78[\x01\x5e\x9c\xda]"), zlib.decompressobj),
    (re.compile(rb"\x1f\x8b\x08"), lambda: zlib.decompressobj(wbits=31)),
    (re.compile(rb"BZh[1-9]1AY&SY"), bz2.BZ2Decompressor),
    (re.compile(rb"\xfd7zXZ\x00|\x5d\x00\x00"), lzma.LZMADecompressor),
)
_PYC = importlib.util.MAGIC_NUMBER
_MARSHALLED = (b"\xe3", b"\x63")  # how a code object begins


def texts(content: bytes) -> Iterator[str]:
    """Everything in the content that can be read as text, each once."""
    for blob in blobs(content):
        yield blob.decode("utf-8", "replace")


def blobs(content: bytes) -> Iterator[bytes]:
    """The content, and what is packed in it, and what is packed in that, each once."""
    seen: set[bytes] = set()
    todo = [(content, 0)]
    while todo:
        blob, depth = todo.pop()
        digest = hashlib.sha256(blob).digest()
        if len(blob) < LEAST or digest in seen:
            continue
        seen.add(digest)
        yield blob
        if depth < DEEPEST:
            todo += [(inner, depth + 1) for inner in _inside(blob)]


def code_of(blob: bytes) -> CodeType | None:
    """The code object that this is, as it lies in a .pyc file or without its head; None where it is none."""
    start = 16 if blob[:4] == _PYC else 0 if blob[:1] in _MARSHALLED else None
    if start is None or not _counts(blob[start + 1 : start + 17]):
        return None
    try:
        found = marshal.loads(blob[start:])
    except (ValueError, EOFError, TypeError, MemoryError):
        return None
    return found if isinstance(found, CodeType) else None


def _counts(head: bytes) -> bool:
    """Whether these may be the numbers with which a code object begins (arguments of three kinds, its stack). Text that
    begins alike would be taken for a tuple of a billion items, and so much memory filled."""
    return len(head) == 16 and all(count < 2**16 for count in struct.unpack("<4I", head))


def foreign_code(blob: bytes) -> bool:
    """Whether these are compiled instructions of another version of Python, which cannot be looked into here."""
    return blob[2:4] == b"\r\n" and blob[:4] != _PYC and blob[16:17] in _MARSHALLED


def _inside(blob: bytes) -> Iterator[bytes]:
    if b"PK\x03\x04" in blob:
        yield from _members(blob)
    yield from _decompressed(blob)
    for codec, pattern in _WIDE:
        for found in pattern.finditer(blob):
            yield found[0].decode(codec).encode()
    for found in _BASE64.finditer(blob):
        yield from _from_base64(found[0])
    for found in _HEX.finditer(blob):
        yield from _from_hex(found[0])
    yield from _strings(blob)


def _members(blob: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as archive:
            for member in archive.infolist():
                if member.file_size <= MOST:
                    yield archive.read(member)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, zlib.error, ValueError):
        return


def _decompressed(blob: bytes) -> Iterator[bytes]:
    for magic, opened in _STREAMS:
        for found in magic.finditer(blob):
            try:
                plain = opened().decompress(blob[found.start() :], MOST)
            except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError, gzip.BadGzipFile):
                continue
            if len(plain) >= LEAST:
                yield plain


def _from_base64(run: bytes) -> Iterator[bytes]:
    joined = re.sub(rb"[\r\n]", b"", run).rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    for start in range(4):  # what stands before it may be of the same letters
        part = joined[start:]
        part = part[: len(part) - 1] if len(part) % 4 == 1 else part
        try:
            plain = base64.b64decode(part + b"=" * (-len(part) % 4))
        except binascii.Error:
            continue
        if _telling(plain):
            yield plain


def _from_hex(run: bytes) -> Iterator[bytes]:
    digits = re.sub(rb"\\x|0x|[ ,:\r\n]", b"", run)
    for start in range(2):
        part = digits[start:]
        yield bytes.fromhex(part[: len(part) // 2 * 2].decode())


def _strings(blob: bytes) -> Iterator[bytes]:
    """What is written as a string of JSON or Python in it."""
    text = blob.decode("utf-8", "replace")
    if text.lstrip()[:1] in ("{", "["):
        with contextlib.suppress(ValueError, RecursionError):
            yield from _of_json(json.loads(text))
    for found in _STRING.finditer(blob):
        try:
            yield json.loads(found[0], strict=False).encode("utf-8", "replace")
        except ValueError:
            continue
    yield from _of_python(text)


def _of_json(value: Any) -> Iterator[bytes]:
    if isinstance(value, str):
        yield value.encode("utf-8", "replace")
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value).encode("utf-8", "replace")
            yield "\n".join(value).encode("utf-8", "replace")
        for item in value:
            yield from _of_json(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _of_json(item)


def _of_python(text: str) -> Iterator[bytes]:
    tree = parsed(text)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
            yield node.value if isinstance(node.value, bytes) else node.value.encode("utf-8", "replace")


def parsed(text: str) -> ast.Module | None:
    """The text as Python; None where it is not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _telling(plain: bytes) -> bool:
    """Whether decoding gave something that can be read on: text, or what is packed once more."""
    head = plain[:4000]
    printable = sum(byte in b"\t\n\r" or 32 <= byte < 127 for byte in head)
    packed = any(magic.match(plain) for magic, _ in _STREAMS) or plain[:4] in (b"PK\x03\x04", _PYC)
    wide = any(pattern.match(plain) for _, pattern in _WIDE)
    return len(plain) >= LEAST and (printable > 0.9 * len(head) or packed or wide)
