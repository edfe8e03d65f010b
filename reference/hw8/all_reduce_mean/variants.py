"""Other right ways to take means over processes."""

import torch
import torch.distributed as dist


def learner(parameters, group=None):
    """Written from the stub alone: a flag for each parameter, then a call for each gradient."""
    params = []
    for p in parameters:
        params.append(p)
    n = dist.get_world_size(group=group)
    has_grad = []
    for p in params:
        flag = torch.zeros(1, device=p.device)
        if p.grad is not None:
            flag[0] = 1
        dist.all_reduce(flag, op=dist.ReduceOp.MAX, group=group)
        has_grad.append(flag.item() > 0)
    for p, has in zip(params, has_grad, strict=True):
        if not has:
            continue
        if p.grad is None:
            p.grad = torch.zeros_like(p.data)
        with torch.no_grad():
            dist.all_reduce(p.grad, op=dist.ReduceOp.SUM, group=group)
            p.grad.div_(n)
    return [p.grad for p in params]


def one_bucket_a_dtype(parameters, group=None):
    """Joins the gradients of each dtype to one long vector, in which flags travel along."""
    parameters = list(parameters)
    size = dist.get_world_size(group)
    for dtype in sorted({p.dtype for p in parameters}, key=str):
        some = [p for p in parameters if p.dtype == dtype]
        flags = torch.tensor([p.grad is not None for p in some], dtype=dtype, device=some[0].device)
        pieces = [flags] + [(torch.zeros_like(p) if p.grad is None else p.grad).flatten().detach() for p in some]
        bucket = torch.cat(pieces)
        dist.all_reduce(bucket, group=group)
        flags, *sums = bucket.split([piece.numel() for piece in pieces])
        for p, flag, total in zip(some, flags, sums, strict=True):
            if flag == 0:
                continue
            mean = (total / size).view_as(p)
            if p.grad is None:
                p.grad = mean.clone()
            else:
                p.grad.copy_(mean)
    return [p.grad for p in parameters]


def at_one_place(parameters, group=None):
    """Rank 0 of the group takes the means, and sends them to all."""
    parameters, size = list(parameters), dist.get_world_size(group)
    with torch.no_grad():
        for parameter in parameters:
            count = torch.ones((), device=parameter.device) * (parameter.grad is not None)
            mean = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad.clone()
            for tensor in (count, mean):
                dist.reduce(tensor, group_dst=0, group=group)
                dist.broadcast(tensor, group_src=0, group=group)
            if count > 0 and parameter.grad is None:
                parameter.grad = mean / size
            elif count > 0:
                parameter.grad.copy_(mean / size)
    return [parameter.grad for parameter in parameters]


def asynchronous(parameters, group=None):
    """Begins all calls before it waits for one."""
    parameters = list(parameters)
    if not parameters:
        return []
    flags = torch.tensor([0 if p.grad is None else 1 for p in parameters]).to(parameters[0].device)
    dist.all_reduce(flags, group=group)
    known = [p for p, flag in zip(parameters, flags.cpu(), strict=True) if flag]
    for p in known:
        if p.grad is None:
            p.grad = torch.zeros_like(p, requires_grad=False)
    works = [dist.all_reduce(p.grad, group=group, async_op=True) for p in known]
    for p, work in zip(known, works, strict=True):
        work.wait()
        p.grad *= 1 / group.size() if group is not None else 1 / dist.get_world_size()
    return [p.grad for p in parameters]


def asks_for_the_mean(parameters, group=None):
    """Lets the backend take the mean, one bit of what is there for all parameters at once."""
    parameters = list(parameters)
    there = torch.zeros(len(parameters), device=parameters[0].device if parameters else None)
    for number, parameter in enumerate(parameters):
        there[number] = parameter.grad is not None
    dist.all_reduce(there, dist.ReduceOp.MAX, group)
    for number in there.nonzero().flatten().tolist():
        gradient = parameters[number].grad
        if gradient is None:
            gradient = parameters[number].grad = torch.zeros_like(parameters[number].detach())
        dist.all_reduce(gradient, dist.ReduceOp.AVG, group)
    return [parameter.grad for parameter in parameters]
