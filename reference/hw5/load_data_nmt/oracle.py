"""load_data_nmt with the steps before it written out, and batches of a data set's rows."""

from pieces import clean as _clean
from pieces import cut as _cut
from pieces import table as _table
from torch.utils.data import BatchSampler, DataLoader, RandomSampler, TensorDataset


def load_data_nmt(text, Vocab, batch_size, num_steps, num_examples=600):
    lines = _cut(_clean(text))
    lines = [side[:num_examples] for side in lines]
    src_vocab, tgt_vocab = (Vocab(side, 2, ["<pad>", "<bos>", "<eos>"]) for side in lines)
    sides = zip(lines, (src_vocab, tgt_vocab), strict=True)
    data = TensorDataset(*(part for side, vocab in sides for part in _table(side, vocab, num_steps)))
    sampler = BatchSampler(RandomSampler(data), batch_size, drop_last=False)
    return DataLoader(data, batch_sampler=sampler), src_vocab, tgt_vocab
