"""Ways in which Vocab takes longer and longer."""

from functools import reduce

from loops import Loops as _Loops
from oracle import Vocab


class building_searches_lists(Vocab):
    """The time to build the vocabulary grows much faster than the corpus.

    Often a list is searched for every token: `in`, `count` and `index` of a list walk through it, so that twice the
    corpus takes four times as long. Count in one pass with a dict, and ask a dict or set whether a token is known.
    """

    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        flat = list(self.flat(tokens or []))
        self.freqs = self.ranked({token: flat.count(token) for token in set(flat)})
        self.idx_to_token = self.listed(self.freqs, min_freq, reserved_tokens or [])
        self.token_to_idx = {token: index for index, token in enumerate(self.idx_to_token)}


class building_searches_lists__rewrite(_Loops):
    def add(self, token):
        if token not in self.idx_to_token:
            self.append(token)


class lines_added_up(Vocab):
    """The time to read the lines grows much faster than their number.

    Often all earlier tokens are copied for every line: `a + b` makes a new list each time, and so does
    `sum(lines, [])`. Append to one list, or loop over the lines and their tokens.
    """

    def flat(self, tokens):
        return sum(tokens, []) if tokens and isinstance(tokens[0], list) else tokens


class lines_added_up__rewrite(_Loops):
    def count(self, tokens, counts):
        if tokens and isinstance(tokens[0], list):
            tokens = reduce(lambda one, other: one + other, tokens)
        super().count(tokens, counts)


class looking_up_searches_lists(Vocab):
    """The time to look up a list grows much faster than the list.

    Often the list of tokens is searched for every token: `index` walks through the vocabulary. A dict finds the id in
    one step, whatever its size.
    """

    def __getitem__(self, tokens):
        if isinstance(tokens, (list, tuple)):
            return [self[token] for token in tokens]
        return self.idx_to_token.index(tokens) if tokens in self.idx_to_token else self.unk


class looking_up_searches_lists__rewrite(_Loops):
    def one(self, token):
        for index, known in enumerate(self.idx_to_token):
            if known == token:
                return index
        return self.unk


class looking_up_rebuilds_the_dict(Vocab):
    """Looking up a short list takes longer the larger the vocabulary is.

    Often the dict from tokens to ids is built anew in every call, or all tokens are copied. A text is looked up line by
    line: build the dict once, in the constructor.
    """

    def __getitem__(self, tokens):
        ids = {token: index for index, token in enumerate(self.idx_to_token)}
        if isinstance(tokens, str):
            return ids.get(tokens, self.unk)
        find = lambda item: ids.get(item, self.unk) if isinstance(item, str) else [find(part) for part in item]
        return find(tokens)


class looking_up_rebuilds_the_dict__rewrite(_Loops):
    def __getitem__(self, tokens):
        if isinstance(tokens, (list, tuple)):
            known = {token: True for token in self.idx_to_token}  # noqa: C420
            return [self[t] if isinstance(t, (list, tuple)) else self.one(t) if t in known else 0 for t in tokens]
        return self.one(tokens)


class ids_searched(Vocab):
    """The time of `to_tokens` grows much faster than the number of ids.

    Often the whole vocabulary is searched or copied, for every id or in every call. A dict is fast from its keys to its
    values only. The list of tokens answers the other way: the id is the place.
    """

    def to_tokens(self, indices):
        if isinstance(indices, (list, tuple)):
            return [self.to_tokens(index) for index in indices]
        for token, index in self.token_to_idx.items():
            if index == indices:
                return token
        raise IndexError(f"no token has index {indices}")


class ids_searched__rewrite(_Loops):
    def name(self, index):
        tokens = list(self.token_to_idx)
        return tokens[index] if index >= 0 else tokens[len(tokens)]
