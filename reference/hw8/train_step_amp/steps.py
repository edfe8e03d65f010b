"""Two steps that the mistakes change: `Step`, a class of small parts, and `flat`, one long function."""

import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_


class Step:
    """Right as it stands; a mistake overrides one of the parts. To call the class is to step."""

    def __new__(cls, model, inputs, labels, optimizer, loss_fn, scaler, *, max_norm=None, autocast_dtype=torch.float16):
        step = super().__new__(cls)
        step.model, step.inputs, step.labels = model, inputs, labels
        step.optimizer, step.loss_fn, step.scaler = optimizer, loss_fn, scaler
        step.max_norm, step.dtype = max_norm, autocast_dtype
        return step.run()

    def run(self):
        self.clear()
        loss = self.forward()
        scaled = self.scale(loss)
        self.backward(scaled)
        if self.max_norm is not None:
            self.unscale()
            self.clip()
        self.take_step()
        self.update()
        return self.answer(loss, scaled)

    def clear(self):
        self.optimizer.zero_grad()

    def mixed(self):
        return torch.autocast(self.inputs.device.type, dtype=self.dtype)

    def forward(self):
        with self.mixed():
            return self.loss_fn(self.model(self.inputs), self.labels)

    def scale(self, loss):
        return self.scaler.scale(loss)

    def backward(self, scaled):
        scaled.backward()

    def unscale(self):
        self.scaler.unscale_(self.optimizer)

    def clip(self):
        clip_grad_norm_(self.model.parameters(), self.max_norm)

    def take_step(self):
        self.scaler.step(self.optimizer)

    def update(self):
        self.scaler.update()

    def answer(self, loss, scaled):
        return loss.detach()


def flat(wrong, model, inputs, labels, optimizer, loss_fn, scaler, *, max_norm=None, autocast_dtype=torch.float16):
    """`wrong` is the name of the mistake that it makes."""
    params = list(model.parameters())

    def zero():
        for p in params:
            p.grad = None

    if wrong == "puts_the_model_in_training_mode":
        model.train(True)
    if wrong not in ("no_zero_grad", "clears_after_the_step_only", "zero_grad_before_the_step"):
        zero()
    kind = "cuda" if wrong == "autocast_for_cuda_only" else inputs.device.type
    dtype = None if wrong == "autocast_dtype_ignored" else autocast_dtype
    amp = torch.autocast(kind, dtype=dtype, enabled=wrong != "no_autocast")
    with amp:
        outputs = model(inputs)
        if wrong != "loss_outside_autocast":
            loss = loss_fn(outputs, labels)
        big = None
        if wrong in ("backward_under_autocast", "everything_under_autocast"):
            big = scaler.scale(loss)
            big.backward()
        if wrong == "everything_under_autocast":
            if max_norm is not None:
                scaler.unscale_(optimizer)
                clip_grad_norm_(params, max_norm)
            scaler.step(optimizer)
            scaler.update()
            return loss.detach()
    if wrong == "loss_outside_autocast":
        loss = loss_fn(outputs, labels)
    if big is None:
        big = loss if wrong in ("not_scaled", "scaler_ignored") else scaler.scale(loss)
        big.backward(create_graph=wrong == "second_derivatives_prepared")
    if wrong == "zero_grad_before_the_step":
        zero()
    if max_norm is not None:
        if wrong not in ("clips_before_unscaling", "scaler_ignored"):
            scaler.unscale_(optimizer)
        _clip(wrong, params, max_norm)
        if wrong == "unscales_after_clipping":
            scaler.unscale_(optimizer)
    if wrong == "steps_past_the_scaler":
        if max_norm is None:
            scaler.unscale_(optimizer)
        optimizer.step()
    elif wrong == "scaler_ignored":
        optimizer.step()
    elif wrong == "steps_twice":
        scaler.step(optimizer)
        optimizer.step()
    elif wrong == "updates_before_the_step":
        scaler.update()
        scaler.step(optimizer)
    else:
        scaler.step(optimizer)
    if wrong not in ("never_updates", "scaler_ignored", "updates_before_the_step"):
        scaler.update()
    if wrong == "clears_after_the_step_only":
        zero()
    return _answer(wrong, model, inputs, labels, loss_fn, loss, big, amp)


def _clip(wrong, params, max_norm):
    if wrong == "never_clips":
        return
    if wrong == "clips_values":
        clip_grad_value_(params, max_norm)
    elif wrong == "clips_each_parameter":
        for p in params:
            if p.grad is not None:
                p.grad = p.grad * (max_norm / p.grad.norm()).clamp(max=1)
    else:
        graded = [p for p in params if p.grad is not None or wrong == "none_gradient_crashes"]
        norm = sum((p.grad.pow(2).sum() for p in graded), params[0].new_zeros(())) ** 0.5
        if wrong == "reads_the_norm" and norm <= max_norm:
            return
        share = max_norm / norm
        for p in graded:
            p.grad *= share if wrong == "always_rescales" else share.clamp(max=1)


def _answer(wrong, model, inputs, labels, loss_fn, loss, big, amp):
    if wrong == "returns_the_scaled_loss":
        return big.detach()
    if wrong == "returns_the_graph":
        return loss
    if wrong == "returns_a_number":
        return float(loss)
    if wrong == "returns_the_loss_after_the_step":
        with torch.no_grad(), amp:
            return loss_fn(model(inputs), labels)
    if wrong == "returns_the_sum":
        return loss.detach() * len(labels)
    if wrong == "returns_nothing":
        return None
    return loss.detach()
