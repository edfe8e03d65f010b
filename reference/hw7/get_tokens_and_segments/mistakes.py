"""Ways in which get_tokens_and_segments goes wrong."""

from oracle import get_tokens_and_segments as _right


def no_cls(tokens_a, tokens_b=None):
    """There is no "<cls>" at the start.

    BERT reads its answer for the whole input off the first place, so every input begins with "<cls>", and the
    segments have a 0 for it.
    """
    tokens, segments = _right(tokens_a, tokens_b)
    return tokens[1:], segments[1:]


def no_cls__rewrite(tokens_a, tokens_b=None):
    tokens, segments = tokens_a + ["<sep>"], [0] * (len(tokens_a) + 1)
    if tokens_b is not None:
        tokens, segments = tokens + tokens_b + ["<sep>"], segments + [1] * (len(tokens_b) + 1)
    return tokens, segments


def no_last_sep(tokens_a, tokens_b=None):
    """The second sentence has no "<sep>" after it.

    The separator closes every sentence; it does not only stand between two. Add one after the second sentence too,
    with segment 1.
    """
    tokens, segments = _right(tokens_a, tokens_b)
    return (tokens, segments) if tokens_b is None else (tokens[:-1], segments[:-1])


def no_last_sep__rewrite(tokens_a, tokens_b=None):
    tokens = ["<cls>"] + tokens_a + ["<sep>"]
    segments = [0] * len(tokens)
    if tokens_b is not None:
        tokens = tokens + tokens_b
        segments = segments + [1] * len(tokens_b)
    return tokens, segments


def sep_only_between(tokens_a, tokens_b=None):
    """The separator only stands between sentences, never after the last one.

    Every sentence is closed by "<sep>", a single one as well.
    """
    tokens, segments = _right(tokens_a, tokens_b)
    return tokens[:-1], segments[:-1]


def sep_only_between__rewrite(tokens_a, tokens_b=None):
    tokens = ["<cls>", *tokens_a]
    if tokens_b is None:
        return tokens, [0] * len(tokens)
    return [*tokens, "<sep>", *tokens_b], [0] * (len(tokens) + 1) + [1] * len(tokens_b)


def cls_twice(tokens_a, tokens_b=None):
    """The second sentence gets a "<cls>" of its own.

    "<cls>" stands for the whole input and comes once; between the sentences there is only "<sep>".
    """
    if tokens_b is None:
        return _right(tokens_a)
    return _right(tokens_a, ["<cls>", *tokens_b])


def cls_twice__rewrite(tokens_a, tokens_b=None):
    one = lambda sentence: ["<cls>", *sentence, "<sep>"]
    first, second = one(tokens_a), [] if tokens_b is None else one(tokens_b)
    return first + second, [0] * len(first) + [1] * len(second)


def first_sep_is_second(tokens_a, tokens_b=None):
    """The first "<sep>" has segment 1.

    It closes the first sentence and belongs to it: segment 0 goes up to and including the first "<sep>".
    """
    tokens, segments = _right(tokens_a, tokens_b)
    if tokens_b is not None:
        segments[len(tokens_a) + 1] = 1
    return tokens, segments


def first_sep_is_second__rewrite(tokens_a, tokens_b=None):
    if tokens_b is None:
        return ["<cls>", *tokens_a, "<sep>"], [0] * (len(tokens_a) + 2)
    second = ["<sep>", *tokens_b, "<sep>"]
    return ["<cls>", *tokens_a, *second], [0] + [0 for _ in tokens_a] + [1 for _ in second]


def last_sep_is_first(tokens_a, tokens_b=None):
    """The last "<sep>" of a pair has segment 0.

    Everything after the first "<sep>" belongs to the second sentence, its separator included.
    """
    tokens, segments = _right(tokens_a, tokens_b)
    segments[-1] = 0
    return tokens, segments


def last_sep_is_first__rewrite(tokens_a, tokens_b=None):
    segments = [0] * (len(tokens_a) + 2)
    if tokens_b is not None:
        segments += [1] * len(tokens_b) + [0]
    return _right(tokens_a, tokens_b)[0], segments


def segments_too_short(tokens_a, tokens_b=None):
    """The segments leave out the special tokens.

    Every token has a segment, also "<cls>" and "<sep>": the two lists are equally long.
    """
    return _right(tokens_a, tokens_b)[0], [0] * len(tokens_a) + [1] * len(tokens_b or [])


def segments_too_short__rewrite(tokens_a, tokens_b=None):
    segments = [0 for _ in tokens_a]
    if tokens_b is not None:
        segments.extend(1 for _ in tokens_b)
    return _right(tokens_a, tokens_b)[0], segments


def all_zero(tokens_a, tokens_b=None):
    """All segments are 0.

    The tokens of the second sentence have segment 1, or the model cannot tell the two sentences apart.
    """
    tokens, _ = _right(tokens_a, tokens_b)
    return tokens, [0] * len(tokens)


def all_zero__rewrite(tokens_a, tokens_b=None):
    tokens = ["<cls>"] + tokens_a + ["<sep>"] + (tokens_b + ["<sep>"] if tokens_b is not None else [])
    return tokens, [0 for _ in tokens]


def from_one(tokens_a, tokens_b=None):
    """Segments are counted from 1.

    The segments are 0 and 1; they are rows of an embedding table with two rows.
    """
    tokens, segments = _right(tokens_a, tokens_b)
    return tokens, [segment + 1 for segment in segments]


def from_one__rewrite(tokens_a, tokens_b=None):
    segments = [1] * (len(tokens_a) + 2) + ([] if tokens_b is None else [2] * (len(tokens_b) + 1))
    return _right(tokens_a, tokens_b)[0], segments


def empty_is_none(tokens_a, tokens_b=None):
    """An empty second sentence is treated as none.

    An empty list is false in a condition, but it is a sentence: compare with None.
    """
    return _right(tokens_a, tokens_b or None)


def empty_is_none__rewrite(tokens_a, tokens_b=None):
    tokens, segments = ["<cls>", *tokens_a, "<sep>"], [0] * (len(tokens_a) + 2)
    if tokens_b:
        tokens, segments = [*tokens, *tokens_b, "<sep>"], segments + [1] * (len(tokens_b) + 1)
    return tokens, segments


def always_a_pair(tokens_a, tokens_b=None):
    """A single sentence is closed by two separators.

    Where there is no second sentence (None), nothing is added for it.
    """
    return _right(tokens_a, tokens_b or [])


def always_a_pair__rewrite(tokens_a, tokens_b=None):
    second = list(tokens_b) if tokens_b is not None else []
    return ["<cls>", *tokens_a, "<sep>", *second, "<sep>"], [0] * (len(tokens_a) + 2) + [1] * (len(second) + 1)


def second_ignored(tokens_a, tokens_b=None):
    """The second sentence is left out.

    Where tokens_b is given, its tokens and another "<sep>" follow the first sentence.
    """
    return _right(tokens_a)


def second_ignored__rewrite(tokens_a, tokens_b=None):
    tokens = ["<cls>"] + tokens_a + ["<sep>"]
    return tokens, [0] * len(tokens)


def first_list_edited(tokens_a, tokens_b=None):
    """The list of the first sentence is edited.

    Whoever passed the list finds special tokens in the text afterwards. Build a new list instead.
    """
    answer = _right(tokens_a, tokens_b)
    tokens_a[:] = answer[0]
    return answer


def first_list_edited__rewrite(tokens_a, tokens_b=None):
    tokens = tokens_a
    tokens.insert(0, "<cls>")
    tokens.append("<sep>")
    segments = [0] * len(tokens)
    if tokens_b is not None:
        tokens += tokens_b + ["<sep>"]
        segments += [1] * (len(tokens_b) + 1)
    return tokens, segments


def second_list_edited(tokens_a, tokens_b=None):
    """The list of the second sentence is edited.

    Appending "<sep>" to tokens_b changes the caller's text. Build a new list instead.
    """
    answer = _right(tokens_a, tokens_b)
    if tokens_b is not None:
        tokens_b.append("<sep>")
    return answer


def second_list_edited__rewrite(tokens_a, tokens_b=None):
    tokens = ["<cls>"] + tokens_a + ["<sep>"]
    segments = [0] * len(tokens)
    if tokens_b is not None:
        tokens_b += ["<sep>"]
        tokens += tokens_b
        segments += [1] * len(tokens_b)
    return tokens, segments


_before: list[str] = []


def remembers(tokens_a, tokens_b=None, tokens=_before):
    """Tokens of earlier calls come back.

    A default list is made once and kept between calls. Make the lists inside the function.
    """
    tokens.extend(_right(tokens_a, tokens_b)[0])
    return list(tokens), [0] * (len(tokens) - len(tokens_b or [])) + [1] * len(tokens_b or [])


_seen: list[str] = []


def remembers__rewrite(tokens_a, tokens_b=None):
    _seen.extend(_right(tokens_a, tokens_b)[0])
    second = 0 if tokens_b is None else len(tokens_b)
    return _seen[:], [0 for _ in range(len(_seen) - second)] + [1 for _ in range(second)]


def cut_off(tokens_a, tokens_b=None):
    """A long input is cut off.

    How long an input may be is for others to decide, who know the model: cutting here loses the end of a sentence and
    its "<sep>".
    """
    tokens, segments = _right(tokens_a, tokens_b)
    return tokens[:512], segments[:512]


def cut_off__rewrite(tokens_a, tokens_b=None):
    pairs = list(zip(*_right(tokens_a, tokens_b), strict=True))
    del pairs[512:]
    return [token for token, _ in pairs], [segment for _, segment in pairs]


def small_letters(tokens_a, tokens_b=None):
    """Capitals are turned into small letters.

    The vocabulary was built from the tokens as they are, and may know both. Join them unchanged.
    """
    tokens, segments = _right(tokens_a, tokens_b)
    return [token.lower() for token in tokens], segments


def small_letters__rewrite(tokens_a, tokens_b=None):
    first, second = ([*map(str.lower, part)] if part is not None else None for part in (tokens_a, tokens_b))
    return _right(first, second)
