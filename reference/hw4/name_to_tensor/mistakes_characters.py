"""Ways in which name_to_tensor goes wrong with characters, names and alphabets of another kind."""

import functools

import torch
from rows import one_hot as _rows


def edges_stripped(name, alphabet):
    """Spaces at the ends of the name are lost.

    There is a step for each character, and a space is one. Whoever wants them stripped does it before.
    """
    return _rows(name.strip(), alphabet)


def edges_stripped__rewrite(name, alphabet):
    while name[:1].isspace():
        name = name[1:]
    return _rows(name.rstrip(), alphabet)


def name_cut(name, alphabet):
    """Long names are cut off.

    There is a step for each character, however many there are.
    """
    rows = _rows(name, alphabet)
    rows[20:] = 0
    return rows


def name_cut__rewrite(name, alphabet):
    rows = torch.zeros(len(name), 1, len(alphabet))
    for step in range(min(len(name), 20)):
        rows[step] = _rows(name[step], alphabet)[0]
    return rows


def looked_up_in_capitals(name, alphabet):
    """A small letter that the alphabet lacks is looked up as a capital.

    They are different characters: it gives a row of zeros.
    """
    return _rows("".join(c if c in alphabet else c.upper() for c in name), alphabet)


def looked_up_in_capitals__rewrite(name, alphabet):
    places = [alphabet.find(c) if c in alphabet else alphabet.find(c.swapcase()) for c in name]
    known = torch.tensor([[float(place == v) for v in range(len(alphabet))] for place in places])
    lower = torch.tensor([c not in alphabet and c.isupper() for c in name], dtype=torch.bool)
    return known.reshape(len(name), 1, len(alphabet)).masked_fill(lower[:, None, None], 0.0)


def ascii_alone(name, alphabet):
    """Characters beyond ASCII get rows of zeros, though the alphabet has them.

    Python's strings hold characters of any language: look them up as they are.
    """
    rows = _rows(name, alphabet)
    for step, character in enumerate(name):
        if not character.isascii():
            rows[step] = 0
    return rows


def ascii_alone__rewrite(name, alphabet):
    kept = name.encode("ascii", "replace").decode().translate({ord("?"): None if "?" not in name else "?"})
    if len(kept) == len(name):
        return _rows(name, alphabet)
    return torch.stack([_rows(c, alphabet)[0] * c.isascii() for c in name])


def same_tensor_again(name, alphabet):
    """The same arguments give the very same tensor again.

    Whoever writes into an answer finds it changed in the next one. Make a new tensor in every call.
    """
    return _kept(name, alphabet)


@functools.cache
def _kept(name, alphabet):
    return _rows(name, alphabet)


_table: dict = {}


def same_tensor_again__rewrite(name, alphabet):
    if (name, alphabet) not in _table:
        _table[name, alphabet] = _rows(name, alphabet)
    return _table[name, alphabet]


def place_in_a_byte(name, alphabet):
    """Places in the alphabet run over at 256.

    A uint8 holds 0 to 255. Indices are int64, as torch makes of Python's ints.
    """
    rows = torch.zeros(len(name), 1, len(alphabet))
    for step, character in enumerate(name):
        if character in alphabet:
            rows[step, 0, alphabet.index(character) % 256] = 1
    return rows


def place_in_a_byte__rewrite(name, alphabet):
    rows = _rows(name, alphabet)
    low, high = rows[..., :256], rows[..., 256:]
    return torch.cat([low + torch.nn.functional.pad(high, (0, low.shape[-1] - high.shape[-1])), 0 * high], -1)
