"""Two training loops that the mistakes change: `Loop`, a class of small steps, and `flat`, one long function."""

from typing import Any

import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_


class Loop:
    """Right as it stands; a mistake overrides one of the steps. To call the class is to train."""

    val_loader: Any
    max_norm: Any
    total: Any

    def __new__(cls, *args, **options):
        loop = super().__new__(cls)
        loop.prepare(*args, **options)
        return loop.run()

    def prepare(self, model, train_loader, optimizer, loss_fn, num_epochs, device, **options):
        self.model, self.train_loader, self.optimizer, self.loss_fn = model, train_loader, optimizer, loss_fn
        self.epochs, self.device = num_epochs, device
        self.val_loader, self.accumulate = options.get("val_loader"), options.get("accumulate", 1)
        self.max_norm, self.scaler = options.get("max_norm"), options.get("scaler")
        self.dtype, self.given = options.get("autocast_dtype"), options.get("history")

    def run(self):
        self.place_model()
        self.clear_at_start()
        history = self.begun_history()
        for _ in range(self.epochs_done(), self.epochs):
            self.training_mode()
            self.clear_left_over()
            self.total, self.samples = 0.0, 0
            for index, (inputs, labels) in enumerate(self.train_loader):
                self.train_batch(index, *self.move(inputs, labels))
            history["train_loss"].append(self.figure(self.total / self.samples))
            if self.val_loader is not None:
                for key, value in zip(("val_loss", "val_accuracy"), self.validate(), strict=True):
                    history[key].append(self.figure(value))
        return history

    def begun_history(self):
        keys = ("train_loss",) if self.val_loader is None else ("train_loss", "val_loss", "val_accuracy")
        return {key: list(self.given[key]) if self.given else [] for key in keys}

    def epochs_done(self):
        return len(self.given["train_loss"]) if self.given else 0

    def train_batch(self, index, inputs, labels):
        loss = self.outcome(inputs, labels)[1]
        part = self.divided(loss, index)
        scaled = part if self.scaler is None else self.scaler.scale(part)
        self.backward(scaled)
        if self.group_ends(index):
            self.step()
        self.record(loss, part, scaled, len(labels))

    def validate(self):
        self.evaluation_mode()
        total, right, samples = 0.0, 0, 0
        with self.no_gradients():
            for inputs, labels in self.val_loader:
                inputs, labels = self.move(inputs, labels)
                outputs, loss = self.validation_outcome(inputs, labels)
                total, right = total + loss * len(labels), right + (outputs.argmax(1) == labels).sum()
                samples += len(labels)
        return total / samples, right / samples

    def place_model(self):
        self.model.to(self.device)

    def move(self, inputs, labels):
        return inputs.to(self.device), labels.to(self.device)

    def training_mode(self):
        self.model.train()

    def evaluation_mode(self):
        self.model.eval()

    def no_gradients(self):
        return torch.no_grad()

    def mixed(self):
        return torch.autocast(self.device.type, dtype=self.dtype, enabled=self.dtype is not None)

    def outcome(self, inputs, labels):
        with self.mixed():
            outputs = self.model(inputs)
            return outputs, self.loss_fn(outputs, labels)

    def validation_outcome(self, inputs, labels):
        return self.outcome(inputs, labels)

    def group_size(self, index):
        return min(self.accumulate, len(self.train_loader) - index // self.accumulate * self.accumulate)

    def divided(self, loss, index):
        return loss / self.group_size(index)

    def backward(self, scaled):
        scaled.backward()

    def group_ends(self, index):
        return (index + 1) % self.accumulate == 0 or index + 1 == len(self.train_loader)

    def clear(self):
        self.optimizer.zero_grad()

    def clear_at_start(self):
        self.clear()

    def clear_left_over(self):
        self.clear()

    def step(self):
        if self.max_norm is not None:
            self.unscale()
            self.clip()
        self.take_step()
        self.clear()

    def unscale(self):
        if self.scaler is not None:
            self.scaler.unscale_(self.optimizer)

    def clip(self):
        clip_grad_norm_(self.model.parameters(), self.max_norm)

    def take_step(self):
        if self.scaler is None:
            self.optimizer.step()
        else:
            self.scaler.step(self.optimizer)
            self.scaler.update()

    def record(self, loss, part, scaled, count):
        self.total = self.total + loss.detach() * count
        self.samples += count

    def figure(self, value):
        return value.item()


def flat(
    wrong,
    model,
    train_loader,
    optimizer,
    loss_fn,
    num_epochs,
    device,
    *,
    val_loader=None,
    accumulate=1,
    max_norm=None,
    scaler=None,
    autocast_dtype=None,
    history=None,
):
    """`wrong` is the name of the mistake that it makes."""
    if wrong == "device_ignored":
        device = torch.device("cpu")
    if wrong == "scaler_ignored":
        scaler = None
    if wrong == "autocast_ignored":
        autocast_dtype = None
    if wrong == "resume_ignored":
        history = None
    if wrong == "settings_left_changed":
        torch.set_float32_matmul_precision("high")
    if wrong == "device_chosen_by_itself" and torch.cuda.is_available():
        device = torch.device("cuda")
    if wrong != "model_not_moved":
        model.to(device)
    if wrong == "train_mode_once":
        model.train()
    params = list(model.parameters())
    amp = autocast_dtype is not None
    number = len(train_loader)
    tail = number % accumulate
    train_losses, val_losses, accuracies = [], [], []
    held = 0

    done = len(history["train_loss"]) if history else 0
    done -= wrong == "resume_repeats_the_last_epoch" and done > 0
    if wrong not in ("no_zero_grad", "clears_after_steps_only"):
        for p in params:
            p.grad = None
    for _ in range(0 if wrong == "resume_trains_all_epochs" else done, num_epochs):
        if wrong not in ("never_train_mode", "train_mode_once"):
            model.train()
        if wrong not in ("no_zero_grad", "tail_left_for_the_next_epoch", "clears_after_steps_only"):
            for p in params:
                p.grad = None
        losses, sizes = [], []
        for i, (X, y) in enumerate(train_loader, 1):
            if wrong != "inputs_not_moved":
                X = X.to(device)
            if wrong != "labels_not_moved":
                y = y.to(device)
            dtype = None if wrong == "autocast_dtype_ignored" else autocast_dtype
            with torch.autocast(device_type=device.type, enabled=amp, dtype=dtype):
                out = model(X)
                if wrong != "loss_outside_autocast":
                    loss = loss_fn(out, y)
            if wrong == "loss_outside_autocast":
                loss = loss_fn(out.float(), y)
            k = tail if i > number - tail and wrong != "tail_divided_by_accumulate" else accumulate
            if wrong == "loss_not_divided":
                k = 1
            small = loss * (1.0 / k)
            plain = scaler is None or wrong == "one_backward_a_group"
            plain |= wrong == "scales_the_last_batch_of_a_group" and i % accumulate != 0 and i != number
            big = small if plain else scaler.scale(small)
            if wrong == "zero_grad_every_batch":
                model.zero_grad()
            if wrong == "one_backward_a_group":
                held = held + small
                if i % accumulate == 0 or i == number:
                    (held if scaler is None else scaler.scale(held)).backward()
                    held = 0
            else:
                big.backward(create_graph=wrong == "second_derivatives_prepared")
            size = y.shape[0]
            kept = {"divided_loss_reported": small, "scaled_loss_reported": big}.get(wrong, loss)
            if wrong == "divided_loss_multiplied_again":
                kept = small * accumulate
            if wrong == "scaler_updated_every_batch" and scaler is not None and i % accumulate != 0 and i != number:
                scaler.update()
            if wrong != "keeps_graphs":
                kept = kept.detach()
            if wrong == "reads_every_batch":
                kept = torch.tensor(float(kept), device=device)
            if wrong == "copies_every_batch":
                kept = kept.to("cpu")
            losses.append(kept)
            sizes.append(size)
            if wrong == "clips_every_batch" and max_norm is not None:
                if scaler is not None:
                    scaler.unscale_(optimizer)
                torch.nn.utils.clip_grad_norm_(params, max_norm)
            left_over = i == number and wrong not in ("tail_dropped", "tail_left_for_the_next_epoch")
            if i % accumulate == 0 or left_over or wrong == "steps_every_batch":
                early = wrong in ("clips_before_unscaling", "clips_every_batch")
                if scaler is not None and not early and (max_norm is not None or wrong == "steps_past_scaler"):
                    scaler.unscale_(optimizer)
                if max_norm is not None and wrong not in ("clips_after_step", "clips_every_batch"):
                    _flat_clip(wrong, params, max_norm)
                if wrong == "zero_grad_before_step":
                    model.zero_grad()
                if scaler is None or wrong == "steps_past_scaler":
                    optimizer.step()
                else:
                    scaler.step(optimizer)
                if scaler is not None and wrong != "scaler_never_updated":
                    scaler.update()
                if max_norm is not None and wrong == "clips_after_step":
                    torch.nn.utils.clip_grad_norm_(params, max_norm)
                if wrong != "no_zero_grad":
                    for p in params:
                        p.grad = None
        if wrong == "loss_measured_after_the_epoch":
            losses, sizes = _flat_again(model, train_loader, loss_fn, device)
        train_losses.append(_flat_mean(wrong, losses, sizes))
        if val_loader is None:
            continue
        if wrong != "no_eval_mode":
            model.train(False)
        if wrong == "gradients_left_off":
            torch.set_grad_enabled(False)
        before = torch.is_grad_enabled()
        torch.set_grad_enabled(wrong == "no_no_grad")
        losses, sizes, right = [], [], []
        if wrong == "autocast_in_training_only":
            amp = False
        for X, y in val_loader:
            if wrong != "inputs_not_moved":
                X = X.to(device)
            if wrong != "labels_not_moved":
                y = y.to(device)
            dtype = None if wrong == "autocast_dtype_ignored" else autocast_dtype
            with torch.autocast(device_type=device.type, enabled=amp, dtype=dtype):
                out = model(X)
                if wrong != "loss_outside_autocast":
                    loss = loss_fn(out, y)
            if wrong == "loss_outside_autocast":
                loss = loss_fn(out.float(), y)
            losses.append(loss.detach())
            right.append((out.topk(1).indices[:, 0] == y).float().mean())
            sizes.append(y.shape[0])
        amp = autocast_dtype is not None
        torch.set_grad_enabled(before)
        both = "average_over_batches" if wrong in ("average_over_batches", "val_average_over_batches") else ""
        if wrong == "unfreezes_after_validation":
            for p in params:
                p.requires_grad = True
        val_losses.append(_flat_mean(both, losses, sizes))
        accuracies.append(_flat_mean(both, right, sizes) * (100.0 if wrong == "accuracy_in_percent" else 1.0))
        known = [*(history["val_loss"] if history else ()), *val_losses]
        if wrong == "stops_early" and len(known) > 1 and known[-1] >= min(known[:-1]):
            break
    if wrong == "freezes_at_the_end":
        for p in params:
            p.requires_grad = False
    found = {"train_loss": train_losses}
    if val_loader is not None:
        found.update({"val_loss": val_losses, "val_accuracy": accuracies})
    if wrong == "history_of_batches":
        found["train_loss"] = [v for values in train_losses for v in values]
    if wrong == "history_extended":
        for key, values in (history or {}).items():
            values.extend(found[key])
        return history or found
    if history and wrong != "resume_forgets_the_epochs_before":
        found = {key: history[key] + values for key, values in found.items()}
    history = found
    if wrong == "history_of_tensors":
        history = {key: [torch.tensor(v) for v in values] for key, values in history.items()}
    return None if wrong == "returns_nothing" else history


def _flat_again(model, loader, loss_fn, device):
    losses, sizes = [], []
    model.eval()
    with torch.no_grad():
        for X, y in loader:
            losses.append(loss_fn(model(X.to(device)), y.to(device)))
            sizes.append(len(y))
    model.train()
    return losses, sizes


def _flat_mean(wrong, losses, sizes):
    if wrong == "history_of_batches":
        return torch.stack(losses).tolist()
    if wrong == "last_loss_reported":
        return losses[-1].item()
    if wrong in ("average_over_batches", "train_average_over_batches"):
        return torch.stack(losses).mean().item()
    return (sum(loss * size for loss, size in zip(losses, sizes, strict=True)) / sum(sizes)).item()


def _flat_clip(wrong, params, max_norm):
    graded = [p for p in params if p.grad is not None or wrong == "none_gradient_crashes"]
    if wrong == "clips_values":
        return clip_grad_value_(params, max_norm)
    if wrong == "clips_each_parameter":
        for p in graded:
            p.grad = p.grad * (max_norm / p.grad.norm()).clamp(max=1)
        return None
    norm = sum(p.grad.pow(2).sum() for p in graded) ** 0.5
    share = max_norm / norm
    for p in graded:
        p.grad *= share if wrong == "always_rescales" else share.clamp(max=1)
    return None
