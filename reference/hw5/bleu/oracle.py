"""bleu by removing matched n-grams from a list."""

import math


def bleu(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    if not pred:
        return 0.0
    score = min(1.0, math.exp(1 - len(label) / len(pred)))
    for n in range(1, k + 1):
        grams = [pred[start : start + n] for start in range(len(pred) - n + 1)]
        left = [label[start : start + n] for start in range(len(label) - n + 1)]
        if not grams:
            return 0.0
        matched = 0
        for gram in grams:
            if gram in left:
                left.remove(gram)
                matched += 1
        score *= math.pow(matched / len(grams), 1 / 2**n)
    return score
