"""Ways in which cross_entropy goes wrong with numbers: what is exponentiated, shifted, added and averaged."""

import torch
from pieces import check as _check
from pieces import losses as _losses
from pieces import pick as _pick
from pieces import reduce as _reduce
from pieces import right as _right
from pieces import shift as _shift


def softmax_twice(y_hat, y, reduction="mean"):
    """The softmax is taken twice.

    The function takes logits and makes probabilities of them by itself. With a softmax before it the loss of a perfect
    answer stays above 0 and the gradient nearly vanishes. Leave the softmax out, in the loss as in the model.
    """
    shifted = _shift(y_hat).exp()
    return _right(shifted / shifted.sum(dim=1, keepdim=True), y, reduction)


def softmax_twice__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    e = torch.exp(y_hat - y_hat.max(dim=1, keepdim=True).values)
    p = e / torch.sum(e, 1, keepdim=True)
    return _reduce(torch.log(torch.exp(p).sum(1)) - _pick(p, y), reduction)


def probabilities_expected(y_hat, y, reduction="mean"):
    """The logits are taken for probabilities.

    The logarithm of a logit is no log-probability, and of a negative one it is NaN. Logits become probabilities by the
    softmax, whose logarithm is what the formula computes.
    """
    _check(reduction)
    return _reduce(-_pick(y_hat, y).log(), reduction)


def probabilities_expected__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    return _reduce(-torch.log(y_hat)[torch.arange(len(y), device=y.device), y], reduction)


def no_shift(y_hat, y, reduction="mean"):
    """The exponentials overflow and underflow.

    exp(1000) is infinite, and all exponentials of -1000 are 0, so that the logarithm is -inf. Take the largest logit
    off each row first: that changes nothing but the magnitude.
    """
    _check(reduction)
    return _reduce(y_hat.exp().sum(dim=1).log() - _pick(y_hat, y), reduction)


def no_shift__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    rows = torch.arange(len(y), device=y.device)
    return _reduce(torch.log(torch.sum(torch.exp(y_hat), dim=1)) - y_hat[rows, y], reduction)


def softmax_then_logarithm(y_hat, y, reduction="mean"):
    """The logarithm is taken of probabilities that have become 0.

    A softmax rounds a small probability to 0, whose logarithm is -inf; its gradient is lost too. Simplify the
    formula: the logarithm of a quotient is a difference, and the exponential of the right logit goes away.
    """
    _check(reduction)
    e = _shift(y_hat).exp()
    return _reduce(-_pick(e / e.sum(dim=1, keepdim=True), y).log(), reduction)


def softmax_then_logarithm__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    e = torch.exp(y_hat - y_hat.max(1, keepdim=True)[0])
    probabilities = e[torch.arange(len(y), device=y.device), y] / e.sum(1)
    return _reduce(probabilities.log().neg(), reduction)


def small_number_added(y_hat, y, reduction="mean"):
    """A small number is added to the probability.

    It avoids the logarithm of 0 by giving a wrong loss: no sample can lose more than the logarithm of that number, and
    where it does it has no gradient. Simplify the formula instead.
    """
    _check(reduction)
    e = _shift(y_hat).exp()
    return _reduce(-(_pick(e / e.sum(dim=1, keepdim=True), y) + 1e-9).log(), reduction)


def small_number_added__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    e = torch.exp(y_hat - y_hat.max(1, keepdim=True)[0])
    return _reduce(-torch.log(_pick(e, y) / e.sum(1) + 1e-9), reduction)


def one_maximum_for_all(y_hat, y, reduction="mean"):
    """One maximum is taken off all samples.

    In a sample whose logits lie far below those of another all exponentials are 0 then. Each row needs its own
    maximum.
    """
    _check(reduction)
    shifted = y_hat - y_hat.amax() if y_hat.numel() else y_hat
    return _reduce(shifted.exp().sum(dim=1).log() - _pick(shifted, y), reduction)


def one_maximum_for_all__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    if len(y):
        y_hat = y_hat - torch.max(y_hat)
    return _reduce(torch.log(torch.exp(y_hat).sum(1)) - _pick(y_hat, y), reduction)


def maximum_of_each_class(y_hat, y, reduction="mean"):
    """The maximum is taken over the batch.

    A different number for each class changes the loss. What may be taken off is one number for a whole row: its
    maximum over the classes, kept as a column.
    """
    _check(reduction)
    shifted = y_hat - y_hat.amax(dim=0, keepdim=True) if len(y) else y_hat
    return _reduce(shifted.exp().sum(dim=1).log() - _pick(shifted, y), reduction)


def maximum_of_each_class__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    if y_hat.shape[0] > 0:
        y_hat = torch.sub(y_hat, y_hat.max(dim=0).values)
    return _reduce(y_hat.exp().sum(1).log() - _pick(y_hat, y), reduction)


def maximum_added_back(y_hat, y, reduction="mean"):
    """The maximum is added back before the right logit is taken off.

    Near a million a float has no digits left behind the comma, and the logarithm of the sum is rounded away. Take the
    shifted logit off instead: both were shifted by the same number.
    """
    _check(reduction)
    m = y_hat.amax(dim=1, keepdim=True)
    total = m.squeeze(1) + (y_hat - m).exp().sum(dim=1).log()
    return _reduce(total - _pick(y_hat, y), reduction)


def maximum_added_back__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    largest, _ = torch.max(y_hat, dim=1)
    total = torch.log(torch.exp(y_hat - largest[:, None]).sum(1)) + largest
    return _reduce(total - y_hat[torch.arange(len(y), device=y.device), y], reduction)


def sum_over_the_batch(y_hat, y, reduction="mean"):
    """The exponentials are added over the batch.

    The probabilities of one sample add up to 1 over its classes: add along axis 1.
    """
    _check(reduction)
    shifted = _shift(y_hat)
    log_probability = shifted - shifted.exp().sum(dim=0, keepdim=True).log()
    return _reduce(-_pick(log_probability, y), reduction)


def sum_over_the_batch__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    shifted = _shift(y_hat)
    return _reduce(torch.log(torch.exp(shifted).sum(0))[y] - _pick(shifted, y), reduction)


def sign_lost(y_hat, y, reduction="mean"):
    """The sign is the wrong way round.

    That is the log-probability, which is at most 0 and which training would make smaller and smaller. The loss is its
    negative.
    """
    return -_right(y_hat, y, reduction)


def sign_lost__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    shifted = _shift(y_hat)
    return _reduce(_pick(shifted, y) - shifted.exp().sum(dim=1).log(), reduction)


def mean_over_classes_too(y_hat, y, reduction="mean"):
    """The mean is taken over the classes too.

    With one-hot labels all entries but one of a row are 0 and no losses: a mean over all of them is too small by the
    number of classes. Divide by the number of samples.
    """
    value = _right(y_hat, y, reduction)
    return value / y_hat.shape[1] if reduction == "mean" else value


def mean_over_classes_too__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    shifted = _shift(y_hat)
    log_probability = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    chosen = y[:, None] == torch.arange(y_hat.shape[1], device=y.device)
    entries = -torch.where(chosen, log_probability, 0)
    return entries.mean() if reduction == "mean" else _reduce(entries.sum(1), reduction)


def sum_for_mean(y_hat, y, reduction="mean"):
    """The sum is given where the mean is asked for.

    Then the gradient grows with the batch, and the learning rate has to change with it.
    """
    return _right(y_hat, y, "sum" if reduction == "mean" else reduction)


def sum_for_mean__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    values = _losses(y_hat, y)
    return values if reduction == "none" else values.sum()


def reduction_ignored(y_hat, y, reduction="mean"):
    """The mean is given whatever reduction is asked for.

    Look at `reduction` at the end: "none" returns the losses as they are, "sum" adds them up.
    """
    _check(reduction)
    return _losses(y_hat, y).mean()


def reduction_ignored__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    values = _losses(y_hat, y)
    return torch.sum(values) / len(values)


def base_two(y_hat, y, reduction="mean"):
    """The logarithm has base 2.

    The formula means the natural logarithm, the inverse of exp.
    """
    _check(reduction)
    shifted = _shift(y_hat)
    return _reduce(shifted.exp().sum(dim=1).log2() - _pick(shifted, y), reduction)


def base_two__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    shifted = _shift(y_hat)
    return _reduce(torch.log2(torch.exp(shifted).sum(1)) - _pick(shifted, y), reduction)


def likeliest_class(y_hat, y, reduction="mean"):
    """The loss is that of the likeliest class.

    The labels say which class is right; the largest logit only says what the model believes.
    """
    return _right(y_hat, y_hat.argmax(dim=1), reduction)


def likeliest_class__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    return _reduce(_shift(y_hat).exp().sum(dim=1).log(), reduction)


def zero_times_infinity(y_hat, y, reduction="mean"):
    """The logit of the right class is picked by a product with 0 and 1.

    Where the logit of another class is -inf the product is NaN: 0 times infinity is no number. Pick the entry, by
    `gather` or by its row and column.
    """
    _check(reduction)
    shifted = _shift(y_hat)
    chosen = (y[:, None] == torch.arange(y_hat.shape[1], device=y.device)).to(y_hat.dtype)
    return _reduce(shifted.exp().sum(dim=1).log() - (shifted * chosen).sum(dim=1), reduction)


def zero_times_infinity__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    shifted = _shift(y_hat)
    one_hot = torch.zeros_like(y_hat).scatter(1, y.unsqueeze(1), 1.0)
    return _reduce(torch.log(torch.exp(shifted).sum(1)) - torch.einsum("nc,nc->n", shifted, one_hot), reduction)


def logits_clamped(y_hat, y, reduction="mean"):
    """The logits are cut off.

    Then a large loss is too small, and the logits that were cut get no gradient. Taking the maximum off each row makes
    it needless.
    """
    return _right(y_hat.clamp(-80, 80), y, reduction)


def logits_clamped__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    low = torch.minimum(torch.maximum(y_hat, torch.full_like(y_hat, -80)), torch.full_like(y_hat, 80))
    return _reduce(torch.log(torch.exp(low).sum(1)) - _pick(low, y), reduction)
