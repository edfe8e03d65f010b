"""BERTDataset that keeps a tuple for each example."""

import torch
from parts import masked, padded, pairs


class BERTDataset(torch.utils.data.Dataset):
    def __init__(self, paragraphs, vocab, max_len, rng):
        inputs = [one for paragraph in paragraphs for one in pairs(paragraph, paragraphs, max_len, rng)]
        examples = [(*masked(tokens, vocab, rng), segments, is_next) for tokens, segments, is_next in inputs]
        self.examples = list(zip(*padded(examples, max_len, vocab), strict=True))

    def __len__(self):
        return len(self.examples)

    def __getitem__(self, index):
        return self.examples[index]
