"""Correct earlier exercises, and a data set of them that the mistakes change."""

import itertools

import torch

SPECIAL = ("<unk>", "<pad>", "<mask>", "<cls>", "<sep>")


def pairs(paragraph, paragraphs, max_len, rng):
    found = []
    for first, second in itertools.pairwise(paragraph):
        is_next = rng.random() < 0.5
        if not is_next:
            second = rng.choice([s for p in paragraphs for s in p if s != second])
        tokens = ["<cls>", *first, "<sep>", *second, "<sep>"]
        if len(tokens) <= max_len:
            found.append((tokens, [0] * (len(first) + 2) + [1] * (len(second) + 1), is_next))
    return found


def masked(tokens, vocab, rng):
    inside = [i for i, token in enumerate(tokens) if token not in ("<cls>", "<sep>")]
    positions = sorted(rng.sample(inside, min(len(inside), max(1, round(0.15 * len(tokens))))))
    words, new = [word for word in vocab.idx_to_token if word not in SPECIAL], list(tokens)
    for position in positions:
        chance = rng.random()
        if chance < 0.9:
            new[position] = "<mask>" if chance < 0.8 else rng.choice(words)
    return vocab[new], positions, vocab[[tokens[position] for position in positions]]


def padded(examples, max_len, vocab):
    columns, most = tuple([] for _ in range(7)), round(max_len * 0.15)
    for ids, positions, labels, segments, is_next in examples:
        row = [
            torch.tensor(ids + [vocab["<pad>"]] * (max_len - len(ids)), dtype=torch.long),
            torch.tensor(segments + [0] * (max_len - len(ids)), dtype=torch.long),
            torch.tensor(float(len(ids))),
            torch.tensor(positions + [0] * (most - len(positions)), dtype=torch.long),
            (torch.arange(most) < len(positions)).float(),
            torch.tensor(labels + [0] * (most - len(labels)), dtype=torch.long),
            torch.tensor(int(is_next)),
        ]
        for column, tensor in zip(columns, row, strict=True):
            column.append(tensor)
    return columns


class Right(torch.utils.data.Dataset):
    def __init__(self, paragraphs, vocab, max_len, rng):
        self.vocab, self.max_len, self.rng = vocab, max_len, rng
        self.columns = padded([self.example(*pair) for pair in self.pairs(paragraphs)], max_len, vocab)

    def pairs(self, paragraphs):
        return [pair for p in paragraphs for pair in pairs(p, paragraphs, self.max_len, self.rng)]

    def mask(self, tokens):
        return masked(tokens, self.vocab, self.rng)

    def example(self, tokens, segments, is_next):
        return (*self.mask(tokens), segments, is_next)

    def __len__(self):
        return len(self.columns[0])

    def __getitem__(self, index):
        return tuple(column[index] for column in self.columns)
