"""A right replace_mlm_tokens for the variants and mistakes of mlm_example."""

_SPECIAL = {"<unk>", "<pad>", "<mask>", "<cls>", "<sep>"}


def replace_mlm_tokens(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    words = [token for token in vocab.idx_to_token if token not in _SPECIAL]
    new, chosen = list(tokens), list(candidate_pred_positions)
    rng.shuffle(chosen)
    chosen = chosen[:num_mlm_preds]
    for position in chosen:
        chance = rng.random()
        if chance < 0.8:
            new[position] = "<mask>"
        elif chance < 0.9:
            new[position] = rng.choice(words)
    return new, [(position, tokens[position]) for position in chosen]
