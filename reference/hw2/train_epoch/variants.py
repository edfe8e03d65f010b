"""Other right ways to train for an epoch."""

import torch


class _Accumulator:
    """Adds up several numbers at once."""

    def __init__(self, n):
        self.data = [0.0] * n

    def add(self, *args):
        self.data = [a + float(b) for a, b in zip(self.data, args, strict=True)]

    def __getitem__(self, index):
        return self.data[index]


def with_an_accumulator(net, train_iter, loss, updater):
    """As the book has it."""
    if isinstance(net, torch.nn.Module):
        net.train()
    metric = _Accumulator(3)
    for X, y in train_iter:
        y_hat = net(X)
        mean = loss(y_hat, y)
        updater.zero_grad()
        mean.backward()
        updater.step()
        right = (y_hat.detach().argmax(axis=1).type(y.dtype) == y).sum()
        metric.add(mean.detach() * y.numel(), right, y.numel())
    return metric[0] / metric[2], metric[1] / metric[2]


def without_waiting(net, train_iter, loss, updater):
    """Sums stay on the device until the end; zeroed after each step, and once before."""
    net.train(True)
    updater.zero_grad()
    losses, hits, sizes = [], [], []
    for inputs, labels in train_iter:
        scores = net(inputs)
        batch_loss = loss(scores, labels)
        batch_loss.backward()
        updater.step()
        updater.zero_grad()
        losses.append(batch_loss.detach())
        hits.append(scores.detach().max(dim=1).indices.eq(labels).sum())
        sizes.append(labels.shape[0])
    weights = torch.tensor(sizes, dtype=torch.float64)
    mean = (torch.stack(losses).cpu().double() * weights).sum() / weights.sum()
    return mean.item(), torch.stack(hits).sum().item() / sum(sizes)


def plain_learner(net, train_iter, loss, updater):
    """Written from the stub alone."""
    net.train()
    loss_sum = 0.0
    correct = 0
    n = 0
    for batch in train_iter:
        X = batch[0]
        y = batch[1]
        updater.zero_grad()
        output = net(X)
        error = loss(output, y)
        error.backward()
        updater.step()
        with torch.no_grad():
            prediction = torch.argmax(output, dim=-1)
            for j in range(len(y)):
                if prediction[j] == y[j]:
                    correct = correct + 1
        loss_sum = loss_sum + error.item() * X.size(0)
        n = n + X.size(0)
    return loss_sum / n, correct / n
