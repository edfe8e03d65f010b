"""Other correct load_pretrained."""

import torch


def over_both(model, state_dict, prefix=""):
    """Parameters and buffers by name, with `.data`; the state dict is gone through first."""
    places = dict(model.named_parameters(remove_duplicate=False)) | dict(model.named_buffers(remove_duplicate=False))
    order = list(model.state_dict().keys())
    unexpected, found = [], {}
    for key in state_dict:
        name = key[len(prefix) :] if key.startswith(prefix) else None
        if name in order:
            found[name] = state_dict[key]
        else:
            unexpected.append(key)
    loaded = [name for name in order if name in found and found[name].size() == places[name].size()]
    mismatched = [name for name in order if name in found and found[name].size() != places[name].size()]
    missing = [name for name in order if name not in found]
    if len(loaded) == 0:
        raise ValueError("nothing was loaded")
    for name in loaded:
        target = places[name]
        target.data.copy_(found[name].detach().to(target.device))
    return {"loaded": loaded, "mismatched": mismatched, "missing": missing, "unexpected": unexpected}


def merged(model, state_dict, prefix=""):
    """A whole state dict, of the model's own values and those that fit, loaded strictly."""
    whole = {name: value.clone() for name, value in model.state_dict().items()}
    report = {key: [] for key in ("loaded", "mismatched", "missing", "unexpected")}
    used = set()
    for name in whole:
        key = prefix + name
        if key not in state_dict:
            report["missing"].append(name)
            continue
        used.add(key)
        same = torch.Size(state_dict[key].shape) == whole[name].shape
        report["loaded" if same else "mismatched"].append(name)
        if same:
            whole[name] = state_dict[key].to(whole[name].dtype)
    report["unexpected"] = [key for key in state_dict if key not in used]
    if not report["loaded"]:
        raise ValueError(f"no entry with the prefix {prefix!r} fits the model")
    model.load_state_dict(whole, strict=True)
    return report
