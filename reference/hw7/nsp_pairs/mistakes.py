"""Ways in which nsp_pairs goes wrong. `a` are the four arguments."""

import random

from parts import Again as _Again
from parts import join as _join
from parts import next_sentence as _next_sentence
from parts import right as _right


def _with(*a, **changes):
    """`Again` with some of its methods in another way."""
    return type("Changed", (_Again,), changes)(*a).run()


def special_tokens_forgotten(*a):
    """The special tokens are not counted.

    "<cls>" and two "<sep>" are tokens of the input too, and it must fit with them.
    """
    return _right(*a, fits=lambda tokens, first, second, max_len: len(first) + len(second) <= max_len)


def special_tokens_forgotten__rewrite(*a):
    return _with(*a, size=lambda self, first, second: len(first + second))


def two_special_tokens(*a):
    """Two special tokens are counted.

    A pair has three: "<cls>", and a "<sep>" behind each sentence.
    """
    return _right(*a, fits=lambda tokens, first, second, max_len: len(tokens) - 1 <= max_len)


def two_special_tokens__rewrite(*a):
    return _with(*a, size=lambda self, first, second: len(first) + len(second) + 2)


def full_dropped(*a):
    """An input of exactly max_len tokens is dropped.

    It fits. What is dropped has more.
    """
    return _right(*a, fits=lambda tokens, first, second, max_len: len(tokens) < max_len)


def full_dropped__rewrite(*a):
    return _with(*a, kept=lambda self, first, second: not self.size(first, second) >= self.max_len)


def shortened(*a):
    """What is too long is cut off.

    Then the last "<sep>" is missing. Here an input that is too long is dropped.
    """

    def finish(tokens, segments, is_next):
        return tokens[: a[2]], segments[: a[2]], is_next

    return _right(*a, fits=lambda *_: True, finish=finish)


def shortened__rewrite(*a):
    max_len = a[2]
    whole = _with(*a, kept=lambda self, first, second: True)
    return [(tokens[:max_len], segments[:max_len], is_next) for tokens, segments, is_next in whole]


def nothing_dropped(*a):
    """Nothing is dropped.

    The model has no more than max_len places. Leave out what does not fit.
    """
    return _right(*a, fits=lambda *_: True)


def nothing_dropped__rewrite(*a):
    return _with(*a, kept=lambda self, first, second: True)


def drawn_until_it_fits(paragraph, paragraphs, max_len, rng):
    """A partner is drawn again until the input fits.

    Pairs that are true are then rarer among long sentences than others. Draw once, and drop what does not fit.
    """

    def draw(sentence, true_next, paragraphs, rng):
        for _ in range(50):
            drawn = _next_sentence(sentence, true_next, paragraphs, rng)
            if len(sentence) + len(drawn[1]) + 3 <= max_len:
                break
        return drawn

    return _right(paragraph, paragraphs, max_len, rng, draw=draw)


def drawn_until_it_fits__rewrite(*a):
    def partner(self, sentence, true_next):
        tried = [_Again.partner(self, sentence, true_next) for _ in range(50)]
        return next((one for one in tried if self.kept(sentence, one[1])), tried[0])

    return _with(*a, partner=partner)


def true_pair_measured(paragraph, paragraphs, max_len, rng):
    """The length of the true pair decides, not that of the pair that was drawn.

    What enters the model is the drawn one. Draw first, and measure what came out.
    """
    found = []
    for first, second in zip(paragraph, paragraph[1:], strict=False):
        if len(first) + len(second) + 3 > max_len:
            continue
        one, other, is_next = _next_sentence(first, second, paragraphs, rng)
        found.append((*_join(one, other), is_next))
    return found


def true_pair_measured__rewrite(*a):
    def run(self):
        pairs = [pair for pair in self.neighbours() if self.kept(*pair)]
        drawn = [self.partner(*pair) for pair in pairs]
        return [(*_join(first, second), is_next) for first, second, is_next in drawn]

    return _with(*a, run=run)


def ended_by_a_long_one(paragraph, paragraphs, max_len, rng):
    """The first input that is too long ends the paragraph.

    `break` leaves the loop; the pairs behind it are lost. `continue` goes on with the next.
    """
    found = []
    for first, second in zip(paragraph, paragraph[1:], strict=False):
        one, other, is_next = _next_sentence(first, second, paragraphs, rng)
        tokens, segments = _join(one, other)
        if len(tokens) > max_len:
            break
        found.append((tokens, segments, is_next))
    return found


def ended_by_a_long_one__rewrite(*a):
    def run(self):
        found = []
        for pair in self.neighbours():
            first, second, is_next = self.partner(*pair)
            if not self.kept(first, second):
                return found
            found.append((*_join(first, second), is_next))
        return found

    return _with(*a, run=run)


def every_other_pair(*a):
    """Only every other sentence begins a pair.

    Each sentence but the last begins one: (0, 1), (1, 2), (2, 3).
    """
    paragraph, *others = a
    found = []
    for i in range(0, len(paragraph) - 1, 2):
        found += _right(paragraph[i : i + 2], *others)
    return found


def every_other_pair__rewrite(*a):
    return _with(*a, neighbours=lambda self: _Again.neighbours(self)[::2])


def last_pair_forgotten(*a):
    """The last pair is forgotten.

    n sentences have n - 1 neighbours: i goes from 0 to n - 2, which is `range(n - 1)`.
    """
    return _right(a[0][:-1], *a[1:])


def last_pair_forgotten__rewrite(*a):
    return _with(*a, neighbours=lambda self: _Again.neighbours(self)[:-1])


def true_pairs_only(*a):
    """Every second sentence is the true next one.

    Then there is nothing to learn: half of the pairs have to be false. `next_sentence` decides.
    """
    return _right(*a, draw=lambda sentence, true_next, paragraphs, rng: (sentence, true_next, True))


def true_pairs_only__rewrite(*a):
    return _with(*a, partner=lambda self, sentence, true_next: (sentence, true_next, 1 == 1))


def false_pair_may_be_true(*a):
    """A pair that is said to be false may hold the true next sentence.

    In a small text that happens often. Your `next_sentence` rules it out: call it.
    """

    def draw(sentence, true_next, paragraphs, rng):
        if rng.random() < 0.5:
            return sentence, true_next, True
        return sentence, rng.choice(rng.choice(paragraphs)), False

    return _right(*a, draw=draw)


def false_pair_may_be_true__rewrite(*a):
    def partner(self, sentence, true_next):
        if self.rng.random() >= 0.5:
            return sentence, self.rng.choice([s for p in self.paragraphs for s in p]), False
        return sentence, true_next, True

    return _with(*a, partner=partner)


def first_segment_for_all(*a):
    """All tokens have segment 0.

    The second sentence and its "<sep>" have segment 1, as `get_tokens_and_segments` says.
    """
    return _right(*a, finish=lambda tokens, segments, is_next: (tokens, [0] * len(tokens), is_next))


def first_segment_for_all__rewrite(*a):
    return [(tokens, [0 for _ in tokens], is_next) for tokens, _, is_next in _Again(*a).run()]


def global_generator(*a):
    """Python's global generator is used, not rng.

    The same seed then does not give the same data. Hand rng on.
    """
    return _right(*a[:3], random)


def global_generator__rewrite(*a):
    return _Again(*a[:3], random._inst).run()
