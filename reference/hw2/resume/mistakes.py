"""Ways in which resume goes wrong."""

from pathlib import Path

from checkpoints import begin as _begin
from checkpoints import load_checkpoint as _load
from checkpoints import move as _move
from checkpoints import save_checkpoint as _save
from checkpoints import train as _train


def epoch_repeated(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """The epoch in the file is trained once more.

    The file says which epoch was finished. The first one that is missing is the next.
    """
    start = max(_begin(path, models, optimizer, device) - 1, 0)
    return _train(path, models, optimizer, range(start, num_epochs), train_epoch)


def epoch_repeated__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    _move(models, device)
    epoch = 0
    if Path(path).is_file():
        epoch = _load(path, models, optimizer, device)
    trained = []
    while epoch < num_epochs:
        train_epoch(epoch)
        _save(path, models, optimizer, epoch)
        trained.append(epoch)
        epoch += 1
    return trained


def epoch_skipped(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """An epoch is skipped.

    Where epoch 2 was finished, epoch 3 is the next: add one, once.
    """
    start = _begin(path, models, optimizer, device)
    return _train(path, models, optimizer, range(start + (start > 0), num_epochs), train_epoch)


def epoch_skipped__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    start = _begin(path, models, optimizer, device)
    if start:
        start += 1
    return _train(path, models, optimizer, list(range(start, num_epochs)), train_epoch)


def that_many_more(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """`num_epochs` epochs are trained in addition.

    It is the number of epochs of the whole training: those in the file count among them.
    """
    start = _begin(path, models, optimizer, device)
    return _train(path, models, optimizer, range(start, start + num_epochs), train_epoch)


def that_many_more__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    start = _begin(path, models, optimizer, device)
    trained = []
    for number in range(num_epochs):
        train_epoch(start + number)
        _save(path, models, optimizer, start + number)
        trained.append(start + number)
    return trained


def one_too_many(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """One epoch too many is trained.

    Epochs are numbered from 0: the last one has the number `num_epochs` - 1.
    """
    start = _begin(path, models, optimizer, device)
    return _train(path, models, optimizer, range(start, num_epochs + 1), train_epoch)


def one_too_many__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    epoch = _begin(path, models, optimizer, device)
    trained = []
    while epoch <= num_epochs:
        trained += _train(path, models, optimizer, [epoch], train_epoch)
        epoch += 1
    return trained


def from_the_beginning(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """The epochs begin at 0 again.

    Everything is loaded, and then trained as if nothing had been done. Begin with the epoch after the one in the file.
    """
    _begin(path, models, optimizer, device)
    return _train(path, models, optimizer, range(num_epochs), train_epoch)


def from_the_beginning__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    _move(models, device)
    if Path(path).exists():
        _load(path, models, optimizer, device)
    trained = []
    for epoch in range(num_epochs):
        train_epoch(epoch)
        _save(path, models, optimizer, epoch)
        trained.append(epoch)
    return trained


def file_ignored(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """The file is not looked at.

    Every interruption costs the whole training. Load it where there is one.
    """
    _move(models, device)
    return _train(path, models, optimizer, range(num_epochs), train_epoch)


def file_ignored__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    Path(path).unlink(missing_ok=True)
    return _train(path, models, optimizer, range(_begin(path, models, optimizer, device), num_epochs), train_epoch)


def numbers_only(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """The weights are not loaded.

    Of the file only the number of the epoch is used: the training goes on with new models. Load them.
    """
    _move(models, device)
    start = _load(path, {}, None, device) + 1 if Path(path).exists() else 0
    return _train(path, models, optimizer, range(start, num_epochs), train_epoch)


def numbers_only__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    _move(models, device)
    start = 0
    if Path(path).is_file():
        start = 1 + _load(path, models={})
    return _train(path, models, optimizer, list(range(start, num_epochs)), train_epoch)


def optimizer_left_out(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """The optimizer is not loaded.

    Its momentum begins at zero after every interruption. Hand it to load_checkpoint.
    """
    start = _begin(path, models, None, device)
    return _train(path, models, optimizer, range(start, num_epochs), train_epoch)


def optimizer_left_out__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    _move(models, device)
    start = _load(path, models, device=device) + 1 if Path(path).is_file() else 0
    return _train(path, models, optimizer, range(start, num_epochs), train_epoch)


def file_demanded(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """Without a file nothing is trained.

    The first run has none. Look whether there is one before you load.
    """
    start = _load(path, models, optimizer, device) + 1
    return _train(path, models, optimizer, range(start, num_epochs), train_epoch)


def file_demanded__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    if not Path(path).is_file():
        raise FileNotFoundError(f"there is no checkpoint at {path}")
    return _train(path, models, optimizer, range(_begin(path, models, optimizer, device), num_epochs), train_epoch)


def saved_at_the_end(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """The checkpoint is saved when all epochs are done.

    It is made for the case that they are not. Save after every epoch.
    """
    epochs = list(range(_begin(path, models, optimizer, device), num_epochs))
    for epoch in epochs:
        train_epoch(epoch)
    if epochs:
        _save(path, models, optimizer, epochs[-1])
    return epochs


def saved_at_the_end__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    trained = []
    for epoch in range(_begin(path, models, optimizer, device), num_epochs):
        train_epoch(epoch)
        trained.append(epoch)
        if epoch == num_epochs - 1:
            _save(path, models, optimizer, epoch)
    return trained


def saved_before_the_epoch(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """The checkpoint is saved before its epoch is trained.

    It then says of an epoch that it was finished when it had not even begun, and that one is never trained. Train
    first, then save.
    """
    epochs = range(_begin(path, models, optimizer, device), num_epochs)
    for epoch in epochs:
        _save(path, models, optimizer, epoch)
        train_epoch(epoch)
    return list(epochs)


def saved_before_the_epoch__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    trained = []
    start = _begin(path, models, optimizer, device)
    while start + len(trained) < num_epochs:
        trained.append(start + len(trained))
        _save(path, models, optimizer, trained[-1])
        train_epoch(trained[-1])
    return trained


def next_number_saved(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """The checkpoint has the number of the next epoch.

    Whoever loads it adds one, so that the next epoch is skipped. Save the number of the epoch that was finished.
    """
    epochs = range(_begin(path, models, optimizer, device), num_epochs)
    for epoch in epochs:
        train_epoch(epoch)
        _save(path, models, optimizer, epoch + 1)
    return list(epochs)


def next_number_saved__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    trained = []
    epoch = _begin(path, models, optimizer, device)
    while epoch < num_epochs:
        train_epoch(epoch)
        trained.append(epoch)
        epoch += 1
        _save(path, models, optimizer, epoch)
    return trained


def exception_kept_back(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """An epoch that fails is kept quiet.

    The caller takes the training for finished. Let the exception through.
    """
    trained = []
    for epoch in range(_begin(path, models, optimizer, device), num_epochs):
        try:
            train_epoch(epoch)
        except Exception as error:
            print("interrupted:", error)
            break
        _save(path, models, optimizer, epoch)
        trained.append(epoch)
    return trained


def exception_kept_back__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    trained = []
    try:
        for epoch in range(_begin(path, models, optimizer, device), num_epochs):
            trained += _train(path, models, optimizer, [epoch], train_epoch)
    except Exception:
        pass
    return trained


def unfinished_epoch_saved(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """An epoch that failed is saved as if it had been finished.

    What stands in a `finally` is done after a failure too: half an epoch then counts as a whole one. Save only when
    the epoch is through.
    """
    epochs = range(_begin(path, models, optimizer, device), num_epochs)
    for epoch in epochs:
        try:
            train_epoch(epoch)
        finally:
            _save(path, models, optimizer, epoch)
    return list(epochs)


def unfinished_epoch_saved__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    trained = []
    for epoch in range(_begin(path, models, optimizer, device), num_epochs):
        try:
            train_epoch(epoch)
        except Exception:
            _save(path, models, optimizer, epoch)
            raise
        _save(path, models, optimizer, epoch)
        trained.append(epoch)
    return trained


def start_returned(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """A number is returned, not the epochs.

    The caller wants to know which epochs were trained: a list of their numbers.
    """
    start = _begin(path, models, optimizer, device)
    _train(path, models, optimizer, range(start, num_epochs), train_epoch)
    return start


def start_returned__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    trained = [*range(_begin(path, models, optimizer, device), num_epochs)]
    start = num_epochs - len(trained) if trained else _load(path, {}) + 1 if Path(path).exists() else 0
    _train(path, models, optimizer, trained, train_epoch)
    return start


def nothing_returned(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """The epochs that were trained are not returned.

    The caller wants to know which they were: a list of their numbers.
    """
    start = _begin(path, models, optimizer, device)
    _train(path, models, optimizer, range(start, num_epochs), train_epoch)


def nothing_returned__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    for epoch in range(_begin(path, models, optimizer, device), num_epochs):
        train_epoch(epoch)
        _save(path, models, optimizer, epoch)


def all_epochs_returned(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """Epochs of earlier calls are returned too.

    Only those count that this call has trained.
    """
    start = _begin(path, models, optimizer, device)
    _train(path, models, optimizer, range(start, num_epochs), train_epoch)
    return list(range(num_epochs))


def all_epochs_returned__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    start = _begin(path, models, optimizer, device)
    later = _train(path, models, optimizer, range(start, num_epochs), train_epoch)
    return [*range(min(start, num_epochs)), *later]


def counted_anew(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """`train_epoch` gets numbers that begin at 0 in every call.

    A schedule or a shuffling that depends on the number would begin anew. Hand on the number of the epoch in the whole
    training.
    """
    epochs = range(_begin(path, models, optimizer, device), num_epochs)
    for count, epoch in enumerate(epochs):
        train_epoch(count)
        _save(path, models, optimizer, epoch)
    return list(epochs)


def counted_anew__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    start = _begin(path, models, optimizer, device)
    return _train(path, models, optimizer, range(start, num_epochs), lambda epoch: train_epoch(epoch - start))


def moved_only_with_a_file(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """Without a file the models are not moved.

    `load_checkpoint` moves them, but it is not called then. Move them in either case.
    """
    start = _load(path, models, optimizer, device) + 1 if Path(path).exists() else 0
    return _train(path, models, optimizer, range(start, num_epochs), train_epoch)


def moved_only_with_a_file__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    start = 0
    if Path(path).is_file():
        start = _begin(path, models, optimizer, device)
    return _train(path, models, optimizer, list(range(start, num_epochs)), train_epoch)


def device_not_handed_on(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """The device is not handed on to load_checkpoint.

    It moves the models to the CPU when nothing else is said.
    """
    start = _begin(path, models, optimizer, "cpu") if Path(path).exists() else _begin(path, models, optimizer, device)
    return _train(path, models, optimizer, range(start, num_epochs), train_epoch)


def device_not_handed_on__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    _move(models, device)
    start = _load(path, models, optimizer) + 1 if Path(path).is_file() else 0
    return _train(path, models, optimizer, list(range(start, num_epochs)), train_epoch)


def saved_without_need(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """The checkpoint is saved although nothing was trained.

    Where more epochs are done than asked for, the file then says fewer. Save after an epoch, not after the call.
    """
    start = _begin(path, models, optimizer, device)
    trained = _train(path, models, optimizer, range(start, num_epochs), train_epoch)
    _save(path, models, optimizer, num_epochs - 1)
    return trained


def saved_without_need__rewrite(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    trained = []
    for epoch in range(_begin(path, models, optimizer, device), num_epochs):
        trained += _train(path, models, optimizer, [epoch], train_epoch)
    _save(path, models, optimizer, epoch=num_epochs - 1)
    return trained
