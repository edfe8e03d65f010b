"""The judge's end of the line to a worker: frames out, frames in, nothing read before somebody waits for it."""

from __future__ import annotations

import contextlib
import socket
import threading
from io import BufferedReader
from typing import IO

from autograder.wire import PREFIX, frame_lengths

CHUNK = 64 * 1024  # beyond 128 KiB every read would map memory anew

Parts = tuple[bytes, bytes]
"""A frame's header and blob as they came."""


class Line:
    """A connected socket that carries frames. What the other end sends beyond what is asked for stays in the system's
    buffer, which is small: however much it is, it takes no memory here."""

    def __init__(self, channel: socket.socket, most: int, patience: float) -> None:
        """`most` is the largest frame in bytes that is taken, `patience` the seconds that one wait lasts."""
        self._channel = channel
        self._most = most
        self._patience = patience
        self._held = bytearray()
        channel.settimeout(patience)

    def send(self, data: bytes, patience: float | None = None) -> None:
        """Sends, for some seconds at most; where the other end has gone, or does not listen, waiting for the answer
        tells."""
        with contextlib.suppress(OSError):
            self._channel.settimeout(patience or self._patience)
            self._channel.sendall(data)
        with contextlib.suppress(OSError):
            self._channel.settimeout(self._patience)

    def frame(self) -> Parts | None:
        """The next frame, if it has come as a whole. WireError where it would be too large."""
        if len(self._held) < PREFIX:
            return None
        head, blob = frame_lengths(bytes(self._held[:PREFIX]), self._most)
        first, last = PREFIX + head, PREFIX + head + blob
        if len(self._held) < last:
            return None
        parts = bytes(self._held[PREFIX:first]), bytes(self._held[first:last])
        del self._held[:last]
        return parts

    def receive(self) -> bool:
        """Takes in what comes next; False when nothing has come for a while. EOFError when the line has ended."""
        try:
            chunk = self._channel.recv(CHUNK)
        except (TimeoutError, BlockingIOError):
            return False
        except OSError:
            raise EOFError from None
        if not chunk:
            raise EOFError
        self._held += chunk
        return True

    def unread(self) -> bool:
        """Whether something has come that nobody waited for. EOFError when the line has ended."""
        with contextlib.suppress(OSError):
            self._channel.settimeout(0)
        try:
            return bool(self._held) or self.receive()
        finally:
            with contextlib.suppress(OSError):
                self._channel.settimeout(self._patience)


def of_pipes(source: BufferedReader, sink: IO[bytes]) -> socket.socket:
    """A socket for a pair of pipes, for which not every system can wait with a limit."""
    ours, theirs = socket.socketpair()

    def inward() -> None:
        with contextlib.suppress(OSError, ValueError):
            while chunk := source.read1(CHUNK):
                theirs.sendall(chunk)
        with contextlib.suppress(OSError):
            theirs.shutdown(socket.SHUT_WR)

    def outward() -> None:
        with contextlib.suppress(OSError, ValueError):
            while chunk := theirs.recv(CHUNK):
                sink.write(chunk)
                sink.flush()
        with contextlib.suppress(OSError, ValueError):
            sink.close()

    for pump in (inward, outward):
        threading.Thread(target=pump, daemon=True).start()
    return ours
