"""Ways in which the training loop goes wrong with clearing gradients and accumulating them over batches."""

from typing import Any

from loops import Loop as _Loop
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
