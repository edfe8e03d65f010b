"""Loaders and files."""

from __future__ import annotations

import io
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from tests.phantom.ways import Caught, mistake, right

REFUSED = Caught.REFUSED
BATCHES, SHUFFLED, FILES, RESUMED, LEGACY = (
    "batches on the device",
    "a shuffled loader",
    "weights from a file",
    "an optimizer's state from a file",
    "a function of NumPy in the middle",
)


def _data() -> TensorDataset:
    return TensorDataset(torch.arange(8.0).reshape(4, 2), torch.tensor([0, 1, 0, 1]))


@right(BATCHES)
def moved_batch_by_batch(dev: str) -> Any:
    """x.to(device) in the loop"""
    return [[x.to(dev), y.to(dev)] for x, y in DataLoader(_data(), 2)]


@right(BATCHES)
def pinned(dev: str) -> Any:
    """pin_memory=True and non_blocking=True"""
    loader = DataLoader(_data(), 2, pin_memory=dev != "cpu")
    return [[x.to(dev, non_blocking=True), y.to(dev, non_blocking=True)] for x, y in loader]


@right(BATCHES)
def loaded_by_workers(dev: str) -> Any:
    """workers that give CPU tensors, moved in the loop"""
    return [[x.to(dev), y.to(dev)] for x, y in DataLoader(_data(), 2, num_workers=1)]


@right(BATCHES)
def all_there(dev: str) -> Any:
    """a small set that is on the device as a whole, without workers"""
    x, y = _data().tensors
    return [list(batch) for batch in DataLoader(TensorDataset(x.to(dev), y.to(dev)), 2)]


@right(BATCHES)
def collated_there(dev: str) -> Any:
    """collate_fn moves, without workers"""

    def collate(rows: Any) -> Any:
        return [torch.stack(list(column)).to(dev) for column in zip(*rows, strict=True)]

    return list(DataLoader(_data(), 2, collate_fn=collate))


class _Moving(Dataset[Any]):
    def __init__(self, dev: str) -> None:
        self.dev = dev

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> Any:
        x, y = _data()[index]
        return x.to(self.dev), y.to(self.dev)


@mistake(BATCHES, REFUSED, "Cannot re-initialize CUDA in forked subprocess")
def moved_by_workers(dev: str) -> Any:
    """workers that were forked move to the device"""
    torch.ones(1, device=dev)
    return [list(batch) for batch in DataLoader(_Moving(dev), 2, num_workers=1)]


@mistake(BATCHES, REFUSED, "only dense CPU tensors can be pinned")
def pinned_there(dev: str) -> Any:
    """pin_memory=True for tensors that are on the device already"""
    x, y = _data().tensors
    return [list(batch) for batch in DataLoader(TensorDataset(x.to(dev), y.to(dev)), 2, pin_memory=True)]


@mistake(BATCHES, Caught.PLACE)
def never_moved(dev: str) -> Any:
    """pin_memory=True moves nothing to the device"""
    return [list(batch) for batch in DataLoader(_data(), 2, pin_memory=True)]


@right(SHUFFLED)
def shuffled_by_cpu_generator(dev: str) -> Any:
    """generator=torch.Generator() of the CPU"""
    loader = DataLoader(_data(), 4, shuffle=True, generator=torch.Generator().manual_seed(1))
    return [x.sum(0).to(dev) for x, _ in loader]


@right(SHUFFLED)
def shuffled_by_default(dev: str) -> Any:
    """shuffle=True"""
    return [x.sum(0).to(dev) for x, _ in DataLoader(_data(), 4, shuffle=True)]


@mistake(SHUFFLED, REFUSED, "Expected a 'cpu' device type for generator but found 'cuda'")
def shuffled_by_device_generator(dev: str) -> Any:
    """generator=torch.Generator("cuda"): the loader shuffles on the CPU"""
    loader = DataLoader(_data(), 4, shuffle=True, generator=torch.Generator(dev).manual_seed(1))
    return [x.sum(0).to(dev) for x, _ in loader]


def _saved(dev: str) -> io.BytesIO:
    model = nn.Linear(2, 2).to(dev)
    nn.init.ones_(model.weight)
    nn.init.zeros_(model.bias)
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    file.seek(0)
    return file


@right(FILES)
def loaded_where_it_was(dev: str) -> Any:
    """torch.load without map_location goes where it was saved"""
    state = torch.load(_saved(dev))
    return F.linear(torch.ones(1, 2, device=dev), state["weight"], state["bias"])


@right(FILES)
def loaded_there(dev: str) -> Any:
    """map_location=device"""
    state = torch.load(_saved("cpu"), map_location=dev)
    return F.linear(torch.ones(1, 2, device=dev), state["weight"], state["bias"])


@right(FILES)
def loaded_at_home(dev: str) -> Any:
    """map_location="cpu", then load_state_dict, which copies to where the model is"""
    model = nn.Linear(2, 2).to(dev)
    model.load_state_dict(torch.load(_saved(dev), map_location="cpu"))
    return model(torch.ones(1, 2, device=dev)).detach()


@right(FILES)
def loaded_by_number(dev: str) -> Any:
    """map_location={"cuda:0": ...}"""
    state = torch.load(_saved(dev), map_location={"cuda:0": "cuda:0"})
    return F.linear(torch.ones(1, 2, device=dev), state["weight"], state["bias"])


@mistake(FILES, REFUSED, "on the same device")
def used_at_home(dev: str) -> Any:
    """map_location="cpu", and the tensors used as they are"""
    state = torch.load(_saved(dev), map_location="cpu")
    return F.linear(torch.ones(1, 2, device=dev), state["weight"], state["bias"])


@mistake(FILES, REFUSED, "on the same device")
def assigned_at_home(dev: str) -> Any:
    """load_state_dict(assign=True) takes CPU tensors as they are"""
    model = nn.Linear(2, 2).to(dev)
    model.load_state_dict(torch.load(_saved(dev), map_location="cpu"), assign=True)
    return model(torch.ones(1, 2, device=dev)).detach()


def _resumed(dev: str, restore: Any) -> Any:
    w = nn.Parameter(torch.ones(2, device=dev))
    optimizer = torch.optim.SGD([w], 0.1, momentum=0.9)
    w.square().sum().backward()
    optimizer.step()
    file = io.BytesIO()
    torch.save(optimizer.state_dict(), file)
    file.seek(0)
    state = torch.load(file, map_location="cpu")
    other = torch.optim.SGD([w], 0.1, momentum=0.9)
    restore(other, state)
    other.step()
    return w.detach()


@right(RESUMED)
def state_loaded(dev: str) -> Any:
    """load_state_dict moves the state to where the parameters are"""
    return _resumed(dev, lambda optimizer, state: optimizer.load_state_dict(state))


@right(RESUMED)
def state_moved_by_hand(dev: str) -> Any:
    """velocities moved one by one"""

    def restore(optimizer: Any, state: Any) -> None:
        (w,) = optimizer.param_groups[0]["params"]
        optimizer.state[w]["momentum_buffer"] = state["state"][0]["momentum_buffer"].to(w.device)

    return _resumed(dev, restore)


@mistake(RESUMED, REFUSED, "on the same device")
def state_put_in(dev: str) -> Any:
    """velocities from the file, put in as they are"""

    def restore(optimizer: Any, state: Any) -> None:
        (w,) = optimizer.param_groups[0]["params"]
        optimizer.state[w]["momentum_buffer"] = state["state"][0]["momentum_buffer"]

    return _resumed(dev, restore)


@right(LEGACY)
def through_the_cpu(dev: str) -> Any:
    """.detach().cpu().numpy(), and back with .to(x.device)"""
    import numpy as np

    x = torch.tensor([1.0, 3.0, 2.0], device=dev, requires_grad=True)
    return torch.from_numpy(np.sort(x.detach().cpu().numpy())).to(x.device)


@right(LEGACY)
def forced(dev: str) -> Any:
    """.numpy(force=True), and back"""
    import numpy as np

    x = torch.tensor([1.0, 3.0, 2.0], device=dev, requires_grad=True)
    return torch.as_tensor(np.sort(x.numpy(force=True)), device=x.device)


@mistake(LEGACY, REFUSED, "can't convert cuda:0 device type tensor to numpy")
def detached_only(dev: str) -> Any:
    """.detach().numpy()"""
    import numpy as np

    x = torch.tensor([1.0, 3.0, 2.0], device=dev, requires_grad=True)
    return torch.from_numpy(np.sort(x.detach().numpy())).to(x.device)


@mistake(LEGACY, Caught.PLACE)
def left_at_home(dev: str) -> Any:
    """through the CPU, and not back"""
    import numpy as np

    x = torch.tensor([1.0, 3.0, 2.0], device=dev)
    return torch.from_numpy(np.sort(x.cpu().numpy()))
