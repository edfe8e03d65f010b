"""Ways in which Vocab goes wrong with the ids: which tokens get one, and in what order."""

from collections import Counter

from loops import Loops as _Loops
from oracle import Vocab


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
