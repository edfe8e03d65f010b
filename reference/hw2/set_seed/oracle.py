"""set_seed by the generators' own methods, on the objects behind the global functions."""

import random

import numpy as np
import torch


def set_seed(seed):
    if seed not in range(2**32):
        raise ValueError(f"{seed} is no seed for NumPy")
    random._inst.seed(seed)
    np.random.mtrand._rand.seed(seed)
    torch.default_generator.manual_seed(seed)
    torch.cuda.manual_seed_all(seed)
