"""Ways in which the timers of many notes go wrong: they print, have a clock of their own, tell hours and minutes."""

import datetime
import time

import numpy as np
import torch
from oracle import Timer as _Timer
from variants import plain_learner as _Plain


class _Taught(_Timer):
    def stop(self):
        self._ends.append((self._begin, self._clock()))
        return self.times[-1]

    def sum(self):
        return sum(self.times)

    def avg(self):
        return sum(self.times) / len(self.times)


class widely_taught_timer(_Taught):
    """The widely taught timer: it never waits for the device, can be stopped twice, and divides by zero.

    Wait before both readings of the clock, remember whether the timer runs, and say what an average over no interval
    is.
    """

    def start(self):
        self._begin = self._clock()


class widely_taught_timer__rewrite(_Plain):
    def start(self):
        self.tik = self.clock()

    def stop(self):
        self.times.append(self.clock() - self.tik)
        return self.times[-1]

    def avg(self):
        return sum(self.times) / len(self.times)


class taught_timer_that_waits_at_stop(_Taught):
    """The timer waits at the stop only, can be stopped twice, and divides by zero.

    Work queued before the start is charged to the interval: wait before both readings. Remember whether the timer runs,
    and say what an average over no interval is.
    """

    def start(self):
        self._begin = self._clock()

    def stop(self):
        self._wait()
        return super().stop()


class taught_timer_that_waits_at_stop__rewrite(_Plain):
    def start(self):
        self.tik = self.clock()

    def stop(self):
        if self.synchronize:
            self.synchronize()
        self.times += [self.clock() - self.tik]
        return self.times[-1]

    def avg(self):
        return sum(self.times) / len(self.times)


class taught_timer_with_its_own_clock(_Taught):
    """The taught timer as printed: its own `time.time`, no waiting, stopped twice, division by zero.

    Call the `clock` and the `synchronize` of the constructor, wait before both readings, remember whether the timer
    runs, and say what an average over no interval is.
    """

    def __init__(self, clock=time.perf_counter, synchronize=None):
        super().__init__(lambda: time.time())

    def start(self):
        self._begin = self._clock()


class _Printed:
    def __init__(self, clock=time.perf_counter, synchronize=None):
        self.times = []
        self.start()

    def start(self):
        self.since = time.time()

    def stop(self):
        self.times.append(time.time() - self.since)
        return self.times[-1]

    def sum(self):
        return sum(self.times)

    def avg(self):
        return sum(self.times) / len(self.times)

    def cumsum(self):
        return np.array(self.times).cumsum().tolist()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *args):
        self.stop()


class taught_timer_with_its_own_clock__rewrite(_Printed):
    """Without a change."""


class prints_the_time_of_its_own_clock(_Printed):
    """`stop` neither returns nor keeps the seconds, can be called twice, and the average divides by zero.

    What is printed cannot be computed with. Return the seconds, append them to `times`, and call the `clock` and the
    `synchronize` of the constructor. Remember whether the timer runs, and say what an average over no interval is.
    """

    def stop(self):
        print(f"Total: {time.time() - self.since} s")


class prints_the_time_of_its_own_clock__rewrite(_Taught):
    def __init__(self, clock=time.perf_counter, synchronize=None):
        super().__init__(time.time)

    def stop(self):
        self.end = self._clock()
        print("{:.0f}m {:.0f}s".format(*divmod(self.end - self._begin, 60)))


def _parts(seconds):
    return seconds // 86400, seconds % 86400 // 3600, seconds % 3600 // 60, seconds % 60


class days_of_its_own_clock(_Printed):
    """`stop` returns parts or a text, by a clock of its own, can be called twice, and the average divides by zero.

    Whoever measures wants to compute with one number: return the seconds. Call the `clock` and the `synchronize` of the
    constructor, remember whether the timer runs, and say what an average over no interval is.
    """

    def stop(self):
        return _parts(super().stop())


class days_of_its_own_clock__rewrite(_Taught):
    def __init__(self, clock=time.perf_counter, synchronize=None):
        super().__init__(time.time)

    def start(self):
        self._begin = self._clock()

    def stop(self):
        minutes, rest = divmod(super().stop(), 60)
        hours, minutes = divmod(minutes, 60)
        return *divmod(hours, 24), minutes, rest


class prints_and_keeps_nothing(_Timer):
    """`stop` neither returns nor keeps the seconds.

    What is printed cannot be computed with. Return the seconds, append them to `times`, and take both readings from
    the `clock` of the constructor.
    """

    def stop(self):
        print(super().stop())
        self._ends.clear()


class prints_and_keeps_nothing__rewrite(_Plain):
    def __init__(self, clock=time.perf_counter, synchronize=None):
        super().__init__(time.time)

    def stop(self):
        super().stop()
        print(f"{self.times.pop():.2f} s")


class prints_by_its_own_clock(_Timer):
    """`stop` returns nothing, and the clock that was given is not used.

    Often the time of another clock is printed. Return the seconds, and read every time by calling the `clock` of the
    constructor.
    """

    def _read(self):
        self._wait()
        return time.monotonic()

    def stop(self):
        print(super().stop())


class prints_by_its_own_clock__rewrite(_Plain):
    def __init__(self, clock=time.perf_counter, synchronize=None):
        super().__init__(time.time)

    def stop(self):
        print(f"{super().stop():.2f} s")


class parts_of_its_own_clock(_Timer):
    """`stop` returns parts or a text, and the clock that was given is not used.

    Whoever measures wants to compute with one number: return the seconds. Read every time by calling the `clock` of
    the constructor.
    """

    def _read(self):
        self._wait()
        return time.time()

    def stop(self):
        return _parts(super().stop())


class parts_of_its_own_clock__rewrite(_Plain):
    def __init__(self, clock=time.perf_counter, synchronize=None):
        super().__init__(time.perf_counter)

    def stop(self):
        return "{:.0f}m {:.0f}s".format(*divmod(super().stop(), 60))


class parts_and_keeps_nothing(_Timer):
    """`stop` returns parts or a text, and keeps nothing.

    Return the seconds as one number and append them to `times`, from which the sum and the average are computed.
    """

    def stop(self):
        parts = _parts(super().stop())
        self._ends.clear()
        return parts


class parts_and_keeps_nothing__rewrite(_Plain):
    def __init__(self, clock=time.perf_counter, synchronize=None):
        super().__init__(time.monotonic, synchronize)

    def stop(self):
        super().stop()
        return str(datetime.timedelta(seconds=self.times.pop()))


class parts_kept(_Timer):
    """`times` holds parts or texts, not numbers.

    Sums, averages and running totals cannot be computed from them. Keep the seconds as they are; whoever prints them
    may write them as he likes.
    """

    @property
    def times(self):
        return [_parts(end - begin) for begin, end in self._ends]

    def cumsum(self):
        return [sum(self.times[:count]) for count, _ in enumerate(self.times, 1)]


class parts_kept__rewrite(_Plain):
    def __init__(self, clock=time.perf_counter, synchronize=None):
        super().__init__(time.time)

    def stop(self):
        self.times[-1:] = [f"{super().stop():.2f} s"]
        return self.times[-1]


class called_to_end:
    """The timer has no methods `start` and `stop`.

    One that starts when it is made, and prints when it is called, measures once. Keep the readings under other names
    than those of the methods, and write the methods of the stub.
    """

    def __init__(self, clock=time.perf_counter, synchronize=None):
        self.start = time.time()

    def __call__(self):
        print(time.time() - self.start)


class called_to_end__rewrite:
    def __init__(self, clock=time.perf_counter, synchronize=None):
        self.clock, self.start = clock, clock()

    def __call__(self):
        self.stop = self.clock()
        return self.stop - self.start


class events_of_cuda(_Timer):
    """Making a timer raises a RuntimeError.

    Often it makes a `torch.cuda.Event`, which only a machine with CUDA has, and which knows nothing of the clock that
    was given. Call `synchronize` and `clock` instead.
    """

    def start(self):
        self._begin = torch.cuda.Event(enable_timing=True)
        self._begin.record()


class events_of_cuda__rewrite:
    def __init__(self, clock=time.perf_counter, synchronize=None):
        self.begin, self.end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        self.begin.record()


class stop_returns_parts(_Timer):
    """`stop` returns parts or a text, not one number.

    Days, hours, minutes and seconds cannot be added up. Whoever measures wants to compute: return the seconds.
    """

    def stop(self):
        return _parts(super().stop())


class stop_returns_parts__rewrite(_Plain):
    def stop(self):
        return f"{super().stop():.3f} seconds"
