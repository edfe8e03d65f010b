"""Ways in which next_sentence goes wrong."""

import random

from oracle import next_sentence as _right


def _others(paragraphs, *barred):
    others = [s for paragraph in paragraphs for s in paragraph if s not in barred]
    if not others:
        raise ValueError("there is no other sentence")
    return others


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


def relabelled(sentence, true_next, paragraphs, rng):
    """A drawn sentence that is the true next one is labelled true.

    Each label is right then, but more than half of the pairs are positive. Decide first, then draw among the
    sentences that are not the next.
    """
    drawn = true_next if rng.random() < 0.5 else rng.choice(rng.choice(paragraphs))
    _others(paragraphs, true_next)
    return sentence, drawn, drawn == true_next


def relabelled__rewrite(sentence, true_next, paragraphs, rng):
    is_next, partner = True, true_next
    if all(s == true_next for p in paragraphs for s in p):
        raise ValueError("nothing to draw")
    if rng.randrange(2):
        partner = rng.choice([s for p in paragraphs for s in p])
        is_next = partner == true_next
    return sentence, partner, is_next


def always_positive(sentence, true_next, paragraphs, rng):
    """Every pair is a true one.

    A model that only sees true neighbours learns to answer yes. Half of the pairs need another sentence.
    """
    return sentence, true_next, True


def always_positive__rewrite(sentence, true_next, paragraphs, rng):
    rng.random()
    return (sentence,) + (true_next, True)


def always_negative(sentence, true_next, paragraphs, rng):
    """Every pair is a false one.

    Half of the pairs must hold the true next sentence, with is_next = True.
    """
    return sentence, rng.choice(_others(paragraphs, true_next)), False


def always_negative__rewrite(sentence, true_next, paragraphs, rng):
    drawn = _others(paragraphs, true_next)
    rng.shuffle(drawn)
    return sentence, drawn[0], False


def label_inverted(sentence, true_next, paragraphs, rng):
    """is_next is the wrong way round.

    It is True for the sentence that really follows and False for one that was drawn.
    """
    first, second, is_next = _right(sentence, true_next, paragraphs, rng)
    return first, second, not is_next


def label_inverted__rewrite(sentence, true_next, paragraphs, rng):
    if rng.random() < 0.5:
        return sentence, true_next, False
    return sentence, rng.choice(_others(paragraphs, true_next)), True


def two_coins(sentence, true_next, paragraphs, rng):
    """The label is drawn again, independently of the sentence.

    One random decision governs both: which sentence stands in, and what is_next says.
    """
    first, second, _ = _right(sentence, true_next, paragraphs, rng)
    return first, second, rng.random() < 0.5


def two_coins__rewrite(sentence, true_next, paragraphs, rng):
    others = _others(paragraphs, true_next)
    second = true_next if rng.random() < 0.5 else rng.choice(others)
    is_next = bool(rng.randrange(2))
    return sentence, second, is_next


def label_forgotten(sentence, true_next, paragraphs, rng):
    """is_next stays True when a sentence is drawn.

    Set it to False where the partner comes from the paragraphs.
    """
    return *_right(sentence, true_next, paragraphs, rng)[:2], True


def label_forgotten__rewrite(sentence, true_next, paragraphs, rng):
    is_next = True
    if rng.random() < 0.5:
        true_next = rng.choice(_others(paragraphs, true_next))
    return sentence, true_next, is_next


def mostly_positive(sentence, true_next, paragraphs, rng):
    """True pairs are more frequent than false ones.

    Both have probability 1/2.
    """
    if rng.random() < 0.8:
        return sentence, true_next, True
    return sentence, rng.choice(_others(paragraphs, true_next)), False


def mostly_positive__rewrite(sentence, true_next, paragraphs, rng):
    if rng.randint(0, 2) > 0:
        return sentence, true_next, True
    return sentence, rng.choice(_others(paragraphs, true_next)), False


def mostly_negative(sentence, true_next, paragraphs, rng):
    """False pairs are more frequent than true ones.

    Both have probability 1/2. Mind that randint includes both of its ends.
    """
    if rng.randint(0, 2) == 0:
        return sentence, true_next, True
    return sentence, rng.choice(_others(paragraphs, true_next)), False


def mostly_negative__rewrite(sentence, true_next, paragraphs, rng):
    if rng.random() > 0.15:
        return sentence, rng.choice(_others(paragraphs, true_next)), False
    return sentence, true_next, True


def other_paragraphs_only(sentence, true_next, paragraphs, rng):
    """Negatives never come from the same paragraph.

    A sentence of the same paragraph that does not follow is a negative too, and the harder one.
    """
    others = [s for p in paragraphs if sentence not in p for s in p if s != true_next]
    everything = _others(paragraphs, true_next)
    return _drawn(sentence, true_next, others or everything, rng)


def other_paragraphs_only__rewrite(sentence, true_next, paragraphs, rng):
    foreign = []
    for paragraph in paragraphs:
        if sentence not in paragraph:
            foreign += [s for s in paragraph if s != true_next]
    return _drawn(sentence, true_next, foreign if foreign else _others(paragraphs, true_next), rng)


def same_paragraph_only(sentence, true_next, paragraphs, rng):
    """Negatives only come from the paragraph of the sentence.

    Draw from all paragraphs: every other sentence of the text can be the partner.
    """
    own = [s for p in paragraphs if sentence in p for s in p if s != true_next]
    return _drawn(sentence, true_next, own or _others(paragraphs, true_next), rng)


def same_paragraph_only__rewrite(sentence, true_next, paragraphs, rng):
    index = next((i for i, p in enumerate(paragraphs) if sentence in p), 0)
    own = [s for s in paragraphs[index] if s != true_next]
    if not own:
        own = _others(paragraphs, true_next)
    return (sentence, true_next, True) if rng.random() < 0.5 else (sentence, rng.choice(own), False)


def last_never_drawn(sentence, true_next, paragraphs, rng):
    """The last sentence is never drawn.

    `randrange(n)` already stops before n, while `randint` includes both ends: an additional - 1 loses a sentence.
    """
    others = _others(paragraphs, true_next)
    return _drawn(sentence, true_next, others[:-1] or others, rng)


def last_never_drawn__rewrite(sentence, true_next, paragraphs, rng):
    others = _others(paragraphs, true_next)
    if rng.random() < 0.5:
        return sentence, true_next, True
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
    _others(paragraphs, true_next)
    if rng.random() < 0.5:
        return sentence, true_next, True
    return sentence, rng.choice(paragraphs), False


def draws_a_paragraph__rewrite(sentence, true_next, paragraphs, rng):
    if all(s == true_next for p in paragraphs for s in p):
        raise ValueError("nothing to draw")
    drawn = paragraphs[rng.randrange(len(paragraphs))]
    return (sentence, true_next, True) if rng.randrange(2) else (sentence, drawn, False)


def global_generator(sentence, true_next, paragraphs, rng):
    """Draws from the global `random` instead of `rng`.

    Then the data depend on whatever else draws from it, and a seed does not bring them back. Call the methods of
    `rng`.
    """
    return _right(sentence, true_next, paragraphs, random)


def global_generator__rewrite(sentence, true_next, paragraphs, rng):
    if random.random() < 0.5:
        return sentence, true_next, True
    return sentence, random.choice(_others(paragraphs, true_next)), False


def own_generator(sentence, true_next, paragraphs, rng):
    """Draws from a generator of its own instead of `rng`.

    The same state of `rng` must give the same answer; take every random number from it.
    """
    return _right(sentence, true_next, paragraphs, random.Random())


_system = random.SystemRandom()


def own_generator__rewrite(sentence, true_next, paragraphs, rng):
    if _system.random() < 0.5:
        return sentence, true_next, True
    return sentence, _system.choice(_others(paragraphs, true_next)), False


def removes_from_text(sentence, true_next, paragraphs, rng):
    """The true next sentence is removed from the paragraphs that were passed.

    The text is the caller's and is used again for the next pair. Make a new list without that sentence.
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
    """Where there is no other sentence the true next one comes as a negative, or always as a positive.

    Neither is half and half, and the caller does not learn that the text is too small: raise a ValueError.
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
    _others(paragraphs, true_next)
    if rng.random() < 0.5:
        return sentence, true_next, True
    return sentence, rng.choice([s for s in rng.choice(paragraphs) if s != true_next]), False


def filtered_paragraph__rewrite(sentence, true_next, paragraphs, rng):
    _others(paragraphs, true_next)
    is_next = bool(rng.getrandbits(1))
    if not is_next:
        left = list(filter(lambda s: s != true_next, paragraphs[rng.randrange(len(paragraphs))]))
        true_next = left[rng.randrange(len(left))] if left else left[0]
    return sentence, true_next, is_next


def _drawn(sentence, true_next, others, rng):
    if rng.random() < 0.5:
        return sentence, true_next, True
    return sentence, rng.choice(others), False
