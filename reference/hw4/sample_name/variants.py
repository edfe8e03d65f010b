"""Other right ways to write a name."""

import torch
from torch.nn import functional as F


def as_the_notes_have_it(net, category, alphabet, start_letter="A", max_length=20):
    """A counted loop, with an EOS of its own."""
    if len(start_letter) != 1 or alphabet.find(start_letter) < 0:
        raise ValueError("the start letter must be one letter of the alphabet")
    n_letters = len(alphabet) + 1
    with torch.no_grad():
        input = _input(start_letter, alphabet, category)
        hidden = net.init_hidden()
        output_name = start_letter
        for _ in range(max_length - 1):
            output, hidden = net(category, input, hidden)
            _, topi = output.topk(1)
            topi = topi[0][0]
            if topi == n_letters - 1:
                break
            letter = alphabet[topi]
            output_name += letter
            input = _input(letter, alphabet, category)
        return output_name


def _input(letter, alphabet, category):
    row = torch.zeros(1, len(alphabet) + 1, dtype=category.dtype, device=category.device)
    row[0][alphabet.find(letter)] = 1
    return row


def letters_of_a_generator(net, category, alphabet, start_letter="A", max_length=20):
    """A generator of letters, joined."""
    if start_letter not in list(alphabet):
        raise ValueError(f"unknown letter {start_letter}")
    return "".join(_letters(net, category, alphabet + "\0", start_letter, max_length))


def _letters(net, category, symbols, letter, most):
    hidden = net.init_hidden()
    for number in range(most):
        yield letter
        if number == most - 1:
            return
        place = torch.tensor([symbols.index(letter)], device=category.device)
        with torch.no_grad():
            scores, hidden = net(category, F.one_hot(place, len(symbols)).to(category.dtype), hidden)
        letter = symbols[scores.softmax(-1).argmax(-1).item()]
        if letter == "\0":
            return


def recursive(net, category, alphabet, start_letter="A", max_length=20):
    """The rest of a name, by recursion."""
    if len(start_letter) != 1 or start_letter not in alphabet:
        raise ValueError("not a letter")
    with torch.inference_mode():
        return _rest(net, category, alphabet, start_letter, max_length, net.init_hidden())


def _rest(net, category, alphabet, letter, room, hidden):
    if room == 1:
        return letter
    row = torch.cat([category.new_tensor([[float(letter == other) for other in alphabet]]), category[:, :1] * 0], 1)
    scores, hidden = net(category, row, hidden)
    values = scores[0].tolist()
    best = max(range(len(values)), key=values.__getitem__)
    if best == len(alphabet):
        return letter
    return letter + _rest(net, category, alphabet, alphabet[best], room - 1, hidden)
