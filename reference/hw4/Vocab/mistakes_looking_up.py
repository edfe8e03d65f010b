"""Ways in which Vocab goes wrong when tokens or ids are looked up."""

from loops import Loops as _Loops
from oracle import Vocab


class unknown_token_raises(Vocab):
    """An unknown token raises a KeyError.

    New text always has words that the corpus lacks, and "<unk>" is there for them. Ask the dict with a default.
    """

    def __getitem__(self, tokens):
        if isinstance(tokens, (list, tuple)):
            return [self[token] for token in tokens]
        return self.token_to_idx[tokens]


class unknown_token_raises__rewrite(_Loops):
    def one(self, token):
        if token not in self.token_to_idx:
            raise KeyError(f"unknown token {token}")
        return self.token_to_idx[token]


class unknown_token_dropped(Vocab):
    """Unknown tokens give None.

    `dict.get` answers None unless it is given a default. The model needs an id there: that of "<unk>".
    """

    def __getitem__(self, tokens):
        if isinstance(tokens, (list, tuple)):
            return [self[token] for token in tokens]
        return self.token_to_idx.get(tokens)


class unknown_token_dropped__rewrite(_Loops):
    def one(self, token):
        if token in self.token_to_idx:
            return self.token_to_idx[token]


class numbers_passed_through(Vocab):
    """A number is passed through as if it were an id already.

    Whoever looks ids up by mistake then never learns of it. A number is not a token of the vocabulary: ask the dict for
    it like for any other, or raise an exception.
    """

    def __getitem__(self, tokens):
        return tokens if isinstance(tokens, int) else super().__getitem__(tokens)


class numbers_passed_through__rewrite(_Loops):
    def one(self, token):
        return super().one(token) if isinstance(token, str) else token


class numbers_read_as_text(Vocab):
    """A number is looked up as the text of its digits.

    The token "2" and the number 2 are two things. Look every item up as it is.
    """

    def __getitem__(self, tokens):
        return super().__getitem__(str(tokens) if isinstance(tokens, int) else tokens)


class numbers_read_as_text__rewrite(_Loops):
    def one(self, token):
        return super().one(f"{token}")


class string_read_as_list(Vocab):
    """A single token is looked up character by character.

    A string can be looped over like a list. Ask whether the argument is a list or tuple, and take everything else as
    one token.
    """

    def __getitem__(self, tokens):
        if isinstance(tokens, str) and len(tokens) == 1:
            return self.token_to_idx.get(tokens, 0)
        return [self[token] for token in tokens]


class string_read_as_list__rewrite(_Loops):
    def __getitem__(self, tokens):
        if hasattr(tokens, "__len__") and not (isinstance(tokens, str) and len(tokens) == 1):
            return list(map(self.__getitem__, tokens))
        return self.one(tokens)


class tuples_unknown(Vocab):
    """A tuple is taken for one token.

    A tuple can be a key, so the dict simply does not find it and the answer is "<unk>". Treat lists and tuples alike.
    """

    def __getitem__(self, tokens):
        if isinstance(tokens, list):
            return [self[token] for token in tokens]
        return self.token_to_idx.get(tokens, self.unk)


class tuples_unknown__rewrite(_Loops):
    def __getitem__(self, tokens):
        if type(tokens) is not list:
            return self.one(tokens)
        return list(map(self.__getitem__, tokens))


class one_level_of_lists(Vocab):
    """Lists in a list are not looked up.

    The items of a list may be lists, a minibatch for example. Let the method call itself for every item.
    """

    def __getitem__(self, tokens):
        if isinstance(tokens, (list, tuple)):
            return [self.token_to_idx.get(token, self.unk) for token in tokens]
        return self.token_to_idx.get(tokens, self.unk)


class one_level_of_lists__rewrite(_Loops):
    def __getitem__(self, tokens):
        return list(map(self.one, tokens)) if isinstance(tokens, (list, tuple)) else self.one(tokens)


class one_index_only(Vocab):
    """`to_tokens` does not take lists.

    A list cannot index a list. Handle the two kinds of argument apart, as when tokens are looked up.
    """

    def to_tokens(self, indices):
        if -len(self) <= indices < 0:
            raise IndexError("negative index")
        return self.idx_to_token[indices]


class one_index_only__rewrite(_Loops):
    def to_tokens(self, indices):
        return self.name(indices)


class always_a_list(Vocab):
    """`to_tokens` of one index gives a list.

    One index gives one token, a str; only a list or tuple gives a list.
    """

    def to_tokens(self, indices):
        wanted = [indices] if isinstance(indices, int) else indices
        return [Vocab.to_tokens(self, index) for index in wanted]


class always_a_list__rewrite(_Loops):
    def to_tokens(self, indices):
        found = super().to_tokens(indices)
        return [found] if isinstance(found, str) else found


class negative_index_accepted(Vocab):
    """A negative index raises no IndexError.

    In Python -1 counts from the end of a list. Labels such as -100 that a loss ignores would silently turn into words:
    compare the index with 0, and raise an IndexError.
    """

    def to_tokens(self, indices):
        if isinstance(indices, (list, tuple)):
            return [self.idx_to_token[index] for index in indices]
        return self.idx_to_token[indices]


class negative_index_accepted__rewrite(_Loops):
    def name(self, index):
        if index >= len(self):
            raise IndexError(index)
        return self.idx_to_token[max(index, 0)]


class bad_index_accepted(Vocab):
    """An index that no token has raises nothing.

    Often `dict.get` answers for it, with None or with "<unk>", and the mistake comes to light much later. Compare the
    index with 0 and with the length, and raise an IndexError.
    """

    def to_tokens(self, indices):
        if isinstance(indices, (list, tuple)):
            return [self.to_tokens(index) for index in indices]
        return self.idx_to_token[indices] if 0 <= indices < len(self) else "<unk>"


class bad_index_accepted__rewrite(_Loops):
    def name(self, index):
        return self.idx_to_token[index] if index in range(len(self)) else None


class key_error_for_bad_index(Vocab):
    """An index that no token has raises a KeyError.

    Whether the tokens are held in a dict or in a list is your own affair; who calls `to_tokens` expects an IndexError.
    """

    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        super().__init__(tokens, min_freq, reserved_tokens)
        self.tokens = dict(enumerate(self.idx_to_token))

    def to_tokens(self, indices):
        return self.tokens[indices] if isinstance(indices, int) else [self.tokens[index] for index in indices]


class key_error_for_bad_index__rewrite(_Loops):
    def name(self, index):
        if not 0 <= index < len(self):
            raise KeyError(index)
        return self.idx_to_token[index]
