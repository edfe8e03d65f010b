"""Ways in which sharing out the indices goes wrong. The mistakes change `_indices`, the rewrites `_written_out`."""

import random

import torch


def _checked(rank, world_size):
    if not 0 <= rank < world_size:
        raise ValueError(f"there is no rank {rank} of {world_size}")


def _drawn(num_samples, seed, epoch):
    return torch.randperm(num_samples, generator=torch.Generator().manual_seed(seed + epoch)).tolist()


def _shuffled(num_samples, seed, epoch):
    order = list(range(num_samples))
    random.Random(seed + epoch).shuffle(order)
    return order


def _filled_up(order, world_size):
    missing = -len(order) % world_size
    return (order + order * missing)[: len(order) + missing]


def _dropped(order, world_size):
    return order[: len(order) // world_size * world_size]


def _share(order, rank, world_size):
    return order[rank::world_size]


def _indices(
    num_samples,
    rank,
    world_size,
    epoch,
    seed,
    shuffle,
    drop_last,
    *,
    check=_checked,
    draw=_drawn,
    fill=_filled_up,
    drop=_dropped,
    share=_share,
):
    """Right as it stands; a mistake gives another part."""
    check(rank, world_size)
    order = draw(num_samples, seed, epoch) if shuffle else list(range(num_samples))
    order = (drop if drop_last else fill)(order, world_size)
    return share(order, rank, world_size)


def _written_out(wrong, num_samples, rank, world_size, epoch, seed, shuffle, drop_last):
    """The same in one function, with one thing wrong."""
    if wrong == "high_ranks_only":
        if rank > world_size:
            raise ValueError("rank too large")
    elif wrong == "negative_accepted":
        if rank >= world_size:
            raise ValueError("rank too large")
    elif wrong == "assertion":
        assert rank in range(world_size), "rank out of range"
    elif wrong != "unchecked" and rank not in range(world_size):
        raise ValueError(f"rank {rank}")
    if shuffle and wrong == "global_shuffle":
        order = torch.randperm(num_samples).tolist()
    elif shuffle and wrong == "global_seed":
        torch.manual_seed(seed + epoch)
        order = torch.randperm(num_samples).tolist()
    elif shuffle and wrong == "own_order":
        order = torch.randperm(num_samples, generator=torch.Generator().manual_seed(seed + epoch + rank)).tolist()
    elif shuffle and wrong == "epoch_forgotten":
        order = torch.randperm(num_samples, generator=torch.Generator().manual_seed(seed)).tolist()
    elif shuffle and wrong == "seed_forgotten":
        order = torch.randperm(num_samples, generator=torch.Generator().manual_seed(epoch)).tolist()
    elif shuffle and wrong == "multiplied":
        order = torch.randperm(num_samples, generator=torch.Generator().manual_seed(seed * (epoch + 1))).tolist()
    elif shuffle and wrong == "python_shuffle":
        order = list(range(num_samples))
        random.Random(seed + epoch).shuffle(order)
    elif shuffle and wrong == "never_shuffled":
        order = list(range(num_samples))
    elif shuffle or wrong == "always_shuffled":
        generator = torch.Generator()
        generator.manual_seed(seed + epoch)
        order = torch.randperm(num_samples, generator=generator).tolist()
    else:
        order = [number for number in range(num_samples)]
    total = num_samples // world_size * world_size
    if wrong == "never_drops" or (not drop_last and wrong not in ("uneven", "always_drops")):
        total = (num_samples + world_size - 1) // world_size * world_size
        if wrong == "one_round_more":
            total = num_samples + world_size - num_samples % world_size
        if wrong == "filled_once":
            order = order + order[: total - num_samples]
        elif wrong == "filled_with_last":
            order = order + order[-1:] * (total - num_samples)
        elif wrong == "filled_with_zeros":
            order = order + [0] * (total - num_samples)
        elif wrong == "filled_from_end":
            order = order + order[num_samples - (total - num_samples) :] if num_samples else []
        elif wrong == "division_by_zero":
            order = order * (total // len(order) + 1)
        else:
            order = order * (total // max(1, num_samples) + 1)
    elif not drop_last and wrong == "uneven":
        total = num_samples
    order = order[:total]
    if wrong == "blocks":
        each = len(order) // world_size
        return order[rank * each : (rank + 1) * each]
    if wrong == "sorted":
        return sorted(order[rank::world_size])
    if wrong == "everything":
        return order
    if wrong == "ranks_from_one":
        return order[rank - 1 :: world_size] if rank else order[world_size - 1 :: world_size]
    if wrong == "tensor":
        return torch.tensor(order[rank::world_size], dtype=torch.int64)
    if wrong == "iterator":
        return iter(order[rank::world_size])
    return [order[k] for k in range(rank, len(order), world_size)]


def epoch_forgotten(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The epoch does not change the order.

    Every epoch has the same order, as if nothing was shuffled. This is what DistributedSampler does when nobody calls
    `set_epoch`. The seed of the generator is `seed` + `epoch`.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        draw=lambda count, seed, epoch: _drawn(count, seed, 0),
    )


def epoch_forgotten__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("epoch_forgotten", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def seed_forgotten(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The seed does not change the order.

    Two trainings with different seeds then see the same orders. The seed of the generator is `seed` + `epoch`.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        draw=lambda count, seed, epoch: _drawn(count, 0, epoch),
    )


def seed_forgotten__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("seed_forgotten", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def multiplied(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The seed and the epoch are multiplied.

    With seed 0, the default, every epoch then has the same order. The seed of the generator is their sum.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        draw=lambda count, seed, epoch: _drawn(count, seed * (epoch + 1), 0),
    )


def multiplied__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("multiplied", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def own_order(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """Every process draws an order of its own.

    Their shares then overlap, and some samples are read by nobody. The rank has no part in the order, only in the
    share.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        draw=lambda count, seed, epoch: _drawn(count, seed, epoch + rank),
    )


def own_order__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("own_order", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def global_shuffle(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The order is drawn from torch's global generator.

    It depends on what was drawn before, and is another one on every process: shares overlap. Draw from a generator of
    your own, with the seed `seed` + `epoch`.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        draw=lambda count, seed, epoch: torch.randperm(count).tolist(),
    )


def global_shuffle__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("global_shuffle", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def global_seed(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """torch's global generator is seeded.

    The order is right, but whatever else draws random numbers, such as dropout, now begins anew in every epoch, and is
    the same on every process. Use a `torch.Generator` of your own.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        draw=lambda count, seed, epoch: torch.manual_seed(seed + epoch) and torch.randperm(count).tolist(),
    )


def global_seed__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("global_seed", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def python_shuffle(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The order is drawn by Python's `random`.

    It is shuffled, but not the order that the stub names, and that other processes have. Use `torch.randperm` with a
    `torch.Generator`.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        draw=_shuffled,
    )


def python_shuffle__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("python_shuffle", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def never_shuffled(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The order is never shuffled.

    By default it is random. `shuffle` decides.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        draw=lambda count, seed, epoch: list(range(count)),
    )


def never_shuffled__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("never_shuffled", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def uneven(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The processes get different numbers of indices.

    One that has a batch more than the others waits for them for ever. Fill the order up with its own first entries
    before it is shared out.
    """
    return _indices(
        num_samples, rank, world_size, epoch, seed, shuffle, drop_last, fill=lambda order, world_size: order
    )


def uneven__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("uneven", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def always_drops(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The indices left over are always dropped.

    Only with `drop_last`. Without it the order is filled up with its own first entries.
    """
    return _indices(num_samples, rank, world_size, epoch, seed, shuffle, drop_last, fill=_dropped)


def always_drops__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("always_drops", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def never_drops(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """`drop_last` has no effect.

    With it the order is cut at its end, so that no sample is read twice.
    """
    return _indices(num_samples, rank, world_size, epoch, seed, shuffle, drop_last, drop=_filled_up)


def never_drops__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("never_drops", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def one_round_more(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The order is filled up also where nothing is missing.

    Where `world_size` divides the number of samples, every process gets one index too many. The number of entries that
    are missing is `-num_samples % world_size`.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        fill=lambda order, world_size: (order + order * world_size)[
            : len(order) + world_size - len(order) % world_size
        ],
    )


def one_round_more__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("one_round_more", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def filled_once(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """With far fewer samples than processes some get nothing.

    The order is continued with one copy of itself at most. Where that is not enough, go on from its beginning again.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        fill=lambda order, world_size: order + order[: -len(order) % world_size],
    )


def filled_once__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("filled_once", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def filled_with_last(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The order is filled up with its last entry.

    One sample then counts several times. Continue with the first entries of the order.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        fill=lambda order, world_size: order + order[-1:] * (-len(order) % world_size),
    )


def filled_with_last__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("filled_with_last", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def filled_with_zeros(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The order is filled up with sample 0.

    The same sample is repeated in every epoch. Continue with the first entries of the order.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        fill=lambda order, world_size: order + [0] * (-len(order) % world_size),
    )


def filled_with_zeros__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("filled_with_zeros", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def division_by_zero(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """No samples make the function fail.

    For an empty data set the order is empty, and so is every share.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        fill=lambda order, world_size: (order * (-(-world_size // len(order)) + 1))[
            : -(-len(order) // world_size) * world_size
        ],
    )


def division_by_zero__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("division_by_zero", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def blocks(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """Every process gets a block of successive entries.

    The stub deals them out: entries `rank`, `rank` + `world_size`, … . Only then are the batches of all processes
    together the batches that one process would read.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        share=lambda order, rank, world_size: order[rank * (len(order) // world_size) :][: len(order) // world_size],
    )


def blocks__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("blocks", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def sorted(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The share is sorted.

    The process reads its samples in the same direction in every epoch. Leave them in the order that was drawn.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        share=lambda order, rank, world_size: sorted(order[rank::world_size]),
    )


def sorted__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("sorted", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def everything(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """Every process gets all indices.

    Then all of them do the same work. Take every `world_size`-th entry.
    """
    return _indices(
        num_samples, rank, world_size, epoch, seed, shuffle, drop_last, share=lambda order, rank, world_size: order
    )


def everything__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("everything", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def ranks_from_one(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """Ranks are counted from 1.

    They are counted from 0: the first process begins with the first entry.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        share=lambda order, rank, world_size: order[(rank - 1) % world_size :: world_size],
    )


def ranks_from_one__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("ranks_from_one", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def tensor(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The answer is a tensor.

    The stub asks for a list of Python ints: `tolist()` makes one.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        share=lambda order, rank, world_size: torch.tensor(order, dtype=torch.int64)[rank::world_size],
    )


def tensor__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("tensor", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def iterator(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The answer is an iterator.

    It can be gone through once, and has no length. The stub asks for a list.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        share=lambda order, rank, world_size: iter(order[rank::world_size]),
    )


def iterator__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("iterator", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def unchecked(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """A rank that does not exist is not noticed.

    More processes were started than the world has members. Whatever they read, the others do not know of them. Raise
    ValueError.
    """
    return _indices(num_samples, rank, world_size, epoch, seed, shuffle, drop_last, check=lambda rank, world_size: None)


def unchecked__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("unchecked", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def high_ranks_only(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """A rank equal to `world_size`, or a negative one, is accepted.

    Ranks are counted from 0, so the last one is `world_size` - 1.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        check=lambda rank, world_size: _checked(max(0, rank - 1), world_size),
    )


def high_ranks_only__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("high_ranks_only", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def negative_accepted(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """A negative rank is accepted.

    A negative index counts from the end in Python, so it looks as if all was well. Ranks begin at 0: raise ValueError.
    """
    return _indices(
        num_samples,
        rank,
        world_size,
        epoch,
        seed,
        shuffle,
        drop_last,
        check=lambda rank, world_size: _checked(max(0, rank), world_size),
    )


def negative_accepted__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("negative_accepted", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def assertion(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """A rank that does not exist fails an assertion.

    Assertions are for what cannot happen, and `python -O` leaves them out. A wrong argument raises ValueError.
    """
    assert 0 <= rank < world_size, f"rank {rank} of {world_size}"
    return _indices(num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def assertion__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("assertion", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)


def always_shuffled(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The order is shuffled also where it should not be.

    Without `shuffle` it is 0, 1, 2, … in every epoch, as a test needs it.
    """
    return _indices(num_samples, rank, world_size, epoch, seed, True, drop_last)


def always_shuffled__rewrite(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    return _written_out("always_shuffled", num_samples, rank, world_size, epoch, seed, shuffle, drop_last)
