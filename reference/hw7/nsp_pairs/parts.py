"""Correct next_sentence and get_tokens_and_segments, and two correct ways to make pairs that the mistakes change."""


def next_sentence(sentence, true_next, paragraphs, rng):
    if rng.random() < 0.5:
        return sentence, true_next, True
    others = [other for paragraph in paragraphs for other in paragraph if other != true_next]
    if not others:
        raise ValueError("there is no other sentence")
    return sentence, rng.choice(others), False


def join(first, second):
    return ["<cls>", *first, "<sep>", *second, "<sep>"], [0] * (len(first) + 2) + [1] * (len(second) + 1)


def fits(tokens, first, second, max_len):
    return len(tokens) <= max_len


def right(paragraph, paragraphs, max_len, rng, draw=next_sentence, join=join, fits=fits, finish=lambda *item: item):
    pairs = []
    for i in range(len(paragraph) - 1):
        first, second, is_next = draw(paragraph[i], paragraph[i + 1], paragraphs, rng)
        tokens, segments = join(first, second)
        if fits(tokens, first, second, max_len):
            pairs.append(finish(tokens, segments, is_next))
    return pairs


class Again:
    """The same as an object."""

    def __init__(self, paragraph, paragraphs, max_len, rng):
        self.paragraph, self.paragraphs, self.max_len, self.rng = paragraph, paragraphs, max_len, rng

    def neighbours(self):
        return list(zip(self.paragraph[:-1], self.paragraph[1:], strict=True))

    def partner(self, sentence, true_next):
        return next_sentence(sentence, true_next, self.paragraphs, self.rng)

    def size(self, first, second):
        return 1 + len(first) + 1 + len(second) + 1

    def kept(self, first, second):
        return self.size(first, second) <= self.max_len

    def run(self):
        drawn = [self.partner(*pair) for pair in self.neighbours()]
        return [(*join(a, b), is_next) for a, b, is_next in drawn if self.kept(a, b)]
