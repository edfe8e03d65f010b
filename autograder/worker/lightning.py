"""Lightning in workers: a class with the hooks that exercises use stands in for it, installed or not.

To import Lightning takes every worker seconds, and answers would depend on its version.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable
from types import FrameType, ModuleType
from typing import Any

import torch

NAMES = ("lightning", "lightning.pytorch", "pytorch_lightning")


class Hyperparameters(dict[str, Any]):
    """A dict whose items are attributes too."""

    def __getattr__(self, name: str) -> Any:
        if name not in self:
            raise AttributeError(name)
        return self[name]


class LightningModule(torch.nn.Module):
    """Logs to nowhere. `hparams` holds what `save_hyperparameters` found."""

    def __init__(self) -> None:
        super().__init__()
        self._hparams = Hyperparameters()

    @property
    def hparams(self) -> Hyperparameters:
        return self._hparams

    def save_hyperparameters(self, *args: Any, ignore: str | Iterable[str] = (), **options: Any) -> None:
        """Stores the arguments of the constructor that calls it, or those named, but for the ignored ones; or those of
        a dict that is given."""
        frame = inspect.currentframe()
        assert frame is not None and frame.f_back is not None
        given = dict(args[0]) if args and isinstance(args[0], dict) else _arguments(frame.f_back)
        ignored = {ignore} if isinstance(ignore, str) else set(ignore)
        named = given if not args or isinstance(args[0], dict) else args
        self._hparams.update({name: given[name] for name in named if name not in ignored})

    def log(self, name: str, value: Any, *args: Any, **options: Any) -> None:
        """Takes a metric for the trainer."""

    def log_dict(self, dictionary: dict[str, Any], *args: Any, **options: Any) -> None:
        """Takes several."""

    @property
    def device(self) -> torch.device:
        return next((tensor.device for tensor in self.parameters()), torch.device("cpu"))


def _arguments(frame: FrameType) -> dict[str, Any]:
    """The arguments of the call that the frame belongs to, without the first."""
    names, _, named, values = inspect.getargvalues(frame)
    found = {name: values[name] for name in names[1:]}
    return found | (dict(values[named]) if named else {})


def stand_in() -> None:
    """From now on what imports Lightning gets the stand-in."""
    for name in NAMES:
        module = ModuleType(name)
        vars(module).update(LightningModule=LightningModule, __path__=[])
        sys.modules[name] = module
    vars(sys.modules["lightning"])["pytorch"] = sys.modules["lightning.pytorch"]
