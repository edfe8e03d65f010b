"""Seq2SeqEncoder with a GRU that takes the batch first."""

from torch import nn


class Seq2SeqEncoder(nn.Module):
    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size, num_hiddens, num_layers, batch_first=True, dropout=dropout)

    def forward(self, X, *args):
        output, state = self.rnn(self.embedding(X))
        return output.movedim(1, 0), state
