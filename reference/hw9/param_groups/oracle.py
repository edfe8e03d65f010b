"""param_groups from the modules down: the parameters of each submodule are looked up by identity."""


def param_groups(model, head, lr, factor=0.1):
    parts = dict(model.named_modules(remove_duplicate=False))
    if head not in parts:
        raise ValueError(f"{head} is no submodule")
    inside = {id(module) for module in parts[head].modules()}
    body = []
    for module in model.modules():
        if id(module) not in inside:
            body += [p for p in module.parameters(recurse=False) if not any(p is q for q in body)]
    top = [p for p in parts[head].parameters() if not any(p is q for q in body)]
    needed = [[p for p in group if p.requires_grad] for group in (body, top)]
    return [{"params": needed[0], "lr": factor * lr}, {"params": needed[1], "lr": lr}]
