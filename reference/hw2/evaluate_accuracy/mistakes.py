"""Ways in which counting what a net gets right goes wrong. The mistakes change a part of `_accuracy`."""

import torch


def _modes(net):
    return [(part, part.training) for part in net.modules()]


def _put_back(net, modes):
    for part, mode in modes:
        part.training = mode


def _accuracy(
    net,
    data_iter,
    *,
    mode=lambda net: net.eval(),
    grad=torch.no_grad,
    forward=lambda net, X: net(X),
    right=lambda scores, y: int((scores.argmax(dim=1) == y).sum()),
    share=lambda rights, sizes: sum(rights) / sum(sizes) if sizes else 0.0,
    after=_put_back,
):
    """Right as it stands; a mistake gives another part."""
    modes = _modes(net)
    mode(net)
    rights, sizes = [], []
    with grad():
        for X, y in data_iter:
            rights.append(right(forward(net, X), y))
            sizes.append(len(y))
    after(net, modes)
    return share(rights, sizes)


def _again(net, data_iter, wrong=""):
    """The same in one function, with one thing wrong."""
    before = {part: part.training for part in net.modules()}
    if wrong == "training":
        net.train()
    elif wrong == "top only":
        net.training = False
    elif wrong != "mode left":
        net.train(mode=False)
    hits, count, batches, shares = 0, 0, 0, 0.0
    recording = torch.is_grad_enabled()
    torch.set_grad_enabled(wrong == "recorded")
    for X, y in data_iter:
        best = net(X).max(dim=0 if wrong == "axis" else 1)[1]
        found = sum(a == b for a, b in zip(best.tolist(), y.tolist()))
        hits, count, batches, shares = hits + found, count + y.shape[0], batches + 1, shares + found / (y.shape[0] or 1)
    torch.set_grad_enabled(recording)
    if wrong == "train":
        net.train()
    elif wrong == "only own":
        net.train(before[net])
    elif wrong not in ("never back", "mode left"):
        for part in before:
            part.training = before[part]
    if not count:
        return 0.0
    return shares / batches if wrong == "shares" else hits / count


def never_back(net, data_iter):
    """The net stays in evaluation mode.

    The training that goes on afterwards has no dropout, and its batch normalisation learns no statistics, without any
    message. Put the modes back.
    """
    return _accuracy(net, data_iter, after=lambda net, modes: None)


def never_back__rewrite(net, data_iter):
    return _again(net, data_iter, "never back")


def always_training(net, data_iter):
    """The net is in training mode afterwards, however it came.

    Who evaluates a net twice, or has it in evaluation mode for use, wants it as it was. Remember the mode first.
    """
    return _accuracy(net, data_iter, after=lambda net, modes: net.train())


def always_training__rewrite(net, data_iter):
    return _again(net, data_iter, "train")


def parts_forgotten(net, data_iter):
    """All parts get the mode of the whole.

    `net.train(…)` sets every part. One that was kept in evaluation mode on purpose, such as a frozen batch
    normalisation, would learn again. Remember the mode of each.
    """
    return _accuracy(net, data_iter, after=lambda net, modes: net.train(modes[0][1]))


def parts_forgotten__rewrite(net, data_iter):
    return _again(net, data_iter, "only own")


def mode_left(net, data_iter):
    """The net is evaluated in the mode in which it comes.

    In training mode dropout leaves things out at random, and batch normalisation changes its running statistics. Call
    `eval()` first.
    """
    return _accuracy(net, data_iter, mode=lambda net: None)


def mode_left__rewrite(net, data_iter):
    return _again(net, data_iter, "mode left")


def training_mode(net, data_iter):
    """The net is set to training mode.

    Evaluation needs `eval()`: no dropout, and the running statistics of batch normalisation.
    """
    return _accuracy(net, data_iter, mode=lambda net: net.train())


def training_mode__rewrite(net, data_iter):
    return _again(net, data_iter, "training")


def top_only(net, data_iter):
    """Only the net itself is set to evaluation mode, not its parts.

    `net.training = False` sets one flag. `net.eval()` goes through all parts.
    """

    def mode(net):
        net.training = False

    return _accuracy(net, data_iter, mode=mode)


def top_only__rewrite(net, data_iter):
    return _again(net, data_iter, "top only")


def gradients_recorded(net, data_iter):
    """Gradients are recorded.

    `eval()` does not switch that off. `torch.no_grad()` saves the memory of the graph.
    """
    return _accuracy(net, data_iter, grad=torch.enable_grad)


def gradients_recorded__rewrite(net, data_iter):
    return _again(net, data_iter, "recorded")


def parameters_frozen(net, data_iter):
    """The parameters are frozen.

    `requires_grad_(False)` goes for the training afterwards, too. `torch.no_grad()` records nothing, and changes
    nothing in the net.
    """
    net.requires_grad_(False)
    return _accuracy(net, data_iter)


def parameters_frozen__rewrite(net, data_iter):
    for param in net.parameters():
        param.requires_grad = False
    return _again(net, data_iter)


def thawed(net, data_iter):
    """Frozen parameters are thawed.

    Whatever `requires_grad` was, it stays.
    """
    net.requires_grad_(False)
    accuracy = _accuracy(net, data_iter)
    net.requires_grad_(True)
    return accuracy


def thawed__rewrite(net, data_iter):
    accuracy = _again(net, data_iter)
    for param in net.parameters():
        param.requires_grad = True
    return accuracy


def inputs_scaled(net, data_iter):
    """The inputs are divided by a number.

    X goes to the net as it comes. Divided by 256 here and by 255 in training, or here once more, it is not what the net
    has learnt from.
    """
    return _accuracy(net, data_iter, forward=lambda net, X: net(X / 256))


def inputs_scaled__rewrite(net, data_iter):
    return _again(net, ((X.mul(1 / 256), y) for X, y in data_iter))


def called_twice(net, data_iter):
    """The net is called twice for each batch.

    One call gives the scores.
    """
    return _accuracy(net, data_iter, forward=lambda net, X: (net(X), net(X))[1])


def called_twice__rewrite(net, data_iter):
    accuracy = 0.0
    hits = count = 0
    modes = _modes(net)
    net.eval()
    with torch.no_grad():
        for X, y in data_iter:
            assert len(net(X)) == len(y)
            hits, count = hits + int(net(X).argmax(1).eq(y).sum()), count + len(y)
    _put_back(net, modes)
    return hits / count if count else 0.0


def mean_of_accuracies(net, data_iter):
    """The mean of the batches' accuracies is returned.

    A last batch of one sample then counts as much as a full one. Count the samples that are right, and divide once.
    """
    return _accuracy(
        net,
        data_iter,
        share=lambda rights, sizes: sum(r / (s or 1) for r, s in zip(rights, sizes)) / len(sizes) if sizes else 0.0,
    )


def mean_of_accuracies__rewrite(net, data_iter):
    return _again(net, data_iter, "shares")


def last_batch_only(net, data_iter):
    """The accuracy of the last batch is returned.

    Add up over all batches before dividing.
    """
    return _accuracy(net, data_iter, share=lambda rights, sizes: rights[-1] / sizes[-1] if sizes else 0.0)


def last_batch_only__rewrite(net, data_iter):
    batches = list(data_iter)
    if not batches:
        return 0.0
    for batch in batches[:-1]:
        _again(net, [batch])
    return _again(net, batches[-1:])


def first_batch_only(net, data_iter):
    """The accuracy of the first batch is returned.

    The function returns inside its loop. Go through all batches first.
    """
    return _accuracy(net, list(data_iter)[:1])


def first_batch_only__rewrite(net, data_iter):
    for batch in data_iter:
        return _again(net, [batch])
    return 0.0


def number_right(net, data_iter):
    """The number of samples that are right is returned.

    The stub asks for the fraction: divide by the number of samples.
    """
    return _accuracy(net, data_iter, share=lambda rights, sizes: float(sum(rights)))


def number_right__rewrite(net, data_iter):
    sizes = []
    return _again(net, (sizes.append(len(y)) or (X, y) for X, y in data_iter)) * sum(sizes)


def percent(net, data_iter):
    """The accuracy is in percent.

    It is a fraction from 0 to 1.
    """
    return _accuracy(net, data_iter, share=lambda rights, sizes: 100 * sum(rights) / sum(sizes) if sizes else 0.0)


def percent__rewrite(net, data_iter):
    return _again(net, data_iter) * 100.0


def error_rate(net, data_iter):
    """The fraction of samples that are wrong is returned.

    The stub asks for those that are right.
    """
    return _accuracy(net, data_iter, right=lambda scores, y: int((scores.argmax(dim=1) != y).sum()))


def error_rate__rewrite(net, data_iter):
    seen = []
    accuracy = _again(net, (seen.append(1) or batch for batch in data_iter))
    return 1 - accuracy if seen else accuracy


def wrong_axis(net, data_iter):
    """The largest score is looked for along the batch.

    The classes are on the last axis: `argmax(dim=1)`.
    """
    return _accuracy(
        net, data_iter, right=lambda scores, y: sum(int(a) == int(b) for a, b in zip(scores.argmax(dim=0), y))
    )


def wrong_axis__rewrite(net, data_iter):
    return _again(net, data_iter, "axis")


def recording_left_off(net, data_iter):
    """Recording of gradients is switched off and stays off.

    From then on no backward pass works, anywhere. Use `torch.no_grad()` as a `with` block or a decorator: it puts back
    what was before.
    """
    accuracy = _accuracy(net, data_iter)
    torch.set_grad_enabled(False)
    return accuracy


def recording_left_off__rewrite(net, data_iter):
    torch._C._set_grad_enabled(False)
    return _again(net, data_iter)


def score_above_a_half(net, data_iter):
    """A sample counts as right when the score of its label is above a half.

    Scores are no probabilities, and the largest one decides.
    """
    return _accuracy(net, data_iter, right=lambda scores, y: int((scores.gather(1, y[:, None]) > 0.5).sum()))


def score_above_a_half__rewrite(net, data_iter):
    hits = count = 0
    modes = _modes(net)
    net.eval()
    with torch.no_grad():
        for X, y in data_iter:
            scores = net(X)
            hits += sum(float(scores[j, int(label)]) > 0.5 for j, label in enumerate(y))
            count += len(y)
    _put_back(net, modes)
    return hits / count if count else 0.0


def tensor_returned(net, data_iter):
    """A tensor is returned.

    The stub asks for a Python float: `.item()`.
    """
    return torch.tensor(_accuracy(net, data_iter))


def tensor_returned__rewrite(net, data_iter):
    return torch.as_tensor(_again(net, data_iter), dtype=torch.float64)


def no_batch_fails(net, data_iter):
    """Without a batch the function fails.

    Nothing can be divided by 0 samples. The stub asks for 0.0.
    """
    return _accuracy(net, data_iter, share=lambda rights, sizes: sum(rights) / sum(sizes))


def no_batch_fails__rewrite(net, data_iter):
    sizes = []
    accuracy = _again(net, (sizes.append(len(y)) or (X, y) for X, y in data_iter))
    return accuracy * (sum(sizes) / sum(sizes))


def length_needed(net, data_iter):
    """The batches are taken for a list.

    An iterable may have no length and no index. Count while you go through it.
    """
    len(data_iter)
    return _accuracy(net, data_iter)


def length_needed__rewrite(net, data_iter):
    return _again(net, [data_iter[j] for j in range(len(data_iter))])


def gone_through_twice(net, data_iter):
    """The batches are gone through twice.

    An iterator is at its end after the first time. Count samples and hits in one loop.
    """
    size = sum(len(y) for _, y in data_iter)
    rights = []
    _accuracy(net, data_iter, share=lambda found, sizes: rights.extend(found))
    return sum(rights) / size if size else 0.0


def gone_through_twice__rewrite(net, data_iter):
    sizes = [y.shape[0] for _, y in data_iter]
    sizes_now = []
    accuracy = _again(net, (sizes_now.append(len(y)) or (X, y) for X, y in data_iter))
    return accuracy * sum(sizes_now) / sum(sizes) if sizes else 0.0


def weights_moved(net, data_iter):
    """The parameters change.

    An evaluation takes no step, and leaves the weights as they are.
    """
    accuracy = _accuracy(net, data_iter)
    for param in net.parameters():
        param.data.mul_(0.5)
    return accuracy


def weights_moved__rewrite(net, data_iter):
    accuracy = _again(net, data_iter)
    with torch.no_grad():
        for param in net.parameters():
            param /= 2
    return accuracy


def labels_on_the_cpu(net, data_iter):
    """The scores are compared on the CPU with labels that are not there.

    Net and batches are on one device. Compare there, and read one number.
    """
    return _accuracy(net, data_iter, right=lambda scores, y: int((scores.cpu().argmax(dim=1) == y).sum()))


def labels_on_the_cpu__rewrite(net, data_iter):
    hits = count = 0
    modes = _modes(net)
    net.eval()
    with torch.no_grad():
        for X, y in data_iter:
            best = torch.tensor([int(row.argmax()) for row in net(X)])
            hits, count = hits + int(torch.eq(best, y).sum()), count + len(y)
    _put_back(net, modes)
    return hits / count if count else 0.0


def share_times_count(net, data_iter):
    """The right ones of a batch are computed as a share times a number, and cut off to a whole one.

    5 / 6 times 6 is 4.9999998 in single precision, and `int` makes 4 of it. Add up what is right: that is whole.
    """
    right = lambda scores, y: int((scores.argmax(1) == y).float().mean().nan_to_num().item() * len(y))
    return _accuracy(net, data_iter, right=right)


def share_times_count__rewrite(net, data_iter):
    def right(scores, y):
        share = sum((best == y[i]).float() for i, best in enumerate(scores.argmax(1))) / max(len(y), 1)
        return int(len(y) * float(share))

    return _accuracy(net, data_iter, right=right)


def counted_in_bytes(net, data_iter):
    """The right ones of a batch are counted in a byte.

    A uint8 ends at 255. `sum()` of a comparison counts in int64 by itself.
    """
    return _accuracy(net, data_iter, right=lambda scores, y: (scores.argmax(1) == y).sum(dtype=torch.uint8).item())


def counted_in_bytes__rewrite(net, data_iter):
    return _accuracy(net, data_iter, right=lambda scores, y: int((scores.argmax(1) == y).sum()) % 256)


def nothing_put_back(net, data_iter):
    """Where there is no sample the net is left in evaluation mode.

    The function returns before the modes are put back. Put them back on every way out.
    """
    batches = list(data_iter)
    if not batches:
        net.eval()
        return 0.0
    return _accuracy(net, batches)


def nothing_put_back__rewrite(net, data_iter):
    seen = []

    def noted():
        for batch in data_iter:
            seen.append(1)
            yield batch

    answer = _again(net, noted())
    return answer if seen else (net.train(False), 0.0)[1]


def children_only(net, data_iter):
    """The mode of a part within a part is lost.

    `children()` are the parts of the net alone; `modules()` goes through the parts of the parts too.
    """
    modes = [(part, part.training) for part in (net, *net.children())]

    def after(net, _):
        for part, mode in modes:
            part.train(mode)

    return _accuracy(net, data_iter, after=after)


def children_only__rewrite(net, data_iter):
    top = {name: part.training for name, part in net.named_children()}
    mode = net.training
    answer = _again(net, data_iter)
    net.train(mode)
    for name, kept in top.items():
        getattr(net, name).train(kept)
    return answer


def only_where_the_net_trains(net, data_iter):
    """A part that comes in training mode stays there, where the net itself is in evaluation mode.

    `net.training` is one flag and says nothing of the parts. Call `eval()` always.
    """
    return _accuracy(net, data_iter, mode=lambda net: net.eval() if net.training else net)


def only_where_the_net_trains__rewrite(net, data_iter):
    if net.training:
        return _again(net, data_iter)
    return _accuracy(net, data_iter, mode=lambda net: None)


def gradients_thrown_away(net, data_iter):
    """The gradients of the parameters are thrown away.

    Nothing changes in the net: whoever evaluates between `backward` and `step` still needs them.
    """
    net.zero_grad()
    return _accuracy(net, data_iter)


def gradients_thrown_away__rewrite(net, data_iter):
    for parameter in net.parameters():
        parameter.grad = None
    return _again(net, data_iter)


def recording_switched_on(net, data_iter):
    """Gradients are recorded afterwards, whatever was before.

    Use `torch.no_grad()` as a `with` block: it puts back what was before.
    """
    answer = _accuracy(net, data_iter)
    torch.set_grad_enabled(True)
    return answer


def recording_switched_on__rewrite(net, data_iter):
    answer = _again(net, data_iter)
    torch._C._set_grad_enabled(True)
    return answer


def ends_at_an_empty_batch(net, data_iter):
    """An empty batch ends the evaluation.

    What comes behind it is never looked at. Go on with the next one.
    """

    def until_empty():
        for X, y in data_iter:
            if len(y) == 0:
                return
            yield X, y

    return _accuracy(net, until_empty())


def ends_at_an_empty_batch__rewrite(net, data_iter):
    import itertools

    return _again(net, itertools.takewhile(lambda batch: batch[1].numel() > 0, data_iter))


def of_probabilities(net, data_iter):
    """The largest score is looked for among probabilities.

    The sigmoid of 40 and that of 50 are both 1 in single precision, and the first one wins. Scores need no sigmoid and
    no softmax to be compared.
    """
    return _accuracy(net, data_iter, right=lambda scores, y: int((scores.sigmoid().argmax(1) == y).sum()))


def of_probabilities__rewrite(net, data_iter):
    squash = lambda scores: 1 / (1 + torch.exp(-scores))
    return _accuracy(net, data_iter, right=lambda scores, y: int((squash(scores).argmax(dim=-1) == y).sum()))


def inputs_in_single_precision(net, data_iter):
    """The inputs are turned into float32.

    A net in float64, or one that looks ids up, cannot take them. Hand X on as it comes.
    """
    return _accuracy(net, data_iter, forward=lambda net, X: net(X.float()))


def inputs_in_single_precision__rewrite(net, data_iter):
    return _again(net, ((X.to(torch.float32), y) for X, y in data_iter))
