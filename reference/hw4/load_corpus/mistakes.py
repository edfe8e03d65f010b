"""Ways in which load_corpus goes wrong."""

from words import Vocab, tokenize


def _corpus(tokens, vocab, max_tokens):
    corpus = [index for line in tokens for index in vocab[line]]
    return corpus[:max_tokens] if max_tokens > 0 else corpus


def not_flattened(lines, token="char", max_tokens=-1):
    """The corpus has a list for each line.

    One flat list is asked for: the ids of all lines, one after the other.
    """
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    corpus = [vocab[line] for line in tokens]
    return corpus[:max_tokens] if max_tokens > 0 else corpus, vocab


def not_flattened__rewrite(lines, token="char", max_tokens=-1):
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    corpus = []
    for line in tokens:
        corpus.append([vocab[each] for each in line])
    return (corpus[0:max_tokens] if max_tokens >= 1 else corpus), vocab


def tokens_kept(lines, token="char", max_tokens=-1):
    """The corpus holds tokens instead of ids.

    Look each token up in the vocabulary.
    """
    tokens = tokenize(lines, token)
    flat = [each for line in tokens for each in line]
    return flat[:max_tokens] if max_tokens > 0 else flat, Vocab(tokens)


def tokens_kept__rewrite(lines, token="char", max_tokens=-1):
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    return vocab.to_tokens(_corpus(tokens, vocab, max_tokens)), vocab


def last_token_lost(lines, token="char", max_tokens=-1):
    """With max_tokens -1 the last token is lost.

    corpus[:-1] is everything but the last. Cut only where max_tokens is above 0.
    """
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    return [index for line in tokens for index in vocab[line]][:max_tokens], vocab


def last_token_lost__rewrite(lines, token="char", max_tokens=-1):
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    corpus = _corpus(tokens, vocab, -1)
    end = max_tokens if max_tokens >= 0 else max(len(corpus) + max_tokens, 0)
    return corpus[:end], vocab


def zero_keeps_nothing(lines, token="char", max_tokens=-1):
    """With max_tokens 0 nothing is left.

    Only numbers above 0 cut: compare with > 0, not with >= 0.
    """
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    corpus = _corpus(tokens, vocab, -1)
    return corpus[:max_tokens] if max_tokens >= 0 else corpus, vocab


def zero_keeps_nothing__rewrite(lines, token="char", max_tokens=-1):
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    corpus = []
    for line in tokens:
        for each in line:
            if max_tokens < 0 or len(corpus) < max_tokens:
                corpus.append(vocab[each])
    return corpus, vocab


def only_minus_one_means_all(lines, token="char", max_tokens=-1):
    """Only -1 stands for everything.

    Every number of 0 or below does: compare with > 0 instead of with -1.
    """
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    corpus = _corpus(tokens, vocab, -1)
    return corpus if max_tokens == -1 else corpus[:max_tokens], vocab


def only_minus_one_means_all__rewrite(lines, token="char", max_tokens=-1):
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    corpus = [vocab[each] for line in tokens for each in line]
    if max_tokens != -1:
        corpus = corpus[:max_tokens]
    return corpus, vocab


def never_cut(lines, token="char", max_tokens=-1):
    """max_tokens is not used.

    Above 0 it says how many ids are kept.
    """
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    return _corpus(tokens, vocab, -1), vocab


def never_cut__rewrite(lines, token="char", max_tokens=-1):
    flat = [each for line in tokenize(lines, token) for each in line]
    vocab = Vocab(flat)
    return vocab[flat], vocab


def lines_cut(lines, token="char", max_tokens=-1):
    """max_tokens counts lines.

    It counts tokens: cut the flat list.
    """
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    return _corpus(tokens[:max_tokens] if max_tokens > 0 else tokens, vocab, -1), vocab


def lines_cut__rewrite(lines, token="char", max_tokens=-1):
    vocab = Vocab(tokenize(lines, token))
    kept = lines if max_tokens <= 0 else lines[:max_tokens]
    return _corpus(tokenize(kept, token), vocab, -1), vocab


def each_line_cut(lines, token="char", max_tokens=-1):
    """Every line is cut to max_tokens.

    The whole corpus has max_tokens ids: flatten first, then cut.
    """
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    return _corpus([line[:max_tokens] if max_tokens > 0 else line for line in tokens], vocab, -1), vocab


def each_line_cut__rewrite(lines, token="char", max_tokens=-1):
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    corpus = []
    for line in tokens:
        ids = vocab[line]
        corpus += ids if max_tokens <= 0 else ids[:max_tokens]
    return corpus, vocab


def one_too_many(lines, token="char", max_tokens=-1):
    """The corpus has one id too many.

    A slice ends before its second number: corpus[:max_tokens] has max_tokens ids.
    """
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    return _corpus(tokens, vocab, max_tokens + 1 if max_tokens > 0 else -1), vocab


def one_too_many__rewrite(lines, token="char", max_tokens=-1):
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    corpus = []
    for each in (each for line in tokens for each in line):
        corpus.append(vocab[each])
        if 0 < max_tokens < len(corpus):
            break
    return corpus, vocab


def vocabulary_of_what_is_kept(lines, token="char", max_tokens=-1):
    """The vocabulary knows only the tokens that are kept.

    What is cut off has ids too, and its counts decide their order. Build the vocabulary before cutting.
    """
    flat = [each for line in tokenize(lines, token) for each in line]
    if max_tokens > 0:
        flat = flat[:max_tokens]
    vocab = Vocab(flat)
    return vocab[flat], vocab


def vocabulary_of_what_is_kept__rewrite(lines, token="char", max_tokens=-1):
    kept = []
    for line in tokenize(lines, token):
        room = len(line) if max_tokens <= 0 else max_tokens - sum(map(len, kept))
        kept.append(line[: max(room, 0)])
    vocab = Vocab(kept)
    return _corpus(kept, vocab, -1), vocab


def always_characters(lines, token="char", max_tokens=-1):
    """The tokens are always characters.

    token says what they are; give it to tokenize.
    """
    if token not in ("word", "char"):
        raise ValueError(token)
    tokens = tokenize(lines, "char")
    vocab = Vocab(tokens)
    return _corpus(tokens, vocab, max_tokens), vocab


def always_characters__rewrite(lines, token="char", max_tokens=-1):
    tokenize([], token)
    flat = list("".join(lines))
    vocab = Vocab(flat)
    return vocab[flat][: max_tokens if max_tokens > 0 else len(flat)], vocab


def always_words(lines, token="char", max_tokens=-1):
    """The tokens are always words.

    Without an argument tokenize splits into words. Give it token.
    """
    if token not in ("word", "char"):
        raise ValueError(token)
    tokens = tokenize(lines)
    vocab = Vocab(tokens)
    return _corpus(tokens, vocab, max_tokens), vocab


def always_words__rewrite(lines, token="char", max_tokens=-1):
    tokenize([], token)
    flat = " ".join(lines).split()
    vocab = Vocab(flat)
    return vocab[flat][: max_tokens if max_tokens > 0 else len(flat)], vocab


def other_types_are_characters(lines, token="char", max_tokens=-1):
    """Any other type of token is taken for "char".

    tokenize raises a ValueError for it; let it.
    """
    tokens = [line.split() if token == "word" else list(line) for line in lines]
    vocab = Vocab(tokens)
    return _corpus(tokens, vocab, max_tokens), vocab


def other_types_are_characters__rewrite(lines, token="char", max_tokens=-1):
    try:
        tokens = tokenize(lines, token)
    except ValueError:
        tokens = tokenize(lines, "char")
    vocab = Vocab(tokens)
    return _corpus(tokens, vocab, max_tokens), vocab


def rare_tokens_dropped(lines, token="char", max_tokens=-1):
    """Tokens that occur once are not in the vocabulary.

    No min_freq is asked for: every token gets an id of its own.
    """
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens, min_freq=2)
    return _corpus(tokens, vocab, max_tokens), vocab


def rare_tokens_dropped__rewrite(lines, token="char", max_tokens=-1):
    tokens = tokenize(lines, token)
    flat = [each for line in tokens for each in line]
    vocab = Vocab([each for each in flat if flat.count(each) > 1])
    return _corpus(tokens, vocab, max_tokens), vocab


def reserved_tokens_added(lines, token="char", max_tokens=-1):
    """The vocabulary has reserved tokens.

    None are asked for: they would shift all ids.
    """
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens, reserved_tokens=["<pad>"])
    return _corpus(tokens, vocab, max_tokens), vocab


def reserved_tokens_added__rewrite(lines, token="char", max_tokens=-1):
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens, 0, ("<pad>",))
    return _corpus(tokens, vocab, max_tokens), vocab


def line_ends_added(lines, token="char", max_tokens=-1):
    """Lines are joined with something in between.

    Where lines end has no meaning here: nothing is put between them.
    """
    if token not in ("word", "char"):
        raise ValueError(token)
    text = "\n".join(lines)
    flat = text.split() if token == "word" else list(text)
    vocab = Vocab(flat)
    return vocab[flat][: max_tokens if max_tokens > 0 else len(flat)], vocab


def line_ends_added__rewrite(lines, token="char", max_tokens=-1):
    tokens = [line + ["\n"] if token == "char" and i + 1 < len(lines) else line
              for i, line in enumerate(tokenize(lines, token))]  # fmt: skip
    vocab = Vocab(tokens)
    return _corpus(tokens, vocab, max_tokens), vocab


def vocabulary_forgotten(lines, token="char", max_tokens=-1):
    """Only the corpus is returned.

    Without its vocabulary nobody knows what the ids mean: return both.
    """
    tokens = tokenize(lines, token)
    return _corpus(tokens, Vocab(tokens), max_tokens)


def vocabulary_forgotten__rewrite(lines, token="char", max_tokens=-1):
    flat = [each for line in tokenize(lines, token) for each in line]
    ids = Vocab(flat)[flat]
    return ids if max_tokens <= 0 else ids[:max_tokens]


def each_token_once(lines, token="char", max_tokens=-1):
    """Every token stands in the corpus once.

    A corpus is the text: tokens come as often, and in the order, as they stand there.
    """
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    corpus = list(dict.fromkeys(_corpus(tokens, vocab, -1)))
    return corpus[:max_tokens] if max_tokens > 0 else corpus, vocab


def each_token_once__rewrite(lines, token="char", max_tokens=-1):
    tokens = tokenize(lines, token)
    vocab = Vocab(tokens)
    corpus = []
    for index in _corpus(tokens, vocab, -1):
        if index not in corpus:
            corpus.append(index)
    return corpus[: max_tokens if max_tokens > 0 else len(corpus)], vocab


def lines_changed(lines, token="char", max_tokens=-1):
    """The caller's list of lines is changed.

    Make a new list: lines[i] = … writes into the list of the caller.
    """
    for i, line in enumerate(lines):
        lines[i] = line + " "
    tokens = tokenize([line[:-1] for line in lines], token)
    vocab = Vocab(tokens)
    return _corpus(tokens, vocab, max_tokens), vocab


def lines_changed__rewrite(lines, token="char", max_tokens=-1):
    tokens = []
    tokenize([], token)
    while lines:
        tokens += tokenize([lines.pop(0)], token)
    vocab = Vocab(tokens)
    return _corpus(tokens, vocab, max_tokens), vocab
