"""generate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Generator, Tensor
from autograder.exercises.hw7._writing import drawn_law, write

MANY = 3000


def _generate_cases(draw: Draw) -> Iterable[Case]:
    import numpy as np

    def table(vocab: int) -> Tensor:
        """Logits of which each row has its largest elsewhere."""
        rows = draw.distinct((vocab, vocab)).data
        best = draw.permutation(range(vocab))
        rows[np.arange(vocab), best] += 100
        return tensor(rows, "float32")

    def case(name: str, aspect: str, prompt: Any, new: int, vocab: int = 7, **rest: Any) -> Case:
        kwargs = {"max_new_tokens": new, "temperature": 0, **rest.pop("kwargs", {})}
        logits = rest.pop("logits", None) or table(vocab)
        args: list[Any] = [logits, tensor(prompt, "int64")]
        if "generator" in rest:
            args.append(rest.pop("generator"))
        return Case(name, aspect, tuple(args), kwargs, **rest)

    def texts(batch: int, n: int, vocab: int = 7) -> Any:
        return draw.integers((batch, n), 0, vocab - 1).data

    def generator() -> Generator:
        return Generator("torch", draw.integer(0, 2**31 - 1))

    def drawn(name: str, aspect: str, row: list[float], new: int = 1, apart: float = 0.0, **kwargs: Any) -> Case:
        """Texts of two kinds, whose logits are `apart`, which makes no difference to a softmax."""
        logits = tensor([[logit + apart * i for logit in row] for i in range(len(row))], "float32")
        return case(name, aspect, [[i % 2] for i in range(MANY)], new, logits=logits,
                    kwargs={"temperature": 1.0, **kwargs}, generator=generator(), options={"laws": True},
                    runs=("plain",))  # fmt: skip

    plain, on_device = ("plain",), ("plain", "phantom")
    yield case("one new token", "basic", [[1]], 1, runs=on_device)
    yield case("a prompt of three tokens, four new ones", "basic", texts(1, 3), 4, runs=on_device)
    yield case("three texts", "basic", texts(3, 2), 5, runs=on_device)
    fed = {"report": ["fed"]}
    yield case("what the model is fed", "fed", texts(1, 3), 1, options=fed, runs=plain)
    yield case("what it is fed for two texts", "fed", texts(2, 4), 4, options=fed, runs=plain)
    yield case("no new token", "length", texts(2, 3), 0, runs=plain)
    yield case("up to max_len", "length", texts(2, 3), 9, options={"max_len": 6}, runs=plain)
    yield case("exactly up to max_len", "length", texts(1, 2), 2, options={"max_len": 4}, runs=plain)
    yield case("a prompt as long as max_len", "length", texts(1, 4), 3, options={"max_len": 4}, runs=plain)
    yield from _ends(draw, case)
    thirds = [0.0, 1.5, -1.0, 0.5, 1.0]
    yield drawn("temperature 1", "temperature", thirds)
    yield drawn("temperature 1/2", "temperature", thirds, temperature=0.5)
    yield drawn("temperature 3", "temperature", [0.0, 3.0, 1.0, 4.5, 2.0, 6.0], temperature=3.0)
    yield drawn("top 2 of 5", "top-k", thirds, top_k=2)
    yield drawn("top 1", "top-k", thirds, top_k=1)
    yield drawn("top 3 of 5, temperature 2", "top-k", [1.0, -2.0, 0.5, -0.5, 0.0], top_k=3, temperature=2.0)
    yield drawn("top 2 of 5, texts whose logits lie apart", "top-k", thirds, top_k=2, apart=8.0)
    yield drawn("top 8 of 9", "top-k", [0.5, 0.0, 1.0, -0.5, 0.25, 0.75, -1.0, 0.5, 1.25], top_k=8)
    yield drawn("top 9 of 5", "top-k: more than there are", thirds, top_k=9)
    yield drawn("two equal logits, top 2", "ties", [0.5, 1.0, 0.5, 0.0], top_k=2)
    yield drawn("three equal logits, top 2", "ties", [0.0, 1.0, 1.0, 1.0, 0.5], top_k=2)
    yield drawn("two new tokens, four that are equally likely", "anew", [0.0] * 4, 2)
    flat = tensor([[0.0] * 6] * 6, "float32")
    seeds = {"laws": True, "seeds": [5, 5, 6]}
    yield case("the same state of a generator", "seed", texts(2, 3, 6), 20, logits=flat, kwargs={"temperature": 1.0},
               generator=generator(), options=seeds, runs=plain)  # fmt: skip
    yield case("torch's global generator", "seed", texts(2, 3, 6), 20, logits=flat, kwargs={"temperature": 1.0},
               options=seeds, runs=plain)  # fmt: skip
    modes = {"report": ["in training mode at a call", "in training mode afterwards"]}
    yield case("a model in training mode", "mode", texts(1, 2), 2, options=modes, runs=plain, training=True)
    yield case("a model in evaluation mode", "mode", texts(1, 2), 2, options=modes, runs=plain)
    yield case("no gradients", "gradients", texts(1, 2), 2, options={"report": ["gradients are recorded"]}, runs=plain)
    yield case("a temperature below 0", "errors", texts(1, 2), 2, kwargs={"temperature": -0.5}, runs=plain)
    yield case("top 0", "errors", texts(1, 2), 2, kwargs={"temperature": 1.0, "top_k": 0}, runs=plain)
    yield case("top -1", "errors", texts(1, 2), 2, kwargs={"temperature": 1.0, "top_k": -1}, runs=plain)
    endless = table(7)
    endless.data[:, 6] -= 200
    for size in (2, 32):
        yield case(f"{size} texts", "many texts", texts(size, 2), 3, logits=endless, kwargs={"eos": 6},
                   runs=("counted",), grows="batch", size=size)  # fmt: skip


def _ends(draw: Draw, case: Any) -> Iterable[Case]:
    """Texts of a model that counts: which row comes next is known, so that one text can end before another."""
    import numpy as np

    def counting(vocab: int, steps: int, *ends: int | None) -> tuple[Tensor, list[list[int]], int]:
        """A table, as many prompts as `ends`, and an end that each text says after so many tokens (None: never), where
        it would go on with other tokens."""
        while True:
            rows = draw.integers((vocab, vocab), -8, 8, "float32").data + np.arange(vocab, dtype="float32") / 64
            prompts = [[draw.integer(0, vocab - 1), draw.integer(0, vocab - 1)] for _ in ends]
            texts = [_greedy(rows, prompt, steps) for prompt in prompts]
            eos = texts[0][ends[0] or 0]
            said = [[place for place, token in enumerate(text) if token == eos] for text in texts]
            if said == [[] if end is None else [end] for end in ends]:
                return tensor(rows, "float32"), prompts, eos

    logits, prompts, eos = counting(6, 6, 2)
    yield case("one text that ends", "eos", prompts, 6, logits=logits, kwargs={"eos": eos}, runs=("plain", "phantom"))
    logits, prompts, eos = counting(8, 5, 1, None, None)
    yield case("one of three texts ends", "eos", prompts, 5, logits=logits, kwargs={"eos": eos},
               runs=("plain", "phantom"))  # fmt: skip
    logits, prompts, eos = counting(8, 4, 0, None)
    yield case("a text ends at once", "eos", prompts, 4, logits=logits, kwargs={"eos": eos}, runs=("plain",))
    logits, [prompt], eos = counting(8, 6, 3)
    yield case("both texts end", "eos", [prompt, prompt], 6, logits=logits, kwargs={"eos": eos}, runs=("plain",))
    logits, prompts, eos = counting(8, 6, 1, 3)
    yield case("two texts that end one after the other", "eos", prompts, 6, logits=logits, kwargs={"eos": eos},
               runs=("plain",))  # fmt: skip
    while eos:
        logits, prompts, eos = counting(8, 5, 1, None)
    yield case("a text that token 0 ends", "eos", prompts, 5, logits=logits, kwargs={"eos": 0}, runs=("plain",))
    quiet: list[int] = []
    while not quiet:  # an end that neither says that has it in its prompt, in the first place or in the last
        logits, [[_, one], [other, _]], _ = counting(8, 5, 1, None)
        starts = [[[token, one], [other, token]] for token in range(8)]
        quiet = [t for t in range(8) if not any(t in _greedy(logits.data, prompt, 4) for prompt in starts[t])]
    prompts = starts[quiet[0]]
    yield case("the end in the prompt", "eos", prompts, 4, logits=logits, kwargs={"eos": quiet[0]}, runs=("plain",))
    yield case("no end", "eos", prompts, 4, logits=logits, kwargs={"eos": None}, runs=("plain",))


def _greedy(rows: Any, prompt: list[int], steps: int) -> list[int]:
    """What the model of the kit says next, step by step."""
    text = list(prompt)
    for _ in range(steps + 1):
        row = sum(token * place + place for place, token in enumerate(text, start=1)) % len(rows)
        text.append(int(rows[row].argmax()))
    return text[len(prompt) :]


generate = Exercise(
    homework="hw7",
    name="generate",
    difficulty=3,
    file="gpt.py",
    points=4,
    uses=("GPT",),
    kind="probe",
    probe=write,
    laws=(drawn_law,),
    arguments=("table", "prompt", "generator"),
    cases=_generate_cases,
    max_growth=0.1,
    checks=(
        Check("value", 0.75, "at temperature 0 it is the token with the largest logit", aspect="basic"),
        Check("value", 0.5, "then with the newest token of every text alone, shape (batch, 1), and the cache that the "
              "call before returned", aspect="fed", title="values: what the model is fed"),
        Check("value", 0.375, "or when the texts have `model.max_len` tokens, whichever comes first", aspect="length",
              title="values: when it stops"),
        Check("value", 0.375, "A text is finished when `eos` was chosen for it", aspect="eos"),
        Check("randomness", 0.5, "drawn from the softmax of logits / `temperature` over the vocabulary",
              aspect="temperature", title="temperature"),
        Check("randomness", 0.375, "only the `top_k` largest logits of each text take part", aspect="top-k",
              title="top-k"),
        Check("randomness", 0.125, "tokens whose logit equals the smallest of these take part too", aspect="ties",
              title="top-k: ties"),
        Check("randomness", 0.125, "A `top_k` of the vocabulary's size or more, or None, leaves all tokens in",
              aspect="top-k: more than there are", title="top-k: more than there are"),
        Check("randomness", 0.125, "anew for every text of the batch and every step", aspect="anew",
              title="drawn anew"),
        Check("randomness", 0.25, "the same state gives the same texts", aspect="seed", title="same again"),
        Check("value", 0.125, "While it generates the model is in evaluation mode; afterwards it is in the mode that "
              "it was in before", aspect="mode"),
        Check("value", 0.0625, "No gradients are recorded", aspect="gradients"),
        Check("errors", 0.125, "for a temperature below 0 or a `top_k` below 1"),
        Check("purity", 0.0625, "The prompt is not changed"),
        Check("device", 0.0625, "A new int64 tensor on the device of the prompt"),
        Check("scaling", 0.0625, "The number of torch operations does not grow with the batch", aspect="batch"),
    ),
    hints=(
        "Three things change from step to step: what is fed, the cache, and the texts so far. What are they before the "
        "first step?",
        "First the greedy way, without an end: feed, take the logits at the last position, append their argmax, feed "
        "only that. Drawing then replaces one line.",
        "For top-k find the smallest logit that takes part, one a text, and put minus infinity in the place of what is"
        " below it, before the softmax. Which texts are finished is a column of bools; where it is true, `eos` comes.",
    ),
)  # fmt: skip
