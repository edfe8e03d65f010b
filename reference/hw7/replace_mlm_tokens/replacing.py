"""Two right ways to replace tokens, `replace` and `again`, that the mistakes change.

Most mistakes differ from a right answer in one decision: which positions are chosen, what kind of replacement each
gets, which word is random. The right decisions stand before each; the rewrites use those of `again`.
"""

SPECIAL = ("<unk>", "<pad>", "<mask>", "<cls>", "<sep>")


def sample(candidates, count, rng):
    return rng.sample(candidates, min(count, len(candidates)))


def one_draw(rng, *_):
    chance = rng.random()
    return "mask" if chance < 0.8 else "keep" if chance < 0.9 else "random"


def usual(vocab):
    return [token for token in vocab.idx_to_token if token not in SPECIAL]


def any_word(rng, vocab, tokens):
    return rng.choice(usual(vocab))


def replace(tokens, candidates, count, vocab, rng, choose=sample, kind=one_draw, word=any_word):
    new, pairs = list(tokens), []
    for position in choose(candidates, count, rng):
        fate = kind(rng)
        if fate != "keep":
            new[position] = "<mask>" if fate == "mask" else word(rng, vocab, tokens)
        pairs.append((position, tokens[position]))
    return new, pairs


def shuffled(candidates, count, rng):
    copy = candidates[:]
    rng.shuffle(copy)
    return copy[:count]


def dice(rng, *_):
    return (["mask"] * 8 + ["keep", "random"])[rng.randrange(10)]


def drawn_again(rng, vocab, tokens):
    while True:
        word = vocab.idx_to_token[rng.randrange(len(vocab))]
        if word not in SPECIAL:
            return word


def again(tokens, candidates, count, vocab, rng, choose=shuffled, kind=dice, word=drawn_again):
    decided, chosen = {}, choose(candidates, count, rng)
    for position in chosen:
        decided[position] = {"mask": lambda: "<mask>", "keep": lambda p=position: tokens[p]}.get(
            kind(rng), lambda: word(rng, vocab, tokens)
        )()
    return [decided.get(i, token) for i, token in enumerate(tokens)], [(p, tokens[p]) for p in chosen]
