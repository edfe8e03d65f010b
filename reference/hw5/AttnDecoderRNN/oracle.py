"""AttnDecoderRNN with the attention of one sentence after another, over what is valid of it."""

import torch
from torch import nn


class AttnDecoderRNN(nn.Module):
    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.W_q, self.W_k = (nn.Linear(num_hiddens, num_hiddens, bias=False) for _ in range(2))
        self.w_v = nn.Linear(num_hiddens, 1, bias=False)
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(num_hiddens + embed_size, num_hiddens, num_layers, batch_first=True, dropout=dropout)
        self.dense = nn.Linear(num_hiddens, vocab_size)

    def init_state(self, enc_outputs, enc_valid_lens=None):
        return enc_outputs[0].movedim(1, 0), enc_outputs[1], enc_valid_lens

    def look(self, query, outputs, length):
        scores = self.w_v(torch.tanh(self.W_q(query) + self.W_k(outputs[:length])))[:, 0]
        weights = scores.softmax(0)
        return weights @ outputs[:length], nn.functional.pad(weights, (0, len(outputs) - length))

    def forward(self, X, state):
        outputs, hidden, lengths = state
        ends = [outputs.shape[1]] * len(X) if lengths is None else [int(length) for length in lengths]
        scores, seen = [], []
        for t in range(X.shape[1]):
            looks = [self.look(*one) for one in zip(hidden[-1], outputs, ends, strict=True)]
            context, weights = (torch.stack(part) for part in zip(*looks, strict=True))
            inputs = torch.cat((context, self.embedding(X[:, t])), dim=1)
            output, hidden = self.rnn(inputs.unsqueeze(1), hidden)
            scores.append(self.dense(output))
            seen.append(weights)
        self.attention_weights = torch.stack(seen, dim=1)
        return torch.cat(scores, dim=1), (outputs, hidden, lengths)
