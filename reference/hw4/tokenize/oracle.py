"""tokenize by a table of the two ways to split."""


def tokenize(lines, token="word"):
    ways = {"word": lambda line: line.split(), "char": lambda line: [*line]}
    if token not in ways:
        raise ValueError(f"unknown type of token: {token!r}")
    return list(map(ways[token], lines))
