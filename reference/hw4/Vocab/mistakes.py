# mypy: disable-error-code="var-annotated, has-type"
"""Ways in which Vocab goes wrong. The mistakes replace a step of the reference, the rewrites one of `_Loops`."""

from collections import Counter, defaultdict
from functools import reduce

from oracle import Vocab


class _Loops:
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
        for token in ["<unk>"] + reserved:
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
        return self.token_to_idx[token] if token in self.token_to_idx else self.unk

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


class ties_in_corpus_order(Vocab):
    """Tokens of equal frequency come in the order in which they are first seen.

    Sorting by the count alone leaves ties as they were counted, so shuffling the corpus changes the ids. Give the sort
    a second criterion.
    """

    def ranked(self, counts):
        return counts.most_common()


class ties_in_corpus_order__rewrite(_Loops):
    def sort(self, counts):
        return sorted(counts.items(), key=lambda pair: pair[1], reverse=True)


class ties_from_z_to_a(Vocab):
    """Tokens of equal frequency are in reversed alphabetical order.

    `reverse=True` turns both parts of the key around. Only the frequency decreases; the alphabet goes forward.
    """

    def ranked(self, counts):
        return sorted(counts.items(), key=lambda pair: (pair[1], pair[0]), reverse=True)


class ties_from_z_to_a__rewrite(_Loops):
    def sort(self, counts):
        pairs = [(count, token) for token, count in counts.items()]
        pairs.sort()
        return [(token, count) for count, token in pairs[::-1]]


class ties_without_case(Vocab):
    """Ties are sorted as if capitals were small letters.

    The order asked for is that of `sorted` on the strings themselves: every capital comes before the small letters.
    """

    def ranked(self, counts):
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].lower()))


class ties_without_case__rewrite(_Loops):
    def sort(self, counts):
        pairs = sorted(counts.items(), key=lambda pair: str.casefold(pair[0]))
        pairs.sort(key=lambda pair: pair[1], reverse=True)
        return pairs


class rare_tokens_first(Vocab):
    """Tokens are sorted by increasing frequency.

    `sorted` counts up. Frequent tokens get the small ids, so the order of the counts has to be reversed.
    """

    def ranked(self, counts):
        return sorted(counts.items(), key=lambda pair: (pair[1], pair[0]))


class rare_tokens_first__rewrite(_Loops):
    def sort(self, counts):
        return [(t, counts[t]) for t in sorted(sorted(counts), key=counts.get)]


class alphabetical(Vocab):
    """The ids follow the alphabet, not the frequency.

    Frequency decides first; the alphabet is asked only where two frequencies are equal.
    """

    def ranked(self, counts):
        return sorted(counts.items())


class alphabetical__rewrite(_Loops):
    def sort(self, counts):
        return [(token, counts[token]) for token in sorted(counts)]


class frequency_above_min_freq(Vocab):
    """A token that occurs exactly min_freq times is left out.

    `min_freq` is the smallest frequency that stays: compare with "at least", not "more than".
    """

    def kept(self, freqs, min_freq):
        return [token for token, count in freqs if count > min_freq]


class frequency_above_min_freq__rewrite(_Loops):
    def fill(self, counts, min_freq):
        for token, count in self.pairs:
            if count <= min_freq:
                break
            self.add(token)


class stops_at_first_rare_token(Vocab):
    """The first rare token ends the loop, though frequent ones follow.

    `break` is right only when what follows is rarer still. Sort by frequency before you leave the loop, or pass over
    the rare token with `continue`.
    """

    def listed(self, freqs, min_freq, reserved):
        counts = dict(freqs)
        seen = []
        for token in self.seen:
            if counts[token] < min_freq:
                break
            seen.append(token)
        return super().listed([pair for pair in freqs if pair[0] in set(seen)], min_freq, reserved)

    def flat(self, tokens):
        flat = list(super().flat(tokens))
        self.seen = list(Counter(flat))
        return flat


class stops_at_first_rare_token__rewrite(_Loops):
    def fill(self, counts, min_freq):
        frequent = set()
        for token in counts:
            if counts[token] < min_freq:
                break
            frequent.add(token)
        for token, _ in self.pairs:
            if token in frequent:
                self.add(token)


class corpus_tokens_added_again(Vocab):
    """Reserved tokens and "<unk>" that the corpus has get a second id.

    Then two ids mean one token, and the model never meets one of them. Before a token of the corpus is added, look
    whether it has an id already.
    """

    def listed(self, freqs, min_freq, reserved):
        return list(dict.fromkeys(["<unk>", *reserved])) + self.kept(freqs, min_freq)


class corpus_tokens_added_again__rewrite(_Loops):
    def fill(self, counts, min_freq):
        for token, count in self.pairs:
            if count >= min_freq:
                self.append(token)


class unk_added_again(Vocab):
    """The unknown token gets a second id when the corpus has it.

    A text that was cleaned by somebody else may hold "<unk>" as a word. It is not among the reserved tokens, so
    asking only those is not enough: ask whether the token has an id.
    """

    def listed(self, freqs, min_freq, reserved):
        special = [token for token in dict.fromkeys(reserved) if token != "<unk>"]
        return ["<unk>", *special] + [token for token in self.kept(freqs, min_freq) if token not in set(reserved)]


class unk_added_again__rewrite(_Loops):
    def start(self, reserved):
        self.reserved = reserved
        super().start(reserved)

    def fill(self, counts, min_freq):
        for token, count in self.pairs:
            if count >= min_freq and token not in self.reserved:
                self.append(token)


class reserved_tokens_as_given(Vocab):
    """A reserved token that is given twice, or "<unk>" among them, gets two ids.

    The list is taken over without a look. Every token passes the same test before it is added, the reserved ones too.
    """

    def listed(self, freqs, min_freq, reserved):
        first = ["<unk>"] + reserved
        return first + [token for token in self.kept(freqs, min_freq) if token not in set(first)]


class reserved_tokens_as_given__rewrite(_Loops):
    def start(self, reserved):
        self.append("<unk>")
        for token in reserved:
            self.append(token)


class ties_and_reserved_tokens_as_they_come(Vocab):
    """Ties stay in the order of the corpus, and a reserved token given twice, or "<unk>" among them, gets two ids.

    Two things are taken over as they come. Give the sort a second criterion, so that the order of the corpus does not
    decide, and let the reserved tokens pass the same test as the others before they get an id.
    """

    def ranked(self, counts):
        return counts.most_common()

    def listed(self, freqs, min_freq, reserved):
        return reserved_tokens_as_given.listed(self, freqs, min_freq, reserved)


class ties_and_reserved_tokens_as_they_come__rewrite(_Loops):
    def sort(self, counts):
        return sorted(counts.items(), key=lambda pair: -pair[1])

    def start(self, reserved):
        self.idx_to_token = ["<unk>", *reserved]
        self.token_to_idx = {token: index for index, token in enumerate(self.idx_to_token)}


class reserved_before_unk(Vocab):
    """The reserved tokens come before "<unk>".

    Index 0 is "<unk>"; the reserved tokens start at 1.
    """

    def listed(self, freqs, min_freq, reserved):
        return list(dict.fromkeys([*reserved, "<unk>", *self.kept(freqs, min_freq)]))

    unk = 0


class reserved_before_unk__rewrite(_Loops):
    def start(self, reserved):
        for token in reserved + ["<unk>"]:
            self.add(token)


class reserved_tokens_sorted(Vocab):
    """The reserved tokens are not in the given order.

    A set has no order of its own, and sorting makes another one. Other code counts on the places in the list.
    """

    def listed(self, freqs, min_freq, reserved):
        return super().listed(freqs, min_freq, sorted(set(reserved)))


class reserved_tokens_sorted__rewrite(_Loops):
    def start(self, reserved):
        super().start([])
        for token in sorted(reserved):
            self.add(token)


class words_taken_apart(Vocab):
    """The words of a flat corpus are taken apart into characters.

    A string is a sequence too, so flattening a flat list of strings goes one level too deep. Flatten only a list of
    lists.
    """

    def flat(self, tokens):
        return [token for line in tokens for token in line]


class words_taken_apart__rewrite(_Loops):
    def count(self, tokens, counts):
        for line in tokens:
            for token in line:
                counts[token] = counts.get(token, 0) + 1


class empty_first_line(Vocab):
    """An empty first line makes a corpus of lines look flat.

    The lines then end up as keys of a dict, which lists cannot be. What the first item is does not depend on whether
    it has tokens: ask for its type, not for its truth.
    """

    def flat(self, tokens):
        nested = tokens and tokens[0] and isinstance(tokens[0], list)
        return [token for line in tokens for token in line] if nested else tokens


class empty_first_line__rewrite(_Loops):
    def count(self, tokens, counts):
        lines = [tokens]
        if tokens and isinstance(tokens[0], list) and len(tokens[0]) > 0:
            lines = tokens
        for line in lines:
            for token in line:
                counts[token] = counts.get(token, 0) + 1


class lines_counted(Vocab):
    """A token counts once in every line that has it.

    That is the document frequency. The frequency counts every occurrence, also the second one in the same line.
    """

    def flat(self, tokens):
        return [token for item in tokens for token in ([item] if isinstance(item, str) else sorted(set(item)))]


class lines_counted__rewrite(_Loops):
    def count(self, tokens, counts):
        for item in tokens:
            for token in dict.fromkeys(item) if isinstance(item, list) else [item]:
                counts[token] = counts.get(token, 0) + 1


class joined_and_split(Vocab):
    """Tokens are split at white space, and blank ones are lost.

    Often the lines are glued with spaces and split again. A token may be a space itself, as among characters, or have
    one inside. Keep the tokens as they are and glue lists, not strings.
    """

    def flat(self, tokens):
        return " ".join(" ".join(item) if isinstance(item, list) else item for item in tokens).split()


class joined_and_split__rewrite(_Loops):
    def count(self, tokens, counts):
        for item in tokens:
            parts = [item] if isinstance(item, str) else item
            super().count([piece for part in parts for piece in part.split()], counts)


class blank_tokens_dropped(Vocab):
    """Tokens that are empty or white space are left out.

    Among characters the space is a token like the others. What is a token has been decided when the text was split;
    the vocabulary takes the tokens as they are.
    """

    def flat(self, tokens):
        return [token for token in super().flat(tokens) if token.strip()]


class blank_tokens_dropped__rewrite(_Loops):
    def count(self, tokens, counts):
        super().count(tokens, counts)
        for token in list(counts):
            if token == "" or token.isspace():
                del counts[token]


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


class frequencies_above_min_freq(Vocab):
    """`token_freqs` lacks the rare tokens.

    `min_freq` decides which tokens get an id. The frequencies are those of the whole corpus, from which one chooses it.
    """

    def listed(self, freqs, min_freq, reserved):
        self.freqs = [pair for pair in freqs if pair[1] >= min_freq]
        return super().listed(freqs, min_freq, reserved)


class frequencies_above_min_freq__rewrite(_Loops):
    def fill(self, counts, min_freq):
        super().fill(counts, min_freq)
        while self.pairs and self.pairs[-1][1] < min_freq:
            self.pairs.pop()


class frequencies_without_special(Vocab):
    """`token_freqs` lacks reserved tokens and "<unk>" that the corpus has.

    They are tokens of the corpus where they occur in it. Leave them out when ids are given, not when counting.
    """

    def listed(self, freqs, min_freq, reserved):
        self.freqs = [pair for pair in freqs if pair[0] not in {"<unk>", *reserved}]
        return super().listed(freqs, min_freq, reserved)


class frequencies_without_special__rewrite(_Loops):
    def start(self, reserved):
        super().start(reserved)
        self.pairs = [(token, count) for token, count in self.pairs if token not in self.token_to_idx]


class frequencies_unsorted(Vocab):
    """`token_freqs` is in the order of the corpus.

    The ids are given in the right order, but the pairs are kept as they were counted. Keep the sorted list.
    """

    def ranked(self, counts):
        self.counts = dict(counts)
        return super().ranked(counts)

    @property
    def token_freqs(self):
        return list(self.counts.items())


class frequencies_unsorted__rewrite(_Loops):
    def fill(self, counts, min_freq):
        super().fill(counts, min_freq)
        self.pairs = [(token, counts[token]) for token in counts]


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
            known = set(self.idx_to_token)
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
