"""The class that stands in for Lightning's in workers keeps hyperparameters as that one does."""

from __future__ import annotations

import pytest

from autograder.worker.lightning import LightningModule


class Lit(LightningModule):
    def __init__(self, model: object, lr: float = 0.1, **more: object) -> None:
        super().__init__()
        self.save_hyperparameters(ignore=["model"])


class Named(LightningModule):
    def __init__(self, model: object, lr: float = 0.1) -> None:
        super().__init__()
        self.save_hyperparameters("lr")


def test_the_arguments_of_the_constructor_are_kept_but_for_the_ignored_ones() -> None:
    assert Lit(object(), 0.5, depth=3).hparams == {"lr": 0.5, "depth": 3}
    assert Named(object()).hparams == {"lr": 0.1} and Named(object(), 0.25).hparams.lr == 0.25


def test_hyperparameters_cannot_be_assigned() -> None:
    lit = Named(object())
    with pytest.raises(AttributeError):
        lit.hparams = {"lr": 1.0}  # type: ignore[assignment, misc]
    with pytest.raises(AttributeError):
        _ = lit.hparams.depth


def test_logging_goes_nowhere() -> None:
    lit = Lit(None)
    lit.log("loss", 1.0, prog_bar=True)
    lit.log_dict({"loss": 1.0})
    assert list(lit.state_dict()) == []
