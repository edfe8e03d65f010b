"""Timers that are right, written in other ways."""

import time
from typing import Any

import torch


class tensor_statistics:
    """Statistics by torch, and one function that reads the clock."""

    def __init__(self, clock=time.perf_counter, synchronize=None):
        self.times = []
        self._now = clock if synchronize is None else lambda: (synchronize(), clock())[1]
        self._since = self._now()

    def start(self):
        self._since = self._now()

    def stop(self):
        since, self._since = self._since, None
        if since is None:
            raise RuntimeError("stop() without start()")
        self.times += [self._now() - since]
        return self.times[-1]

    def _tensor(self):
        return torch.tensor(self.times, dtype=torch.float64)

    def sum(self):
        return self._tensor().sum().item()

    def avg(self):
        return self._tensor().mean().item() if self.times else 0.0

    def cumsum(self):
        return self._tensor().cumsum(0).tolist()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, error, traceback):
        self.stop()
        return False


class plain_learner:
    """Written from the stub alone: flags and loops."""

    clock: Any
    synchronize: Any
    running: bool
    tik: float

    def __init__(self, clock=time.perf_counter, synchronize=None):
        self.clock = clock
        self.synchronize = synchronize
        self.times = []
        self.running = False
        self.start()

    def start(self):
        if self.synchronize is not None:
            self.synchronize()
        self.tik = self.clock()
        self.running = True

    def stop(self):
        if self.running is False:
            raise RuntimeError("You have to call start first!")
        if self.synchronize is not None:
            self.synchronize()
        tok = self.clock()
        self.running = False
        elapsed = tok - self.tik
        self.times.append(elapsed)
        return elapsed

    def sum(self):
        total = 0
        for t in self.times:
            total = total + t
        return float(total)

    def avg(self):
        if len(self.times) == 0:
            return 0.0
        return self.sum() / len(self.times)

    def cumsum(self):
        result = []
        for i in range(len(self.times)):
            result.append(sum(self.times[: i + 1]))
        return result

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *args):
        self.stop()
