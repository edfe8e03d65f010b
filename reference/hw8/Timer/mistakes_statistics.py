"""Ways in which Timer goes wrong with sum, average and running totals, and the list they are made from."""

import time

import numpy as np
import torch
from oracle import Timer as _Timer
from variants import plain_learner as _Plain


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
