"""Ways in which the training loop goes wrong with clipping."""

import torch
from loops import Loop as _Loop
from loops import clip_grad_norm_ as _clip_grad_norm_
from loops import clip_grad_value_ as _clip_grad_value_
from loops import flat as _flat


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
