"""Ways in which bow_vector goes wrong with what a word is, and with what it keeps."""

import torch
from counting import counts as _counts


def parts_of_words(sentence, word_to_ix):
    """Words are found within other words.

    `str.count` and `in` look for pieces of text. Words are equal or they are not: compare with ==, or look them up.
    """
    text = " ".join(sentence)
    vector = torch.zeros(1, len(word_to_ix))
    for word, place in word_to_ix.items():
        vector[0, place] = text.count(word) if word else sentence.count(word)
    return vector


def parts_of_words__rewrite(sentence, word_to_ix):
    whole = " ".join(sentence)
    counts = {place: len(whole.split(word)) - 1 if word else sentence.count("") for word, place in word_to_ix.items()}
    return torch.tensor([[float(counts[place]) for place in range(len(counts))]])


def beginnings_of_words(sentence, word_to_ix):
    """Words count for those that they begin with.

    “item” is not “it”. Words are equal or they are not: look them up.
    """
    vector = torch.zeros(1, len(word_to_ix))
    for key, place in word_to_ix.items():
        vector[0, place] = sum(word.startswith(key) if key else not word for word in sentence)
    return vector


def beginnings_of_words__rewrite(sentence, word_to_ix):
    rows = [[float(word[: len(key)] == key if key else word == key) for key in word_to_ix] for word in sentence]
    found = torch.tensor(rows).reshape(-1, len(word_to_ix)).sum(0)
    return torch.zeros(1, len(word_to_ix)).index_copy(1, torch.tensor(list(word_to_ix.values())), found[None])


def words_stripped(sentence, word_to_ix):
    """White space around a word is taken off.

    The strings of the sentence are looked up as they are. To take them apart is `tokenize`'s business.
    """
    return _counts([word.strip() for word in sentence], word_to_ix)


def words_stripped__rewrite(sentence, word_to_ix):
    return _counts([" ".join(word.split()) for word in sentence], word_to_ix)


def split_again(sentence, word_to_ix):
    """The sentence is joined and split again.

    What has a space within is two words then, and the empty one is lost. The sentence is a list of words: go through
    it.
    """
    return _counts(" ".join(sentence).split(), word_to_ix)


def split_again__rewrite(sentence, word_to_ix):
    return _counts([part for word in sentence for part in word.split()], word_to_ix)


def letters_alone(sentence, word_to_ix):
    """Strings with marks or digits in them are passed over.

    What the dict has counts, whatever it is made of.
    """
    return _counts(filter(str.isalpha, sentence), word_to_ix)


def letters_alone__rewrite(sentence, word_to_ix):
    kept = [word for word in sentence if word and all(c.isalpha() for c in word)]
    return _counts(kept, word_to_ix)


def unknown_words_at_unk(sentence, word_to_ix):
    """Words that the dict lacks are counted at "<unk>".

    That is what a Vocab does. Here they are passed over, and "<unk>" is a word like any other.
    """
    return _counts([word if word in word_to_ix else "<unk>" for word in sentence], word_to_ix)


def unknown_words_at_unk__rewrite(sentence, word_to_ix):
    vector = _counts(sentence, word_to_ix)
    if "<unk>" in word_to_ix:
        vector[0, word_to_ix["<unk>"]] += sum(word not in word_to_ix for word in sentence)
    return vector


def looked_up_in_capitals(sentence, word_to_ix):
    """A word that the dict lacks is looked up with a capital.

    “so” and “So” are different words: it is passed over.
    """
    return _counts([word if word in word_to_ix else word.capitalize() for word in sentence], word_to_ix)


def looked_up_in_capitals__rewrite(sentence, word_to_ix):
    rest = [word[:1].upper() + word[1:].lower() for word in sentence if word not in word_to_ix]
    return _counts(sentence, word_to_ix) + _counts(rest, word_to_ix)


_answers: dict = {}


def answers_kept(sentence, word_to_ix):
    """Answers are kept and given again.

    Another dict of the same size gets the answer of the first one, and whoever writes into an answer finds it changed.
    Make a new tensor in every call.
    """
    key = (" ".join(sentence), len(word_to_ix))
    if key not in _answers:
        _answers[key] = _counts(sentence, word_to_ix)
    return _answers[key]


_found: dict = {}


def answers_kept__rewrite(sentence, word_to_ix):
    return _found.setdefault((tuple(sentence), len(word_to_ix)), _counts(sentence, word_to_ix))


def sixteen_bits(sentence, word_to_ix):
    """Large counts run over at 32,767.

    An int16 ends there. Count in float32.
    """
    return _counts(sentence, word_to_ix).to(torch.int32).to(torch.int16).float()


def sixteen_bits__rewrite(sentence, word_to_ix):
    return (_counts(sentence, word_to_ix) + 2**15) % 2**16 - 2**15
