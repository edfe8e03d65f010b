"""Right ways to choose a device, written in other styles."""

import torch
from torch.cuda import device_count, is_available


def early_returns(i=0):
    """One question after the other, with functions imported by their names."""
    if is_available() and i >= 0 and i < device_count():
        return torch.device("cuda:" + str(i))
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def names_tried(i=0):
    """The name of each GPU is looked up."""
    if i >= 0:
        try:
            torch.cuda.get_device_name(i)
            return torch.device(type="cuda", index=i)
        except (AssertionError, RuntimeError):
            pass
    return torch.device("mps", 0) if torch.mps.is_available() else torch.device("cpu", 0)


def by_the_accelerator(i=0):
    """By torch.accelerator, which knows only one kind of device."""
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    if accelerator is not None and accelerator.type == "cuda" and i in range(torch.accelerator.device_count()):
        return torch.device(accelerator.type, i)
    return torch.device(("cpu", "mps")[torch.backends.mps.is_available()])
