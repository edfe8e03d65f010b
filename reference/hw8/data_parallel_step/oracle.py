"""data_parallel_step as sums over samples: every replica's gradients are asked for, weighted and added up at once."""

import torch


def data_parallel_step(replicas, devices, X, y, loss_fn, optimizer):
    learned = [[p for p in replica.parameters() if p.requires_grad] for replica in replicas]
    pieces = zip(replicas, learned, devices, X.tensor_split(len(devices)), y.tensor_split(len(devices)), strict=True)
    losses, gradients = [], []
    for replica, parameters, device, inputs, labels in pieces:
        count = labels.shape[0]
        if count == 0:
            continue
        total = loss_fn(replica(inputs.to(device)), labels.to(device)) * count
        losses.append(total.detach().to(devices[0]))
        gradients.append(torch.autograd.grad(total, parameters, allow_unused=True))
    for parameter in replicas[0].parameters():
        parameter.grad = None
    for parameter, *parts in zip(learned[0], *gradients, strict=True):
        there = [part.to(devices[0]) for part in parts if part is not None]
        if there:
            parameter.grad = torch.stack(there).sum(0) / y.shape[0]
    optimizer.step()
    with torch.no_grad():
        for replica in replicas[1:]:
            for mine, first in zip(replica.parameters(), replicas[0].parameters(), strict=True):
                mine.copy_(first)
            for mine, first in zip(replica.buffers(), replicas[0].buffers(), strict=True):
                mine.copy_(first)
    return torch.stack(losses).sum() / y.shape[0]
