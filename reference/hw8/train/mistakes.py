"""Ways in which the training loop goes wrong. The mistakes change steps of `Loop`, the rewrites are made by `flat`."""

# mypy: disable-error-code="has-type"

import contextlib
from typing import Any

import torch
from loops import Loop as _Loop
from loops import clip_grad_norm_ as _clip_grad_norm_
from loops import clip_grad_value_ as _clip_grad_value_
from loops import flat as _flat


class no_zero_grad(_Loop):
    """The gradients are never set to zero.

    `backward` adds to what is in `.grad`, so every step also uses the gradients of all steps before. Clear them
    once for every group, before its first `backward` or after its step.
    """

    def clear(self):
        pass


def no_zero_grad__rewrite(*args, **options):
    return _flat("no_zero_grad", *args, **options)


class clears_after_steps_only(_Loop):
    """Gradients from before the call go into the first step.

    The gradients are cleared after every step, but not before the first `backward`. Clear them there too: whoever
    calls the function may have computed some.
    """

    def clear_at_start(self):
        pass

    def clear_left_over(self):
        pass


def clears_after_steps_only__rewrite(*args, **options):
    return _flat("clears_after_steps_only", *args, **options)


class zero_grad_every_batch(_Loop):
    """The gradients are cleared before every batch.

    With accumulation only the last batch of a group is left when the step is taken. Clear them once for every
    group.
    """

    def backward(self, scaled):
        self.clear()
        scaled.backward()


def zero_grad_every_batch__rewrite(*args, **options):
    return _flat("zero_grad_every_batch", *args, **options)


class zero_grad_before_step(_Loop):
    """The gradients are cleared between `backward` and the step.

    The optimizer then finds nothing to use, and the weights never change. Clear them after the step, or before
    `backward`.
    """

    def take_step(self):
        self.clear()
        super().take_step()


def zero_grad_before_step__rewrite(*args, **options):
    return _flat("zero_grad_before_step", *args, **options)


class loss_not_divided(_Loop):
    """The loss is not divided by the size of its group.

    `backward` adds up, so the step uses the sum of the gradients, not their mean. Divide every loss before its
    `backward`.
    """

    def divided(self, loss, index):
        return loss


def loss_not_divided__rewrite(*args, **options):
    return _flat("loss_not_divided", *args, **options)


class tail_dropped(_Loop):
    """The batches left over at the end of an epoch are not learnt from.

    When the number of batches is no multiple of `accumulate`, the last group is smaller. It gets a step too: also
    step after the last batch.
    """

    def group_ends(self, index):
        return (index + 1) % self.accumulate == 0


def tail_dropped__rewrite(*args, **options):
    return _flat("tail_dropped", *args, **options)


class tail_left_for_the_next_epoch(_Loop):
    """The gradients left over at the end of an epoch go into the next epoch's first step.

    The last, smaller group gets no step of its own, and what it has added up is still there when the next epoch
    begins. Also step after the last batch.
    """

    def group_ends(self, index):
        return (index + 1) % self.accumulate == 0

    def clear_left_over(self):
        pass


def tail_left_for_the_next_epoch__rewrite(*args, **options):
    return _flat("tail_left_for_the_next_epoch", *args, **options)


class tail_divided_by_accumulate(_Loop):
    """The losses of the last, smaller group are divided by `accumulate`.

    That makes the last step of an epoch too small. Divide by the number of batches that the group has; the length
    of the loader tells how many are left.
    """

    def group_size(self, index):
        return self.accumulate


def tail_divided_by_accumulate__rewrite(*args, **options):
    return _flat("tail_divided_by_accumulate", *args, **options)


class steps_every_batch(_Loop):
    """The optimizer steps after every batch.

    With accumulation the gradients of a whole group are collected first, and then one step is taken.
    """

    def group_ends(self, index):
        return True


def steps_every_batch__rewrite(*args, **options):
    return _flat("steps_every_batch", *args, **options)


class clips_each_parameter(_Loop):
    """The gradient of every parameter is clipped by itself.

    This changes the direction of the step. The norm of all gradients together decides, and all are multiplied by
    the same number.
    """

    def clip(self):
        for parameter in self.model.parameters():
            _clip_grad_norm_([parameter], self.max_norm)


def clips_each_parameter__rewrite(*args, **options):
    return _flat("clips_each_parameter", *args, **options)


class clips_values(_Loop):
    """Every entry of the gradients is clipped by itself.

    `max_norm` bounds the norm of all gradients together, not their entries: multiply all of them by the same
    number.
    """

    def clip(self):
        _clip_grad_value_(self.model.parameters(), self.max_norm)


def clips_values__rewrite(*args, **options):
    return _flat("clips_values", *args, **options)


class clips_after_step(_Loop):
    """The gradients are not clipped before the step.

    After the step the optimizer has used them, and then it is too late. Clip between the last `backward` of a group and
    its step.
    """

    def clip(self):
        pass

    def take_step(self):
        super().take_step()
        if self.max_norm is not None:
            super().clip()


def clips_after_step__rewrite(*args, **options):
    return _flat("clips_after_step", *args, **options)


class always_rescales(_Loop):
    """Small gradients are scaled up to `max_norm`.

    Clipping only makes gradients smaller. Where the norm is below `max_norm` leave them as they are: the factor is
    never larger than 1.
    """

    def clip(self):
        graded = [p.grad for p in self.model.parameters() if p.grad is not None]
        norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(grad) for grad in graded]))
        for grad in graded:
            grad.mul_(self.max_norm / norm)


def always_rescales__rewrite(*args, **options):
    return _flat("always_rescales", *args, **options)


class clips_before_unscaling(_Loop):
    """The gradients are clipped while they are still scaled.

    The scaler has made them about a thousand times larger, so everything is clipped, and far too much. Call
    `unscale_` of the scaler first.
    """

    def unscale(self):
        pass


def clips_before_unscaling__rewrite(*args, **options):
    return _flat("clips_before_unscaling", *args, **options)


class clips_every_batch(_Loop):
    """The gradients are clipped after every batch of a group.

    What is to be bounded is the gradient of the step. Clip once for every group, right before the step, when the
    scaler has unscaled it.
    """

    def backward(self, scaled):
        scaled.backward()
        if self.max_norm is not None:
            self.unscale()
            self.clip()

    def step(self):
        self.take_step()
        self.clear()


def clips_every_batch__rewrite(*args, **options):
    return _flat("clips_every_batch", *args, **options)


class none_gradient_crashes(_Loop):
    """A parameter without a gradient stops the training.

    The `grad` of a frozen parameter, or of one that the loss does not use, is None. Leave such parameters out.
    """

    def clip(self):
        norm = torch.stack([p.grad.norm() for p in self.model.parameters()]).norm()
        for p in self.model.parameters():
            p.grad.mul_((self.max_norm / norm).clamp(max=1))


def none_gradient_crashes__rewrite(*args, **options):
    return _flat("none_gradient_crashes", *args, **options)


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


class loss_measured_after_the_epoch(_Loop):
    """The training loss is measured in a second pass, when the epoch is over.

    By then the weights have changed, and the pass costs as much as the epoch. The history is made of the losses that
    the training itself has computed.
    """

    def figure(self, value):
        if self.phase == "train":
            self.phase = "validation"
            self.evaluation_mode()
            total, samples = 0.0, 0
            with torch.no_grad():
                for inputs, labels in self.train_loader:
                    inputs, labels = self.move(inputs, labels)
                    total = total + self.loss_fn(self.model(inputs), labels) * len(labels)
                    samples += len(labels)
            value = total / samples
        return value.item()

    def training_mode(self):
        super().training_mode()
        self.phase = "train"


def loss_measured_after_the_epoch__rewrite(*args, **options):
    return _flat("loss_measured_after_the_epoch", *args, **options)


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


class unfreezes_after_validation(_Loop):
    """Frozen parameters are trained after a validation.

    `requires_grad` was switched off for the validation and then on for all parameters, also for those that came frozen.
    `torch.no_grad()` needs no such change.
    """

    def validate(self):
        self.model.requires_grad_(False)
        figures = super().validate()
        self.model.requires_grad_(True)
        return figures


def unfreezes_after_validation__rewrite(*args, **options):
    return _flat("unfreezes_after_validation", *args, **options)


class freezes_at_the_end(_Loop):
    """The parameters require no gradient any more when the function returns.

    A second call, say with the history of the first, could not learn. Leave `requires_grad` as it is.
    """

    def run(self):
        history = super().run()
        self.model.requires_grad_(False)
        return history


def freezes_at_the_end__rewrite(*args, **options):
    return _flat("freezes_at_the_end", *args, **options)


class second_derivatives_prepared(_Loop):
    """`backward` also builds the graph of the gradients.

    `create_graph` is for second derivatives. A step needs none, and the graph takes as much memory again.
    """

    def backward(self, scaled):
        scaled.backward(create_graph=True)


def second_derivatives_prepared__rewrite(*args, **options):
    return _flat("second_derivatives_prepared", *args, **options)


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


class settings_left_changed(_Loop):
    """A global setting of torch is changed and not put back.

    Precision, determinism or the search for fast kernels are for the whole program: whoever calls the function
    decides about them.
    """

    def prepare(self, *args, **options):
        super().prepare(*args, **options)
        torch.use_deterministic_algorithms(True)


def settings_left_changed__rewrite(*args, **options):
    return _flat("settings_left_changed", *args, **options)


class device_chosen_by_itself(_Loop):
    """An accelerator is used, whatever device is given.

    The function asks what the machine has instead of doing what it is told. Use the argument `device`.
    """

    def prepare(self, *args, **options):
        super().prepare(*args, **options)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def device_chosen_by_itself__rewrite(*args, **options):
    return _flat("device_chosen_by_itself", *args, **options)


class autocast_dtype_ignored(_Loop):
    """Autocast runs with its default dtype.

    The default differs from device to device. Hand `autocast_dtype` on.
    """

    def mixed(self):
        return torch.autocast(self.device.type, enabled=self.dtype is not None)


def autocast_dtype_ignored__rewrite(*args, **options):
    return _flat("autocast_dtype_ignored", *args, **options)


class optional_arguments_ignored(_Loop):
    """Accumulation, clipping, scaler, autocast and history are not used.

    The loop is right without them. Add them one after the other: every argument has a paragraph of its own in the stub.
    """

    def prepare(self, *args, **options):
        super().prepare(*args, val_loader=options.get("val_loader"))


def optional_arguments_ignored__rewrite(*args, val_loader=None, **options):
    return _flat("", *args, val_loader=val_loader)


class widely_taught_loop(optional_arguments_ignored):
    """The widely taught loop: figures averaged over batches, a number read in every batch, no optional argument.

    Weight the loss of a batch with its number of samples, add up on the device, and read once an epoch. Then add the
    optional arguments one after the other.
    """

    def record(self, loss, part, scaled, count):
        self.total += loss.item()
        self.samples += 1

    def validate(self):
        self.evaluation_mode()
        total, right, samples = 0.0, 0, 0
        with torch.no_grad():
            for inputs, labels in self.val_loader:
                inputs, labels = self.move(inputs, labels)
                outputs, loss = self.validation_outcome(inputs, labels)
                total += loss.item()
                right += (outputs.argmax(1) == labels).sum().item()
                samples += len(labels)
        return total / len(self.val_loader), right / samples

    def figure(self, value):
        return value


def widely_taught_loop__rewrite(
    model, train_loader, optimizer, loss_fn, num_epochs, device, *, val_loader=None, **options
):
    model.to(device)
    history: dict[str, list[float]] = {"train_loss": []}
    if val_loader is not None:
        history |= {"val_loss": [], "val_accuracy": []}
    for _ in range(num_epochs):
        model.train()
        running = 0.0
        for inputs, labels in train_loader:
            optimizer.zero_grad()
            loss = loss_fn(model(inputs.to(device)), labels.to(device))
            loss.backward()
            optimizer.step()
            running += float(loss)
        history["train_loss"].append(running / len(train_loader))
        if val_loader is None:
            continue
        model.eval()
        losses, right, seen = [], 0, 0
        with torch.no_grad():
            for inputs, labels in val_loader:
                outputs, labels = model(inputs.to(device)), labels.to(device)
                losses.append(loss_fn(outputs, labels).item())
                right += int((torch.max(outputs, 1)[1] == labels).sum())
                seen += labels.size(0)
        history["val_loss"].append(sum(losses) / len(losses))
        history["val_accuracy"].append(right / seen)
    return history


class _MeasuredAfterwards(optional_arguments_ignored, loss_measured_after_the_epoch):
    def training_mode(self):
        self.phase = "train"

    def validate(self):
        loss, accuracy = super().validate()
        return loss, 100 * accuracy


class widely_taught_loop_measured_afterwards(_MeasuredAfterwards):
    """The loop of many notes: never back to training mode, losses of a second pass, percent, no optional argument.

    Call the model's `train` in every epoch, use the losses that the training has computed, and give the accuracy as a
    fraction. Then add the optional arguments one after the other.
    """


def widely_taught_loop_measured_afterwards__rewrite(
    model, train_loader, optimizer, loss_fn, num_epochs, device, *, val_loader=None, **options
):
    model.to(device)
    losses, val_losses, accuracies = [], [], []
    for _ in range(num_epochs):
        for inputs, labels in train_loader:
            optimizer.zero_grad()
            loss_fn(model(inputs.to(device)), labels.to(device)).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            losses.append(_measured(model, train_loader, loss_fn, device)[0].item())
            if val_loader is not None:
                loss, accuracy = _measured(model, val_loader, loss_fn, device)
                val_losses.append(loss.item())
                accuracies.append(100 * accuracy.item())
    return {"train_loss": losses} | ({"val_loss": val_losses, "val_accuracy": accuracies} if val_loader else {})


def _measured(model, loader, loss_fn, device):
    total, right, samples = 0.0, 0, 0
    for inputs, labels in loader:
        outputs, labels = model(inputs.to(device)), labels.to(device)
        total, right = total + loss_fn(outputs, labels) * len(labels), right + (outputs.argmax(axis=1) == labels).sum()
        samples += len(labels)
    return total / samples, right / samples


class _Printed(optional_arguments_ignored):
    """All data at once on the device; what they say after an epoch is printed."""

    def run(self):
        found = (None,)
        self.place_model()
        whole = [self.whole(loader) for loader in (self.train_loader, self.val_loader) if loader is not None]
        for _ in range(self.epochs):
            self.training_mode()
            for index, (inputs, labels) in enumerate(self.train_loader):
                self.optimizer.zero_grad()
                self.train_batch(index, *self.move(inputs, labels))
            self.model.eval()
            with torch.no_grad():
                loss = self.loss_fn(self.model(whole[0][0]), whole[0][1])
                found = (loss, *((self.model(X).argmax(1) == y).float().mean() for X, y in whole))
                print(found)
        return found

    def whole(self, loader):
        inputs, labels = zip(*loader, strict=True)
        return self.move(torch.cat(inputs), torch.cat(labels))

    def clear(self):
        pass

    def record(self, loss, part, scaled, count):
        pass


class printed_loop(_Printed):
    """The loop of many notes as printed: no history, never back to training mode, no optional argument.

    After every epoch it goes through all data again and prints what it finds. Keep the losses that the training has
    computed, once for every epoch, and return them; call the model's `train` in every epoch. Then add the optional
    arguments one after the other.
    """

    def training_mode(self):
        pass

    def run(self):
        super().run()


def printed_loop__rewrite(model, train_loader, optimizer, loss_fn, num_epochs, device, *, val_loader=None, **options):
    _printed(model, train_loader, optimizer, loss_fn, num_epochs, device, val_loader, modes=(False,))


class printed_loop_that_returns_the_last_figures(_Printed):
    """The loop of many notes that returns the last figures: no history, no optional argument.

    After every epoch it goes through all data again and prints what it finds. Keep the losses that the training has
    computed, once for every epoch, and return them. Then add the optional arguments one after the other.
    """


def printed_loop_that_returns_the_last_figures__rewrite(
    model, train_loader, optimizer, loss_fn, num_epochs, device, *, val_loader=None, **options
):
    modes = (True, False)
    return _printed(model, train_loader, optimizer, loss_fn, num_epochs, device, val_loader, modes)


def _printed(model, train_loader, optimizer, loss_fn, num_epochs, device, val_loader, modes):
    net = model.to(device)
    X, y = (torch.cat(parts).to(device) for parts in zip(*train_loader, strict=True))
    if val_loader is not None:
        val_X, val_y = (torch.cat(parts).to(device) for parts in zip(*val_loader, strict=True))
    loss = accuracy = val_accuracy = 0
    for epoch in range(num_epochs):
        if True in modes:
            net.train()
        for inputs, labels in train_loader:
            batch_loss = loss_fn(net(inputs.to(device)), labels.to(device))
            net.zero_grad()
            batch_loss.backward()
            optimizer.step()
        net.train(modes[-1])
        with torch.no_grad():
            loss = loss_fn(net(X), y)
            right = net(X).argmax(axis=1) == y
            accuracy = right.sum() / len(right)
            if val_loader is not None:
                val_accuracy = (net(val_X).argmax(axis=1) == val_y).sum() / len(val_y)
            print(f"{epoch + 1}/{num_epochs}: {loss} {accuracy} {val_accuracy}")
    return loss, accuracy, val_accuracy


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


class keeps_graphs(_Loop):
    """The sum of the losses holds on to the graph of every batch.

    A loss remembers how it was computed, and so does a sum of losses: memory grows with every batch. Detach the
    loss before you add it.
    """

    def record(self, loss, part, scaled, count):
        self.total = self.total + loss * count
        self.samples += count


def keeps_graphs__rewrite(*args, **options):
    return _flat("keeps_graphs", *args, **options)


class one_backward_a_group(_Loop):
    """`backward` is called once for a whole group.

    The result is the same, but the graphs of all batches of the group are in memory at once, which accumulation is
    there to avoid. Call `backward` for every batch.
    """

    waiting: Any = 0

    def train_batch(self, index, inputs, labels):
        loss = self.outcome(inputs, labels)[1]
        self.waiting = self.waiting + self.divided(loss, index)
        if self.group_ends(index):
            (self.waiting if self.scaler is None else self.scaler.scale(self.waiting)).backward()
            self.waiting = 0
            self.step()
        self.record(loss, loss, loss, len(labels))


def one_backward_a_group__rewrite(*args, **options):
    return _flat("one_backward_a_group", *args, **options)


class never_train_mode(_Loop):
    """The model is never set to training mode.

    A model that has been evaluated stays in evaluation mode: no dropout, and batch norm does not learn. Call its
    `train` at the start of every epoch.
    """

    def training_mode(self):
        pass


def never_train_mode__rewrite(*args, **options):
    return _flat("never_train_mode", *args, **options)


class train_mode_once(_Loop):
    """The model is set to training mode only once.

    After the first validation it stays in evaluation mode. Set the mode at the start of every epoch, not before the
    first one.
    """

    def place_model(self):
        super().place_model()
        self.model.train()

    def training_mode(self):
        pass


def train_mode_once__rewrite(*args, **options):
    return _flat("train_mode_once", *args, **options)


class no_eval_mode(_Loop):
    """Validation runs in training mode.

    Dropout is active and batch norm takes in the validation data. `no_grad` does not change the mode: call `eval`
    of the model.
    """

    def evaluation_mode(self):
        pass


def no_eval_mode__rewrite(*args, **options):
    return _flat("no_eval_mode", *args, **options)


class no_no_grad(_Loop):
    """Validation records gradients.

    The graph costs memory that nothing uses; `eval` does not turn it off. Validate inside `torch.no_grad()`.
    """

    def no_gradients(self):
        return contextlib.nullcontext()


def no_no_grad__rewrite(*args, **options):
    return _flat("no_no_grad", *args, **options)


class gradients_left_off(_Loop):
    """Gradients are switched off for the validation and never on again.

    The next `backward` finds no graph. Use `torch.no_grad()` in a with statement, which puts the setting back.
    """

    def no_gradients(self):
        torch.set_grad_enabled(False)
        return contextlib.nullcontext()


def gradients_left_off__rewrite(*args, **options):
    return _flat("gradients_left_off", *args, **options)


class accuracy_in_percent(_Loop):
    """The accuracy is given in percent.

    The stub asks for a fraction between 0 and 1.
    """

    def validate(self):
        loss, accuracy = super().validate()
        return loss, 100 * accuracy


def accuracy_in_percent__rewrite(*args, **options):
    return _flat("accuracy_in_percent", *args, **options)


class reads_every_batch(_Loop):
    """The host waits for the device in every batch.

    `item()`, `float()`, `print` and an `if` on a tensor make Python wait until the device has done all its work.
    Add up on the device and read once at the end of the epoch; compare with `torch.where` or `clamp`.
    """

    def record(self, loss, part, scaled, count):
        self.total = self.total + torch.full((), loss.item() * count)
        self.samples += count


def reads_every_batch__rewrite(*args, **options):
    return _flat("reads_every_batch", *args, **options)


class copies_every_batch(_Loop):
    """A tensor is copied to the CPU in every batch.

    A copy to the host waits until the device has done all its work. Add up on the device and copy once at the end
    of the epoch.
    """

    def record(self, loss, part, scaled, count):
        super().record(loss.cpu(), part, scaled, count)


def copies_every_batch__rewrite(*args, **options):
    return _flat("copies_every_batch", *args, **options)


class model_not_moved(_Loop):
    """The model is not moved to the device.

    Its weights stay on the CPU while the batches are on the device. Move the model once, before the first epoch.
    """

    def place_model(self):
        pass


def model_not_moved__rewrite(*args, **options):
    return _flat("model_not_moved", *args, **options)


class inputs_not_moved(_Loop):
    """The inputs are not moved to the device.

    A loader gives CPU tensors. `to` returns a new tensor: move the inputs of every batch and use what it returns.
    """

    def move(self, inputs, labels):
        inputs.to(self.device)
        return inputs, labels.to(self.device)


def inputs_not_moved__rewrite(*args, **options):
    return _flat("inputs_not_moved", *args, **options)


class labels_not_moved(_Loop):
    """The labels are not moved to the device.

    The outputs are on the device and the loss needs both there. Move the labels of every batch as well as the
    inputs.
    """

    def move(self, inputs, labels):
        return inputs.to(self.device), labels


def labels_not_moved__rewrite(*args, **options):
    return _flat("labels_not_moved", *args, **options)


class device_ignored(_Loop):
    """The model is on the CPU when the function returns.

    Often the argument `device` is not used at all: move the model, and the inputs and labels of every batch. Do not
    move the model back.
    """

    def place_model(self):
        pass

    def move(self, inputs, labels):
        return inputs, labels


def device_ignored__rewrite(*args, **options):
    return _flat("device_ignored", *args, **options)


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
