"""Other right ways to seed the generators."""

import random

import numpy
import torch


def with_the_gpus(seed):
    """As many write it, with a line for the GPUs, which `torch.manual_seed` seeds already."""
    if seed < 0 or seed > 2**32 - 1:
        raise ValueError("seed out of range: " + str(seed))
    numpy.random.seed(seed)
    random.seed(seed)
    torch.manual_seed(seed)
    if torch.cuda.is_available():
        torch.cuda.manual_seed(seed)
        torch.cuda.manual_seed_all(seed)


def numpy_refuses(seed):
    """NumPy comes first: it raises the ValueError."""
    numpy.random.seed(seed)
    torch.random.manual_seed(seed)
    random.seed(a=seed)


def by_states(seed):
    """The global generators get the states of new ones."""
    numpy.random.set_state(numpy.random.RandomState(seed).get_state())
    random.setstate(random.Random(seed).getstate())
    torch.set_rng_state(torch.Generator().manual_seed(seed).get_state())
    torch.cuda.manual_seed_all(seed)
