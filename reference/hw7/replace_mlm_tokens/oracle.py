"""replace_mlm_tokens with the kinds of replacement drawn by weights."""

_SPECIAL = {"<unk>", "<pad>", "<mask>", "<cls>", "<sep>"}


def replace_mlm_tokens(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    words = [token for token in vocab.idx_to_token if token not in _SPECIAL]
    count = min(num_mlm_preds, len(candidate_pred_positions))
    positions = rng.sample(list(candidate_pred_positions), count)
    kinds = rng.choices(("mask", "keep", "random"), (8, 1, 1), k=count)
    new = list(tokens)
    for position, kind in zip(positions, kinds, strict=True):
        if kind != "keep":
            new[position] = "<mask>" if kind == "mask" else rng.choice(words)
    return new, [(position, tokens[position]) for position in positions]
