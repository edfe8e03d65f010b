"""Correct tokenizers, written in other ways."""

import re


def regular_expression(lines, token="word"):
    """Finds what is not white space, or any character, by a regular expression."""
    if token not in ("word", "char"):
        raise ValueError("tokens are words or chars, not " + token)
    pattern = re.compile(r"\S+" if token == "word" else r"(?s:.)")
    return [pattern.findall(line) for line in lines]


def comprehension(lines, token="word"):
    """Splits characters by a comprehension."""
    match token:
        case "word":
            return [[word for word in line.split()] for line in lines]  # noqa: C416
        case "char":
            return [[character for character in line] for line in lines]  # noqa: C416
        case _:
            raise ValueError(f"unknown token type {token}")


def plain_loops(lines, token="word"):
    """Written from the stub alone: loops and appends."""
    if token != "word" and token != "char":
        raise ValueError("unknown token type: '" + str(token) + "'")
    result = []
    for line in lines:
        tokens = []
        if token == "word":
            for word in line.split():
                tokens.append(word)
        else:
            for character in line:
                tokens.append(character)
        result.append(tokens)
    return result
