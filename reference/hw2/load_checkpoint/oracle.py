"""load_checkpoint, read on the CPU and copied where it belongs."""

import torch


def load_checkpoint(path, models, optimizer=None, device="cpu"):
    content = torch.load(str(path), map_location=torch.device("cpu"), weights_only=True)
    states = {name: content["models"][name] for name in models}
    for name, state in states.items():
        models[name].to(device=torch.device(device)).load_state_dict(state)
    if optimizer:
        optimizer.load_state_dict(content["optimizer"])
    return content["epoch"]
