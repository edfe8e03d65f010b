"""Clipping by hand, with parts that can be exchanged."""

import torch


def the_norm(gradients):
    return torch.stack([gradient.norm() for gradient in gradients]).norm()


def the_factor(norm, max_norm):
    return (max_norm / (norm + 1e-6)).clamp(max=1.0)


def the_write(param, factor):
    param.grad.mul_(factor)


def clip(params, max_norm, *, norm=the_norm, factor=the_factor, write=the_write, answer=lambda norm, factor: norm):
    """Right as it stands; a mistake gives another part."""
    params = [param for param in params if param.grad is not None]
    if not params:
        return torch.zeros(())
    length = norm([param.grad for param in params])
    scale = factor(length, max_norm)
    for param in params:
        write(param, scale)
    return answer(length, scale)


def in_one_vector(
    params,
    max_norm,
    *,
    measure=lambda vector: (vector * vector).sum() ** 0.5,
    scale=None,
    told=lambda norm, vector: norm,
):
    """The same in another way."""
    learning = [param for param in params if param.grad is not None]
    vector = (
        torch.cat([torch.zeros(0), *[param.grad.reshape(-1) for param in learning]])
        if not learning
        else torch.cat([param.grad.reshape(-1) for param in learning])
    )
    norm = measure(vector)
    if scale is None:
        scale = lambda norm: torch.where(norm > max_norm, max_norm / norm, torch.ones_like(norm))
    vector = vector * scale(norm)
    parts = vector.split([param.grad.numel() for param in learning]) if learning else []
    for param, part in zip(learning, parts, strict=True):
        param.grad.copy_(part.view_as(param.grad))
    return told(norm, vector)
