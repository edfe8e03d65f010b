"""one_hot by torch's own function, on a class more that takes what is no class."""

import torch
from torch.nn import functional as F


def one_hot(indices, num_classes):
    numbers = indices.long()
    known = (numbers >= 0) & (numbers < num_classes)
    rows = F.one_hot(torch.where(known, numbers, num_classes), num_classes + 1)
    return rows[..., :num_classes].float()
