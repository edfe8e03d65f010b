"""Ways in which splitting a batch goes wrong. The mistakes change `_split`, the rewrites are written out."""

import torch


def _tensors(batch):
    if isinstance(batch, torch.Tensor):
        return [batch]
    if isinstance(batch, (list, tuple, dict)):
        return [leaf for item in (batch.values() if isinstance(batch, dict) else batch) for leaf in _tensors(item)]
    return []


def _check(batch, devices):
    if not devices:
        raise ValueError("no device")
    if len({len(leaf) for leaf in _tensors(batch)}) > 1:
        raise ValueError("different numbers of samples")


def _even(total, count):
    return [total // count + (index < total % count) for index in range(count)]


def _pieces(tensor, sizes):
    return list(tensor.split(sizes))


def _move(piece, index, devices):
    return piece.to(devices[index])


def _walk(part, index, take):
    if isinstance(part, torch.Tensor):
        return take(part, index)
    if isinstance(part, dict):
        return {key: _walk(item, index, take) for key, item in part.items()}
    if isinstance(part, (list, tuple)):
        return type(part)(_walk(item, index, take) for item in part)
    return part


def _split(batch, devices, *, check=_check, sizes=_even, pieces=_pieces, move=_move, walk=_walk, empty=True):
    check(batch, devices)
    count = len(devices)

    def take(tensor, index):
        return move(pieces(tensor, sizes(len(tensor), count))[index], index, devices)

    total = max((len(leaf) for leaf in _tensors(batch)), default=0)
    wanted = range(count) if empty else range(min(count, total))
    return [walk(batch, index, take) for index in wanted]


def _plain(batch, cut, devices):
    """Every shard by one function of a tensor and the shard's number."""
    _check(batch, devices)
    return [_walk(batch, index, cut) for index in range(len(devices))]


def chunked(batch, devices):
    """The batch is cut with `torch.chunk`.

    Its pieces have the rounded-up size, and there are as many as that gives: 10 samples over 8 devices are five pieces
    of two, and three devices get nothing. This is what nn.DataParallel does. Here the sizes differ by at most one:
    `torch.tensor_split` does that.
    """

    def pieces(tensor, sizes):
        found = list(tensor.chunk(len(sizes)))
        return found + [tensor[:0]] * (len(sizes) - len(found))

    return _split(batch, devices, pieces=pieces)


def chunked__rewrite(batch, devices):
    def cut(tensor, index):
        size = -(-len(tensor) // len(devices))
        return tensor[index * size : (index + 1) * size].to(devices[index])

    return _plain(batch, cut, devices)


def chunks_left_out(batch, devices):
    """The batch is cut with `torch.chunk`, and devices beyond its pieces get no shard.

    `torch.chunk` gives pieces of the rounded-up size, and fewer than asked for where these are used up. Every device
    gets a shard, and the sizes differ by at most one: `torch.tensor_split` does that.
    """
    _check(batch, devices)
    count = min(len(leaf.chunk(len(devices))) for leaf in _tensors(batch))
    return [
        _walk(batch, index, lambda tensor, index: tensor.chunk(len(devices))[index].to(devices[index]))
        for index in range(count)
    ]


def chunks_left_out__rewrite(batch, devices):
    if len(devices) == 0:
        raise ValueError("empty")
    if any(len(leaf) != len(_tensors(batch)[0]) for leaf in _tensors(batch)):
        raise ValueError("unequal")
    total = len(_tensors(batch)[0])
    size = max(1, (total + len(devices) - 1) // len(devices))
    starts = list(range(0, total, size)) or [0] * len(devices)
    shards = []
    for device, start in zip(devices, starts, strict=False):
        shards.append(_walk(batch, 0, lambda t, _, d=device, s=start: t[s : s + size].to(d)))
    return shards


def empty_left_out(batch, devices):
    """Devices without samples get no shard.

    The list has one shard for each device, so that shards and devices can be gone through side by side. With fewer
    samples than devices the last shards are empty tensors.
    """
    return _split(batch, devices, empty=False)


def empty_left_out__rewrite(batch, devices):
    def cut(tensor, index):
        return tensor.tensor_split(len(devices))[index].to(devices[index])

    shards = _plain(batch, cut, devices)
    return [shard for shard in shards if len(_tensors(shard)[0]) > 0]


def rest_dropped(batch, devices):
    """The samples that are left over by the division are dropped.

    Where the number of devices does not divide the number of samples, some are left. They belong to the first shards,
    one to each: no sample is lost.
    """
    return _split(
        batch,
        devices,
        sizes=lambda total, count: [total // count] * count,
        pieces=lambda tensor, sizes: list(tensor[: sum(sizes)].split(sizes)),
    )


def rest_dropped__rewrite(batch, devices):
    def cut(tensor, index):
        size = tensor.shape[0] // len(devices)
        return tensor[index * size : index * size + size].to(devices[index])

    return _plain(batch, cut, devices)


def rest_to_the_last(batch, devices):
    """All samples that are left over go to the last device.

    That one then has up to k - 1 samples more than the others, and all wait for it. Give one sample more to each of the
    first devices: sizes differ by at most one.
    """
    return _split(
        batch, devices, sizes=lambda total, count: [total // count] * (count - 1) + [total // count + total % count]
    )


def rest_to_the_last__rewrite(batch, devices):
    def cut(tensor, index):
        size, last = len(tensor) // len(devices), len(devices) - 1
        return tensor[index * size : None if index == last else (index + 1) * size].to(devices[index])

    return _plain(batch, cut, devices)


def rest_to_the_first(batch, devices):
    """All samples that are left over go to the first device.

    That one then has up to k - 1 samples more than the others, and all wait for it. Give one sample more to each of the
    first devices: sizes differ by at most one.
    """
    return _split(
        batch, devices, sizes=lambda total, count: [total // count + total % count] + [total // count] * (count - 1)
    )


def rest_to_the_first__rewrite(batch, devices):
    def cut(tensor, index):
        size, rest = divmod(len(tensor), len(devices))
        end = rest + (index + 1) * size
        return tensor[0 if index == 0 else end - size : end].to(devices[index])

    return _plain(batch, cut, devices)


def larger_come_last(batch, devices):
    """The larger shards come last.

    The sizes are right, their order is not: the first devices get one sample more.
    """
    return _split(batch, devices, sizes=lambda total, count: sorted(_even(total, count)))


def larger_come_last__rewrite(batch, devices):
    def cut(tensor, index):
        count = len(devices)
        small, rest = divmod(len(tensor), count)
        start = index * small + max(0, index - (count - rest))
        return tensor[start : start + small + (index >= count - rest)].to(devices[index])

    return _plain(batch, cut, devices)


def dealt_out(batch, devices):
    """The samples are dealt out like cards.

    Shard i gets the samples i, i + k, i + 2k, …. The shards one after the other are then not the batch any more. Each
    shard is a piece of successive samples.
    """
    return _split(batch, devices, pieces=lambda tensor, sizes: [tensor[i :: len(sizes)] for i in range(len(sizes))])


def dealt_out__rewrite(batch, devices):
    def cut(tensor, index):
        mine = [number for number in range(len(tensor)) if number % len(devices) == index]
        return tensor[mine].to(devices[index])

    return _plain(batch, cut, devices)


def not_moved(batch, devices):
    """Shards are not on their own devices.

    Shard i belongs on `devices[i]`, where replica i is: a shard that stays where the batch is, or goes where another
    one is, cannot be used there. Call `to` with the device of each shard.
    """
    return _split(batch, devices, move=lambda piece, index, devices: piece)


def not_moved__rewrite(batch, devices):
    _check(batch, devices)
    there = _walk(batch, 0, lambda tensor, _: tensor.to(devices[0]))
    return [_walk(there, index, lambda t, i: t.tensor_split(len(devices))[i]) for index in range(len(devices))]


def numbered_gpus(batch, devices):
    """Shard i is moved to GPU number i, whatever the devices are.

    On a machine with fewer GPUs this fails, and the caller may have chosen others. `devices[i]` says where shard i
    belongs.
    """

    def move(piece, index, devices):
        return piece.to(f"cuda:{index}") if torch.cuda.is_available() else piece

    return _split(batch, devices, move=move)


def numbered_gpus__rewrite(batch, devices):
    def cut(tensor, index):
        part = tensor.tensor_split(len(devices))[index]
        return part.cuda(index) if torch.cuda.device_count() else part

    return _plain(batch, cut, devices)


def tuples_become_lists(batch, devices):
    """Tuples become lists.

    A shard is built as the batch is: a tuple stays a tuple. `type(part)(…)` makes a container of the same kind.
    """

    def walk(part, index, take):
        if isinstance(part, (list, tuple)):
            return [walk(item, index, take) for item in part]
        if isinstance(part, dict):
            return {key: walk(item, index, take) for key, item in part.items()}
        return take(part, index) if isinstance(part, torch.Tensor) else part

    return _split(batch, devices, walk=walk)


def tuples_become_lists__rewrite(batch, devices):
    def lists(part):
        if isinstance(part, dict):
            return {key: lists(item) for key, item in part.items()}
        return [lists(item) for item in part] if isinstance(part, (tuple, list)) else part

    return _plain(lists(batch), lambda t, index: t.tensor_split(len(devices))[index].to(devices[index]), devices)


def dicts_not_split(batch, devices):
    """Dicts are handed on whole.

    A batch may be a dict of batches too, at any depth: split each of its values.
    """

    def walk(part, index, take):
        if isinstance(part, (list, tuple)):
            return type(part)(walk(item, index, take) for item in part)
        return take(part, index) if isinstance(part, torch.Tensor) else part

    return _split(batch, devices, walk=walk)


def dicts_not_split__rewrite(batch, devices):
    def cut(part, index):
        if isinstance(part, torch.Tensor):
            return part.tensor_split(len(devices))[index].to(devices[index])
        if isinstance(part, tuple):
            return tuple(cut(item, index) for item in part)
        return [cut(item, index) for item in part] if isinstance(part, list) else part

    _check(batch, devices)
    return [cut(batch, index) for index in range(len(devices))]


def one_level_only(batch, devices):
    """Only the outermost tuple, list or dict is split.

    What lies deeper inside goes whole to every device. Let the function call itself for the items of a container.
    """

    def walk(part, index, take):
        def inner(item):
            return take(item, index) if isinstance(item, torch.Tensor) else item

        if isinstance(part, dict):
            return {key: inner(item) for key, item in part.items()}
        return type(part)(map(inner, part)) if isinstance(part, (list, tuple)) else inner(part)

    return _split(batch, devices, walk=walk)


def one_level_only__rewrite(batch, devices):
    _check(batch, devices)

    def cut(item, index):
        return item.tensor_split(len(devices))[index].to(devices[index]) if torch.is_tensor(item) else item

    shards = []
    for index in range(len(devices)):
        if torch.is_tensor(batch):
            shards.append(cut(batch, index))
        elif isinstance(batch, dict):
            shards.append({key: cut(value, index) for key, value in batch.items()})
        else:
            shards.append(type(batch)([cut(item, index) for item in batch]))
    return shards


def pairs_only(batch, devices):
    """Only a pair of tensors can be split.

    A batch may be a tensor alone, a dict, or nested: ask what it is before taking it apart.
    """
    _check(batch, devices)
    X, y = batch
    return list(
        zip(
            [part.to(device) for part, device in zip(X.tensor_split(len(devices)), devices, strict=True)],
            [part.to(device) for part, device in zip(y.tensor_split(len(devices)), devices, strict=True)],
            strict=True,
        )
    )


def pairs_only__rewrite(batch, devices):
    _check(batch, devices)
    shards = []
    inputs, labels = batch
    batch = inputs, labels
    for index, device in enumerate(devices):
        inputs = batch[0].tensor_split(len(devices))[index].to(device)
        labels = batch[1].tensor_split(len(devices))[index].to(device)
        shards.append((inputs, labels))
    return shards


def texts_and_numbers_fail(batch, devices):
    """What is not a tensor makes the function fail.

    None, a number or a text has no samples to split. It goes to every shard as it is.
    """

    def walk(part, index, take):
        if isinstance(part, (list, tuple)):
            return type(part)(walk(item, index, take) for item in part)
        if isinstance(part, dict):
            return {key: walk(item, index, take) for key, item in part.items()}
        return part.tensor_split(len(devices))[index].to(devices[index])

    return _split(batch, devices, walk=walk)


def texts_and_numbers_fail__rewrite(batch, devices):
    def cut(part, index):
        if isinstance(part, dict):
            return {key: cut(item, index) for key, item in part.items()}
        if isinstance(part, (tuple, list)):
            return type(part)([cut(item, index) for item in part])
        sizes = _even(part.size(0), len(devices))
        return part.narrow(0, sum(sizes[:index]), sizes[index]).to(devices[index])

    _check(batch, devices)
    return [cut(batch, index) for index in range(len(devices))]


def words_are_split(batch, devices):
    """A list of words is split as if it were a tensor.

    Only tensors count samples. A list is a container whose items are looked at one by one; a text is handed on
    unchanged.
    """

    def walk(part, index, take):
        if isinstance(part, list) and part and isinstance(part[0], str):
            start = sum(_even(len(part), len(devices))[:index])
            return part[start : start + _even(len(part), len(devices))[index]]
        return (
            _walk(part, index, take)
            if not isinstance(part, dict)
            else {k: walk(v, index, take) for k, v in part.items()}
        )

    return _split(batch, devices, walk=walk)


def words_are_split__rewrite(batch, devices):
    def cut(part, index):
        if isinstance(part, dict):
            return {key: cut(item, index) for key, item in part.items()}
        if isinstance(part, list) and all(isinstance(item, str) for item in part):
            share, rest = divmod(len(part), len(devices))
            return (part[: rest * (share + 1)], part[rest * (share + 1) :])[0 if index < rest else 1][
                (index if index < rest else index - rest) * (share + (index < rest)) :
            ][: share + (index < rest)]
        if isinstance(part, (tuple, list)):
            return type(part)([cut(item, index) for item in part])
        return part.tensor_split(len(devices))[index].to(devices[index]) if torch.is_tensor(part) else part

    _check(batch, devices)
    return [cut(batch, index) for index in range(len(devices))]


def shards_by_part(batch, devices):
    """The answer is a batch of lists instead of a list of batches.

    For (X, y) it is a pair, all pieces of X and all pieces of y. Each device needs its own pair: put the pieces with
    the same number together.
    """
    _check(batch, devices)

    def pieces(part):
        if isinstance(part, torch.Tensor):
            split = part.tensor_split(len(devices))
            return [piece.to(device) for piece, device in zip(split, devices, strict=True)]
        if isinstance(part, dict):
            return {key: pieces(item) for key, item in part.items()}
        return type(part)(pieces(item) for item in part) if isinstance(part, (list, tuple)) else [part] * len(devices)

    return pieces(batch)


def shards_by_part__rewrite(batch, devices):
    shards = _split(batch, devices)

    def gathered(parts):
        first = parts[0]
        if isinstance(first, dict):
            return {key: gathered([part[key] for part in parts]) for key in first}
        if isinstance(first, (tuple, list)):
            return type(first)([gathered(list(items)) for items in zip(*parts, strict=True)])
        return parts

    return gathered(shards)


def batch_is_changed(batch, devices):
    """A list or dict of the batch is changed.

    The caller finds the tensors of the last shard in its batch. Build new containers.
    """

    def walk(part, index, take):
        if isinstance(part, list):
            pieces = [walk(item, index, take) for item in part]
            if index == len(devices) - 1:
                part[:] = pieces
            return pieces
        if isinstance(part, dict):
            pieces = {key: walk(item, index, take) for key, item in part.items()}
            if index == len(devices) - 1:
                part.update(pieces)
            return pieces
        return type(part)(walk(i, index, take) for i in part) if isinstance(part, tuple) else _walk(part, index, take)

    return _split(batch, devices, walk=walk)


def batch_is_changed__rewrite(batch, devices):
    shards = _split(batch, devices)

    def spoil(part, new):
        for key in list(part) if isinstance(part, dict) else range(len(part)):
            if isinstance(part[key], (list, dict, tuple)):
                spoil(part[key], new[key])
            elif not isinstance(part, tuple):
                part[key] = new[key]

    if not isinstance(batch, torch.Tensor):
        spoil(batch, shards[-1])
    return shards


def lengths_not_compared(batch, devices):
    """Different numbers of samples are not noticed.

    Inputs and labels are then no pairs any more, which no later step reports. Compare the lengths of all tensors and
    raise ValueError.
    """

    def check(batch, devices):
        if not devices:
            raise ValueError("no device")

    return _split(batch, devices, check=check)


def lengths_not_compared__rewrite(batch, devices):
    if len(devices) < 1:
        raise ValueError("give at least one device")
    cut = lambda tensor, index: tensor.tensor_split(len(devices))[index].to(devices[index])
    return [_walk(batch, index, cut) for index in range(len(devices))]


def no_device_not_noticed(batch, devices):
    """A list of no devices gives no shards.

    The samples would be lost without a word. Raise ValueError where there is no device.
    """

    def check(batch, devices):
        if len({len(leaf) for leaf in _tensors(batch)}) > 1:
            raise ValueError("different numbers of samples")

    return _split(batch, devices, check=check)


def no_device_not_noticed__rewrite(batch, devices):
    if any(len(leaf) != len(_tensors(batch)[0]) for leaf in _tensors(batch)):
        raise ValueError("lengths differ")
    shards = []
    for index, device in enumerate(devices):
        shards.append(_walk(batch, index, lambda t, i, d=device: t.tensor_split(len(devices))[i].to(d)))
    return shards


def yields_shards(batch, devices):
    """The answer is an iterator, not a list.

    It can be gone through once and has no length; and where the function is a generator, it complains only when someone
    asks for the first shard. Return a list.
    """
    yield from _split(batch, devices)


def yields_shards__rewrite(batch, devices):
    _count = len(devices)
    for index in range(_count):
        yield _split(batch, devices)[index]
