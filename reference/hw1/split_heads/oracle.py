"""split_heads by torch's unflatten and flatten."""


def split_heads(X, num_heads):
    if X.shape[-1] % num_heads:
        raise ValueError(f"num_hiddens {X.shape[-1]} is not divisible by num_heads {num_heads}")
    cut = X.unflatten(-1, (num_heads, X.shape[-1] // num_heads))
    return cut.transpose(1, 2).flatten(0, 1)
