"""freeze_except part by part: every module and parameter is decided on its own, by its path."""


def freeze_except(model, names):
    paths = [name.split(".") if name else [] for name in names]
    every = [name for name, _ in model.named_modules(remove_duplicate=False)]
    for name in names:
        if name not in every:
            raise ValueError(f"{name} is no submodule")

    def named(path):
        parts = path.split(".") if path else []
        return any(parts[: len(wanted)] == wanted for wanted in paths)

    for path, part in model.named_modules():
        part.training = named(path)
    trained = {id(p): p for n, p in model.named_parameters(remove_duplicate=False) if named(n)}
    for parameter in model.parameters():
        parameter.requires_grad = id(parameter) in trained
        if not parameter.requires_grad:
            parameter.grad = None
    return [p for p in model.parameters() if id(p) in trained]
