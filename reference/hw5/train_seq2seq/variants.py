"""Other correct train_seq2seq."""

import torch
from torch import nn


def ignoring_padding(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The labels at padding become an index that the loss ignores."""
    net = net.to(device)
    optimizer = torch.optim.Adam(net.parameters(), lr)
    loss_of = nn.CrossEntropyLoss(ignore_index=-100)
    history = []
    for _ in range(num_epochs):
        net.train()
        sums, tokens = [], []
        for X, X_valid_len, Y, Y_valid_len in data_iter:
            X, X_valid_len = X.to(device), X_valid_len.to(device)
            Y, Y_valid_len = Y.to(device), Y_valid_len.to(device)
            bos = torch.tensor([tgt_vocab["<bos>"]] * Y.shape[0], device=device).reshape(-1, 1)
            Y_hat, _ = net(X, torch.cat([bos, Y[:, :-1]], 1), X_valid_len)
            padding = torch.arange(Y.shape[1], device=device)[None, :] >= Y_valid_len[:, None]
            loss = loss_of(Y_hat.permute(0, 2, 1), Y.masked_fill(padding, -100))
            net.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([p for p in net.parameters() if p.grad is not None], max_norm=1)
            optimizer.step()
            n = Y_valid_len.sum().item()
            sums.append(loss.detach().item() * n)
            tokens.append(n)
        history.append(sum(sums) / sum(tokens))
    return history


def losses_of_sentences(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """A mean loss for every sentence first, weighted by its length; the gradient clipped by hand."""

    def masked(pred, label, lengths):
        weights = (torch.arange(label.shape[1], device=label.device) < lengths.unsqueeze(1)).to(pred.dtype)
        each = nn.functional.cross_entropy(pred.flatten(0, 1), label.flatten(), reduction="none").view_as(label)
        return (each * weights).sum(1) / lengths

    net.to(torch.device(device))
    net.train()
    optimizer = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=lr)
    epochs = []
    for _ in range(num_epochs):
        total = torch.zeros((), device=device)
        number = 0
        for batch in data_iter:
            X, X_len, Y, Y_len = [t.to(device) for t in batch]
            dec_input = torch.empty_like(Y)
            dec_input[:, 0], dec_input[:, 1:] = tgt_vocab["<bos>"], Y[:, :-1]
            losses = masked(net(X, dec_input, X_len)[0], Y, Y_len)
            loss = (losses * Y_len).sum() / Y_len.sum()
            optimizer.zero_grad(set_to_none=False)
            loss.backward()
            grads = [p.grad for p in net.parameters() if p.requires_grad and p.grad is not None]
            norm = torch.sqrt(sum(torch.sum(g**2) for g in grads))
            if norm > 1:
                for g in grads:
                    g[:] *= 1 / norm
            optimizer.step()
            total += (losses.detach() * Y_len).sum()
            number += int(Y_len.sum())
        epochs.append(float(total) / number)
    return epochs
