"""Other right ways to write replace_mlm_tokens."""


def shuffled_copy(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """A shuffled copy of the candidates, and draws nested in one another."""
    special = ["<unk>", "<pad>", "<mask>", "<cls>", "<sep>"]
    new_tokens = list(tokens)
    candidates = list(candidate_pred_positions)
    rng.shuffle(candidates)
    result = []
    for position in candidates:
        if len(result) >= num_mlm_preds:
            break
        if rng.random() < 0.8:
            new_token = "<mask>"
        else:
            if rng.random() < 0.5:
                new_token = tokens[position]
            else:
                new_token = rng.choice(vocab.idx_to_token)
                while new_token in special:
                    new_token = rng.choice(vocab.idx_to_token)
        new_tokens[position] = new_token
        result.append((position, tokens[position]))
    return new_tokens, result


def sorted_by_key(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """The candidates with the smallest random keys, in ascending order; the random word is never the original."""
    special = {"<unk>", "<pad>", "<mask>", "<cls>", "<sep>"}
    keys = {position: rng.random() for position in candidate_pred_positions}
    chosen = sorted(sorted(keys, key=keys.get)[:num_mlm_preds])
    decided = {}
    for position in chosen:
        dice = rng.randrange(10)
        if dice == 8:
            decided[position] = tokens[position]
        elif dice == 9:
            decided[position] = rng.choice(
                [word for word in vocab.idx_to_token if word not in special and word != tokens[position]]
            )
        else:
            decided[position] = "<mask>"
    return [decided.get(i, token) for i, token in enumerate(tokens)], [[p, tokens[p]] for p in chosen]


def popped(tokens, candidate_pred_positions, num_mlm_preds, vocab, rng):
    """One candidate after another is taken out of a copy; words are drawn by their numbers."""
    usual = [
        i for i in range(len(vocab)) if vocab.idx_to_token[i] not in ("<unk>", "<pad>", "<mask>", "<cls>", "<sep>")
    ]
    left, new, pairs = candidate_pred_positions[:], tokens[:], []
    while left and len(pairs) < num_mlm_preds:
        position = left.pop(rng.randrange(len(left)))
        pairs.append((position, tokens[position]))
        r = rng.uniform(0, 1)
        if r > 0.2:
            new[position] = "<mask>"
        elif r > 0.1:
            new[position] = vocab.idx_to_token[usual[rng.randint(0, len(usual) - 1)]]
    return new, pairs
