"""all_reduce_mean without a reduction: every process gets what all have, and takes the mean itself."""

import torch
import torch.distributed as dist


def _everyones(tensor, group):
    parts = [torch.empty_like(tensor) for _ in range(dist.get_world_size(group))]
    dist.all_gather(parts, tensor, group=group)
    return torch.stack(parts)


def all_reduce_mean(parameters, group=None):
    parameters = list(parameters)
    for parameter in parameters:
        here = torch.zeros(1, dtype=torch.int64, device=parameter.device)
        here += parameter.grad is not None
        value = torch.zeros_like(parameter).detach() if parameter.grad is None else parameter.grad
        if _everyones(here, group).sum() == 0:
            continue
        mean = _everyones(value, group).sum(0) / dist.get_world_size(group)
        if parameter.grad is None:
            parameter.grad = mean
        else:
            parameter.grad.copy_(mean)
    return [parameter.grad for parameter in parameters]
