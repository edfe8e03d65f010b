"""Ways in which name_to_tensor goes wrong."""

import torch
from rows import one_hot as _rows


def unknown_is_the_last_letter(name, alphabet):
    """A character that the alphabet lacks is taken for its last letter.

    find says -1 for what it does not find, and -1 is the last place of a tensor. Ask whether it is there.
    """
    rows = torch.zeros(len(name), 1, len(alphabet))
    for step, character in enumerate(name):
        rows[step][0][alphabet.find(character)] = 1
    return rows


def unknown_is_the_last_letter__rewrite(name, alphabet):
    rows = _rows(name, alphabet)
    for step, character in enumerate(name):
        if character not in alphabet:
            rows[step, 0, -1] = 1
    return rows


def unknown_raises(name, alphabet):
    """A character that the alphabet lacks raises a ValueError.

    index raises it. Such a character gives a row of zeros.
    """
    rows = torch.zeros(len(name), 1, len(alphabet))
    for step, character in enumerate(name):
        rows[step, 0, alphabet.index(character)] = 1
    return rows


def unknown_raises__rewrite(name, alphabet):
    ids = [alphabet.index(character) for character in name]
    return torch.eye(len(alphabet))[ids].reshape(len(name), 1, len(alphabet))


def unknown_left_out(name, alphabet):
    """A character that the alphabet lacks is left out.

    Every character is a step. One that is unknown gives a row of zeros.
    """
    return _rows([character for character in name if character in alphabet], alphabet)


def unknown_left_out__rewrite(name, alphabet):
    rows = [row for row, character in zip(_rows(name, alphabet), name, strict=True) if character in alphabet]
    return torch.stack(rows) if rows else torch.zeros(0, 1, len(alphabet))


def unknown_is_the_first_letter(name, alphabet):
    """A character that the alphabet lacks is taken for its first letter.

    0 is the place of a letter. Such a character gives a row of zeros.
    """
    rows = torch.zeros(len(name), 1, len(alphabet))
    for step, character in enumerate(name):
        rows[step, 0, max(alphabet.find(character), 0)] = 1
    return rows


def unknown_is_the_first_letter__rewrite(name, alphabet):
    return _rows([character if character in alphabet else alphabet[0] for character in name], alphabet)


def no_batch_axis(name, alphabet):
    """The axis for the batch is missing.

    Recurrent layers read (steps, batch, features): a batch of one has an axis as well.
    """
    return _rows(name, alphabet)[:, 0]


def no_batch_axis__rewrite(name, alphabet):
    rows = torch.zeros(len(name), len(alphabet))
    for step, character in enumerate(name):
        if character in alphabet:
            rows[step, alphabet.index(character)] = 1
    return rows


def batch_first(name, alphabet):
    """The batch stands on the first axis.

    The steps come first: (n, 1, V).
    """
    return _rows(name, alphabet).transpose(0, 1)


def batch_first__rewrite(name, alphabet):
    rows = torch.zeros(1, len(name), len(alphabet))
    for step, character in enumerate(name):
        if character in alphabet:
            rows[0, step, alphabet.index(character)] = 1
    return rows


def batch_last(name, alphabet):
    """The axis of size 1 stands last.

    It is the batch, between steps and alphabet: (n, 1, V).
    """
    return _rows(name, alphabet).transpose(1, 2)


def batch_last__rewrite(name, alphabet):
    return _rows(name, alphabet).squeeze(1).unsqueeze(-1)


def letters_in_rows(name, alphabet):
    """Steps and alphabet are exchanged.

    A row is a step, and the places in it are the letters of the alphabet.
    """
    return _rows(name, alphabet).permute(2, 1, 0)


def letters_in_rows__rewrite(name, alphabet):
    rows = torch.zeros(len(alphabet), 1, len(name))
    for step, character in enumerate(name):
        if character in alphabet:
            rows[alphabet.index(character), 0, step] = 1
    return rows


def indices(name, alphabet):
    """The answer holds the places of the characters instead of one-hot vectors.

    An embedding layer reads places. Here each step is a vector as long as the alphabet.
    """
    return torch.tensor([float(alphabet.find(character)) for character in name]).view(-1, 1, 1)


def indices__rewrite(name, alphabet):
    rows = torch.zeros(len(name), 1, 1)
    for step, character in enumerate(name):
        rows[step] = alphabet.find(character)
    return rows


def one_row(name, alphabet):
    """All steps stand in one row.

    That counts letters and forgets their order. Each character has a row of its own.
    """
    return _rows(name, alphabet).sum(dim=0, keepdim=True)


def one_row__rewrite(name, alphabet):
    row = torch.zeros(1, 1, len(alphabet))
    for character in name:
        if character in alphabet:
            row[0, 0, alphabet.index(character)] += 1
    return row


def capitals_ignored(name, alphabet):
    """Capitals count as small letters.

    They are different characters, and the alphabet says which of them it has.
    """
    return _rows(name.lower(), alphabet)


def capitals_ignored__rewrite(name, alphabet):
    return _rows([character.casefold() for character in name], alphabet)


def alphabet_sorted(name, alphabet):
    """The places are those in alphabetical order.

    The alphabet is in the order in which it is given.
    """
    return _rows(name, sorted(alphabet))


def alphabet_sorted__rewrite(name, alphabet):
    order = sorted(range(len(alphabet)), key=lambda place: alphabet[place])
    return _rows(name, alphabet)[:, :, order]


def latin_letters_only(name, alphabet):
    """The place of a letter is its distance from "a".

    The alphabet may have another order, capitals and signs. Ask it for the place.
    """
    rows = torch.zeros(len(name), 1, len(alphabet))
    for step, character in enumerate(name):
        place = ord(character) - ord("a")
        if 0 <= place < len(alphabet):
            rows[step, 0, place] = 1
    return rows


def latin_letters_only__rewrite(name, alphabet):
    places = "".join(chr(ord("a") + place) for place in range(len(alphabet)))
    return _rows(name, places)


def first_of_each_letter(name, alphabet):
    """A letter that comes again gets a row of zeros.

    name.index finds the first place of a character only. Count the steps, with enumerate.
    """
    rows = torch.zeros(len(name), 1, len(alphabet))
    for character in name:
        if character in alphabet:
            rows[name.index(character), 0, alphabet.index(character)] = 1
    return rows


def first_of_each_letter__rewrite(name, alphabet):
    rows = _rows(name, alphabet)
    for step, character in enumerate(name):
        if character in name[:step]:
            rows[step] = 0
    return rows


def integers(name, alphabet):
    """The vectors hold integers.

    A recurrent layer multiplies them with float32 weights, and needs the same dtype. F.one_hot gives int64.
    """
    return _rows(name, alphabet).long()


def integers__rewrite(name, alphabet):
    rows = torch.zeros(len(name), 1, len(alphabet), dtype=torch.int64)
    for step, character in enumerate(name):
        if character in alphabet:
            rows[step, 0, alphabet.index(character)] = 1
    return rows


def double_precision(name, alphabet):
    """The vectors are float64.

    NumPy's numbers are; the weights of a layer are float32.
    """
    return _rows(name, alphabet).double()


def double_precision__rewrite(name, alphabet):
    rows = torch.zeros(len(name), 1, len(alphabet), dtype=torch.float64)
    for step, character in enumerate(name):
        if character in alphabet:
            rows[step, 0, alphabet.index(character)] = 1
    return rows


def empty_name_raises(name, alphabet):
    """The empty name raises an error.

    torch.stack and torch.cat need at least one tensor. No steps give the shape (0, 1, V).
    """
    return torch.stack(list(_rows(name, alphabet)))


def empty_name_raises__rewrite(name, alphabet):
    return torch.stack([row.clone() for row in _rows(name, alphabet)], dim=0)
