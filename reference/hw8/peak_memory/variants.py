"""Measures that are right, written in other ways."""

import torch


def plain_learner(function, device):
    """Written from the stub alone."""
    if str(device).startswith("cuda"):
        torch.cuda.empty_cache()
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats(device)
        result = function()
        torch.cuda.synchronize()
        peak = torch.cuda.max_memory_allocated(device)
    else:
        result = function()
        peak = None
    return result, peak


def by_the_accelerator(function, device):
    """What torch.accelerator offers, for whichever there is."""
    measured = device.type != "cpu"
    if measured:
        torch.accelerator.reset_peak_memory_stats(device)
    answer = function()
    if not measured:
        return answer, None
    torch.accelerator.synchronize(device)
    return answer, torch.accelerator.max_memory_allocated(device)


def within_the_device(function, device):
    """Makes the device the current one, and waits by an event."""
    if device.type != "cuda":
        return (function(), None)
    with torch.cuda.device(device):
        torch.cuda.reset_max_memory_allocated()
        answer = function()
        done = torch.cuda.Event()
        done.record()
        done.synchronize()
        return (answer, int(torch.cuda.memory_stats()["allocated_bytes.all.peak"]))
