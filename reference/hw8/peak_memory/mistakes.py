"""Ways in which memory is measured wrongly."""

import psutil
import torch


def _measured(function, device, **changes):
    """The right order of things, with other things in some places."""
    step = {
        "on_cpu": lambda: (function(), None),
        "is_cuda": lambda: device.type == "cuda",
        "reset": lambda: torch.cuda.reset_peak_memory_stats(device),
        "call": function,
        "wait": lambda: torch.cuda.synchronize(device),
        "read": lambda: torch.cuda.max_memory_allocated(device),
    } | changes
    if not step["is_cuda"]():
        return step["on_cpu"]()
    step["reset"]()
    answer = step["call"]()
    step["wait"]()
    return answer, step["read"]()


def _nothing():
    return None


def no_reset(function, device):
    """The peak is not reset before the call.

    It is then the most that was held since the program began, or since the last reset, whoever held it. Call
    reset_peak_memory_stats first.
    """
    return _measured(function, device, reset=_nothing)


def no_reset__rewrite(function, device):
    if device.type != "cuda":
        return function(), None
    torch.cuda.empty_cache()
    answer = function()
    torch.cuda.synchronize()
    return answer, torch.cuda.memory_stats(device)["allocated_bytes.all.peak"]


def held_after(function, device):
    """What is held after the call is read, not the most that was held during it.

    memory_allocated is the number of bytes now, and so is the peak when it is reset after the call. What came and went
    during the call is not in it, and that is what runs out of memory. Reset before the call, and read
    max_memory_allocated after it.
    """
    return _measured(function, device, read=lambda: torch.cuda.memory_allocated(device))


def held_after__rewrite(function, device):
    if device.type != "cuda":
        return function(), None
    answer = function()
    torch.cuda.synchronize(device)
    torch.cuda.reset_peak_memory_stats(device)
    return answer, torch.cuda.max_memory_allocated(device)


def growth(function, device):
    """What is held after the call is compared with what was held before it.

    The difference is what the call leaves behind, not what it needs while it works. Read max_memory_allocated, which is
    the whole of what was held.
    """
    before = []
    return _measured(
        function,
        device,
        reset=lambda: before.append(torch.cuda.memory_allocated(device)),
        read=lambda: torch.cuda.memory_allocated(device) - before[0],
    )


def growth__rewrite(function, device):
    if device.type != "cuda":
        return function(), None
    start = torch.cuda.memory_stats(device)["allocated_bytes.all.current"]
    answer = function()
    torch.cuda.synchronize(device)
    return answer, torch.cuda.memory_stats(device)["allocated_bytes.all.current"] - start


def without_before(function, device):
    """What was held before the call is subtracted from the peak.

    How much the call adds is another good question. What decides whether it fits is all that is held at one time, and
    that is asked for here.
    """
    before = []
    return _measured(
        function,
        device,
        call=lambda: (before.append(torch.cuda.memory_allocated(device)), function())[1],
        read=lambda: torch.cuda.max_memory_allocated(device) - before[0],
    )


def without_before__rewrite(function, device):
    if device.type != "cuda":
        return function(), None
    torch.cuda.reset_peak_memory_stats()
    baseline = torch.cuda.max_memory_allocated()
    answer = function()
    torch.cuda.synchronize()
    return answer, torch.cuda.max_memory_allocated() - baseline


def two_looks(function, device):
    """Memory is looked at before and after the call, and the larger number is taken.

    Between the two it may have been far more. Only the allocator sees every moment: reset its mark before the call, and
    read max_memory_allocated after it.
    """
    looks = []
    return _measured(
        function,
        device,
        reset=lambda: looks.append(torch.cuda.memory_allocated(device)),
        read=lambda: max(looks[0], torch.cuda.memory_allocated(device)),
    )


def two_looks__rewrite(function, device):
    if device.type != "cuda":
        return function(), None
    first = torch.cuda.memory_allocated()
    answer = function()
    torch.cuda.synchronize()
    second = torch.cuda.memory_allocated()
    return answer, second if second > first else first


def reserved(function, device):
    """Reserved memory is read instead of allocated memory.

    The allocator takes memory from the device in large pieces and keeps it for later. max_memory_allocated counts what
    tensors hold.
    """
    return _measured(function, device, read=lambda: torch.cuda.max_memory_reserved(device))


def reserved__rewrite(function, device):
    if device.type != "cuda":
        return function(), None
    torch.cuda.reset_peak_memory_stats(device)
    answer = function()
    torch.cuda.synchronize(device)
    return answer, torch.cuda.memory_stats(device)["reserved_bytes.all.peak"]


def no_wait(function, device):
    """The device is not waited for after the call.

    What goes wrong in the work that the function has queued is then raised by whoever waits next, far from here. Call
    torch.cuda.synchronize before the statistics are read.
    """
    return _measured(function, device, wait=_nothing)


def no_wait__rewrite(function, device):
    if device.type != "cuda":
        return function(), None
    torch.cuda.synchronize(device)
    torch.cuda.reset_peak_memory_stats(device)
    answer = function()
    peak = torch.cuda.max_memory_allocated(device)
    torch.cuda.synchronize(device)
    return answer, peak


def called_twice(function, device):
    """The function is called twice.

    A call to warm up has effects of its own: it trains a step, draws random numbers, and what it leaves behind is held
    while the second call is measured. Call it once.
    """
    function()
    return _measured(function, device)


def called_twice__rewrite(function, device):
    answer = function()
    _, peak = _measured(function, device)
    return answer, peak


def megabytes(function, device):
    """The peak is given in mebibytes.

    The stub asks for bytes, an int. Dividing is for who prints it.
    """
    return _measured(function, device, read=lambda: torch.cuda.max_memory_allocated(device) / 2**20)


def megabytes__rewrite(function, device):
    answer, peak = _measured(function, device)
    return answer, None if peak is None else peak / (1024 * 1024)


def device_is_no_text(function, device):
    """The device is compared with the text "cuda".

    A torch.device equals no text, so that nothing is ever measured. Ask for `device.type`.
    """
    return _measured(function, device, is_cuda=lambda: device == "cuda")


def device_is_no_text__rewrite(function, device):
    if device in ("cuda", "cuda:0"):
        torch.cuda.reset_peak_memory_stats()
    answer = function()
    if device not in ("cuda", "cuda:0"):
        return answer, None
    torch.cuda.synchronize()
    return answer, torch.cuda.max_memory_allocated()


def no_index(function, device):
    """A device with an index, such as cuda:0, is not taken for a CUDA device.

    torch.device("cuda") and torch.device("cuda:0") are not equal, though they may mean the same. Ask for `device.type`.
    """
    return _measured(function, device, is_cuda=lambda: str(device) == "cuda")


def no_index__rewrite(function, device):
    if device != torch.device("cuda"):
        return function(), None
    return _measured(function, device)


def available(function, device):
    """Whether there is a GPU decides, not the device that is given.

    On a machine with a GPU the CPU may be asked for too. Ask for `device.type`.
    """
    return _measured(function, torch.device("cuda"), is_cuda=torch.cuda.is_available)


def available__rewrite(function, device):
    if torch.cuda.device_count() == 0:
        return function(), None
    torch.cuda.reset_peak_memory_stats()
    answer = function()
    torch.cuda.synchronize()
    return answer, torch.cuda.max_memory_allocated()


def cuda_only(function, device):
    """Functions of torch.cuda are called for the CPU.

    They raise there. Ask for `device.type` before you call any of them.
    """
    return _measured(function, torch.device("cuda"))


def cuda_only__rewrite(function, device):
    torch.cuda.reset_peak_memory_stats()
    answer = function()
    torch.cuda.synchronize()
    return answer, torch.cuda.max_memory_allocated()


def cpu_in_numbers(function, device):
    """The peak on the CPU is a number.

    0 says that nothing was held, which is not so, and what the process or Python holds is something else than what
    tensors do. It is not known, and None says that.
    """
    return _measured(function, device, on_cpu=lambda: (function(), 0))


def cpu_in_numbers__rewrite(function, device):
    peak = psutil.Process().memory_info().rss
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    answer = function()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
        peak = torch.cuda.max_memory_allocated(device)
    return answer, peak


def only_the_peak(function, device):
    """The peak alone is returned.

    The answer of the function is lost, and whoever needs it has to call the function again. Return both.
    """
    return _measured(function, device)[1]


def only_the_peak__rewrite(function, device):
    if device.type == "cpu":
        function()
        return None
    torch.cuda.reset_peak_memory_stats(device)
    function()
    torch.cuda.synchronize(device)
    return torch.cuda.max_memory_allocated(device)


def answer_lost(function, device):
    """The answer of the function is not handed on.

    What the function returns is dropped. Keep it, and return it beside the peak.
    """
    return None, _measured(function, device)[1]


def answer_lost__rewrite(function, device):
    answer = None
    if device.type == "cpu":
        function()
        return answer, None
    torch.cuda.reset_peak_memory_stats(device)
    function()
    torch.cuda.synchronize(device)
    return answer, torch.cuda.max_memory_allocated(device)


def peak_first(function, device):
    """The peak comes first, and the answer second.

    The stub has them the other way round.
    """
    return _measured(function, device)[::-1]


def peak_first__rewrite(function, device):
    answer, peak = _measured(function, device)
    return peak, answer


def exceptions_kept(function, device):
    """An exception of the function is kept back.

    The caller then takes a failure for a measurement. Do not catch what you cannot deal with.
    """

    def call():
        try:
            return function()
        except Exception:
            return None

    return _measured(function, device, call=call)


def exceptions_kept__rewrite(function, device):
    try:
        return _measured(function, device)
    except ValueError as error:
        print(error)
        return None, None


def exceptions_changed(function, device):
    """An exception of the function arrives as another one.

    Who calls the function knows its exceptions, and may wait for them. Let them pass as they are.
    """
    try:
        return _measured(function, device)
    except Exception as error:
        raise RuntimeError("the function failed") from error


def exceptions_changed__rewrite(function, device):
    def call():
        try:
            return function()
        except ValueError as error:
            raise RuntimeError(f"could not be measured: {error}") from None

    return _measured(function, device, call=call)
