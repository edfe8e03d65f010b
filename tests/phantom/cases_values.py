"""Ways of making, reading, copying and moving tensors that CUDA accepts."""

from __future__ import annotations

import copy
import io
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from case_tools import grid
from torch import nn


def reading(dev: str) -> Any:
    x = grid(dev, 2, 3)
    t = x.sum()
    host = x.cpu()
    return [
        t.item(), float(t), int(t * 10), bool(t > 0), x.tolist(), f"{t:.4f}", f"{t.item():.3f}",
        host.numpy().tolist(), round(t.item(), 3),
        np.asarray(x.detach().cpu()).tolist(), [v.item() for v in x[0]], x.to("cpu").sum().item(),
        x.numpy(force=True).tolist(),
        [float(v) for v in x.flatten()], max(x[0]).item(), sum(x[0]).item(), t.item() in [1.0], len(list(x)),
        x.cpu().device.type,
        torch.equal(x, x.clone()), torch.allclose(x, x + 1e-9), 1 if (x > 5).any() else 0, math_like(t),
        t.detach().cpu().numpy().item(),
    ]  # fmt: skip


def math_like(t: Any) -> Any:
    if isinstance(t, str):
        return torch.exp(torch.tensor(1.0, device=t)).item()
    import math

    return math.sin(t)


def lists_of_device_numbers(dev: str) -> Any:
    losses = [torch.tensor(float(n), device=dev) for n in range(3)]
    return [
        torch.tensor(losses).tolist(),
        torch.stack(losses),
        torch.stack(losses).mean(),
        torch.tensor(losses, device=dev),
    ]


def copies(dev: str) -> Any:
    p = nn.Parameter(grid(dev, 2))
    q = copy.deepcopy(p)
    with torch.no_grad():
        q += 1  # type: ignore[misc]
    buffer = io.BytesIO()
    torch.save({"p": p, "x": p.detach()}, buffer)
    buffer.seek(0)
    back = torch.load(buffer)
    buffer.seek(0)
    home = torch.load(buffer, map_location="cpu")["x"]
    return [
        p,
        q,
        isinstance(q, nn.Parameter),
        copy.copy(p.detach()),
        back["p"],
        back["x"],
        home.device.type,
        home.tolist(),
    ]


def moves(dev: str) -> Any:
    x = torch.ones(3)
    y = x.to(dev)
    z = torch.zeros(3, device=dev)
    z.copy_(x)
    back = torch.zeros(3)
    back.copy_(y * 2)
    return [
        y, x.to(torch.device(dev)), x.to(device=dev, dtype=torch.float64), x.to(dev, torch.long), x.to(y),
        y.to(y), y.to(dev) is y,
        y.to(dev, non_blocking=True), y.to(dev, copy=True) is y, z, back.tolist(), x.type_as(y),
        y.to("cpu") is y if dev == "cuda" else False,
        y.to(dev, torch.float32) is y, x.pin_memory().to(dev, non_blocking=True) if dev == "cuda" else y,
        y.to(torch.float32) is y,
    ]  # fmt: skip


def shuffled_and_sampled(dev: str) -> Any:
    logits = grid(dev, 2, 5)
    probabilities = logits.softmax(-1)
    top, where = probabilities.topk(2)
    kept = torch.zeros_like(probabilities).scatter(1, where, top)
    return [torch.multinomial(kept, 1), torch.distributions.Categorical(logits=logits).sample().shape, kept]


def inference_mode(dev: str) -> Any:
    layer, before = nn.Linear(3, 2).to(dev), grid(dev, 2, 3)
    with torch.inference_mode():
        views = [before[:1], before.detach(), before.T]
        x = layer(before)
        total = x.sum().item()
        x[0] = 1
        out = [x, x.argmax(-1), x[:, 0].cpu().tolist(), total, F.softmax(x, -1), x.reshape(-1), x @ x.T]
        out += [*views, [view.is_inference() for view in (*views, x)]]
    return [value.clone() if isinstance(value, torch.Tensor) else value for value in out]


def default_device(dev: str) -> Any:
    torch.set_default_device(dev)
    made = [
        torch.zeros(2),
        torch.tensor([1.0]),
        torch.arange(3),
        nn.Linear(2, 2).weight,
        torch.as_tensor([1, 2]),
        torch.randn(2),
    ]
    torch.set_default_device(None)
    with torch.device(dev):
        made += [torch.ones(2), torch.eye(2), torch.randperm(3).float()]
    return made


def complex_numbers(dev: str) -> Any:
    z = torch.polar(torch.ones(3, device=dev), grid(dev, 3))
    freqs = torch.fft.rfft(grid(dev, 8))
    return [
        torch.view_as_real(z),
        z.abs(),
        z.real,
        (z * z.conj()).real,
        freqs.abs(),
        torch.fft.irfft(freqs),
        torch.view_as_complex(grid(dev, 3, 2)).angle(),
    ]
