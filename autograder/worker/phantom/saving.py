"""torch.save and torch.load write and read the files CUDA writes and reads."""

from __future__ import annotations

import collections
from typing import Any

import torch
import torch.serialization

from . import memory
from .state import is_active
from .tensor import DeviceTensor, cuda, device_ordinal, wrap

_rebuild = torch._utils._rebuild_tensor_v2


def reduce(tensor: DeviceTensor) -> Any:
    """How to pickle a device tensor."""
    if getattr(tensor, "_is_param", False):
        data = wrap(tensor._inner, tensor._index)
        return (
            torch._utils._rebuild_parameter,
            (data, tensor.requires_grad, collections.OrderedDict()),
        )
    if not tensor.is_leaf and torch.is_grad_enabled() and tensor.requires_grad:
        tensor = wrap(tensor._inner, tensor._index)
    inner = tensor._inner
    storage = torch.storage.TypedStorage(wrap_storage=inner.untyped_storage(), dtype=inner.dtype, _internal=True)
    arguments: tuple[Any, ...] = (
        storage,
        inner.storage_offset(),
        tuple(inner.size()),
        inner.stride(),
        tensor.requires_grad,
        collections.OrderedDict(),
    )
    return torch._utils._rebuild_tensor_v2, arguments


def _rebuild_tensor_v2(
    storage: Any,
    storage_offset: Any,
    size: Any,
    stride: Any,
    requires_grad: Any,
    backward_hooks: Any,
    metadata: Any = None,
) -> torch.Tensor:
    plain = _rebuild(storage, storage_offset, size, stride, False, backward_hooks, metadata)
    index = memory.place(storage._untyped_storage)
    if index is not None:
        return wrap(plain, index, requires_grad)
    return plain.requires_grad_(requires_grad) if requires_grad else plain


def _tag(storage: Any) -> str | None:
    index = memory.place(_untyped(storage))
    return None if index is None else str(cuda(index))


def _locate(storage: Any, location: str) -> Any:
    if not location.startswith("cuda") or not is_active():
        return None
    memory.claim(_untyped(storage), device_ordinal(torch.device(location)))
    return storage


def _untyped(storage: Any) -> torch.UntypedStorage:
    return storage if isinstance(storage, torch.UntypedStorage) else storage._untyped_storage


def install() -> None:
    """Teach torch's serialization where the device's storages live."""
    torch.serialization.register_package(5, _tag, _locate)
    _rebuild_tensor_v2.__module__ = "torch._utils"
    torch._utils._rebuild_tensor_v2 = _rebuild_tensor_v2
    # its table of permitted functions is built once
    torch._weights_only_unpickler._get_allowed_globals.cache_clear()
