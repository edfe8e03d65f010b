"""Correct modules for variants and mistakes to change: `Right` by methods, `Again` in another style."""

import torch
import torch.nn.functional as F
from lightning import LightningModule
from torch import nn


def freeze_all_but(model, head):
    model.requires_grad_(False)
    model.eval()
    model.get_submodule(head).requires_grad_(True)
    model.get_submodule(head).train()


def groups_of(model, head, lr, factor):
    top = {id(p) for p in model.get_submodule(head).parameters()}
    trained = [p for p in model.parameters() if p.requires_grad]
    body = [p for p in trained if id(p) not in top]
    return [{"params": body, "lr": lr * factor}, {"params": [p for p in trained if id(p) in top], "lr": lr}]


class Right(LightningModule):
    """A correct module, of which each mistake changes one step."""

    def __init__(self, model, head, lr=0.01, factor=0.1, freeze=False):
        super().__init__()
        self.save(model, head=head, lr=lr, factor=factor, freeze=freeze)
        self.model = model
        self.head, self.lr, self.factor, self.freeze = head, lr, factor, freeze
        self.start()

    def save(self, model, **settings):
        self.save_hyperparameters(settings)

    def start(self):
        if self.freeze:
            freeze_all_but(self.model, self.head)

    def forward(self, X):
        return self.model(X)

    def on_train_epoch_start(self):
        if self.freeze:
            freeze_all_but(self.model, self.head)

    def loss(self, scores, y):
        return F.cross_entropy(scores, y)

    def accuracy(self, scores, y):
        return (scores.argmax(1) == y).float().mean()

    def training_step(self, batch, batch_idx):
        X, y = batch
        loss = self.loss(self(X), y)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, batch_idx):
        X, y = batch
        scores = self(X)
        self.log("val_loss", self.loss(scores, y))
        self.log("val_accuracy", self.accuracy(scores, y))

    def predict_step(self, batch, batch_idx):
        return self(batch[0]).argmax(1)

    def configure_optimizers(self):
        return torch.optim.SGD(groups_of(self.model, self.head, self.lr, self.factor), lr=self.lr, momentum=0.9)


class Again(LightningModule):
    """The same with `hparams` everywhere and one shared step."""

    def __init__(self, model, head, lr=0.01, factor=0.1, freeze=False):
        super().__init__()
        self.save_hyperparameters(ignore="model")
        self.model = model
        self.loss_fn = nn.CrossEntropyLoss()
        self.on_train_epoch_start()

    def on_train_epoch_start(self):
        if self.hparams["freeze"]:
            freeze_all_but(self.model, self.hparams["head"])

    def forward(self, X):
        return self.model.forward(X)

    def shared(self, batch):
        X, y = batch
        scores = self.forward(X)
        return scores, self.loss_fn(scores, y), (scores.argmax(dim=-1) == y).sum() / len(y)

    def training_step(self, batch, batch_idx):
        _, loss, _ = self.shared(batch)
        self.log("train_loss", loss, prog_bar=True)
        return loss

    def validation_step(self, batch, batch_idx):
        _, loss, accuracy = self.shared(batch)
        self.log_dict({"val_loss": loss, "val_accuracy": accuracy}, prog_bar=True)

    def predict_step(self, batch, batch_idx):
        return torch.argmax(self.forward(batch[0]), dim=-1)

    def rates(self):
        return self.hparams["lr"], self.hparams["factor"]

    def configure_optimizers(self):
        lr, factor = self.rates()
        groups = groups_of(self.model, self.hparams["head"], lr, factor)
        return torch.optim.SGD([{**group, "momentum": 0.9} for group in groups], lr=lr)
