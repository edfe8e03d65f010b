"""The right counts, for mistakes to change."""

import torch


def counts(sentence, word_to_ix):
    vector = torch.zeros(1, len(word_to_ix))
    for word in sentence:
        if word in word_to_ix:
            vector[0, word_to_ix[word]] += 1
    return vector
