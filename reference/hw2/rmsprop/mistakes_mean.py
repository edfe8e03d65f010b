"""Ways in which a step of RMSprop goes wrong that have to do with the running mean. The mistakes
change a part of `_step`, the rewrites one of `_in_two_loops`."""

import torch
from stepping import in_two_loops as _in_two_loops
from stepping import step as _step
from stepping import the_rule as _rule


def eps_under_the_root(params, state, lr, alpha=0.99, eps=1e-8):
    """`eps` is added under the root.

    The root of a sum is not the sum of the roots: with `eps` 1e-8 it then acts as 1e-4. Take the root first.
    """

    def rule(g, s):
        return lr * g / (s.mul_(alpha).addcmul_(g, g, value=1 - alpha) + eps).sqrt()

    return _step(params, state, rule)


def eps_under_the_root__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    def rule(g, s):
        return g.mul(lr) * (s.copy_(alpha * s + (1 - alpha) * g**2) + eps).rsqrt()

    return _in_two_loops(params, state, rule)


def no_eps(params, state, lr, alpha=0.99, eps=1e-8):
    """`eps` is not added.

    Where a gradient has always been 0, the step is 0 / 0, which is NaN, and so is the parameter from then on.
    """

    def rule(g, s):
        return lr * g / s.mul_(alpha).addcmul_(g, g, value=1 - alpha).sqrt()

    return _step(params, state, rule)


def no_eps__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    def rule(g, s):
        return g.mul(lr).div(s.copy_(alpha * s + (1 - alpha) * g**2) ** 0.5)

    return _in_two_loops(params, state, rule)


def eps_in_the_mean(params, state, lr, alpha=0.99, eps=1e-8):
    """`eps` becomes part of the running mean.

    It is then added again in every step. Add it to the root, when the step is taken.
    """

    def rule(g, s):
        s.mul_(alpha).addcmul_(g, g, value=1 - alpha).add_(eps)
        return lr * g / s.sqrt()

    return _step(params, state, rule)


def eps_in_the_mean__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    def rule(g, s):
        return lr * g / s.copy_(alpha * s + (1 - alpha) * g**2 + eps).sqrt()

    return _in_two_loops(params, state, rule)


def least_root(params, state, lr, alpha=0.99, eps=1e-8):
    """The root is bounded from below by `eps`.

    That is another step, as long as the root is not much larger than `eps`. Add it.
    """

    def rule(g, s):
        return lr * g / s.mul_(alpha).addcmul_(g, g, value=1 - alpha).sqrt().clamp(min=eps)

    return _step(params, state, rule)


def least_root__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    def rule(g, s):
        return g * lr / torch.maximum(s.copy_(alpha * s + (1 - alpha) * g**2).sqrt(), torch.full_like(g, eps))

    return _in_two_loops(params, state, rule)


def sum_of_squares(params, state, lr, alpha=0.99, eps=1e-8):
    """The squares are added up and never fade.

    That is AdaGrad: the steps only become shorter. A running mean forgets: `alpha` of it stays.
    """
    return _step(params, state, lambda g, s: lr * g / (s.addcmul_(g, g).sqrt() + eps))


def sum_of_squares__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    return _in_two_loops(params, state, lambda g, s: lr * g / (s.copy_(s + g**2).sqrt() + eps))


def whole_square(params, state, lr, alpha=0.99, eps=1e-8):
    """The square is not multiplied by 1 - alpha.

    The weights of a mean add up to 1: `alpha` for what was there, 1 - `alpha` for what is new.
    """
    return _step(params, state, lambda g, s: lr * g / (s.mul_(alpha).addcmul_(g, g).sqrt() + eps))


def whole_square__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    return _in_two_loops(params, state, lambda g, s: lr * g / (s.copy_(alpha * s + g**2).sqrt() + eps))


def alpha_swapped(params, state, lr, alpha=0.99, eps=1e-8):
    """`alpha` and 1 - `alpha` are mixed up.

    `alpha` says how much of the running mean stays. With 0.99 it hardly moves in one step.
    """

    def rule(g, s):
        return lr * g / (s.mul_(1 - alpha).addcmul_(g, g, value=alpha).sqrt() + eps)

    return _step(params, state, rule)


def alpha_swapped__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    return _in_two_loops(params, state, lambda g, s: lr * g / (s.lerp_(g**2, alpha).sqrt() + eps))


def no_root(params, state, lr, alpha=0.99, eps=1e-8):
    """The step is divided by the mean square, not by its root.

    Then it becomes longer when the gradient becomes shorter. Take the root.
    """

    def rule(g, s):
        return lr * g / (s.mul_(alpha).addcmul_(g, g, value=1 - alpha) + eps)

    return _step(params, state, rule)


def no_root__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    return _in_two_loops(params, state, lambda g, s: lr * g / s.copy_(alpha * s + (1 - alpha) * g**2).add(eps))


def mean_of_sizes(params, state, lr, alpha=0.99, eps=1e-8):
    """The mean is one of sizes, not of squares.

    RMS is the root of the mean of the squares.
    """

    def rule(g, s):
        return lr * g / (s.mul_(alpha).add_(g.abs(), alpha=1 - alpha) + eps)

    return _step(params, state, rule)


def mean_of_sizes__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    return _in_two_loops(params, state, lambda g, s: lr * g / s.lerp_(torch.sqrt(g * g), 1 - alpha).add(eps))


def mean_of_gradients(params, state, lr, alpha=0.99, eps=1e-8):
    """The gradients are averaged before they are squared.

    Gradients of opposite sign then cancel out. Square first, then average.
    """

    def rule(g, s):
        return lr * g / (s.mul_(alpha).add_(g, alpha=1 - alpha).square().sqrt() + eps)

    return _step(params, state, rule)


def mean_of_gradients__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    return _in_two_loops(params, state, lambda g, s: lr * g / s.lerp_(g, 1 - alpha).abs().add(eps))


def one_number(params, state, lr, alpha=0.99, eps=1e-8):
    """One number is kept for the whole parameter.

    Every entry has a running mean of its own: no sum, norm or mean over the entries.
    """

    def rule(g, s):
        s.mul_(alpha).add_((1 - alpha) * g.square().mean())
        return lr * g / (s.sqrt() + eps)

    return _step(params, state, rule)


def one_number__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    def rule(g, s):
        return lr * g / (s.lerp_((g.norm() ** 2 / g.numel()).expand_as(g), 1 - alpha).sqrt() + eps)

    return _in_two_loops(params, state, rule)


def old_mean(params, state, lr, alpha=0.99, eps=1e-8):
    """The step is divided by the mean before this gradient.

    In the first step that is 0. Let the mean take the gradient in first.
    """

    def rule(g, s):
        change = lr * g / (s.sqrt() + eps)
        s.mul_(alpha).addcmul_(g, g, value=1 - alpha)
        return change

    return _step(params, state, rule)


def old_mean__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    def rule(g, s):
        root = s.sqrt()
        s.lerp_(g * g, 1 - alpha)
        return g / (root + eps) * lr

    return _in_two_loops(params, state, rule)


def corrected(params, state, lr, alpha=0.99, eps=1e-8):
    """The running mean is corrected as Adam's is.

    RMSprop takes the mean as it is, too small at first; only Adam divides by 1 - alpha^t.
    """

    def rule(g, s):
        s.mul_(alpha).addcmul_(g, g, value=1 - alpha)
        state["t", id(s)] = state.get(("t", id(s)), 0) + 1
        return lr * g / ((s / (1 - alpha ** state["t", id(s)])).sqrt() + eps)

    return _step(params, state, rule)


def corrected__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    def rule(g, s):
        age = state.setdefault((id(s), "age"), [])
        age.append(g)
        s.lerp_(g * g, 1 - alpha)
        return g * lr / (s.div(1 - alpha ** len(age)).sqrt() + eps)

    return _in_two_loops(params, state, rule)


def uphill(params, state, lr, alpha=0.99, eps=1e-8):
    """The step goes up the gradient.

    The gradient shows where the loss grows. The step goes against it: subtract.
    """
    return _step(params, state, lambda g, s: -_rule(lr, alpha, eps)(g, s))


def uphill__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    return _in_two_loops(params, state, lambda g, s: _rule(-lr, alpha, eps)(g, s))


def fixed_eps(params, state, lr, alpha=0.99, eps=1e-8):
    """The argument `eps` is not used.

    1e-8 is its default, not its value.
    """
    return _step(params, state, lambda g, s: _rule(lr, alpha, 1e-8)(g, s))


def fixed_eps__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    return _in_two_loops(params, state, lambda g, s: lr * g / (s.lerp_(g * g, 1 - alpha).sqrt() + 10**-8))


def another_eps(params, state, lr, alpha=0.99, eps=1e-8):
    """The default of `eps` is another one.

    Leave the signature as the stub has it: `eps` is 1e-8, and matters where gradients are as small.
    """
    return _step(params, state, _rule(lr, alpha, 1e-6 if eps == 1e-8 else eps))


def another_eps__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    eps = {1e-8: 1e-6}.get(eps, eps)
    return _in_two_loops(params, state, lambda g, s: lr * g / (s.lerp_(g * g, 1 - alpha).sqrt() + eps))


def another_alpha(params, state, lr, alpha=0.99, eps=1e-8):
    """The default of `alpha` is another one.

    Leave the signature as the stub has it: `alpha` is 0.99.
    """
    return _step(params, state, _rule(lr, 0.9 if alpha == 0.99 else alpha, eps))


def another_alpha__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    alpha = {0.99: 0.9}.get(alpha, alpha)
    return _in_two_loops(params, state, lambda g, s: lr * g / (s.lerp_(g * g, 1 - alpha).sqrt() + eps))
