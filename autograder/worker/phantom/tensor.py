"""The device tensor: a wrapper around a host tensor that answers every question as a CUDA tensor does."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NoReturn

import torch

from . import errors, ledger, memory, state

HOST = torch.device("cpu")
Dispatcher = Callable[[Any, "tuple[Any, ...]", "dict[str, Any]"], Any]
# No memory lies below the wrapper; torch only compares the size when the wrapper's shape changes.
_UNBOUNDED = 1 << 60
_backend = torch.device("cpu")
_dispatcher: Dispatcher


def configure(backend: torch.device, dispatcher: Dispatcher) -> None:
    """Set the device of the wrappers below Python and the function that runs their operators."""
    global _backend, _dispatcher
    _backend, _dispatcher = backend, dispatcher


@cache
def cuda(index: int) -> torch.device:
    """The device of this number."""
    return torch.device("cuda", index)


def wrap(inner: torch.Tensor, index: int, requires_grad: bool = False) -> DeviceTensor:
    """A tensor on the device of this number over this very host tensor."""
    if torch.is_inference_mode_enabled() and not inner.is_inference():  # a view of a tensor that was made before
        with torch.inference_mode(False):
            return wrap(inner, index, requires_grad)
    # a nested tensor has no shape to ask for; outside it looks like its padded form
    seen = inner.to_padded_tensor(0.0) if inner.is_nested else inner
    outer = torch.Tensor._make_wrapper_subclass(
        DeviceTensor,
        seen.shape,
        strides=seen.stride(),
        storage_offset=seen.storage_offset(),
        dtype=inner.dtype,
        layout=seen.layout,
        device=_backend,
        requires_grad=requires_grad,
        storage_size=_UNBOUNDED,
    )
    outer._inner = inner
    if index:
        outer._index = index
    memory.track(inner, index)
    return outer


def host_values(tensor: torch.Tensor) -> torch.Tensor:
    """A detached host copy of the values of any tensor."""
    with torch.no_grad():
        if isinstance(tensor, DeviceTensor):
            return tensor._inner.resolve_conj().resolve_neg().clone()
        return tensor.detach().clone()


def device_ordinal(device: torch.device) -> int:
    """The number of a CUDA device; refuses one that there is not."""
    if device.index is None:
        return state.current_device()
    if not 0 <= device.index < state.device_count():
        raise errors.bad_ordinal()
    return int(device.index)


class DeviceTensor(torch.Tensor):
    """A tensor on the device."""

    _inner: torch.Tensor
    _index = 0
    __torch_function__: Any = torch._C._disabled_torch_function_impl

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]
        cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        return _dispatcher(func, args, kwargs or {})

    # ---- where it is

    @property
    def device(self) -> torch.device:  # type: ignore[override]
        return cuda(self._index)

    @property
    def is_cuda(self) -> bool:  # type: ignore[override]
        return True

    def get_device(self) -> int:
        return self._index

    def type(self, dtype: Any = None, non_blocking: bool = False, **_: Any) -> Any:
        if dtype is None:
            return host_like(self).type().replace("torch.", "torch.cuda.", 1)
        if isinstance(dtype, str):
            return self.to(*named(dtype), non_blocking)
        return self.to(dtype) if isinstance(dtype, torch.dtype) else self.to(*named(dtype), non_blocking)

    # ---- reading it from the host

    def numpy(self, *, force: bool = False) -> Any:
        if force:
            return self.detach().cpu().numpy()
        raise errors.numpy_refused(self.device)

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise errors.numpy_refused(self.device)

    def tolist(self) -> Any:
        ledger.note("sync", "tolist")
        return self._inner.tolist()

    def __format__(self, spec: str) -> str:
        if self.dim() == 0:
            return self.item().__format__(spec)
        return object.__format__(self, spec)

    def __repr__(self, *, tensor_contents: Any = None) -> str:  # type: ignore[override]
        ledger.note("sync", "__repr__")
        with ledger.muted(), torch.no_grad():
            text = torch._tensor_str._str(self, tensor_contents=tensor_contents)
        parameter = text.startswith("Parameter(")
        if parameter:
            text = text.removeprefix("Parameter(")[:-1]
        if text.startswith("Tensor("):
            text = f"tensor({text.removeprefix('Tensor(')}"
        return f"Parameter containing:\n{text}" if parameter else text

    # ---- its memory

    def data_ptr(self) -> int:
        return self._inner.data_ptr()

    def untyped_storage(self) -> torch.UntypedStorage:
        return self._inner.untyped_storage()

    def storage(self) -> Any:
        return self._inner.storage()

    def is_pinned(self, device: Any = None) -> bool:
        return False

    def record_stream(self, stream: Any) -> None:
        """Nothing is reused before it is free."""

    def is_shared(self) -> bool:
        return True

    def share_memory_(self) -> DeviceTensor:
        return self

    def pin_memory(self, device: Any = None) -> NoReturn:
        raise RuntimeError(f"cannot pin '{self.type()}' only dense CPU tensors can be pinned")

    def __dlpack__(self, *_: Any, **__: Any) -> NoReturn:
        raise BufferError("Can't export tensors of this device through DLPack here")

    # ---- copies of the object

    def __deepcopy__(self, memo: dict[int, Any]) -> torch.Tensor:
        if id(self) in memo:
            copied = memo[id(self)]
            assert isinstance(copied, torch.Tensor)
            return copied
        if not self.is_leaf:
            raise RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the "
                "moment.  If you were attempting to deepcopy a module, this may be because of a torch.nn.utils."
                "weight_norm usage, see https://github.com/pytorch/pytorch/pull/103001"
            )
        copied = wrap(_same_layout_copy(self._inner, memo), self._index, self.requires_grad)
        memo[id(self)] = copied
        if self.grad is not None:
            copied.grad = self.grad.__deepcopy__(memo)
        for name, value in self.__dict__.items():
            if name != "_inner":
                setattr(copied, name, _deepcopy(value, memo))
        return copied

    def __reduce_ex__(self, protocol: Any) -> Any:
        from . import saving

        return saving.reduce(self)


def named(kind: Any) -> tuple[torch.device, torch.dtype]:
    """The device and dtype of a type such as torch.cuda.FloatTensor, or of its name."""
    name = kind if isinstance(kind, str) else f"{kind.__module__}.{kind.__name__}"
    dtype = torch.empty(0, device=HOST).type(name.replace(".cuda", "")).dtype
    return (cuda(state.current_device()) if ".cuda." in name else HOST), dtype


def host_like(tensor: torch.Tensor) -> torch.Tensor:
    """An empty host tensor of the same dtype."""
    return torch.empty(0, dtype=tensor.dtype, device=HOST)


def _deepcopy(value: Any, memo: dict[int, Any]) -> Any:
    from copy import deepcopy

    return deepcopy(value, memo)


def _same_layout_copy(inner: torch.Tensor, memo: dict[int, Any]) -> torch.Tensor:
    # Tensor.__deepcopy__ copies a storage once per memo, so views of one storage stay views of one
    alias = inner.detach()
    copied = alias.__deepcopy__(memo)
    assert isinstance(copied, torch.Tensor)
    # the alias dies with this call, and another object may get its id
    memo.pop(id(alias), None)
    return copied


# type(x) and the error messages of Python name the class
DeviceTensor.__name__ = DeviceTensor.__qualname__ = "Tensor"
DeviceTensor.__module__ = "torch"
