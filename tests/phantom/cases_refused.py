"""Mistakes that run on the host and that CUDA refuses. The first operand of each is on the device."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def add_vector(dev: str) -> Any:
    return torch.ones(3, device=dev) + torch.ones(3)


def radd_vector(dev: str) -> Any:
    return torch.ones(3) + torch.ones(3, device=dev)


def add_to_device_number(dev: str) -> Any:
    return torch.ones(3) + torch.tensor(1.0, device=dev)


def inplace_on_host_number(dev: str) -> Any:
    return torch.tensor(1.0).add_(torch.tensor(2.0, device=dev))


def inplace_on_host_vector(dev: str) -> Any:
    total = torch.zeros(3)
    total += torch.ones(3, device=dev)
    return total


def compare_with_arange(dev: str) -> Any:
    lengths = torch.tensor([1, 2], device=dev)
    return torch.arange(3)[None, :] < lengths[:, None]


def where_host_condition(dev: str) -> Any:
    x = torch.ones(3, device=dev)
    return torch.where(torch.ones(3) > 0, x, 0.0)


def where_host_branch(dev: str) -> Any:
    x = torch.ones(3, device=dev)
    return torch.where(x > 0, x, torch.zeros(3))


def cat(dev: str) -> Any:
    return torch.cat([torch.ones(3, device=dev), torch.ones(3)])


def stack_numbers(dev: str) -> Any:
    return torch.stack([torch.tensor(1.0, device=dev), torch.tensor(1.0)])


def matmul(dev: str) -> Any:
    return torch.ones(3, 3, device=dev) @ torch.ones(3, 3)


def batched_matmul(dev: str) -> Any:
    return torch.bmm(torch.ones(2, 3, 3, device=dev), torch.ones(2, 3, 3))


def masked_fill(dev: str) -> Any:
    return torch.ones(3, 3, device=dev).masked_fill(torch.ones(3, 3).tril() == 0, float("-inf"))


def masked_fill_inplace(dev: str) -> Any:
    return torch.ones(3, 3, device=dev).masked_fill_(torch.ones(3, 3).tril() == 0, 0.0)


def embedding(dev: str) -> Any:
    return nn.Embedding(5, 2).to(dev)(torch.tensor([1, 2]))


def cross_entropy_labels(dev: str) -> Any:
    return F.cross_entropy(torch.ones(2, 3, device=dev), torch.tensor([0, 1]))


def cross_entropy_weight(dev: str) -> Any:
    labels = torch.tensor([0, 1], device=dev)
    return F.cross_entropy(torch.ones(2, 3, device=dev), labels, weight=torch.ones(3))


def mse_target(dev: str) -> Any:
    return F.mse_loss(torch.ones(2, 3, device=dev), torch.ones(2, 3))


class _Constant(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scale = torch.ones(3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.scale


def attribute_not_registered(dev: str) -> Any:
    return _Constant().to(dev)(torch.ones(2, 3, device=dev))


def model_not_moved(dev: str) -> Any:
    return nn.Linear(3, 2)(torch.ones(2, 3, device=dev))


def input_not_moved(dev: str) -> Any:
    return nn.Linear(3, 2).to(dev)(torch.ones(2, 3))


def linear_bias(dev: str) -> Any:
    return F.linear(torch.ones(2, 3, device=dev), torch.ones(2, 3, device=dev), torch.ones(2))


def moved_without_keeping(dev: str) -> Any:
    x = torch.ones(2, 3)
    x.to(dev)
    return nn.Linear(3, 2).to(dev)(x)


def gather(dev: str) -> Any:
    return torch.ones(2, 3, device=dev).gather(1, torch.zeros(2, 1, dtype=torch.long))


def scatter(dev: str) -> Any:
    return torch.zeros(2, 3, device=dev).scatter_(1, torch.zeros(2, 1, dtype=torch.long), 1.0)


def index_select(dev: str) -> Any:
    return torch.ones(4, device=dev).index_select(0, torch.tensor([1, 2]))


def index_add(dev: str) -> Any:
    return torch.zeros(4, device=dev).index_add_(0, torch.tensor([1]), torch.ones(1, device=dev))


def device_index_of_host(dev: str) -> Any:
    return torch.ones(4)[torch.tensor([1, 2], device=dev)]


def device_mask_of_host(dev: str) -> Any:
    return torch.ones(4)[torch.ones(4, device=dev) > 0]


def device_index_assignment_to_host(dev: str) -> Any:
    table = torch.zeros(4)
    table[torch.tensor([1], device=dev)] = 1.0
    return table


def host_values_at_index(dev: str) -> Any:
    table = torch.zeros(4, device=dev)
    table[torch.tensor([1, 2], device=dev)] = torch.ones(2)
    return table


def numpy_of_device(dev: str) -> Any:
    return torch.ones(3, device=dev).numpy()


def numpy_array_of_device(dev: str) -> Any:
    return np.array(torch.ones(3, device=dev))


def numpy_function_of_device(dev: str) -> Any:
    return np.mean(np.asarray(torch.ones(3, device=dev).detach()))


def device_generator_for_host(dev: str) -> Any:
    return torch.randn(3, generator=torch.Generator(device=dev))


def device_generator_for_host_inplace(dev: str) -> Any:
    return torch.zeros(3).normal_(generator=torch.Generator(device=dev))


def device_generator_for_permutation(dev: str) -> Any:
    return torch.randperm(3, generator=torch.Generator(device=dev))


def host_generator_for_device(dev: str) -> Any:
    return torch.randn(3, generator=torch.Generator(), device=dev)


def host_generator_for_device_inplace(dev: str) -> Any:
    return torch.zeros(3, device=dev).uniform_(generator=torch.Generator())


def host_generator_for_multinomial(dev: str) -> Any:
    return torch.multinomial(torch.ones(3, device=dev), 1, generator=torch.Generator())


def attention_mask(dev: str) -> Any:
    q = torch.ones(1, 1, 3, 4, device=dev)
    return F.scaled_dot_product_attention(q, q, q, attn_mask=torch.ones(3, 3).tril() > 0)


def attention_module_mask(dev: str) -> Any:
    x = torch.ones(1, 3, 4, device=dev)
    return nn.MultiheadAttention(4, 2, batch_first=True).to(dev)(x, x, x, attn_mask=torch.ones(3, 3))


def initial_state(dev: str) -> Any:
    return nn.LSTM(3, 4).to(dev)(torch.ones(2, 1, 3, device=dev), (torch.zeros(1, 1, 4), torch.zeros(1, 1, 4)))


def convolution(dev: str) -> Any:
    return F.conv2d(torch.ones(1, 1, 4, 4, device=dev), torch.ones(1, 1, 2, 2))


def batch_norm_statistics(dev: str) -> Any:
    norm = nn.BatchNorm1d(3)
    norm.weight, norm.bias = nn.Parameter(norm.weight.to(dev)), nn.Parameter(norm.bias.to(dev))
    return norm(torch.ones(2, 3, device=dev))


def layer_norm_weight(dev: str) -> Any:
    return F.layer_norm(torch.ones(2, 3, device=dev), (3,), torch.ones(3))


def einsum(dev: str) -> Any:
    return torch.einsum("ij,jk->ik", torch.ones(2, 2, device=dev), torch.ones(2, 2))


def outer_product(dev: str) -> Any:
    return torch.outer(torch.ones(2, device=dev), torch.ones(2))


def out_on_host(dev: str) -> Any:
    return torch.add(torch.ones(2, device=dev), 1.0, out=torch.empty(2))


def grad_on_host(dev: str) -> Any:
    x = torch.ones(2, device=dev, requires_grad=True)
    x.grad = torch.ones(2)
    return x.grad


def cotangent_on_host(dev: str) -> Any:
    x = torch.ones(2, device=dev, requires_grad=True)
    (x * 2).backward(torch.ones(2))
    return x.grad


def cotangent_of_grad_on_host(dev: str) -> Any:
    x = torch.ones(2, device=dev, requires_grad=True)
    return torch.autograd.grad(x * 2, x, torch.ones(2))


class _Lost(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        return x * 2

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> torch.Tensor:
        return torch.full((3,), 2.0)


def function_gradient_on_host(dev: str) -> Any:
    x = torch.ones(3, device=dev, requires_grad=True)
    _Lost.apply(x).sum().backward()
    return x.grad


def isin(dev: str) -> Any:
    return torch.isin(torch.tensor([1, 2], device=dev), torch.tensor([1]))


def allclose(dev: str) -> Any:
    return torch.allclose(torch.ones(2, device=dev), torch.ones(2))


def equal(dev: str) -> Any:
    return torch.equal(torch.ones(2, device=dev), torch.ones(2))


def bucketize(dev: str) -> Any:
    return torch.bucketize(torch.ones(2, device=dev), torch.tensor([0.0, 2.0]))


def kl_target(dev: str) -> Any:
    return F.kl_div(torch.zeros(2, 2, device=dev), torch.ones(2, 2))


def clamp_bounds(dev: str) -> Any:
    return torch.clamp(torch.ones(2, device=dev), min=torch.zeros(2))


def addcmul(dev: str) -> Any:
    return torch.addcmul(torch.ones(2, device=dev), torch.ones(2), torch.ones(2, device=dev))


def lerp(dev: str) -> Any:
    return torch.lerp(torch.ones(2, device=dev), torch.ones(2), 0.5)


def optimizer_state_on_host(dev: str) -> Any:
    p = torch.ones(2, device=dev, requires_grad=True)
    velocity = torch.zeros(2)
    p.sum().backward()
    assert p.grad is not None
    velocity.mul_(0.9).add_(p.grad)
    return velocity


def packing_lengths(dev: str) -> Any:
    lengths = torch.tensor([3, 2], device=dev)
    return nn.utils.rnn.pack_padded_sequence(torch.ones(2, 3, 1, device=dev), lengths, batch_first=True)[0]


def repeat_counts(dev: str) -> Any:
    return torch.repeat_interleave(torch.ones(2, device=dev), torch.tensor([1, 2]))


def dot(dev: str) -> Any:
    return torch.dot(torch.ones(2, device=dev), torch.ones(2))


def positional_table(dev: str) -> Any:
    x = torch.zeros(1, 4, 2, device=dev)
    positions = torch.arange(4)
    return x + nn.Embedding(4, 2).to(dev)(positions)


def default_device_index(dev: str) -> Any:
    table = torch.ones(4)
    with torch.device(dev):
        index = torch.arange(2)
    return table[index]


def integer_matmul(dev: str) -> Any:
    x = torch.ones(2, 2, dtype=torch.long, device=dev)
    if dev == "cuda":
        return x @ x
    return x
