"""Other right ways to write get_tokens_and_segments."""

from itertools import chain, repeat


def chained(tokens_a, tokens_b=None):
    """Iterators chained together."""
    second = () if tokens_b is None else (*tokens_b, "<sep>")
    tokens = list(chain(["<cls>"], tokens_a, ["<sep>"], second))
    segments = list(chain(repeat(0, len(tokens) - len(second)), repeat(1, len(second))))
    return tokens, segments


def appended(tokens_a, tokens_b=None):
    """A token at a time."""
    tokens = []
    segments = []
    tokens.append("<cls>")
    segments.append(0)
    for token in tokens_a:
        tokens.append(token)
        segments.append(0)
    tokens.append("<sep>")
    segments.append(0)
    if tokens_b is None:
        return tokens, segments
    for token in tokens_b:
        tokens.append(token)
        segments.append(1)
    tokens.append("<sep>")
    segments.append(1)
    return tokens, segments


def on_a_copy(tokens_a, tokens_b=None):
    """Lists edited, but copies of them."""
    tokens = tokens_a.copy()
    tokens.insert(0, "<cls>")
    tokens.append("<sep>")
    segments = [0 for _ in tokens]
    if tokens_b is not None:
        tokens = tokens + tokens_b + ["<sep>"]
        segments = segments + [1 for _ in tokens_b] + [1]
    return tokens, segments
