"""Moving models, batches and answers."""

from __future__ import annotations

import copy
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from tests.phantom.ways import Caught, mistake, right

REFUSED, PLACE, VALUES = Caught.REFUSED, Caught.PLACE, Caught.VALUES
TWO = "on the same device"
STEP, STATE, NEW, HOME = "a training step", "initial state", "a new leaf", "computing where x is"


def _model() -> nn.Sequential:
    return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))


def _batch() -> dict[str, Any]:
    return {"x": torch.arange(6.0).reshape(2, 3).cos(), "more": [torch.tensor([0, 1])]}


@right(STEP)
def model_and_batch_moved(dev: str) -> Any:
    """model.to(device), x.to(device), y.to(device)"""
    model, batch = _model().to(dev), _batch()
    return F.cross_entropy(model(batch["x"].to(dev)), batch["more"][0].to(dev))


@right(STEP)
def model_assigned(dev: str) -> Any:
    """model = model.to(device); to the device of its parameters, without blocking"""
    model, batch = _model(), _batch()
    model = model.to(torch.device(dev))
    place = next(model.parameters()).device
    x, y = (t.to(place, non_blocking=True) for t in (batch["x"], batch["more"][0]))
    return F.cross_entropy(model(x), y)


@right(STEP)
def nested_batch_moved(dev: str) -> Any:
    """a nested batch, moved by a function that calls itself"""

    def moved(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return value.to(dev)
        if isinstance(value, dict):
            return {key: moved(item) for key, item in value.items()}
        return [moved(item) for item in value]

    model, batch = _model().to(dev), moved(_batch())
    return F.cross_entropy(model(batch["x"]), batch["more"][0])


@right(STEP)
def copied_model(dev: str) -> Any:
    """copy.deepcopy(model) of a model on the device"""
    model, batch = copy.deepcopy(_model().to(dev)), _batch()
    return F.cross_entropy(model(batch["x"].to(dev)), batch["more"][0].to(dev))


@right(STEP)
def weights_of_classes_moved(dev: str) -> Any:
    """a criterion with weights, moved like a model"""
    criterion = nn.CrossEntropyLoss(weight=torch.ones(2)).to(dev)
    model, batch = _model().to(dev), _batch()
    return criterion(model(batch["x"].to(dev)), batch["more"][0].to(dev))


@mistake(STEP, REFUSED, TWO)
def model_left(dev: str) -> Any:
    """the model was never moved"""
    model, batch = _model(), _batch()
    return F.cross_entropy(model(batch["x"].to(dev)), batch["more"][0].to(dev))


@mistake(STEP, REFUSED, TWO)
def inputs_left(dev: str) -> Any:
    """x was never moved"""
    model, batch = _model().to(dev), _batch()
    return F.cross_entropy(model(batch["x"]), batch["more"][0].to(dev))


@mistake(STEP, REFUSED, TWO)
def labels_left(dev: str) -> Any:
    """y was never moved"""
    model, batch = _model().to(dev), _batch()
    return F.cross_entropy(model(batch["x"].to(dev)), batch["more"][0])


@mistake(STEP, REFUSED, TWO)
def moved_and_dropped(dev: str) -> Any:
    """x.to(device) gives a new tensor, which is not kept"""
    model, batch = _model().to(dev), _batch()
    batch["x"].to(dev)
    return F.cross_entropy(model(batch["x"]), batch["more"][0].to(dev))


@mistake(STEP, REFUSED, TWO)
def rebound_in_a_loop(dev: str) -> Any:
    """for t in batch: t = t.to(device) moves nothing in the batch"""
    model, batch = _model().to(dev), _batch()
    for t in batch.values():
        t = t.to(dev) if isinstance(t, torch.Tensor) else t
    return F.cross_entropy(model(batch["x"]), batch["more"][0].to(dev))


@mistake(STEP, REFUSED, TWO)
def inner_list_left(dev: str) -> Any:
    """only the tensors at the top of a nested batch are moved"""
    model = _model().to(dev)
    batch = {key: value.to(dev) if isinstance(value, torch.Tensor) else value for key, value in _batch().items()}
    return F.cross_entropy(model(batch["x"]), batch["more"][0])


@mistake(STEP, REFUSED, TWO)
def weights_of_classes_left(dev: str) -> Any:
    """the class weights of the criterion are on the CPU"""
    criterion = nn.CrossEntropyLoss(weight=torch.ones(2))
    model, batch = _model().to(dev), _batch()
    return criterion(model(batch["x"].to(dev)), batch["more"][0].to(dev))


@mistake(STEP, REFUSED, TWO)
def head_replaced_later(dev: str) -> Any:
    """a layer that replaces another after the model was moved is on the CPU"""
    model, batch = _model().to(dev), _batch()
    model[2] = nn.Linear(4, 2)
    return F.cross_entropy(model(batch["x"].to(dev)), batch["more"][0].to(dev))


@mistake(STEP, PLACE)
def everything_on_cpu(dev: str) -> Any:
    """device = "cuda" if torch.cuda.is_available else "cpu", then only the CPU is used"""
    model, batch = _model(), _batch()
    return F.cross_entropy(model(batch["x"]), batch["more"][0])


@right(STATE)
def state_there(dev: str) -> Any:
    """zeros(..., device=x.device)"""
    x = _batch()["x"].to(dev)[None]
    return nn.RNN(3, 4).to(dev)(x, torch.zeros(1, 2, 4, device=x.device))[0]


@right(STATE)
def state_new(dev: str) -> Any:
    """x.new_zeros(...)"""
    x = _batch()["x"].to(dev)[None]
    return nn.RNN(3, 4).to(dev)(x, x.new_zeros(1, 2, 4))[0]


@right(STATE)
def state_left_out(dev: str) -> Any:
    """no state: the module makes it"""
    return nn.RNN(3, 4).to(dev)(_batch()["x"].to(dev)[None])[0]


@mistake(STATE, REFUSED, "device")
def state_on_cpu(dev: str) -> Any:
    """zeros(...) without a device"""
    return nn.RNN(3, 4).to(dev)(_batch()["x"].to(dev)[None], torch.zeros(1, 2, 4))[0]


_FIRST = torch.zeros(1, 2, 4)


@mistake(STATE, REFUSED, "device")
def state_of_the_module(dev: str) -> Any:
    """a constant made when the file was loaded"""
    return nn.RNN(3, 4).to(dev)(_batch()["x"].to(dev)[None], _FIRST)[0]


@right(NEW)
def leaf_there(dev: str) -> Any:
    """ones(3, device=..., requires_grad=True)"""
    return _gradient(torch.ones(3, device=dev, requires_grad=True))


@right(NEW)
def leaf_after_move(dev: str) -> Any:
    """ones(3).to(device).requires_grad_()"""
    return _gradient(torch.ones(3).to(dev).requires_grad_())


@right(NEW)
def parameter_of_moved(dev: str) -> Any:
    """nn.Parameter(ones(3, device=...))"""
    return _gradient(nn.Parameter(torch.ones(3, device=dev)))


@right(NEW)
def gradient_retained(dev: str) -> Any:
    """the moved tensor's gradient, kept by retain_grad()"""
    w = torch.ones(3, requires_grad=True).to(dev) * 1
    w.retain_grad()
    return _gradient(w)


@mistake(NEW, PLACE)
def leaf_moved(dev: str) -> Any:
    """ones(3, requires_grad=True).to(device) is no leaf: its grad stays None"""
    return _gradient(torch.ones(3, requires_grad=True).to(dev))


@mistake(NEW, PLACE)
def parameter_moved(dev: str) -> Any:
    """nn.Parameter(ones(3)).cuda() is no parameter any more"""
    w = nn.Parameter(torch.ones(3))
    return _gradient(w.to(dev))


def _gradient(w: torch.Tensor) -> Any:
    (w * torch.tensor([1.0, 2.0, 3.0]).to(w.device)).sum().backward()
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return w.grad


@right(HOME)
def stays_there(dev: str) -> Any:
    """(x - x.mean()) / x.std()"""
    x = _batch()["x"].to(dev)
    return (x - x.mean()) / x.std()


@right(HOME)
def there_and_back(dev: str) -> Any:
    """an answer computed elsewhere, moved back to x.device"""
    x = _batch()["x"].to(dev)
    host = x.cpu()
    return ((host - host.mean()) / host.std()).to(x.device)


@right(HOME)
def asked_by_type(dev: str) -> Any:
    """if x.device.type == "cuda" or x.is_cuda"""
    x = _batch()["x"].to(dev)
    if dev != "cpu" and not (x.device.type == "cuda" and x.is_cuda and x.device == torch.device("cuda", 0)):
        x = x.cpu()
    return (x - x.mean()) / x.std()


@mistake(HOME, PLACE)
def answer_on_cpu(dev: str) -> Any:
    """.cpu() at the end"""
    x = _batch()["x"].to(dev)
    return ((x - x.mean()) / x.std()).cpu()


@mistake(HOME, PLACE)
def answer_of_numpy(dev: str) -> Any:
    """computed with numpy, and never moved back"""
    x = _batch()["x"].to(dev).cpu().numpy()
    return torch.from_numpy((x - x.mean()) / x.std(ddof=1))


@mistake(HOME, PLACE)
def cast_by_type(dev: str) -> Any:
    """.type(torch.FloatTensor) moves to the CPU as well"""
    x = _batch()["x"].to(dev)
    return ((x - x.mean()) / x.std()).type(torch.FloatTensor)


@mistake(HOME, PLACE)
def asked_by_text(dev: str) -> Any:
    """x.device == "cuda" is never true"""
    x = _batch()["x"].to(dev)
    if x.device != "cuda":
        x = x.cpu()
    return (x - x.mean()) / x.std()


@mistake(HOME, PLACE)
def asked_without_number(dev: str) -> Any:
    """x.device == torch.device("cuda") is false: a tensor's device has a number"""
    x = _batch()["x"].to(dev)
    if x.device != torch.device("cuda"):
        x = x.cpu()
    return (x - x.mean()) / x.std()


@mistake(HOME, REFUSED, "can't convert cuda:0 device type tensor to numpy")
def numpy_without_cpu(dev: str) -> Any:
    """.numpy() of a tensor on the device"""
    x = _batch()["x"].to(dev).numpy()
    return torch.from_numpy((x - x.mean()) / x.std(ddof=1))


@mistake(HOME, REFUSED, "can't convert cuda:0 device type tensor to numpy")
def array_without_cpu(dev: str) -> Any:
    """np.asarray of a tensor on the device"""
    import numpy as np

    x = np.asarray(_batch()["x"].to(dev))
    return torch.from_numpy((x - x.mean()) / x.std(ddof=1))
