"""Other right ways to split a batch."""

import copy

import torch
from torch.utils._pytree import tree_flatten, tree_unflatten


def learner(batch, devices):
    """Written from the stub alone: counts first, then slices."""
    n_devices = len(devices)
    if n_devices == 0:
        raise ValueError("devices is empty")
    found = []

    def collect(b):
        if isinstance(b, torch.Tensor):
            found.append(b.shape[0])
        if isinstance(b, dict):
            for k in b:
                collect(b[k])
        if isinstance(b, (list, tuple)):
            for item in b:
                collect(item)

    collect(batch)
    for n in found:
        if n != found[0]:
            raise ValueError(f"tensors have {found[0]} and {n} samples")
    n = found[0] if len(found) > 0 else 0
    sizes = []
    for i in range(n_devices):
        size = n // n_devices
        if i < n % n_devices:
            size += 1
        sizes.append(size)

    def take(b, start, end, device):
        if isinstance(b, torch.Tensor):
            return b[start:end].to(device)
        if isinstance(b, dict):
            out = {}
            for k, v in b.items():
                out[k] = take(v, start, end, device)
            return out
        if isinstance(b, list):
            return [take(item, start, end, device) for item in b]
        if isinstance(b, tuple):
            return tuple([take(item, start, end, device) for item in b])
        return b

    shards = []
    start = 0
    for i, device in enumerate(devices):
        shards.append(take(batch, start, start + sizes[i], device))
        start = start + sizes[i]
    return shards


def of_a_tree(batch, devices):
    """Flattens the tree, splits every leaf by a list of sizes, and copies."""
    leaves, structure = tree_flatten(batch)
    lengths = {len(leaf) for leaf in leaves if isinstance(leaf, torch.Tensor)}
    if len(lengths) > 1 or not devices:
        raise ValueError(f"cannot split {lengths} samples over {len(devices)} devices")
    total, count = max(lengths, default=0), len(devices)
    sizes = [(total + count - 1 - index) // count for index in range(count)]
    columns = [
        [part.clone() for part in leaf.split(sizes)] if isinstance(leaf, torch.Tensor) else [leaf] * count
        for leaf in leaves
    ]
    return [
        tree_unflatten(
            [c[i].to(device) if isinstance(c[i], torch.Tensor) else copy.copy(c[i]) for c in columns], structure
        )
        for i, device in enumerate(devices)
    ]


def one_sample_at_a_time(batch, devices):
    """Asks for every sample to which shard it belongs, and selects."""
    if len(devices) < 1:
        raise ValueError("at least one device is needed")
    lengths = []

    def owners(total):
        dealt = sorted(sample % len(devices) for sample in range(total))
        return torch.tensor(dealt, dtype=torch.int64)

    def walk(part, shard):
        match part:
            case torch.Tensor():
                lengths.append(part.size(0))
                if lengths[-1] != lengths[0]:
                    raise ValueError(f"{lengths[-1]} samples beside {lengths[0]}")
                where = (owners(part.size(0)) == shard).nonzero().flatten()
                return part.index_select(0, where.to(part.device)).to(devices[shard])
            case dict():
                return dict(zip(part, (walk(item, shard) for item in part.values()), strict=True))
            case list() | tuple():
                return part.__class__([walk(item, shard) for item in part])
        return part

    return [walk(batch, shard) for shard in range(len(devices))]
