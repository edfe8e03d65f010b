"""train_step_amp, asking for the gradients instead of letting them add up, and clipping by hand."""

import torch


def train_step_amp(model, inputs, labels, optimizer, loss_fn, scaler, *, max_norm=None, autocast_dtype=torch.float16):
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    mixed = torch.amp.autocast_mode.autocast(inputs.device.type, autocast_dtype)
    with mixed:
        loss = loss_fn(model(inputs), labels)
    learned = [parameter for parameter in parameters if parameter.requires_grad]
    gradients = dict(zip(learned, torch.autograd.grad(scaler.scale(loss), learned, allow_unused=True), strict=True))
    for parameter in parameters:
        parameter.grad = gradients.get(parameter)
    scaler.unscale_(optimizer)
    if max_norm is not None:
        present = [gradient for gradient in gradients.values() if gradient is not None]
        norm = torch.cat([gradient.flatten() for gradient in present]).norm()
        for gradient in present:
            gradient.mul_(torch.clamp(max_norm / norm, max=1.0))
    scaler.step(optimizer)
    scaler.update()
    return loss.detach().clone()
