"""Steps that are right, written in other ways."""

import torch


def plain_learner(model, inputs, labels, optimizer, loss_fn, scaler, *, max_norm=None, autocast_dtype=torch.float16):
    """Written from the stub alone."""
    for p in model.parameters():
        p.grad = None
    device_type = "cuda" if inputs.is_cuda else inputs.device.type
    with torch.amp.autocast(device_type=device_type, dtype=autocast_dtype):
        outputs = model(inputs)
        loss = loss_fn(outputs, labels)
    scaled_loss = scaler.scale(loss)
    scaled_loss.backward()
    scaler.unscale_(optimizer)
    if max_norm:
        torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.grad is not None], max_norm)
    scaler.step(optimizer)
    scaler.update()
    with torch.no_grad():
        return loss.clone()


class by_parts:
    """A function for each part. To call the class is to step."""

    def __new__(cls, model, inputs, labels, optimizer, loss_fn, scaler, *, max_norm=None, autocast_dtype=torch.float16):
        self = super().__new__(cls)
        self.optimizer, self.scaler = optimizer, scaler
        optimizer.zero_grad(set_to_none=False)
        forward = torch.autocast(next(model.parameters()).device.type, dtype=autocast_dtype)(
            lambda: loss_fn(model(inputs), labels)
        )
        loss = forward()
        torch.autograd.backward(scaler.scale(loss))
        if max_norm is not None:
            self.clip([p.grad for p in model.parameters() if p.grad is not None], max_norm)
        scaler.step(optimizer)
        scaler.update()
        return loss.data

    def clip(self, gradients, max_norm):
        self.scaler.unscale_(self.optimizer)
        norm = torch.stack([gradient.square().sum() for gradient in gradients]).sum().sqrt()
        share = torch.where(norm > max_norm, max_norm / norm, torch.ones_like(norm))
        for gradient in gradients:
            gradient *= share


def cleared_afterwards_too(model, inputs, labels, optimizer, loss_fn, scaler, max_norm=None, autocast_dtype=None):
    """The gradients are cleared before and after, and clipped by torch's two halves."""
    optimizer.zero_grad()
    outputs = None
    with torch.autocast(inputs.device.type, dtype=autocast_dtype or torch.float16):
        outputs = model(inputs)
        loss = loss_fn(outputs, labels)
        scaled = scaler.scale(loss)
    scaled.backward()
    if max_norm is not None:
        scaler.unscale_(optimizer)
        gradients = [p.grad for p in model.parameters() if p.grad is not None]
        norm = torch.nn.utils.get_total_norm(gradients)
        torch.nn.utils.clip_grads_with_norm_(model.parameters(), max_norm, norm)
    scaler.step(optimizer)
    scaler.update()
    model.zero_grad()
    return loss.detach()
