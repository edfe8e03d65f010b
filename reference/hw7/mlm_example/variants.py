"""Other right ways to write mlm_example."""

from _replacing import replace_mlm_tokens as _replace


def step_by_step(tokens, vocab, rng):
    """Plain loops, the pairs sorted with a key."""
    candidates = []
    for i, token in enumerate(tokens):
        if token in ["<cls>", "<sep>"]:
            continue
        candidates.append(i)
    number = max(1, round(len(tokens) * 0.15))
    new_tokens, predictions = _replace(tokens, candidates, number, vocab, rng)
    predictions.sort(key=lambda pair: pair[0])
    positions = []
    labels = []
    for position, label in predictions:
        positions.append(position)
        labels.append(label)
    return vocab[new_tokens], positions, vocab[labels]


def by_dictionary(tokens, vocab, rng):
    """Labels looked up by position, ids a token at a time."""
    candidates = list(filter(lambda i: tokens[i] != "<cls>" and tokens[i] != "<sep>", range(len(tokens))))
    count = round(0.15 * len(tokens)) or 1
    replaced, pairs = _replace(tuple(tokens), candidates, count, vocab, rng)
    label_of = dict(pairs)
    positions = sorted(label_of)
    return list(map(vocab.__getitem__, replaced)), positions, [vocab[label_of[p]] for p in positions]


def from_the_original(tokens, vocab, rng):
    """Label ids read off the ids of the whole sentence."""
    special = {"<cls>", "<sep>"}
    number = max(round(3 * len(tokens) / 20), 1)
    replaced, pairs = _replace(tokens, [i for i, t in enumerate(tokens) if t not in special], number, vocab, rng)
    original = vocab[list(tokens)]
    positions = sorted(p for p, _ in pairs)
    return vocab[replaced], positions, [original[p] for p in positions]
