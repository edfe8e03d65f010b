"""Two benchmarks that the mistakes change: `Bench`, a class of small steps, and `flat`, one long function."""

import statistics
import time

import numpy as np
import torch


class Bench:
    """Right as it stands; a mistake overrides one of the steps. To call the class is to measure."""

    def __new__(cls, function, *, warmup=3, repeats=5, calls=1, clock=time.perf_counter, synchronize=None):
        bench = super().__new__(cls)
        bench.function, bench.clock, bench.synchronize = function, clock, synchronize
        bench.warmup, bench.repeats, bench.calls = warmup, repeats, calls
        bench.check()
        return bench.run()

    def check(self):
        for name, least in (("warmup", 0), ("repeats", 1), ("calls", 1)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}")

    def run(self):
        self.warm_up()
        return self.summary([self.measurement() for _ in range(self.repeats)])

    def warm_up(self):
        self.call(self.warmup)

    def call(self, count):
        for _ in range(count):
            self.function()

    def measurement(self):
        begin = self.begin()
        self.call(self.calls)
        return self.share(self.end() - begin)

    def wait(self):
        if self.synchronize is not None:
            self.synchronize()

    def begin(self):
        self.wait()
        return self.clock()

    def end(self):
        self.wait()
        return self.clock()

    def share(self, seconds):
        return seconds / self.calls

    def summary(self, measured):
        return statistics.median(measured)


def flat(wrong, function, *, warmup=3, repeats=5, calls=1, clock=time.perf_counter, synchronize=None):
    """`wrong` is the name of the mistake that it makes."""
    late = wrong == "checks_after_the_warm_up"
    problem = "ValueError"
    if wrong == "other_exception":
        problem = "AssertionError"
    if wrong == "message_names_nothing":
        problem = "unnamed"

    def check():
        if wrong == "bad_arguments_accepted":
            return
        for name, bad in (("warmup", warmup < 0), ("repeats", repeats <= 0), ("calls", calls <= 0)):
            if bad and problem == "ValueError":
                raise ValueError(name)
            if bad and problem == "unnamed":
                raise ValueError("bad argument")
            assert not bad, name

    if not late:
        check()
    if wrong == "own_clock":
        clock = time.perf_counter
    if wrong == "torch_synchronize_instead":
        synchronize = torch.cuda.synchronize

    def wait(place):
        nowhere = {
            "no_synchronize": ("begin", "end"),
            "no_synchronize_at_the_beginning": ("begin",),
        }
        if place in nowhere.get(wrong, ()):
            return
        if synchronize is not None or wrong == "synchronize_always_called":
            synchronize()

    keep = []

    def once():
        if wrong == "exceptions_swallowed":
            try:
                function()
            except Exception as error:
                print(error)
        elif wrong == "answers_kept":
            keep.append(function())
        else:
            function()

    if wrong not in ("no_warm_up", "warm_up_measured"):
        for _ in range(warmup * (calls if wrong == "warm_up_in_measurements" else 1) + (wrong == "one_call_more")):
            if wrong != "warm_up_before_every_measurement":
                once()
    if late:
        check()
    if wrong == "calls_ignored":
        calls = 1
    if wrong == "repeats_ignored":
        repeats = 1
    times = []
    for number in range(repeats + (warmup if wrong == "warm_up_measured" else 0)):
        if wrong == "warm_up_before_every_measurement":
            for _ in range(warmup):
                once()
        if wrong == "clock_before_waiting":
            start = clock()
            wait("begin")
        elif wrong != "one_long_measurement" or number == 0:
            wait("begin")
            start = clock()
        for _ in range(calls):
            once()
            if wrong == "waits_after_every_call":
                wait("call")
        if wrong == "clock_before_waiting":
            stop = clock()
            wait("end")
        else:
            wait("end")
            stop = clock()
        if wrong == "not_divided_by_calls":
            times.append(stop - start)
        elif wrong == "milliseconds":
            times.append((stop - start) * 1000 / calls)
        else:
            times.append((stop - start) / calls)
    if wrong == "one_long_measurement":
        return times[-1] / repeats
    return _flat_summary(wrong, times)


def _flat_summary(wrong, times):
    if wrong == "sum_of_all":
        return float(np.sum(times))
    if wrong == "fastest":
        return sorted(times)[0]
    if wrong == "slowest":
        return sorted(times)[-1]
    if wrong == "last":
        return times[-1]
    if wrong == "not_sorted":
        n = len(times)
        return times[n // 2] if n % 2 else (times[n // 2 - 1] + times[n // 2]) / 2
    if wrong == "upper_of_two":
        return sorted(times)[len(times) // 2]
    if wrong == "lower_of_two":
        return torch.tensor(times, dtype=torch.float64).median().item()
    if wrong == "all_measurements":
        return times
    if wrong == "single_precision":
        return torch.tensor(times).quantile(0.5).item()
    if wrong == "tensor_returned":
        return torch.tensor(times, dtype=torch.float64).quantile(0.5)
    if wrong == "numpy_returned":
        return np.quantile(times, 0.5)
    if wrong == "prints":
        print(statistics.median(times))
        return None
    return statistics.median(times)
