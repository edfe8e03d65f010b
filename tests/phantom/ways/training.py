"""State that training keeps: velocities, averages, gradients of own functions, criteria."""

from __future__ import annotations

import copy
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.checkpoint import checkpoint

from tests.phantom.ways import Caught, mistake, right

REFUSED = Caught.REFUSED
TWO = "on the same device"
VELOCITY, AVERAGE, FUNCTION, COTANGENT, POSITIVE, LENGTHS, AGAIN = (
    "momentum by hand",
    "an average of weights",
    "the gradient of an own function",
    "a cotangent",
    "weights of positive examples",
    "packed sequences",
    "activations computed again",
)


def _descend(dev: str, velocity: Any, w: torch.Tensor) -> Any:
    for _ in range(2):
        w.grad = None
        w.square().sum().backward()
        assert w.grad is not None
        with torch.no_grad():
            velocity = (
                velocity.mul_(0.9).add_(w.grad) if isinstance(velocity, torch.Tensor) else velocity * 0.9 + w.grad
            )
            w -= 0.1 * velocity
    return w.detach()


@right(VELOCITY)
def velocity_like(dev: str) -> Any:
    """zeros_like(p)"""
    w = torch.ones(3, device=dev, requires_grad=True)
    return _descend(dev, torch.zeros_like(w), w)


@right(VELOCITY)
def velocity_there(dev: str) -> Any:
    """zeros(p.shape, device=p.device)"""
    w = torch.ones(3, device=dev, requires_grad=True)
    return _descend(dev, torch.zeros(w.shape, device=w.device), w)


@right(VELOCITY)
def velocity_of_number(dev: str) -> Any:
    """the number 0 to begin with"""
    w = torch.ones(3, device=dev, requires_grad=True)
    return _descend(dev, 0.0, w)


@mistake(VELOCITY, REFUSED, TWO)
def velocity_on_cpu(dev: str) -> Any:
    """zeros(p.shape)"""
    w = torch.ones(3, device=dev, requires_grad=True)
    return _descend(dev, torch.zeros(w.shape), w)


@mistake(VELOCITY, REFUSED, TWO)
def velocity_before_move(dev: str) -> Any:
    """zeros_like(p) before the model was moved"""
    layer = nn.Linear(3, 1)
    nn.init.ones_(layer.weight)
    velocity = torch.zeros_like(layer.weight)
    layer.to(dev)
    return _descend(dev, velocity, layer.weight)[0]


def _average(dev: str, keep: Any) -> Any:
    model = nn.Linear(2, 2).to(dev)
    nn.init.ones_(model.weight)
    kept = keep(model)
    with torch.no_grad():
        model.weight.mul_(3)
        kept.mul_(0.5).add_(model.weight, alpha=0.5)
    return kept


@right(AVERAGE)
def average_cloned(dev: str) -> Any:
    """p.detach().clone()"""
    return _average(dev, lambda model: model.weight.detach().clone())


@right(AVERAGE)
def average_copied(dev: str) -> Any:
    """copy.deepcopy(model)"""
    return _average(dev, lambda model: copy.deepcopy(model).weight.requires_grad_(False)).detach()


@right(AVERAGE)
def average_by_torch(dev: str) -> Any:
    """torch.optim.swa_utils.AveragedModel"""
    model = nn.Linear(2, 2).to(dev)
    nn.init.ones_(model.weight)
    averaged = torch.optim.swa_utils.AveragedModel(model)
    averaged.update_parameters(model)
    with torch.no_grad():
        model.weight.mul_(3)
    averaged.update_parameters(model)
    return next(averaged.parameters()).detach()


@mistake(AVERAGE, REFUSED, TWO)
def average_at_home(dev: str) -> Any:
    """p.detach().cpu().clone(), later averaged with p"""
    return _average(dev, lambda model: model.weight.detach().cpu().clone())


@mistake(AVERAGE, Caught.VALUES)
def average_of_itself(dev: str) -> Any:
    """p.detach().to(device) is no copy when it is there already"""
    return _average(dev, lambda model: model.weight.detach().to(dev))


def _clamped(dev: str, gradient: Any) -> Any:
    class Clamp(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
            ctx.save_for_backward(x)
            return x.clamp(min=0)

        @staticmethod
        def backward(ctx: Any, grad: torch.Tensor) -> Any:
            return gradient(ctx.saved_tensors[0], grad)

    x = torch.tensor([-1.0, 2.0, 3.0], device=dev, requires_grad=True)
    Clamp.apply(x).sum().backward()
    return x.grad


@right(FUNCTION)
def gradient_masked(dev: str) -> Any:
    """grad * (x > 0)"""
    return _clamped(dev, lambda x, grad: grad * (x > 0))


@right(FUNCTION)
def gradient_like(dev: str) -> Any:
    """zeros_like(x), written into"""

    def gradient(x: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
        out = torch.zeros_like(x)
        out[x > 0] = grad[x > 0]
        return out

    return _clamped(dev, gradient)


@mistake(FUNCTION, REFUSED, "invalid gradient at index 0 - expected device cuda:0 but got cpu")
def gradient_on_cpu(dev: str) -> Any:
    """the backward makes its answer on the CPU"""
    return _clamped(dev, lambda x, grad: torch.tensor([0.0, 1.0, 1.0]))


@mistake(FUNCTION, REFUSED, TWO)
def gradient_of_cpu_mask(dev: str) -> Any:
    """the backward multiplies with a mask on the CPU"""
    return _clamped(dev, lambda x, grad: grad * torch.tensor([0.0, 1.0, 1.0]))


def _vjp(dev: str, cotangent: Any) -> Any:
    x = torch.tensor([1.0, 2.0], device=dev, requires_grad=True)
    return torch.autograd.grad(x.square(), x, cotangent(x))[0]


@right(COTANGENT)
def cotangent_like(dev: str) -> Any:
    """ones_like(x)"""
    return _vjp(dev, torch.ones_like)


@right(COTANGENT)
def cotangent_there(dev: str) -> Any:
    """tensor([...], device=x.device)"""
    return _vjp(dev, lambda x: torch.tensor([1.0, 1.0], device=x.device))


@right(COTANGENT)
def loss_summed(dev: str) -> Any:
    """the gradient of the sum"""
    x = torch.tensor([1.0, 2.0], device=dev, requires_grad=True)
    return torch.autograd.grad(x.square().sum(), x)[0]


@mistake(COTANGENT, REFUSED, "expected device cuda:0 but got cpu")
def cotangent_on_cpu(dev: str) -> Any:
    """tensor([...]) on the CPU"""
    return _vjp(dev, lambda x: torch.tensor([1.0, 1.0]))


def _logits(dev: str) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tensor([[0.5, -1.0]], device=dev), torch.tensor([[1.0, 0.0]], device=dev)


@right(POSITIVE)
def criterion_moved(dev: str) -> Any:
    """the criterion, moved like a model"""
    return nn.BCEWithLogitsLoss(pos_weight=torch.tensor([2.0, 3.0])).to(dev)(*_logits(dev))


@right(POSITIVE)
def weight_there(dev: str) -> Any:
    """pos_weight made on the device"""
    x, y = _logits(dev)
    return F.binary_cross_entropy_with_logits(x, y, pos_weight=torch.tensor([2.0, 3.0], device=x.device))


@mistake(POSITIVE, REFUSED, TWO)
def criterion_left(dev: str) -> Any:
    """the criterion, with its weights, is on the CPU"""
    return nn.BCEWithLogitsLoss(pos_weight=torch.tensor([2.0, 3.0]))(*_logits(dev))


def _packed(dev: str, lengths: Any) -> Any:
    x = torch.arange(12.0).reshape(2, 3, 2).to(dev)
    packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True)
    out, _ = nn.utils.rnn.pad_packed_sequence(nn.GRU(2, 2, batch_first=True).to(dev)(packed)[0], batch_first=True)
    return out.detach()


@right(LENGTHS)
def lengths_at_home(dev: str) -> Any:
    """lengths.cpu()"""
    return _packed(dev, torch.tensor([3, 2], device=dev).cpu())


@right(LENGTHS)
def lengths_listed(dev: str) -> Any:
    """lengths as a list"""
    return _packed(dev, [3, 2])


@mistake(LENGTHS, REFUSED, "should be a 1D CPU int64 tensor")
def lengths_there(dev: str) -> Any:
    """lengths on the device: packing wants them on the CPU"""
    return _packed(dev, torch.tensor([3, 2], device=dev))


def _block(dev: str) -> tuple[nn.Module, torch.Tensor]:
    block = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5), nn.Tanh()).to(dev)
    return block, torch.ones(3, 4, device=dev, requires_grad=True)


@right(AGAIN)
def checkpointed(dev: str) -> Any:
    """torch.utils.checkpoint keeps the device's random state"""
    block, x = _block(dev)
    out = checkpoint(block, x, use_reentrant=False)
    first = torch.autograd.grad(out.sum(), x)[0]
    with torch.no_grad():
        return [out.shape, (first.abs().sum() > 0)]


@right(AGAIN)
def checkpointed_by_reentry(dev: str) -> Any:
    """use_reentrant=True"""
    block, x = _block(dev)
    out = checkpoint(block, x, use_reentrant=True)
    out.sum().backward()
    assert x.grad is not None
    return [out.shape, x.grad.abs().sum() > 0]


@mistake(AGAIN, REFUSED, TWO)
def checkpointed_at_home(dev: str) -> Any:
    """what is recomputed uses a tensor on the CPU"""
    block, x = _block(dev)
    scale = torch.ones(4)
    out = checkpoint(lambda v: block(v) * scale, x, use_reentrant=False)
    return [out.shape, torch.autograd.grad(out.sum(), x)[0].abs().sum() > 0]
