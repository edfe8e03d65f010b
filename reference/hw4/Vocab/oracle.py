"""Vocab in three steps, each a method of its own, so that a mistake can replace one."""

from collections import Counter
from itertools import chain
from operator import itemgetter


class Vocab:
    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        self.freqs = self.ranked(Counter(self.flat(tokens or [])))
        self.idx_to_token = self.listed(self.freqs, min_freq, reserved_tokens or [])
        self.token_to_idx = {token: index for index, token in enumerate(self.idx_to_token)}

    def flat(self, tokens):
        return chain.from_iterable([item] if isinstance(item, str) else item for item in tokens)

    def ranked(self, counts):
        """Sorted by name, then by count: the second sort keeps the order of equals."""
        return sorted(sorted(counts.items()), key=itemgetter(1), reverse=True)

    def kept(self, freqs, min_freq):
        return [token for token, count in freqs if count >= min_freq]

    def listed(self, freqs, min_freq, reserved):
        return list(dict.fromkeys(["<unk>", *reserved, *self.kept(freqs, min_freq)]))

    def __len__(self):
        return len(self.idx_to_token)

    def __getitem__(self, tokens):
        if isinstance(tokens, str):
            return self.token_to_idx.get(tokens, self.unk)
        return [self[token] for token in tokens]

    def to_tokens(self, indices):
        if isinstance(indices, int):
            if indices not in range(len(self)):
                raise IndexError(f"no token has the index {indices}")
            return self.idx_to_token[indices]
        return [self.to_tokens(index) for index in indices]

    @property
    def unk(self):
        return self.token_to_idx["<unk>"]

    @property
    def token_freqs(self):
        return self.freqs
