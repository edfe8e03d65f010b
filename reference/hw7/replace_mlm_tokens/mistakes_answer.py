"""Ways in which replace_mlm_tokens goes wrong with its answer, its arguments and the generator."""

import random

from replacing import SPECIAL as _SPECIAL
from replacing import again as _again
from replacing import any_word as _any_word
from replacing import dice as _dice
from replacing import drawn_again as _drawn_again
from replacing import one_draw as _one_draw
from replacing import replace as _replace
from replacing import sample as _sample
from replacing import shuffled as _shuffled
from replacing import usual as _usual


def kept_not_reported(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Tokens that stay as they are are left out of the predictions.

    They are predicted as the others are; the model does not know which of the tokens it sees are right.
    """
    new, pairs = _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng)
    return new, [(p, label) for p, label in pairs if new[p] != label]


def kept_not_reported__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    new, _ = _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng)
    return new, [(i, was) for i, (was, now) in enumerate(zip(tokens, new)) if was != now]


def label_is_replacement(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """The labels are the tokens after the replacement.

    The model is to find what stood there before. Read the label from the original tokens, or before you write.
    """
    new, pairs = _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng)
    return new, [(p, new[p]) for p, _ in pairs]


def label_is_replacement__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    new, pairs = tokens[:], []
    for position in _shuffled(candidate_pred_positions, num_mlm_preds, rng):
        fate = _dice(rng)
        if fate == "mask":
            new[position] = "<mask>"
        elif fate == "random":
            new[position] = rng.choice(_usual(vocab))
        pairs.append((position, new[position]))
    return new, pairs


def pairs_turned(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """The predictions are pairs (label, position).

    Each prediction is a pair (position, label).
    """
    new, pairs = _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng)
    return new, [(label, p) for p, label in pairs]


def pairs_turned__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    new, pairs = _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng)
    return new, list(map(tuple, map(reversed, pairs)))


def all_occurrences(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Every occurrence of a chosen word is replaced.

    Only the predicted position changes. Replace by position, not by comparing words.
    """
    new, pairs = _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng)
    fates = {label: new[p] for p, label in pairs}
    return [fates.get(token, token) for token in tokens], pairs


def all_occurrences__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    one, pairs = _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng)
    new = tokens[:]
    for position, label in pairs:
        for i in range(len(tokens)):
            if tokens[i] == label:
                new[i] = one[position]
    return new, pairs


def tokens_overwritten(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """The replacements are written into the list that was passed.

    The caller's sentence is lost. Write into a copy.
    """
    new, pairs = _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng)
    tokens[:] = new
    return tokens, pairs


def tokens_overwritten__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    new, pairs = tokens, []
    for position in _shuffled(candidate_pred_positions, num_mlm_preds, rng):
        pairs.append((position, tokens[position]))
        fate = _dice(rng)
        if fate != "keep":
            new[position] = "<mask>" if fate == "mask" else _drawn_again(rng, vocab, tokens)
    return new, pairs


def labels_from_overwritten(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """A second name is taken for a copy, so that the labels are read after the replacement.

    `new = tokens` names the same list: what is written into it also changes the labels, and the caller's sentence.
    Copy the list.
    """
    new, pairs = tokens, []
    for position in _sample(candidate_pred_positions, num_mlm_preds, rng):
        fate = _one_draw(rng)
        new[position] = {"mask": "<mask>", "keep": tokens[position]}.get(fate) or _any_word(rng, vocab, tokens)
        pairs.append((position, tokens[position]))
    return new, pairs


def labels_from_overwritten__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    tokens[:], pairs = _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng)
    return tokens, [(p, tokens[p]) for p, _ in pairs]


def same_list_where_nothing(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Where nothing is predicted the list that was passed comes back.

    The caller may edit the answer and would edit the sentence too. Return a copy in every case.
    """
    if not candidate_pred_positions or num_mlm_preds == 0:
        return tokens, []
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng)


def same_list_where_nothing__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    new, pairs = _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng)
    return (new if pairs else tokens), pairs


def candidates_changed(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """The list of candidates that was passed is changed.

    Shuffling it, or taking positions out of it, is seen by the caller, whose list it is. Work on a copy, or sample.
    """
    rng.shuffle(candidate_pred_positions)
    choose = lambda candidates, count, rng: candidates[:count]
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def candidates_changed__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    def choose(candidates, count, rng):
        taken = []
        while candidates and len(taken) < count:
            position = rng.choice(candidates)
            candidates.remove(position)
            taken.append(position)
        return taken

    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def vocabulary_edited(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """The special tokens are removed from the vocabulary itself.

    `idx_to_token` belongs to the vocabulary, and its ids are wrong afterwards. Make a new list of words.
    """
    for token in _SPECIAL:
        if token in vocab.idx_to_token:
            vocab.idx_to_token.remove(token)
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng)


def vocabulary_edited__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    words = vocab.idx_to_token
    words[:] = [word for word in words if word not in _SPECIAL]
    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=lambda r, v, t: r.choice(words))


def global_generator(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Draws from the global `random` instead of `rng`.

    Then the data depend on whatever else draws from it, and a seed does not bring them back. Call the methods of
    `rng`.
    """
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, random)


def global_generator__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, random)


def partly_global(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """One of several draws comes from a generator of its own.

    All of them must come from `rng`: which positions, what becomes of them, and which word.
    """
    pick = lambda rng, vocab, tokens: random.Random().choice(_usual(vocab))
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=pick)


def partly_global__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    return _again(
        tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=lambda rng: _dice(random.SystemRandom())
    )


def reseeded(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Every call starts from the same seed.

    Then every sentence gets the same positions. The caller has seeded `rng`; only draw from it.
    """
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, random.Random(0))


def reseeded__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    rng.seed(12)
    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng)
