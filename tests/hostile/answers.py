"""Answers that are not what they say: subclasses, strange tensors, too large, too deep, late or kept ones.

A submission may look at what the worker does (which run it is, how the arguments lie in memory) and answer
differently; as every run's answer is compared, that gains nothing where an answer is wrong.
"""

from __future__ import annotations

from tests.hostile.attack import Attack, instead, may


def _tensor(name: str, body: str, score: float = 0, outcome: str = "failed", before: str = "") -> Attack:
    return instead(name, body, score, outcome, "sequence_mask", before)


LIES: tuple[Attack, ...] = (
    instead("a list that is equal to everything", "return Same()", 0, "failed", before="""
class Same(list):
    def __eq__(self, other): return True
    def __len__(self): return 3
    def __iter__(self): return iter(())
    __hash__ = None
"""),
    instead("an object that is equal to everything", "return Same()", 0, "failed or error", before="""
class Same:
    def __eq__(self, other): return True
    def __float__(self): return 1.0
    def __index__(self): return 1
    def __reduce__(self): return (exec, ("import os; os._exit(0)",))
    __class__ = list
"""),
    instead("strings that are equal to everything", "return [[Same('x') for word in line.split()] for line in lines]",
            0, "failed", before="""
class Same(str):
    def __eq__(self, other): return True
    def __hash__(self): return 1
    def __getitem__(self, where): return 'time'
    def encode(self, *a): return b'time'
"""),
    instead("a list that is read without end", "return Moving()", 0, "timeout", before="""
class Moving(list):
    def __iter__(self):
        while True: yield []
"""),
    instead("text with half a character", "return [['\\ud800time' for word in line] for line in lines]", 0, "failed"),
    _tensor("equal to everything", """
torch.Tensor.__eq__ = torch.Tensor.__ne__ = lambda self, other: True
torch.equal = torch.allclose = lambda *a, **k: True
return torch.zeros_like(X)
"""),
    _tensor("a subclass that answers for itself", "return torch.zeros_like(X).as_subclass(Lying)", 0,
            "failed or error", before="""
class Lying(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        return True
"""),
    _tensor("a subclass that lies in its shape", "return torch.zeros(1).as_subclass(Lying)", before="""
class Lying(torch.Tensor):
    shape = property(lambda self: torch.Size([2, 3]))
    dtype = property(lambda self: torch.float32)
    __class__ = torch.Tensor
"""),
    _tensor("a right answer of its own class", "return mask(X, valid_len, value).as_subclass(Own)", before="""
class Own(torch.Tensor): pass
"""),
    _tensor("a wrapper that makes values when they are read", "return Wrapper(mask(X, valid_len, value))", before="""
class Wrapper(torch.Tensor):
    @staticmethod
    def __new__(cls, inner):
        made = torch.Tensor._make_wrapper_subclass(cls, inner.shape, dtype=inner.dtype)
        made.inner = inner
        return made
    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        return func(*[a.inner if isinstance(a, Wrapper) else a for a in args], **(kwargs or {}))
"""),
    _tensor("an array in the place of a tensor", "return mask(X, valid_len, value).detach().numpy()", 0,
            "failed or error"),
)  # fmt: skip

STRANGE: tuple[Attack, ...] = (
    _tensor("nothing but NaN", "return torch.full_like(X, float('nan')) if X.is_floating_point() else X.clone()"),
    _tensor("nothing but infinity", "return torch.full_like(X, float('inf')) if X.is_floating_point() else X.clone()"),
    _tensor("a sparse tensor", "return mask(X, valid_len, value).to_sparse()"),
    _tensor("a tensor without values", "return torch.empty_like(X, device='meta')", 0, "failed or error"),
    _tensor("a nested tensor", "return torch.nested.nested_tensor([row for row in X])", 0, "failed or error"),
    _tensor("a quantized tensor", "return torch.quantize_per_tensor(X.float(), 0.1, 0, torch.qint8)", 0,
            "failed or error"),
    _tensor("a fake tensor", """
from torch._subclasses import FakeTensorMode
with FakeTensorMode(allow_non_fake_inputs=True):
    return torch.empty(X.shape)
""", 0, "failed or timeout or error or crashed"),
    _tensor("more elements than storage", """
out = mask(X, valid_len, value).contiguous()
out.untyped_storage().resize_(0)
return out
""", 0, "failed or error or crashed"),
    _tensor("a storage far larger than it says", """
out = mask(X, valid_len, value)
large = torch.zeros(2**20, dtype=out.dtype, device=out.device)[:out.numel()].view(out.shape)
return large.copy_(out)
""", 16, "passed"),
    _tensor("a view of memory that is gone", """
import numpy
held = bytearray(X.numel() * 8 + 8)
out = torch.frombuffer(held, dtype=torch.uint8)
return torch.as_strided(out, (2**40,), (0,))
""", 0, "failed or memory or error"),
    _tensor("named, conjugated, negated views", """
out = mask(X, valid_len, value)
return torch._neg_view(torch.neg(out)) if out.is_floating_point() and not X.requires_grad else out
""", 16, "passed"),
    _tensor("a complex number for a real one", "return torch.complex(X.float(), X.float())"),
    _tensor("a pickle", "import pickle\nreturn pickle.dumps(mask(X, valid_len, value))"),
    _tensor("a pickle that is loaded", """
import io, pickle
class Evil:
    def __reduce__(self): return (os._exit, (0,))
return torch.load(io.BytesIO(pickle.dumps(Evil())), weights_only=False)
""", 0, "crashed"),
)  # fmt: skip

LARGE: tuple[Attack, ...] = (
    _tensor("a gigabyte", "return torch.zeros(2**28)", 0, "failed or memory or timeout"),
    instead("a gigabyte of text", "return [['x' * 10**8]]", 0, "failed or memory"),
    instead("a million lists", "return [[] for _ in range(10**6)]", 0, "failed or timeout"),
    instead("lists in lists", """
value = []
for _ in range(10**5):
    value = [value]
return value
""", 0, "failed or error"),
    instead("a list that holds itself", "value = []\nvalue.append(value)\nreturn value", 0, "failed or error"),
    instead("a list of itself, doubled", """
value = []
for _ in range(30):
    value = [value, value]
return value
""", 0, "failed or timeout"),
    instead("a number of a hundred thousand digits", "return [[10**100_000]]", 0, "failed or error"),
)  # fmt: skip

KEPT: tuple[Attack, ...] = (
    _tensor("the last answer again", """
kept.append(mask(X, valid_len, value))
return kept[-2] if len(kept) > 1 and kept[-2].shape == X.shape else kept[-1]
""", 0, "failed", "kept = []"),
    _tensor("answers by where the argument lies", """
key = X.data_ptr(), X.shape
if key not in kept or X.requires_grad:
    kept[key] = mask(X, valid_len, value)
return kept[key]
""", 0, "failed", "kept = {}"),
    _tensor("answers by shape", """
if X.shape not in kept or X.requires_grad:
    kept[X.shape] = mask(X, valid_len, value)
return kept[X.shape].clone()
""", 0, "failed", "kept = {}"),
    _tensor("another answer in the run that counts", """
frame = sys._getframe()
while frame and "run" not in frame.f_locals:
    frame = frame.f_back
return torch.zeros_like(X) if frame.f_locals["run"] == "counted" else mask(X, valid_len, value)
""", 14.75, "failed"),
    _tensor("another answer on the phantom", """
return torch.zeros_like(X) if X.is_cuda else mask(X, valid_len, value)
""", 15, "failed"),
    _tensor("another answer while there is a profiler", """
return mask(X, valid_len, value) if torch.autograd._profiler_enabled() else torch.zeros_like(X)
""", 0, "failed"),
    _tensor("a right answer in the run of the values alone", """
frame = sys._getframe()
while frame and "run" not in frame.f_locals:
    frame = frame.f_back
return mask(X, valid_len, value) if frame.f_locals["run"] == "plain" else X * 0
""", 12.25, "failed"),
    _tensor("an answer that a thread changes later", """
out = mask(X, valid_len, value)
if not X.requires_grad:
    threading.Timer(0.001, out.zero_).start()
return out
""", 0, "failed"),
    may("patch torch for whoever comes next", """
torch.arange = torch.zeros = torch.full = torch.Tensor.masked_fill = None
torch.nn.Module.__call__ = torch.manual_seed = None
"""),
)  # fmt: skip

ANSWERS = (*LIES, *STRANGE, *LARGE, *KEPT)
