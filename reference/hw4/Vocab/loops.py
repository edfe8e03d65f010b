"""A correct vocabulary in loops, taken apart so that a rewrite can replace one part."""


class Loops:
    """A correct vocabulary in another style, taken apart so that a rewrite can replace one part."""

    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        self.idx_to_token, self.token_to_idx = [], {}
        counts = {}
        self.count(tokens if tokens is not None else [], counts)
        self.pairs = self.sort(counts)
        self.start(reserved_tokens if reserved_tokens is not None else [])
        self.fill(counts, min_freq)

    def count(self, tokens, counts):
        for item in tokens:
            for token in item if isinstance(item, list) else [item]:
                counts[token] = counts.get(token, 0) + 1

    def sort(self, counts):
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))

    def start(self, reserved):
        for token in ["<unk>", *reserved]:
            self.add(token)

    def fill(self, counts, min_freq):
        for token, count in self.pairs:
            if count >= min_freq:
                self.add(token)

    def add(self, token):
        if token not in self.token_to_idx:
            self.append(token)

    def append(self, token):
        self.idx_to_token.append(token)
        self.token_to_idx[token] = len(self.idx_to_token) - 1

    def __len__(self):
        return len(self.idx_to_token)

    def __getitem__(self, tokens):
        if isinstance(tokens, (list, tuple)):
            return [self[token] for token in tokens]
        return self.one(tokens)

    def one(self, token):
        if token in self.token_to_idx:
            return self.token_to_idx[token]
        return self.unk

    def to_tokens(self, indices):
        if isinstance(indices, (list, tuple)):
            return [self.name(index) for index in indices]
        return self.name(indices)

    def name(self, index):
        if index < 0:
            raise IndexError("negative index")
        return self.idx_to_token[index]

    @property
    def unk(self):
        return 0

    @property
    def token_freqs(self):
        return self.pairs
