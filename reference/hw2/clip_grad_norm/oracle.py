"""clip_grad_norm with all gradients put into one vector."""

import torch


def clip_grad_norm(params, max_norm):
    gradients = [param.grad for param in params if param.grad is not None]
    if not gradients:
        return torch.zeros(())
    norm = torch.linalg.vector_norm(torch.cat([gradient.flatten() for gradient in gradients]))
    factor = torch.where(norm > max_norm, max_norm / norm, torch.ones_like(norm))
    for gradient in gradients:
        gradient.copy_(gradient * factor)
    return norm
