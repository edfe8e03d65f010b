"""Autocast on the device, with CUDA's own lists of operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from . import backend
from .tensor import DeviceTensor

_LOWER = [
    "_convolution",
    "_convolution.deprecated",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv1d.padding",
    "conv2d.padding",
    "conv3d.padding",
    "conv_tbc",
    "conv_transpose1d",
    "conv_transpose2d.input",
    "conv_transpose3d.input",
    "convolution",
    "prelu",
    "addmm",
    "addmv",
    "addr",
    "matmul",
    "einsum",
    "mm",
    "mv",
    "linalg_vecdot",
    "linear",
    "addbmm",
    "baddbmm",
    "bmm",
    "chain_matmul",
    "linalg_multi_dot",
    "_thnn_fused_lstm_cell",
    "_thnn_fused_gru_cell",
    "lstm_cell",
    "gru_cell",
    "rnn_tanh_cell",
    "rnn_relu_cell",
    "scaled_dot_product_attention",
]
_FLOAT32 = [
    "acos",
    "asin",
    "cosh",
    "erfinv",
    "exp",
    "expm1",
    "log",
    "log10",
    "log2",
    "log1p",
    "reciprocal",
    "rsqrt",
    "sinh",
    "tan",
    "pow.Tensor_Scalar",
    "pow.Tensor_Tensor",
    "pow.Scalar",
    "softplus",
    "layer_norm",
    "native_layer_norm",
    "group_norm",
    "cosine_similarity",
    "poisson_nll_loss",
    "cosine_embedding_loss",
    "nll_loss",
    "nll_loss2d",
    "hinge_embedding_loss",
    "kl_div",
    "l1_loss",
    "smooth_l1_loss",
    "huber_loss",
    "mse_loss",
    "margin_ranking_loss",
    "multilabel_margin_loss",
    "soft_margin_loss",
    "triplet_margin_loss",
    "multi_margin_loss",
    "binary_cross_entropy_with_logits",
    "dist",
    "pdist",
    "cdist",
    "renorm",
    "logsumexp",
    "prod",
    "prod.dim_int",
    "softmax.int",
    "log_softmax.int",
    "cumprod",
    "cumsum",
    "linalg_vector_norm",
    "linalg_matrix_norm",
    "linalg_matrix_norm.str_ord",
    "sum",
    "sum.dim_IntList",
    "norm.Scalar",
    "norm.ScalarOpt_dim",
    "norm.names_ScalarOpt_dim",
    "upsample_nearest1d",
    "upsample_nearest2d",
    "upsample_nearest3d",
    "upsample_linear1d",
    "upsample_bilinear2d",
    "upsample_trilinear3d",
    "upsample_bicubic2d",
    "_upsample_nearest_exact1d",
    "_upsample_nearest_exact2d",
    "_upsample_nearest_exact3d",
    "rms_norm",
]
_WIDEST = [
    "addcdiv",
    "addcmul",
    "atan2",
    "bilinear",
    "cross",
    "dot",
    "vdot",
    "grid_sampler",
    "index_put",
    "tensordot",
    "scatter_add",
    "cat",
    "stack",
]
_BANNED = (
    "torch.nn.functional.binary_cross_entropy and torch.nn.BCELoss are unsafe to autocast.\n"
    "Many models use a sigmoid layer right before the binary cross entropy layer.\n"
    "In this case, combine the two layers using torch.nn.functional.binary_cross_entropy_with_logits\n"
    "or torch.nn.BCEWithLogitsLoss.  binary_cross_entropy_with_logits and BCEWithLogits are\n"
    "safe to autocast."
)
_NARROW = (torch.float16, torch.bfloat16)
_libraries: list[torch.library.Library] = []
Choose = Callable[[tuple[Any, ...]], "torch.dtype | None"]


def _eligible(value: Any) -> bool:
    return type(value) is DeviceTensor and value.is_floating_point() and value.dtype != torch.float64


def _cast(value: Any, dtype: torch.dtype) -> Any:
    if _eligible(value):
        return value if value.dtype == dtype else value.to(dtype)
    if type(value) in (list, tuple):
        return type(value)(_cast(item, dtype) for item in value)
    return value


def _lower(args: tuple[Any, ...]) -> torch.dtype | None:
    return torch.get_autocast_dtype(backend.NAME)


def _float32(args: tuple[Any, ...]) -> torch.dtype | None:
    return torch.float32


def _widest(args: tuple[Any, ...]) -> torch.dtype | None:
    flat = [item for value in args for item in (value if type(value) in (list, tuple) else (value,))]
    kinds = {item.dtype for item in flat if _eligible(item)}
    if torch.float32 in kinds or len(kinds & set(_NARROW)) > 1:
        return torch.float32
    return next(iter(kinds), None)


def _kernel(operator: Any, choose: Choose) -> Callable[..., Any]:
    off = torch._C.DispatchKeySet(torch._C.DispatchKey.AutocastPrivateUse1)  # type: ignore[attr-defined]

    def kernel(*args: Any, **kwargs: Any) -> Any:
        with torch._C._ExcludeDispatchKeyGuard(off):
            dtype = choose(args)
            if dtype is None:
                return operator(*args, **kwargs)
            return operator(
                *(_cast(value, dtype) for value in args),
                **{name: _cast(value, dtype) for name, value in kwargs.items()},
            )

    return kernel


def _banned(*args: Any, **kwargs: Any) -> Any:
    raise RuntimeError(_BANNED)


def _overload(name: str) -> Any:
    packet, _, overload = name.partition(".")
    return getattr(getattr(torch.ops.aten, packet, None), overload or "default", None)


def install() -> None:
    """Register the lists, and let autocast on "cuda" switch them on."""
    others = torch.library.Library("_", "IMPL")
    others.fallback(torch.library.fallthrough_kernel, "AutocastPrivateUse1")
    library = torch.library.Library("aten", "IMPL")
    library.impl("binary_cross_entropy", _banned, "AutocastPrivateUse1")
    for names, choose in ((_LOWER, _lower), (_FLOAT32, _float32), (_WIDEST, _widest)):
        for name in names:
            operator = _overload(name)
            if operator is not None:
                library.impl(name, _kernel(operator, choose), "AutocastPrivateUse1")
    _libraries.extend((library, others))
    for setting in ("set_autocast_enabled", "set_autocast_dtype"):
        setattr(torch, setting, _mirrored(getattr(torch, setting)))


def _mirrored(original: Callable[..., Any]) -> Callable[..., Any]:
    def setter(*args: Any) -> Any:
        result = original(*args)
        if args[0] == "cuda":
            original(backend.NAME, *args[1:])
        return result

    return setter
