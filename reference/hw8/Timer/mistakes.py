"""Ways in which Timer goes wrong. The mistakes change the oracle; the rewrites change a plain timer."""

# mypy: disable-error-code="has-type"

import datetime
import time

import numpy as np
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


class integers_for_no_interval(_Timer):
    """Without an interval the sum or the average is no float.

    The sum of an empty list is the integer 0. Start from 0.0 or convert the result.
    """

    def sum(self):
        return sum(self.times)


class integers_for_no_interval__rewrite(_Plain):
    def avg(self):
        return super().avg() if self.times else 0


class statistics_in_single_precision(_Timer):
    """The statistics are computed in single precision.

    A tensor made of floats is float32 unless another dtype is asked for: seven digits, too few for a long run. Ask
    for float64, or compute with the list.
    """

    def sum(self):
        return float(np.array(self.times, dtype=np.float32).sum())

    def avg(self):
        return float(np.array(self.times, dtype=np.float32).mean()) if self._ends else 0.0

    def cumsum(self):
        return np.array(self.times, dtype=np.float32).cumsum().tolist()


class statistics_in_single_precision__rewrite(_Plain):
    def sum(self):
        return torch.tensor(self.times).sum().item()

    def avg(self):
        return torch.tensor(self.times).mean().item() if self.times else 0.0

    def cumsum(self):
        return torch.tensor(self.times).cumsum(0).tolist()


class cumsum_in_single_precision(_Timer):
    """The running totals are computed in single precision.

    A tensor made of floats is float32 unless another dtype is asked for: seven digits, too few for a long run. Ask
    for float64, or compute with the list.
    """

    def cumsum(self):
        return np.array(self.times, dtype=np.float32).cumsum().tolist()


class cumsum_in_single_precision__rewrite(_Plain):
    def cumsum(self):
        return torch.cumsum(torch.tensor(self.times), dim=0).tolist()


class refused_interval_appended(_Timer):
    """A stop that is refused appends an interval all the same.

    Ask whether the timer runs before anything is measured or appended, and raise the exception there.
    """

    def stop(self):
        running, self._running = self._running, True
        seconds = super().stop()
        if not running:
            raise RuntimeError("the timer was not running")
        return seconds


class refused_interval_appended__rewrite(_Plain):
    def stop(self):
        if self.synchronize is not None:
            self.synchronize()
        self.times.append(self.clock() - self.tik)
        if not self.running:
            raise RuntimeError("not running")
        self.times.pop()
        return super().stop()


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


class stop_keeps_nothing(_Timer):
    """`stop` returns the interval and does not keep it.

    Sum, average and running totals are computed from `times`: append every interval to it.
    """

    def stop(self):
        seconds = super().stop()
        self._ends.clear()
        return seconds


class stop_keeps_nothing__rewrite(_Plain):
    def stop(self):
        seconds = super().stop()
        self.times = []
        return seconds


class stop_returns_nothing(_Timer):
    """`stop` returns nothing.

    What it prints or keeps is not what it returns: return the seconds of the interval as well.
    """

    def stop(self):
        super().stop()


class stop_returns_nothing__rewrite(_Plain):
    def stop(self):
        print("took", super().stop(), "s")


class stop_returns_parts(_Timer):
    """`stop` returns parts or a text, not one number.

    Days, hours, minutes and seconds cannot be added up. Whoever measures wants to compute: return the seconds.
    """

    def stop(self):
        return _parts(super().stop())


class stop_returns_parts__rewrite(_Plain):
    def stop(self):
        return f"{super().stop():.3f} seconds"


class stop_returns_total(_Timer):
    """`stop` returns the sum of all intervals.

    It returns the seconds of the interval that it ends; the sum has a method of its own.
    """

    def stop(self):
        super().stop()
        return self.sum()


class stop_returns_total__rewrite(_Plain):
    def stop(self):
        before = sum(self.times)
        return before + super().stop()


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


class average_of_one_more(_Timer):
    """The average is divided by one interval too many.

    Divide by the number of intervals in `times`; the count of starts is larger while the timer runs.
    """

    def avg(self):
        return self.sum() / (len(self.times) + 1)


class average_of_one_more__rewrite(_Plain):
    def avg(self):
        times = [*self.times, 0.0]
        return sum(times) / len(times)


class average_divides_by_zero(_Timer):
    """The average over no interval divides by zero.

    Before the first stop there is nothing to divide by; the stub says what to return then.
    """

    def avg(self):
        return self.sum() / len(self._ends)


class average_divides_by_zero__rewrite(_Plain):
    def avg(self):
        return sum(self.times) * (1 / len(self.times))


class cumsum_is_an_array(_Timer):
    """`cumsum` returns a numpy array.

    The stub asks for a plain list of floats: convert it with a method of the array.
    """

    def cumsum(self):
        return np.cumsum(np.array(self.times))


class cumsum_is_an_array__rewrite(_Plain):
    def cumsum(self):
        return np.array(super().cumsum(), dtype=np.float64)


class cumsum_starts_at_zero(_Timer):
    """The running totals begin with 0.

    The first total is the first interval itself; the list is as long as `times`.
    """

    def cumsum(self):
        return [0.0, *super().cumsum()]


class cumsum_starts_at_zero__rewrite(_Plain):
    def cumsum(self):
        totals = [0.0]
        for seconds in self.times:
            totals.append(totals[-1] + seconds)
        return totals


class cumsum_overwrites_times(_Timer):
    """`cumsum` overwrites the list of intervals.

    A second name for a list is not a second list: build a new one, and leave `times` as it is.
    """

    def cumsum(self):
        totals = super().cumsum()
        self._ends = [(0.0, total) for total in totals]
        return totals


class cumsum_overwrites_times__rewrite(_Plain):
    def cumsum(self):
        totals = self.times
        for i in range(1, len(totals)):
            totals[i] += totals[i - 1]
        return list(totals)


class cumsum_gives_times_away(_Plain):
    """With fewer than two intervals `cumsum` returns the list `times` itself.

    Whoever changes the answer then changes the timer. Return a new list, however short it is.
    """

    def cumsum(self):
        return super().cumsum() if len(self.times) > 1 else self.times


class cumsum_gives_times_away__rewrite(_Plain):
    def cumsum(self):
        totals = self.times
        for i in range(1, len(self.times)):
            totals = totals[:i] + [totals[i - 1] + totals[i]] + totals[i + 1 :]
        return totals


class cumsum_gives_its_list_away(_Timer):
    """`cumsum` returns the same list in every call.

    A list that the timer keeps is changed for all that have it. Build a new list in every call.
    """

    def cumsum(self):
        self._totals = getattr(self, "_totals", [])
        self._totals += super().cumsum()[len(self._totals) :]
        return self._totals


class cumsum_gives_its_list_away__rewrite(_Plain):
    def stop(self):
        seconds = super().stop()
        self.totals = getattr(self, "totals", [])
        self.totals.append(sum(self.times))
        return seconds

    def cumsum(self):
        if not hasattr(self, "totals"):
            self.totals = []
        return self.totals


class list_shared_by_all_timers(_Timer):
    """All timers share one list of intervals.

    A list made in the body of the class, or as a default argument, is made once. Make it in `__init__`.
    """

    _shared: list = []

    def __init__(self, clock=time.perf_counter, synchronize=None):
        super().__init__(clock, synchronize)
        self._ends = self._shared


class list_shared_by_all_timers__rewrite(_Plain):
    def __init__(self, clock=time.perf_counter, synchronize=None, times=[]):  # noqa: B006
        super().__init__(clock, synchronize)
        self.times = times


class stop_twice(_Timer):
    """A timer that is not running can be stopped.

    The second stop measures from a start that belongs to another interval. Remember whether the timer runs, and
    raise RuntimeError when it does not.
    """

    def stop(self):
        self._running = True
        return super().stop()


class stop_twice__rewrite(_Plain):
    def stop(self):
        if self.synchronize is not None:
            self.synchronize()
        self.times.append(self.clock() - self.tik)
        return self.times[-1]


class stop_subtracts_none(_Timer):
    """Stopping a timer that is not running raises another exception than RuntimeError.

    Often it fails by accident, in a TypeError about None. Ask first whether the timer runs, and raise the exception
    that the stub names.
    """

    def stop(self):
        if not self._running:
            return self._read() - None
        return super().stop()


class stop_subtracts_none__rewrite(_Plain):
    def stop(self):
        self.running = True
        seconds = super().stop()
        self.tik = None
        return seconds


class no_with_block:
    """The timer cannot be used in a `with` block.

    `with` calls `__enter__` at the beginning of the block and `__exit__` at its end, by just these names. Write both.
    """

    def __init__(self, clock=time.perf_counter, synchronize=None):
        self._inner = _Timer(clock, synchronize)

    def __getattr__(self, name):
        return getattr(self._inner, name)


class no_with_block__rewrite(_Plain):
    __enter__ = None


class enter_returns_nothing(_Timer):
    """`__enter__` does not return the timer.

    What it returns is what `with Timer() as timer` binds: return self.
    """

    def __enter__(self):
        self.start()


class enter_returns_nothing__rewrite(_Plain):
    def __enter__(self):
        super().__enter__()
        return None


class enter_does_not_start(_Timer):
    """`__enter__` leaves the interval of the construction running.

    The block is what is to be measured: begin a new interval when it is entered.
    """

    def __enter__(self):
        if not self._running:
            self.start()
        return self


class enter_does_not_start__rewrite(_Plain):
    def __enter__(self):
        old = self.tik if self.running else None
        super().__enter__()
        self.tik = self.tik if old is None else old
        return self


class exit_swallows_exceptions(_Timer):
    """`__exit__` swallows the exception of the block.

    A true result tells Python that the exception has been dealt with. Return nothing.
    """

    def __exit__(self, *exception):
        self.stop()
        return True


class exit_swallows_exceptions__rewrite(_Plain):
    def __exit__(self, *args):
        super().__exit__(*args)
        return self


class exit_forgets_after_an_exception(_Timer):
    """An interval whose block raised is not recorded.

    `__exit__` is called in that case too, with the exception as its arguments: stop the timer whatever they are.
    """

    def __exit__(self, kind, error, traceback):
        if kind is None:
            self.stop()


class exit_forgets_after_an_exception__rewrite(_Plain):
    def __exit__(self, *args):
        if not any(args):
            super().__exit__(*args)
