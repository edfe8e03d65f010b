"""pool2d by torch's own pooling."""

import torch.nn.functional as F


def pool2d(x, pool_size, stride=None, padding=0, mode="max"):
    if mode not in ("max", "avg"):
        raise ValueError(f"unknown mode {mode!r}")
    if len(x) == 0:
        pool2d(x.new_zeros(1, *x.shape[1:]), pool_size, stride, padding, mode)
    pool = F.max_pool2d if mode == "max" else F.avg_pool2d
    return pool(x, pool_size, stride=stride, padding=padding)
