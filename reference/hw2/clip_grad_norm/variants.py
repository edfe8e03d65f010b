"""Other right ways to shorten the gradient."""

import math

import torch


def as_torch_does(params, max_norm):
    """Norms of norms, and one call for all gradients."""
    gradients = [p.grad for p in params if p.grad is not None]
    if len(gradients) == 0:
        return torch.tensor(0.0)
    norms = torch._foreach_norm(gradients, 2.0)
    total = torch.linalg.vector_norm(torch.stack(norms))
    torch._foreach_mul_(gradients, (max_norm / (total + 1e-6)).clamp(max=1.0))
    return total


@torch.no_grad()
def plain_learner(params, max_norm):
    """Written from the stub alone."""
    params = list(params)
    total = 0
    for p in params:
        if p.grad is not None:
            total = total + torch.sum(p.grad * p.grad)
    norm = torch.sqrt(torch.as_tensor(total, dtype=torch.float32) if isinstance(total, int) else total)
    scale = torch.minimum(max_norm / (norm + 1e-6), torch.ones_like(norm))
    for p in params:
        if p.grad is not None:
            p.grad.mul_(scale)
    return norm


def by_division(params, max_norm):
    """Divides by how many times the norm is as long as allowed, at least once."""
    gradients = [p.grad.detach() for p in params if p.grad is not None]
    norm = (
        sum(
            (g.square().sum() for g in gradients), torch.zeros((), dtype=gradients[0].dtype, device=gradients[0].device)
        )
        if gradients
        else torch.zeros(())
    )
    norm = norm**0.5
    times = (norm / max_norm if max_norm else norm * math.inf).nan_to_num(nan=1.0, posinf=math.inf).clamp(min=1.0)
    for g in gradients:
        g.div_(times)
    return norm
