"""How generate is tried: beside a model of the kit's own, which keeps account of what it is fed; and the laws of what
is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from autograder.exercise import Case, Finding
from autograder.exercises.chance import surprise

if TYPE_CHECKING:
    import numpy as np


def model_of(table: Any, max_len: int) -> Any:
    """A model like GPT whose next logits are a row of `table`, (V, V): which one depends on every token of the text and
    on its place. What the texts are it knows from its cache alone."""
    import torch

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.max_len = max_len
            self.weight = torch.nn.Parameter(table.clone())
            self.dropout = torch.nn.Dropout(0.0)
            self.fed: list[list[int]] = []
            self.training_seen: list[bool] = []
            self.gradients_seen: list[bool] = []

        def forward(self, tokens: Any, cache: Any = None) -> Any:
            past = tokens[:, :0] if cache is None else cache[0][0][:, 0, :, 0].long()
            self.fed.append([tokens.shape[1], past.shape[1]])
            self.training_seen.append(self.training or self.dropout.training)
            text = torch.cat([past, tokens], dim=1)
            if text.shape[1] > self.max_len:
                raise ValueError(f"a text of {text.shape[1]} tokens is longer than max_len, {self.max_len}")
            places = torch.arange(1, text.shape[1] + 1, device=tokens.device)
            rows = (text * places + places).cumsum(dim=1) % len(self.weight)
            logits = self.weight[rows[:, past.shape[1] :]]
            self.gradients_seen.append(logits.requires_grad)
            kept = text[:, None, :, None].to(logits.dtype)
            return logits, [(kept, kept.clone())]

    return Model()


def write(student: Any, call: Any) -> Any:
    """Has the student's generate continue the prompt, and reports what the case asks for: the `tokens`, what was `fed`,
    the `mode` of the model or whether `gradients` were recorded. With `seeds` one text for each state of the generator
    (the global one where the case passes none)."""
    import torch

    table, prompt, *generator = call.args
    options = call.options
    if "seeds" in options:
        texts = []
        for seed in options["seeds"]:
            own = torch.Generator().manual_seed(seed) if generator else torch.manual_seed(seed) and None
            texts.append(student.generate(_ready(table, call), prompt, **call.kwargs, generator=own))
        return texts
    model = _ready(table, call)
    kwargs = call.kwargs | ({"generator": generator[0]} if generator else {})
    tokens = student.generate(model, prompt, **kwargs)
    found = {
        "tokens": tokens,
        "fed": [{"new tokens": new, "positions in the cache": past} for new, past in model.fed],
        "in training mode at a call": any(model.training_seen),
        "in training mode afterwards": model.training and model.dropout.training,
        "gradients are recorded": any(model.gradients_seen),
    }
    report = options.get("report", ["tokens"])
    return found["tokens"] if report == ["tokens"] else {name: found[name] for name in report}


def _ready(table: Any, call: Any) -> Any:
    model = model_of(table, call.options.get("max_len", 64)).to(table.device)
    return model.train(call.training)


def drawn_law(case: Case, value: Any) -> Iterator[Finding]:
    """How often each token comes in many texts, where the logits are always the same."""
    import numpy as np

    if case.aspect == "seed":
        yield from _seeds([np.asarray(text.data) for text in value])
        return
    prompt = case.args[1].data
    text = np.asarray(value.data)
    steps = case.kwargs["max_new_tokens"]
    if text.shape != (len(prompt), prompt.shape[1] + steps):
        message = f"the answer has shape {text.shape}, expected {(len(prompt), prompt.shape[1] + steps)}"
        yield Finding("form", message)
        return
    new = text[:, prompt.shape[1] :]
    top_k = case.kwargs.get("top_k")
    if (new == new[:1]).all() and top_k != 1:
        yield Finding("alike", f"all {len(new)} texts go on with the same tokens")
        return
    if case.aspect == "anew":
        yield from _anew(new)
        return
    logits = case.args[0].data[0].astype(np.float64)
    temperature = case.kwargs["temperature"]
    chances = _softmax(logits / temperature, _kept(logits, top_k))
    yield from _frequencies(Counter(new.reshape(-1).tolist()), new.size, chances, logits, temperature, top_k)


def _seeds(texts: list[np.ndarray]) -> Iterator[Finding]:
    first, again, other = (text.tolist() for text in texts)
    if first != again:
        yield Finding("unseeded", "from the same state of the generator came two different texts")
    elif first == other:
        yield Finding("seed-ignored", "from two different states of the generator came the same text")


def _anew(new: np.ndarray) -> Iterator[Finding]:
    """Four tokens are equally likely at each of two steps, so that the second of a text is the first again in a quarter
    of the texts."""
    import numpy as np

    for step, name in enumerate(("first", "second")):
        if not _fits(Counter(new[:, step].tolist()), len(new), np.full(4, 0.25)):
            yield Finding(f"uneven:{name}", f"the {name} new tokens are not equally likely, as their logits are")
            return
    same = int((new[:, 0] == new[:, 1]).sum())
    if surprise(same, len(new), 0.25):
        message = f"in {same} of {len(new)} texts the second new token was the first again, expected a quarter"
        yield Finding("repeated" if same == len(new) else "dependent", message)


def _kept(logits: np.ndarray, top_k: int | None) -> np.ndarray:
    import numpy as np

    return logits >= np.sort(logits)[::-1][min(top_k or len(logits), len(logits)) - 1]


def _softmax(logits: np.ndarray, kept: np.ndarray) -> np.ndarray:
    import numpy as np

    weights = np.exp(logits - logits.max()) * kept
    result: np.ndarray = weights / weights.sum()
    return result


def _fits(counts: Counter[int], total: int, chances: np.ndarray) -> bool:
    return not any(surprise(counts[token], total, float(chance)) for token, chance in enumerate(chances))


def _frequencies(
    counts: Counter[int], total: int, chances: np.ndarray, logits: np.ndarray, temperature: float, top_k: int | None
) -> Iterator[Finding]:
    import numpy as np

    strange = [token for token in counts if not 0 <= token < len(logits)]
    if strange:
        yield Finding("strange", f"token {strange[0]} is not in the vocabulary of {len(logits)}")
        return
    kept, shown = chances > 0, {token: counts[token] for token in range(len(logits))}
    barred = [token for token in shown if counts[token] and not kept[token]]
    never = [token for token in shown if not counts[token] and chances[token] * total > 30]
    if barred:
        ranks = np.argsort(np.argsort(-logits, kind="stable"), kind="stable")
        lowest = all(ranks[token] >= len(logits) - (top_k or 0) for token in shown if counts[token])
        whole = np.ones(len(logits), dtype=bool)
        ignored = _fits(counts, total, _softmax(logits / temperature, whole))
        zeros = _fits(counts, total, _softmax(np.where(kept, logits, 0.0) / temperature, whole))
        code = "ignored" if ignored else "smallest" if lowest else "zeros" if zeros else "barred"
        message = f"token {barred[0]} was drawn, whose logit {logits[barred[0]]:g} is not among the {top_k} largest"
        yield Finding(f"top_k:{code}", message)
    elif never and top_k:
        message = f"token {never[0]} was never drawn in {total} draws, but its logit {logits[never[0]]:g} is among the"
        yield Finding("top_k:never", f"{message} {top_k} largest, or equal to the smallest of them")
    elif not _fits(counts, total, chances):
        known = {
            "multiplied": _softmax(logits * temperature, kept),
            "uniform": kept / kept.sum(),
            "untempered": _softmax(logits, kept),
        }
        code = next((name for name, other in known.items() if _fits(counts, total, other)), "other")
        token = max(shown, key=lambda t: abs(counts[t] / total - chances[t]))
        message = f"token {token} was drawn in {counts[token] / total:.1%} of {total} draws"
        yield Finding(f"rates:{code}", f"{message}, expected {chances[token]:.1%}")
