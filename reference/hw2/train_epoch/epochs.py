"""An epoch by hand, with parts that can be exchanged."""

import torch


def the_mean(losses, sizes):
    return sum(loss * size for loss, size in zip(losses, sizes, strict=False)) / sum(sizes)


def the_right(scores, y):
    return int((scores.argmax(1) == y).sum())


def the_step(updater, mean):
    updater.zero_grad()
    mean.backward()
    updater.step()


def epoch(
    net,
    train_iter,
    loss,
    updater,
    *,
    mode=lambda net: net.train(),
    forward=lambda net, X: net(X),
    measure=lambda loss, scores, y: loss(scores, y),
    step=the_step,
    right=the_right,
    mean=the_mean,
    share=lambda rights, sizes: sum(rights) / sum(sizes),
    after=lambda net: None,
):
    """Right as it stands; a mistake gives another part."""
    mode(net)
    losses, rights, sizes = [], [], []
    for X, y in train_iter:
        scores = forward(net, X)
        batch_loss = measure(loss, scores, y)
        step(updater, batch_loss)
        losses.append(batch_loss.item())
        rights.append(right(scores, y))
        sizes.append(len(y))
    after(net)
    return mean(losses, sizes), share(rights, sizes)


def again(net, train_iter, loss, updater, wrong=""):
    """The same in one function, with one thing wrong."""
    if wrong == "evaluation":
        net.eval()
    elif wrong != "mode left":
        net.train()
    if wrong == "zeroed once":
        updater.zero_grad()
    total, hits, count, batches = 0.0, 0, 0, 0
    for X, y in train_iter:
        if wrong not in ("never zeroed", "zeroed once", "zeroed late", "zeroed afterwards"):
            for group in updater.param_groups:
                for param in group["params"]:
                    param.grad = None
        y_hat = net(X)
        mean = loss(torch.softmax(y_hat, -1) if wrong == "softmax" else y_hat, y)
        if wrong == "sum":
            (mean * len(y)).backward()
        else:
            mean.backward()
        if wrong == "zeroed late":
            updater.zero_grad(set_to_none=False)
        updater.step()
        if wrong == "zeroed afterwards":
            updater.zero_grad()
        total += float(mean.detach()) * (1 if wrong == "mean of means" else y.shape[0])
        hits += y_hat.detach().max(dim=1)[1].eq(y).sum().item()
        count += y.shape[0]
        batches += 1
    return total / (batches if wrong == "mean of means" else count), hits / count
