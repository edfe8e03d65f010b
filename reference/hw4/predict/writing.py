"""Predicting in parts that can be exchanged."""

import torch


def the_best(scores):
    return int(scores[-1].argmax())


def the_text(prefix, new, vocab):
    return prefix + "".join(vocab.idx_to_token[i] for i in new)


def checked(prefix):
    if not prefix:
        raise ValueError("the prefix is empty")


def write(
    prefix,
    num_preds,
    net,
    vocab,
    device,
    *,
    check=checked,
    first=lambda net, device: net.begin_state(device, batch_size=1),
    warm=lambda ids: ids[:-1],
    best=the_best,
    carry=lambda old, new: new,
    text=the_text,
    follow=lambda chosen, ids: chosen,
    place=lambda token, device: torch.tensor([[token]], device=device),
    grad=torch.no_grad,
):
    """Right as it stands; a mistake gives another part."""
    check(prefix)
    with grad():
        state = first(net, device)
        ids = [vocab[character] for character in prefix]
        for token in warm(ids):
            state = carry(state, net(place(token, device), state)[1])
        last, new = ids[-1], []
        for _ in range(num_preds):
            scores, after = net(place(last, device), state)
            state = carry(state, after)
            chosen = best(scores)
            new.append(chosen)
            last = follow(chosen, ids)
        return text(prefix, new, vocab)


def again(prefix, num_preds, net, vocab, device, wrong=""):
    """The same in one function, with one thing wrong."""
    if len(prefix) == 0 and wrong != "unchecked":
        raise ValueError("nothing to begin with")
    with torch.set_grad_enabled(wrong == "recorded"):
        state = net.begin_state(device)
        outputs = [vocab[prefix[0]]]
        get_input = lambda: torch.as_tensor(outputs[-1], device="cpu" if wrong == "cpu" else device).view(1, 1)
        for character in prefix[1:]:
            if wrong != "cold":
                _, state = net(get_input(), state)
            outputs.append(vocab[character])
        if wrong == "twice":
            _, state = net(get_input(), state)
        for _ in range(num_preds):
            scores, state = net(get_input(), state)
            if wrong == "worst":
                scores = -scores
            outputs.append(scores.max(dim=-1).indices.item())
    known = [vocab.idx_to_token[i] for i in outputs]
    return "".join(known) if wrong == "prefix read back" else prefix + "".join(known[len(prefix) :])
