"""adam without recursion: a corrected mean is a mean of all gradients so far with weights that add up to 1."""


def _mean(terms, beta):
    weights = [beta**age for age in range(len(terms))]
    return sum(weight * term for weight, term in zip(weights, reversed(terms), strict=True)) / sum(weights)


def adam(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    for index, param in enumerate(params):
        if param.grad is not None:
            history = state.setdefault(index, [])
            history.append(param.grad.clone())
            root = _mean([gradient.square() for gradient in history], betas[1]).sqrt()
            param.detach().addcdiv_(_mean(history, betas[0]), root + eps, value=-lr)
            param.grad = None
