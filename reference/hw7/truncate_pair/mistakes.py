"""Ways in which truncate_pair goes wrong."""


def _shortened(p_tokens, h_tokens, room, first_loses=lambda p, h: p > h):
    p, h = len(p_tokens), len(h_tokens)
    while p + h > max(0, room):
        if (first_loses(p, h) and p) or not h:
            p -= 1
        else:
            h -= 1
    return p_tokens[:p], h_tokens[:h]


def callers_lists(p_tokens, h_tokens, max_len):
    """The caller's own lists come back.

    pop takes from the list itself, and the next epoch reads texts without their ends; who changes a list that was
    handed back whole changes the data. Make two new lists in every case.
    """
    while len(p_tokens) + len(h_tokens) > max_len - 3 and (p_tokens or h_tokens):
        if len(p_tokens) > len(h_tokens):
            p_tokens.pop()
        else:
            h_tokens.pop()
    return p_tokens, h_tokens


def callers_lists__rewrite(p_tokens, h_tokens, max_len):
    if len(p_tokens) + len(h_tokens) <= max_len - 3:
        return p_tokens, h_tokens
    return _shortened(p_tokens, h_tokens, max_len - 3)


def special_tokens_forgotten(p_tokens, h_tokens, max_len):
    """The special tokens get no places.

    <cls> and two <sep> stand in the input as well: max_len - 3 places are left.
    """
    return _shortened(p_tokens, h_tokens, max_len)


def special_tokens_forgotten__rewrite(p_tokens, h_tokens, max_len):
    p, h = list(p_tokens), list(h_tokens)
    while len(p) + len(h) > max_len:
        (p if len(p) > len(h) else h).pop()
    return p, h


def two_special_tokens(p_tokens, h_tokens, max_len):
    """Two places are kept for special tokens.

    A pair has three: <cls>, and a <sep> behind each text.
    """
    return _shortened(p_tokens, h_tokens, max_len - 2)


def two_special_tokens__rewrite(p_tokens, h_tokens, max_len):
    p, h = list(p_tokens), list(h_tokens)
    while p + h and len(p) + len(h) + 2 > max_len:
        (p if len(p) > len(h) else h).pop()
    return p, h


def one_too_few(p_tokens, h_tokens, max_len):
    """One token too many is taken away.

    As many as max_len - 3 tokens fit: go on while there are more, not while there are as many.
    """
    return _shortened(p_tokens, h_tokens, max_len - 4)


def one_too_few__rewrite(p_tokens, h_tokens, max_len):
    p, h = list(p_tokens), list(h_tokens)
    while p + h and len(p) + len(h) >= max_len - 3:
        (p if len(p) > len(h) else h).pop()
    return p, h


def first_loses_ties(p_tokens, h_tokens, max_len):
    """Of equally long texts the first one loses.

    The docstring lets the second one lose: the comparison is >, not >=.
    """
    return _shortened(p_tokens, h_tokens, max_len - 3, lambda p, h: p >= h)


def first_loses_ties__rewrite(p_tokens, h_tokens, max_len):
    p, h = list(p_tokens), list(h_tokens)
    while p + h and len(p) + len(h) > max_len - 3:
        (h if len(h) > len(p) else p).pop()
    return p, h


def shorter_loses(p_tokens, h_tokens, max_len):
    """The shorter text loses.

    The comparison is the wrong way round: the longer one has more to lose.
    """
    return _shortened(p_tokens, h_tokens, max_len - 3, lambda p, h: 0 < p < h)


def shorter_loses__rewrite(p_tokens, h_tokens, max_len):
    p, h = list(p_tokens), list(h_tokens)
    while p + h and len(p) + len(h) > max_len - 3:
        (p if p and (len(p) < len(h) or not h) else h).pop()
    return p, h


def each_cut_in_half(p_tokens, h_tokens, max_len):
    """Each text gets half of the places.

    A short text does not use its half, and the long one is cut needlessly. The longer one loses until both fit.
    """
    room = max(0, max_len - 3)
    if len(p_tokens) + len(h_tokens) <= room:
        return p_tokens[:], h_tokens[:]
    return p_tokens[: room - room // 2], h_tokens[: room // 2]


def each_cut_in_half__rewrite(p_tokens, h_tokens, max_len):
    room = max(0, max_len - 3)
    whole = room >= len(p_tokens) + len(h_tokens)
    return list(p_tokens if whole else p_tokens[: (room + 1) // 2]), list(h_tokens if whole else h_tokens[: room // 2])


def halves_even_when_they_fit(p_tokens, h_tokens, max_len):
    """Texts that fit are cut to half of the places.

    Together they have room. Look at the sum of both lengths before anything is cut.
    """
    room = max(0, max_len - 3)
    return p_tokens[: room - room // 2], h_tokens[: room // 2]


def halves_even_when_they_fit__rewrite(p_tokens, h_tokens, max_len):
    places = [0, 0]
    for place in range(max(0, max_len - 3)):
        places[place % 2] += 1
    return p_tokens[: places[0]], h_tokens[: places[1]]


def only_the_second(p_tokens, h_tokens, max_len):
    """Only the second text is cut.

    The first is cut as well when it is the longer one.
    """
    room = max(0, max_len - 3)
    p = p_tokens[:room]
    return p, h_tokens[: room - len(p)]


def only_the_second__rewrite(p_tokens, h_tokens, max_len):
    joined = (p_tokens + h_tokens)[: max(0, max_len - 3)]
    return joined[: len(p_tokens)], joined[len(p_tokens) :]


def cut_in_turn(p_tokens, h_tokens, max_len):
    """The texts lose in turn, whichever is longer.

    A short text loses as many as a long one. Compare the lengths anew for each token.
    """
    p, h, second = list(p_tokens), list(h_tokens), True
    while (p or h) and len(p) + len(h) > max_len - 3:
        loser = h if (second and h) or not p else p
        loser.pop()
        second = not second
    return p, h


def cut_in_turn__rewrite(p_tokens, h_tokens, max_len):
    p, h, turn = len(p_tokens), len(h_tokens), 0
    while p + h > max(0, max_len - 3):
        if (turn % 2 == 0 and h) or not p:
            h -= 1
        else:
            p -= 1
        turn += 1
    return p_tokens[:p], h_tokens[:h]


def beginnings_lost(p_tokens, h_tokens, max_len):
    """The texts lose their first tokens.

    The ends are cut: pop() takes the last token, pop(0) the first.
    """
    p, h = _shortened(p_tokens, h_tokens, max_len - 3)
    return p_tokens[len(p_tokens) - len(p) :], h_tokens[len(h_tokens) - len(h) :]


def beginnings_lost__rewrite(p_tokens, h_tokens, max_len):
    p, h = list(p_tokens), list(h_tokens)
    while p + h and len(p) + len(h) > max_len - 3:
        (p if len(p) > len(h) else h).pop(0)
    return p, h


def one_token_only(p_tokens, h_tokens, max_len):
    """Only one token is taken away.

    An if looks once. Go on while the texts do not fit.
    """
    p, h = list(p_tokens), list(h_tokens)
    if (p or h) and len(p) + len(h) > max_len - 3:
        (p if len(p) > len(h) else h).pop()
    return p, h


def one_token_only__rewrite(p_tokens, h_tokens, max_len):
    p, h = len(p_tokens), len(h_tokens)
    if p + h > max(0, max_len - 3):
        p, h = (p - 1, h) if p > h else (p, h - 1)
    return p_tokens[:p], h_tokens[:h]


def endless_without_room(p_tokens, h_tokens, max_len):
    """Without room for the special tokens an IndexError is raised.

    Two empty lists still have more than max_len - 3 tokens when that is negative, and pop finds nothing. End the loop
    when both are empty.
    """
    p, h = list(p_tokens), list(h_tokens)
    while len(p) + len(h) > max_len - 3:
        if len(p) > len(h):
            p.pop()
        else:
            h.pop()
    return p, h


def endless_without_room__rewrite(p_tokens, h_tokens, max_len):
    p, h = p_tokens[:], h_tokens[:]
    for _ in range(len(p) + len(h) - (max_len - 3)):
        longer = p if len(p) > len(h) else h
        longer.pop()
    return p, h


def one_token_kept(p_tokens, h_tokens, max_len):
    """Each text keeps a token, whatever room there is.

    Below 4 places nothing is left of either text, and one place goes to the first.
    """
    p, h = len(p_tokens), len(h_tokens)
    while p + h > max_len - 3 and (p > 1 or h > 1):
        p, h = (p - 1, h) if p > h else (p, h - 1)
    return p_tokens[:p], h_tokens[:h]


def one_token_kept__rewrite(p_tokens, h_tokens, max_len):
    p, h = list(p_tokens), list(h_tokens)
    while len(p) + len(h) > max_len - 3 and max(len(p), len(h)) > 1:
        (p if len(p) > len(h) else h).pop()
    return p, h
