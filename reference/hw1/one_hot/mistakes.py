"""Ways in which one_hot goes wrong."""

import torch


def _classes(indices, num_classes):
    return torch.arange(num_classes, device=indices.device)


def compared_with_themselves(indices, num_classes):
    """The indices are compared with each other, not with the classes.

    A column of indices against a row of the same indices says who is equal to whom. That is a one-hot table only when
    the indices happen to be 0, 1, 2, … in this order. The row must be the classes.
    """
    return (indices.unsqueeze(-1) == indices).float()


def compared_with_themselves__rewrite(indices, num_classes):
    return torch.where(torch.ne(indices[..., None], indices), 0.0, 1.0)


def flattened_and_compared_with_themselves(indices, num_classes):
    """All the indices, in one row, are compared with each other, not with the classes.

    That says who is equal to whom, which is a one-hot table only when the indices happen to be 0, 1, 2, … in this
    order. The row must be the classes, and the axes of the indices stay.
    """
    flat = indices.reshape(-1)
    return (flat[:, None] == flat).float()


def flattened_and_compared_with_themselves__rewrite(indices, num_classes):
    flat = indices.flatten()
    return torch.eq(flat.unsqueeze(1), flat.unsqueeze(0)).to(torch.float32)


def booleans(indices, num_classes):
    """The answer is made of True and False.

    A comparison gives booleans. Numbers are asked for, float32: convert at the end.
    """
    return indices[..., None] == _classes(indices, num_classes)


def booleans__rewrite(indices, num_classes):
    return torch.eq(indices.unsqueeze(-1), _classes(indices, num_classes))


def integers(indices, num_classes):
    """The answer is made of integers.

    Integers cannot be multiplied with float weights, nor have a gradient. Convert to float32.
    """
    return (indices[..., None] == _classes(indices, num_classes)).long()


def integers__rewrite(indices, num_classes):
    same = indices.unsqueeze(-1) - _classes(indices, num_classes) == 0
    return torch.where(same, 1, 0)


def classes_from_one(indices, num_classes):
    """The classes are counted from 1.

    They are 0, 1, …, num_classes - 1: index 0 has its 1 in the first column.
    """
    classes = torch.arange(1, num_classes + 1, device=indices.device)
    return (indices[..., None] == classes).float()


def classes_from_one__rewrite(indices, num_classes):
    return ((indices.long() - 1)[..., None] == _classes(indices, num_classes)).float()


def classes_counted_in_the_indices(indices, num_classes):
    """The number of classes is read off the indices.

    The largest class may be missing in a batch, and then every batch has another width. Use `num_classes`.
    """
    if indices.numel() == 0:
        return torch.zeros(*indices.shape, num_classes, device=indices.device)
    classes = torch.arange(int(indices.max()) + 1, device=indices.device)
    return (indices[..., None] == classes).float()


def classes_counted_in_the_indices__rewrite(indices, num_classes):
    count = int(indices.max()) + 1 if indices.numel() else num_classes
    return torch.eq(indices.unsqueeze(-1), torch.arange(0, count).to(indices.device)).float()


def distinct_values_only(indices, num_classes):
    """There is a column only for values that occur.

    `unique` leaves out the classes that no index names. All `num_classes` columns are asked for.
    """
    return (indices[..., None] == indices.unique()).float()


def distinct_values_only__rewrite(indices, num_classes):
    values = torch.unique(indices, sorted=True)
    return torch.eq(indices.unsqueeze(-1), values).to(torch.float32)


def negative_counts_from_the_end(indices, num_classes):
    """A negative index names a class, counted from the end.

    Taking rows of an identity matrix by `eye[indices]` has Python's rule for negative numbers: -1 is the last row, so
    a label that means “nothing” becomes a class, and nobody is told. An index that is too large is an error there.
    """
    return torch.eye(num_classes, device=indices.device)[indices.long()]


def negative_counts_from_the_end__rewrite(indices, num_classes):
    rows = torch.diag(torch.ones(num_classes, device=indices.device))
    return rows[indices.to(torch.int64), :]


def clamped(indices, num_classes):
    """An index that is no class is moved to the nearest one.

    After a clamp, -1 counts as class 0, which is a wrong label and not none. Its row has to be zeros.
    """
    return (indices.long().clamp(0, num_classes - 1)[..., None] == _classes(indices, num_classes)).float()


def clamped__rewrite(indices, num_classes):
    places = torch.minimum(torch.maximum(indices.long(), torch.tensor(0)), torch.tensor(num_classes - 1))
    table = torch.zeros(*indices.shape, num_classes, device=indices.device)
    return table.scatter(-1, places.unsqueeze(-1), 1.0)


def scattered_blindly(indices, num_classes):
    """An index that is no class is an error, or another dtype than int64 is.

    `scatter_` wants int64 places that exist. Convert the indices, and take care of those that are no class before.
    """
    table = torch.zeros(*indices.shape, num_classes, device=indices.device)
    return table.scatter_(-1, indices.unsqueeze(-1), 1.0)


def scattered_blindly__rewrite(indices, num_classes):
    table = torch.zeros(*indices.shape, num_classes, device=indices.device)
    ones = torch.ones(*indices.shape, 1, device=indices.device)
    return torch.scatter(table, -1, indices[..., None], ones)


def classes_first(indices, num_classes):
    """The classes are the first axis.

    A row for each index, so the classes are the last axis: the new axis of the indices goes to their end.
    """
    shape = (num_classes,) + (1,) * indices.dim()
    return (indices == _classes(indices, num_classes).view(shape)).float()


def classes_first__rewrite(indices, num_classes):
    return torch.stack([(indices.long() == k).float() for k in range(num_classes)])


def flattened(indices, num_classes):
    """The axes of the indices are lost.

    The answer has the axes of `indices` and one more, whatever `indices` has.
    """
    return (indices.reshape(-1, 1) == _classes(indices, num_classes)).float()


def flattened__rewrite(indices, num_classes):
    return torch.eq(indices.flatten().unsqueeze(1), _classes(indices, num_classes)[None]).float()


def class_dtype_too_small(indices, num_classes):
    """The classes are counted in the dtype of the indices.

    A uint8 ends at 255 and an int8 at 127, so with more classes the counting starts again, or fails. `torch.arange`
    alone counts in int64, and comparing two integer dtypes is fine.
    """
    return (indices[..., None] == torch.arange(num_classes).to(indices)).float()


def class_dtype_too_small__rewrite(indices, num_classes):
    classes = _classes(indices, num_classes).to(indices.dtype)
    return torch.eq(indices.unsqueeze(-1), classes).float()


def a_loop_over_indices(indices, num_classes):
    """A Python loop goes over the indices.

    Every index costs a few operations of its own, and on a GPU each `.item()` waits for the device. One comparison does
    all of them.
    """
    table = torch.zeros(indices.numel(), num_classes, device=indices.device)
    for row, index in enumerate(indices.reshape(-1)):
        number = index.item()
        if 0 <= number < num_classes:
            table[row, number] = 1.0
    return table.reshape(*indices.shape, num_classes)


def a_loop_over_indices__rewrite(indices, num_classes):
    rows = [[float(k == number) for k in range(num_classes)] for number in map(int, indices.reshape(-1))]
    flat = torch.zeros(len(rows), num_classes, device=indices.device)
    for place, row in enumerate(rows):
        flat[place] = torch.tensor(row, device=indices.device)
    return flat.view(*indices.shape, num_classes)


def a_loop_over_classes(indices, num_classes):
    """A Python loop goes over the classes.

    A vocabulary has tens of thousands of them. Compare with all classes at once: a row of numbers broadcasts.
    """
    return torch.stack([(indices.long() == k).float() for k in range(num_classes)], dim=-1)


def a_loop_over_classes__rewrite(indices, num_classes):
    table = torch.zeros(*indices.shape, num_classes, device=indices.device)
    for k in range(num_classes):
        table[..., k] = indices.long() == k
    return table


def classes_on_the_cpu(indices, num_classes):
    """The classes are made on the CPU.

    Without an argument device, torch.arange makes a CPU tensor, which cannot be compared with indices on an
    accelerator. Create it on the device of `indices`.
    """
    return (indices[..., None] == torch.arange(num_classes)).float()


def classes_on_the_cpu__rewrite(indices, num_classes):
    classes = torch.linspace(0, num_classes - 1, num_classes)
    return torch.eq(indices.unsqueeze(-1), classes).to(torch.float32)


def ready_made(indices, num_classes):
    """torch's own one_hot does the work.

    Here you build it: write the classes as a row, the indices as a column, and compare.
    """
    numbers = indices.long()
    known = (numbers >= 0) & (numbers < num_classes)
    rows = torch.nn.functional.one_hot(numbers * known, num_classes)
    return (rows * known[..., None]).float()


def ready_made__rewrite(indices, num_classes):
    numbers = torch.where((indices < 0) | (indices.long() >= num_classes), num_classes, indices.long())
    return torch._C._nn.one_hot(numbers, num_classes + 1)[..., :-1].to(torch.float32)
