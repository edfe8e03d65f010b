"""What the cases of Vocab do with a vocabulary, and what they read from it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

READ: dict[str, Callable[[Any], Any]] = {
    "len(vocab)": len,
    "vocab.idx_to_token": lambda vocab: vocab.idx_to_token,
    "vocab.token_to_idx": lambda vocab: vocab.token_to_idx,
    "vocab.unk": lambda vocab: vocab.unk,
    "vocab.token_freqs": lambda vocab: vocab.token_freqs,
}


def use_vocab(student: Any, call: Any) -> dict[str, Any]:
    """Builds a vocabulary from the case's arguments and asks it what the options say, each answer under the
    expression that gives it: first `look_up`, then `to_tokens`, then what `read` names. A vocabulary is built from
    `other` before anything is asked, and read after the lists that it was given have been emptied."""
    options = call.options
    if "grows" in options:
        return GROWING[options["grows"]](student.Vocab, options["size"], call)
    vocab = student.Vocab(*call.args, **call.kwargs)
    found: dict[str, Any] = {}
    if "other" in options:
        other = student.Vocab(*options["other"])
        for given in options["other"]:
            if isinstance(given, list):
                given.clear()
        found |= {f"{name} of the second vocabulary": plain(READ[name](other)) for name in options["read"]}
    for tokens in options.get("look_up", []):
        name = f"vocab[{tokens!r}]"
        found[name] = plain(vocab[tokens])
        if isinstance(tokens, list):
            found[f"the list after {name}"] = tokens
    for tokens in options.get("no_tokens", []):
        found[f"flag “vocab[{tokens!r}] takes a number for a token”"] = _has_ids(vocab, tokens)
    for indices in options.get("to_tokens", []):
        found[f"vocab.to_tokens({indices!r})"] = plain(vocab.to_tokens(indices))
    return found | {name: plain(READ[name](vocab)) for name in options.get("read", [])}


def _has_ids(vocab: Any, tokens: Any) -> bool:
    """Whether numbers among the tokens get another id than that of "<unk>". That they may raise is left open."""
    try:
        ids = plain(vocab[tokens])
    except Exception:
        return False
    return bool(_ids_of_numbers(tokens, ids) - {vocab.unk})


def _ids_of_numbers(tokens: Any, ids: Any) -> set[Any]:
    if isinstance(tokens, int):
        return {repr(ids) if type(ids) is list else ids}
    pairs = zip(tokens, ids, strict=False) if isinstance(tokens, list) and isinstance(ids, list) else ()
    return set().union(*(_ids_of_numbers(token, id) for token, id in pairs))


Float = type("float", (), {"__module__": "builtins"})
"""Stands for a float where an id or a count is expected: a number that is equal is not enough there."""


def plain(value: Any) -> Any:
    """A copy that later calls do not reach. Subclasses of list, tuple and dict become what they extend; a dict is
    sorted, because its order means nothing here."""
    if isinstance(value, float):
        return Float()
    if isinstance(value, dict):
        return {key: plain(value[key]) for key in sorted(value, key=repr)}
    if isinstance(value, (list, tuple)):
        kind = list if isinstance(value, list) else tuple
        return kind(plain(item) for item in value)
    return value


def words(count: int, salt: str) -> list[str]:
    """Different words, neither in alphabetical order nor against it, that begin with the salt."""
    return [f"{salt}{index * 7919 % 100_003}" for index in range(count)]


def salted() -> str:
    """A beginning that no word had before, so that nothing can be known of the answers but by doing the work. The order
    of words is the same with any."""
    return f"w{os.urandom(4).hex()}"


def _summary(found: list[Any]) -> list[Any]:
    """How many ids or tokens there are and of which types, and a number from which a wrong or displaced id shows."""
    names = sorted({type(item).__name__ for item in found})
    if names == ["int"]:
        return [len(found), names, sum(place * item for place, item in enumerate(found, start=1)) % 1_000_003]
    return [len(found), names, len(set(found))]


def build_from_words(make: Any, size: int, call: Any) -> dict[str, Any]:
    """A flat corpus: a quarter of it is one word, and the others are all different."""
    with call.paused():
        salt = salted()
        tokens = ["the" if index % 4 == 0 else word for index, word in enumerate(words(size, salt))]
    vocab = make(tokens, 0, [])
    ids, known = vocab.idx_to_token, vocab.token_to_idx
    with call.paused():
        return {
            "number of tokens": len(vocab),
            "tokens": _summary(ids),
            "ids": _summary([known[token] for token in tokens]),
        }


def build_from_lines(make: Any, size: int, call: Any) -> dict[str, Any]:
    """A corpus of lines of one token each, out of seven."""
    with call.paused():
        salt = salted()
        lines = [[f"{salt}{index % 7}"] for index in range(size)]
    vocab = make(lines, 0, [])
    ids = vocab.token_to_idx
    with call.paused():
        return {"number of tokens": len(vocab), "ids": _summary([ids[f"{salt}{index}"] for index in range(7)])}


def look_up_words(make: Any, size: int, call: Any) -> dict[str, Any]:
    """Looks up every word of a vocabulary that grows too, eight times, and unknown ones."""
    with call.paused():
        salt = salted()
        known = words(size // 10, salt)
        vocab = make(known, 0, [])
        tokens = [*known * 8, *[f"u{salt}{index}" for index in range(size // 5)]]
    ids = list(vocab[tokens])
    with call.paused():
        return {"ids": _summary(ids)}


def look_up_pairs(make: Any, size: int, call: Any) -> dict[str, Any]:
    """Looks up as many pairs as the vocabulary has words, and a quarter as many single words."""
    with call.paused():
        known = words(size, salted())
        vocab = make(known, 0, [])
    ids = [id for word in known for id in vocab[[word, "u"]]] + [vocab[word] for word in known[::4]]
    with call.paused():
        return {"ids": _summary(ids)}


def look_up_ids(make: Any, size: int, call: Any) -> dict[str, Any]:
    """Turns every id of a vocabulary that grows too into its token, eight times: once in a list of all, then in
    pairs."""
    with call.paused():
        vocab = make(words(size // 8, salted()), 0, [])
        indices = list(range(1, size // 8 + 1)) * 8
    tokens = list(vocab.to_tokens(indices))
    tokens += [token for index in indices[: size // 8] for token in vocab.to_tokens([index, 1])]
    with call.paused():
        back = vocab.token_to_idx
        return {"tokens": _summary(tokens), "ids": _summary([back[token] for token in tokens])}


GROWING: dict[str, Callable[[Any, int, Any], dict[str, Any]]] = {
    "corpus": build_from_words,
    "number of lines": build_from_lines,
    "number of tokens looked up": look_up_words,
    "number of short lists": look_up_pairs,
    "number of ids": look_up_ids,
}
