"""Other correct ways to make pairs."""

from parts import Again as _Again
from parts import next_sentence as _next_sentence


def as_the_notes(paragraph, paragraphs, max_len, rng):
    """As the notes write it: the length first, and continue."""
    nsp_data_from_paragraph = []
    for i in range(len(paragraph) - 1):
        tokens_a, tokens_b, is_next = _next_sentence(paragraph[i], paragraph[i + 1], paragraphs, rng)
        if len(tokens_a) + len(tokens_b) + 3 > max_len:
            continue
        tokens = ["<cls>", *tokens_a, "<sep>", *tokens_b, "<sep>"]
        segments = [0] * (len(tokens_a) + 2)
        segments += [1] * (len(tokens_b) + 1)
        nsp_data_from_paragraph.append((tokens, segments, is_next))
    return nsp_data_from_paragraph


def as_an_object(paragraph, paragraphs, max_len, rng):
    """By methods, with a coin of its own that comes up the other way."""

    class Other(_Again):
        def partner(self, sentence, true_next):
            others = [s for p in self.paragraphs for s in p if s not in (sentence, true_next)]
            if self.rng.random() > 0.5 or not others:
                return sentence, true_next, True
            return sentence, others[self.rng.randrange(len(others))], False

    return Other(paragraph, paragraphs, max_len, rng).run()
