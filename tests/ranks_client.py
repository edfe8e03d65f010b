"""Runs a distributed program in one of several ways and prints as JSON what each rank got. Imports torch.

`hub`: ranks that talk through the hub; `threads`: the same without fork; `gloo`: processes and a real network;
`training`: `ddp_train` of the solutions in two processes over a real network, and its work done by one process.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import nn

ROOT = Path(__file__).resolve().parent.parent


def program(rank: int) -> list[Any]:
    """Every collective call that a solution may reasonably use, in a world of three."""
    own = torch.tensor([1.0, -2.0, 4.0]) * (rank + 1)
    found: list[Any] = []
    for op in (dist.ReduceOp.SUM, dist.ReduceOp.MAX, dist.ReduceOp.MIN, dist.ReduceOp.PRODUCT):
        each = own.clone()
        dist.all_reduce(each, op=op)
        found.append(each.tolist())
    flags = torch.tensor([rank > 0, rank > 1], dtype=torch.uint8)
    dist.all_reduce(flags, op=dist.ReduceOp.BOR)
    root = own.clone()
    dist.broadcast(root, 1)
    parts = [torch.zeros(3) for _ in range(3)]
    dist.all_gather(parts, own)
    at_two = own.clone()
    dist.reduce(at_two, 2)
    gathered = [torch.zeros(3) for _ in range(3)] if rank == 0 else None
    dist.gather(own, gathered, 0)
    given = torch.zeros(3)
    dist.scatter(given, [own + k for k in range(3)] if rank == 2 else None, 2)
    objects = [None] * 3
    dist.all_gather_object(objects, {"rank": rank})
    texts = ["from the first" if rank == 0 else None]
    dist.broadcast_object_list(texts, 0)
    dist.barrier()
    some = dist.new_group([0, 2])
    pair = own.clone()
    if rank != 1:
        dist.all_reduce(pair, group=some)
    around = torch.zeros(3)
    receipt = dist.irecv(around, (rank - 1) % 3)
    dist.send(own, (rank + 1) % 3)
    assert receipt is not None
    receipt.wait()
    late = own.clone()
    work = dist.all_reduce(late, async_op=True)
    work.wait()
    mean = own.clone()
    dist.all_reduce(mean, op=dist.ReduceOp.AVG)
    return [
        *found,
        flags.tolist(),
        root.tolist(),
        [part.tolist() for part in parts],
        at_two.tolist() if rank == 2 else None,
        [part.tolist() for part in gathered] if gathered else None,
        given.tolist(),
        objects,
        texts,
        pair.tolist(),
        around.tolist(),
        late.tolist(),
        mean.tolist(),
        [dist.get_rank(), dist.get_world_size(), dist.get_world_size(some), dist.get_backend()],
    ]


def through_hub() -> list[Any]:
    from autograder.worker import ranks
    from autograder.worker.student import Student

    def work(rank: int) -> Any:
        dist.init_process_group("gloo", init_method="file:///meeting", rank=rank, world_size=3)
        answer = program(rank)
        dist.destroy_process_group()
        return answer

    return ranks.run(Student("/nowhere", {}, {}), 3, work, meeting="file:///meeting")


def in_processes(world_size: int, work: Callable[[int, str], Any]) -> list[Any]:
    """What work(rank, address) gives in so many forks."""
    if sys.platform == "linux":
        os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    with tempfile.TemporaryDirectory() as folder:
        pipes = []
        for rank in range(world_size):
            told, tell = os.pipe()
            pipes.append(told)
            if os.fork() == 0:
                with os.fdopen(tell, "w") as sink:
                    json.dump(work(rank, f"file://{folder}/meeting"), sink)
                os._exit(0)
            os.close(tell)
        return [json.loads(os.fdopen(told).read()) for told in pipes]


def over_gloo(rank: int, address: str) -> Any:
    dist.init_process_group("gloo", init_method=address, rank=rank, world_size=3)
    answer = program(rank)
    dist.destroy_process_group()
    return answer


def _solution() -> Any:
    spec = importlib.util.spec_from_file_location("parallel", ROOT / "solutions" / "hw8" / "parallel.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _model() -> nn.Module:
    model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 3))
    with torch.no_grad():
        for number, parameter in enumerate(model.parameters(), start=1):
            parameter.copy_(torch.linspace(-1, 1, parameter.numel()).reshape(parameter.shape) / number)
    return model


def _optimizer(parameters: Any) -> torch.optim.Optimizer:
    return torch.optim.SGD(parameters, lr=0.5, momentum=0.5)


def training() -> dict[str, Any]:
    """Seven samples, two epochs, batches of two on each of two ranks: uneven in every way."""
    parallel = _solution()
    inputs, labels = torch.linspace(-2, 2, 14).reshape(7, 2), torch.tensor([0, 1, 2, 1, 0, 2, 1])
    pairs = list(zip(inputs, labels, strict=True))

    def work(rank: int, address: str) -> Any:
        model, told = _model(), []
        losses = parallel.ddp_train(
            rank, 2, address, model, pairs, nn.functional.cross_entropy, _optimizer, 2, 2, torch.device("cpu"),
            report=lambda epoch, loss: told.append([epoch, loss]),
        )  # fmt: skip
        return {"weights": [p.flatten().tolist() for p in model.parameters()], "losses": losses, "told": told}

    together = in_processes(2, work)  # before this process computes: a fork has none of its threads, and waits for them
    model = _model()
    optimizer, losses = _optimizer(model.parameters()), []
    for epoch in range(2):
        order = torch.randperm(7, generator=torch.Generator().manual_seed(epoch)).tolist()
        order.append(order[0])
        total = 0.0
        for batch in (order[:4], order[4:]):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(inputs[batch]), labels[batch])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        losses.append(total / 8)
    alone = {"weights": [p.flatten().tolist() for p in model.parameters()], "losses": losses}
    return {"alone": alone, "together": together}


def main() -> None:
    torch.set_num_threads(1)
    way = sys.argv[1]
    if way == "threads" and hasattr(os, "fork"):
        del os.fork
    if way == "gloo":
        answer: Any = in_processes(3, over_gloo)
    else:
        answer = training() if way == "training" else through_hub()
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
