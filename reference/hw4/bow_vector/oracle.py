"""bow_vector by counting indices."""

import torch


def bow_vector(sentence, word_to_ix):
    places = [word_to_ix[word] for word in sentence if word in word_to_ix]
    counts = torch.bincount(torch.tensor(places, dtype=torch.int64), minlength=len(word_to_ix))
    return counts.to(torch.float32).reshape(1, -1)
