"""Ways in which the training loop goes wrong with the epochs and their history: its figures, taking it up again."""

import torch
from loops import Loop as _Loop
from loops import flat as _flat


class _ValidatesByBatches(_Loop):
    def validate(self):
        whole, self.val_loader = self.val_loader, None
        figures = []
        for batch in whole:
            self.val_loader = [batch]
            figures.append(torch.stack(super().validate()))
        self.val_loader = whole
        return torch.stack(figures).mean(0)


class average_over_batches(_ValidatesByBatches):
    """The figures of an epoch are averaged over batches instead of samples.

    A smaller last batch then counts as much as a full one. Weight the mean of every batch with its number of
    samples, and divide by the number of samples.
    """

    def record(self, loss, part, scaled, count):
        super().record(loss, part, scaled, 1)


def average_over_batches__rewrite(*args, **options):
    return _flat("average_over_batches", *args, **options)


class train_average_over_batches(_Loop):
    """The training loss is averaged over batches instead of samples.

    A smaller last batch then counts as much as a full one. Weight the loss of every batch with its number of
    samples, and divide by the number of samples.
    """

    def record(self, loss, part, scaled, count):
        super().record(loss, part, scaled, 1)


def train_average_over_batches__rewrite(*args, **options):
    return _flat("train_average_over_batches", *args, **options)


class val_average_over_batches(_ValidatesByBatches):
    """The validation figures are averaged over batches instead of samples.

    A smaller last batch then counts as much as a full one. Add up the loss of every batch times its number of samples,
    and the right answers, and divide by the number of samples.
    """


def val_average_over_batches__rewrite(*args, **options):
    return _flat("val_average_over_batches", *args, **options)


class last_loss_reported(_Loop):
    """The loss of the last batch is reported instead of the mean of the epoch.

    Add the losses up over the epoch, each as often as its batch has samples, and divide by the number of samples.
    """

    def record(self, loss, part, scaled, count):
        self.total, self.samples = loss.detach(), 1


def last_loss_reported__rewrite(*args, **options):
    return _flat("last_loss_reported", *args, **options)


class divided_loss_reported(_Loop):
    """The losses are reported after they were divided by the size of their group.

    The division belongs to the gradient of the step. The history is made of the losses as `loss_fn` returned them.
    """

    def record(self, loss, part, scaled, count):
        super().record(part, part, scaled, count)


def divided_loss_reported__rewrite(*args, **options):
    return _flat("divided_loss_reported", *args, **options)


class divided_loss_multiplied_again(_Loop):
    """The divided losses are multiplied by `accumulate` for the report, also in the last, smaller group.

    They were divided by the size of their group, which is smaller there. Keep the losses as `loss_fn` returned them.
    """

    def record(self, loss, part, scaled, count):
        super().record(part * self.accumulate, part, scaled, count)


def divided_loss_multiplied_again__rewrite(*args, **options):
    return _flat("divided_loss_multiplied_again", *args, **options)


class scaled_loss_reported(_Loop):
    """The losses are reported as they are scaled and divided for `backward`.

    Scale and division belong to the gradients. The history is made of the losses as `loss_fn` returned them.
    """

    def record(self, loss, part, scaled, count):
        super().record(scaled, part, scaled, count)


def scaled_loss_reported__rewrite(*args, **options):
    return _flat("scaled_loss_reported", *args, **options)


class resume_ignored(_Loop):
    """The history that is given is ignored.

    All epochs are trained over again, and those before are missing in what is returned. Train the epochs that are
    missing, and return all.
    """

    def prepare(self, *args, **options):
        super().prepare(*args, **{**options, "history": None})


def resume_ignored__rewrite(*args, **options):
    return _flat("resume_ignored", *args, **options)


class resume_trains_all_epochs(_Loop):
    """A training that is resumed trains all `num_epochs` epochs on top of those that are done.

    `num_epochs` counts the epochs of the whole training. Start at the first one that is missing.
    """

    def epochs_done(self):
        return 0


def resume_trains_all_epochs__rewrite(*args, **options):
    return _flat("resume_trains_all_epochs", *args, **options)


class resume_repeats_the_last_epoch(_Loop):
    """A training that is resumed repeats the last epoch that is done.

    A history of k epochs has the epochs 0 to k - 1: go on with epoch k.
    """

    def epochs_done(self):
        return max(0, super().epochs_done() - 1)


def resume_repeats_the_last_epoch__rewrite(*args, **options):
    return _flat("resume_repeats_the_last_epoch", *args, **options)


class resume_forgets_the_epochs_before(_Loop):
    """The history returned lacks the epochs of the one that was given.

    The next call would train them again. Begin with a copy of what was given.
    """

    def begun_history(self):
        return {key: [] for key in super().begun_history()}


def resume_forgets_the_epochs_before__rewrite(*args, **options):
    return _flat("resume_forgets_the_epochs_before", *args, **options)


class history_extended(_Loop):
    """The history that was given is changed.

    The lists of the caller are appended to; a copy of the dict alone still holds the same lists. Copy the lists.
    """

    def begun_history(self):
        return dict(self.given) if self.given else super().begun_history()


def history_extended__rewrite(*args, **options):
    return _flat("history_extended", *args, **options)


class stops_early(_Loop):
    """The training ends before `num_epochs` where the validation loss does not fall.

    The stub asks for `num_epochs` epochs; whoever calls the function can stop between two calls.
    """

    def run(self):
        wanted, self.epochs = self.epochs, self.epochs_done()
        history = super().run()
        while self.epochs < wanted:
            self.epochs += 1
            self.given = history
            history = super().run()
            losses = history.get("val_loss", [])
            if len(losses) > 1 and losses[-1] >= min(losses[:-1]):
                break
        return history


def stops_early__rewrite(*args, **options):
    return _flat("stops_early", *args, **options)


class history_of_batches(_Loop):
    """The history has a loss for every batch.

    It has one number for every epoch: the mean over the samples of the epoch.
    """

    def run(self):
        self.seen: list[float] = []
        history = super().run()
        return {**history, "train_loss": [*(self.given or {}).get("train_loss", ()), *self.seen]}

    def record(self, loss, part, scaled, count):
        super().record(loss, part, scaled, count)
        self.seen.append(loss.item())


def history_of_batches__rewrite(*args, **options):
    return _flat("history_of_batches", *args, **options)


class history_of_tensors(_Loop):
    """The history holds tensors.

    The stub asks for Python floats. Read the number out of the tensor, once at the end of the epoch.
    """

    def figure(self, value):
        return value.detach()


def history_of_tensors__rewrite(*args, **options):
    return _flat("history_of_tensors", *args, **options)


class returns_nothing(_Loop):
    """The history is not returned.

    The function ends without a return, so its answer is None. Printed numbers cannot be used by whoever called it.
    """

    def run(self):
        super().run()


def returns_nothing__rewrite(*args, **options):
    return _flat("returns_nothing", *args, **options)


class accuracy_in_percent(_Loop):
    """The accuracy is given in percent.

    The stub asks for a fraction between 0 and 1.
    """

    def validate(self):
        loss, accuracy = super().validate()
        return loss, 100 * accuracy


def accuracy_in_percent__rewrite(*args, **options):
    return _flat("accuracy_in_percent", *args, **options)
