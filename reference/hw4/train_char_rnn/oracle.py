"""train_char_rnn with gradients from torch.autograd.grad, clipped as one vector, and sums in double precision."""

import math

import torch
from torch.nn import functional as F


def train_char_rnn(net, train_iter, updater, num_epochs, device, use_random_iter=False, max_norm=1.0):
    for part in net.modules():
        part.training = True
    answers = []
    for _ in range(num_epochs):
        sums, counts, left = [], [], None
        for X, Y in train_iter:
            batch, steps = X.shape
            if left is None or use_random_iter:
                left = net.begin_state(device, batch)
            scores, after = net(X.to(device), left)
            left = tuple(p.detach() for p in after) if isinstance(after, tuple) else after.detach()
            table = scores.reshape(steps, batch, -1)
            loss = F.cross_entropy(table.permute(1, 2, 0), Y.to(device))
            trained = [p for p in net.parameters() if p.requires_grad]
            gradients = torch.autograd.grad(loss, trained, allow_unused=True)
            whole = torch.cat([g.reshape(-1) for g in gradients if g is not None])
            share = min(1.0, max_norm / max(float(whole.norm()), 1e-30))
            for p in net.parameters():
                p.grad = None
            for p, g in zip(trained, gradients, strict=True):
                p.grad = None if g is None else g * share
            updater.step()
            sums.append(float(loss.detach()) * batch * steps)
            counts.append(batch * steps)
        answers.append(math.exp(math.fsum(sums) / sum(counts)))
    return answers
