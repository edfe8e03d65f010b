"""The steps of a right next_sentence, for the mistakes to change."""


def others(paragraphs, *barred):
    found = [s for paragraph in paragraphs for s in paragraph if s not in barred]
    if not found:
        raise ValueError("there is no other sentence")
    return found


def left(paragraphs, true_next):
    return [s for p in paragraphs for s in p if s != true_next]


def drawn(sentence, true_next, others, rng):
    if rng.random() < 0.5:
        return sentence, true_next, True
    if not others:
        raise ValueError("there is no other sentence")
    return sentence, rng.choice(others), False
