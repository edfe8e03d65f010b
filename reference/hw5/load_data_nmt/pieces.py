"""Two correct ways of loading that oracle, variants and mistakes build on."""

import random
import re

import torch
from torch.utils.data import DataLoader, TensorDataset

RESERVED = ["<pad>", "<bos>", "<eos>"]


def clean(text):
    return re.sub(r"(?<=\S)([,.!?])", r" \1", text.replace("\u202f", " ").replace("\xa0", " ").lower())


def cut(text, num_examples=None):
    pairs = []
    for line in text.split("\n"):
        sides = [[token for token in side.split(" ") if token] for side in line.split("\t")]
        if len(sides) == 2 and all(sides):
            pairs.append(sides)
    pairs = pairs[:num_examples]
    return [source for source, _ in pairs], [target for _, target in pairs]


def table(lines, vocab, num_steps):
    rows = [vocab[line] + [vocab["<eos>"]] for line in lines]
    padded = [(row + [vocab["<pad>"]] * num_steps)[:num_steps] for row in rows]
    return torch.tensor(padded), torch.tensor([min(len(row), num_steps) for row in rows])


def two_vocabs(Vocab, lines):
    return [Vocab(side, min_freq=2, reserved_tokens=RESERVED) for side in lines]


def load(
    text,
    Vocab,
    batch_size,
    num_steps,
    num_examples=600,
    *,
    prepare=clean,
    vocabs=two_vocabs,
    number=lambda num_examples: num_examples,
    arrays=lambda source, target: (*source, *target),
    batches=lambda arrays, size: DataLoader(TensorDataset(*arrays), size, shuffle=True),
    answer=lambda data, source, target: (data, source, target),
):
    """Right as it stands; a mistake gives another part."""
    lines = cut(prepare(text), number(num_examples))
    source, target = vocabs(Vocab, lines)
    made = arrays(table(lines[0], source, num_steps), table(lines[1], target, num_steps))
    return answer(batches(made, batch_size), source, target)


class Again:
    """Minibatches without a loader: a permutation of the rows in every pass."""

    def __init__(self, arrays, size, wrong=""):
        self.arrays, self.size, self.wrong = arrays, size, wrong

    def __iter__(self):
        number = len(self.arrays[0])
        order = list(range(number))
        if self.wrong != "in order":
            random.shuffle(order)
        for start in range(0, number, self.size):
            rows = order[start : start + self.size]
            if self.wrong == "dropped" and len(rows) < self.size:
                return
            yield tuple(part[rows] for part in self.arrays)
