"""Ways in which replace_mlm_tokens goes wrong with what becomes of a token: the mask, a random word or itself."""

from itertools import cycle

from replacing import again as _again
from replacing import any_word as _any_word
from replacing import dice as _dice
from replacing import drawn_again as _drawn_again
from replacing import one_draw as _one_draw
from replacing import replace as _replace
from replacing import sample as _sample
from replacing import shuffled as _shuffled


def keeps_a_tenth_of_the_rest(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """The second draw has probability 0.1 where the rest is to be halved: too few tokens stay as they are.

    A draw inside the `else` only sees the 20 % that are left. A tenth of the whole is half of them.
    """
    kind = lambda rng: "mask" if rng.random() < 0.8 else "keep" if rng.random() < 0.1 else "random"
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=kind)


def keeps_a_tenth_of_the_rest__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    kind = lambda rng: rng.choices(["mask", "keep", "random"], [0.8, 0.02, 0.18])[0]
    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=kind)


def replaces_a_tenth_of_the_rest(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """The second draw has probability 0.1 where the rest is to be halved: too few tokens become a random word.

    A draw inside the `else` only sees the 20 % that are left. A tenth of the whole is half of them.
    """
    kind = lambda rng: "mask" if rng.random() < 0.8 else "random" if rng.random() < 0.1 else "keep"
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=kind)


def replaces_a_tenth_of_the_rest__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    def kind(rng):
        if rng.random() < 0.8:
            return "mask"
        return "keep" if rng.random() < 0.9 else "random"

    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=kind)


def tenth_after_tenth_keep(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """A tenth gets a random word, and a tenth of what is left stays: 9 % instead of 10 %.

    An `elif` with a new random number only sees what the first condition left over. Draw one number and compare it
    with 0.8 and 0.9.
    """
    kind = lambda rng: "random" if rng.random() < 0.1 else "keep" if rng.random() < 0.1 else "mask"
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=kind)


def tenth_after_tenth_keep__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    def kind(rng):
        first, second = rng.random(), rng.random()
        if first > 0.9:
            return "random"
        return "keep" if second > 0.9 else "mask"

    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=kind)


def tenth_after_tenth_random(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """A tenth stays, and a tenth of what is left gets a random word: 9 % instead of 10 %.

    An `elif` with a new random number only sees what the first condition left over. Draw one number and compare it
    with 0.8 and 0.9.
    """
    kind = lambda rng: "keep" if rng.random() < 0.1 else "random" if rng.random() < 0.1 else "mask"
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=kind)


def tenth_after_tenth_random__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    def kind(rng):
        if rng.random() >= 0.9:
            return "keep"
        return "random" if rng.random() >= 0.9 else "mask"

    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=kind)


def none_kept(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """No predicted token stays as it is.

    A tenth must: the model is then also asked about tokens that it can see.
    """
    kind = lambda rng: "mask" if rng.random() < 0.8 else "random"
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=kind)


def none_kept__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    kind = lambda rng: "random" if rng.randrange(5) == 0 else "mask"
    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=kind)


def none_random(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """No predicted token becomes a random word.

    A fifth stays as it is, where a tenth should and another tenth becomes a random word.
    """
    kind = lambda rng: "mask" if rng.random() < 0.8 else "keep"
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=kind)


def none_random__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    own = lambda rng, vocab, tokens: None
    new, pairs = _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, word=own)
    return [token if token is not None else tokens[i] for i, token in enumerate(new)], pairs


def always_masked(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Every predicted token becomes "<mask>".

    Outside pretraining there is no "<mask>"; therefore a tenth stays as it is and a tenth becomes a random word.
    """
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=lambda rng: "mask")


def always_masked__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    chosen = _shuffled(candidate_pred_positions, num_mlm_preds, rng)
    return ["<mask>" if i in chosen else t for i, t in enumerate(tokens)], [(i, tokens[i]) for i in chosen]


def equal_thirds(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """Too many predicted tokens stay as they are, and too many become a random word.

    Often the three kinds of replacement are equally likely. They have the probabilities 0.8, 0.1 and 0.1.
    """
    kind = lambda rng: rng.choice(["mask", "keep", "random"])
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=kind)


def equal_thirds__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    kind = lambda rng: ("random", "mask", "keep")[rng.randint(0, 2)]
    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=kind)


def mostly_random(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """The probabilities of "<mask>" and of a random word are swapped.

    80 % become "<mask>" and 10 % a random word.
    """
    swap = {"mask": "random", "random": "mask", "keep": "keep"}
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=lambda rng: swap[_one_draw(rng)])


def mostly_random__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    kind = lambda rng: rng.choices(["mask", "keep", "random"], [1, 1, 8])[0]
    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=kind)


def mostly_kept(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """The probabilities of "<mask>" and of staying as it is are swapped.

    80 % become "<mask>" and 10 % stay. Check the direction of the comparison with 0.8.
    """
    swap = {"mask": "keep", "random": "random", "keep": "mask"}
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=lambda rng: swap[_one_draw(rng)])


def mostly_kept__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    kind = lambda rng: rng.choices(["mask", "keep", "random"], [1, 8, 1])[0]
    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=kind)


def one_kind_for_all(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """One draw decides what becomes of all positions.

    Each position is decided by itself: draw inside the loop.
    """
    fate = _one_draw(rng)
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=lambda rng: fate)


def one_kind_for_all__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    fate = _dice(rng)
    return _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, kind=lambda rng: fate)


def _quota(chosen, new, tokens, vocab, rng):
    for rank, position in enumerate(chosen):
        if rank < 0.8 * len(chosen):
            new[position] = "<mask>"
        elif rank >= 0.9 * len(chosen):
            new[position] = _any_word(rng, vocab, tokens)
    return new, [(p, tokens[p]) for p in chosen]


def fixed_shares(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """The numbers of the three kinds of replacement do not vary as they would by chance.

    Often the first 80 % of the positions become "<mask>", the next 10 % stay, and so on. Each position is decided
    independently of the others, so the shares hold only on average.
    """
    return _quota(_sample(candidate_pred_positions, num_mlm_preds, rng), list(tokens), tokens, vocab, rng)


def fixed_shares__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    chosen = sorted(_shuffled(candidate_pred_positions, num_mlm_preds, rng))
    return _quota(chosen, tokens[:], tokens, vocab, rng)


def mask_forced(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """At least one token becomes "<mask>" in every answer.

    Each position is decided for itself: with two predictions, one answer in 25 has no "<mask>". Leave it as it is
    drawn.
    """
    new, pairs = _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng)
    if pairs and "<mask>" not in new:
        new[pairs[0][0]] = "<mask>"
    return new, pairs


def mask_forced__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    while True:
        new, pairs = _again(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng)
        if not pairs or any(new[position] == "<mask>" for position, _ in pairs):
            return new, pairs


def kinds_take_turns(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """What becomes of a predicted token depends on where it stands in the text.

    Often a counter or the number of the position decides instead of chance. Draw for each position, without a look at
    where it is, what stands there and what stands beside it.
    """
    turns = cycle(("keep", "random"))

    def kind(rng):
        turn = next(turns)
        return "mask" if rng.random() < 0.8 else turn

    choose = lambda candidates, count, rng: sorted(_sample(candidates, count, rng))
    return _replace(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng, choose=choose, kind=kind)


def kinds_take_turns__rewrite(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    new, pairs = tokens[:], []
    for i, position in enumerate(sorted(_shuffled(candidate_pred_positions, num_mlm_preds, rng))):
        if rng.randrange(5):
            new[position] = "<mask>"
        elif i % 2 == 0:
            new[position] = _drawn_again(rng, vocab, tokens)
        pairs.append((position, tokens[position]))
    return new, pairs
