"""Layers, gradients, mixed precision and loaders on the device."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from case_tools import data, grads, mlp
from torch import nn
from torch.utils.checkpoint import checkpoint
from torch.utils.data import DataLoader, TensorDataset


def lstm(dev: str) -> Any:
    model = nn.LSTM(3, 4, num_layers=2, batch_first=True, bidirectional=True).to(dev)
    x = data("cpu")[0][:8, :3].reshape(2, 4, 3).to(dev).requires_grad_()
    out, (h, c) = model(x)
    (out.sum() + (h * c).sum()).backward()
    return [out, h, c, x.grad, grads(model)]


def gru(dev: str) -> Any:
    model = nn.GRU(3, 4).to(dev)
    x = data("cpu")[0][:8, :3].reshape(4, 2, 3).to(dev).requires_grad_()
    out, h = model(x, torch.ones(1, 2, 4, device=dev))
    (out.square().sum() + h.sum()).backward()
    return [out, h, x.grad, grads(model)]


def cells(dev: str) -> Any:
    x, h = torch.ones(2, 3, device=dev), torch.zeros(2, 4, device=dev)
    lstm_cell, gru_cell, rnn_cell = (kind(3, 4).to(dev) for kind in (nn.LSTMCell, nn.GRUCell, nn.RNNCell))
    a, b = lstm_cell(x, (h, h))
    (a.sum() + b.sum() + gru_cell(x, h).sum() + rnn_cell(x, h).sum()).backward()
    with torch.no_grad():
        return [a, b, gru_cell(x, h), nn.RNN(3, 4).to(dev)(x[None])[0], grads(lstm_cell), grads(gru_cell)]


def packed_sequences(dev: str) -> Any:
    x = data("cpu")[0][:6, :3].reshape(2, 3, 3).to(dev).requires_grad_()
    packed = nn.utils.rnn.pack_padded_sequence(x, torch.tensor([3, 2]), batch_first=True)
    out, h = nn.GRU(3, 2, batch_first=True).to(dev)(packed)
    padded, lengths = nn.utils.rnn.pad_packed_sequence(out, batch_first=True)
    padded.sum().backward()
    unsorted = nn.utils.rnn.pack_padded_sequence(x, [2, 3], batch_first=True, enforce_sorted=False)
    return [
        padded,
        lengths.tolist(),
        h,
        x.grad,
        packed.data,
        packed.to(dev).data,  # type: ignore[arg-type]
        unsorted.data,
        nn.utils.rnn.pad_sequence([x[0], x[1, :1]]),
    ]


def multihead_attention(dev: str) -> Any:
    model = nn.MultiheadAttention(8, 2, batch_first=True).to(dev)
    x = (torch.arange(48.0).reshape(2, 3, 8) * 0.2).cos().to(dev)
    causal = torch.ones(3, 3, dtype=torch.bool, device=dev).triu(1)
    padding = torch.tensor([[False, False, True], [False, False, False]], device=dev)
    out, weights = model(x, x, x, attn_mask=causal, key_padding_mask=padding)
    out.sum().backward()
    model.eval()
    with torch.no_grad():
        return [out, weights, grads(model), model(x, x, x, need_weights=False)[0]]


def transformer(dev: str) -> Any:
    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
    model = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False).to(dev)
    x = (torch.arange(48.0).reshape(2, 3, 8) * 0.2).cos().to(dev)
    mask = nn.Transformer.generate_square_subsequent_mask(3, device=torch.device(dev))
    trained = model(x, mask=mask, is_causal=True)
    trained.sum().backward()
    model.eval()
    with torch.no_grad():
        return [trained, grads(model), model(x)]


class _Positions(nn.Module):
    table: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("table", torch.arange(12.0).reshape(6, 2).sin())
        self.register_buffer("scratch", torch.ones(2), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.table[: x.shape[1]]


def buffers(dev: str) -> Any:
    model = _Positions().to(dev)
    return [model(torch.zeros(1, 3, 2, device=dev)), model.table, list(model.state_dict())]


def gradients(dev: str) -> Any:
    x = torch.tensor([1.0, 2.0, 3.0], device=dev, requires_grad=True)
    y = x**3
    (first,) = torch.autograd.grad(y, x, torch.tensor([1.0, 0.0, 2.0], device=dev), create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), x)
    y = (x * 2).detach()
    z = x.clone()
    z[1] = 0.0
    z[0] *= 3
    (z.view(3, 1) * x.unsqueeze(0)).sum().backward()
    return [
        first,
        second,
        y,
        x.grad,
        x.is_leaf,
        y.requires_grad,
        torch.autograd.functional.jacobian(lambda v: v**2, x),
    ]


def number_cotangent(dev: str) -> Any:
    x = torch.ones(3, device=dev, requires_grad=True)
    (x * 2).sum().backward(torch.tensor(3.0))
    return x.grad


class _Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, power: int) -> torch.Tensor:
        ctx.save_for_backward(x)
        ctx.power = power
        return x**power

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> Any:
        (x,) = ctx.saved_tensors
        return grad * ctx.power * x ** (ctx.power - 1), None


def custom_function(dev: str) -> Any:
    x = torch.tensor([1.0, 2.0], device=dev, requires_grad=True, dtype=torch.float64)
    _Square.apply(x, 3).sum().backward()
    return [x.grad, torch.autograd.gradcheck(lambda v: _Square.apply(v, 2), (x,))]


def hooks(dev: str) -> Any:
    model, seen = mlp().to(dev), []
    model[0].register_forward_hook(lambda m, i, o: seen.append(o.detach()))
    model[2].register_full_backward_hook(lambda m, gi, go: seen.append(go[0]))
    x = data(dev)[0].requires_grad_()
    x.register_hook(lambda g: g * 2)
    model[0].weight.register_post_accumulate_grad_hook(lambda p: seen.append(p.grad.clone()))
    hidden = model[0](x)
    hidden.retain_grad()
    model[2](hidden.relu()).sum().backward()
    return [seen, x.grad, hidden.grad]


def accumulation(dev: str) -> Any:
    model = mlp().to(dev)
    x, y = data(dev)
    for part, labels in zip(x.chunk(2), y.chunk(2), strict=True):
        (F.cross_entropy(model(part), labels) / 2).backward()
    kept = grads(model)
    model.zero_grad(set_to_none=False)
    return [kept, grads(model)]


def recomputation(dev: str) -> Any:
    model = mlp().to(dev)
    drop = nn.Dropout(0.5)
    x = data(dev)[0].requires_grad_()
    torch.manual_seed(5)
    out = [checkpoint(lambda v: drop(model(v)).sum(), x, use_reentrant=kind) for kind in (False, True)]
    sum(out).backward()
    return [out, grads(model), x.grad]


def _mixed(dev: str, dtype: torch.dtype) -> Any:
    model = mlp().to(dev)
    x, y = data(dev)
    with torch.autocast(dev, dtype=dtype):
        hidden = model[0](x)
        logits = model[2](hidden.relu())
        kinds = [hidden.dtype, logits.dtype, (x @ x.T).dtype, (x + 1).dtype]
        with torch.autocast(dev, enabled=False):
            kinds.append((x @ x.T).dtype)
        loss = F.cross_entropy(logits.float(), y)
    loss.backward()
    return [kinds, round(loss.item(), 2), [p.grad.dtype for p in model.parameters() if p.grad is not None]]


def autocast_bfloat16(dev: str) -> Any:
    return _mixed(dev, torch.bfloat16)


def autocast_float16(dev: str) -> Any:
    return _mixed(dev, torch.float16)


def autocast_kinds(dev: str) -> Any:
    if dev == "cpu":
        return ["torch.float16"] * 4 + ["torch.float32"] * 6
    x = torch.ones(2, 2, device=dev)
    with torch.autocast("cuda", torch.float16):
        h = x @ x
        convolved = F.conv1d(x[None], x[None])
        values = [
            h,
            convolved,
            h + h,
            F.relu(h),
            h.softmax(-1),
            h.exp(),
            h.sum(),
            F.mse_loss(h, h),
            F.layer_norm(h, (2,)),
            h + x,
        ]
    return [str(v.dtype) for v in values]


def scaled(dev: str) -> Any:
    model = mlp().to(dev)
    x, y = data(dev)
    scaler = torch.amp.GradScaler(dev, init_scale=4.0, growth_interval=2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scales = []
    for step in range(4):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        if step == 2:
            loss = loss * float("inf")
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
        scales.append(scaler.get_scale())
    return [scales, list(model.parameters())]


def loader(dev: str) -> Any:
    x, y = data("cpu")
    return [
        (a.to(dev, non_blocking=True), b.to(dev, non_blocking=True))
        for a, b in DataLoader(TensorDataset(x, y), batch_size=4, pin_memory=True)
    ]


def loader_workers(dev: str) -> Any:
    x, y = data("cpu")
    batches = DataLoader(TensorDataset(x, y), batch_size=4, num_workers=1, pin_memory=True)
    return [a.to(dev) for a, _ in batches]


def loader_on_device(dev: str) -> Any:
    x, y = data(dev)
    return list(DataLoader(TensorDataset(x, y), batch_size=4, shuffle=False))


def parametrized(dev: str) -> Any:
    layer = nn.utils.parametrizations.weight_norm(nn.Linear(3, 2)).to(dev)
    other = nn.utils.parametrizations.spectral_norm(nn.Linear(3, 2)).to(dev).eval()
    x = torch.ones(1, 3, device=dev)
    layer(x).sum().backward()
    return [layer(x), grads(layer), other(x).shape]


def initialised(dev: str) -> Any:
    layer = nn.Linear(3, 2, device=dev)
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    nn.init.normal_(layer.weight, std=0.02)
    nn.init.orthogonal_(layer.weight)
    return [
        layer.weight,
        layer.bias,
        nn.Parameter(torch.randn(2, device=dev)),
        nn.Embedding(3, 2, device=dev).weight,
    ]


def functional_call(dev: str) -> Any:
    model = mlp().to(dev)
    named = {name: p.detach() * 2 for name, p in model.named_parameters()}
    x = data(dev)[0]
    flat = nn.utils.parameters_to_vector(model.parameters())
    nn.utils.vector_to_parameters(flat * 0.5, model.parameters())
    return [torch.func.functional_call(model, named, x), flat, model(x)]
