"""The order of scaling, unscaling, clipping, stepping and updating."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from tests.phantom.ways import Caught, mistake, right

REFUSED, VALUES = Caught.REFUSED, Caught.VALUES
STEP, PLAIN, MICRO, SMALL, INFINITE = (
    "scaled steps with clipping",
    "scaled steps",
    "scaled steps over micro-batches",
    "gradients too small for half precision",
    "a step with an infinite gradient",
)
Body = Callable[[torch.amp.GradScaler, torch.optim.Optimizer, nn.Module, torch.Tensor], Any]


def _run(dev: str, body: Body, steps: int = 2) -> Any:
    model = nn.Linear(3, 1).to(dev)
    with torch.no_grad():
        model.weight.fill_(0.5)
        model.bias.zero_()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    scaler = torch.amp.GradScaler(dev, init_scale=1024.0)
    for step in range(steps):
        optimizer.zero_grad()
        x = torch.full((2, 3), 1.0 + step, device=dev)
        body(scaler, optimizer, model, x)
    return list(model.parameters())


def _loss(model: nn.Module, x: torch.Tensor) -> torch.Tensor:
    return (model(x) - 4).square().mean()


def _clip(model: nn.Module) -> None:
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)


@right(STEP)
def unscaled_first(dev: str) -> Any:
    """scale, backward, unscale_, clip, step, update"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        scaler.scale(_loss(model, x)).backward()
        scaler.unscale_(optimizer)
        _clip(model)
        scaler.step(optimizer)
        scaler.update()

    return _run(dev, body)


@right(STEP)
def not_enabled(dev: str) -> Any:
    """a scaler with enabled=False: the same lines without scaling"""
    scaler = torch.amp.GradScaler(dev, enabled=False)

    def body(_: Any, optimizer: Any, model: Any, x: Any) -> None:
        scaler.scale(_loss(model, x)).backward()
        scaler.unscale_(optimizer)
        _clip(model)
        scaler.step(optimizer)
        scaler.update()

    return _run(dev, body)


@right(STEP)
def clipped_at_the_scale(dev: str) -> Any:
    """no unscale_, clipped to the bound times the scale"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        scaler.scale(_loss(model, x)).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0 * scaler.get_scale())
        scaler.step(optimizer)
        scaler.update()

    return _run(dev, body)


@mistake(STEP, VALUES)
def clipped_without_unscale(dev: str) -> Any:
    """clipped while the gradients are scaled"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        scaler.scale(_loss(model, x)).backward()
        _clip(model)
        scaler.step(optimizer)
        scaler.update()

    return _run(dev, body)


@mistake(STEP, VALUES)
def clipped_after_step(dev: str) -> Any:
    """clipped after the step"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        scaler.scale(_loss(model, x)).backward()
        scaler.step(optimizer)
        _clip(model)
        scaler.update()

    return _run(dev, body)


@mistake(STEP, VALUES)
def clipped_before_backward(dev: str) -> Any:
    """unscaled and clipped before there are gradients of this step"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        _clip(model)
        scaler.scale(_loss(model, x)).backward()
        scaler.unscale_(optimizer)
        scaler.step(optimizer)
        scaler.update()

    return _run(dev, body)


@mistake(STEP, REFUSED, "unscale_() is being called after step()")
def unscaled_after_step(dev: str) -> Any:
    """unscale_ after step"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        scaler.scale(_loss(model, x)).backward()
        scaler.step(optimizer)
        scaler.unscale_(optimizer)
        _clip(model)
        scaler.update()

    return _run(dev, body)


@mistake(STEP, REFUSED, "unscale_() has already been called")
def unscaled_twice(dev: str) -> Any:
    """unscale_ twice in a step"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        scaler.scale(_loss(model, x)).backward()
        scaler.unscale_(optimizer)
        _clip(model)
        scaler.unscale_(optimizer)
        scaler.step(optimizer)
        scaler.update()

    return _run(dev, body)


@right(PLAIN)
def scaled_steps(dev: str) -> Any:
    """scale, backward, step, update"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        scaler.scale(_loss(model, x)).backward()
        scaler.step(optimizer)
        scaler.update()

    return _run(dev, body)


@right(PLAIN)
def state_restored(dev: str) -> Any:
    """the scaler's state, saved and loaded between two steps"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        scaler.scale(_loss(model, x)).backward()
        scaler.step(optimizer)
        scaler.update()
        scaler.load_state_dict(scaler.state_dict())

    return _run(dev, body)


@mistake(PLAIN, VALUES)
def stepped_by_optimizer(dev: str) -> Any:
    """optimizer.step() takes the scaled gradients"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        scaler.scale(_loss(model, x)).backward()
        optimizer.step()

    return _run(dev, body)


@mistake(PLAIN, VALUES)
def stepped_twice(dev: str) -> Any:
    """scaler.step(optimizer) and optimizer.step()"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        scaler.scale(_loss(model, x)).backward()
        scaler.step(optimizer)
        optimizer.step()
        scaler.update()

    return _run(dev, body)


@mistake(PLAIN, VALUES)
def never_scaled(dev: str) -> Any:
    """loss.backward() of the unscaled loss, divided by scaler.step all the same"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        scaler.scale(torch.ones(1, device=x.device))
        _loss(model, x).backward()
        scaler.step(optimizer)
        scaler.update()

    return _run(dev, body)


@mistake(PLAIN, REFUSED, "No inf checks were recorded")
def updated_before_step(dev: str) -> Any:
    """update before step"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        scaler.scale(_loss(model, x)).backward()
        scaler.update()
        scaler.step(optimizer)

    return _run(dev, body)


@mistake(PLAIN, REFUSED, "step() has already been called since the last update()")
def never_updated(dev: str) -> Any:
    """no update() after step()"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        scaler.scale(_loss(model, x)).backward()
        scaler.step(optimizer)

    return _run(dev, body)


@mistake(PLAIN, REFUSED, "Attempting to unscale FP16 gradients")
def half_parameters(dev: str) -> Any:
    """parameters in half precision: the scaler wants them in float32"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        model.half()
        scaler.scale(_loss(model, x.half())).backward()
        scaler.step(optimizer)
        scaler.update()

    return _run(dev, body)


@right(MICRO)
def accumulated(dev: str) -> Any:
    """scaled backward of every part, then one unscale_, step and update"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        for part in x.chunk(2):
            scaler.scale(_loss(model, part) / 2).backward()
        scaler.unscale_(optimizer)
        scaler.step(optimizer)
        scaler.update()

    return _run(dev, body)


@right(MICRO)
def whole_batch(dev: str) -> Any:
    """the whole batch at once"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        scaler.scale(_loss(model, x)).backward()
        scaler.step(optimizer)
        scaler.update()

    return _run(dev, body)


@mistake(MICRO, REFUSED, "unscale_() has already been called")
def unscaled_each_part(dev: str) -> Any:
    """unscale_ after every part"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        for part in x.chunk(2):
            scaler.scale(_loss(model, part) / 2).backward()
            scaler.unscale_(optimizer)
        scaler.step(optimizer)
        scaler.update()

    return _run(dev, body)


@mistake(MICRO, VALUES)
def parts_not_averaged(dev: str) -> Any:
    """zero_grad between the parts throws the first away"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        for part in x.chunk(2):
            optimizer.zero_grad()
            scaler.scale(_loss(model, part) / 2).backward()
        scaler.step(optimizer)
        scaler.update()

    return _run(dev, body)


def _small(dev: str) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.full((4, 4), 0.001, device=dev, requires_grad=True), torch.full((4, 4), 1e-4, device=dev)


@right(SMALL)
def scaled_up(dev: str) -> Any:
    """scaled before the backward, unscaled after"""
    w, x = _small(dev)
    scaler = torch.amp.GradScaler(dev, init_scale=65536.0)
    with torch.autocast(dev, torch.float16):
        loss = (w @ x).float().mean() * 1e-3
    scaler.scale(loss).backward()
    scaler.unscale_(torch.optim.SGD([w], 0.1))
    assert w.grad is not None
    return w.grad * 1e9


@right(SMALL)
def in_bfloat16(dev: str) -> Any:
    """bfloat16 has the range of float32"""
    w, x = _small(dev)
    with torch.autocast(dev, torch.bfloat16):
        loss = (w @ x).float().mean() * 1e-3
    loss.backward()
    assert w.grad is not None
    return w.grad * 1e9


@mistake(SMALL, VALUES)
def without_scaler(dev: str) -> Any:
    """float16 without a scaler: the gradients are 0"""
    w, x = _small(dev)
    with torch.autocast(dev, torch.float16):
        loss = (w @ x).float().mean() * 1e-3
    loss.backward()
    assert w.grad is not None
    return w.grad * 1e9


@right(INFINITE)
def step_left_out(dev: str) -> Any:
    """scaler.step leaves the step out, update halves the scale"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        factor = torch.inf if x[0, 0] > 1 else 1.0
        scaler.scale(_loss(model, x) * factor).backward()
        scaler.step(optimizer)
        scaler.update()

    return _run(dev, body)


@right(INFINITE)
def step_left_out_by_hand(dev: str) -> Any:
    """unscale_, and a step only where all gradients are finite"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        factor = torch.inf if x[0, 0] > 1 else 1.0
        scaler.scale(_loss(model, x) * factor).backward()
        scaler.unscale_(optimizer)
        if all(p.grad.isfinite().all() for p in model.parameters()):
            optimizer.step()
        scaler.update()

    return _run(dev, body)


@mistake(INFINITE, VALUES)
def step_taken(dev: str) -> Any:
    """divided by the scale by hand, and stepped whatever came out"""

    def body(scaler: Any, optimizer: Any, model: Any, x: Any) -> None:
        factor = torch.inf if x[0, 0] > 1 else 1.0
        scaler.scale(_loss(model, x) * factor).backward()
        for p in model.parameters():
            p.grad.div_(scaler.get_scale())
        optimizer.step()

    return _run(dev, body)
