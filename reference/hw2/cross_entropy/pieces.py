"""The steps of a right cross entropy, for the mistakes to change."""


def check(reduction):
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"unknown reduction {reduction!r}")


def shift(y_hat):
    return y_hat - y_hat.amax(dim=1, keepdim=True)


def pick(values, y):
    return values.gather(1, y[:, None]).squeeze(1)


def losses(y_hat, y):
    shifted = shift(y_hat)
    return shifted.exp().sum(dim=1).log() - pick(shifted, y)


def reduce(values, reduction):
    return {"none": lambda: values, "mean": values.mean, "sum": values.sum}[reduction]()


def right(y_hat, y, reduction="mean"):
    check(reduction)
    return reduce(losses(y_hat, y), reduction)
