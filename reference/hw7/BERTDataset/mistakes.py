"""Ways in which BERTDataset goes wrong."""

import random

import torch
from oracle import BERTDataset as _Again
from parts import Right as _Right
from parts import masked as _masked
from parts import padded as _padded
from parts import pairs as _pairs


class MaskedAnew(_Right):
    """Words are covered anew whenever an example is asked for.

    That can be done, and costs time in every epoch; here everything random happens once, in the constructor.
    """

    def __init__(self, paragraphs, vocab, max_len, rng):
        super().__init__(paragraphs, vocab, max_len, rng)
        self.inputs = self.pairs(paragraphs)
        self.columns = (self.inputs,)

    def __getitem__(self, index):
        return tuple(column[0] for column in _padded([self.example(*self.inputs[index])], self.max_len, self.vocab))


class MaskedAnew__rewrite(torch.utils.data.Dataset):
    def __init__(self, paragraphs, vocab, max_len, rng):
        self.settings = vocab, rng, max_len
        self.inputs = [pair for p in paragraphs for pair in _pairs(p, paragraphs, max_len, rng)]

    def __len__(self):
        return len(self.inputs)

    def __getitem__(self, index):
        (tokens, segments, is_next), (vocab, rng, max_len) = self.inputs[index], self.settings
        columns = _padded([_masked(tokens, vocab, rng) + (segments, is_next)], max_len, vocab)
        return next(zip(*columns, strict=True))


class FirstParagraphOnly(_Right):
    """Only one paragraph is gone through.

    The examples of each paragraph are added to those before it: `extend`, or a loop in a loop, and a return or an
    assignment not inside of it.
    """

    def pairs(self, paragraphs):
        return _pairs(paragraphs[0], paragraphs, self.max_len, self.rng) if paragraphs else []


class FirstParagraphOnly__rewrite(_Again):
    def __init__(self, paragraphs, vocab, max_len, rng):
        super().__init__(paragraphs, vocab, max_len, rng)
        self.examples = self.examples[: max(0, len(paragraphs[0]) - 1)] if paragraphs else []


class NotMasked(_Right):
    """No word is covered: the input ids are those of the whole text.

    Then the answers stand in the question. The ids are those that `mlm_example` gives.
    """

    def mask(self, tokens):
        _, positions, labels = super().mask(tokens)
        return self.vocab[tokens], positions, labels


class NotMasked__rewrite(_Again):
    def __init__(self, paragraphs, vocab, max_len, rng):
        super().__init__(paragraphs, vocab, max_len, rng)
        for example in self.examples:
            count = int(example[4].sum())
            example[0][example[3][:count]] = example[5][:count]


class PositionsAndLabelsSwapped(_Right):
    """Positions and labels have changed places.

    `mlm_example` gives ids, positions, labels, and `pad_bert_inputs` takes them in that order.
    """

    def mask(self, tokens):
        ids, positions, labels = super().mask(tokens)
        return ids, labels, positions


class PositionsAndLabelsSwapped__rewrite(_Again):
    def __getitem__(self, index):
        ids, segments, length, positions, weights, labels, is_next = super().__getitem__(index)
        return ids, segments, length, labels, weights, positions, is_next


class AnotherOrder(_Right):
    """The seven tensors come in another order.

    The loop that trains unpacks them as `pad_bert_inputs` names them: the weights before the labels.
    """

    def __getitem__(self, index):
        ids, segments, length, positions, weights, labels, is_next = super().__getitem__(index)
        return ids, segments, length, positions, labels, weights, is_next


class AnotherOrder__rewrite(_Again):
    def __getitem__(self, index):
        example = super().__getitem__(index)
        return tuple(example[place] for place in (0, 1, 2, 3, 5, 4, 6))


class Column(_Right):
    """An index gives one of the seven lists, not an example.

    The lists are columns: an example is the same place in each of them.
    """

    def __getitem__(self, index):
        return self.columns[index]


class Column__rewrite(_Again):
    def __getitem__(self, index):
        columns = [list(parts) for parts in zip(*self.examples, strict=True)]
        return columns[index]


class SevenExamples(_Right):
    """The length is that of the tuple of lists, which is seven.

    There are as many examples as each of the lists has tensors.
    """

    def __len__(self):
        return len(self.columns)


class SevenExamples__rewrite(_Again):
    def __len__(self):
        return 7


class NumberOfParagraphs(_Right):
    """The length is that of the text.

    A paragraph gives as many examples as it has pairs that fit.
    """

    def __init__(self, paragraphs, vocab, max_len, rng):
        super().__init__(paragraphs, vocab, max_len, rng)
        self.number = len(paragraphs)

    def __len__(self):
        return self.number


class NumberOfParagraphs__rewrite(_Again):
    def __init__(self, paragraphs, vocab, max_len, rng):
        super().__init__(paragraphs, vocab, max_len, rng)
        self.paragraphs = [None for _ in paragraphs]

    def __len__(self):
        return sum(1 for _ in self.paragraphs)


class Shuffled(_Right):
    """The examples are shuffled.

    They stand in the order of the text. Shuffling is the loader's work, anew in every epoch.
    """

    def pairs(self, paragraphs):
        pairs = super().pairs(paragraphs)
        self.rng.shuffle(pairs)
        return pairs


class Shuffled__rewrite(_Again):
    def __init__(self, paragraphs, vocab, max_len, rng):
        super().__init__(paragraphs, vocab, max_len, rng)
        self.examples = rng.sample(self.examples, len(self.examples))


class Dictionaries(_Right):
    """An example is a dictionary.

    It is a tuple of seven tensors, which a loop can unpack.
    """

    def __getitem__(self, index):
        names = ("tokens", "segments", "valid_len", "positions", "weights", "labels", "is_next")
        return dict(zip(names, super().__getitem__(index), strict=True))


class Dictionaries__rewrite(_Again):
    def __getitem__(self, index):
        return {str(place): part for place, part in enumerate(super().__getitem__(index))}


class RoundAndRound(_Right):
    """Behind the last example comes the first one again.

    A for loop over the data set would never end. Let the list raise its IndexError.
    """

    def __getitem__(self, index):
        return super().__getitem__(index % len(self))


class RoundAndRound__rewrite(_Again):
    def __getitem__(self, index):
        while index >= len(self):
            index -= len(self)
        return super().__getitem__(index)


class NoDataset:
    """The class is no `torch.utils.data.Dataset`.

    A loader takes anything with a length and an index, but what is meant to be a data set says so: inherit from it.
    """

    def __init__(self, paragraphs, vocab, max_len, rng):
        self.data = _Right(paragraphs, vocab, max_len, rng)

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        return self.data[index]


class NoDataset__rewrite:
    def __init__(self, paragraphs, vocab, max_len, rng):
        self.examples = _Again(paragraphs, vocab, max_len, rng).examples

    def __len__(self):
        return len(self.examples)

    def __getitem__(self, index):
        return self.examples[index]


class GlobalGenerator(_Right):
    """Python's global generator is used, not rng.

    The same seed then does not give the same data set. Hand rng on.
    """

    def __init__(self, paragraphs, vocab, max_len, rng):
        super().__init__(paragraphs, vocab, max_len, random)


class GlobalGenerator__rewrite(_Again):
    def __init__(self, paragraphs, vocab, max_len, rng):
        super().__init__(paragraphs, vocab, max_len, random._inst)


class NegativeMayBeTrue(_Right):
    """A pair that is said to be false may hold the true next sentence.

    In a small text that happens often. Your `nsp_pairs` calls `next_sentence`, which rules it out.
    """

    def pairs(self, paragraphs):
        found = []
        for tokens, segments, is_next in super().pairs(paragraphs):
            found.append((tokens, segments, is_next and self.rng.random() < 0.5))
        return found


class NegativeMayBeTrue__rewrite(_Again):
    def __init__(self, paragraphs, vocab, max_len, rng):
        super().__init__(paragraphs, vocab, max_len, rng)
        for example in self.examples:
            example[6].mul_(rng.randrange(2))


class FixedSeed(_Right):
    """A generator with a fixed seed is used, not rng.

    Then every data set has the same masks, whatever the caller asks for. Hand rng on.
    """

    def __init__(self, paragraphs, vocab, max_len, rng):
        super().__init__(paragraphs, vocab, max_len, random.Random(1))


class FixedSeed__rewrite(_Again):
    def __init__(self, paragraphs, vocab, max_len, rng):
        own = random.Random()
        own.seed(42)
        super().__init__(paragraphs, vocab, max_len, own)


class OwnParagraph(_Right):
    """False partners come from the same paragraph only.

    The text to draw from is all of it: hand all paragraphs on.
    """

    def pairs(self, paragraphs):
        return [pair for p in paragraphs for pair in _pairs(p, [p], self.max_len, self.rng)]


class OwnParagraph__rewrite(_Again):
    def __init__(self, paragraphs, vocab, max_len, rng):
        self.examples = []
        for paragraph in paragraphs:
            self.examples += _Again([paragraph], vocab, max_len, rng).examples if len(paragraph) > 1 else []


class OnlyMasks(_Right):
    """Every predicted word is covered by "<mask>".

    One in ten stays, and one in ten becomes another word: take the ids as `mlm_example` gives them.
    """

    def mask(self, tokens):
        ids, positions, labels = super().mask(tokens)
        for position in positions:
            ids[position] = self.vocab["<mask>"]
        return ids, positions, labels


class OnlyMasks__rewrite(_Again):
    def __init__(self, paragraphs, vocab, max_len, rng):
        super().__init__(paragraphs, vocab, max_len, rng)
        for example in self.examples:
            example[0][example[3][: int(example[4].sum())]] = vocab["<mask>"]
