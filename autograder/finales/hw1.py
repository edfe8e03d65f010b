"""hw1: a curve is fitted with gradients by hand, by autograd, and through operators of the student's own."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from autograder.finales import Finale
from autograder.finales.stage import Cast, Stage

if TYPE_CHECKING:
    import torch

POINTS, UNITS = 60, 40
STEPS, ROUNDS = 40, 15
RATE = 2.5e-4
NOISE = 0.05
AGREE, FITTED = 1e-6, 0.1


def play(cast: Cast, stage: Stage) -> None:
    """Fits a wave three times from the same start, and compares the three."""
    import torch

    torch.set_num_threads(1)  # the matrices are too small to be shared
    points, x, y = wave(torch.Generator().manual_seed(1))
    start = weights(torch.Generator().manual_seed(2))
    stage.say(
        f"{POINTS} noisy points of a wave, a network with {UNITS} units, {STEPS * ROUNDS} steps downhill, three times."
    )
    ways = {"by hand": by_hand, "by autograd": by_autograd, "by your operators": by_operators}
    losses: dict[str, list[float]] = {}
    learned: dict[str, tuple[Any, Any]] = {}
    for place, (name, way) in enumerate(ways.items()):
        w1, w2 = start
        losses[name] = []
        for turn in range(ROUNDS):
            w1, w2, found = way(cast, x, y, w1, w2)
            losses[name] += found
            stage.progress(place * ROUNDS + turn + 1, len(ways) * ROUNDS, f"{name}, loss {found[-1]:.3g}")
        learned[name] = (w1, w2)
    w1, w2 = learned["by your operators"]
    fitted = cast.Linear.apply(cast.ReLU.apply(cast.Linear.apply(x, w1.T)), w2.T)[:, 0].detach()
    stage.curves("Loss, by tens of steps", by_hand=shown(losses["by hand"]), by_autograd=shown(losses["by autograd"]))
    stage.curves("The wave without noise, and what was learned", wave=points.sin().tolist(), network=fitted.tolist())
    slope = cast.nth_derivative(torch.sin, points, 1)
    stage.curves("Their slopes", nth_derivative=slope.tolist(), network=slopes(cast, points, w1, w2).tolist())
    apart = max(abs(a / b - 1) for name in ways for a, b in zip(losses[name], losses["by hand"], strict=True))
    stage.result("the three ways differ in their losses by a share of", apart, AGREE, at_most=True)
    off = float((fitted - points.sin()).square().mean().sqrt())
    stage.result("the network is off the wave by", off, FITTED, at_most=True)


def wave(generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Where, inputs of shape (N, 2), a number and a one beside it, and noisy sines (N, 1)."""
    import torch

    points = torch.linspace(-math.pi, math.pi, POINTS, dtype=torch.float64)
    noise = NOISE * torch.randn(POINTS, generator=generator, dtype=torch.float64)
    return points, inputs(points), (points.sin() + noise)[:, None]


def inputs(points: torch.Tensor) -> torch.Tensor:
    """A one beside every number: what it is multiplied with is a bias."""
    import torch

    return torch.stack([points, torch.ones_like(points)], dim=1)


def weights(generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Two layers to begin with; the kinks of the units lie all over the wave."""
    import torch

    def drawn(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    w1 = drawn(2, UNITS)
    w1[1] *= 2
    return w1, drawn(UNITS, 1) / UNITS


def by_hand(cast: Cast, x: Any, y: Any, w1: Any, w2: Any) -> tuple[Any, Any, list[float]]:
    """Some steps with the gradients of two_layer_numpy."""
    import torch

    two_layer = cast.two_layer_numpy
    a, b = w1.numpy(), w2.numpy()
    losses = []
    for _ in range(STEPS):
        loss, grad_a, grad_b = two_layer(x.numpy(), y.numpy(), a, b)
        losses.append(float(loss))
        a, b = a - RATE * grad_a, b - RATE * grad_b
    return torch.from_numpy(a), torch.from_numpy(b), losses


def by_autograd(cast: Cast, x: Any, y: Any, w1: Any, w2: Any) -> tuple[Any, Any, list[float]]:
    """Some steps of train_two_layer."""
    found: tuple[Any, Any, list[float]] = cast.train_two_layer(x, y, w1, w2, learning_rate=RATE, steps=STEPS)
    return found


def by_operators(cast: Cast, x: Any, y: Any, w1: Any, w2: Any) -> tuple[Any, Any, list[float]]:
    """Some steps with gradients that go through Linear and ReLU, and get their length from GradScale."""
    linear, relu, scale = cast.Linear.apply, cast.ReLU.apply, cast.GradScale.apply
    losses = []
    for _ in range(STEPS):
        w1, w2 = w1.detach().requires_grad_(), w2.detach().requires_grad_()
        error = linear(relu(linear(x, scale(w1, -RATE).T)), scale(w2, -RATE).T) - y
        loss = (error * error).sum()
        loss.backward()
        losses.append(loss.item())
        w1, w2 = w1 + w1.grad, w2 + w2.grad
    return w1.detach(), w2.detach(), losses


def slopes(cast: Cast, points: Any, w1: Any, w2: Any) -> Any:
    """The derivative of the network at every point, which is a step function."""
    import torch

    def network(points: Any) -> Any:
        return (torch.relu(inputs(points) @ w1) @ w2)[:, 0]

    return cast.vjp(network, points, torch.ones_like(points))


def shown(losses: list[float]) -> list[float]:
    """Every tenth one, from where the first rush is over."""
    return losses[20::10]


FINALE = Finale(
    "hw1",
    "A wave, fitted three times",
    "A network learns a curve with your gradients by hand, by autograd and through your operators, and all agree.",
    ("two_layer_numpy", "train_two_layer", "ReLU", "GradScale", "Linear", "nth_derivative", "vjp"),
    play,
)
