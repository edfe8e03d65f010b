"""Ways in which next_sentence goes wrong with the sentences that it draws."""

from collections import Counter

from drawing import drawn as _drawn
from drawing import left as _left
from drawing import others as _others
from oracle import next_sentence as _right


def negative_may_be_true(sentence, true_next, paragraphs, rng):
    """A negative may be the true next sentence.

    Any sentence can come up when one is drawn from the text, the true next one too; then the pair is true and its
    label says that it is not. Leave it out, or draw again.
    """
    if rng.random() < 0.5:
        return sentence, true_next, True
    _others(paragraphs, true_next)
    return sentence, rng.choice(rng.choice(paragraphs)), False


def negative_may_be_true__rewrite(sentence, true_next, paragraphs, rng):
    following, is_next = true_next, True
    if rng.randrange(2):
        everything = [s for paragraph in paragraphs for s in paragraph]
        following, is_next = everything[rng.randrange(len(everything))], False
        if all(s == true_next for s in everything):
            raise ValueError("nothing else")
    return sentence, following, is_next


def unchecked(sentence, true_next, paragraphs, rng):
    """A sentence is drawn from the text without looking whether it is the true next one.

    It often is in a small text, and the pair then has the wrong label. Draw among the other sentences, and raise a
    ValueError where there are none.
    """
    if rng.random() < 0.5:
        is_next = True
    else:
        true_next = rng.choice(rng.choice(paragraphs))
        is_next = False
    return sentence, true_next, is_next


def unchecked__rewrite(sentence, true_next, paragraphs, rng):
    if rng.random() > 0.5:
        return sentence, true_next, True
    paragraph = paragraphs[rng.randrange(len(paragraphs))]
    return sentence, paragraph[rng.randrange(len(paragraph))], False


def compared_by_identity(sentence, true_next, paragraphs, rng):
    """Sentences are compared with `is`.

    Two lists with the same tokens are two objects. The text may say the same sentence twice: compare by content.
    """
    if rng.random() < 0.5:
        return sentence, true_next, True
    _others(paragraphs, true_next)
    return sentence, rng.choice([s for p in paragraphs for s in p if s is not true_next]), False


def compared_by_identity__rewrite(sentence, true_next, paragraphs, rng):
    if rng.random() < 0.5:
        return sentence, true_next, True
    _others(paragraphs, true_next)
    drawn = true_next
    while id(drawn) == id(true_next):
        drawn = rng.choice(rng.choice(paragraphs))
    return sentence, drawn, False


def wrong_one_excluded(sentence, true_next, paragraphs, rng):
    """The negative differs from the first sentence, not from the true next one.

    What must not be drawn is the sentence that really follows; the label would be false.
    """
    if rng.random() < 0.5:
        return sentence, true_next, True
    _others(paragraphs, true_next)
    return sentence, rng.choice(_others(paragraphs, sentence)), False


def wrong_one_excluded__rewrite(sentence, true_next, paragraphs, rng):
    if rng.random() < 0.5:
        return sentence, true_next, True
    if all(s == true_next for p in paragraphs for s in p):
        raise ValueError("nothing to draw")
    drawn = sentence
    while drawn == sentence:
        drawn = rng.choice(rng.choice(paragraphs))
    return sentence, drawn, False


def other_paragraphs_only(sentence, true_next, paragraphs, rng):
    """Negatives never come from the same paragraph.

    A sentence of the same paragraph that does not follow is a negative too, and the harder one.
    """
    others = [s for p in paragraphs if sentence not in p for s in p if s != true_next]
    return _drawn(sentence, true_next, others or _left(paragraphs, true_next), rng)


def other_paragraphs_only__rewrite(sentence, true_next, paragraphs, rng):
    foreign = []
    for paragraph in paragraphs:
        if sentence not in paragraph:
            foreign += [s for s in paragraph if s != true_next]
    return _drawn(sentence, true_next, foreign if foreign else _left(paragraphs, true_next), rng)


def same_paragraph_only(sentence, true_next, paragraphs, rng):
    """Negatives only come from the paragraph of the sentence.

    Draw from all paragraphs: every other sentence of the text can be the partner.
    """
    own = [s for p in paragraphs if sentence in p for s in p if s != true_next]
    return _drawn(sentence, true_next, own or _left(paragraphs, true_next), rng)


def same_paragraph_only__rewrite(sentence, true_next, paragraphs, rng):
    index = next((i for i, p in enumerate(paragraphs) if sentence in p), 0)
    own = [s for s in paragraphs[index] if s != true_next]
    if rng.random() < 0.5:
        return sentence, true_next, True
    return sentence, rng.choice(own if own else _others(paragraphs, true_next)), False


def last_never_drawn(sentence, true_next, paragraphs, rng):
    """Some sentence of the text is never drawn.

    Often it is the last one: `randrange(n)` already stops before n, while `randint` includes both ends, and an
    additional - 1 loses a sentence.
    """
    others = _left(paragraphs, true_next)
    return _drawn(sentence, true_next, others[:-1] or others, rng)


def last_never_drawn__rewrite(sentence, true_next, paragraphs, rng):
    if rng.random() < 0.5:
        return sentence, true_next, True
    others = _others(paragraphs, true_next)
    return sentence, others[rng.randrange(max(1, len(others) - 1))], False


def draws_a_token(sentence, true_next, paragraphs, rng):
    """The negative is a single token.

    The paragraphs are nested three deep: paragraphs, sentences, tokens. Two draws give a sentence, a third one
    takes a word of it.
    """
    first, second, is_next = _right(sentence, true_next, paragraphs, rng)
    return first, second if is_next else rng.choice(second), is_next


def draws_a_token__rewrite(sentence, true_next, paragraphs, rng):
    if rng.random() < 0.5:
        return sentence, true_next, True
    return sentence, rng.choice(_others(paragraphs, true_next))[0], False


def draws_a_paragraph(sentence, true_next, paragraphs, rng):
    """The negative is a whole paragraph.

    `rng.choice(paragraphs)` gives a list of sentences; draw one of them.
    """
    if rng.random() < 0.5:
        return sentence, true_next, True
    _others(paragraphs, true_next)
    return sentence, rng.choice(paragraphs), False


def draws_a_paragraph__rewrite(sentence, true_next, paragraphs, rng):
    if rng.randrange(2):
        return sentence, true_next, True
    if all(s == true_next for p in paragraphs for s in p):
        raise ValueError("nothing to draw")
    return sentence, paragraphs[rng.randrange(len(paragraphs))], False


def first_token_compared(sentence, true_next, paragraphs, rng):
    """A sentence that begins as the true next one does is never drawn.

    Often only the first tokens are compared. Two sentences are the same when all of their tokens are.
    """
    return _drawn(sentence, true_next, [s for p in paragraphs for s in p if s[:1] != true_next[:1]], rng)


def first_token_compared__rewrite(sentence, true_next, paragraphs, rng):
    if rng.random() < 0.5:
        return sentence, true_next, True
    others = [s for p in paragraphs for s in p if s[:1] != true_next[:1]]
    if others:
        return sentence, others[rng.randrange(len(others))], False
    raise ValueError("nothing else")


def empty_skipped(sentence, true_next, paragraphs, rng):
    """An empty sentence is never drawn.

    A blank line of the text is an empty list of tokens, and a sentence like the others. Leave out the true next one
    only.
    """
    others = _left(paragraphs, true_next)
    return _drawn(sentence, true_next, [s for s in others if s] or others, rng)


def empty_skipped__rewrite(sentence, true_next, paragraphs, rng):
    if rng.random() < 0.5:
        return sentence, true_next, True
    others = _others(paragraphs, true_next)
    drawn = rng.choice(others)
    while len(drawn) == 0 and any(others):
        drawn = rng.choice(others)
    return sentence, drawn, False


def order_ignored(sentence, true_next, paragraphs, rng):
    """A sentence with the tokens of the true next one in another order is never drawn.

    Often sorted or counted tokens are compared. "Dog bites man" is not "man bites dog": compare the lists.
    """
    others = [s for p in paragraphs for s in p if sorted(s) != sorted(true_next)]
    return _drawn(sentence, true_next, others, rng)


def order_ignored__rewrite(sentence, true_next, paragraphs, rng):
    counts = Counter(true_next)
    return _drawn(sentence, true_next, [s for p in paragraphs for s in p if Counter(s) != counts], rng)


def sets_compared(sentence, true_next, paragraphs, rng):
    """A sentence with the same different tokens as the true next one is never drawn.

    Often sets of tokens are compared, which forget the order and how often a token comes. Compare the lists, or tuples.
    """
    others = [s for p in paragraphs for s in p if set(s) != set(true_next)]
    return _drawn(sentence, true_next, others, rng)


def sets_compared__rewrite(sentence, true_next, paragraphs, rng):
    others = [s for p in paragraphs for s in p if set(s) ^ set(true_next)]
    return _drawn(sentence, true_next, others, rng)


def capitals_ignored(sentence, true_next, paragraphs, rng):
    """A sentence that differs from the true next one in capitals only is never drawn.

    "US" and "us" are two tokens. Compare the lists of tokens as they are.
    """
    small = [token.lower() for token in true_next]
    others = [s for p in paragraphs for s in p if [token.lower() for token in s] != small]
    return _drawn(sentence, true_next, others, rng)


def capitals_ignored__rewrite(sentence, true_next, paragraphs, rng):
    key = "\n".join(true_next).casefold()
    return _drawn(sentence, true_next, [s for p in paragraphs for s in p if "\n".join(s).casefold() != key], rng)


def texts_compared(sentence, true_next, paragraphs, rng):
    """A sentence whose tokens give the text of the true next one when they are joined is never drawn.

    Joined without anything between them, "in" and "side" are "inside". Compare the lists of tokens.
    """
    others = [s for p in paragraphs for s in p if "".join(s) != "".join(true_next)]
    return _drawn(sentence, true_next, others, rng)


def texts_compared__rewrite(sentence, true_next, paragraphs, rng):
    text = "".join(true_next)
    others = [s for p in paragraphs for s in p if list("".join(s)) != list(text)]
    return _drawn(sentence, true_next, others, rng)
