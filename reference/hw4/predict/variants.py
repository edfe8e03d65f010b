"""Other right ways to predict."""

import torch


def as_the_book_has_it(prefix, num_preds, net, vocab, device):
    """A list of outputs whose last one is the next input."""
    if not prefix:
        raise ValueError("predict needs a prefix")
    with torch.no_grad():
        state = net.begin_state(batch_size=1, device=device)
        outputs = [vocab[prefix[0]]]
        get_input = lambda: torch.tensor([outputs[-1]], device=device).reshape((1, 1))
        for y in prefix[1:]:
            _, state = net(get_input(), state)
            outputs.append(vocab[y])
        for _ in range(num_preds):
            y, state = net(get_input(), state)
            outputs.append(int(y.argmax(dim=1).reshape(1)))
    return prefix + "".join(vocab.idx_to_token[i] for i in outputs[len(prefix) :])


def prefix_at_once(prefix, num_preds, net, vocab, device):
    """The whole prefix is one sequence; what is read last may be a token too many."""
    if prefix == "":
        raise ValueError("'' is no prefix")
    tokens = torch.as_tensor(vocab[list(prefix)], device=device).unsqueeze(0)
    with torch.inference_mode():
        scores, state = net(tokens, net.begin_state(device))
        for _ in range(num_preds):
            best = scores[-1:].softmax(dim=-1).max(dim=-1)[1]
            prefix = prefix + vocab.to_tokens(best.item())
            scores, state = net(best.view(1, 1), state)
    return prefix


def plain_learner(prefix, num_preds, net, vocab, device):
    """Written from the stub alone, as a generator and a join; the mode is set and put back."""
    if len(prefix) < 1:
        raise ValueError("empty")
    was = net.training
    net.eval()
    try:
        return prefix + "".join(_tokens(prefix, num_preds, net, vocab, device))
    finally:
        net.train(was)


def _tokens(prefix, num_preds, net, vocab, device):
    state = net.begin_state(device, batch_size=1)
    last = prefix[-1]
    for character in prefix[:-1]:
        state = _step(character, state, net, vocab, device)[1]
    for _ in range(num_preds):
        scores, state = _step(last, state, net, vocab, device)
        values = scores.flatten().tolist()
        last = vocab.idx_to_token[values.index(max(values))]
        yield last


def _step(token, state, net, vocab, device):
    with torch.no_grad():
        return net(torch.tensor([[vocab[token]]]).to(device), state)
