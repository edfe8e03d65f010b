"""Right ways to list the devices, written in other styles."""

import torch
from torch.cuda import device_count


def early_returns():
    """One question after the other."""
    if torch.cuda.is_available():
        devices = []
        for i in range(device_count()):
            devices.append(torch.device("cuda:" + str(i)))
        return devices
    if torch.backends.mps.is_available():
        return [torch.device("mps")]
    return [torch.device("cpu")]


def by_the_accelerator():
    """By torch.accelerator."""
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    if accelerator is None:
        return [torch.device("cpu", 0)]
    return [torch.device(accelerator.type, number) for number in range(torch.accelerator.device_count())]


def until_one_has_no_name():
    """GPUs are asked for their names, as long as they have one."""
    devices = []
    try:
        while True:
            torch.cuda.get_device_properties(len(devices))
            devices.append(torch.device(type="cuda", index=len(devices)))
    except (AssertionError, RuntimeError):
        pass
    if not devices:
        devices += [torch.device("mps")] if torch.mps.is_available() else [torch.device("cpu")]
    return devices
