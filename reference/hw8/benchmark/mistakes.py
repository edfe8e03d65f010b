"""Ways in which a benchmark goes wrong. The mistakes change steps of `Bench`, the rewrites are made by `flat`."""

import datetime
import statistics
import time

import numpy as np
import torch
from benches import Bench as _Bench
from benches import flat as _flat


class no_warm_up(_Bench):
    """Nothing is called before the first measurement.

    The first calls are slower than all later ones: memory is allocated, kernels are loaded or compiled. Call the
    function `warmup` times first.
    """

    def warm_up(self):
        pass


def no_warm_up__rewrite(function, **settings):
    return _flat("no_warm_up", function, **settings)


class warm_up_measured(_Bench):
    """The calls of the warm-up count as measurements.

    They are the slow ones, and are made so that they do not count. Begin to measure after them.
    """

    def warm_up(self):
        pass

    def run(self):
        return self.summary([self.measurement() for _ in range(self.warmup + self.repeats)])


def warm_up_measured__rewrite(function, **settings):
    return _flat("warm_up_measured", function, **settings)


class warm_up_before_every_measurement(_Bench):
    """The warm-up comes before every measurement.

    What was warm stays warm; this only takes time. Warm up once.
    """

    def warm_up(self):
        pass

    def measurement(self):
        super().warm_up()
        return super().measurement()


def warm_up_before_every_measurement__rewrite(function, **settings):
    return _flat("warm_up_before_every_measurement", function, **settings)


class warm_up_in_measurements(_Bench):
    """The warm-up has as many calls as `warmup` measurements.

    `warmup` is a number of calls, whatever `calls` is.
    """

    def warm_up(self):
        self.call(self.warmup * self.calls)


def warm_up_in_measurements__rewrite(function, **settings):
    return _flat("warm_up_in_measurements", function, **settings)


class one_call_more(_Bench):
    """The function is called once more than asked for.

    It may be expensive, or have an effect. Call it `warmup` + `repeats` * `calls` times.
    """

    def warm_up(self):
        self.call(1 + self.warmup)


def one_call_more__rewrite(function, **settings):
    return _flat("one_call_more", function, **settings)


class no_synchronize_at_the_end(_Bench):
    """The device is not waited for at the end of a measurement.

    The last calls return before the device has done their work, and the clock measures how long it took to ask. Call
    `synchronize` before the second reading, and before the first one too, whatever torch says about CUDA.
    """

    def end(self):
        return self.clock()


def no_synchronize_at_the_end__rewrite(function, **settings):
    return _flat("no_synchronize", function, **settings)


class no_synchronize_at_the_beginning(_Bench):
    """The device is not waited for at the beginning of a measurement.

    Work from before, such as the warm-up's, is then charged to it. Call `synchronize` before the first reading too.
    """

    def begin(self):
        return self.clock()


def no_synchronize_at_the_beginning__rewrite(function, **settings):
    return _flat("no_synchronize_at_the_beginning", function, **settings)


class clock_before_waiting(_Bench):
    """The clock is read first and the device waited for afterwards.

    The reading is then as early as without waiting at all. Wait first, read the clock second.
    """

    def begin(self):
        now = self.clock()
        self.wait()
        return now

    end = begin


def clock_before_waiting__rewrite(function, **settings):
    return _flat("clock_before_waiting", function, **settings)


class waits_after_every_call(_Bench):
    """The device is waited for after every call.

    Host and device then take turns instead of working at the same time, and the waiting is measured too. Wait only
    before the two readings of the clock.
    """

    def call(self, count):
        for _ in range(count):
            self.function()
            self.wait()


def waits_after_every_call__rewrite(function, **settings):
    return _flat("waits_after_every_call", function, **settings)


class torch_synchronize_instead(_Bench):
    """`torch.cuda.synchronize` is called instead of the function that was given.

    It fails on a machine without CUDA, and does not wait for any other device. Call `synchronize` where it is not None.
    """

    def wait(self):
        torch.cuda.synchronize()


def torch_synchronize_instead__rewrite(function, **settings):
    return _flat("torch_synchronize_instead", function, **settings)


class synchronize_always_called(_Bench):
    """`synchronize` is called also where it is None.

    On the CPU there is nothing to wait for, and no function for it. Ask whether there is one.
    """

    def wait(self):
        self.synchronize()


def synchronize_always_called__rewrite(function, **settings):
    return _flat("synchronize_always_called", function, **settings)


class mean(_Bench):
    """The mean of the measurements is returned.

    Often the clock is read only before the first call and after the last. One bad measurement moves the mean as far as
    it likes, the median hardly at all. Keep the measurements apart, and take the middle of the sorted ones.
    """

    def summary(self, measured):
        return statistics.fmean(measured)


def mean__rewrite(function, **settings):
    return _flat("one_long_measurement", function, **settings)


class fastest(_Bench):
    """The fastest measurement is returned.

    The stub asks for the median. The fastest one tells what is possible with luck, not what is usual.
    """

    def summary(self, measured):
        return min(measured)


def fastest__rewrite(function, **settings):
    return _flat("fastest", function, **settings)


class slowest(_Bench):
    """The slowest measurement is returned.

    It is the one in which most else was going on. The stub asks for the median.
    """

    def summary(self, measured):
        return max(measured)


def slowest__rewrite(function, **settings):
    return _flat("slowest", function, **settings)


class last(_Bench):
    """The last measurement is returned.

    A single one is a matter of luck. Keep all of them, and take the median.
    """

    def summary(self, measured):
        return measured[-1]


def last__rewrite(function, **settings):
    return _flat("last", function, **settings)


class sum_of_all(_Bench):
    """The measurements are added up.

    The answer is the seconds of one call: the median of the measurements.
    """

    def summary(self, measured):
        return sum(measured)


def sum_of_all__rewrite(function, **settings):
    return _flat("sum_of_all", function, **settings)


class not_sorted(_Bench):
    """The measurement in the middle of the list is taken, before it is sorted.

    The median is in the middle of the *sorted* measurements.
    """

    def summary(self, measured):
        middle = len(measured) // 2
        return (measured[middle] + measured[-1 - middle]) / 2


def not_sorted__rewrite(function, **settings):
    return _flat("not_sorted", function, **settings)


class upper_of_two(_Bench):
    """Of an even number of measurements the upper one in the middle is taken.

    There are two in the middle: take their mean, as `statistics.median` does.
    """

    def summary(self, measured):
        return statistics.median_high(measured)


def upper_of_two__rewrite(function, **settings):
    return _flat("upper_of_two", function, **settings)


class lower_of_two(_Bench):
    """Of an even number of measurements the lower one in the middle is taken.

    So does `torch.median`. There are two in the middle: take their mean, as `statistics.median` does.
    """

    def summary(self, measured):
        return statistics.median_low(measured)


def lower_of_two__rewrite(function, **settings):
    return _flat("lower_of_two", function, **settings)


class repeats_ignored(_Bench):
    """There is only one measurement.

    A single one is a matter of luck. Measure `repeats` times, and take the median.
    """

    def run(self):
        self.warm_up()
        return self.measurement()


def repeats_ignored__rewrite(function, **settings):
    return _flat("repeats_ignored", function, **settings)


class one_repeat_too_few(_Bench):
    """The first measurement is left out.

    Often it is made part of the warm-up. The warm-up has calls of its own: every measurement counts.
    """

    def summary(self, measured):
        return statistics.median(measured[1:])


def one_repeat_too_few__rewrite(function, *, warmup=3, repeats=5, calls=1, clock=time.perf_counter, synchronize=None):
    wait = synchronize or (lambda: None)
    if warmup < 0 or repeats < 1 or calls < 1:
        raise ValueError(f"warmup {warmup}, repeats {repeats}, calls {calls}")
    for _ in range(warmup):
        function()
    seconds = []
    for number in range(repeats):
        wait()
        begin = clock()
        for _ in range(calls):
            function()
        wait()
        if number > 0:
            seconds.append((clock() - begin) / calls)
    return statistics.median(seconds)


class not_divided_by_calls(_Bench):
    """The seconds of a measurement are not divided by the number of its calls.

    The answer is the seconds of *one* call.
    """

    def share(self, seconds):
        return seconds


def not_divided_by_calls__rewrite(function, **settings):
    return _flat("not_divided_by_calls", function, **settings)


class calls_ignored(_Bench):
    """Every measurement has only one call.

    A call that is shorter than the clock can resolve cannot be measured alone. Make `calls` of them between the two
    readings.
    """

    def call(self, count):
        self.function() if count == self.calls else super().call(count)

    def warm_up(self):
        for _ in range(self.warmup):
            self.function()

    def share(self, seconds):
        return seconds


def calls_ignored__rewrite(function, **settings):
    return _flat("calls_ignored", function, **settings)


class one_call_divided_by_calls(_Bench):
    """Every measurement has only one call, and its seconds are divided by `calls`.

    Make `calls` calls between the two readings.
    """

    def measurement(self):
        begin = self.begin()
        self.function()
        return self.share(self.end() - begin)


def one_call_divided_by_calls__rewrite(function, *, calls=1, **settings):
    return _flat("", function, calls=min(calls, 1), **settings) / calls


class own_clock(_Bench):
    """The clock that was given is not used.

    A clock such as `time.perf_counter` or `time.time` is called instead. Read every time by calling `clock`.
    """

    def begin(self):
        self.wait()
        return time.monotonic()

    end = begin


def own_clock__rewrite(function, **settings):
    return _flat("own_clock", function, **settings)


class events_of_cuda(_Bench):
    """Measuring raises a RuntimeError, for the clock of CUDA is asked.

    Often a `torch.cuda.Event` is made, which only a machine with CUDA has, and which knows nothing of the clock that
    was given. Call `synchronize` and `clock` instead.
    """

    def begin(self):
        event = torch.cuda.Event(enable_timing=True)
        event.record()
        return event


def events_of_cuda__rewrite(function, *, warmup=3, repeats=5, calls=1, clock=time.perf_counter, synchronize=None):
    if warmup < 0 or repeats < 1 or calls < 1:
        raise ValueError(f"{warmup=} {repeats=} {calls=}")
    for _ in range(warmup):
        function()
    times = []
    for _ in range(repeats):
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        for _ in range(calls):
            function()
        end.record()
        torch.cuda.synchronize()
        times.append(begin.elapsed_time(end) / 1000 / calls)
    return statistics.median(times)


class all_measurements(_Bench):
    """All measurements are returned.

    The caller wants one number: their median.
    """

    def summary(self, measured):
        return measured


def all_measurements__rewrite(function, **settings):
    return _flat("all_measurements", function, **settings)


class milliseconds(_Bench):
    """The answer is in milliseconds.

    The clock counts seconds, and so does the answer.
    """

    def summary(self, measured):
        return 1000 * statistics.median(measured)


def milliseconds__rewrite(function, **settings):
    return _flat("milliseconds", function, **settings)


class rounded(_Bench):
    """The answer is rounded.

    What takes microseconds then takes no time at all. Return the seconds as they are; whoever prints them may round.
    """

    def summary(self, measured):
        return round(statistics.median(measured), 2)


def rounded__rewrite(function, **settings):
    return float(f"{_flat('', function, **settings):.2f}")


class single_precision(_Bench):
    """The measurements are kept in single precision.

    It has seven digits: of two days only hundredths of a second are left. Keep Python floats, or use float64.
    """

    def summary(self, measured):
        return np.median(np.array(measured, dtype=np.float32)).item()


def single_precision__rewrite(function, **settings):
    return _flat("single_precision", function, **settings)


class tensor_returned(_Bench):
    """A tensor is returned.

    The stub asks for a Python float.
    """

    def summary(self, measured):
        return torch.quantile(torch.tensor(measured, dtype=torch.float64), 0.5)


def tensor_returned__rewrite(function, **settings):
    return _flat("tensor_returned", function, **settings)


class numpy_returned(_Bench):
    """A number of numpy's is returned.

    It prints and is saved in another way. The stub asks for a Python float.
    """

    def summary(self, measured):
        return np.median(measured)


def numpy_returned__rewrite(function, **settings):
    return _flat("numpy_returned", function, **settings)


class parts_returned(_Bench):
    """A text or several things are returned, not one number.

    Whoever measures wants to compute with the seconds. Return their median alone.
    """

    def summary(self, measured):
        return f"{super().summary(measured):g} s"


def parts_returned__rewrite(function, **settings):
    median = _flat("", function, **settings)
    return {"median": median, "calls": settings.get("calls", 1)}


class prints(_Bench):
    """Nothing is returned.

    What is printed cannot be computed with. Return the seconds.
    """

    def summary(self, measured):
        print(super().summary(measured))


def prints__rewrite(function, **settings):
    return _flat("prints", function, **settings)


class system_clock_by_default(_Bench):
    """The default clock is the system's, which may be set back.

    Intervals can then come out too short, too long or negative. Keep the default of the stub.
    """

    def __new__(cls, function, *, warmup=3, repeats=5, calls=1, clock=time.time, synchronize=None):
        return super().__new__(
            cls, function, warmup=warmup, repeats=repeats, calls=calls, clock=clock, synchronize=synchronize
        )


def system_clock_by_default__rewrite(function, *, clock=None, **settings):
    return _flat("", function, clock=clock or (lambda: datetime.datetime.now().timestamp()), **settings)


class processor_time_by_default(_Bench):
    """The default clock stands still while the program sleeps or waits.

    `time.process_time` and `time.thread_time` count what the processor has done for the program, and waiting for a
    device is no work. Keep the default of the stub.
    """

    def __new__(cls, function, *, warmup=3, repeats=5, calls=1, clock=time.process_time, synchronize=None):
        return super().__new__(
            cls, function, warmup=warmup, repeats=repeats, calls=calls, clock=clock, synchronize=synchronize
        )


def processor_time_by_default__rewrite(function, *, clock=None, **settings):
    return _flat("", function, clock=clock or (lambda: time.thread_time_ns() / 1e9), **settings)


class exceptions_swallowed(_Bench):
    """An exception of the function is caught.

    The seconds of a call that failed mean nothing, and nobody learns that it failed. Let the exception pass.
    """

    def call(self, count):
        for _ in range(count):
            try:
                self.function()
            except Exception as error:
                print(error)


def exceptions_swallowed__rewrite(function, **settings):
    return _flat("exceptions_swallowed", function, **settings)


class answers_kept(_Bench):
    """What the function returns is kept.

    The tensors of all calls then fill the memory of the device. Do not keep what is not needed.
    """

    def run(self):
        self.kept = []
        return super().run()

    def call(self, count):
        self.kept += [self.function() for _ in range(count)]


def answers_kept__rewrite(function, **settings):
    return _flat("answers_kept", function, **settings)


class bad_arguments_accepted(_Bench):
    """Numbers of calls that are too small are accepted.

    A median of nothing and a division by zero fail with messages that do not say why, and a negative number of calls
    is taken for none. Raise a ValueError that names the argument.
    """

    def check(self):
        pass


def bad_arguments_accepted__rewrite(function, **settings):
    return _flat("bad_arguments_accepted", function, **settings)


class checks_after_the_warm_up(_Bench):
    """The arguments are checked after the function has been called.

    It may be expensive, or have an effect. Check them first.
    """

    def check(self):
        pass

    def run(self):
        self.warm_up()
        super().check()
        return self.summary([self.measurement() for _ in range(self.repeats)])


def checks_after_the_warm_up__rewrite(function, **settings):
    return _flat("checks_after_the_warm_up", function, **settings)


class negative_warm_up_accepted(_Bench):
    """A negative `warmup` is accepted.

    It is taken for none, which hides a mistake of the caller. Raise a ValueError.
    """

    def check(self):
        self.warmup = max(self.warmup, 0)
        super().check()


def negative_warm_up_accepted__rewrite(function, *, warmup=3, **settings):
    return _flat("", function, warmup=max(warmup, 0), **settings)


class other_exception(_Bench):
    """Numbers of calls that are too small raise an AssertionError.

    `assert` is for what cannot happen, and is left out when Python optimises. Raise a ValueError.
    """

    def check(self):
        assert self.warmup >= 0 and self.repeats >= 1 and self.calls >= 1, "too small"


def other_exception__rewrite(function, **settings):
    return _flat("other_exception", function, **settings)


class message_names_nothing(_Bench):
    """The message of the ValueError does not name the argument.

    Whoever reads it should not have to search. Name the argument that is wrong.
    """

    def check(self):
        if self.warmup < 0 or self.repeats < 1 or self.calls < 1:
            raise ValueError("the numbers must be positive")


def message_names_nothing__rewrite(function, **settings):
    return _flat("message_names_nothing", function, **settings)
