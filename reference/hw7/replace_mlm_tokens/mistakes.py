"""Ways in which replace_mlm_tokens goes wrong.

Most differ from a right answer in one decision: which positions are chosen, what kind of replacement each gets,
which word is random. The right decisions stand first; the rewrites use another set of them.
"""

import random
from itertools import cycle

_SPECIAL = ("<unk>", "<pad>", "<mask>", "<cls>", "<sep>")


def _sample(candidates, count, rng):
    return rng.sample(candidates, min(count, len(candidates)))


def _one_draw(rng, *_):
    chance = rng.random()
    return "mask" if chance < 0.8 else "keep" if chance < 0.9 else "random"


def _usual(vocab):
    return [token for token in vocab.idx_to_token if token not in _SPECIAL]


def _any_word(rng, vocab, tokens):
    return rng.choice(_usual(vocab))


def _replace(tokens, candidates, count, vocab, rng, choose=_sample, kind=_one_draw, word=_any_word):
    new, pairs = list(tokens), []
    for position in choose(candidates, count, rng):
        fate = kind(rng)
        if fate != "keep":
            new[position] = "<mask>" if fate == "mask" else word(rng, vocab, tokens)
        pairs.append((position, tokens[position]))
    return new, pairs


def _shuffled(candidates, count, rng):
    copy = candidates[:]
    rng.shuffle(copy)
    return copy[:count]


def _dice(rng, *_):
    return (["mask"] * 8 + ["keep", "random"])[rng.randrange(10)]


def _drawn_again(rng, vocab, tokens):
    while True:
        word = vocab.idx_to_token[rng.randrange(len(vocab))]
        if word not in _SPECIAL:
            return word


def _again(tokens, candidates, count, vocab, rng, choose=_shuffled, kind=_dice, word=_drawn_again):
    decided, chosen = {}, choose(candidates, count, rng)
    for position in chosen:
        decided[position] = {"mask": lambda: "<mask>", "keep": lambda p=position: tokens[p]}.get(
            kind(rng), lambda: word(rng, vocab, tokens)
        )()
    return [decided.get(i, token) for i, token in enumerate(tokens)], [(p, tokens[p]) for p in chosen]


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
    """"<mask>" is left among the words, so that the random word may be "<mask>".

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
