"""Ways in which replace_mlm_tokens goes wrong with the positions that it chooses."""

from replacing import again as _again
from replacing import replace as _replace
from replacing import sample as _sample
from replacing import shuffled as _shuffled


def neighbours_apart(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Neighbouring positions are not predicted together as often as others.

    Often a position next to a chosen one is passed over. Every pair of candidates must be equally likely, neighbours
    too: draw from all candidates that are left.
    """

    def choose(candidates, count, rng):
        chosen, passed = [], []
        for position in _shuffled(candidates, len(candidates), rng):
            (passed if {position - 1, position + 1} & set(chosen) else chosen).append(position)
        return (chosen + passed)[:count]

    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def neighbours_apart__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    def choose(candidates, count, rng):
        left, chosen = list(candidates), []
        while left and len(chosen) < count:
            far = [p for p in left if p - 1 not in chosen and p + 1 not in chosen]
            chosen.append(left.pop(left.index(rng.choice(far or left))))
        return chosen

    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def first_candidates(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """The first candidates are always the ones predicted.

    Draw the positions: shuffle a copy of the candidates, or sample from them.
    """
    choose = lambda candidates, count, rng: candidates[:count]
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def first_candidates__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    choose = lambda candidates, count, rng: [p for i, p in enumerate(candidates) if i < count]
    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def run_of_candidates(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Candidates next to each other are predicted.

    Drawing only where to begin gives neighbours. Every pair of candidates must be equally likely.
    """

    def choose(candidates, count, rng):
        start = rng.randrange(len(candidates)) if candidates else 0
        return (candidates[start:] + candidates[:start])[:count]

    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def run_of_candidates__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    def choose(candidates, count, rng):
        size = len(candidates)
        start = int(rng.random() * size)
        return [candidates[(start + i) % size] for i in range(min(count, size))]

    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def last_candidate_never(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """The last candidate is never predicted where not all are.

    `randrange(n)` already stops before n: an additional - 1 loses the last one.
    """

    def choose(candidates, count, rng):
        return _sample(candidates if count >= len(candidates) else candidates[:-1], count, rng)

    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def last_candidate_never__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    def choose(candidates, count, rng):
        left, chosen = list(candidates), []
        while left and len(chosen) < count:
            usable = left if count >= len(candidates) else [p for p in left if p != candidates[-1]]
            chosen.append(left.pop(left.index(usable[rng.randrange(len(usable))])))
        return chosen

    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def some_candidates_favoured(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Some candidates are predicted more often than others.

    This happens when the candidates are taken in their order, each with some probability, and when a shuffle made by
    hand swaps each of them with any other. Shuffle a copy with `rng.shuffle`, or sample.
    """

    def choose(candidates, count, rng):
        chosen = [p for p in candidates if rng.random() < 0.5][:count]
        return chosen + [p for p in candidates if p not in chosen][: count - len(chosen)]

    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def some_candidates_favoured__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    def choose(candidates, count, rng):
        mixed = list(candidates)
        for i in range(len(mixed)):
            j = rng.randrange(len(mixed))
            mixed[i], mixed[j] = mixed[j], mixed[i]
        return mixed[:count]

    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def with_replacement(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Positions are drawn with replacement.

    The same position can then be predicted twice, and counts twice in the loss. Use a draw without replacement.
    """

    def choose(candidates, count, rng):
        return [rng.choice(candidates) for _ in range(min(count, len(candidates)))]

    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def with_replacement__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    def choose(candidates, count, rng):
        return rng.choices(candidates, k=min(count, len(candidates))) if candidates else []

    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def any_position(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Positions are drawn from the whole sentence instead of the candidates.

    The candidates leave out positions that must not be predicted. A number drawn below their count is an index into
    the list of candidates, not a position.
    """
    everything = list(range(len(tokens)))
    return _replace(tokens, everything, min(num_mlm_preds, len(candidate_pred_positions)), vocab, rng)


def any_position__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    everything = [i for i, _ in enumerate(tokens)]
    return _again(tokens, everything, min(num_mlm_preds, len(candidate_pred_positions)), vocab, rng)


def number_varies(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Each candidate is taken with a probability, so the number of predictions varies.

    Exactly min(num_mlm_preds, number of candidates) are predicted: draw that many without replacement.
    """

    def choose(candidates, count, rng):
        share = min(0.9, count / max(1, len(candidates)))
        return [p for p in _shuffled(candidates, len(candidates), rng) if rng.random() < share]

    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def number_varies__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    def choose(candidates, count, rng):
        return [p for p in candidates if rng.randrange(10 * len(candidates)) < min(10 * count, 9 * len(candidates))]

    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def one_too_many(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """More tokens are predicted than asked for.

    Often it is one too many: test whether there are enough before another one is taken, with >= and not with >.
    """
    choose = lambda candidates, count, rng: _sample(candidates, count + 1, rng)
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def one_too_many__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    def choose(candidates, count, rng):
        taken = []
        for position in _shuffled(candidates, len(candidates), rng):
            if len(taken) > count:
                break
            taken.append(position)
        return taken

    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def too_few_candidates(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """More predictions than there are candidates end in a ValueError.

    `sample` cannot draw more than there are. Ask for min(num_mlm_preds, number of candidates).
    """
    choose = lambda candidates, count, rng: rng.sample(candidates, count)
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)


def too_few_candidates__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    def choose(candidates, count, rng):
        if count > len(candidates):
            raise ValueError("not enough candidates")
        return _shuffled(candidates, count, rng)

    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose)
