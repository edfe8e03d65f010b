"""Ways in which an epoch goes wrong: the mode, and what is counted.

The mistakes change a part of `_epoch`, the rewrites one of `_again`.
"""

import torch
from epochs import again as _again
from epochs import epoch as _epoch
from epochs import the_mean as _mean
from epochs import the_right as _right
from epochs import the_step as _step


def mode_left(net, train_iter, loss, updater):
    """The net is not set to training mode.

    It may come from an evaluation: dropout would do nothing, and batch normalisation would use its running statistics.
    """
    return _epoch(net, train_iter, loss, updater, mode=lambda net: None)


def mode_left__rewrite(net, train_iter, loss, updater):
    return _again(net, train_iter, loss, updater, "mode left")


def evaluation_mode(net, train_iter, loss, updater):
    """The net is trained in evaluation mode.

    `eval()` is for the evaluation. Call `train()` before the first batch.
    """
    return _epoch(net, train_iter, loss, updater, mode=lambda net: net.eval())


def evaluation_mode__rewrite(net, train_iter, loss, updater):
    return _again(net, train_iter, loss, updater, "evaluation")


def left_in_evaluation(net, train_iter, loss, updater):
    """The net is left in evaluation mode.

    It is in training mode and is left there; who evaluates sets the mode.
    """
    return _epoch(net, train_iter, loss, updater, after=lambda net: net.eval())


def left_in_evaluation__rewrite(net, train_iter, loss, updater):
    answer = _again(net, train_iter, loss, updater)
    net.train(False)
    return answer


def top_only(net, train_iter, loss, updater):
    """Only the net itself is set to training mode, not its parts.

    `net.training = True` sets one flag. `net.train()` goes through all parts.
    """

    def mode(net):
        net.training = True

    return _epoch(net, train_iter, loss, updater, mode=mode)


def top_only__rewrite(net, train_iter, loss, updater):
    setattr(net, "training", True)
    return _again(net, train_iter, loss, updater, "mode left")


def mean_of_means(net, train_iter, loss, updater):
    """The mean of the batches' means is returned.

    A last batch of one sample then counts as much as a full one. Multiply each mean by its number of samples, and
    divide by all samples.
    """
    return _epoch(net, train_iter, loss, updater, mean=lambda losses, sizes: sum(losses) / len(losses))


def mean_of_means__rewrite(net, train_iter, loss, updater):
    return _again(net, train_iter, loss, updater, "mean of means")


def loss_of_the_last_batch(net, train_iter, loss, updater):
    """The loss of the last batch is returned.

    It is the mean over all samples of the epoch.
    """
    return _epoch(net, train_iter, loss, updater, mean=lambda losses, sizes: losses[-1])


def loss_of_the_last_batch__rewrite(net, train_iter, loss, updater):
    last = [0.0]

    def noting(scores, y):
        mean = loss(scores, y)
        last[0] = mean.item()
        return mean

    _, train_acc = _again(net, train_iter, noting, updater)
    return last[0], train_acc


def loss_after_the_step(net, train_iter, loss, updater):
    """The loss after the step is returned.

    It is the one before: the loss that was differentiated.
    """
    net.train()
    losses, hits, sizes = [], [], []
    for X, y in train_iter:
        scores = net(X)
        _step(updater, loss(scores, y))
        losses.append(loss(net(X), y).item())
        hits.append(_right(scores, y))
        sizes.append(len(y))
    return _mean(losses, sizes), sum(hits) / sum(sizes)


def loss_after_the_step__rewrite(net, train_iter, loss, updater):
    kept, after = [], []
    net.train()
    for X, y in train_iter:
        y_hat = net(X)
        updater.zero_grad()
        loss(y_hat, y).backward()
        updater.step()
        kept.append((_right(y_hat, y), len(y)))
        after.append(float(loss(net(X), y).detach()) * len(y))
    count = sum(size for _, size in kept)
    return sum(after) / count, sum(hits for hits, _ in kept) / count


def accuracy_after_the_step(net, train_iter, loss, updater):
    """The accuracy after the step is returned.

    It is that of the scores before, with which the loss was computed.
    """
    net.train()
    losses, hits, sizes = [], [], []
    for X, y in train_iter:
        mean = loss(net(X), y)
        _step(updater, mean)
        losses.append(mean.item())
        hits.append(_right(net(X), y))
        sizes.append(len(y))
    return _mean(losses, sizes), sum(hits) / sum(sizes)


def accuracy_after_the_step__rewrite(net, train_iter, loss, updater):
    data = list(train_iter)
    kept, hits = [], 0
    net.train()
    for X, y in data:
        mean = loss(net(X), y)
        updater.zero_grad()
        mean.backward()
        updater.step()
        kept.append(mean.item() * y.numel())
        hits += net(X).argmax(-1).eq(y).sum().item()
    count = sum(y.numel() for _, y in data)
    return sum(kept) / count, hits / count


def mean_of_accuracies(net, train_iter, loss, updater):
    """The mean of the batches' accuracies is returned.

    A last batch of one sample then counts as much as a full one. Count the samples that are right, and divide once.
    """
    return _epoch(
        net,
        train_iter,
        loss,
        updater,
        share=lambda rights, sizes: sum(right / size for right, size in zip(rights, sizes)) / len(sizes),
    )


def mean_of_accuracies__rewrite(net, train_iter, loss, updater):
    shares = []

    def noting(scores, y):
        shares.append((scores.detach().argmax(1) == y).float().mean().item())
        return loss(scores, y)

    train_loss, _ = _again(net, train_iter, noting, updater)
    return train_loss, sum(shares) / len(shares)


def number_right(net, train_iter, loss, updater):
    """The number of samples that are right is returned.

    The stub asks for the fraction: divide by the number of samples.
    """
    return _epoch(net, train_iter, loss, updater, share=lambda rights, sizes: float(sum(rights)))


def number_right__rewrite(net, train_iter, loss, updater):
    sizes = []
    noted = (sizes.append(len(y)) or (X, y) for X, y in train_iter)
    train_loss, train_acc = _again(net, noted, loss, updater)
    return train_loss, train_acc * sum(sizes)


def percent(net, train_iter, loss, updater):
    """The accuracy is in percent.

    It is a fraction from 0 to 1.
    """
    return _epoch(net, train_iter, loss, updater, share=lambda rights, sizes: 100 * sum(rights) / sum(sizes))


def percent__rewrite(net, train_iter, loss, updater):
    train_loss, train_acc = _again(net, train_iter, loss, updater)
    return train_loss, train_acc * 100.0


def error_rate(net, train_iter, loss, updater):
    """The fraction of samples that are wrong is returned.

    The stub asks for those that are right.
    """
    return _epoch(net, train_iter, loss, updater, right=lambda scores, y: int((scores.argmax(1) != y).sum()))


def error_rate__rewrite(net, train_iter, loss, updater):
    train_loss, train_acc = _again(net, train_iter, loss, updater)
    return train_loss, 1 - train_acc


def wrong_axis(net, train_iter, loss, updater):
    """The largest score is looked for along the batch.

    The classes are on the last axis: `argmax(dim=1)`.
    """

    def right(scores, y):
        best = scores.argmax(dim=0)
        return sum(int(a) == int(b) for a, b in zip(best, y))

    return _epoch(net, train_iter, loss, updater, right=right)


def wrong_axis__rewrite(net, train_iter, loss, updater):
    hits, count = 0, 0

    def noting(scores, y):
        nonlocal hits, count
        for best, label in zip(scores.detach().max(0).indices.tolist(), y.tolist()):
            hits += best == label
        count += len(y)
        return loss(scores, y)

    train_loss, _ = _again(net, train_iter, noting, updater)
    return train_loss, hits / count


def swapped(net, train_iter, loss, updater):
    """The accuracy is returned first.

    The order is the loss, then the accuracy.
    """
    return _epoch(net, train_iter, loss, updater)[::-1]


def swapped__rewrite(net, train_iter, loss, updater):
    train_loss, train_acc = _again(net, train_iter, loss, updater)
    return train_acc, train_loss


def tensors_returned(net, train_iter, loss, updater):
    """Tensors are returned.

    The stub asks for Python floats: `.item()`.
    """
    return tuple(torch.tensor(value) for value in _epoch(net, train_iter, loss, updater))


def tensors_returned__rewrite(net, train_iter, loss, updater):
    train_loss, train_acc = _again(net, train_iter, loss, updater)
    return torch.as_tensor(train_loss), torch.as_tensor(train_acc)


def list_returned(net, train_iter, loss, updater):
    """A list is returned.

    The stub asks for a pair: `return a, b`.
    """
    return list(_epoch(net, train_iter, loss, updater))


def list_returned__rewrite(net, train_iter, loss, updater):
    return [*_again(net, train_iter, loss, updater)]


def graphs_kept(net, train_iter, loss, updater):
    """The graphs of all batches are kept until the end.

    What is added up holds the graph of its batch, and with it all that was computed on the way. Add numbers: `.item()`,
    or `detach()`.
    """
    net.train()
    total, hits, count = 0.0, 0, 0
    for X, y in train_iter:
        scores = net(X)
        mean = loss(scores, y)
        _step(updater, mean)
        total = total + mean * len(y)
        hits, count = hits + _right(scores, y), count + len(y)
    return total.item() / count, hits / count


def graphs_kept__rewrite(net, train_iter, loss, updater):
    held = []

    def holding(scores, y):
        held.append(loss(scores, y))
        return held[-1]

    return _again(net, train_iter, holding, updater)


def length_needed(net, train_iter, loss, updater):
    """The batches are taken for a list.

    An iterable may have no length and no index. Count while you go through it.
    """
    len(train_iter)
    return _epoch(net, train_iter, loss, updater)


def length_needed__rewrite(net, train_iter, loss, updater):
    batches = [train_iter[j] for j in range(len(train_iter))]
    return _again(net, batches, loss, updater)


def gone_through_twice(net, train_iter, loss, updater):
    """The batches are gone through twice.

    An iterator is at its end after the first time. Do everything in one loop.
    """
    train_loss, _ = _epoch(net, train_iter, loss, updater)
    rest = [(int((net(X).argmax(1) == y).sum()), len(y)) for X, y in train_iter]
    return train_loss, sum(right for right, _ in rest) / sum(size for _, size in rest)


def gone_through_twice__rewrite(net, train_iter, loss, updater):
    train_loss, train_acc = _again(net, train_iter, loss, updater)
    hits, count = 0, 0
    for X, y in train_iter:
        hits, count = hits + _right(net(X), y), count + len(y)
    return train_loss, hits / count


def labels_on_the_cpu(net, train_iter, loss, updater):
    """The scores are compared on the CPU with labels that are not there.

    Net and batches are on one device. Compare there, and read one number.
    """
    return _epoch(net, train_iter, loss, updater, right=lambda scores, y: int((scores.cpu().argmax(1) == y).sum()))


def labels_on_the_cpu__rewrite(net, train_iter, loss, updater):
    hits, count = 0, 0

    def noting(scores, y):
        nonlocal hits, count
        hits += int(scores.detach().cpu().argmax(1).eq(y).sum())
        count += len(y)
        return loss(scores, y)

    train_loss, _ = _again(net, train_iter, noting, updater)
    return train_loss, hits / count


def recording_left_off(net, train_iter, loss, updater):
    """Recording of gradients is switched off and stays off.

    From then on no backward pass works, anywhere. Use `torch.no_grad()` as a `with` block or a decorator: it puts back
    what was before.
    """
    answer = _epoch(net, train_iter, loss, updater)
    torch.set_grad_enabled(False)
    return answer


def recording_left_off__rewrite(net, train_iter, loss, updater):
    answer = _again(net, train_iter, loss, updater)
    torch._C._set_grad_enabled(False)
    return answer


def settings_changed(net, train_iter, loss, updater):
    """torch's settings are changed.

    An epoch is no place to set what goes for the whole program.
    """
    torch.autograd.set_detect_anomaly(True)
    return _epoch(net, train_iter, loss, updater)


def settings_changed__rewrite(net, train_iter, loss, updater):
    torch.backends.cudnn.deterministic = True
    return _again(net, train_iter, loss, updater)


def share_times_count(net, train_iter, loss, updater):
    """The right ones of a batch are computed as a share times a number, and cut off to a whole one.

    5 / 6 times 6 is 4.9999998 in single precision, and `int` makes 4 of it. Add up what is right: that is whole.
    """
    right = lambda scores, y: int((scores.argmax(1) == y).float().mean().item() * len(y))
    return _epoch(net, train_iter, loss, updater, right=right)


def share_times_count__rewrite(net, train_iter, loss, updater):
    def right(scores, y):
        share = sum((best == y[i]).float() for i, best in enumerate(scores.argmax(1))) / len(y)
        return int(len(y) * float(share))

    return _epoch(net, train_iter, loss, updater, right=right)


def counted_in_bytes(net, train_iter, loss, updater):
    """The right ones of a batch are counted in a byte.

    A uint8 ends at 255. `sum()` of a comparison counts in int64 by itself.
    """
    right = lambda scores, y: (scores.argmax(1) == y).sum(dtype=torch.uint8).item()
    return _epoch(net, train_iter, loss, updater, right=right)


def counted_in_bytes__rewrite(net, train_iter, loss, updater):
    return _epoch(net, train_iter, loss, updater, right=lambda scores, y: _right(scores, y) % 256)


def of_probabilities(net, train_iter, loss, updater):
    """The largest score is looked for among probabilities.

    The sigmoid of 40 and that of 50 are both 1 in single precision, and the first one wins. Scores need no sigmoid and
    no softmax to be compared.
    """
    return _epoch(net, train_iter, loss, updater, right=lambda scores, y: _right(scores.sigmoid(), y))


def of_probabilities__rewrite(net, train_iter, loss, updater):
    return _epoch(net, train_iter, loss, updater, right=lambda scores, y: _right(1 / (1 + torch.exp(-scores)), y))


def only_where_the_net_evaluates(net, train_iter, loss, updater):
    """A part that comes in evaluation mode stays there, where the net itself is in training mode.

    `net.training` is one flag and says nothing of the parts. Call `train()` always.
    """
    return _epoch(net, train_iter, loss, updater, mode=lambda net: net if net.training else net.train())


def only_where_the_net_evaluates__rewrite(net, train_iter, loss, updater):
    if not net.training:
        net.train()
    return _again(net, train_iter, loss, updater, "mode left")


def inputs_in_single_precision(net, train_iter, loss, updater):
    """The inputs are turned into float32.

    A net in float64, or one that looks ids up, cannot take them. Hand X on as it comes.
    """
    return _epoch(net, train_iter, loss, updater, forward=lambda net, X: net(X.float()))


def inputs_in_single_precision__rewrite(net, train_iter, loss, updater):
    return _again(net, ((X.to(torch.float32), y) for X, y in train_iter), loss, updater)


def closure_given(net, train_iter, loss, updater):
    """The step is given a closure that computes everything once more.

    Optimizers call what `step` is given: the net and the loss run twice for each batch. After `backward()` a plain
    `step()` is all.
    """
    kept = []

    def measure(loss, scores, y):
        kept[1:] = [y]
        return loss(scores, y)

    def forward(net, X):
        kept[:1] = [X]
        return net(X)

    def step(updater, mean):
        updater.zero_grad()
        mean.backward()
        updater.step(lambda: loss(net(kept[0]), kept[1]))

    return _epoch(net, train_iter, loss, updater, forward=forward, measure=measure, step=step)


def closure_given__rewrite(net, train_iter, loss, updater):
    last = []

    class Updater:
        param_groups = updater.param_groups

        def zero_grad(self, *args, **kwargs):
            updater.zero_grad(*args, **kwargs)

        def step(self):
            updater.step(lambda: loss(net(last[0]), last[1]))

    def noted():
        for X, y in train_iter:
            last[:] = [X, y]
            yield X, y

    return _again(net, noted(), loss, Updater())
