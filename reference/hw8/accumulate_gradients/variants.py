"""Accumulation that is right, written in other ways."""

import math

import torch


def plain_learner(model, inputs, labels, optimizer, loss_fn, micro_batch_size):
    """Written from the stub alone: slices, and the total divided at the end."""
    if micro_batch_size <= 0:
        raise ValueError("micro_batch_size must be positive")
    for p in model.parameters():
        p.grad = None
    n = inputs.shape[0]
    total_loss = 0.0
    for start in range(0, n, micro_batch_size):
        x = inputs[start : start + micro_batch_size]
        y = labels[start : start + micro_batch_size]
        loss = loss_fn(model(x), y)
        (loss * len(x) / n).backward()
        total_loss += loss.detach() * len(x)
    return total_loss / n


def scaled_afterwards(model, inputs, labels, optimizer, loss_fn, micro_batch_size):
    """Sums add up, and are divided when all are there."""
    if micro_batch_size < 1:
        raise ValueError(f"micro_batch_size={micro_batch_size}")
    optimizer.zero_grad(set_to_none=False)
    samples = labels.shape[0]
    losses = []
    for number in range(math.ceil(samples / micro_batch_size)):
        part = slice(number * micro_batch_size, (number + 1) * micro_batch_size)
        loss = loss_fn(model(inputs[part]), labels[part]) * labels[part].shape[0]
        loss.backward()
        losses.append(loss.detach())
        del loss
    with torch.no_grad():
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    parameter.grad /= samples
    return torch.stack(losses).sum() / samples


def backward_with_a_weight(model, inputs, labels, optimizer, loss_fn, micro_batch_size):
    """The weight is handed to backward as the gradient to start from."""
    if not micro_batch_size >= 1:
        raise ValueError("micro_batch_size is too small")
    model.zero_grad()
    starts = torch.arange(0, len(labels), micro_batch_size).tolist()
    weights = torch.tensor([min(micro_batch_size, len(labels) - start) / len(labels) for start in starts])
    weights = weights.to(inputs.device)
    found = []
    for start, weight in zip(starts, weights, strict=True):
        inside = inputs.narrow(0, start, min(micro_batch_size, len(labels) - start))
        loss = loss_fn(model(inside), labels[start : start + micro_batch_size])
        loss.backward(gradient=weight)
        found.append(loss.detach())
    return torch.stack(found) @ weights
