"""How GPTBlock and GPT are tried: in one go and in parts, with caches that are kept and continued twice."""

from __future__ import annotations

from typing import Any

from autograder.exercises.fitting import fit, loaded


def read(name: str, student: Any, call: Any) -> Any:
    """Builds the module and has it read the case's first argument. Options: `start` reports the embeddings of new
    modules, `attribute` what a new module has under that name, `state` what is registered; `parts` are the lengths of
    the parts in which the text is read, each with the cache of the part before; `twice` continues the cache of the
    first so many positions with the text's rest, then with the second argument, then with the rest again. Keyword
    arguments are the keys and values of a cache that is passed. `report` says what of the answers is reported: the
    first part (`first`), or everything. An answer that is no pair is taken for its first part."""
    make = student.find(name)
    if call.options.get("start"):
        return _embeddings(make, call.init)
    module = make(**call.init)
    _tie(call, module)
    if call.options.get("state"):
        return _state(make, call, module)
    if call.options.get("attribute"):
        return getattr(module, call.options["attribute"], None)
    module = loaded(call, module)
    answers = _answers(module, call)
    if call.options.get("report") == "first":
        return [_first(answer) for answer in answers]
    return answers


def _answers(module: Any, call: Any) -> list[Any]:
    from autograder.worker import probes

    if "parts" in call.options:
        answers, cache, start = [], None, 0
        for length in call.options["parts"]:
            answer = _asked(module, call.args[0][:, start : start + length], *([] if cache is None else [cache]))
            start, (_, cache) = start + length, answer
            answers.append(answer)
        return answers
    if "twice" in call.options:
        text, other = call.args
        start, rest = text[:, : call.options["twice"]], text[:, call.options["twice"] :]
        _, cache = module(start)
        return [_asked(module, part, cache) for part in (rest, other, rest)]
    if call.kwargs:
        return [_asked(module, *call.args, tuple(call.kwargs.values()))]
    return [_listed(probes.called(module, call))]


def _asked(module: Any, *arguments: Any) -> Any:
    return _listed(module(*arguments))


def _listed(answer: Any) -> Any:
    """The answer, with a list of caches where it has a tuple of them, which serves as well."""
    if isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[1], tuple):
        first, caches = answer
        return first, list(caches) if any(isinstance(cache, (tuple, list)) for cache in caches) else caches
    return answer


def _first(answer: Any) -> Any:
    return answer[0] if isinstance(answer, (tuple, list)) and len(answer) == 2 else answer


def _tie(call: Any, module: Any) -> None:
    """A head that is registered and not tied starts as the token embedding, so that only what tying means is lost."""
    from autograder.worker.call import state_of

    tokens = call.weights.get("token_embedding.weight")
    found = state_of(module)
    for name, value in found.items():
        own = name not in call.weights and not any(value is found.get(other) for other in call.weights)
        if tokens is not None and own and name.endswith(".weight") and value.shape == tokens.shape:
            call.weights[name] = tokens.detach().clone()


def _state(make: Any, call: Any, module: Any) -> Any:
    """What is registered, each tensor under its first name; and whether the state dict restores the module."""
    from autograder.worker import probes

    fit(call, module)
    module = call.load(module)
    state = probes.describe_state(module)
    other = make(**call.init)
    other.load_state_dict({name: value.clone() for name, value in module.state_dict().items()})
    state["saved"] = sorted([*state["parameters"], *state["buffers"]])
    return {"output": _asked(module, *call.args), "state": state, "round_trip": _asked(other, *call.args)}


def _embeddings(make: Any, init: dict[str, Any]) -> list[Any]:
    """The embeddings of new modules, two after one seed and one after another."""
    import torch

    found = []
    for seed in (5, 5, 6):
        torch.manual_seed(seed)
        module = make(**init)
        found.append([getattr(module, name).weight.detach().clone() for name in ("token_embedding", "pos_embedding")])
    return found
