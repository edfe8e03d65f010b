"""Runs cases on the phantom: installs it once and gives every case a forked process of its own. Where there is no fork,
the cases share one process. With `--cuda` the ways of the table run on a real GPU, one after another, until one of them
leaves CUDA unusable: then the process ends."""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

import torch  # noqa: E402

from autograder.worker import phantom  # noqa: E402
from autograder.worker.phantom import errors  # noqa: E402
from tests.phantom import seeing  # noqa: E402
from tests.phantom.ways import ways  # noqa: E402


def is_student_file(name: str) -> bool:
    return name.startswith(str(HERE)) and (Path(name).name.startswith("cases_") or Path(name).parent.name == "ways")


def same(host: Any, device: Any, path: str = "result") -> None:
    """Both runs returned the same values, and the second one's tensors are on the device."""
    if isinstance(host, torch.Tensor):
        assert isinstance(device, torch.Tensor), path
        assert host.shape == device.shape, f"{path}: {host.shape} and {device.shape}"
        assert host.dtype == device.dtype, f"{path}: {host.dtype} and {device.dtype}"
        assert host.requires_grad == device.requires_grad, f"{path}: requires_grad"
        torch.testing.assert_close(
            phantom.to_host(device), host.detach(), rtol=1e-4, atol=1e-5, equal_nan=True, check_stride=False
        )
    elif isinstance(host, dict):
        assert list(host) == list(device), path
        for key in host:
            same(host[key], device[key], f"{path}[{key!r}]")
    elif isinstance(host, (list, tuple)):
        assert len(host) == len(device), path
        for index, (one, two) in enumerate(zip(host, device, strict=True)):
            same(one, two, f"{path}[{index}]")
    elif isinstance(host, float):
        assert abs(host - device) <= 1e-5 + 1e-4 * abs(host), f"{path}: {host} and {device}"
    else:
        assert host == device, f"{path}: {host} and {device}"


def run(kind: str, module: str, name: str) -> dict[str, Any]:
    if kind in ("phantom", "cuda", "cpu"):
        seen = {"phantom": seeing.on_phantom, "cuda": seeing.on_cuda, "cpu": seeing.on_cpu}[kind](name)
        return {"error": None, "seen": seen.as_data()}
    case = getattr(importlib.import_module(module), name)
    torch.manual_seed(0)
    host = case("cpu") if kind != "device" else None
    torch.manual_seed(0)
    with phantom.active(), phantom.recording() as events:
        try:
            device = case("cuda")
        except Exception as error:
            if kind != "refused":
                raise
            if isinstance(error, RuntimeError):
                errors.reword(error)
            return {"error": type(error).__name__, "text": str(error)}
    if kind == "accepted":
        same(host, device)
    return {
        "error": None,
        "result": device if isinstance(device, (str, int, float, bool)) else None,
        "events": [[e.kind, e.operator, e.from_student, e.line > 0] for e in events],
    }


def answer(request: str) -> None:
    try:
        reply = run(*request.split())
    except BaseException:
        reply = {"error": "crash", "text": traceback.format_exc()}
    print(json.dumps(reply), flush=True)


def serve_cuda() -> None:
    if torch.cuda.is_available():
        x = torch.ones(8, 8, device="cuda", requires_grad=True)
        (x @ x).sum().backward()  # what libraries allocate once is not the first way's
    for request in sys.stdin:
        answer(request)
        try:
            torch.cuda.synchronize()
        except RuntimeError:  # a device assert, say: no later call works
            os._exit(1)


def main() -> None:
    warnings.simplefilter("ignore")
    if "--cuda" in sys.argv:
        serve_cuda()
        return
    torch.set_num_threads(1)
    phantom.install(is_student_file)
    # every case would import these again in its own process
    for module in ("torch._dynamo", "torch.testing", *(path.stem for path in HERE.glob("cases_*.py"))):
        importlib.import_module(module)
    ways()
    for request in sys.stdin:
        if request.startswith("phantom ") or not hasattr(os, "fork"):  # ways run as they do on a real GPU
            answer(request)
            continue
        child = os.fork()
        if child == 0:
            answer(request)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            print(json.dumps({"error": "crash", "text": f"the process ended with {status}"}), flush=True)


if __name__ == "__main__":
    main()
    os._exit(0)  # taking torch apart takes most of a second
