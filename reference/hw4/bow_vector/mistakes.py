"""Ways in which bow_vector goes wrong."""

import torch
from counting import counts as _counts


def unknown_words_raise(sentence, word_to_ix):
    """A word that the dict lacks raises a KeyError.

    Sentences to be classified have words that were never seen in training. Ask whether the dict has the word.
    """
    vector = torch.zeros(len(word_to_ix))
    for word in sentence:
        vector[word_to_ix[word]] += 1
    return vector.view(1, -1)


def unknown_words_raise__rewrite(sentence, word_to_ix):
    places = [word_to_ix[word] for word in sentence]
    return torch.tensor([[float(places.count(place)) for place in range(len(word_to_ix))]])


def unknown_words_counted_first(sentence, word_to_ix):
    """Words that the dict lacks are counted at place 0.

    That is the place of another word. Pass them over.
    """
    vector = torch.zeros(1, len(word_to_ix))
    for word in sentence:
        vector[0, word_to_ix.get(word, 0)] += 1
    return vector


def unknown_words_counted_first__rewrite(sentence, word_to_ix):
    vector = _counts(sentence, word_to_ix)
    vector[0, 0] += sum(word not in word_to_ix for word in sentence)
    return vector


def unknown_words_counted_last(sentence, word_to_ix):
    """Words that the dict lacks are counted at the last place.

    -1 is the last place of a tensor. Pass them over.
    """
    vector = torch.zeros(1, len(word_to_ix))
    for word in sentence:
        vector[0, word_to_ix.get(word, -1)] += 1
    return vector


def unknown_words_counted_last__rewrite(sentence, word_to_ix):
    vector = _counts(sentence, word_to_ix)
    vector[0, -1] += len([word for word in sentence if word not in word_to_ix])
    return vector


def unknown_words_learned(sentence, word_to_ix):
    """Words that the dict lacks are added to it.

    The vector is then longer than the layer that reads it, and the caller's dict is changed. Pass them over.
    """
    for word in sentence:
        word_to_ix.setdefault(word, len(word_to_ix))
    return _counts(sentence, word_to_ix)


def unknown_words_learned__rewrite(sentence, word_to_ix):
    for word in sentence:
        if word not in word_to_ix:
            word_to_ix[word] = len(word_to_ix)
    vector = torch.zeros(1, len(word_to_ix))
    for word in sentence:
        vector[0, word_to_ix[word]] += 1
    return vector


def only_whether(sentence, word_to_ix):
    """Words that occur several times are counted once.

    = 1 says whether a word occurs; how often is asked: += 1. vector[places] += 1 with equal places adds once as well.
    """
    vector = torch.zeros(1, len(word_to_ix))
    for word in sentence:
        if word in word_to_ix:
            vector[0, word_to_ix[word]] = 1
    return vector


def only_whether__rewrite(sentence, word_to_ix):
    places = [word_to_ix[word] for word in sentence if word in word_to_ix]
    vector = torch.zeros(1, len(word_to_ix))
    vector[0, places] += 1  # adds to each place once, however often it is named
    return vector


def shares(sentence, word_to_ix):
    """The counts are divided by the length of the sentence.

    Counts are asked for, not shares.
    """
    return _counts(sentence, word_to_ix) / max(len(sentence), 1)


def shares__rewrite(sentence, word_to_ix):
    known = {place: sentence.count(word) / (len(sentence) or 1) for word, place in word_to_ix.items()}
    return torch.tensor([[known[place] for place in range(len(known))]])


def shares_of_known_words(sentence, word_to_ix):
    """The counts are made to add up to 1.

    Counts are asked for, not shares.
    """
    vector = _counts(sentence, word_to_ix)
    return vector / vector.sum().clamp(min=1)


def shares_of_known_words__rewrite(sentence, word_to_ix):
    known = [word for word in sentence if word in word_to_ix]
    return _counts(known, word_to_ix) / (len(known) or 1)


def no_batch_axis(sentence, word_to_ix):
    """The vector has no axis for the batch.

    A linear layer reads (batch, V), and so does the loss behind it: one row is (1, V).
    """
    return _counts(sentence, word_to_ix)[0]


def no_batch_axis__rewrite(sentence, word_to_ix):
    vector = torch.zeros(len(word_to_ix))
    for word in sentence:
        if word in word_to_ix:
            vector[word_to_ix[word]] += 1
    return vector


def a_column(sentence, word_to_ix):
    """The vector is a column.

    (1, V) is a batch of one row; (V, 1) is a batch of V rows.
    """
    return _counts(sentence, word_to_ix).view(-1, 1)


def a_column__rewrite(sentence, word_to_ix):
    return _counts(sentence, word_to_ix).t()


def integers(sentence, word_to_ix):
    """The counts are integers.

    A linear layer multiplies them with its float32 weights, and needs the same dtype.
    """
    return _counts(sentence, word_to_ix).long()


def integers__rewrite(sentence, word_to_ix):
    vector = torch.zeros(1, len(word_to_ix), dtype=torch.int64)
    for word in sentence:
        if word in word_to_ix:
            vector[0, word_to_ix[word]] += 1
    return vector


def double_precision(sentence, word_to_ix):
    """The counts are float64.

    NumPy's numbers are; the weights of a layer are float32.
    """
    return _counts(sentence, word_to_ix).double()


def double_precision__rewrite(sentence, word_to_ix):
    vector = torch.zeros(1, len(word_to_ix), dtype=torch.float64)
    for word in sentence:
        if word in word_to_ix:
            vector[0, word_to_ix[word]] += 1
    return vector


def bytes_run_over(sentence, word_to_ix):
    """Large counts run over.

    A uint8 ends at 255, an int8 at 127. Count in float32.
    """
    vector = torch.zeros(1, len(word_to_ix), dtype=torch.uint8)
    for word in sentence:
        if word in word_to_ix:
            vector[0, word_to_ix[word]] += 1
    return vector.float()


def bytes_run_over__rewrite(sentence, word_to_ix):
    return _counts(sentence, word_to_ix).remainder(256)


def places_by_order(sentence, word_to_ix):
    """The place of a word is its place among the keys of the dict.

    The dict says the index of each word, in any order: read it.
    """
    return torch.tensor([[float(sentence.count(word)) for word in word_to_ix]])


def places_by_order__rewrite(sentence, word_to_ix):
    return _counts(sentence, {word: place for place, word in enumerate(word_to_ix)})


def places_by_alphabet(sentence, word_to_ix):
    """The place of a word is its place in alphabetical order.

    The dict says the index of each word: read it.
    """
    return torch.tensor([[float(sentence.count(word)) for word in sorted(word_to_ix)]])


def places_by_alphabet__rewrite(sentence, word_to_ix):
    return _counts(sentence, {word: place for place, word in enumerate(sorted(word_to_ix))})


def capitals_ignored(sentence, word_to_ix):
    """Capitals count as small letters.

    "So" is a word that the dict lacks. Who wants it to count makes the sentence lower-case before.
    """
    return _counts([word.lower() for word in sentence], word_to_ix)


def capitals_ignored__rewrite(sentence, word_to_ix):
    vector = torch.zeros(1, len(word_to_ix))
    for word in sentence:
        if word.casefold() in word_to_ix:
            vector[0, word_to_ix[word.casefold()]] += 1
    return vector


def indices_of_words(sentence, word_to_ix):
    """The answer holds the indices of the words.

    That keeps their order and has another length for each sentence. A bag of words has a place for each word of the
    dict, and counts.
    """
    return torch.tensor([[float(word_to_ix[word]) for word in sentence if word in word_to_ix]])


def indices_of_words__rewrite(sentence, word_to_ix):
    places = [word_to_ix[word] for word in sentence if word in word_to_ix]
    return torch.tensor(places, dtype=torch.float32).unsqueeze(0)


def a_row_for_each_word(sentence, word_to_ix):
    """Each word has a row of its own.

    One-hot vectors keep the order. A bag of words is their sum.
    """
    rows = [_counts([word], word_to_ix) for word in sentence]
    return torch.cat(rows) if rows else torch.zeros(0, len(word_to_ix))


def a_row_for_each_word__rewrite(sentence, word_to_ix):
    matrix = torch.zeros(len(sentence), len(word_to_ix))
    for row, word in zip(matrix, sentence, strict=True):
        if word in word_to_ix:
            row[word_to_ix[word]] = 1
    return matrix
