"""Other right ways to write next_sentence."""


def by_paragraph(sentence, true_next, paragraphs, rng):
    """A paragraph first, then a sentence of it that is neither of the two given ones."""
    if rng.getrandbits(1):
        return (sentence, true_next, True)
    useful = []
    for paragraph in paragraphs:
        left = [s for s in paragraph if s != true_next and s != sentence]
        if left:
            useful.append(left)
    if len(useful) == 0:
        raise ValueError("no other sentence")
    return (sentence, rng.choice(rng.choice(useful)), False)


def shuffled(sentence, true_next, paragraphs, rng):
    """The first other sentence of a shuffled copy."""
    is_next = rng.random() >= 0.5
    following = true_next
    if not is_next:
        everything = [s for paragraph in paragraphs for s in paragraph]
        rng.shuffle(everything)
        found = False
        for candidate in everything:
            if candidate != true_next:
                following = candidate
                found = True
                break
        if not found:
            raise ValueError("cannot draw a negative sentence")
    return sentence, following, is_next


def checked_first(sentence, true_next, paragraphs, rng):
    """Different sentences as a set of tuples, listed before the coin is thrown."""
    others = sorted({tuple(s) for paragraph in paragraphs for s in paragraph} - {tuple(true_next)})
    if rng.randrange(2) == 0:
        return sentence, true_next, True
    if not others:
        raise ValueError("there is nothing to draw from")
    return sentence, list(others[rng.randrange(len(others))]), False


def drawn_again(sentence, true_next, paragraphs, rng):
    """Drawn again until it differs, a bounded number of times, before the list is searched."""
    if rng.random() < 0.5:
        return sentence, true_next, True
    for _ in range(20):
        drawn = rng.choice(rng.choice(paragraphs))
        if drawn != true_next:
            return sentence, drawn, False
    others = [s for p in paragraphs for s in p if s != true_next]
    if others:
        return sentence, rng.choice(others), False
    raise ValueError("every sentence is the true next one")
