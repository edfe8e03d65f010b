"""Ways in which replace_mlm_tokens goes wrong with the random words."""

from replacing import SPECIAL as _SPECIAL
from replacing import again as _again
from replacing import drawn_again as _drawn_again
from replacing import replace as _replace
from replacing import shuffled as _shuffled
from replacing import usual as _usual


def special_words(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """The random word may be a special token.

    The vocabulary holds "<pad>", "<cls>" and others, which never stand for a word in a text. Draw from a list
    without them.
    """
    pick = lambda rng, vocab, tokens: rng.choice(vocab.idx_to_token)
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=pick)


def special_words__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    pick = lambda rng, vocab, tokens: vocab.idx_to_token[int(rng.random() * len(vocab))]
    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=pick)


def mask_as_a_word(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """ "<mask>" is left among the words, so that the random word may be "<mask>".

    It is a special token like the others: more than 80 % of the tokens become "<mask>" then.
    """
    others = [token for token in vocab.idx_to_token if token not in ("<unk>", "<pad>", "<cls>", "<sep>")]
    pick = lambda rng, vocab, tokens: rng.choice(others)
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=pick)


def mask_as_a_word__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    def pick(rng, vocab, tokens):
        word = rng.choice(vocab.idx_to_token)
        while word != "<mask>" and word in _SPECIAL:
            word = rng.choice(vocab.idx_to_token)
        return word

    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=pick)


def first_five_special(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """The special tokens are taken to be the first five of the vocabulary.

    They may stand anywhere: some words are then never drawn and some special tokens are. Go by the tokens, not by
    their ids.
    """
    pick = lambda rng, vocab, tokens: rng.choice(vocab.idx_to_token[5:])
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=pick)


def first_five_special__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    pick = lambda rng, vocab, tokens: vocab.idx_to_token[rng.randint(5, len(vocab) - 1)]
    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=pick)


def word_of_the_sentence(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """The random word is drawn from the sentence, not from the vocabulary.

    Any word of the vocabulary can come up, also one that is not in the sentence.
    """
    pick = lambda rng, vocab, tokens: rng.choice([token for token in tokens if token not in _SPECIAL])
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=pick)


def word_of_the_sentence__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    pick = lambda rng, vocab, tokens: rng.choice(sorted(set(tokens) - set(_SPECIAL)))
    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=pick)


def one_word_for_all(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """One random word is drawn for all positions.

    Draw a word for each position that gets one, inside the loop.
    """
    drawn = rng.choice(_usual(vocab))
    pick = lambda rng, vocab, tokens: drawn
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=pick)


def one_word_for_all__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    drawn = _drawn_again(rng, vocab, tokens)
    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=lambda *_: drawn)


def word_and_kind_from_one_draw(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Most words of the vocabulary are never drawn.

    Often the random word is picked with the number that has decided to take one. That number is known to lie in a small
    part of the interval, so only a few words can come up. Draw again, from all words.
    """
    last = []

    def kind(rng):
        last[:] = [rng.random()]
        return "mask" if last[0] < 0.8 else "keep" if last[0] < 0.9 else "random"

    pick = lambda rng, vocab, tokens: _usual(vocab)[int(last[0] * len(_usual(vocab)))]
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=kind, word=pick)


def word_and_kind_from_one_draw__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    words, new, pairs = _usual(vocab), tokens[:], []
    for position in _shuffled(candidate_pred_positions, num_mlm_preds, rng):
        r = rng.random()
        new[position] = words[int(r * len(words))] if r < 0.1 else tokens[position] if r < 0.2 else "<mask>"
        pairs.append((position, tokens[position]))
    return new, pairs


def a_word_never_drawn(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Some words of the vocabulary are never drawn.

    Often it is the last one: `randrange(n)` already stops before n, and an additional - 1 loses a word. Every token but
    the five special ones is a word.
    """
    pick = lambda rng, vocab, tokens: rng.choice(_usual(vocab)[:-1] or _usual(vocab))
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=pick)


def a_word_never_drawn__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    pick = lambda rng, vocab, tokens: _usual(vocab)[-rng.randint(1, max(1, len(_usual(vocab)) - 1))]
    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=pick)


def brackets_left_out(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Words that begin with "<" are never drawn.

    Only five tokens are special. A text may hold others, "<num>" for example, and they are words like the rest.
    """
    pick = lambda rng, vocab, tokens: rng.choice([word for word in vocab.idx_to_token if not word.startswith("<")])
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=pick)


def brackets_left_out__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    def pick(rng, vocab, tokens):
        word = "<"
        while word[0] == "<":
            word = vocab.idx_to_token[rng.randrange(len(vocab))]
        return word

    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=pick)


def words_without_repetition(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """No random word comes twice in an answer.

    Often all random words are sampled at once, without replacement. Each is drawn anew, from all words.
    """
    words = iter(rng.sample(_usual(vocab), len(_usual(vocab))) * (1 + num_mlm_preds))
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=lambda *_: next(words))


def words_without_repetition__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    taken = []

    def pick(rng, vocab, tokens):
        taken.append(rng.choice([word for word in _usual(vocab) if word not in taken] or _usual(vocab)))
        return taken[-1]

    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=pick)
