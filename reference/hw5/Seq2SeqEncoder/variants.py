"""Other correct Seq2SeqEncoder."""

import torch
from torch import nn


class StepByStep(nn.Module):
    """A call of the GRU for each step, with the state carried along."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size, num_hiddens, num_layers, dropout=dropout)

    def forward(self, X, valid_lens=None):
        state, outputs = None, []
        for ids in X.unbind(1):
            output, state = self.rnn(self.embedding(ids).unsqueeze(0), state)
            outputs.append(output)
        return torch.cat(outputs, 0), state


class WithZeros(nn.Module):
    """The notes' way, with the state of zeros written out."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0, **kwargs):
        super().__init__(**kwargs)
        self.rnn = nn.GRU(input_size=embed_size, hidden_size=num_hiddens, num_layers=num_layers, dropout=dropout)
        self.embedding = nn.Embedding(vocab_size, embed_size)

    def forward(self, X, *args):
        X = self.embedding(X).permute(1, 0, 2)
        zeros = X.new_zeros(self.rnn.num_layers, X.shape[1], self.rnn.hidden_size)
        output, state = self.rnn(X, zeros)
        return output, state


class RunBatchFirst(nn.Module):
    """The batch stays first until the end."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size, num_hiddens, num_layers, dropout=dropout, batch_first=True)

    def forward(self, X, *_):
        output, state = self.rnn(self.embedding(X))
        return torch.stack([output[:, t] for t in range(X.size(1))]), state
