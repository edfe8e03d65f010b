"""LitClassifier written out, with nothing from elsewhere in the homework."""

import torch
from lightning import LightningModule
from torch import nn


class LitClassifier(LightningModule):
    def __init__(self, model, head, lr=0.01, factor=0.1, freeze=False):
        super().__init__()
        self.save_hyperparameters("head", "lr", "factor", "freeze")
        self.model = model
        self.loss = nn.NLLLoss()
        self._freeze()

    def _freeze(self):
        if not self.hparams.freeze:
            return
        top = self.model.get_submodule(self.hparams.head)
        self.model.eval()
        top.train()
        kept = {id(p) for p in top.parameters()}
        for parameter in self.model.parameters():
            parameter.requires_grad = id(parameter) in kept
            parameter.grad = parameter.grad if parameter.requires_grad else None

    def forward(self, X):
        return self.model.forward(X)

    def on_train_epoch_start(self):
        self._freeze()

    def training_step(self, batch, batch_idx):
        loss = self.loss(self.forward(batch[0]).log_softmax(1), batch[1])
        self.log("train_loss", loss.detach())
        return loss

    def validation_step(self, batch, batch_idx):
        scores = self.forward(batch[0])
        right = scores.max(1).indices.eq(batch[1])
        self.log_dict({
            "val_accuracy": right.sum() / right.numel(), "val_loss": self.loss(scores.log_softmax(1), batch[1])
        })  # fmt: skip

    def predict_step(self, batch, batch_idx):
        return self.forward(batch[0]).max(1).indices

    def configure_optimizers(self):
        prefix, rate = self.hparams.head + ".", self.hparams.lr
        named = [(n.startswith(prefix), p) for n, p in self.model.named_parameters() if p.requires_grad]
        body, top = [p for inside, p in named if not inside], [p for inside, p in named if inside]
        groups = [{"params": body, "lr": self.hparams.factor * rate}, {"params": top, "lr": rate}]
        return torch.optim.SGD(groups, lr=rate, momentum=0.9)
