"""Seq2SeqDecoder, one step after another, with a GRU that takes the batch first."""

import torch
from torch import nn


class Seq2SeqDecoder(nn.Module):
    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size + num_hiddens, num_hiddens, num_layers, batch_first=True, dropout=dropout)
        self.dense = nn.Linear(num_hiddens, vocab_size)

    def init_state(self, enc_outputs, *args):
        return enc_outputs[1][-1], enc_outputs[1]

    def forward(self, X, state):
        context, hidden = state
        scores = []
        for t in range(X.shape[1]):
            inputs = torch.cat((self.embedding(X[:, t]), context), dim=1)
            output, hidden = self.rnn(inputs.unsqueeze(1), hidden)
            scores.append(self.dense(output))
        return torch.cat(scores, dim=1), (context, hidden)
