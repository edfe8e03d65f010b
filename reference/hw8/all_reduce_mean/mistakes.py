"""Ways in which means over processes go wrong. The mistakes change a part of `_means`, the rewrites are `_flat`."""

import torch
import torch.distributed as dist


class _Means:
    """Right as it stands; a mistake overrides a part. To call the class is to take the means."""

    def __new__(cls, parameters, group=None):
        means = super().__new__(cls)
        means.group = group
        return means.run(parameters)

    def run(self, parameters):
        parameters = self.listed(parameters)
        for parameter, present in zip(parameters, self.present(parameters), strict=True):
            if present:
                self.average(parameter)
        return [parameter.grad for parameter in parameters]

    def listed(self, parameters):
        return list(parameters)

    def present(self, parameters):
        if not parameters:
            return []
        flags = torch.tensor([float(p.grad is not None) for p in parameters], device=self.place(parameters))
        dist.all_reduce(flags, group=self.group)
        return flags.tolist()

    def place(self, parameters):
        return parameters[0].device

    def average(self, parameter):
        if parameter.grad is None:
            parameter.grad = self.zeros(parameter)
        self.reduce(parameter)
        self.divide(parameter)

    def zeros(self, parameter):
        return torch.zeros_like(parameter, requires_grad=False)

    def reduce(self, parameter):
        dist.all_reduce(parameter.grad, group=self.group)

    def divide(self, parameter):
        parameter.grad /= self.divisor()

    def divisor(self):
        return dist.get_world_size(self.group)


def _flat(wrong, parameters, group=None):
    """The same in one function, with one thing wrong."""
    parameters = list(parameters)
    known = [p.grad is not None for p in parameters]
    size = dist.get_world_size() if wrong == "divided_by_the_world" else dist.get_world_size(group)
    place = torch.device("cpu") if wrong == "flags_on_the_cpu" or not known else parameters[0].device
    if wrong == "frozen_only" and known:
        flags = [p.requires_grad for p in parameters]
    elif wrong == "nothing_everywhere_becomes_zeros":
        flags = [True] * len(known)
    elif wrong in ("skips_its_own", "nothing_fails", "mean_of_those_that_have"):
        flags = known
    else:
        flags = []
        if known:
            told = torch.tensor(known, dtype=torch.int32, device=place)
            dist.all_reduce(told, group=None if wrong == "group_ignored" else group)
            flags = (told == size if wrong == "only_where_all_have" else told > 0).tolist()
        if wrong == "mean_of_the_present":
            counts = told.tolist() if known else []
    if wrong == "nothing_fails":
        flags = [True] * len(known)
    for number, (p, flag) in enumerate(zip(parameters, flags, strict=True)):
        if not flag:
            continue
        if wrong == "left_out_where_none" and p.grad is None:
            rest = torch.zeros_like(p)
            dist.all_reduce(rest, group=group)
            continue
        if p.grad is None and wrong != "nothing_fails":
            p.grad = torch.zeros_like(p)
            if wrong == "ones_for_nothing":
                p.grad += 1
        if wrong == "new_tensors":
            sum_ = p.grad.clone()
            dist.all_reduce(sum_, group=group)
            p.grad = sum_ / size
            continue
        if wrong == "widened":
            sum_ = p.grad.to(torch.float32)
            dist.all_reduce(sum_, group=group)
            p.grad.copy_(sum_ / size)
            continue
        if wrong == "divided_too_early":
            before = p.grad / size
            dist.all_reduce(before, group=group)
            p.grad.copy_(before / size)
            continue
        if wrong == "maximum":
            dist.all_reduce(p.grad, op=dist.ReduceOp.MAX, group=group)
            continue
        if wrong == "sum_to_the_first":
            dist.reduce(p.grad, group_dst=0, group=group)
        elif wrong == "from_the_first":
            dist.broadcast(p.grad, group_src=0, group=group)
            continue
        elif wrong == "not_reduced":
            pass
        elif wrong == "values_reduced":
            dist.all_reduce(p.data, group=group)
            p.data.div_(size)
            continue
        elif wrong == "group_ignored":
            dist.all_reduce(p.grad)
        else:
            dist.all_reduce(p.grad, group=group)
        if wrong == "mean_of_the_present":
            p.grad.div_(counts[number])
        elif wrong != "summed":
            p.grad.div_(size)
    if wrong == "none_returned":
        return None
    return [p.grad for p in parameters]


class summed(_Means):
    """The gradients are added up and not divided.

    `all_reduce` gives the sum. Divide it by the number of processes in the group, or every step grows with their
    number.
    """

    def divide(self, parameter):
        pass


def summed__rewrite(parameters, group=None):
    return _flat("summed", parameters, group)


class divided_too_early(_Means):
    """The gradients are divided twice.

    Divide before the sum or after it, not both times.
    """

    def reduce(self, parameter):
        parameter.grad /= self.divisor()
        super().reduce(parameter)


def divided_too_early__rewrite(parameters, group=None):
    return _flat("divided_too_early", parameters, group)


class not_reduced(_Means):
    """The processes never talk about their gradients.

    Each has divided its own. The mean over the processes needs a collective call: `dist.all_reduce`.
    """

    def reduce(self, parameter):
        pass


def not_reduced__rewrite(parameters, group=None):
    return _flat("not_reduced", parameters, group)


class sum_to_the_first(_Means):
    """Only the first process gets the mean.

    `reduce` gives the sum to one process, `all_reduce` to all. The replicas go different ways otherwise.
    """

    def reduce(self, parameter):
        dist.reduce(parameter.grad, group_dst=0, group=self.group)


def sum_to_the_first__rewrite(parameters, group=None):
    return _flat("sum_to_the_first", parameters, group)


class from_the_first(_Means):
    """All processes get the first one's gradients.

    `broadcast` copies, it does not add. What the others have computed is lost: use `all_reduce`.
    """

    def reduce(self, parameter):
        dist.broadcast(parameter.grad, group_src=0, group=self.group)

    def divide(self, parameter):
        pass


def from_the_first__rewrite(parameters, group=None):
    return _flat("from_the_first", parameters, group)


class maximum(_Means):
    """The largest gradient is taken instead of the mean.

    The operation of `all_reduce` is the sum, unless another is named. Divide it by the number of processes.
    """

    def reduce(self, parameter):
        dist.all_reduce(parameter.grad, op=dist.ReduceOp.MAX, group=self.group)

    def divide(self, parameter):
        pass


def maximum__rewrite(parameters, group=None):
    return _flat("maximum", parameters, group)


class values_reduced(_Means):
    """The values of the parameters are averaged, not their gradients.

    The gradients are in `grad`; every process then steps with its own.
    """

    def reduce(self, parameter):
        dist.all_reduce(parameter.data, group=self.group)

    def divide(self, parameter):
        parameter.data /= self.divisor()


def values_reduced__rewrite(parameters, group=None):
    return _flat("values_reduced", parameters, group)


class skips_its_own(_Means):
    """Each process leaves out the parameters that it has no gradient for.

    The others do not: they make one call more, and wait for ever, or get the sum of different things. Which calls are
    made must not depend on what one process knows. Tell each other first which gradients are there.
    """

    def present(self, parameters):
        return [parameter.grad is not None for parameter in parameters]


def skips_its_own__rewrite(parameters, group=None):
    return _flat("skips_its_own", parameters, group)


class nothing_fails(_Means):
    """A gradient of None makes the function fail.

    It counts as zeros, where another process has a gradient, and stays None where none has.
    """

    def present(self, parameters):
        return [True] * len(parameters)

    def zeros(self, parameter):
        return None


def nothing_fails__rewrite(parameters, group=None):
    return _flat("nothing_fails", parameters, group)


class nothing_everywhere_becomes_zeros(_Means):
    """A gradient that is None on all processes becomes zeros.

    For an optimizer with momentum or weight decay that is not the same: it changes the parameter. Tell each other first
    which gradients are there, and leave None where no process has one.
    """

    def present(self, parameters):
        return [True] * len(parameters)


def nothing_everywhere_becomes_zeros__rewrite(parameters, group=None):
    return _flat("nothing_everywhere_becomes_zeros", parameters, group)


class frozen_only(_Means):
    """A gradient that is None on all processes becomes zeros, unless the parameter is frozen.

    A parameter may have no gradient because no process has used it, too. Tell each other which gradients are there.
    """

    def present(self, parameters):
        return [parameter.requires_grad for parameter in parameters]


def frozen_only__rewrite(parameters, group=None):
    return _flat("frozen_only", parameters, group)


class only_where_all_have(_Means):
    """Gradients that some process lacks are not averaged.

    A gradient that is None counts as zeros. Only where all have None there is nothing to do.
    """

    def present(self, parameters):
        return [count == self.divisor() for count in super().present(parameters)]


def only_where_all_have__rewrite(parameters, group=None):
    return _flat("only_where_all_have", parameters, group)


class left_out_where_none(_Means):
    """A process that has no gradient does not get the mean either.

    Its replica then makes another step than the others. Give it a new tensor with the mean.
    """

    def average(self, parameter):
        if parameter.grad is None:
            dist.all_reduce(torch.zeros_like(parameter), group=self.group)
        else:
            super().average(parameter)


def left_out_where_none__rewrite(parameters, group=None):
    return _flat("left_out_where_none", parameters, group)


class mean_of_the_present(_Means):
    """The sum is divided by the number of processes that have a gradient.

    A process without one counts as zeros, it does not count as absent: its samples belong to the batch. Divide by the
    number of processes in the group.
    """

    def run(self, parameters):
        parameters = self.listed(parameters)
        for parameter, count in zip(parameters, self.present(parameters), strict=True):
            if count:
                self.count = count
                self.average(parameter)
        return [parameter.grad for parameter in parameters]

    def divisor(self):
        return self.count


def mean_of_the_present__rewrite(parameters, group=None):
    return _flat("mean_of_the_present", parameters, group)


class ones_for_nothing(_Means):
    """A gradient that is None counts as ones.

    Zeros add nothing to the sum: `torch.zeros_like`.
    """

    def zeros(self, parameter):
        return torch.ones_like(parameter, requires_grad=False)


def ones_for_nothing__rewrite(parameters, group=None):
    return _flat("ones_for_nothing", parameters, group)


class divided_by_the_world(_Means):
    """The sum is divided by the number of all processes, not by that of the group.

    `dist.get_world_size()` counts the default group. Give it the group.
    """

    def divisor(self):
        return dist.get_world_size()


def divided_by_the_world__rewrite(parameters, group=None):
    return _flat("divided_by_the_world", parameters, group)


class group_ignored(_Means):
    """The collective calls are made in the default group.

    Processes outside the group do not take part, so those inside wait for ever. Give every call the group.
    """

    def __new__(cls, parameters, group=None):
        return super().__new__(cls, parameters)


def group_ignored__rewrite(parameters, group=None):
    return _flat("group_ignored", parameters, group)


class new_tensors(_Means):
    """The means are new tensors.

    Whoever holds the old ones, as DistributedDataParallel does with its buckets, does not see the means. Write into the
    tensor that is there.
    """

    def reduce(self, parameter):
        parameter.grad = parameter.grad.clone()
        super().reduce(parameter)


def new_tensors__rewrite(parameters, group=None):
    return _flat("new_tensors", parameters, group)


class widened(_Means):
    """All gradients are sent in single precision.

    Those in double precision lose half of their digits. Send each in the dtype that it has.
    """

    def reduce(self, parameter):
        gradient = parameter.grad.float()
        dist.all_reduce(gradient, group=self.group)
        parameter.grad.copy_(gradient)


def widened__rewrite(parameters, group=None):
    return _flat("widened", parameters, group)


class goes_through_twice(_Means):
    """The parameters are gone through twice.

    `model.parameters()` can be gone through once: the second time nothing is left. Make a list of them first.
    """

    def run(self, parameters):
        there = [(parameter.device, float(parameter.grad is not None)) for parameter in parameters]
        flags = torch.tensor([flag for _, flag in there], device=there[0][0] if there else None)
        dist.all_reduce(flags, group=self.group)
        for parameter, present in zip(parameters, flags, strict=False):
            if present:
                self.average(parameter)
        return [parameter.grad for parameter in parameters]


def goes_through_twice__rewrite(parameters, group=None):
    flags = []
    for p in parameters:
        flag = torch.zeros((), device=p.device)
        flag += p.grad is not None
        dist.all_reduce(flag, group=group)
        flags.append(bool(flag))
    for p, flag in zip(parameters, flags, strict=False):
        if flag:
            p.grad = torch.zeros_like(p) if p.grad is None else p.grad
            dist.all_reduce(p.grad, group=group)
            p.grad.div_(dist.get_world_size(group))
    return [p.grad for p in parameters]


class flags_on_the_cpu(_Means):
    """What the processes tell each other lies on the CPU.

    NCCL sends from GPU to GPU and refuses a CPU tensor. Create it on the device of the parameters.
    """

    def place(self, parameters):
        return torch.device("cpu")


def flags_on_the_cpu__rewrite(parameters, group=None):
    return _flat("flags_on_the_cpu", parameters, group)


class nothing_returned(_Means):
    """Nothing is returned.

    The stub asks for the list of gradients.
    """

    def run(self, parameters):
        super().run(parameters)


def nothing_returned__rewrite(parameters, group=None):
    return _flat("none_returned", parameters, group)
