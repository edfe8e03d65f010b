"""Other right ways to take one step on several devices."""

import copy

import torch


def learner(replicas, devices, X, y, loss_fn, optimizer):
    """Written from the stub alone: loops, a sum of gradients, copies."""
    n = X.shape[0]
    k = len(devices)
    # forget old gradients
    for replica in replicas:
        for p in replica.parameters():
            p.grad = None
    optimizer.zero_grad()
    start = 0
    total_loss = torch.zeros((), device=devices[0])
    for i in range(k):
        size = n // k
        if i < n % k:
            size = size + 1
        if size == 0:
            continue
        x_i = X[start : start + size].to(devices[i])
        y_i = y[start : start + size].to(devices[i])
        start += size
        loss = loss_fn(replicas[i](x_i), y_i)
        # the mean of the shard times its size is a sum
        (loss * size / n).backward()
        total_loss = total_loss + loss.detach().to(devices[0]) * size / n
    main = list(replicas[0].parameters())
    for i in range(1, k):
        other = list(replicas[i].parameters())
        for j in range(len(main)):
            if other[j].grad is None:
                continue
            g = other[j].grad.to(devices[0])
            if main[j].grad is None:
                main[j].grad = g.clone()
            else:
                main[j].grad += g
    optimizer.step()
    with torch.no_grad():
        for i in range(1, k):
            for p, q in zip(replicas[i].parameters(), replicas[0].parameters(), strict=True):
                p.copy_(q.to(devices[i]))
            for p, q in zip(replicas[i].buffers(), replicas[0].buffers(), strict=True):
                p.copy_(q.to(devices[i]))
    return total_loss


def one_graph(replicas, devices, X, y, loss_fn, optimizer):
    """All shards' losses come to the first device, and one backward pass goes through all replicas."""
    for module in replicas:
        module.zero_grad()
    inputs, labels = X.tensor_split(len(devices)), y.tensor_split(len(devices))
    total = torch.zeros((), device=devices[0])
    for replica, device, some, wanted in zip(replicas, devices, inputs, labels, strict=True):
        if wanted.numel():
            part = loss_fn(replica(some.to(device)), wanted.to(device))
            total = total + part.to(devices[0]) * wanted.numel()
    loss = total / y.numel()
    loss.backward()
    named = [dict(replica.named_parameters()) for replica in replicas]
    for name, parameter in named[0].items():
        for other in named[1:]:
            gradient = other[name].grad
            if gradient is None:
                continue
            gradient = gradient.to(parameter.device)
            parameter.grad = gradient.clone() if parameter.grad is None else parameter.grad + gradient
    optimizer.step()
    for replica in replicas[1:]:
        replica.load_state_dict(copy.deepcopy(replicas[0].state_dict()))
    return loss.detach()


def means_with_weights(replicas, devices, X, y, loss_fn, optimizer):
    """Gradients of the shards' means, combined with the shares of the shards, written into `grad` by hand."""
    sizes = [len(part) for part in y.tensor_split(len(devices))]
    used = [index for index, size in enumerate(sizes) if size > 0]
    losses, gradients = {}, {}
    for index in used:
        start = sum(sizes[:index])
        piece = slice(start, start + sizes[index])
        learned = {name: p for name, p in replicas[index].named_parameters() if p.requires_grad}
        outputs = replicas[index](X[piece].to(devices[index]))
        losses[index] = loss_fn(outputs, y[piece].to(devices[index]))
        found = torch.autograd.grad(losses[index], list(learned.values()), allow_unused=True)
        gradients[index] = dict(zip(learned, found, strict=True))
    for name, parameter in replicas[0].named_parameters():
        parts = [
            (sizes[index] / len(y)) * gradients[index][name].to(devices[0])
            for index in used
            if gradients[index].get(name) is not None
        ]
        parameter.grad = torch.stack(parts).sum(dim=0) if parts else None
    optimizer.step()
    for replica in replicas[1:]:
        for mine, first in zip(replica.state_dict().values(), replicas[0].state_dict().values(), strict=True):
            mine.copy_(first)
    with torch.no_grad():
        return sum((sizes[index] / len(y)) * losses[index].detach().to(devices[0]) for index in used)
