"""peak_memory by the allocator's own table of statistics."""

import torch


def peak_memory(function, device):
    if device.type == "cpu":
        return function(), None
    statistics = torch.cuda.memory
    statistics.reset_peak_memory_stats(device)
    answer = function()
    torch.cuda.current_stream(device).synchronize()
    return answer, statistics.memory_stats(device)["allocated_bytes.all.peak"]
