"""Operators that CUDA accepts; each case returns what it computed."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from case_tools import grid


def factories(dev: str) -> Any:
    return [
        torch.arange(5, device=dev),
        torch.arange(0, 1, 0.25, device=dev),
        torch.zeros(2, 3, device=dev),
        torch.ones((2, 3), dtype=torch.long, device=dev),
        torch.full((2,), 3.5, device=dev),
        torch.tensor([[1, 2], [3, 4]], device=dev),
        torch.tensor(np.ones(3), device=dev),
        torch.as_tensor([1.0, 2.0], device=dev),
        torch.as_tensor(np.arange(3), device=dev),
        torch.eye(3, device=dev),
        torch.linspace(0, 1, 5, device=dev),
        torch.logspace(0, 1, 5, device=dev),
        torch.tril_indices(3, 3, device=dev),
        torch.triu_indices(3, 3, device=dev),
        torch.scalar_tensor(2.0, device=dev),
        torch.empty(2, 0, device=dev),
        torch.complex(torch.ones(2, device=dev), torch.zeros(2, device=dev)),
    ]


def like(dev: str) -> Any:
    x = grid(dev, 2, 3)
    return [
        torch.zeros_like(x),
        torch.ones_like(x, dtype=torch.long),
        torch.full_like(x, 2.0),
        x.new_zeros(3),
        x.new_ones(2, dtype=torch.int32),
        x.new_full((2,), 7.0),
        x.new_tensor([1.0, 2.0]),
        torch.empty_like(x).fill_(1.0),
        torch.empty_like(x).copy_(x),
        x.clone(),
        x.T.contiguous(),
    ]


def random_factories(dev: str) -> Any:
    return [
        torch.randn(3, device=dev),
        torch.rand(2, 2, device=dev),
        torch.randint(0, 10, (5,), device=dev),
        torch.randperm(6, device=dev),
        torch.normal(0.0, 1.0, (3,), device=dev),
        torch.rand_like(torch.ones(2, device=dev)),
        torch.randn_like(torch.ones(2, device=dev)),
        torch.empty(3, device=dev).uniform_(-1, 1),
        torch.bernoulli(torch.full((5,), 0.5, device=dev)),
        torch.multinomial(torch.ones(5, device=dev), 3),
        F.dropout(torch.ones(10, device=dev), 0.5),
        F.gumbel_softmax(torch.ones(4, device=dev)),
    ]


def generator(dev: str) -> Any:
    g = torch.Generator(device=dev)
    g.manual_seed(3)
    first = torch.randn(3, generator=g, device=dev)
    state = g.get_state()
    second = torch.rand(3, generator=g, device=dev)
    g.set_state(state)
    return [first, second, torch.rand(3, generator=g, device=dev), torch.randperm(4, generator=g, device=dev)]


def separate_streams(dev: str) -> Any:
    torch.manual_seed(1)
    first = torch.randn(3, device=dev)
    torch.manual_seed(1)
    return [first, torch.randn(3, device=dev)]


def host_numbers(dev: str) -> Any:
    x, s = grid(dev, 2, 3), torch.tensor(2.0)
    y = x.clone()
    y.mul_(s)
    return [
        x + s,
        s * x,
        x / s,
        x**s,
        torch.where(x > s, x, s),
        torch.maximum(x, s),
        x > s,
        y,
        s - x,
        x.clone().fill_(s),
    ]


def host_number_gradient(dev: str) -> Any:
    scale = torch.tensor(2.0, requires_grad=True)
    loss = (grid(dev, 3) * scale).sum()
    loss.backward()
    assert scale.grad is not None and scale.grad.device.type == "cpu"
    return scale.grad.item()


def host_indices(dev: str) -> Any:
    x = grid(dev, 4, 3)
    i = torch.tensor([0, 2])
    y = x.clone()
    y[i] = 0.0
    y[torch.tensor([1]), torch.tensor([2])] = 5.0
    return [x[i], x[:, i], x[i, i], x[torch.tensor([True, False, True, False])], y, x[torch.tensor(1)]]


def device_indices(dev: str) -> Any:
    x = grid(dev, 4, 3)
    i = torch.tensor([0, 2], device=dev)
    y = x.clone()
    y[i] += 1.0
    y[x > 0.5] = 0.0
    y[y < 0] *= 2
    z = x.clone()
    z[i, 1] = torch.tensor([8.0, 9.0], device=dev)
    z[torch.tensor(3, device=dev)] = 1.0
    return [x[i], x[x > 0], y, z, x[..., None], x[i][:, None], x[1:3, ::2], x[torch.tensor(1, device=dev)]]


def list_and_array_indices(dev: str) -> Any:
    x = grid(dev, 4, 3)
    return [x[[0, 2]], x[np.array([1, 3])], x[[True, False, True, False]], x[1, [0, 2]], x[np.int64(2)]]


def assigning_host_values(dev: str) -> Any:
    x = torch.zeros(2, 3, device=dev)
    x[0] = torch.tensor([1.0, 2.0, 3.0])
    x[1, 0] = torch.tensor(4.0)
    x[:, 2] = 9.0
    x.copy_(x * 2, non_blocking=True)
    x[1].copy_(torch.ones(3))
    return x


def views_alias(dev: str) -> Any:
    x = torch.zeros(3, 4, device=dev)
    x[:, 0] += 1
    x.T[1] = 2
    x.view(-1)[5] = 7
    x.reshape(2, 6)[1, 5] = 8
    x.diagonal().add_(10)
    a, b = x.split(2, dim=1)
    b.mul_(-1)
    x.unbind(0)[2].zero_()
    x.as_strided((2,), (1,), 1).fill_(3)
    x.transpose(0, 1)[3].sub_(1)
    x.chunk(3)[0].narrow(0, 0, 1)[0, 1] = 42
    x[0].unsqueeze(0).squeeze(0)[2] = 11
    return [x, a, b, x.unfold(1, 2, 1), x.expand(2, 3, 4), x.permute(1, 0), x.flatten(), x.movedim(0, 1)]


def layout(dev: str) -> Any:
    x = grid(dev, 2, 3, 4).permute(2, 0, 1)
    y = torch.randn(1, 2, 3, 3, device=dev).contiguous(memory_format=torch.channels_last)
    return [
        x.stride(), x.is_contiguous(), x.contiguous().stride(), (x + 1).stride(), y.stride(), x[1].storage_offset(),
        y.is_contiguous(memory_format=torch.channels_last), x.numel(), x.element_size(), x.size(1), len(x), x.ndim,
    ]  # fmt: skip


def same_memory(dev: str) -> Any:
    x = torch.zeros(3, 4, device=dev)
    return [
        x.data_ptr() == x.view(-1).data_ptr(),
        x.data_ptr() == x.clone().data_ptr(),
        x.T.data_ptr() == x.data_ptr(),
    ]


def inplace_shape(dev: str) -> Any:
    x = grid(dev, 2, 3)
    x.t_()
    x.unsqueeze_(0)
    y = grid(dev, 6).resize_(2, 2)
    return [
        x,
        x.squeeze_(),
        y,
        grid(dev, 1, 3).squeeze_(0),
        grid(dev, 2, 3).transpose_(0, 1),
        x.shape,
        x.stride(),
    ]


def out_arguments(dev: str) -> Any:
    x = grid(dev, 2, 2)
    sums, empty = torch.zeros(2, 2, device=dev), torch.empty(0, device=dev)
    torch.add(x, 1, out=sums)
    torch.matmul(x, x, out=empty)
    return [sums, empty, empty.shape]


def inplace(dev: str) -> Any:
    x = grid(dev, 2, 3)
    x.add_(1).mul_(2).clamp_(0, 3).relu_().sigmoid_()
    x += 1
    x *= 2
    x **= 2
    F.relu(x, inplace=True)
    return [x, x.zero_()]


def reductions(dev: str) -> Any:
    x = grid(dev, 3, 4)
    return [
        x.sum(), x.mean(1), x.std(0), x.var(unbiased=False), x.max(), x.max(1), x.argmax(-1), x.min(0).values,
        x.norm(),
        x.prod(1), x.logsumexp(1), x.cumsum(1), x.cumprod(0), x.any(), (x > -2).all(), x.median(), x.softmax(-1),
        F.log_softmax(x, -1), x.amax((0, 1)), torch.linalg.norm(x), x.aminmax(), x.quantile(0.5), x.count_nonzero(),
    ]  # fmt: skip


def products(dev: str) -> Any:
    x, y, b = grid(dev, 3, 4), grid(dev, 4, 2), grid(dev, 2, 3, 4)
    return [
        x @ y, x.mm(y), torch.einsum("bij,jk->bik", b, y), b.bmm(b.transpose(1, 2)), b @ y, torch.mv(x, x[0]),
        torch.baddbmm(torch.zeros(2, 3, 3, device=dev), b, b.mT, beta=0.5), torch.outer(x[0], x[1]), x[0].dot(x[1]),
        torch.addmm(torch.ones(3, 2, device=dev), x, y), torch.tensordot(b, y, 1),
        torch.linalg.inv(x[:, :3] + torch.eye(3, device=dev) * 3),
        torch.linalg.solve(x[:, :3] + 3 * torch.eye(3, device=dev), x[:, 3]), torch.kron(x, y), torch.cdist(x, x),
    ]  # fmt: skip


def moving_values(dev: str) -> Any:
    x = grid(dev, 3, 4)
    i = torch.tensor([[0, 1], [2, 0], [1, 1]], device=dev)
    return [
        x.gather(1, i), torch.zeros_like(x).scatter_(1, i, 1.0), torch.zeros_like(x).scatter_add_(1, i, x[:, :2]),
        x.index_select(1, i[0]), x.clone().index_add_(0, i[0], x[:2]), x.clone().index_fill_(0, i[0], 2.0),
        x.sort(descending=True), x.topk(2), x.argsort(1), torch.unique(i), torch.unique(i, return_counts=True),
        torch.cat([x, x], 1), torch.stack([x, x]), torch.hstack([x, x]), x.repeat(2, 1),
        x.repeat_interleave(2, dim=0),
        x.repeat_interleave(i[:, 0], dim=0), x.tile(2), x.flip(0), x.roll(1, 1), x.tril(), x.triu(1),
        torch.take_along_dim(x, i, 1),
        torch.nonzero(x > 0), torch.where(x > 0), x.masked_select(x > 0), torch.bincount(i[0]), torch.isin(i, i[0]),
        torch.searchsorted(torch.arange(4.0, device=dev), x), F.one_hot(i, 4),
        torch.meshgrid(x[0], x[1], indexing="ij"),
        torch.diff(x), torch.combinations(x[0]), x.masked_fill(x > 0, -1), torch.where(x > 0, x, 0.0),
        x.rot90(), torch.histc(x, 4),
    ]  # fmt: skip


def dtypes(dev: str) -> Any:
    x = grid(dev, 2, 2)
    i = torch.arange(4, device=dev).reshape(2, 2)
    return [
        x.to(torch.float64), x.half(), x.bfloat16(), x.long(), x.bool(), x.double() + x, i + 0.5, i / 2, i // 2,
        i + x, x.to(i), i.float(),
        x.half() @ x.half(), x.type(torch.int32), x > i, i % 3, -i, ~(i > 1), i & 1, i << 1,
        x.to(dtype=torch.float16, copy=True), x.int(),
        (x.half().softmax(-1), x.bfloat16().mean()), torch.result_type(x, i),
        torch.promote_types(x.dtype, i.dtype), x.type_as(i),
    ]  # fmt: skip


def neural(dev: str) -> Any:
    x, image = grid(dev, 2, 3), grid(dev, 1, 2, 6, 6)
    labels = torch.tensor([0, 2], device=dev)
    return [
        F.cross_entropy(x, labels), F.nll_loss(F.log_softmax(x, 1), labels), F.mse_loss(x, x * 2),
        F.l1_loss(x, x * 2), F.gelu(x),
        F.binary_cross_entropy_with_logits(x, (x > 0).float()),
        F.binary_cross_entropy(x.sigmoid(), x.sigmoid()), F.silu(x),
        F.conv2d(image, grid(dev, 3, 2, 3, 3), padding=1), F.conv_transpose2d(image, grid(dev, 2, 1, 2, 2)),
        F.softplus(x),
        F.max_pool2d(image, 2), F.avg_pool2d(image, 2), F.adaptive_avg_pool2d(image, 1),
        F.interpolate(image, scale_factor=2),
        F.interpolate(image, size=(4, 4), mode="bilinear"), F.pad(image, (1, 1, 2, 0)),
        F.pad(image, (1, 1, 1, 1), mode="reflect"),
        F.layer_norm(x, (3,)), F.group_norm(image, 2), F.batch_norm(x, None, None, training=True),
        F.rms_norm(x, (3,)),
        F.embedding(labels, x.T), F.normalize(x), F.cosine_similarity(x, x + 1), F.kl_div(x, x.softmax(1)),
        F.unfold(image, 3),
        F.linear(x, grid(dev, 4, 3), grid(dev, 4)), F.leaky_relu(x), F.elu(x), F.hardtanh(x),
        F.smooth_l1_loss(x, x * 3), F.glu(image),
        F.ctc_loss(F.log_softmax(grid(dev, 5, 1, 3), 2), labels[None], torch.tensor([5]), torch.tensor([2])),
        F.grid_sample(image, grid(dev, 1, 2, 2, 2), align_corners=False), F.pixel_shuffle(grid(dev, 1, 4, 2, 2), 2),
    ]  # fmt: skip


def attention(dev: str) -> Any:
    q, k = grid(dev, 2, 2, 3, 4), grid(dev, 2, 2, 5, 4)
    mask = torch.ones(3, 5, dtype=torch.bool, device=dev).tril(2)
    return [
        F.scaled_dot_product_attention(q, k, k),
        F.scaled_dot_product_attention(q, q, q, is_causal=True),
        F.scaled_dot_product_attention(q, k, k, attn_mask=mask),
    ]
