"""Benchmarks that are right, written in other ways."""

import time

import numpy as np
import torch


def timer_of_its_own(function, *, warmup=3, repeats=5, calls=1, clock=time.perf_counter, synchronize=None):
    """With a context manager that waits at both ends, and numpy's median."""

    class Measured:
        def __enter__(self):
            self.begin = self.now()
            return self

        def __exit__(self, *exception):
            self.seconds = self.now() - self.begin

        def now(self):
            if synchronize:
                synchronize()
            return clock()

    assert callable(function)
    if min(repeats, calls) < 1 or warmup < 0:
        raise ValueError(f"cannot do with warmup={warmup}, repeats={repeats}, calls={calls}")
    for _ in range(warmup):
        function()
    seconds = []
    for _ in range(repeats):
        with Measured() as measured:
            for _ in range(calls):
                function()
        seconds.append(measured.seconds / calls)
    return float(np.median(seconds))


def plain_learner(function, *, warmup=3, repeats=5, calls=1, clock=time.perf_counter, synchronize=None):
    """Written from the stub alone."""
    if warmup < 0:
        raise ValueError("warmup must be 0 or more")
    if repeats < 1:
        raise ValueError("repeats must be 1 or more")
    if calls < 1:
        raise ValueError("calls must be 1 or more")
    for _ in range(warmup):
        function()
    if synchronize is not None:
        synchronize()
    times = []
    for _ in range(repeats):
        if synchronize is not None:
            synchronize()
        tik = clock()
        for _ in range(calls):
            result = function()  # noqa: F841
        if synchronize is not None:
            synchronize()
        tok = clock()
        times.append(tok - tik)
    times.sort()
    if repeats % 2 == 1:
        return times[repeats // 2] / calls
    else:
        return (times[repeats // 2 - 1] + times[repeats // 2]) / 2 / calls


def quantile_of_doubles(function, *, warmup=3, repeats=5, calls=1, clock=time.perf_counter, synchronize=None):
    """The median by torch, in double precision; one loop over the warm-up and the measurements."""
    for name, value in [("warmup", warmup + 1), ("repeats", repeats), ("calls", calls)]:
        if value <= 0:
            raise ValueError(f"{name} is too small")
    measured = torch.empty(repeats, dtype=torch.float64)
    for number in range(-1, repeats):
        if synchronize is not None:
            synchronize()
        begin = clock()
        for _ in range(calls if number >= 0 else warmup):
            function()
        synchronize and synchronize()
        if number >= 0:
            measured[number] = (clock() - begin) / calls
    return measured.quantile(0.5).item()
