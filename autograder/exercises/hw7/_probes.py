"""Probes of the BERT data exercises: random functions are called many times, their answers reported compactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from string import ascii_letters, digits
from typing import Any

LETTERS = ascii_letters + digits
SPECIAL = ("<unk>", "<pad>", "<mask>", "<cls>", "<sep>")
KEPT, MASKED, STRANGE = "=", "#", "?"
UNTIL_CHANGED = 30
RAISED = object()


class _Words:
    """The vocabulary of a case: the given tokens, ids by their order."""

    def __init__(self, tokens: list[str]) -> None:
        self.idx_to_token = tokens
        self._ids = {token: i for i, token in enumerate(tokens)}

    def __len__(self) -> int:
        return len(self.idx_to_token)

    def __getitem__(self, tokens: Any) -> Any:
        unknown = self._ids.get("<unk>")
        return self._ids.get(tokens, unknown) if isinstance(tokens, str) else list(map(self.__getitem__, tokens))


def _repeat(call: Any, draw: Callable[[bool], Any], report: Callable[[Any], Any]) -> dict[str, Any]:
    """The reports of as many draws as the case asks for, made with copies of the arguments so that one draw does
    not spoil the next. Where it asks for `again`, the draws are made twice from the same state of the generator;
    and else the arguments themselves are passed until they change, for the witness of purity."""
    rng = call.args[-1]
    state = rng.getstate()
    found: dict[str, Any] = {"draws": [report(draw(True)) for _ in range(call.options["repeats"])]}
    if call.options.get("again"):
        rng.setstate(state)
        found["again"] = [report(draw(True)) for _ in range(call.options["repeats"])]
    elif call.options.get("touch"):
        before = repr(call.args[:-1])
        for _ in range(UNTIL_CHANGED):
            draw(False)
            if repr(call.args[:-1]) != before:
                break
    return found


def probe_next_sentence(student: Any, call: Any) -> dict[str, Any]:
    """Every different answer once, and for each draw which of them it was. Where the true next sentence stands in
    the paragraphs it is passed as that very object, as a caller would. Where the case asks whether a call `raises`,
    -1 stands for one that did: how often it does is what the law judges."""
    function = student.next_sentence

    def draw(fresh: bool) -> Any:
        sentence, true_next, paragraphs, rng = call.args
        if fresh:
            paragraphs = [[list(s) for s in p] for p in paragraphs]
            sentence = next((s for p in paragraphs for s in p if s == sentence), list(sentence))
            true_next = next((s for p in paragraphs for s in p if s == true_next), list(true_next))
        if not call.options.get("raises"):
            return function(sentence, true_next, paragraphs, rng)
        try:
            return function(sentence, true_next, paragraphs, rng)
        except Exception:
            return RAISED

    seen: dict[str, int] = {}
    answers: list[Any] = []

    def report(answer: Any) -> int:
        if answer is RAISED:
            return -1
        index = seen.setdefault(repr(answer), len(answers))
        if index == len(answers):
            answers.append(answer)
        return index

    return {**_repeat(call, draw, report), "answers": answers}


def probe_replace_mlm_tokens(student: Any, call: Any) -> dict[str, Any]:
    """The answers as they are, or where the case asks for `positions` or `marks` a string for each: the predicted
    positions, or what stands afterwards at those that are predicted once, in the order of the text; where it asks for
    `kinds`, only if all candidates are predicted, so that a place in the string is one in the text. Where the case
    has a second vocabulary `beside` its own, as many draws are made with that one."""
    function = student.replace_mlm_tokens
    tokens, candidates, count, words, rng = call.args
    returned: list[bool] = []

    def draw(fresh: bool, words: list[str] = words) -> Any:
        if not fresh:
            return function(tokens, candidates, count, _Words(words), rng)
        given = list(tokens)
        answer = function(given, list(candidates), count, _Words(list(words)), rng)
        returned.append(any(part is given for part in _parts(answer)))
        return answer

    beside = call.options.get("beside")
    ids = {token: LETTERS[i] for i, token in enumerate(words)} | {"<mask>": MASKED}
    show = call.options.get("show")

    def marks(answer: Any) -> str:
        new, predictions = answer
        times = Counter(p for p, _ in predictions)
        once = sorted(p for p in times if times[p] == 1)
        return "".join(KEPT if new[p] == tokens[p] else ids.get(new[p], STRANGE) for p in once)

    def kinds(answer: Any) -> str:
        return marks(answer) if sorted(p for p, _ in answer[1]) == sorted(candidates) else ""

    def positions(answer: Any) -> str:
        return "".join(LETTERS[p] for p, _ in answer[1])

    shown = {"marks": marks, "kinds": kinds, "positions": positions}

    def report(answer: Any) -> Any:
        if show is None:
            return answer
        try:
            return shown[show](answer)
        except (TypeError, ValueError, KeyError, IndexError):
            return None

    found = _repeat(call, draw, report)
    if beside is not None:
        ids |= {token: ids.get(token, LETTERS[0]) for token in beside}
        found["beside"] = [report(draw(True, beside)) for _ in range(call.options["repeats"])]
    return {**found, "same list": any(returned)}


def probe_mlm_example(student: Any, call: Any) -> dict[str, Any]:
    function = student.mlm_example
    tokens, words, rng = call.args

    def draw(fresh: bool) -> Any:
        if fresh:
            return function(list(tokens), _Words(list(words)), rng)
        return function(tokens, _Words(words), rng)

    return _repeat(call, draw, lambda answer: answer)


def probe_nsp_pairs(student: Any, call: Any) -> dict[str, Any]:
    """The answers as they are."""
    function = student.nsp_pairs

    def draw(fresh: bool) -> Any:
        paragraph, paragraphs, max_len, rng = call.args
        if fresh:
            paragraphs = [[list(s) for s in p] for p in paragraphs]
            paragraph = next((p for p in paragraphs if p == paragraph), [list(s) for s in paragraph])
        return function(paragraph, paragraphs, max_len, rng)

    return _repeat(call, draw, lambda answer: answer)


def probe_bert_dataset(student: Any, call: Any) -> dict[str, Any]:
    """All examples of each data set, and what it says of itself; with `twice` also whether they are the same when they
    are asked for again."""
    from torch.utils.data import Dataset

    make = student.find("BERTDataset")
    paragraphs, words, max_len, rng = call.args

    def draw(fresh: bool) -> Any:
        if fresh:
            return make([[list(s) for s in p] for p in paragraphs], _Words(list(words)), max_len, rng)
        return make(paragraphs, _Words(words), max_len, rng)

    def report(dataset: Any) -> dict[str, Any]:
        items = [dataset[i] for i in range(len(dataset))]
        changed = bool(call.options.get("twice")) and repr(items) != repr([dataset[i] for i in range(len(dataset))])
        behind = "IndexError"
        if call.options.get("end"):
            try:
                behind = f"a {type(dataset[len(dataset)]).__name__}"
            except Exception as error:
                behind = type(error).__name__
        return {
            "dataset": isinstance(dataset, Dataset),
            "length": len(dataset),
            "items": items,
            "changed": changed,
            "behind the end": behind,
            "text": repr(items),
        }

    return _repeat(call, draw, report)


def probe_pad_bert_inputs(student: Any, call: Any) -> Any:
    """The parts of the answer that the case asks for by their places; the whole answer where it has no such parts. A
    part that is one tensor counts as a list of its rows: that it should be a list is seen where the case asks for the
    `form`, and there the tensors themselves do not matter."""
    examples, max_len, words = call.args
    answer = student.pad_bert_inputs(examples, max_len, _Words(words))
    if call.options.get("write"):
        again = student.pad_bert_inputs(examples, max_len, _Words(words))
        return {"flag “what is written into one tensor shows in another”": _shared((answer, again))}
    places = call.options.get("parts")
    if call.options.get("form") and isinstance(answer, (list, tuple)):
        return tuple(["a tensor" if _is_tensor(x) else x for x in p] if isinstance(p, list) else p for p in answer)
    if places is None or not isinstance(answer, (list, tuple)) or len(answer) != 7:
        return answer
    parts = [answer[place] for place in places]
    return tuple(list(part) if _is_tensor(part) and part.ndim else part for part in parts)


def _shared(answers: Any) -> bool:
    """Whether a number that is written into one of the tensors is overwritten by those written into the others."""
    from autograder.worker.values import tensors

    every = tensors(answers)
    for number, tensor in enumerate(every):
        tensor.fill_(number)
    return any(bool((tensor != tensor.new_tensor(number)).any()) for number, tensor in enumerate(every))


def _is_tensor(value: Any) -> bool:
    import torch

    return isinstance(value, torch.Tensor)


def _parts(answer: Any) -> Iterable[Any]:
    return (answer, *answer) if isinstance(answer, (list, tuple)) else (answer,)
