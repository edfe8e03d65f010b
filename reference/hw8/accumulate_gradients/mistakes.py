"""Ways in which accumulating gradients goes wrong. The mistakes change parts of `Pieces`, the rewrites are made by
`flat`."""

import torch
from pieces import Pieces as _Pieces
from pieces import flat as _flat


class weighted_alike(_Pieces):
    """All micro-batches count alike, also a smaller last one.

    Its samples then count more than the others. Multiply the loss of every micro-batch by its share of the samples, not
    by 1 / number of micro-batches; and do so for the mean loss that you return as well.
    """

    def weight(self, labels):
        return 1 / len(self.labels.split(self.size))

    def record(self, loss, labels):
        self.total = self.total + loss.detach() * self.weight(labels)


def weighted_alike__rewrite(*args):
    return _flat("weighted_alike", *args)


class gradients_weighted_alike(_Pieces):
    """The gradients of all micro-batches count alike, also those of a smaller last one.

    Its samples then count more than the others. Multiply the loss of every micro-batch by its share of the samples
    before `backward`, not by 1 / number of micro-batches.
    """

    def weight(self, labels):
        return 1 / len(self.labels.split(self.size))


def gradients_weighted_alike__rewrite(model, inputs, labels, optimizer, loss_fn, micro_batch_size):
    if micro_batch_size < 1:
        raise ValueError("micro_batch_size")
    model.zero_grad()
    parts = [(x, y) for x, y in zip(inputs.split(micro_batch_size), labels.split(micro_batch_size), strict=True)]
    total = 0
    for x, y in parts:
        loss = loss_fn(model(x), y)
        (loss / len(parts)).backward()
        total = total + loss.detach() * len(y)
    return total / len(labels)


class not_weighted(_Pieces):
    """The losses are not weighted before `backward`.

    `backward` adds up, so `grad` becomes the sum of the gradients of all micro-batches, not their mean. Multiply the
    loss of every micro-batch by its share of the samples.
    """

    def weight(self, labels):
        return 1.0


def not_weighted__rewrite(*args):
    return _flat("not_weighted", *args)


class divided_by_the_size(_Pieces):
    """The losses are divided by the size of a micro-batch.

    They are means over it already. Multiply the loss of every micro-batch by its share of the samples of the batch.
    """

    def weight(self, labels):
        return 1 / self.size


def divided_by_the_size__rewrite(*args):
    return _flat("divided_by_the_size", *args)


class divided_by_the_batch(_Pieces):
    """The losses are divided by the number of samples, but not multiplied by those of the micro-batch.

    The loss of a micro-batch is a mean: it stands for as many samples as the micro-batch has. Multiply by their share.
    """

    def weight(self, labels):
        return 1 / len(self.labels)


def divided_by_the_batch__rewrite(*args):
    return _flat("divided_by_the_batch", *args)


class tail_weighted_as_full(_Pieces):
    """A smaller last micro-batch gets the weight of a full one.

    Its samples then count more than the others. Ask how many samples the micro-batch has, instead of taking
    `micro_batch_size`.
    """

    def weight(self, labels):
        return self.size / len(self.labels)


def tail_weighted_as_full__rewrite(*args):
    return _flat("tail_weighted_as_full", *args)


class tail_dropped(_Pieces):
    """The samples that are left over are dropped.

    When the size of the batch is no multiple of `micro_batch_size`, the last micro-batch is smaller. It counts too.
    """

    def parts(self):
        return [part for part in super().parts() if len(part[1]) == min(self.size, len(self.labels))]


def tail_dropped__rewrite(*args):
    return _flat("tail_dropped", *args)


class small_batch_dropped(_Pieces):
    """The samples that are left over are dropped, all of them where the batch is smaller than a micro-batch.

    The number of micro-batches has to be rounded up: the last one is smaller, and counts too.
    """

    def parts(self):
        return [part for part in super().parts() if len(part[1]) == self.size]


def small_batch_dropped__rewrite(model, inputs, labels, optimizer, loss_fn, micro_batch_size):
    if micro_batch_size < 1:
        raise ValueError("micro_batch_size")
    optimizer.zero_grad()
    total = torch.zeros((), device=inputs.device)
    for number in range(len(labels) // micro_batch_size):
        some = slice(number * micro_batch_size, (number + 1) * micro_batch_size)
        loss = loss_fn(model(inputs[some]), labels[some]) * micro_batch_size / len(labels)
        loss.backward()
        total += loss.detach()
    return total


class size_taken_for_number(_Pieces):
    """`micro_batch_size` is taken for the number of micro-batches.

    `torch.chunk` takes a number of parts, `torch.split` the size of a part. Each micro-batch has `micro_batch_size`
    samples.
    """

    def parts(self):
        return zip(self.inputs.chunk(self.size), self.labels.chunk(self.size), strict=True)


def size_taken_for_number__rewrite(*args):
    return _flat("size_taken_for_number", *args)


class parts_made_alike(_Pieces):
    """The micro-batches are made as equal as possible.

    Where the batch cannot be cut evenly, some then have fewer samples than `micro_batch_size`, and not only the last.
    """

    def parts(self):
        number = -(-len(self.labels) // self.size)
        return zip(self.inputs.tensor_split(number), self.labels.tensor_split(number), strict=True)


def parts_made_alike__rewrite(model, inputs, labels, optimizer, loss_fn, micro_batch_size):
    if micro_batch_size < 1:
        raise ValueError("micro_batch_size")
    count = (len(labels) + micro_batch_size - 1) // micro_batch_size
    small, more = divmod(len(labels), count)
    optimizer.zero_grad()
    total, start = 0, 0
    for number in range(count):
        stop = start + small + (number < more)
        loss = loss_fn(model(inputs[start:stop]), labels[start:stop]) * (stop - start) / len(labels)
        loss.backward()
        total, start = total + loss.detach(), stop
    return total


class whole_batch_at_once(_Pieces):
    """The whole batch goes through the model at once.

    The result is the same, but the memory for it was to be saved. Cut the batch into micro-batches.
    """

    def parts(self):
        return [(self.inputs, self.labels)]


def whole_batch_at_once__rewrite(*args):
    return _flat("whole_batch_at_once", *args)


class one_by_one(_Pieces):
    """Every sample goes through the model alone.

    That takes far more time. A micro-batch has `micro_batch_size` samples.
    """

    def parts(self):
        return zip(self.inputs.split(1), self.labels.split(1), strict=True)


def one_by_one__rewrite(*args):
    return _flat("one_by_one", *args)


class one_backward_for_all(_Pieces):
    """The graphs of all micro-batches are alive at the same time.

    No memory is saved then. Call `backward` for every micro-batch, the gradients add up by themselves. Detach a loss
    before you add it to those of the others, and keep no outputs.
    """

    def run(self):
        self.whole = 0.0
        return super().run()

    def backward(self, loss):
        self.whole = self.whole + loss

    def after_all(self):
        self.whole.backward()


def one_backward_for_all__rewrite(model, inputs, labels, optimizer, loss_fn, micro_batch_size):
    if micro_batch_size < 1:
        raise ValueError("micro_batch_size")
    optimizer.zero_grad()
    outputs = [model(part) for part in inputs.split(micro_batch_size)]
    total = torch.zeros((), device=inputs.device)
    for some, y in zip(outputs, labels.split(micro_batch_size), strict=True):
        loss = loss_fn(some, y) * (len(y) / len(labels))
        loss.backward()
        total += loss.detach()
    return total


class clears_for_every_part(_Pieces):
    """The gradients are cleared before every micro-batch.

    Only those of the last one are then left. Clear them once, before the first.
    """

    def clear_between(self):
        self.optimizer.zero_grad()


def clears_for_every_part__rewrite(*args):
    return _flat("gradients_overwritten", *args)


class never_clears(_Pieces):
    """The gradients are never cleared.

    `backward` adds to what is in `grad`, and what was there before is no part of this batch. Clear them once, before
    the first micro-batch.
    """

    def clear_at_start(self):
        pass


def never_clears__rewrite(*args):
    return _flat("never_clears", *args)


class clears_at_the_end(_Pieces):
    """After the call there are no gradients.

    They are what the function is called for. Clear them before the first micro-batch, not at the end, and do not switch
    their recording off.
    """

    def after_all(self):
        self.optimizer.zero_grad()


def clears_at_the_end__rewrite(model, inputs, labels, optimizer, loss_fn, micro_batch_size):
    if micro_batch_size < 1:
        raise ValueError("micro_batch_size")
    optimizer.zero_grad()
    total = torch.zeros((), device=inputs.device)
    with torch.no_grad():
        for x, y in zip(inputs.split(micro_batch_size), labels.split(micro_batch_size), strict=True):
            total += loss_fn(model(x), y) * len(y) / len(labels)
    return total


class steps_for_every_part(_Pieces):
    """The optimizer steps after every micro-batch.

    The next one then goes through other weights, and the step uses part of the gradient. Take no step at all: the
    caller takes it.
    """

    def after_part(self):
        self.optimizer.step()


def steps_for_every_part__rewrite(*args):
    return _flat("steps_for_every_part", *args)


class steps_at_the_end(_Pieces):
    """The optimizer steps at the end.

    The caller may want to clip the gradients first, and takes the step. Leave the weights as they are.
    """

    def after_all(self):
        self.optimizer.step()


def steps_at_the_end__rewrite(*args):
    return _flat("steps_at_the_end", *args)


class steps_and_clears_for_every_part(_Pieces):
    """Every micro-batch is trained on as a batch of its own.

    The gradients are cleared and a step is taken for each. Clear them once, before the first micro-batch, and take no
    step.
    """

    def clear_between(self):
        self.optimizer.zero_grad()

    def weight(self, labels):
        return 1.0

    def after_part(self):
        self.optimizer.step()


def steps_and_clears_for_every_part__rewrite(model, inputs, labels, optimizer, loss_fn, micro_batch_size):
    if micro_batch_size < 1:
        raise ValueError("micro_batch_size")
    total = 0
    for start in range(0, len(inputs), micro_batch_size):
        x, y = inputs[start : start + micro_batch_size], labels[start : start + micro_batch_size]
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(y)
    return total / len(labels)


class shuffled(_Pieces):
    """The samples are put into another order.

    The gradient is the same, but the micro-batches are others than the caller thinks. Cut the batch in the order of its
    samples.
    """

    def parts(self):
        order = torch.arange(len(self.labels) - 1, -1, -1, device=self.labels.device)
        return zip(self.inputs[order].split(self.size), self.labels[order].split(self.size), strict=True)


def shuffled__rewrite(model, inputs, labels, *rest):
    return _flat("", model, inputs.flip(0), labels.flip(0), *rest)


class keeps_graphs(_Pieces):
    """The sum of the losses holds on to the graph of every micro-batch.

    Their activations are then alive at the same time. Detach a loss before you add it.
    """

    def record(self, loss, labels):
        self.total = self.total + loss * (len(labels) / len(self.labels))


def keeps_graphs__rewrite(*args):
    return _flat("keeps_graphs", *args)


class reads_every_part(_Pieces):
    """The host waits for the device in every micro-batch.

    Whatever brings a number to the host does so. Add the losses up in a tensor on the device.
    """

    def record(self, loss, labels):
        number = loss.detach() * (len(labels) / len(self.labels))
        self.total = self.total + (number if number.item() >= 0 else 0)


def reads_every_part__rewrite(*args):
    return _flat("reads_every_part", *args)


class returns_a_number(_Pieces):
    """A Python number is returned.

    To make one of a tensor the host has to wait for the device. Return a detached tensor.
    """

    def answer(self):
        return self.total.item()


def returns_a_number__rewrite(*args):
    return _flat("returns_a_number", *args)


class returns_the_last(_Pieces):
    """The loss of the last micro-batch is returned.

    The stub asks for the mean over the whole batch.
    """

    def record(self, loss, labels):
        self.total = loss.detach()


def returns_the_last__rewrite(*args):
    return _flat("returns_the_last", *args)


class returns_the_mean_of_means(_Pieces):
    """The loss that is returned is a mean over micro-batches, not over samples.

    A smaller last micro-batch then counts as much as a full one. Weight its loss with its share of the samples.
    """

    def record(self, loss, labels):
        self.total = self.total + loss.detach() / len(self.labels.split(self.size))


def returns_the_mean_of_means__rewrite(*args):
    return _flat("returns_the_mean_of_means", *args)


class returns_the_sum_of_means(_Pieces):
    """The losses of the micro-batches are added up.

    The stub asks for the mean over all samples: weight the loss of every micro-batch with its share of them.
    """

    def record(self, loss, labels):
        self.total = self.total + loss.detach()


def returns_the_sum_of_means__rewrite(*args):
    return _flat("returns_the_sum_of_means", *args)


class returns_the_sum_over_samples(_Pieces):
    """The losses of all samples are added up.

    The stub asks for their mean: divide by the number of samples.
    """

    def record(self, loss, labels):
        self.total = self.total + loss.detach() * len(labels)


def returns_the_sum_over_samples__rewrite(*args):
    return _flat("returns_the_sum_over_samples", *args)


class returns_all(_Pieces):
    """A list of losses is returned.

    The stub asks for one mean over all samples.
    """

    def record(self, loss, labels):
        self.losses = [*getattr(self, "losses", []), loss.detach()]

    def answer(self):
        return self.losses


def returns_all__rewrite(*args):
    return _flat("returns_all", *args)


class returns_nothing(_Pieces):
    """Nothing is returned.

    Whoever trains wants to see the loss. Return the mean over all samples.
    """

    def answer(self):
        return None


def returns_nothing__rewrite(*args):
    return _flat("returns_nothing", *args)


class puts_the_model_in_training_mode(_Pieces):
    """The mode of the model is changed.

    The caller sets the mode.
    """

    def clear_at_start(self):
        self.model.train()
        super().clear_at_start()


def puts_the_model_in_training_mode__rewrite(*args):
    return _flat("puts_the_model_in_training_mode", *args)


class second_derivatives_prepared(_Pieces):
    """A graph of the gradients is built.

    `create_graph=True` is for second derivatives. It takes memory and time, and keeps all graphs alive.
    """

    def backward(self, loss):
        loss.backward(create_graph=True)


def second_derivatives_prepared__rewrite(*args):
    return _flat("second_derivatives_prepared", *args)


class unfreezes(_Pieces):
    """Frozen parameters are not frozen any more.

    Whoever has frozen them wants them to stay as they are. Leave `requires_grad` alone.
    """

    def after_all(self):
        for parameter in self.model.parameters():
            parameter.requires_grad = True


def unfreezes__rewrite(model, *rest):
    answer = _flat("", model, *rest)
    model.requires_grad_(True)
    return answer


class none_gradient_crashes(_Pieces):
    """A parameter without a gradient stops the function.

    The `grad` of a frozen parameter, or of one that the loss does not use, is None. Leave such parameters out, or let
    `backward` add the gradients up by itself.
    """

    def after_part(self):
        for parameter in self.model.parameters():
            parameter.grad.mul_(1.0)


def none_gradient_crashes__rewrite(*args):
    return _flat("none_gradient_crashes", *args)


class bad_size_accepted(_Pieces):
    """A `micro_batch_size` below 1 is not refused with a sentence.

    What torch or `range` says about it does not name the argument, and a negative size may be taken for an empty batch.
    Raise a ValueError that names it.
    """

    def check(self):
        pass

    def parts(self):
        starts = range(0, len(self.labels), self.size)
        return [(self.inputs[i : i + self.size], self.labels[i : i + self.size]) for i in starts]


def bad_size_accepted__rewrite(model, inputs, labels, optimizer, loss_fn, micro_batch_size):
    optimizer.zero_grad()
    losses = [torch.zeros((), device=inputs.device)]
    for start in range(0, len(labels), micro_batch_size):
        y = labels[start : start + micro_batch_size]
        loss = len(y) / len(labels) * loss_fn(model(inputs[start : start + micro_batch_size]), y)
        loss.backward()
        losses.append(loss.detach())
    return torch.stack(losses).sum()


class message_names_nothing(_Pieces):
    """The message of the ValueError does not name the argument.

    Whoever reads it should not have to search. Name `micro_batch_size`.
    """

    def check(self):
        if self.size < 1:
            raise ValueError("too small")


def message_names_nothing__rewrite(*args):
    return _flat("message_names_nothing", *args)


class other_exception(_Pieces):
    """A `micro_batch_size` below 1 raises an AssertionError.

    `assert` is for what cannot happen, and is left out when Python optimises. Raise a ValueError.
    """

    def check(self):
        assert self.size >= 1, "micro_batch_size"


def other_exception__rewrite(*args):
    assert args[-1] > 0, "micro_batch_size must be positive"
    return _flat("", *args)
