"""next_sentence by a list of everything that may be drawn."""


def next_sentence(sentence, true_next, paragraphs, rng):
    is_next = rng.choice((True, False))
    if is_next:
        return sentence, true_next, is_next
    others = [other for paragraph in paragraphs for other in paragraph if other != true_next]
    if not others:
        raise ValueError("there is no sentence but the true next one")
    return sentence, rng.choice(others), is_next
