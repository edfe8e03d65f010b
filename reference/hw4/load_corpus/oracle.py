"""load_corpus without flattening: ids are looked up token by token, from an iterator."""

import itertools

from words import Vocab, tokenize


def load_corpus(lines, token="char", max_tokens=-1):
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    ids = (vocab[each] for each in itertools.chain.from_iterable(tokens))
    return list(itertools.islice(ids, max_tokens if max_tokens > 0 else None)), vocab
