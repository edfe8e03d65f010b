"""Models, gradients, optimizers and mixed precision on the device."""

from __future__ import annotations

import copy
import io
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.checkpoint import checkpoint
from torch.utils.data import DataLoader, TensorDataset


def _mlp() -> nn.Sequential:
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))


def _data(dev: str) -> tuple[torch.Tensor, torch.Tensor]:
    x = (torch.arange(40, dtype=torch.float32).reshape(10, 4) * 0.31).sin()
    return x.to(dev), (torch.arange(10) % 3).to(dev)


def _grads(model: nn.Module) -> list[Any]:
    return [p.grad for p in model.parameters()]


def _fit(dev: str, make: Any, steps: int = 4, model: nn.Module | None = None) -> Any:
    model = _mlp() if model is None else model
    model.to(dev)
    x, y = _data(dev)
    optimizer = make(model.parameters())
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return [losses, list(model.parameters())]


def sgd(dev: str) -> Any:
    return _fit(dev, lambda ps: torch.optim.SGD(ps, lr=0.1))


def momentum(dev: str) -> Any:
    return _fit(dev, lambda ps: torch.optim.SGD(ps, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01))


def adam(dev: str) -> Any:
    return _fit(dev, lambda ps: torch.optim.Adam(ps, lr=0.01))


def adamw_foreach(dev: str) -> Any:
    return _fit(dev, lambda ps: torch.optim.AdamW(ps, lr=0.01, foreach=True))


def sgd_foreach(dev: str) -> Any:
    return _fit(dev, lambda ps: torch.optim.SGD(ps, lr=0.1, momentum=0.9, foreach=True))


def adam_fused(dev: str) -> Any:
    return _fit(dev, lambda ps: torch.optim.Adam(ps, lr=0.01, fused=True))


def rmsprop(dev: str) -> Any:
    return _fit(dev, lambda ps: torch.optim.RMSprop(ps, lr=0.01))


def optimizer_before_moving(dev: str) -> Any:
    model = _mlp()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    held = list(model.parameters())
    model.to(dev)
    x, y = _data(dev)
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
    return [list(model.parameters()), all(a is b for a, b in zip(held, model.parameters(), strict=True))]


def moving_after_a_forward(dev: str) -> Any:
    model = _mlp()
    kept = model(_data("cpu")[0])
    model.to(dev)
    x, y = _data(dev)
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    return [loss, _grads(model), kept.shape]


def moving_there_and_back(dev: str) -> Any:
    model = _mlp().to(dev)
    model.cpu()
    total = sum(p.sum().item() for p in model.parameters())
    model.to(dev)
    return [total, {p.device.type for p in model.cpu().parameters()} == {"cpu"}, isinstance(model[0].weight, nn.Parameter)]


def moving_gradients(dev: str) -> Any:
    model = _mlp()
    x, y = _data("cpu")
    F.cross_entropy(model(x), y).backward()
    model.to(dev)
    return _grads(model)


def parameter_data(dev: str) -> Any:
    model = _mlp()
    for p in model.parameters():
        p.data = p.data.to(dev)
    x, y = _data(dev)
    F.cross_entropy(model(x), y).backward()
    model[0].weight.data.mul_(2)
    model[0].weight.data = torch.ones(8, 4, device=dev)
    return [*model.parameters(), *_grads(model)]


class _Tied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(6, 4)
        self.head = nn.Linear(4, 6, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.head(self.embed(tokens))


def tied_weights(dev: str) -> Any:
    model = _Tied().to(dev)
    tokens = torch.tensor([[1, 2, 3]], device=dev)
    model(tokens).sum().backward()
    before = model.head.weight is model.embed.weight
    buffer = io.BytesIO()
    torch.save(model.state_dict(), buffer)
    buffer.seek(0)
    other = _Tied()
    other.load_state_dict(torch.load(buffer, map_location=dev))
    return [before, _grads(model), len(list(model.parameters())), other.to(dev)(tokens)]


def checkpoints(dev: str) -> Any:
    model = _mlp().to(dev)
    optimizer = torch.optim.Adam(model.parameters())
    x, y = _data(dev)
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
    buffer = io.BytesIO()
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, buffer)
    results = []
    for place in (None, "cpu", dev, torch.device(dev), {"cuda:0": "cpu"}, lambda storage, location: storage):
        buffer.seek(0)
        state = torch.load(buffer, map_location=place)
        fresh = _mlp().to(dev)
        fresh.load_state_dict(state["model"])
        other = torch.optim.Adam(fresh.parameters())
        other.load_state_dict(state["optimizer"])
        F.cross_entropy(fresh(x), y).backward()
        other.step()
        results.append(list(fresh.parameters()))
    return results


def deepcopied_model(dev: str) -> Any:
    model = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4)).to(dev)
    other = copy.deepcopy(model)
    with torch.no_grad():
        other[0].weight.zero_()
    return [list(model.parameters()), list(other.parameters()), list(other.buffers())]


def moving_average(dev: str) -> Any:
    model = _mlp().to(dev)
    average = copy.deepcopy(model)
    for p in average.parameters():
        p.requires_grad_(False)
    for p, q in zip(average.parameters(), model.parameters(), strict=True):
        p.mul_(0.9).add_(q, alpha=0.1)
        p.data.lerp_(q.data, 0.5)
    return list(average.parameters())


def scheduler_and_clipping(dev: str) -> Any:
    model = _mlp().to(dev)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 3)
    x, y = _data(dev)
    norms = []
    for _ in range(3):
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        norms.append(nn.utils.clip_grad_norm_(model.parameters(), 0.1))
        nn.utils.clip_grad_value_(model.parameters(), 0.05)
        optimizer.step()
        schedule.step()
    return [norms, list(model.parameters())]


def convolutional(dev: str) -> Any:
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.0), nn.Linear(36, 2)
    ).to(dev)
    x = (torch.arange(128.0).reshape(2, 1, 8, 8) * 0.1).sin().to(dev)
    model(x).square().sum().backward()
    model.eval()
    return [model(x), _grads(model), list(model.buffers())]


def channels_last(dev: str) -> Any:
    model = nn.Conv2d(2, 4, 3).to(dev, memory_format=torch.channels_last)
    x = torch.ones(1, 2, 5, 5).to(dev, memory_format=torch.channels_last)
    y = model(x)
    return [y, model.weight.is_contiguous(memory_format=torch.channels_last)]


def lstm(dev: str) -> Any:
    model = nn.LSTM(3, 4, num_layers=2, batch_first=True, bidirectional=True).to(dev)
    x = _data("cpu")[0][:8, :3].reshape(2, 4, 3).to(dev).requires_grad_()
    out, (h, c) = model(x)
    (out.sum() + (h * c).sum()).backward()
    return [out, h, c, x.grad, _grads(model)]


def gru(dev: str) -> Any:
    model = nn.GRU(3, 4).to(dev)
    x = _data("cpu")[0][:8, :3].reshape(4, 2, 3).to(dev).requires_grad_()
    out, h = model(x, torch.ones(1, 2, 4, device=dev))
    (out.square().sum() + h.sum()).backward()
    return [out, h, x.grad, _grads(model)]


def cells(dev: str) -> Any:
    x, h = torch.ones(2, 3, device=dev), torch.zeros(2, 4, device=dev)
    lstm_cell, gru_cell, rnn_cell = (kind(3, 4).to(dev) for kind in (nn.LSTMCell, nn.GRUCell, nn.RNNCell))
    a, b = lstm_cell(x, (h, h))
    (a.sum() + b.sum() + gru_cell(x, h).sum() + rnn_cell(x, h).sum()).backward()
    with torch.no_grad():
        return [a, b, gru_cell(x, h), nn.RNN(3, 4).to(dev)(x[None])[0], _grads(lstm_cell), _grads(gru_cell)]


def packed_sequences(dev: str) -> Any:
    x = _data("cpu")[0][:6, :3].reshape(2, 3, 3).to(dev).requires_grad_()
    packed = nn.utils.rnn.pack_padded_sequence(x, torch.tensor([3, 2]), batch_first=True)
    out, h = nn.GRU(3, 2, batch_first=True).to(dev)(packed)
    padded, lengths = nn.utils.rnn.pad_packed_sequence(out, batch_first=True)
    padded.sum().backward()
    unsorted = nn.utils.rnn.pack_padded_sequence(x, [2, 3], batch_first=True, enforce_sorted=False)
    return [padded, lengths.tolist(), h, x.grad, packed.data, packed.to(dev).data, unsorted.data, nn.utils.rnn.pad_sequence([x[0], x[1, :1]])]


def multihead_attention(dev: str) -> Any:
    model = nn.MultiheadAttention(8, 2, batch_first=True).to(dev)
    x = (torch.arange(48.0).reshape(2, 3, 8) * 0.2).cos().to(dev)
    causal = torch.ones(3, 3, dtype=torch.bool, device=dev).triu(1)
    padding = torch.tensor([[False, False, True], [False, False, False]], device=dev)
    out, weights = model(x, x, x, attn_mask=causal, key_padding_mask=padding)
    out.sum().backward()
    model.eval()
    with torch.no_grad():
        return [out, weights, _grads(model), model(x, x, x, need_weights=False)[0]]


def transformer(dev: str) -> Any:
    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
    model = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False).to(dev)
    x = (torch.arange(48.0).reshape(2, 3, 8) * 0.2).cos().to(dev)
    mask = nn.Transformer.generate_square_subsequent_mask(3, device=torch.device(dev))
    trained = model(x, mask=mask, is_causal=True)
    trained.sum().backward()
    model.eval()
    with torch.no_grad():
        return [trained, _grads(model), model(x)]


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
    return [first, second, y, x.grad, x.is_leaf, y.requires_grad, torch.autograd.functional.jacobian(lambda v: v**2, x)]


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
    model, seen = _mlp().to(dev), []
    model[0].register_forward_hook(lambda m, i, o: seen.append(o.detach()))
    model[2].register_full_backward_hook(lambda m, gi, go: seen.append(go[0]))
    x = _data(dev)[0].requires_grad_()
    x.register_hook(lambda g: g * 2)
    model[0].weight.register_post_accumulate_grad_hook(lambda p: seen.append(p.grad.clone()))
    hidden = model[0](x)
    hidden.retain_grad()
    model[2](hidden.relu()).sum().backward()
    return [seen, x.grad, hidden.grad]


def accumulation(dev: str) -> Any:
    model = _mlp().to(dev)
    x, y = _data(dev)
    for part, labels in zip(x.chunk(2), y.chunk(2), strict=True):
        (F.cross_entropy(model(part), labels) / 2).backward()
    kept = _grads(model)
    model.zero_grad(set_to_none=False)
    return [kept, _grads(model)]


def recomputation(dev: str) -> Any:
    model = _mlp().to(dev)
    drop = nn.Dropout(0.5)
    x = _data(dev)[0].requires_grad_()
    torch.manual_seed(5)
    out = [checkpoint(lambda v: drop(model(v)).sum(), x, use_reentrant=kind) for kind in (False, True)]
    sum(out).backward()
    return [out, _grads(model), x.grad]


def _mixed(dev: str, dtype: torch.dtype) -> Any:
    model = _mlp().to(dev)
    x, y = _data(dev)
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
        values = [h, convolved, h + h, F.relu(h), h.softmax(-1), h.exp(), h.sum(), F.mse_loss(h, h), F.layer_norm(h, (2,)), h + x]
    return [str(v.dtype) for v in values]


def scaled(dev: str) -> Any:
    model = _mlp().to(dev)
    x, y = _data(dev)
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
    x, y = _data("cpu")
    batches = [
        (a.to(dev, non_blocking=True), b.to(dev, non_blocking=True))
        for a, b in DataLoader(TensorDataset(x, y), batch_size=4, pin_memory=True)
    ]
    return batches


def loader_workers(dev: str) -> Any:
    x, y = _data("cpu")
    batches = DataLoader(TensorDataset(x, y), batch_size=4, num_workers=1, pin_memory=True)
    return [a.to(dev) for a, _ in batches]


def loader_on_device(dev: str) -> Any:
    x, y = _data(dev)
    return list(DataLoader(TensorDataset(x, y), batch_size=4, shuffle=False))


def parametrized(dev: str) -> Any:
    layer = nn.utils.parametrizations.weight_norm(nn.Linear(3, 2)).to(dev)
    other = nn.utils.parametrizations.spectral_norm(nn.Linear(3, 2)).to(dev).eval()
    x = torch.ones(1, 3, device=dev)
    layer(x).sum().backward()
    return [layer(x), _grads(layer), other(x).shape]


def initialised(dev: str) -> Any:
    layer = nn.Linear(3, 2, device=dev)
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    nn.init.normal_(layer.weight, std=0.02)
    nn.init.orthogonal_(layer.weight)
    return [layer.weight, layer.bias, nn.Parameter(torch.randn(2, device=dev)), nn.Embedding(3, 2, device=dev).weight]


def functional_call(dev: str) -> Any:
    model = _mlp().to(dev)
    named = {name: p.detach() * 2 for name, p in model.named_parameters()}
    x = _data(dev)[0]
    flat = nn.utils.parameters_to_vector(model.parameters())
    nn.utils.vector_to_parameters(flat * 0.5, model.parameters())
    return [torch.func.functional_call(model, named, x), flat, model(x)]
