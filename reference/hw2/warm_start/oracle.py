"""warm_start, entry by entry."""

import torch


def warm_start(path, model):
    file = torch.load(path, map_location=lambda storage, location: storage, weights_only=True)
    own = dict(model.named_parameters()) | dict(model.named_buffers())
    used = []
    with torch.no_grad():
        for name in sorted(set(own) & set(file)):
            if own[name].size() == file[name].size():
                own[name].copy_(file[name])
                used.append(name)
    if not used:
        raise ValueError("nothing in the file fits into the model")
    return sorted(set(own).difference(used)), sorted(set(file).difference(used))
