"""Ways in which Timer goes wrong with waiting for the device."""

import time

import torch
from oracle import Timer as _Timer
from variants import plain_learner as _Plain


class no_synchronize_at_stop(_Timer):
    """The timer does not wait for the device when it stops.

    An operator on the device returns before its work is done. Without `synchronize` at the stop the clock measures how
    long it took to queue the work, not the work: wait before both readings.
    """

    def _read(self):
        return self._clock()


class no_synchronize_at_stop__rewrite(_Plain):
    def stop(self):
        if not self.running:
            raise RuntimeError("not running")
        self.running = False
        self.times.append(self.clock() - self.tik)
        return self.times[-1]


class torch_synchronize_instead(_Timer):
    """`torch.cuda.synchronize` is called instead of the function that was given.

    It fails on a machine without CUDA, and does not wait for any other device. Call the `synchronize` of the
    constructor, where it is not None.
    """

    def _read(self):
        torch.cuda.synchronize()
        return self._clock()


class torch_synchronize_instead__rewrite(_Plain):
    def __init__(self, clock=time.perf_counter, synchronize=None):
        super().__init__(clock, torch.cuda.synchronize)


class synchronizes_after_reading(_Timer):
    """The clock is read first and the device waited for afterwards.

    The reading is then as early as without waiting at all. Wait first, read the clock second.
    """

    def _read(self):
        now = self._clock()
        self._wait()
        return now


class synchronizes_after_reading__rewrite(_Plain):
    def __init__(self, clock=time.perf_counter, synchronize=None):
        def late():
            now = clock()
            if synchronize is not None:
                synchronize()
            return now

        super().__init__(late)


class synchronizes_at_stop_only(_Timer):
    """The timer waits for the device at the stop, but not at the start.

    Work that was queued before the interval is then charged to it. Wait before the first reading too.
    """

    def start(self):
        self._running = True
        self._begin = self._clock()


class synchronizes_at_stop_only__rewrite(_Plain):
    def start(self):
        wait, self.synchronize = self.synchronize, None
        super().start()
        self.synchronize = wait


class clock_read_before_waiting_too(_Timer):
    """The clock is read before the device has been waited for.

    Often it is read once more afterwards, and the first reading is of no use. Wait first, then read.
    """

    def _read(self):
        self._clock()
        return super()._read()


class clock_read_before_waiting_too__rewrite(_Plain):
    def stop(self):
        before = self.clock()
        return max(super().stop(), before - self.tik)


class block_does_not_wait(_Timer):
    """The `with` block does not wait for the device when it ends.

    Often `__exit__` reads the clock on its own. Let `__enter__` call `start` and `__exit__` call `stop`, which wait.
    """

    def __exit__(self, *exception):
        self._running = False
        self._ends.append((self._begin, self._clock()))


class block_does_not_wait__rewrite(_Plain):
    def __enter__(self):
        self.running, self.tik = True, self.clock()
        return self

    def __exit__(self, *args):
        self.running = False
        self.times.append(self.clock() - self.tik)


class block_does_not_wait_at_its_beginning(_Timer):
    """The `with` block does not wait for the device when it begins.

    Work that was queued before the block is then charged to it. Let `__enter__` call `start`, which waits.
    """

    def __enter__(self):
        self._running, self._begin = True, self._clock()
        return self


class block_does_not_wait_at_its_beginning__rewrite(_Plain):
    def __enter__(self):
        wait, self.synchronize = self.synchronize, None
        self.start()
        self.synchronize = wait
        return self


class needs_synchronize(_Timer):
    """`synchronize` is called even when it is None.

    None stands for a device with nothing to wait for: ask before you call it.
    """

    def __init__(self, clock=time.perf_counter, synchronize=None):
        self._given = synchronize
        super().__init__(clock, synchronize)

    def _read(self):
        self._given()
        return self._clock()


class needs_synchronize__rewrite(_Plain):
    def start(self):
        self.synchronize()
        self.tik = self.clock()
        self.running = True
