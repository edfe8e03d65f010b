"""Ways in which Timer goes wrong with `stop` and with the `with` block."""

import time

from oracle import Timer as _Timer
from variants import plain_learner as _Plain


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
