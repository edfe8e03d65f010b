"""Other right ways to train a character RNN."""

import math

import torch
from torch import nn


def as_the_book_has_it(net, train_iter, updater, num_epochs, device, use_random_iter=False, max_norm=1.0):
    """States detached in place, clipping by hand."""
    loss = nn.CrossEntropyLoss()
    net.train()
    answers = []
    for _ in range(num_epochs):
        state, metric = None, [0.0, 0]
        for X, Y in train_iter:
            if state is None or use_random_iter:
                state = net.begin_state(batch_size=X.shape[0], device=device)
            elif not isinstance(state, tuple):
                state.detach_()
            else:
                for s in state:
                    s.detach_()
            y = Y.T.reshape(-1)
            X, y = X.to(device), y.to(device)
            y_hat, state = net(X, state)
            mean = loss(y_hat, y.long()).mean()
            updater.zero_grad()
            mean.backward()
            params = [p for p in net.parameters() if p.grad is not None]
            norm = torch.sqrt(sum(torch.sum(p.grad**2) for p in params))
            if norm > max_norm:
                for param in params:
                    param.grad[:] *= max_norm / norm
            updater.step()
            metric[0] += float(mean.detach()) * y.numel()
            metric[1] += y.numel()
        answers.append(math.exp(metric[0] / metric[1]))
    return answers


def without_waiting(net, train_iter, updater, num_epochs, device, use_random_iter=False, max_norm=1.0):
    """An epoch is a function; losses stay on the device until its end; zeroed after each step, and once before."""
    net.train(True)
    updater.zero_grad()
    trained = lambda: _epoch(net, train_iter, updater, device, use_random_iter, max_norm)
    return [trained() for _ in range(num_epochs)]


def _epoch(net, train_iter, updater, device, random, max_norm):
    losses, sizes, state = [], [], None
    for inputs, targets in train_iter:
        if random or state is None:
            state = net.begin_state(device, len(inputs))
        scores, state = net(inputs.to(device), state)
        state = tuple(s.detach() for s in state) if type(state) is tuple else state.detach()
        targets = targets.to(device).transpose(0, 1).flatten()
        rows = -torch.log_softmax(scores, dim=-1)[torch.arange(len(targets), device=device), targets]
        rows.mean().backward()
        torch.nn.utils.clip_grad_norm_([p for p in net.parameters() if p.requires_grad], max_norm, foreach=False)
        updater.step()
        updater.zero_grad()
        losses.append(rows.detach().double().sum().cpu())
        sizes.append(len(targets))
    return torch.exp(torch.stack(losses).sum() / sum(sizes)).item()


def plain_learner(net, train_iter, updater, num_epochs, device, use_random_iter=False, max_norm=1.0):
    """Written from the stub alone."""
    perplexities = []
    for _ in range(num_epochs):
        total_loss = 0
        n_tokens = 0
        first = True
        for X, Y in train_iter:
            net.train()
            X = X.to(device)
            Y = Y.to(device)
            if first or use_random_iter:
                h = net.begin_state(device, X.size(0))
                first = False
            output, new_h = net(X, h)
            h = _cut(new_h)
            loss = nn.functional.cross_entropy(output, Y.t().contiguous().view(-1), reduction="sum")
            updater.zero_grad()
            (loss / Y.numel()).backward()
            squares = 0.0
            for p in net.parameters():
                if p.grad is not None:
                    squares += p.grad.norm().item() ** 2
            if squares**0.5 > max_norm:
                for p in net.parameters():
                    if p.grad is not None:
                        p.grad.mul_(max_norm / squares**0.5)
            updater.step()
            total_loss += loss.item()
            n_tokens += Y.shape[0] * Y.shape[1]
        perplexities.append(math.exp(total_loss / n_tokens))
    return perplexities


def _cut(state):
    return tuple(_cut(part) for part in state) if isinstance(state, tuple) else state.detach()
