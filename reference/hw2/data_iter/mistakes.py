"""Ways in which data_iter goes wrong."""

import random
from itertools import count, cycle

import numpy as np
import torch


def _check(batch_size, features, labels):
    if batch_size < 1 or len(features) != len(labels):
        raise ValueError(f"batches of {batch_size} from {len(features)} samples and {len(labels)} labels")


def _cut(order, batch_size, features, labels):
    for start in range(0, len(order), batch_size):
        chosen = order[start : start + batch_size]
        yield features[chosen], labels[chosen]


def _right(batch_size, features, labels, generator=None):
    _check(batch_size, features, labels)
    return _cut(torch.randperm(len(labels), generator=generator), batch_size, features, labels)


def remainder_dropped(batch_size, features, labels, generator=None):
    """The samples that do not fill a batch are dropped.

    With 100 samples and batches of 64 more than a third is never seen. The last batch is simply smaller.
    """
    _check(batch_size, features, labels)
    whole = len(labels) // batch_size * batch_size
    return _cut(torch.randperm(len(labels), generator=generator)[:whole], batch_size, features, labels)


def remainder_dropped__rewrite(batch_size, features, labels, generator=None):
    for X, y in _right(batch_size, features, labels, generator):
        if len(y) == batch_size:
            yield X, y


def not_shuffled(batch_size, features, labels, generator=None):
    """The samples come in the order of the data.

    Sorted data give batches of one class each. Draw an order and index with it.
    """
    _check(batch_size, features, labels)
    return _cut(torch.arange(len(labels)), batch_size, features, labels)


def not_shuffled__rewrite(batch_size, features, labels, generator=None):
    _check(batch_size, features, labels)
    for start in range(0, len(labels), batch_size):
        stop = min(start + batch_size, len(labels))
        yield features[start:stop].clone(), labels[start:stop].clone()


def batches_shuffled(batch_size, features, labels, generator=None):
    """The batches are shuffled, not the samples.

    Samples that are neighbours in the data are together in a batch for ever. Shuffle the numbers of the samples first,
    then cut.
    """
    _check(batch_size, features, labels)
    pieces = list(torch.arange(len(labels)).split(batch_size)) if len(labels) else []
    for number in torch.randperm(len(pieces), generator=generator):
        yield features[pieces[number]], labels[pieces[number]]


def batches_shuffled__rewrite(batch_size, features, labels, generator=None):
    _check(batch_size, features, labels)
    starts = torch.arange(0, len(labels), batch_size)
    for start in starts[torch.randperm(len(starts), generator=generator)].tolist():
        chosen = slice(start, start + batch_size)
        yield features[chosen].clone(), labels[chosen].clone()


def shuffled_inside_batches(batch_size, features, labels, generator=None):
    """Samples are only shuffled inside their batch.

    Within a batch the order does not matter, so this changes nothing: the same samples stay together for ever. Draw
    one order for all samples, then cut it.
    """
    _check(batch_size, features, labels)
    for start in range(0, len(labels), batch_size):
        X, y = features[start : start + batch_size], labels[start : start + batch_size]
        order = torch.randperm(len(y), generator=generator)
        yield X[order], y[order]


def shuffled_inside_batches__rewrite(batch_size, features, labels, generator=None):
    _check(batch_size, features, labels)
    for chosen in torch.arange(len(labels)).split(batch_size) if len(labels) else []:
        mixed = chosen[torch.argsort(torch.rand(len(chosen), generator=generator))]
        yield features[mixed], labels[mixed]


def rotated(batch_size, features, labels, generator=None):
    """The order only begins elsewhere.

    A random start leaves neighbours together. Every order must be possible: draw a permutation.
    """
    _check(batch_size, features, labels)
    number = len(labels)
    start = torch.randint(0, max(number, 1), (1,), generator=generator)
    return _cut((torch.arange(number) + start) % max(number, 1), batch_size, features, labels)


def rotated__rewrite(batch_size, features, labels, generator=None):
    _check(batch_size, features, labels)
    shift = int(torch.randint(max(len(labels), 1), (), generator=generator))
    return _cut(torch.arange(len(labels)).roll(shift), batch_size, features, labels)


def biased_shuffle(batch_size, features, labels, generator=None):
    """Some orders are more likely than others.

    Swapping every place with any place looks fair and is not, nor is sorting by numbers of which some are equal, nor
    one of a few seeds. Use torch's permutation, or draw the other place from those that are not settled yet.
    """
    _check(batch_size, features, labels)
    order = list(range(len(labels)))
    for i in range(len(order)):
        j = int(torch.randint(0, len(order), (1,), generator=generator))
        order[i], order[j] = order[j], order[i]
    return _cut(torch.tensor(order, dtype=torch.int64), batch_size, features, labels)


def biased_shuffle__rewrite(batch_size, features, labels, generator=None):
    _check(batch_size, features, labels)
    order = torch.arange(len(labels))
    for i, j in enumerate(torch.randint(0, max(len(labels), 1), (len(labels),), generator=generator).tolist()):
        order[[i, j]] = order[[j, i]]
    return _cut(order, batch_size, features, labels)


def drawn_with_replacement(batch_size, features, labels, generator=None):
    """Samples are drawn with replacement.

    Random numbers repeat: about a third of the samples never comes in an epoch. A permutation has every number once.
    """
    _check(batch_size, features, labels)
    order = torch.randint(0, max(len(labels), 1), (len(labels),), generator=generator)
    return _cut(order, batch_size, features, labels)


def drawn_with_replacement__rewrite(batch_size, features, labels, generator=None):
    _check(batch_size, features, labels)
    order = (torch.rand(len(labels), generator=generator) * len(labels)).long()
    return _cut(order, batch_size, features, labels)


def shuffled_apart(batch_size, features, labels, generator=None):
    """Samples and labels are shuffled each by itself.

    Then a sample comes with the label of another one, and there is nothing to learn. Draw one order, and use it
    for both.
    """
    _check(batch_size, features, labels)
    number = len(labels)
    first, second = (torch.randperm(number, generator=generator) for _ in range(2))
    for start in range(0, number, batch_size):
        yield features[first[start : start + batch_size]], labels[second[start : start + batch_size]]


def shuffled_apart__rewrite(batch_size, features, labels, generator=None):
    _check(batch_size, features, labels)
    X = features[torch.randperm(len(features), generator=generator)]
    y = labels[torch.randperm(len(labels), generator=generator)]
    yield from zip(X.split(batch_size), y.split(batch_size)) if len(y) else ()


def labels_in_their_order(batch_size, features, labels, generator=None):
    """Only the samples are shuffled.

    Their labels stay behind, each with another sample. Index both with the same order.
    """
    _check(batch_size, features, labels)
    order = torch.randperm(len(labels), generator=generator)
    for start in range(0, len(labels), batch_size):
        stop = start + batch_size
        yield features[order[start:stop]], labels[start:stop].clone()


def labels_in_their_order__rewrite(batch_size, features, labels, generator=None):
    _check(batch_size, features, labels)
    X = features[torch.randperm(len(features), generator=generator)]
    return ((X[i : i + batch_size], labels[i : i + batch_size] + 0) for i in range(0, len(X), batch_size))


def pythons_generator(batch_size, features, labels, generator=None):
    """The order comes from Python's generator.

    Seeding torch does not repeat it then, and drawing from it disturbs whoever else uses it. Draw from the generator
    that is given.
    """
    _check(batch_size, features, labels)
    order = list(range(len(labels)))
    random.shuffle(order)
    return _cut(torch.tensor(order, dtype=torch.int64), batch_size, features, labels)


def pythons_generator__rewrite(batch_size, features, labels, generator=None):
    _check(batch_size, features, labels)
    order = random.sample(range(len(labels)), len(labels))
    return _cut(torch.as_tensor(order, dtype=torch.int64), batch_size, features, labels)


def numpys_generator(batch_size, features, labels, generator=None):
    """The order comes from NumPy's generator.

    Seeding torch does not repeat it then, and drawing from it disturbs whoever else uses it. Draw from the generator
    that is given.
    """
    _check(batch_size, features, labels)
    return _cut(torch.from_numpy(np.random.permutation(len(labels))), batch_size, features, labels)


def numpys_generator__rewrite(batch_size, features, labels, generator=None):
    _check(batch_size, features, labels)
    order = np.arange(len(labels))
    np.random.shuffle(order)
    return _cut(torch.tensor(order), batch_size, features, labels)


def generator_ignored(batch_size, features, labels, generator=None):
    """The order always comes from torch's global generator.

    Whoever hands a generator over wants the order to depend on it and on nothing else. Pass it on to torch's function.
    """
    return _right(batch_size, features, labels)


def generator_ignored__rewrite(batch_size, features, labels, generator=None):
    _check(batch_size, features, labels)
    return _cut(torch.rand(len(labels), dtype=torch.float64).argsort(), batch_size, features, labels)


def seeded_inside(batch_size, features, labels, generator=None):
    """Every epoch has the same order.

    A seed that is set inside the function makes every call draw the same. Whoever calls decides when to seed.
    """
    return _right(batch_size, features, labels, torch.Generator().manual_seed(0))


def seeded_inside__rewrite(batch_size, features, labels, generator=None):
    own = torch.Generator()
    own.manual_seed(42)
    return _right(batch_size, features, labels, own)


def generator_of_its_own(batch_size, features, labels, generator=None):
    """Where no generator is given, a new one is made.

    A `torch.Generator()` begins with the same seed whenever it is made, and every epoch has the same order. torch's
    functions take None, and draw from the global generator then.
    """
    return _right(batch_size, features, labels, generator or torch.Generator())


def generator_of_its_own__rewrite(batch_size, features, labels, generator=None):
    if generator is None:
        generator = torch.Generator().manual_seed(torch.Generator().initial_seed())
    yield from _right(batch_size, features, labels, generator)


def generator_reset(batch_size, features, labels, generator=None):
    """The generator is set back to its seed in every call.

    Then all epochs have the same order. The state of the generator moves on by itself: leave it alone.
    """
    if generator is not None:
        generator.manual_seed(generator.initial_seed())
    return _right(batch_size, features, labels, generator)


def generator_reset__rewrite(batch_size, features, labels, generator=None):
    if generator is not None:
        generator = torch.Generator().manual_seed(generator.initial_seed())
    return _right(batch_size, features, labels, generator)


def data_shuffled_in_place(batch_size, features, labels, generator=None):
    """The caller's data are shuffled.

    Whoever looks at sample 0 afterwards finds another one. Shuffle the numbers of the samples, and index.
    """
    _check(batch_size, features, labels)
    order = torch.randperm(len(labels), generator=generator)
    features[:], labels[:] = features[order], labels[order]
    return _cut(torch.arange(len(labels)), batch_size, features, labels)


def data_shuffled_in_place__rewrite(batch_size, features, labels, generator=None):
    _check(batch_size, features, labels)
    order = torch.randperm(len(labels), generator=generator)
    features.copy_(features.clone()[order])
    labels.copy_(labels.clone()[order])
    return _cut(list(range(len(labels))), batch_size, features, labels)


def last_batch_filled(batch_size, features, labels, generator=None):
    """The last batch is filled up with samples that have been there.

    They count twice in this epoch. The last batch is simply smaller.
    """
    _check(batch_size, features, labels)
    order = torch.randperm(len(labels), generator=generator).tolist()
    fill = cycle(list(order))
    while len(order) % batch_size:
        order.append(next(fill))
    return _cut(torch.tensor(order, dtype=torch.int64), batch_size, features, labels)


def last_batch_filled__rewrite(batch_size, features, labels, generator=None):
    _check(batch_size, features, labels)
    order = torch.randperm(len(labels), generator=generator)
    if len(order):
        rest = -len(order) % batch_size
        order = torch.cat([order, order.repeat(rest // len(order) + 1)[:rest]])
    return _cut(order, batch_size, features, labels)


def empty_batch_at_the_end(batch_size, features, labels, generator=None):
    """An empty batch comes at the end.

    Where the batch size divides the number of samples nothing is left over, and there is no further batch: the mean
    loss of an empty one is NaN.
    """
    _check(batch_size, features, labels)
    order = torch.randperm(len(labels), generator=generator)
    for start in range(0, len(labels) + 1, batch_size):
        chosen = order[start : start + batch_size]
        yield features[chosen], labels[chosen]


def empty_batch_at_the_end__rewrite(batch_size, features, labels, generator=None):
    yield from _right(batch_size, features, labels, generator)
    if len(labels) % batch_size == 0:
        yield features[:0].clone(), labels[:0].clone()


def never_ends(batch_size, features, labels, generator=None):
    """The iterator never ends.

    A `for` loop over it is one epoch. Whoever wants more calls the function again.
    """
    while len(labels) or batch_size < 1:
        yield from _right(batch_size, features, labels, generator)


def never_ends__rewrite(batch_size, features, labels, generator=None):
    for _ in count():
        yield from _right(batch_size, features, labels, generator)
        if len(labels) == 0:
            break


def lists_returned(batch_size, features, labels, generator=None):
    """The batches are lists.

    A model takes one tensor: index the tensor with all numbers of the batch at once.
    """
    for X, y in _right(batch_size, features, labels, generator):
        yield list(X), list(y)


def lists_returned__rewrite(batch_size, features, labels, generator=None):
    _check(batch_size, features, labels)
    order = torch.randperm(len(labels), generator=generator).tolist()
    for start in range(0, len(order), batch_size):
        chosen = order[start : start + batch_size]
        yield [features[i] for i in chosen], [labels[i] for i in chosen]


def pairs_in_lists(batch_size, features, labels, generator=None):
    """The two tensors of a batch come in a list.

    A DataLoader gives such lists. Here they are tuples: `for X, y in …` takes both, a comparison of types does not.
    """
    for X, y in _right(batch_size, features, labels, generator):
        yield [X, y]


def pairs_in_lists__rewrite(batch_size, features, labels, generator=None):
    return map(list, _right(batch_size, features, labels, generator))


def list_for_iterator(batch_size, features, labels, generator=None):
    """The answer is a list.

    It holds a copy of all data at once, and `next` does not work on it. A function with `yield` makes the batches one
    after another.
    """
    return list(_right(batch_size, features, labels, generator))


def list_for_iterator__rewrite(batch_size, features, labels, generator=None):
    batches = []
    for batch in _right(batch_size, features, labels, generator):
        batches.append(batch)
    return batches


def labels_first(batch_size, features, labels, generator=None):
    """The labels come first.

    Whoever writes `for X, y in …` gets them the wrong way round.
    """
    return ((y, X) for X, y in _right(batch_size, features, labels, generator))


def labels_first__rewrite(batch_size, features, labels, generator=None):
    return _right(batch_size, labels, features, generator)


def batches_on_the_cpu(batch_size, features, labels, generator=None):
    """The batches are on the CPU.

    The data are where the model needs them: index them there. An order made on the CPU may index a tensor on an
    accelerator.
    """
    return _right(batch_size, features.cpu(), labels.cpu(), generator)


def batches_on_the_cpu__rewrite(batch_size, features, labels, generator=None):
    for X, y in _right(batch_size, features, labels, generator):
        yield X.to("cpu"), y.to("cpu")


def single_precision(batch_size, features, labels, generator=None):
    """The samples become single precision.

    Samples and labels keep their dtype: index the tensors, and do not make new ones of their numbers.
    """
    return ((X.float(), y) for X, y in _right(batch_size, features, labels, generator))


def single_precision__rewrite(batch_size, features, labels, generator=None):
    return _right(batch_size, torch.as_tensor(features, dtype=torch.float32), labels, generator)


def batch_size_not_checked(batch_size, features, labels, generator=None):
    """A batch size below 0 gives no batches and no error.

    Nothing would be trained, without a word. Refuse what is less than 1.
    """
    _check(max(batch_size, 1), features, labels)
    order = torch.randperm(len(labels), generator=generator)
    for start in range(0, len(order), batch_size):
        chosen = order[start : start + batch_size]
        yield features[chosen], labels[chosen]


def batch_size_not_checked__rewrite(batch_size, features, labels, generator=None):
    if batch_size == 0:
        raise ValueError("batch_size is 0")
    return _right(batch_size, features, labels, generator) if batch_size > 0 else iter(())


def lengths_not_compared(batch_size, features, labels, generator=None):
    """Labels that are missing are not noticed.

    The samples without a label are left out, or the epoch breaks off with an IndexError. Compare the two lengths first.
    """
    number = min(len(features), len(labels))
    return _right(batch_size, features[:number], labels[:number], generator)


def lengths_not_compared__rewrite(batch_size, features, labels, generator=None):
    if batch_size < 1:
        raise ValueError(batch_size)
    shorter = features if len(features) < len(labels) else labels
    return _cut(torch.randperm(len(shorter), generator=generator), batch_size, features, labels)
