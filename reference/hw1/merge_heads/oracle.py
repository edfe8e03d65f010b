"""merge_heads by torch's unflatten and flatten."""


def merge_heads(X, num_heads):
    if X.shape[0] % num_heads:
        raise ValueError(f"the first size {X.shape[0]} is not divisible by num_heads {num_heads}")
    cut = X.unflatten(0, (X.shape[0] // num_heads, num_heads))
    return cut.transpose(1, 2).flatten(2, 3)
