"""Ways in which choosing a device goes wrong."""

# mypy: disable-error-code="truthy-function"

import functools

import torch


def _other():
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _exists(i):
    return 0 <= i < torch.cuda.device_count()


def is_available_not_called(i=0):
    """`is_available` is not called, so CUDA is always taken to be there.

    A function is an object, and every object is true in an `if`. Write the parentheses. And whether there is any GPU
    does not tell whether there is a GPU with the number i: compare i with the count.
    """
    if torch.cuda.is_available:
        return torch.device("cuda", i)
    return _other()


def is_available_not_called__rewrite(i=0):
    return torch.device(f"cuda:{i}" if torch.cuda.is_available else "cpu")


def any_gpu_will_do(i=0):
    """It is only asked whether there is any GPU, not whether there is one with the number i.

    `torch.device("cuda:7")` is made without complaint where there is no such GPU, and the program fails later. Compare
    i with `torch.cuda.device_count()`.
    """
    return torch.device("cuda", i) if torch.cuda.is_available() else _other()


def any_gpu_will_do__rewrite(i=0):
    if torch.cuda.device_count() > 0:
        return torch.device(f"cuda:{i:d}")
    if torch.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def any_gpu_and_no_mps(i=0):
    """It is only asked whether there is any GPU, not whether there is one with the number i, and MPS is forgotten.

    Compare i with `torch.cuda.device_count()`, and ask whether MPS is available before the CPU is taken.
    """
    return torch.device(f"cuda:{i}") if torch.cuda.is_available() else torch.device("cpu")


def any_gpu_and_no_mps__rewrite(i=0):
    if torch.cuda.device_count() >= 1:
        return torch.device("cuda", i)
    return torch.device("cpu")


def counted_from_one(i=0):
    """One number too many counts as a GPU.

    GPUs are counted from 0, so that n of them have the numbers 0 to n - 1: compare with <, not with <=.
    """
    return torch.device("cuda", i) if 0 <= i <= torch.cuda.device_count() and torch.cuda.is_available() else _other()


def counted_from_one__rewrite(i=0):
    if torch.cuda.is_available() and i >= 0 and torch.cuda.device_count() >= i:
        return torch.device(f"cuda:{i}")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def counted_from_one_also_without_gpus(i=0):
    """One number too many counts as a GPU, the number 0 where there is none.

    GPUs are counted from 0, so that n of them have the numbers 0 to n - 1: compare with <, not with <=.
    """
    return torch.device("cuda", i) if 0 <= i <= torch.cuda.device_count() else _other()


def counted_from_one_also_without_gpus__rewrite(i=0):
    if i >= 0 and torch.cuda.device_count() >= i:
        return torch.device(f"cuda:{i}")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def negative_numbers_counted(i=0):
    """A negative number is taken for that of a GPU.

    Every negative number is below the count, but no GPU has it, and torch refuses to name one. Ask also that i is not
    negative.
    """
    return torch.device("cuda", i) if i < torch.cuda.device_count() and torch.cuda.is_available() else _other()


def negative_numbers_counted__rewrite(i=0):
    if torch.cuda.is_available() and torch.cuda.device_count() >= i + 1:
        return torch.device(f"cuda:{i}")
    return torch.device("mps") if torch.backends.mps.is_available() else torch.device("cpu")


def negative_numbers_counted_also_without_gpus(i=0):
    """A negative number is taken for that of a GPU, even where there is none.

    Every negative number is below the count, 0 too, but no GPU has it, and torch refuses to name one. Ask also that i
    is not negative.
    """
    return torch.device("cuda", i) if i < torch.cuda.device_count() else _other()


def negative_numbers_counted_also_without_gpus__rewrite(i=0):
    if torch.cuda.device_count() >= i + 1:
        return torch.device(f"cuda:{i}")
    return torch.device("mps") if torch.backends.mps.is_available() else torch.device("cpu")


def counted_from_the_end(i=0):
    """A negative number counts from the end.

    It does so in the index of a list, but no GPU has a negative number. Ask also that i is not negative.
    """
    gpus = [torch.device("cuda", n) for n in range(torch.cuda.device_count())]
    return gpus[i] if -len(gpus) <= i < len(gpus) else _other()


def counted_from_the_end__rewrite(i=0):
    try:
        return [torch.device(f"cuda:{n}") for n in range(torch.cuda.device_count())][i]
    except IndexError:
        return torch.device("mps") if torch.mps.is_available() else torch.device("cpu")


def numbers_go_round(i=0):
    """The number is taken modulo the number of GPUs.

    Two callers who ask for two GPUs then may share one without knowing. Fall back to MPS or the CPU where there is no
    GPU i.
    """
    gpus = torch.cuda.device_count()
    return torch.device("cuda", i % gpus) if gpus else _other()


def numbers_go_round__rewrite(i=0):
    if torch.cuda.is_available():
        return torch.device(f"cuda:{i - i // torch.cuda.device_count() * torch.cuda.device_count()}")
    return _other()


def widely_taught_try_gpu(i=0):
    """The widely taught version: negative numbers count as GPUs, and MPS is forgotten.

    Ask also that i is not negative, and whether MPS is available before the CPU is taken.
    """
    if torch.cuda.device_count() >= i + 1:
        return torch.device(f"cuda:{i}")
    return torch.device("cpu")


def widely_taught_try_gpu__rewrite(i=0):
    return torch.device("cuda", i) if i < torch.cuda.device_count() else torch.device("cpu")


def number_ignored(i=0):
    """The first GPU is returned whatever i is.

    The caller asks for the GPU with the number i, to use several of them. Put i into the name.
    """
    return torch.device("cuda", 0) if torch.cuda.is_available() else _other()


def number_ignored__rewrite(i=0):
    if torch.cuda.device_count():
        return torch.device("cuda:0")
    return torch.device("mps") if torch.mps.is_available() else torch.device("cpu")


def first_of_the_notes(i=0):
    """The first GPU is returned whatever i is, and MPS is forgotten.

    Put i into the name and compare it with the count. Ask whether MPS is available before the CPU is taken.
    """
    return torch.device("cuda:0" if torch.cuda.is_available() else "cpu")


def first_of_the_notes__rewrite(i=0):
    if torch.cuda.is_available():
        return torch.device("cuda", 0)
    return torch.device("cpu")


def first_instead_of_a_missing_one(i=0):
    """Where there is no GPU i, another GPU takes its place.

    Two callers who ask for two GPUs then share one without knowing. Fall back to MPS or the CPU.
    """
    if _exists(i):
        return torch.device("cuda", i)
    return torch.device("cuda", 0) if torch.cuda.is_available() else _other()


def first_instead_of_a_missing_one__rewrite(i=0):
    if not torch.cuda.is_available():
        return torch.device("mps") if torch.backends.mps.is_available() else torch.device("cpu")
    return torch.device(f"cuda:{i if i in range(torch.cuda.device_count()) else 0}")


def missing_one_raises(i=0):
    """Where there is no GPU i, an exception is raised.

    The point of the function is that the program runs everywhere: fall back to MPS or the CPU.
    """
    if torch.cuda.is_available():
        if not _exists(i):
            raise ValueError(f"there is no GPU {i}")
        return torch.device("cuda", i)
    return _other()


def missing_one_raises__rewrite(i=0):
    gpus = [torch.device(f"cuda:{n}") for n in range(torch.cuda.device_count())]
    if gpus and not 0 <= i < len(gpus):
        raise ValueError("no such device")
    return gpus[i] if gpus else _other()


def text_returned(i=0):
    """The name of the device is returned, a string.

    Most functions of torch take either, but a string has no `type` and no `index`, and equals no device. Return a
    torch.device.
    """
    return f"cuda:{i}" if _exists(i) else str(_other())


def text_returned__rewrite(i=0):
    names = [f"cuda:{n}" for n in range(torch.cuda.device_count())]
    if 0 <= i < len(names):
        return names[i]
    return "mps" if torch.backends.mps.is_available() else "cpu"


def without_a_number(i=0):
    """The device has no number.

    `torch.device("cuda")` stands for whatever GPU is the current one, and equals none of `cuda:0`, `cuda:1`, …
    Give the number too.
    """
    return torch.device("cuda") if _exists(i) else _other()


def without_a_number__rewrite(i=0):
    if torch.cuda.is_available() and 0 <= i < torch.cuda.device_count():
        return torch.ones(0, device="meta").device if False else torch.device("cuda")
    return torch.device("mps" if torch.mps.is_available() else "cpu")


def only_whether_there_is_any(i=0):
    """It is only asked whether there is any GPU, the device has no number, and MPS is forgotten.

    Compare i with the count and give the number too. Ask whether MPS is available before the CPU is taken.
    """
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def only_whether_there_is_any__rewrite(i=0):
    if not torch.cuda.is_available():
        return torch.device("cpu")
    return torch.device("cuda")


def the_accelerator(i=0):
    """The current accelerator is returned, without a number and whatever i is.

    `torch.accelerator.current_accelerator()` tells the kind of device, not which one. Compare i with the count, and
    give the number too.
    """
    return torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")


def the_accelerator__rewrite(i=0):
    if torch.cuda.is_available():
        return torch.device("cuda")
    return _other()


def every_accelerator_has_a_number(i=0):
    """MPS gets the number of a GPU, or is counted like one.

    A Mac has at most one GPU: its device is `mps`, whatever i is.
    """
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    if accelerator is None or (accelerator.type == "cuda" and not _exists(i)):
        return _other()
    return torch.device(accelerator.type, i)


def every_accelerator_has_a_number__rewrite(i=0):
    if _exists(i):
        return torch.device("cuda", i)
    return torch.device(f"mps:{i}") if torch.backends.mps.is_available() and not torch.cuda.is_available() else _other()


def mps_forgotten(i=0):
    """MPS is never looked for.

    On a Mac the program then runs on the CPU. Ask whether MPS is available before the CPU is taken.
    """
    return torch.device("cuda", i) if _exists(i) else torch.device("cpu")


def mps_forgotten__rewrite(i=0):
    if i >= 0 and torch.cuda.device_count() > i:
        return torch.device(f"cuda:{i}")
    return torch.device("cpu")


def mps_first(i=0):
    """MPS is preferred to a CUDA GPU.

    The stub gives the order: the GPU with the number i, MPS, the CPU.
    """
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cuda", i) if _exists(i) else torch.device("cpu")


def mps_first__rewrite(i=0):
    device = torch.device("cuda", i) if _exists(i) else torch.device("cpu")
    return torch.device("mps") if torch.mps.device_count() else device


def mps_only_without_cuda(i=0):
    """MPS is not looked for where there is a CUDA GPU, but not that with the number i.

    The stub gives the order: the GPU with the number i, MPS, the CPU.
    """
    if torch.cuda.is_available():
        return torch.device("cuda", i) if _exists(i) else torch.device("cpu")
    return _other()


def mps_only_without_cuda__rewrite(i=0):
    if _exists(i):
        return torch.device("cuda", i)
    if torch.backends.mps.is_available() and not torch.cuda.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def mps_built(i=0):
    """It is asked whether torch is built for MPS, not whether MPS is available.

    On a Mac whose system is too old, torch is built for MPS and cannot use it. Ask `is_available`.
    """
    if _exists(i):
        return torch.device("cuda", i)
    return torch.device("mps" if torch.backends.mps.is_built() else "cpu")


def mps_built__rewrite(i=0):
    if torch.cuda.is_available() and i in range(torch.cuda.device_count()):
        return torch.device(f"cuda:{i}")
    return torch.device("mps") if torch._C._has_mps else torch.device("cpu")


def mps_not_called(i=0):
    """`torch.backends.mps.is_available` is not called, so MPS is always taken to be there.

    A function is an object, and every object is true in an `if`. Write the parentheses.
    """
    if _exists(i):
        return torch.device("cuda", i)
    return torch.device("mps" if torch.backends.mps.is_available else "cpu")


def mps_not_called__rewrite(i=0):
    if torch.cuda.is_available() and 0 <= i <= torch.cuda.device_count() - 1:
        return torch.device(f"cuda:{i}")
    return torch.device("mps") if torch.mps.is_available else torch.device("cpu")


def cuda_built(i=0):
    """It is asked whether torch is built for CUDA, not whether there is a GPU.

    The same torch is installed on machines without a GPU. Ask for the count, and compare i with it.
    """
    return torch.device("cuda", i) if torch.backends.cuda.is_built() else _other()


def cuda_built__rewrite(i=0):
    if torch.version.cuda is not None:
        return torch.device(f"cuda:{i}")
    return torch.device("mps" if torch.mps.is_available() else "cpu")


def tried_by_a_tensor(i=0):
    """A CUDA GPU is never found.

    Often a tensor is created to find out, which starts CUDA and takes memory where there is a GPU, and which the stub
    excludes. Ask torch for the count.
    """
    try:
        return torch.empty(1, device=f"cuda:{i}").device
    except (RuntimeError, AssertionError):
        return _other()


def tried_by_a_tensor__rewrite(i=0):
    try:
        torch.zeros(()).cuda(i)
    except Exception:
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    return torch.device("cuda", i)


def list_of_names(i=0):
    """A list of the names of all GPUs is returned.

    The caller wants one device: that with the number i, a torch.device.
    """
    if torch.cuda.is_available():
        return [f"cuda:{n}" for n in range(torch.cuda.device_count())]
    return ["cpu"]


def list_of_names__rewrite(i=0):
    return ["cuda:" + str(n) for n in range(torch.cuda.device_count())] or ["cpu"]


def prints_the_device(i=0):
    """Nothing is returned.

    What is printed cannot be used. Every path through the function has to return a device.
    """
    print(torch.device("cuda", i) if _exists(i) else _other())


def prints_the_device__rewrite(i=0):
    device = _other()
    if _exists(i):
        device = torch.device("cuda", i)
    print(f"Running on {device}")


def no_device_where_no_gpu(i=0):
    """Where there is neither the GPU nor MPS, nothing is returned.

    The function ends without a `return` there. Return the CPU.
    """
    if _exists(i):
        return torch.device("cuda", i)
    return torch.device("mps") if torch.backends.mps.is_available() else None


def no_device_where_no_gpu__rewrite(i=0):
    if i >= 0 and i < torch.cuda.device_count():
        return torch.device(f"cuda:{i}")
    if torch.mps.is_available():
        return torch.device("mps")


def name_in_capitals(i=0):
    """The name of the device is none that torch knows.

    Often it is written in capitals. The types are called `cuda`, `mps` and `cpu`.
    """
    return torch.device(f"CUDA:{i}") if _exists(i) else _other()


def name_in_capitals__rewrite(i=0):
    if _exists(i):
        return torch.device(f"gpu:{i}")
    return _other()


_known = functools.cache(lambda i: torch.device("cuda", i) if _exists(i) else _other())


def asked_only_once(i=0):
    """The answer of an earlier call is given again.

    It was kept in a cache or a global variable. Ask torch in every call.
    """
    return _known(i)


_answers: dict = {}


def asked_only_once__rewrite(i=0):
    if i not in _answers:
        _answers[i] = torch.device("cuda", i) if _exists(i) else _other()
    return _answers[i]


def made_the_current_gpu(i=0):
    """The GPU is made the current one.

    That changes where other parts of the program work. Return the device, and leave torch's settings as they are.
    """
    if _exists(i):
        torch.cuda.set_device(i)
        return torch.device("cuda", i)
    return _other()


def made_the_current_gpu__rewrite(i=0):
    device = torch.device("cuda", i) if _exists(i) else _other()
    if device.type == "cuda":
        torch.accelerator.set_device_index(device.index)
    return device


def made_the_default_device(i=0):
    """The device is made torch's default.

    Every tensor that other parts of the program create then lands on it. Return the device, and leave torch's settings
    as they are.
    """
    device = torch.device("cuda", i) if _exists(i) else _other()
    torch.set_default_device(device)
    return device


def made_the_default_device__rewrite(i=0):
    if _exists(i):
        torch.set_default_device(f"cuda:{i}")
        return torch.device("cuda", i)
    return _other()
