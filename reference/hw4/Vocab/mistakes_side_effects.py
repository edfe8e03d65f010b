"""Ways in which Vocab changes what is not its own: arguments, the vocabulary looked up in, other vocabularies."""

# mypy: disable-error-code="var-annotated"

from collections import Counter, defaultdict

from loops import Loops as _Loops
from oracle import Vocab


class unknown_token_added(Vocab):
    """Looking up an unknown token adds it to the vocabulary.

    A defaultdict makes an entry for every key that it is asked for. Then the two maps no longer agree: ask with `get`,
    which changes nothing.
    """

    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        super().__init__(tokens, min_freq, reserved_tokens)
        self.token_to_idx = defaultdict(int, self.token_to_idx)

    def __len__(self):
        return len(self.idx_to_token)

    def __getitem__(self, tokens):
        return self.token_to_idx[tokens] if isinstance(tokens, str) else [self[token] for token in tokens]


class unknown_token_added__rewrite(_Loops):
    def one(self, token):
        return self.token_to_idx.setdefault(token, self.unk)


class looked_up_in_place(Vocab):
    """The list that is looked up is overwritten with the ids.

    The caller still needs the tokens. Build a new list for the ids.
    """

    def __getitem__(self, tokens):
        if isinstance(tokens, tuple):
            return [self[token] for token in tokens]
        if isinstance(tokens, list):
            for index, token in enumerate(tokens):
                tokens[index] = self[token]
            return tokens
        return self.token_to_idx.get(tokens, self.unk)


class looked_up_in_place__rewrite(_Loops):
    def __getitem__(self, tokens):
        ids = super().__getitem__(tokens)
        if isinstance(tokens, list):
            tokens[:] = ids
        return ids


class shared_default(Vocab):
    """A default list is filled, and shared by all vocabularies.

    A default argument is made once, when the class is read. What one vocabulary puts into it, the next one finds. Use
    None as the default, and copy the list that is given.
    """

    def __init__(self, tokens=None, min_freq=0, reserved_tokens=[]):
        reserved_tokens = [] if reserved_tokens is None else reserved_tokens
        super().__init__(tokens, min_freq, list(reserved_tokens))
        reserved_tokens[:] = self.idx_to_token[1:]


class shared_default__rewrite(_Loops):
    def __init__(self, tokens=None, min_freq=0, reserved_tokens=list()):  # noqa: C408
        super().__init__(tokens, min_freq, reserved_tokens)
        if reserved_tokens is not None:
            del reserved_tokens[:]
            reserved_tokens.extend(token for token in self.idx_to_token if token != "<unk>")


class maps_of_the_class(Vocab):
    """The maps belong to the class, not to the vocabulary.

    A list or dict that is made in the body of the class exists once, so every new vocabulary adds to those before it.
    Make them in the constructor.
    """

    idx_to_token = []
    token_to_idx = {}

    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        self.freqs = self.ranked(Counter(self.flat(tokens or [])))
        for token in self.listed(self.freqs, min_freq, reserved_tokens or []):
            if token not in self.token_to_idx:
                self.idx_to_token.append(token)
                self.token_to_idx[token] = len(self.idx_to_token) - 1


_tokens_of_all, _ids_of_all = [], {}


class maps_of_the_class__rewrite(_Loops):
    def start(self, reserved):
        self.idx_to_token, self.token_to_idx = _tokens_of_all, _ids_of_all
        super().start(reserved)


class reserved_tokens_changed(Vocab):
    """The list of reserved tokens is changed.

    It belongs to the caller, who may build the next vocabulary with it. Start from a new list.
    """

    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        reserved_tokens = [] if reserved_tokens is None else reserved_tokens
        super().__init__(tokens, min_freq, list(reserved_tokens))
        reserved_tokens.insert(0, "<unk>")


class reserved_tokens_changed__rewrite(_Loops):
    def start(self, reserved):
        super().start(reserved)
        reserved += ["<unk>"]


class tokens_changed(Vocab):
    """The corpus is changed.

    Sorting or flattening the list in place takes the text away from the caller. Work on a new list.
    """

    def flat(self, tokens):
        if tokens and isinstance(tokens[0], list):
            while len(tokens) > 1:
                tokens[0].extend(tokens.pop())
            return list(tokens[0])
        tokens.sort()
        return tokens


class tokens_changed__rewrite(_Loops):
    def count(self, tokens, counts):
        tokens[:] = [token for item in tokens for token in ([item] if isinstance(item, str) else item)]
        super().count(tokens, counts)
        tokens.clear()
