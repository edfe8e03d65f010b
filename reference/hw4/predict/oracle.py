"""predict, one token at a time, the ids collected in one tensor."""

import torch


@torch.no_grad()
def predict(prefix, num_preds, net, vocab, device):
    if len(prefix) == 0:
        raise ValueError("the prefix is empty")
    ids = torch.zeros(len(prefix) + num_preds, dtype=torch.int64)
    ids[: len(prefix)] = torch.tensor([vocab[c] for c in prefix])
    ids = ids.to(device)
    state = net.begin_state(device, 1)
    for place in range(len(ids) - 1):
        scores, state = net(ids[place].reshape(1, 1), state)
        if place + 1 >= len(prefix):
            ids[place + 1] = scores.reshape(-1).topk(1).indices[0]
    return prefix + "".join(vocab.to_tokens(ids.tolist()[len(prefix) :]))
