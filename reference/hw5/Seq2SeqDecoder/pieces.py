"""Two correct decoders that mistakes build on: `Right` by methods, `Again` in another style."""

import torch
import torch.nn.functional as F
from torch import nn


class Right(nn.Module):
    """A correct module, of which each mistake changes one step."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = self.network(embed_size + num_hiddens, num_hiddens, num_layers, dropout)
        self.dense = nn.Linear(num_hiddens, vocab_size)
        self.dropout = dropout

    def network(self, inputs, hiddens, layers, dropout):
        return nn.GRU(inputs, hiddens, layers, dropout=dropout)

    def init_state(self, enc_outputs, *args):
        return self.context_of(enc_outputs), enc_outputs[1]

    def context_of(self, enc_outputs):
        return enc_outputs[1][-1]

    def embed(self, X):
        return self.embedding(X)

    def context(self, context, hidden, steps):
        return context.repeat(steps, 1, 1)

    def together(self, embedded, context):
        return torch.cat((embedded, context), 2)

    def run(self, inputs, hidden):
        return self.rnn(inputs, hidden)

    def scores(self, output):
        return self.dense(output)

    def batch_first(self, scores):
        return scores.permute(1, 0, 2)

    def new(self, context, before, after):
        return context, after

    def forward(self, X, state):
        context, before = state
        embedded = self.embed(X).permute(1, 0, 2)
        output, after = self.run(self.together(embedded, self.context(context, before, len(embedded))), before)
        return self.batch_first(self.scores(output)), self.new(context, before, after)


class Again(nn.Module):
    """The same with functions and a list for a state, the ids transposed before they are embedded."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        nn.Module.__init__(self)
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(num_hiddens + embed_size, num_hiddens, num_layers, dropout=self.rate(dropout))
        self.dense = nn.Linear(num_hiddens, vocab_size)
        self.p = dropout

    def rate(self, dropout):
        return dropout

    def init_state(self, enc_outputs, *args):
        output, hidden = enc_outputs
        return [output[-1], hidden]

    def look_up(self, ids):
        return F.embedding(ids, self.embedding.weight)

    def beside(self, state, words):
        return state[0].unsqueeze(0).expand(words.shape[0], *state[0].shape)

    def joined(self, words, beside):
        return torch.dstack((words, beside))

    def dense_of(self, output):
        return F.linear(output, self.dense.weight, self.dense.bias)

    def turned(self, scores):
        return scores.swapaxes(0, 1)

    def forward(self, X, state):
        words = self.look_up(X.T)
        output, hidden = self.rnn(self.joined(words, self.beside(state, words)), state[1])
        return self.turned(self.dense_of(output)), [state[0], hidden]
