"""Other right ways to train with several processes."""

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel as DDP
from torch.utils.data import DataLoader, DistributedSampler


def with_torch_tools(
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
    """As the tutorials do it: sampler, loader, wrapped model."""
    if rank < 0 or rank >= world_size:
        raise ValueError(f"rank {rank} but world_size {world_size}")
    backend = "nccl" if device.type == "cuda" else "gloo"
    dist.init_process_group(backend=backend, init_method=init_method, world_size=world_size, rank=rank)
    try:
        sampler = DistributedSampler(dataset, num_replicas=world_size, rank=rank, shuffle=True, seed=seed)
        loader = DataLoader(dataset, batch_size=batch_size, shuffle=False, sampler=sampler)
        model = model.to(device)
        ddp_model = DDP(model, device_ids=[device.index] if device.type == "cuda" else None)
        optimizer = make_optimizer(ddp_model.parameters())
        history = []
        for epoch in range(num_epochs):
            sampler.set_epoch(epoch)
            ddp_model.train()
            running = torch.zeros(2, dtype=torch.float64, device=device)
            for inputs, labels in loader:
                inputs, labels = inputs.to(device), labels.to(device)
                optimizer.zero_grad()
                loss = loss_fn(ddp_model(inputs), labels)
                loss.backward()
                optimizer.step()
                running[0] += loss.item() * len(labels)
                running[1] += len(labels)
            dist.all_reduce(running, op=dist.ReduceOp.SUM)
            history.append((running[0] / running[1]).item())
            if dist.get_rank() == 0:
                report(epoch, history[-1])
        return history
    finally:
        dist.destroy_process_group()


def learner(
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
    """Written from the stub alone: no wrapper, one collective call for each gradient."""
    if rank >= world_size or rank < 0:
        raise ValueError("this rank does not exist")
    if device.type == "cuda":
        dist.init_process_group("nccl", init_method=init_method, rank=rank, world_size=world_size)
    else:
        dist.init_process_group("gloo", init_method=init_method, rank=rank, world_size=world_size)
    try:
        model.to(device)
        for p in model.parameters():
            dist.broadcast(p.data, src=0)
        optimizer = make_optimizer(model.parameters())
        losses = []
        for epoch in range(num_epochs):
            g = torch.Generator()
            g.manual_seed(seed + epoch)
            order = torch.randperm(len(dataset), generator=g).tolist()
            i = 0
            while len(order) % world_size != 0:
                order.append(order[i])
                i += 1
            mine = order[rank::world_size]
            loss_sum = 0.0
            for start in range(0, len(mine), batch_size):
                batch = mine[start : start + batch_size]
                X = torch.stack([dataset[j][0] for j in batch]).to(device)
                y = torch.stack([dataset[j][1] for j in batch]).to(device)
                loss = loss_fn(model(X), y)
                optimizer.zero_grad()
                loss.backward()
                for p in model.parameters():
                    if p.requires_grad:
                        dist.all_reduce(p.grad)
                        p.grad /= world_size
                optimizer.step()
                loss_sum += loss.item() * len(batch)
            everyone = [None] * world_size
            dist.all_gather_object(everyone, loss_sum)
            mean = sum(everyone) / (len(mine) * world_size)
            losses.append(mean)
            if rank == 0:
                report(epoch, mean)
    finally:
        dist.destroy_process_group()
    return losses


def hooks_and_buckets(
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
    """Means are taken by a hook of every parameter, once its gradient is there; both backends in one group."""
    if rank not in range(world_size):
        raise ValueError(f"{rank=} is not in a world of {world_size}")
    dist.init_process_group("cpu:gloo,cuda:nccl", init_method=init_method, rank=rank, world_size=world_size)

    def average(parameter):
        dist.all_reduce(parameter.grad.div_(world_size))

    handles = []
    try:
        model.to(device)
        start = nn.utils.parameters_to_vector(model.parameters()).detach()
        dist.broadcast(start, 0)
        nn.utils.vector_to_parameters(start, model.parameters())
        learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
        handles += [parameter.register_post_accumulate_grad_hook(average) for parameter in learned]
        optimizer = make_optimizer(learned)
        history = []
        for epoch in range(num_epochs):
            sampler = DistributedSampler(dataset, world_size, rank, seed=seed)
            sampler.set_epoch(epoch)
            parts = []
            for indices in torch.tensor(list(sampler)).split(batch_size):
                inputs, labels = map(torch.stack, zip(*(dataset[int(i)] for i in indices), strict=True))
                for parameter in learned:
                    parameter.grad = None
                loss = loss_fn(model(inputs.to(device)), labels.to(device))
                loss.backward()
                optimizer.step()
                parts.append(loss.detach() * len(indices) / (len(sampler) * world_size))
            mean = torch.stack(parts).sum()
            dist.all_reduce(mean)
            history.append(float(mean))
            if not rank:
                report(epoch, history[epoch])
        return history
    finally:
        for handle in handles:
            handle.remove()
        dist.destroy_process_group()
