"""ddp_train with collective calls alone: weights from rank 0, gradients gathered from all and added up."""

import contextlib

import torch
import torch.distributed as dist
from torch.utils.data import DistributedSampler


@contextlib.contextmanager
def _together(device, init_method, rank, world_size):
    name = {"cuda": "nccl", "cpu": "gloo"}[device.type]
    dist.init_process_group(name, init_method=init_method, rank=rank, world_size=world_size)
    try:
        yield
    finally:
        dist.destroy_process_group()


def _sum(tensor, world_size):
    parts = [torch.empty_like(tensor) for _ in range(world_size)]
    dist.all_gather(parts, tensor)
    return torch.stack(parts).sum(0)


def ddp_train(
    rank,
    world_size,
    init_method,
    model,
    dataset,
    loss_fn,
    make_optimizer,
    num_epochs,
    batch_size,
    device,
    *,
    seed=0,
    report=print,
):
    if rank not in range(world_size):
        raise ValueError("no such rank")
    sampler = DistributedSampler(dataset, num_replicas=world_size, rank=rank, seed=seed)
    history = []
    with _together(device, init_method, rank, world_size):
        model.to(device)
        for parameter in model.parameters():
            dist.broadcast(parameter.detach(), 0)
        optimizer = make_optimizer(list(model.parameters()))
        learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
        for epoch in range(num_epochs):
            sampler.set_epoch(epoch)
            mine = list(sampler)
            sums = torch.zeros(2, device=device)
            while mine:
                batch, mine = mine[:batch_size], mine[batch_size:]
                inputs = torch.stack([dataset[index][0] for index in batch]).to(device)
                labels = torch.stack([dataset[index][1] for index in batch]).to(device)
                loss = loss_fn(model(inputs), labels)
                for parameter, gradient in zip(learned, torch.autograd.grad(loss, learned), strict=True):
                    parameter.grad = _sum(gradient, world_size) / world_size
                optimizer.step()
                sums += torch.stack([loss.detach() * len(batch), torch.tensor(float(len(batch)), device=device)])
            total, count = _sum(sums, world_size).tolist()
            history.append(total / count)
            if rank == 0:
                report(epoch, history[-1])
    return history
