"""Ways in which Vocab goes wrong with the corpus and the frequencies."""

from loops import Loops as _Loops
from oracle import Vocab


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
