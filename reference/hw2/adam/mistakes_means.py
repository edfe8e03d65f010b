"""Ways in which a step of Adam goes wrong that have to do with the running means. The mistakes
change a part of `_step`, the rewrites one of `_in_two_loops`."""

from stepping import in_two_loops as _in_two_loops
from stepping import means as _means
from stepping import means_again as _means_again
from stepping import step as _step
from stepping import the_rule as _rule


def corrected_means_kept(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """The corrected means are kept.

    The running means themselves are not corrected: the next step would start from numbers that are too large, and
    correct them again. Keep m and v, and make m_hat and v_hat of them anew.
    """

    def rule(g, slot):
        t, m, v = _means(g, slot, betas)
        m /= 1 - betas[0] ** t
        v /= 1 - betas[1] ** t
        return lr * m / (v.sqrt() + eps)

    return _step(params, state, rule)


def corrected_means_kept__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t, m, v = _means_again(g, slot, betas)
        slot["m"], slot["v"] = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
        return lr * slot["m"] / (slot["v"] ** 0.5 + eps)

    return _in_two_loops(params, state, rule)


def betas_swapped(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """The betas are swapped.

    The first belongs to the mean of the gradient, the second to that of its square.
    """
    return _step(params, state, _rule(lr, betas[::-1], eps))


def betas_swapped__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    beta2, beta1 = betas
    return _in_two_loops(params, state, _rule(lr, (beta1, beta2), eps))


def one_minus_beta(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """beta and 1 - beta are mixed up.

    A beta says how much of its mean stays. With 0.9 a mean moves by a tenth.
    """

    def rule(g, slot):
        slot["t"] += 1
        slot["m"].lerp_(g, betas[0])
        slot["v"].lerp_(g * g, betas[1])
        m, v = slot["m"] / (1 - betas[0] ** slot["t"]), slot["v"] / (1 - betas[1] ** slot["t"])
        return lr * m / (v.sqrt() + eps)

    return _step(params, state, rule)


def one_minus_beta__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t = slot["t"] = slot["t"] + 1
        slot["m"] = (1 - betas[0]) * slot["m"] + betas[0] * g
        slot["v"] = (1 - betas[1]) * slot["v"] + betas[1] * g.square()
        return lr * slot["m"] / (1 - betas[0] ** t) / ((slot["v"] / (1 - betas[1] ** t)) ** 0.5 + eps)

    return _in_two_loops(params, state, rule)


def square_of_the_mean(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """The mean is squared, not the gradient.

    Gradients of opposite sign then cancel out in v as well. v is a mean of squares: square the gradient.
    """

    def rule(g, slot):
        slot["t"] += 1
        slot["m"].lerp_(g, 1 - betas[0])
        slot["v"].lerp_(slot["m"].square(), 1 - betas[1])
        m, v = slot["m"] / (1 - betas[0] ** slot["t"]), slot["v"] / (1 - betas[1] ** slot["t"])
        return lr * m / (v.sqrt() + eps)

    return _step(params, state, rule)


def square_of_the_mean__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t = slot["t"] = slot["t"] + 1
        slot["m"] = betas[0] * slot["m"] + (1 - betas[0]) * g
        slot["v"] = betas[1] * slot["v"] + (1 - betas[1]) * slot["m"] ** 2
        return lr * slot["m"] / (1 - betas[0] ** t) / ((slot["v"] / (1 - betas[1] ** t)) ** 0.5 + eps)

    return _in_two_loops(params, state, rule)


def one_number(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """One number is kept for the whole parameter.

    Every entry has a mean of its own: no sum, norm or mean over the entries.
    """
    rule = _rule(lr, betas, eps)

    def alike(g, slot):
        m = slot["m"].lerp(g, 1 - betas[0])
        change = rule(g.square().mean().sqrt().expand_as(g), slot)
        root = (slot["v"] / (1 - betas[1] ** slot["t"])).sqrt() + eps
        slot["m"] = m
        return lr * m / (1 - betas[0] ** slot["t"]) / root

    return _step(params, state, alike)


def one_number__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        t = slot["t"] = slot["t"] + 1
        slot["m"] = betas[0] * slot["m"] + (1 - betas[0]) * g
        slot["v"] = betas[1] * slot["v"] + (1 - betas[1]) * g.norm() ** 2 / g.numel()
        return lr * slot["m"] / (1 - betas[0] ** t) / ((slot["v"] / (1 - betas[1] ** t)) ** 0.5 + eps)

    return _in_two_loops(params, state, rule)


def t_counts_parameters(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """t counts parameters, not steps.

    One t that is counted once for each parameter runs ahead: the second parameter has t = 2 in the first step. Give
    each parameter a t of its own.
    """
    rule = _rule(lr, betas, eps)

    def counted(g, slot):
        slot["t"] = state.get("t", 0)
        state["t"] = slot["t"] + 1
        return rule(g, slot)

    return _step(params, state, counted)


def t_counts_parameters__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    def rule(g, slot):
        state["count"] = state.get("count", 0) + 1
        slot["t"] = state["count"] - 1
        t, m, v = _means_again(g, slot, betas)
        return lr * m.div(1 - betas[0] ** t) / (v.div(1 - betas[1] ** t) ** 0.5 + eps)

    return _in_two_loops(params, state, rule)


def t_counts_calls(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """t counts all steps, also those without a gradient.

    A parameter whose first gradient comes late has means that have just begun, and needs the correction of its own
    first step. Give each parameter a t of its own.
    """
    rule = _rule(lr, betas, eps)
    state["calls"] = state.get("calls", 0) + 1

    def counted(g, slot):
        slot["t"] = state["calls"] - 1
        return rule(g, slot)

    return _step(params, state, counted)


def t_counts_calls__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    t = state["t"] = state.get("t", 0) + 1

    def rule(g, slot):
        _, m, v = _means_again(g, slot, betas)
        return lr * m.div(1 - betas[0] ** t) / (v.div(1 - betas[1] ** t) ** 0.5 + eps)

    return _in_two_loops(params, state, rule)


def fixed_betas(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """The argument `betas` is not used.

    0.9 and 0.999 are its default, not its value.
    """
    return _step(params, state, _rule(lr, (0.9, 0.999), eps))


def fixed_betas__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    betas = 0.9, 0.999

    def rule(g, slot):
        t, m, v = _means_again(g, slot, betas)
        return lr * m.div(1 - betas[0] ** t) / (v.div(1 - betas[1] ** t) ** 0.5 + eps)

    return _in_two_loops(params, state, rule)


def another_beta2(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """The default of beta2 is another one.

    Leave the signature as the stub has it: 0.9 and 0.999.
    """
    return _step(params, state, _rule(lr, (betas[0], 0.99 if betas[1] == 0.999 else betas[1]), eps))


def another_beta2__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    betas = (0.9, 0.99) if tuple(betas) == (0.9, 0.999) else betas
    return _in_two_loops(params, state, _rule(lr, betas, eps))


def another_eps(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """The default of `eps` is another one.

    Leave the signature as the stub has it: `eps` is 1e-8, and matters where gradients are as small.
    """
    return _step(params, state, _rule(lr, betas, 1e-6 if eps == 1e-8 else eps))


def another_eps__rewrite(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    eps = {1e-8: 1e-6}.get(eps, eps)
    return _in_two_loops(params, state, _rule(lr, betas, eps))
