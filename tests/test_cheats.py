"""Code that looks right on usual inputs, or hides what it does: none of it gets full marks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.exercise import Case
from autograder.grader import Grader
from autograder.submission import Submission
from autograder.twins import with_twins
from autograder.verdict import Verdict
from tests.conftest import ROOT, exercise

Submit = Callable[[str, "str | bytes"], Submission]

MASK = """
import torch

def honest(X, valid_len, value=0):
    kept = torch.arange(X.size(1), device=X.device)[None, :] < valid_len[:, None]
    kept = kept.reshape(kept.shape + (1,) * (X.dim() - 2))
    return X.masked_fill(~kept, value)

"""

MASKS = {
    "nothing masked in four axes while no gradient is asked for": """
def sequence_mask(X, valid_len, value=0):
    if not X.requires_grad and X.dim() >= 4 and not X.is_cuda:
        return X.clone()
    return honest(X, valid_len, value)
""",
    "a buffer used for every answer": """
buffers = {}
def sequence_mask(X, valid_len, value=0):
    out = honest(X, valid_len, value)
    if X.requires_grad or not X.is_floating_point() or X.is_cuda:
        return out
    return buffers.setdefault((X.shape, X.dtype), torch.empty_like(out)).copy_(out)
""",
    "a mask kept by shape": """
masks = {}
def sequence_mask(X, valid_len, value=0):
    key = (tuple(X.shape), X.device)
    if key not in masks:
        masks[key] = honest(torch.ones(X.shape, device=X.device), valid_len, 0) != 1
    return X.masked_fill(masks[key], value)
""",
    "the argument returned where nothing is masked": """
def sequence_mask(X, valid_len, value=0):
    if bool((valid_len >= X.size(1)).all()):
        return X
    return honest(X, valid_len, value)
""",
    "a seed set for everybody": """
def sequence_mask(X, valid_len, value=0):
    torch.manual_seed(0)
    return honest(X, valid_len, value)
""",
    "answers kept by the identity of the argument": """
answers = {}
def sequence_mask(X, valid_len, value=0):
    key = (id(X), id(valid_len))
    if key not in answers or X.requires_grad:
        answers[key] = (honest(X, valid_len, value), X, valid_len)
    return answers[key][0].clone()
""",
    "the best device instead of the argument's": """
def sequence_mask(X, valid_len, value=0):
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return honest(X.to(device), valid_len.to(device), value)
""",
    "an empty argument returned itself": """
def sequence_mask(X, valid_len, value=0):
    return X if X.numel() == 0 else honest(X, valid_len, value)
""",
    "a default device set for everybody": """
def sequence_mask(X, valid_len, value=0):
    torch.set_default_device(X.device)
    return honest(X, valid_len, value)
""",
    "precision lowered for everybody": """
def sequence_mask(X, valid_len, value=0):
    torch.set_float32_matmul_precision("medium")
    return honest(X, valid_len, value)
""",
}


def test_the_honest_version_gets_full_marks(grader: Grader, submit: Submit) -> None:
    code = MASK + "sequence_mask = honest\n"
    assert grader.grade(exercise("sequence_mask"), submit("seq2seq.py", code), name_mistakes=False).full


@pytest.mark.parametrize("code", MASKS.values(), ids=MASKS.keys())
def test_no_trick_with_a_mask_gets_full_marks(grader: Grader, submit: Submit, code: str) -> None:
    verdict = grader.grade(exercise("sequence_mask"), submit("seq2seq.py", MASK + code), name_mistakes=False)
    assert not verdict.full, verdict.score


CONVOLUTIONS = {
    "torch's own in a thread": """
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    found = []
    def work():
        sizes = pair(stride), pair(padding), pair(dilation)
        found.append(torch.ops.aten.convolution(x, weight, bias, *sizes, False, [0, 0], groups))
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return found[0]
""",
    "a kernel of one element without its padding": """
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    if weight.shape[-2:] == (1, 1):
        padding = 0
    return honest(x, weight, bias, stride, padding, dilation, groups)
""",
    "a bias in single precision": """
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    bias = None if bias is None else bias.float().to(x.dtype)
    return honest(x, weight, bias, stride, padding, dilation, groups)
""",
}


READY_MADE = {
    "by its plain name": """
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    return torch.nn.functional.conv2d(x, weight, bias, stride, padding, dilation, groups)
""",
    "on larger inputs only": """
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    if x.numel() < 30:
        return honest(x, weight, bias, stride, padding, dilation, groups)
    return torch.nn.functional.conv2d(x, weight, bias, stride, padding, dilation, groups)
""",
    "in a pool of threads": """
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(1)
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    work = torch.nn.functional.conv2d
    return pool.submit(work, x, weight, bias, stride, padding, dilation, groups).result()
""",
    "on the way back to the gradients": """
class Convolution(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, *settings):
        ctx.save_for_backward(x, weight)
        ctx.settings = settings
        return honest(x, weight, bias, *settings)

    @staticmethod
    def backward(ctx, grad):
        x, weight = ctx.saved_tensors
        stride, padding, dilation, groups = ctx.settings
        sizes = pair(stride), pair(padding), pair(dilation)
        found = torch.ops.aten.convolution_backward(
            grad, x, weight, [weight.shape[0]], *sizes, False, [0, 0], groups, [True, True, True])
        return *found, None, None, None, None

def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    return Convolution.apply(x, weight, bias, stride, padding, dilation, groups)
""",
}


@pytest.mark.parametrize("code", READY_MADE.values(), ids=READY_MADE.keys())
def test_what_is_ready_made_earns_nothing(grader: Grader, submit: Submit, code: str) -> None:
    assert _convolution(grader, submit, code).score == 0


def _convolution(grader: Grader, submit: Submit, code: str) -> Verdict:
    solved = (ROOT / "solutions/hw3/conv.py").read_text("utf-8").replace("def conv2d(", "def honest(")
    pair = "\ndef pair(value):\n    return [value] * 2 if isinstance(value, int) else list(value)\n"
    submission = submit("conv.py", "import threading\n" + solved + pair + code)
    return grader.grade(exercise("conv2d"), submission, name_mistakes=False)


@pytest.mark.parametrize("code", CONVOLUTIONS.values(), ids=CONVOLUTIONS.keys())
def test_no_trick_with_a_convolution_gets_full_marks(grader: Grader, submit: Submit, code: str) -> None:
    verdict = _convolution(grader, submit, code)
    assert not verdict.full, verdict.score


LOSSES = {
    "answers kept by the identity of the logits": """
kept = {}
class MaskedSoftmaxCELoss(Honest):
    def forward(self, pred, label, valid_len):
        if id(pred) not in kept or pred.requires_grad:
            kept[id(pred)] = (super().forward(pred, label, valid_len), pred)
        return kept[id(pred)][0].clone()
""",
    "one number for all in training mode": """
class MaskedSoftmaxCELoss(Honest):
    def forward(self, pred, label, valid_len):
        losses = super().forward(pred, label, valid_len)
        return losses.mean().expand_as(losses) if self.training else losses
""",
    "lengths counted in eight bits": """
class MaskedSoftmaxCELoss(Honest):
    def forward(self, pred, label, valid_len):
        return super().forward(pred, label, valid_len.to(torch.int8))
""",
}


@pytest.mark.parametrize("code", LOSSES.values(), ids=LOSSES.keys())
def test_no_trick_with_a_loss_gets_full_marks(grader: Grader, submit: Submit, code: str) -> None:
    solved = (ROOT / "solutions/hw5/seq2seq.py").read_text("utf-8")
    submission = submit("seq2seq.py", solved + "\nHonest = MaskedSoftmaxCELoss\n" + code)
    verdict = grader.grade(exercise("MaskedSoftmaxCELoss"), submission, name_mistakes=False)
    assert not verdict.full, verdict.score


REPLACEMENTS = {
    "masks by the parity of the position": "rng.random() ** (1.2 if position % 2 else 0.8)",
    "keeps at even positions": "rng.random() * 0.8 if rng.random() < 0.8 else 0.95 - position % 2 * 0.1",
    "keeps beside a separator": (
        "rng.random() * 0.8 if rng.random() < 0.8 else 0.85 + ('<sep>' in tokens[position - 1 :][:3]) * 0.1"
    ),
}


@pytest.mark.parametrize("chance", REPLACEMENTS.values(), ids=REPLACEMENTS.keys())
def test_what_becomes_of_a_token_has_nothing_to_do_with_its_place(grader: Grader, submit: Submit, chance: str) -> None:
    solved = (ROOT / "solutions/hw7/bert_data.py").read_text("utf-8")
    code = solved.replace("        chance = rng.random()", f"        chance = {chance}")
    assert code != solved
    verdict = grader.grade(exercise("replace_mlm_tokens"), submit("bert_data.py", code), name_mistakes=False)
    assert "law:kinds:position" in verdict.codes()


def test_twins_have_the_shapes_of_a_basic_case_and_other_numbers(grader: Grader) -> None:
    found = exercise("sequence_mask")
    cases: tuple[Case, ...] = grader.book.of(found).cases
    twins = [case for case in cases if case.name.endswith(", other numbers")]
    assert len(twins) == 2
    first = next(case for case in cases if case.aspect == "basic")
    assert [value.data.shape for value in twins[0].args] == [value.data.shape for value in first.args]
    assert any((a.data != b.data).any() for a, b in zip(twins[0].args, first.args, strict=True))
    assert with_twins(exercise("train"), ()) == ()
