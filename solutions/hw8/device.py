# %% [markdown]
# # Measuring time on a device
#
# A GPU works *asynchronously*. When Python calls an operator, the call only puts the work into the device's queue and
# returns at once; the device takes it from there while Python runs on. A clock read right after the call therefore
# measures how long it took to *ask*, a few microseconds, whatever was asked for.
#
# To measure the work itself the host has to wait for the device before it reads the clock, and it has to do so twice:
#
# * at the **start**, or what was queued earlier is charged to the interval:
#   $t_0 = \text{clock}$ after everything before the interval is done;
# * at the **stop**, or what was queued inside the interval is left out:
#   $t_1 = \text{clock}$ after everything inside the interval is done.
#
# The interval is $t_1 - t_0$. On a CUDA device the waiting is done by `torch.cuda.synchronize`.

# %%
import time

# %% [markdown]
# ## Timer
#
# A clock for intervals must never run backwards. `time.time` may: the system sets it when it learns the right time from
# the network. `time.perf_counter` never does, and has the finest resolution there is.
#
# The timer takes its clock and the function that waits for the device as arguments, so that it works for every device,
# and so that it can be tried with a clock that you set by hand.


# %%
class Timer:
    """Measures intervals of time, also on devices that work asynchronously.

    The timer is running as soon as it is constructed.

    Args:
        clock: a function without arguments that returns the time now, a float in seconds. Every time is read by
            calling this clock. Any number may be a time, 0.0 too. The default is one that never runs backwards, as
            `time.time` may, and that goes on while the program sleeps, as `time.process_time` does not.
        synchronize: a function without arguments that waits until the device has done all its work, such as
            `torch.cuda.synchronize`; or None where there is nothing to wait for. Each timer uses the clock and the
            `synchronize` that it was given itself.

    Attributes:
        times: a list of floats, the seconds of every interval measured so far, oldest first. Each timer has a list
            of its own. Seconds are Python floats as exact as the clock, here and in what the methods return.

    Example:
        >>> now = [10.0]
        >>> timer = Timer(clock=lambda: now[0])
        >>> now[0] = 12.5
        >>> timer.stop()
        2.5
        >>> timer.start()
        >>> now[0] = 14.0
        >>> timer.stop()
        1.5
        >>> timer.times, timer.sum(), timer.avg(), timer.cumsum()
        ([2.5, 1.5], 4.0, 2.0, [2.5, 4.0])
        >>> with timer:
        ...     now[0] = 20.0
        >>> timer.times
        [2.5, 1.5, 6.0]

    Source: PyTorch documentation, "CUDA semantics", section "Asynchronous execution".
    """

    def __init__(self, clock=time.perf_counter, synchronize=None):
        ### BEGIN SOLUTION
        self.clock = clock
        self.synchronize = synchronize
        self.times = []
        self.start()
        ### END SOLUTION

    def start(self):
        """Begins a new interval now; one that is running is forgotten. Returns None.

        Waits for the device with `synchronize`, and only then reads the clock, so that work queued earlier does not
        count.
        """
        ### BEGIN SOLUTION
        if self.synchronize is not None:
            self.synchronize()
        self._started = self.clock()
        ### END SOLUTION

    def stop(self):
        """Ends the interval: appends its seconds to `times` and returns them, a float.

        Waits for the device with `synchronize`, and only then reads the clock, so that all work of the interval
        counts. A timer that is not running (it was stopped and not started again) raises RuntimeError with a message.
        It then appends nothing, and can be started again.
        """
        ### BEGIN SOLUTION
        if self._started is None:
            raise RuntimeError("the timer is not running; call start() before stop()")
        if self.synchronize is not None:
            self.synchronize()
        seconds = self.clock() - self._started
        self._started = None
        self.times.append(seconds)
        return seconds
        ### END SOLUTION

    def sum(self):
        """The seconds of all intervals together, a float; 0.0 when there is none."""
        ### BEGIN SOLUTION
        return float(sum(self.times))
        ### END SOLUTION

    def avg(self):
        """The mean seconds of an interval, a float; an average over no interval is 0.0."""
        ### BEGIN SOLUTION
        return self.sum() / len(self.times) if self.times else 0.0
        ### END SOLUTION

    def cumsum(self):
        """The running totals of `times`: a new plain list of floats, as long as `times`, which stays as it is."""
        ### BEGIN SOLUTION
        totals, total = [], 0.0
        for seconds in self.times:
            total += seconds
            totals.append(total)
        return totals
        ### END SOLUTION

    def __enter__(self):
        """Begins a new interval, as `start` does, and returns the timer itself."""
        ### BEGIN SOLUTION
        self.start()
        return self
        ### END SOLUTION

    def __exit__(self, kind, error, traceback):
        """Ends the interval, as `stop` does, also when the block raised; the exception is passed on."""
        ### BEGIN SOLUTION
        self.stop()
        ### END SOLUTION
