"""Ways in which listing the devices goes wrong."""

# mypy: disable-error-code="truthy-function"

import functools

import torch


def _gpus():
    return [torch.device("cuda", n) for n in range(torch.cuda.device_count())]


def _other():
    return [torch.device("mps" if torch.backends.mps.is_available() else "cpu")]


def _right():
    return _gpus() or _other()


def names_returned():
    """The names of the devices are returned, strings.

    Most functions of torch take either, but a string has no `type` and no `index`, and equals no device. Return a list
    of torch.device.
    """
    return [str(device) for device in _right()]


def names_returned__rewrite():
    if torch.cuda.is_available():
        return [f"cuda:{n}" for n in range(torch.cuda.device_count())]
    return ["mps"] if torch.backends.mps.is_available() else ["cpu"]


def names_without_mps():
    """The names of the devices are returned, strings, and MPS is forgotten.

    A string has no `type` and no `index`, and equals no device. Return a list of torch.device, and ask whether MPS is
    available before the CPU is taken.
    """
    return [f"cuda:{n}" for n in range(torch.cuda.device_count())] or ["cpu"]


def names_without_mps__rewrite():
    if torch.cuda.is_available():
        num_gpu = torch.cuda.device_count()
        device = [f"cuda:{i}" for i in range(num_gpu)]
    else:
        device = ["cpu"]
    return device


def empty_without_gpus():
    """Where there is no CUDA GPU the list is empty.

    Nothing is then computed, or the first element asked for is missing. Return MPS or the CPU there. Where your code
    does so, see whether it calls `is_available`: a function that is not called is true in an `if`.
    """
    return _gpus()


def empty_without_gpus__rewrite():
    if torch.cuda.is_available:
        return [torch.device(f"cuda:{n}") for n in range(torch.cuda.device_count())]
    return _other()


def empty_on_the_cpu():
    """Where there is no GPU at all the list is empty.

    Nothing is then computed, or the first element asked for is missing. Return a list with the CPU there.
    """
    return _gpus() or ([torch.device("mps")] if torch.backends.mps.is_available() else [])


def empty_on_the_cpu__rewrite():
    if torch.cuda.is_available():
        return _gpus()
    return [torch.device("mps")][: torch.mps.device_count()]


def mps_forgotten():
    """MPS is never looked for.

    On a Mac the program then runs on the CPU. Ask whether MPS is available before the CPU is taken.
    """
    return _gpus() or [torch.device("cpu")]


def mps_forgotten__rewrite():
    devices = [torch.device(f"cuda:{i}") for i in range(torch.cuda.device_count())]
    return devices if devices else [torch.device("cpu")]


def mps_beside_gpus():
    """MPS is listed beside the CUDA GPUs.

    The stub gives the order: all CUDA GPUs, or MPS alone, or the CPU alone.
    """
    found = _gpus()
    if torch.backends.mps.is_available():
        found.append(torch.device("mps"))
    return found or [torch.device("cpu")]


def mps_beside_gpus__rewrite():
    found = _gpus()
    return found + [torch.device("mps")] * torch.mps.device_count() or [torch.device("cpu")]


def mps_first():
    """MPS takes the place of the CUDA GPUs.

    The stub gives the order: all CUDA GPUs, or MPS alone, or the CPU alone.
    """
    return [torch.device("mps")] if torch.backends.mps.is_available() else _gpus() or [torch.device("cpu")]


def mps_first__rewrite():
    if torch.mps.is_available():
        return [torch.device("mps")]
    if torch.cuda.is_available():
        return _gpus()
    return [torch.device("cpu")]


def mps_built():
    """It is asked whether torch is built for MPS, not whether MPS is available.

    On a Mac whose system is too old, torch is built for MPS and cannot use it. Ask `is_available`.
    """
    return _gpus() or [torch.device("mps" if torch.backends.mps.is_built() else "cpu")]


def mps_built__rewrite():
    if torch.cuda.is_available():
        return _gpus()
    return [torch.device("mps")] if torch._C._has_mps else [torch.device("cpu")]


def mps_not_called():
    """`torch.backends.mps.is_available` is not called, so MPS is always taken to be there.

    A function is an object, and every object is true in an `if`. Write the parentheses.
    """
    return _gpus() or [torch.device("mps" if torch.backends.mps.is_available else "cpu")]


def mps_not_called__rewrite():
    if torch.cuda.is_available():
        return _gpus()
    if torch.mps.is_available:
        return [torch.device("mps")]
    return [torch.device("cpu")]


def cpu_beside_gpus():
    """The CPU is listed beside the GPUs.

    It is much slower, and whoever shares work equally waits for it. List it only where it is alone.
    """
    found = _gpus() or ([torch.device("mps")] if torch.backends.mps.is_available() else [])
    return [*found, torch.device("cpu")]


def cpu_beside_gpus__rewrite():
    devices = _right()
    if devices[0].type != "cpu":
        devices.append(torch.device("cpu"))
    return devices


def counted_from_one():
    """The numbers of the GPUs begin with 1.

    GPUs are counted from 0, so that n of them have the numbers 0 to n - 1.
    """
    return [torch.device("cuda", device.index + 1) for device in _gpus()] or _other()


def counted_from_one__rewrite():
    if torch.cuda.is_available():
        return [torch.device(f"cuda:{i}") for i in range(1, torch.cuda.device_count() + 1)]
    return _other()


def one_too_many():
    """There is one GPU too many in the list.

    GPUs are counted from 0, so that n of them have the numbers 0 to n - 1.
    """
    gpus = _gpus()
    return [*gpus, torch.device("cuda", len(gpus))] if gpus else _other()


def one_too_many__rewrite():
    if torch.cuda.is_available():
        return [torch.device(f"cuda:{i}") for i in range(torch.cuda.device_count() + 1)]
    return _other()


def one_too_few():
    """The last GPU is missing.

    `range(n)` ends before n by itself: GPUs have the numbers 0 to n - 1.
    """
    return _gpus()[:-1] or _other()


def one_too_few__rewrite():
    return [torch.device(f"cuda:{i}") for i in range(torch.cuda.device_count() - 1)] or _other()


def one_too_few_or_none():
    """The last GPU is missing, so that the list may be empty.

    `range(n)` ends before n by itself: GPUs have the numbers 0 to n - 1.
    """
    return _gpus()[:-1] if torch.cuda.is_available() else _other()


def one_too_few_or_none__rewrite():
    if torch.cuda.device_count() > 0:
        return [torch.device("cuda", i) for i in range(torch.cuda.device_count() - 1)]
    return _other()


def first_only():
    """Only the first GPU is listed.

    Whoever shares work among the devices of the list leaves all others idle. List all of them.
    """
    return _right()[:1]


def first_only__rewrite():
    return [torch.device("cuda:0")] if torch.cuda.is_available() else _other()


def without_numbers():
    """The devices have no numbers.

    `torch.device("cuda")` stands for whatever GPU is the current one: all work goes to that one. Give the numbers.
    """
    return [torch.device("cuda")] * torch.cuda.device_count() or _other()


def without_numbers__rewrite():
    return [torch.device(device.type) for device in _right()]


def numbers_returned():
    """The list holds numbers, not devices.

    They are only the numbers of the GPUs. Make a torch.device of each.
    """
    return list(range(torch.cuda.device_count())) or _other()


def numbers_returned__rewrite():
    if torch.cuda.is_available():
        return [i for i in range(torch.cuda.device_count())]  # noqa: C416
    return _other()


def count_returned():
    """The number of GPUs is returned, not a list.

    Make a list with a torch.device for each of them.
    """
    return torch.cuda.device_count() if torch.cuda.is_available() else _other()


def count_returned__rewrite():
    if torch.cuda.device_count() > 0:
        return torch.cuda.device_count()
    return _other()


def names_of_the_makers():
    """The names that the maker gave the GPUs are returned.

    They are for people, and torch knows no device of such a name. Return a list of torch.device.
    """
    return [torch.cuda.get_device_name(n) for n in range(torch.cuda.device_count())] or _other()


def names_of_the_makers__rewrite():
    if not torch.cuda.is_available():
        return _other()
    return [torch.cuda.get_device_properties(n).name for n in range(torch.cuda.device_count())]


def tuple_returned():
    """A tuple is returned, not a list.

    The caller may want to take devices out of it. Return a list.
    """
    return tuple(_right())


def tuple_returned__rewrite():
    return (*_gpus(),) or tuple(_other())


def generator_returned():
    """Something to loop over once is returned, not a list.

    It has no length and no first element, and is used up by the first loop. Return a list.
    """
    return (device for device in _right())


def generator_returned__rewrite():
    yield from _right()


def device_without_a_list():
    """Where there is no GPU, a device is returned instead of a list.

    The caller loops over what is returned. A single device is a list with one element.
    """
    return _gpus() or _other()[0]


def device_without_a_list__rewrite():
    if torch.cuda.is_available():
        return _gpus()
    return torch.device("mps") if torch.mps.is_available() else torch.device("cpu")


def accelerators_called_cuda():
    """Every accelerator is called CUDA.

    `torch.accelerator.device_count()` also counts MPS. Ask which kind of accelerator it is.
    """
    return [torch.device("cuda", n) for n in range(torch.accelerator.device_count())] or [torch.device("cpu")]


def accelerators_called_cuda__rewrite():
    if torch.accelerator.is_available():
        return [torch.device(f"cuda:{n}") for n in range(torch.accelerator.device_count())]
    return [torch.device("cpu")]


def prints_the_list():
    """Nothing is returned.

    What is printed cannot be used. Return the list.
    """
    print(_right())


def prints_the_list__rewrite():
    for device in _right():
        print(f"found {device}")


_known = functools.cache(_right)


def asked_only_once():
    """The list of an earlier call is given again.

    It was kept in a cache or a global variable, so that the caller changes the list of everybody else, and other
    devices are not seen. Make a new one in every call.
    """
    return _known()


_kept: list = []


def asked_only_once__rewrite():
    if not _kept:
        _kept.extend(_right())
    return _kept


_lists: dict = {}


def one_list_for_all():
    """The same list is returned in every call.

    Whoever changes it changes the list of everybody else. Make a new one in every call.
    """
    found = _right()
    return _lists.setdefault(tuple(found), found)


_cpu, _mps = [torch.device("cpu")], [torch.device("mps")]
_cudas = [[torch.device("cuda", n) for n in range(count)] for count in range(129)]


def one_list_for_all__rewrite():
    if torch.cuda.is_available():
        return _cudas[torch.cuda.device_count()]
    return _mps if torch.backends.mps.is_available() else _cpu


def gpu_made_the_current_one():
    """A GPU is made the current one.

    That changes where other parts of the program work. Return the list, and leave torch's settings as they are.
    """
    for device in _gpus():
        torch.cuda.set_device(device)
    return _right()


def gpu_made_the_current_one__rewrite():
    devices = _right()
    if devices[0].type == "cuda":
        torch.accelerator.set_device_index(0)
    return devices
