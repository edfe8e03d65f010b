"""Two ways to accumulate that the mistakes change: `Pieces`, a class of small parts, and `flat`, one long function."""

import torch


class Pieces:
    """Right as it stands; a mistake overrides one of the parts. To call the class is to accumulate."""

    def __new__(cls, model, inputs, labels, optimizer, loss_fn, micro_batch_size):
        pieces = super().__new__(cls)
        pieces.model, pieces.optimizer, pieces.loss_fn = model, optimizer, loss_fn
        pieces.inputs, pieces.labels, pieces.size = inputs, labels, micro_batch_size
        pieces.check()
        return pieces.run()

    def check(self):
        if self.size < 1:
            raise ValueError("micro_batch_size must be 1 or more")

    def run(self):
        self.clear_at_start()
        self.total = torch.zeros((), device=self.inputs.device)
        for inputs, labels in self.parts():
            self.clear_between()
            loss = self.loss_fn(self.model(inputs), labels)
            self.backward(loss * self.weight(labels))
            self.record(loss, labels)
            self.after_part()
        self.after_all()
        return self.answer()

    def parts(self):
        return zip(self.inputs.split(self.size), self.labels.split(self.size), strict=True)

    def clear_at_start(self):
        self.optimizer.zero_grad()

    def clear_between(self):
        pass

    def weight(self, labels):
        return len(labels) / len(self.labels)

    def backward(self, loss):
        loss.backward()

    def record(self, loss, labels):
        self.total = self.total + loss.detach() * (len(labels) / len(self.labels))

    def after_part(self):
        pass

    def after_all(self):
        pass

    def answer(self):
        return self.total


def flat(wrong, model, inputs, labels, optimizer, loss_fn, micro_batch_size):
    """`wrong` is the name of the mistake that it makes."""
    if micro_batch_size <= 0:
        raise ValueError("bad size" if wrong == "message_names_nothing" else "micro_batch_size")
    params = list(model.parameters())

    def zero():
        for p in params:
            p.grad = None

    if wrong not in ("never_clears", "clears_at_the_end"):
        zero()
    if wrong == "puts_the_model_in_training_mode":
        model.train()
    n, size = len(labels), micro_batch_size
    if wrong == "whole_batch_at_once":
        size = n
    if wrong == "one_by_one":
        size = 1
    if wrong == "size_taken_for_number":
        size = -(-n // size)
    end = n - n % size if wrong == "tail_dropped" and n >= size else n
    count = -(-n // size)
    losses, sizes = [], []
    for start in range(0, end, size):
        x, y = inputs[start : start + size], labels[start : start + size]
        loss = loss_fn(model(x), y)
        share = len(y) / n
        if wrong == "weighted_alike":
            share = 1 / count
        elif wrong == "not_weighted":
            share = 1
        elif wrong == "divided_by_the_size":
            share = 1 / size
        elif wrong == "tail_weighted_as_full":
            share = size / n
        elif wrong == "divided_by_the_batch":
            share = 1 / n
        part = loss * share
        if wrong == "gradients_overwritten":
            learned = [p for p in params if p.requires_grad]
            for p, g in zip(learned, torch.autograd.grad(part, learned, allow_unused=True), strict=True):
                p.grad = g
        elif wrong == "none_gradient_crashes":
            before = [None if p.grad is None else p.grad.clone() for p in params]
            zero()
            part.backward()
            for p, g in zip(params, before, strict=True):
                p.grad = p.grad.clone() if g is None else g + p.grad
        else:
            part.backward(create_graph=wrong == "second_derivatives_prepared")
        kept = loss if wrong == "keeps_graphs" else loss.detach()
        if wrong == "reads_every_part":
            kept = torch.tensor(kept.item(), device=inputs.device)
        losses.append(kept)
        sizes.append(len(y))
        if wrong == "steps_for_every_part":
            optimizer.step()
    if wrong == "steps_at_the_end":
        optimizer.step()
    if wrong == "clears_at_the_end":
        zero()
    return _flat_answer(wrong, losses, sizes, n)


def _flat_answer(wrong, losses, sizes, samples):
    if wrong == "returns_the_last":
        return losses[-1]
    if wrong in ("returns_the_mean_of_means", "weighted_alike"):
        return sum(losses) / len(losses)
    if wrong == "returns_the_sum_of_means":
        return sum(losses)
    if wrong == "returns_all":
        return losses
    total = sum(loss * size for loss, size in zip(losses, sizes, strict=True)) / samples
    if wrong == "returns_the_sum_over_samples":
        return total * samples
    if wrong == "returns_a_number":
        return total.item()
    return None if wrong == "returns_nothing" else total
