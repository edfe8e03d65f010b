"""Correct corpora, built in other ways."""

from words import Vocab, tokenize


def flat_first(lines, token="char", max_tokens=-1):
    """Flattens the tokens, builds the vocabulary from the flat list and looks all of it up at once."""
    flat = []
    for line in tokenize(lines, token):
        flat.extend(line)
    vocab = Vocab(flat)
    corpus = vocab[flat]
    if max_tokens > 0:
        del corpus[max_tokens:]
    return corpus, vocab


def nested_loops(lines, token="char", max_tokens=-1):
    """Loops that stop when there is enough."""
    tokens = tokenize(lines, token=token)
    vocab = Vocab(tokens, min_freq=0)
    corpus = []
    for line in tokens:
        for each in line:
            if 0 < max_tokens <= len(corpus):
                return corpus, vocab
            corpus.append(vocab[each])
    return corpus, vocab


def sums_of_lists(lines, token="char", max_tokens=-1):
    """A list of lists of ids, added up."""
    vocab = Vocab(tokenize(lines, token))
    corpus = []
    for ids in vocab[tokenize(lines, token)]:
        corpus = corpus + ids
    return [corpus[:max_tokens], corpus][max_tokens <= 0], vocab
