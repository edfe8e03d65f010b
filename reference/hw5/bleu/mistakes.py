"""Ways in which bleu goes wrong."""

import math
from collections import Counter, defaultdict


def _score(pred, label, k, *, grams=None, penalty=None, match=None, power=None, total=None):
    """BLEU with one part exchanged."""
    if len(pred) < k or not pred:
        return 0.0
    grams = grams or (lambda tokens, n: [tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)])
    match = match or (lambda found, wanted: (Counter(found) & Counter(wanted)).total())
    power = power or (lambda n: 0.5**n)
    total = total or (lambda pred, label, n: len(pred) - n + 1)
    score = (penalty or (lambda pred, label: math.exp(min(0, 1 - label / pred))))(len(pred), len(label))
    for n in range(1, k + 1):
        score *= (match(grams(pred, n), grams(label, n)) / total(pred, label, n)) ** power(n)
    return score


def joined_without_a_separator(pred_seq, label_seq, k):
    """The tokens of an n-gram are glued together.

    "a bc" and "ab c" both become "abc" and count as the same pair. Compare tuples of tokens, or put a space between
    them.
    """

    def grams(tokens, n):
        return ["".join(tokens[i : i + n]) for i in range(len(tokens) - n + 1)]

    return _score(pred_seq.split(), label_seq.split(), k, grams=grams)


def joined_without_a_separator__rewrite(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    if len(pred) < k:
        return 0.0
    score = math.exp(min(0, 1 - len(label) / len(pred)))
    for n in range(1, k + 1):
        matches, left = 0, defaultdict(int)
        for i in range(len(label) - n + 1):
            left["".join(label[i : i + n])] += 1
        for i in range(len(pred) - n + 1):
            if left["".join(pred[i : i + n])] > 0:
                matches += 1
                left["".join(pred[i : i + n])] -= 1
        score *= math.pow(matches / (len(pred) - n + 1), math.pow(0.5, n))
    return score


def short_predictions_raise(pred_seq, label_seq, k):
    """A prediction of fewer than k tokens raises a ZeroDivisionError.

    It has no n-gram of that length to divide by, or even a negative number of them. The score is then 0.
    """
    pred, label = pred_seq.split(), label_seq.split()
    if not pred:
        return 0.0
    score = math.exp(min(0, 1 - len(label) / len(pred)))
    for n in range(1, k + 1):
        found, wanted = (Counter(tuple(s[i : i + n]) for i in range(len(s) - n + 1)) for s in (pred, label))
        score *= ((found & wanted).total() / (len(pred) - n + 1)) ** (0.5**n)
    return score


def short_predictions_raise__rewrite(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    if not pred:
        return 0.0
    product = 1.0
    for n in range(1, k + 1):
        runs = [pred[i : i + n] for i in range(len(pred) - n + 1)]
        left = [label[i : i + n] for i in range(len(label) - n + 1)]
        matched = 0
        for run in runs:
            if run in left:
                left.remove(run)
                matched += 1
        product *= (matched / len(runs)) ** (1 / 2**n)
    return product * math.exp(min(0, 1 - len(label) / len(pred)))


def missing_lengths_skipped(pred_seq, label_seq, k):
    """n-grams that are longer than the prediction are left out of the product.

    One right word would then be a perfect translation for every k. Where the prediction has no n-gram, the score is 0.
    """
    pred, label = pred_seq.split(), label_seq.split()
    return _score(pred, label, min(k, len(pred)))


def missing_lengths_skipped__rewrite(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    if not pred:
        return 0.0
    score = math.exp(min(0, 1 - len(label) / len(pred)))
    for n in range(1, k + 1):
        if n > len(pred):
            break
        found, wanted = (Counter(zip(*(s[j:] for j in range(n)), strict=False)) for s in (pred, label))
        score *= ((found & wanted).total() / found.total()) ** (0.5**n)
    return score


def matched_again_and_again(pred_seq, label_seq, k):
    """An n-gram of the label is matched more than once.

    "le le le" would be three right words for a label with one "le". What has been matched cannot be matched again: let
    its count go down.
    """
    return _score(pred_seq.split(), label_seq.split(), k, match=lambda found, wanted: sum(g in wanted for g in found))


def matched_again_and_again__rewrite(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    if len(pred) < k:
        return 0.0
    score = math.exp(min(0, 1 - len(label) / len(pred)))
    for n in range(1, k + 1):
        wanted = {tuple(label[i : i + n]) for i in range(len(label) - n + 1)}
        runs = [tuple(pred[i : i + n]) for i in range(len(pred) - n + 1)]
        score *= (len([run for run in runs if run in wanted]) / len(runs)) ** (0.5**n)
    return score


def each_counted_once(pred_seq, label_seq, k):
    """Repeated n-grams count once.

    A set forgets how often. A token that stands twice in both counts twice.
    """
    return _score(
        pred_seq.split(), label_seq.split(), k, match=lambda found, wanted: len(set(found) & set(wanted))
    )  # fmt: skip


def each_counted_once__rewrite(pred_seq, label_seq, k):
    def match(found, wanted):
        return sum(1 for gram in dict.fromkeys(found) if gram in wanted)

    return _score(pred_seq.split(), label_seq.split(), k, match=match)


def counted_at_the_same_place(pred_seq, label_seq, k):
    """n-grams match only at the same place.

    One word too many at the start and nothing matches. An n-gram of the prediction may stand anywhere in the label.
    """
    return _score(
        pred_seq.split(), label_seq.split(), k,
        match=lambda found, wanted: sum(a == b for a, b in zip(found, wanted, strict=False)),
    )  # fmt: skip


def counted_at_the_same_place__rewrite(pred_seq, label_seq, k):
    def match(found, wanted):
        return sum(1 for i in range(min(len(found), len(wanted))) if found[i] == wanted[i])

    return _score(pred_seq.split(), label_seq.split(), k, match=match)


def no_brevity_penalty(pred_seq, label_seq, k):
    """Short predictions are not punished.

    One word that is surely right would score 1. Multiply by exp(min(0, 1 - len_label / len_pred)).
    """
    return _score(pred_seq.split(), label_seq.split(), k, penalty=lambda pred, label: 1.0)


def no_brevity_penalty__rewrite(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    product = float(len(pred) >= k)
    for n in range(1, k + 1 if product else 1):
        found, wanted = (Counter(tuple(s[i : i + n]) for i in range(len(s) - n + 1)) for s in (pred, label))
        product *= ((found & wanted).total() / found.total()) ** (0.5**n)
    return product


def long_predictions_rewarded(pred_seq, label_seq, k):
    """A prediction longer than the label gets more than it should.

    1 - len_label / len_pred is above 0 for it, and exp of that above 1. Take the smaller of it and 0.
    """
    return _score(pred_seq.split(), label_seq.split(), k, penalty=lambda pred, label: math.exp(1 - label / pred))


def long_predictions_rewarded__rewrite(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    if len(pred) < k:
        return 0.0
    return _score(pred, label, k, penalty=lambda *_: 1.0) * math.e * math.exp(-len(label) / len(pred))


def long_predictions_punished(pred_seq, label_seq, k):
    """A prediction longer than the label is punished for its length.

    Its n-grams that match nothing lower p_n already. Only shorter predictions are punished: the quotient is
    len_label / len_pred, in this order.
    """
    return _score(
        pred_seq.split(), label_seq.split(), k, penalty=lambda pred, label: math.exp(min(0, 1 - pred / label))
    )  # fmt: skip


def long_predictions_punished__rewrite(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    factor = 1.0 if len(pred) <= len(label) else math.exp(1 - len(pred) / len(label))
    return factor * _score(pred, label, k, penalty=lambda *_: 1.0)


def lengths_in_characters(pred_seq, label_seq, k):
    """The lengths are those of the strings.

    len of a string counts characters. The penalty compares numbers of tokens.
    """
    return _score(
        pred_seq.split(), label_seq.split(), k,
        penalty=lambda pred, label: math.exp(min(0, 1 - len(label_seq) / len(pred_seq))),
    )  # fmt: skip


def lengths_in_characters__rewrite(pred_seq, label_seq, k):
    tokens = pred_seq.split()
    if not tokens:
        return 0.0
    score = _score(tokens, label_seq.split(), k, penalty=lambda *_: 1.0)
    return score * min(1.0, math.exp(1 - len(label_seq) / len(pred_seq)))


def divided_by_the_label(pred_seq, label_seq, k):
    """Matches are divided by the number of n-grams of the label.

    That is recall. p_n says how much of the prediction is right: divide by the prediction's number of n-grams.
    """
    return _score(
        pred_seq.split(), label_seq.split(), k, total=lambda pred, label, n: max(1, len(label) - n + 1)
    )  # fmt: skip


def divided_by_the_label__rewrite(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    if len(pred) < k:
        return 0.0
    score = math.exp(min(0, 1 - len(label) / len(pred)))
    for n in range(1, k + 1):
        found, wanted = (Counter(tuple(s[i : i + n]) for i in range(len(s) - n + 1)) for s in (pred, label))
        score *= ((found & wanted).total() / max(wanted.total(), 1)) ** (0.5**n)
    return score


def divided_by_the_number_of_tokens(pred_seq, label_seq, k):
    """Matches are divided by the number of tokens, for every n.

    A prediction of 4 tokens has only 3 pairs: len_pred - n + 1 n-grams.
    """
    return _score(pred_seq.split(), label_seq.split(), k, total=lambda pred, label, n: len(pred))


def divided_by_the_number_of_tokens__rewrite(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    if len(pred) < k:
        return 0.0
    score = math.exp(min(0, 1 - len(label) / len(pred)))
    for n in range(1, k + 1):
        found, wanted = (Counter(tuple(s[i : i + n]) for i in range(len(s) - n + 1)) for s in (pred, label))
        score *= math.pow((found & wanted).total() / len(pred), 1 / 2**n)
    return score


def last_n_gram_forgotten(pred_seq, label_seq, k):
    """The last n-gram of each sequence is forgotten.

    len - n is the start of the last one, and range ends before its end: it must go to len - n + 1.
    """

    def grams(tokens, n):
        return [tuple(tokens[i : i + n]) for i in range(len(tokens) - n)]

    return _score(pred_seq.split(), label_seq.split(), k, grams=grams)


def last_n_gram_forgotten__rewrite(pred_seq, label_seq, k):
    def grams(tokens, n):
        return list(zip(*(tokens[shift:-1] for shift in range(n)), strict=False)) if n < len(tokens) else []

    def shifted(tokens, n):
        return [tuple(tokens[i : i + n]) for i in range(max(0, len(tokens) - n))]

    return _score(pred_seq.split(), label_seq.split(), k, grams=shifted if k else grams)


def all_powers_equal(pred_seq, label_seq, k):
    """All p_n have the same power, 1 / k.

    That is the geometric mean of the original paper. Here the power is 1 / 2 ** n.
    """
    return _score(pred_seq.split(), label_seq.split(), k, power=lambda n: 1 / k)


def all_powers_equal__rewrite(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    if len(pred) < k:
        return 0.0
    product = 1.0
    for n in range(1, k + 1):
        found, wanted = (Counter(tuple(s[i : i + n]) for i in range(len(s) - n + 1)) for s in (pred, label))
        product *= (found & wanted).total() / found.total()
    return product ** (1 / k) * math.exp(min(0, 1 - len(label) / len(pred)))


def no_powers(pred_seq, label_seq, k):
    """The p_n are multiplied without their powers.

    Long n-grams hardly ever match; the power 1 / 2 ** n makes up for that.
    """
    return _score(pred_seq.split(), label_seq.split(), k, power=lambda n: 1)


def no_powers__rewrite(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    if len(pred) < k:
        return 0.0
    product = math.exp(min(0, 1 - len(label) / len(pred)))
    for n in range(1, k + 1):
        found, wanted = (Counter(tuple(s[i : i + n]) for i in range(len(s) - n + 1)) for s in (pred, label))
        product *= (found & wanted).total() / found.total()
    return product


def powers_from_one(pred_seq, label_seq, k):
    """The powers begin with 1 instead of 1/2.

    n counts from 1, so the first power is 1 / 2 ** 1.
    """
    return _score(pred_seq.split(), label_seq.split(), k, power=lambda n: 0.5 ** (n - 1))


def powers_from_one__rewrite(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    if len(pred) < k:
        return 0.0
    score = math.exp(min(0, 1 - len(label) / len(pred)))
    for n in range(k):
        found, wanted = (Counter(tuple(s[i : i + n + 1]) for i in range(len(s) - n)) for s in (pred, label))
        score *= ((found & wanted).total() / found.total()) ** (1 / 2**n)
    return score


def powers_of_n(pred_seq, label_seq, k):
    """The power is 1 / (2 n) instead of 1 / 2 ** n.

    The two agree for n = 1 and n = 2 only. The 2 is raised to the power n.
    """
    return _score(pred_seq.split(), label_seq.split(), k, power=lambda n: 1 / (2 * n))


def powers_of_n__rewrite(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    if len(pred) < k:
        return 0.0
    score = math.exp(min(0, 1 - len(label) / len(pred)))
    for n in range(1, k + 1):
        found, wanted = (Counter(tuple(s[i : i + n]) for i in range(len(s) - n + 1)) for s in (pred, label))
        score *= math.pow((found & wanted).total() / found.total(), 0.5 / n)
    return score


def only_the_longest(pred_seq, label_seq, k):
    """Only n-grams of length k are counted.

    The product goes from n = 1 to k.
    """
    pred, label = pred_seq.split(), label_seq.split()
    if len(pred) < k:
        return 0.0
    found, wanted = (Counter(tuple(s[i : i + k]) for i in range(len(s) - k + 1)) for s in (pred, label))
    precision = (found & wanted).total() / found.total()
    return math.exp(min(0, 1 - len(label) / len(pred))) * precision ** (0.5**k)


def only_the_longest__rewrite(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    return _score(pred, label, k, power=lambda n: 0.5**n if n == k else 0)


def longest_left_out(pred_seq, label_seq, k):
    """n-grams of length k are left out.

    range(1, k) ends before k.
    """
    pred, label = pred_seq.split(), label_seq.split()
    return _score(pred, label, k - 1) if len(pred) >= k else 0.0


def longest_left_out__rewrite(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    if len(pred) < k:
        return 0.0
    score = math.exp(min(0, 1 - len(label) / len(pred)))
    for n in range(1, k):
        found, wanted = (Counter(tuple(s[i : i + n]) for i in range(len(s) - n + 1)) for s in (pred, label))
        score *= ((found & wanted).total() / found.total()) ** (0.5**n)
    return score


def characters_for_tokens(pred_seq, label_seq, k):
    """The n-grams are runs of characters.

    A string is a sequence of characters. Split it into tokens first.
    """
    return _score(pred_seq.strip(), label_seq, k)


def characters_for_tokens__rewrite(pred_seq, label_seq, k):
    return _score(list(pred_seq.strip()), list(label_seq), k)


def empty_tokens(pred_seq, label_seq, k):
    """Several spaces in a row make empty tokens.

    split(" ") gives "" between two spaces, and one "" for the empty string. Split without an argument.
    """
    return _score(pred_seq.split(" "), label_seq.split(" "), k)


def empty_tokens__rewrite(pred_seq, label_seq, k):
    import re

    return _score(re.split(r"\s", pred_seq), re.split(r"\s", label_seq), k)


def empty_predictions_raise(pred_seq, label_seq, k):
    """An empty prediction raises a ZeroDivisionError.

    The penalty divides by the length of the prediction. Its score is 0.
    """
    pred, label = pred_seq.split(), label_seq.split()
    penalty = math.exp(min(0, 1 - len(label) / len(pred)))
    return penalty * _score(pred, label, k, penalty=lambda *_: 1.0)


def empty_predictions_raise__rewrite(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    ratio = len(label) / len(pred)
    return _score(pred, label, k, penalty=lambda *_: 1.0 if ratio <= 1 else math.exp(1 - ratio))


def predictions_exchanged(pred_seq, label_seq, k):
    """Prediction and label are exchanged.

    Precision is asked for: what part of the prediction stands in the label.
    """
    return _score(label_seq.split(), pred_seq.split(), k) if pred_seq.split() else 0.0


def predictions_exchanged__rewrite(pred_seq, label_seq, k):
    if not pred_seq.strip():
        return 0.0
    pred, label = label_seq.split(), pred_seq.split()
    if len(pred) < k:
        return 0.0
    score = math.exp(min(0, 1 - len(label) / len(pred)))
    for n in range(1, k + 1):
        found, wanted = (Counter(tuple(s[i : i + n]) for i in range(len(s) - n + 1)) for s in (pred, label))
        score *= ((found & wanted).total() / found.total()) ** (0.5**n)
    return score


def capitals_ignored(pred_seq, label_seq, k):
    """Capitals count as small letters.

    Tokens are equal when they are the same string. What should be ignored is taken away before.
    """
    return _score(pred_seq.lower().split(), label_seq.lower().split(), k)


def capitals_ignored__rewrite(pred_seq, label_seq, k):
    pred, label = ([token.casefold() for token in seq.split()] for seq in (pred_seq, label_seq))
    return _score(pred, label, k)


def rounded(pred_seq, label_seq, k):
    """The score is rounded.

    Rounding is for printing; means of rounded scores are off. Return the number as it is.
    """
    return round(_score(pred_seq.split(), label_seq.split(), k), 3)


def rounded__rewrite(pred_seq, label_seq, k):
    return float(f"{_score(pred_seq.split(), label_seq.split(), k):.3f}")
