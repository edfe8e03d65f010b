# %% [markdown]
# # Several devices
#
# One step of training uses the mean of the gradients of its samples, and a mean can be taken in parts. Give every
# device a copy of the model, a *replica*, and a part of the batch, a *shard*; let each compute its gradients; combine
# these; and give every replica the same step. This is *data parallelism*. Nothing else changes: replicas that began
# with the same weights, and made the same steps, have the same weights.
#
# For shards of $n_1, \dots, n_k$ samples, with $n = \sum_i n_i$, and mean losses $\ell_i$ of the shards,
# $$\nabla \ell = \sum_{i=1}^{k} \frac{n_i}{n} \nabla \ell_i .$$
# Where all shards have the same size, this is the mean of the $k$ gradients. Where they have not, the plain mean gives
# the samples of a small shard too much weight.
#
# There are two ways to organise this.
#
# | | one process, many devices | one process for each device |
# |---|---|---|
# | in torch | `nn.DataParallel` | `nn.parallel.DistributedDataParallel` |
# | who splits the batch | the process, in every step | a sampler: every process reads its own share of the data |
# | who combines gradients | the process copies them to one device | all processes call `all_reduce` |
# | reaches | the devices of one machine | many machines |
#
# The first half of this file is the first way, by hand; the second half is the second.

# %%
import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

# %% [markdown]
# ## split_batch
#
# `nn.DataParallel` cuts with `torch.chunk`, into pieces of $\lceil n / k \rceil$. Ten samples over eight devices are
# five pieces of two, and three devices have nothing to do; thirty are seven pieces of four and one of two. Sizes that
# differ by at most one share the work better: with $q = \lfloor n / k \rfloor$ and $r = n \bmod k$, the first $r$
# shards have $q + 1$ samples and the others $q$.


# %%
def split_batch(batch, devices):
    """Splits a batch over devices.

    Args:
        batch: a tensor of shape (N, ...) whose first axis counts samples, or a tuple, list or dict of batches, nested
            to any depth, such as (X, y). All its tensors have the same N. Whatever else it holds (None, a number, a
            text) belongs to no sample.
        devices: a list of torch.device. The same device may occur more than once.

    Returns:
        A list with one shard for each device, in the order of the devices. A shard is built as the batch is, of tuples,
        lists and dicts. Its tensors are on its device, and have the dtype they had.

        The samples keep their order: the shards one after the other are the batch again. The sizes of the shards differ
        by at most one, and the larger ones come first. With fewer samples than devices the last shards are empty: their
        tensors have the shape (0, ...). What is not a tensor is in every shard, unchanged.

        The batch itself is not changed.

    Raises:
        ValueError: there is no device, or two tensors of the batch have different numbers of samples. Each comes with a
            message.

    Example:
        >>> X, y = torch.arange(6.0).reshape(3, 2), torch.tensor([0, 1, 0])
        >>> split_batch((X, y), [torch.device("cpu"), torch.device("cpu")])
        [(tensor([[0., 1.],
                [2., 3.]]), tensor([0, 1])), (tensor([[4., 5.]]), tensor([0]))]

    Source: PyTorch documentation, torch.nn.DataParallel.
    """
    ### BEGIN SOLUTION
    if not devices:
        raise ValueError("there is no device to split the batch over")
    sizes = set()

    def measure(part):
        if isinstance(part, torch.Tensor):
            sizes.add(len(part))
        elif isinstance(part, (tuple, list, dict)):
            for item in part.values() if isinstance(part, dict) else part:
                measure(item)

    measure(batch)
    if len(sizes) > 1:
        raise ValueError(f"the tensors of the batch have different numbers of samples: {sorted(sizes)}")
    share, rest = divmod(max(sizes, default=0), len(devices))

    def cut(part, index):
        if isinstance(part, torch.Tensor):
            start = index * share + min(index, rest)
            return part[start : start + share + (index < rest)].to(devices[index])
        if isinstance(part, dict):
            return {key: cut(item, index) for key, item in part.items()}
        if isinstance(part, (tuple, list)):
            return type(part)(cut(item, index) for item in part)
        return part

    return [cut(batch, index) for index in range(len(devices))]
    ### END SOLUTION


# %% [markdown]
# ## data_parallel_step
#
# The optimizer knows the parameters of the first replica only. The step therefore has four parts: forward and backward
# on every replica; the gradients come to the first replica, each with the weight of its shard; one step there; and the
# new weights go out to the other replicas.
#
# Each shard's loss is a mean, over *its* samples. A mean over no sample is NaN, and one NaN spoils all: a device
# without samples has to be left out.
#
# Each device works on its own queue. Python only fills the queues, so all devices work at the same time, as long as
# Python does not stop to read a number: `loss.item()` after each shard makes them work one after the other.


# %%
def data_parallel_step(replicas, devices, X, y, loss_fn, optimizer):
    """One optimizer step on a batch that is shared out over several devices.

    Args:
        replicas: a list of nn.Modules, copies of one model with the same weights. `replicas[i]` is on `devices[i]`.
        devices: a list of torch.device, which may be different ones.
        X: inputs, a tensor of shape (N, ...) with N at least 1, on any device.
        y: labels, a tensor of shape (N,).
        loss_fn: `loss_fn(outputs, labels)` is the mean loss of the samples it is given, a tensor of shape ().
        optimizer: holds the parameters of `replicas[0]`, and no others.

    Returns:
        The mean loss over all samples of the batch, a tensor of shape () on `devices[0]` that requires no gradient.

    Steps:
        Replica i works on shard i of the batch, split as `split_batch` does it. A replica whose shard is empty is not
        called.

        The optimizer takes one step, with the gradient of the mean loss over the whole batch. Every sample has the same
        weight, whatever the sizes of the shards. Gradients that the replicas have when the function is called are not
        used. A parameter that some replicas have no gradient for counts as zero there; one that no replica has a
        gradient for, or that is frozen, is left as it is: the optimizer finds None in its `grad`.

        Afterwards all replicas have the weights of `replicas[0]`, and its buffers too (such as running means): the same
        values, in the same modules as before. No replica shares memory with another.

    Nothing is read by the host: the function does not wait for a device.

    Example:
        >>> from torch import nn
        >>> replicas = [nn.Linear(1, 1, bias=False) for _ in range(2)]
        >>> for replica in replicas:
        ...     _ = nn.init.zeros_(replica.weight)
        >>> optimizer = torch.optim.SGD(replicas[0].parameters(), lr=1.0)
        >>> X, y = torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([[1.0], [0.0], [0.0]])
        >>> data_parallel_step(replicas, [torch.device("cpu")] * 2, X, y, nn.MSELoss(), optimizer)
        tensor(0.3333)
        >>> [round(replica.weight.item(), 4) for replica in replicas]
        [0.6667, 0.6667]

    Source: PyTorch documentation, torch.nn.DataParallel; Goyal et al., "Accurate, Large Minibatch SGD" (2017).
    """
    ### BEGIN SOLUTION
    first, home = replicas[0], devices[0]
    mean = torch.zeros((), device=home)
    for replica in replicas:
        replica.zero_grad(set_to_none=True)
    shards = split_batch((X, y), devices)
    for replica, (inputs, labels) in zip(replicas, shards):
        if len(labels):
            loss = loss_fn(replica(inputs), labels) * (len(labels) / len(y))
            loss.backward()
            mean += loss.detach().to(home)
    with torch.no_grad():
        for parameter, *others in zip(*(replica.parameters() for replica in replicas)):
            gradients = [other.grad.to(home) for other in (parameter, *others) if other.grad is not None]
            parameter.grad = sum(gradients[1:], gradients[0].clone()) if gradients else None
        optimizer.step()
        state = first.state_dict()
        for replica in replicas[1:]:
            replica.load_state_dict(state)
    return mean
    ### END SOLUTION


# %% [markdown]
# ## shard_indices
#
# With one process for each device nobody splits batches: process `rank` of `world_size` reads its own share of the
# data. All processes have to agree on it without talking. They draw the *same* random order, from the same seed, and
# process $r$ takes the positions $r, r + w, r + 2w, \dots$ of it.
#
# Everyone must get equally many samples. A process that has one batch more than the others would call `all_reduce` once
# more than they do, and wait for ever. So the order is made longer, with samples from its beginning, or its end is
# dropped.
#
# In torch this is `DistributedSampler`. It cannot know which epoch it is, somebody has to tell it: without
# `sampler.set_epoch(epoch)` every epoch has the same order, as if nothing was shuffled.


# %%
def shard_indices(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    """The samples that one of several processes reads in one epoch.

    Args:
        num_samples: the number of samples in the data set, 0 or more.
        rank: the number of this process, from 0 to `world_size` - 1.
        world_size: the number of processes.
        epoch: the number of the epoch.
        seed: the same for all processes.
        shuffle: whether the order is random.
        drop_last: what to do where `world_size` does not divide `num_samples`.

    Returns:
        A list of Python ints, the indices of this process in the order in which it reads them.

    There is one order of all indices for all processes. With `shuffle` it is `torch.randperm(num_samples)` drawn from a
    `torch.Generator` of its own whose seed is `seed` + `epoch`, so that every epoch has another order; torch's global
    generator is left alone. Without, it is 0, 1, 2, … in every epoch.

    Every process gets equally many. With `drop_last` the order is cut at its end to the longest length that
    `world_size` divides. Without, it is continued with its own first entries, over again if need be, to the shortest
    such length; for no samples it stays empty.

    The process takes every `world_size`-th entry of that, beginning with entry number `rank`. No entry goes to two
    processes.

    Raises:
        ValueError: `rank` is not one of the numbers from 0 to `world_size` - 1. With a message.

    Example:
        >>> [shard_indices(5, rank, 2, shuffle=False) for rank in range(2)]
        [[0, 2, 4], [1, 3, 0]]
        >>> [shard_indices(5, rank, 2, shuffle=False, drop_last=True) for rank in range(2)]
        [[0, 2], [1, 3]]
        >>> [shard_indices(5, 0, 2, epoch=epoch) for epoch in range(3)]
        [[4, 1, 2], [0, 2, 1], [3, 1, 2]]

    Source: PyTorch documentation, torch.utils.data.distributed.DistributedSampler.
    """
    ### BEGIN SOLUTION
    if not 0 <= rank < world_size:
        raise ValueError(f"rank {rank} is not in a world of {world_size}")
    order = list(range(num_samples))
    if shuffle:
        order = torch.randperm(num_samples, generator=torch.Generator().manual_seed(seed + epoch)).tolist()
    length = num_samples // world_size * world_size
    if not drop_last and length < num_samples:
        length += world_size
    return [order[position % num_samples] for position in range(rank, length, world_size)]
    ### END SOLUTION


# %% [markdown]
# ## all_reduce_mean
#
# `all_reduce` is a *collective* call: every process of the group calls it with a tensor of the same shape, and gets
# back the sum of all of them. It returns when all have called. A process that leaves out one call, because one gradient
# was None there, is a call behind from then on: the others get sums of different things, and in the end someone waits
# for ever. Which calls are made must never depend on what only one process knows.


# %%
def all_reduce_mean(parameters, group=None):
    """Replaces the gradients of parameters by their means over all processes of a group.

    Every process calls the function, with its own copy of the same parameters, in the same order.

    Args:
        parameters: an iterable of tensors, such as `model.parameters()`. They may have different shapes and dtypes; all
            are on one device. The `grad` of some may be None, on some processes or on all.
        group: a process group of torch.distributed, or None for the default one.

    Returns:
        A list with the gradient of each parameter as it is now, a tensor or None. The gradients are changed in place:
        one that was there is the same tensor object as before.

    A mean is the sum over the processes, divided by the number of processes in the group; it has the dtype and the
    device of the parameter. A gradient that is None counts as zeros. Where it is None on some processes only, these get
    a new tensor; where it is None on all of them, it stays None on all of them.

    All processes make the same collective calls in the same order, whichever of their gradients are None. All tensors
    that they send are on the device of the parameters.

    Example:
        >>> dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
        >>> weight, bias = torch.zeros(2, requires_grad=True), torch.zeros(1, requires_grad=True)
        >>> weight.grad = torch.tensor([1.0, 3.0])
        >>> all_reduce_mean([weight, bias])
        [tensor([1., 3.]), None]
        >>> dist.destroy_process_group()

    Source: PyTorch documentation, torch.distributed, section "Collective functions".
    """
    ### BEGIN SOLUTION
    parameters = list(parameters)
    if not parameters:
        return []
    world_size = dist.get_world_size(group)
    present = torch.tensor([float(p.grad is not None) for p in parameters], device=parameters[0].device)
    dist.all_reduce(present, group=group)
    for parameter, count in zip(parameters, present.tolist()):
        if count:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
            dist.all_reduce(parameter.grad, group=group)
            parameter.grad /= world_size
    return [parameter.grad for parameter in parameters]
    ### END SOLUTION


# %% [markdown]
# ## ddp_train
#
# This is what each process runs: `torch.multiprocessing.spawn(ddp_train, args=(world_size, ...), nprocs=world_size)`
# starts `world_size` of them and gives each its rank. The number of processes and `world_size` must agree. Ten
# processes that are told that the world has one member are not one training on ten devices: nine of them have a rank
# that does not exist.
#
# The processes first meet (`init_process_group`), then take part in collective calls, and leave in the end
# (`destroy_process_group`). `DistributedDataParallel` wraps a model: it copies the weights of rank 0 to all others, and
# hangs itself into `backward`, where it takes the means of the gradients, while the rest of the backward pass still
# runs.
#
# Whatever a process prints or plots is about its own shard only. To report the loss of the whole epoch, sum up over the
# processes first; and let one process do the talking.


# %%
def ddp_train(
    rank,
    world_size,
    init_method,
    model,
    dataset,
    loss_fn,
    make_optimizer,
    num_epochs,
    batch_size,
    device,
    *,
    seed=0,
    report=print,
):
    """What one of several processes does to train a model together with the others.

    Args:
        rank: the number of this process, from 0 to `world_size` - 1.
        world_size: the number of processes. All of them call this function, with the same arguments but for `rank`,
            `model` and `device`.
        init_method: the address at which the processes meet, such as "file:///tmp/meeting", for `init_process_group`.
        model: this process's own nn.Module, on the CPU. Every parameter that is not frozen gets a gradient in every
            step.
        dataset: has a length, at least 1; `dataset[i]` is a pair (input, label) of CPU tensors without a batch axis.
        loss_fn: `loss_fn(outputs, labels)` is the mean loss of the samples it is given, a tensor of shape ().
        make_optimizer: `make_optimizer(parameters)` makes the optimizer.
        num_epochs: the number of epochs.
        batch_size: the number of samples that one process uses in a step. The last batch of an epoch may be smaller.
        device: the torch.device that this process works on. The model is moved to it, and is left there.
        seed: the seed of the shuffling.
        report: a function that is called as `report(epoch, loss)`.

    Returns:
        A list of floats, the mean loss of every epoch, the same on every process.

    Meeting:
        The process joins the default process group, over NCCL where `device` is a CUDA device and over gloo where it is
        the CPU, and has left it (`dist.destroy_process_group`) when the function returns, also when it raises.

    Training:
        In every epoch, counted from 0, the process reads the indices that `shard_indices(len(dataset), rank,
        world_size, epoch=epoch, seed=seed)` gives, in batches of `batch_size`. Every step uses the mean of the
        gradients over all processes. The result is what one process alone would get with steps of `world_size` times
        `batch_size` samples.

        All processes begin with the weights that `model` has on rank 0. When the function returns, `model` itself has
        the trained weights, the same on every process.

    Reporting:
        The loss of an epoch is the mean over all samples that all processes have used in it, each as often as it was
        used: a smaller batch counts less. Only rank 0 calls `report`, once after every epoch, with the number of the
        epoch, counted from 0, and that loss as a Python float.

    Raises:
        ValueError: `rank` is not one of the numbers from 0 to `world_size` - 1: there are more processes than the world
            has members. With a message, before the process tries to meet the others.

    Example:
        >>> import tempfile
        >>> from torch import nn
        >>> model = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.zeros_(model.weight)
        >>> data = [(torch.tensor([1.0]), torch.tensor([1.0])), (torch.tensor([2.0]), torch.tensor([2.0]))]
        >>> address = f"file://{tempfile.mkdtemp()}/meeting"
        >>> losses = ddp_train(0, 1, address, model, data, nn.MSELoss(), lambda p: torch.optim.SGD(p, lr=0.1), 2, 2,
        ...                    torch.device("cpu"), report=lambda epoch, loss: print(epoch, round(loss, 3)))
        0 2.5
        1 0.625
        >>> round(model.weight.item(), 3)
        0.75

    Source: PyTorch tutorial, "Getting Started with Distributed Data Parallel"; Li et al., "PyTorch Distributed" (2020).
    """
    ### BEGIN SOLUTION
    if not 0 <= rank < world_size:
        raise ValueError(f"rank {rank} is not in a world of {world_size}: start as many processes as that")
    backend = "nccl" if device.type == "cuda" else "gloo"
    dist.init_process_group(backend, init_method=init_method, rank=rank, world_size=world_size)
    try:
        model.to(device)
        replica = DistributedDataParallel(model)
        optimizer = make_optimizer(model.parameters())
        losses = []
        for epoch in range(num_epochs):
            indices = shard_indices(len(dataset), rank, world_size, epoch=epoch, seed=seed)
            total = torch.zeros((), device=device)
            for start in range(0, len(indices), batch_size):
                pairs = [dataset[index] for index in indices[start : start + batch_size]]
                inputs, labels = (torch.stack(part).to(device) for part in zip(*pairs))
                optimizer.zero_grad()
                loss = loss_fn(replica(inputs), labels)
                loss.backward()
                optimizer.step()
                total += loss.detach() * len(pairs)
            dist.all_reduce(total)
            losses.append(float(total) / (len(indices) * world_size))
            if rank == 0:
                report(epoch, losses[-1])
        return losses
    finally:
        dist.destroy_process_group()
    ### END SOLUTION
