"""try_all_gpus, choosing the first list that is not empty."""

import torch


def try_all_gpus():
    gpus = [torch.device(f"cuda:{number}") for number in range(torch.cuda.device_count() * torch.cuda.is_available())]
    macs = [torch.device("mps")] * torch.mps.device_count()
    return gpus or macs or [torch.device("cpu")]
