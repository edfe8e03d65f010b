"""Ways in which next_sentence goes wrong with the coin, the label and the generator."""

import random
from itertools import cycle

from drawing import others as _others
from oracle import next_sentence as _right


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
