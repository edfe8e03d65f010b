"""Ways in which the training loop goes wrong with the device: what is moved, copied and waited for."""

import torch
from loops import Loop as _Loop
from loops import flat as _flat


class device_chosen_by_itself(_Loop):
    """An accelerator is used, whatever device is given.

    The function asks what the machine has instead of doing what it is told. Use the argument `device`.
    """

    def prepare(self, *args, **options):
        super().prepare(*args, **options)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def device_chosen_by_itself__rewrite(*args, **options):
    return _flat("device_chosen_by_itself", *args, **options)


class reads_every_batch(_Loop):
    """The host waits for the device in every batch.

    `item()`, `float()`, `print` and an `if` on a tensor make Python wait until the device has done all its work.
    Add up on the device and read once at the end of the epoch; compare with `torch.where` or `clamp`.
    """

    def record(self, loss, part, scaled, count):
        self.total = self.total + torch.full((), loss.item() * count)
        self.samples += count


def reads_every_batch__rewrite(*args, **options):
    return _flat("reads_every_batch", *args, **options)


class copies_every_batch(_Loop):
    """A tensor is copied to the CPU in every batch.

    A copy to the host waits until the device has done all its work. Add up on the device and copy once at the end
    of the epoch.
    """

    def record(self, loss, part, scaled, count):
        super().record(loss.cpu(), part, scaled, count)


def copies_every_batch__rewrite(*args, **options):
    return _flat("copies_every_batch", *args, **options)


class model_not_moved(_Loop):
    """The model is not moved to the device.

    Its weights stay on the CPU while the batches are on the device. Move the model once, before the first epoch.
    """

    def place_model(self):
        pass


def model_not_moved__rewrite(*args, **options):
    return _flat("model_not_moved", *args, **options)


class inputs_not_moved(_Loop):
    """The inputs are not moved to the device.

    A loader gives CPU tensors. `to` returns a new tensor: move the inputs of every batch and use what it returns.
    """

    def move(self, inputs, labels):
        inputs.to(self.device)
        return inputs, labels.to(self.device)


def inputs_not_moved__rewrite(*args, **options):
    return _flat("inputs_not_moved", *args, **options)


class labels_not_moved(_Loop):
    """The labels are not moved to the device.

    The outputs are on the device and the loss needs both there. Move the labels of every batch as well as the
    inputs.
    """

    def move(self, inputs, labels):
        return inputs.to(self.device), labels


def labels_not_moved__rewrite(*args, **options):
    return _flat("labels_not_moved", *args, **options)


class device_ignored(_Loop):
    """The model is on the CPU when the function returns.

    Often the argument `device` is not used at all: move the model, and the inputs and labels of every batch. Do not
    move the model back.
    """

    def place_model(self):
        pass

    def move(self, inputs, labels):
        return inputs, labels


def device_ignored__rewrite(*args, **options):
    return _flat("device_ignored", *args, **options)
