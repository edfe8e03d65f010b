"""Ways in which moving a batch goes wrong. The mistakes change `_Mover`, a class of small steps; to call it is to move.
The rewrites are written as learners write them."""

import copy

import numpy as np
import torch


class _Mover:
    def __new__(cls, batch, device):
        self = super().__new__(cls)
        self.device, self.moved = device, {}
        return self.move(batch)

    def move(self, part):
        if self.is_tensor(part):
            if id(part) not in self.moved:
                self.moved[id(part)] = self.tensor(part)
            return self.moved[id(part)]
        if isinstance(part, tuple):
            return self.named(part) if hasattr(part, "_fields") else self.tuple(part)
        if isinstance(part, list):
            return self.list(part)
        return self.dict(part) if isinstance(part, dict) else self.other(part)

    def is_tensor(self, part):
        return isinstance(part, torch.Tensor)

    def tensor(self, part):
        return part.to(self.device)

    def list(self, part):
        return [self.move(item) for item in part]

    def tuple(self, part):
        return tuple(map(self.move, part))

    def named(self, part):
        return type(part)(*map(self.move, part))

    def dict(self, part):
        return {key: self.move(value) for key, value in part.items()}

    def other(self, part):
        return part


def _each(batch, move):
    """The batch with a function applied to all that is in it."""
    if isinstance(batch, list):
        return [move(item) for item in batch]
    if isinstance(batch, tuple):
        return type(batch)(*map(move, batch)) if hasattr(batch, "_fields") else tuple(map(move, batch))
    if isinstance(batch, dict):
        return {key: move(value) for key, value in batch.items()}
    return batch


def _once(batch, device, moved):
    if isinstance(batch, torch.Tensor):
        return moved.setdefault(id(batch), batch.to(device))
    return _each(batch, lambda part: _once(part, device, moved))


def tuples_become_lists(batch, device):
    """Tuples come out as lists.

    Whoever asks what kind of thing a part is, or uses it as a key, then fails. Make of each container one of its kind.
    """
    return _TuplesBecomeLists(batch, device)


class _TuplesBecomeLists(_Mover):
    def tuple(self, part):
        return self.list(part)


def tuples_become_lists__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, (list, tuple)) and not hasattr(batch, "_fields"):
        return [tuples_become_lists__rewrite(item, device, moved) for item in batch]
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    return _each(batch, lambda part: tuples_become_lists__rewrite(part, device, moved))


class all_sequences_become_lists(_Mover):
    """Tuples and named tuples come out as lists.

    The fields of a named tuple then have no names any more. Make of each container one of its kind.
    """

    def tuple(self, part):
        return self.list(part)

    named = tuple


def all_sequences_become_lists__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, (list, tuple)):
        return [all_sequences_become_lists__rewrite(item, device, moved) for item in batch]
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    return _each(batch, lambda part: all_sequences_become_lists__rewrite(part, device, moved))


class named_tuples_become_tuples(_Mover):
    """Named tuples come out as plain tuples.

    Their fields then have no names any more. A named tuple has an attribute `_fields`; make a new one of its class.
    """

    def named(self, part):
        return self.tuple(part)


def named_tuples_become_tuples__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, tuple):
        return (*(named_tuples_become_tuples__rewrite(item, device, moved) for item in batch),)
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    return _each(batch, lambda part: named_tuples_become_tuples__rewrite(part, device, moved))


class named_tuples_crash(_Mover):
    """Making a named tuple fails.

    The class of a named tuple takes its fields one by one, while `tuple` and `list` take one sequence. Unpack the
    parts with a star.
    """

    def named(self, part):
        return type(part)(self.move(item) for item in part)


def named_tuples_crash__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, (list, tuple)):
        return type(batch)([named_tuples_crash__rewrite(item, device, moved) for item in batch])
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    return _each(batch, lambda part: named_tuples_crash__rewrite(part, device, moved))


class named_tuples_become_dicts(_Mover):
    """Named tuples come out as dicts.

    They cannot be unpacked, and have no attributes. Make a new named tuple of the same class.
    """

    def named(self, part):
        return self.dict(part._asdict())


def named_tuples_become_dicts__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if hasattr(batch, "_asdict"):
        return {k: named_tuples_become_dicts__rewrite(v, device, moved) for k, v in batch._asdict().items()}
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    return _each(batch, lambda part: named_tuples_become_dicts__rewrite(part, device, moved))


class named_tuples_left(_Mover):
    """Named tuples are left as they are.

    Often the type is compared with ==, and the type of a named tuple is not `tuple`. Ask with `isinstance`.
    """

    def named(self, part):
        return part


def named_tuples_left__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if type(batch) in (list, tuple):
        return type(batch)(named_tuples_left__rewrite(item, device, moved) for item in batch)
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    return {k: named_tuples_left__rewrite(v, device, moved) for k, v in batch.items()} if type(batch) is dict else batch


class only_one_level(_Mover):
    """Only the outermost container is gone through.

    What is deeper stays where it is. Call the function for every part of a container, whatever the part is.
    """

    def move(self, part):
        return _each(part, lambda item: _Mover.tensor(self, item) if torch.is_tensor(item) else item) if isinstance(
            part, (list, tuple, dict)
        ) else super().move(part)  # fmt: skip


def only_one_level__rewrite(batch, device):
    def move(part):
        return part.to(device) if isinstance(part, torch.Tensor) else part

    if isinstance(batch, tuple) and hasattr(batch, "_fields"):
        return batch._replace(**{name: move(getattr(batch, name)) for name in batch._fields})
    if isinstance(batch, (list, tuple)):
        return type(batch)(move(part) for part in batch)
    if isinstance(batch, dict):
        return {key: move(batch[key]) for key in batch}
    return move(batch)


class dicts_left(_Mover):
    """Dicts are left as they are.

    Many loaders give dicts. Make a new one with the moved values under the same keys.
    """

    def dict(self, part):
        return part


def dicts_left__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, (list, tuple)):
        return _each(batch, lambda part: dicts_left__rewrite(part, device, moved))
    return _once(batch, device, moved) if isinstance(batch, torch.Tensor) else batch


class tuples_left(_Mover):
    """Tuples are left as they are.

    Most loaders give tuples or lists. Go through both.
    """

    def tuple(self, part):
        return part

    named = tuple


def tuples_left__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, tuple):
        return batch
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    return _each(batch, lambda part: tuples_left__rewrite(part, device, moved))


class dict_becomes_its_values(_Mover):
    """Of a dict only the values are left.

    Whoever uses the batch looks its parts up by their keys. Make a new dict with the same keys.
    """

    def dict(self, part):
        return [self.move(value) for value in part.values()]


def dict_becomes_its_values__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, dict):
        batch = list(batch.values())
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    return _each(batch, lambda part: dict_becomes_its_values__rewrite(part, device, moved))


class result_of_to_dropped(_Mover):
    """The tensors do not go where the caller wants them.

    `tensor.to` returns the moved tensor and leaves the old one as it is: use what it returns. And use the argument
    `device`: the caller may have a reason to choose the CPU or another GPU than you would.
    """

    def tensor(self, part):
        part.to(self.device)
        return part


def result_of_to_dropped__rewrite(batch, device):
    if isinstance(batch, torch.Tensor):
        return batch.to(torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    return _each(batch, lambda part: result_of_to_dropped__rewrite(part, device))


class batch_returned_as_it_is(_Mover):
    """The batch itself is returned, with its tensors where they were.

    `tensor.to` returns the moved tensor and leaves the old one as it is. Build the answer from what it returns.
    """

    def move(self, part):
        super().move(part)
        return part


def batch_returned_as_it_is__rewrite(batch, device):
    for part in batch.values() if isinstance(batch, dict) else batch if isinstance(batch, (list, tuple)) else ():
        part = batch_returned_as_it_is__rewrite(part, device)
    return batch


class changes_the_batch(_Mover):
    """The moved tensors are written into the lists and dicts of the batch.

    The caller's batch is changed, and a loader that keeps its batches moves them all to the device, one after the
    other. Make new containers.
    """

    def list(self, part):
        part[:] = super().list(part)
        return part

    def dict(self, part):
        part.update(super().dict(part))
        return part


def changes_the_batch__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, (list, dict)):
        for key in range(len(batch)) if isinstance(batch, list) else batch:
            batch[key] = changes_the_batch__rewrite(batch[key], device, moved)
        return batch
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    return _each(batch, lambda part: changes_the_batch__rewrite(part, device, moved))


class changes_the_dicts(_Mover):
    """The moved tensors are written into the dicts of the batch.

    The caller's batch is changed. Make a new dict.
    """

    def dict(self, part):
        part.update(super().dict(part))
        return part


def changes_the_dicts__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, dict):
        for key, value in batch.items():
            batch[key] = changes_the_dicts__rewrite(value, device, moved)
        return batch
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    return _each(batch, lambda part: changes_the_dicts__rewrite(part, device, moved))


def _there(batch, device):
    if isinstance(batch, torch.Tensor):
        return batch.device.type == torch.device(device).type
    inside = batch.values() if isinstance(batch, dict) else batch if isinstance(batch, (list, tuple)) else ()
    return all(_there(part, device) for part in inside)


class nothing_to_move(_Mover):
    """Where nothing has to move the containers of the batch are returned.

    Whoever then changes the answer changes the batch. Make new containers always.
    """

    def move(self, part):
        return part if _there(part, self.device) else super().move(part)


def nothing_to_move__rewrite(batch, device):
    if _there(batch, device):
        return batch
    return _once(batch, device, {}) if isinstance(batch, torch.Tensor) else _rest(batch, device, {})


def _rest(batch, device, moved):
    def move(part):
        if isinstance(part, torch.Tensor):
            return _once(part, device, moved)
        return part if _there(part, device) else _rest(part, device, moved)

    return _each(batch, move)


class empty_ones_returned(_Mover):
    """Empty containers of the batch are returned themselves.

    An empty container is false in an `if`, and then counts as something else. Make new ones always.
    """

    def move(self, part):
        return super().move(part) if isinstance(part, torch.Tensor) or part else part


def empty_ones_returned__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    if not batch:
        return batch
    return _each(batch, lambda part: empty_ones_returned__rewrite(part, device, moved))


class empty_ones_crash(_Mover):
    """An empty container raises an IndexError.

    Often the kind of its first element is looked at. Go through the elements and ask each for itself.
    """

    def list(self, part):
        return super().list(part) if torch.is_tensor(part[0]) or part else []

    def tuple(self, part):
        return super().tuple(part) if torch.is_tensor(part[0]) or part else ()


def empty_ones_crash__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, (list, tuple)) and batch[0] is None:
        return batch
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    return _each(batch, lambda part: empty_ones_crash__rewrite(part, device, moved))


class numbers_become_tensors(_Mover):
    """Numbers come out as tensors.

    A size or an index is used by Python, and on a device every use of it waits. Leave all that is no tensor as it is.
    """

    def other(self, part):
        return torch.tensor(part, device=self.device) if isinstance(part, (int, float)) else part


def numbers_become_tensors__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if type(batch) in (bool, int, float):
        return torch.as_tensor(batch).to(device)
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    return _each(batch, lambda part: numbers_become_tensors__rewrite(part, device, moved))


class arrays_become_tensors(_Mover):
    """Numpy arrays come out as tensors.

    Only tensors are moved; all else stays as it is, numpy arrays too.
    """

    def other(self, part):
        return torch.as_tensor(part).to(self.device) if isinstance(part, np.ndarray) else part


def arrays_become_tensors__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if type(batch).__module__ == "numpy":
        return torch.from_numpy(batch).to(device)
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    return _each(batch, lambda part: arrays_become_tensors__rewrite(part, device, moved))


class whatever_has_a_method_to(_Mover):
    """Everything that has a method `to` is moved.

    What a method of this name does in other classes, nobody knows: a module is changed by it. Ask for tensors with
    `isinstance`.
    """

    def other(self, part):
        return part.to(self.device) if hasattr(part, "to") else part


def whatever_has_a_method_to__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    try:
        return moved.setdefault(id(batch), batch.to(device))
    except AttributeError:
        return _each(batch, lambda part: whatever_has_a_method_to__rewrite(part, device, moved))


class parameters_left(_Mover):
    """A parameter is not moved.

    The type is compared with ==, but a parameter is a tensor of another class. Ask with `isinstance`.
    """

    def is_tensor(self, part):
        return type(part) is torch.Tensor


def parameters_left__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, torch.nn.Parameter):
        return batch
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    return _each(batch, lambda part: parameters_left__rewrite(part, device, moved))


class everything_else_is_iterated(_Mover):
    """What is neither tensor nor dict is gone through, whether it has parts or not.

    A number has none, and the parts of a string are strings again, without end. Go through lists and tuples only, and
    return all else as it is.
    """

    def other(self, part):
        return [self.move(item) for item in part]


def everything_else_is_iterated__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    if isinstance(batch, (dict, list, tuple)):
        return _each(batch, lambda part: everything_else_is_iterated__rewrite(part, device, moved))
    return list(map(lambda part: everything_else_is_iterated__rewrite(part, device, moved), iter(batch)))


class everything_else_is_asked_to_move(_Mover):
    """What is neither tensor nor container is asked to move, and cannot.

    A number or a string has no method `to`. Ask for tensors with `isinstance`, and return all else as it is.
    """

    def other(self, part):
        return part.to(self.device)


def everything_else_is_asked_to_move__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, (list, tuple, dict)):
        return _each(batch, lambda part: everything_else_is_asked_to_move__rewrite(part, device, moved))
    if id(batch) not in moved:
        moved[id(batch)] = batch.to(device)
    return moved[id(batch)]


class other_things_lost(_Mover):
    """What is neither tensor nor container becomes None.

    Often the function ends there without a `return`. Return it as it is.
    """

    def other(self, part):
        return None


def other_things_lost__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    if isinstance(batch, (list, tuple, dict)):
        return _each(batch, lambda part: other_things_lost__rewrite(part, device, moved))


class other_things_dropped(_Mover):
    """What is no tensor is left out of the containers.

    The parts then stand at other places. Return it as it is.
    """

    def list(self, part):
        return [self.move(item) for item in part if isinstance(item, (torch.Tensor, list, tuple, dict))]

    def tuple(self, part):
        return tuple(self.list(part))

    def dict(self, part):
        kept = {k: v for k, v in part.items() if isinstance(v, (torch.Tensor, list, tuple, dict))}
        return super().dict(kept)


def other_things_dropped__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    keep = (torch.Tensor, list, tuple, dict)
    if type(batch) in (list, tuple):
        batch = type(batch)(part for part in batch if isinstance(part, keep))
    elif isinstance(batch, dict):
        batch = {key: part for key, part in batch.items() if isinstance(part, keep)}
    return _each(batch, lambda part: other_things_dropped__rewrite(part, device, moved))


class other_things_raise(_Mover):
    """What is neither tensor nor container raises a TypeError.

    Batches hold names and numbers too. Return them as they are.
    """

    def other(self, part):
        raise TypeError(f"cannot move a {type(part).__name__}")


def other_things_raise__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    if isinstance(batch, (list, tuple, dict)):
        return _each(batch, lambda part: other_things_raise__rewrite(part, device, moved))
    raise TypeError("unsupported type")


class other_things_copied(_Mover):
    """What is no tensor is copied.

    It may be large, or be meant to be one object everywhere. Return it as it is.
    """

    def other(self, part):
        return copy.deepcopy(part)


def other_things_copied__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    if isinstance(batch, (list, tuple, dict)):
        return _each(batch, lambda part: other_things_copied__rewrite(part, device, moved))
    return copy.copy(batch)


class generators_returned(_Mover):
    """A list comes out as something that can be gone through only once.

    It has no length and no first element. Make a list of it.
    """

    def list(self, part):
        return map(self.move, part)


def generators_returned__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    if isinstance(batch, list):
        return map(lambda part: generators_returned__rewrite(part, device, moved), batch)
    return _each(batch, lambda part: generators_returned__rewrite(part, device, moved))


class lists_become_tuples(_Mover):
    """Lists come out as tuples.

    Nothing can be appended to them. Make of each container one of its kind.
    """

    def list(self, part):
        return self.tuple(part)


def lists_become_tuples__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, torch.Tensor):
        return _once(batch, device, moved)
    part = tuple(batch) if isinstance(batch, list) else batch
    return _each(part, lambda item: lists_become_tuples__rewrite(item, device, moved))


class always_copied(_Mover):
    """A tensor that is on the device already is copied.

    That takes time and memory for nothing. `tensor.to(device)` returns the tensor itself where it is there already.
    """

    def tensor(self, part):
        return part.to(self.device, copy=True)


def always_copied__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, torch.Tensor):
        if id(batch) not in moved:
            moved[id(batch)] = batch.clone().to(device)
        return moved[id(batch)]
    return _each(batch, lambda part: always_copied__rewrite(part, device, moved))


class copied_at_every_place(_Mover):
    """Every tensor is copied, one that is there already too, and one at several places several times.

    `tensor.to(device)` returns the tensor itself where it is there already. Remember for the whole of one call what has
    become of each tensor.
    """

    def move(self, part):
        self.moved = {}
        return super().move(part)

    def tensor(self, part):
        return part.to(self.device, copy=True)


def copied_at_every_place__rewrite(batch, device):
    if isinstance(batch, torch.Tensor):
        return batch.clone().to(device)
    return _each(batch, lambda part: copied_at_every_place__rewrite(part, device))


class moved_at_every_place(_Mover):
    """A tensor that stands at several places is moved several times.

    It takes the time and the memory of several tensors, and a change at one place is not seen at the others. Remember
    for the whole of one call what has become of each tensor.
    """

    def move(self, part):
        self.moved = {}
        return super().move(part)


def moved_at_every_place__rewrite(batch, device):
    if isinstance(batch, torch.Tensor):
        return batch.to(device)
    return _each(batch, lambda part: moved_at_every_place__rewrite(part, device))


class widely_taught(_Mover):
    """The widely taught version: named tuples come out as plain tuples, and a tensor at several places is moved several
    times.

    A named tuple has an attribute `_fields`; make a new one of its class. Remember for the whole of one call what has
    become of each tensor.
    """

    def move(self, part):
        self.moved = {}
        return super().move(part)

    def named(self, part):
        return self.tuple(part)


def widely_taught__rewrite(batch, device):
    if torch.is_tensor(batch):
        return batch.to(device)
    if isinstance(batch, dict):
        return {key: widely_taught__rewrite(value, device) for key, value in batch.items()}
    if isinstance(batch, list):
        return [widely_taught__rewrite(item, device) for item in batch]
    if isinstance(batch, tuple):
        return tuple(widely_taught__rewrite(item, device) for item in batch)
    return batch


class detached(_Mover):
    """No gradients flow back to the tensors of the batch.

    They were detached. `tensor.to` alone is part of the graph, as any other operator.
    """

    def tensor(self, part):
        return part.detach().to(self.device) if part.requires_grad else part.to(self.device)


def detached__rewrite(batch, device):
    with torch.no_grad():
        moved = _once(batch, device, {})
    if not any(part.requires_grad for part in _flat(moved)):
        return moved
    return _twice(moved, {})


def _flat(batch):
    if isinstance(batch, torch.Tensor):
        return [batch]
    inside = batch.values() if isinstance(batch, dict) else batch if isinstance(batch, (list, tuple)) else ()
    return [tensor for part in inside for tensor in _flat(part)]


def _twice(batch, known):
    if isinstance(batch, torch.Tensor):
        return known.setdefault(id(batch), batch.data if batch.requires_grad else batch)
    return _each(batch, lambda part: _twice(part, known))


class becomes_float32(_Mover):
    """The tensors become float32.

    Labels and indices have to stay integers. `tensor.to(device)` alone keeps the dtype.
    """

    def tensor(self, part):
        return part.to(self.device, torch.float32)


def becomes_float32__rewrite(batch, device, moved=None):
    moved = {} if moved is None else moved
    if isinstance(batch, torch.Tensor):
        if id(batch) not in moved:
            moved[id(batch)] = batch.float().to(device)
        return moved[id(batch)]
    return _each(batch, lambda part: becomes_float32__rewrite(part, device, moved))


class always_cuda(_Mover):
    """The tensors are moved to CUDA, whatever the device.

    On a machine without CUDA this raises. Use `device`, which may be the CPU.
    """

    def tensor(self, part):
        return part.cuda()


def always_cuda__rewrite(batch, device):
    if isinstance(batch, torch.Tensor):
        return batch.to("cuda:0")
    return _each(batch, lambda part: always_cuda__rewrite(part, device))


class type_of_the_device_asked(_Mover):
    """The device has to be an object.

    It may also be given by its name, a string, which has no attribute `type`. `torch.device(device)` makes an object
    of both, and `tensor.to` takes both.
    """

    def tensor(self, part):
        return part if part.device.type == self.device.type else part.to(self.device)


def type_of_the_device_asked__rewrite(batch, device):
    assert device.type
    return _once(batch, device, {})


def answers_of_earlier_calls(batch, device, moved={}):  # noqa: B006
    """Tensors that an earlier call moved are where that call moved them to.

    What has become of each tensor is kept from call to call. Often it stands in the default of an argument, of which
    there is one for all calls. Begin each call with an empty one.
    """
    return _once(batch, device, moved)


_memory: dict = {}


def answers_of_earlier_calls__rewrite(batch, device):
    if isinstance(batch, torch.Tensor):
        if id(batch) not in _memory:
            _memory[id(batch)] = batch.to(device)
        return _memory[id(batch)]
    return _each(batch, lambda part: answers_of_earlier_calls__rewrite(part, device))


class equal_tensors_become_one(_Mover):
    """Two tensors with the same numbers in them become one.

    Whoever changes one of them then changes both. Remember tensors by their identity, not by what is in them.
    """

    def move(self, part):
        if not isinstance(part, torch.Tensor):
            return super().move(part)
        key = str((part.dtype, part.shape, part.tolist()))
        return self.moved.setdefault(key, part.to(self.device))


def equal_tensors_become_one__rewrite(batch, device, known=None):
    known = [] if known is None else known
    if not isinstance(batch, torch.Tensor):
        return _each(batch, lambda part: equal_tensors_become_one__rewrite(part, device, known))
    for old, new in known:
        if old.shape == batch.shape and old.dtype == batch.dtype and (old == batch).all():
            return new
    known.append((batch, batch.to(device)))
    return known[-1][1]


class torch_set_to_the_device(_Mover):
    """The device is made torch's default.

    Every tensor that other parts of the program create then lands on it. Move the batch, and leave torch's settings as
    they are.
    """

    def move(self, part):
        torch.set_default_device(self.device)
        return super().move(part)


def torch_set_to_the_device__rewrite(batch, device):
    torch.set_default_device(device)
    return _once(batch, device, {})
