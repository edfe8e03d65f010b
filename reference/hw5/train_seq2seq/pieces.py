"""Training by hand, with parts that can be exchanged."""

import torch
import torch.nn.functional as F
from torch import nn


def the_input(Y, bos):
    return torch.cat((torch.full_like(Y[:, :1], bos), Y[:, :-1]), dim=1)


def the_losses(scores, Y):
    return F.cross_entropy(scores.transpose(1, 2), Y, reduction="none")


def the_mask(Y, lengths):
    return torch.arange(Y.shape[1], device=Y.device) < lengths[:, None]


def the_loss(scores, Y, lengths):
    return the_losses(scores, Y)[the_mask(Y, lengths)].mean()


def the_step(optimizer, loss, net, clip):
    optimizer.zero_grad()
    loss.backward()
    clip(net)
    optimizer.step()


def the_clip(net):
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)


def the_move(net, device):
    net.to(device)


def the_moved(batch, device):
    return [part.to(device) for part in batch]


def the_mean(losses, counts):
    return sum(a * n for a, n in zip(losses, counts, strict=True)) / sum(counts)


def train(
    net,
    data_iter,
    lr,
    num_epochs,
    tgt_vocab,
    device,
    *,
    mode=lambda net: net.train(),
    start=lambda net: None,
    move=the_move,
    moved=the_moved,
    optimizer=lambda params, lr: torch.optim.Adam(params, lr=lr),
    bos=lambda vocab: vocab["<bos>"],
    decoder_input=the_input,
    loss=the_loss,
    step=the_step,
    clip=the_clip,
    noted=lambda loss: loss.item(),
    weigh=lambda Y, lengths: int(lengths.sum()),
    mean=the_mean,
    after=lambda net: None,
):
    """Right as it stands; a mistake gives another part."""
    move(net, device)
    start(net)
    mode(net)
    made = optimizer(net.parameters(), lr)
    history = []
    for _ in range(num_epochs):
        losses, counts = [], []
        for batch in data_iter:
            X, X_valid_len, Y, Y_valid_len = moved(batch, device)
            scores, _ = net(X, decoder_input(Y, bos(tgt_vocab)), X_valid_len)
            batch_loss = loss(scores, Y, Y_valid_len)
            step(made, batch_loss, net, clip)
            losses.append(noted(batch_loss))
            counts.append(weigh(Y, Y_valid_len))
        history.append(mean(losses, counts))
    after(net)
    return history


def again(net, data_iter, lr, num_epochs, tgt_vocab, device, wrong=""):
    """The same in one function, with one thing wrong."""
    net = net.to(device)
    net.train(wrong != "evaluation")
    trained = list(net.parameters())
    adam = torch.optim.Adam([{"params": trained}], lr=1e-3 if wrong == "rate" else lr)
    told = []
    for _ in range(num_epochs):
        if wrong == "new optimizer":
            adam = torch.optim.Adam(trained, lr=lr)
        if wrong == "zeroed each epoch":
            adam.zero_grad()
        total, count, batches = 0.0, 0, 0
        for X, X_len, Y, Y_len in data_iter:
            X, X_len, Y, Y_len = X.to(device), X_len.to(device), Y.to(device), Y_len.to(device)
            shifted = Y.clone()
            shifted[:, 1:] = Y[:, :-1]
            shifted[:, 0] = tgt_vocab["<bos>"]
            if wrong == "not shifted":
                shifted = Y
            if wrong == "no bos":
                shifted = torch.hstack((Y[:, :1], Y[:, :-1]))
            if wrong == "bos 2":
                shifted[:, 0] = 2
            out = net(X, shifted, X_len)[0]
            steps = torch.arange(Y.size(1), device=Y.device).expand_as(Y)
            valid = (steps < Y_len.unsqueeze(1)).to(out.dtype)
            if wrong == "no mask":
                valid = torch.ones_like(valid)
            logs = torch.log_softmax(out.softmax(-1) if wrong == "softmax" else out, -1)
            picked = -(logs * F.one_hot(Y, out.shape[-1])).sum(-1) * valid
            size = valid.sum()
            if wrong == "all positions":
                loss = picked.sum() / picked.numel()
            elif wrong == "sum":
                loss = picked.sum()
            elif wrong == "by sentence":
                loss = (picked.sum(1) / valid.sum(1)).sum() / len(picked)
            else:
                loss = picked.sum() / size
            if wrong not in ("never zeroed", "zeroed each epoch"):
                for p in trained:
                    p.grad = None
            loss.backward()
            if wrong == "zeroed late":
                adam.zero_grad()
            known = [p.grad for p in trained if p.grad is not None]
            norm = sum(float(g.square().sum()) for g in known) ** 0.5
            if wrong == "stepped first":
                adam.step()
            if wrong == "each alone":
                for g in known:
                    g /= max(1.0, float(g.norm()))
            elif wrong == "clamped":
                for g in known:
                    g.clamp_(-1, 1)
            elif wrong != "not clipped" and (norm > 1 or (wrong == "always" and norm > 0)):
                for g in known:
                    g *= 1 / norm
            if wrong != "stepped first":
                adam.step()
            tokens = int(size)
            total += float(loss.detach()) * (1 if wrong == "mean of means" else tokens)
            count += tokens
            batches += 1
        told.append(total / (batches if wrong == "mean of means" else count))
    return told
