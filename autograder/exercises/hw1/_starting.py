"""How init_weights is tried: on small networks, before and after, and whether what it draws is what it should draw."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from autograder.exercise import Case, Finding

if TYPE_CHECKING:
    import numpy as np

FALSE_ALARM = 1e-9
EMBEDDING_STD = 0.02
BELL = 2.4  # between the fourth moment of uniform numbers, 1.8, and that of normal ones, 3, both of variance 1


def probe_starting(student: Any, call: Any) -> Any:
    """Lets the function start a network. Option `draws`: reports the first weight before and after, for three seeds;
    else what became of the network, each fact under a name."""
    import torch

    # A trivial answer made from a solution answers nothing either; it leaves the layers alone.
    start = (lambda module: None) if student.transformed else student.init_weights
    if call.options.get("draws"):
        found = []
        for seed in (5, 6, 5):
            torch.manual_seed(3)
            net = _network(call)
            before = next(net.parameters()).detach().clone()
            torch.manual_seed(seed)
            net.apply(start)
            found.append([seed, before, [p.detach().clone() for p in net.parameters() if p.dim() == 2]])
        return found
    net = _network(call)
    if call.options.get("parameters"):
        return _kept(net, start)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.fill_(0.75)
        for module in net.modules():
            if getattr(module, "padding_idx", None) is not None:
                module.weight[module.padding_idx] = 0
    net.apply(start)
    return {name: _told(parameter) for name, parameter in net.named_parameters()}


def _told(parameter: Any) -> str:
    """What a parameter that was 0.75 everywhere (and 0 in the row of the padding) holds."""
    rows = parameter.detach().reshape(len(parameter), -1)
    parts = ["0" if not row.any() else "0.75" if (row == 0.75).all() else "new" for row in rows]
    return ", ".join(parts) if len(set(parts)) > 1 else f"{parts[0]} everywhere"


def _kept(net: Any, start: Any) -> dict[str, Any]:
    before = dict(net.named_parameters())
    answers = [start(module) for module in net.modules()]
    after = dict(net.named_parameters())
    facts: dict[str, Any] = {f"{name} is the same parameter": after.get(name) is before[name] for name in before}
    facts |= {f"{name} requires a gradient": parameter.requires_grad for name, parameter in after.items()}
    facts |= {f"{name} is a leaf": parameter.is_leaf for name, parameter in after.items()}
    facts["something is returned"] = any(answer is not None for answer in answers)
    return facts


def _network(call: Any) -> Any:
    from torch import nn

    class Scaled(nn.Linear):
        """A layer that derives from nn.Linear."""

    class Doubled(nn.Embedding):
        """A layer that derives from nn.Embedding."""

    one, other = call.options["sizes"]
    makers = {
        "alone": lambda: nn.Linear(one, other),
        "linear": lambda: nn.Sequential(nn.Linear(one, other)),
        "no bias": lambda: nn.Sequential(nn.Linear(one, other, bias=False)),
        "derived": lambda: nn.Sequential(Scaled(one, other)),
        "nested": lambda: nn.Sequential(nn.Sequential(nn.Linear(one, other), nn.ReLU()), nn.Linear(other, one)),
        "embedding": lambda: nn.Sequential(nn.Embedding(one, other)),
        "derived embedding": lambda: nn.Sequential(Doubled(one, other)),
        "padding": lambda: nn.Sequential(nn.Embedding(one, other, padding_idx=call.options["padding"])),
        "others": lambda: nn.ModuleDict(
            {
                "layer_norm": nn.LayerNorm(3),
                "batch_norm": nn.BatchNorm1d(2),
                "convolution": nn.Conv1d(2, 3, 2),
                "recurrent": nn.GRU(2, 3),
                "bilinear": nn.Bilinear(2, 3, 2),
            }
        ),
    }
    return makers[call.options["net"]]()


def drawn_as_asked(case: Case, value: Any) -> Iterable[Finding]:
    """The weights follow the distribution of their kind of layer, and torch's global generator."""
    import numpy as np

    if not case.options.get("draws"):
        return
    (_, before, first), (_, _, other), (_, _, again) = value
    weights, others, repeated = ([np.asarray(w.data, np.float64) for w in group] for group in (first, other, again))
    embedding = "embedding" in case.options["net"]
    kind = "embedding" if embedding else "linear"
    if len(weights) != (2 if case.options["net"] == "nested" else 1):
        yield Finding("weights", "the network does not have the weights any more that it had")
    elif not all(np.isfinite(weight).all() for weight in weights):
        yield Finding("infinite", "not every weight is finite")
    elif np.array_equal(weights[0], np.asarray(before.data)):
        yield Finding(f"{kind} untouched", f"the weight of the {kind} layer is what it was before")
    elif any(len(np.unique(weight)) == 1 for weight in weights):
        yield Finding("constant", f"every weight of the {kind} layer is {weights[0].flat[0]:g}")
    elif not all(map(np.array_equal, weights, repeated)):
        yield Finding("unseeded", "after the same torch.manual_seed the weights are different")
    elif any(map(np.array_equal, weights, others)):
        yield Finding("fixed", "after another torch.manual_seed the weights are the same")
    else:
        for weight in weights:
            found = _not_normal(weight) if embedding else _not_uniform(weight)
            if found is not None:
                yield found
                return


def _not_uniform(weight: np.ndarray) -> Finding | None:
    import numpy as np

    bound = math.sqrt(6 / sum(weight.shape))
    ordered = np.sort(weight.reshape(-1)) / bound
    largest = float(np.abs(ordered).max())
    least = 1 + math.log(FALSE_ALARM) / weight.size  # all numbers are smaller with probability FALSE_ALARM at most
    if least <= largest <= 1 + 1e-6 and _distance((np.clip(ordered, -1, 1) + 1) / 2) <= _allowed(weight.size):
        return _repeated(weight)
    shape = f"of shape {tuple(weight.shape)} is not uniform between -a and a = {bound:.4g}"
    message = f"a linear weight {shape}: its largest number is {largest * bound:.4g}, its standard deviation "
    message += f"{weight.std():.4g} instead of {bound / math.sqrt(3):.4g}"
    return Finding(f"linear {_described(weight, bound / math.sqrt(3))}", message)


def _not_normal(weight: np.ndarray) -> Finding | None:
    import numpy as np

    ordered = np.sort(weight.reshape(-1)) / EMBEDDING_STD
    below = np.array([(1 + math.erf(number / math.sqrt(2))) / 2 for number in ordered])
    if _distance(below) <= _allowed(weight.size):
        return _repeated(weight)
    message = f"an embedding is not normal with standard deviation {EMBEDDING_STD}: its mean is {weight.mean():.4g}, "
    message += f"its standard deviation {weight.std():.4g}, its largest number {np.abs(weight).max():.4g}"
    return Finding(f"embedding {_described(weight, EMBEDDING_STD)}", message)


def _repeated(weight: np.ndarray) -> Finding | None:
    """Of thousands of single-precision numbers a few may be equal by chance, a tenth of them may not."""
    import numpy as np

    if len(np.unique(weight)) > 0.9 * weight.size:
        return None
    return Finding("repeated", "many of the weights are equal: each number is drawn on its own")


def _distance(below: np.ndarray) -> float:
    """Kolmogorov's distance between the sample and the distribution, whose function at the ordered sample is given."""
    import numpy as np

    steps = np.arange(len(below) + 1) / len(below)
    return float(max((steps[1:] - below).max(), (below - steps[:-1]).max()))


def _allowed(count: int) -> float:
    """The distance that a sample of the distribution exceeds with probability FALSE_ALARM at most (Massart 1990)."""
    return math.sqrt(math.log(2 / FALSE_ALARM) / (2 * count))


def _described(weight: np.ndarray, std: float) -> str:
    """The form of the sample, and how many times it is too wide (or narrow) by the root of two."""
    spread = float(weight.std())
    centred = (weight - weight.mean()) / spread
    if abs(float(weight.mean())) > 0.2 * spread:
        return "off centre"
    return f"{'bell' if float((centred**4).mean()) > BELL else 'flat'} {2 * math.log2(spread / std):+.0f}"
