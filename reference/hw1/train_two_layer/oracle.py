"""train_two_layer with the gradients written out."""


def train_two_layer(x, y, w1, w2, learning_rate=1e-3, steps=100):
    w1, w2 = w1.detach().clone(), w2.detach().clone()
    losses = []
    for _ in range(steps):
        h = x @ w1
        error = h.clamp(min=0) @ w2 - y
        losses.append(float((error * error).sum()))
        slope_1, slope_2 = x.T @ (2 * error @ w2.T * (h > 0)), h.clamp(min=0).T @ (2 * error)
        w1, w2 = w1 - learning_rate * slope_1, w2 - learning_rate * slope_2
    return w1, w2, losses
