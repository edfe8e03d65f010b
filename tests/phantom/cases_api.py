"""Questions a student asks torch.cuda and a device tensor; each case asserts the answers."""

from __future__ import annotations

import copy
import pickle
import threading
import time
from typing import Any

import numpy as np
import torch
from torch import nn

from autograder.worker.phantom import state


def devices(dev: str) -> Any:
    x = torch.ones(2, device=dev)
    assert x.device == torch.device("cuda:0") != torch.device("cuda")
    assert x.device.type == "cuda" and x.device.index == 0 and str(x.device) == "cuda:0" and x.is_cuda
    assert not x.is_cpu and x.get_device() == 0 and isinstance(x, torch.Tensor) and torch.is_tensor(x)
    assert x.type() == "torch.cuda.FloatTensor" and type(x).__name__ == "Tensor"
    assert torch.ones(1).device.type == "cpu" and not torch.ones(1).is_cuda
    assert torch.device("cuda", 0) == x.device and {x.device: 1}[torch.device("cuda", 0)] == 1
    assert repr(x) == "tensor([1., 1.], device='cuda:0')" and x.cuda() is x and x.to("cuda") is x and x.to(0) is x
    assert nn.Linear(1, 1).cuda().weight.device == x.device


def printing(dev: str) -> Any:
    p = nn.Parameter(torch.ones(2, device=dev))
    assert repr(p) == "Parameter containing:\ntensor([1., 1.], device='cuda:0', requires_grad=True)"
    assert repr(torch.zeros(1, dtype=torch.half, device=dev)) == "tensor([0.], device='cuda:0', dtype=torch.float16)"
    assert "grad_fn=<MulBackward0>" in repr(p * 2) and str(torch.tensor(2, device=dev)) == "tensor(2, device='cuda:0')"


def availability(dev: str) -> Any:
    assert torch.cuda.is_available() and torch.cuda.device_count() == 1 and torch.cuda.current_device() == 0
    assert isinstance(torch.cuda.get_device_name(), str) and torch.cuda.get_device_name(0)
    assert torch.cuda.get_device_properties(0).total_memory > 0 and torch.cuda.get_device_capability() >= (
        7,
        0,
    )
    assert torch.cuda.is_bf16_supported() and torch.cuda.is_initialized() and torch.backends.cudnn.is_available()
    acc = torch.accelerator
    assert acc.is_available() and acc.current_accelerator() == torch.device("cuda") and acc.device_count() == 1
    acc.synchronize()
    torch.cuda.set_device(0)
    torch.cuda.set_device("cuda:0")
    with torch.cuda.device(0):
        assert torch.ones(1, device="cuda").is_cuda
    torch.backends.cudnn.benchmark = True
    torch.backends.cudnn.deterministic = True
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.set_float32_matmul_precision("high")


def only_one_device(dev: str) -> Any:
    for make in (
        lambda: torch.ones(1, device="cuda:1"),
        lambda: torch.ones(1).to("cuda:1"),
        lambda: torch.ones(1).cuda(1),
        lambda: torch.cuda.set_device(1),
        lambda: torch.tensor([1], device="cuda:3"),
        lambda: nn.Linear(1, 1).to("cuda:1"),
    ):
        try:
            make()
        except RuntimeError as error:
            assert "invalid device ordinal" in str(error), error
        else:
            raise AssertionError("accepted")


def no_such_device(dev: str) -> Any:
    try:
        torch.ones(3, device="gpu")
    except RuntimeError as error:
        assert "device type at start of device string: gpu" in str(error), error
    else:
        raise AssertionError("accepted")


def timing(dev: str) -> Any:
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()
    time.sleep(0.01)
    end.record()
    end.synchronize()
    torch.cuda.synchronize()
    assert end.query() and 5 < start.elapsed_time(end) < 5000
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        x = torch.ones(1, device="cuda")
    torch.cuda.current_stream().wait_stream(stream)
    stream.synchronize()
    assert x.is_cuda


def memory(dev: str) -> Any:
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    x = torch.zeros(1000, device="cuda")
    view = x.view(10, 100)
    assert torch.cuda.memory_allocated() - before == 4096
    y = torch.zeros(1000, device="cuda")
    del y, x
    assert torch.cuda.memory_allocated() - before == 4096 and torch.cuda.max_memory_allocated() - before == 8192
    del view
    torch.cuda.empty_cache()
    assert torch.cuda.memory_allocated() == before
    torch.ones(3).to("cuda").sum().item()
    assert torch.cuda.memory_allocated() == before


def reserved_memory(dev: str) -> Any:
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    before, segment = torch.cuda.memory_reserved(), 2 * 2**20
    assert before % segment == 0 and before >= torch.cuda.memory_allocated()
    x = torch.zeros(segment, dtype=torch.uint8, device="cuda")
    assert torch.cuda.memory_reserved() == torch.cuda.max_memory_reserved() > before
    kept = torch.cuda.memory_reserved()
    del x
    assert torch.cuda.memory_reserved() == kept
    torch.cuda.empty_cache()
    assert torch.cuda.memory_reserved() == before and torch.cuda.max_memory_reserved() == kept
    assert torch.cuda.memory_stats()["reserved_bytes.all.peak"] == kept
    torch.accelerator.reset_peak_memory_stats()
    assert torch.accelerator.max_memory_reserved() == before


def seeds(dev: str) -> Any:
    torch.cuda.manual_seed_all(7)
    first = torch.randn(3, device="cuda")
    torch.cuda.manual_seed(7)
    host = torch.get_rng_state()
    assert torch.equal(first, torch.randn(3, device="cuda"))
    assert torch.equal(host, torch.get_rng_state())
    state = torch.cuda.get_rng_state()
    second = torch.rand(2, device="cuda")
    torch.cuda.set_rng_state(state)
    assert torch.equal(second, torch.rand(2, device="cuda"))
    g = torch.Generator(device="cuda").manual_seed(1)
    assert g.device.type == "cuda" and isinstance(g, torch.Generator) and isinstance(torch.Generator(), torch.Generator)
    assert torch.randn(2, generator=g, device="cuda").is_cuda


def pinning(dev: str) -> Any:
    x = torch.ones(3).pin_memory()
    assert x.is_pinned() and x[1:].is_pinned() and not torch.ones(3).is_pinned() and x.device.type == "cpu"
    assert torch.zeros(3, pin_memory=True).is_pinned() and x.to("cuda", non_blocking=True).is_cuda
    try:
        x.cuda().pin_memory()
    except RuntimeError as error:
        assert "only dense CPU tensors can be pinned" in str(error)


def autocast(dev: str) -> Any:
    x = torch.ones(2, 2, device="cuda")
    with torch.autocast("cuda"):
        assert torch.is_autocast_enabled("cuda") and (x @ x).dtype == torch.float16
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32
    with torch.cuda.amp.autocast(dtype=torch.bfloat16):
        assert nn.Linear(2, 2).cuda()(x).dtype == torch.bfloat16
    assert (x @ x).dtype == torch.float32 and not torch.is_autocast_enabled("cuda")
    assert torch.cuda.amp.GradScaler().is_enabled()
    with torch.autocast("cuda", dtype=torch.float16):
        try:
            nn.functional.binary_cross_entropy(x, x)
        except RuntimeError as error:
            assert "unsafe to autocast" in str(error)


def threads(dev: str) -> Any:
    found = []

    def work() -> None:
        x = torch.ones(2, device="cuda", requires_grad=True)
        (x * 3).sum().backward()
        found.append(x.grad)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found[0].tolist() == [3.0, 3.0]  # type: ignore[union-attr]


def errors_of_shape(dev: str) -> Any:
    try:
        torch.ones(2, 3, device="cuda") @ torch.ones(2, 3, device="cuda")
    except RuntimeError as error:
        assert "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)" in str(error)
    try:
        torch.ones(2, device="cuda").no_such_method()  # type: ignore[attr-defined]
    except AttributeError as error:
        assert str(error) == "'Tensor' object has no attribute 'no_such_method'"


def pickled(dev: str) -> Any:
    x = pickle.loads(pickle.dumps(torch.arange(3, device="cuda")))
    assert x.is_cuda and x.tolist() == [0, 1, 2]


def settings(dev: str) -> Any:
    torch.cuda.set_sync_debug_mode("error")
    try:
        torch.ones(1, device="cuda").item()
    except RuntimeError as error:
        assert "synchronizing CUDA operation" in str(error)
    else:
        raise AssertionError("nothing was said")
    torch.cuda.set_sync_debug_mode("default")
    with torch.cuda.nvtx.range("a part"):
        assert torch.version.cuda is not None and torch.backends.cuda.is_built()


def types(dev: str) -> Any:
    x: Any = torch.ones(3)
    assert x.type(vars(torch.cuda)["FloatTensor"]).is_cuda and x.type("torch.cuda.HalfTensor").dtype == torch.half
    assert not x.cuda().type(torch.LongTensor).is_cuda and x.type(torch.int32).dtype == torch.int32
    assert x.type() == "torch.FloatTensor" and x.cuda().type() == "torch.cuda.FloatTensor"


def too_large(dev: str) -> Any:
    try:
        torch.empty(10**13, device="cuda")
    except torch.cuda.OutOfMemoryError as error:
        assert "CUDA out of memory" in str(error)
    else:
        raise AssertionError("accepted")


def lazy(dev: str) -> Any:
    model = nn.Sequential(nn.LazyLinear(3), nn.ReLU(), nn.LazyBatchNorm1d()).to("cuda")
    model(torch.ones(2, 4, device="cuda")).sum().backward()
    assert all(p.is_cuda and p.grad is not None and isinstance(p, nn.Parameter) for p in model.parameters())
    assert all(b.is_cuda for b in model.buffers()) and type(model[0]) is nn.Linear


def streams(dev: str) -> Any:
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        x = torch.ones(2, device="cuda")
    x.record_stream(stream)
    stream.record_event().wait()


def several(dev: str) -> Any:
    with state.active(3):
        assert torch.cuda.device_count() == 3 and torch.ones(1, device="cuda").get_device() == 0
        x = torch.ones(2, device="cuda:2", requires_grad=True)
        with torch.cuda.device(2):
            assert torch.ones(1, device="cuda").device == x.device and torch.cuda.current_device() == 2
        (x.to("cuda:1") * 3).sum().backward()
        assert x.grad is not None and x.grad.device == x.device and repr(x.detach()).endswith("device='cuda:2')")
        assert pickle.loads(pickle.dumps(x.detach())).device == x.device and copy.deepcopy(x).device == x.device
        assert nn.Linear(2, 2).to("cuda:1").weight.device.index == 1 and x.cpu().device.type == "cpu"
        assert torch.Generator("cuda:1").device.index == 1


def arrays(dev: str) -> Any:
    x = torch.ones(3, device="cuda")
    assert x.cpu().numpy().sum() == 3.0 and np.asarray(x.tolist()).sum() == 3.0
    assert torch.from_numpy(np.ones(3)).to("cuda").dtype == torch.float64
    assert (torch.tensor(np.float32(2.0)) * x).tolist() == [2.0] * 3 and (np.float64(2.0) * x).is_cuda
    assert (x * np.float32(2)).is_cuda and x[np.array([0, 1])].shape == (2,)  # type: ignore[operator]
