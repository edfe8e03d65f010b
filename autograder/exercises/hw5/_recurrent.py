"""How encoders and decoders are tried, and the weights that their cases share."""

from __future__ import annotations

from typing import Any

from autograder.draw import Draw
from autograder.exercise import Tensor
from autograder.exercises.fitting import fit, loaded
from autograder.exercises.slopes import asked_for, slopes


def gru(draw: Draw, inputs: int, hiddens: int, layers: int, dtype: str = "float32") -> dict[str, Tensor]:
    """Weights of a GRU called rnn, by name."""
    weights = {}
    for layer in range(layers):
        size = inputs if layer == 0 else hiddens
        shapes: dict[str, tuple[int, ...]] = {"weight_ih": (3 * hiddens, size), "weight_hh": (3 * hiddens, hiddens)}
        shapes |= {"bias_ih": (3 * hiddens,), "bias_hh": (3 * hiddens,)}
        for name, shape in shapes.items():
            weights[f"rnn.{name}_l{layer}"] = draw.floats(shape, 1.0, dtype=dtype, requires_grad=True)
    return weights


def learned(draw: Draw, dtype: str = "float32", **shapes: tuple[int, ...]) -> dict[str, Tensor]:
    """Weights of these shapes; `__` in a name stands for the dot."""
    return {
        name.replace("__", "."): draw.floats(shape, 1.0, dtype=dtype, requires_grad=True)
        for name, shape in shapes.items()
    }


def encode(student: Any, call: Any) -> Any:
    """Builds the encoder and calls it; with `state` also reports what is registered."""
    from autograder.worker import probes

    module = student.Seq2SeqEncoder(**call.init)
    if call.options.get("state"):
        fit(call, module)
        output, state = loaded(call, module)(*call.args)
        return {"output": output, "final": state, "state": probes.describe_state(module)}
    module = loaded(call, module)
    if asked_for(call):
        return slopes(module, call, lambda *args: module(*args)[0])
    answer = probes.called(module, call)
    output, state = answer
    return {"outputs": output, "final": state} if "both" in call.options else {"output": output}


def decode(name: str, student: Any, call: Any) -> Any:
    """Builds the decoder, makes its first state of what an encoder would give, and decodes.

    The last output of the encoder is its state's last layer, as that of every encoder is. Options: `initial` reports
    the first state alone, `new` the state afterwards alone, `each` makes a call for every token, `weights` reports the
    attention weights of the last call, `double` makes it a float64 module, `state` reports what is registered.
    """
    import torch

    from autograder.worker import probes

    options = call.options
    module = student.find(name)(**call.init)
    module = loaded(call, module.double() if options.get("double") else module)
    X, output, hidden, *lengths = call.args

    def read(output: Any, hidden: Any) -> tuple[Any, Any]:
        return torch.cat((output[:-1], hidden[-1:])), hidden

    if asked_for(call):
        return slopes(module, call, lambda X, out, hidden, *r: module(X, module.init_state(read(out, hidden), *r))[0])
    output, hidden = read(output, hidden)
    first = state = module.init_state((output, hidden), *lengths)
    if options.get("initial"):
        return {"first": _parts(first)}
    if options.get("again"):
        module(X, module.init_state((output * -0.5, hidden * -0.5), *lengths))
    if options.get("each"):
        scores = []
        for t in range(X.shape[1]):
            answer, state = module(X[:, t : t + 1], state)
            scores.append(answer)
        told: dict[str, Any] = {"output": torch.cat(scores, dim=1)}
    else:
        answer, state = module(X, state)
        told = {"output": answer}
    if options.get("new"):
        told = {"new": _parts(state)}
    if options.get("weights"):
        told = {"weights": module.attention_weights}
    if options.get("state"):
        told["state"] = probes.describe_state(module)
    return told


def _parts(state: Any) -> Any:
    return list(state) if isinstance(state, (tuple, list)) else state
