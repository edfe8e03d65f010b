"""Ways in which Timer goes wrong with its clock and the intervals that it measures."""

import datetime
import time

from oracle import Timer as _Timer
from variants import plain_learner as _Plain


class own_clock(_Timer):
    """The clock that was given is not used.

    The timer calls a clock such as `time.perf_counter` or `time.time` itself, which moreover may be set back while the
    timer runs. Read every time by calling the `clock` of the constructor.
    """

    def _read(self):
        self._wait()
        return time.monotonic()


class own_clock__rewrite(_Plain):
    def __init__(self, clock=None, synchronize=None):
        super().__init__(time.time)


class system_clock_by_default(_Timer):
    """The default clock is the system's, which may be set back.

    Intervals can then come out too short, too long or negative. Keep the default of the stub.
    """

    def __init__(self, clock=time.time, synchronize=None):
        super().__init__(clock, synchronize)


class system_clock_by_default__rewrite(_Plain):
    def __init__(self, clock=None, synchronize=None):
        super().__init__(clock or (lambda: datetime.datetime.now().timestamp()), synchronize)


class processor_time_by_default(_Timer):
    """The default clock stands still while the program sleeps or waits.

    `time.process_time` and `time.thread_time` count what the processor has done for the program, and waiting for a
    device is no work. Keep the default of the stub.
    """

    def __init__(self, clock=time.process_time, synchronize=None):
        super().__init__(clock, synchronize)


class processor_time_by_default__rewrite(_Plain):
    def __init__(self, clock=None, synchronize=None):
        super().__init__(clock or (lambda: time.thread_time_ns() / 1e9), synchronize)


class clock_shared_by_all_timers(_Timer):
    """All timers use the clock of the newest one.

    An attribute of the class belongs to all its instances. Keep what the constructor is given in `self`.
    """

    def __init__(self, clock=time.perf_counter, synchronize=None):
        super().__init__(clock, synchronize)
        type(self)._clock = staticmethod(self.__dict__.pop("_clock"))


class clock_shared_by_all_timers__rewrite(_Plain):
    shared: list = [None, None]

    def __init__(self, clock=time.perf_counter, synchronize=None):
        self.shared[:] = clock, synchronize
        super().__init__(lambda: self.shared[0](), lambda: self.shared[1] and self.shared[1]())


class zero_taken_for_not_started(_Timer):
    """A start at time 0.0 is taken for a timer that does not run.

    0.0 is false in an `if`. Compare with None, or keep a mark that says whether the timer runs.
    """

    def stop(self):
        self._running = self._running and bool(self._begin)
        return super().stop()


class zero_taken_for_not_started__rewrite(_Plain):
    def stop(self):
        if not self.tik:
            raise RuntimeError("start it first")
        seconds = super().stop()
        self.tik = None
        return seconds


class block_from_zero_not_recorded(_Timer):
    """A `with` block that begins at time 0.0 is not recorded.

    0.0 is false in an `if`. `__exit__` ends the interval whatever time it began at.
    """

    def __exit__(self, *exception):
        if self._begin:
            self.stop()


class block_from_zero_not_recorded__rewrite(_Plain):
    def __exit__(self, *args):
        super().__exit__(*args)
        if self.tik == 0:
            self.times.pop()


class interval_of_no_length_dropped(_Timer):
    """An interval of no length is not counted.

    0.0 is false in an `if`, and seconds like any other. Append every interval.
    """

    def stop(self):
        seconds = super().stop()
        if not seconds:
            self._ends.pop()
            return None
        return seconds


class interval_of_no_length_dropped__rewrite(_Plain):
    def stop(self):
        return super().stop() or None


class milliseconds(_Timer):
    """The intervals are in milliseconds.

    The clock gives seconds, and so should the timer: do not multiply.
    """

    @property
    def times(self):
        return [1000 * (end - begin) for begin, end in self._ends]


class milliseconds__rewrite(_Plain):
    def stop(self):
        super().stop()
        self.times[-1] *= 1e3
        return self.times[-1]


class start_keeps_the_old_interval(_Timer):
    """`start` does nothing while an interval is running.

    It begins a new interval and forgets the running one, so that a timer can be set anew right before the work.
    """

    def start(self):
        if not getattr(self, "_running", False):
            super().start()


class start_keeps_the_old_interval__rewrite(_Plain):
    def start(self):
        old = self.tik if self.running else None
        super().start()
        if old is not None:
            self.tik = old


class measures_from_construction(_Timer):
    """Every interval is measured from the construction of the timer.

    `start` has to read the clock again, so that the time between a stop and the next start does not count.
    """

    def _read(self):
        now = super()._read()
        self._born = getattr(self, "_born", now)
        return now

    def start(self):
        super().start()
        self._begin = self._born


class measures_from_construction__rewrite(_Plain):
    def start(self):
        first = getattr(self, "tik", None)
        super().start()
        self.tik = self.tik if first is None else first
