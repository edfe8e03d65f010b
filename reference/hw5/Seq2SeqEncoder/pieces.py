"""Two correct encoders that mistakes build on: `Right` by methods, `Again` in another style."""

import torch
import torch.nn.functional as F
from torch import nn


class Right(nn.Module):
    """A correct module, of which each mistake changes one step."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = self.network(embed_size, num_hiddens, num_layers, dropout)
        self.dropout = dropout

    def network(self, inputs, hiddens, layers, dropout):
        return nn.GRU(inputs, hiddens, layers, dropout=dropout)

    def embed(self, X):
        return self.embedding(X)

    def steps_first(self, embedded):
        return embedded.permute(1, 0, 2)

    def run(self, inputs, *args):
        return self.rnn(inputs)

    def answer(self, output, state):
        return output, state

    def forward(self, X, *args):
        return self.answer(*self.run(self.steps_first(self.embed(X)), *args))


class Again(nn.Module):
    """The same with functions, the ids transposed before they are embedded, and a state of zeros that is made here."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        nn.Module.__init__(self)
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size, num_hiddens, num_layers, dropout=self.rate(dropout))
        self.sizes = num_layers, num_hiddens
        self.p = dropout

    def rate(self, dropout):
        return dropout

    def look_up(self, ids):
        return F.embedding(ids, self.embedding.weight)

    def start(self, count, like):
        layers, hiddens = self.sizes
        return torch.zeros(layers, count, hiddens, dtype=like.dtype, device=like.device)

    def finish(self, both):
        return both

    def forward(self, X, *args):
        inputs = self.look_up(X.T)
        return self.finish(self.rnn(inputs, self.start(len(X), inputs)))
