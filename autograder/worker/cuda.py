"""The runs on a real GPU: the answer is waited for, read three times, and the memory that it took is told.

Written after CUDA's documentation; not verified on a GPU.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from typing import Any

import torch

from autograder.gpu.leases import MEMORY, NO_DEVICE
from autograder.worker.values import tensors

GIGABYTE = 1024**3
PAUSE = 0.02  # seconds in which a thread or a stream that was left behind may write


def asked_for() -> bool:
    """Whether this worker is one for a real GPU."""
    return os.environ.get("GRADE_DEVICE") == "cuda"


def open_device() -> None:
    """Makes the GPU ready, with TF32 off and no more memory than the judge says. RuntimeError where there is none, or
    where it does not compute."""
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    if not torch.cuda.is_available():
        raise RuntimeError(NO_DEVICE)
    try:
        cap = float(os.environ.get(MEMORY) or 0)
        if cap:
            total = torch.cuda.get_device_properties(0).total_memory
            torch.cuda.set_per_process_memory_fraction(min(1.0, cap * GIGABYTE / total))
        # What libraries allocate once must not be counted as the first case's.
        x = torch.ones(8, 8, device="cuda", requires_grad=True)
        (x @ x).sum().backward()
        torch.cuda.synchronize()
    except Exception as error:
        raise RuntimeError(f"{NO_DEVICE}: {error}") from None


def usable() -> bool:
    """Whether CUDA still works in this process. After a device assert, say, it does not."""
    try:
        torch.cuda.synchronize()
    except RuntimeError:
        return False
    return True


def carry_out(act: Callable[[], Any], pack: Callable[[Any], Any]) -> dict[str, Any]:
    """The record of one run. What goes wrong on the device while it lasts is raised here, so that it is told of the
    case that caused it."""
    gc.collect()
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    answer = act()
    steady = settled(lambda: contents(answer), torch.cuda.synchronize, time.sleep)
    facts: dict[str, Any] = {
        "on_device": [tensor.is_cuda for tensor in tensors(answer)],
        "unsettled": not steady,
        "peak": torch.cuda.max_memory_allocated() - before,
    }
    value = pack(answer)
    answer = None
    gc.collect()
    torch.cuda.synchronize()
    facts["left"] = max(0, torch.cuda.memory_allocated() - before)
    return {"facts": facts, "value": value}


def settled(read: Callable[[], Any], wait: Callable[[], None], sleep: Callable[[float], None]) -> bool:
    """Whether an answer is what it stays. It is read as whoever called the function would read it, again once every
    stream has finished, and once more a little later."""
    first = read()
    wait()
    second = read()
    sleep(PAUSE)
    wait()
    return bool(first == second == read())


def contents(answer: Any) -> list[bytes]:
    """The bytes of the tensors of an answer; copying them waits for the default stream only, where it is used."""
    with torch.cuda.stream(torch.cuda.default_stream()):
        return [
            bytes(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
            for tensor in tensors(answer)
            if tensor.layout == torch.strided
        ]
