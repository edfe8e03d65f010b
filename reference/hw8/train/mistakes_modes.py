"""Ways in which the training loop goes wrong with modes, graphs and settings that it switches or keeps."""

import contextlib

import torch
from loops import Loop as _Loop
from loops import flat as _flat


class unfreezes_after_validation(_Loop):
    """Frozen parameters are trained after a validation.

    `requires_grad` was switched off for the validation and then on for all parameters, also for those that came frozen.
    `torch.no_grad()` needs no such change.
    """

    def validate(self):
        self.model.requires_grad_(False)
        figures = super().validate()
        self.model.requires_grad_(True)
        return figures


def unfreezes_after_validation__rewrite(*args, **options):
    return _flat("unfreezes_after_validation", *args, **options)


class freezes_at_the_end(_Loop):
    """The parameters require no gradient any more when the function returns.

    A second call, say with the history of the first, could not learn. Leave `requires_grad` as it is.
    """

    def run(self):
        history = super().run()
        self.model.requires_grad_(False)
        return history


def freezes_at_the_end__rewrite(*args, **options):
    return _flat("freezes_at_the_end", *args, **options)


class second_derivatives_prepared(_Loop):
    """`backward` also builds the graph of the gradients.

    `create_graph` is for second derivatives. A step needs none, and the graph takes as much memory again.
    """

    def backward(self, scaled):
        scaled.backward(create_graph=True)


def second_derivatives_prepared__rewrite(*args, **options):
    return _flat("second_derivatives_prepared", *args, **options)


class settings_left_changed(_Loop):
    """A global setting of torch is changed and not put back.

    Precision, determinism or the search for fast kernels are for the whole program: whoever calls the function
    decides about them.
    """

    def prepare(self, *args, **options):
        super().prepare(*args, **options)
        torch.use_deterministic_algorithms(True)


def settings_left_changed__rewrite(*args, **options):
    return _flat("settings_left_changed", *args, **options)


class keeps_graphs(_Loop):
    """The graph of every batch is held on to.

    A loss remembers how it was computed, and so does a sum of losses, or a list of outputs: memory grows with every
    batch. Detach what you keep before you add it.
    """

    def record(self, loss, part, scaled, count):
        self.total = self.total + loss * count
        self.samples += count


def keeps_graphs__rewrite(*args, **options):
    return _flat("keeps_graphs", *args, **options)


class never_train_mode(_Loop):
    """The model is never set to training mode.

    A model that has been evaluated stays in evaluation mode: no dropout, and batch norm does not learn. Call its
    `train` at the start of every epoch.
    """

    def training_mode(self):
        pass


def never_train_mode__rewrite(*args, **options):
    return _flat("never_train_mode", *args, **options)


class train_mode_once(_Loop):
    """The model is set to training mode only once.

    After the first validation it stays in evaluation mode. Set the mode at the start of every epoch, not before the
    first one.
    """

    def place_model(self):
        super().place_model()
        self.model.train()

    def training_mode(self):
        pass


def train_mode_once__rewrite(*args, **options):
    return _flat("train_mode_once", *args, **options)


class no_eval_mode(_Loop):
    """Validation runs in training mode.

    Dropout is active and batch norm takes in the validation data. `no_grad` does not change the mode: call `eval`
    of the model.
    """

    def evaluation_mode(self):
        pass


def no_eval_mode__rewrite(*args, **options):
    return _flat("no_eval_mode", *args, **options)


class no_no_grad(_Loop):
    """Validation records gradients.

    The graph costs memory that nothing uses; `eval` does not turn it off. Validate inside `torch.no_grad()`.
    """

    def no_gradients(self):
        return contextlib.nullcontext()


def no_no_grad__rewrite(*args, **options):
    return _flat("no_no_grad", *args, **options)


class gradients_left_off(_Loop):
    """Gradients are switched off for the validation and never on again.

    The next `backward` finds no graph. Use `torch.no_grad()` in a with statement, which puts the setting back.
    """

    def no_gradients(self):
        torch.set_grad_enabled(False)
        return contextlib.nullcontext()


def gradients_left_off__rewrite(*args, **options):
    return _flat("gradients_left_off", *args, **options)
