# %% [markdown]
# # Which devices there are
#
# The same program should run on a laptop and on a server with eight GPUs. So it asks torch once which devices there
# are, and from there on works with `torch.device` objects. A *device* is a type and a number: `cuda:0` is the first
# NVIDIA GPU, `cuda:1` the second; a Mac has at most one GPU, `mps`; every machine has its `cpu`.
#
# Three questions look alike and are not the same:
#
# | question | who answers |
# |---|---|
# | Was this torch *built* for CUDA? | `torch.backends.cuda.is_built`, `torch.version.cuda` |
# | Is there *any* GPU that it can use? | `torch.cuda.is_available` |
# | *How many* are there? | `torch.cuda.device_count` |
#
# The same holds for `torch.backends.mps.is_built` and `torch.backends.mps.is_available`. All of these are functions:
# one that is not called is an object, and an object in an `if` is true. And `torch.device("cuda:7")` proves nothing: it
# is only a name, and is made without complaint where there is no such GPU.

# %%
import statistics
import time

import torch

# %% [markdown]
# ## try_gpu


# %%
def try_gpu(i=0):
    """The GPU with the number i where there is one, else the next best device.

    Args:
        i: the number of a CUDA GPU, an int. They are counted from 0. There is none with a negative number.

    Returns:
        A torch.device. The first of these that torch finds on this machine, whatever else there is:

        1. the CUDA GPU number i, with its number: `torch.device("cuda", i)`,
        2. `torch.device("mps")`, whatever i is, where MPS is available: to be built for it is not enough,
        3. `torch.device("cpu")`.

        No other GPU takes the place of one that does not exist, and nothing is raised.

    Torch is asked anew in every call, for a machine may be imitated. It is only asked which devices there are: no
    tensor is created to find out, and neither the current GPU nor torch's default device is changed.

    Example:
        >>> device = try_gpu(1_000)
        >>> device.type in ("mps", "cpu")
        True
        >>> try_gpu() == try_gpu(0)
        True

    Source: PyTorch documentation, "CUDA semantics", sections "Best practices" and "Device-agnostic code".
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## try_all_gpus
#
# Whoever spreads work over all GPUs wants a list of them. The list is never empty: where there is no GPU, the work is
# done by the CPU, and the loop over the list needs no exception for that.


# %%
def try_all_gpus():
    """All devices among which work can be shared.

    Returns:
        A list of torch.device, a new one in every call. It is the first of these that is not empty:

        1. all CUDA GPUs in the order of their numbers, each with its number: `torch.device("cuda", 0)` and so on,
        2. `torch.device("mps")` alone, where MPS is available,
        3. `torch.device("cpu")` alone.

    As in `try_gpu`, torch is asked anew in every call and nothing is changed.

    Example:
        >>> devices = try_all_gpus()
        >>> len(devices) >= 1, devices[0] == try_gpu(0)
        (True, True)

    Source: PyTorch documentation, "CUDA semantics", section "Device-agnostic code".
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# # Moving a batch
#
# A loader gives what its dataset gives: a pair, a dictionary, a named tuple, lists of tensors inside of tuples, with
# file names and numbers in between. Model and data have to be on the same device, so every tensor in it has to move.
#
# `tensor.to(device)` *returns* the moved tensor and leaves the old one as it is, unlike `module.to(device)`, which
# changes the module. A tensor that is there already is returned itself: nothing is copied.

# %% [markdown]
# ## to_device


# %%
def to_device(batch, device):
    """The batch with all its tensors on the device.

    Args:
        batch: a tensor, or lists, tuples, named tuples and dicts with tensors and other things in them, nested as
            deep as you like. They may be empty.
        device: a torch.device or its name, such as "cuda". It alone decides where the tensors go; it may be the CPU.

    Returns:
        What `batch` is, built in the same way: a list for a list, a tuple for a tuple, a named tuple of the same
        class for a named tuple, a dict for a dict, with the same keys in the same order.

        Every tensor, also a parameter, is moved as `Tensor.to` does it: with its values, shape and dtype, and so that
        gradients flow back to it. A tensor that is on the device already is not copied: it is in the answer itself.
        A tensor that stands at several places of the batch is moved once: the answer has one tensor there too. Two
        tensors stay two, even if they are equal.

        All else, such as numbers, strings, None, numpy arrays, sets and objects of any other class, also of one that
        has a method `to` itself, is in the answer as it is, neither copied nor changed.

    The batch is not changed, nor is any setting of torch. The answer has new lists and dicts in it throughout, also where
    nothing had to move.

    Example:
        >>> batch = {"image": torch.ones(2, 3), "size": (3, 4), "names": ["a", "b"]}
        >>> moved = to_device(batch, torch.device("meta"))
        >>> moved["image"].device, moved["size"], moved["names"]
        (device(type='meta'), (3, 4), ['a', 'b'])
        >>> batch["image"].device, moved["names"] is batch["names"]
        (device(type='cpu'), False)

    Source: PyTorch documentation, `torch.Tensor.to`, and "CUDA semantics", section "Device-agnostic code".
    """
    raise NotImplementedError("your code here")


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
        raise NotImplementedError("your code here")

    def start(self):
        """Begins a new interval now; one that is running is forgotten. Returns None.

        Waits for the device with `synchronize`, and only then reads the clock, so that work queued earlier does not
        count.
        """
        raise NotImplementedError("your code here")

    def stop(self):
        """Ends the interval: appends its seconds to `times` and returns them, a float.

        Waits for the device with `synchronize`, and only then reads the clock, so that all work of the interval
        counts. A timer that is not running (it was stopped and not started again) raises RuntimeError with a message.
        It then appends nothing, and can be started again.
        """
        raise NotImplementedError("your code here")

    def sum(self):
        """The seconds of all intervals together, a float; 0.0 when there is none."""
        raise NotImplementedError("your code here")

    def avg(self):
        """The mean seconds of an interval, a float; an average over no interval is 0.0."""
        raise NotImplementedError("your code here")

    def cumsum(self):
        """The running totals of `times`: a new plain list of floats, as long as `times`, which stays as it is."""
        raise NotImplementedError("your code here")

    def __enter__(self):
        """Begins a new interval, as `start` does, and returns the timer itself."""
        raise NotImplementedError("your code here")

    def __exit__(self, kind, error, traceback):
        """Ends the interval, as `stop` does, also when the block raised; the exception is passed on."""
        raise NotImplementedError("your code here")


# %% [markdown]
# ## benchmark
#
# How fast is a function? Three things spoil the answer:
#
# * **The first calls are slower** than all later ones: memory is allocated, kernels are loaded or compiled, caches fill.
#   Call the function a few times before anything is measured.
# * **The device works asynchronously.** Wait for it before each reading of the clock, as `Timer` does; but not between
#   the calls of one measurement, or host and device can no longer work at the same time, and you measure your waiting.
# * **One measurement is a matter of luck.** Another program runs, the processor changes its frequency. Measure several
#   times, and take the *median*: one bad measurement moves a mean as far as it likes, the median hardly at all.
#
# A call that is shorter than the clock can resolve is repeated inside of one measurement, and the seconds are divided
# by the number of calls.


# %%
def benchmark(function, *, warmup=3, repeats=5, calls=1, clock=time.perf_counter, synchronize=None):
    """The seconds that one call of a function takes, as a float.

    Args:
        function: is called without arguments. What it returns is not kept. An exception that it raises is passed on.
        warmup: number of calls before the first measurement, 0 or more. They are made once, and are not measured.
        repeats: number of measurements, 1 or more.
        calls: number of calls in each measurement, 1 or more.
        clock: a function without arguments that returns the time now, a float in seconds. Every time is read by
            calling it; any number may be a time. The default is one that never runs backwards and goes on while the
            program sleeps.
        synchronize: a function without arguments that waits until the device has done all its work, such as
            `torch.cuda.synchronize`; or None where there is nothing to wait for.

    Returns:
        The median of the `repeats` measurements, a Python float as exact as the clock. Where their number is even, it
        is the mean of the two in the middle. A measurement is the time from right before its first call to the end of
        the work of its last call, divided by `calls`: the seconds of one call.

    The device has done all its work before the clock is read, at the beginning of a measurement as at its end, so that
    no work from before counts, and all work of the measurement does. Between the calls of one measurement nothing is
    waited for. All in all `function` is called `warmup` + `repeats` * `calls` times.

    Raises:
        ValueError: `warmup` is negative, or `repeats` or `calls` is less than 1. The message names the argument, and
            `function` is not called.

    Example:
        >>> now = [0.0]
        >>> seconds = iter([9.0, 2.0, 1.0, 8.0])
        >>> def work():
        ...     now[0] += next(seconds)
        >>> benchmark(work, warmup=1, repeats=3, clock=lambda: now[0])
        2.0

    Sources: PyTorch documentation, "CUDA semantics", section "Asynchronous execution", and `torch.utils.benchmark`.
    """
    raise NotImplementedError("your code here")
