"""How the modules of bert.py are tried, and the weights of their cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Finding, Tensor
from autograder.exercises.chance import surprise
from autograder.exercises.fitting import fit, loaded

if TYPE_CHECKING:
    import numpy as np

VECTORISED = 0.1
WITHIN = 0.1


def build(name: str, student: Any, call: Any) -> Any:
    """Builds the module and calls it. Options: `state` reports what is registered, `double` makes it a float64 module,
    `twice` reports the answers of two calls, `without` that of a call without the last argument, after one with it."""
    from autograder.worker import probes

    module = student.find(name)(**call.init)
    if call.options.get("state"):
        fit(call, module)
        return probes.call_module(name, student, call)
    module = loaded(call, module.double() if call.options.get("double") else module)
    if call.options.get("without"):
        module(*call.args)
        return module(*call.args[:-1])
    if call.options.get("twice"):
        return {"draws": [module(*call.args), module(*call.args)]}
    return probes.called(module, call)


class Weights:
    """Draws the weights of modules by name."""

    def __init__(self, draw: Draw, dtype: str = "float32") -> None:
        self._draw, self._dtype = draw, dtype

    def floats(self, *shape: int, scale: float = 1.0) -> Tensor:
        return self._draw.floats(shape, scale, dtype=self._dtype, requires_grad=True)

    def linear(self, name: str, inputs: int, outputs: int) -> dict[str, Tensor]:
        return {f"{name}.weight": self.floats(outputs, inputs), f"{name}.bias": self.floats(outputs)}

    def norm(self, name: str, size: int) -> dict[str, Tensor]:
        return {f"{name}.weight": self.floats(size, scale=2.0), f"{name}.bias": self.floats(size)}

    def block(self, name: str, hiddens: int, ffn: int) -> dict[str, Tensor]:
        """Of an nn.TransformerEncoderLayer."""
        return {
            f"{name}.self_attn.in_proj_weight": self.floats(3 * hiddens, hiddens),
            f"{name}.self_attn.in_proj_bias": self.floats(3 * hiddens),
            **self.linear(f"{name}.self_attn.out_proj", hiddens, hiddens),
            **self.linear(f"{name}.linear1", hiddens, ffn),
            **self.linear(f"{name}.linear2", ffn, hiddens),
            **self.norm(f"{name}.norm1", hiddens),
            **self.norm(f"{name}.norm2", hiddens),
        }

    def encoder(
        self, vocab: int, hiddens: int, ffn: int, layers: int, max_len: int, prefix: str = ""
    ) -> dict[str, Tensor]:
        found = {
            f"{prefix}token_embedding.weight": self.floats(vocab, hiddens, scale=2.0),
            f"{prefix}segment_embedding.weight": self.floats(2, hiddens, scale=2.0),
            f"{prefix}pos_embedding": self.floats(1, max_len, hiddens, scale=2.0),
        }
        for layer in range(layers):
            found |= self.block(f"{prefix}blks.{layer}", hiddens, ffn)
        return found

    def mask_lm(self, vocab: int, hiddens: int, inputs: int, prefix: str = "") -> dict[str, Tensor]:
        return (
            self.linear(f"{prefix}mlp.0", inputs, hiddens)
            | self.norm(f"{prefix}mlp.2", hiddens)
            | self.linear(f"{prefix}mlp.3", hiddens, vocab)
        )


DROPPED_IN = {
    "behind the attention": "self_attn.out_proj.bias",
    "behind the feed-forward layer": "linear2.bias",
    "inside the feed-forward layer": "linear1.bias",
}


def dropout_cases(draw: Draw) -> Iterable[Case]:
    """A block in which one layer gives the same large number at every feature, so that a feature that is dropped
    behind that layer is smaller than the others by far."""
    import numpy as np

    hiddens, p = 64, 0.25
    init = {"vocab_size": 5, "num_hiddens": hiddens, "ffn_num_hiddens": hiddens, "num_heads": 2, "num_layers": 1}
    for place, name in DROPPED_IN.items():
        weights = Weights(draw).encoder(5, hiddens, hiddens, 1, 4)
        for key, weight in weights.items():
            if ".norm" in key and key.endswith("weight"):
                weights[key] = tensor(np.ones(hiddens), "float32")
            elif key.startswith("blks."):
                weights[key] = tensor(np.zeros(weight.data.shape), "float32")
        inside = place.startswith("inside")
        weights[f"blks.0.{name}"] = tensor([8.0 if inside else 1024.0] * hiddens)
        if inside:
            weights["blks.0.linear2.weight"] = tensor(np.eye(hiddens) * 256, "float32")
        options = {"laws": True, "twice": True, "share": 1 - (1 - p) ** 2 if inside else p, "place": place}
        args = (draw.integers((2, 4), 0, 4), draw.integers((2, 4), 0, 1))
        yield Case(
            place, "dropout", args, init=init | {"dropout": p, "max_len": 4}, weights=weights, options=options,
            training=True, runs=("plain",),
        )  # fmt: skip


def dropout_law(case: Case, value: Any) -> Iterator[Finding]:
    """Nothing is dropped where all is `still`; else, of the features of every token, a known share."""
    if "twice" not in case.options:
        return
    one, other = (answer.data for answer in value["draws"])
    if "still" in case.options:
        if not (one == other).all():
            place = "in evaluation mode" if case.aspect == "evaluation" else f"in training mode, with {case.name}"
            yield Finding(f"dropped:{case.options['still']}", f"two calls give different answers {place}")
        return
    place, share = case.options["place"], case.options["share"]
    small = _small(one)
    if small is None:
        if (one == other).all():
            yield Finding("none", f"in training mode nothing is dropped {place}")
        else:
            yield Finding("mixed", f"in training mode a feature that is dropped {place} cannot be told from the others")
        return
    if surprise(int(small.sum()), small.size, share):
        message = f"{int(small.sum())} of {small.size} features were dropped {place}, expected about {share:.0%}"
        yield Finding("rate", message)
    again = _small(other)
    if again is not None and (small == again).all():
        yield Finding("repeated", "two calls in training mode dropped the same features; each call draws anew")


def _small(answer: np.ndarray) -> np.ndarray | None:
    """Which features are among the small ones, where those of every token are of two kinds: small and large."""
    import numpy as np

    low, high = answer.min(-1, keepdims=True), answer.max(-1, keepdims=True)
    near_low, near_high = answer - low < WITHIN, high - answer < WITHIN
    if not (near_low | near_high).all() or (near_low & near_high).any():
        return None
    return np.asarray(near_low)
