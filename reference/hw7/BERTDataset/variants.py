"""Other correct data sets."""

import torch
from parts import masked as _masked
from parts import padded as _padded
from parts import pairs as _pairs


class AsTheNotes(torch.utils.data.Dataset):
    """As the notes write it, an attribute for each list."""

    def __init__(self, paragraphs, vocab, max_len, rng):
        examples = []
        for paragraph in paragraphs:
            examples.extend(_pairs(paragraph, paragraphs, max_len, rng))
        examples = [(*_masked(tokens, vocab, rng), segments, is_next) for tokens, segments, is_next in examples]
        (
            self.all_token_ids,
            self.all_segments,
            self.valid_lens,
            self.all_pred_positions,
            self.all_mlm_weights,
            self.all_mlm_labels,
            self.nsp_labels,
        ) = _padded(examples, max_len, vocab)

    def __getitem__(self, idx):
        return (
            self.all_token_ids[idx],
            self.all_segments[idx],
            self.valid_lens[idx],
            self.all_pred_positions[idx],
            self.all_mlm_weights[idx],
            self.all_mlm_labels[idx],
            self.nsp_labels[idx],
        )

    def __len__(self):
        return len(self.all_token_ids)


class PaddedOneByOne(torch.utils.data.Dataset):
    """Random things are kept as lists, and an example is padded when it is asked for."""

    def __init__(self, paragraphs, vocab, max_len, rng):
        self.vocab, self.max_len = vocab, max_len
        self.examples = []
        for paragraph in paragraphs:
            for tokens, segments, is_next in _pairs(paragraph, paragraphs, max_len, rng):
                self.examples.append((*_masked(tokens, vocab, rng), segments, is_next))

    def __len__(self):
        return len(self.examples)

    def __getitem__(self, index):
        columns = _padded([self.examples[index]], self.max_len, self.vocab)
        return tuple(column[0] for column in columns)
