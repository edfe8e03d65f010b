"""Other correct LitClassifier."""

import torch
from lightning.pytorch import LightningModule
from pieces import Again, freeze_all_but, groups_of
from torch import nn


class WithHparams(Again):
    """Everything is read from `hparams`; options of `log` that a progress bar needs."""

    def rates(self):
        return self.hparams.lr, self.hparams.factor


class ByHand(LightningModule):
    """The loss as log-sum-exp, plain numbers in the log, hyperparameters by name."""

    def __init__(self, model: nn.Module, head: str, lr: float = 0.01, factor: float = 0.1, freeze: bool = False):
        super().__init__()
        self.model = model
        self.save_hyperparameters("head", "lr", "factor", "freeze")
        self.best = 0.0
        if freeze is True:
            freeze_all_but(self.model, head)

    def forward(self, X):
        return self.model(X)

    def on_train_epoch_start(self):
        if self.hparams.freeze:
            freeze_all_but(self.model, self.hparams.head)

    def _loss(self, scores, y):
        return (torch.logsumexp(scores, dim=1) - scores[torch.arange(len(y), device=y.device), y]).mean()

    def training_step(self, batch, batch_idx):
        X, y = batch[0], batch[1]
        loss = self._loss(self(X), y)
        self.log("train_loss", loss.item(), on_step=True)
        return loss

    def validation_step(self, batch, batch_idx):
        X, y = batch
        scores = self(X)
        self.log("val_accuracy", (scores.argmax(1) == y).float().mean().item(), batch_size=len(y))
        self.log("val_loss", self._loss(scores, y).item(), batch_size=len(y))
        return scores

    def predict_step(self, batch, batch_idx, dataloader_idx=0):
        X, _ = batch
        return self(X).softmax(1).argmax(1)

    def configure_optimizers(self):
        groups = groups_of(self.model, self.hparams.head, self.hparams.lr, self.hparams.factor)
        return torch.optim.SGD(groups, momentum=0.9)
