"""Training in parts that can be exchanged, and the same in one function."""

import math

import torch
from torch.nn import functional as F


def cut(state):
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()


def the_loss(scores, Y):
    return F.cross_entropy(scores, Y.T.reshape(-1))


def clipped(net, max_norm):
    torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm)


def the_step(net, updater, loss, max_norm, clip=clipped):
    updater.zero_grad()
    loss.backward()
    clip(net, max_norm)
    updater.step()


def the_perplexity(losses, sizes):
    return math.exp(sum(loss * size for loss, size in zip(losses, sizes, strict=True)) / sum(sizes))


def train(
    net,
    train_iter,
    updater,
    num_epochs,
    device,
    use_random_iter=False,
    max_norm=1.0,
    *,
    mode=lambda net: net.train(),
    move=lambda tensor, device: tensor.to(device),
    begin=lambda net, X, device: net.begin_state(device, batch_size=len(X)),
    anew=lambda state, random: state is None or random,
    carry=cut,
    loss=the_loss,
    step=the_step,
    number=lambda loss: loss.item(),
    perplexity=the_perplexity,
    end=lambda state: None,
):
    """Right as it stands; a mistake gives another part."""
    mode(net)
    answers, state = [], None
    for _ in range(num_epochs):
        losses, sizes = [], []
        for X, Y in train_iter:
            X, Y = move(X, device), move(Y, device)
            state = begin(net, X, device) if anew(state, use_random_iter) else carry(state)
            scores, state = net(X, state)
            mean = loss(scores, Y)
            step(net, updater, mean, max_norm)
            losses.append(number(mean))
            sizes.append(Y.numel())
        answers.append(perplexity(losses, sizes))
        state = end(state)
    return answers


def again(net, train_iter, updater, num_epochs, device, use_random_iter=False, max_norm=1.0, wrong=""):
    """The same in one function, with one thing wrong."""
    net.train(wrong != "evaluation")
    answers = []
    state = None
    for _ in range(num_epochs):
        if wrong != "over epochs":
            state = None
        total = count = 0
        for X, Y in train_iter:
            batch, steps = X.shape
            X = X.to(device)
            targets = (Y if wrong == "by sequences" else Y.T).flatten().to(device)
            if state is None or (use_random_iter and wrong != "random goes on") or wrong == "always anew":
                state = net.begin_state(device, batch)
            scores, state = net(X, state)
            if wrong != "attached":
                state = cut(state)
            log_probabilities = scores.log_softmax(1)
            mean = F.nll_loss(log_probabilities, targets)
            if wrong != "never zeroed":
                net.zero_grad()
            (mean * batch if wrong == "sum" else mean).backward()
            if wrong == "late":
                updater.step()
            with torch.no_grad():
                gradients = [p.grad for p in net.parameters() if p.grad is not None]
                norm = torch.stack([g.square().sum() for g in gradients]).sum().sqrt().item()
                for g in gradients:
                    if wrong == "each":
                        g *= min(1.0, max_norm / max(g.norm().item(), 1e-30))
                    elif wrong == "entries":
                        g.clamp_(-max_norm, max_norm)
                    elif wrong == "always" or norm > max_norm:
                        g *= max_norm / norm
            if wrong != "late":
                updater.step()
            total += mean.item() * (1 if wrong == "mean of means" else batch * steps)
            count += 1 if wrong == "mean of means" else batch * steps
        answers.append(total / count if wrong == "no exponential" else math.exp(total / count))
    return answers
