"""What the cases of Vocab do with a vocabulary, and what they read from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
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
        return GROWING[options["grows"]](student.Vocab, options["size"])
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


def words(count: int) -> list[str]:
    """Different words, neither in alphabetical order nor against it."""
    return [f"w{index * 7919 % 100_003}" for index in range(count)]


def build_from_words(make: Any, size: int) -> dict[str, Any]:
    """A flat corpus: a quarter of it is one word, and the others are all different."""
    tokens = ["the" if index % 4 == 0 else word for index, word in enumerate(words(size))]
    vocab = make(tokens, 0, [])
    return {
        "number of tokens": len(vocab),
        "number of entries": [len(vocab.idx_to_token), len(vocab.token_to_idx)],
    }


def build_from_lines(make: Any, size: int) -> dict[str, Any]:
    """A corpus of lines of one token each, out of seven."""
    vocab = make([[f"w{index % 7}"] for index in range(size)], 0, [])
    return {"number of tokens": len(vocab)}


def look_up_words(make: Any, size: int) -> dict[str, Any]:
    """Looks up every word of a vocabulary that grows too, eight times, and unknown ones."""
    tokens = [*words(size // 10) * 8, *[f"u{index}" for index in range(size // 5)]]
    return {"number of ids": len(_filled(make, size // 10)[tokens])}


def look_up_pairs(make: Any, size: int) -> dict[str, Any]:
    """Looks up as many pairs as the vocabulary has words, and a quarter as many single words."""
    vocab, known = _filled(make, size), words(size)
    pairs = [vocab[[word, "u"]] for word in known]
    return {"number of ids": sum(map(len, pairs)) + len([vocab[word] for word in known[::4]])}


def look_up_ids(make: Any, size: int) -> dict[str, Any]:
    """Turns every id of a vocabulary that grows too into its token, eight times: once in a list of all, then in
    pairs."""
    indices = list(range(1, size // 8 + 1)) * 8
    vocab = _filled(make, size // 8)
    pairs = [vocab.to_tokens([index, 1]) for index in indices[: size // 8]]
    return {"number of tokens": len(vocab.to_tokens(indices)) + sum(map(len, pairs))}


@lru_cache(maxsize=4)
def _filled(make: Any, size: int) -> Any:
    """Built once, so that the time of looking up is not that of building."""
    return make(words(size), 0, [])


GROWING: dict[str, Callable[[Any, int], dict[str, Any]]] = {
    "corpus": build_from_words,
    "number of lines": build_from_lines,
    "number of tokens looked up": look_up_words,
    "number of short lists": look_up_pairs,
    "number of ids": look_up_ids,
}
