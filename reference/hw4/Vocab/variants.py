# mypy: disable-error-code="var-annotated"
"""Correct vocabularies, built in other ways."""

from collections import OrderedDict, defaultdict, namedtuple
from itertools import groupby

import numpy as np


class runs_of_sorted_tokens:
    """Counts the runs of the sorted corpus; the attributes are properties."""

    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        flat = []
        for item in [] if tokens is None else tokens:
            flat += item if isinstance(item, list) else [item]
        runs = [(token, len(list(run))) for token, run in groupby(sorted(flat))]
        self._freqs = sorted(runs, key=lambda pair: -pair[1])
        self._ids = OrderedDict()
        for token in ["<unk>", *(reserved_tokens or ())]:
            self._ids.setdefault(token, len(self._ids))
        for token, count in self._freqs:
            if count < min_freq:
                break
            self._ids.setdefault(token, len(self._ids))
        self._tokens = list(self._ids)

    @property
    def idx_to_token(self):
        return list(self._tokens)

    @property
    def token_to_idx(self):
        return self._ids

    def __len__(self):
        return len(self._ids)

    def __getitem__(self, tokens):
        if isinstance(tokens, (tuple, list)):
            return list(map(self.__getitem__, tokens))
        try:
            return self._ids[tokens]
        except KeyError:
            return self.unk

    def to_tokens(self, indices):
        if isinstance(indices, (tuple, list)):
            return list(map(self.to_tokens, indices))
        if indices < 0:
            raise IndexError("an index is never negative")
        return self._tokens[indices]

    @property
    def unk(self):
        return 0

    @property
    def token_freqs(self):
        return list(self._freqs)


class unique_of_numpy:
    """numpy counts and sorts, with the codes of the unique tokens."""

    _Pair = namedtuple("_Pair", "token count")

    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        flat = [t for item in tokens or [] for t in ([item] if isinstance(item, str) else item)]
        names, counts = np.unique(np.array(flat, dtype=str), return_counts=True)
        order = np.argsort(-counts, kind="stable")
        self.token_freqs = [self._Pair(str(names[i]), int(counts[i])) for i in order]
        frequent = [str(names[i]) for i in order if counts[i] >= min_freq]
        first = list(dict.fromkeys(["<unk>", *(reserved_tokens or [])]))
        known = set(first)
        self.idx_to_token = first + [token for token in frequent if token not in known]
        self.token_to_idx = dict(zip(self.idx_to_token, range(len(self.idx_to_token)), strict=True))
        self.unk = 0

    def __len__(self):
        return len(self.idx_to_token)

    def __getitem__(self, tokens):
        if isinstance(tokens, str):
            return self.token_to_idx.get(tokens, self.unk)
        return [self[token] for token in tokens]

    def to_tokens(self, indices):
        alone = isinstance(indices, int)
        wanted = [indices] if alone else list(indices)
        if any(index < 0 or index >= len(self) for index in wanted):
            raise IndexError(f"an index of {wanted} is not below {len(self)}")
        found = [self.idx_to_token[index] for index in wanted]
        return found[0] if alone else found


class buckets_of_frequency:
    """Tokens of one frequency share a bucket; both directions are dicts, and the frequencies are made when asked."""

    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        self.counts = defaultdict(int)
        for item in tokens or []:
            for token in [item] if type(item) is str else item:
                self.counts[token] += 1
        buckets = defaultdict(list)
        for token, count in self.counts.items():
            buckets[count].append(token)
        self.forward, self.backward = {}, {}
        self.add("<unk>")
        for token in reserved_tokens or []:
            self.add(token)
        self.order = [token for count in sorted(buckets, reverse=True) for token in sorted(buckets[count])]
        for token in self.order:
            if not self.counts[token] < min_freq:
                self.add(token)
        self.token_to_idx = self.forward
        self.idx_to_token = [self.backward[index] for index in range(len(self.backward))]

    def add(self, token):
        if token not in self.forward:
            self.backward[len(self.forward)] = token
            self.forward[token] = len(self.forward)

    def __len__(self):
        return len(self.backward)

    def __getitem__(self, tokens):
        if type(tokens) in (list, tuple):
            ids = []
            for token in tokens:
                ids.append(self[token])
            return ids
        return self.forward.get(tokens, 0)

    def to_tokens(self, indices):
        if type(indices) in (list, tuple):
            return [self.to_tokens(i) for i in indices]
        if indices not in self.backward:
            raise IndexError(indices)
        return self.backward[indices]

    @property
    def unk(self):
        return self.forward["<unk>"]

    @property
    def token_freqs(self):
        return [(token, self.counts[token]) for token in self.order]


class plain_loops:
    """Written from the stub alone, without imports."""

    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        if tokens is None:
            tokens = []
        if reserved_tokens is None:
            reserved_tokens = []
        counts = {}
        for line in tokens:
            if isinstance(line, list):
                for word in line:
                    if word in counts:
                        counts[word] += 1
                    else:
                        counts[word] = 1
            else:
                counts[line] = counts.get(line, 0) + 1
        pairs = []
        for word in counts:
            pairs.append((-counts[word], word))
        pairs.sort()
        self.frequencies = [(word, -negative) for negative, word in pairs]
        self.idx_to_token = ["<unk>"]
        self.token_to_idx = {"<unk>": 0}
        for word in reserved_tokens:
            if word not in self.token_to_idx:
                self.idx_to_token.append(word)
                self.token_to_idx[word] = len(self.idx_to_token) - 1
        for word, count in self.frequencies:
            if count >= min_freq and word not in self.token_to_idx:
                self.idx_to_token.append(word)
                self.token_to_idx[word] = len(self.idx_to_token) - 1

    def __len__(self):
        return len(self.idx_to_token)

    def __getitem__(self, tokens):
        if isinstance(tokens, (list, tuple)):
            return [self.__getitem__(t) for t in tokens]
        if tokens in self.token_to_idx:
            return self.token_to_idx[tokens]
        return self.unk

    def to_tokens(self, indices):
        if isinstance(indices, (list, tuple)):
            words = []
            for i in indices:
                words.append(self.to_tokens(i))
            return words
        if indices < 0 or indices >= len(self.idx_to_token):
            raise IndexError("there is no token with index " + str(indices))
        return self.idx_to_token[indices]

    @property
    def unk(self):
        return 0

    @property
    def token_freqs(self):
        return self.frequencies
