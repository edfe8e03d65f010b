"""A tokenizer and a vocabulary, as the exercises before ask for them."""

from collections import Counter


def tokenize(lines, token="word"):
    if token not in ("word", "char"):
        raise ValueError(f"unknown type of token {token!r}")
    return [line.split() if token == "word" else list(line) for line in lines]


class Vocab:
    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        tokens = tokens or []
        if tokens and isinstance(tokens[0], list):
            tokens = [token for line in tokens for token in line]
        counts = sorted(Counter(tokens).items(), key=lambda pair: (-pair[1], pair[0]))
        known = ["<unk>", *(reserved_tokens or []), *(token for token, count in counts if count >= min_freq)]
        self.idx_to_token = list(dict.fromkeys(known))
        self.token_to_idx = {token: index for index, token in enumerate(self.idx_to_token)}

    def __len__(self):
        return len(self.idx_to_token)

    def __getitem__(self, tokens):
        if isinstance(tokens, (list, tuple)):
            return [self[token] for token in tokens]
        return self.token_to_idx.get(tokens, 0)

    def to_tokens(self, indices):
        if isinstance(indices, (list, tuple)):
            return [self.idx_to_token[index] for index in indices]
        return self.idx_to_token[indices]
