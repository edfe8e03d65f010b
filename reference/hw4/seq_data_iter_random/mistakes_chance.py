"""Ways in which seq_data_iter_random goes wrong: offset, order and generator."""

import random

import torch
from pieces import read as _read
from pieces import shuffled as _shuffled
from pieces import the_starts as _starts


def no_offset(corpus, batch_size, num_steps, rng=None):
    """The subsequences begin at the same places in every epoch.

    A random number of tokens is left out at the beginning, so that the cuts lie elsewhere each time.
    """
    return _read(corpus, batch_size, num_steps, rng, offset=lambda rng, corpus, num_steps: 0)


def no_offset__rewrite(corpus, batch_size, num_steps, rng=None):
    return _shuffled(corpus, batch_size, num_steps, rng, drawn=0)


def offset_of_num_steps(corpus, batch_size, num_steps, rng=None):
    """The offset may be num_steps.

    `random.randint` includes both ends. With an offset of num_steps the cuts lie where they do with 0, and a whole
    subsequence is lost. The largest offset is num_steps - 1.
    """
    return _read(corpus, batch_size, num_steps, rng, offset=lambda rng, corpus, num_steps: rng.randint(0, num_steps))


def offset_of_num_steps__rewrite(corpus, batch_size, num_steps, rng=None):
    if num_steps < 1:
        raise ValueError(num_steps)
    drawn = (rng or random).randrange(num_steps + 1)
    return _shuffled(corpus, batch_size, num_steps, rng, drawn=drawn)


def offset_never_the_largest(corpus, batch_size, num_steps, rng=None):
    """The offset is never num_steps - 1.

    `random.randrange` leaves its end out, `random.randint` does not: one of them is called with the end of the other.
    """
    offset = lambda rng, corpus, num_steps: rng.randrange(max(num_steps - 1, 1))
    return _read(corpus, batch_size, num_steps, rng, offset=offset)


def offset_never_the_largest__rewrite(corpus, batch_size, num_steps, rng=None):
    if num_steps < 1:
        raise ValueError(num_steps)
    drawn = (rng or random).randint(0, num_steps - 2) if num_steps > 1 else 0
    return _shuffled(corpus, batch_size, num_steps, rng, drawn=drawn)


def offset_never_zero(corpus, batch_size, num_steps, rng=None):
    """The offset is never 0.

    The first token is never read then. An offset from 1 to num_steps moves all cuts by one for nothing.
    """
    offset = lambda rng, corpus, num_steps: rng.randint(1, num_steps - 1) if num_steps > 1 else 0
    return _read(corpus, batch_size, num_steps, rng, offset=offset)


def offset_never_zero__rewrite(corpus, batch_size, num_steps, rng=None):
    if num_steps < 1:
        raise ValueError(num_steps)
    drawn = 1 + int((rng or random).random() * (num_steps - 1)) if num_steps > 1 else 0
    return _shuffled(corpus, batch_size, num_steps, rng, drawn=drawn)


def not_shuffled(corpus, batch_size, num_steps, rng=None):
    """The subsequences come in the order of the corpus.

    Shuffle the places where they begin.
    """
    return _read(corpus, batch_size, num_steps, rng, order=lambda rng, starts, batch_size: starts)


def not_shuffled__rewrite(corpus, batch_size, num_steps, rng=None):
    if num_steps < 1:
        raise ValueError(num_steps)
    drawn = (rng or random).randrange(num_steps)
    order = range(max(len(corpus) - 1 - drawn, 0) // num_steps)
    return _shuffled(corpus, batch_size, num_steps, rng, drawn=drawn, order=list(order))


def some_orders_never_come(corpus, batch_size, num_steps, rng=None):
    """Some orders of the subsequences never come.

    They are moved on, turned round, or sorted in each batch. Every order must be possible: shuffle, and leave it so.
    """

    def order(rng, starts, batch_size):
        at = rng.randrange(max(len(starts), 1))
        return starts[at:] + starts[:at]

    return _read(corpus, batch_size, num_steps, rng, order=order)


def some_orders_never_come__rewrite(corpus, batch_size, num_steps, rng=None):
    if num_steps < 1:
        raise ValueError(num_steps)
    source = rng or random
    drawn = source.randrange(num_steps)
    count = max(len(corpus) - 1 - drawn, 0) // num_steps
    order = torch.arange(count).roll(source.randint(1, max(count, 1))).tolist()
    return _shuffled(corpus, batch_size, num_steps, rng, drawn=drawn, order=order)


def batches_shuffled(corpus, batch_size, num_steps, rng=None):
    """The batches are shuffled, not the subsequences.

    Neighbours in the corpus are together in a batch for ever. Shuffle the places first, then take batches of them.
    """

    def order(rng, starts, batch_size):
        groups = [starts[at : at + batch_size] for at in range(0, len(starts), batch_size)]
        rng.shuffle(groups)
        return [start for group in groups for start in group]

    return _read(corpus, batch_size, num_steps, rng, order=order)


def batches_shuffled__rewrite(corpus, batch_size, num_steps, rng=None):
    if num_steps < 1 or batch_size < 1:
        raise ValueError(num_steps)
    source = rng or random
    drawn = source.randrange(num_steps)
    count = max(len(corpus) - 1 - drawn, 0) // num_steps
    firsts = source.sample(range(0, count, batch_size), len(range(0, count, batch_size)))
    order = [i for first in firsts for i in range(first, min(first + batch_size, count))]
    return _shuffled(corpus, batch_size, num_steps, rng, drawn=drawn, order=order)


def left_over_before_shuffling(corpus, batch_size, num_steps, rng=None):
    """It is always the end of the corpus that is left over.

    The subsequences are cut to a multiple of batch_size before they are shuffled. Shuffle all of them; those at the end
    of the order are left over, other ones in every epoch.
    """

    def order(rng, starts, batch_size):
        starts = starts[: len(starts) // batch_size * batch_size]
        rng.shuffle(starts)
        return starts

    return _read(corpus, batch_size, num_steps, rng, order=order)


def left_over_before_shuffling__rewrite(corpus, batch_size, num_steps, rng=None):
    if num_steps < 1 or batch_size < 1:
        raise ValueError(num_steps)
    source = rng or random
    drawn = source.randrange(num_steps)
    count = max(len(corpus) - 1 - drawn, 0) // num_steps // batch_size * batch_size
    return _shuffled(corpus, batch_size, num_steps, rng, drawn=drawn, order=source.sample(range(count), count))


def biased_shuffle(corpus, batch_size, num_steps, rng=None):
    """Some orders are more likely than others.

    Swapping every place with any place looks fair and is not, nor is sorting by numbers of which some are equal, nor
    one of a few seeds. `rng.shuffle` is.
    """

    def order(rng, starts, batch_size):
        for i in range(len(starts)):
            j = rng.randrange(len(starts))
            starts[i], starts[j] = starts[j], starts[i]
        return starts

    return _read(corpus, batch_size, num_steps, rng, order=order)


def biased_shuffle__rewrite(corpus, batch_size, num_steps, rng=None):
    source = rng or random

    def starts(*args):
        found = torch.tensor(_starts(*args))
        for i, j in enumerate([source.randint(0, len(found) - 1) for _ in found]):
            found[[i, j]] = found[[j, i]]
        return found.tolist()

    return _read(corpus, batch_size, num_steps, rng, starts=starts, order=lambda rng, starts, size: starts)


def drawn_with_replacement(corpus, batch_size, num_steps, rng=None):
    """Subsequences are drawn with replacement.

    Some come twice in an epoch, others not at all. `rng.choices` draws each time from all; a shuffled list has each
    once.
    """
    order = lambda rng, starts, batch_size: rng.choices(starts, k=len(starts)) if starts else starts
    return _read(corpus, batch_size, num_steps, rng, order=order)


def drawn_with_replacement__rewrite(corpus, batch_size, num_steps, rng=None):
    if num_steps < 1:
        raise ValueError(num_steps)
    source = rng or random
    drawn = source.randrange(num_steps)
    count = max(len(corpus) - 1 - drawn, 0) // num_steps
    order = [source.randrange(count) for _ in range(count)]
    return _shuffled(corpus, batch_size, num_steps, rng, drawn=drawn, order=order)


def generator_ignored(corpus, batch_size, num_steps, rng=None):
    """The numbers always come from Python's global generator.

    Whoever hands a generator over wants the batches to depend on it and on nothing else. Draw from `rng`.
    """
    return _read(corpus, batch_size, num_steps)


def generator_ignored__rewrite(corpus, batch_size, num_steps, rng=None):
    return _shuffled(corpus, batch_size, num_steps, None)


def order_of_the_global_generator(corpus, batch_size, num_steps, rng=None):
    """The order comes from Python's global generator, only the offset from `rng`.

    Both are drawn from `rng`: `rng.shuffle`, not `random.shuffle`.
    """

    def order(rng, starts, batch_size):
        random.shuffle(starts)
        return starts

    return _read(corpus, batch_size, num_steps, rng, order=order)


def order_of_the_global_generator__rewrite(corpus, batch_size, num_steps, rng=None):
    order = lambda rng, starts, size: random.sample(starts, len(starts))
    return _read(corpus, batch_size, num_steps, rng, order=order)


def torchs_generator(corpus, batch_size, num_steps, rng=None):
    """The order comes from torch's generator.

    Draw it from `rng`, or the same state of it does not give the same batches.
    """
    order = lambda rng, starts, size: [starts[i] for i in torch.randperm(len(starts))]
    return _read(corpus, batch_size, num_steps, rng, order=order)


def torchs_generator__rewrite(corpus, batch_size, num_steps, rng=None):
    order = lambda rng, starts, size: torch.tensor(starts)[torch.rand(len(starts)).argsort()].tolist()
    return _read(corpus, batch_size, num_steps, rng, order=order)


def seeded_inside(corpus, batch_size, num_steps, rng=None):
    """Every epoch has the same batches.

    A seed that is set inside the function makes every call draw the same. Whoever calls decides when to seed.
    """
    return _read(corpus, batch_size, num_steps, random.Random(0))


def seeded_inside__rewrite(corpus, batch_size, num_steps, rng=None):
    own = random.Random()
    own.seed("batches")
    return _shuffled(corpus, batch_size, num_steps, own)
