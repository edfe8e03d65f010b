"""rmsprop from its definition without recursion: the mean is a weighted sum of the squares of all gradients so far."""


def rmsprop(params, state, lr, alpha=0.99, eps=1e-8):
    for index, param in enumerate(params):
        if param.grad is not None:
            history = state.setdefault(index, [])
            history.append(param.grad.clone())
            mean = sum((1 - alpha) * alpha**age * gradient.square() for age, gradient in enumerate(reversed(history)))
            param.detach().addcdiv_(param.grad, mean.sqrt().add(eps), value=-lr)
            param.grad = None
