"""Correct BLEU scores, written in other ways."""

import collections
import math


def counts_taken_away(pred_seq, label_seq, k):
    """A dict of counts that go down as they are matched; n-grams are joined with a space between their tokens."""
    pred_tokens, label_tokens = pred_seq.split(), label_seq.split()
    len_pred, len_label = len(pred_tokens), len(label_tokens)
    if len_pred < k:
        return 0.0
    score = math.exp(min(0, 1 - len_label / len_pred))
    for n in range(1, k + 1):
        num_matches, label_subs = 0, collections.defaultdict(int)
        for i in range(len_label - n + 1):
            label_subs[" ".join(label_tokens[i : i + n])] += 1
        for i in range(len_pred - n + 1):
            gram = " ".join(pred_tokens[i : i + n])
            if label_subs[gram] > 0:
                num_matches += 1
                label_subs[gram] -= 1
        score *= math.pow(num_matches / (len_pred - n + 1), math.pow(0.5, n))
    return score


def in_logarithms(pred_seq, label_seq, k):
    """Adds logarithms; zip of shifted lists makes the n-grams."""

    def grams(tokens, n):
        return collections.Counter(zip(*(tokens[shift:] for shift in range(n)), strict=False))

    pred, label = pred_seq.split(), label_seq.split()
    log_score = min(0.0, 1 - len(label) / len(pred)) if pred else -math.inf
    for n in range(1, k + 1):
        found, wanted = grams(pred, n), grams(label, n)
        matches = sum(min(count, wanted[gram]) for gram, count in found.items())
        if matches == 0:
            return 0.0
        log_score += math.log(matches / sum(found.values())) / 2**n
    return math.exp(log_score)


def recursive(pred_seq, label_seq, k):
    """From the longest n-grams down to the brevity penalty."""
    pred, label = pred_seq.split(), label_seq.split()

    def score(n):
        if n == 0:
            return 1.0 if len(pred) > len(label) else math.e ** (1 - len(label) / len(pred))
        runs = [tuple(pred[i : i + n]) for i in range(len(pred) + 1 - n)]
        wanted = [tuple(label[i : i + n]) for i in range(len(label) + 1 - n)]
        matched = sum(min(runs.count(run), wanted.count(run)) for run in set(runs))
        return score(n - 1) * (matched / len(runs)) ** 0.5**n

    return score(k) if len(pred) >= k else 0.0
