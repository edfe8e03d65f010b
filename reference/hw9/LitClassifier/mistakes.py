"""Ways in which a LightningModule goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import torch
import torch.nn.functional as F
from pieces import Again as _Again
from pieces import Right as _Right
from pieces import groups_of as _groups_of


class SoftmaxFirst(_Right):
    """A softmax is taken before the cross-entropy.

    cross_entropy takes scores and makes the softmax itself. Twice, it flattens the loss, and gradients nearly vanish.
    """

    def loss(self, scores, y):
        return F.cross_entropy(scores.softmax(1), y)


class SoftmaxFirst__rewrite(_Again):
    def shared(self, batch):
        scores, _, accuracy = super().shared(batch)
        return scores, self.loss_fn(torch.softmax(scores, -1), batch[1]), accuracy


class SummedLoss(_Right):
    """The loss is a sum over the batch, not a mean.

    Then the size of a step depends on the size of the batch.
    """

    def loss(self, scores, y):
        return F.cross_entropy(scores, y, reduction="sum")


class SummedLoss__rewrite(_Again):
    def shared(self, batch):
        scores, loss, accuracy = super().shared(batch)
        return scores, loss * len(batch[1]), accuracy


class NumberReturned(_Right):
    """The loss is returned without its graph.

    The trainer calls `backward` on what training_step returns. Neither `.item()` nor `.detach()` leaves anything to go
    back through.
    """

    def training_step(self, batch, batch_idx):
        return super().training_step(batch, batch_idx).detach()


class NumberReturned__rewrite(_Again):
    def training_step(self, batch, batch_idx):
        loss = super().training_step(batch, batch_idx)
        return loss.data


class NothingReturned(_Right):
    """training_step returns nothing.

    Lightning then leaves the step out. It has to return the loss.
    """

    def training_step(self, batch, batch_idx):
        super().training_step(batch, batch_idx)


class NothingReturned__rewrite(_Again):
    def training_step(self, batch, batch_idx):
        self.log("train_loss", self.shared(batch)[1])


class OwnBackward(_Right):
    """training_step calls `backward` itself.

    The trainer does, and the gradients are there twice, or the graph is gone when it comes to it. Return the loss.
    """

    def training_step(self, batch, batch_idx):
        loss = super().training_step(batch, batch_idx)
        loss.backward(retain_graph=True)
        return loss


class OwnBackward__rewrite(_Again):
    def training_step(self, batch, batch_idx):
        loss = super().training_step(batch, batch_idx)
        torch.autograd.backward(loss, retain_graph=True)
        return loss


class TrainLossNotLogged(_Right):
    """The training loss is not logged, or under another name.

    The trainer shows and averages what it is given with `self.log`, under the names that the stub gives.
    """

    def training_step(self, batch, batch_idx):
        return self.loss(self(batch[0]), batch[1])


class TrainLossNotLogged__rewrite(_Again):
    def training_step(self, batch, batch_idx):
        loss = self.shared(batch)[1]
        return loss.clone()


class AccuracyCounted(_Right):
    """The number of right answers is logged, not their fraction.

    Then it grows with the batch, and the mean over batches of different sizes is neither. Divide by the samples of the
    batch.
    """

    def accuracy(self, scores, y):
        return (scores.argmax(1) == y).sum().float()


class AccuracyCounted__rewrite(_Again):
    def shared(self, batch):
        scores, loss, accuracy = super().shared(batch)
        return scores, loss, accuracy * len(batch[1])


class AccuracyInPercent(_Right):
    """The accuracy is logged in percent.

    The stub asks for a fraction from 0 to 1.
    """

    def accuracy(self, scores, y):
        return 100 * super().accuracy(scores, y)


class AccuracyInPercent__rewrite(_Again):
    def shared(self, batch):
        scores, loss, accuracy = super().shared(batch)
        return scores, loss, accuracy * 100.0


class ArgmaxOverTheBatch(_Right):
    """The largest score is looked for along the batch.

    `argmax(0)` says which sample has the largest score of a class. The classes are the axis 1.
    """

    def accuracy(self, scores, y):
        best = scores.argmax(0)
        return torch.stack([(best == label).float().mean() for label in y]).mean()

    def predict_step(self, batch, batch_idx):
        return self(batch[0]).argmax(0)


class ArgmaxOverTheBatch__rewrite(_Again):
    def shared(self, batch):
        scores, loss, _ = super().shared(batch)
        return scores, loss, (scores.max(dim=0).indices == batch[1][:, None]).float().mean()

    def predict_step(self, batch, batch_idx):
        return self.forward(batch[0]).max(dim=0).indices


class ModeSetInTheStep(_Right):
    """A step sets the mode of the model.

    The trainer does that, and puts it back. A step that calls `eval()` leaves it so for what comes after.
    """

    def training_step(self, batch, batch_idx):
        self.train()
        return super().training_step(batch, batch_idx)

    def validation_step(self, batch, batch_idx):
        self.eval()
        super().validation_step(batch, batch_idx)
        self.train()


class ModeSetInTheStep__rewrite(_Again):
    def validation_step(self, batch, batch_idx):
        self.model.train(False)
        super().validation_step(batch, batch_idx)
        self.model.train(True)


class PredictionStep(_Right):
    """The hook is called `prediction_step`.

    Lightning looks for `predict_step`, finds its own, and never calls this one. No hook has another name than the table
    gives.
    """

    def predict_step(self, batch, batch_idx):
        return self(batch)

    def prediction_step(self, batch, batch_idx):
        return self(batch[0]).argmax(1)


class PredictionStep__rewrite(_Again):
    def predict_step(self, batch, batch_idx):
        return self.forward(batch)

    def predict(self, batch):
        return super().predict_step(batch, 0)


class ScoresPredicted(_Right):
    """predict_step returns scores, not classes.

    The class of a sample is the place of its largest score.
    """

    def predict_step(self, batch, batch_idx):
        return self(batch[0])


class ScoresPredicted__rewrite(_Again):
    def predict_step(self, batch, batch_idx):
        X, _ = batch
        return self.model(X)


class ModelAmongHyperparameters(_Right):
    """The model is among the hyperparameters.

    It is a module and in the checkpoint anyway: every file has it twice. Leave it out with `ignore`.
    """

    def save(self, model, **settings):
        self.save_hyperparameters({**settings, "model": model})


class ModelAmongHyperparameters__rewrite(_Again):
    def __init__(self, model, head, lr=0.01, factor=0.1, freeze=False):
        super().__init__(model, head, lr, factor, freeze)
        self.save_hyperparameters()


class NoHyperparameters(_Right):
    """The hyperparameters are not saved.

    Without `save_hyperparameters` a checkpoint does not say how it was trained, and cannot be loaded without the
    arguments.
    """

    def save(self, model, **settings):
        pass


class NoHyperparameters__rewrite(_Again):
    def __init__(self, model, head, lr=0.01, factor=0.1, freeze=False):
        super().__init__(model, head, lr, factor, freeze)
        for name in list(self.hparams):
            setattr(self, f"_{name}", self.hparams.pop(name))

    def on_train_epoch_start(self):
        kept = {"freeze": self.hparams.get("freeze", getattr(self, "_freeze", None))}
        kept["head"] = self.hparams.get("head", getattr(self, "_head", None))
        if kept["freeze"]:
            self.model.requires_grad_(False).eval()
            self.model.get_submodule(kept["head"]).requires_grad_(True).train()

    def configure_optimizers(self):
        groups = _groups_of(self.model, self._head, self._lr, self._factor)
        return torch.optim.SGD(groups, momentum=0.9)


class OneRateForAll(_Right):
    """The optimizer gets all parameters with one learning rate.

    The body needs a smaller one, or is frozen: give the optimizer the groups of `param_groups`.
    """

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=self.lr, momentum=0.9)


class OneRateForAll__rewrite(_Again):
    def configure_optimizers(self):
        return torch.optim.SGD(self.model.parameters(), self.hparams["lr"], 0.9)


class NoMomentum(_Right):
    """The optimizer has no momentum.

    The stub asks for 0.9; torch.optim.SGD has none unless it is told.
    """

    def configure_optimizers(self):
        return torch.optim.SGD(_groups_of(self.model, self.head, self.lr, self.factor), lr=self.lr)


class NoMomentum__rewrite(_Again):
    def configure_optimizers(self):
        optimizer = super().configure_optimizers()
        for group in optimizer.param_groups:
            group["momentum"] = 0
        return optimizer


class RatesSwapped(_Right):
    """The small learning rate is given to the head.

    The head has everything to learn. It is the body whose rate is `lr * factor`.
    """

    def configure_optimizers(self):
        optimizer = super().configure_optimizers()
        body, top = optimizer.param_groups
        body["lr"], top["lr"] = top["lr"], body["lr"]
        return optimizer


class RatesSwapped__rewrite(_Again):
    def rates(self):
        lr, factor = super().rates()
        return lr * factor, 1 / factor


class GroupsReturned(_Right):
    """configure_optimizers returns parameter groups, not an optimizer.

    The trainer needs the optimizer itself.
    """

    def configure_optimizers(self):
        return _groups_of(self.model, self.head, self.lr, self.factor)


class GroupsReturned__rewrite(_Again):
    def configure_optimizers(self):
        return list(super().configure_optimizers().param_groups)


class FrozenTooLate(_Right):
    """The model is not frozen when the constructor returns.

    `configure_optimizers` is called before the first epoch begins, and would give the optimizer the parameters of the
    body. Freeze in the constructor as well.
    """

    def start(self):
        pass


class FrozenTooLate__rewrite(_Again):
    def __init__(self, model, head, lr=0.01, factor=0.1, freeze=False):
        wanted = [p.requires_grad for p in model.parameters()]
        modes = [module.training for module in model.modules()]
        super().__init__(model, head, lr, factor, freeze)
        for parameter, before in zip(model.parameters(), wanted):
            parameter.requires_grad = before
        for module, before in zip(model.modules(), modes):
            module.training = before


class NotFrozenAgain(_Right):
    """Nothing is frozen anew when an epoch begins.

    The trainer may have put the whole model in training mode, and then the running statistics of the body move. Put it
    in evaluation mode in `on_train_epoch_start`.
    """

    def on_train_epoch_start(self):
        pass


class NotFrozenAgain__rewrite(_Again):
    def on_train_epoch_start(self):
        if not hasattr(self, "_started"):
            self._started = True
            super().on_train_epoch_start()


class AlwaysFrozen(_Right):
    """The body is frozen without being asked for.

    With `freeze=False`, which is the default, every parameter has the `requires_grad` that it came with.
    """

    def __init__(self, model, head, lr=0.01, factor=0.1, freeze=False):
        super().__init__(model, head, lr, factor, freeze)
        self.freeze = True
        self.start()


class AlwaysFrozen__rewrite(_Again):
    def on_train_epoch_start(self):
        freeze = self.hparams["freeze"]
        self.hparams["freeze"] = True
        super().on_train_epoch_start()
        self.hparams["freeze"] = freeze
