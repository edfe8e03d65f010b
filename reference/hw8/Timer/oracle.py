"""Timer, keeping the two ends of every interval instead of its length."""

import time
from itertools import accumulate
from statistics import fmean


class Timer:
    def __init__(self, clock=time.perf_counter, synchronize=None):
        self._clock = clock
        self._wait = synchronize or (lambda: None)
        self._ends = []
        self.start()

    def _read(self):
        self._wait()
        return self._clock()

    def start(self):
        self._running = True
        self._begin = self._read()

    def stop(self):
        if not self._running:
            raise RuntimeError("the timer was stopped and not started again")
        self._running = False
        self._ends.append((self._begin, self._read()))
        return self.times[-1]

    @property
    def times(self):
        return [end - begin for begin, end in self._ends]

    def sum(self):
        return float(sum(self.times))

    def avg(self):
        return fmean(self.times) if self._ends else 0.0

    def cumsum(self):
        return list(accumulate(self.times))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.stop()
