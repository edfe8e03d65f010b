"""Ways in which next_sentence goes wrong."""

import random
from collections import Counter
from itertools import cycle

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
    if rng.random() < 0.5:
        return sentence, true_next, True
    _others(paragraphs, true_next)
    drawn = rng.choice(rng.choice(paragraphs))
    return sentence, drawn, drawn == true_next


def relabelled__rewrite(sentence, true_next, paragraphs, rng):
    is_next, partner = True, true_next
    if rng.randrange(2):
        if all(s == true_next for p in paragraphs for s in p):
            raise ValueError("nothing to draw")
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
    second = true_next if rng.random() < 0.5 else rng.choice(_others(paragraphs, true_next))
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


def alternating(sentence, true_next, paragraphs, rng):
    """Whether the pair is true depends on the calls before.

    Often true and false pairs take turns. Half of them are true then, but a model can learn the pattern, and the same
    state of `rng` does not give the same answer. Let `rng` decide in every call.
    """
    if next(_turns):
        return sentence, true_next, True
    return sentence, rng.choice(_others(paragraphs, true_next)), False


_turns = cycle((True, False))


def alternating__rewrite(sentence, true_next, paragraphs, rng):
    _calls.append(len(_calls) % 2 == 0)
    if _calls[-1]:
        return sentence, true_next, True
    return sentence, rng.choice(_others(paragraphs, true_next)), False


_calls: list[bool] = []


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


def empty_next_never_true(sentence, true_next, paragraphs, rng):
    """Where the true next sentence is empty the pair is never true.

    An empty list is false in an `if`. It is a sentence like the others: let the coin alone decide.
    """
    if true_next and rng.random() < 0.5:
        return sentence, true_next, True
    return sentence, rng.choice(_others(paragraphs, true_next)), False


def empty_next_never_true__rewrite(sentence, true_next, paragraphs, rng):
    first, second, is_next = _right(sentence, true_next, paragraphs, rng)
    while is_next and len(second) == 0:
        first, second, is_next = _right(sentence, true_next, paragraphs, rng)
    return first, second, is_next


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


def _left(paragraphs, true_next):
    return [s for p in paragraphs for s in p if s != true_next]


def _drawn(sentence, true_next, others, rng):
    if rng.random() < 0.5:
        return sentence, true_next, True
    if not others:
        raise ValueError("there is no other sentence")
    return sentence, rng.choice(others), False
