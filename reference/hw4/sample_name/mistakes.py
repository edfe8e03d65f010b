"""Ways in which writing a name goes wrong. The mistakes change a part of `_write`, the rewrites one of `_again`."""

import contextlib

import torch
from writing import again as _again
from writing import the_row as _row
from writing import write as _write


def last_letter_ends_the_name(*args, **kwargs):
    """The last letter of the alphabet is taken for the end of the name, as in some notes.

    EOS is one more output behind all letters, number len(alphabet).
    """
    return _write(*args, **kwargs, end=lambda alphabet: len(alphabet) - 1)


def last_letter_ends_the_name__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="last letter")


def one_letter_too_many(*args, **kwargs):
    """The name can have one letter more than `max_length`.

    The first letter counts as well: the loop has one round less.
    """
    return _write(*args, **kwargs, rounds=lambda most: most)


def one_letter_too_many__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="longer")


def one_letter_too_few(*args, **kwargs):
    """The name has one letter less than it may have.

    Each round adds a letter to the first one, up to `max_length` of them.
    """
    return _write(*args, **kwargs, rounds=lambda most: most - 2)


def one_letter_too_few__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="shorter")


def start_letter_given_again(*args, **kwargs):
    """The network is given the start letter in every round.

    The letter that it has just written is what it reads next.
    """
    return _write(*args, **kwargs, follow=lambda letter, first: first)


def start_letter_given_again__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="first again")


def hidden_state_forgotten(*args, **kwargs):
    """The hidden state is not carried from letter to letter.

    What the network returns goes into its next call.
    """
    return _write(*args, **kwargs, carry=lambda old, new: old)


def hidden_state_forgotten__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="forgotten")


def start_letter_missing(*args, **kwargs):
    """The name lacks its first letter.

    It begins with `start_letter`.
    """
    return _write(*args, **kwargs, answer=lambda name, first: name[1:])


def start_letter_missing__rewrite(*args, **kwargs):
    return _again(*args, **kwargs)[1:]


def smallest_score(*args, **kwargs):
    """The smallest score chooses the letter.

    The largest one belongs to the most probable letter.
    """
    return _write(*args, **kwargs, best=lambda scores: int(scores[0].argmin()))


def smallest_score__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="worst")


def drawn_at_random(*args, **kwargs):
    """The letter is drawn at random.

    The stub asks for the letter with the largest score, so that the network writes the same name every time.
    """

    def best(scores):
        return int(torch.multinomial(scores[0].cpu().softmax(0), 1))

    return _write(*args, **kwargs, best=best)


def drawn_at_random__rewrite(*args, **kwargs):
    def best(scores):
        return torch.multinomial(torch.softmax(scores.to("cpu"), dim=1), num_samples=1).item()

    return _write(*args, **kwargs, best=best)


def end_left_out(*args, **kwargs):
    """The name goes on after its end.

    EOS ends the name: leave the loop.
    """
    return _write(*args, **kwargs, at_the_end=lambda name: (name, False))


def end_left_out__rewrite(net, category, alphabet, start_letter="A", max_length=20):
    if len(start_letter) != 1 or start_letter not in alphabet:
        raise ValueError("not a letter")
    hidden, name = net.init_hidden(), start_letter
    row = _row(start_letter, alphabet, category)
    for _ in range(1, max_length):
        with torch.no_grad():
            scores, hidden = net(category, row, hidden)
        place = scores.argmax(dim=1).item()
        if place < len(alphabet):
            name = name + alphabet[place]
            row = _row(alphabet[place], alphabet, category)
    return name


def end_in_the_name(*args, **kwargs):
    """The mark for the end is a part of the name.

    The name ends before EOS.
    """
    return _write(*args, **kwargs, at_the_end=lambda name: (name + "<EOS>", True))


def end_in_the_name__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="marked")


def end_not_expected(*args, **kwargs):
    """The end of the name is looked up in the alphabet.

    EOS is no letter: `alphabet[len(alphabet)]` is an IndexError. Compare first.
    """

    def at_the_end(name):
        raise IndexError("string index out of range")

    return _write(*args, **kwargs, at_the_end=at_the_end)


def end_not_expected__rewrite(net, category, alphabet, start_letter="A", max_length=20):
    if len(start_letter) != 1 or start_letter not in alphabet:
        raise ValueError("not a letter")
    hidden, name = net.init_hidden(), start_letter
    while len(name) < max_length:
        with torch.no_grad():
            scores, hidden = net(category, _row(name[-1], alphabet, category), hidden)
        name += alphabet[scores.argmax().item()]
    return name


def row_too_short(*args, **kwargs):
    """The one-hot row has no place for EOS.

    It has a place for each letter and one for EOS: V + 1.
    """
    return _write(*args, **kwargs, row=lambda *letter: _row(*letter)[:, :-1])


def row_too_short__rewrite(*args, **kwargs):
    def row(letter, alphabet, category):
        return category.new_tensor([[float(letter == other) for other in alphabet]])

    return _write(*args, **kwargs, row=row)


def no_batch_axis(*args, **kwargs):
    """The one-hot row has no axis for the batch.

    Its shape is (1, V + 1).
    """
    return _write(*args, **kwargs, row=lambda *letter: _row(*letter)[0])


def no_batch_axis__rewrite(*args, **kwargs):
    def row(letter, alphabet, category):
        return torch.nn.functional.one_hot(
            torch.tensor(alphabet.index(letter), device=category.device), len(alphabet) + 1
        ).to(category.dtype)

    return _write(*args, **kwargs, row=row)


def category_left_out(*args, **kwargs):
    """The network is not given the category.

    Names of all categories come out the same. Give it to the network every time.
    """
    return _write(*args, **kwargs, kind=torch.zeros_like)


def category_left_out__rewrite(net, category, *args, **kwargs):
    return _again(net, 0 * category, *args, **kwargs)


def start_letter_unchecked(*args, **kwargs):
    """A start letter that the alphabet lacks is not refused with a ValueError.

    str.find says -1, and that is the place of EOS. Ask first whether it is one letter of the alphabet.
    """
    return _write(*args, **kwargs, check=lambda letter, alphabet: None)


def start_letter_unchecked__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="unchecked")


def several_letters_accepted(*args, **kwargs):
    """A start of two letters, or of none, is not refused with a ValueError.

    “ab” is a part of an alphabet as well, and so is the empty string: `in` finds both in it. Ask for the length too.
    """

    def check(letter, alphabet):
        if letter not in alphabet:
            raise ValueError("not in the alphabet")

    return _write(*args, **kwargs, check=check)


def several_letters_accepted__rewrite(net, category, alphabet, start_letter="A", max_length=20):
    if alphabet.find(start_letter) == -1:
        raise ValueError("not in the alphabet")
    return _again(net, category, alphabet, start_letter, max_length, "unchecked")


def gradients_recorded(*args, **kwargs):
    """Gradients are recorded.

    The graph grows with every letter, and nobody needs it: `torch.no_grad()`.
    """
    return _write(*args, **kwargs, grad=contextlib.nullcontext)


def gradients_recorded__rewrite(*args, **kwargs):
    return _again(*args, **kwargs, wrong="recorded")


def row_on_the_cpu(*args, **kwargs):
    """The one-hot row is made on the CPU.

    The network is where the category is: make the row like it.
    """

    def row(letter, alphabet, category):
        row = torch.zeros(1, len(alphabet) + 1)
        row[0, alphabet.index(letter)] = 1
        return row

    return _write(*args, **kwargs, row=row)


def row_on_the_cpu__rewrite(*args, **kwargs):
    def row(letter, alphabet, category):
        return torch.eye(len(alphabet) + 1)[None, alphabet.index(letter)]

    return _write(*args, **kwargs, row=row)
