"""Ways in which masked_softmax goes wrong: which scores are masked, how, and what rows without a valid key get."""

from math import inf as INF

import torch
from oracle import masked_softmax, valid_keys


def _filled(X, valid_lens, value):
    return X if valid_lens is None else torch.where(valid_keys(X, valid_lens), X, value)


def inclusive_length(X, valid_lens):
    """One key too many is valid.

    With length 2 the valid keys are 0 and 1. Compare positions with `<`, not `<=`: the position that equals the
    length is the first one to be masked.
    """
    return masked_softmax(X, valid_lens if valid_lens is None else (valid_lens + 1).clamp(max=X.shape[-1]))


def inclusive_length__rewrite(X, valid_lens):
    if valid_lens is None:
        return X.softmax(-1)
    if valid_lens.dim() == 1:
        valid_lens = valid_lens[:, None]
    keep = torch.arange(X.size(-1), device=X.device) <= valid_lens[..., None]
    return X.masked_fill(~keep, -INF).softmax(-1)


def inverted_mask(X, valid_lens):
    """The mask is the wrong way round.

    The keys before the valid length take part, those from it on do not. Look at where the boolean tensor is True:
    is it at the keys to keep or at those to fill?
    """
    if valid_lens is None:
        return torch.softmax(X, -1)
    masked = valid_keys(X, valid_lens)
    weights = torch.softmax(X.masked_fill(masked, torch.finfo(X.dtype).min), -1)
    return weights.masked_fill(masked, 0.0)


def inverted_mask__rewrite(X, valid_lens):
    if valid_lens is None:
        return X.softmax(-1)
    lengths = valid_lens[:, None, None] if valid_lens.dim() == 1 else valid_lens[:, :, None]
    keep = torch.arange(X.size(-1), device=X.device) >= lengths
    return X.masked_fill(~keep, -INF).softmax(-1).nan_to_num(0.0)


def softmax_over_queries(X, valid_lens):
    """The softmax runs over the queries.

    Every query distributes a weight of one over the keys, so it is the last axis that sums to one.
    """
    return torch.softmax(_filled(X, valid_lens, -INF), dim=1).nan_to_num(0.0)


def softmax_over_queries__rewrite(X, valid_lens):
    return _filled(X, valid_lens, -INF).transpose(1, 2).softmax(-1).nan_to_num(0.0).transpose(1, 2)


def lengths_ignored(X, valid_lens):
    """The valid lengths have no effect.

    All keys get a weight, whatever the lengths are. A method such as `masked_fill` gives a new tensor: use what
    it returns.
    """
    return torch.softmax(X, dim=-1)


def lengths_ignored__rewrite(X, valid_lens):
    powers = (X - X.amax(-1, keepdim=True)).exp()
    return powers / powers.sum(-1, keepdim=True)


def softmax_before_masking(X, valid_lens):
    """The softmax is taken before the masking.

    The masked keys have had their share by then, and what is left does not sum to one. Mask the scores, not the
    weights.
    """
    weights = torch.softmax(X, dim=-1)
    return weights if valid_lens is None else weights * valid_keys(X, valid_lens)


def softmax_before_masking__rewrite(X, valid_lens):
    weights = X.log_softmax(-1).exp()
    return _filled(weights, valid_lens, 0.0)


def masked_then_divided(X, valid_lens):
    """The weights are masked and divided by what is left of their sum.

    That is right on paper. But a huge score at a masked key has taken all the weight by then, and nothing is left to
    be divided: mask the scores before the softmax (or before its maximum is taken).
    """
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    weights = torch.softmax(X, dim=-1) * valid_keys(X, valid_lens)
    return weights / weights.sum(-1, keepdim=True).clamp(min=1e-12)


def masked_then_divided__rewrite(X, valid_lens):
    powers = torch.exp(X - X.max(dim=-1, keepdim=True).values)
    powers = _filled(powers, valid_lens, 0.0)
    total = powers.sum(-1, keepdim=True)
    return powers / torch.where(total == 0, 1.0, total)


def scores_set_to_zero(X, valid_lens):
    """The masked scores are set to 0.

    A score of 0 has the weight exp(0) = 1 before the division, which is not little. A masked score has to be lower
    than all the others, as low as the dtype allows.
    """
    return torch.softmax(_filled(X, valid_lens, 0.0), dim=-1)


def scores_set_to_zero__rewrite(X, valid_lens):
    return (X if valid_lens is None else X * valid_keys(X, valid_lens).to(X.dtype)).softmax(-1)


def finite_fill(X, valid_lens):
    """The masked scores are filled with a number such as -1e6, and that is all.

    In a row without a valid key all scores are then equal and the weights uniform, where zeros are asked for. And
    a valid score that is lower than the number loses against the masked ones.
    """
    return torch.softmax(_filled(X, valid_lens, -1e6), dim=-1)


def finite_fill__rewrite(X, valid_lens):
    if valid_lens is None:
        return X.softmax(-1)
    rows = X.clone().reshape(-1, X.shape[-1])
    lengths = valid_lens.repeat_interleave(X.shape[1]) if valid_lens.dim() == 1 else valid_lens.reshape(-1)
    rows[torch.arange(X.shape[-1], device=X.device) >= lengths[:, None]] = -1e9
    return rows.softmax(-1).reshape(X.shape)


def _filled_and_cleared(X, valid_lens, number):
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    valid = valid_keys(X, valid_lens)
    return torch.softmax(X.masked_fill(~valid, number), dim=-1) * valid


def _filled_in_a_copy(X, valid_lens, number):
    if valid_lens is None:
        return X.softmax(-1)
    dead = ~valid_keys(X, valid_lens)
    return X.clone().masked_fill_(dead, number).softmax(-1).masked_fill(dead, 0.0)


def finite_fill_empty_rows_zeroed(X, valid_lens):
    """The masked scores are filled with a number that is not low enough.

    A valid score below -1e6 or -1e9 loses against the masked ones. Fill with the lowest number of the dtype
    (`torch.finfo`), or with minus infinity.
    """
    return _filled_and_cleared(X, valid_lens, -1e9)


def finite_fill_empty_rows_zeroed__rewrite(X, valid_lens):
    return _filled_in_a_copy(X, valid_lens, -1e6)


def fill_too_low_for_half_precision(X, valid_lens):
    """The masked scores are filled with a number that half precision does not hold.

    float16 ends at -65504, and torch refuses to fill with less. Ask for the lowest number of the dtype
    (`torch.finfo`), or fill with minus infinity.
    """
    return _filled_and_cleared(X, valid_lens, -1e30)


def fill_too_low_for_half_precision__rewrite(X, valid_lens):
    return _filled_in_a_copy(X, valid_lens, -1e20)


def uniform_empty_rows(X, valid_lens):
    """A row without a valid key gets uniform weights.

    When all scores of a row are filled they are all equal, and the softmax gives every masked key the same weight.
    Such a row is defined as zeros here: mask the weights too.
    """
    return torch.softmax(_filled(X, valid_lens, torch.finfo(X.dtype).min), dim=-1)


def uniform_empty_rows__rewrite(X, valid_lens):
    if valid_lens is None:
        return X.softmax(-1)
    dead = ~valid_keys(X, valid_lens)
    return torch.where(dead, torch.finfo(X.dtype).min, X).softmax(-1)


def nan_empty_rows(X, valid_lens):
    """A row without a valid key is NaN.

    A softmax over nothing but minus infinity divides 0 by 0. Such a row is defined as zeros here.
    """
    return torch.softmax(_filled(X, valid_lens, -INF), dim=-1)


def nan_empty_rows__rewrite(X, valid_lens):
    scores = _filled(X, valid_lens, -INF)
    return scores.log_softmax(-1).exp()


def nan_gradient(X, valid_lens):
    """The gradient of a row without a valid key is NaN.

    The NaN of a softmax over nothing but minus infinity was replaced in the answer, but it is still on the way back
    to the scores, because minus infinity was added to them. Fill the scores (`masked_fill`, `where`) with a finite
    number, so that no NaN arises.
    """
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    dead = ~valid_keys(X, valid_lens)
    return torch.softmax(X + torch.zeros_like(X).masked_fill(dead, -INF), dim=-1).nan_to_num(0.0)


def nan_gradient__rewrite(X, valid_lens):
    if valid_lens is None:
        return X.softmax(-1)
    valid = valid_keys(X, valid_lens)
    weights = (X + valid.to(X.dtype).log()).softmax(-1)
    return torch.where(valid, weights, 0.0)


def repeat_for_interleave(X, valid_lens):
    """The lengths of the sequences are repeated in the wrong order.

    `repeat` gives a, b, a, b, but the queries of one sequence stand next to each other: a, a, b, b
    (`repeat_interleave`, or an axis of size one that broadcasts).
    """
    if valid_lens is not None and valid_lens.dim() == 1:
        valid_lens = valid_lens.repeat(X.shape[1]).reshape(X.shape[0], X.shape[1])
    return masked_softmax(X, valid_lens)


def repeat_for_interleave__rewrite(X, valid_lens):
    if valid_lens is None:
        return X.softmax(-1)
    flat = valid_lens.reshape(-1) if valid_lens.dim() == 2 else torch.cat([valid_lens] * X.shape[1])
    rows = X.reshape(-1, X.shape[-1])
    dead = torch.arange(X.shape[-1], device=X.device) >= flat[:, None]
    weights = rows.masked_fill(dead, torch.finfo(X.dtype).min).softmax(-1).masked_fill(dead, 0.0)
    return weights.reshape(X.shape)


def lengths_meet_queries(X, valid_lens):
    """The lengths of the sequences meet the axis of the queries.

    A mask of shape (batch, keys) broadcasts against (batch, queries, keys) from the right: its first axis meets the
    queries. Give it an axis of size one in the middle.
    """
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    dead = torch.arange(X.shape[-1], device=X.device) >= valid_lens[..., None]
    weights = torch.softmax(X.masked_fill(dead, torch.finfo(X.dtype).min), dim=-1)
    return weights.masked_fill(dead, 0.0)


def lengths_meet_queries__rewrite(X, valid_lens):
    if valid_lens is None:
        return X.softmax(-1)
    keep = valid_lens.unsqueeze(-1) > torch.arange(X.shape[-1], device=X.device)
    return torch.where(keep, torch.where(keep, X, -INF).softmax(-1), 0.0)


def one_dimensional_lengths_only(X, valid_lens):
    """Lengths of shape (batch, queries) are not handled.

    The number of axes of `valid_lens` tells the two kinds apart: one length for a sequence gets an axis for the
    queries, one length for a query has it already.
    """
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    dead = torch.arange(X.shape[-1], device=X.device) >= valid_lens.reshape(X.shape[0], 1, 1)
    return torch.softmax(X.masked_fill(dead, torch.finfo(X.dtype).min), dim=-1).masked_fill(dead, 0.0)


def one_dimensional_lengths_only__rewrite(X, valid_lens):
    if valid_lens is None:
        return X.softmax(-1)
    positions = torch.arange(X.shape[-1], device=X.device).expand(X.shape)
    keep = positions < valid_lens.view(len(X), 1, 1)
    return X.masked_fill(~keep, -INF).softmax(-1).nan_to_num(0.0)


def overflowing_exponentials(X, valid_lens):
    """The exponentials overflow.

    exp(300) is infinite in single precision. Subtract the largest valid score of the row first (or leave it to
    `torch.softmax`): the quotient stays the same.
    """
    powers = _filled(torch.exp(X), valid_lens, 0.0)
    return powers / powers.sum(-1, keepdim=True).clamp(min=1e-12)


def overflowing_exponentials__rewrite(X, valid_lens):
    powers = _filled(X, valid_lens, -INF).exp()
    total = powers.sum(-1, keepdim=True)
    return powers / total.masked_fill(total == 0, 1e-12)


def none_refused(X, valid_lens):
    """`valid_lens` None raises an error.

    Without lengths all keys are valid: ask for None before anything is done with the lengths.
    """
    if valid_lens.dim() == 1:
        valid_lens = valid_lens[:, None].expand(X.shape[:2])
    return masked_softmax(X, valid_lens)


def none_refused__rewrite(X, valid_lens):
    keep = torch.arange(X.shape[-1], device=X.device) < valid_lens.reshape(X.shape[0], -1 if X.shape[0] else 1, 1)
    return X.masked_fill(~keep, torch.finfo(X.dtype).min).softmax(-1) * keep
