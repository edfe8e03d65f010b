"""Other right ways to shorten the gradient of a network."""

import torch
from clipping import clip


def in_parts(net, theta):
    """Norms of norms, and a factor that is at most 1."""
    clip(net, theta)


def as_torch_does(net, theta):
    """One call for the norms, and one for all gradients."""
    params = net.parameters() if isinstance(net, torch.nn.Module) else net
    gradients = [param.grad for param in params if param.grad is not None]
    if len(gradients) > 0:
        total = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients, 2.0)))
        torch._foreach_mul_(gradients, (theta / (total + 1e-6)).clamp(max=1.0))


@torch.no_grad()
def from_the_stub(net, theta):
    """Written from the stub alone, with an `if` on the norm."""
    if isinstance(net, torch.nn.Module):
        params = [p for p in net.parameters() if p.requires_grad]
    else:
        params = list(net)
    params = [p for p in params if p.grad is not None]
    norm = torch.sqrt(sum((torch.sum(p.grad**2) for p in params), torch.tensor(0.0)))
    if norm > theta:
        for p in params:
            p.grad.copy_(p.grad * theta / norm)


def by_division(net, theta):
    """Divides by how many times the norm is as long as allowed; modules by their names."""
    named = dict(net.named_parameters()).values() if hasattr(net, "named_parameters") else net
    held = [(param, param.grad.detach()) for param in named if param.grad is not None]
    total = 0.0
    for _, gradient in held:
        total += float(torch.dot(gradient.flatten(), gradient.flatten()))
    times = max(total**0.5 / theta, 1.0)
    for _, gradient in held:
        gradient.div_(times)
