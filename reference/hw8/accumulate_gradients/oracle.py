"""accumulate_gradients, weighting the gradients instead of the losses, and putting their sum in place."""

import torch


def accumulate_gradients(model, inputs, labels, optimizer, loss_fn, micro_batch_size):
    if micro_batch_size < 1:
        raise ValueError("micro_batch_size has to be positive")
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    learned = [parameter for parameter in parameters if parameter.requires_grad]
    sums, total = {}, 0.0
    for start in range(0, len(inputs), micro_batch_size):
        wanted = labels[start : start + micro_batch_size]
        loss = loss_fn(model(inputs[start : start + micro_batch_size]), wanted)
        for parameter, gradient in zip(learned, torch.autograd.grad(loss, learned, allow_unused=True), strict=True):
            if gradient is not None:
                sums[parameter] = sums.get(parameter, 0.0) + gradient * len(wanted)
        total = total + loss.detach() * len(wanted)
    for parameter in parameters:
        parameter.grad = sums[parameter] / len(inputs) if parameter in sums else None
    return total / len(inputs)
