"""Ways in which a step of Adam goes wrong that have to do with the correction and the step. The mistakes
change a part of `_step`, the rewrites one of `_in_two_loops`."""

from stepping import in_two_loops as _in_two_loops
from stepping import means as _means
from stepping import means_again as _means_again
from stepping import step as _step


def no_correction(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """The means are not corrected.

    They start at zero, so after one step m is only (1 - beta1) g. Divide by 1 - beta1^t and 1 - beta2^t.
    """

    def rule(g, slot):
        t, m, v = _means(g, slot, betas)
        return lr * m / (v.sqrt() + eps)

    return _step(params, state, rule)


def no_correction__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t, m, v = _means_again(g, slot, betas)
        return m.mul(lr).div(v**0.5 + eps)

    return _in_two_loops(params, state, rule)


def first_corrected_only(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """Only the mean of the gradient is corrected.

    The mean of the squares starts at zero as well, and with its larger beta it takes longer to grow.
    """

    def rule(g, slot):
        t, m, v = _means(g, slot, betas)
        return lr * m / (1 - betas[0] ** t) / (v.sqrt() + eps)

    return _step(params, state, rule)


def first_corrected_only__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t, m, v = _means_again(g, slot, betas)
        return m.div(1 - betas[0] ** t).mul(lr) / (v**0.5 + eps)

    return _in_two_loops(params, state, rule)


def second_corrected_only(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """Only the mean of the squares is corrected.

    The mean of the gradient starts at zero as well: divide it by 1 - beta1^t.
    """

    def rule(g, slot):
        t, m, v = _means(g, slot, betas)
        return lr * m / ((v / (1 - betas[1] ** t)).sqrt() + eps)

    return _step(params, state, rule)


def second_corrected_only__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t, m, v = _means_again(g, slot, betas)
        return lr * m / (v.sqrt() / (1 - betas[1] ** t) ** 0.5 + eps)

    return _in_two_loops(params, state, rule)


def one_beta_for_both(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """Both corrections use beta1.

    Each mean has a beta of its own, and needs the correction that belongs to it.
    """

    def rule(g, slot):
        t, m, v = _means(g, slot, betas)
        return lr * m / (1 - betas[0] ** t) / ((v / (1 - betas[0] ** t)).sqrt() + eps)

    return _step(params, state, rule)


def one_beta_for_both__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t, m, v = _means_again(g, slot, betas)
        return lr * m / (c := 1 - betas[0] ** t) / ((v / c) ** 0.5 + eps)

    return _in_two_loops(params, state, rule)


def product_for_power(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """The correction has beta times t in it, not beta to the power t.

    The weights of a mean of t steps add up to 1 - beta^t.
    """

    def rule(g, slot):
        t, m, v = _means(g, slot, betas)
        return lr * (m / (1 - betas[0] * t)) / ((v / (1 - betas[1] * t)).sqrt() + eps)

    return _step(params, state, rule)


def product_for_power__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t, m, v = _means_again(g, slot, betas)
        return lr * m.div(1 - t * betas[0]) / (v.div(1 - t * betas[1]) ** 0.5 + eps)

    return _in_two_loops(params, state, rule)


def correction_of_one_step(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """The correction is that of the first step in every step.

    What is missing becomes less with every step: 1 - beta^t, with t counted from 1.
    """

    def rule(g, slot):
        t, m, v = _means(g, slot, betas)
        return lr * m / (1 - betas[0]) / ((v / (1 - betas[1])).sqrt() + eps)

    return _step(params, state, rule)


def correction_of_one_step__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t, m, v = _means_again(g, slot, betas)
        return lr * m.div(1 - betas[0]) / (v.div(1 - betas[1]) ** 0.5 + eps)

    return _in_two_loops(params, state, rule)


def t_from_zero(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """t is counted from 0.

    In the first step 1 - beta^0 is 0, and the division gives infinity or NaN. Count the step first, then use t.
    """

    def rule(g, slot):
        t, m, v = _means(g, slot, betas)
        return lr * (m / (1 - betas[0] ** (t - 1))) / ((v / (1 - betas[1] ** (t - 1))).sqrt() + eps)

    return _step(params, state, rule)


def t_from_zero__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t, m, v = _means_again(g, slot, betas)
        return lr * m.div(1 - betas[0] ** (t - 1)) / (v.div(1 - betas[1] ** (t - 1)) ** 0.5 + eps)

    return _in_two_loops(params, state, rule)


def t_one_ahead(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """t is one step ahead.

    The first step is step 1: count once for each step, before t is used or after it, not both.
    """

    def rule(g, slot):
        t, m, v = _means(g, slot, betas)
        return lr * m / (1 - betas[0] ** (t + 1)) / ((v / (1 - betas[1] ** (t + 1))).sqrt() + eps)

    return _step(params, state, rule)


def t_one_ahead__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t, m, v = _means_again(g, slot, betas)
        return lr * m.div(1 - betas[0] ** (t + 1)) / (v.div(1 - betas[1] ** (t + 1)) ** 0.5 + eps)

    return _in_two_loops(params, state, rule)


def eps_under_the_root(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """`eps` is added under the root.

    The root of a sum is not the sum of the roots: with `eps` 1e-8 it then acts as 1e-4. Take the root first.
    """

    def rule(g, slot):
        t, m, v = _means(g, slot, betas)
        return lr * m / (1 - betas[0] ** t) / (v / (1 - betas[1] ** t) + eps).sqrt()

    return _step(params, state, rule)


def eps_under_the_root__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t, m, v = _means_again(g, slot, betas)
        return lr * m.div(1 - betas[0] ** t) * (v.div(1 - betas[1] ** t) + eps) ** -0.5

    return _in_two_loops(params, state, rule)


def eps_before_correction(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """`eps` is added to the root before it is corrected.

    The correction then divides `eps` as well, which in the first step makes it much larger. Correct the mean, take its
    root, add `eps`.
    """

    def rule(g, slot):
        t, m, v = _means(g, slot, betas)
        return lr * m / (1 - betas[0] ** t) / ((v.sqrt() + eps) / (1 - betas[1] ** t) ** 0.5)

    return _step(params, state, rule)


def eps_before_correction__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t, m, v = _means_again(g, slot, betas)
        return lr * (1 - betas[1] ** t) ** 0.5 / (1 - betas[0] ** t) * m / (v**0.5 + eps)

    return _in_two_loops(params, state, rule)


def no_eps(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """`eps` is not added.

    Where a gradient has always been 0, the step is 0 / 0, which is NaN, and so is the parameter from then on.
    """

    def rule(g, slot):
        t, m, v = _means(g, slot, betas)
        return lr * m / (1 - betas[0] ** t) / (v / (1 - betas[1] ** t)).sqrt()

    return _step(params, state, rule)


def no_eps__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t, m, v = _means_again(g, slot, betas)
        return lr * m.div(1 - betas[0] ** t) / v.div(1 - betas[1] ** t) ** 0.5

    return _in_two_loops(params, state, rule)


def no_root(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """The step is divided by the mean square, not by its root.

    Then it becomes longer when the gradient becomes shorter. Take the root.
    """

    def rule(g, slot):
        t, m, v = _means(g, slot, betas)
        return lr * m / (1 - betas[0] ** t) / (v / (1 - betas[1] ** t) + eps)

    return _step(params, state, rule)


def no_root__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t, m, v = _means_again(g, slot, betas)
        return lr * m.div(1 - betas[0] ** t) / v.div(1 - betas[1] ** t).add(eps)

    return _in_two_loops(params, state, rule)


def gradient_for_mean(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """The step follows the gradient, not its mean.

    That is RMSprop with a correction. The mean of the gradient is what Adam adds to it: divide m by the root.
    """

    def rule(g, slot):
        t, m, v = _means(g, slot, betas)
        return lr * g / ((v / (1 - betas[1] ** t)).sqrt() + eps)

    return _step(params, state, rule)


def gradient_for_mean__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t, m, v = _means_again(g, slot, betas)
        return g.mul(lr) / (v.div(1 - betas[1] ** t) ** 0.5 + eps)

    return _in_two_loops(params, state, rule)


def uphill(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """The step goes up the gradient.

    The gradient shows where the loss grows. The step goes against it: subtract.
    """

    def rule(g, slot):
        t, m, v = _means(g, slot, betas)
        return -lr * m / (1 - betas[0] ** t) / ((v / (1 - betas[1] ** t)).sqrt() + eps)

    return _step(params, state, rule)


def uphill__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t, m, v = _means_again(g, slot, betas)
        return m.div(betas[0] ** t - 1).mul(lr) / (v.div(1 - betas[1] ** t) ** 0.5 + eps)

    return _in_two_loops(params, state, rule)
