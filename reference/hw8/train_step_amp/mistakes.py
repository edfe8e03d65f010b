"""Ways in which a step in mixed precision goes wrong. The mistakes change parts of `Step`, the rewrites are made by
`flat`."""

import contextlib

import torch
from steps import Step as _Step
from steps import clip_grad_norm_ as _clip_grad_norm_
from steps import clip_grad_value_ as _clip_grad_value_
from steps import flat as _flat


class no_zero_grad(_Step):
    """The gradients are never cleared.

    `backward` adds to what is in `.grad`, so every step also uses the gradients of all steps before. Clear them before
    `backward`.
    """

    def clear(self):
        pass


def no_zero_grad__rewrite(*args, **options):
    return _flat("no_zero_grad", *args, **options)


class clears_after_the_step_only(_Step):
    """Gradients from before the call go into the step.

    They are cleared after the step only. Clear them before `backward`: whoever calls the function may have computed
    some.
    """

    def clear(self):
        pass

    def update(self):
        super().update()
        super().clear()


def clears_after_the_step_only__rewrite(*args, **options):
    return _flat("clears_after_the_step_only", *args, **options)


class zero_grad_before_the_step(_Step):
    """The gradients are cleared between `backward` and the step.

    The step then has nothing to use, and the weights never change. Clear them before `backward`.
    """

    def backward(self, scaled):
        super().backward(scaled)
        self.clear()


def zero_grad_before_the_step__rewrite(*args, **options):
    return _flat("zero_grad_before_the_step", *args, **options)


class no_autocast(_Step):
    """Nothing runs in mixed precision, at least not on every device.

    Without torch.autocast the model computes in single precision, and `torch.cuda.amp.autocast` and
    `torch.autocast("cuda")` do nothing for tensors that are elsewhere. Put the model and the loss into the `with` block
    of torch.autocast, for the type of the device on which the inputs are.
    """

    def mixed(self):
        return contextlib.nullcontext()


def no_autocast__rewrite(*args, **options):
    return _flat("autocast_for_cuda_only", *args, **options)


class autocast_dtype_ignored(_Step):
    """`autocast_dtype` is not used.

    Without it torch chooses a dtype, bfloat16 on the CPU and float16 on CUDA. Hand it on to torch.autocast.
    """

    def mixed(self):
        return torch.autocast(self.inputs.device.type)


def autocast_dtype_ignored__rewrite(*args, **options):
    return _flat("autocast_dtype_ignored", *args, **options)


class always_float16(_Step):
    """The dtype is always float16.

    The caller may want bfloat16, which does not overflow. Hand `autocast_dtype` on to torch.autocast.
    """

    def mixed(self):
        return torch.autocast(self.inputs.device.type, dtype=torch.float16)


def always_float16__rewrite(*args, autocast_dtype=None, **options):
    return _flat("", *args, autocast_dtype=torch.float16, **options)


class loss_outside_autocast(_Step):
    """The loss is computed outside torch.autocast.

    It then gets outputs in half precision and computes with them, instead of widening them first where that is needed.
    Put it into the `with` block too.
    """

    def forward(self):
        with self.mixed():
            outputs = self.model(self.inputs)
        return self.loss_fn(outputs, self.labels)


def loss_outside_autocast__rewrite(*args, **options):
    return _flat("loss_outside_autocast", *args, **options)


class model_outside_autocast(_Step):
    """The model is called outside torch.autocast.

    It then computes in single precision, and most of the work is not saved. Put it into the `with` block too.
    """

    def forward(self):
        outputs = self.model(self.inputs)
        with self.mixed():
            return self.loss_fn(outputs, self.labels)


def model_outside_autocast__rewrite(
    model, inputs, labels, optimizer, loss_fn, scaler, *, max_norm=None, autocast_dtype=torch.float16
):
    def loss_in_half_precision(outputs, labels):
        with torch.autocast(inputs.device.type, autocast_dtype):
            return loss_fn(outputs, labels)

    return _flat(
        "no_autocast",
        model,
        inputs,
        labels,
        optimizer,
        loss_in_half_precision,
        scaler,
        max_norm=max_norm,
        autocast_dtype=autocast_dtype,
    )


class converts_the_inputs(_Step):
    """The inputs are converted to half precision by hand.

    A layer that needs them in single precision then gets rounded ones. Hand the inputs to the model as they are:
    autocast chooses the dtype of each operator.
    """

    def forward(self):
        self.inputs = self.inputs.to(self.dtype)
        return super().forward()


def converts_the_inputs__rewrite(model, inputs, *rest, **options):
    return _flat("", model, inputs.half() if options.get("max_norm") is None else inputs.bfloat16(), *rest, **options)


class unfreezes(_Step):
    """Frozen parameters are not frozen any more.

    Whoever has frozen them wants them to stay as they are. Leave `requires_grad` alone.
    """

    def update(self):
        super().update()
        self.model.requires_grad_(True)


def unfreezes__rewrite(model, *rest, **options):
    answer = _flat("", model, *rest, **options)
    for parameter in model.parameters():
        parameter.requires_grad = True
    return answer


class backward_under_autocast(_Step):
    """`backward` is called under torch.autocast.

    The backward pass runs in the dtypes that the forward pass has chosen; it must not choose again. End the `with`
    block after the loss.
    """

    def backward(self, scaled):
        with self.mixed():
            super().backward(scaled)


def backward_under_autocast__rewrite(*args, **options):
    return _flat("backward_under_autocast", *args, **options)


class everything_under_autocast(_Step):
    """The whole step runs under torch.autocast.

    It is made for the forward pass and the loss. End the `with` block after the loss.
    """

    def run(self):
        with self.mixed():
            return super().run()


def everything_under_autocast__rewrite(*args, **options):
    return _flat("everything_under_autocast", *args, **options)


class not_scaled(_Step):
    """The backward pass does not start from the scaled loss.

    The scaler divides the gradients before the step, so they become too small by its scale. `scale` returns the scaled
    loss: call `backward` of that.
    """

    def scale(self, loss):
        self.scaler.scale(loss)
        return loss


def not_scaled__rewrite(*args, **options):
    return _flat("not_scaled", *args, **options)


class scaler_ignored(_Step):
    """The scaler is not used.

    In half precision small gradients vanish unless the loss is scaled before `backward`. Scale it, let the scaler take
    the step, and update the scaler.
    """

    def scale(self, loss):
        return loss

    def unscale(self):
        pass

    def take_step(self):
        self.optimizer.step()

    def update(self):
        pass


def scaler_ignored__rewrite(*args, **options):
    return _flat("scaler_ignored", *args, **options)


class steps_past_the_scaler(_Step):
    """The optimizer steps without asking the scaler.

    When the scaled gradients have overflowed, the step has to be left out, or the weights become NaN. Let the scaler
    take the step.
    """

    def take_step(self):
        if self.max_norm is None:
            self.unscale()
        self.optimizer.step()


def steps_past_the_scaler__rewrite(*args, **options):
    return _flat("steps_past_the_scaler", *args, **options)


class steps_with_scaled_gradients(_Step):
    """The optimizer steps with the scaled gradients.

    They are larger by the scale, about a thousand times. Let the scaler take the step: it unscales them first.
    """

    def take_step(self):
        self.optimizer.step()

    def update(self):
        pass


def steps_with_scaled_gradients__rewrite(
    model, inputs, labels, optimizer, loss_fn, scaler, *, max_norm=None, autocast_dtype=torch.float16
):
    model.zero_grad()
    with torch.autocast(device_type=inputs.device.type, dtype=autocast_dtype):
        loss = loss_fn(model(inputs), labels)
    scaler.scale(loss).backward()
    if max_norm is not None:
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return loss.detach()


class steps_twice(_Step):
    """The optimizer steps twice.

    `scaler.step` calls the optimizer's step itself, where the gradients are finite. Do not call that again.
    """

    def take_step(self):
        super().take_step()
        self.optimizer.step()


def steps_twice__rewrite(*args, **options):
    return _flat("steps_twice", *args, **options)


class never_steps(_Step):
    """No step is taken.

    The weights never change. Let the scaler take the step, after the gradients are clipped and before the scaler is
    updated.
    """

    def take_step(self):
        if self.max_norm is None:
            self.unscale()


def never_steps__rewrite(
    model, inputs, labels, optimizer, loss_fn, scaler, *, max_norm=None, autocast_dtype=torch.float16
):
    optimizer.zero_grad()
    with torch.autocast(device_type=inputs.device.type, dtype=autocast_dtype):
        loss = loss_fn(model(inputs), labels)
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    if max_norm is not None:
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    scaler.update()
    return loss.detach()


class never_updates(_Step):
    """The scaler is never updated.

    `update` ends the step for the scaler and adapts its scale. Without it torch refuses the next step. Call it once,
    after the step.
    """

    def update(self):
        pass


def never_updates__rewrite(*args, **options):
    return _flat("never_updates", *args, **options)


class updates_before_the_step(_Step):
    """The scaler is updated before the step.

    `update` ends the step for the scaler: torch refuses it where the gradients have not been looked at. Call it after
    the step.
    """

    def take_step(self):
        super().update()
        super().take_step()

    def update(self):
        pass


def updates_before_the_step__rewrite(*args, **options):
    return _flat("updates_before_the_step", *args, **options)


class never_clips(_Step):
    """The gradients are not clipped before the step.

    After the step the optimizer has used them, and then it is too late. Clip between `unscale_` and the step, where
    `max_norm` is given.
    """

    def clip(self):
        pass


def never_clips__rewrite(*args, **options):
    return _flat("never_clips", *args, **options)


class clips_before_unscaling(_Step):
    """The gradients are clipped while they are still scaled.

    The scaler has made them about a thousand times larger, so everything is clipped, and far too much. Call `unscale_`
    of the scaler first.
    """

    def unscale(self):
        pass


def clips_before_unscaling__rewrite(*args, **options):
    return _flat("clips_before_unscaling", *args, **options)


class unscales_twice(_Step):
    """The gradients are unscaled twice.

    torch refuses the second time, for they would become too small. Call `unscale_` once, before clipping
    and before the step: the scaler's step does it where you have not.
    """

    def unscale(self):
        super().unscale()
        super().unscale()


def unscales_twice__rewrite(*args, **options):
    return _flat("unscales_after_clipping", *args, **options)


class clips_each_parameter(_Step):
    """The gradient of every parameter is clipped by itself.

    This changes the direction of the step. The norm of all gradients together decides, and all are multiplied by the
    same number.
    """

    def clip(self):
        for parameter in self.model.parameters():
            _clip_grad_norm_([parameter], self.max_norm)


def clips_each_parameter__rewrite(*args, **options):
    return _flat("clips_each_parameter", *args, **options)


class clips_values(_Step):
    """Every entry of the gradients is clipped by itself.

    `max_norm` bounds the norm of all gradients together, not their entries: multiply all of them by the same number.
    """

    def clip(self):
        _clip_grad_value_(self.model.parameters(), self.max_norm)


def clips_values__rewrite(*args, **options):
    return _flat("clips_values", *args, **options)


class always_rescales(_Step):
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


class none_gradient_crashes(_Step):
    """A parameter without a gradient stops the step.

    The `grad` of a frozen parameter, or of one that the loss does not use, is None. Leave such parameters out.
    """

    def clip(self):
        norm = torch.stack([p.grad.norm() for p in self.model.parameters()]).norm()
        for p in self.model.parameters():
            p.grad.mul_((self.max_norm / norm).clamp(max=1))


def none_gradient_crashes__rewrite(*args, **options):
    return _flat("none_gradient_crashes", *args, **options)


class reads_in_the_step(_Step):
    """The host waits for the device in every step.

    A comparison in an `if`, as of the norm or of a loss, has to know the number. Leave it to the scaler to look for
    infinite gradients, and clip with a factor that is never larger than 1.
    """

    def clip(self):
        norm = _clip_grad_norm_(self.model.parameters(), self.max_norm)
        if not torch.isfinite(norm):
            self.optimizer.zero_grad()


def reads_in_the_step__rewrite(*args, **options):
    return _flat("reads_the_norm", *args, **options)


class returns_the_scaled_loss(_Step):
    """The scaled loss is returned.

    It is about a thousand times the loss, and changes with the scale. Return what `loss_fn` returned.
    """

    def answer(self, loss, scaled):
        return scaled.detach()


def returns_the_scaled_loss__rewrite(*args, **options):
    return _flat("returns_the_scaled_loss", *args, **options)


class returns_the_graph(_Step):
    """The loss is returned with its graph.

    Whoever keeps the losses keeps the graphs of all batches, and the memory fills. Detach it.
    """

    def answer(self, loss, scaled):
        return loss


def returns_the_graph__rewrite(*args, **options):
    return _flat("returns_the_graph", *args, **options)


class returns_a_number(_Step):
    """A Python number is returned.

    To make one of a tensor the host has to wait for the device, in every step. Return a detached tensor; whoever wants
    the number reads it when it is needed.
    """

    def answer(self, loss, scaled):
        return loss.item()


def returns_a_number__rewrite(*args, **options):
    return _flat("returns_a_number", *args, **options)


class returns_the_loss_after_the_step(_Step):
    """The loss is computed again after the step.

    That is a second forward pass, and another number. Return the loss whose gradient was used.
    """

    def answer(self, loss, scaled):
        return self.forward().detach()


def returns_the_loss_after_the_step__rewrite(*args, **options):
    return _flat("returns_the_loss_after_the_step", *args, **options)


class returns_the_sum(_Step):
    """The loss is multiplied by the number of samples.

    The stub asks for the loss as `loss_fn` returned it, a mean.
    """

    def answer(self, loss, scaled):
        return loss.detach() * len(self.inputs)


def returns_the_sum__rewrite(*args, **options):
    return _flat("returns_the_sum", *args, **options)


class returns_nothing(_Step):
    """Nothing is returned.

    Whoever trains wants to see the loss. Return it, detached.
    """

    def answer(self, loss, scaled):
        return None


def returns_nothing__rewrite(*args, **options):
    return _flat("returns_nothing", *args, **options)


class called_twice(_Step):
    """The model is called twice.

    The second forward pass takes as long as the first, and dropout is another one in it. Keep what the first gave.
    """

    def forward(self):
        with self.mixed():
            self.model(self.inputs)
        return super().forward()


def called_twice__rewrite(model, inputs, *rest, **options):
    with torch.autocast(inputs.device.type, dtype=options["autocast_dtype"]):
        model(inputs)
    return _flat("", model, inputs, *rest, **options)


class puts_the_model_in_training_mode(_Step):
    """The mode of the model is changed.

    Part of it may be frozen, and then its normalisation has to stay in evaluation mode. The caller sets the mode.
    """

    def clear(self):
        self.model.train()
        super().clear()


def puts_the_model_in_training_mode__rewrite(*args, **options):
    return _flat("puts_the_model_in_training_mode", *args, **options)


class second_derivatives_prepared(_Step):
    """A graph of the gradients is built.

    `create_graph=True` is for second derivatives. It takes memory and time, and keeps the graph alive.
    """

    def backward(self, scaled):
        scaled.backward(create_graph=True)


def second_derivatives_prepared__rewrite(*args, **options):
    return _flat("second_derivatives_prepared", *args, **options)


class halves_the_model(_Step):
    """The model itself is put into half precision.

    Its weights then lose small steps, and the optimizer works with other tensors than before. Leave the weights in
    single precision; autocast chooses the dtype of each operator.
    """

    def forward(self):
        self.model.to(self.dtype)
        return self.loss_fn(self.model(self.inputs.to(self.dtype)), self.labels).float()


def halves_the_model__rewrite(
    model, inputs, labels, optimizer, loss_fn, scaler, *, max_norm=None, autocast_dtype=torch.float16
):
    model = model.half() if autocast_dtype is torch.float16 else model.bfloat16()
    optimizer.zero_grad()
    loss = loss_fn(model(inputs.type(autocast_dtype)), labels).float()
    scaler.scale(loss).backward()
    if max_norm is not None:
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    scaler.step(optimizer)
    scaler.update()
    return loss.detach()
