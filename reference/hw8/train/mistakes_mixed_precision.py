"""Ways in which the training loop goes wrong with the scaler and autocast."""

import contextlib

import torch
from loops import Loop as _Loop
from loops import flat as _flat


class scaler_never_updated(_Loop):
    """The scaler is never updated.

    `update` ends the step for the scaler and adapts its scale. Without it torch refuses the next step. Call it once
    after every step.
    """

    def take_step(self):
        (self.optimizer.step if self.scaler is None else lambda: self.scaler.step(self.optimizer))()


def scaler_never_updated__rewrite(*args, **options):
    return _flat("scaler_never_updated", *args, **options)


class steps_past_scaler(_Loop):
    """The optimizer steps without asking the scaler.

    When the scaled gradients have overflowed, the step has to be left out, or the weights become NaN. Let the
    scaler take the step.
    """

    def take_step(self):
        if self.scaler is not None and self.max_norm is None:
            self.unscale()
        self.optimizer.step()
        if self.scaler is not None:
            self.scaler.update()


def steps_past_scaler__rewrite(*args, **options):
    return _flat("steps_past_scaler", *args, **options)


class scaler_ignored(_Loop):
    """The scaler is not used.

    In half precision small gradients vanish unless the loss is scaled before `backward`. Scale it, let the scaler
    take the step, and update the scaler.
    """

    def prepare(self, *args, **options):
        super().prepare(*args, **{**options, "scaler": None})


def scaler_ignored__rewrite(*args, **options):
    return _flat("scaler_ignored", *args, **options)


class scales_the_last_batch_of_a_group(_Loop):
    """Only the last batch of a group starts from the scaled loss.

    The gradients of the others are then a thousand times too small in the sum. Scale the loss of every batch, before
    its `backward`.
    """

    def train_batch(self, index, inputs, labels):
        loss = self.outcome(inputs, labels)[1]
        part = self.divided(loss, index)
        scaled = self.scaler.scale(part) if self.scaler is not None and self.group_ends(index) else part
        scaled.backward()
        if self.group_ends(index):
            self.step()
        self.record(loss, part, scaled, len(labels))


def scales_the_last_batch_of_a_group__rewrite(*args, **options):
    return _flat("scales_the_last_batch_of_a_group", *args, **options)


class scaler_updated_every_batch(_Loop):
    """The scaler is updated after every batch.

    `update` ends a step of the scaler, and torch refuses it where no step was taken. Update once for every group,
    after its step.
    """

    def backward(self, scaled):
        scaled.backward()
        self.seen = getattr(self, "seen", -1) + 1
        if self.scaler is not None and not self.group_ends(self.seen % len(self.train_loader)):
            self.scaler.update()


def scaler_updated_every_batch__rewrite(*args, **options):
    return _flat("scaler_updated_every_batch", *args, **options)


class autocast_dtype_ignored(_Loop):
    """Autocast runs with its default dtype.

    The default differs from device to device. Hand `autocast_dtype` on.
    """

    def mixed(self):
        return torch.autocast(self.device.type, enabled=self.dtype is not None)


def autocast_dtype_ignored__rewrite(*args, **options):
    return _flat("autocast_dtype_ignored", *args, **options)


class autocast_ignored(_Loop):
    """Autocast is not switched on for the type of the device.

    `autocast_dtype` asks for mixed precision: run the model and the loss inside `torch.autocast`, for the type of
    the device that was given.
    """

    def mixed(self):
        return contextlib.nullcontext()


def autocast_ignored__rewrite(*args, **options):
    return _flat("autocast_ignored", *args, **options)


class loss_outside_autocast(_Loop):
    """The loss is computed outside of autocast.

    Autocast also chooses the precision of the loss, which must not be half. Compute it inside the same with
    statement.
    """

    def outcome(self, inputs, labels):
        with self.mixed():
            outputs = self.model(inputs)
        return outputs, self.loss_fn(outputs, labels)


def loss_outside_autocast__rewrite(*args, **options):
    return _flat("loss_outside_autocast", *args, **options)


class autocast_in_training_only(_Loop):
    """Validation runs without autocast.

    It then measures another model than the one that is trained, in more memory. Use the same setting in both.
    """

    def validation_outcome(self, inputs, labels):
        outputs = self.model(inputs)
        return outputs, self.loss_fn(outputs, labels)


def autocast_in_training_only__rewrite(*args, **options):
    return _flat("autocast_in_training_only", *args, **options)
