"""Correct ways to shorten a pair, written in other ways."""


def copies_that_lose(p_tokens, h_tokens, max_len):
    """Takes the last token away from copies."""
    p, h = list(p_tokens), list(h_tokens)
    while len(p) + len(h) > max_len - 3 and (p or h):
        if len(p) > len(h):
            p.pop()
        else:
            h.pop()
    return p, h


def recursive(p_tokens, h_tokens, max_len):
    """One token less, and the same question again."""
    if len(p_tokens) + len(h_tokens) <= max(max_len - 3, 0):
        return [*p_tokens], [*h_tokens]
    if len(h_tokens) >= len(p_tokens):
        return recursive(p_tokens, h_tokens[:-1], max_len)
    return recursive(p_tokens[:-1], h_tokens, max_len)


def dealt_out(p_tokens, h_tokens, max_len):
    """Deals out the places that there are, one to each text in turn, the first text first."""
    places, kept = max_len - 3, [0, 0]
    texts = (p_tokens, h_tokens)
    turn = 0
    while places > 0 and (kept[0] < len(p_tokens) or kept[1] < len(h_tokens)):
        if kept[turn] < len(texts[turn]):
            kept[turn] += 1
            places -= 1
        turn = 1 - turn
    return list(p_tokens[: kept[0]]), list(h_tokens[: kept[1]])
