"""try_gpu, choosing from the list of everything that is there."""

import torch


def try_gpu(i=0):
    found = {"cpu": torch.device("cpu")}
    if torch.mps.device_count() > 0:
        found["mps"] = torch.device("mps")
    if torch.cuda.is_available():
        found |= {number: torch.device(f"cuda:{number}") for number in range(torch.cuda.device_count())}
    return found.get(i) or found.get("mps") or found["cpu"]
