"""The methods of torch.Tensor that name a device, move between devices or pin memory."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable
from typing import Any

import torch

from . import backend, engine, errors, ledger, rng
from .state import is_active
from .tensor import HOST, DeviceTensor, cuda, device_ordinal, named, wrap

_pinned: weakref.WeakValueDictionary[int, torch.UntypedStorage] = weakref.WeakValueDictionary()
_to: Callable[..., torch.Tensor] = torch.Tensor.to
_data: Any = torch.Tensor.data
_is_pinned: Callable[..., bool] = torch.Tensor.is_pinned
_pin_memory: Callable[..., torch.Tensor] = torch.Tensor.pin_memory
_type: Callable[..., Any] = torch.Tensor.type
_MOVED = "_moved_to"
_lazy: Any = vars(torch.nn.parameter)["UninitializedTensorMixin"]
_materialize: dict[bool, Callable[..., None]] = {
    parameter: kind.materialize
    for parameter, kind in ((True, torch.nn.parameter.UninitializedParameter), (False, torch.nn.UninitializedBuffer))
}
_RANDOM_METHODS = [
    "bernoulli",
    "bernoulli_",
    "cauchy_",
    "exponential_",
    "geometric_",
    "log_normal_",
    "multinomial",
    "normal_",
    "random_",
    "uniform_",
]


class _Across(torch.autograd.Function):
    """A copy on another device, whose gradient comes back."""

    @staticmethod
    def forward(ctx: Any, tensor: DeviceTensor, index: int) -> torch.Tensor:
        ctx.index = tensor._index
        return wrap(tensor._inner.clone(), index)

    @staticmethod
    def backward(ctx: Any, grad: DeviceTensor) -> Any:
        return wrap(grad._inner.clone(), ctx.index), None


def move(tensor: torch.Tensor, operator: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> torch.Tensor:
    """Tensor.to, where "cuda" is the device."""
    if kwargs.get("other") is not None:
        other = kwargs["other"]
        kwargs = {key: value for key, value in kwargs.items() if key != "other"}
        args = (other, *args)
    if args and isinstance(args[0], torch.Tensor):
        args = (args[0].device, args[0].dtype, *args[1:])
    first = args[0] if args else None
    positional = isinstance(first, (str, torch.device, int)) and not isinstance(first, bool)
    wanted = first if positional else kwargs.get("device")
    here = type(tensor) is DeviceTensor
    if wanted is None:
        return _to(tensor, *args, **kwargs)
    # a bare number counts accelerators
    place = torch.device("cuda", wanted) if isinstance(wanted, int) else torch.device(wanted)
    if place.type == "cuda":
        if not is_active():
            raise errors.not_compiled()
        index = device_ordinal(place)
        if isinstance(tensor, _lazy):
            tensor.__dict__[_MOVED] = cuda(index)
            return tensor
        if isinstance(tensor, DeviceTensor) and tensor._index != index:
            tensor = _Across.apply(tensor, index)
        place = cuda(index)
    if not here and place.type != "cuda":
        return _to(tensor, *args, **kwargs)
    if here and place.type == "cuda":
        place = backend.DEVICE
    elif here != (place.type == "cuda"):
        ledger.note("to_device" if place.type == "cuda" else "to_host", operator)
    if positional:
        args = (place, *args[1:])
    else:
        kwargs = {**kwargs, "device": place}
    with ledger.muted():
        return _to(tensor, *args, **kwargs)


def to(self: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
    """Tensor.to"""
    if len(args) == 1 and not kwargs and type(args[0]) is torch.dtype:
        return _to(self, args[0])
    return move(self, "to", args, kwargs)


def to_cuda(
    self: torch.Tensor,
    device: Any = None,
    non_blocking: bool = False,
    memory_format: torch.memory_format = torch.preserve_format,
) -> torch.Tensor:
    """Tensor.cuda"""
    place = "cuda" if device is None else device
    return move(self, "cuda", (place,), {"non_blocking": non_blocking, "memory_format": memory_format})


def cpu(self: torch.Tensor, memory_format: torch.memory_format = torch.preserve_format) -> torch.Tensor:
    """Tensor.cpu"""
    return move(self, "cpu", (HOST,), {"memory_format": memory_format})


def type_as(self: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """Tensor.type_as"""
    return move(self, "type_as", (other.device, other.dtype), {})


def to_type(self: torch.Tensor, dtype: Any = None, non_blocking: bool = False, **kwargs: Any) -> Any:
    """Tensor.type, which knows torch.cuda.FloatTensor and its kin."""
    text = dtype if isinstance(dtype, str) else getattr(dtype, "__module__", "")
    if ".cuda" in text and is_active():
        return move(self, "type", named(dtype), {"non_blocking": non_blocking})
    return _type(self, dtype, non_blocking, **kwargs)


def _lazily(self: Any, shape: Any, device: Any = None, dtype: Any = None) -> None:
    """UninitializedParameter.materialize, on the device that the parameter was moved to when it had no shape yet."""
    place = torch.device(device or self.__dict__.get(_MOVED, HOST))
    _materialize[isinstance(self, torch.nn.parameter.UninitializedParameter)](
        self, shape, HOST if place.type == "cuda" else place, dtype
    )
    if place.type == "cuda":
        with ledger.muted():
            self.data = self.data.to(place)


def pin_memory(self: torch.Tensor, device: Any = None) -> torch.Tensor:
    """Tensor.pin_memory: a host tensor that says it is pinned."""
    if not is_active():
        return _pin_memory(self) if device is None else _pin_memory(self, device)
    if is_pinned(self):
        return self
    copied = self.clone(memory_format=torch.preserve_format)
    storage = copied.untyped_storage()
    _pinned[storage._cdata] = storage
    return copied


def is_pinned(self: torch.Tensor, device: Any = None) -> bool:
    """Tensor.is_pinned"""
    if self.layout != torch.strided or self.device.type != "cpu" or not is_active():
        return _is_pinned(self)
    return self.untyped_storage()._cdata in _pinned


def get_data(self: torch.Tensor) -> torch.Tensor:
    """Tensor.data"""
    data = _data.__get__(self)
    assert isinstance(data, torch.Tensor)
    return data


def set_data(self: torch.Tensor, value: torch.Tensor) -> None:
    """Tensor.data = value, which may move the tensor to the other device."""
    here, there = type(self) is DeviceTensor, type(value) is DeviceTensor
    if here and there:
        _data.__set__(self, value)
        self._inner = value._inner  # type: ignore[attr-defined]
        self._index = value._index  # type: ignore[attr-defined]
    elif here or there:
        become(self, value)
    else:
        _data.__set__(self, value)


def become(tensor: torch.Tensor, value: torch.Tensor) -> None:
    """Turn a tensor into one with this value on the value's device; it stays the same object."""
    parameter = isinstance(tensor, torch.nn.Parameter)
    if type(value) is DeviceTensor:
        other: torch.Tensor = wrap(value._inner, value._index, tensor.requires_grad)
    else:
        other = value.detach().requires_grad_(tensor.requires_grad)
        if parameter:
            other = torch.nn.Parameter(other, tensor.requires_grad)
    grad, hooks = tensor.grad, tensor._backward_hooks
    after = getattr(tensor, "_post_accumulate_grad_hooks", None)
    exchange(tensor, other)
    if parameter and type(tensor) is DeviceTensor:
        tensor._is_param = True
    if hooks is not None:
        tensor._backward_hooks = hooks
    if after is not None:
        tensor._post_accumulate_grad_hooks = after
    if grad is not None:
        with ledger.muted(), torch.no_grad():
            tensor.grad = grad.to(tensor.device)


def exchange(one: torch.Tensor, two: torch.Tensor) -> None:
    """torch.utils.swap_tensors, allowed while graphs or weak references hold on to the tensors."""
    kind_one, kind_two = type(one), type(two)
    one.__class__, two.__class__ = kind_two, kind_one
    ours = ("_inner", "_index", "_is_param")
    mine, theirs = ({k: t.__dict__.pop(k) for k in ours if k in t.__dict__} for t in (one, two))
    one.__dict__.update(theirs)
    two.__dict__.update(mine)
    torch._C._swap_tensor_impl(one, two)


def _checked(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def method(self: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("generator") is not None:
            rng.check(kwargs["generator"], type(self) is DeviceTensor)
        return original(self, *args, **kwargs)

    return method


def install() -> None:
    """Put the methods in place."""
    setattr(torch.Tensor, "cuda", to_cuda)  # noqa: B010
    setattr(torch.Tensor, "type", to_type)  # noqa: B010
    _lazy.materialize = _lazily
    for method in (to, cpu, type_as, pin_memory, is_pinned):
        setattr(torch.Tensor, method.__name__, method)
    for name in _RANDOM_METHODS:
        setattr(torch.Tensor, name, _checked(getattr(torch.Tensor, name)))
    for place in (torch, torch.Tensor):
        setattr(place, "take_along_dim", engine.reworded(getattr(place, "take_along_dim")))  # noqa: B009, B010
    setattr(torch.Tensor, "data", property(get_data, set_data))  # noqa: B010
    compatible = torch._has_compatible_shallow_copy_type
    # nn.Module.to then moves a parameter by assigning its data, which keeps the parameter's identity.
    # A lambda, since torch._dynamo takes a replacement with other named parameters for a mistake.
    torch._has_compatible_shallow_copy_type = lambda *args, **kwargs: (
        any(type(value) is DeviceTensor for value in args) or compatible(*args, **kwargs)
    )
    swap = torch.utils.swap_tensors

    def swap_tensors(t1: torch.Tensor, t2: torch.Tensor) -> None:
        if type(t1) is DeviceTensor or type(t2) is DeviceTensor:
            exchange(t1, t2)
        else:
            swap(t1, t2)

    torch.utils.swap_tensors = swap_tensors
