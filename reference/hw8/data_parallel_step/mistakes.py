"""Ways in which a step on several devices goes wrong. The mistakes change one part of `_Step`, the rewrites are made by
`_flat`, one long function."""

import copy

import torch


class _Step:
    """Right as it stands; a mistake overrides one of the parts. To call the class is to take a step."""

    def __new__(cls, *args):
        step = super().__new__(cls)
        step.prepare(*args)
        return step.run()

    def prepare(self, replicas, devices, X, y, loss_fn, optimizer):
        self.replicas, self.devices, self.X, self.y = replicas, devices, X, y
        self.loss_fn, self.optimizer, self.home = loss_fn, optimizer, devices[0]

    def run(self):
        self.clear()
        losses = []
        for index, (inputs, labels) in enumerate(self.shards()):
            if self.is_used(labels):
                losses.append((self.forward_backward(index, inputs, labels), len(labels)))
        self.combine()
        self.optimize()
        self.spread()
        return self.told(self.mean(losses))

    def clear(self):
        for replica in self.replicas:
            replica.zero_grad()

    def shards(self):
        count = len(self.devices)
        return zip(self.X.tensor_split(count), self.y.tensor_split(count), strict=True)

    def is_used(self, labels):
        return len(labels) > 0

    def moved(self, index, tensor):
        return tensor.to(self.devices[index])

    def forward_backward(self, index, inputs, labels):
        loss = self.loss_fn(self.replicas[index](self.moved(index, inputs)), self.moved(index, labels))
        (loss * self.weight(labels)).backward()
        return loss

    def weight(self, labels):
        return len(labels) / len(self.y)

    def combine(self):
        with torch.no_grad():
            for parameter, *others in self.rows():
                parameter.grad = self.combined(parameter, [self.brought(other.grad) for other in others])

    def rows(self):
        return zip(*(replica.parameters() for replica in self.replicas), strict=True)

    def brought(self, gradient):
        return gradient if gradient is None else gradient.to(self.home)

    def combined(self, parameter, others):
        there = [gradient for gradient in (parameter.grad, *others) if gradient is not None]
        return torch.stack(there).sum(0) if there else None

    def optimize(self):
        self.optimizer.step()

    def spread(self):
        with torch.no_grad():
            for replica in self.replicas[1:]:
                self.copy_parameters(replica)
                self.copy_buffers(replica)

    def copy_parameters(self, replica):
        for mine, first in zip(replica.parameters(), self.replicas[0].parameters(), strict=True):
            mine.copy_(first)

    def copy_buffers(self, replica):
        for mine, first in zip(replica.buffers(), self.replicas[0].buffers(), strict=True):
            mine.copy_(first)

    def mean(self, losses):
        return sum(loss.detach().to(self.home) * count for loss, count in losses) / len(self.y)

    def told(self, loss):
        return loss


def _flat(wrong, replicas, devices, X, y, loss_fn, optimizer):
    """The same in one function, with one thing wrong."""
    n, k = y.shape[0], len(devices)
    first = list(replicas[0].parameters())
    if wrong == "first_cleared_only":
        optimizer.zero_grad()
    elif wrong == "cleared_to_zeros":
        for replica in replicas:
            replica.zero_grad(set_to_none=False)
    elif wrong not in ("never_cleared", "cleared_at_the_end"):
        for replica in replicas:
            for p in replica.parameters():
                p.grad = None
    total, seen, start = torch.zeros((), device=devices[0]), 0, 0
    sizes = [n // k + (i < n % k) for i in range(k)]
    if wrong == "chunked":
        size = -(-n // k)
        sizes = [max(0, min(size, n - i * size)) for i in range(k)]
    if wrong == "rest_dropped":
        sizes = [n // k] * k
    for i in range(k):
        xs, ys = X[start : start + sizes[i]], y[start : start + sizes[i]]
        start += sizes[i]
        if wrong == "whole_batch_everywhere":
            xs, ys = X, y
        if not len(ys) and wrong != "empty_called":
            continue
        if wrong == "inputs_not_moved":
            loss = loss_fn(replicas[i](xs), ys.to(devices[i]))
        elif wrong == "labels_not_moved":
            loss = loss_fn(replicas[i](xs.to(devices[i])), ys)
        elif wrong == "first_does_all":
            loss = loss_fn(replicas[0](xs.to(devices[0])), ys.to(devices[0]))
        else:
            loss = loss_fn(replicas[i](xs.to(devices[i])), ys.to(devices[i]))
        if wrong == "plain_mean":
            share = 1 / k
        elif wrong == "mean_of_the_used":
            share = 1 / sum(size > 0 for size in sizes)
        elif wrong in ("summed", "stepped_by_each"):
            share = 1
        elif wrong == "times_its_samples":
            share = len(ys)
        else:
            share = len(ys) / n
        (loss * share).backward()
        value = loss if wrong == "loss_with_graph" else loss.detach()
        if wrong == "loss_read":
            value = value.item()
            total = total + torch.tensor(value * len(ys) / n, device=devices[0])
        elif wrong == "loss_plain_mean":
            total, seen = total + value.to(devices[0]), seen + 1
        elif wrong == "loss_summed":
            total = total + value.to(devices[0])
        elif wrong == "loss_of_first" and i:
            pass
        elif wrong == "loss_of_first":
            total = total + value.to(devices[0])
        else:
            total = total + value.to(devices[0]) * len(ys) / n
        if wrong == "stepped_by_each":
            for p, q in zip(first, replicas[i].parameters(), strict=True):
                p.grad = q.grad if q.grad is None else q.grad.to(devices[0])
            optimizer.step()
    for j, p in enumerate(first):
        if wrong in ("first_gradient_only", "stepped_by_each", "first_does_all"):
            continue
        for replica in replicas[1:]:
            g = list(replica.parameters())[j].grad
            if g is None and wrong == "nothing_becomes_zeros":
                g = torch.zeros_like(p)
            if g is None and wrong != "nothing_fails":
                continue
            if wrong != "gradients_not_moved":
                g = g.to(devices[0])
            if wrong == "missing_on_first_forgotten" and p.grad is None:
                continue
            p.grad = g.clone() if p.grad is None else p.grad + g
        if wrong == "nothing_becomes_zeros" and p.grad is None:
            p.grad = torch.zeros_like(p)
    if wrong not in ("stepped_by_each", "spread_before_the_step"):
        optimizer.step()
    if wrong == "replicas_replaced":
        for i in range(1, k):
            replicas[i] = copy.deepcopy(replicas[0]).to(devices[i])
    elif wrong == "memory_shared":
        for i in range(1, k):
            for name, q in replicas[i].named_parameters():
                q.data = dict(replicas[0].named_parameters())[name].data.to(devices[i])
            replicas[i].running.copy_(replicas[0].running)
            replicas[i].calls.copy_(replicas[0].calls)
    elif wrong == "others_step_alone":
        for replica in replicas[1:]:
            with torch.no_grad():
                for q in replica.parameters():
                    if q.grad is not None:
                        q -= optimizer.param_groups[0]["lr"] * q.grad
                for a, b in zip(replica.buffers(), replicas[0].buffers(), strict=True):
                    a.copy_(b)
    elif wrong not in ("not_spread",):
        for replica in replicas[1:]:
            with torch.no_grad():
                for a, b in zip(replica.parameters(), first, strict=True):
                    a.copy_(b)
                if wrong == "buffers_not_spread":
                    continue
                for a, b in zip(replica.buffers(), replicas[0].buffers(), strict=True):
                    a.copy_(b)
    if wrong == "spread_before_the_step":
        optimizer.step()
    if wrong == "cleared_at_the_end":
        for replica in replicas:
            replica.zero_grad()
    if wrong == "loss_on_the_cpu":
        return total.to("cpu")
    if wrong == "loss_as_number":
        return float(total)
    return total / seen if wrong == "loss_plain_mean" else total


class plain_mean(_Step):
    """The gradients of all devices are averaged as if their shards had equal sizes.

    A shard of one sample then counts as much as one of two, and a device without samples counts as zero. Multiply each
    shard's loss by its share of the samples, n_i / n, and add up.
    """

    def weight(self, labels):
        return 1 / len(self.devices)


def plain_mean__rewrite(*args):
    return _flat("plain_mean", *args)


class mean_of_the_used(_Step):
    """The gradients of the shards are averaged as if they had equal sizes.

    A shard of one sample then counts as much as one of two. Multiply each shard's loss by its share of the samples,
    n_i / n, and add up.
    """

    def weight(self, labels):
        return 1 / min(len(self.devices), len(self.y))


def mean_of_the_used__rewrite(*args):
    return _flat("mean_of_the_used", *args)


class summed(_Step):
    """The gradients of the shards are added up without weights.

    Each is a mean over its shard, so their sum is the mean gradient times the number of devices: the step grows with
    them. Multiply each shard's loss by its share of the samples, n_i / n.
    """

    def weight(self, labels):
        return 1


def summed__rewrite(*args):
    return _flat("summed", *args)


class first_gradient_only(_Step):
    """Only the first replica's gradients are used.

    What the other devices have computed is lost, and their samples with it. Bring their gradients to the first device,
    and add them up.
    """

    def combine(self):
        pass


def first_gradient_only__rewrite(*args):
    return _flat("first_gradient_only", *args)


class first_does_all(_Step):
    """The first replica works on all shards.

    The numbers are right, but the other devices have nothing to do. Call replica i with shard i.
    """

    def forward_backward(self, index, inputs, labels):
        return super().forward_backward(0, inputs, labels)


def first_does_all__rewrite(*args):
    return _flat("first_does_all", *args)


class whole_batch_everywhere(_Step):
    """Every replica works on the whole batch.

    Then there is nothing gained: each device does all the work. Replica i gets shard i.
    """

    def shards(self):
        return [(self.X, self.y)] * len(self.devices)


def whole_batch_everywhere__rewrite(*args):
    return _flat("whole_batch_everywhere", *args)


class chunked(_Step):
    """The batch is cut with `torch.chunk`.

    Its pieces have the rounded-up size, so the last devices get fewer samples or none. Split as `split_batch` does:
    sizes that differ by at most one.
    """

    def shards(self):
        count = len(self.devices)
        size = -(-len(self.y) // count)
        return [(self.X[i * size : (i + 1) * size], self.y[i * size : (i + 1) * size]) for i in range(count)]


def chunked__rewrite(*args):
    return _flat("chunked", *args)


class rest_dropped(_Step):
    """The samples that the division leaves over are not used.

    With n samples over k devices, n mod k samples are left, and with fewer samples than devices all of them. They
    belong to the first shards, one to each.
    """

    def shards(self):
        size = len(self.y) // len(self.devices)
        return [(self.X[i * size :][:size], self.y[i * size :][:size]) for i in range(len(self.devices))]

    def mean(self, losses):
        return super().mean(losses) if losses else torch.zeros((), device=self.home)


def rest_dropped__rewrite(*args):
    return _flat("rest_dropped", *args)


class empty_called(_Step):
    """Replicas without samples are called.

    The mean loss over no sample is NaN, and NaN times 0 is NaN: one empty shard spoils the gradients of all. Leave out
    a replica whose shard is empty.
    """

    def is_used(self, labels):
        return True


def empty_called__rewrite(*args):
    return _flat("empty_called", *args)


class not_spread(_Step):
    """Only the first replica gets the new weights.

    From the next step on the replicas are different models, and their gradients do not belong together. Copy the
    weights of the first to all others after the step.
    """

    def spread(self):
        pass


def not_spread__rewrite(*args):
    return _flat("not_spread", *args)


class buffers_not_spread(_Step):
    """The buffers of the replicas differ afterwards.

    Running means are no parameters, but they belong to the state of the model. Copy the buffers too; a state dict holds
    both.
    """

    def copy_buffers(self, replica):
        pass


def buffers_not_spread__rewrite(*args):
    return _flat("buffers_not_spread", *args)


class others_step_alone(_Step):
    """Every other replica makes a step of its own, with its own gradients.

    The replicas have seen different samples and go different ways. The optimizer takes one step for all, and the others
    get the weights of the first.
    """

    def copy_parameters(self, replica):
        for parameter in replica.parameters():
            if parameter.grad is not None:
                parameter -= self.optimizer.param_groups[0]["lr"] * parameter.grad


def others_step_alone__rewrite(*args):
    return _flat("others_step_alone", *args)


class replicas_replaced(_Step):
    """The replicas are replaced by new modules.

    Whoever holds the old ones does not see the new weights. Copy the values into the modules that are there.
    """

    def spread(self):
        for index in range(1, len(self.replicas)):
            self.replicas[index] = copy.deepcopy(self.replicas[0]).to(self.devices[index])


def replicas_replaced__rewrite(*args):
    return _flat("replicas_replaced", *args)


class memory_shared(_Step):
    """The replicas share the memory of their weights.

    On one device, assigning `data` makes two parameters names of the same numbers: a change of one changes the other.
    Copy the values with `copy_` or `load_state_dict`.
    """

    def copy_parameters(self, replica):
        for mine, first in zip(replica.parameters(), self.replicas[0].parameters(), strict=True):
            mine.data = first.data.to(mine.device)


def memory_shared__rewrite(*args):
    return _flat("memory_shared", *args)


class never_cleared(_Step):
    """Gradients from before are used again.

    `backward` adds to what is in `grad`. Clear the gradients of all replicas at the beginning of every step.
    """

    def clear(self):
        pass


def never_cleared__rewrite(*args):
    return _flat("never_cleared", *args)


class first_cleared_only(_Step):
    """Only the first replica's gradients are cleared.

    `optimizer.zero_grad()` reaches the parameters of the optimizer, those of the first replica. The others go on adding
    up gradients from step to step. Clear the gradients of every replica.
    """

    def clear(self):
        self.optimizer.zero_grad()


def first_cleared_only__rewrite(*args):
    return _flat("first_cleared_only", *args)


class stepped_by_each(_Step):
    """The optimizer steps once for each shard.

    That is several small steps instead of one, and all but the first with gradients of weights that have changed
    meanwhile. Combine the gradients of all shards first, then step once.
    """

    def forward_backward(self, index, inputs, labels):
        loss = super().forward_backward(index, inputs, labels)
        for parameter, other in zip(self.replicas[0].parameters(), self.replicas[index].parameters(), strict=True):
            parameter.grad = self.brought(other.grad)
        self.optimizer.step()
        return loss

    def weight(self, labels):
        return 1

    def combine(self):
        pass

    def optimize(self):
        pass


def stepped_by_each__rewrite(*args):
    return _flat("stepped_by_each", *args)


class loss_plain_mean(_Step):
    """The loss that is returned is the plain mean of the shards' losses.

    A smaller shard then counts too much. Multiply each loss by the number of its samples, add up, and divide by the
    number of all.
    """

    def mean(self, losses):
        return sum(loss.detach().to(self.home) for loss, _ in losses) / len(losses)


def loss_plain_mean__rewrite(*args):
    return _flat("loss_plain_mean", *args)


class loss_summed(_Step):
    """The loss that is returned is the sum of the shards' losses.

    It grows with the number of devices. Multiply each loss by the number of its samples, add up, and divide by the
    number of all.
    """

    def mean(self, losses):
        return sum(loss.detach().to(self.home) for loss, _ in losses)


def loss_summed__rewrite(*args):
    return _flat("loss_summed", *args)


class loss_of_first(_Step):
    """The loss that is returned is that of the first shard.

    It says nothing about the other samples. Multiply each loss by the number of its samples, add up, and divide by the
    number of all.
    """

    def mean(self, losses):
        return losses[0][0].detach().to(self.home)


def loss_of_first__rewrite(*args):
    return _flat("loss_of_first", *args)


class loss_with_graph(_Step):
    """The loss that is returned still has its graph.

    Whoever keeps it keeps the graphs of all replicas in memory. Detach it.
    """

    def mean(self, losses):
        return sum(loss.to(self.home) * count for loss, count in losses) / len(self.y)


def loss_with_graph__rewrite(*args):
    return _flat("loss_with_graph", *args)


class loss_as_number(_Step):
    """The loss is returned as a Python number.

    To read it, Python waits until the device is done. Return a tensor of shape (), and let the caller read it when it
    is wanted.
    """

    def told(self, loss):
        return float(loss)


def loss_as_number__rewrite(*args):
    return _flat("loss_as_number", *args)


class loss_read(_Step):
    """A number is read after every shard.

    `loss.item()`, `float(loss)`, `print(loss)` or an `if` with a tensor: Python waits for each device before it gives
    work to the next one, and they work one after the other. Add up tensors, and look at sizes instead of values.
    """

    def forward_backward(self, index, inputs, labels):
        return torch.tensor(super().forward_backward(index, inputs, labels).item(), device=self.devices[index])


def loss_read__rewrite(*args):
    return _flat("loss_read", *args)


class inputs_not_moved(_Step):
    """The inputs are not moved to the replica's device.

    Replica i works on `devices[i]`, and can use nothing that is elsewhere: move its shard there.
    """

    def forward_backward(self, index, inputs, labels):
        loss = self.loss_fn(self.replicas[index](inputs), self.moved(index, labels))
        (loss * self.weight(labels)).backward()
        return loss


def inputs_not_moved__rewrite(*args):
    return _flat("inputs_not_moved", *args)


class labels_not_moved(_Step):
    """The labels are not moved to the replica's device.

    The outputs are on `devices[i]`, and the loss needs the labels there too: move both parts of the shard.
    """

    def forward_backward(self, index, inputs, labels):
        loss = self.loss_fn(self.replicas[index](self.moved(index, inputs)), labels)
        (loss * self.weight(labels)).backward()
        return loss


def labels_not_moved__rewrite(*args):
    return _flat("labels_not_moved", *args)


class gradients_not_moved(_Step):
    """Tensors of different devices meet in one operation.

    A gradient and a loss are where their replica is. Bring them to the first device before you add them to that one's,
    and the parts of a shard to the device of its replica.
    """

    def brought(self, gradient):
        return gradient

    def combined(self, parameter, others):
        there = [gradient for gradient in (parameter.grad, *others) if gradient is not None]
        return sum(there[1:], there[0].clone()) if there else None


def gradients_not_moved__rewrite(*args):
    return _flat("gradients_not_moved", *args)


class nothing_fails(_Step):
    """A gradient of None makes the function fail.

    A frozen or unused parameter has no gradient, and neither has any parameter of a replica without samples. Leave it
    out of the sum.
    """

    def brought(self, gradient):
        return gradient.to(self.home)


def nothing_fails__rewrite(*args):
    return _flat("nothing_fails", *args)


class nothing_becomes_zeros(_Step):
    """A parameter without a gradient gets one of zeros.

    For the optimizer that is not the same: with momentum or weight decay it changes the parameter, and a frozen one
    too. Where no replica has a gradient, leave None.
    """

    def combined(self, parameter, others):
        return sum(
            (gradient for gradient in (parameter.grad, *others) if gradient is not None), torch.zeros_like(parameter)
        )


def nothing_becomes_zeros__rewrite(*args):
    return _flat("nothing_becomes_zeros", *args)


class missing_on_one_forgets_all(_Step):
    """A parameter is left out where one replica has no gradient for it.

    The gradients that the other replicas have are lost. A missing one counts as zero: add up those that are there.
    """

    def combined(self, parameter, others):
        if parameter.grad is None or any(gradient is None for gradient in others):
            return None
        return super().combined(parameter, others)


def missing_on_one_forgets_all__rewrite(replicas, devices, X, y, loss_fn, optimizer):
    for replica in replicas:
        replica.zero_grad()
    total = torch.zeros((), device=devices[0])
    for i, (xs, ys) in enumerate(zip(X.tensor_split(len(devices)), y.tensor_split(len(devices)), strict=True)):
        if ys.numel():
            loss = loss_fn(replicas[i](xs.to(devices[i])), ys.to(devices[i])) * ys.numel() / y.numel()
            loss.backward()
            total += loss.detach().to(devices[0])
    for row in zip(*[replica.parameters() for replica in replicas], strict=True):
        parts = [p.grad for p in row]
        if all(part is not None for part in parts):
            row[0].grad = torch.stack([part.to(devices[0]) for part in parts]).sum(0)
        else:
            row[0].grad = None
    optimizer.step()
    for replica in replicas[1:]:
        replica.load_state_dict(replicas[0].state_dict())
    return total


class missing_on_first_forgotten(_Step):
    """Gradients are added only where the first replica has one.

    A parameter may have got a gradient on the other replicas alone. Begin the sum with the first gradient that is
    there.
    """

    def combined(self, parameter, others):
        return None if parameter.grad is None else super().combined(parameter, others)


def missing_on_first_forgotten__rewrite(*args):
    return _flat("missing_on_first_forgotten", *args)


class shares_of_the_shard(_Step):
    """The loss is multiplied by the number of its samples, and not divided by the number of all.

    Then the gradient is that of the sum over the batch, and the step grows with the batch. The share of a shard is n_i
    / n.
    """

    def weight(self, labels):
        return len(labels)


def shares_of_the_shard__rewrite(*args):
    return _flat("times_its_samples", *args)


class loss_on_the_cpu(_Step):
    """The loss is returned on the CPU.

    To bring it there, Python waits until the device is done. Leave it on the first device.
    """

    def told(self, loss):
        return loss.cpu()


def loss_on_the_cpu__rewrite(*args):
    return _flat("loss_on_the_cpu", *args)


class spread_before_the_step(_Step):
    """The weights are sent out before the optimizer has stepped.

    The other replicas get the old ones, and are a step behind. Step first.
    """

    def optimize(self):
        super().spread()
        super().optimize()

    def spread(self):
        pass


def spread_before_the_step__rewrite(*args):
    return _flat("spread_before_the_step", *args)


class cleared_at_the_end(_Step):
    """The gradients are cleared after the step only.

    Those that the replicas have when the function is called go into the first step. Clear them at the beginning.
    """

    def clear(self):
        pass

    def told(self, loss):
        super().clear()
        return loss


def cleared_at_the_end__rewrite(*args):
    return _flat("cleared_at_the_end", *args)


class cleared_to_zeros(_Step):
    """Old gradients become zeros instead of None.

    A frozen or unused parameter that had a gradient then has one of zeros, and the optimizer does not leave it alone.
    Set them to None.
    """

    def clear(self):
        for replica in self.replicas:
            replica.zero_grad(set_to_none=False)


def cleared_to_zeros__rewrite(*args):
    return _flat("cleared_to_zeros", *args)
