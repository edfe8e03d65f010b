"""load_pretrained by torch's own load_state_dict, on the entries that fit."""


def load_pretrained(model, state_dict, prefix=""):
    size = len(prefix)
    mine = {name[size:]: value for name, value in state_dict.items() if name[:size] == prefix}
    shapes = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    fits = {name: mine[name] for name in shapes if name in mine and tuple(mine[name].shape) == shapes[name]}
    if not fits:
        raise ValueError("no entry of the state dict fits")
    missing, _ = model.load_state_dict(fits, strict=False)
    return {
        "loaded": list(fits),
        "mismatched": [name for name in missing if name in mine],
        "missing": [name for name in missing if name not in mine],
        "unexpected": [name for name in state_dict if name[:size] != prefix or name[size:] not in shapes],
    }
