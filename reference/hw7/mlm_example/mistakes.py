"""Ways in which mlm_example goes wrong."""

import math
import random

from _replacing import replace_mlm_tokens as _replace

_ENDS = ("<cls>", "<sep>")


def _inside(tokens):
    return [i for i, token in enumerate(tokens) if token not in _ENDS]


def _count(tokens):
    return max(1, round(0.15 * len(tokens)))


def _example(tokens, vocab, rng, candidates=_inside, count=_count):
    new, pairs = _replace(tokens, candidates(tokens), count(tokens), vocab, rng)
    pairs.sort()
    return vocab[new], [p for p, _ in pairs], vocab[[label for _, label in pairs]]


def _plainly(tokens, vocab, rng, candidates=_inside, count=_count):
    new, pairs = _replace(tokens, candidates(tokens), count(tokens), vocab, rng)
    labels = dict(pairs)
    positions = sorted(labels)
    return [vocab[token] for token in new], positions, [vocab[labels[p]] for p in positions]


def everything_predicted(tokens, vocab, rng):
    """ "<cls>" and "<sep>" are candidates too.

    They say nothing about the text, and the model would learn to find them by their places. Leave their positions
    out.
    """
    return _example(tokens, vocab, rng, candidates=lambda tokens: list(range(len(tokens))))


def everything_predicted__rewrite(tokens, vocab, rng):
    return _plainly(tokens, vocab, rng, candidates=lambda tokens: [i for i, _ in enumerate(tokens)])


def ends_left_out(tokens, vocab, rng):
    """The first and the last position are left out, but not the "<sep>" between two sentences.

    Separators can stand anywhere: go by the token, not by the place.
    """
    return _example(tokens, vocab, rng, candidates=lambda tokens: list(range(1, len(tokens) - 1)))


def ends_left_out__rewrite(tokens, vocab, rng):
    return _plainly(tokens, vocab, rng, candidates=lambda tokens: list(range(len(tokens)))[1:-1])


def sep_predicted(tokens, vocab, rng):
    """ "<sep>" is a candidate.

    Neither "<cls>" nor "<sep>" is ever predicted.
    """
    return _example(tokens, vocab, rng, candidates=lambda tokens: [i for i, t in enumerate(tokens) if t != "<cls>"])


def sep_predicted__rewrite(tokens, vocab, rng):
    return _plainly(tokens, vocab, rng, candidates=lambda tokens: list(range(1, len(tokens))))


def cls_predicted(tokens, vocab, rng):
    """ "<cls>" is a candidate.

    Neither "<cls>" nor "<sep>" is ever predicted.
    """
    return _example(tokens, vocab, rng, candidates=lambda tokens: [i for i, t in enumerate(tokens) if t != "<sep>"])


def cls_predicted__rewrite(tokens, vocab, rng):
    def candidates(tokens):
        return list(filter(lambda i: tokens[i] not in {"<sep>"}, range(len(tokens))))

    return _plainly(tokens, vocab, rng, candidates=candidates)


def unknown_left_out(tokens, vocab, rng):
    """Other special tokens are left out of the candidates as well.

    Only "<cls>" and "<sep>" are; a token of the text that became "<unk>" is predicted like any other.
    """
    special = ("<unk>", "<pad>", "<mask>", "<cls>", "<sep>")
    return _example(tokens, vocab, rng, candidates=lambda tokens: [i for i, t in enumerate(tokens) if t not in special])


def unknown_left_out__rewrite(tokens, vocab, rng):
    return _plainly(
        tokens, vocab, rng, candidates=lambda tokens: [i for i, t in enumerate(tokens) if not t.startswith("<")]
    )


def first_occurrences(tokens, vocab, rng):
    """A word that comes twice is a candidate only where it comes first.

    `tokens.index(token)` always gives the first place. Get positions and tokens together from enumerate.
    """

    def candidates(tokens):
        return sorted({tokens.index(token) for token in tokens if token not in _ENDS})

    return _example(tokens, vocab, rng, candidates=candidates)


def first_occurrences__rewrite(tokens, vocab, rng):
    return _plainly(tokens, vocab, rng, candidates=lambda ts: [i for i in _inside(ts) if ts[i] not in ts[:i]])


def share_of_candidates(tokens, vocab, rng):
    """The number is 15 % of the candidates, not of the tokens.

    The number asked for is counted from all tokens of the input, separators included.
    """
    return _example(tokens, vocab, rng, count=lambda tokens: max(1, round(0.15 * len(_inside(tokens)))))


def share_of_candidates__rewrite(tokens, vocab, rng):
    def count(tokens):
        return max(1, round(0.15 * sum(token not in _ENDS for token in tokens)))

    return _plainly(tokens, vocab, rng, count=count)


def cut_down(tokens, vocab, rng):
    """The number is cut down instead of rounded.

    `int` and `//` drop the fraction; `round` goes to the nearest integer.
    """
    return _example(tokens, vocab, rng, count=lambda tokens: max(1, int(0.15 * len(tokens))))


def cut_down__rewrite(tokens, vocab, rng):
    return _plainly(tokens, vocab, rng, count=lambda tokens: max(1, len(tokens) * 15 // 100))


def rounded_up(tokens, vocab, rng):
    """The number is always rounded up.

    `round` goes to the nearest integer.
    """
    return _example(tokens, vocab, rng, count=lambda tokens: math.ceil(0.15 * len(tokens)))


def rounded_up__rewrite(tokens, vocab, rng):
    return _plainly(tokens, vocab, rng, count=lambda tokens: -(-15 * len(tokens) // 100))


def half_up(tokens, vocab, rng):
    """A half is rounded up, where Python's round goes to the even number.

    Adding 0.5 and cutting off is not what `round` does: round(4.5) is 4.
    """
    return _example(tokens, vocab, rng, count=lambda tokens: max(1, int(0.15 * len(tokens) + 0.5)))


def half_up__rewrite(tokens, vocab, rng):
    return _plainly(tokens, vocab, rng, count=lambda tokens: max(1, (30 * len(tokens) + 100) // 200))


def perhaps_none(tokens, vocab, rng):
    """A short input gets no prediction.

    round(0.15 * 3) is 0; at least one token is predicted in every input that has one.
    """
    return _example(tokens, vocab, rng, count=lambda tokens: round(0.15 * len(tokens)))


def perhaps_none__rewrite(tokens, vocab, rng):
    def count(tokens):
        exact = 0.15 * len(tokens)
        return int(exact) if exact - int(exact) <= 0.5 else int(exact) + 1

    return _plainly(tokens, vocab, rng, count=count)


def always_one(tokens, vocab, rng):
    """Only one token is predicted, however long the input is.

    max and min are easily mixed up: the number is 15 % of the tokens, and at least one.
    """
    return _example(tokens, vocab, rng, count=lambda tokens: 1)


def always_one__rewrite(tokens, vocab, rng):
    position = rng.choice(_inside(tokens) or [None])
    return _plainly(tokens, vocab, rng, candidates=lambda tokens: [] if position is None else [position])


def capped(tokens, vocab, rng):
    """Fewer than 15 % of a long input's tokens are predicted.

    Often the number is capped, as in BERT's own script, which predicts at most 20. Here it grows with the input.
    """
    return _example(tokens, vocab, rng, count=lambda tokens: min(20, _count(tokens)))


def capped__rewrite(tokens, vocab, rng):
    return _plainly(tokens, vocab, rng, count=lambda tokens: sorted([1, round(len(tokens) * 0.15), 20])[1])


def unsorted(tokens, vocab, rng):
    """The positions come in the order in which they were drawn.

    They must ascend, and the labels with them: sort the pairs.
    """
    new, pairs = _replace(tokens, _inside(tokens), _count(tokens), vocab, rng)
    return vocab[new], [p for p, _ in pairs], vocab[[label for _, label in pairs]]


def unsorted__rewrite(tokens, vocab, rng):
    ids, positions, labels = _plainly(tokens, vocab, rng)
    order = list(range(len(positions)))
    rng.shuffle(order)
    return ids, [positions[i] for i in order], [labels[i] for i in order]


def labels_left_behind(tokens, vocab, rng):
    """The positions are sorted, the labels are not.

    Each label then belongs to another position. Sort the pairs before you take them apart.
    """
    new, pairs = _replace(tokens, _inside(tokens), _count(tokens), vocab, rng)
    return vocab[new], sorted(p for p, _ in pairs), vocab[[label for _, label in pairs]]


def labels_left_behind__rewrite(tokens, vocab, rng):
    ids, positions, labels = _plainly(tokens, vocab, rng)
    rng.shuffle(labels)
    return ids, positions, labels


def labels_sorted_too(tokens, vocab, rng):
    """Positions and labels are sorted each for itself.

    Label ids in ascending order belong to other positions. Sort the pairs before you take them apart.
    """
    ids, positions, labels = _example(tokens, vocab, rng)
    return ids, positions, sorted(labels)


def labels_sorted_too__rewrite(tokens, vocab, rng):
    new, pairs = _replace(tokens, _inside(tokens), _count(tokens), vocab, rng)
    positions, labels = [p for p, _ in pairs], [vocab[label] for _, label in pairs]
    positions.sort()
    labels.sort()
    return vocab[new], positions, labels


def labels_from_input(tokens, vocab, rng):
    """The label ids are those of the tokens after the replacement.

    The label is the original token, which the model has to find.
    """
    ids, positions, _ = _example(tokens, vocab, rng)
    return ids, positions, [ids[p] for p in positions]


def labels_from_input__rewrite(tokens, vocab, rng):
    new, pairs = _replace(tokens, _inside(tokens), _count(tokens), vocab, rng)
    positions = [p for p, _ in sorted(pairs)]
    return vocab[new], positions, vocab[[new[p] for p in positions]]


def labels_everywhere(tokens, vocab, rng):
    """There is a label for every token.

    Labels are given for the predicted positions only, as many as there are positions.
    """
    ids, positions, _ = _example(tokens, vocab, rng)
    return ids, positions, vocab[tokens]


def labels_everywhere__rewrite(tokens, vocab, rng):
    ids, positions, labels = _plainly(tokens, vocab, rng)
    known = dict(zip(positions, labels))
    return ids, positions, [known.get(i, -100) for i in range(len(tokens))]


def not_replaced(tokens, vocab, rng):
    """The input ids are those of the original tokens.

    The model would see what it has to predict. Look up the tokens that `replace_mlm_tokens` gives back.
    """
    _, positions, labels = _example(tokens, vocab, rng)
    return vocab[tokens], positions, labels


def not_replaced__rewrite(tokens, vocab, rng):
    _, positions, labels = _plainly(tokens, vocab, rng)
    return [vocab[token] for token in tokens], positions, labels


def only_masks(tokens, vocab, rng):
    """Every predicted token becomes "<mask>".

    Let `replace_mlm_tokens` decide what becomes of a token: a tenth stays and a tenth becomes a random word.
    """
    _, positions, labels = _example(tokens, vocab, rng)
    return vocab[["<mask>" if i in positions else t for i, t in enumerate(tokens)]], positions, labels


def only_masks__rewrite(tokens, vocab, rng):
    _, positions, labels = _plainly(tokens, vocab, rng)
    ids = vocab[list(tokens)]
    for position in positions:
        ids[position] = vocab["<mask>"]
    return ids, positions, labels


def tokens_returned(tokens, vocab, rng):
    """Tokens are returned instead of ids.

    A model takes numbers: look the tokens and the labels up in the vocabulary.
    """
    new, pairs = _replace(tokens, _inside(tokens), _count(tokens), vocab, rng)
    return new, sorted(p for p, _ in pairs), [label for _, label in sorted(pairs)]


def tokens_returned__rewrite(tokens, vocab, rng):
    new, pairs = _replace(tokens, _inside(tokens), _count(tokens), vocab, rng)
    labels = dict(pairs)
    return list(new), sorted(labels), [labels[p] for p in sorted(labels)]


def labels_as_tokens(tokens, vocab, rng):
    """The input is looked up in the vocabulary, the labels are not.

    The labels are ids too.
    """
    new, pairs = _replace(tokens, _inside(tokens), _count(tokens), vocab, rng)
    return vocab[new], sorted(p for p, _ in pairs), [label for _, label in sorted(pairs)]


def labels_as_tokens__rewrite(tokens, vocab, rng):
    ids, positions, _ = _plainly(tokens, vocab, rng)
    return ids, positions, [tokens[p] for p in positions]


def looked_up_by_hand(tokens, vocab, rng):
    """A token that is not in the vocabulary ends in an error.

    `idx_to_token.index` knows nothing of unknown tokens; `vocab[token]` gives them the id of "<unk>".
    """
    new, pairs = _replace(tokens, _inside(tokens), _count(tokens), vocab, rng)
    pairs.sort()
    find = vocab.idx_to_token.index
    return [find(t) for t in new], [p for p, _ in pairs], [find(label) for _, label in pairs]


def looked_up_by_hand__rewrite(tokens, vocab, rng):
    ids, positions, labels = _plainly(tokens, vocab, rng)
    for token in tokens:
        if token not in vocab.idx_to_token:
            raise ValueError(f"{token} is not in list")
    return ids, positions, labels


def tokens_overwritten(tokens, vocab, rng):
    """The list of tokens that was passed is changed.

    The caller's sentence is lost. Work on a copy.
    """
    new, pairs = _replace(tokens, _inside(tokens), _count(tokens), vocab, rng)
    tokens[:] = new
    return vocab[new], sorted(p for p, _ in pairs), vocab[[label for _, label in sorted(pairs)]]


def tokens_overwritten__rewrite(tokens, vocab, rng):
    answer = _plainly(tokens, vocab, rng)
    for position in answer[1]:
        tokens[position] = vocab.idx_to_token[answer[0][position]]
    return answer


def global_generator(tokens, vocab, rng):
    """Draws from the global `random` instead of `rng`.

    Pass `rng` on to `replace_mlm_tokens`; then a seed brings the same data back.
    """
    return _example(tokens, vocab, random)


def global_generator__rewrite(tokens, vocab, rng):
    return _plainly(tokens, vocab, random)


def own_generator(tokens, vocab, rng):
    """Draws from a generator of its own instead of `rng`.

    Pass on the one that the caller has seeded.
    """
    return _example(tokens, vocab, random.Random())


def own_generator__rewrite(tokens, vocab, rng):
    return _plainly(tokens, vocab, random.SystemRandom())


def reseeded(tokens, vocab, rng):
    """Every call starts from the same seed.

    Then every input gets the same positions. The caller has seeded `rng`; only pass it on.
    """
    return _example(tokens, vocab, random.Random(0))


def reseeded__rewrite(tokens, vocab, rng):
    rng.seed(7)
    return _plainly(tokens, vocab, rng)
