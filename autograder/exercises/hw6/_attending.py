"""How the attention modules are tried, and which operators they may not call."""

from __future__ import annotations

from typing import Any

from autograder.exercise import Operations
from autograder.exercises.fitting import fit, loaded
from autograder.exercises.hw6._laws import built_by_hand

HEADS = ("*multi_head_attention*", "*transformer_encoder*")
PRODUCTS = ("*scaled_dot_product*", "*scaled_dot_attention*", "*flash_attention*", "*efficient_attention*",
            "*cudnn_attention*")  # fmt: skip
NO_HEADS = Operations(forbidden=HEADS, stay_in_torch=False)
NO_ATTENTION = Operations(forbidden=(*HEADS, *PRODUCTS), stay_in_torch=False)


def attend(name: str, student: Any, call: Any) -> Any:
    """Builds the module and calls it. Options: `construct` stops before the call, `parts` calls twice, `weights`
    reports the attribute `attention_weights` too, `state` what is registered, `watch` torch's own functions that ran;
    `after one feature` first calls it with queries and keys of one feature.
    """
    from autograder.worker import probes

    module = student.find(name)(**call.init)
    if call.options.get("construct"):
        return None
    if call.options.get("state"):
        fit(call, module)
        return probes.call_module(name, student, call)
    module = loaded(call, module)
    if call.options.get("watch"):
        return built_by_hand(lambda: module(*call.args, **call.kwargs))
    if "parts" in call.options:
        return {"draws": [module(*call.args, **call.kwargs) for _ in range(2)]}
    if call.options.get("weights"):
        queries, *others = call.args
        module(-queries, *others, **call.kwargs)
        output = module(*call.args, **call.kwargs)
        return {"output": output, "weights": getattr(module, "attention_weights", None)}
    if call.options.get("after one feature"):
        queries, keys, *others = call.args
        module(queries[..., :1], keys[..., :1], *others)
    return probes.called(module, call)
