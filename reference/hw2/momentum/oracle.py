"""momentum from its definition without recursion: the velocity is a weighted sum of all gradients so far."""


def momentum(params, state, lr, momentum=0.9):
    for index, param in enumerate(params):
        if param.grad is not None:
            history = state.setdefault(index, [])
            history.append(param.grad.clone())
            velocity = sum(momentum**age * gradient for age, gradient in enumerate(reversed(history)))
            param.detach().sub_(velocity, alpha=lr)
            param.grad = None
