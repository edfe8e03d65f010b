"""A worker in an interpreter of its own, for systems without fork: speaks on its standard input and output."""

from __future__ import annotations

import os
import sys

from autograder.worker.session import serve


def main() -> None:
    import torch

    torch.set_num_threads(1)
    source, sink = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - stays open as long as the process
    serve(os.fdopen(source, "rb"), os.fdopen(sink, "wb"))


if __name__ == "__main__":
    main()
