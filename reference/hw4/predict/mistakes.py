"""Ways in which predicting goes wrong. The mistakes change a part of `_write`, the rewrites one of `_again`."""

import contextlib

import torch
from writing import again as _again
from writing import the_best as _best
from writing import write as _write


def not_warmed_up(prefix, num_preds, net, vocab, device):
    """Only the last character of the prefix is read.

    The net is to know the whole prefix before it writes. Let it read each character, and keep the state.
    """
    return _write(prefix, num_preds, net, vocab, device, warm=lambda ids: [])


def not_warmed_up__rewrite(prefix, num_preds, net, vocab, device):
    return _again(prefix, num_preds, net, vocab, device, "cold")


def last_character_twice(prefix, num_preds, net, vocab, device):
    """The last character of the prefix is read twice.

    It is the first input of the loop that writes; the warm-up ends before it.
    """
    return _write(prefix, num_preds, net, vocab, device, warm=lambda ids: ids)


def last_character_twice__rewrite(prefix, num_preds, net, vocab, device):
    return _again(prefix, num_preds, net, vocab, device, "twice")


def first_character_left_out(prefix, num_preds, net, vocab, device):
    """The first character of the prefix is not read.

    The warm-up begins with it.
    """
    return _write(prefix, num_preds, net, vocab, device, warm=lambda ids: ids[1:-1])


def first_character_left_out__rewrite(prefix, num_preds, net, vocab, device):
    if len(prefix) < 2:
        return _again(prefix, num_preds, net, vocab, device)
    return prefix[0] + _again(prefix[1:], num_preds, net, vocab, device)


def state_not_kept(prefix, num_preds, net, vocab, device):
    """The state is not kept from one step to the next.

    The net gives a new state in every call; it goes into the next one.
    """
    return _write(prefix, num_preds, net, vocab, device, carry=lambda old, new: old)


def state_not_kept__rewrite(prefix, num_preds, net, vocab, device):
    first = net.begin_state(device, batch_size=1)
    if not prefix:
        raise ValueError("the prefix is empty")
    ids = [vocab[prefix[-1]]]
    with torch.no_grad():
        for _ in range(num_preds):
            ids.append(net(torch.tensor([ids[-1:]], device=device), first)[0].argmax().item())
    return prefix + "".join(vocab.to_tokens(ids[1:]))


def state_begun_at_each_step(prefix, num_preds, net, vocab, device):
    """The net reads everything written so far again for each new token.

    The state already holds it. Reading the text again takes more and more time.
    """
    if not prefix:
        raise ValueError("the prefix is empty")
    ids, new = vocab[list(prefix)], []
    with torch.no_grad():
        for _ in range(num_preds):
            scores, _ = net(torch.tensor([ids + new], device=device), net.begin_state(device))
            new.append(int(scores[-1].argmax()))
    return prefix + "".join(vocab.to_tokens(new))


def state_begun_at_each_step__rewrite(prefix, num_preds, net, vocab, device):
    if not prefix:
        raise ValueError("the prefix is empty")
    ids = [vocab[character] for character in prefix]
    for _ in range(num_preds):
        state = net.begin_state(device, batch_size=1)
        for token in ids:
            with torch.no_grad():
                scores, state = net(torch.full((1, 1), token, device=device), state)
        ids.append(scores.argmax(dim=1).item())
    return prefix + "".join(vocab.idx_to_token[i] for i in ids[len(prefix) :])


def prefix_fed_again(prefix, num_preds, net, vocab, device):
    """What the net expects is not what it reads next.

    Each new token is the next input. Here the net reads the last character of the prefix over and over.
    """
    return _write(prefix, num_preds, net, vocab, device, follow=lambda chosen, ids: ids[-1])


def prefix_fed_again__rewrite(prefix, num_preds, net, vocab, device):
    if not prefix:
        raise ValueError("the prefix is empty")
    state, inputs = net.begin_state(device), torch.tensor([vocab[list(prefix)]], device=device)
    with torch.no_grad():
        for _ in range(num_preds):
            scores, state = net(inputs, state)
            inputs = inputs[:, -1:]
            prefix += vocab.idx_to_token[scores[-1].argmax()]
    return prefix


def smallest_score(prefix, num_preds, net, vocab, device):
    """The token with the smallest score is taken.

    The largest score belongs to the most probable token.
    """
    return _write(prefix, num_preds, net, vocab, device, best=lambda scores: int(scores[-1].argmin()))


def smallest_score__rewrite(prefix, num_preds, net, vocab, device):
    return _again(prefix, num_preds, net, vocab, device, "worst")


def prefix_not_in_the_answer(prefix, num_preds, net, vocab, device):
    """The answer begins after the prefix.

    It is the prefix and what follows.
    """
    text = lambda prefix, new, vocab: "".join(vocab.to_tokens(new))
    return _write(prefix, num_preds, net, vocab, device, text=text)


def prefix_not_in_the_answer__rewrite(prefix, num_preds, net, vocab, device):
    return _again(prefix, num_preds, net, vocab, device)[len(prefix) :]


def prefix_made_of_ids(prefix, num_preds, net, vocab, device):
    """The prefix is made anew of its ids, and unknown characters become “<unk>”.

    The ids are for the net. The answer begins with the prefix as it was given.
    """

    def text(prefix, new, vocab):
        return "".join(vocab.to_tokens([vocab[character] for character in prefix] + new))

    return _write(prefix, num_preds, net, vocab, device, text=text)


def prefix_made_of_ids__rewrite(prefix, num_preds, net, vocab, device):
    return _again(prefix, num_preds, net, vocab, device, "prefix read back")


def unknown_tokens_left_out(prefix, num_preds, net, vocab, device):
    """New tokens “<unk>” are left out.

    The answer has as many new tokens as were asked for, also where the net expects what it does not know.
    """

    def text(prefix, new, vocab):
        return prefix + "".join(token for token in vocab.to_tokens(new) if token != "<unk>")

    return _write(prefix, num_preds, net, vocab, device, text=text)


def unknown_tokens_left_out__rewrite(prefix, num_preds, net, vocab, device):
    whole = _again(prefix, num_preds, net, vocab, device)
    return prefix + whole[len(prefix) :].replace("<unk>", "")


def unknown_characters_skipped(prefix, num_preds, net, vocab, device):
    """Characters that the vocabulary does not know are not read.

    They are read as “<unk>”, which is a token like others.
    """
    known = "".join(character for character in prefix if vocab[character]) or prefix[-1:]
    return prefix + _write(known, num_preds, net, vocab, device)[len(known) :]


def unknown_characters_skipped__rewrite(prefix, num_preds, net, vocab, device):
    known = "".join(filter(vocab.token_to_idx.get, prefix)) or prefix[-1:]
    return _again(known, num_preds, net, vocab, device).replace(known, prefix, 1)


def one_too_few(prefix, num_preds, net, vocab, device):
    """One token too few is written.

    The scores after the last character of the prefix give the first new token; `num_preds` of them are asked for.
    """
    return _write(prefix, max(num_preds - 1, 0), net, vocab, device)


def one_too_few__rewrite(prefix, num_preds, net, vocab, device):
    return _again(prefix, len(range(1, num_preds)), net, vocab, device)


def one_too_many(prefix, num_preds, net, vocab, device):
    """One token too many is written.

    What is expected after the last new token is no longer asked for.
    """
    return _write(prefix, num_preds + 1, net, vocab, device)


def one_too_many__rewrite(prefix, num_preds, net, vocab, device):
    return _again(prefix, len(range(num_preds + 1)), net, vocab, device)


def empty_prefix_accepted(prefix, num_preds, net, vocab, device):
    """An empty prefix is not refused with a ValueError.

    Without a first character there is nothing to read. Say so before an index error does.
    """
    return _write(prefix, num_preds, net, vocab, device, check=lambda prefix: None)


def empty_prefix_accepted__rewrite(prefix, num_preds, net, vocab, device):
    return _again(prefix, num_preds, net, vocab, device, "unchecked")


def gradients_recorded(prefix, num_preds, net, vocab, device):
    """Gradients are recorded.

    The graph grows with every token that is written, and nobody needs it: `torch.no_grad()`.
    """
    return _write(prefix, num_preds, net, vocab, device, grad=contextlib.nullcontext)


def gradients_recorded__rewrite(prefix, num_preds, net, vocab, device):
    return _again(prefix, num_preds, net, vocab, device, "recorded")


def left_in_evaluation_mode(prefix, num_preds, net, vocab, device):
    """The net is left in evaluation mode.

    Whoever trains it goes on in the wrong mode. Leave the mode alone, or put it back.
    """
    net.eval()
    return _write(prefix, num_preds, net, vocab, device)


def left_in_evaluation_mode__rewrite(prefix, num_preds, net, vocab, device):
    return _again(prefix, num_preds, net.train(False), vocab, device)


def state_as_a_tensor(prefix, num_preds, net, vocab, device):
    """The state is taken for a tensor.

    An LSTM's state is a tuple. Hand it on as it is, whatever it is.
    """
    return _write(prefix, num_preds, net, vocab, device, carry=lambda old, new: new.clone())


def state_as_a_tensor__rewrite(prefix, num_preds, net, vocab, device):
    return _write(prefix, num_preds, net, vocab, device, first=lambda net, device: net.begin_state(device).detach())


def inputs_on_the_cpu(prefix, num_preds, net, vocab, device):
    """The inputs are made on the CPU.

    Net and state are on `device`; so are the ids that the net reads.
    """
    place = lambda token, device: torch.tensor([[token]])
    return _write(prefix, num_preds, net, vocab, device, place=place, best=_best)


def inputs_on_the_cpu__rewrite(prefix, num_preds, net, vocab, device):
    return _again(prefix, num_preds, net, vocab, device, "cpu")
