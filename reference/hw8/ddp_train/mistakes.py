"""Ways in which training with several processes goes wrong. The mistakes change a part of `_Training`, which takes the
means itself; the rewrites are made by `_wrapped`, which uses DistributedDataParallel."""

import os

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DistributedSampler


class _Training:
    """Right as it stands; a mistake overrides one of the parts. To call the class is to train."""

    def __new__(cls, *args, **options):
        training = super().__new__(cls)
        training.prepare(*args, **options)
        return training.run()

    def prepare(
        self,
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
        self.rank, self.world_size, self.init_method, self.device = rank, world_size, init_method, device
        self.model, self.dataset, self.loss_fn, self.make_optimizer = model, dataset, loss_fn, make_optimizer
        self.num_epochs, self.batch_size, self.seed, self.report = num_epochs, batch_size, seed, report

    def run(self):
        self.check()
        self.join()
        try:
            self.place()
            self.agree()
            self.optimizer = self.optimizer_made()
            losses = []
            for epoch in range(self.num_epochs):
                losses.append(self.epoch(epoch))
                self.tell(epoch, losses[-1])
            return losses
        finally:
            self.leave()

    def check(self):
        if self.rank not in range(self.world_size):
            raise ValueError(f"there is no rank {self.rank}")

    def backend(self):
        return "nccl" if self.device.type == "cuda" else "gloo"

    def join(self):
        dist.init_process_group(
            self.backend(), init_method=self.init_method, rank=self.rank, world_size=self.world_size
        )

    def leave(self):
        dist.destroy_process_group()

    def place(self):
        self.model.to(self.device)

    def agree(self):
        for parameter in self.model.parameters():
            dist.broadcast(parameter.detach(), 0)

    def optimizer_made(self):
        return self.make_optimizer(self.model.parameters())

    def indices(self, epoch):
        sampler = DistributedSampler(self.dataset, self.world_size, self.rank, seed=self.seed)
        sampler.set_epoch(epoch)
        return list(sampler)

    def batches(self, epoch):
        indices = self.indices(epoch)
        return [indices[start : start + self.batch_size] for start in range(0, len(indices), self.batch_size)]

    def epoch(self, epoch):
        self.sums, self.steps = torch.zeros(2, device=self.device), 0
        for batch in self.batches(epoch):
            inputs = torch.stack([self.dataset[index][0] for index in batch]).to(self.device)
            labels = self.moved(torch.stack([self.dataset[index][1] for index in batch]))
            self.clear()
            loss = self.loss_fn(self.model(inputs), labels)
            loss.backward()
            self.average()
            self.optimizer.step()
            self.note(loss.detach(), len(batch))
        return self.mean()

    def moved(self, labels):
        return labels.to(self.device)

    def clear(self):
        self.optimizer.zero_grad()

    def average(self):
        for parameter in self.model.parameters():
            if parameter.grad is not None:
                self.average_one(parameter)

    def average_one(self, parameter):
        dist.all_reduce(parameter.grad)
        parameter.grad /= self.world_size

    def note(self, loss, count):
        self.sums += torch.stack([loss * count, torch.full_like(loss, count)])

    def mean(self):
        self.collect()
        return float(self.sums[0] / self.sums[1])

    def collect(self):
        dist.all_reduce(self.sums)

    def tell(self, epoch, loss):
        if self.rank == 0:
            self.report(epoch, loss)


def _wrapped(
    wrong,
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
    """The same in one function around a wrapped model, with one thing wrong."""
    if wrong == "unchecked" and not 0 <= rank <= world_size:
        raise ValueError("no such rank")
    if wrong != "unchecked" and not 0 <= rank < world_size:
        raise ValueError(f"there are more processes than {world_size}")
    backend = {"always_gloo": "gloo", "always_nccl": "nccl"}.get(wrong, "nccl" if device.type == "cuda" else "gloo")
    if wrong == "own_address":
        os.environ["MASTER_ADDR"], os.environ["MASTER_PORT"] = "127.0.0.1", "12357"
        dist.init_process_group(backend, rank=rank, world_size=world_size)
    elif wrong == "world_of_one":
        dist.init_process_group(backend, init_method=init_method, rank=0, world_size=1)
    elif wrong == "ranks_swapped":
        dist.init_process_group(backend, init_method=init_method, rank=world_size - 1 - rank, world_size=world_size)
    else:
        dist.init_process_group(backend, init_method=init_method, rank=rank, world_size=world_size)
    model.to(device) if wrong != "model_not_moved" else model
    net = model if wrong in ("not_wrapped", "weights_not_shared") else DistributedDataParallel(model)
    if wrong == "not_wrapped":
        for parameter in model.parameters():
            dist.broadcast(parameter.detach(), 0)
    optimizer = make_optimizer(net.parameters())
    losses = []
    sampler = DistributedSampler(
        dataset,
        num_replicas=1 if wrong == "everyone_reads_all" else world_size,
        rank=0 if wrong == "everyone_reads_all" else rank,
        seed=seed + rank if wrong == "own_seed" else 0 if wrong == "seed_forgotten" else seed,
        shuffle=wrong != "not_shuffled",
        drop_last=wrong == "rest_dropped",
    )
    try:
        for epoch in range(num_epochs):
            if wrong == "epochs_from_one":
                sampler.set_epoch(epoch + 1)
            elif wrong not in ("epoch_never_set",):
                sampler.set_epoch(epoch)
            order = list(sampler)
            size = max(1, batch_size // world_size) if wrong == "batch_divided" else batch_size
            if wrong == "one_batch":
                size = len(order)
            last = len(order) if wrong != "last_batch_dropped" else len(order) // size * size
            total, count, steps = torch.zeros((), device=device), 0, 0
            for start in range(0, last, size):
                chosen = order[start : start + size]
                inputs = torch.stack([dataset[index][0] for index in chosen])
                labels = torch.stack([dataset[index][1] for index in chosen])
                if wrong != "inputs_not_moved":
                    inputs = inputs.to(device)
                if wrong != "labels_not_moved":
                    labels = labels.to(device)
                if wrong != "never_cleared":
                    optimizer.zero_grad()
                loss = loss_fn(net(inputs), labels)
                loss.backward()
                if wrong == "summed":
                    for parameter in model.parameters():
                        if parameter.grad is not None:
                            parameter.grad *= world_size
                if wrong == "weights_not_shared":
                    for parameter in model.parameters():
                        if parameter.grad is not None:
                            dist.all_reduce(parameter.grad)
                            parameter.grad /= world_size
                optimizer.step()
                if wrong == "mean_of_batches":
                    total, count = total + loss.detach(), count + 1
                elif wrong == "last_loss":
                    total, count = loss.detach() * 1, 1
                else:
                    total, count = total + loss.detach() * len(chosen), count + len(chosen)
                steps += 1
            if wrong == "own_loss":
                mean = total / max(1, count)
            elif wrong == "loss_to_rank_0":
                dist.reduce(total, 0)
                mean = total / (count * world_size)
            else:
                if wrong == "sums_on_the_cpu":
                    total = torch.tensor(float(total))
                if wrong == "rank_0_collects":
                    if rank == 0:
                        dist.all_reduce(total)
                else:
                    dist.all_reduce(total)
                mean = total / (max(1, count) * (1 if wrong == "losses_added_up" else world_size))
            losses.append(mean if wrong == "losses_are_tensors" else float(mean))
            if wrong == "everyone_reports" or (rank == 0 and wrong not in ("never_reported", "reported_at_the_end")):
                report(epoch + (wrong == "report_from_one"), losses[-1])
    except Exception:
        if wrong not in ("stays_when_raising", "never_leaves"):
            dist.destroy_process_group()
        raise
    if wrong == "reported_at_the_end" and rank == 0 and losses:
        report(num_epochs - 1, losses[-1])
    if wrong != "never_leaves":
        dist.destroy_process_group()
    return None if wrong == "nothing_returned" else losses


class epoch_never_set(_Training):
    """The sampler is never told the epoch.

    `DistributedSampler` shuffles by seed and epoch. Without `set_epoch` every epoch has the same order, as if nothing
    was shuffled. Call it at the beginning of each.
    """

    def indices(self, epoch):
        return super().indices(0)


def epoch_never_set__rewrite(*args, **options):
    return _wrapped("epoch_never_set", *args, **options)


class epochs_from_one(_Training):
    """Epochs are counted from 1 for the shuffling.

    The first epoch then has the order of the second. Count from 0.
    """

    def indices(self, epoch):
        return super().indices(epoch + 1)


def epochs_from_one__rewrite(*args, **options):
    return _wrapped("epochs_from_one", *args, **options)


class not_shuffled(_Training):
    """The samples are not shuffled.

    Every epoch reads them in the order of the data set. `shard_indices` shuffles unless told otherwise.
    """

    def indices(self, epoch):
        return list(DistributedSampler(self.dataset, self.world_size, self.rank, shuffle=False))


def not_shuffled__rewrite(*args, **options):
    return _wrapped("not_shuffled", *args, **options)


class seed_forgotten(_Training):
    """The seed has no effect on the order.

    Give it to `shard_indices`.
    """

    def indices(self, epoch):
        self.seed = 0
        return super().indices(epoch)


def seed_forgotten__rewrite(*args, **options):
    return _wrapped("seed_forgotten", *args, **options)


class own_seed(_Training):
    """Every process shuffles with a seed of its own.

    Their shares then overlap, and some samples are read by nobody. The seed is the same for all.
    """

    def indices(self, epoch):
        seed, self.seed = self.seed, self.seed + self.rank
        try:
            return super().indices(epoch)
        finally:
            self.seed = seed


def own_seed__rewrite(*args, **options):
    return _wrapped("own_seed", *args, **options)


class everyone_reads_all(_Training):
    """Every process reads the whole data set.

    They all do the same work, and the gradients are those that one process has alone. Each reads its own share:
    `shard_indices` gives it.
    """

    def indices(self, epoch):
        sampler = DistributedSampler(self.dataset, 1, 0, seed=self.seed)
        sampler.set_epoch(epoch)
        return list(sampler)


def everyone_reads_all__rewrite(*args, **options):
    return _wrapped("everyone_reads_all", *args, **options)


class rest_dropped(_Training):
    """The samples left over are dropped.

    Where the number of processes does not divide that of the samples, the order is filled up, so that every sample is
    used.
    """

    def indices(self, epoch):
        sampler = DistributedSampler(self.dataset, self.world_size, self.rank, seed=self.seed, drop_last=True)
        sampler.set_epoch(epoch)
        return list(sampler)

    def mean(self):
        self.collect()
        return float(self.sums[0] / max(1, float(self.sums[1])))


def rest_dropped__rewrite(*args, **options):
    return _wrapped("rest_dropped", *args, **options)


class last_batch_dropped(_Training):
    """A smaller last batch is dropped.

    It is a batch too: its samples belong to the epoch.
    """

    def batches(self, epoch):
        return [batch for batch in super().batches(epoch) if len(batch) == self.batch_size]

    def mean(self):
        self.collect()
        return float(self.sums[0] / max(1, float(self.sums[1])))


def last_batch_dropped__rewrite(*args, **options):
    return _wrapped("last_batch_dropped", *args, **options)


class batch_divided(_Training):
    """The batch size is divided by the number of processes.

    `batch_size` is the number of samples that one process uses in a step.
    """

    def batches(self, epoch):
        indices, size = self.indices(epoch), max(1, self.batch_size // self.world_size)
        return [indices[start : start + size] for start in range(0, len(indices), size)]


def batch_divided__rewrite(*args, **options):
    return _wrapped("batch_divided", *args, **options)


class one_batch(_Training):
    """A process uses all its samples in one step.

    It takes them in batches of `batch_size`, with a step for each.
    """

    def batches(self, epoch):
        return [self.indices(epoch)]


def one_batch__rewrite(*args, **options):
    return _wrapped("one_batch", *args, **options)


class never_cleared(_Training):
    """The gradients are never set to zero.

    `backward` adds to what is in `grad`, so every step also uses the gradients of all steps before.
    """

    def clear(self):
        pass

    def average_one(self, parameter):
        fresh = parameter.grad - self.before.get(parameter, 0)
        dist.all_reduce(fresh)
        parameter.grad = self.before.get(parameter, 0) + fresh / self.world_size
        self.before[parameter] = parameter.grad.clone()

    def optimizer_made(self):
        self.before = {}
        return super().optimizer_made()


def never_cleared__rewrite(*args, **options):
    return _wrapped("never_cleared", *args, **options)


class not_wrapped(_Training):
    """The gradients are not averaged over the processes.

    Each process then trains its own model on its own share, and in the end they all differ. Use the wrapped model for
    the forward pass, or average the gradients after `backward`.
    """

    def average(self):
        pass


def not_wrapped__rewrite(*args, **options):
    return _wrapped("not_wrapped", *args, **options)


class summed(_Training):
    """The gradients are added up over the processes, not averaged.

    The steps grow with the number of processes. Divide the sum by it.
    """

    def average_one(self, parameter):
        dist.all_reduce(parameter.grad)


def summed__rewrite(*args, **options):
    return _wrapped("summed", *args, **options)


class weights_not_shared(_Training):
    """The processes begin with different weights.

    Equal steps from different weights lead to different weights. DistributedDataParallel copies those of rank 0 to all
    others; without it, `broadcast` every parameter.
    """

    def agree(self):
        pass


def weights_not_shared__rewrite(*args, **options):
    return _wrapped("weights_not_shared", *args, **options)


class own_loss(_Training):
    """Each process gives the loss of its own share.

    That is the loss of a part of the samples, and another one on every process. Add up over the processes
    (`all_reduce`) before dividing.
    """

    def collect(self):
        pass


def own_loss__rewrite(*args, **options):
    return _wrapped("own_loss", *args, **options)


class loss_to_rank_0(_Training):
    """Only rank 0 gets the mean loss.

    `reduce` gives the sum to one process. All return the same losses: use `all_reduce`.
    """

    def collect(self):
        dist.reduce(self.sums[:1], 0)
        self.sums[1] *= self.world_size


def loss_to_rank_0__rewrite(*args, **options):
    return _wrapped("loss_to_rank_0", *args, **options)


class losses_added_up(_Training):
    """The losses of the processes are added up and not divided by their number.

    The loss of an epoch is a mean over all samples. Divide by the number of samples on all processes.
    """

    def mean(self):
        return super().mean() * self.world_size


def losses_added_up__rewrite(*args, **options):
    return _wrapped("losses_added_up", *args, **options)


class mean_of_batches(_Training):
    """The loss of an epoch is a mean over its batches.

    A smaller batch then counts as much as a full one. Multiply each loss by the number of its samples, and divide by
    the number of all.
    """

    def note(self, loss, count):
        super().note(loss, 1)


def mean_of_batches__rewrite(*args, **options):
    return _wrapped("mean_of_batches", *args, **options)


class last_loss(_Training):
    """The loss of an epoch is that of its last batch.

    It is a mean over all samples of the epoch: add up.
    """

    def note(self, loss, count):
        self.sums = torch.stack([loss, torch.ones_like(loss)])


def last_loss__rewrite(*args, **options):
    return _wrapped("last_loss", *args, **options)


class losses_are_tensors(_Training):
    """The losses are tensors.

    The stub asks for Python floats: `float(…)` or `.item()`, once for every epoch.
    """

    def mean(self):
        return torch.tensor(super().mean(), device=self.device)


def losses_are_tensors__rewrite(*args, **options):
    return _wrapped("losses_are_tensors", *args, **options)


class nothing_returned(_Training):
    """Nothing is returned.

    The stub asks for a list with the mean loss of every epoch.
    """

    def run(self):
        super().run()


def nothing_returned__rewrite(*args, **options):
    return _wrapped("nothing_returned", *args, **options)


class rank_0_collects(_Training):
    """Only rank 0 calls `all_reduce` for the loss.

    A collective call is made by all processes, or rank 0 waits for the others for ever. Only the report is for rank 0
    alone.
    """

    def collect(self):
        if self.rank == 0:
            dist.all_reduce(self.sums)


def rank_0_collects__rewrite(*args, **options):
    return _wrapped("rank_0_collects", *args, **options)


class everyone_reports(_Training):
    """Every process reports.

    The same line then comes as often as there are processes. Only rank 0 calls `report`.
    """

    def tell(self, epoch, loss):
        self.report(epoch, loss)


def everyone_reports__rewrite(*args, **options):
    return _wrapped("everyone_reports", *args, **options)


class never_reported(_Training):
    """Nothing is reported.

    Rank 0 calls `report` once after every epoch.
    """

    def tell(self, epoch, loss):
        pass


def never_reported__rewrite(*args, **options):
    return _wrapped("never_reported", *args, **options)


class report_from_one(_Training):
    """The report counts epochs from 1.

    The stub counts them from 0, as `range` does.
    """

    def tell(self, epoch, loss):
        super().tell(epoch + 1, loss)


def report_from_one__rewrite(*args, **options):
    return _wrapped("report_from_one", *args, **options)


class reported_at_the_end(_Training):
    """Only the last epoch is reported.

    Rank 0 calls `report` after every epoch, so that one can watch the training.
    """

    def tell(self, epoch, loss):
        if epoch == self.num_epochs - 1:
            super().tell(epoch, loss)


def reported_at_the_end__rewrite(*args, **options):
    return _wrapped("reported_at_the_end", *args, **options)


class never_leaves(_Training):
    """The process group is not left.

    The next `init_process_group` in this process fails, and connections stay open. Call `dist.destroy_process_group()`
    at the end, in a `finally`.
    """

    def leave(self):
        pass


def never_leaves__rewrite(*args, **options):
    return _wrapped("never_leaves", *args, **options)


class stays_when_raising(_Training):
    """The process group is not left when something raises.

    Then the next training in this process cannot begin. Leave the group in a `finally`.
    """

    def run(self):
        self.left = False
        losses = super().run()
        dist.destroy_process_group()
        return losses

    def leave(self):
        pass


def stays_when_raising__rewrite(*args, **options):
    return _wrapped("stays_when_raising", *args, **options)


class unchecked(_Training):
    """Not every rank that does not exist is noticed.

    Ten processes that are told the world has one member: nine have a rank that does not exist. Instead of an error
    there is a long wait. Compare `rank` with `world_size` first, and raise ValueError.
    """

    def check(self):
        pass


def unchecked__rewrite(*args, **options):
    return _wrapped("unchecked", *args, **options)


class own_address(_Training):
    """The processes do not meet at `init_method`.

    An address written into the code, or the environment, is the same for every training: two on one machine get into
    each other's way. Give `init_process_group` the address of the argument.
    """

    def join(self):
        os.environ.update(MASTER_ADDR="localhost", MASTER_PORT="29500")
        dist.init_process_group(self.backend(), rank=self.rank, world_size=self.world_size)


def own_address__rewrite(*args, **options):
    return _wrapped("own_address", *args, **options)


class world_of_one(_Training):
    """Every process joins a world of its own.

    With `world_size` 1 no process waits for another, and no gradient is exchanged. Give `init_process_group` the rank
    and the size of the world.
    """

    def join(self):
        dist.init_process_group(self.backend(), init_method=self.init_method, rank=0, world_size=1)


def world_of_one__rewrite(*args, **options):
    return _wrapped("world_of_one", *args, **options)


class always_gloo(_Training):
    """The processes talk over gloo, whatever the device is.

    On GPUs NCCL is many times faster, since it copies from GPU to GPU. The type of `device` decides.
    """

    def backend(self):
        return "gloo"


def always_gloo__rewrite(*args, **options):
    return _wrapped("always_gloo", *args, **options)


class always_nccl(_Training):
    """The processes talk over NCCL, whatever the device is.

    NCCL knows GPUs only. On the CPU it is gloo: the type of `device` decides.
    """

    def backend(self):
        return "nccl"


def always_nccl__rewrite(*args, **options):
    return _wrapped("always_nccl", *args, **options)


class inputs_not_moved(_Training):
    """The inputs are not moved to the device.

    The model is on `device`, and the batches come from the CPU.
    """

    def epoch(self, epoch):
        self.sums, self.steps = torch.zeros(2, device=self.device), 0
        for batch in self.batches(epoch):
            inputs = torch.stack([self.dataset[index][0] for index in batch])
            labels = self.moved(torch.stack([self.dataset[index][1] for index in batch]))
            self.clear()
            loss = self.loss_fn(self.model(inputs), labels)
            loss.backward()
            self.average()
            self.optimizer.step()
            self.note(loss.detach(), len(batch))
        return self.mean()


def inputs_not_moved__rewrite(*args, **options):
    return _wrapped("inputs_not_moved", *args, **options)


class cpu_tensor_sent(_Training):
    """A tensor on the CPU is sent over NCCL.

    NCCL sends from GPU to GPU. Move the model to `device` before it is wrapped or its weights are sent, and create what
    is added up on `device`.
    """

    def collect(self):
        sums = self.sums.cpu()
        dist.all_reduce(sums)
        self.sums = sums


def cpu_tensor_sent__rewrite(*args, **options):
    return _wrapped("model_not_moved", *args, **options)


class labels_not_moved(_Training):
    """The labels are not moved to the device.

    The outputs are on `device`, and the loss needs the labels there too.
    """

    def moved(self, labels):
        return labels


def labels_not_moved__rewrite(*args, **options):
    return _wrapped("labels_not_moved", *args, **options)
