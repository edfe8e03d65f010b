"""Ways in which the loops of many notes go wrong."""

import torch
from loops import Loop as _Loop
from loops import flat as _flat


class loss_measured_after_the_epoch(_Loop):
    """The training loss is measured in a second pass, when the epoch is over.

    By then the weights have changed, and the pass costs as much as the epoch. The history is made of the losses that
    the training itself has computed.
    """

    def figure(self, value):
        if self.phase == "train":
            self.phase = "validation"
            self.evaluation_mode()
            total, samples = 0.0, 0
            with torch.no_grad():
                for inputs, labels in self.train_loader:
                    inputs, labels = self.move(inputs, labels)
                    total = total + self.loss_fn(self.model(inputs), labels) * len(labels)
                    samples += len(labels)
            value = total / samples
        return value.item()

    def training_mode(self):
        super().training_mode()
        self.phase = "train"


def loss_measured_after_the_epoch__rewrite(*args, **options):
    return _flat("loss_measured_after_the_epoch", *args, **options)


class optional_arguments_ignored(_Loop):
    """Accumulation, clipping, scaler, autocast and history are not used.

    The loop is right without them. Add them one after the other: every argument has a paragraph of its own in the stub.
    """

    def prepare(self, *args, **options):
        super().prepare(*args, val_loader=options.get("val_loader"))


def optional_arguments_ignored__rewrite(*args, val_loader=None, **options):
    return _flat("", *args, val_loader=val_loader)


class widely_taught_loop(optional_arguments_ignored):
    """The widely taught loop: figures averaged over batches, a number read in every batch, no optional argument.

    Weight the loss of a batch with its number of samples, add up on the device, and read once an epoch. Then add the
    optional arguments one after the other.
    """

    def record(self, loss, part, scaled, count):
        self.total += loss.item()
        self.samples += 1

    def validate(self):
        self.evaluation_mode()
        total, right, samples = 0.0, 0, 0
        with torch.no_grad():
            for inputs, labels in self.val_loader:
                inputs, labels = self.move(inputs, labels)
                outputs, loss = self.validation_outcome(inputs, labels)
                total += loss.item()
                right += (outputs.argmax(1) == labels).sum().item()
                samples += len(labels)
        return total / len(self.val_loader), right / samples

    def figure(self, value):
        return value


def widely_taught_loop__rewrite(
    model, train_loader, optimizer, loss_fn, num_epochs, device, *, val_loader=None, **options
):
    model.to(device)
    history: dict[str, list[float]] = {"train_loss": []}
    if val_loader is not None:
        history |= {"val_loss": [], "val_accuracy": []}
    for _ in range(num_epochs):
        model.train()
        running = 0.0
        for inputs, labels in train_loader:
            optimizer.zero_grad()
            loss = loss_fn(model(inputs.to(device)), labels.to(device))
            loss.backward()
            optimizer.step()
            running += float(loss)
        history["train_loss"].append(running / len(train_loader))
        if val_loader is None:
            continue
        model.eval()
        losses, right, seen = [], 0, 0
        with torch.no_grad():
            for inputs, labels in val_loader:
                outputs, labels = model(inputs.to(device)), labels.to(device)
                losses.append(loss_fn(outputs, labels).item())
                right += int((torch.max(outputs, 1)[1] == labels).sum())
                seen += labels.size(0)
        history["val_loss"].append(sum(losses) / len(losses))
        history["val_accuracy"].append(right / seen)
    return history


class _MeasuredAfterwards(optional_arguments_ignored, loss_measured_after_the_epoch):
    def training_mode(self):
        self.phase = "train"

    def validate(self):
        loss, accuracy = super().validate()
        return loss, 100 * accuracy


class widely_taught_loop_measured_afterwards(_MeasuredAfterwards):
    """The loop of many notes: never back to training mode, losses of a second pass, percent, no optional argument.

    Call the model's `train` in every epoch, use the losses that the training has computed, and give the accuracy as a
    fraction. Then add the optional arguments one after the other.
    """


def widely_taught_loop_measured_afterwards__rewrite(
    model, train_loader, optimizer, loss_fn, num_epochs, device, *, val_loader=None, **options
):
    model.to(device)
    losses, val_losses, accuracies = [], [], []
    for _ in range(num_epochs):
        for inputs, labels in train_loader:
            optimizer.zero_grad()
            loss_fn(model(inputs.to(device)), labels.to(device)).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            losses.append(_measured(model, train_loader, loss_fn, device)[0].item())
            if val_loader is not None:
                loss, accuracy = _measured(model, val_loader, loss_fn, device)
                val_losses.append(loss.item())
                accuracies.append(100 * accuracy.item())
    return {"train_loss": losses} | ({"val_loss": val_losses, "val_accuracy": accuracies} if val_loader else {})


def _measured(model, loader, loss_fn, device):
    total, right, samples = 0.0, 0, 0
    for inputs, labels in loader:
        outputs, labels = model(inputs.to(device)), labels.to(device)
        total, right = total + loss_fn(outputs, labels) * len(labels), right + (outputs.argmax(axis=1) == labels).sum()
        samples += len(labels)
    return total / samples, right / samples


class _Printed(optional_arguments_ignored):
    """All data at once on the device; what they say after an epoch is printed."""

    def run(self):
        found = (None,)
        self.place_model()
        whole = [self.whole(loader) for loader in (self.train_loader, self.val_loader) if loader is not None]
        for _ in range(self.epochs):
            self.training_mode()
            for index, (inputs, labels) in enumerate(self.train_loader):
                self.optimizer.zero_grad()
                self.train_batch(index, *self.move(inputs, labels))
            self.model.eval()
            with torch.no_grad():
                loss = self.loss_fn(self.model(whole[0][0]), whole[0][1])
                found = (loss, *((self.model(X).argmax(1) == y).float().mean() for X, y in whole))
                print(found)
        return found

    def whole(self, loader):
        inputs, labels = zip(*loader, strict=True)
        return self.move(torch.cat(inputs), torch.cat(labels))

    def clear(self):
        pass

    def record(self, loss, part, scaled, count):
        pass


class printed_loop(_Printed):
    """The loop of many notes as printed: no history, never back to training mode, no optional argument.

    After every epoch it goes through all data again and prints what it finds. Keep the losses that the training has
    computed, once for every epoch, and return them; call the model's `train` in every epoch. Then add the optional
    arguments one after the other.
    """

    def training_mode(self):
        pass

    def run(self):
        super().run()


def printed_loop__rewrite(model, train_loader, optimizer, loss_fn, num_epochs, device, *, val_loader=None, **options):
    _printed(model, train_loader, optimizer, loss_fn, num_epochs, device, val_loader, modes=(False,))


class printed_loop_that_returns_the_last_figures(_Printed):
    """The loop of many notes that returns the last figures: no history, no optional argument.

    After every epoch it goes through all data again and prints what it finds. Keep the losses that the training has
    computed, once for every epoch, and return them. Then add the optional arguments one after the other.
    """


def printed_loop_that_returns_the_last_figures__rewrite(
    model, train_loader, optimizer, loss_fn, num_epochs, device, *, val_loader=None, **options
):
    modes = (True, False)
    return _printed(model, train_loader, optimizer, loss_fn, num_epochs, device, val_loader, modes)


def _printed(model, train_loader, optimizer, loss_fn, num_epochs, device, val_loader, modes):
    net = model.to(device)
    X, y = (torch.cat(parts).to(device) for parts in zip(*train_loader, strict=True))
    if val_loader is not None:
        val_X, val_y = (torch.cat(parts).to(device) for parts in zip(*val_loader, strict=True))
    loss = accuracy = val_accuracy = 0
    for epoch in range(num_epochs):
        if True in modes:
            net.train()
        for inputs, labels in train_loader:
            batch_loss = loss_fn(net(inputs.to(device)), labels.to(device))
            net.zero_grad()
            batch_loss.backward()
            optimizer.step()
        net.train(modes[-1])
        with torch.no_grad():
            loss = loss_fn(net(X), y)
            right = net(X).argmax(axis=1) == y
            accuracy = right.sum() / len(right)
            if val_loader is not None:
                val_accuracy = (net(val_X).argmax(axis=1) == val_y).sum() / len(val_y)
            print(f"{epoch + 1}/{num_epochs}: {loss} {accuracy} {val_accuracy}")
    return loss, accuracy, val_accuracy
