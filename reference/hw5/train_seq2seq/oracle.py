"""train_seq2seq with log-probabilities picked token by token, and the gradient clipped by hand."""

import torch


def train_seq2seq(net, data_iter, lr, num_epochs, tgt_vocab, device):
    net.to(device)
    net.train()
    params = [p for p in net.parameters() if p.requires_grad]
    adam = torch.optim.Adam(params, lr=lr)
    history = []
    for _ in range(num_epochs):
        losses = []
        for X, X_valid_len, Y, Y_valid_len in data_iter:
            X, Y = X.to(device), Y.to(device)
            read = Y.roll(1, dims=1)
            read[:, 0] = tgt_vocab["<bos>"]
            scores, _ = net(X, read, X_valid_len.to(device))
            log_probs = scores.log_softmax(-1).gather(2, Y.unsqueeze(2)).squeeze(2)
            kept = torch.cat([row[:length] for row, length in zip(log_probs, Y_valid_len.tolist(), strict=True)])
            loss = -kept.sum() / len(kept)
            grads = torch.autograd.grad(loss, params, allow_unused=True)
            norm = torch.cat([g.flatten() for g in grads if g is not None]).norm()
            for p, g in zip(params, grads, strict=True):
                p.grad = g if g is None or norm <= 1 else g / norm
            adam.step()
            losses += (-kept).detach().tolist()
        history.append(sum(losses) / len(losses))
    return history
