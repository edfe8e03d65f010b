"""The refusals, worded as CUDA words them."""

from __future__ import annotations

import re
from pathlib import Path

import torch

_DEVICE = "cuda:0"
_BELOW = "simcuda:0"
_OURS = re.compile(rf'  File "{re.escape(str(Path(__file__).parent))}[^\n]*\n(?:    [^\n]*\n)*')
_TYPE = re.compile(r"\bsimcuda(\w+)Type\b")
_HINT = (
    "CUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below "
    "might be incorrect.\nFor debugging consider passing CUDA_LAUNCH_BLOCKING=1\n"
    "Compile with `TORCH_USE_CUDA_DSA` to enable device-side assertions.\n"
)


def mixed_devices(operator: str, argument: str, other: object, device: object) -> RuntimeError:
    """Operands of one operator live on two devices."""
    return RuntimeError(
        f"Expected all tensors to be on the same device, but got {argument} is on {other}, different from other "
        f"tensors on {device} (when checking argument in method wrapper_CUDA_{operator})"
    )


def foreign_index(device: object) -> RuntimeError:
    """A tensor is indexed with one on another device."""
    return RuntimeError(f"indices should be either on cpu or on the same device as the indexed tensor ({device})")


def numpy_refused(device: object) -> TypeError:
    """NumPy cannot read device memory."""
    return TypeError(
        f"can't convert {device} device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first."
    )


def bad_ordinal() -> RuntimeError:
    """There is one device only."""
    kind = getattr(torch, "AcceleratorError", RuntimeError)
    error = kind(f"CUDA error: invalid device ordinal\n{_HINT}")
    assert isinstance(error, RuntimeError)
    return error


def not_compiled() -> AssertionError:
    """Outside the phantom there is no CUDA."""
    return AssertionError("Torch not compiled with CUDA enabled")


def wrong_generator(wanted: str, found: str) -> RuntimeError:
    """The generator of the other device was passed."""
    return RuntimeError(f"Expected a '{wanted}' device type for generator but found '{found}'")


def wrong_gradient(function: str, index: int, on_device: bool) -> RuntimeError:
    """A gradient arrived on the other device."""
    expected, found = (_DEVICE, "cpu") if on_device else ("cpu", _DEVICE)
    return RuntimeError(
        f"Function {function} returned an invalid gradient at index {index} - "
        f"expected device {expected} but got {found}"
    )


def not_implemented(kernel: str, dtype: torch.dtype) -> NotImplementedError | RuntimeError:
    """CUDA has no kernel for this dtype."""
    return NotImplementedError(f"\"{kernel}\" not implemented for '{_dtype_name(dtype)}'")


def out_of_memory(size: float) -> RuntimeError:
    """The device has not got so many GiB."""
    return torch.OutOfMemoryError(
        f"CUDA out of memory. Tried to allocate {size:.2f} GiB. GPU 0 has a total capacity of 16.00 GiB."
    )


def forked() -> RuntimeError:
    """CUDA cannot be used in a forked process."""
    return RuntimeError(
        "Cannot re-initialize CUDA in forked subprocess. To use CUDA with multiprocessing, "
        "you must use the 'spawn' start method"
    )


def reword(error: RuntimeError) -> None:
    """Let the error call the device by its public name."""
    told = reworded(error)
    if told is not None:
        error.args = told.args


def reworded(error: RuntimeError) -> RuntimeError | None:
    """The same error with the device's public name, or None if there is nothing to change. The traceback in it, of a
    loader's worker, say, has no frames from here."""
    text = str(error)
    told = _TYPE.sub(r"torch.cuda.\1Tensor", text.replace(_BELOW, _DEVICE))
    told = _OURS.sub("", told.replace("'simcuda'", "'cuda'"))
    return None if told == text else RuntimeError(told)


def _dtype_name(dtype: torch.dtype) -> str:
    names = {
        torch.int64: "Long",
        torch.int32: "Int",
        torch.int16: "Short",
        torch.int8: "Char",
        torch.uint8: "Byte",
        torch.bool: "Bool",
    }
    return names.get(dtype, str(dtype).removeprefix("torch."))
