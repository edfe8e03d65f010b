"""Ways in which next_sentence goes wrong where there is no other sentence, and with the paragraphs it is given."""

from drawing import drawn as _drawn
from drawing import others as _others
from oracle import next_sentence as _right


def removes_from_text(sentence, true_next, paragraphs, rng):
    """The paragraphs that were passed are changed.

    The text is the caller's and is used again for the next pair. Often the true next sentence is taken out of it, or a
    paragraph is shuffled: make a new list.
    """
    answer = _right(sentence, true_next, paragraphs, rng)
    if not answer[2]:
        for paragraph in paragraphs:
            while true_next in paragraph:
                paragraph.remove(true_next)
    return answer


def removes_from_text__rewrite(sentence, true_next, paragraphs, rng):
    if rng.random() < 0.5:
        return sentence, true_next, True
    others = _others(paragraphs, true_next)
    for i, paragraph in enumerate(paragraphs):
        paragraphs[i] = [s for s in paragraph if s != true_next]
    return sentence, rng.choice(others), False


def endless(sentence, true_next, paragraphs, rng):
    """Drawing again never ends where there is no other sentence.

    A loop that waits for a different sentence needs to know that there is one. Look first, and raise a ValueError
    if not.
    """
    if rng.random() < 0.5:
        return sentence, true_next, True
    while True:
        drawn = rng.choice(rng.choice(paragraphs))
        if drawn != true_next:
            return sentence, drawn, False


def endless__rewrite(sentence, true_next, paragraphs, rng):
    is_next = rng.random() < 0.5
    second = true_next
    while not is_next and second == true_next:
        second = rng.choice(rng.choice(paragraphs))
    return sentence, second, is_next


def empty_choice(sentence, true_next, paragraphs, rng):
    """Where there is no other sentence an IndexError comes out of `choice`.

    Say what is wrong: raise a ValueError with a message when nothing is left to draw from.
    """
    if rng.random() < 0.5:
        return sentence, true_next, True
    return sentence, rng.choice([s for p in paragraphs for s in p if s != true_next]), False


def empty_choice__rewrite(sentence, true_next, paragraphs, rng):
    others = [s for p in paragraphs for s in p if s != true_next]
    rng.shuffle(others)
    return (sentence, true_next, True) if rng.random() < 0.5 else (sentence, others[0], False)


def true_where_nothing_else(sentence, true_next, paragraphs, rng):
    """Where the text has no other sentence nothing is raised.

    Often the true next sentence then comes as a negative, or always as a positive. The caller does not learn that the
    text is too small: raise a ValueError.
    """
    others = [s for p in paragraphs for s in p if s != true_next]
    return _drawn(sentence, true_next, others or [true_next], rng)


def true_where_nothing_else__rewrite(sentence, true_next, paragraphs, rng):
    others = [s for p in paragraphs for s in p if s != true_next]
    if not others:
        return sentence, true_next, True
    return _drawn(sentence, true_next, others, rng)


def filtered_paragraph(sentence, true_next, paragraphs, rng):
    """A paragraph that holds nothing but the true next sentence ends in an IndexError.

    After the true next sentence is taken out nothing is left of such a paragraph; draw among those where something
    is.
    """
    if rng.random() < 0.5:
        return sentence, true_next, True
    _others(paragraphs, true_next)
    return sentence, rng.choice([s for s in rng.choice(paragraphs) if s != true_next]), False


def filtered_paragraph__rewrite(sentence, true_next, paragraphs, rng):
    is_next = bool(rng.getrandbits(1))
    if not is_next:
        _others(paragraphs, true_next)
        left = list(filter(lambda s: s != true_next, paragraphs[rng.randrange(len(paragraphs))]))
        true_next = left[rng.randrange(len(left))] if left else left[0]
    return sentence, true_next, is_next


def raises_before_the_coin(sentence, true_next, paragraphs, rng):
    """The error is raised where a true pair is wanted, too.

    Without another sentence half of the calls are fine: they give the true next sentence and draw nothing. Throw the
    coin first, and look at the paragraphs where one has to be drawn.
    """
    return _drawn(sentence, true_next, _others(paragraphs, true_next), rng)


def raises_before_the_coin__rewrite(sentence, true_next, paragraphs, rng):
    if not any(s != true_next for p in paragraphs for s in p):
        raise ValueError("only one sentence")
    return _right(sentence, true_next, paragraphs, rng)


def gives_up(sentence, true_next, paragraphs, rng):
    """An error is raised though the text has another sentence.

    Often because the draws are limited: in a text that repeats itself a hundred of them may all give the true next
    sentence. Draw from a list of the others, and raise only where it is empty.
    """
    if rng.random() < 0.5:
        return sentence, true_next, True
    for _ in range(50):
        drawn = rng.choice(rng.choice(paragraphs))
        if drawn != true_next:
            return sentence, drawn, False
    raise ValueError("no other sentence was found")


def gives_up__rewrite(sentence, true_next, paragraphs, rng):
    is_next, second, tries = rng.randrange(2) == 1, true_next, 0
    while not is_next and second == true_next:
        if tries == 40:
            raise ValueError("too many tries")
        second, tries = rng.choice(rng.choice(paragraphs)), tries + 1
    return sentence, second, is_next
