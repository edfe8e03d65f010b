"""Ways in which seq_data_iter_sequential goes wrong."""

import random

import torch
from parts import by_hand as _by_hand
from parts import checked as _checked
from parts import read as _read
from parts import the_length as _length
from parts import the_places as _places


def offset_of_num_steps(corpus, batch_size, num_steps, rng=None):
    """The offset may be num_steps.

    `random.randint` includes both ends. The first num_steps tokens are lost for nothing then, and a short corpus may
    have fewer batches. The largest offset is num_steps - 1.
    """
    return _read(corpus, batch_size, num_steps, rng, offset=lambda rng, corpus, num_steps: rng.randint(0, num_steps))


def offset_of_num_steps__rewrite(corpus, batch_size, num_steps, rng=None):
    _checked(batch_size, num_steps)
    return _by_hand(corpus, batch_size, num_steps, drawn=(rng or random).randrange(num_steps + 1))


def no_offset(corpus, batch_size, num_steps, rng=None):
    """The rows begin at the same places in every epoch.

    A random number of tokens is left out at the beginning, so that the cuts lie elsewhere each time.
    """
    return _read(corpus, batch_size, num_steps, rng, offset=lambda rng, corpus, num_steps: 0)


def no_offset__rewrite(corpus, batch_size, num_steps, rng=None):
    return _by_hand(corpus, batch_size, num_steps, drawn=0)


def offset_anywhere(corpus, batch_size, num_steps, rng=None):
    """The offset may be anywhere in the corpus.

    Most of an epoch is lost then. It is less than num_steps: more would cut no other pieces.
    """
    offset = lambda rng, corpus, num_steps: rng.randrange(max(len(corpus) // 2, 1))
    return _read(corpus, batch_size, num_steps, rng, offset=offset)


def offset_anywhere__rewrite(corpus, batch_size, num_steps, rng=None):
    drawn = int((rng or random).random() * (len(corpus) // 2))
    return _by_hand(corpus, batch_size, num_steps, drawn=drawn)


def offset_never_the_largest(corpus, batch_size, num_steps, rng=None):
    """The offset is never num_steps - 1.

    `random.randrange` leaves its end out, `random.randint` does not: one of them is called with the end of the other.
    """
    offset = lambda rng, corpus, num_steps: rng.randrange(max(num_steps - 1, 1))
    return _read(corpus, batch_size, num_steps, rng, offset=offset)


def offset_never_the_largest__rewrite(corpus, batch_size, num_steps, rng=None):
    _checked(batch_size, num_steps)
    return _by_hand(corpus, batch_size, num_steps, drawn=(rng or random).randint(0, max(num_steps - 2, 0)))


def offset_never_zero(corpus, batch_size, num_steps, rng=None):
    """The offset is never 0.

    The first token is never read then.
    """
    offset = lambda rng, corpus, num_steps: rng.randint(1, num_steps - 1) if num_steps > 1 else 0
    return _read(corpus, batch_size, num_steps, rng, offset=offset)


def offset_never_zero__rewrite(corpus, batch_size, num_steps, rng=None):
    _checked(batch_size, num_steps)
    drawn = 1 + int((rng or random).random() * (num_steps - 1)) if num_steps > 1 else 0
    return _by_hand(corpus, batch_size, num_steps, drawn=drawn)


def labels_are_the_inputs(corpus, batch_size, num_steps, rng=None):
    """The labels are the inputs.

    A model that copies its input would be perfect. The label of a token is the one that follows it.
    """
    return _read(corpus, batch_size, num_steps, rng, finish=lambda X, Y: (X, X.clone()))


def labels_are_the_inputs__rewrite(corpus, batch_size, num_steps, rng=None):
    return _by_hand(corpus, batch_size, num_steps, rng, moved=0)


def labels_first(corpus, batch_size, num_steps, rng=None):
    """Inputs and labels are exchanged.

    The labels lie one token behind the inputs in the corpus: `for X, Y in …` gets the inputs first.
    """
    return _read(corpus, batch_size, num_steps, rng, finish=lambda X, Y: (Y, X))


def labels_first__rewrite(corpus, batch_size, num_steps, rng=None):
    return ((Y, X) for X, Y in _by_hand(corpus, batch_size, num_steps, rng))


def labels_roll_over(corpus, batch_size, num_steps, rng=None):
    """The label of the last token of a row is the first one of the row.

    A roll moves what falls out at one end in at the other. The labels are a slice of the corpus that begins one later.
    """
    return _read(corpus, batch_size, num_steps, rng, finish=lambda X, Y: (X, X.roll(-1, dims=1)))


def labels_roll_over__rewrite(corpus, batch_size, num_steps, rng=None):
    for X, _ in _by_hand(corpus, batch_size, num_steps, rng):
        yield X, torch.cat([X[:, 1:], X[:, :1]], dim=1)


def pieces_side_by_side(corpus, batch_size, num_steps, rng=None):
    """The rows of a batch are neighbours in the corpus, and a row does not go on in the next batch.

    Then the state of a row belongs to another place of the text. Cut the corpus into batch_size long parts first, and
    go through them side by side.
    """
    _checked(batch_size, num_steps)
    offset = (rng or random).randrange(num_steps)
    size = batch_size * num_steps
    for at in range(offset, len(corpus) - size, size):
        both = [torch.tensor(corpus[at + moved : at + moved + size]) for moved in (0, 1)]
        yield tuple(part.reshape(batch_size, num_steps) for part in both)


def pieces_side_by_side__rewrite(corpus, batch_size, num_steps, rng=None):
    _checked(batch_size, num_steps)
    left = corpus[(rng or random).randint(0, num_steps - 1) :]
    pairs = list(zip(left, left[1:]))
    rows = [pairs[at : at + num_steps] for at in range(0, len(pairs) // num_steps * num_steps, num_steps)]
    for at in range(batch_size, len(rows) + 1, batch_size):
        both = torch.tensor(rows[at - batch_size : at])
        yield both[:, :, 0], both[:, :, 1]


def batches_shuffled(corpus, batch_size, num_steps, rng=None):
    """The batches come in random order.

    Each has to go on where the one before ended. What is random here is the offset alone.
    """

    def places(length, num_steps):
        found = _places(length, num_steps)
        (rng or random).shuffle(found)
        return found

    return _read(corpus, batch_size, num_steps, rng, places=places)


def batches_shuffled__rewrite(corpus, batch_size, num_steps, rng=None):
    order = lambda numbers: (rng or random).sample(numbers, len(numbers))
    return _by_hand(corpus, batch_size, num_steps, rng, order=order)


def windows_overlap(corpus, batch_size, num_steps, rng=None):
    """The next batch begins one token later.

    Every token comes num_steps times then. It begins num_steps tokens later, where the one before ended.
    """
    return _read(corpus, batch_size, num_steps, rng, places=lambda length, steps: range(length // steps))


def windows_overlap__rewrite(corpus, batch_size, num_steps, rng=None):
    places = lambda length, steps: torch.arange(length)[: length // steps].tolist()
    return _read(corpus, batch_size, num_steps, rng, places=places)


def tokens_go_down_the_columns(corpus, batch_size, num_steps, rng=None):
    """The corpus is written down the columns of the table.

    A reshape fills rows. For the long parts to be rows, their number comes first: (batch_size, length).
    """
    table = lambda tokens, size: torch.tensor(tokens, dtype=torch.int64).reshape(len(tokens) // size, size).T
    return _read(corpus, batch_size, num_steps, rng, table=table)


def tokens_go_down_the_columns__rewrite(corpus, batch_size, num_steps, rng=None):
    column = lambda tokens, row, size: torch.tensor(tokens[row::size], dtype=torch.int64)
    table = lambda tokens, size: torch.stack([column(tokens, row, size) for row in range(size)])
    return _read(corpus, batch_size, num_steps, rng, table=table)


def steps_in_rows(corpus, batch_size, num_steps, rng=None):
    """The batches are transposed.

    A batch has the shape (batch_size, num_steps). A model turns it over itself when it wants the steps first.
    """
    return _read(corpus, batch_size, num_steps, rng, finish=lambda X, Y: (X.T, Y.T))


def steps_in_rows__rewrite(corpus, batch_size, num_steps, rng=None):
    return ((X.movedim(0, 1), Y.movedim(0, 1)) for X, Y in _by_hand(corpus, batch_size, num_steps, rng))


def narrow_last_batch(corpus, batch_size, num_steps, rng=None):
    """The last batch has fewer steps.

    Every batch is full here: what is left over at the end of the parts is not used.
    """
    return _read(corpus, batch_size, num_steps, rng, places=lambda length, num_steps: range(0, length, num_steps))


def narrow_last_batch__rewrite(corpus, batch_size, num_steps, rng=None):
    batches = []
    whole = lambda length, steps: [0] if length else []
    _checked(batch_size, num_steps)
    offset = (rng or random).randrange(num_steps)
    length = max(len(corpus) - offset - 1, 0) // batch_size
    if length:
        drawn = lambda *_: offset
        wide = lambda X, Y: (X, Y)
        for X, Y in _read(corpus, batch_size, length, None, offset=drawn, places=whole, finish=wide):
            batches += zip(X.split(num_steps, dim=1), Y.split(num_steps, dim=1))
    return iter(batches)


def last_batch_dropped(corpus, batch_size, num_steps, rng=None):
    """The last batch is dropped though it is full.

    Where num_steps divides the length of a part nothing is left over.
    """
    places = lambda length, num_steps: range(0, length - num_steps, num_steps)
    return _read(corpus, batch_size, num_steps, rng, places=places)


def last_batch_dropped__rewrite(corpus, batch_size, num_steps, rng=None):
    places = lambda length, num_steps: [at * num_steps for at in range(max(length - 1, 0) // num_steps)]
    return _read(corpus, batch_size, num_steps, rng, places=places)


def one_token_too_few(corpus, batch_size, num_steps, rng=None):
    """The parts are shorter than they can be.

    Of the tokens behind the offset all but the last can be inputs; it is only a label.
    """
    length = lambda corpus, offset, size, steps: max(len(corpus) - offset - 2, 0) // size
    return _read(corpus, batch_size, num_steps, rng, length=length)


def one_token_too_few__rewrite(corpus, batch_size, num_steps, rng=None):
    _checked(batch_size, num_steps)
    drawn = (rng or random).randrange(num_steps)
    length = max((len(corpus) - drawn) - 2, 0) // batch_size
    return _by_hand(corpus, batch_size, num_steps, drawn=drawn, length=length)


def parts_of_whole_batches(corpus, batch_size, num_steps, rng=None):
    """The parts are cut to a multiple of num_steps before they are laid out.

    The parts are as long as they can be, and what is too little for a batch is left over at the end of each.
    """
    length = lambda *args: _length(*args) // args[3] * args[3]
    return _read(corpus, batch_size, num_steps, rng, length=length)


def parts_of_whole_batches__rewrite(corpus, batch_size, num_steps, rng=None):
    _checked(batch_size, num_steps)
    drawn = (rng or random).randrange(num_steps)
    length = max(len(corpus) - drawn - 1, 0) // (batch_size * num_steps) * num_steps
    return _by_hand(corpus, batch_size, num_steps, drawn=drawn, length=length)


def last_label_missing(corpus, batch_size, num_steps, rng=None):
    """The last part may lack its last label.

    The last token of the corpus is followed by none, so it cannot be an input: of n tokens n - 1 can.
    """
    length = lambda corpus, offset, size, steps: max(len(corpus) - offset, 0) // size
    return _read(corpus, batch_size, num_steps, rng, length=length)


def last_label_missing__rewrite(corpus, batch_size, num_steps, rng=None):
    _checked(batch_size, num_steps)
    left = corpus[(rng or random).randint(0, num_steps - 1) :]
    length = len(left) // batch_size
    tables = [torch.tensor(part[: length * batch_size]).long() for part in (left, left[1:])]
    X, Y = (table.view(batch_size, len(table) // batch_size) for table in tables)
    yield from ((X[:, at : at + num_steps], Y[:, at : at + num_steps]) for at in _places(length, num_steps))


def short_corpus_fails(corpus, batch_size, num_steps, rng=None):
    """A corpus that is too short is an error.

    It has no batches, and that is none: the loop over them ends at once.
    """
    batches = list(_read(corpus, batch_size, num_steps, rng))
    if not batches:
        raise ValueError("the corpus is too short")
    return iter(batches)


def short_corpus_fails__rewrite(corpus, batch_size, num_steps, rng=None):
    if 0 <= len(corpus) - 1 < batch_size * num_steps or not corpus:
        raise ValueError(f"{len(corpus)} tokens are too few for a batch")
    return _by_hand(corpus, batch_size, num_steps, rng)


def place_looked_up_by_id(corpus, batch_size, num_steps, rng=None):
    """Labels are looked up by the id of the token.

    `corpus.index(token)` finds the first place where it occurs, and the token there is followed by another one. Keep
    the places.
    """
    label = lambda token: corpus[(corpus.index(token) + 1) % len(corpus)]
    finish = lambda X, Y: (X, torch.tensor([[label(token) for token in row] for row in X.tolist()]))
    return _read(corpus, batch_size, num_steps, rng, finish=finish)


def place_looked_up_by_id__rewrite(corpus, batch_size, num_steps, rng=None):
    following = {}
    for token, label in zip(corpus, corpus[1:]):
        following.setdefault(token, label)
    for X, _ in _by_hand(corpus, batch_size, num_steps, rng):
        yield X, X.clone().apply_(following.__getitem__)


def lists_for_tensors(corpus, batch_size, num_steps, rng=None):
    """The batches are lists.

    A model takes tensors.
    """
    return _read(corpus, batch_size, num_steps, rng, finish=lambda X, Y: (X.tolist(), Y.tolist()))


def lists_for_tensors__rewrite(corpus, batch_size, num_steps, rng=None):
    return (([*map(list, X.tolist())], Y.tolist()) for X, Y in _by_hand(corpus, batch_size, num_steps, rng))


def float_tokens(corpus, batch_size, num_steps, rng=None):
    """The tokens are floating-point numbers.

    They are ids, to be looked up in an embedding or made one-hot: int64, as torch makes of Python's ints.
    """
    return _read(corpus, batch_size, num_steps, rng, finish=lambda X, Y: (X.float(), Y.float()))


def float_tokens__rewrite(corpus, batch_size, num_steps, rng=None):
    return ((1.0 * X, torch.Tensor(Y.tolist())) for X, Y in _by_hand(corpus, batch_size, num_steps, rng))


def corpus_cut_in_place(corpus, batch_size, num_steps, rng=None):
    """The first tokens are taken out of the caller's corpus.

    `del corpus[:offset]` or `corpus.pop(0)` make it shorter in every epoch. A slice is a new list.
    """
    batches = list(_read(corpus, batch_size, num_steps, rng))
    del corpus[:1]
    return batches


def corpus_cut_in_place__rewrite(corpus, batch_size, num_steps, rng=None):
    list(_read([], batch_size, num_steps, random.Random(1)))
    del corpus[: (rng or random).randrange(num_steps)]
    yield from _by_hand(corpus, batch_size, num_steps, rng, drawn=0)


def generator_ignored(corpus, batch_size, num_steps, rng=None):
    """The offset always comes from Python's global generator.

    Whoever hands a generator over wants the batches to depend on it and on nothing else. Draw from `rng`.
    """
    return _read(corpus, batch_size, num_steps)


def generator_ignored__rewrite(corpus, batch_size, num_steps, rng=None):
    return _by_hand(corpus, batch_size, num_steps, None)


def torchs_generator(corpus, batch_size, num_steps, rng=None):
    """The offset comes from torch's generator.

    Draw it from `rng`, or the same state of it does not give the same batches.
    """
    offset = lambda rng, corpus, num_steps: int(torch.randint(num_steps, (1,)))
    return _read(corpus, batch_size, num_steps, rng, offset=offset)


def torchs_generator__rewrite(corpus, batch_size, num_steps, rng=None):
    _checked(batch_size, num_steps)
    return _by_hand(corpus, batch_size, num_steps, drawn=torch.randperm(num_steps)[0].item())


def seeded_inside(corpus, batch_size, num_steps, rng=None):
    """Every epoch has the same offset, of a seed that is set inside.

    Whoever calls decides when to seed; the function only draws from `rng`.
    """
    random.seed(0)
    return _read(corpus, batch_size, num_steps, random)


def seeded_inside__rewrite(corpus, batch_size, num_steps, rng=None):
    _checked(batch_size, num_steps)
    random.seed(42)
    return _by_hand(corpus, batch_size, num_steps, drawn=random.randrange(num_steps))


def sizes_not_checked(corpus, batch_size, num_steps, rng=None):
    """Sizes below 1 are not refused with a ValueError.

    Some give no batches and no word, others an error that is hard to understand. Look at both numbers first.
    """
    size, steps = max(batch_size, 1), max(num_steps, 1)
    return _read(corpus, size, steps, rng)


def sizes_not_checked__rewrite(corpus, batch_size, num_steps, rng=None):
    if batch_size < 1 or num_steps < 1:
        return iter([])
    return _by_hand(corpus, batch_size, num_steps, rng)
