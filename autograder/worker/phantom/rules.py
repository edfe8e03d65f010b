"""Which operators CUDA lets mix host and device operands, and which make the host wait."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import torch

# The host must learn a size or a value from the device before it can go on.
_SYNCHRONISE = frozenset(
    [
        "nonzero",
        "nonzero_numpy",
        "argwhere",
        "masked_select",
        "_unique",
        "_unique2",
        "unique_dim",
        "unique_consecutive",
        "unique_dim_consecutive",
        "bincount",
        "equal",
        "allclose",
        "is_nonzero",
        "item",
        "repeat_interleave",
    ]
)
# Operands that may be on the host whatever their shape.
_HOST_OPERANDS = {
    "index": {"indices"},
    "index_put": {"indices"},
    "index_put_": {"indices"},
    "_index_put_impl_": {"indices"},
    "_unsafe_index": {"indices"},
    "_unsafe_index_put": {"indices"},
    "_pack_padded_sequence": {"lengths"},
    "_pack_padded_sequence_backward": {"batch_sizes"},
    "_pad_packed_sequence": {"batch_sizes"},
    "_ctc_loss": {"input_lengths", "target_lengths"},
    "_ctc_loss_backward": {"input_lengths", "target_lengths"},
    "copy": {"src", "self"},
    "copy_": {"src", "self"},
    "_copy_from": {"self", "dst"},
    "_copy_from_and_resize": {"self", "dst"},
    "slice_scatter": {"src"},
    "select_scatter": {"src"},
    "diagonal_scatter": {"src"},
    "set_": {"source"},
}
# Elsewhere a zero-dimensional host tensor passes for a number.
_NO_HOST_NUMBERS = frozenset(
    [
        "cat",
        "stack",
        "_stack",
        "concat",
        "index_select",
        "embedding",
        "embedding_dense_backward",
        "gather",
        "scatter",
        "scatter_",
        "scatter_add",
        "scatter_add_",
        "scatter_reduce",
        "scatter_reduce_",
        "index_add",
        "index_add_",
        "index_copy",
        "index_copy_",
        "nll_loss_forward",
        "nll_loss2d_forward",
        "nll_loss_backward",
        "mm",
        "addmm",
        "bmm",
        "baddbmm",
        "mv",
        "addmv",
        "dot",
        "vdot",
        "take",
        "put",
        "put_",
        "native_batch_norm",
        "native_layer_norm",
        "native_group_norm",
        "masked_select",
        "masked_scatter",
        "masked_scatter_",
        "searchsorted",
        "bucketize",
        "isin",
        "_embedding_bag_forward_only",
        "_embedding_bag",
        "take_along_dim",
        "one_hot",
        "repeat_interleave",
        "_local_scalar_dense",
        "equal",
        "multinomial",
    ]
)
# Matrix products of integers exist on the host only.
_FLOAT_ONLY = {
    "mm": "addmm_cuda",
    "addmm": "addmm_cuda",
    "addmm_": "addmm_cuda",
    "bmm": "baddbmm_cuda",
    "baddbmm": "baddbmm_cuda",
    "mv": "addmv_impl_cuda",
    "addmv": "addmv_impl_cuda",
    "dot": "dot",
    "vdot": "vdot",
    "convolution": "conv2d_cuda",
}


@dataclass(frozen=True, slots=True)
class Operator:
    """What the dispatcher must know of one operator."""

    name: str
    kernel: str
    arguments: tuple[str, ...]
    host_operands: frozenset[str]
    host_numbers: bool
    synchronises: bool
    random: bool
    mutates: bool
    indexes: bool
    float_only: str | None
    decompose: bool


@cache
def describe(func: Any) -> Operator:
    """The rules for this overload."""
    schema = func._schema
    name = str(schema.name).split("::")[-1]
    overload = schema.overload_name
    return Operator(
        name=name,
        kernel=f"_{name}" + (f"_{overload}" if overload else ""),
        arguments=tuple(argument.name for argument in schema.arguments),
        host_operands=frozenset(_HOST_OPERANDS.get(name, ())),
        host_numbers=name not in _NO_HOST_NUMBERS,
        synchronises=name in _SYNCHRONISE and not (name == "repeat_interleave" and overload == "self_int"),
        random=torch.Tag.nondeterministic_seeded in func.tags,
        mutates=any(a.alias_info is not None and a.alias_info.is_write for a in schema.arguments),
        indexes=name in ("index", "index_put", "index_put_", "_index_put_impl_", "_unsafe_index"),
        float_only=_FLOAT_ONLY.get(name),
        decompose=func._can_decompose() if hasattr(func, "_can_decompose") else False,
    )
