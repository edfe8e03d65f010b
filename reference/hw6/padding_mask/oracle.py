"""padding_mask from the running sum of ones."""

import torch


def padding_mask(valid_lens, num_steps):
    shape = (*valid_lens.shape, num_steps)
    step = torch.ones(shape, dtype=torch.int64, device=valid_lens.device).cumsum(dim=-1)
    return step <= valid_lens.long()[..., None].expand(shape)
