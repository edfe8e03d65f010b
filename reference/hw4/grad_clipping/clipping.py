"""Clipping by hand in two ways, with parts that can be exchanged."""

import torch


def of(net):
    return list(net.parameters()) if isinstance(net, torch.nn.Module) else list(net)


def the_norm(gradients):
    return torch.stack([gradient.norm() for gradient in gradients]).norm()


def the_factor(norm, theta):
    return (theta / (norm + 1e-6)).clamp(max=1.0)


def the_write(param, factor):
    param.grad.mul_(factor)


def clip(net, theta, *, params=of, norm=the_norm, factor=the_factor, write=the_write):
    """Right as it stands; a mistake gives another part."""
    learning = [param for param in params(net) if param.grad is not None]
    if learning:
        scale = factor(norm([param.grad for param in learning]), theta)
        for param in learning:
            write(param, scale)


def in_one_vector(net, theta, *, measure=torch.linalg.vector_norm, scale=None):
    """The same, with all gradients put into one vector."""
    learning = [param for param in of(net) if param.grad is not None]
    if not learning:
        return
    vector = torch.cat([param.grad.reshape(-1) for param in learning])
    norm = measure(vector)
    vector = vector * (torch.where(norm > theta, theta / norm, torch.ones_like(norm)) if scale is None else scale(norm))
    for param, part in zip(learning, vector.split([param.grad.numel() for param in learning]), strict=True):
        param.grad.copy_(part.view_as(param.grad))
