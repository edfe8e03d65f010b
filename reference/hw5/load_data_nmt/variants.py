"""Other correct load_data_nmt."""

import torch
from pieces import Again as _Again
from pieces import clean as _clean
from pieces import cut as _cut
from pieces import table as _table


def without_a_loader(text, Vocab, batch_size, num_steps, num_examples=600):
    source, target = _cut(_clean(text), num_examples)
    reserved = ["<pad>", "<bos>", "<eos>"]
    src_vocab = Vocab(source, min_freq=2, reserved_tokens=reserved)
    tgt_vocab = Vocab(target, min_freq=2, reserved_tokens=reserved)
    arrays = *_table(source, src_vocab, num_steps), *_table(target, tgt_vocab, num_steps)
    return _Again(arrays, batch_size), src_vocab, tgt_vocab


def by_samples(text, Vocab, batch_size, num_steps, num_examples=600):
    """The data set is a list of pairs."""
    source, target = _cut(_clean(text), num_examples)
    vocabs = [Vocab(lines, min_freq=2, reserved_tokens=["<pad>", "<bos>", "<eos>"]) for lines in (source, target)]
    (X, X_len), (Y, Y_len) = _table(source, vocabs[0], num_steps), _table(target, vocabs[1], num_steps)
    samples = list(zip(X, X_len, Y, Y_len, strict=True))
    return [torch.utils.data.DataLoader(samples, batch_size=batch_size, shuffle=True), *vocabs]
