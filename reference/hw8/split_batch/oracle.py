"""split_batch with torch's own division of a tensor, on a batch that is taken apart and put together again."""

import torch


def _leaves(batch):
    if isinstance(batch, dict):
        return [leaf for item in batch.values() for leaf in _leaves(item)]
    if isinstance(batch, (list, tuple)):
        return [leaf for item in batch for leaf in _leaves(item)]
    return [batch]


def _rebuilt(batch, leaves):
    if isinstance(batch, dict):
        return {key: _rebuilt(item, leaves) for key, item in batch.items()}
    if isinstance(batch, (list, tuple)):
        return type(batch)([_rebuilt(item, leaves) for item in batch])
    return next(leaves)


def split_batch(batch, devices):
    leaves = _leaves(batch)
    if not devices:
        raise ValueError("no devices")
    if len({leaf.shape[0] for leaf in leaves if torch.is_tensor(leaf)}) > 1:
        raise ValueError("different numbers of samples")
    pieces = [
        torch.tensor_split(leaf, len(devices)) if torch.is_tensor(leaf) else [leaf] * len(devices) for leaf in leaves
    ]
    shards = []
    for device, parts in zip(devices, zip(*pieces, strict=True), strict=True):
        moved = (part.to(device) if torch.is_tensor(part) else part for part in parts)
        shards.append(_rebuilt(batch, moved))
    return shards
