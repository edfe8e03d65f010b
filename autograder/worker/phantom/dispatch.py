"""Runs an operator on the host values of device tensors, after refusing what CUDA refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import torch
from torch.utils.data import get_worker_info

from . import cells, engine, errors, ledger, rng
from .rules import Operator, describe
from .state import is_active
from .tensor import HOST, DeviceTensor, cuda, device_ordinal, wrap

_Args = tuple[Any, ...]
_Kwargs = dict[str, Any]
_NO_ROOM = re.compile(r"you tried to allocate (\d+) bytes")
_half = (torch.float16, torch.bfloat16)
# Where what torch makes of its own accord belongs, when it does not say: to what it computed last.
_recent = [0]


class Operands:
    """The operands of one call: host values of device tensors, and tensors met beside them that are on the host or on
    another device than the first. `index` is the number of the device that computes."""

    __slots__ = ("foreign", "index", "outer")

    def __init__(self) -> None:
        self.outer: dict[int, DeviceTensor] = {}
        self.foreign: list[tuple[str, torch.Tensor]] = []
        self.index = -1

    def take(self, name: str, value: Any) -> Any:
        """The operand as the host's kernel wants it."""
        if type(value) is DeviceTensor:
            inner = value._inner
            self.outer[id(inner)] = value
            if self.index < 0:
                self.index = value._index
            elif value._index != self.index:
                self.foreign.append((name, value))
            return inner
        if isinstance(value, torch.Tensor):
            self.foreign.append((name, value))
            return value
        if type(value) in (list, tuple):
            return type(value)(self.take(name, item) for item in value)
        return value

    def give(self, value: Any) -> Any:
        """The result as the device's caller wants it."""
        if isinstance(value, torch.Tensor):
            known = self.outer.get(id(value))
            if known is None:
                # the wrapper has no lazy conjugation of its own, so its values must not have one either
                if value.is_complex() or value.is_neg():
                    value = value.resolve_conj().resolve_neg()
                return wrap(value, self.index)
            if (not value.is_nested and known.shape != value.shape) or known.stride() != value.stride():
                _follow(known)
            return known
        if type(value) in (list, tuple):
            return type(value)(self.give(item) for item in value)
        return value


def dispatch(func: Any, args: _Args, kwargs: _Kwargs) -> Any:
    """Run one operator that involves the device."""
    operator = describe(func)
    special = _SPECIAL.get(operator.name)
    if special is not None:
        return special(operator, func, args, kwargs)
    if operator.decompose and torch.is_inference_mode_enabled():
        return func.decompose(*args, **kwargs)
    return compute(operator, func, args, kwargs)


def compute(operator: Operator, func: Any, args: _Args, kwargs: _Kwargs) -> Any:
    """Check the operands, run the host's kernel and put the result on the device."""
    operands = Operands()
    host_args = tuple(operands.take(name, value) for name, value in zip(operator.arguments, args, strict=False))
    host_kwargs = {name: operands.take(name, value) for name, value in kwargs.items()}
    if operands.foreign:
        _refuse_foreign(operator, operands)
    stays = False
    if "device" in host_kwargs:
        place = host_kwargs["device"]
        if place is not None and place.type == "cuda":
            operands.index = _usable(place)
        stays = place is not None and place.type == "cpu"
        host_kwargs["device"] = HOST
    if operands.index < 0:
        operands.index = _recent[0]
    _recent[0] = operands.index
    host_kwargs.pop("pin_memory", None)
    if operator.float_only is not None:
        _refuse_integers(operator, operands)
    if operator.synchronises or (operator.indexes and _waits(operator, args)):
        ledger.note("sync", operator.name)
    if operator.random:
        result = _random(func, host_args, host_kwargs, stays)
    else:
        result = _call(operator, func, host_args, host_kwargs)
    return result if stays else operands.give(result)


def _call(operator: Operator, func: Any, args: _Args, kwargs: _Kwargs) -> Any:
    try:
        return func(*args, **kwargs)
    except RuntimeError as error:
        if (wanted := _NO_ROOM.search(str(error))) is not None:
            raise errors.out_of_memory(int(wanted[1]) / 2**30) from None
        if operator.mutates or "not implemented for 'Half'" not in str(error).replace("BFloat16", "Half"):
            raise
    # CUDA has half precision kernels which the host lacks
    kinds = [value.dtype for value in args if isinstance(value, torch.Tensor) and value.dtype in _half]
    widened = tuple(
        value.float() if isinstance(value, torch.Tensor) and value.dtype in _half else value for value in args
    )
    result = func(*widened, **kwargs)
    return _narrowed(result, kinds[0])


def _narrowed(value: Any, dtype: torch.dtype) -> Any:
    if isinstance(value, torch.Tensor):
        return value.to(dtype) if value.dtype == torch.float32 else value
    if type(value) in (list, tuple):
        return type(value)(_narrowed(item, dtype) for item in value)
    return value


def _random(func: Any, args: _Args, kwargs: _Kwargs, stays: bool) -> Any:
    generator = kwargs.get("generator")
    if generator is not None:
        rng.check(generator, not stays)
        return func(*args, **kwargs)
    if stays:
        return func(*args, **kwargs)
    with rng.device_stream():
        return func(*args, **kwargs)


def _usable(place: torch.device) -> int:
    """The number of a CUDA device that this process can use now."""
    if not is_active():
        raise errors.not_compiled()
    if get_worker_info() is not None:
        raise errors.forked()
    return device_ordinal(place)


def _refuse_foreign(operator: Operator, operands: Operands) -> None:
    if not operands.outer:
        return
    for position, (name, tensor) in enumerate(operands.foreign):
        away = type(tensor) is DeviceTensor  # on another device, which is worse than on the host
        if name in operator.host_operands and not away:
            continue
        written = operator.mutates and position == 0 and name in ("self", "out")
        if tensor.dim() == 0 and operator.host_numbers and not written and not away:
            if tensor.requires_grad:
                engine.bring_home(tensor)
            continue
        if operator.indexes and name in ("self", "indices"):
            raise errors.foreign_index("cpu" if name == "self" else cuda(operands.index))
        raise errors.mixed_devices(operator.kernel, name, tensor.device, cuda(operands.index))


def _refuse_integers(operator: Operator, operands: Operands) -> None:
    assert operator.float_only is not None
    for tensor in operands.outer.values():
        if not (tensor.is_floating_point() or tensor.is_complex()):
            raise errors.not_implemented(operator.float_only, tensor.dtype)


def _waits(operator: Operator, args: _Args) -> bool:
    masks = [i for i in args[1] if i is not None and i.dtype in (torch.bool, torch.uint8)]
    if not masks:
        return False
    if operator.name == "index":
        return True
    # a mask and a single value: CUDA fills in place without counting the mask
    accumulate = len(args) > 3 and args[3]
    return accumulate or len(masks) > 1 or args[2].numel() != 1


def _follow(outer: DeviceTensor) -> None:
    """Give the wrapper the shape which its values have got."""
    inner = outer._inner
    was = torch._C._meta_in_tls_dispatch_include()
    with torch._C._DisableTorchDispatch():
        torch._C._set_meta_in_tls_dispatch_include(True)
        try:
            torch.ops.aten.as_strided_.default(outer, inner.shape, inner.stride(), inner.storage_offset())
        finally:
            torch._C._set_meta_in_tls_dispatch_include(was)


def _copy_(operator: Operator, func: Any, args: _Args, kwargs: _Kwargs) -> Any:
    target, source = args[0], args[1]
    here, there = type(target) is DeviceTensor, type(source) is DeviceTensor
    if there and not here:
        ledger.note("to_host", "copy_")
    elif here and not there:
        ledger.note("to_device", "copy_")
    func(
        target._inner if here else target,
        source._inner if there else source,
        *args[2:],
        **kwargs,
    )
    return target


def _to_copy(operator: Operator, func: Any, args: _Args, kwargs: _Kwargs) -> Any:
    source, place = args[0], kwargs.get("device")
    there = type(source) is DeviceTensor
    leaves = there and place is not None and place.type == "cpu"
    arrives = not there and place is not None and place.type != "cpu"
    index = source._index if there else _recent[0]
    if place is not None and place.type == "cuda":
        index = _usable(place)
    if leaves:
        ledger.note("to_host", "to")
    elif arrives:
        ledger.note("to_device", "to")
    options = {**kwargs, "device": HOST}
    options.pop("pin_memory", None)
    copied = func(source._inner if there else source, **options)
    return wrap(copied, index) if arrives or (there and not leaves) else copied


def _scalar(operator: Operator, func: Any, args: _Args, kwargs: _Kwargs) -> Any:
    ledger.note("sync", "item")
    return func(args[0]._inner)


def _same(operator: Operator, func: Any, args: _Args, kwargs: _Kwargs) -> Any:
    return args[0]


def _pack(operator: Operator, func: Any, args: _Args, kwargs: _Kwargs) -> Any:
    values, lengths, *rest = args
    if type(lengths) is DeviceTensor:
        raise RuntimeError("'lengths' argument should be a 1D CPU int64 tensor, but got 1D cuda:0 Long tensor")
    data, batch_sizes = func(values._inner, lengths, *rest)
    return wrap(data, values._index), batch_sizes


def _pinned(operator: Operator, func: Any, args: _Args, kwargs: _Kwargs) -> Any:
    return False


def _set_source(operator: Operator, func: Any, args: _Args, kwargs: _Kwargs) -> Any:
    target, *rest = args
    func(target._inner, *(value._inner if type(value) is DeviceTensor else value for value in rest), **kwargs)
    _follow(target)
    return target


_SPECIAL: dict[str, Callable[[Operator, Any, _Args, _Kwargs], Any]] = {
    "copy_": _copy_,
    "_to_copy": _to_copy,
    "_local_scalar_dense": _scalar,
    "lift_fresh": _same,
    "lift": _same,
    "_pack_padded_sequence": _pack,
    "is_pinned": _pinned,
    "set_": _set_source,
    "_thnn_fused_lstm_cell": cells.lstm_forward,
    "_thnn_fused_lstm_cell_backward_impl": cells.lstm_backward,
    "_thnn_fused_gru_cell": cells.gru_forward,
    "_thnn_fused_gru_cell_backward": cells.gru_backward,
}
