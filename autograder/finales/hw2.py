"""hw2: a classifier is trained, stopped in the middle, and goes on from its checkpoint as if nothing had happened."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.finales import Finale
from autograder.finales.stage import Cast, Stage

if TYPE_CHECKING:
    import torch

CLASSES, EACH, TAUGHT = 4, 200, 600
BATCH, EPOCHS, STOPPED = 30, 24, 9
RATE = 0.02
WANTED, SAME = 0.9, 1e-6


class Stopped(Exception):
    """What a machine that is switched off looks like from inside."""


def play(cast: Cast, stage: Stage) -> None:
    """Trains twice from the same start, once in one go and once with a stop between two epochs."""
    import torch

    torch.set_num_threads(1)
    X, y = rings(torch.Generator().manual_seed(2))
    stage.say(f"{CLASSES} classes of points on rings, {EPOCHS} epochs; the second training stops after {STOPPED}.")
    whole = Training(cast, X, y)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "whole.pt"
        cast.resume(path, {"net": whole.net}, whole.optimizer, EPOCHS, whole.telling(stage, 0))
        path = Path(folder) / "stopped.pt"
        first = Training(cast, X, y)
        try:
            cast.resume(path, {"net": first.net}, first.optimizer, EPOCHS, first.telling(stage, EPOCHS, STOPPED))
        except Stopped:
            stage.say(f"Stopped after {STOPPED} epochs; a new net and a new optimizer go on from the checkpoint.")
        again = Training(cast, X, y, start=4)
        trained = cast.resume(path, {"net": again.net}, again.optimizer, EPOCHS, again.telling(stage, EPOCHS))
    stage.say(f"Epochs that were trained after the stop: {trained[0]} to {trained[-1]}.")
    losses = first.losses + again.losses
    stage.curves("Mean loss of an epoch", in_one_go=whole.losses, with_a_stop=losses)
    stage.curves("Accuracy on points that were not trained on", in_one_go=whole.accuracies,
                 with_a_stop=first.accuracies + again.accuracies)  # fmt: skip
    stage.result("the losses of both trainings differ by", largest_gap(losses, whole.losses), SAME, at_most=True)
    stage.result("accuracy on points that were not trained on", again.accuracies[-1], WANTED)
    stage.result("macro F1 on the same points", again.f1(), WANTED)


class Training:
    """A small classifier and what its epochs came to."""

    def __init__(self, cast: Cast, X: Any, y: Any, start: int = 3) -> None:
        import torch
        from torch import nn

        self._cast = cast
        self._taught = X[:TAUGHT], y[:TAUGHT]
        self._held = X[TAUGHT:], y[TAUGHT:]
        cast.set_seed(start)
        self.net = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, CLASSES))
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=RATE)
        self.losses: list[float] = []
        self.accuracies: list[float] = []

    def telling(self, stage: Stage, before: int, stop: int | None = None) -> Any:
        """Trains one epoch and tells how far it is."""

        def epoch(number: int) -> None:
            if number == stop:
                raise Stopped
            self.train(number)
            done = before + number + 1
            stage.progress(done, 2 * EPOCHS, f"loss {self.losses[-1]:.3f}, accuracy {self.accuracies[-1]:.1%}")

        return epoch

    def train(self, number: int) -> None:
        """One epoch, in an order that depends on its number alone."""
        import torch

        for group in self.optimizer.param_groups:
            group["lr"] = self._cast.cosine_lr(RATE, number, EPOCHS)
        shuffled = self._cast.data_iter(BATCH, *self._taught, torch.Generator().manual_seed(number))
        loss, _ = self._cast.train_epoch(self.net, shuffled, self._cast.cross_entropy, self.optimizer)
        self.losses.append(loss)
        self.accuracies.append(self._cast.evaluate_accuracy(self.net, [self._held]))

    def f1(self) -> float:
        import torch

        metric = self._cast.F1(CLASSES)
        with torch.no_grad():
            metric.update(self.net(self._held[0]).argmax(dim=1), self._held[1])
        return float(metric.compute())


def rings(generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Points (N, 2) on rings around the origin, with noise, and their classes (N,), shuffled."""
    import torch

    y = torch.arange(CLASSES).repeat_interleave(EACH)
    angle = 6.2832 * torch.rand(len(y), generator=generator)
    radius = 0.4 + 0.6 * y + 0.12 * torch.randn(len(y), generator=generator)
    order = torch.randperm(len(y), generator=generator)
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)[order], y[order]


def largest_gap(one: list[float], other: list[float]) -> float:
    """How far two lists of losses are apart at most; infinitely far when one is longer."""
    if len(one) != len(other):
        return float("inf")
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


FINALE = Finale(
    "hw2",
    "Trained, stopped, resumed",
    "A classifier is trained with your loop, stops in the middle, and goes on from your checkpoint to the same end.",
    ("set_seed", "data_iter", "cross_entropy", "cosine_lr", "train_epoch", "evaluate_accuracy", "F1", "save_checkpoint",
     "load_checkpoint", "resume"),
    play,
)  # fmt: skip
