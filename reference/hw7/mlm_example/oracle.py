"""mlm_example with a replacement of its own, as one pass over positions in order."""

_SPECIAL = {"<unk>", "<pad>", "<mask>", "<cls>", "<sep>"}


def mlm_example(tokens, vocab, rng):
    candidates = [i for i in range(len(tokens)) if tokens[i] not in {"<cls>", "<sep>"}]
    count = min(len(candidates), max(1, round(0.15 * len(tokens))))
    positions = sorted(rng.sample(candidates, count))
    words = [word for word in vocab.idx_to_token if word not in _SPECIAL]
    new = list(tokens)
    for position in positions:
        kind = rng.choices(("mask", "keep", "random"), (8, 1, 1))[0]
        if kind != "keep":
            new[position] = "<mask>" if kind == "mask" else rng.choice(words)
    return [vocab[token] for token in new], positions, [vocab[tokens[position]] for position in positions]
