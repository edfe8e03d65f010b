"""The ready-made function under another name, in another place, or out of sight: conv2d is to be built by hand.

An operator is seen by two witnesses in the worker's own process, and what a worker tells is testimony. None of the
following gives a point for a wrong value, but code that answers rightly can hide by it how it got there:

* replacing functions of `autograder.worker` (what counts operators, compares arguments, reads generators and clocks),
  or answering on the worker's channel itself: operators, exits from torch, changed arguments, drawn numbers, bytes,
  seconds, events of the device, and gradients that it has computed in another way;
* reading the file of cases and computing before the first call, or between calls;
* a process made by a bare system call, or memory read through its address;
* the ready-made in the phantom run alone, whose operators nobody counts: it is worth what the device checks are.
"""

from __future__ import annotations

from tests.hostile.attack import Attack, instead

_SIZES = "sizes = pair(stride), pair(padding), pair(dilation)\n"
_CONVOLUTION = "torch.ops.aten.convolution(x, weight, bias, *sizes, False, [0, 0], groups)"
_PLAIN = "F.conv2d(x, weight, bias, stride, padding, dilation, groups)"


def _hidden(name: str, body: str, before: str = "", outcome: str = "failed") -> Attack:
    return instead(name, body, 0, outcome, "conv2d", before)


NAMES: tuple[Attack, ...] = (
    _hidden("the ready-made by its name", f"return {_PLAIN}"),
    _hidden("the ready-made by a name put together", "return getattr(torch, 'co' + 'nv2d')(x, weight, bias, stride, "
            "padding, dilation, groups)"),
    _hidden("the ready-made of the compiled part", f"return {_PLAIN.replace('F.', 'torch._C._VariableFunctions.')}"),
    _hidden("the ready-made of the dispatcher", _SIZES + f"return {_CONVOLUTION}"),
    _hidden("the ready-made of oneDNN", _SIZES + """
if x.dtype == torch.float32 and x.numel() and not x.requires_grad:
    return torch.ops.mkldnn._convolution_pointwise(
        x, weight, bias, sizes[1], sizes[0], sizes[2], groups, "none", [], "")
return by_hand(x, weight, bias, stride, padding, dilation, groups)
"""),
    _hidden("the ready-made in a script", "return scripted(x, weight, bias, pair(stride), pair(padding), "
            "pair(dilation), groups)", """
from typing import List, Optional
from torch import Tensor
@torch.jit.script
def scripted(x: Tensor, w: Tensor, b: Optional[Tensor], s: List[int], p: List[int], d: List[int], g: int) -> Tensor:
    return torch.conv2d(x, w, b, s, p, d, g)
"""),
    _hidden("the ready-made, compiled", "return torch.compile(F.conv2d, backend='eager')(x, weight, bias, stride, "
            "padding, dilation, groups)", outcome="failed or timeout"),
    _hidden("the ready-made layer", """
layer = torch.nn.Conv2d.__new__(torch.nn.Conv2d)
torch.nn.Module.__init__(layer)
layer.__dict__.update(padding_mode='zeros', stride=stride, padding=padding, dilation=dilation, groups=groups)
return torch.nn.Conv2d._conv_forward(layer, x, weight, bias)
"""),
    _hidden("the ready-made of another dimension", _SIZES + """
sizes = [[1, *size] for size in sizes]
sizes[1][0] = 0
return F.conv3d(x[:, :, None], weight[:, :, None], bias, *sizes, groups).squeeze(2)
"""),
    _hidden("windows that are ready-made", """
if groups == 1 and x.numel():
    rows = F.unfold(x, weight.shape[2:], dilation, padding, stride)
    out = (weight.flatten(1) @ rows).unflatten(2, by_hand(x, weight, None, stride, padding, dilation, 1).shape[2:])
    return out if bias is None else out + bias[:, None, None]
return by_hand(x, weight, bias, stride, padding, dilation, groups)
"""),
    _hidden("a Fourier transform", """
out = by_hand(x, weight, bias, stride, padding, dilation, groups)
return torch.fft.ifft(torch.fft.fft(out)).real.to(x.dtype) if out.numel() else out
"""),
    _hidden("the ready-made where its own fails", f"""
try:
    raise NotImplementedError
except NotImplementedError:
    return {_PLAIN}
"""),
    _hidden("the ready-made on the sizes that are counted", f"""
if x.shape[0] in (16, 64) or x.shape[-1] > 9 or weight.shape[0] > 8:
    return {_PLAIN}
out = by_hand(x, weight, bias, stride, padding, dilation, groups)
for _ in range(x.shape[0]):
    out = out + 0
return out
"""),
)  # fmt: skip

SIGHT: tuple[Attack, ...] = (
    _hidden("the ready-made without the modes", f"""
from torch.utils._python_dispatch import _disable_current_modes
with _disable_current_modes():
    return {_PLAIN}
"""),
    _hidden("oneDNN's without the modes", _SIZES + """
from torch.utils._python_dispatch import _disable_current_modes
if x.dtype == torch.float32 and x.numel() and not x.requires_grad and x.device.type == "cpu":
    with _disable_current_modes():
        return torch.ops.mkldnn._convolution_pointwise(
            x, weight, bias, sizes[1], sizes[0], sizes[2], groups, "none", [], "")
return by_hand(x, weight, bias, stride, padding, dilation, groups)
"""),
    _hidden("the ready-made while the profiler rests", f"""
from torch.autograd import ProfilerConfig, ProfilerState
from torch.utils._python_dispatch import _disable_current_modes
config = ProfilerConfig(ProfilerState.CPU, False, False, False, False, False,
                        torch._C._profiler._ExperimentalConfig())
if x.requires_grad:
    return by_hand(x, weight, bias, stride, padding, dilation, groups)
running = torch.autograd._profiler_enabled()
if running:
    torch.autograd._disable_profiler_legacy()
with _disable_current_modes():
    out = {_PLAIN}
if running:
    torch.autograd._enable_profiler_legacy(config)
return out + 0
"""),
    _hidden("the ready-made in a thread", f"""
found = []
thread = threading.Thread(target=lambda: found.append({_PLAIN}))
thread.start()
thread.join()
return found[0]
"""),
    _hidden("the ready-made in a child process", f"""
if x.requires_grad or not x.numel() or x.device.type != "cpu":
    return by_hand(x, weight, bias, stride, padding, dilation, groups)
shape = by_hand(x, weight, bias, stride, padding, dilation, groups).shape
ours, theirs = os.pipe()
if os.fork() == 0:
    os.write(theirs, bytes({_PLAIN}.contiguous().untyped_storage()))
    os._exit(0)
os.wait()
os.close(theirs)
return torch.frombuffer(bytearray(os.read(ours, 65536)), dtype=x.dtype).reshape(shape).clone()
"""),
    _hidden("a lazy tensor", """
if x.requires_grad or not x.numel() or x.device.type != "cpu":
    return by_hand(x, weight, bias, stride, padding, dilation, groups)
return Lazy.of(x, weight, bias, stride, padding, dilation, groups)
""", """
class Lazy(torch.Tensor):
    @staticmethod
    def of(*args):
        lazy = torch.zeros(1).as_subclass(Lazy)
        lazy.args = args
        return lazy

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        with torch._C.DisableTorchFunctionSubclass():
            held = [F.conv2d(*a.args) if type(a) is Lazy and "args" in vars(a) else a for a in args]
            return function(*held, **(kwargs or {}))
"""),
    _hidden("the ready-made on the way back", """
return Way.apply(x, weight, bias, stride, padding, dilation, groups)
""", """
class Way(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, stride, padding, dilation, groups):
        ctx.save_for_backward(x, weight)
        ctx.rest = [pair(stride), pair(padding), pair(dilation), groups]
        return by_hand(x, weight, bias, stride, padding, dilation, groups)

    @staticmethod
    def backward(ctx, grad):
        x, weight = ctx.saved_tensors
        *sizes, groups = ctx.rest
        found = torch.ops.aten.convolution_backward(
            grad, x, weight, [weight.shape[0]], *sizes, False, [0, 0], groups, list(ctx.needs_input_grad[:3]))
        return *found, None, None, None, None
"""),
)  # fmt: skip

PRECISION: tuple[Attack, ...] = (
    instead("half precision", """
half = lambda value: None if value is None else value.half()
return by_hand(half(x), half(weight), half(bias), stride, padding, dilation, groups).to(x.dtype)
""", 0, "failed", "conv2d"),
)  # fmt: skip

OPERATORS = (*NAMES, *SIGHT, *PRECISION)
