"""Training loops that are right, written in other ways."""

import copy
from itertools import islice

import torch


class _Averages:
    """Sums over samples on the device, read once."""

    def __init__(self, device):
        self.sums = torch.zeros(3, device=device)

    def add(self, outputs, labels, loss):
        with torch.no_grad():
            right = outputs.argmax(dim=-1).eq(labels).sum()
            self.sums += torch.stack((loss * labels.numel(), right, torch.ones_like(labels).sum()))

    def read(self):
        loss, right, samples = self.sums.tolist()
        return loss / samples, right / samples


def whole_groups(model, train_loader, optimizer, loss_fn, num_epochs, device, **options):
    """Takes whole groups from the loader, clips with its own arithmetic, validates in inference mode."""
    accumulate, max_norm = options.get("accumulate", 1), options.get("max_norm")
    scaler, dtype, val_loader = options.get("scaler"), options.get("autocast_dtype"), options.get("val_loader")
    model.to(device).train()
    before = options.get("history") or {"train_loss": [], "val_loss": [], "val_accuracy": []}
    losses = before["train_loss"].copy()
    val_losses, accuracies = list(before.get("val_loss", [])), list(before.get("val_accuracy", []))

    def outcome(batch):
        inputs, labels = (part.to(device) for part in batch)
        if dtype is None:
            outputs = model(inputs)
            return outputs, labels, loss_fn(outputs, labels)
        with torch.amp.autocast(device_type=device.type, dtype=dtype):
            outputs = model(inputs)
            return outputs, labels, loss_fn(outputs, labels)

    def clip():
        gradients = [p.grad for group in optimizer.param_groups for p in group["params"] if p.grad is not None]
        norm = sum(gradient.square().sum() for gradient in gradients).sqrt()
        share = torch.where(norm > max_norm, max_norm / norm, torch.ones_like(norm))
        for gradient in gradients:
            gradient *= share

    while len(losses) < num_epochs:
        averages, batches = _Averages(device), iter(train_loader)
        while group := list(islice(batches, accumulate)):
            optimizer.zero_grad(set_to_none=False)
            for batch in group:
                outputs, labels, loss = outcome(batch)
                averages.add(outputs, labels, loss)
                loss = loss * (1 / len(group))
                if scaler is not None:
                    loss = scaler.scale(loss)
                loss.backward()
            if scaler is not None:
                scaler.unscale_(optimizer)
            if max_norm is not None:
                clip()
            if scaler is None:
                optimizer.step()
            else:
                scaler.step(optimizer)
                scaler.update()
        losses.append(averages.read()[0])
        if val_loader is not None:
            averages = _Averages(device)
            model.eval()
            with torch.inference_mode():
                for batch in val_loader:
                    averages.add(*outcome(batch))
            model.train()
            loss, accuracy = averages.read()
            val_losses.append(loss)
            accuracies.append(accuracy)
    return {"train_loss": losses, **({"val_loss": val_losses, "val_accuracy": accuracies} if val_loader else {})}


def plain_learner(
    model,
    train_loader,
    optimizer,
    loss_fn,
    num_epochs,
    device,
    *,
    val_loader=None,
    accumulate=1,
    max_norm=None,
    scaler=None,
    autocast_dtype=None,
    history=None,
):
    """Written from the stub alone: counters, branches, losses kept in a list of detached tensors."""
    model = model.to(device)
    if history is None:
        history = {}
        history["train_loss"] = []
        if val_loader is not None:
            history["val_loss"] = []
            history["val_accuracy"] = []
    else:
        history = copy.deepcopy(history)
    use_amp = autocast_dtype is not None
    n_batches = len(train_loader)
    n_full = n_batches // accumulate * accumulate

    start_epoch = len(history["train_loss"])
    for _epoch in range(start_epoch, num_epochs):
        model.train()
        batch_losses = []
        n_samples = 0
        optimizer.zero_grad()
        for i, (X, y) in enumerate(train_loader):
            X = X.to(device)
            y = y.to(device)
            if use_amp:
                with torch.autocast(device_type=device.type, dtype=autocast_dtype):
                    y_hat = model(X)
                    loss = loss_fn(y_hat, y)
            else:
                y_hat = model(X)
                loss = loss_fn(y_hat, y)
            batch_losses.append(loss.detach() * y.shape[0])
            n_samples += y.shape[0]
            # the last group may be smaller
            if i < n_full:
                loss = loss / accumulate
            else:
                loss = loss / (n_batches - n_full)
            if scaler is not None:
                scaler.scale(loss).backward()
            else:
                loss.backward()
            if (i + 1) % accumulate == 0 or (i + 1) == n_batches:
                if scaler is not None:
                    if max_norm is not None:
                        scaler.unscale_(optimizer)
                        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
                    scaler.step(optimizer)
                    scaler.update()
                else:
                    if max_norm is not None:
                        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
                    optimizer.step()
                model.zero_grad()
        history["train_loss"].append(float(sum(batch_losses)) / n_samples)

        if val_loader is not None:
            model.eval()
            with torch.no_grad():
                val_loss = torch.zeros((), device=device)
                correct = torch.zeros((), device=device)
                n_val = 0
                for X, y in val_loader:
                    X, y = X.to(device), y.to(device)
                    if use_amp:
                        with torch.autocast(device_type=device.type, dtype=autocast_dtype):
                            y_hat = model(X)
                            loss = loss_fn(y_hat, y)
                    else:
                        y_hat = model(X)
                        loss = loss_fn(y_hat, y)
                    val_loss = val_loss + loss * y.shape[0]
                    correct = correct + (torch.max(y_hat, 1)[1] == y).sum()
                    n_val = n_val + y.shape[0]
            history["val_loss"].append((val_loss / n_val).cpu().item())
            history["val_accuracy"].append(correct.cpu().item() / n_val)
    return history


def rescaled_tail(
    model, train_loader, optimizer, loss_fn, num_epochs, device, *, val_loader=None, accumulate=1, **options
):
    """Adds up whole gradients and divides them by the size of their group right before the step."""
    max_norm, scaler, dtype = (options.get(name) for name in ("max_norm", "scaler", "autocast_dtype"))
    model.cuda() if device.type == "cuda" else model.cpu()
    mixed = torch.autocast(device.type, dtype=dtype, enabled=bool(dtype))

    def epoch(loader, learn):
        model.train(learn)
        losses, rights, sizes, waiting = [], [], [], 0
        for number, (inputs, labels) in enumerate(loader, start=1):
            inputs, labels = inputs.to(device), labels.to(device)
            with torch.set_grad_enabled(learn), mixed:
                outputs = model(inputs)
                loss = loss_fn(outputs, labels)
            losses.append(loss.detach())
            rights.append((outputs.detach().max(dim=1).indices == labels).sum())
            sizes.append(len(labels))
            if learn:
                (scaler.scale(loss) if scaler else loss).backward()
                waiting += 1
                if waiting == accumulate or number == len(loader):
                    step(waiting)
                    waiting = 0
        weights = torch.tensor(sizes, dtype=torch.float32, device=device) / sum(sizes)
        return float(torch.stack(losses) @ weights), torch.stack(rights).sum() / sum(sizes)

    def step(size):
        for parameter in model.parameters():
            if parameter.grad is not None:
                parameter.grad.div_(size)
        if max_norm is not None:
            if scaler:
                scaler.unscale_(optimizer)
            torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], max_norm)
        if scaler:
            scaler.step(optimizer)
            scaler.update()
        else:
            optimizer.step()
        for parameter in model.parameters():
            parameter.grad = None

    for parameter in model.parameters():
        parameter.grad = None
    history: dict[str, list[float]] = {"train_loss": []}
    if val_loader is not None:
        history.update(val_loss=[], val_accuracy=[])
    for key, values in (options.get("history") or {}).items():
        history[key] = values.copy()
    for _ in range(max(0, num_epochs - len(history["train_loss"]))):
        history["train_loss"].append(epoch(train_loader, True)[0])
        if val_loader is not None:
            loss, accuracy = epoch(val_loader, False)
            history["val_loss"].append(loss)
            history["val_accuracy"].append(accuracy.item())
    return history
